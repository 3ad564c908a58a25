"""How the loop is kept fair: urging within limits, ratings by whom they are for, who is told of what."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from linli import AnyAct, AnyTransition, Facts, Refusal, Seat, Tell, Transition
from linli._verbs.dispatch.routing import tasks
from linli.hooks import HandoverFlow, Rate, Request, RequestFlow, Task, TaskFlow
from linli.query import acts_of
from linli_three_lists.duty import expected, to_duty
from linli_three_lists.ladder import next_seat
from linli_three_lists.seats import nearest
from linli_three_lists.settings import ThreeListsSettings

_WORK = (RequestFlow.close, RequestFlow.decline, HandoverFlow.accept, TaskFlow.finish)
"""What whoever worked on a request did."""

# --- urging ------------------------------------------------------------------------------------------


class UrgedTooOften(
    Refusal, says="it has been urged {most} times today, which is as often as may be; try tomorrow"
):
    most: int


def too_often(t: AnyAct) -> Iterable[Refusal]:
    """Why it may not be urged again today."""
    most = t.settings(ThreeListsSettings).urges_a_day
    today = t.facts.calendar.begin_of(t.today)
    if urged(t.root, t.facts, since=today) >= most:
        yield UrgedTooOften(most=most)


def urged(root: UUID, facts: Facts, since: datetime | None = None) -> int:
    """How often a request and its tasks were urged, since a moment."""
    return facts.get(acts_of(root, RequestFlow.urge, TaskFlow.urge, since=since).count())


def request_urged(t: Transition[Request, object]) -> Iterable[Tell]:
    """Whoever holds it hears that it was urged, and how often; where nobody does yet, the desk."""
    return _urge_told(t, _holders(t) or [_desk(t)])


def task_urged(t: Transition[Task, object]) -> Iterable[Tell]:
    """Whoever holds it hears that it was urged, and how often."""
    return _urge_told(t, [t.subject.holder])


def _urge_told(t: AnyTransition, seats: Iterable[Seat | None]) -> Iterable[Tell]:
    count = urged(t.subject.root, t.facts) + 1
    for seat in dict.fromkeys(seats):
        if seat:
            payload = {"subject": t.subject.id, "why": "urged", "times": count}
            yield Tell(recipient=f"seat:{seat}", payload=payload)


def _holders(t: Transition[Request, object]) -> list[Seat]:
    """Whoever has it; not whom it is about, who know of their own task alone."""
    return [
        task.holder
        for task in tasks(t.subject.id, t.facts)
        if task.open and task.holder and not task.record.own_words
    ]


def _desk(t: Transition[Request, object]) -> Seat | None:
    return nearest("clerk", t.place, t.facts, about=t.record.about)


# --- ratings -----------------------------------------------------------------------------------------


class WentOnElsewhere(Refusal, says="it went on as another request; rate that one"): ...


class RatedTooLate(Refusal, says="it was closed more than {days} days ago; it cannot be rated any more"):
    days: int


def unfair_rating(t: Transition[Request, object]) -> Iterable[Refusal]:
    """Why it may not be rated so, or not any more."""
    days, ended_at = t.settings(ThreeListsSettings).rate_days, t.subject.ended_at
    if t.subject.outcome == "duplicate":
        yield WentOnElsewhere()
    if ended_at and t.at > ended_at + timedelta(days=days):
        yield RatedTooLate(days=days)
    if t.acting_as != "own":
        yield from _unfair_for_another(t)


class NobodyToAsk(Refusal, says="nobody knows who reported it, so nobody can be asked how it went"): ...


class WorkedOnIt(Refusal, says="you worked on it yourself; somebody else must ask the reporter"): ...


def _unfair_for_another(t: Transition[Request, object]) -> Iterable[Refusal]:
    if t.record.anonymous:
        yield NobodyToAsk()
    if t.actor and t.get(acts_of(t.subject.root, *_WORK, by=t.actor).count()):
        yield WorkedOnIt()


def call_back(t: Transition[Request, Rate]) -> Iterable[Tell]:
    """The desk hears of a bad rating, to call the reporter back."""
    rating, seat = t.given.rating, _desk(t)
    if seat and rating <= t.settings(ThreeListsSettings).call_back_to:
        payload = {"subject": t.subject.id, "why": "call back", "rating": rating}
        yield Tell(recipient=f"seat:{seat}", payload=payload)


# --- what is urgent ----------------------------------------------------------------------------------


def alarmed(t: Transition[Task, object]) -> Iterable[Tell]:
    """Whoever has the urgent task hears at once, and the rota beside them, with the person whom it expects to go."""
    return _called(t, "urgent")


def called_back(t: Transition[Task, object]) -> Iterable[Tell]:
    """Whoever was called out hears that it is not urgent after all."""
    return _called(t, "not urgent any more")


def _called(t: Transition[Task, object], why: str) -> Iterable[Tell]:
    task = t.subject
    shift, duty = expected(task.kept, t.facts), to_duty(task.kept, t.facts)
    for seat in dict.fromkeys(filter(None, (task.holder, duty.seat if duty else None))):
        person = shift.person if shift and shift.seat == seat else None
        payload = {"subject": task.id, "why": why, "person": person}
        yield Tell(recipient=f"seat:{seat}", payload=payload)


# --- what is the desk's again ------------------------------------------------------------------------


def desk_told(t: Transition[Request, object]) -> Iterable[Tell]:
    """The desk hears of what nobody has any more; of what another matter did not settle, who is above hears too."""
    seat, unsettled = _desk(t), t.of(RequestFlow.come_back)
    above = next_seat(t.subject.kept, t.facts) if unsettled else None
    why = "not settled" if unsettled else "nobody has it"
    for one in dict.fromkeys(filter(None, (seat, above))):
        yield Tell(recipient=f"seat:{one}", payload={"subject": t.subject.id, "why": why})


def feedback_proposed(t: Transition[Request, object]) -> Iterable[Tell]:
    """The desk hears that it is to give the one feedback, and that a text is proposed for it."""
    seat = _desk(t)
    if seat:
        yield Tell(recipient=f"seat:{seat}", payload={"subject": t.subject.id, "why": "give the feedback"})
