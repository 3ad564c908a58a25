"""Finding the seat that does something: the nearest by, in bodies too, whoever stands in, never whom it is about."""

from collections.abc import Iterator
from uuid import UUID

from linli import Facts, Seat, StoredSubject, query
from linli.hooks import DispatchSettings, Route, kept_from


def nearest(
    role: str, place: UUID, facts: Facts, *, about: UUID | None = None, tier: str = ""
) -> Seat | None:
    """The seat of a role that somebody has, from the place upwards; else who stands in for its body.

    Args:
        about: whom it is kept from.
        tier: only at places of this kind; nobody stands in there.
    """
    for seat in _upwards(role, place, facts, tier):
        if _free(seat, place, facts, about):
            return seat
    return None if tier else _standing_in(role, place, facts, about)


def _upwards(role: str, place: UUID, facts: Facts, tier: str) -> Iterator[Seat]:
    for at in reversed(facts.get(query.place(place)).path):
        if tier in ("", facts.get(query.place(at)).kind):
            yield Seat(role=role, at=at)
            yield from (Seat(role=role, at=body.id) for body in facts.get(query.bodies_at(at)))


def _standing_in(role: str, place: UUID, facts: Facts, about: UUID | None) -> Seat | None:
    kind = facts.settings(DispatchSettings).bodies.get(role)
    body = facts.get(query.body(kind, place)) if kind else None
    if body is None or body.stands_in_for is None:
        return None
    seat = Seat(role=None, at=body.id)
    return seat if _free(seat, place, facts, about) else None


def _free(seat: Seat, place: UUID, facts: Facts, about: UUID | None) -> bool:
    return held(seat, facts) and not kept_from(about, seat, place, facts)


def held(seat: Seat, facts: Facts) -> bool:
    """Whether somebody has the seat."""
    return facts.get(query.who_has(seat)) != {seat.at}


def by_role(role: str, subject: StoredSubject, facts: Facts) -> Route | None:
    """Where a request's task goes by the role that its service names; None where nobody is found."""
    seat = nearest(role, subject.place, facts, about=subject.record.about)
    if seat is None:
        return None
    return Route(seat=seat, rule=f"role: {role}" if seat.role else f"stands in for: {role}")


def held_by(person: UUID, seat: Seat, place: UUID, facts: Facts) -> bool:
    """Whether somebody has a seat, or stands in for whoever would."""
    seats = facts.get(query.seats(seat, place))
    return any(one.is_had_by(post) for post in facts.get(query.posts(person)) for one in seats)
