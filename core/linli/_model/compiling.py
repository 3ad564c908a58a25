"""A declared workflow as the engine runs it: names where the class has objects.

A move takes its typed callbacks along (`linli.workflow.Move.typed`); the engine calls them with a `Transition`.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import attrs

from linli import workflow as run
from linli._model.contexts import Context
from linli._model.inputs import Reading, fields_of, plain_values
from linli._model.ladders import Ladder
from linli._model.loading import problems_of
from linli._model.moves import Amount, Clock, Move, Part, Quota
from linli._model.running import Typed
from linli._model.states import States
from linli._model.workflows import Workflow
from linli.deadlines import Late, Step, again_in, rung_now
from linli.errors import PluginError
from linli.i18n import one_a_line, say

if TYPE_CHECKING:
    from linli.facts import Facts
    from linli.subjects import Subject

Flow = type[Workflow[Any]]
AnyFlow = run.Workflow | Flow


_COMPILED: dict[Flow, run.Workflow] = {}


def compiled(flow: Flow) -> run.Workflow:
    """The workflow as the engine runs it, made once.

    Raises: PluginError with every problem of it, a line each with its file and line.
    """
    if flow not in _COMPILED:
        problems = list(problems_of(flow))
        if problems:
            raise PluginError(
                say(
                    "workflow {name} cannot be used:\n{problems}",
                    name=flow.name,
                    problems=one_a_line(problems),
                )
            )
        _COMPILED[flow] = _compiled(flow)
        flow.in_use = True
    return _COMPILED[flow]


def _compiled(flow: Flow) -> run.Workflow:
    return run.Workflow(
        name=flow.name,
        label=flow.label,
        record=flow.record_type,
        states=tuple(
            run.State(one.name, one.label, ends=one.outcomes, seen_by=one.visible_to, turn=one.turn)
            for one in flow.states.values()
        ),
        moves=tuple(_move(flow, one) for one in flow.moves.values()),
        reading=next(_reading(flow), None),
        parts=tuple(_part(flow, one) for one in flow.part_kinds),
        clocks=tuple(_clock(flow, one) for one in flow.clocks),
        quotas=tuple(_quota(flow, one) for one in flow.quotas),
        accepted_in=flow.accepted_in.name if flow.accepted_in else None,
        renamed=flow.was,
        told_by=flow.summary_fields,
        not_told=flow.hidden_fields,
        one_with=flow.one_with,
        holds_person=flow.holds_person,
    )


def _reading(flow: Flow) -> Iterator[run.Move]:
    """Reading what people wrote, as a move like the others."""
    if flow.readable_by and "read" not in flow.moves:
        everywhere = States(flow.states.values()).stay()
        move = Move[Any, Any](everywhere, Reading, None, None, {"by": flow.readable_by, "label": "read"})
        move.__set_name__(flow, "read")
        yield _move(flow, move)


def as_run(flow: AnyFlow) -> run.Workflow:
    """A workflow as the engine runs it, however it is declared."""
    return compiled(flow) if isinstance(flow, type) else flow


def as_declared(flow: run.Workflow) -> Flow:
    """The class that declares a workflow."""
    return flow.moves[0].typed.move.flow


def all_as_run(flows: Iterable[AnyFlow]) -> tuple[run.Workflow, ...]:
    """The same of several. Raises: PluginError with the problems of all of them."""
    found, problems = [], []
    for flow in flows:
        try:
            found.append(as_run(flow))
        except PluginError as error:
            problems.append(error.text)
    if problems:
        raise PluginError(one_a_line(problems))
    return tuple(found)


def _move(flow: Flow, move: Move[Any, Any]) -> run.Move:
    fields = fields_of(move.inputs)
    given = {field.name for field in fields}
    worked_out = attrs.fields(flow.record_type) if move.computes else ()
    computed = [one.name for one in worked_out if one.name not in given]
    if move.path.outcome is not None:
        computed.append("outcome")
    return run.Move(
        name=move.name,
        label=move.label or move.name.replace("_", " "),
        sources=tuple(one.name for one in flow.states.values() if one in move.path.sources),
        to=move.path.target.name if move.path.target else None,
        by=move.by,
        computed=frozenset(computed),
        first=move.first.name if move.first else "",
        back=move.path.back,
        resets=tuple(one.name for one in move.resets),
        apart_from=tuple(_barring(flow, one) for one in (*move.not_by, *move.barred_by)),
        takes=tuple(one.name for one in move.holds),
        spends=tuple(one.name for one in move.spends),
        releases=tuple(one.name for one in move.releases),
        when_empty=move.when_empty.name if move.when_empty else None,
        typed=Typed(move, fields),
    )


def _barring(flow: Flow, move: Move[Any, Any]) -> str:
    return move.name if move.flow is flow else move.code


def _quota(flow: Flow, quota: Quota[Any]) -> run.Quota:
    def source(subject: "Subject", facts: "Facts") -> run.Taking:
        found: Amount = quota.amount(Context(facts, subject, flow))
        return run.Taking(owner=found.owner, unit=found.unit, amount=found.n)

    return run.Quota(name=quota.name, source=source, empty=quota.empty)


def _clock(flow: Flow, clock: Clock[Any]) -> run.Clock:
    return run.Clock(
        name=clock.name,
        runs_in=tuple(one.name for one in flow.states.values() if one in clock.runs_in),
        pauses_in=tuple(one.name for one in flow.states.values() if one in clock.pauses_in),
        limit=lambda subject, facts: clock.limit(Context(facts, subject, flow)),
        then=clock.then.name if clock.then else None,
        ladder=_ladder(flow, clock.ladder) if clock.ladder else None,
        afresh=clock.afresh,
    )


def _ladder(flow: Flow, ladder: Ladder[Any]) -> Callable[[Late, "Facts"], Step | None]:
    def next_rung(late: Late, facts: "Facts") -> Step | None:
        seats = ladder.seats(Context(facts, late.subject, flow))
        again = facts.settings(ladder.settings).ladder_again
        return rung_now(late, seats, again if isinstance(again, timedelta) else again_in(again, late, facts))

    return next_rung


def _part(flow: Flow, part: Part[Any, Any, Any]) -> run.Part:
    def one_per(subject: "Subject", facts: "Facts") -> Iterator[run.PartKey]:
        for one in part.one_per(Context(facts, subject, flow)):
            yield run.PartKey(key=one.key, holder=one.holder, values=plain_values(one.given))

    return run.Part(
        name=part.name,
        workflow=part.start.flow.name,
        start=part.start.name,
        opens_in=part.in_.name if part.in_ else None,
        one_per=one_per if part.one_per else None,
    )
