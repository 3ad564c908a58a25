"""What a meeting is made of: who was invited and came, and the places on its agenda."""

from datetime import date, datetime, timedelta
from typing import Annotated
from uuid import UUID

import attrs

from linli import HOLDER, Facts, Input, Moves, Refusal, State, Transition, Why, Workflow
from linli.query import one, subjects
from linli_meetings.roles import CALLER, Tier, not_its_own
from linli_meetings.settings import MeetingSettings


@attrs.frozen(kw_only=True)
class Meeting:
    """What is kept with a meeting.

    Attributes:
        tier: of the place where it is called.
        starts_at: when it is to begin.
        venue: where it meets.
        invited: the organisations that are to be there; those that are no members are guests.
        member_bodies: who belongs to the meeting, invited or not: over these the quorum is counted.
        urgent: called without the notice, for a reason that is kept.
    """

    tier: Tier
    starts_at: datetime
    venue: str
    invited: tuple[UUID, ...]
    urgent: bool = False
    member_bodies: tuple[UUID, ...] = ()

    @property
    def counted(self) -> tuple[UUID, ...]:
        """Over whom a quorum is counted; of a meeting that was called before members were kept, the invited."""
        return self.member_bodies or self.invited


def agenda_is_open(meeting: Meeting, at: datetime, settings: MeetingSettings) -> bool:
    """Whether an item can still be put on a meeting's agenda."""
    closes = timedelta(0) if meeting.urgent else settings.agenda_closes
    return at <= meeting.starts_at - closes


@attrs.frozen(kw_only=True)
class Attendance:
    """Whether an invited organisation was there."""

    organisation: UUID


@attrs.frozen(kw_only=True)
class Entry:
    """A place on a meeting's agenda, and the agenda item that has it."""

    item: UUID
    topic: Annotated[str, Input(longest=80)]


def present(facts: Facts, meeting: UUID | None) -> frozenset[UUID]:
    """The organisations that are at a meeting."""
    there = subjects(AttendanceFlow, matter=meeting, states=AttendanceFlow.present)
    return frozenset(one.record.organisation for one in facts.get(there)) if meeting else frozenset()


class NotOnTheDay(Refusal, says="who is present is taken down on the day, {day}"):
    day: date


def _on_the_day(t: Transition[Attendance, object]) -> Refusal | None:
    # A meeting has attendances as parts.
    from linli_meetings.meetings import MeetingFlow

    meeting = t.get(one(MeetingFlow, MeetingFlow.ref(t.subject.root)))
    assert meeting is not None, "attendance is a part of a meeting"
    day = t.facts.calendar.day_of(meeting.record.starts_at)
    return NotOnTheDay(day=day) if t.today < day else None


def _for_itself(t: Transition[Attendance, object]) -> Refusal | None:
    """The body itself, or whoever takes the minutes."""
    if t.seat and t.seat.role in CALLER.posts:
        return None
    return not_its_own(t.seat, t.record.organisation, t.facts)


class AttendanceFlow(Workflow[Attendance], name="attendance", readable_by=HOLDER | CALLER):
    """Invited to a meeting, and there or not."""

    move = Moves(Attendance)
    invited = State("invited", turn=HOLDER)
    present = State("present", ends=True)
    excused = State("excused", ends=True)
    absent = State("absent", ends=True)
    called_off = State("called off", ends=True)
    invite = move.opening(invited, Attendance)
    attend = move(
        (invited | excused).to(present), label="sign in", by=HOLDER | CALLER, needs=[_on_the_day, _for_itself]
    )
    excuse = move(invited.to(excused), Why, by=HOLDER | CALLER, needs=[_for_itself])
    invite_again = move((present | excused).to(invited))
    miss = move(invited.to(absent))
    call_off = move(invited.to(called_off))


class EntryFlow(Workflow[Entry], name="agenda_entry", label="place on an agenda"):
    """On the agenda of one meeting until its item is carried out, or taken off it."""

    move = Moves(Entry)
    listed = State("listed")
    decided = State("decided")
    done = State("carried out", ends=True)
    taken_off = State("taken off", ends=True)
    enter = move.opening(listed, Entry)
    decide = move(listed.to(decided))
    finish = move(decided.to(done))
    take_off = move(listed.to(taken_off))
    call_off = move(listed.to(taken_off))
