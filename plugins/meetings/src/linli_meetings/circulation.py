"""Decisions by circulation (传签) between meetings: every body that is asked answers in writing.

Silence is no agreement, and one objection takes the item to a meeting.
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
from linli.i18n import Text
from linli.workflow import Siblings
from linli_meetings.roles import READ_REASON, REASON, not_its_own, numbers
from linli_meetings.settings import MeetingSettings


@attrs.frozen(kw_only=True)
class Circulation:
    """What is kept with a circulation.

    Attributes:
        draft: the resolution that is circulated.
        bodies: the organisations that are asked.
        needed: how many of them must agree.
    """

    draft: str
    bodies: tuple[UUID, ...] = attrs.field(converter=numbers)
    needed: int


@attrs.frozen(kw_only=True)
class Opinion:
    """What one body says of it."""

    organisation: UUID


def needed_of(asked: int, percent: int) -> int:
    """How many of `asked` bodies are at least `percent` of them."""
    return -(-asked * percent // 100)


def _asked(subject: Subject, facts: Facts) -> Iterable[PartKey]:
    for body in subject.record.bodies:
        yield PartKey(key=str(body), holder=Seat(role=None, at=body), values={"organisation": body})


def _enough_agree(subject: Subject, tree: Siblings) -> bool:
    agreed = [one for one in tree.parts(subject, "written_opinion") if one.state == "agreed"]
    needed: int = subject.record.needed
    return len(agreed) >= needed


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
            ),
        ),
        Move(name="object", sources=("open",), to="objected", when=any_part("written_opinion", "objected")),
        Move(name="agree", sources=("open",), to="agreed", when=_enough_agree),
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
    return not_its_own(act, subject.record.organisation, facts)


_ASKED = ("asked",)
_ENDED = ("agreed", "objected", "lapsed")

OPINION = Workflow(
    name="written_opinion",
    label="written opinion",
    record=Opinion,
    states=(
        State("asked", "awaiting an answer"),
        State("agreed", "agreed", ends=("agreed",)),
        State("objected", "objected to", ends=("objected",)),
        State("lapsed", "lapsed", ends=("lapsed",)),
    ),
    moves=(
        Move(
            name="ask",
            label="ask the body",
            sources=(),
            to="asked",
            by=ENGINE,
            asks=(Ask(name="organisation", type=UUID),),
        ),
        Move(
            name="agree",
            label="agree",
            sources=_ASKED,
            to="agreed",
            by=HOLDER,
            apart_from=("circulate",),
            checks=(_for_itself,),
        ),
        Move(
            name="object",
            label="object",
            sources=_ASKED,
            to="objected",
            by=HOLDER,
            apart_from=("circulate",),
            asks=(REASON,),
            checks=(_for_itself,),
        ),
        Move(
            name="lapse",
            sources=_ASKED,
            to="lapsed",
            when=parent_in("agreed", "objected", "lapsed", "called_off"),
        ),
        Move(
            name="read",
            label="read",
            sources=(*_ASKED, *_ENDED),
            to=None,
            by=HOLDER,
            asks=(READ_REASON,),
            checks=(_for_itself,),
        ),
    ),
)
