"""What acts read over and over: the queries, compiled once, and the places and bodies that come of them."""

from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any
from uuid import UUID

import attrs
from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, literal, or_, select, union_all

from linli import codec
from linli.store import Read, Row
from linli.store import tables as t


@attrs.frozen(kw_only=True)
class Place:
    """A place as acts see it.

    Attributes:
        path: its own id and that of every place above it, from the district down.
        figures_at: the compound under which its figures are kept; the place itself above compounds.
    """

    id: UUID
    kind: str
    name: str
    path: tuple[UUID, ...]
    figures_at: UUID
    record: Mapping[str, Any]
    closed: bool = False


@attrs.frozen(kw_only=True)
class Body:
    """An organisation that acts, and for whom it stands in.

    Attributes:
        stands_in_for: the kind of body that lacks here; None where it acts as itself.
    """

    id: UUID
    kind: str
    name: str
    place: UUID
    stands_in_for: str | None = None


@attrs.frozen(kw_only=True)
class Circle:
    """The homes that a matter is about, whatever has become of its place since it was opened.

    Attributes:
        within: everything below these places belongs to it.
        without: but not what stands below these, which came later.
    """

    within: tuple[UUID, ...]
    without: tuple[UUID, ...] = ()

    def has(self, path: Collection[UUID]) -> bool:
        """Whether a place belongs to it, by its path."""
        return any(one in path for one in self.within) and not any(one in path for one in self.without)


_d: BindParameter[str] = bindparam("district")


def led_to(column: ColumnElement[Any], now: BindParameter[Any]) -> ColumnElement[bool]:
    """That a column names a person, place or organisation, or one that was merged into it.

    For every count, limit and list by person or place: ask for `Facts.survivor`, and of all that led to it.
    """
    # One list of numbers and no "or", for which SQLite would read the whole district.
    own: Select[Any] = select(now)
    merged = select(t.alias.c.id).where(t.alias.c.district == _d, t.alias.c.now == now)
    return column.in_(union_all(own, merged))


_open = [
    t.post.c.district == _d,
    t.post.c.since <= bindparam("at"),
    or_(t.post.c.until.is_(None), t.post.c.until > bindparam("at")),
]
POSTS_OF = Read(
    select(t.post.c.role, t.post.c.at, t.post.c.place).where(*_open, t.post.c.person == bindparam("person"))
)
HOLDERS_OF = Read(select(t.post.c.role, t.post.c.person).where(*_open, t.post.c.at == bindparam("seat_at")))
PLACE = Read(
    select(
        t.place.c.id, t.place.c.kind, t.place.c.name, t.place.c.path, t.place.c.figures_at,
        t.place.c.record, t.place.c.until,
    ).where(t.place.c.district == _d, t.place.c.id == bindparam("id"))
)  # fmt: skip
ENDED_IN = Read(
    select(t.place.c.id, t.place.c.record).where(
        t.place.c.district == _d, t.place.c.parent == bindparam("parent"), t.place.c.until.is_not(None)
    )
)
"""The places that ended directly below a place: those that were merged into it among them."""
_o = t.organisation.c
_body = select(_o.id, _o.kind, _o.name, _o.place, literal(0).label("away")).where(
    _o.district == _d, _o.place == bindparam("place"), _o.until.is_(None)
)
_merged_body = (
    select(_o.id, _o.kind, _o.name, _o.place, literal(1).label("away"))
    .join(t.alias, (t.alias.c.district == _o.district) & (t.alias.c.id == _o.place))
    .where(t.alias.c.district == _d, t.alias.c.now == bindparam("place"), _o.until.is_(None))
)
# The place's own before those of what was merged into it, whose posts wait to be decided.
ORGANISATIONS_AT = Read(union_all(_body, _merged_body).order_by("away", "id"))
ORGANISATION = Read(
    select(t.organisation.c.id, t.organisation.c.kind, t.organisation.c.name, t.organisation.c.place).where(
        t.organisation.c.district == _d, t.organisation.c.id == bindparam("id")
    )
)
BALANCE = Read(
    select(t.account.c.balance).where(
        t.account.c.district == _d,
        t.account.c.owner == bindparam("owner"),
        t.account.c.unit == bindparam("unit"),
        t.account.c.part == bindparam("part"),
    )
)
CAP_USED = Read(
    select(t.cap.c.used).where(
        t.cap.c.district == _d,
        t.cap.c.owner == bindparam("owner"),
        t.cap.c.rule == bindparam("rule"),
        t.cap.c.period == bindparam("period"),
    )
)
PAID = Read(
    select(t.posting.c.amount).where(
        t.posting.c.district == _d,
        t.posting.c.cause == bindparam("cause"),
        t.posting.c.rule == bindparam("rule"),
        t.posting.c.to_owner == bindparam("person"),
        t.posting.c.to_part == "free",
    )
)
HELD_BY = Read(
    select(t.posting.c.from_owner, t.posting.c.unit).where(
        t.posting.c.district == _d,
        t.posting.c.cause == bindparam("hold"),
        t.posting.c.to_owner == bindparam("hold"),
        t.posting.c.to_part == "held",
    )
)
PERSON = Read(
    select(t.person.c.id, t.person.c.ended_at).where(
        t.person.c.district == _d, t.person.c.id == bindparam("id")
    )
)
ALIAS = Read(select(t.alias.c.now).where(t.alias.c.district == _d, t.alias.c.id == bindparam("id")))
NUMBERS_OF = Read(select(t.alias.c.id).where(t.alias.c.district == _d, t.alias.c.now == bindparam("now")))
CONSENT = Read(
    select(t.consent.c.since).where(
        t.consent.c.district == _d,
        t.consent.c.person == bindparam("person"),
        t.consent.c.purpose == bindparam("purpose"),
        or_(t.consent.c.until.is_(None), t.consent.c.until > bindparam("at")),
    )
)


def place_from(row: Row) -> Place:
    """A place from a row of PLACE."""
    ident, kind, name, path, figures_at, record, until = row
    return Place(
        id=ident,
        kind=kind,
        name=name,
        path=path_ids(path),
        figures_at=figures_at,
        record=codec.decode(record),
        closed=until is not None,
    )


@lru_cache(4096)  # a compound's path comes back with every act there
def path_ids(path: str) -> tuple[UUID, ...]:
    """The places of a path, from the district down."""
    return tuple(UUID(part) for part in path.split("/") if part)
