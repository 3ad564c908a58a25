"""Tasks (任务) and offers of a task to somebody else, as workflows."""

from collections.abc import Iterable
from uuid import UUID

from linli.access import ENGINE, HOLDER, OWN, Seat
from linli.acts import Act
from linli.dispatch.impartial import impartial, kept_from
from linli.dispatch.records import CLERK, PAUSES, Offer, Task
from linli.dispatch.requests import time_standard
from linli.effects import Assign, Effect, Make, Start
from linli.facts import Facts
from linli.i18n import Text, say
from linli.subjects import Subject
from linli.workflow import Ask, Clock, Move, Part, State, Workflow, parent_in

_REASON = Ask(name="reason", help="why", private=True)
_SEAT = (
    Ask(name="role", help="the role that should do it", required=False),
    Ask(name="at", help="the place or organisation of that role", type=UUID, of="seat"),
)


def _to_seat(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    yield Assign(holder=_seat(act))


def _seat(act: Act) -> Seat:
    return Seat(role=act.value("role"), at=UUID(act.value("at")))


def _not_to_whom_it_is_about(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    if kept_from(subject.record.about, _seat(act), subject.place, facts):
        return say("the complaint would go to whom it is about; name another seat")
    return None


def _make_offer(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    seat = _seat(act)
    yield Start(
        workflow="offer",
        move="make",
        place=subject.place,
        parent=subject.id,
        key=str(act.version),
        holder=seat,
        values={"role": seat.role, "at": seat.at},
    )


def _hand_over(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    assert subject.parent is not None, "an offer is a part of a task"
    yield Assign(subject=subject.parent, holder=subject.holder)
    yield Make(subject=subject.parent, move="handed_over")


def _keep(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    assert subject.parent is not None, "an offer is a part of a task"
    yield Make(subject=subject.parent, move="kept")


_OPEN = ("open", "taken", "offered", "returned", "waiting", "done")

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
            Move(
                name="open",
                label="give out",
                sources=(),
                to="open",
                by=ENGINE,
                asks=(
                    Ask(name="service"),
                    Ask(name="urgent", type=bool, default=False),
                    Ask(name="rule", required=False),
                    Ask(name="about", type=UUID, required=False),
                ),
            ),
            Move(name="take", label="take", sources=("open",), to="taken", by=HOLDER),
            Move(
                name="finish",
                label="finish",
                sources=("open", "taken"),
                to="done",
                by=HOLDER,
                asks=(
                    Ask(name="result", help="what was done", private=True),
                    Ask(name="minutes", help="how long it took", type=int, required=False),
                ),
            ),
            Move(
                name="confirm",
                label="confirm",
                sources=("done",),
                to="confirmed",
                by=CLERK | OWN,
                apart_from=("take", "finish"),
            ),
            Move(
                name="send_back",
                label="send back",
                sources=("done",),
                to="open",
                by=CLERK | OWN,
                asks=(_REASON,),
            ),
            Move(
                name="give_back",
                label="give back",
                sources=("open", "taken"),
                to="returned",
                by=HOLDER,
                asks=(_REASON,),
            ),
            Move(
                name="route",
                label="route again",
                sources=("returned", "open"),
                to="open",
                by=CLERK,
                asks=_SEAT,
                checks=(_not_to_whom_it_is_about,),
                effects=(_to_seat,),
            ),
            Move(
                name="offer",
                label="offer to another",
                sources=("open", "taken"),
                to="offered",
                by=HOLDER,
                asks=(*_SEAT, _REASON),
                checks=(_not_to_whom_it_is_about,),
                effects=(_make_offer,),
            ),
            Move(
                name="read",
                label="read",
                sources=(*_OPEN, "confirmed", "cancelled"),
                to=None,
                by=HOLDER | CLERK,
                asks=(Ask(name="reason", help="why it is read; it is kept", longest=200, private=True),),
            ),
            Move(
                name="wait",
                sources=("open", "taken"),
                to="waiting",
                by=ENGINE,
                asks=(Ask(name="reason", choices=PAUSES),),
            ),
            Move(name="go_on", sources=("waiting",), to="open", by=ENGINE),
            Move(
                name="settle_elsewhere",
                label="done by another matter",
                sources=("open", "taken", "offered", "returned", "waiting"),
                to="confirmed",
                by=ENGINE,
                asks=(Ask(name="by", help="the matter that settled it", type=UUID),),
            ),
            Move(
                name="come_back",
                label="not settled by another matter",
                sources=("open", "taken", "offered", "returned", "waiting"),
                to="returned",
                by=ENGINE,
                asks=(Ask(name="by", help="the matter that did not settle it", type=UUID),),
            ),
            Move(name="handed_over", sources=("offered",), to="open", by=ENGINE),
            Move(name="kept", sources=("offered",), to="open", by=ENGINE),
            Move(name="urge", label="urge", sources=("open", "taken", "offered"), to=None, by=CLERK | OWN),
            Move(name="cancel", label="cancel", sources=_OPEN, to="cancelled", by=CLERK, asks=(_REASON,)),
            Move(
                name="call_off",
                sources=_OPEN,
                to="cancelled",
                when=parent_in("closed", "withdrawn", "refused"),
            ),
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

OFFER = Workflow(
    name="offer",
    label="handover",
    read_by=HOLDER | CLERK,
    record=Offer,
    states=(
        State("made", "made"),
        State("accepted", "accepted", ends=("accepted",)),
        State("refused", "refused", ends=("refused",)),
        State("lapsed", "lapsed", ends=("lapsed",)),
    ),
    moves=(
        Move(name="make", sources=(), to="made", by=ENGINE, asks=_SEAT),
        Move(
            name="accept",
            label="accept the handover",
            sources=("made",),
            to="accepted",
            by=HOLDER,
            effects=(_hand_over,),
        ),
        Move(
            name="refuse",
            label="refuse the handover",
            sources=("made",),
            to="refused",
            by=HOLDER,
            asks=(_REASON,),
            effects=(_keep,),
        ),
        Move(
            name="lapse",
            sources=("made",),
            to="lapsed",
            when=parent_in("cancelled", "done", "confirmed", "returned"),
        ),
    ),
)
