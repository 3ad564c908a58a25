"""Workflows: a mechanism of the district as a class of states, moves, clocks, parts and quotas over a record.

class LoanFlow(Workflow[Loan], name="loan", summary_fields=("name",)):
    move = Moves(Loan)
    out = State("borrowed")
    back = State("brought back", ends=True)
    borrow = move.opening(out, Borrow, by=ANYONE)
    bring_back = move(out.to(back), by=OWN)
"""

import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, Generic, TypeVar, cast
from uuid import UUID

import attrs

from linli._base.refusals import Refusal
from linli._model.access import Role
from linli._model.contexts import Context, Transition
from linli._model.declared import Declared, line_of_caller
from linli._model.inputs import Ref
from linli._model.moves import Clock, Move, Opening, Part, Quota
from linli._model.states import Path, State, States

R = TypeVar("R")
D = TypeVar("D", bound=Declared)
When = Callable[[Context[object]], bool]


@attrs.frozen(kw_only=True)
class NoRecord:
    """The record of a workflow that keeps none: `Workflow[NoRecord]`."""


class Workflow(Generic[R]):
    """A mechanism over a record R.

    Class keywords:
        name: the kind of its subjects, and the first half of its verbs: "request" -> "request.submit".
        label: what people call one; the name, without underscores, where it is left out.
        summary_fields: the fields of the record that say in a list which one it is.
        hidden_fields: fields of the record with codes of the district's own: programs have them, `show` does not.
        one_with: fields of the record that name what is one matter with this one.
        readable_by: who may read what people wrote, with a reason that is kept.
        needs: why no move of it may happen, reading among them; each move has its own besides.
        was: old names of states to new ones, so that old records stay readable.
        holds_person: whether whom it is from is erased only when it has ended.
        abstract: it only shares what subclasses have in common; each of them gets states and moves of its own.

    Attributes:
        accepted_in: the state on whose first entering it counts as accepted: `accepted_in = offered`.
    """

    name: ClassVar[str]
    label: ClassVar[str]
    where: ClassVar[str]
    record_type: ClassVar[type]
    summary_fields: ClassVar[tuple[str, ...]]
    hidden_fields: ClassVar[tuple[str, ...]]
    one_with: ClassVar[tuple[str, ...]]
    readable_by: ClassVar[Role | None]
    needs: ClassVar[tuple[Callable[[Transition[Any, object]], Refusal | None], ...]]
    accepted_in: ClassVar[State | None] = None
    was: ClassVar[Mapping[str, str]]
    holds_person: ClassVar[bool]
    states: ClassVar[Mapping[str, State]]
    moves: ClassVar[Mapping[str, Move[Any, Any]]]
    clocks: ClassVar[tuple[Clock[Any], ...]]
    quotas: ClassVar[tuple[Quota[Any], ...]]
    part_kinds: ClassVar[tuple[Part[Any, Any, Any], ...]]
    in_use: ClassVar[bool]
    compiled_as: ClassVar[Any]

    def __init_subclass__(
        cls,
        *,
        name: str = "",
        label: str = "",
        summary_fields: tuple[str, ...] = (),
        hidden_fields: tuple[str, ...] = (),
        one_with: tuple[str, ...] = (),
        readable_by: Role | None = None,
        needs: Sequence[Callable[[Transition[Any, object]], Refusal | None]] = (),
        was: Mapping[str, str] | None = None,
        holds_person: bool = False,
        abstract: bool = False,
    ) -> None:
        if not (name or abstract):
            raise TypeError(f"{cls.__name__}: say name=, what the record calls its subjects")
        for taken in vars(cls).keys() & _RESERVED:
            if isinstance(vars(cls)[taken], Declared):
                raise TypeError(
                    f"{cls.__name__}.{taken}: every workflow has that name; take another, and say name="
                )
        cls.name, cls.label, cls.where = name, label or name.replace("_", " "), line_of_caller()
        cls.summary_fields = summary_fields or getattr(cls, "summary_fields", ())
        cls.hidden_fields = hidden_fields or getattr(cls, "hidden_fields", ())
        cls.one_with = one_with or getattr(cls, "one_with", ())
        cls.readable_by = readable_by or getattr(cls, "readable_by", None)
        cls.needs = tuple(needs) or getattr(cls, "needs", ())
        cls.holds_person = holds_person or getattr(cls, "holds_person", False)
        cls.was = was or getattr(cls, "was", {})
        base = next(
            (one for one in getattr(cls, "__orig_bases__", ()) if typing.get_origin(one) is Workflow), None
        )
        if base is not None:
            cls.record_type = typing.get_args(base)[0]
        _inherit(cls)
        if not abstract:
            cls.states = {one.name: one for one in _own(cls, State)}
            cls.moves = {one.name: one for one in _own(cls, Move)}
            cls.clocks = tuple(_own(cls, Clock))
            cls.quotas = tuple(_own(cls, Quota))
            cls.part_kinds = tuple(_own(cls, Part))
            for part in cls.part_kinds:
                _call_off(part)

    @classmethod
    def state(cls, name: str) -> State:
        """The state that the record calls so, by an old name too."""
        return cls.states[cls.was.get(name, name)]

    @classmethod
    def ref(cls, number: UUID) -> Ref[R]:
        """A number that is known to be of one of its subjects."""
        return cast("Ref[R]", number)

    @classmethod
    def open_states(cls) -> States:
        """The states in which a subject has not ended."""
        return States(one for one in cls.states.values() if not one.ends)

    @classmethod
    def openings(cls) -> Iterator[Opening[Any, Any]]:
        """The moves that open a subject."""
        return (one for one in cls.moves.values() if isinstance(one, Opening))


