"""Questions about who is tied to what: owners and homes, members and organisations; and which organisations there are."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

import attrs
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    and_,
    bindparam,
    func,
    literal,
    or_,
    select,
    union_all,
)

from linli._base import codec
from linli._model.inputs import PersonId, PlaceId
from linli._model.lookups import PLACE_COLUMNS, Body, Place, ever, path_ids, place_from
from linli._model.queries import Query, Rows, RowsQuery, Values, given, names
from linli._query.own import path_of, standing
from linli._store import Read, Row
from linli._store import tables as t
from linli._store.bulk import Lookup

_t, _p, _o, _a = t.tie.c, t.place.c, t.organisation.c, t.alias.c
_d: BindParameter[str] = bindparam("district")


@attrs.frozen(kw_only=True)
class Tied:
    """Somebody's tie to a place or an organisation.

    Attributes:
        person: whoever it is now, where their record was merged.
        kind: "owner", "resident", "party_member", "volunteer".
        at: the place or the organisation. body: the organisation's kind; None of a place.
        place: that place, or where the organisation is. path: from the district down to it.
        compound: the place under which it is counted.
    """

    person: PersonId
    kind: str
    at: UUID
    body: str | None
    since: date | None
    until: date | None
    record: Mapping[str, Any]
    place: PlaceId
    path: tuple[UUID, ...]
    compound: PlaceId


@attrs.frozen
class TieQuery(RowsQuery[tuple[Tied, ...]]):
    """Who is tied to what; see `ties`."""

    kinds: tuple[str, ...]

    def people(self) -> Query[frozenset[tuple[PlaceId, PersonId]]]:
        """The places under which they are counted, each with whom it has, once: of a whole district too."""
        return RowsQuery(_people_read(self.kinds, names(self.values)), self.values, _people)


def _people(rows: Rows) -> frozenset[tuple[PlaceId, PersonId]]:
    return frozenset((PlaceId(place), PersonId(person)) for place, person in rows)


def _tied(rows: Rows) -> tuple[Tied, ...]:
    # Ordered here: SQLite would read every tie of the district for it, in the order of an index.
    return tuple(sorted(map(tied_from, rows), key=lambda tie: (tie.kind, tie.at, tie.person)))


def tied_from(row: Row) -> Tied:
    """A tie of a row of these queries."""
    return _tie(*row)


def _tie(person: Any, kind: str, at: UUID, since: Any, until: Any, record: str, *where: Any) -> Tied:
    place, path, compound, body = where
    return Tied(
        person=PersonId(person), kind=kind, at=at, body=body, since=since, until=until, record=codec.decode(record), place=PlaceId(place),
        path=path_ids(path), compound=PlaceId(compound),
    )  # fmt: skip


def ties(
    *kinds: str,
    person: UUID | None = None,
    at: UUID | None = None,
    compound: UUID | None = None,
    within: UUID | None = None,
    also: str | None = None,
    on: date | None = None,
) -> TieQuery:
    """Who is tied to what, in the order of kind, place or organisation, and person.

    Args:
        kinds: "owner", "party_member"; of several, any of them.
        person: whose, under every number that they ever had.
        at: of this place or organisation, under every number that it ever had.
        compound: of what is counted under this place. within: of places there and below.
        also: only of whoever has a tie of this kind too, such as the homes of party members.
        on: those that held on this day; None: those that have not ended.
    """
    path = path_of(within) if within else None
    values = given(person=person, at=at, compound=compound, path=path, also=also, day=on)
    said = tuple(sorted(kinds))
    return TieQuery(_ties_read(said, names(values)), values, _tied, said)


_body_place, _other = t.place.alias("body_place"), t.tie.alias("other")
_person = func.coalesce(_a.now, _t.person)
_path = func.coalesce(_p.path, _body_place.c.path)
_compound = func.coalesce(_p.reporting_place, _body_place.c.reporting_place)


_place = func.coalesce(_p.id, _body_place.c.id)
_COLUMNS = (
    _person,
    _t.kind,
    _t.at,
    _t.since,
    _t.until,
    _t.record,
    _place,
    _path,
    _compound,
    _o.kind.label("body"),
)


@cache
def ties_by_person(kinds: tuple[str, ...]) -> Lookup:
    """The ties of many people."""
    return Lookup(_ties(_COLUMNS, kinds, ()), _t.person)


@cache
def _ties_read(kinds: tuple[str, ...], said: tuple[str, ...]) -> Read:
    return Read(_ties(_COLUMNS, kinds, said))


@cache
def _people_read(kinds: tuple[str, ...], said: tuple[str, ...]) -> Read:
    return Read(_ties((_compound, _person), kinds, said).distinct())


def _ties(columns: tuple[Any, ...], kinds: tuple[str, ...], said: tuple[str, ...]) -> Select[Any]:
    found: Select[Any] = (
        select(*columns)
        .select_from(t.tie)
        .outerjoin(t.alias, and_(_a.district == _t.district, _a.id == _t.person))
        .outerjoin(t.place, and_(_p.district == _t.district, _p.id == _t.at))
        .outerjoin(t.organisation, and_(_o.district == _t.district, _o.id == _t.at))
        .outerjoin(_body_place, and_(_body_place.c.district == _t.district, _body_place.c.id == _o.place))
        .where(
            _t.district == _d, _t.kind.in_([literal(kind) for kind in kinds]), *standing(_t, "day" in said)
        )
    )
    wanted: Mapping[str, ColumnElement[bool]] = {
        "person": ever(_t.person),
        "at": ever(_t.at, "at"),
        "compound": _t.at.in_(_where(_p.reporting_place == bindparam("compound"))),
        "path": _t.at.in_(_where(_p.path.like(bindparam("path")))),
        "also": _also("day" in said),
    }
    return found.where(*(wanted[name] for name in said if name in wanted))


def _where(holds: ColumnElement[bool]) -> Any:
    """The places of which something holds, and the organisations at these: few, so that an index has the ties of each."""
    places = select(_p.id).where(_p.district == _d, holds)
    there = and_(_p.district == _o.district, _p.id == _o.place)
    return union_all(places, select(_o.id).join(t.place, there).where(_o.district == _d, holds))


def _also(dated: bool) -> ColumnElement[bool]:
    other = _other.c
    whose = (other.district == _t.district, other.person == _t.person, other.kind == bindparam("also"))
    return select(other.at).where(*whose, *standing(other, dated)).correlate(t.tie).exists()


def tied_places(
    kind: str, *kinds: str, within: UUID, on: date
) -> Query[tuple[tuple[Place, tuple[Tied, ...]], ...]]:
    """Places of a kind, as they lie below a place on a day, each with who is tied to it so: the register of one moment.

    Args:
        kinds: of ties: "owner"; any of them.
    """
    values: Values = (("path", path_of(within)), ("day", on), ("place_kind", kind))
    return RowsQuery(_tied_places_read(tuple(sorted(kinds))), values, _tied_places)


@cache
def _tied_places_read(kinds: tuple[str, ...]) -> Read:
    there = and_(
        _t.district == _p.district,
        _t.at == _p.id,
        _t.kind.in_([literal(kind) for kind in kinds]),
        *standing(_t, True),
    )
    found = (
        select(*PLACE_COLUMNS, _person, _t.kind, _t.since, _t.until, _t.record)
        .select_from(t.place)
        .outerjoin(t.tie, there)
        .outerjoin(t.alias, and_(_a.district == _t.district, _a.id == _t.person))
        .where(
            _p.district == _d,
            _p.kind == bindparam("place_kind"),
            _p.path.like(bindparam("path")),
            *standing(_p, True),
        )
    )
    return Read(found.order_by(_p.path, _t.person))


def _tied_places(rows: Rows) -> tuple[tuple[Place, tuple[Tied, ...]], ...]:
    found: dict[UUID, tuple[Place, list[Tied]]] = {}
    for row in rows:
        place, (person, kind, since, until, record) = row[: len(PLACE_COLUMNS)], row[len(PLACE_COLUMNS) :]
        known = found.setdefault(place[0], (place_from(place), []))
        if person:
            known[1].append(
                _tie(person, kind, place[0], since, until, record, place[0], place[3], place[4], None)
            )
    return tuple((place, tuple(tied)) for place, tied in found.values())


# --- organisations -----------------------------------------------------------------------------------------


def _found(rows: Rows) -> tuple[Body, ...]:
    # Not in SQL: SQLite would read every organisation of the district in the order of the numbers.
    found = sorted(rows, key=lambda row: row[0])
    return tuple(Body(id=ident, kind=kind, name=name, place=place) for ident, kind, name, place in found)


def bodies(
    *kinds: str,
    ident: UUID | None = None,
    place: UUID | None = None,
    within: UUID | None = None,
    on: date | None = None,
) -> Query[tuple[Body, ...]]:
    """The organisations that are in being, each at its place or at what that was merged into.

    Args:
        kinds: any of them.
        place: of this very place. within: there and below.
        on: those that were in being on this day.
    """
    values = given(ident=ident, place=place, path=path_of(within) if within else None, day=on)
    return RowsQuery(_bodies_read(tuple(sorted(kinds)), names(values)), values, _found)


@cache
def _bodies_read(kinds: tuple[str, ...], said: tuple[str, ...]) -> Read:
    found: Select[Any] = (
        select(_o.id, _o.kind, _o.name, func.coalesce(_a.now, _o.place))
        .outerjoin(t.alias, and_(_a.district == _o.district, _a.id == _o.place))
        .join(t.place, and_(_p.district == _o.district, _p.id == _o.place))
        .where(_o.district == _d, *standing(_o, "day" in said))
    )
    wanted: Mapping[str, ColumnElement[bool]] = {
        "ident": _o.id == bindparam("ident"),
        "place": ever(_o.place, "place"),
        "path": _p.path.like(bindparam("path")),
    }
    of_kind = [or_(*(_o.kind == kind for kind in kinds))] if kinds else []
    return Read(found.where(*of_kind, *(wanted[name] for name in said if name in wanted)))
