"""Tasks (任务) as a workflow: what a request comes to, for whoever does it."""

from collections.abc import Iterator
from uuid import UUID

from linli.access import ENGINE, HOLDER, OWN
from linli.acts import Act
from linli.conditions import parent_in
from linli.dispatch.handing_over import ABOUT, SEAT, WAITS_FOR, make_offer, seat_of
from linli.dispatch.impartial import impartial, kept_from
from linli.dispatch.late_entries import then
from linli.dispatch.pausing import whole_goes_on
from linli.dispatch.records import CLERK, Task
from linli.dispatch.urgency import time_standard
from linli.effects import Assign, Effect
from linli.facts import Facts
from linli.i18n import Text, say
from linli.subjects import Subject
from linli.workflow import READ_REASON, REASON, Ask, Clock, Move, Part, State, Workflow


def _to_seat(act: Act, subject: Subject, facts: Facts) -> Iterator[Effect]:
    yield Assign(holder=seat_of(act))


def _not_to_whom_it_is_about(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    if kept_from(subject.record.about, seat_of(act), subject.place, facts):
        return say("the complaint would go to whom it is about; name another seat")
    return None


def _not_in_own_words(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """What whom a complaint is about is to put right is theirs alone."""
    if subject.record.own_words:
        return say(
            "it says what they are to put right; cancel it, and have somebody else do it: linli request dispatch"
        )
    return None


_STILL = ("open", "taken", "offered", "returned", "done")
_OPEN = (*_STILL, "waiting")


def _given_out() -> Iterator[Move]:
    """From the seat that has it to what was done."""
    yield Move(
        name="open",
        label="give out",
        sources=(),
        to="open",
        by=ENGINE,
        asks=(
            Ask(name="service"),
            Ask(name="urgent", type=bool, default=False),
            Ask(name="rule", required=False),
            ABOUT,
            Ask(name="own_words", type=bool, default=False),
            Ask(name="times_reopened", type=int, default=0),
            Ask(name="put_right", help="what is to be put right", private=True, required=False),
        ),
    )
    yield Move(name="take", label="take", sources=("open",), to="taken", by=HOLDER)
    yield Move(
        name="finish",
        label="finish",
        sources=("open", "taken"),
        to="done",
        by=HOLDER,
        first="take",
        asks=(
            Ask(name="result", help="what was done", private=True),
            Ask(name="minutes", help="how long it took", type=int, required=False),
            then("finished_at"),
        ),
    )
    yield Move(
        name="confirm",
        label="confirm",
        sources=("done",),
        to="confirmed",
        by=CLERK | OWN,
        apart_from=("take", "finish"),
    )
    yield Move(
        name="send_back", label="send back", sources=("done",), to="open", by=CLERK | OWN, asks=(REASON,)
    )
    yield Move(name="cancel", label="cancel", sources=_OPEN, to="cancelled", by=CLERK, asks=(REASON,))


def _to_another() -> Iterator[Move]:
    """Not theirs: given back, routed again, offered."""
    yield Move(
        name="give_back",
        label="give back",
        sources=("open", "taken"),
        to="returned",
        by=HOLDER,
        asks=(REASON,),
    )
    yield Move(
        name="route",
        label="route again",
        sources=("returned", "open"),
        to="open",
        by=CLERK,
        asks=SEAT,
        checks=(_not_in_own_words, _not_to_whom_it_is_about),
        effects=(_to_seat,),
    )
    yield Move(
        name="offer",
        label="offer to another",
        sources=("open", "taken"),
        to="offered",
        by=HOLDER,
        asks=(*SEAT, REASON),
        checks=(_not_in_own_words, _not_to_whom_it_is_about),
        effects=(make_offer,),
    )
    yield Move(name="handed_over", sources=("offered",), to="open", by=ENGINE)
    yield Move(name="kept", sources=("offered",), to="open", back=True, by=ENGINE)


def _by_linli() -> Iterator[Move]:
    """What becomes of it with its request, or by another matter."""
    yield Move(
        name="reclassify",
        label="has another service or urgency",
        sources=_OPEN,
        to=None,
        by=ENGINE,
        asks=(
            Ask(name="service"),
            Ask(name="urgent", type=bool),
            Ask(name="was_urgent", type=bool, default=False),
        ),
        resets=("task",),
    )
    yield Move(name="wait", label="waits", sources=_STILL, to="waiting", by=ENGINE, asks=(WAITS_FOR,))
    yield Move(
        name="settle_elsewhere",
        label="done by another matter",
        sources=_OPEN,
        to="confirmed",
        by=ENGINE,
        asks=(Ask(name="by", help="the matter that settled it", type=UUID),),
    )
    yield Move(name="drop", label="called off", sources=_OPEN, to="cancelled", by=ENGINE)
    yield Move(
        name="call_off",
        label="called off",
        sources=_OPEN,
        to="cancelled",
        when=parent_in("closed", "withdrawn", "refused"),
    )
    yield Move(name="go_on", label="goes on", sources=("waiting",), to="open", back=True, when=whole_goes_on)


TASK = Workflow(
    name="task",
    label="task",
    record=Task,
    told_by=("service",),
    accepted_in="taken",
    states=(
        State("open", "to be taken"),
        State("taken", "taken"),
        State("offered", "offered to another"),
        State("returned", "returned", turn=CLERK),
        State("waiting", "waiting"),
        State("done", "done"),
        State("confirmed", "confirmed", ends=("confirmed",)),
        State("cancelled", "cancelled", ends=("cancelled",)),
    ),
    moves=impartial(
        (
            *_given_out(),
            *_to_another(),
            *_by_linli(),
            Move(
                name="read",
                label="read",
                sources=(*_OPEN, "confirmed", "cancelled"),
                to=None,
                by=HOLDER | CLERK,
                asks=(READ_REASON,),
            ),
            Move(name="urge", label="urge", sources=("open", "taken", "offered"), to=None, by=CLERK | OWN),
        )
    ),
    parts=(Part(name="offer", workflow="offer", start="make"),),
    clocks=(
        Clock(
            name="task",
            runs_in=("open", "taken", "offered", "returned"),
            pauses_in=("waiting",),
            limit=time_standard,
        ),
    ),
)
