"""Where a matter goes on that had ended at a place which has ended since, when somebody takes it up again."""

import re
from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, select

from linli._base import codec
from linli._model.facts import Facts
from linli._model.lookups import PLACE, path_ids, place_from
from linli._model.subjects import StoredSubject
from linli._store import Read
from linli._store import tables as t

_NUMBER: Final = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
_p = t.place.c
_d: Any = bindparam("district")
_OF_MATTER = Read(
    select(_p.path)
    .join(t.subject, (t.subject.c.district == _p.district) & (t.subject.c.place == _p.id))
    .where(_p.district == _d, t.subject.c.id == bindparam("id"))
)
_OF_PERSON = Read(
    select(_p.path)
    .join(t.tie, (t.tie.c.district == _p.district) & (t.tie.c.at == _p.id))
    .where(_p.district == _d, t.tie.c.person == bindparam("person"), t.tie.c.until.is_(None))
)


def numbers_in(record: str) -> tuple[UUID, ...]:
    """The numbers that a record names: of places, of matters that it is about."""
    return tuple(UUID(one) for one in dict.fromkeys(_NUMBER.findall(record)))


def place_now(facts: Facts, subject: StoredSubject) -> UUID:
    """Where a subject goes on whose place has ended: at the part that it is about, of a place that was split.

    Where nothing says which part that is: at the place above.
    """
    above = facts.goes_on(subject.place)
    successors = facts.place(subject.place).record.get("successors", ())
    if len(successors) < 2:
        return above
    parts = {facts.goes_on(UUID(one)) for one in successors}
    for paths in (_named(facts, subject), _homes(facts, subject)):
        inside = {part for path in paths for part in parts if part in path}
        if len(inside) == 1:
            return inside.pop()
    return above


def _named(facts: Facts, subject: StoredSubject) -> Iterator[tuple[UUID, ...]]:
    for number in numbers_in(codec.encode(subject.record)):
        yield from (path_ids(path) for (path,) in facts.rows(_OF_MATTER, id=number))
        yield from (place_from(row).path for row in facts.rows(PLACE, id=number))


def _homes(facts: Facts, subject: StoredSubject) -> Iterator[tuple[UUID, ...]]:
    if subject.person:
        person = facts.survivor(subject.person)
        yield from (path_ids(path) for (path,) in facts.rows(_OF_PERSON, person=person))
