"""Questions about a matter with all that belongs to it, and about subjects of whatever workflow."""

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

import attrs
from sqlalchemy import BindParameter, bindparam, or_, select

from linli._model.contexts import Subject
from linli._model.queries import Query, Rows, RowsQuery
from linli._model.subjects import SUBJECT_COLUMNS, StoredSubject, subject_from
from linli._model.workflows import Workflow
from linli._query.subjects import ONE, as_written
from linli._store import Read
from linli._store import tables as t

if TYPE_CHECKING:
    from linli._model.facts import Facts
    from linli._store.store import Question

_s = t.subject.c
_d: BindParameter[str] = bindparam("district")


def any_subject(number: UUID) -> Query[StoredSubject | None]:
    """A subject of any workflow, also one that whoever asks does not know: its record is a mapping, as it is written."""
    return RowsQuery(ONE, (("id", number),), _any)


def any_subjects(*, matter: UUID) -> Query[tuple[StoredSubject, ...]]:
    """What belongs to a matter, of whatever workflow, as `any_subject` has it, the oldest first."""
    return RowsQuery(_matter_read(()), (("root", matter),), as_written)


def _any(rows: Rows) -> StoredSubject | None:
    return next(iter(as_written(rows)), None)


@attrs.frozen
class _Matter(Query[tuple[Subject[Any], ...]]):
    number: UUID
    flows: tuple[type[Workflow[Any]], ...]

    def questions(self) -> "Sequence[Question]":
        kinds = tuple(sorted(flow.name for flow in self.flows))
        return [(_matter_read(kinds), {"root": self.number})]

    def answer(self, facts: "Facts") -> tuple[Subject[Any], ...]:
        ((read, values),) = self.questions()
        known = {flow.name: flow for flow in self.flows}
        found = ((row, known[row[3]]) for row in facts.rows(read, **values))
        return tuple(Subject(subject_from(row, flow.record_type), flow) for row, flow in found)


@cache
def _matter_read(kinds: tuple[str, ...]) -> Read:
    wanted = (_s.district == _d, _s.root == bindparam("root"))
    of_kind = (or_(*(_s.kind == kind for kind in kinds)),) if kinds else ()
    return Read(select(*SUBJECT_COLUMNS).where(*wanted, *of_kind).order_by(_s.id))


def matter(number: UUID, *flows: type[Workflow[Any]]) -> Query[tuple[Subject[Any], ...]]:
    """What belongs to a matter and is of one of these workflows, the oldest first. Args: number: the whole's."""
    return _Matter(number, flows)
