"""Requests (诉求) as a workflow: from the first word to the one feedback."""

from collections.abc import Iterable
from typing import Annotated
from uuid import UUID

import attrs
from sqlalchemy import bindparam, select

from linli._base.refusals import Missing, Refusal
from linli._model.access import ANYONE, ENGINE, HOLDER, NOBODY, OWN
from linli._model.contexts import Transition
from linli._model.effects import Effect
from linli._model.inputs import Input, PlaceId, Private, Reason, Why
from linli._model.moves import Clock, Moves, Part
from linli._model.states import State
from linli._model.workflows import Workflow
from linli._store import Read
from linli._store import tables as t
from linli._verbs.dispatch import filing, handing_over, instructing, pausing, routing, urgency
from linli._verbs.dispatch.filing import Submit
from linli._verbs.dispatch.handing_over import HandoverFlow, Outside
from linli._verbs.dispatch.impartial import impartial
from linli._verbs.dispatch.instructing import Instruct
from linli._verbs.dispatch.late_entries import CountsFrom
from linli._verbs.dispatch.pausing import Pause
from linli._verbs.dispatch.records import CLERK, Outcome, Request, Settled
from linli._verbs.dispatch.routing import Dispatch
from linli._verbs.dispatch.standards import time_standard
from linli._verbs.dispatch.tasks import By, TaskFlow
from linli._verbs.dispatch.urgency import Accept, Choose

_LAST_PROPOSAL = Read(
    select(t.act.c.id)
    .where(
        t.act.c.district == bindparam("district"),
        t.act.c.root == bindparam("root"),
        t.act.c.verb == "request.propose_feedback",
    )
    .order_by(t.act.c.version.desc())
    .limit(1)
)

# --- inputs ---------------------------------------------------------------------------------------------


def as_proposed(t: "Transition[Request, Close]") -> str | None:
    """The feedback as it was proposed, where the desk gives no other."""
    rows = t.facts.rows(_LAST_PROPOSAL, root=t.subject.id) if t.given.as_proposed else []
    return t.facts.said(rows[0][0], "feedback") if rows else None


@attrs.frozen(kw_only=True)
class HandOver:
    body: Annotated[str, Input("the name of the body that should have it", longest=80)]
    reason: Reason


@attrs.frozen(kw_only=True)
class HandedOver(By):
    feedback: Private


@attrs.frozen(kw_only=True)
class ProposeFeedback:
    proposed_by: UUID
    feedback: Private


@attrs.frozen(kw_only=True)
class Close:
    feedback: Annotated[Private | None, Input("the one answer to the reporter", else_from=as_proposed)] = None
    as_proposed: Annotated[bool, Input("answer with the text that was proposed")] = False
    outcome: Settled = Settled.SETTLED
    closed_at: CountsFrom = None


@attrs.frozen(kw_only=True)
class Decline:
    feedback: Annotated[Private, Input("the one answer to the reporter: why not, and who can help")]
    closed_at: CountsFrom = None


@attrs.frozen(kw_only=True)
class Merge:
    duplicate_of: Annotated[UUID, Input("the request that goes on")]


@attrs.frozen(kw_only=True)
class Rate:
    rating: Annotated[int, Input("1 (worst) to 5", least=1, most=5)]


# --- what is checked, and what follows --------------------------------------------------------------------


class AnswerNotSaid(Missing, says="write the one answer to the reporter; nothing was proposed as it"):
    field: str = "feedback"


def something_to_say(t: Transition[Request, Close]) -> Refusal | None:
    """Every closing has its one feedback."""
    if t.given.feedback is None:
        return AnswerNotSaid()
    return None


def accepted_if_urgent(t: Transition[Request, object]) -> Iterable[Effect]:
    """What cannot wait is accepted at once."""
    if urgency.cannot_wait(t):
        yield RequestFlow.accept(t.subject.id, Accept())


def dispatched_if_urgent(t: Transition[Request, object]) -> Iterable[Effect]:
    """What the desk finds to be urgent as it accepts it goes on at once too."""
    if t.record.urgent:
        yield RequestFlow.dispatch(t.subject.id, Dispatch())


def goes_at_once(t: Transition[Request, object]) -> Iterable[Effect]:
    """What the desk finds to be urgent goes to the duty rota at once, whatever it waited for."""
    if not t.record.urgent:
        return
    if t.subject.state is RequestFlow.submitted:
        yield RequestFlow.accept(t.subject.id, Accept())
        return
    if t.subject.state is RequestFlow.waiting:
        yield RequestFlow.resume(t.subject.id)
    if not urgency.on_duty_already(t.subject.kept, t.facts):
        yield RequestFlow.dispatch(t.subject.id, Dispatch())


def asks_outside(t: Transition[Request, HandOver]) -> Iterable[Effect]:
    """A body outside is asked; until it accepts, the request is ours."""
    given = Outside(outside_body=t.given.body, about=t.record.about)
    yield HandoverFlow.make.at(t.place, given, parent=t.subject.id, key=str(t.version))


def calls_off_tasks(t: Transition[Request, object]) -> Iterable[Effect]:
    """Nobody goes on with what has come back to the desk."""
    for task in routing.tasks(t.subject.id, t.facts):
        if task.open:
            yield TaskFlow.drop(TaskFlow.ref(task.id))


def dispatches_again(t: Transition[Request, object]) -> Iterable[Effect]:
    """Whoever had it has it again, or their successor; where nobody had it, the desk."""
    for seat in routing.who_had_it(t):
        yield RequestFlow.dispatch(t.subject.id, Dispatch(role=seat.role, at=PlaceId(seat.at)))


