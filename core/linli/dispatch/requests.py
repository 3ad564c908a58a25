"""Requests (诉求) as a workflow: from the first word to the one feedback."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from sqlalchemy import BindParameter, bindparam, or_, select

from linli.access import ANYONE, ENGINE, HOLDER, OWN
from linli.acts import Act
from linli.calendar import Hours
from linli.dispatch import routing
from linli.dispatch.impartial import impartial
from linli.dispatch.records import CHANNELS, CLERK, OUTCOMES, PAUSES, Request
from linli.dispatch.settings import DispatchSettings
from linli.effects import Effect, Make
from linli.facts import Facts
from linli.i18n import Text, say
from linli.store import Read
from linli.store import tables as t
from linli.subjects import Subject
from linli.workflow import Ask, Clock, Limit, Move, Part, State, Workflow, all_parts

_REASON = Ask(name="reason", help="why", private=True)
_d: BindParameter[str] = bindparam("district")
_OTHER = Read(
    select(t.subject.c.state).where(
        t.subject.c.district == _d, t.subject.c.id == bindparam("id"), t.subject.c.kind == "request"
    )
)
_CLOSING_OR_RATING = ("request.close", "request.decline", "request.merge", "request.rate")
_LAST_OF_THEM = Read(
    select(t.act.c.verb)
    .where(
        t.act.c.district == _d,
        t.act.c.root == bindparam("root"),
        or_(*(t.act.c.verb == verb for verb in _CLOSING_OR_RATING)),
    )
    .order_by(t.act.c.version.desc())
    .limit(1)
)


def _needs_service(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    if subject.record.service is None:
        return say(
            "no service of the catalogue fits '{category}'; name one", category=subject.record.category
        )
    return None


def _reporter_allowed(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    settings = facts.settings(DispatchSettings)
    if subject.record.anonymous and not settings.anonymous:
        return say("this district takes no anonymous requests; give the reporter's phone")
    if subject.record.confidential and not settings.confidential:
        return say("this district takes no confidential requests")
    if not subject.record.anonymous and subject.person is None:
        return say("say who reports it, or that it is anonymous")
    if subject.record.anonymous and subject.person is not None:
        return say("an anonymous request names no reporter")
    return None


def _reopen_in_time(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    if before.accepted_at is None:
        return say("it was never accepted here; file a new request")
    days = facts.settings(DispatchSettings).reopen_days
    if before.ended_at and facts.at > before.ended_at + timedelta(days=days):
        return say("it was closed more than {days} days ago; file a new request", days=days)
    return None


def _not_rated_yet(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """Each closing's feedback can be rated once."""
    last = facts.rows(_LAST_OF_THEM, root=subject.id)
    return say("it was rated before; a rating is given once") if last == [("request.rate",)] else None


