"""Requests (诉求) as a workflow: from the first word to the one feedback."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

import attrs

from linli.access import ANYONE, ENGINE, HOLDER, NOBODY, OWN
from linli.dispatch import elsewhere, filing, handing_over, instructing, pausing, routing, urgency
from linli.dispatch.filing import OPEN_STATES
from linli.dispatch.handing_over import SEAT
from linli.dispatch.impartial import impartial
from linli.dispatch.late_entries import then
from linli.dispatch.records import CHANNELS, CLERK, OUTCOMES, PAUSES, Request
from linli.workflow import READ_REASON, REASON, Ask, Clock, Move, Part, State, Workflow

_URGENT = Ask(name="urgent", type=bool, computed=True, required=False)
_NEITHER = ("paused_until", "paused_for_event")


def _filed() -> Iterator[Move]:
    """It comes in, and is accepted or refused."""
    yield Move(
        name="submit",
        label="submit",
        sources=(),
        to="submitted",
        by=CLERK | ANYONE,
        fills=(filing.entered_by,),
        asks=(
            Ask(name="category", help="what it is about, in a word or two", longest=40),
            Ask(name="description", help="in the resident's words", private=True),
            Ask(name="channel", help="how it came", choices=CHANNELS, default="desk"),
            Ask(name="anonymous", type=bool, default=False),
            Ask(name="confidential", type=bool, default=False),
            Ask(name="entered_by", type=UUID, required=False, computed=True),
            Ask(
                name="about",
                help="the person, the organisation or the place that it complains about",
                type=UUID,
                required=False,
            ),
            Ask(
                name="not_to_them",
                help="the reporter wants nothing of it to be given to whom it is about",
                type=bool,
                default=False,
            ),
            Ask(name="source", required=False),
            then("received_at"),
        ),
        checks=(filing.reporter_allowed, filing.received_by_the_desk, filing.about_is_known),
        effects=(urgency.accept_if_urgent,),
    )
    yield Move(
        name="accept",
        label="accept",
        sources=("submitted",),
        to="accepted",
        by=CLERK | ENGINE,
        fills=(urgency.matched,),
        asks=(
            Ask(
                name="service",
                help="a code of the catalogue; matched by the rules if not given",
                required=False,
                proposed=True,
            ),
            Ask(
                name="reason",
                help="why it is another service than the rules matched",
                private=True,
                required=False,
            ),
            then("accepted_at"),
            Ask(name="matched", computed=True, required=False),
            Ask(name="rule", computed=True, required=False),
            _URGENT,
        ),
        checks=(urgency.has_service, urgency.says_why_another),
        effects=(urgency.dispatch_if_urgent,),
    )
    yield Move(name="refuse", label="refuse", sources=("submitted",), to="refused", by=CLERK, asks=(REASON,))


def _sorted_out() -> Iterator[Move]:
    """Which service it gets, and how urgent it is, as the desk corrects the rules."""
    yield Move(
        name="choose",
        label="choose another service",
        sources=("accepted", "dispatched"),
        to=None,
        by=CLERK,
        fills=(urgency.chosen,),
        asks=(Ask(name="service", help="a code of the catalogue"), REASON, _URGENT),
        resets=("handling",),
        effects=(urgency.tasks_follow, urgency.goes_at_once),
    )
    yield Move(
        name="make_urgent",
        label="make urgent",
        sources=("submitted", "accepted", "dispatched", "waiting"),
        to=None,
        by=CLERK,
        fills=(urgency.urgent,),
        asks=(REASON, _URGENT),
        checks=(urgency.not_yet_urgent,),
        resets=("handling",),
        effects=(urgency.tasks_follow, urgency.goes_at_once),
    )
    yield Move(
        name="make_ordinary",
        label="take urgency off",
        sources=("accepted", "dispatched"),
        to=None,
        by=CLERK,
        fills=(urgency.ordinary,),
        asks=(REASON, _URGENT),
        checks=(urgency.is_urgent,),
        resets=("handling",),
        effects=(urgency.tasks_follow,),
    )


def _given_out() -> Iterator[Move]:
    """Somebody has it, or had it, or is to put right what it complains about."""
    yield Move(
        name="dispatch",
        label="dispatch",
        sources=("accepted", "reopened", "dispatched"),
        to="dispatched",
        by=CLERK | ENGINE,
        asks=(
            Ask(
                name="role", help="the role that does it; found by the catalogue if not given", required=False
            ),
            attrs.evolve(SEAT[1], required=False),
        ),
        checks=(routing.role_has_a_place, routing.not_theirs_already),
        effects=(routing.open_task,),
    )
    yield Move(
        name="instruct",
        label="have it put right by whom it is about",
        sources=("accepted", "dispatched"),
        to="dispatched",
        by=CLERK,
        asks=(
            *SEAT,
            Ask(
                name="put_right",
                help="what is to be put right, in the desk's own words, without the reporter",
                private=True,
            ),
        ),
        checks=(instructing.a_complaint,),
        effects=(instructing.open_in_own_words,),
    )
    yield Move(
        name="back_to_desk",
        label="back at the desk",
        sources=("dispatched", "reopened"),
        to="accepted",
        when=routing.nobody_has_it,
    )
    yield Move(
        name="resolve",
        label="resolve",
        sources=("dispatched",),
        to="resolved",
        when=routing.all_confirmed,
    )


def _paused() -> Iterator[Move]:
    """It waits, with all that is open under it."""
    yield Move(
        name="pause",
        label="pause",
        sources=("dispatched", "accepted"),
        to="waiting",
        by=CLERK | HOLDER,
        asks=(
            Ask(name="reason", help="why the clock stops", choices=PAUSES),
            Ask(name="until", help="the day on which it goes on by itself", type=date, required=False),
            Ask(
                name="event",
                help="what it waits for, in a few words; it goes on by itself after the district's days",
                longest=60,
                required=False,
            ),
            Ask(name="paused_until", type=date, computed=True, required=False),
            Ask(name="paused_for_event", longest=60, computed=True, required=False),
        ),
        fills=(pausing.its_end,),
        checks=(pausing.not_urgent, pausing.ends_in_time),
        effects=(pausing.all_wait,),
    )
    yield Move(
        name="resume",
        label="resume",
        sources=("waiting",),
        to="dispatched",
        back=True,
        by=CLERK | HOLDER | ENGINE,
        clears=_NEITHER,
    )


def _handed_over() -> Iterator[Move]:
    """Not ours: a body outside has it once it has accepted."""
    yield Move(
        name="hand_over",
        label="hand over to a body outside",
        sources=("accepted", "dispatched"),
        to=None,
        by=CLERK,
        asks=(Ask(name="body", help="the name of the body that should have it", longest=80), REASON),
        checks=(handing_over.one_at_a_time,),
        effects=(handing_over.ask_outside,),
    )
    yield Move(
        name="handed_over",
        label="passed on",
        sources=("accepted", "dispatched", "waiting"),
        to="closed",
        by=ENGINE,
        asks=(
            elsewhere.BY,
            Ask(name="feedback", private=True),
            Ask(name="outcome", choices=("handed_over",), default="handed_over"),
        ),
    )


def _answered() -> Iterator[Move]:
    """The one feedback, and what comes after it."""
    yield Move(
        name="close",
        label="close",
        sources=("resolved",),
        to="closed",
        by=CLERK,
        fills=(elsewhere.as_proposed,),
        asks=(
            Ask(
                name="feedback",
                help="the one answer to the reporter",
                private=True,
                required=False,
                proposed=True,
            ),
            Ask(name="as_proposed", help="answer with the text that was proposed", type=bool, default=False),
            Ask(name="outcome", choices=OUTCOMES[:2], default="settled"),
            then("closed_at"),
        ),
        checks=(elsewhere.something_proposed,),
    )
    yield Move(
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
            Ask(name="outcome", choices=("declined",), default="declined"),
            then("closed_at"),
        ),
    )
    yield Move(
        name="merge",
        label="merge",
        sources=("submitted", "accepted", "dispatched", "reopened"),
        to="closed",
        by=CLERK,
        asks=(
            Ask(name="duplicate_of", help="the request that goes on", type=UUID),
            Ask(name="outcome", choices=("duplicate",), default="duplicate"),
        ),
        checks=(filing.goes_on,),
    )
    yield Move(
        name="withdraw",
        label="withdraw",
        sources=("submitted", "accepted", "dispatched", "waiting", "reopened"),
        to="withdrawn",
        by=OWN | CLERK,
        asks=(REASON,),
        clears=_NEITHER,
    )
    yield Move(
        name="reopen",
        label="reopen",
        sources=("closed",),
        to="reopened",
        by=OWN | CLERK,
        fills=(filing.one_round_more,),
        asks=(REASON, Ask(name="times_reopened", type=int, computed=True, required=False)),
        clears=("proposed_by",),
        checks=(filing.reopen_in_time,),
        effects=(routing.dispatch_again,),
    )
    yield Move(
        name="rate",
        label="rate",
        sources=("closed",),
        to=None,
        by=OWN | CLERK,
        asks=(Ask(name="rating", help="1 (worst) to 5", type=int, choices=(1, 2, 3, 4, 5)),),
        checks=(filing.not_rated_yet,),
    )


REQUEST = Workflow(
    name="request",
    label="request",
    holds_person=True,
    record=Request,
    told_by=("category",),
    accepted_in="accepted",
    states=(
        State("submitted", "submitted"),
        State("accepted", "accepted", turn=CLERK),
        State("dispatched", "dispatched", turn=NOBODY),
        State("waiting", "waiting", turn=NOBODY),
        State("resolved", "resolved"),
        State("closed", "closed", ends=OUTCOMES),
        State("reopened", "reopened", turn=CLERK),
        State("refused", "refused", ends=("refused",)),
        State("withdrawn", "withdrawn", ends=("withdrawn",)),
    ),
    moves=impartial(
        (
            *_filed(),
            *_sorted_out(),
            *_given_out(),
            *_paused(),
            *_handed_over(),
            *elsewhere.moves(),
            *_answered(),
            Move(
                name="read",
                label="read",
                sources=(*OPEN_STATES, "closed", "refused", "withdrawn"),
                to=None,
                by=CLERK | OWN,
                asks=(READ_REASON,),
            ),
            Move(name="urge", label="urge", sources=OPEN_STATES, to=None, by=OWN | CLERK),
        )
    ),
    parts=(
        Part(name="task", workflow="task", start="open"),
        Part(name="handover", workflow="handover", start="make"),
    ),
    clocks=(
        Clock(name="response", runs_in=("submitted",), limit=filing.response_limit),
        Clock(
            name="handling",
            runs_in=("accepted", "dispatched", "reopened"),
            pauses_in=("waiting",),
            limit=urgency.time_standard,
        ),
        Clock(name="pause", runs_in=("waiting",), limit=pausing.end_of_pause, then="resume", afresh=True),
    ),
)
