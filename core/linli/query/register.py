"""Questions about places, organisations, posts, people and accounts, as acts ask them."""

from typing import TYPE_CHECKING, TypeVar, cast
from uuid import UUID

import attrs

from linli._model.inputs import BodyId, PersonId, PlaceId
from linli._model.queries import Query
from linli.access import Post, Seat
from linli.lookups import Body, Place

if TYPE_CHECKING:
    from linli.facts import Facts

T = TypeVar("T")


@attrs.frozen
class _Known(Query[T]):
    """What `Facts` answer, by the name of the method: one place for what is asked in acts and by queries."""

    asked: str
    values: tuple[object, ...]

    def answer(self, facts: "Facts") -> T:
        return cast(T, getattr(facts, self.asked)(*self.values))


def balance(owner: UUID, unit: str, part: str = "free") -> Query[int]:
    """What an account has; 0 where it was never used. Args: part: "free", "held", "issued", "owed"."""
    return _Known("balance", (owner, unit, part))


def body(kind: str, place: UUID) -> Query[Body | None]:
    """The body of a kind for a place: its own, that of a place above, or who stands in for it."""
    return _Known("body", (kind, place))


def bodies_at(place: UUID) -> Query[tuple[Body, ...]]:
    """The organisations of exactly this place."""
    return _Known("bodies_at", (place,))


def body_now(ident: UUID) -> Query[BodyId]:
    """An organisation; where it has ended, who came after it."""
    return _Known("body_now", (ident,))


def place(ident: UUID) -> Query[Place]:
    """A place; NotFound where there is none."""
    return _Known("place", (ident,))


def place_now(ident: UUID) -> Query[PlaceId]:
    """The place; where it has ended, where what was there goes on."""
    return _Known("goes_on", (ident,))


def place_above(ident: UUID, kind: str) -> Query[PlaceId | None]:
    """The place of a kind that a place is in, or is; None where it is in none."""
    return _Known("above", (ident, kind))


def home(person: UUID) -> Query[PlaceId | None]:
    """Where somebody is at home, or where else they belong; None where nothing is known."""
    return _Known("home", (person,))


def posts(person: UUID) -> Query[tuple[Post, ...]]:
    """The posts that somebody has at this moment."""
    return _Known("posts", (person,))


def seats(seat: Seat, place: UUID) -> Query[tuple[Seat, ...]]:
    """Who holds what a seat holds now: the seat, its successor's, who stands in, the place above."""
    return _Known("seats", (seat, place))


def survivor(ident: UUID) -> Query[UUID]:
    """A person, place or organisation, or what it was merged into."""
    return _Known("survivor", (ident,))


def same_person(person: UUID) -> Query[frozenset[PersonId]]:
    """Every number that somebody has or ever had."""
    return _Known("identities", (person,))


def consents(person: UUID, purpose: str) -> Query[bool]:
    """Whether somebody's recorded consent for a purpose stands."""
    return _Known("consents", (person, purpose))
