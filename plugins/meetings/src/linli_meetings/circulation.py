"""Decisions by circulation (传签) between meetings: the members answer in writing.

An answer is yes, no with a reason, or "to the meeting"; silence is none of them. Enough yes decides. One "to the
meeting", more noes than leave enough, or too few answers in time put the item on the next meeting.
"""

from collections.abc import Iterable
from uuid import UUID

import attrs

from linli import (
    ENGINE,
    HOLDER,
    Act,
    Ask,
    Clock,
    Facts,
    Limit,
    Move,
    Part,
    PartKey,
    Seat,
    State,
    Subject,
    Workflow,
    any_part,
    parent_in,
    say,
)
from linli.conditions import Siblings
from linli.i18n import Text
from linli.workflow import READ_REASON, REASON
from linli_meetings.membership import without
from linli_meetings.roles import not_its_own, numbers
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
    bodies: tuple[UUID, ...] = attrs.field(converter=numbers)
    needed: int
    member_bodies: tuple[UUID, ...] = attrs.field(default=(), converter=numbers)
    left_out: tuple[UUID, ...] = attrs.field(default=(), converter=numbers)


@attrs.frozen(kw_only=True)
class Opinion:
    """What one body says of it.

    Attributes:
        left_out: the bodies that do not answer in this matter.
    """

    organisation: UUID
    left_out: tuple[UUID, ...] = attrs.field(default=(), converter=numbers)


def _asked(subject: Subject, facts: Facts) -> Iterable[PartKey]:
    for body in subject.record.bodies:
        values = {"organisation": body, "left_out": subject.record.left_out}
        yield PartKey(key=str(body), holder=Seat(role=None, at=body), values=values)


def _count(subject: Subject, tree: Siblings, *states: str) -> int:
    return sum(one.state in states for one in tree.parts(subject, "written_opinion"))


def _enough_agree(subject: Subject, tree: Siblings) -> bool:
    needed: int = subject.record.needed
    return _count(subject, tree, "agreed") >= needed


def _cannot_agree(subject: Subject, tree: Siblings) -> bool:
    """Whether enough could not say yes any more, whoever still answers."""
    opened = len(tree.parts(subject, "written_opinion")) == len(subject.record.bodies)
    needed: int = subject.record.needed
    return opened and _count(subject, tree, "agreed", "asked") < needed


def _time_is_up(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    return None if before.clocks["answers"].step else say("it can still be answered")


def _limit(subject: Subject, facts: Facts) -> Limit:
    return Limit(span=facts.settings(MeetingSettings).circulation_within)


CIRCULATION = Workflow(
    name="circulation",
    label="circulation",
    record=Circulation,
    states=(
        State("open", "awaiting answers"),
        State("agreed", "agreed", ends=("agreed",)),
        State("objected", "objected to", ends=("objected",)),
        State("to_meeting", "for the meeting", ends=("to_meeting",)),
        State("lapsed", "lapsed", ends=("lapsed",)),
        State("called_off", "called off", ends=("called_off",)),
    ),
    moves=(
        Move(
            name="send",
            label="send round",
            sources=(),
            to="open",
            by=ENGINE,
            asks=(
                Ask(name="draft"),
                Ask(name="bodies", type=tuple),
                Ask(name="needed", type=int),
                Ask(name="member_bodies", type=tuple),
                Ask(name="left_out", type=tuple),
            ),
        ),
        Move(name="agree", sources=("open",), to="agreed", when=_enough_agree),
        Move(
            name="to_meeting",
            sources=("open",),
            to="to_meeting",
            when=any_part("written_opinion", "to_meeting"),
        ),
        Move(name="object", sources=("open",), to="objected", when=_cannot_agree),
        Move(name="lapse", sources=("open",), to="lapsed", by=ENGINE, checks=(_time_is_up,)),
        Move(name="call_off", sources=("open",), to="called_off", when=parent_in("withdrawn")),
    ),
    parts=(
        Part(
            name="written_opinion", workflow="written_opinion", start="ask", opens_in="open", one_per=_asked
        ),
    ),
    clocks=(Clock(name="answers", runs_in=("open",), limit=_limit, then="lapse"),),
)


def _for_itself(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    return not_its_own(act.seat, subject.record.organisation, facts)


def _may_answer(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """A body that was merged into one that may not answer has no voice of its own any more."""
    if without((subject.record.organisation,), subject.record.left_out, facts):
        return None
    return say("this body has proposed or reviewed the matter; it does not answer here too")


def _answers(name: str, to: str, *asks: Ask, label: str) -> Move:
    return Move(
        name=name,
        label=label,
        sources=("asked",),
        to=to,
        by=HOLDER,
        apart_from=("circulate",),
        asks=asks,
        checks=(_for_itself, _may_answer),
    )


_ENDED = ("agreed", "objected", "to_meeting", "lapsed")

OPINION = Workflow(
    name="written_opinion",
    label="written opinion",
    record=Opinion,
    states=(
        State("asked", "awaiting an answer"),
        State("agreed", "agreed", ends=("agreed",)),
        State("objected", "objected to", ends=("objected",)),
        State("to_meeting", "for the meeting", ends=("to_meeting",)),
        State("lapsed", "lapsed", ends=("lapsed",)),
    ),
    moves=(
        Move(
            name="ask",
            label="ask the body",
            sources=(),
            to="asked",
            by=ENGINE,
            asks=(Ask(name="organisation", type=UUID), Ask(name="left_out", type=tuple, required=False)),
        ),
        _answers("agree", "agreed", label="agree"),
        _answers("object", "objected", REASON, label="object"),
        _answers("to_meeting", "to_meeting", label="take it to the meeting"),
        Move(
            name="lapse",
            sources=("asked",),
            to="lapsed",
            when=parent_in("agreed", "objected", "to_meeting", "lapsed", "called_off"),
        ),
        Move(
            name="read",
            label="read",
            sources=("asked", *_ENDED),
            to=None,
            by=HOLDER,
            asks=(READ_REASON,),
            checks=(_for_itself,),
        ),
    ),
)
