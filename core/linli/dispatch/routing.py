"""Which service a request needs, and whose task it becomes."""

from collections.abc import Iterable
from uuid import UUID

import attrs
from sqlalchemy import bindparam, select

from linli import codec
from linli.access import Seat
from linli.acts import Act
from linli.conditions import Siblings
from linli.dispatch.catalogue import Route, Service, Wanted
from linli.dispatch.impartial import kept_from, seat_above
from linli.dispatch.records import Task
from linli.dispatch.settings import DispatchSettings
from linli.effects import Effect, Make, Start
from linli.errors import Refused
from linli.facts import Facts
from linli.i18n import Text, say
from linli.store import Read
from linli.store import tables as t
from linli.subjects import Subject

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


def service_of(code: str | None, facts: Facts) -> Service | None:
    """A service of the catalogue by its code."""
    return next((s for s in facts.settings(DispatchSettings).services if s.code == code), None)


def wanted(request: Subject) -> Wanted:
    """What matching sees of a request."""
    return Wanted(category=request.record.category, place=request.place, request=request.id)


# --- whose task it becomes ---------------------------------------------------------------------------


def role_has_a_place(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """A role alone says nobody."""
    if act.value("role") and not act.value("at"):
        return say("say at which place or organisation that role is, too")
    return None


def not_theirs_already(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """Of several tasks of a request each is somebody else's."""
    if before.state != "dispatched":
        return None
    seat = _route(act, subject, facts).seat
    held = (task.holder for task in tasks(subject.id, facts) if task.open and task.holder)
    # What a body held that has ended is held by the one that came after it.
    if any(seat in (one, Seat(role=one.role, at=facts.body_now(one.at))) for one in held):
        return say("they have a task of this request already; see: linli request show {id}", id=subject.id)
    return None


def open_task(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    """The task of whoever the desk named, or the plugins found."""
    route = _route(act, subject, facts)
    yield Start(
        workflow="task",
        move="open",
        place=subject.place,
        parent=subject.id,
        key=str(act.version),
        holder=route.seat,
        person=subject.person,
        values={
            "service": subject.record.service,
            "urgent": subject.record.urgent,
            "rule": route.rule,
            "about": subject.record.about,
            "times_reopened": subject.record.times_reopened,
        },
    )


def found(subject: Subject, facts: Facts) -> Route | None:
    """Where the rules send a request; the place above where that would be whom it is about; None: to nobody."""
    answer = facts.plugins.request_route(subject, subject.record.service, facts)
    about = subject.record.about
    if answer and not kept_from(about, answer.value.seat, subject.place, facts):
        return Route(seat=answer.value.seat, rule=f"{answer.plugin}: {answer.value.rule}")
    seat = seat_above(subject.place, about, facts) if about else None
    return Route(seat=seat, rule="passed over: the place above") if seat else None


def _route(act: Act, subject: Subject, facts: Facts) -> Route:
    at = act.value("at")
    route = Route(seat=Seat(role=act.value("role"), at=UUID(at)), rule="chosen by the desk") if at else None
    route = route or found(subject, facts)
    if route is None:
        raise Refused(_nobody(subject))
    if kept_from(subject.record.about, route.seat, subject.place, facts):
        raise Refused(say("the complaint would go to whom it is about; name another seat"))
    return route


def _nobody(subject: Subject) -> Text:
    if subject.record.about:
        return say(
            "nobody here may have this complaint but whom it is about; name another seat, or hand it over "
            "outside: linli request hand-over {id}",
            id=subject.id,
        )
    return say("nobody is found who does {service} here; name a seat", service=subject.record.service)


# --- what becomes of its tasks -----------------------------------------------------------------------


def all_confirmed(subject: Subject, tree: Siblings) -> bool:
    """When every task since it was last dispatched again has ended, one of them as done."""
    states = _states(subject, tree)
    return "confirmed" in states and states <= set(_ENDED)


def nobody_has_it(subject: Subject, tree: Siblings) -> bool:
    """When no task is open and none was done: it was taken from everybody who had it."""
    return _states(subject, tree) <= {"cancelled"}


def _states(subject: Subject, tree: Siblings) -> set[str]:
    return {
        task.state
        for task in tree.parts(subject, "task")
        if task.record.times_reopened == subject.record.times_reopened
    }


# --- again -------------------------------------------------------------------------------------------


def dispatch_again(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    """Whoever had it has it again, or their successor; where nobody had it, the desk."""
    for seat in dict.fromkeys(seat for seat in _who_had_it(subject, facts) if seat):
        yield Make(subject=subject.id, move="dispatch", values={"role": seat.role, "at": seat.at})


def _who_had_it(subject: Subject, facts: Facts) -> Iterable[Seat | None]:
    last = [
        task
        for task in tasks(subject.id, facts)
        if task.record.times_reopened == subject.record.times_reopened - 1 and not task.record.own_words
    ]
    did_it = [task for task in last if task.state == "confirmed"] or last[-1:]
    return (_has_it_now(task.holder, subject, facts) for task in did_it if task.holder)


def _has_it_now(seat: Seat, subject: Subject, facts: Facts) -> Seat | None:
    return next(
        (
            one
            for one in facts.seats(seat, subject.place)
            if facts.who_has(one) != {one.at}
            and not kept_from(subject.record.about, one, subject.place, facts)
        ),
        None,
    )
