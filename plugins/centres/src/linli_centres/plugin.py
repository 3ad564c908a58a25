"""The plugin: what it brings, and the hooks it answers."""

from collections.abc import Iterable

from linli import Facts, Manifest, PostRule, Seat, Subject, hookimpl
from linli.deadlines import Late, Step, again_in, rung_now
from linli.errors import Problem
from linli_centres.bookings import BookingFlow
from linli_centres.centres import CentreFlow
from linli_centres.checking import contradictions
from linli_centres.figures import FIGURES
from linli_centres.settings import CentresSettings, Rung
from linli_centres.tables import TABLES

POSTS = (PostRule(role="centre_keeper", given_by=("branch_secretary", "officer")),)


@hookimpl
def describe() -> Manifest:
    """What the plugin brings."""
    return Manifest(
        name="centres",
        posts=POSTS,
        settings=CentresSettings,
        workflows=(CentreFlow, BookingFlow),
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
    if late.subject.kind != BookingFlow.name:
        return None
    settings = facts.settings(CentresSettings)
    rungs = [(rung, seat) for rung in settings.ladder if (seat := _seat(rung, late.subject, facts))]
    return rung_now(late, rungs, again_in(settings.ladder_again, late, facts))


def _seat(rung: Rung, subject: Subject, facts: Facts) -> Seat | None:
    """The seat of a rung; None where there is none at the place."""
    if rung == "centre":
        return Seat(role="centre_keeper", at=subject.place)
    if rung == "district":
        return Seat(role="officer", at=facts.place(subject.place).path[0])
    street = facts.above(subject.place, "street")
    return Seat(role="officer", at=street) if street else None
