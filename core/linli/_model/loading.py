"""What is wrong with a workflow as it is declared: every problem at once, each with its file and line."""

import re
import typing
from collections.abc import Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any

import attrs

from linli._base.i18n import Text, say
from linli._model.access import ENGINE
from linli._model.declared import Declared
from linli._model.direct import DirectAct
from linli._model.fitting import members_of, misfits, said
from linli._model.inputs import Choice, Field, Private, WrongInput, fields_of
from linli._model.ladders import Ladder
from linli._model.moves import Clock, InTurn, Move, Moves, Opening, Quota
from linli._model.states import State
from linli._model.workflows import Workflow

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
        if _has_private(hint):
            problem = say(
                "{record}.{field} is Private: it belongs in the vault, so let a move ask for it",
                record=flow.record_type.__name__,
                field=name,
            )
            yield _at(flow.where, flow.name, problem)
    yield from (_at(flow.where, flow.name, problem) for problem in _of_defaults(flow.record_type, record))
    yield from _of_class(flow)
    for move in flow.moves.values():
        yield from (_at(move.where, move.code, problem) for problem in _of_move(flow, move, record))
    yield from _of_clocks(flow)
    yield from _of_parts(flow)
    yield from _of_pauses(flow)
    yield from _of_old_names(flow)
    yield from _of_circles(flow)
    yield from _of_states(flow)


def _of_class(flow: Flow) -> Iterator[Text]:
    """What its attributes are: each name once, moves over its own record, a record that nobody changes."""
    for kind in (State, Move, Clock, Quota):
        once: dict[str, Declared] = {}
        for one in dict.fromkeys(one for one in vars(flow).values() if isinstance(one, kind)):
            if once.setdefault(one.name, one) is not one:
                yield _at(
                    one.where, one.code, say("another {what} has this name", what=say(kind.__name__.lower()))
                )
    for makes in (one for one in vars(flow).values() if isinstance(one, Moves)):
        if makes.record is not flow.record_type:
            problem = say(
                "its moves are made for {given}, not for {kind}",
                given=said(makes.record),
                kind=said(flow.record_type),
            )
            yield _at(flow.where, flow.name, problem)
    if flow.accepted_in is not None and flow.accepted_in not in flow.states.values():
        yield _at(flow.where, flow.name, say("accepted_in is no state of it"))
    if not _is_frozen(flow.record_type):
        yield _at(
            flow.where,
            flow.name,
            say("{kind} must be frozen: @attrs.frozen(kw_only=True)", kind=said(flow.record_type)),
        )


def _is_frozen(kind: type) -> bool:
    return attrs.has(kind) and kind.__setattr__.__name__ == "_frozen_setattrs"


def _has_private(hint: Any) -> bool:
    return hint is Private or any(_has_private(one) for one in typing.get_args(hint))


def _at(where: str, what: str, problem: Text) -> Text:
    return say("{where}: {what}: {problem}", where=where, what=what, problem=problem)


def problems_of_direct(act: DirectAct[Any]) -> Iterator[Text]:
    """What is wrong with a direct act, a line each: "file:line: what"."""
    return (_at(act.where, act.verb, problem) for problem in _of_direct(act))


def _of_direct(act: DirectAct[Any]) -> Iterator[Text]:
    if not _VERB.fullmatch(act.verb):
        yield say("a verb is a kind and what is done, as in points.award")
    for callback in filter(None, (act.does, act.also_at, act.reads)):
        yield from misfits(callback, act.inputs)
    try:
        fields = fields_of(act.inputs)
    except WrongInput as wrong:
        yield wrong.text
        return
    yield from _of_fields(act.inputs, fields)


_VERB = re.compile(r"[a-z][a-z_]*\.[a-z][a-z_]*")


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
            if not (isinstance(one, kind) and getattr(one, "flow", None) is flow)
        )
    for one in move.not_by:
        if not isinstance(one, Move) or "moves" not in vars(getattr(one, "flow", None) or object):
            yield say("{name} is no {what}", name=repr(one), what=say("move"))
    if not isinstance(move, Opening) and not move.path.sources:
        yield say("it leaves no state")
    if move.by.not_own and move.by.own:
        yield say("it is for oneself and not for oneself; write (A | B) - OWN")
    yield from _of_outcome(move)
    yield from _by_itself(move)
    yield from _of_callbacks(flow, move)
    try:
        fields = fields_of(move.inputs)
    except WrongInput as wrong:
        yield wrong.text
        return
    yield from _of_inputs(flow, move, fields)


