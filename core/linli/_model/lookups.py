"""What acts read over and over: the queries, compiled once, and the places and bodies that come of them."""

from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid5

import attrs
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    and_,
    bindparam,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)

from linli._base import codec
from linli._base.refusals import NoNameRegistered as NoNameRegistered
from linli._base.refusals import NotFoundHere, Refusal
from linli._base.refusals import NothingNumbered as NothingNumbered
from linli._model.values import Point, point_at
from linli._store import Read, Row
from linli._store import tables as t
from linli._store.fields import field, identifier_of


@attrs.frozen(kw_only=True, slots=False)
class Place:
    """A place as acts see it.

    Attributes:
        path: its own id and that of every place above it, from the district down.
        reporting_place: the compound under which its figures are kept; the place itself above compounds.
        point: where it is, in WGS-84; None where nobody said. Its outline: `linli.query.location`.
    """

    id: UUID
    kind: str
    name: str
    path: tuple[UUID, ...]
    reporting_place: UUID
    record: Mapping[str, Any]
    closed: bool = False
    point: Point | None = None


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


def ever(column: Any, name: str = "person") -> ColumnElement[bool]:
    """That a column names a person, place or organisation under any number that it ever had.

    Every count, cap, limit and period of somebody asks by this: keys that name a record that was merged
    are never rewritten, so a plain comparison forgets what was before the merge. `name` is the bind
    parameter's; it may be an old number too.
    """
    before, then = t.alias.alias(), t.alias.alias()
    given: BindParameter[UUID] = bindparam(name, type_=t.alias.c.id.type)
    led_to = select(before.c.now).where(before.c.district == _d, before.c.id == given).scalar_subquery()
    now = func.coalesce(led_to, given)
    numbers = union_all(select(now), select(then.c.id).where(then.c.district == _d, then.c.now == now))
    found: ColumnElement[bool] = column.in_(numbers)
    return found


COUNTED = ("district", "street", "community", "compound")
"""The kinds of places under which subjects are counted; what is below a compound is counted under it."""


def stands_within(
    name: str = "within", path: str = "path", *, opened_too: bool = True
) -> ColumnElement[bool]:
    """That a subject's place, or where it was opened, is one or stands below it now.

    Found by the compounds under which it is counted, so that of many places only those of subjects are read.

    Args:
        name: of the parameter for the place. path: of that for `%<its number in hexadecimal>%`, which paths have in them.
        opened_too: whether where it was opened counts.
    """
    there = stands_under(bindparam(path), opened_too=opened_too)
    return and_(t.subject.c.compound.in_(counted_within(name, path)), there)


def stands_under(path: Any, *, opened_too: bool = True) -> ColumnElement[bool]:
    """The same of each subject alone, whatever finds it. Args: path: as the value of that of `stands_within`."""
    s, p = t.subject.c, t.place.alias("standing").c
    its = or_(p.id == s.place, p.id == s.origin) if opened_too else p.id == s.place
    there = select(p.id).where(p.district == s.district, its, p.path.like(path))
    return there.correlate(t.subject).exists()


def counted_within(name: str, path: str) -> Any:
    """The places under which it may be counted: what moved to another compound is still counted where it was."""
    p, here, moved, a = t.place.c, t.place.alias("here"), t.place.alias("moved"), t.act.c
    above = select(here.c.reporting_place).where(here.c.district == _d, here.c.id == bindparam(name))
    away = (
        select(moved.c.reporting_place)
        .join(t.act, and_(a.district == moved.c.district, moved.c.id == identifier_of(field(a.body, "from"))))
        .where(a.district == _d, a.verb == "place.move")
    )
    strays = or_(p.until.is_not(None), p.id.in_(away))
    inside = or_(p.path.like(bindparam(path)), p.id == above.scalar_subquery(), strays)
    return select(p.id).where(p.district == _d, or_(*(p.kind == kind for kind in COUNTED)), inside)


_open = [
    t.post.c.district == _d,
    t.post.c.since <= bindparam("at"),
    or_(t.post.c.until.is_(None), t.post.c.until > bindparam("at")),
]
# Whether somebody is registered, and has not ended, with each of their posts; without one, a row of its own.
# Whether a record was merged into theirs: so that the numbers of whoever has one alone are not asked for.
_had_another_number = exists().where(
    t.alias.c.district == t.person.c.district, t.alias.c.now == t.person.c.id
)
POSTS_OF = Read(
    select(t.person.c.ended_at, t.post.c.role, t.post.c.at, t.post.c.place, _had_another_number)
    .outerjoin(t.post, and_(*_open, t.post.c.person == t.person.c.id))
    .where(t.person.c.district == _d, t.person.c.id == bindparam("person"))
)
HOLDERS_OF = Read(select(t.post.c.role, t.post.c.person).where(*_open, t.post.c.at == bindparam("seat_at")))
PLACE_COLUMNS = (
    t.place.c.id, t.place.c.kind, t.place.c.name, t.place.c.path, t.place.c.reporting_place,
    t.place.c.record, t.place.c.until, t.place.c.latitude_e6, t.place.c.longitude_e6,
)  # fmt: skip
PLACE = Read(select(*PLACE_COLUMNS).where(t.place.c.district == _d, t.place.c.id == bindparam("id")))
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
    select(func.coalesce(func.sum(t.cap.c.used), 0)).where(
        t.cap.c.district == _d,
        ever(t.cap.c.owner, "owner"),
        t.cap.c.rule == bindparam("rule"),
        t.cap.c.period == bindparam("period"),
    )
)
CAP_OF_NUMBER = Read(
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
        ever(t.posting.c.to_owner),
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
# Where a person is at home, for who may act on them: a home first, then anything else they are tied to.
HOMES = Read(
    select(t.tie.c.at, t.place.c.id, t.organisation.c.place, t.tie.c.kind)
    .outerjoin(t.place, (t.place.c.district == t.tie.c.district) & (t.place.c.id == t.tie.c.at))
    .outerjoin(
        t.organisation,
        (t.organisation.c.district == t.tie.c.district) & (t.organisation.c.id == t.tie.c.at),
    )
    .where(t.tie.c.district == _d, t.tie.c.person == bindparam("person"), t.tie.c.until.is_(None))
    .order_by((t.tie.c.kind != "resident"), t.tie.c.kind, t.tie.c.at)
)
SUBJECT_PLACE = Read(
    select(t.subject.c.place).where(t.subject.c.district == _d, t.subject.c.id == bindparam("id"))
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


# What numbers of places are made from: of the district itself, and of what files name.
PLACES = UUID("7f1d5c52-7d0e-5f2b-9a55-3c1d8e0b6a41")


def root_id(district: str) -> UUID:
    """The place that the whole district is."""
    return uuid5(PLACES, district)


class NobodyRegistered(NotFoundHere, says="nobody is registered under {id}"):
    id: UUID


class PlaceEnded(Refusal):
    """The place is there no more, whatever came after it."""


class NoSuchPlace(NotFoundHere, says="there is no place {id} in this district"):
    id: UUID


def place_from(row: Row) -> Place:
    """A place from a row of PLACE."""
    ident, kind, name, path, reporting_place, record, until, latitude, longitude = row
    return Place(
        id=ident,
        kind=kind,
        name=name,
        path=path_ids(path),
        reporting_place=reporting_place,
        record=codec.decode(record),
        closed=until is not None,
        point=point_at(latitude, longitude),
    )


@lru_cache(4096)  # a compound's path comes back with every act there
def path_ids(path: str) -> tuple[UUID, ...]:
    """The places of a path, from the district down."""
    return tuple(UUID(part) for part in path.split("/") if part)
