"""The plugin: what it brings, and the hooks it answers."""

from linli import Plugin, PostRule
from linli_centres.bookings import BookingFlow
from linli_centres.centres import CentreFlow
from linli_centres.figures import FIGURES
from linli_centres.settings import CentresSettings
from linli_centres.tables import TABLES

POSTS = (PostRule(role="centre_keeper", given_by=("branch_secretary", "officer")),)


PLUGIN = Plugin(
    name="centres",
    post_rules=POSTS,
    reports="linli_centres.reports",
    settings=CentresSettings,
    workflows=(CentreFlow, BookingFlow),
    figures=FIGURES,
    tables=TABLES,
    migrations="linli_centres.migrations",
    migrates_after="core:0001",
)