def _of_outcome(move: Move[Any, Any]) -> Iterator[Text]:
    """Where its state ends in one of several ways, the path or an input says in which; else neither does."""
    target, outcome = move.path.target, move.path.outcome
    several = target is not None and isinstance(target, State) and len(target.outcomes) > 1
    asked = attrs.has(move.inputs) and any(one.name == "outcome" for one in attrs.fields(move.inputs))
    if several and (outcome is None) is not asked:
        yield say(
            "it ends in one of several ways: give the outcome in the path, or ask for it as `outcome`, one of both"
        )
    fits = several if not isinstance(outcome, Choice) else target is not None and outcome in _choices(target)
    if outcome is not None and not fits:
        yield say(
            "{outcome} is no outcome of {name}",
            outcome=getattr(outcome, "__name__", str(outcome)),
            name=repr(target),
        )


def _choices(state: State) -> Iterable[object]:
    return () if isinstance(state.ends, bool) else tuple(state.ends)


def _by_itself(move: Move[Any, Any]) -> Iterator[Text]:
    """What linli makes by itself asks for nothing; so does what is made before another."""
    if move.when and (move.by != ENGINE or _needs_inputs(move)):
        yield say("linli makes it by itself, so by= and inputs that must be given say nothing")
    if isinstance(move.first, Opening) or (move.first and _needs_inputs(move.first)):
        yield say("{move} is made before it, so it opens nothing and asks for nothing", move=move.first.code)


def _needs_inputs(move: Move[Any, Any]) -> bool:
    return attrs.has(move.inputs) and any(one.default is attrs.NOTHING for one in attrs.fields(move.inputs))


def _of_inputs(flow: Flow, move: Move[Any, Any], fields: tuple[Field, ...]) -> Iterator[Text]:
    given, kept = typing.get_type_hints(move.inputs), typing.get_type_hints(flow.record_type)
    yield from _of_defaults(move.inputs, given)
    for name in (field.name for field in fields if field.name in kept):
        if not members_of(given[name]) - {_NONE} <= members_of(kept[name]):
            yield say(
                "its input {name} is {given}, but {name} of {record} is {kept}",
                name=name,
                given=said(given[name]),
                record=flow.record_type.__name__,
                kept=said(kept[name]),
            )
    yield from _of_fields(move.inputs, fields)
    if isinstance(move, Opening) and move.computes is None:
        for one in attrs.fields(flow.record_type):
            optional = one.name in given and _NONE in members_of(given[one.name])
            if one.default is attrs.NOTHING and (
                one.name not in given or (optional and _NONE not in members_of(kept[one.name]))
            ):
                yield say(
                    "it leaves out {record}.{field}; ask for it, or give record=",
                    record=flow.record_type.__name__,
                    field=one.name,
                )


def _of_fields(inputs: type, fields: tuple[Field, ...]) -> Iterator[Text]:
    """What is wrong with a class of inputs, whatever asks for them."""
    if not _is_frozen(inputs):
        yield say("{kind} must be frozen: @attrs.frozen(kw_only=True)", kind=said(inputs))
    called = [name for field in fields for name in (field.name, *field.input.was)]
    for name in sorted({name for name in called if called.count(name) > 1}):
        yield say("two of its inputs are, or were, called {name}", name=name)
    for field in (field for field in fields if field.input.only_if):
        yield from _of_condition(field, {one.name: one for one in fields})


def _of_defaults(kind: type, hints: Mapping[str, Any]) -> Iterator[Text]:
    """Defaults that are no code of the choice that they stand for."""
    for one in attrs.fields(kind):
        choices = {each for each in members_of(hints[one.name]) if _is_choice(each)}
        value = one.default
        fixed = value is not attrs.NOTHING and not isinstance(value, attrs.Factory)  # type: ignore[arg-type]
        if choices and fixed and type(value) not in members_of(hints[one.name]):
            yield say(
                "{kind}.{name} is {value} where nothing is given, which is no {choice}",
                kind=kind.__name__,
                name=one.name,
                value=repr(value),
                choice=said(next(iter(choices))),
            )


def _is_choice(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, Choice)


