"""How the loop is kept fair: urging within limits, ratings by whom they are for, who is told of what."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from linli import Act, Facts, Refusal, Seat, StoredSubject, Tell
from linli._verbs.dispatch.routing import tasks
from linli.hooks import HandoverFlow, RequestFlow, TaskFlow
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


def too_often(act: Act, facts: Facts) -> Iterable[Refusal]:
    """Why it may not be urged again today."""
    most = facts.settings(ThreeListsSettings).urges_a_day
    today = facts.calendar.begin_of(facts.calendar.day_of(act.at))
    if urged(act.root, facts, since=today) >= most:
        yield UrgedTooOften(most=most)


def urged(root: UUID, facts: Facts, since: datetime | None = None) -> int:
    """How often a request and its tasks were urged, since a moment."""
    return facts.get(acts_of(root, RequestFlow.urge, TaskFlow.urge, since=since).count())


def urge_told(act: Act, subject: StoredSubject, facts: Facts) -> Iterable[Tell]:
    """Whoever holds it hears that it was urged, and how often; where nobody does yet, the desk."""
    count = urged(act.root, facts) + 1
    seats = [subject.holder] if subject.kind == "task" else _holders(subject, facts)
    for seat in dict.fromkeys(seats or [_desk(subject, facts)]):
        if seat:
            payload = {"subject": subject.id, "why": "urged", "times": count}
            yield Tell(recipient=f"seat:{seat}", payload=payload)


def _holders(request: StoredSubject, facts: Facts) -> list[Seat | None]:
    """Whoever has it; not whom it is about, who know of their own task alone."""
    return [
        task.holder
        for task in tasks(request.id, facts)
        if task.open and task.holder and not task.record.own_words
    ]


def _desk(subject: StoredSubject, facts: Facts) -> Seat | None:
    return nearest("clerk", subject.place, facts, about=subject.record.about)


# --- ratings -----------------------------------------------------------------------------------------


class WentOnElsewhere(Refusal, says="it went on as another request; rate that one"): ...


class RatedTooLate(Refusal, says="it was closed more than {days} days ago; it cannot be rated any more"):
    days: int


def unfair_rating(act: Act, subject: StoredSubject, facts: Facts) -> Iterable[Refusal]:
    """Why it may not be rated so, or not any more."""
    days = facts.settings(ThreeListsSettings).rate_days
    if subject.outcome == "duplicate":
        yield WentOnElsewhere()
    if subject.ended_at and act.at > subject.ended_at + timedelta(days=days):
        yield RatedTooLate(days=days)
    if act.acting_as != "own":
        yield from _unfair_for_another(act, subject, facts)


class NobodyToAsk(Refusal, says="nobody knows who reported it, so nobody can be asked how it went"): ...


class WorkedOnIt(Refusal, says="you worked on it yourself; somebody else must ask the reporter"): ...


def _unfair_for_another(act: Act, subject: StoredSubject, facts: Facts) -> Iterable[Refusal]:
    if subject.record.anonymous:
        yield NobodyToAsk()
    if act.actor and facts.get(acts_of(act.root, *_WORK, by=act.actor).count()):
        yield WorkedOnIt()


def call_back(act: Act, subject: StoredSubject, facts: Facts) -> Iterable[Tell]:
    """The desk hears of a bad rating, to call the reporter back."""
    rating = int(act.value("rating"))
    seat = _desk(subject, facts)
    if seat and rating <= facts.settings(ThreeListsSettings).call_back_to:
        yield Tell(
            recipient=f"seat:{seat}", payload={"subject": subject.id, "why": "call back", "rating": rating}
        )


# --- what is urgent ----------------------------------------------------------------------------------


def alarmed(act: Act, task: StoredSubject, facts: Facts) -> Iterable[Tell]:
    """Whoever has the urgent task hears at once, and the rota beside them, with the person whom it expects to go."""
    return _called(task, facts, "urgent")


def called_back(act: Act, task: StoredSubject, facts: Facts) -> Iterable[Tell]:
    """Whoever was called out hears that it is not urgent after all."""
    return _called(task, facts, "not urgent any more")


def _called(task: StoredSubject, facts: Facts, why: str) -> Iterable[Tell]:
    shift, duty = expected(task, facts), to_duty(task, facts)
    for seat in dict.fromkeys(filter(None, (task.holder, duty.seat if duty else None))):
        person = shift.person if shift and shift.seat == seat else None
        payload = {"subject": task.id, "why": why, "person": person}
        yield Tell(recipient=f"seat:{seat}", payload=payload)


# --- what is the desk's again ------------------------------------------------------------------------


def desk_told(act: Act, request: StoredSubject, facts: Facts) -> Iterable[Tell]:
    """The desk hears of what nobody has any more; of what another matter did not settle, who is above hears too."""
    seat, unsettled = _desk(request, facts), act.verb == "request.come_back"
    above = next_seat(request, facts) if unsettled else None
    why = "not settled" if unsettled else "nobody has it"
    for one in dict.fromkeys(filter(None, (seat, above))):
        yield Tell(recipient=f"seat:{one}", payload={"subject": request.id, "why": why})


def feedback_proposed(act: Act, request: StoredSubject, facts: Facts) -> Iterable[Tell]:
    """The desk hears that it is to give the one feedback, and that a text is proposed for it."""
    seat = _desk(request, facts)
    if seat:
        yield Tell(recipient=f"seat:{seat}", payload={"subject": request.id, "why": "give the feedback"})
