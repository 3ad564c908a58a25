"""Questions about the subjects of a workflow: which fit, how many, where, in which state, with what they are a part of."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Literal, TypeVar, cast
from uuid import UUID

import attrs
from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, func, or_, select

from linli._model.access import Seat
from linli._model.compiling import compiled
from linli._model.contexts import Subject
from linli._model.inputs import PlaceId, Ref
from linli._model.lookups import counted_within, ever, stands_within
from linli._model.queries import Query, Rows, RowsQuery
from linli._model.states import State, States, states_of
from linli._model.subjects import ORDERS, SUBJECT_COLUMNS, StoredSubject, subject_from
from linli._model.workflows import Workflow
from linli._query.own import path_of
from linli._store import Read
from linli._store import tables as t
from linli._store.fields import field

if TYPE_CHECKING:
    from linli._model.facts import Facts
    from linli._store.store import Question

R = TypeVar("R")
S = TypeVar("S")
T = TypeVar("T")
Shown = Callable[[StoredSubject], StoredSubject]
Order = Literal["oldest", "newest", "pressing"]

_s = t.subject.c
_d: BindParameter[str] = bindparam("district")


@attrs.frozen
class _Shape:
    """What of a question about subjects becomes part of its statement; the rest are values."""

    kind: str
    states: tuple[str, ...]
    fields: tuple[str, ...]
    given: frozenset[str]
    ended: bool | None
    unaccepted: bool
    whole: bool


@attrs.frozen(kw_only=True)
class _Wanted(Generic[R]):
    """Which subjects are meant; see `subjects`."""

    flow: type[Workflow[R]]
    states: tuple[str, ...] = ()
    ended: bool | None = None
    unaccepted: bool = False
    where: tuple[tuple[str, str], ...] = ()
    values: tuple[tuple[str, object], ...] = ()
    whole: bool = False

    @property
    def shape(self) -> _Shape:
        """What its statement is made of."""
        given = frozenset(name for name, _ in self.values)
        fields = tuple(name for name, _ in self.where)
        return _Shape(self.flow.name, self.states, fields, given, self.ended, self.unaccepted, self.whole)

    def parameters(self) -> dict[str, Any]:
        """The values of its statement, but for the district."""
        found = dict(self.values) | {f"field_{name}": value for name, value in self.where}
        for name, path in _PATHS.items():
            if name in found:
                found[path] = path_of(cast(UUID, found[name]))
        return found


class OfSubjects(Query[T]):
    """A question about the subjects of a workflow, which can be asked for somebody too: see `District.ask`."""

    wanted: _Wanted[Any]
    _lists: ClassVar[bool] = False  # whether its rows are subjects

    def read(self) -> Read:
        """Its statement."""
        raise NotImplementedError

    def loaded(self, rows: Rows, shown: Shown) -> T:
        """The answer, of rows. Args: shown: what makes of a subject what whoever asks may know of it."""
        raise NotImplementedError

    def matters(self, rows: Rows) -> frozenset[UUID]:
        """The matters that the subjects in its rows are parts of, at the top; a count has none."""
        return frozenset(row[1] for row in rows if row[0] != row[1]) if self._lists else frozenset()

    def parameters(self) -> dict[str, Any]:
        """The values of its statement, but for the district."""
        return self.wanted.parameters()

    def questions(self) -> "Sequence[Question]":
        return [(self.read(), self.parameters())]

    def answer(self, facts: "Facts") -> T:
        return self.loaded(facts.rows(self.read(), **self.parameters()), lambda one: one)


@attrs.frozen
class SubjectQuery(OfSubjects[tuple[Subject[R], ...]], Generic[R]):
    """The subjects of a workflow that fit; see `subjects`."""

    _lists = True
    wanted: _Wanted[R]
    order: Order = "oldest"
    most: int | None = None

    def read(self) -> Read:
        return _subjects_read(self.wanted.shape, self.order, self.most)

    def loaded(self, rows: Rows, shown: Shown) -> tuple[Subject[R], ...]:
        flow = self.wanted.flow
        return tuple(Subject(shown(subject_from(row, flow.record_type)), flow) for row in rows)

    def count(self, *, most: int | None = None) -> OfSubjects[int]:
        """How many there are, however many are shown. Args: most: counted no further than this."""
        return _Count(self.wanted, most)

    def count_by_place(self, kind: str) -> OfSubjects[Mapping[PlaceId, int]]:
        """How many there are under each place of a kind, such as each street: by where a subject is now."""
        return _CountByPlace(self.wanted, kind)

    def count_by_state(self) -> OfSubjects[Mapping[State, int]]:
        """How many there are in each state."""
        return _CountByState(self.wanted)

    def with_whole(self, flow: type[Workflow[S]]) -> OfSubjects[tuple[tuple[Subject[R], Subject[S]], ...]]:
        """The same, each with what it is a part of; without those that are a part of nothing of that kind."""
        return _WithWhole(attrs.evolve(self.wanted, whole=True), flow, self.order, self.most)


def subjects(
    flow: type[Workflow[R]],
    *,
    states: State | States = States(),  # noqa: B008 - it is frozen
    ended: bool | None = None,
    person: UUID | None = None,
    place: UUID | None = None,
    compound: UUID | None = None,
    within: UUID | None = None,
    now_within: UUID | None = None,
    holder: Seat | None = None,
    parent: UUID | None = None,
    matter: UUID | None = None,
    where: Mapping[str, str | UUID] | None = None,
    opened_from: datetime | None = None,
    opened_before: datetime | None = None,
    late_at: datetime | None = None,
    after: UUID | None = None,
    order: Order = "oldest",
    most: int | None = None,
) -> SubjectQuery[R]:
    """The subjects of a workflow that fit all that is said; what is left out may be anything.

    Args:
        states: those in one of these.
        ended: True: only what has ended; False: only what is open.
        person: whose they are, under every number that they ever had.
        place: those at this very place, or opened there. within: those there and below it.
        compound: those that are counted under this place, under every number that it ever had.
        now_within: those that are there or below it now, wherever they were opened.
        holder: the seat that has them; what a merged organisation had is its successor's. Without a role: any post there.
        parent: the parts of this subject. matter: this subject with all that belongs to it, of this kind.
        where: by field of the record, its text, code or number.
        opened_from, opened_before: when they were opened.
        late_at: only what is open and was due before this moment.
        after: only what comes after this subject, the oldest first: the next page.
        order: "oldest" or "newest" first, or the most "pressing": by deadline, then the oldest.
        most: no more than this many.

    Raises: TypeError for a field that the record does not have.
    """
    known = {one.name for one in attrs.fields(cast(Any, flow.record_type))}
    if unknown := sorted((where or {}).keys() - known):
        raise TypeError(f"{flow.__name__}: its record has no {', '.join(unknown)}; it has: {sorted(known)}")
    values = {
        "person": person, "at_place": place, "compound": compound, "within": within, "now_within": now_within, "parent": parent, "root": matter, "after": after,
        "opened_from": opened_from, "opened_before": opened_before, "late_at": late_at,
        "holder_at": holder.at if holder else None, "holder_role": holder.role if holder else None,
    }  # fmt: skip
    names = sorted(one.name for one in states_of(states))
    wanted = _Wanted(
        flow=flow,
        states=(*names, *(old for old, new in flow.was.items() if new in names)),
        ended=_open_or_ended(flow, names, ended, late_at),
        unaccepted=_never_accepted(flow, names),
        where=tuple((name, _text(name, value)) for name, value in sorted((where or {}).items())),
        values=tuple((name, value) for name, value in values.items() if value is not None),
    )
    return SubjectQuery(wanted, order, most)


def _text(name: str, value: str | UUID) -> str:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, str | UUID):
        return str(value)
    raise TypeError(f"{name}: a subject is found by texts, codes and numbers of linli's, not by {value!r}")


def _open_or_ended(
    flow: type[Workflow[Any]], names: Sequence[str], ended: bool | None, late_at: datetime | None
) -> bool | None:
    """Whether only what is open, or only what has ended, can fit: an index has what is open alone."""
    open_ = names and not any(flow.states[name].ends for name in names)
    return False if ended is None and (late_at or open_) else ended


def _never_accepted(flow: type[Workflow[Any]], names: Sequence[str]) -> bool:
    """Whether what is in these states was never accepted: an index finds it among all that is open."""
    return bool(flow.accepted_in and names) and compiled(flow).once_accepted.isdisjoint(names)


@cache
def conditions(shape: _Shape) -> tuple[ColumnElement[bool], ...]:
    """What a subject must meet, with a parameter for each value."""
    found: list[ColumnElement[bool]] = [_s.district == _d, _s.kind == shape.kind]
    if shape.states:
        found.append(or_(*(_s.state == state for state in shape.states)))
    if shape.ended is not None:
        found.append(_s.ended_at.is_not(None) if shape.ended else _s.ended_at.is_(None))
    if shape.unaccepted:
        found.append(_s.accepted_at.is_(None))
    found += [field(_s.record, name) == bindparam(f"field_{name}") for name in shape.fields]
    return (*found, *(_CONDITIONS[name]() for name in sorted(shape.given)))


_PATHS = {"within": "path", "now_within": "now_path", "at_place": "at_path"}
_CONDITIONS: Mapping[str, Callable[[], ColumnElement[bool]]] = {
    "person": lambda: ever(_s.person),
    "at_place": lambda: and_(
        # Found by what it is counted under: a place has no index of its own for what has ended.
        _s.compound.in_(counted_within("at_place", "at_path")),
        or_(_s.place == bindparam("at_place"), _s.origin == bindparam("at_place")),
    ),
    "compound": lambda: ever(_s.compound, "compound"),
    "within": lambda: stands_within(),
    "now_within": lambda: stands_within("now_within", "now_path", opened_too=False),
    "holder_at": lambda: ever(_s.holder_at, "holder_at"),
    "holder_role": lambda: _s.holder_role == bindparam("holder_role"),
    "parent": lambda: _s.parent == bindparam("parent"),
    "root": lambda: _s.root == bindparam("root"),
    "after": lambda: _s.id > bindparam("after"),
    "opened_from": lambda: _s.opened_at >= bindparam("opened_from"),
    "opened_before": lambda: _s.opened_at < bindparam("opened_before"),
    "late_at": lambda: _s.due_at < bindparam("late_at"),
}
WHOLE = t.subject.alias("whole")
_WHOLE_COLUMNS = tuple(WHOLE.c[column.name] for column in SUBJECT_COLUMNS)
_is_whole = and_(WHOLE.c.district == _s.district, WHOLE.c.id == _s.parent)


@cache
def _subjects_read(shape: _Shape, order: str, most: int | None) -> Read:
    columns = (*SUBJECT_COLUMNS, *_WHOLE_COLUMNS) if shape.whole else SUBJECT_COLUMNS
    found: Select[Any] = select(*columns).where(*conditions(shape)).order_by(*ORDERS[order])
    if shape.whole:
        found = found.join_from(t.subject, WHOLE, _is_whole)
    return Read(found if most is None else found.limit(most))


@attrs.frozen
class _Count(OfSubjects[int]):
    wanted: _Wanted[Any]
    most: int | None = None

    def read(self) -> Read:
        return _count_read(self.wanted.shape, self.most)

    def loaded(self, rows: Rows, shown: Shown) -> int:
        return int(rows[0][0])


@cache
def _count_read(shape: _Shape, most: int | None) -> Read:
    some = select(_s.id).where(*conditions(shape)).limit(most)
    return Read(select(func.count()).select_from(some.subquery()))


@attrs.frozen
class _CountByState(OfSubjects[Mapping[State, int]]):
    wanted: _Wanted[Any]

    def read(self) -> Read:
        return _count_by_state_read(self.wanted.shape)

    def loaded(self, rows: Rows, shown: Shown) -> Mapping[State, int]:
        found: dict[State, int] = {}
        for name, n in rows:
            state = self.wanted.flow.state(name)
            found[state] = found.get(state, 0) + int(n)
        return found


@cache
def _count_by_state_read(shape: _Shape) -> Read:
    return Read(select(_s.state, func.count()).where(*conditions(shape)).group_by(_s.state))


@attrs.frozen
class _CountByPlace(OfSubjects[Mapping[PlaceId, int]]):
    wanted: _Wanted[Any]
    kind: str

    def read(self) -> Read:
        return _count_by_place_read(self.wanted.shape)

    def parameters(self) -> dict[str, Any]:
        return {**self.wanted.parameters(), "grouped": self.kind}

    def loaded(self, rows: Rows, shown: Shown) -> Mapping[PlaceId, int]:
        return {PlaceId(place): int(n) for place, n in rows}


@cache
def _count_by_place_read(shape: _Shape) -> Read:
    above, here = t.place.alias("above"), t.place.alias("here")
    counted = (
        select(above.c.id, func.count())
        .select_from(t.subject)
        .join(here, and_(here.c.district == _s.district, here.c.id == _s.place))
        .join(above, and_(above.c.district == _s.district, here.c.path.startswith(above.c.path)))
        .where(above.c.kind == bindparam("grouped"), *conditions(shape))
        .group_by(above.c.id)
    )
    return Read(counted)


@attrs.frozen
class _WithWhole(OfSubjects[tuple[tuple[Subject[R], Subject[S]], ...]], Generic[R, S]):
    _lists = True
    wanted: _Wanted[R]
    whole: type[Workflow[S]]
    order: Order
    most: int | None

    def read(self) -> Read:
        return _subjects_read(self.wanted.shape, self.order, self.most)

    def loaded(self, rows: Rows, shown: Shown) -> tuple[tuple[Subject[R], Subject[S]], ...]:
        return tuple(self._pairs(rows, shown))

    def _pairs(self, rows: Rows, shown: Shown) -> Iterator[tuple[Subject[R], Subject[S]]]:
        part, width = self.wanted.flow, len(SUBJECT_COLUMNS)
        for row in rows:
            if row[width + 3] == self.whole.name:
                mine = Subject[R](shown(subject_from(row[:width], part.record_type)), part)
                whole = shown(subject_from(row[width:], self.whole.record_type))
                yield mine, Subject[S](whole, self.whole)


@attrs.frozen
class _One(Query[Subject[R] | None]):
    number: UUID
    flow: type[Workflow[R]]

    def questions(self) -> "Sequence[Question]":
        return [(ONE, {"id": self.number})]

    def answer(self, facts: "Facts") -> Subject[R] | None:
        rows = facts.rows(ONE, id=self.number)
        if not rows or rows[0][3] != self.flow.name:
            return None
        return Subject(subject_from(rows[0], self.flow.record_type), self.flow)


ONE = Read(select(*SUBJECT_COLUMNS).where(_s.district == _d, _s.id == bindparam("id")))


def one(flow: type[Workflow[R]], number: Ref[R]) -> Query[Subject[R] | None]:
    """A subject by its number; None where there is none of that workflow."""
    return _One(number, flow)


def any_of_kind(
    kind: str, *, where: Mapping[str, str | UUID], ended: bool | None = None
) -> Query[tuple[StoredSubject, ...]]:
    """The subjects of a workflow of another plugin's, by its name and fields of its record, as `any_subject` has them."""
    shape = _Shape(kind, (), tuple(sorted(where)), frozenset(), ended, unaccepted=False, whole=False)
    values = tuple((f"field_{name}", _text(name, value)) for name, value in sorted(where.items()))
    return RowsQuery(_subjects_read(shape, "oldest", None), values, as_written)


def as_written(rows: Rows) -> tuple[StoredSubject, ...]:
    """Subjects of whatever workflow: each record is a mapping."""
    return tuple(subject_from(row, dict) for row in rows)
