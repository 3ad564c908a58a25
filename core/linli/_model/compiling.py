"""A declared workflow as the engine runs it: names where the class has objects.

A move takes its typed callbacks along (`linli._model.compiled.Move.typed`); the engine calls them with a `Transition`.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

import attrs

from linli._base.errors import PluginError
from linli._base.i18n import one_a_line, say
from linli._model import compiled as run
from linli._model.contexts import Context
from linli._model.deadlines import Escalation, OverdueClock, again_in, next_escalation
from linli._model.direct import DirectAct
from linli._model.inputs import Reading, fields_of, plain_values
from linli._model.ladders import Ladder
from linli._model.loading import problems_of, problems_of_direct
from linli._model.moves import Amount, Clock, Move, Part, Quota
from linli._model.running import Typed
from linli._model.states import States
from linli._model.workflows import Workflow

if TYPE_CHECKING:
    from linli._model.facts import Facts
    from linli._model.subjects import StoredSubject

Flow = type[Workflow[Any]]
AnyFlow = run.Workflow | Flow


def compiled(flow: Flow) -> run.Workflow:
    """The workflow as the engine runs it, made once, and again where a whole that was declared since changes it.

    Raises: PluginError with every problem of it, a line each with its file and line.
    """
    if "compiled_as" not in vars(flow):
        problems = list(problems_of(flow))
        if problems:
            raise PluginError(
                say(
                    "workflow {name} cannot be used:\n{problems}",
                    name=flow.name,
                    problems=one_a_line(problems),
                )
            )
        flow.compiled_as = _compiled(flow)
    return cast(run.Workflow, flow.compiled_as)


def _compiled(flow: Flow) -> run.Workflow:
    return run.Workflow(
        name=flow.name,
        label=flow.label,
        record=flow.record_type,
        states=tuple(
            run.State(one.name, one.label, ends=one.outcomes, visible_to=one.visible_to, turn=one.turn)
            for one in flow.states.values()
        ),
        moves=tuple(_move(flow, one) for one in flow.moves.values()),
        reading=next(_reading(flow), None),
        parts=tuple(_part(flow, one) for one in flow.part_kinds),
        clocks=tuple(_clock(flow, one) for one in flow.clocks),
        quotas=tuple(_quota(flow, one) for one in flow.quotas),
        accepted_in=flow.accepted_in.name if flow.accepted_in else None,
        was=flow.was,
        summary_fields=flow.summary_fields,
        hidden_fields=flow.hidden_fields,
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


def used(flows: Iterable[AnyFlow]) -> tuple[run.Workflow, ...]:
    """The same, as the workflows of a district: from now on nothing changes what is one of them."""
    for flow in flows:
        if isinstance(flow, type):
            flow.in_use = True
    return all_as_run(flows)


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


def direct_acts(acts: Iterable[DirectAct[Any]]) -> tuple[DirectAct[Any], ...]:
    """Direct acts of a plugin, looked at.

    Raises: PluginError with every problem of them, a line each with its file and line.
    """
    found = tuple(acts)
    problems = [problem for act in found for problem in problems_of_direct(act)]
    if problems:
        raise PluginError(
            say("direct acts cannot be used:\n{problems}", problems="\n".join(map(str, problems)))
        )
    return found


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
        not_by=tuple(_barring(flow, one) for one in (*move.not_by, *move.barred_by)),
        takes=tuple(one.name for one in move.holds),
        spends=tuple(one.name for one in move.spends),
        releases=tuple(one.name for one in move.releases),
        when_empty=move.when_empty.name if move.when_empty else None,
        typed=Typed(move, fields),
    )


def _barring(flow: Flow, move: Move[Any, Any]) -> str:
    return move.name if move.flow is flow else move.code


def _quota(flow: Flow, quota: Quota[Any]) -> run.Quota:
    def source(subject: "StoredSubject", facts: "Facts") -> run.Amount:
        found: Amount = quota.amount(Context(facts, subject, flow))
        return run.Amount(owner=found.owner, unit=found.unit, amount=found.n)

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


def _ladder(flow: Flow, ladder: Ladder[Any]) -> Callable[[OverdueClock, "Facts"], Escalation | None]:
    def next_rung(late: OverdueClock, facts: "Facts") -> Escalation | None:
        seats = ladder.seats(Context(facts, late.subject, flow))
        again = facts.settings(ladder.settings).ladder_again
        return next_escalation(
            late, seats, again if isinstance(again, timedelta) else again_in(again, late, facts)
        )

    return next_rung


def _part(flow: Flow, part: Part[Any, Any, Any]) -> run.Part:
    def one_per(subject: "StoredSubject", facts: "Facts") -> Iterator[run.PartKey]:
        for one in part.one_per(Context(facts, subject, flow)):
            yield run.PartKey(key=one.key, holder=one.holder, values=plain_values(one.given))

    return run.Part(
        name=part.name,
        workflow=part.start.flow.name,
        start=part.start.name,
        opens_in=part.in_.name if part.in_ else None,
        one_per=one_per if part.one_per else None,
    )
