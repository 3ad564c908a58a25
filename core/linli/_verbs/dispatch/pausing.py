"""A pause stops the whole request, with everything that is open under it, and going on puts each back where it was."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Annotated

import attrs
from sqlalchemy import bindparam, or_, select

from linli._base.records import evolve
from linli._base.refusals import Invalid, LimitReached, Refusal
from linli._model.compiled import Limit
from linli._model.contexts import Context, Transition
from linli._model.deadlines import until
from linli._model.effects import Effect, MoveOrder
from linli._model.inputs import Input
from linli._store import Read
from linli._store import tables as t
from linli._verbs.dispatch.records import PausedFor, Request
from linli._verbs.dispatch.settings import DispatchSettings

# Every kind of part that somebody acts on; each has the moves `wait` and `go_on`.
WAITING_PARTS = ("task", "offer", "handover")
_OPEN_BELOW = Read(
    select(t.subject.c.id)
    .where(
        t.subject.c.district == bindparam("district"),
        t.subject.c.root == bindparam("root"),
        or_(*(t.subject.c.kind == kind for kind in WAITING_PARTS)),
        t.subject.c.ended_at.is_(None),
        t.subject.c.state != "waiting",
    )
    .order_by(t.subject.c.id)
)


@attrs.frozen(kw_only=True)
class Pause:
    reason: Annotated[PausedFor, Input("why the clock stops")]
    until: Annotated[date | None, Input("the day on which it goes on by itself")] = None
    event: Annotated[
        str | None,
        Input(
            "what it waits for, in a few words; it goes on by itself after the district's days", longest=60
        ),
    ] = None


@attrs.frozen(kw_only=True)
class Waits:
    reason: PausedFor


def all_wait(t: Transition[Request, Pause]) -> Iterable[Effect]:
    """Everything open under the request stands still, whatever state it is in."""
    for (part,) in t.facts.rows(_OPEN_BELOW, root=t.subject.id):
        yield MoveOrder(subject=part, move="wait", values={"reason": t.given.reason})


def whole_goes_on(ctx: Context[object]) -> bool:
    """When what it is a part of does not wait any more; then it goes on in the state that it was in."""
    parent = ctx.facts.tree_of(ctx.subject.root).parent(ctx.subject.kept)
    return parent is not None and parent.state != "waiting"


def waits(t: Transition[Request, Pause]) -> Request:
    """What the record keeps of a pause while it lasts: the day or the event that ends it."""
    return evolve(t.record, paused_until=t.given.until, paused_for_event=t.given.event)


def waits_no_more(t: Transition[Request, object]) -> Request:
    """Nothing of a pause is left in the record."""
    return evolve(t.record, paused_until=None, paused_for_event=None)


class UrgentNotPaused(
    Refusal, says="what is urgent is not paused; take the urgency off first, with a reason"
): ...


def not_urgent(t: Transition[Request, object]) -> Refusal | None:
    """What is urgent does not wait."""
    if t.before.record.urgent:
        return UrgentNotPaused()
    return None


class PauseEndsTooEarly(Invalid, says="a pause ends on a later day than today"):
    field: str = "until"


class PauseTooLong(LimitReached, says="a pause lasts at most {days} days; then say again why it waits"):
    days: int


def ends_in_time(t: Transition[Request, object]) -> Refusal | None:
    """A pause that ends on a day ends within the district's days."""
    day, most = t.record.paused_until, t.settings(DispatchSettings).pause_days
    if day is not None and day <= t.today:
        return PauseEndsTooEarly()
    if day is not None and day > t.today + timedelta(days=most):
        return PauseTooLong(days=most)
    return None


def end_of_pause(ctx: Context[Request]) -> Limit:
    """Until the day begins that was named; where an event was, or nothing, as long as the district lets it last."""
    most = ctx.today + timedelta(days=ctx.settings(DispatchSettings).pause_days)
    return until(ctx.facts.calendar.begin_of(ctx.record.paused_until or most), ctx.facts)
