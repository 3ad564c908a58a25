"""Moves, and what they have: quotas, clocks, parts."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Generic, TypedDict, TypeVar, Unpack, cast, overload
from uuid import UUID

import attrs

from linli._base.refusals import Refusal
from linli._model.access import ENGINE, Role, Seat
from linli._model.compiled import Limit
from linli._model.contexts import Context, Transition
from linli._model.declared import Declared
from linli._model.effects import Effect, MoveOrder, OpenOrder
from linli._model.figures import Count
from linli._model.inputs import NoInputs, PersonId, PlaceId, Ref, plain_values
from linli._model.ladders import Ladder
from linli._model.queries import Query
from linli._model.states import Path, State, States, states_of

R = TypeVar("R")
I = TypeVar("I")  # noqa: E741 - inputs
C = TypeVar("C")
R2 = TypeVar("R2")

NO_INPUTS = NoInputs()


@attrs.frozen
class Counting:
    """What each act of a move adds to a figure: `Loans.end.count(days_out)`, `Loans.end.minus()`.

    Attributes:
        counts: None: it takes one back.
        entering: the states, by the names that the record has of them, of which it counts who comes to be in one, and
            takes back who is no longer; `in_states` makes these.
    """

    move: "Move[Any, Any]"
    counts: Callable[[Any], Iterable[Count]] | None
    entering: frozenset[str] | None = None


def in_states(states: State | States) -> tuple[Counting, ...]:
    """What a stock figure counts by, of subjects that are in one of these states: `on=in_states(Loans.out | Loans.lost)`."""
    wanted = states_of(states)
    flow = next(iter(wanted)).flow
    names = {one.name for one in wanted}
    known = frozenset(names | {old for old, new in flow.was.items() if new in names})
    crossing = (move for move in flow.moves.values() if _crosses(move, wanted))
    return tuple(Counting(move, None, known) for move in crossing)


def _crosses(move: "Move[Any, Any]", states: frozenset[State]) -> bool:
    """Whether a move can lead into some states, or out of them."""
    path = move.path
    if path.target is None:
        return False
    if path.back or isinstance(move, Opening):
        return path.back or path.target in states
    return any((source in states) != (path.target in states) for source in path.sources)


@attrs.frozen(kw_only=True)
class Amount:
    """Units of the ledger that an owner has."""

    owner: UUID
    unit: str
    n: int


T = TypeVar("T", bound=Context[Any])


class InTurn(Generic[T]):
    """Checks of which the later say nothing useful where an earlier one fails; made by `in_turn`."""

    def __init__(self, checks: tuple[Callable[[T], Refusal | None], ...]) -> None:
        self.checks = checks

    def __call__(self, t: T) -> Refusal | None:
        """The first reason, or None."""
        return next((reason for check in self.checks if (reason := check(t))), None)


def in_turn(*checks: Callable[[T], Refusal | None]) -> InTurn[T]:
    """One check of several, of which the later are asked only where the earlier found nothing."""
    return InTurn(checks)


class Quota(Declared, Generic[R]):
    """Units that moves hold, spend or give back: a gift's stock, a session's seats.

    Args:
        amount: whose units, and how many.
        empty: the refusal where too little is left, a class without values that says what to do then; None: the amounts.
    """

    def __init__(self, amount: Callable[[Context[R]], Amount], *, empty: type[Refusal] | None = None) -> None:
        super().__init__()
        self.amount, self.empty = amount, empty() if empty else None


class Options(TypedDict, Generic[R, I], total=False):
    """What a move may have beside its path and its inputs; every callback takes the one transition.

    label: what people call the move; the name, without underscores, where it is left out.
    name: what the record calls it, where that is not the attribute's name.
    by: who may make it; linli alone where it is left out.
    needs: why it may not happen, or None; all are asked.
    reads: the questions (`linli.query`) that its callbacks ask, so that they come in one round trip.
    then: what follows in the same act.
    not_by: moves of the same matter whose makers may not make this one.
    bars: moves of the same matter, or of parts of it, that whoever makes this one may not make: `not_by` of those.
    holds, spends, releases: quotas. when_empty: where it leads where one has nothing left; else it is refused.
    first: the move that whoever makes this one makes before it, in the same act, where that is still to do.
    resets: clocks whose limit is worked out anew.
    """

    label: str
    name: str
    by: Role
    reads: Callable[[Transition[object, I]], Iterable[Query[object]]]
    needs: Sequence[Callable[[Transition[R, I]], Refusal | None]]
    then: Sequence[Callable[[Transition[R, I]], Iterable[Effect]]]
    bars: Sequence["Move[Any, Any]"]
    not_by: Sequence["Move[Any, Any]"]
    holds: Sequence[Quota[R]]
    spends: Sequence[Quota[R]]
    releases: Sequence[Quota[R]]
    when_empty: State
    first: "Move[R, NoInputs]"
    resets: "Sequence[Clock[R]]"


class Move(Declared, Generic[R, I]):
    """A step of a subject, made by `Moves`; called, it gives the order to make it: `Loan.bring_back(number)`."""

    def __init__(
        self,
        path: Path,
        inputs: type[I],
        record: Callable[[Transition[Any, I]], R] | None,
        when: Callable[[Context[R]], bool] | None,
        options: Options[R, I],
    ) -> None:
        super().__init__(options.get("name", ""))
        unknown = options.keys() - Options.__annotations__.keys()
        if unknown:
            raise TypeError(
                f"a move has no {', '.join(sorted(unknown))}; it can have: {', '.join(Options.__annotations__)}"
            )
        self.path, self.inputs, self.computes, self.when = path, inputs, record, when
        self.by: Role = options.get("by", ENGINE)
        self.label = options.get("label", "")
        self.reads = options.get("reads")
        self.needs = tuple(options.get("needs", ()))
        self.then = tuple(options.get("then", ()))
        self.not_by = tuple(options.get("not_by", ()))
        self.barred_by: tuple[Move[Any, Any], ...] = ()
        for barred in options.get("bars", ()):
            barred.changes(f"bars= of a move ({self.where})")
            barred.barred_by = (*barred.barred_by, self)
        self.holds = tuple(options.get("holds", ()))
        self.spends = tuple(options.get("spends", ()))
        self.releases = tuple(options.get("releases", ()))
        self.when_empty = options.get("when_empty")
        self.first = options.get("first")
        self.resets = tuple(options.get("resets", ()))

    @overload
    def __call__(
        self: "Move[R2, NoInputs]", subject: Ref[R2], *, version: int | None = None
    ) -> MoveOrder: ...
    @overload
    def __call__(self, subject: Ref[R], given: I, *, version: int | None = None) -> MoveOrder: ...
    def __call__(
        self, subject: Ref[Any], given: object = NO_INPUTS, *, version: int | None = None
    ) -> MoveOrder:
        """The order to make it. Args: version: of the matter as the actor saw it; None: whatever it is now."""
        return MoveOrder(subject=subject, move=self.name, values=plain_values(given), version=version)

    def count(self, counts: Callable[[Transition[R, I]], Iterable[Count]]) -> Counting:
        """What each such act adds to a figure."""
        return Counting(self, counts)

    def minus(self) -> Counting:
        """Each such act takes one back."""
        return Counting(self, None)


class Opening(Move[R, I]):
    """A move that opens a subject; `at` gives the order: `Loan.borrow.at(place, Borrow(..), person=who)`."""

    def at(
        self,
        place: PlaceId,
        given: I,
        *,
        person: PersonId | None = None,
        holder: Seat | None = None,
        parent: UUID | None = None,
        key: str | None = None,
        id: UUID | None = None,
    ) -> OpenOrder:
        """The order that opens one at a place. Args: as of `OpenOrder`."""
        return OpenOrder(
            workflow=self.flow.name,
            move=self.name,
            place=place,
            values=plain_values(given),
            id=id,
            holder=holder,
            person=person,
            parent=parent,
            key=key,
        )


class Moves(Generic[R]):
    """What makes the moves of a workflow over the record R: `move = Moves(Loan)`, first in the class."""

    def __init__(self, record: type[R]) -> None:
        self.record = record

    @overload
    def __call__(
        self,
        path: Path,
        *,
        record: Callable[[Transition[R, NoInputs]], R] | None = None,
        when: Callable[[Context[R]], bool] | None = None,
        **options: Unpack[Options[R, NoInputs]],
    ) -> Move[R, NoInputs]: ...
    @overload
    def __call__(
        self,
        path: Path,
        inputs: type[I],
        *,
        record: Callable[[Transition[R, I]], R] | None = None,
        when: Callable[[Context[R]], bool] | None = None,
        **options: Unpack[Options[R, I]],
    ) -> Move[R, I]: ...
    def __call__(
        self, path: Path, inputs: Any = NoInputs, *, record: Any = None, when: Any = None, **options: Any
    ) -> Any:
        """A move along `path`.

        Args:
            record: the record that it leaves, where linli works out some of it.
            when: whether it is time, for a move that linli makes by itself; judged after each act.
        """
        return Move(path, inputs, record, when, cast(Any, options))

    @overload
    def opening(
        self,
        to: State,
        *,
        record: Callable[[Transition[None, NoInputs]], R] | None = None,
        **options: Unpack[Options[R, NoInputs]],
    ) -> Opening[R, NoInputs]: ...
    @overload
    def opening(
        self,
        to: State,
        inputs: type[I],
        *,
        record: Callable[[Transition[None, I]], R] | None = None,
        **options: Unpack[Options[R, I]],
    ) -> Opening[R, I]: ...
    def opening(self, to: State, inputs: Any = NoInputs, *, record: Any = None, **options: Any) -> Any:
        """A move that opens a subject. Args: record: where it is not just the inputs of the same names."""
        return Opening(Path(States(), to), inputs, record, None, cast(Any, options))


class Clock(Declared, Generic[R]):
    """A deadline of the subject, not of a move: what is sent again or taken up again does not restart it.

    Args:
        runs_in: the states in which time counts.
        limit: how long; None: this subject has no such deadline.
        pauses_in: the states in which it stands; a move into one asks for a reason.
        then: the move that linli makes when it has rung, and only then unless people may make it too; else nobody's
            silence decides.
        ladder: who hears when it has rung, one after the other; None: whom the plugins' hook `ladder_next` names.
        afresh: each time that it begins it counts from nothing, with a limit of its own.
        name: what the record calls it, where that is not the attribute's name.
    """

    def __init__(
        self,
        runs_in: State | States,
        limit: Callable[[Context[R]], Limit | None],
        *,
        pauses_in: State | States = States(),  # noqa: B008 - it is frozen
        then: Move[R, NoInputs] | None = None,
        ladder: Ladder[R] | None = None,
        afresh: bool = False,
        name: str = "",
    ) -> None:
        super().__init__(name)
        self.runs_in, self.pauses_in = states_of(runs_in), states_of(pauses_in)
        self.limit, self.then, self.ladder, self.afresh = limit, then, ladder, afresh


@attrs.frozen(kw_only=True)
class PartKey(Generic[I]):
    """One part to open: its key among the others, what its opening is given, who holds it."""

    key: str
    given: I
    holder: Seat | None = None


class Part(Declared, Generic[R, C, I]):
    """A part with a workflow of its own.

    Args:
        start: the opening of the part's workflow.
        in_: the state on whose entering one is opened per key of `one_per`; None: what follows from moves opens them.
        calls_off: the move of the part that linli makes as soon as the whole is in one of `off_in`.
    """

    @overload
    def __init__(
        self: "Part[object, C, I]",
        start: Opening[C, I],
        *,
        calls_off: Move[C, NoInputs] | None = None,
        off_in: State | States = ...,
        name: str = "",
    ) -> None: ...
    @overload
    def __init__(
        self,
        start: Opening[C, I],
        *,
        in_: State,
        one_per: Callable[[Context[R]], Iterable[PartKey[I]]],
        calls_off: Move[C, NoInputs] | None = None,
        off_in: State | States = ...,
        name: str = "",
    ) -> None: ...
    def __init__(
        self,
        start: Opening[C, I],
        *,
        in_: State | None = None,
        one_per: Any = None,
        calls_off: Move[C, NoInputs] | None = None,
        off_in: State | States = States(),  # noqa: B008 - it is frozen
        name: str = "",
    ) -> None:
        super().__init__(name)
        self.start, self.in_, self.one_per = start, in_, one_per
        self.calls_off, self.off_in = calls_off, states_of(off_in)
