"""When a clock has passed: an act that records it, and climbs the ladder.

Silence never approves: whoever should have acted still has to, unless the workflow says that what
nobody came for is over (`Clock.then`).
"""

from datetime import timedelta
from uuid import UUID

import attrs

from linli._base.errors import NotAllowed
from linli._base.refusals import ChangedMeanwhile, NotPermitted
from linli._engine.counting import add, counted
from linli._engine.following import follow
from linli._engine.orders import Overdue
from linli._engine.turn import UnitOfWork
from linli._model.access import Actor
from linli._model.acts import Act
from linli._model.compiled import Clock
from linli._model.compiling import as_declared
from linli._model.deadlines import Escalation, MovedOn, OverdueClock, climbed
from linli._model.effects import MoveOrder
from linli._model.lateness import Lateness
from linli._model.subjects import StoredSubject


class RecordedByLinli(NotPermitted, says="that something is late is recorded by linli alone"): ...


class ClockMovedOn(ChangedMeanwhile, says="the clock {name} has moved on"):
    name: str


def record(turn: UnitOfWork, order: Overdue, actor: Actor, ident: UUID) -> Act:
    """Record that the clock passed; no plugin is asked whether it may: time does not ask."""
    if not actor.engine:
        raise NotAllowed(RecordedByLinli())
    subject = turn.subject(order.subject)
    running = subject.clocks.get(order.clock)
    if running is None or running.due is None or running.turn != order.turn:
        raise MovedOn(ClockMovedOn(name=order.clock))
    # The database's clock, which rang, may be a little ahead of ours.
    overdue = max(turn.facts.at - running.due, timedelta(0))
    late = OverdueClock(
        subject=subject, clock=order.clock, step=running.step, at=turn.facts.at, overdue=overdue
    )
    declared = turn.rules.workflow(subject.kind).by_clock.get(order.clock)
    move = declared.then if declared else None
    step = None if move else _next_rung(turn, declared, late)
    clock = climbed(running, step, turn.facts)
    after = attrs.evolve(subject, clocks={**subject.clocks, order.clock: clock})
    act = _act(turn, after, ident, late, step)
    turn.put(after)
    act = add(turn, act, counted(turn, act, subject, after))
    turn.record(act)
    if step:
        payload: dict[str, object] = {"subject": subject.id, "clock": order.clock, "rung": step.rung}
        turn.deliver(act.id, act.recorded_at, "tell", f"seat:{step.seat}", payload)
    follow(turn, act, Lateness(turn.facts, after, as_declared(turn.rules.workflow(after.kind)), act))
    if move:
        turn.later(MoveOrder(subject=subject.id, move=move))
    return act


def _next_rung(turn: UnitOfWork, clock: Clock | None, late: OverdueClock) -> Escalation | None:
    """Who hears next: by the clock's own ladder, else by the first plugin that says it."""
    if clock and clock.ladder:
        return clock.ladder(late, turn.facts)
    answer = turn.rules.plugins.ladder_next(late, turn.facts)
    return answer.value if answer else None


def _act(
    turn: UnitOfWork, after: StoredSubject, ident: UUID, late: OverdueClock, step: Escalation | None
) -> Act:
    return Act(
        id=ident,
        verb=f"{after.kind}.late",
        kind=after.kind,
        root=after.root,
        version=turn.version_of(after.root, fresh=False),
        subject=after.id,
        place=after.place,
        person=after.person,
        acting_as="engine",
        at=turn.facts.at,
        recorded_at=turn.recorded_at,
        settings=turn.rules.settings,
        body={
            "clock": late.clock,
            "step": late.step,
            "rung": step.rung if step else None,
            "seat": str(step.seat) if step else None,
            "overdue_seconds": round(late.overdue.total_seconds()),
        },
    )
