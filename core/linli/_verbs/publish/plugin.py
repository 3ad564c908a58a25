"""The built-in plugin of publication."""

from linli._hooks.plugin import Plugin
from linli._model.figures import Figure, once
from linli._verbs.publish.records import PublishSettings
from linli._verbs.publish.workflow import PublicationFlow

# What people can consent to have published, by purpose.
WORDS = {
    "publish_contact": "contact shown in a publication",
    "publish_name": "name shown in a publication",
}


PLUGIN = Plugin(
    name="publish",
    settings=PublishSettings,
    workflows=(PublicationFlow,),
    consents=WORDS,
    figures=(
        Figure(
            name="publications.published",
            help="publications that went out in the period",
            label="published",
            on={"publication.publish": once},
        ),
    ),
)
