"""Tasks (任务) as a workflow: what a request comes to, for whoever does it; and offers of tasks to another seat."""

from collections.abc import Iterator
from typing import Annotated
from uuid import UUID

import attrs

from linli._base.refusals import Refusal
from linli._model.access import HOLDER, OWN
from linli._model.contexts import Transition
from linli._model.effects import Assign, Effect
from linli._model.inputs import Input, Private, Reason, Why
from linli._model.moves import Clock, Moves, Part
from linli._model.states import State
from linli._model.workflows import Workflow
from linli._verbs.dispatch.handing_over import ToSeat, to_answer
from linli._verbs.dispatch.impartial import impartial, kept_from
from linli._verbs.dispatch.late_entries import CountsFrom
from linli._verbs.dispatch.pausing import Waits, whole_goes_on
from linli._verbs.dispatch.records import CLERK, Offer, Task
from linli._verbs.dispatch.standards import time_standard

# --- offers -------------------------------------------------------------------------------------------


@attrs.frozen(kw_only=True)
class Offered(ToSeat):
    about: UUID | None = None


def gives_task(t: Transition[Offer, object]) -> Iterator[Effect]:
    assert t.subject.parent is not None, "an offer is a part of a task"
    yield Assign(subject=t.subject.parent, holder=t.subject.holder)
    yield TaskFlow.handed_over(TaskFlow.ref(t.subject.parent))


def keeps_task(t: Transition[Offer, object]) -> Iterator[Effect]:
    assert t.subject.parent is not None, "an offer is a part of a task"
    yield TaskFlow.kept(TaskFlow.ref(t.subject.parent))


class OfferFlow(
    Workflow[Offer], name="offer", label="handover", readable_by=HOLDER | CLERK, needs=[impartial]
):
    move = Moves(Offer)
    made = State("made")
    waiting = State("waiting")
    accepted = State("accepted", ends=True)
    refused = State("refused", ends=True)
    lapsed = State("lapsed", ends=True)
    make = move.opening(made, Offered)
    accept = move(made.to(accepted), label="accept the handover", by=HOLDER, then=[gives_task])
    refuse = move(made.to(refused), Why, label="refuse the handover", by=HOLDER, then=[keeps_task])
    run_out = move(made.to(lapsed), label="nobody answered in time", then=[keeps_task])
    wait = move(made.to(waiting), Waits, label="waits")
    lapse = move((made | waiting).to(lapsed))
    go_on = move(waiting.back(made), label="goes on", when=whole_goes_on)
    handover = Clock(made, to_answer, pauses_in=waiting, then=run_out)


# --- tasks --------------------------------------------------------------------------------------------


@attrs.frozen(kw_only=True)
class Opened:
    service: str
    urgent: bool = False
    rule: str | None = None
    about: UUID | None = None
    own_words: bool = False
    times_reopened: int = 0
    put_right: Annotated[Private | None, Input("what is to be put right")] = None


@attrs.frozen(kw_only=True)
class Finished:
    result: Annotated[Private, Input("what was done")]
    minutes: Annotated[int | None, Input("how long it took")] = None
    finished_at: CountsFrom = None


@attrs.frozen(kw_only=True)
class OfferTo(ToSeat):
    reason: Reason


@attrs.frozen(kw_only=True)
class Reclassified:
    service: str
    urgent: bool
    was_urgent: bool = False


@attrs.frozen(kw_only=True)
class By:
    by: Annotated[UUID, Input("the matter that settled it")]


def impartial_task(t: Transition[Task, object]) -> Refusal | None:
    """As of its request; but what they are to put right is theirs."""
    theirs = (TaskFlow.take, TaskFlow.finish, TaskFlow.give_back)
    if t.record.own_words and (t.move in theirs or t.move.name == "read"):
        return None
    return impartial(t)


class GoesToWhomItIsAbout(Refusal, says="the complaint would go to whom it is about; name another seat"): ...


def not_to_whom_it_is_about(t: Transition[Task, ToSeat]) -> Refusal | None:
    if kept_from(t.record.about, t.given.seat, t.place, t.facts):
        return GoesToWhomItIsAbout()
    return None


class SaysWhatToPutRight(
    Refusal,
    says="it says what they are to put right; cancel it, and have somebody else do it: linli request dispatch",
): ...


def not_in_own_words(t: Transition[Task, object]) -> Refusal | None:
    """What whom a complaint is about is to put right is theirs alone."""
    if t.record.own_words:
        return SaysWhatToPutRight()
    return None


def to_seat(t: Transition[Task, ToSeat]) -> Iterator[Effect]:
    yield Assign(holder=t.given.seat)


def makes_offer(t: Transition[Task, ToSeat]) -> Iterator[Effect]:
    """The task is offered; until that is accepted, it stays with whoever has it."""
    given = Offered(role=t.given.role, at=t.given.at, about=t.record.about)
    yield OfferFlow.make.at(t.place, given, parent=t.subject.id, key=str(t.version), holder=t.given.seat)


class TaskFlow(
    Workflow[Task],
    name="task",
    summary_fields=("service",),
    readable_by=HOLDER | CLERK,
    needs=[impartial_task],
):
    move = Moves(Task)
    opened = State("to be taken", name="open")
    taken = State("taken")
    offered = State("offered to another")
    returned = State("returned", turn=CLERK)
    waiting = State("waiting")
    done = State("done")
    confirmed = State("confirmed", ends=True)
    cancelled = State("cancelled", ends=True)
    accepted_in = taken
    still = opened | taken | offered | returned | done

    open = move.opening(opened, Opened, label="give out")
    take = move(opened.to(taken), by=HOLDER)
    finish = move((opened | taken).to(done), Finished, by=HOLDER, first=take)
    confirm = move(done.to(confirmed), by=CLERK | OWN, not_by=[take, finish])
    send_back = move(done.to(opened), Why, by=CLERK | OWN)
    cancel = move((still | waiting).to(cancelled), Why, by=CLERK)

    give_back = move((opened | taken).to(returned), Why, by=HOLDER)
    route = move(
        (returned | opened).to(opened),
        ToSeat,
        label="route again",
        by=CLERK,
        needs=[not_in_own_words, not_to_whom_it_is_about],
        then=[to_seat],
    )
    offer = move(
        (opened | taken).to(offered),
        OfferTo,
        label="offer to another",
        by=HOLDER,
        needs=[not_in_own_words, not_to_whom_it_is_about],
        then=[makes_offer],
    )
    handed_over = move(offered.to(opened), label="handed over to another")
    kept = move(offered.back(opened))

    wait = move(still.to(waiting), Waits, label="waits")
    settle_elsewhere = move((still | waiting).to(confirmed), By, label="done by another matter")
    drop = move((still | waiting).to(cancelled), label="called off")
    call_off = move((still | waiting).to(cancelled), label="called off")
    go_on = move(waiting.back(opened), label="goes on", when=whole_goes_on)
    urge = move((opened | taken | offered).stay(), by=CLERK | OWN)

    task = Clock[Task](opened | taken | offered | returned, time_standard, pauses_in=waiting)
    reclassify = move(
        (still | waiting).stay(), Reclassified, label="has another service or urgency", resets=[task]
    )
    offers = Part(
        OfferFlow.make, calls_off=OfferFlow.lapse, off_in=cancelled | done | confirmed, name="offer"
    )
