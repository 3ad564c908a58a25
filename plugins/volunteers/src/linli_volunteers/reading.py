"""What checks and effects read of sessions, seats, wishes and claims, in the act's own transaction."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import attrs
from sqlalchemy import BindParameter, bindparam, func, or_, select

from linli import Facts, codec
from linli.errors import NotFound
from linli.lookups import NothingNumbered, ever
from linli.store import Read
from linli.store import tables as t

R = TypeVar("R")

_s = t.subject.c
_now = t.alias.c
_parent = t.subject.alias("parent")
_d: BindParameter[str] = bindparam("district")
_SUBJECT = Read(select(_s.kind, _s.state, _s.record).where(_s.district == _d, _s.id == bindparam("id")))
_PARTS = Read(
    select(_s.id, _s.state, func.coalesce(_now.now, _s.person), _s.record)
    .select_from(t.subject.outerjoin(t.alias, (_now.district == _s.district) & (_now.id == _s.person)))
    .where(_s.district == _d, _s.root == bindparam("root"), _s.kind == bindparam("kind"))
    .order_by(_s.id)
)
_of_a_session = (_parent.c.district == _s.district) & (_parent.c.id == _s.parent)
_OPEN_SEATS = Read(
    select(_s.parent, _parent.c.record)
    .join(_parent, _of_a_session)
    .where(_s.district == _d, ever(_s.person), _s.kind == "seat", _s.ended_at.is_(None))
)
SERVED = Read(
    select(_s.id, _s.place, _s.record, _parent.c.record)
    .join(_parent, _of_a_session)
    .where(
        _s.district == _d,
        ever(_s.person),
        _s.kind == "seat",
        _s.state == "attended",
    )
    .order_by(_s.id)
)
"""What somebody served, under each number that they ever had."""
PLACES_OF = Read(
    select(_s.parent, _parent.c.record)
    .join(_parent, _of_a_session)
    .where(
        _s.district == _d,
        ever(_s.person),
        _s.kind == "seat",
        or_(_s.ended_at.is_(None), _s.state == "attended"),
    )
    .order_by(_s.id)
)
"""The sessions that somebody has a place at, or hours of."""


@attrs.frozen(kw_only=True)
class PartRow:
    """A part as it was before the act; whose it is now, where their record was merged."""

    id: UUID
    state: str
    person: UUID | None
    record: Any


def _decoder(record: Any) -> Callable[[str], Any]:
    return codec.decoder(record)


def decoded(record: type[R], text: str) -> R:
    """A record from its text."""
    found: R = _decoder(record)(text)
    return found


def known(facts: Facts, ident: UUID | None, kind: str, record: type[R]) -> tuple[str, R]:
    """The state and the record of a matter as it was before the act."""
    rows = facts.rows(_SUBJECT, id=ident) if ident else []
    if not rows or rows[0][0] != kind:
        raise NotFound(NothingNumbered(id=ident))
    return rows[0][1], decoded(record, rows[0][2])


def parts(facts: Facts, root: UUID, kind: str, record: type) -> list[PartRow]:
    """The parts of a kind, the oldest first."""
    return [
        PartRow(id=ident, state=state, person=person, record=decoded(record, text))
        for ident, state, person, text in facts.rows(_PARTS, root=root, kind=kind)
    ]


def open_sessions(facts: Facts, person: UUID, record: type[R]) -> list[tuple[UUID, R]]:
    """The sessions that somebody has an open place in, or waits for.

    Read while nobody else signs the same person up: two at once would see neither's.
    """
    facts.hold(f"volunteer {person}")
    return [(ident, decoded(record, text)) for ident, text in facts.rows(_OPEN_SEATS, person=person)]


def served_sessions(facts: Facts, person: UUID, record: type[R]) -> list[R]:
    """The sessions that somebody has confirmed hours of."""
    return [decoded(record, row[3]) for row in facts.rows(SERVED, person=person)]


def overlap(one: tuple[datetime, datetime], other: tuple[datetime, datetime]) -> bool:
    """Whether two spans of time have a moment in common; touching is none."""
    return one[0] < other[1] and other[0] < one[1]
