"""Lists of subjects: what is open, late, held by a seat, at a place and everything below it."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import attrs
from sqlalchemy import ColumnElement, exists, false, func, or_, select

from linli.access import Seat
from linli.lookups import PLACE, place_from
from linli.store import tables as t
from linli.subjects import SUBJECT_COLUMNS, Subject, subject_from
from linli.workflow import Workflow

if TYPE_CHECKING:
    from linli.district import District


@attrs.frozen(kw_only=True)
class Wish:
    """What a list should have; None: whatever.

    Attributes:
        ended: True: only what has ended; False: only what is open.
        late_at: only what is open and was due before this moment.
        after: only what comes after this subject, for the next page.
    """

    kind: str
    states: tuple[str, ...] = ()
    place: UUID | None = None
    holder: Seat | None = None
    person: UUID | None = None
    ended: bool | None = None
    late_at: datetime | None = None
    after: UUID | None = None
    most: int = 50


def matching(district: "District", wish: Wish) -> list[Subject]:
    """The subjects that fit, in the order of their opening."""
    s = t.subject.c
    query = select(*SUBJECT_COLUMNS).where(s.district == district.code, s.kind == wish.kind)
    flow = district.rules.workflow(wish.kind)
    is_open = wish.ended is False or bool(wish.late_at) or _all_open(flow, wish.states)
    if is_open:
        # So that an index of what is open serves, however much has ended.
        query = query.where(s.ended_at.is_(None))
    if wish.place:
        query = query.where(_below(district, wish.place, few=is_open))
    if wish.holder:
        # What a merged organisation held is its successor's.
        merged = select(t.alias.c.id).where(
            t.alias.c.district == district.code, t.alias.c.now == wish.holder.at
        )
        query = query.where(or_(s.holder_at == wish.holder.at, s.holder_at.in_(merged)))
    query = query.where(*_conditions(wish))
    record = flow.record
    with district.store.reading() as connection:
        rows = connection.execute(query.order_by(s.id).limit(wish.most)).all()
    return [subject_from(tuple(row), record) for row in rows]


def _all_open(flow: Workflow, states: tuple[str, ...]) -> bool:
    known = [flow.by_state.get(state) for state in states]
    return bool(known) and all(state is not None and not state.ends for state in known)


def _below(district: "District", place: UUID, *, few: bool) -> ColumnElement[bool]:
    """That a subject is at a place or below it: its path begins with the place's.

    Args:
        few: whether few subjects are asked about, each by its own place; else the places are found first.
    """
    p, s = t.place.c, t.subject.c
    rows = district.store.ask([(PLACE, {"district": district.code, "id": place})])[0]
    if not rows:
        return false()
    above = "".join(f"{one.hex}/" for one in place_from(rows[0]).path)
    under = func.substr(p.path, 1, len(above)) == above
    if few:
        return exists().where(p.district == s.district, p.id == s.place, under)
    return s.place.in_(select(p.id).where(p.district == district.code, under).scalar_subquery())


def _conditions(wish: Wish) -> list[ColumnElement[bool]]:
    s = t.subject.c
    found: list[ColumnElement[bool] | None] = [
        s.state.in_(wish.states) if wish.states else None,
        s.holder_role == wish.holder.role if wish.holder and wish.holder.role else None,
        s.person == wish.person if wish.person else None,
        s.ended_at.is_not(None) if wish.ended is True else None,
        s.due_at < wish.late_at if wish.late_at else None,
        s.id > wish.after if wish.after else None,
    ]
    return [condition for condition in found if condition is not None]