def _own(flow: type[Workflow[Any]], kind: type[D]) -> Iterator[D]:
    """Each once, also where two attributes have it: `offered = accepted_in = State()`."""
    found = dict.fromkeys(one for one in vars(flow).values() if isinstance(one, kind))
    return (one for one in found if one.flow is flow)


def _inherit(flow: type[Workflow[Any]]) -> None:
    """Give a workflow copies of its own of what it inherits: states, then moves along them, then clocks and parts."""
    copies: dict[Declared, Declared] = {}
    for name in dict.fromkeys(name for base in reversed(flow.__mro__[1:]) for name in vars(base)):
        value = getattr(flow, name, None)
        if isinstance(value, Declared) and name not in vars(flow) and value in copies:
            setattr(flow, name, copies[value])
        elif isinstance(value, Declared) and name not in vars(flow):
            copied = copies[value] = object.__new__(type(value))
            vars(copied).update({key: _mine(old, copies) for key, old in vars(value).items()})
            copied.flow = flow
            setattr(flow, name, copied)
    for own in [
        one for one in vars(flow).values() if isinstance(one, Declared) and one not in copies.values()
    ]:
        # What it names of the base is meant of this workflow.
        vars(own).update({key: _mine(old, copies) for key, old in vars(own).items() if key != "flow"})


def _mine(value: Any, copies: Mapping[Declared, Declared]) -> Any:
    if isinstance(value, Declared):
        return copies.get(value, value)
    if isinstance(value, States | frozenset | tuple):
        return type(value)(_mine(one, copies) for one in value)
    if isinstance(value, Path):
        return Path(_mine(value.sources, copies), _mine(value.target, copies), value.outcome, value.back)
    return value


def _call_off(part: Part[Any, Any, Any]) -> None:
    """Let linli make the move that calls it off: a part is declared before its whole, and cannot name its states."""
    move = part.calls_off
    if move is not None:
        move.changes(f"calls_off= of {part!r} ({part.where})")
        known, off = move.when, parent_in(*part.off_in)
        move.when = (lambda ctx: known(ctx) or off(ctx)) if known else off


_RESERVED = (vars(Workflow).keys() | Workflow.__annotations__.keys()) - {"accepted_in"}


# --- when linli makes a move by itself ---------------------------------------------------------------


def all_parts(*states: State, or_else: tuple[State, ...] = ()) -> When:
    """When every part of the states' workflow is in one of them or of `or_else`, and at least one in them."""

    def when(ctx: Context[object]) -> bool:
        found = [one.state for one in ctx.parts(states[0].flow)]
        return any(one in states for one in found) and all(one in states or one in or_else for one in found)

    return _asking(when, states[0].flow.name, (*states, *or_else))


def any_part(*states: State) -> When:
    """When a part of the states' workflow is in one of them."""

    def when(ctx: Context[object]) -> bool:
        return any(one.state in states for one in ctx.parts(states[0].flow))

    return _asking(when, states[0].flow.name, states)


def parent_in(*states: State) -> When:
    """When what the subject is a part of is in one of the states. See `Part.calls_off`, for a part that its whole names."""

    def when(ctx: Context[object]) -> bool:
        found = ctx.parent(states[0].flow)
        return found is not None and found.state in states

    return _asking(when, None, states)


def _asking(when: When, kind: str | None, states: tuple[State, ...]) -> When:
    """A test that says which states of which parts it asks for (of the parent: None), so that a slip is found."""
    when.asks_for = (kind, tuple(one.name for one in states))  # type: ignore[attr-defined]
    return when
