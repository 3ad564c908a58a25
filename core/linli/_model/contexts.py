"""What callbacks get: one argument, `Context[R]` of a subject or `Transition[R, I]` of a move that is being made.

Both are covariant, so that what is written for `Transition[object, object]` serves every move. Hooks of acts get `AnyAct`: a move,
a direct act, or that something is late; `t.of(LoanFlow.lend)` gives it with its types.
"""

from abc import ABC, abstractmethod
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast, overload
from uuid import UUID

from linli._base.errors import NotFound
from linli._model.access import Seat
from linli._model.inputs import BodyId, PersonId, PlaceId, Ref
from linli._model.queries import Query

if TYPE_CHECKING:
    from linli._model.acts import Act
    from linli._model.conditions import Tree
    from linli._model.direct import ActContext, DirectAct
    from linli._model.facts import Facts
    from linli._model.lateness import Lateness
    from linli._model.moves import Clock, Move
    from linli._model.states import State
    from linli._model.subjects import StoredSubject
    from linli._model.workflows import Workflow

R = TypeVar("R")
I = TypeVar("I")  # noqa: E741 - inputs
S = TypeVar("S")
R_co = TypeVar("R_co", covariant=True)
I_co = TypeVar("I_co", covariant=True)


class Subject(Generic[R_co]):
    """One thing in a workflow, with its record: a loan, a task, a survey.

    Attributes:
        flow: the workflow that it is in.
    """

    __slots__ = ("_kept", "flow")
    flow: "type[Workflow[Any]]"

    def __init__(self, kept: "StoredSubject", flow: "type[Workflow[Any]]") -> None:
        self._kept, self.flow = kept, flow

    @property
    def id(self) -> Ref[R_co]:
        """Its number."""
        return cast("Ref[R_co]", self._kept.id)

    @property
    def kept(self) -> "StoredSubject":
        """As today's hooks take it; it goes when hooks take transitions."""
        return self._kept

    @property
    def root(self) -> UUID:
        """The number of what it is a part of, at the top; its own where it is a part of nothing."""
        return self._kept.root

    @property
    def parent(self) -> UUID | None:
        """The number of what it is a part of."""
        return self._kept.parent

    @property
    def key(self) -> str | None:
        """What tells it from the other parts of its parent."""
        return self._kept.key

    @property
    def state(self) -> "State":
        """Where it is."""
        name = self._kept.state
        return self.flow.states.get(name) or self.flow.state(name)

    @property
    def record(self) -> R_co:
        """What is kept with it."""
        return cast(R_co, self._kept.record)

    @property
    def place(self) -> PlaceId:
        """Where it is, or, where that place has ended, where it goes on."""
        return PlaceId(self._kept.place)

    @property
    def compound(self) -> PlaceId:
        """The place under which it is counted: its compound, or its own place above compounds."""
        return PlaceId(self._kept.compound)

    @property
    def opened_in(self) -> PlaceId:
        """The place where it was opened, whatever became of that."""
        return PlaceId(self._kept.opened_in)

    @property
    def person(self) -> PersonId | None:
        """Whom it is about or from."""
        return PersonId(self._kept.person) if self._kept.person else None

    @property
    def holder(self) -> Seat | None:
        """The seat that must act on it."""
        return self._kept.holder

    @property
    def outcome(self) -> str | None:
        """The code of how it ended; None while it is open."""
        return self._kept.outcome

    @property
    def opened_at(self) -> datetime:
        """When it was opened."""
        return self._kept.opened_at

    @property
    def accepted_at(self) -> datetime | None:
        """When it was accepted."""
        return self._kept.accepted_at

    @property
    def ended_at(self) -> datetime | None:
        """When it ended; None while it is open."""
        return self._kept.ended_at

    def due(self, clock: "Clock[Any]") -> datetime | None:
        """When a clock of it has passed; None while it does not run."""
        known = self._kept.clocks.get(clock.name)
        return known.due if known else None

    def rang(self, clock: "Clock[Any]") -> bool:
        """Whether a clock of it has rung since it last began."""
        known = self._kept.clocks.get(clock.name)
        return known is not None and known.step > 0

    def made(self, move: "Move[Any, Any]") -> tuple[PersonId, ...]:
        """Everybody who made a move of it, in their order."""
        return self.made_by_name(move.name)

    def made_by_name(self, move: str) -> tuple[PersonId, ...]:
        """The same of a move that a district's settings name; nobody where it has no such move."""
        return tuple(PersonId(one) for one in self._kept.hands.moves.get(move, ()))

    @property
    def makers(self) -> frozenset[PersonId]:
        """Everybody who made any move of it."""
        return frozenset(PersonId(one) for people in self._kept.hands.moves.values() for one in people)

    def body_of(self, person: PersonId | None) -> BodyId | None:
        """The organisation that somebody first acted for in it; None where they acted for none."""
        found = self._kept.hands.bodies.get(str(person))
        return BodyId(found) if found else None


