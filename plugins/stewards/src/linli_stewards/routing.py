"""Where the five kinds of service go."""

from linli import Facts, Seat, StoredSubject, query
from linli.hooks import Route, kept_from
from linli_stewards.settings import StewardSettings
from linli_stewards.stewardship import STEWARD


def to_steward(subject: StoredSubject, service: str, facts: Facts) -> Route | None:
    """The unit's own steward, else its building's, else the body that stands in.

    None for other services, for what is urgent where there is no steward (that is the duty rota's), and
    where it would reach whom it complains about.
    """
    if service not in facts.settings(StewardSettings).services.codes:
        return None
    wanted = Seat(role=STEWARD, at=subject.place)
    if kept_from(subject.record.about, wanted, subject.place, facts):
        return None
    for seat in facts.get(query.seats(wanted, subject.place)):
        if seat.role == STEWARD:
            return Route(seat=seat, rule="steward")
        if not subject.record.urgent:
            return Route(seat=seat, rule="stands in for: steward")
    return None