class RequestFlow(
    Workflow[Request],
    name="request",
    holds_person=True,
    summary_fields=("category",),
    readable_by=CLERK | OWN,
    needs=[impartial],
):
    move = Moves(Request)
    submitted = State("submitted")
    accepted = State("accepted", turn=CLERK)
    dispatched = State("dispatched", turn=NOBODY)
    waiting = State("waiting", turn=NOBODY)
    resolved = State("resolved")
    closed = State("closed", ends=Outcome)
    reopened = State("reopened", turn=CLERK)
    refused = State("refused", ends=True)
    withdrawn = State("withdrawn", ends=True)
    accepted_in = accepted

    response = Clock(submitted, filing.response_limit)
    handling = Clock[Request](accepted | dispatched | reopened, time_standard, pauses_in=waiting)
    tasks = Part(TaskFlow.open, calls_off=TaskFlow.call_off, off_in=closed | withdrawn | refused, name="task")
    handovers = Part(
        HandoverFlow.make, calls_off=HandoverFlow.lapse, off_in=closed | withdrawn | refused, name="handover"
    )

    # It comes in, and is accepted or refused.
    submit = move.opening(
        submitted,
        Submit,
        by=CLERK | ANYONE,
        record=filing.filed,
        needs=[filing.reporter_allowed, filing.received_by_the_desk, filing.about_is_known],
        then=[accepted_if_urgent],
    )
    accept = move(
        submitted.to(accepted),
        Accept,
        by=CLERK | ENGINE,
        record=urgency.matched,
        needs=[urgency.has_service, urgency.says_why_another],
        then=[dispatched_if_urgent],
    )
    refuse = move(submitted.to(refused), Why, by=CLERK)

    # Which service it gets, and how urgent it is, as the desk corrects the rules.
    choose = move(
        (accepted | dispatched).stay(),
        Choose,
        label="choose another service",
        by=CLERK,
        record=urgency.chosen,
        resets=[handling],
        then=[urgency.tasks_follow, goes_at_once],
    )
    make_urgent = move(
        (submitted | accepted | dispatched | waiting).stay(),
        Why,
        by=CLERK,
        record=urgency.urgent,
        needs=[urgency.not_yet_urgent],
        resets=[handling],
        then=[urgency.tasks_follow, goes_at_once],
    )
    make_ordinary = move(
        (accepted | dispatched).stay(),
        Why,
        label="take urgency off",
        by=CLERK,
        record=urgency.ordinary,
        needs=[urgency.is_urgent],
        resets=[handling],
        then=[urgency.tasks_follow],
    )

    # Somebody has it, or had it, or is to put right what it complains about.
    dispatch = move(
        (accepted | reopened | dispatched).to(dispatched),
        Dispatch,
        by=CLERK | ENGINE,
        needs=[routing.role_has_a_place, routing.not_theirs_already],
        then=[routing.opens_task],
    )
    instruct = move(
        (accepted | dispatched).to(dispatched),
        Instruct,
        label="have it put right by whom it is about",
        by=CLERK,
        needs=[instructing.a_complaint],
        then=[instructing.opens_in_own_words],
    )
    back_to_desk = move(
        (dispatched | reopened).to(accepted), label="back at the desk", when=routing.nobody_has_it
    )
    resolve = move(dispatched.to(resolved), when=routing.all_confirmed)

    # It waits, with all that is open under it.
    pause = move(
        (dispatched | accepted).to(waiting),
        Pause,
        by=CLERK | HOLDER,
        record=pausing.waits,
        needs=[pausing.not_urgent, pausing.ends_in_time],
        then=[pausing.all_wait],
    )
    resume = move(waiting.back(dispatched), by=CLERK | HOLDER | ENGINE, record=pausing.waits_no_more)
    pause_ends = Clock(waiting, pausing.end_of_pause, then=resume, afresh=True, name="pause")

    # Not ours: a body outside has it once it has accepted.
    hand_over = move(
        (accepted | dispatched).stay(),
        HandOver,
        label="hand over to a body outside",
        by=CLERK,
        needs=[handing_over.one_at_a_time],
        then=[asks_outside],
    )
    handed_over = move(
        (accepted | dispatched | waiting).to(closed, Outcome.HANDED_OVER), HandedOver, label="passed on"
    )

    # What a whistle behind it comes to.
    settle_elsewhere = move((accepted | dispatched).to(resolved), By, label="done by another matter")
    propose_feedback = move(
        (accepted | dispatched | resolved).stay(), ProposeFeedback, label="feedback proposed"
    )
    come_back = move(
        (accepted | dispatched | resolved).to(accepted),
        By,
        label="not settled, back at the desk",
        then=[calls_off_tasks],
    )

    # The one feedback, and what comes after it.
    close = move(resolved.to(closed), Close, by=CLERK, needs=[something_to_say])
    decline = move((accepted | reopened).to(closed, Outcome.DECLINED), Decline, by=CLERK)
    merge = move(
        (submitted | accepted | dispatched | reopened).to(closed, Outcome.DUPLICATE),
        Merge,
        by=CLERK,
        needs=[filing.goes_on],
    )
    withdraw = move(
        (submitted | accepted | dispatched | waiting | reopened).to(withdrawn),
        Why,
        by=OWN | CLERK,
        record=pausing.waits_no_more,
    )
    reopen = move(
        closed.to(reopened),
        Why,
        by=OWN | CLERK,
        record=filing.one_round_more,
        needs=[filing.reopen_in_time],
        then=[dispatches_again],
    )
    rate = move(closed.stay(), Rate, by=OWN | CLERK, needs=[filing.not_rated_yet])
    urge = move((submitted | accepted | dispatched | waiting | reopened | resolved).stay(), by=OWN | CLERK)
