"""Questions about places, organisations, posts, people and accounts, as acts ask them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

import attrs
from sqlalchemy import ColumnElement, bindparam, or_, select

from linli._model import lookups
from linli._model.access import Post, Seat
from linli._model.inputs import BodyId, PersonId, PlaceId
from linli._model.locations import Location, location_from
from linli._model.lookups import ORGANISATION, PERSON, PLACE_COLUMNS, Body, Circle, Place, place_from
from linli._model.queries import Query, Rows, RowsQuery, given, names
from linli._query.own import path_of, standing
from linli._store import Read
from linli._store import tables as t

if TYPE_CHECKING:
    from linli._model.facts import Facts
    from linli._store.store import Question

T = TypeVar("T")

_p = t.place.c


@attrs.frozen
class _Known(Query[T]):
    """What `Facts` answer, by the name of the method: one place for what is asked in acts and by queries."""

    asked: str
    values: tuple[object, ...]

    def questions(self) -> "Sequence[Question]":
        read, *names = _FIRST.get(self.asked, (None,))
        # Of what is asked of a place, such as its body, the place comes last.
        values = self.values[-len(names) :]
        return [(read, dict(zip(names, values, strict=True)))] if read else []

    def answer(self, facts: "Facts") -> T:
        return cast(T, getattr(facts, self.asked)(*self.values))


# What each asks whatever the answer is, and by which names: it can come with other questions.
_FIRST: Mapping[str, tuple[Any, ...]] = {
    "balance": (lookups.BALANCE, "owner", "unit", "part"),
    "survivor": (lookups.ALIAS, "id"),
    "body_now": (lookups.ALIAS, "id"),
    **dict.fromkeys(("place", "goes_on", "body", "bodies_at"), (lookups.PLACE, "id")),
}


def balance(owner: UUID, unit: str, part: str = "free") -> Query[int]:
    """What an account has; 0 where it was never used. Args: part: "free", "held", "issued", "owed"."""
    return _Known("balance", (owner, unit, part))


def body(kind: str, place: UUID) -> Query[Body | None]:
    """The body of a kind for a place: its own, that of a place above, or who stands in for it."""
    return _Known("body", (kind, place))


def bodies_at(place: UUID) -> Query[tuple[Body, ...]]:
    """The organisations of exactly this place."""
    return _Known("bodies_at", (place,))


def organisation(ident: UUID) -> Query[Body | None]:
    """An organisation by its number, also one that has ended; None where there is none."""
    return RowsQuery(ORGANISATION, (("id", ident),), _organisation)


def _organisation(rows: Rows) -> Body | None:
    found = (Body(id=ident, kind=kind, name=name, place=place) for ident, kind, name, place in rows)
    return next(found, None)


def body_now(ident: UUID) -> Query[BodyId]:
    """An organisation; where it has ended, who came after it."""
    return _Known("body_now", (ident,))


def place(ident: UUID) -> Query[Place]:
    """A place; NotFound where there is none."""
    return _Known("place", (ident,))


def location(ident: UUID) -> Query[Location | None]:
    """Where a place is, with its outline and where both are from; None where nobody said."""
    return RowsQuery(_LOCATION, (("id", ident),), _location)


_LOCATION = Read(
    select(_p.latitude_e6, _p.longitude_e6, _p.outline, _p.coordinate_system, _p.coordinate_source).where(
        _p.district == bindparam("district"), _p.id == bindparam("id")
    )
)


def _location(rows: Rows) -> Location | None:
    return location_from(rows[0]) if rows else None


def places(
    *kinds: str, within: UUID | None = None, on: date | None = None, ended_too: bool = False
) -> Query[tuple[Place, ...]]:
    """The places of some kinds, each after the one that it lies in.

    Args:
        within: only this one and those below it.
        on: those that were there on this day; None: those that have not ended.
        ended_too: those that have ended too.
    """
    values = given(path=path_of(within) if within else None, day=on)
    return RowsQuery(_places_read(tuple(sorted(kinds)), names(values), ended_too), values, _placed)


def _placed(rows: Rows) -> tuple[Place, ...]:
    return tuple(map(place_from, rows))


@cache
def _places_read(kinds: tuple[str, ...], said: tuple[str, ...], ended_too: bool) -> Read:
    of_kinds = or_(*(_p.kind == kind for kind in kinds))
    wanted: Mapping[str, ColumnElement[bool]] = {"path": _p.path.like(bindparam("path"))}
    at_the_time = () if ended_too else standing(_p, "day" in said)
    there = (*at_the_time, *(wanted[name] for name in said if name in wanted))
    return Read(
        select(*PLACE_COLUMNS).where(_p.district == bindparam("district"), of_kinds, *there).order_by(_p.path)
    )


def place_now(ident: UUID) -> Query[PlaceId]:
    """The place; where it has ended, where what was there goes on."""
    return _Known("goes_on", (ident,))


def place_above(ident: UUID, kind: str) -> Query[PlaceId | None]:
    """The place of a kind that a place is in, or is; None where it is in none."""
    return _Known("above", (ident, kind))


def circle(place: UUID, since: datetime) -> Query[Circle]:
    """The homes of a place as it was when a matter was opened there; see `Facts.circle`."""
    return _Known("circle", (place, since))


def home(person: UUID) -> Query[PlaceId | None]:
    """Where somebody is at home, or where else they belong; None where nothing is known."""
    return _Known("home", (person,))


def posts(person: UUID) -> Query[tuple[Post, ...]]:
    """The posts that somebody has at this moment."""
    return _Known("posts", (person,))


def who_has(seat: Seat) -> Query[frozenset[UUID]]:
    """The people who have a seat now, and the place or organisation that it is at."""
    return _Known("who_has", (seat,))


def seats(seat: Seat, place: UUID) -> Query[tuple[Seat, ...]]:
    """Who holds what a seat holds now: the seat, its successor's, who stands in, the place above."""
    return _Known("seats", (seat, place))


def is_registered(person: UUID) -> Query[bool]:
    """Whether somebody is registered, also somebody who has died, moved away or been merged."""
    return RowsQuery(PERSON, (("id", person),), bool)


def survivor(ident: UUID) -> Query[UUID]:
    """A person, place or organisation, or what it was merged into."""
    return _Known("survivor", (ident,))


def same_person(person: UUID) -> Query[frozenset[PersonId]]:
    """Every number that somebody has or ever had."""
    return _Known("identities", (person,))


def consents(person: UUID, purpose: str) -> Query[bool]:
    """Whether somebody's recorded consent for a purpose stands."""
    return _Known("consents", (person, purpose))
