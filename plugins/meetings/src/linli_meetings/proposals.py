"""What an agenda item is, and what is asked of whoever proposes and decides it."""

from collections.abc import Iterable
from typing import Annotated, Literal
from uuid import UUID, uuid5

import attrs

from linli import (
    Assign,
    BodyId,
    Choice,
    Effect,
    Input,
    Invalid,
    Missing,
    NothingNumbered,
    Private,
    Ref,
    Refusal,
    Several,
    Text,
    Transition,
    listed,
    say,
)
from linli.query import any_subject
from linli_meetings.attendance import Meeting
from linli_meetings.follow_ups import Task
from linli_meetings.membership import of_matter
from linli_meetings.outcomes import Outcomes
from linli_meetings.roles import Tier, not_for_tier, once, secretary
from linli_meetings.settings import MeetingSettings


class Resolution(Choice):
    """What was decided."""

    APPROVED = "approved", "passed"
    RETURNED = "returned", "returned to who proposed it"
    REJECTED = "rejected", "turned down"
    REFERRED = "referred", "referred to the authority"
    NOTED = "noted", "noted"
    UNSETTLED = "unsettled", "not settled"


class Grounds(Choice):
    """Why a matter is the district's: the last two only linli gives."""

    SERIOUS = "serious"
    ACUTE = "acute"
    UNSETTLED = "unsettled"
    REQUIRED = "required"


RESOLUTIONS = tuple(one.value for one in Resolution)
NEEDS_NO_REASON = (Resolution.APPROVED, Resolution.NOTED)
GROUNDS_OF_LINLI = (Grounds.UNSETTLED, Grounds.REQUIRED)


@attrs.frozen(kw_only=True)
class AgendaItem:
    """What is kept with an agenda item.

    Attributes:
        tier: of the joint meeting that it is proposed to.
        topic: a few words, no personal data.
        about: the matter that it is about: a decision, a whistle, a request.
        matter_kind: what kind of matter it is, where the district has rules for it.
        member_rules: the rules for who of the meeting belongs to it, as they were when it was opened; none: everybody.
        left_out: the bodies that proposed or reviewed it: they do not answer, and are not counted.
        to_meeting: a circulation did not decide it: it is for the next meeting.
        grounds: why it is the district's.
        meeting: the meeting on whose agenda it was put last; `turns`: how often it was put on one.
        draft: the resolution that was circulated last.
        resolution: what was decided.
    """

    tier: Tier
    topic: str
    about: UUID | None = None
    matter_kind: str | None = None
    member_rules: tuple[str, ...] = ()
    left_out: tuple[UUID, ...] = ()
    to_meeting: bool = False
    grounds: Grounds | None = None
    meeting: UUID | None = None
    turns: int = 0
    draft: str | None = None
    resolution: Resolution | None = None
    rectifications: int = 0
    enforcements: int = 0
    mediated: bool = False


@attrs.frozen(kw_only=True)
class Propose:
    """To whose meeting, and what."""

    tier: Annotated[Tier, Input("whose meeting")]
    topic: Annotated[str, Input("a few words, no personal data", longest=80)]
    about: Annotated[UUID | None, Input("the number of the matter")] = None
    grounds: Annotated[Grounds | None, Input("why it is the district's")] = None
    matter_kind: Annotated[
        str | None,
        Input("what kind of matter it is, where the district names who belongs to it", longest=40),
    ] = None
    left_out: Annotated[tuple[UUID, ...] | None, Input(by_engine=True)] = attrs.field(
        default=None, converter=attrs.converters.optional(once)
    )
    description: Annotated[Private | None, Input("what it is about")] = None


@attrs.frozen(kw_only=True)
class Schedule:
    """On which agenda."""

    meeting: Annotated[Ref[Meeting], Input("the meeting's number")]


@attrs.frozen(kw_only=True)
class Circulate:
    """What is to be agreed to, and who is asked."""

    draft: Annotated[
        Literal["approved", "returned", "rejected", "referred", "noted"], Input("the resolution to agree to")
    ]
    text: Annotated[Private, Input("what it says")]
    bodies: Annotated[
        tuple[BodyId, ...] | None,
        Input("a member of the meeting that is asked; all that may answer if not given"),
    ] = None


