"""Decisions by circulation (传签) between meetings: the members answer in writing.

An answer is yes, no with a reason, or "to the meeting"; silence is none of them. Enough yes decides. One "to the
meeting", more noes than leave enough, or too few answers in time put the item on the next meeting.
"""

from collections.abc import Iterable
from uuid import UUID

import attrs

from linli import (
    HOLDER,
    Clock,
    Context,
    Limit,
    Moves,
    Part,
    PartKey,
    Refusal,
    Seat,
    State,
    Transition,
    Why,
    Workflow,
    any_part,
)
from linli_meetings.membership import without
from linli_meetings.roles import Read, not_its_own
from linli_meetings.settings import MeetingSettings


@attrs.frozen(kw_only=True)
class Circulation:
    """What is kept with a circulation.

    Attributes:
        draft: the resolution that is circulated.
        bodies: the organisations that are asked.
        member_bodies: the meeting's members that may answer, asked or not; `left_out`: those that may not.
        needed: how many of the members must agree.
    """

    draft: str
    bodies: tuple[UUID, ...]
    needed: int
    member_bodies: tuple[UUID, ...] = ()
    left_out: tuple[UUID, ...] = ()


@attrs.frozen(kw_only=True)
class Opinion:
    """What one body says of it.

    Attributes:
        left_out: the bodies that do not answer in this matter.
    """

    organisation: UUID
    left_out: tuple[UUID, ...] = ()


def _for_itself(t: Transition[Opinion, object]) -> Refusal | None:
    return not_its_own(t.seat, t.record.organisation, t.facts)


class HasActedBefore(
    Refusal, says="this body has proposed or reviewed the matter; it does not answer here too"
): ...


def _may_answer(t: Transition[Opinion, object]) -> Refusal | None:
    """A body that was merged into one that may not answer has no voice of its own any more."""
    if without((t.record.organisation,), t.record.left_out, t.facts):
        return None
    return HasActedBefore()


class OpinionFlow(Workflow[Opinion], name="written_opinion"):
    """Asked, and answered in time or not."""

    move = Moves(Opinion)
    asked = State("awaiting an answer")
    agreed = State("agreed", ends=True)
    objected = State("objected to", ends=True)
    to_meeting = State("for the meeting", ends=True)
    lapsed = State("lapsed", ends=True)
    ask = move.opening(asked, Opinion, label="ask the body")
    agree = move(asked.to(agreed), by=HOLDER, needs=[_for_itself, _may_answer])
    object = move(asked.to(objected), Why, by=HOLDER, needs=[_for_itself, _may_answer])
    leave_to_meeting = move(
        asked.to(to_meeting),
        name="to_meeting",
        label="take it to the meeting",
        by=HOLDER,
        needs=[_for_itself, _may_answer],
    )
    lapse = move(asked.to(lapsed))
    read = move(
        (asked | agreed | objected | to_meeting | lapsed).stay(), Read, by=HOLDER, needs=[_for_itself]
    )


def _asked(ctx: Context[Circulation]) -> Iterable[PartKey[Opinion]]:
    for body in ctx.record.bodies:
        given = Opinion(organisation=body, left_out=ctx.record.left_out)
        yield PartKey(key=str(body), holder=Seat(role=None, at=body), given=given)


def _count(ctx: Context[Circulation], *states: State) -> int:
    return sum(one.state in states for one in ctx.parts(OpinionFlow))


def _enough_agree(ctx: Context[Circulation]) -> bool:
    return _count(ctx, OpinionFlow.agreed) >= ctx.record.needed


def _cannot_agree(ctx: Context[Circulation]) -> bool:
    """Whether enough could not say yes any more, whoever still answers."""
    opened = len(ctx.parts(OpinionFlow)) == len(ctx.record.bodies)
    return opened and _count(ctx, OpinionFlow.agreed, OpinionFlow.asked) < ctx.record.needed


def _limit(ctx: Context[object]) -> Limit:
    return Limit(span=ctx.settings(MeetingSettings).circulation_within)


class CirculationFlow(Workflow[Circulation], name="circulation"):
    """Sent round until enough have agreed, or cannot any more."""

    move = Moves(Circulation)
    open = State("awaiting answers")
    agreed = State("agreed", ends=True)
    objected = State("objected to", ends=True)
    to_meeting = State("for the meeting", ends=True)
    lapsed = State("lapsed", ends=True)
    called_off = State("called off", ends=True)
    send = move.opening(open, Circulation, label="send round")
    agree = move(open.to(agreed), when=_enough_agree)
    leave_to_meeting = move(open.to(to_meeting), name="to_meeting", when=any_part(OpinionFlow.to_meeting))
    object = move(open.to(objected), when=_cannot_agree)
    lapse = move(open.to(lapsed))
    call_off = move(open.to(called_off))
    written_opinion = Part(
        OpinionFlow.ask,
        in_=open,
        one_per=_asked,
        calls_off=OpinionFlow.lapse,
        off_in=agreed | objected | to_meeting | lapsed | called_off,
    )
    answers = Clock(open, _limit, then=lapse)
