"""The duty rota (值班表): who is on duty when at which place, and what is urgent sent to them at once.

A task belongs to a seat, not to a person: the rota says who of those that have the seat is expected
to go, and only they make it a seat that is on duty.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import attrs
from sqlalchemy import Integer, bindparam, delete, select

from linli import Facts, Seat, StoredSubject, Write, query
from linli.hooks import DispatchSettings, Route, kept_from
from linli.query import Row, Rows, insert_into, own_query, write_statement
from linli_three_lists.seats import nearest
from linli_three_lists.tables import SHIFT

_s = SHIFT.c
_COLUMNS = (_s.id, _s.place, _s.person, _s.role, _s.at, _s.since, _s.until)
_here = _s.district == bindparam("district")
_INSERT = insert_into(SHIFT)
_DELETE = write_statement(
    delete(SHIFT).where(_s.district == bindparam("the_district"), _s.id == bindparam("the_id")),
    rank=31,
    name="delete shift",
)
_FORGET = write_statement(
    delete(SHIFT).where(_s.district == bindparam("the_district"), _s.person == bindparam("the_person")),
    rank=32,
    name="forget shifts",
)
WORDS = ("three_lists", "on duty", "nobody is on duty", "nobody is nearer by")
"""What the rules of the rota are put together from, for the catalogue."""


@attrs.frozen(kw_only=True)
class Shift:
    """Somebody's turn on the rota.

    Attributes:
        place: what they look after: this place and all below it.
        seat: their post, which what is urgent goes to.
        until: the first moment at which they are not on duty any more.
    """

    id: UUID
    place: UUID
    person: UUID
    seat: Seat
    since: datetime
    until: datetime


def _shift(row: Row) -> Shift:
    ident, place, person, role, at, since, until = row
    return Shift(id=ident, place=place, person=person, seat=Seat(role=role, at=at), since=since, until=until)


@own_query(
    select(*_COLUMNS)
    .where(
        _here,
        _s.place == bindparam("place"),
        _s.since <= bindparam("moment"),
        _s.until > bindparam("moment"),
    )
    .order_by(_s.since, _s.id)
)
def shifts_on(rows: Rows, place: UUID, moment: datetime) -> list[Shift]:
    """Who is on duty at exactly this place at a moment."""
    return [_shift(row) for row in rows]


@own_query(
    select(_s.id).where(
        _here,
        _s.person == bindparam("person"),
        _s.place == bindparam("place"),
        _s.since < bindparam("before"),
        _s.until > bindparam("after"),
    )
)
def overlapping(rows: Rows, person: UUID, place: UUID, after: datetime, before: datetime) -> bool:
    """Whether somebody is on duty somewhere in some time."""
    return bool(rows)


@own_query(select(*_COLUMNS).where(_here, _s.id == bindparam("ident")))
def shift_of(rows: Rows, ident: UUID) -> Shift | None:
    """A shift by its number; None where it is not on the rota."""
    return next((_shift(row) for row in rows), None)


_later = (
    select(*_COLUMNS)
    .where(_here, _s.until > bindparam("after"))
    .order_by(_s.since, _s.id)
    .limit(bindparam("most", type_=Integer))
)


@own_query(_later)
def shifts_after(rows: Rows, after: datetime, most: int) -> list[Shift]:
    """The shifts that end after a moment, the earliest first."""
    return [_shift(row) for row in rows]


@own_query(_later.where(_s.place == bindparam("place")))
def shifts_of(rows: Rows, place: UUID, after: datetime, most: int) -> list[Shift]:
    """Those of one place."""
    return [_shift(row) for row in rows]


def begun(district: str, shift: Shift) -> Write:
    """The write that puts a shift on the rota."""
    values = {
        "district": district, "id": shift.id, "place": shift.place, "person": shift.person,
        "role": shift.seat.role, "at": shift.seat.at, "since": shift.since, "until": shift.until,
    }  # fmt: skip
    return Write(_INSERT, values, shift.id.hex)


def taken_off(district: str, shift: UUID) -> Write:
    """The write that takes a shift off the rota."""
    return Write(_DELETE, {"the_district": district, "the_id": shift}, shift.hex)


def forgotten(district: str, person: UUID) -> Write:
    """The write after which the rota says nothing of a person."""
    return Write(_FORGET, {"the_district": district, "the_person": person}, person.hex)


def on_duty(place: UUID, facts: Facts) -> Iterable[Shift]:
    """Who is on duty at exactly this place now, and still has the post that they are on duty in."""
    for shift in facts.get(shifts_on(place, facts.at)):
        if shift.person in facts.get(query.who_has(shift.seat)):
            yield shift


def expected(subject: StoredSubject, facts: Facts) -> Shift | None:
    """Who is expected to see to what is urgent at a subject's place: the nearest by, nobody it is about."""
    for place in reversed(facts.get(query.place(subject.place)).path):
        for shift in on_duty(place, facts):
            if not kept_from(subject.record.about, shift.seat, subject.place, facts):
                return shift
    return None


def to_duty(subject: StoredSubject, facts: Facts) -> Route | None:
    """Where what is urgent goes, with what the rota had to say."""
    shift = expected(subject, facts)
    if shift is None:
        role = facts.settings(DispatchSettings).duty_role
        seat = nearest(role, subject.place, facts, about=subject.record.about)
        return Route(seat=seat, rule=f"nobody is on duty: role: {role}") if seat else None
    if shift.place == subject.place:
        return Route(seat=shift.seat, rule="on duty")
    kind = facts.get(query.place(shift.place)).kind
    return Route(seat=shift.seat, rule=f"on duty: {kind}: nobody is nearer by")
