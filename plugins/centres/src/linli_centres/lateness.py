"""Who hears, one after the other, of a booking that nobody decides on or reports."""

from linli import Facts, Seat, Subject
from linli.deadlines import Late, Step, again_in, rung_now
from linli_centres.settings import CentresSettings, Rung


def next_rung(late: Late, facts: Facts) -> Step | None:
    """The next of the district's ladder that there is at the place."""
    settings = facts.settings(CentresSettings)
    rungs = [(rung, seat) for rung in settings.ladder if (seat := _seat(rung, late.subject, facts))]
    return rung_now(late, rungs, again_in(settings.ladder_again, late, facts))


def _seat(rung: Rung, subject: Subject, facts: Facts) -> Seat | None:
    if rung == "centre":
        return Seat(role="centre_keeper", at=subject.place)
    if rung == "district":
        return Seat(role="officer", at=facts.place(subject.place).path[0])
    street = facts.above(subject.place, "street")
    return Seat(role="officer", at=street) if street else None
