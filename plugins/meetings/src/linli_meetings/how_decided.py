"""How a joint meeting decided about an item: for those who must say it in public."""

from collections.abc import Container, Iterable
from datetime import datetime
from uuid import UUID

import attrs

from linli import Facts, Subject
from linli.query import one, subjects
from linli_meetings.attendance import present
from linli_meetings.circulation import Circulation, CirculationFlow, OpinionFlow
from linli_meetings.items import ItemFlow, left_out, who_belongs, who_may_answer
from linli_meetings.meetings import MeetingFlow
from linli_meetings.proposals import AgendaItem
from linli_meetings.roles import place_over


@attrs.frozen(kw_only=True)
class HowDecided:
    """Which joint meeting decided, and by whose voices.

    Attributes:
        place: where the meeting sits.
        circulated: in writing, between meetings; else at a meeting.
        held_at: when that meeting began; None for what was circulated.
        asked: the members that were asked in writing, or that belong to the meeting for this matter.
        members: of all members, how many may answer; `count`: how many agreed, or were there.
        needed: how many had to agree; None for a meeting.
        left_out: members that may not answer, since they proposed or reviewed the matter.
    """

    place: UUID
    circulated: bool
    held_at: datetime | None = None
    asked: tuple[UUID, ...]
    members: int
    count: int
    needed: int | None = None
    left_out: tuple[UUID, ...] = ()


def how_decided(facts: Facts, item: UUID) -> HowDecided | None:
    """How an agenda item was resolved; None where it was not, or is none."""
    found = facts.get(one(ItemFlow, ItemFlow.ref(item)))
    if found is None or found.record.resolution is None:
        return None
    place = place_over(found.record.tier, found.place, facts)
    for round_ in facts.get(subjects(CirculationFlow, matter=item, states=CirculationFlow.agreed)):
        # Nothing else can resolve an item whose circulation was agreed to.
        return _circulated(facts, place, found, round_.record)
    return _at_a_meeting(facts, place, found)


def _circulated(facts: Facts, place: UUID, item: Subject[AgendaItem], round_: Circulation) -> HowDecided:
    opinions = facts.get(subjects(OpinionFlow, matter=item.id, states=OpinionFlow.agreed))
    belong, agreed = set(who_belongs(item, facts)), {one.record.organisation for one in opinions}
    return HowDecided(
        place=place,
        circulated=True,
        asked=round_.bodies,
        members=len(round_.member_bodies or round_.bodies),
        count=sum(one in agreed for one in round_.bodies),
        needed=round_.needed,
        left_out=_of_the_meeting(round_.left_out, belong),
    )


def _at_a_meeting(facts: Facts, place: UUID, item: Subject[AgendaItem]) -> HowDecided:
    held, able = item.record.meeting, who_may_answer(item, facts)
    meeting = facts.get(one(MeetingFlow, MeetingFlow.ref(held))) if held else None
    there = present(facts, held)
    belong = set(who_belongs(item, facts))
    return HowDecided(
        place=place,
        circulated=False,
        held_at=meeting.record.starts_at if meeting else None,
        asked=able,
        members=len(able),
        count=sum(one in there for one in able),
        left_out=_of_the_meeting(left_out(item), belong),
    )


def _of_the_meeting(bodies: Iterable[UUID], belong: Container[UUID]) -> tuple[UUID, ...]:
    return tuple(one for one in dict.fromkeys(bodies) if one in belong)
