"""What a meeting is made of: who was invited and came, and the places on its agenda."""

from datetime import datetime, timedelta
from uuid import UUID

import attrs

from linli import ENGINE, HOLDER, Act, Ask, Facts, Move, State, Subject, Workflow, parent_in, say
from linli.i18n import Text
from linli.workflow import REASON
from linli_meetings.reading import MEETINGS_CALLED, known, parts, record_of
from linli_meetings.roles import CALLER, not_its_own, numbers
from linli_meetings.settings import MeetingSettings


@attrs.frozen(kw_only=True)
class Meeting:
    """What is kept with a meeting.

    Attributes:
        tier: "street" or "district".
        starts_at: when it is to begin.
        venue: where it meets.
        invited: the organisations that are to be there; those that are no members are guests.
        member_bodies: who belongs to the meeting, invited or not: over these the quorum is counted.
        urgent: called without the notice, for a reason that is kept.
    """

    tier: str
    starts_at: datetime
    venue: str
    invited: tuple[UUID, ...] = attrs.field(converter=numbers)
    urgent: bool = False
    member_bodies: tuple[UUID, ...] = attrs.field(default=(), converter=numbers)

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
    topic: str


def present(facts: Facts, meeting: UUID | None) -> frozenset[UUID]:
    """The organisations that are at a meeting."""
    found = parts(facts, meeting, "attendance", Attendance) if meeting else ()
    return frozenset(one.organisation for _, state, one in found if state == "present")


def meetings_called(facts: Facts, place: UUID) -> list[tuple[UUID, Meeting]]:
    """The meetings of a place that were called and not held yet."""
    return [(ident, record_of(Meeting, text)) for ident, text in facts.rows(MEETINGS_CALLED, place=place)]


def _on_the_day(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    meeting = known(facts, subject.root)
    assert meeting is not None, "attendance is a part of a meeting"
    day = facts.calendar.day_of(meeting.record(Meeting).starts_at)
    if facts.calendar.day_of(act.at) >= day:
        return None
    return say("who is present is taken down on the day, {day}", day=day)


def _for_itself(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """The body itself, or whoever takes the minutes."""
    if act.seat and act.seat.role in CALLER.posts:
        return None
    return not_its_own(act, subject.record.organisation, facts)


_BODY = Ask(name="organisation", type=UUID)

ATTENDANCE = Workflow(
    name="attendance",
    label="attendance",
    read_by=HOLDER | CALLER,
    record=Attendance,
    states=(
        State("invited", "invited", turn=HOLDER),
        State("present", "present", ends=("present",)),
        State("excused", "excused", ends=("excused",)),
        State("absent", "absent", ends=("absent",)),
        State("called_off", "called off", ends=("called_off",)),
    ),
    moves=(
        Move(name="invite", label="invite", sources=(), to="invited", by=ENGINE, asks=(_BODY,)),
        Move(
            name="attend",
            label="sign in",
            sources=("invited", "excused"),
            to="present",
            by=HOLDER | CALLER,
            checks=(_on_the_day, _for_itself),
        ),
        Move(
            name="excuse",
            label="excuse",
            sources=("invited",),
            to="excused",
            by=HOLDER | CALLER,
            asks=(REASON,),
            checks=(_for_itself,),
        ),
        Move(name="invite_again", sources=("present", "excused"), to="invited", by=ENGINE),
        Move(name="miss", sources=("invited",), to="absent", when=parent_in("held")),
        Move(name="call_off", sources=("invited",), to="called_off", when=parent_in("cancelled")),
    ),
)

ENTRY = Workflow(
    name="agenda_entry",
    label="place on an agenda",
    record=Entry,
    states=(
        State("listed", "listed"),
        State("decided", "decided"),
        State("done", "carried out", ends=("done",)),
        State("taken_off", "taken off", ends=("taken_off",)),
    ),
    moves=(
        Move(
            name="enter",
            label="enter",
            sources=(),
            to="listed",
            by=ENGINE,
            asks=(Ask(name="item", type=UUID), Ask(name="topic", longest=80)),
        ),
        Move(name="decide", sources=("listed",), to="decided", by=ENGINE),
        Move(name="finish", sources=("decided",), to="done", by=ENGINE),
        Move(name="take_off", sources=("listed",), to="taken_off", by=ENGINE),
        Move(name="call_off", sources=("listed",), to="taken_off", when=parent_in("cancelled")),
    ),
)