class Moment:
    """A moment in a district, and what is known at it: what every callback has.

    Attributes:
        facts: what the engine reads; it goes when queries have all of it.
    """

    facts: "Facts"

    def __init__(self, facts: "Facts") -> None:
        self.facts = facts

    @property
    def at(self) -> datetime:
        """When the act happens: no callback reads a clock."""
        return self.facts.at

    @property
    def today(self) -> date:
        """The day of the act in the district's zone."""
        return self.facts.today

    @property
    def local(self) -> datetime:
        """When the act happens, by the district's clocks."""
        return self.facts.at.astimezone(self.facts.calendar.zone)

    def get(self, query: Query[S]) -> S:
        """The answer to a typed question (`linli.query`): as it was before this act. It is asked once."""
        return self.facts.get(query)

    def settings(self, kind: type[S]) -> S:
        """The district's settings of this class."""
        return self.facts.settings(kind)


class AnyAct(Moment, ABC):
    """An act: what hooks of acts get, of a workflow's move, a direct act, or that something is late.

    Attributes:
        act: as the journal has it, for rules about any verb that a district's settings name; there only once it stands: hooks have it.
        id: the act's number; the same when the transaction is tried again.
        given: what whoever acts has given, see `of`.
        actor: who acts; None for linli itself and for the console.
        acting_as: in which capacity: a post ("clerk@..."), "own", "person", "engine", "console".
    """

    act: "Act"
    id: UUID
    given: object
    actor: PersonId | None
    acting_as: str | None

    @property
    def verb(self) -> str:
        """As the journal calls it: "loan.lend", "points.award", "loan.late"."""
        return self.act.verb

    @property
    @abstractmethod
    def place(self) -> PlaceId:
        """Where; of a direct act that names no place, the district itself."""

    @property
    @abstractmethod
    def person(self) -> PersonId | None:
        """Whom it is about, or from."""

    @property
    def root(self) -> UUID:
        """The number of the matter: of what the subject is a part of, at the top; of a direct act, of what it is about."""
        return self.act.root

    @property
    def after(self) -> Subject[Any] | None:
        """The subject as the act leaves it; None of a direct act, which is of none."""
        return None

    @property
    def seat(self) -> Seat | None:
        """The post that it is done by; None where somebody acts for themselves, or linli does, or the console."""
        return Seat.read(self.acting_as or "")

    @property
    def by_engine(self) -> bool:
        """Whether linli itself acts, by a rule."""
        return self.acting_as == "engine"

    def is_among(self, people: tuple[PersonId, ...]) -> bool:
        """Whether who acts is one of these, also by a record of theirs that was merged."""
        return self.facts.is_among(self.actor, people)

    @overload
    def of(self, kind: "Move[R, I]") -> "Transition[R, I] | None": ...
    @overload
    def of(self, kind: "DirectAct[I]") -> "ActContext[I] | None": ...
    @overload
    def of(self, kind: "type[Workflow[R]]") -> "Transition[R, object] | None": ...
    @overload
    def of(self, kind: "Move[R, Any]", *more: "Move[R, Any]") -> "Transition[R, object] | None": ...
    @overload
    def of(self, kind: "DirectAct[Any]", *more: "DirectAct[Any]") -> "ActContext[object] | None": ...
    def of(self, kind: Any, *more: Any) -> Any:
        """This act with its types, where it is this move or direct act, one of several, or any move of this workflow.

        Hooks ask this first; None where it is something else.
        """
        return self if self._is(kind) or any(map(self._is, more)) else None

    def late(self, flow: "type[Workflow[R]]") -> "Lateness[R] | None":
        """This act with its types, where it says that a subject of this workflow is late."""
        return None

    @abstractmethod
    def _is(self, kind: object) -> bool: ...


