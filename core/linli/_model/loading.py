"""What is wrong with a workflow as it is declared: every problem at once, each with its file and line."""

import typing
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import attrs

from linli._model.declared import Declared
from linli._model.inputs import Field, Private, WrongInput, fields_of
from linli._model.moves import Clock, Move, Opening, Quota
from linli._model.states import State
from linli._model.workflows import Workflow
from linli.i18n import Text, say

Flow = type[Workflow[Any]]
_NONE = type(None)


def problems_of(flow: Flow) -> Iterator[Text]:
    """What is wrong, a line each: "file:line: what"."""
    record = typing.get_type_hints(flow.record_type, include_extras=True)
    for of in ("summary_fields", "hidden_fields", "one_with"):
        for name in set(getattr(flow, of)) - set(record):
            problem = say(
                "{of} names {field}, which {record} has not",
                of=of,
                field=name,
                record=flow.record_type.__name__,
            )
            yield _at(flow.where, flow.name, problem)
    for name, hint in record.items():
        if Private in (hint, *typing.get_args(hint)):
            problem = say(
                "{record}.{field} is Private: it belongs in the vault, so let a move ask for it",
                record=flow.record_type.__name__,
                field=name,
            )
            yield _at(flow.where, flow.name, problem)
    for move in flow.moves.values():
        yield from (_at(move.where, move.code, problem) for problem in _of_move(flow, move, record))
    yield from _of_clocks(flow)
    yield from _of_states(flow)


def _at(where: str, what: str, problem: Text) -> Text:
    return say("{where}: {what}: {problem}", where=where, what=what, problem=problem)


# --- moves -------------------------------------------------------------------------------------------


def _of_move(flow: Flow, move: Move[Any, Any], record: Mapping[str, Any]) -> Iterator[Text]:
    named: list[tuple[str, type[Declared], Iterable[Any]]] = [
        ("state", State, [*move.path.sources, *filter(None, (move.path.target, move.when_empty))]),
        ("quota", Quota, [*move.holds, *move.spends, *move.releases]),
        ("clock", Clock, move.resets),
        ("move", Move, [move.first] if move.first else []),
    ]
    for what, kind, found in named:
        yield from (
            say("{name} is no {what} of this workflow", name=repr(one), what=say(what))
            for one in found
            if not (isinstance(one, kind) and one.flow is flow)
        )
    for one in move.not_by:
        if not isinstance(one, Move):
            yield say("{name} is no {what}", name=repr(one), what=say("move"))
    yield from _of_callbacks(flow, move)
    try:
        fields = fields_of(move.inputs)
    except WrongInput as wrong:
        yield wrong.problem
        return
    yield from _of_inputs(flow, move, fields)


def _of_inputs(flow: Flow, move: Move[Any, Any], fields: tuple[Field, ...]) -> Iterator[Text]:
    given, kept = typing.get_type_hints(move.inputs), typing.get_type_hints(flow.record_type)
    for name in (field.name for field in fields if field.name in kept):
        if not _members(given[name]) - {_NONE} <= _members(kept[name]):
            yield say(
                "its input {name} is {given}, but {name} of {record} is {kept}",
                name=name,
                given=_said(given[name]),
                record=flow.record_type.__name__,
                kept=_said(kept[name]),
            )
    if isinstance(move, Opening) and move.computes is None:
        for one in attrs.fields(flow.record_type):
            if one.default is attrs.NOTHING and one.name not in given:
                yield say(
                    "it leaves out {record}.{field}; ask for it, or give record=",
                    record=flow.record_type.__name__,
                    field=one.name,
                )


def _members(hint: Any) -> set[Any]:
    """The types that a union is of."""
    return set(typing.get_args(hint)) if typing.get_origin(hint) in _UNIONS else {hint}


_UNIONS = (typing.Union, type(int | None))


def _said(hint: Any) -> str:
    return getattr(hint, "__name__", None) or str(hint)


def _of_callbacks(flow: Flow, move: Move[Any, Any]) -> Iterator[Text]:
    for callback in (*move.needs, *move.then, *filter(None, (move.computes, move.when))):
        record = _NONE if isinstance(move, Opening) and callback is move.computes else flow.record_type
        for wanted, real in zip(_takes(callback), (record, move.inputs), strict=False):
            known = [one for one in _members(wanted) if isinstance(one, type)]
            if known and not any(issubclass(real, one) for one in known):
                yield say(
                    "{callback} is written for {wanted}, not for {real}",
                    callback=callback.__name__,
                    wanted=_said(wanted),
                    real=real.__name__,
                )


def _takes(callback: Callable[..., object]) -> tuple[Any, ...]:
    """The types in the annotation of its one parameter: of `Transition[Loan, Borrow]`, both."""
    try:
        hints = typing.get_type_hints(callback)
    except (NameError, TypeError):
        return ()
    found = next((hint for name, hint in hints.items() if name != "return"), None)
    return typing.get_args(found)


# --- clocks, states ----------------------------------------------------------------------------------


def _of_clocks(flow: Flow) -> Iterator[Text]:
    for clock in flow.clocks:
        for state in (*clock.runs_in, *clock.pauses_in):
            if not (isinstance(state, State) and state.flow is flow):
                problem = say("{name} is no {what} of this workflow", name=repr(state), what=say("state"))
                yield _at(clock.where, clock.code, problem)
        if clock.then and not (clock.then.by.engine and clock.runs_in <= clock.then.path.sources):
            problem = say(
                "linli itself must be able to make {move} wherever the clock runs", move=clock.then.code
            )
            yield _at(clock.where, clock.code, problem)


def _of_states(flow: Flow) -> Iterator[Text]:
    """States that nothing leads to, and states that nothing leads out of and that do not end."""
    if not any(True for _ in flow.openings()):
        yield _at(flow.where, flow.name, say("no move opens it; write one: move.opening(..)"))
        return
    reached = {one.path.target for one in flow.openings()}
    while (
        more := {to for one in flow.moves.values() if one.path.sources & reached for to in _leads_to(one)}
        - reached
    ):
        reached |= more
    for state in flow.states.values():
        if state not in reached:
            yield _at(state.where, state.code, say("no move leads to this state"))
        elif not state.ends and not any(
            state in one.path.sources and one.path.target for one in flow.moves.values()
        ):
            yield _at(state.where, state.code, say("no move leads out of this state, and it does not end"))


def _leads_to(move: Move[Any, Any]) -> Iterable[Any]:
    return filter(None, (move.path.target, move.when_empty))


WORDS = ("state", "quota", "clock", "move")
