"""Questions about who is tied to what: owners and homes, members and organisations; and which organisations there are."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

import attrs
from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, func, or_, select

from linli import codec
from linli._model.inputs import PersonId, PlaceId
from linli._model.queries import Query, Rows, RowsQuery, given, names
from linli.lookups import Body, ever, path_ids
from linli.query.own import path_of
from linli.store import Read
from linli.store import tables as t

_t, _p, _o, _a = t.tie.c, t.place.c, t.organisation.c, t.alias.c
_d: BindParameter[str] = bindparam("district")


@attrs.frozen(kw_only=True)
class Tied:
    """Somebody's tie to a place or an organisation.

    Attributes:
        person: whoever it is now, where their record was merged.
        kind: "owner", "resident", "party_member", "volunteer".
        at: the place or the organisation. place: that place, or where the organisation is. path: from the district down to it.
        compound: the place under which it is counted.
    """

    person: PersonId
    kind: str
    at: UUID
    since: date | None
    until: date | None
    record: Mapping[str, Any]
    place: PlaceId
    path: tuple[UUID, ...]
    compound: PlaceId


def _tied(rows: Rows) -> tuple[Tied, ...]:
    return tuple(_tie(*row) for row in rows)


def _tie(person: Any, kind: str, at: UUID, since: Any, until: Any, record: str, *where: Any) -> Tied:
    place, path, compound = where
    return Tied(
        person=PersonId(person), kind=kind, at=at, since=since, until=until, record=codec.decode(record), place=PlaceId(place),
        path=path_ids(path), compound=PlaceId(compound),
    )  # fmt: skip


def ties(
    *kinds: str,
    person: UUID | None = None,
    at: UUID | None = None,
    within: UUID | None = None,
    on: date | None = None,
) -> Query[tuple[Tied, ...]]:
    """Who is tied to what, in the order of kind, place or organisation, and person.

    Args:
        kinds: "owner", "party_member"; of several, any of them.
        person: whose, under every number that they ever had.
        at: of this place or organisation, under every number that it ever had. within: of places there and below.
        on: those that held on this day; None: those that have not ended.
    """
    values = given(person=person, at=at, path=path_of(within) if within else None, day=on)
    return RowsQuery(_ties_read(tuple(sorted(kinds)), names(values)), values, _tied)


@cache
def _ties_read(kinds: tuple[str, ...], said: tuple[str, ...]) -> Read:
    place = func.coalesce(_p.id, _body_place.c.id)
    path = func.coalesce(_p.path, _body_place.c.path)
    compound = func.coalesce(_p.figures_at, _body_place.c.figures_at)
    found: Select[Any] = (
        select(
            func.coalesce(_a.now, _t.person),
            _t.kind,
            _t.at,
            _t.since,
            _t.until,
            _t.record,
            place,
            path,
            compound,
        )
        .select_from(t.tie)
        .outerjoin(t.alias, and_(_a.district == _t.district, _a.id == _t.person))
        .outerjoin(t.place, and_(_p.district == _t.district, _p.id == _t.at))
        .outerjoin(t.organisation, and_(_o.district == _t.district, _o.id == _t.at))
        .outerjoin(_body_place, and_(_body_place.c.district == _t.district, _body_place.c.id == _o.place))
        .where(_t.district == _d, or_(*(_t.kind == kind for kind in kinds)), *_standing("day" in said))
        .order_by(_t.kind, _t.at, _t.person)
    )
    wanted: Mapping[str, ColumnElement[bool]] = {
        "person": ever(_t.person),
        "at": ever(_t.at, "at"),
        "path": path.like(bindparam("path")),
    }
    return Read(found.where(*(wanted[name] for name in said if name in wanted)))


_body_place = t.place.alias("body_place")


def _standing(dated: bool) -> tuple[ColumnElement[bool], ...]:
    if not dated:
        return (_t.until.is_(None),)
    day: BindParameter[date] = bindparam("day", type_=_t.since.type)
    return or_(_t.since.is_(None), _t.since <= day), or_(_t.until.is_(None), _t.until > day)


# --- organisations -----------------------------------------------------------------------------------------


def _found(rows: Rows) -> tuple[Body, ...]:
    return tuple(Body(id=ident, kind=kind, name=name, place=place) for ident, kind, name, place in rows)


def bodies(
    *kinds: str, ident: UUID | None = None, place: UUID | None = None, within: UUID | None = None
) -> Query[tuple[Body, ...]]:
    """The organisations that are in being. Args: kinds: any of them. place: of this very place. within: there and below."""
    values = given(ident=ident, place=place, path=path_of(within) if within else None)
    return RowsQuery(_bodies_read(tuple(sorted(kinds)), names(values)), values, _found)


@cache
def _bodies_read(kinds: tuple[str, ...], said: tuple[str, ...]) -> Read:
    found: Select[Any] = (
        select(_o.id, _o.kind, _o.name, _o.place)
        .join(t.place, and_(_p.district == _o.district, _p.id == _o.place))
        .where(_o.district == _d, _o.until.is_(None))
        .order_by(_o.id)
    )
    wanted: Mapping[str, ColumnElement[bool]] = {
        "ident": _o.id == bindparam("ident"),
        "place": ever(_o.place, "place"),
        "path": _p.path.like(bindparam("path")),
    }
    of_kind = [or_(*(_o.kind == kind for kind in kinds))] if kinds else []
    return Read(found.where(*of_kind, *(wanted[name] for name in said)))