class Context(Moment, Generic[R_co]):
    """A subject at a moment: what limits, quotas, parts and `when` get.

    Attributes:
        record: its record.
    """

    record: R_co

    def __init__(self, facts: "Facts", kept: "StoredSubject", flow: "type[Workflow[Any]]") -> None:
        self.facts, self._kept, self._flow = facts, kept, flow
        self.record = kept.record
        self._subject: Any = None

    @property
    def subject(self) -> Subject[R_co]:
        """The subject: of a move, as the move leaves it."""
        found: Subject[R_co] = self._subject or Subject(self._kept, self._flow)
        self._subject = found
        return found

    @property
    def place(self) -> PlaceId:
        """Where it is."""
        return PlaceId(self._kept.place)

    def parts(self, flow: "type[Workflow[R]]") -> tuple[Subject[R], ...]:
        """Its parts of a kind, of the current round."""
        tree = self._tree()
        return tuple(Subject(one, flow) for one in (tree.parts(self._kept, flow.name) if tree else ()))

    def parent(self, flow: "type[Workflow[R]]") -> Subject[R] | None:
        """What it is a part of; None where it is a part of nothing, or of another kind of subject."""
        tree = self._tree()
        found = tree.parent(self._kept) if tree else None
        return Subject(found, flow) if found is not None and found.kind == flow.name else None

    def _tree(self) -> "Tree | None":
        """The matter that it belongs to; None while that is being opened."""
        try:
            return self.facts.tree_of(self._kept.root)
        except NotFound:
            return None


class Transition(Context[R_co], AnyAct, Generic[R_co, I_co]):
    """A move that is being made: what `needs`, `record`, `then`, counts and hooks get.

    Attributes: beside those of `AnyAct`
        move: which one.
        version: which act of the matter it is, from 1; 0 while `record=` works out what it leaves.
        given: what whoever acts has given: never anything that linli works out.
    """

    move: "Move[Any, Any]"
    version: int
    given: I_co

    def __init__(
        self,
        facts: "Facts",
        before: "StoredSubject",
        after: "StoredSubject",
        move: "Move[Any, Any]",
        given: I_co,
        ident: UUID,
        actor: Any,
        acting_as: str | None,
        version: int = 0,
    ) -> None:
        super().__init__(facts, after, move.flow)
        self.move, self.id, self.version, self.given = move, ident, version, given
        self.actor, self.acting_as, self._before = actor, acting_as, before

    @property
    def before(self) -> Subject[R_co]:
        """The subject as the move found it; of an opening, as it begins."""
        return Subject(self._before, self._flow)

    @property
    def person(self) -> PersonId | None:
        """Whom the subject is about or from."""
        return self.subject.person

    @property
    def after(self) -> Subject[R_co]:
        """The subject as the move leaves it."""
        return self.subject

    def _is(self, kind: object) -> bool:
        return kind is self.move or kind is self._flow


AnyTransition = Transition[object, object]
