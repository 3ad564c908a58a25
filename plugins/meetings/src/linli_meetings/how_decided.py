"""How a joint meeting decided about an item: for those who must say it in public."""

from collections.abc import Container, Iterable
from datetime import datetime
from uuid import UUID

import attrs
from sqlalchemy import BindParameter, bindparam, select

from linli import Facts
from linli.contract import Subject
from linli.store import Read
from linli.store import tables as t
from linli.subjects import SUBJECT_COLUMNS, subject_from
from linli_meetings.attendance import Meeting, present
from linli_meetings.circulation import Circulation, Opinion
from linli_meetings.items import ItemFlow, left_out, who_belongs, who_may_answer
from linli_meetings.proposals import AgendaItem
from linli_meetings.reading import known, parts
from linli_meetings.roles import place_over

_s = t.subject.c
_d: BindParameter[str] = bindparam("district")
_ITEM = Read(
    select(*SUBJECT_COLUMNS).where(_s.district == _d, _s.id == bindparam("id"), _s.kind == "agenda_item")
)


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
    rows = facts.rows(_ITEM, id=item)
    found = Subject[AgendaItem](subject_from(rows[0], AgendaItem), ItemFlow) if rows else None
    if found is None or found.record.resolution is None:
        return None
    place = place_over(found.record.tier, found.place, facts)
    for _, state, round_ in parts(facts, item, "circulation", Circulation):
        # Nothing else can resolve an item whose circulation was agreed to.
        if state == "agreed":
            return _circulated(facts, place, found, round_)
    return _at_a_meeting(facts, place, found)


def _circulated(facts: Facts, place: UUID, item: Subject[AgendaItem], round_: Circulation) -> HowDecided:
    opinions = parts(facts, item.id, "written_opinion", Opinion)
    belong = set(who_belongs(item, facts))
    agreed = {one.organisation for _, state, one in opinions if state == "agreed"}
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
    meeting, able = known(facts, item.record.meeting), who_may_answer(item, facts)
    there = present(facts, item.record.meeting)
    belong = set(who_belongs(item, facts))
    return HowDecided(
        place=place,
        circulated=False,
        held_at=meeting.record(Meeting).starts_at if meeting else None,
        asked=able,
        members=len(able),
        count=sum(one in there for one in able),
        left_out=_of_the_meeting(left_out(item), belong),
    )


def _of_the_meeting(bodies: Iterable[UUID], belong: Container[UUID]) -> tuple[UUID, ...]:
    return tuple(one for one in dict.fromkeys(bodies) if one in belong)
