"""Questions about many at once, by their numbers: for files that are taken, and for lists of what was counted."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Generic, TypeVar
from uuid import UUID

import attrs
from sqlalchemy import BindParameter, bindparam, select

from linli._model.contexts import Subject
from linli._model.queries import Query
from linli._model.subjects import SUBJECT_COLUMNS, StoredSubject, subject_from
from linli._model.workflows import Workflow
from linli._query.ties import Tied, tied_from, ties_by_person
from linli._store import tables as t
from linli._store.bulk import Lookup

if TYPE_CHECKING:
    from linli._model.facts import Facts

R = TypeVar("R")

_s, _a = t.subject.c, t.alias.c
_d: BindParameter[str] = bindparam("district")
_NUMBERED = Lookup(select(*SUBJECT_COLUMNS).where(_s.district == _d), _s.id)
_OF_PEOPLE = Lookup(
    select(_s.person, *SUBJECT_COLUMNS).where(_s.district == _d, _s.kind == bindparam("kind")), _s.person
)
_WERE = Lookup(select(_a.id, _a.now).where(_a.district == _d), _a.now)


@attrs.frozen
class _Numbered(Query[Mapping[UUID, StoredSubject]]):
    numbers: frozenset[UUID]

    def answer(self, facts: "Facts") -> Mapping[UUID, StoredSubject]:
        rows = facts.found(_NUMBERED, sorted(self.numbers))
        return {row[0]: subject_from(row, dict) for row in rows}


def any_numbered(numbers: Iterable[UUID]) -> Query[Mapping[UUID, StoredSubject]]:
    """The subjects that have these numbers, as `any_subject` has them; what is none is left out."""
    return _Numbered(frozenset(numbers))


@attrs.frozen
class _OfPeople(Query[Mapping[UUID, tuple[Subject[R], ...]]], Generic[R]):
    flow: type[Workflow[R]]
    people: frozenset[UUID]

    def answer(self, facts: "Facts") -> Mapping[UUID, tuple[Subject[R], ...]]:
        were: dict[UUID, UUID] = dict(facts.found(_WERE, sorted(self.people)))
        found: dict[UUID, list[Subject[R]]] = {}
        for row in facts.found(_OF_PEOPLE, [*self.people, *were], kind=self.flow.name):
            person: UUID = row[0]
            one = Subject[R](subject_from(row[1:], self.flow.record_type), self.flow)
            found.setdefault(were.get(person, person), []).append(one)
        return {person: tuple(theirs) for person, theirs in found.items()}


def subjects_of(
    flow: type[Workflow[R]], people: Iterable[UUID]
) -> Query[Mapping[UUID, tuple[Subject[R], ...]]]:
    """By whose they are, the subjects of a workflow, in no order; whoever has none is left out.

    Args:
        people: by the numbers that they have now; what they have by those that they ever had is theirs.
    """
    return _OfPeople(flow, frozenset(people))


@attrs.frozen
class _TiesOf(Query[Mapping[UUID, tuple[Tied, ...]]]):
    people: frozenset[UUID]
    kinds: tuple[str, ...]

    def answer(self, facts: "Facts") -> Mapping[UUID, tuple[Tied, ...]]:
        found: dict[UUID, list[Tied]] = {}
        for row in facts.found(ties_by_person(self.kinds), sorted(self.people)):
            tie = tied_from(row)
            found.setdefault(tie.person, []).append(tie)
        return {person: tuple(theirs) for person, theirs in found.items()}


def ties_of(people: Iterable[UUID], *kinds: str) -> Query[Mapping[UUID, tuple[Tied, ...]]]:
    """By who is tied, the ties of some kinds that have not ended, in no order; whoever has none is left out."""
    return _TiesOf(frozenset(people), tuple(sorted(kinds)))
