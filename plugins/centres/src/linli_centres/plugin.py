"""The plugin: what it brings, and the hooks it answers."""

from linli import Manifest, PostRule, hookimpl
from linli_centres.bookings import BookingFlow
from linli_centres.centres import CentreFlow
from linli_centres.figures import FIGURES
from linli_centres.settings import CentresSettings
from linli_centres.tables import TABLES

POSTS = (PostRule(role="centre_keeper", given_by=("branch_secretary", "officer")),)


@hookimpl
def describe() -> Manifest:
    """What the plugin brings."""
    return Manifest(
        name="centres",
        reports="linli_centres.reports",
        posts=POSTS,
        settings=CentresSettings,
        workflows=(CentreFlow, BookingFlow),
        figures=FIGURES,
        tables=TABLES,
        migrations="linli_centres.migrations",
        after="core:0001",
    )
