"""Which service a request needs, and whose task it becomes."""

from collections.abc import Iterable
from typing import Annotated, Any
from uuid import UUID

import attrs
from sqlalchemy import bindparam, select

from linli._base import codec
from linli._base.errors import Refused
from linli._base.refusals import Missing, Refusal
from linli._hooks.asked import plugins_of
from linli._hooks.catalogue import Route, Wanted
from linli._model.access import Seat
from linli._model.contexts import Context, Transition
from linli._model.effects import Effect
from linli._model.facts import Facts
from linli._model.inputs import BodyId, Input, PlaceId
from linli._model.states import State
from linli._model.subjects import StoredSubject
from linli._store import Read
from linli._store import tables as t
from linli._verbs.dispatch.impartial import kept_from, seat_above
from linli._verbs.dispatch.records import Request, Task
from linli._verbs.dispatch.tasks import GoesToWhomItIsAbout, Opened, TaskFlow

_s = t.subject.c
_TASKS = Read(
    select(_s.id, _s.state, _s.holder_role, _s.holder_at, _s.record)
    .where(
        _s.district == bindparam("district"),
        _s.parent == bindparam("parent"),
        _s.kind == "task",
    )
    .order_by(_s.id)
)
_ENDED = ("confirmed", "cancelled")


@attrs.frozen(kw_only=True)
class TaskRow:
    """A task of a request, as far as it matters where the request goes."""

    id: UUID
    state: str
    holder: Seat | None
    record: Task

    @property
    def open(self) -> bool:
        """Whether it has not ended."""
        return self.state not in _ENDED


def tasks(request: UUID, facts: Facts) -> list[TaskRow]:
    """The tasks of a request as they were before this act, the oldest first."""
    return [
        TaskRow(
            id=ident,
            state=state,
            holder=Seat(role=role, at=at) if at else None,
            record=codec.decoder(Task)(record),
        )
        for ident, state, role, at, record in facts.rows(_TASKS, parent=request)
    ]


def wanted(request: StoredSubject) -> Wanted:
    """What matching sees of a request."""
    return Wanted(category=request.record.category, place=request.place, request=request.id)


# --- whose task it becomes ---------------------------------------------------------------------------


@attrs.frozen(kw_only=True)
class Dispatch:
    role: Annotated[str | None, Input("the role that does it; found by the catalogue if not given")] = None
    at: Annotated[PlaceId | BodyId | None, Input("the place or organisation of that role")] = None


class RolesPlaceNotSaid(Missing, says="say at which place or organisation that role is, too"):
    field: str = "at"


def role_has_a_place(t: Transition[Request, Dispatch]) -> Refusal | None:
    """A role alone says nobody."""
    if t.given.role and not t.given.at:
        return RolesPlaceNotSaid()
    return None


class TaskThereAlready(
    Refusal, says="they have a task of this request already; see: linli request show {id}"
):
    id: UUID


def not_theirs_already(t: Transition[Request, Dispatch]) -> Refusal | None:
    """Of several tasks of a request each is somebody else's."""
    if t.before.state.name != "dispatched":
        return None
    seat = _route(t).seat
    held = (task.holder for task in tasks(t.subject.id, t.facts) if task.open and task.holder)
    # What a body held that has ended is held by the one that came after it.
    if any(seat in (one, Seat(role=one.role, at=t.facts.body_now(one.at))) for one in held):
        return TaskThereAlready(id=t.subject.id)
    return None


def opens_task(t: Transition[Request, Dispatch]) -> Iterable[Effect]:
    """The task of whoever the desk named, or the plugins found."""
    route = _route(t)
    given = task_of(t, rule=route.rule)
    order = TaskFlow.open.at(
        t.place, given, parent=t.subject.id, key=str(t.version), holder=route.seat, person=t.subject.person
    )
    yield order


def task_of(t: Transition[Request, object], *, rule: str, **more: Any) -> Opened:
    """What a task of a request is given."""
    assert t.record.service, "what is dispatched was accepted with a service"
    return Opened(
        service=t.record.service,
        urgent=t.record.urgent,
        rule=rule,
        about=t.record.about,
        times_reopened=t.record.times_reopened,
        **more,
    )


def found(subject: StoredSubject, facts: Facts) -> Route | None:
    """Where the rules send a request; the place above where that would be whom it is about; None: to nobody."""
    answer = plugins_of(facts).request_route(subject, subject.record.service, facts)
    about = subject.record.about
    if answer and not kept_from(about, answer.value.seat, subject.place, facts):
        return Route(seat=answer.value.seat, rule=f"{answer.plugin}: {answer.value.rule}")
    seat = seat_above(subject.place, about, facts) if about else None
    return Route(seat=seat, rule="passed over: the place above") if seat else None


def _route(t: Transition[Request, Dispatch]) -> Route:
    at = t.given.at
    route = Route(seat=Seat(role=t.given.role, at=at), rule="chosen by the desk") if at else None
    route = route or found(t.subject.kept, t.facts)
    if route is None:
        raise Refused(_nobody(t.subject.kept))
    if kept_from(t.record.about, route.seat, t.place, t.facts):
        raise Refused(GoesToWhomItIsAbout())
    return route


class NobodyImpartial(
    Refusal,
    says="nobody here may have this complaint but whom it is about; name another seat, or hand it over outside: linli request hand-over {id}",
):
    id: UUID


class NobodyDoesIt(Refusal, says="nobody is found who does {service} here; name a seat"):
    service: str | None


def _nobody(subject: StoredSubject) -> Refusal:
    if subject.record.about:
        return NobodyImpartial(id=subject.id)
    return NobodyDoesIt(service=subject.record.service)


# --- what becomes of its tasks -----------------------------------------------------------------------


def all_confirmed(ctx: Context[Request]) -> bool:
    """When every task since it was last dispatched again has ended, one of them as done."""
    states = _states(ctx)
    return TaskFlow.confirmed in states and states <= {TaskFlow.confirmed, TaskFlow.cancelled}


def nobody_has_it(ctx: Context[Request]) -> bool:
    """When no task is open and none was done: it was taken from everybody who had it."""
    return _states(ctx) <= {TaskFlow.cancelled}


def _states(ctx: Context[Request]) -> set[State]:
    now = ctx.record.times_reopened
    return {task.state for task in ctx.parts(TaskFlow) if task.record.times_reopened == now}


# --- again -------------------------------------------------------------------------------------------


def who_had_it(t: Transition[Request, object]) -> Iterable[Seat]:
    """Whoever had it before it was reopened, or their successor, each once; where nobody had it, nobody: the desk has it."""
    last = [
        task
        for task in tasks(t.subject.id, t.facts)
        if task.record.times_reopened == t.record.times_reopened - 1 and not task.record.own_words
    ]
    did_it = [task for task in last if task.state == "confirmed"] or last[-1:]
    now = (_has_it_now(task.holder, t.subject.kept, t.facts) for task in did_it if task.holder)
    return dict.fromkeys(seat for seat in now if seat)


def _has_it_now(seat: Seat, subject: StoredSubject, facts: Facts) -> Seat | None:
    return next(
        (
            one
            for one in facts.seats(seat, subject.place)
            if facts.who_has(one) != {one.at}
            and not kept_from(subject.record.about, one, subject.place, facts)
        ),
        None,
    )
