"""What checks and effects read of other matters, in the act's own transaction."""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

import attrs
from sqlalchemy import BindParameter, bindparam, select

from linli import Facts, codec
from linli.store import Read
from linli.store import tables as t
from linli.store.fields import field

R = TypeVar("R")

_s = t.subject.c
_d: BindParameter[str] = bindparam("district")
_SUBJECT = Read(
    select(_s.kind, _s.state, _s.place, _s.record).where(_s.district == _d, _s.id == bindparam("id"))
)
_PARTS = Read(
    select(_s.id, _s.state, _s.record)
    .where(_s.district == _d, _s.root == bindparam("root"), _s.kind == bindparam("kind"))
    .order_by(_s.id)
)
# Of the whistles that have not ended, which are few in any district.
_PROPOSED_FOR = Read(
    select(_s.id).where(
        _s.district == _d,
        _s.kind == "whistle",
        _s.ended_at.is_(None),
        _s.state == "proposed",
        field(_s.record, "request") == bindparam("request"),
    )
)


def _decoder(record: Any) -> Callable[[str], Any]:
    return codec.decoder(record)


@attrs.frozen(kw_only=True)
class Known:
    """Another matter as it was before the act.

    Attributes:
        text: its record, as it is kept.
    """

    kind: str
    state: str
    place: UUID
    text: str

    def record(self, kind: type[R]) -> R:
        """Its record, of the class of its workflow."""
        found: R = _decoder(kind)(self.text)
        return found


def known(facts: Facts, ident: UUID | None) -> Known | None:
    """A matter by its number; None where there is none."""
    rows = facts.rows(_SUBJECT, id=ident) if ident else []
    if not rows:
        return None
    kind, state, place, text = rows[0]
    return Known(kind=kind, state=state, place=place, text=text)


def parts(facts: Facts, root: UUID, kind: str, record: type[R]) -> list[tuple[UUID, str, R]]:
    """The parts of a kind under a root, the oldest first: number, state, record."""
    rows: list[Any] = list(facts.rows(_PARTS, root=root, kind=kind))
    return [(ident, state, _decoder(record)(text)) for ident, state, text in rows]


def proposed_for(facts: Facts, request: UUID) -> list[UUID]:
    """The whistles for a request that nobody has blown or dismissed yet."""
    return [ident for (ident,) in facts.rows(_PROPOSED_FOR, request=str(request))]


# Of what has not ended, which is little in any district.
ITEMS_PROPOSED = Read(
    select(_s.id, _s.place, _s.record)
    .where(_s.district == _d, _s.kind == "agenda_item", _s.ended_at.is_(None), _s.state == "proposed")
    .order_by(_s.id)
)
MEETINGS_CALLED = Read(
    select(_s.id, _s.record)
    .where(
        _s.district == _d,
        _s.kind == "meeting",
        _s.ended_at.is_(None),
        _s.state == "called",
        _s.place == bindparam("place"),
    )
    .order_by(_s.id)
)


def record_of(kind: type[R], text: str) -> R:
    """A record as it is kept, of the class of its workflow."""
    found: R = _decoder(kind)(text)
    return found


_o = t.organisation.c
_BODY = Read(select(_o.kind, _o.place).where(_o.district == _d, _o.id == bindparam("id"), _o.until.is_(None)))


@attrs.frozen(kw_only=True)
class KnownBody:
    """An organisation that is in being."""

    kind: str
    place: UUID


def known_body(facts: Facts, ident: UUID) -> KnownBody | None:
    """An organisation in being by its number; None where there is none."""
    rows = facts.rows(_BODY, id=ident)
    return KnownBody(kind=rows[0][0], place=rows[0][1]) if rows else None
