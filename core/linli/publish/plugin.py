"""The built-in plugin of publication."""

from linli.figures import Figure, once
from linli.hookspecs import hookimpl
from linli.manifest import Manifest, Purpose
from linli.publish.records import PublishSettings
from linli.publish.workflow import PublicationFlow

PURPOSES = (
    Purpose("publish_contact", label="contact shown in a publication"),
    Purpose("publish_name", label="name shown in a publication"),
)


@hookimpl
def describe() -> Manifest:
    """What publication brings."""
    return Manifest(
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
