"""The built-in plugin of publication."""

from linli._hooks.plugin import Plugin, Purpose
from linli._model.figures import Figure, once
from linli._verbs.publish.records import PublishSettings
from linli._verbs.publish.workflow import PublicationFlow

PURPOSES = (
    Purpose("publish_contact", label="contact shown in a publication"),
    Purpose("publish_name", label="name shown in a publication"),
)


PLUGIN = Plugin(
    name="publish",
    settings=PublishSettings,
    workflows=(PublicationFlow,),
    purposes=PURPOSES,
    figures=(
        Figure(
            name="publications.published",
            help="publications that went out in the period",
            label="published",
            on={"publication.publish": once},
        ),
    ),
)