def _of_condition(field: Field, fields: Mapping[str, Field]) -> Iterator[Text]:
    """What is wrong with `only_if`: it names no other input, or values that this cannot have."""
    name, values = field.input.only_if or ("", ())
    other = fields.get(name)
    if other is None or other is field:
        yield say(
            "its input {name} is asked for by {other}, which is no other input", name=field.name, other=name
        )
    elif field.required:
        yield say("its input {name} is not always asked for; its type must end with | None", name=field.name)
    else:
        for value in values:
            allowed = value in other.choices if other.choices else isinstance(value, other.type)
            if not allowed:
                yield say("{other} is never {value}", other=name, value=repr(value))


def _of_callbacks(flow: Flow, move: Move[Any, Any]) -> Iterator[Text]:
    needs = [one for each in move.needs for one in (each.checks if isinstance(each, InTurn) else (each,))]
    outcome = None if isinstance(move.path.outcome, Choice) else move.path.outcome
    for callback in (*needs, *move.then, *filter(None, (move.computes, move.when, outcome))):
        record = _NONE if isinstance(move, Opening) and callback is move.computes else flow.record_type
        yield from misfits(callback, record, move.inputs)


# --- parts, clocks, states ----------------------------------------------------------------------------------


def _of_clocks(flow: Flow) -> Iterator[Text]:
    for clock in flow.clocks:
        for state in (*clock.runs_in, *clock.pauses_in):
            if not (isinstance(state, State) and state.flow is flow):
                problem = say("{name} is no {what} of this workflow", name=repr(state), what=say("state"))
                yield _at(clock.where, clock.code, problem)
        fits = clock.then is None or (clock.then.by.engine and clock.runs_in <= clock.then.path.sources)
        if clock.then and (not fits or _needs_inputs(clock.then)):
            problem = say(
                "linli itself must be able to make {move} wherever the clock runs", move=clock.then.code
            )
            yield _at(clock.where, clock.code, problem)

        if clock.ladder:
            yield from (_at(clock.where, clock.code, one) for one in _of_ladder(clock, clock.ladder))


def _of_pauses(flow: Flow) -> Iterator[Text]:
    pausing = {state for clock in flow.clocks for state in clock.pauses_in}
    for move in flow.moves.values():
        asked = attrs.has(move.inputs) and any(one.name == "reason" for one in attrs.fields(move.inputs))
        if move.path.target in pausing and not asked:
            yield _at(move.where, move.code, say("it stops a clock, so it must ask for a reason"))


def _of_old_names(flow: Flow) -> Iterator[Text]:
    for old, new in flow.was.items():
        if new not in flow.states:
            problem = say("was= names the state {name}, which it has not", name=new)
            yield _at(flow.where, flow.name, problem)
        if old in flow.states:
            problem = say("was= gives {name} a new name, but a state is called so still", name=old)
            yield _at(flow.where, flow.name, problem)


def _of_circles(flow: Flow) -> Iterator[Text]:
    """Moves that linli makes by itself, from one to the next without an end."""
    own = [move for move in flow.moves.values() if move.when]
    onward: dict[str, set[str]] = {}
    for move in own:
        for state in (one for one in move.path.sources if isinstance(one, State)):
            onward.setdefault(state.name, set()).add((move.path.target or state).name)
    try:
        TopologicalSorter(onward).prepare()
    except CycleError:
        moves = ", ".join(move.name for move in own)
        yield _at(flow.where, flow.name, say("linli's own moves lead in a circle: {moves}", moves=moves))


def _of_ladder(clock: Clock[Any], ladder: Ladder[Any]) -> Iterator[Text]:
    if clock.then:
        yield say(
            "it leads to {move} when it rings, so nobody is told; leave out ladder=", move=clock.then.code
        )
    missing = {"ladder", "ladder_again"} - {one.name for one in attrs.fields(ladder.settings)}
    for name in sorted(missing):
        yield say(
            "its ladder needs a setting {name} in {settings}", name=name, settings=ladder.settings.__name__
        )


def _of_parts(flow: Flow) -> Iterator[Text]:
    for part in flow.part_kinds:
        off = part.calls_off
        for state in (*filter(None, [part.in_]), *part.off_in):
            if not (isinstance(state, State) and state.flow is flow):
                problem = say("{name} is no {what} of this workflow", name=repr(state), what=say("state"))
                yield _at(part.where, part.code, problem)
        if bool(off) is not bool(part.off_in):
            yield _at(part.where, part.code, say("give calls_off= and off_in= together"))
        if off and off.flow is not part.start.flow:
            yield _at(part.where, part.code, say("{move} is no move of the part", move=off.code))


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
