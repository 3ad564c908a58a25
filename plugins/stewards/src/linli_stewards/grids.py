"""The units that there are and which of them have a steward, as one query each: by indexes, however long the history."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, and_, distinct, exists, func, or_, select

from linli._store import tables as t
from linli_stewards.settings import Level
from linli_stewards.stewardship import GRIDS, STEWARD

_p, _o = t.place.c, t.post.c
_unit = t.place.alias("unit_below")


def _on(since: ColumnElement[Any], until: ColumnElement[Any], day: date) -> ColumnElement[bool]:
    return and_(or_(since.is_(None), since <= day), or_(until.is_(None), until > day))


def is_grid(district: str, level: Level, day: date) -> ColumnElement[bool]:
    """The condition that a place is what is counted: a unit; a building where that is the level, or has no units."""
    here = and_(_p.district == district, _on(_p.since, _p.until, day))
    if level == "building":
        return and_(here, _p.kind == "building")
    divided = exists().where(
        _unit.c.district == _p.district,
        _unit.c.parent == _p.id,
        _unit.c.kind == "unit",
        _on(_unit.c.since, _unit.c.until, day),
    )
    return and_(here, or_(_p.kind == "unit", and_(_p.kind == "building", ~divided)))


def held(moment: datetime) -> ColumnElement[bool]:
    """The condition that a post is a steward's, held at a moment."""
    return and_(_o.role == STEWARD, _o.since <= moment, or_(_o.until.is_(None), _o.until > moment))


def is_covered(moment: datetime) -> ColumnElement[bool]:
    """The condition that a place has a steward: its own or, a unit, its building's."""
    own, of_building = (
        exists().where(_o.district == _p.district, _o.at == at, held(moment)).correlate(t.place)
        for at in (_p.id, _p.parent)
    )
    return or_(own, and_(_p.kind == "unit", of_building))


def by_compound(district: str, level: Level, moment: datetime, day: date) -> Select[UUID, int, int]:
    """Each compound with how many units it has, and how many of them are covered."""
    covered = func.count().filter(is_covered(moment))
    return (
        select(_p.reporting_place, func.count(), covered)
        .where(is_grid(district, level, day))
        .group_by(_p.reporting_place)
    )


def stewards(district: str, moment: datetime) -> Select[UUID, UUID]:
    """The compound and the person of each post of a steward of a building or unit."""
    return (
        select(_p.reporting_place, _o.person)
        .join(t.post, and_(_o.district == _p.district, _o.at == _p.id))
        .where(_p.district == district, _p.kind.in_(GRIDS["unit"]), held(moment))
    )


def is_member(district: str, person: ColumnElement[UUID], day: date) -> ColumnElement[bool]:
    """The condition that the register knew somebody as a party member on a day."""
    c = t.tie.c
    return exists().where(
        c.district == district, c.person == person, c.kind == "party_member", _on(c.since, c.until, day)
    )


def people(connection: Connection, query: Select[UUID, UUID]) -> int:
    """How many people there are among stewards, each once."""
    counted = query.with_only_columns(func.count(distinct(_o.person)))
    return int(connection.execute(counted).scalar_one())
