"""What another matter, such as a whistle, does to the request behind it when it ends."""

from collections.abc import Container, Iterable
from uuid import UUID

from sqlalchemy import bindparam, select

from linli._model.effects import Effect
from linli._model.facts import Facts
from linli._model.inputs import Private
from linli._store import Read
from linli._store import tables as t
from linli._verbs.dispatch import routing, tasks
from linli._verbs.dispatch.requests import ProposeFeedback, RequestFlow
from linli._verbs.dispatch.tasks import TaskFlow

_STATE = Read(
    select(t.subject.c.state).where(
        t.subject.c.district == bindparam("district"),
        t.subject.c.id == bindparam("request"),
        t.subject.c.kind == "request",
    )
)
_UNDER_WAY = ("accepted", "dispatched", "waiting")


def settled_elsewhere(
    request: UUID, by: UUID, facts: Facts, *, result: str | None = None, but: Container[UUID] = ()
) -> Iterable[Effect]:
    """What follows for a request when another matter has settled what it asked for.

    Its open tasks end as confirmed: who evaluated the other matter has confirmed it. Then the request is
    resolved, and the result is proposed as the text of the one feedback, which the desk still gives. A
    request that is paused goes on first.

    Args:
        by: the other matter.
        result: what was done, in words for the reporter; None: nothing is proposed.
        but: tasks that are not the other matter's: the request waits for them, and the desk confirms them.
    """
    state, matter = _state(request, facts), RequestFlow.ref(request)
    if state not in _UNDER_WAY:
        return
    if state == "waiting":
        yield RequestFlow.resume(matter)
    open_tasks = [task.id for task in routing.tasks(request, facts) if task.open]
    for task in open_tasks:
        if task not in but:
            yield TaskFlow.settle_elsewhere(TaskFlow.ref(task), tasks.By(by=by))
    if not open_tasks:
        yield RequestFlow.settle_elsewhere(matter, tasks.By(by=by))
    if result:
        given = ProposeFeedback(proposed_by=by, feedback=Private(result))
        yield RequestFlow.propose_feedback(matter, given)


def unsettled_elsewhere(request: UUID, by: UUID, facts: Facts) -> Iterable[Effect]:
    """What follows when another matter ended without settling it: it is back at the desk, and it climbs."""
    state, matter = _state(request, facts), RequestFlow.ref(request)
    if state == "waiting":
        yield RequestFlow.resume(matter)
    if state in _UNDER_WAY:
        yield RequestFlow.come_back(matter, tasks.By(by=by))


def _state(request: UUID, facts: Facts) -> str | None:
    rows = facts.rows(_STATE, request=request)
    return rows[0][0] if rows else None