def _goes_on(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """Two requests cannot each be merged into the other: one of them goes on."""
    other = subject.record.duplicate_of
    if other == subject.id:
        return say("a request is no duplicate of itself")
    facts.hold("merge requests")
    if facts.rows(_OTHER, id=other) not in [[(state,)] for state in OPEN_STATES]:
        return say("request {id} has ended, or there is none; merge into one that goes on", id=other)
    return None


def _tasks_wait(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    for task, state, *_ in facts.rows(routing.TASKS, parent=subject.id):
        if state in ("open", "taken"):
            yield Make(subject=task, move="wait", values={"reason": act.value("reason")})


def _tasks_go_on(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    for task, state, *_ in facts.rows(routing.TASKS, parent=subject.id):
        if state == "waiting":
            yield Make(subject=task, move="go_on")


def time_standard(subject: Subject, facts: Facts) -> Limit | None:
    """How long the service of a request or task may take."""
    service = routing.service_of(subject.record.service, facts)
    if service is None:
        return None
    return Limit(span=service.time, hours=Hours.ELAPSED if service.urgent else service.hours)


def _response_limit(subject: Subject, facts: Facts) -> Limit | None:
    return Limit(span=facts.settings(DispatchSettings).response_time, hours=Hours.SERVICE)


OPEN_STATES = ("submitted", "accepted", "dispatched", "waiting", "reopened", "resolved")

REQUEST = Workflow(
    name="request",
    label="request",
    holds_person=True,
    record=Request,
    told_by=("category",),
    accepted_in="accepted",
    states=(
        State("submitted", "submitted"),
        State("accepted", "accepted"),
        State("dispatched", "dispatched"),
        State("waiting", "waiting"),
        State("resolved", "resolved"),
        State("closed", "closed", ends=OUTCOMES),
        State("reopened", "reopened"),
        State("refused", "refused", ends=("refused",)),
        State("withdrawn", "withdrawn", ends=("withdrawn",)),
    ),
    moves=impartial(
        (
            Move(
                name="submit",
                label="submit",
                sources=(),
                to="submitted",
                by=CLERK | ANYONE,
                asks=(
                    Ask(name="category", help="what it is about, in a word or two", longest=40),
                    Ask(name="description", help="in the resident's words", private=True),
                    Ask(name="channel", help="how it came", choices=CHANNELS, default="desk"),
                    Ask(name="anonymous", type=bool, default=False),
                    Ask(name="confidential", type=bool, default=False),
                    Ask(name="entered_by", type=UUID, required=False),
                    Ask(
                        name="about",
                        help="the person or organisation that it complains about",
                        type=UUID,
                        required=False,
                    ),
                    Ask(name="source", required=False),
                ),
                checks=(_reporter_allowed,),
                effects=(routing.accept_if_urgent,),
            ),
            Move(
                name="accept",
                label="accept",
                sources=("submitted",),
                to="accepted",
                by=CLERK | ENGINE,
                fills=(routing.matched,),
                asks=(
                    Ask(
                        name="service",
                        help="a code of the catalogue; found by the category if not given",
                        required=False,
                    ),
                    Ask(name="rule", required=False),
                    Ask(name="urgent", type=bool, default=False),
                ),
                checks=(_needs_service,),
                effects=(routing.dispatch_if_urgent,),
            ),
            Move(
                name="refuse", label="refuse", sources=("submitted",), to="refused", by=CLERK, asks=(_REASON,)
            ),
            Move(
                name="dispatch",
                label="dispatch",
                sources=("accepted", "reopened", "dispatched"),
                to="dispatched",
                by=CLERK | ENGINE,
                asks=(
                    Ask(
                        name="role",
                        help="the role that does it; found by the catalogue if not given",
                        required=False,
                    ),
                    Ask(
                        name="at",
                        help="the place or organisation of that role",
                        type=UUID,
                        of="seat",
                        required=False,
                    ),
                ),
                checks=(routing.role_has_a_place, routing.not_theirs_already),
                effects=(routing.open_task,),
            ),
            Move(
                name="pause",
                label="pause",
                sources=("dispatched", "accepted"),
                to="waiting",
                by=CLERK | HOLDER,
                asks=(Ask(name="reason", help="why the clock stops", choices=PAUSES),),
                effects=(_tasks_wait,),
            ),
            Move(
                name="resume",
                label="resume",
                sources=("waiting",),
                to="dispatched",
                by=CLERK | HOLDER,
                effects=(_tasks_go_on,),
            ),
            Move(
                name="resolve",
                label="resolve",
                sources=("dispatched",),
                to="resolved",
                when=all_parts("task", "confirmed", or_else=("cancelled",)),
            ),
            Move(
                name="close",
                label="close",
                sources=("resolved",),
                to="closed",
                by=CLERK,
                asks=(
                    Ask(name="feedback", help="the one answer to the reporter", private=True),
                    Ask(name="outcome", choices=OUTCOMES[:3], default="settled"),
                ),
            ),
            Move(
                name="decline",
                label="decline",
                sources=("accepted", "reopened"),
                to="closed",
                by=CLERK,
                asks=(
                    Ask(
                        name="feedback",
                        help="the one answer to the reporter: why not, and who can help",
                        private=True,
                    ),
                    Ask(name="outcome", choices=("declined", "handed_over"), default="declined"),
                ),
            ),
            Move(
                name="merge",
                label="merge",
                sources=("submitted", "accepted", "dispatched", "reopened"),
                to="closed",
                by=CLERK,
                asks=(
                    Ask(name="duplicate_of", help="the request that goes on", type=UUID),
                    Ask(name="outcome", choices=("duplicate",), default="duplicate"),
                ),
                checks=(_goes_on,),
            ),
            Move(
                name="withdraw",
                label="withdraw",
                sources=("submitted", "accepted", "dispatched", "waiting", "reopened"),
                to="withdrawn",
                by=OWN | CLERK,
                asks=(_REASON,),
            ),
            Move(
                name="reopen",
                label="reopen",
                sources=("closed",),
                to="reopened",
                by=OWN | CLERK,
                asks=(_REASON,),
                checks=(_reopen_in_time,),
            ),
            Move(
                name="rate",
                label="rate",
                sources=("closed",),
                to=None,
                by=OWN | CLERK,
                asks=(Ask(name="rating", help="1 (worst) to 5", type=int, choices=(1, 2, 3, 4, 5)),),
                checks=(_not_rated_yet,),
            ),
            Move(
                name="read",
                label="read",
                sources=(*OPEN_STATES, "closed", "refused", "withdrawn"),
                to=None,
                by=CLERK | OWN,
                asks=(Ask(name="reason", help="why it is read; it is kept", longest=200, private=True),),
            ),
            Move(name="urge", label="urge", sources=OPEN_STATES, to=None, by=OWN | CLERK),
        )
    ),
    parts=(Part(name="task", workflow="task", start="open"),),
    clocks=(
        Clock(name="response", runs_in=("submitted",), limit=_response_limit),
        Clock(
            name="handling",
            runs_in=("accepted", "dispatched", "reopened"),
            pauses_in=("waiting",),
            limit=time_standard,
        ),
    ),
)
