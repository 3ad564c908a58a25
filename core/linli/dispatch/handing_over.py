"""Handing over ("not ours"): to another seat, which has it once it accepts; to a body outside the record, which must too."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import bindparam, select

from linli.access import ENGINE, HOLDER, Seat
from linli.acts import Act
from linli.conditions import parent_in
from linli.deadlines import working_days
from linli.dispatch.impartial import impartial
from linli.dispatch.pausing import whole_goes_on
from linli.dispatch.records import CLERK, PAUSES, Handover, Offer
from linli.dispatch.settings import DispatchSettings
from linli.effects import Assign, Effect, Make, Start
from linli.facts import Facts
from linli.i18n import Text, say
from linli.store import Read
from linli.store import tables as t
from linli.subjects import Subject
from linli.workflow import READ_REASON, REASON, Ask, Clock, Limit, Move, State, Was, Workflow

WAITS_FOR = Ask(name="reason", choices=PAUSES)
ABOUT = Ask(name="about", type=UUID, required=False)
SEAT = (
    Ask(name="role", help="the role that should do it", required=False),
    Ask(name="at", help="the place or organisation of that role", type=UUID, of="seat"),
)
_s = t.subject.c
_BEING_HANDED_OVER = Read(
    select(_s.id).where(
        _s.district == bindparam("district"),
        _s.parent == bindparam("request"),
        _s.kind == "handover",
        _s.ended_at.is_(None),
    )
)
_ENDED = ("closed", "withdrawn", "refused")


def _answer_within(subject: Subject, facts: Facts) -> Limit:
    return working_days(facts.settings(DispatchSettings).handover_days, facts)


# --- to another seat ---------------------------------------------------------------------------------


def seat_of(act: Act) -> Seat:
    """The seat that an act names."""
    return Seat(role=act.value("role"), at=UUID(act.value("at")))


def make_offer(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    """The task is offered; until that is accepted, it stays with whoever has it."""
    seat = seat_of(act)
    yield Start(
        workflow="offer",
        move="make",
        place=subject.place,
        parent=subject.id,
        key=str(act.version),
        holder=seat,
        values={"role": seat.role, "at": seat.at, "about": subject.record.about},
    )


def _give_task(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    assert subject.parent is not None, "an offer is a part of a task"
    yield Assign(subject=subject.parent, holder=subject.holder)
    yield Make(subject=subject.parent, move="handed_over")


def _keep_task(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    assert subject.parent is not None, "an offer is a part of a task"
    yield Make(subject=subject.parent, move="kept")


OFFER = Workflow(
    name="offer",
    label="handover",
    record=Offer,
    states=(
        State("made", "made"),
        State("waiting", "waiting"),
        State("accepted", "accepted", ends=("accepted",)),
        State("refused", "refused", ends=("refused",)),
        State("lapsed", "lapsed", ends=("lapsed",)),
    ),
    moves=impartial(
        (
            Move(name="make", sources=(), to="made", by=ENGINE, asks=(*SEAT, ABOUT)),
            Move(
                name="accept",
                label="accept the handover",
                sources=("made",),
                to="accepted",
                by=HOLDER,
                effects=(_give_task,),
            ),
            Move(
                name="refuse",
                label="refuse the handover",
                sources=("made",),
                to="refused",
                by=HOLDER,
                asks=(REASON,),
                effects=(_keep_task,),
            ),
            Move(
                name="run_out",
                label="nobody answered in time",
                sources=("made",),
                to="lapsed",
                by=ENGINE,
                effects=(_keep_task,),
            ),
            Move(name="wait", label="waits", sources=("made",), to="waiting", by=ENGINE, asks=(WAITS_FOR,)),
            Move(
                name="lapse",
                sources=("made", "waiting"),
                to="lapsed",
                when=parent_in("cancelled", "done", "confirmed"),
            ),
            Move(
                name="go_on", label="goes on", sources=("waiting",), to="made", back=True, when=whole_goes_on
            ),
            Move(
                name="read",
                label="read",
                sources=("made", "waiting", "accepted", "refused", "lapsed"),
                to=None,
                by=HOLDER | CLERK,
                asks=(READ_REASON,),
            ),
        )
    ),
    clocks=(
        Clock(
            name="handover", runs_in=("made",), pauses_in=("waiting",), limit=_answer_within, then="run_out"
        ),
    ),
)


# --- to a body outside the record --------------------------------------------------------------------


def one_at_a_time(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """It is offered to one body at a time."""
    if facts.rows(_BEING_HANDED_OVER, request=subject.id):
        return say("it is being handed over already; record what they answered first: linli handover list")
    return None


def ask_outside(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    """A body outside is asked; until it accepts, the request is ours."""
    yield Start(
        workflow="handover",
        move="make",
        place=subject.place,
        parent=subject.id,
        key=str(act.version),
        values={"outside_body": act.value("body"), "about": subject.record.about},
    )


def _proven(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    if subject.record.their_number is None and act.value("proof") is None:
        return say("give their number, or the paper or the call that shows that they accepted")
    return None


def _hand_over(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    assert subject.parent is not None, "a handover is a part of a request"
    yield Make(
        subject=subject.parent,
        move="handed_over",
        values={"feedback": facts.said(act.id, "feedback"), "by": subject.id},
    )


HANDOVER = Workflow(
    name="handover",
    label="handover outside",
    record=Handover,
    told_by=("outside_body",),
    states=(
        State("made", "asked, not accepted yet"),
        State("waiting", "waiting"),
        State("accepted", "accepted", ends=("accepted",)),
        State("refused", "refused", ends=("refused",)),
        State("lapsed", "lapsed", ends=("lapsed",)),
    ),
    moves=impartial(
        (
            Move(
                name="make",
                sources=(),
                to="made",
                by=ENGINE,
                asks=(Ask(name="outside_body", longest=80), ABOUT),
            ),
            Move(
                name="accept",
                label="they accepted",
                sources=("made",),
                to="accepted",
                by=CLERK,
                asks=(
                    Ask(
                        name="accepted_by", help="who or which desk there accepted", longest=100, private=True
                    ),
                    Ask(name="accepted_on", help="on which day", type=date, was=Was()),
                    Ask(name="their_number", help="its number there", longest=60, required=False),
                    Ask(
                        name="proof",
                        help="where they give no number: the paper or the call that shows it",
                        private=True,
                        required=False,
                    ),
                    Ask(
                        name="feedback",
                        help="the one answer to the reporter: whom to ask now, and under which number",
                        private=True,
                    ),
                ),
                checks=(_proven,),
                effects=(_hand_over,),
            ),
            Move(
                name="refuse",
                label="they refused",
                sources=("made",),
                to="refused",
                by=CLERK,
                asks=(REASON,),
            ),
            Move(name="wait", label="waits", sources=("made",), to="waiting", by=ENGINE, asks=(WAITS_FOR,)),
            Move(name="lapse", sources=("made", "waiting"), to="lapsed", when=parent_in(*_ENDED)),
            Move(
                name="go_on", label="goes on", sources=("waiting",), to="made", back=True, when=whole_goes_on
            ),
            Move(
                name="read",
                label="read",
                sources=("made", "waiting", "accepted", "refused", "lapsed"),
                to=None,
                by=CLERK,
                asks=(READ_REASON,),
            ),
        )
    ),
    # Nobody's silence hands anything over: the request stays ours, and it climbs.
    clocks=(Clock(name="handover", runs_in=("made",), pauses_in=("waiting",), limit=_answer_within),),
)