@attrs.frozen(kw_only=True)
class Resolve(Outcomes):
    """What was decided, and what is to be done."""

    resolution: Annotated[Resolution, Input("what was decided")]
    reason: Annotated[Private | None, Input("why; needed for everything but approved and noted")] = None
    tasks: Annotated[tuple[Task, ...] | None, Input("what is to be done, by whom, until when")] = None


def entry_of(item: UUID, turns: int) -> UUID:
    """The number of an item's place on an agenda, the `turns`-th time that it was put on one."""
    return uuid5(item, f"agenda {turns}")


def as_proposed(t: Transition[None, Propose]) -> AgendaItem:
    """Who belongs to it is settled before it is opened."""
    given = t.given
    return AgendaItem(
        tier=given.tier,
        topic=given.topic,
        about=given.about,
        grounds=given.grounds,
        matter_kind=given.matter_kind,
        member_rules=of_matter(given.matter_kind, t.settings(MeetingSettings)),
        left_out=given.left_out or (),
    )


class OnlyLinlisGrounds(Invalid, says="{grounds}: only linli itself gives these grounds"):
    grounds: Text
    field: str = "grounds"


class NotForTheDistrict(Invalid, says="the district's meeting is for what is serious or acute; say which"):
    field: str = "grounds"


def grounds_fit(t: Transition[AgendaItem, object]) -> Refusal | None:
    """Why these grounds are none; what linli proposes has its own."""
    grounds = t.record.grounds
    if t.by_engine:
        return None
    if grounds in GROUNDS_OF_LINLI:
        return OnlyLinlisGrounds(grounds=say(grounds))
    if t.record.tier is Tier.DISTRICT and grounds is None:
        return NotForTheDistrict()
    return None


def about_something(t: Transition[AgendaItem, object]) -> Refusal | None:
    """Why it is about nothing; what linli proposes may be opened by the same act."""
    about = t.record.about
    if about is None or t.by_engine or t.get(any_subject(about)):
        return None
    return NothingNumbered(id=about)


class NoSuchKind(
    Invalid, says="the district has no rules for matters of the kind {kind}; it has them for: {known}"
):
    kind: str
    known: str | Several
    field: str = "matter_kind"


def as_the_district_has_it(t: Transition[AgendaItem, object]) -> Refusal | None:
    """Nobody chooses who decides about what they propose."""
    matters = t.settings(MeetingSettings).matters
    if t.by_engine:
        return None
    if t.record.matter_kind and t.record.matter_kind not in matters:
        return NoSuchKind(kind=t.record.matter_kind, known=listed(matters) or "-")
    return None


class ReasonNotSaid(Missing, says="say why it is {resolution}"):
    resolution: Text
    field: str = "reason"


def reasoned(t: Transition[AgendaItem, Resolve]) -> Refusal | None:
    """Whatever is not just passed or noted has its reason."""
    if t.given.resolution in NEEDS_NO_REASON or t.given.reason is not None:
        return None
    return ReasonNotSaid(resolution=say(t.given.resolution.label))


def for_the_tier(t: Transition[AgendaItem, object]) -> Refusal | None:
    """The street's posts see to what is the street's."""
    return not_for_tier(t.seat, t.place, t.record.tier, t.facts)


class PutByARule(Refusal, says="a rule put it here; it is resolved, not withdrawn"): ...


def somebodys_own(t: Transition[AgendaItem, object]) -> Refusal | None:
    """What a rule put here nobody withdraws."""
    if not t.by_engine and t.record.grounds in GROUNDS_OF_LINLI:
        return PutByARule()
    return None


def to_secretary(t: Transition[AgendaItem, object]) -> Iterable[Effect]:
    """It is the meeting's secretary's to see to."""
    yield Assign(holder=secretary(t.record.tier, t.place, t.facts))
