"""The plugin: what it brings, and the hooks it answers."""

from collections.abc import Iterable

from linli import Facts, Manifest, PostRule, hookimpl
from linli.deadlines import Late, Step
from linli.errors import Problem
from linli_centres.bookings import BOOKING
from linli_centres.centres import CENTRE_FLOW
from linli_centres.checking import contradictions
from linli_centres.figures import FIGURES
from linli_centres.lateness import next_rung
from linli_centres.settings import CentresSettings
from linli_centres.tables import TABLES

POSTS = (PostRule(role="centre_keeper", given_by=("branch_secretary", "officer")),)


@hookimpl
def describe() -> Manifest:
    """What the plugin brings."""
    return Manifest(
        name="centres",
        posts=POSTS,
        settings=CentresSettings,
        workflows=(CENTRE_FLOW, BOOKING),
        figures=FIGURES,
        tables=TABLES,
        migrations="linli_centres.migrations",
        after="core:0001",
    )


@hookimpl
def settings_check(settings: CentresSettings) -> Iterable[Problem]:
    """What contradicts itself in the [centres] table."""
    return contradictions(settings)


@hookimpl
def ladder_next(late: Late, facts: Facts) -> Step | None:
    """Who hears of a late decision, and of a booking of which nobody says what became of it."""
    return next_rung(late, facts) if late.subject.kind == "hall_booking" else None
