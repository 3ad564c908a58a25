"""Two records that become one: nobody has two places at one session, or two claims of one wish."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, or_, select

from linli import Act, Facts
from linli.lookups import ever
from linli.refusals import Refusal
from linli.store import Read
from linli.store import tables as t
from linli_volunteers.reading import decoded, overlap
from linli_volunteers.records import Session

_s = t.subject.c
_parent = t.subject.alias("parent")
# Places and claims that count, or may come to: of those of a person, under each number that they ever had.
_COUNTING = Read(
    select(_s.kind, _s.parent, _parent.c.record)
    .join(_parent, (_parent.c.district == _s.district) & (_parent.c.id == _s.parent))
    .where(
        _s.district == bindparam("district"),
        ever(_s.person),
        or_(_s.kind == "seat", _s.kind == "claim"),
        or_(_s.ended_at.is_(None), _s.state == "attended", _s.state == "thanked"),
    )
    .order_by(_s.id)
)


class BothHaveAPlace(
    Refusal,
    says="both records have a place at session {session}, or at another one at that time; take one off its list (linli session leave) or annul its hours (linli session annul), then merge them",
):
    session: UUID


class BothHaveClaimed(
    Refusal,
    says="both records have claimed wish {wish}; give one claim back (linli wish release), then merge them",
):
    wish: UUID


def twice(act: Act, facts: Facts) -> Iterable[Refusal]:
    """Why two records cannot become one yet: one of them would be paid twice for being somewhere once."""
    if act.verb != "person.merge":
        return
    mine = facts.rows(_COUNTING, person=act.subject)
    theirs = facts.rows(_COUNTING, person=UUID(str(act.body["duplicate"])))
    for session in _sessions(mine, theirs):
        yield BothHaveAPlace(session=session)
    for wish in _wishes(mine, theirs):
        yield BothHaveClaimed(wish=wish)


def _sessions(mine: Iterable[tuple[Any, ...]], theirs: Iterable[tuple[Any, ...]]) -> Iterator[UUID]:
    times = [_time(record) for kind, _, record in mine if kind == "seat"]
    for kind, session, record in theirs:
        if kind == "seat" and any(overlap(_time(record), one) for one in times):
            yield session


def _time(record: str) -> tuple[datetime, datetime]:
    session = decoded(Session, record)
    return session.starts_at, session.ends_at


def _wishes(mine: Iterable[tuple[Any, ...]], theirs: Iterable[tuple[Any, ...]]) -> Iterator[UUID]:
    known = {wish for kind, wish, _ in mine if kind == "claim"}
    yield from (wish for kind, wish, _ in theirs if kind == "claim" and wish in known)
