"""Where the five kinds of service go, and who hears of a nomination that nobody decides on."""

from linli import Facts, Seat, Subject
from linli.deadlines import Late, Step, again_in, rung_now
from linli.dispatch.catalogue import Route
from linli.dispatch.impartial import kept_from
from linli_stewards.settings import Rung, StewardSettings
from linli_stewards.stewardship import SECRETARY, STEWARD, branch_of


def to_steward(subject: Subject, service: str, facts: Facts) -> Route | None:
    """The unit's own steward, else its building's, else the body that stands in.

    None for other services, for what is urgent where there is no steward (that is the duty rota's), and
    where it would reach whom it complains about.
    """
    if service not in facts.settings(StewardSettings).services.codes:
        return None
    wanted = Seat(role=STEWARD, at=subject.place)
    if kept_from(subject.record.about, wanted, subject.place, facts):
        return None
    for seat in facts.seats(wanted, subject.place):
        if seat.role == STEWARD:
            return Route(seat=seat, rule="steward")
        if not subject.record.urgent:
            return Route(seat=seat, rule="stands in for: steward")
    return None


def next_rung(late: Late, facts: Facts) -> Step | None:
    """The next of the district's ladder that there is at the place."""
    settings = facts.settings(StewardSettings)
    rungs = [(rung, seat) for rung in settings.ladder if (seat := _seat(rung, late.subject, facts))]
    return rung_now(late, rungs, again_in(settings.ladder_again, late, facts))


def _seat(rung: Rung, subject: Subject, facts: Facts) -> Seat | None:
    if rung == "branch":
        body = branch_of(subject.place, facts)
        return Seat(role=SECRETARY, at=body.id) if body else None
    place = facts.place(subject.place).path[0] if rung == "district" else facts.above(subject.place, "street")
    return Seat(role="officer", at=place) if place else None
