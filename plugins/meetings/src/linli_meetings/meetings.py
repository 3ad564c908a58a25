"""Joint meetings (联席会议) of both tiers: called, held with a quorum, closed when all is carried out."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from linli import (
    ENGINE,
    Act,
    Ask,
    Clock,
    Facts,
    Limit,
    Make,
    Move,
    Part,
    PartKey,
    Seat,
    Start,
    State,
    Subject,
    Tell,
    Workflow,
    say,
)
from linli.conditions import Siblings
from linli.config import write_duration
from linli.contract import PlaceId, Ref
from linli.dispatch.late_entries import then
from linli.i18n import Text
from linli.workflow import REASON
from linli_meetings.attendance import Attendance, AttendanceFlow, Entry, EntryFlow, Meeting, present
from linli_meetings.membership import members, reached
from linli_meetings.proposals import items_for_a_meeting
from linli_meetings.reading import known_body, parts
from linli_meetings.roles import CALLER, TIERS, place_over
from linli_meetings.settings import MeetingSettings

# --- calling ---------------------------------------------------------------------------------------


def _tier_and_members(subject: Subject, values: Mapping[str, object], facts: Facts) -> Mapping[str, object]:
    tier = facts.place(subject.place).kind
    found = members(tier, subject.place, facts)
    return {"tier": tier, "member_bodies": found, "invited": found}


def _members_as_set(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    if subject.record.member_bodies == members(subject.record.tier, subject.place, facts):
        return None
    return say("who belongs to a meeting follows from the district's settings; leave it out")


def _at_its_tier(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    if facts.place(subject.place).kind == subject.record.tier:
        return None
    return say("a joint meeting is called at its street, or at the district")


def all_there(bodies: Iterable[UUID], facts: Facts) -> Text | None:
    """Why these bodies cannot be invited or asked; None where they can."""
    bodies = tuple(bodies)
    if not bodies:
        return say("name the organisations: nobody belongs to this joint meeting by the district's settings")
    for body in bodies:
        if known_body(facts, body) is None:
            return say("there is no organisation {id} in being here", id=body)
    return None


def _can_be_invited(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    missing = all_there(subject.record.invited, facts)
    if missing or not subject.record.member_bodies:
        return missing
    asked, percent = set(subject.record.invited), facts.settings(MeetingSettings).quorum
    belong = len(subject.record.member_bodies)
    invited = sum(one in asked for one in subject.record.member_bodies)
    if reached(invited, belong, percent):
        return None
    return say(
        "{percent} percent of the {members} members must be there, and only {invited} are invited; invite more",
        percent=percent,
        members=belong,
        invited=invited,
    )


def _soon_enough(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """Called with notice, and not for a day on which it would be late already."""
    starts_at: datetime = subject.record.starts_at
    settings = facts.settings(MeetingSettings)
    if starts_at.tzinfo is None:
        return say("say when it begins with its offset: 2026-03-09T09:00+08:00")
    if starts_at <= act.at:
        return say("it would begin in the past")
    if starts_at > before.opened_at + settings.hold_within:
        return say("a meeting is held within {time} of its call", time=write_duration(settings.hold_within))
    if not subject.record.urgent and starts_at - act.at < settings.notice:
        return say(
            "it is called {time} before it begins, or as an urgent one", time=write_duration(settings.notice)
        )
    return None


def _reason_for_haste(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    if subject.record.urgent and act.value("reason") is None:
        return say("say why it is urgent")
    return None


def _tell_invited(act: Act, subject: Subject, facts: Facts) -> Iterable[Tell]:
    for body in subject.record.invited:
        payload = {"subject": subject.id, "what": act.verb}
        yield Tell(recipient=f"seat:{Seat(role=None, at=body)}", payload=payload)


def _invite_again(act: Act, subject: Subject, facts: Facts) -> Iterable[Make]:
    """Who had come, or said they would not, is asked anew for the other day."""
    for ident, state, _ in parts(facts, subject.id, "attendance", Attendance):
        if state in ("present", "excused"):
            yield AttendanceFlow.invite_again(AttendanceFlow.ref(ident))


def _enter(act: Act, subject: Subject, facts: Facts) -> Iterable[Start]:
    yield EntryFlow.enter.at(
        PlaceId(subject.place),
        Entry(item=UUID(act.value("item")), topic=act.value("topic")),
        id=UUID(act.value("entry")),
        parent=subject.id,
        key=f"{act.value('item')} {act.version}",
    )


def _take_what_waits(act: Act, subject: Subject, facts: Facts) -> Iterable[Make]:
    """What a circulation did not decide comes on the agenda of the next meeting that is called."""
    for ident, place, item in items_for_a_meeting(facts):
        if item.tier == subject.record.tier and place_over(item.tier, place, facts) == subject.place:
            yield Make(subject=ident, move="schedule", values={"meeting": subject.id})


def _drop_items(act: Act, subject: Subject, facts: Facts) -> Iterable[Make]:
    for ident, state, entry in parts(facts, subject.id, "agenda_entry", Entry):
        if state == "listed":
            yield EntryFlow.call_off(EntryFlow.ref(ident))
            yield Make(subject=entry.item, move="drop")


def _call_off_attendance(act: Act, subject: Subject, facts: Facts) -> Iterable[Make]:
    return (AttendanceFlow.call_off(one) for one in _not_there(subject, facts))


def _miss(act: Act, subject: Subject, facts: Facts) -> Iterable[Make]:
    return (AttendanceFlow.miss(one) for one in _not_there(subject, facts))


def _not_there(meeting: Subject, facts: Facts) -> Iterable[Ref[Attendance]]:
    found = parts(facts, meeting.id, "attendance", Attendance)
    return (AttendanceFlow.ref(ident) for ident, state, _ in found if state == "invited")


# --- holding ---------------------------------------------------------------------------------------


def _it_is_time(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    return say("it has not begun yet") if act.at < subject.record.starts_at else None


def _begins_at(meeting: Subject, facts: Facts) -> datetime:
    return meeting.record.starts_at  # type: ignore[no-any-return]


def _has_quorum(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    counted, percent = subject.record.counted, facts.settings(MeetingSettings).quorum
    there = present(facts, subject.id)
    count = sum(one in there for one in counted)
    if reached(count, len(counted), percent):
        return None
    return say(
        "{present} of {members} members are present, {percent} percent are needed; postpone or cancel it",
        present=count,
        members=len(counted),
        percent=percent,
    )


def _has_agenda(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    entries = parts(facts, subject.id, "agenda_entry", Entry)
    if any(state == "listed" for _, state, _ in entries):
        return None
    return say("there is nothing on its agenda; put something on it, or cancel the meeting")


def _all_carried_out(subject: Subject, tree: Siblings) -> bool:
    return all(entry.state in ("done", "taken_off") for entry in tree.parts(subject, "agenda_entry"))


def _invited(subject: Subject, facts: Facts) -> Iterable[PartKey]:
    for body in subject.record.invited:
        yield PartKey(key=str(body), holder=Seat(role=None, at=body), values={"organisation": body})


def _hold_within(subject: Subject, facts: Facts) -> Limit:
    return Limit(span=facts.settings(MeetingSettings).hold_within)


_STARTS_AT = Ask(name="starts_at", help="when it begins, with its offset", type=datetime)

MEETING = Workflow(
    name="meeting",
    label="joint meeting",
    read_by=CALLER,
    record=Meeting,
    states=(
        State("called", "called"),
        State("held", "meeting held"),
        State("closed", "concluded", ends=("closed",)),
        State("cancelled", "cancelled", ends=("cancelled",)),
    ),
    moves=(
        Move(
            name="call",
            label="call a meeting",
            sources=(),
            to="called",
            by=CALLER,
            fills=(_tier_and_members,),
            asks=(
                Ask(name="tier", choices=TIERS, proposed=True),
                _STARTS_AT,
                Ask(name="venue", help="where it meets", longest=80),
                Ask(
                    name="invited",
                    help="numbers of the organisations; all members, by the district's settings, if not given",
                    type=tuple,
                    proposed=True,
                ),
                Ask(name="member_bodies", type=tuple, required=False, computed=True),
                Ask(name="urgent", help="without the notice; say why", type=bool, default=False),
                Ask(name="reason", help="why it is urgent", private=True, required=False),
            ),
            checks=(_at_its_tier, _members_as_set, _soon_enough, _reason_for_haste, _can_be_invited),
            effects=(_tell_invited, _take_what_waits),
        ),
        Move(
            name="admit",
            label="put on the agenda",
            sources=("called",),
            to=None,
            by=ENGINE,
            asks=(
                Ask(name="item", type=UUID),
                Ask(name="entry", type=UUID),
                Ask(name="topic", longest=80),
            ),
            effects=(_enter,),
        ),
        Move(
            name="postpone",
            label="postpone",
            sources=("called",),
            to=None,
            by=CALLER,
            asks=(_STARTS_AT, REASON),
            checks=(_soon_enough,),
            effects=(_invite_again, _tell_invited),
        ),
        Move(
            name="cancel",
            label="cancel",
            sources=("called",),
            to="cancelled",
            by=CALLER,
            asks=(REASON,),
            effects=(_drop_items, _call_off_attendance, _tell_invited),
        ),
        Move(
            name="hold",
            label="hold",
            sources=("called",),
            to="held",
            by=CALLER,
            asks=(
                Ask(name="minutes", help="what was said", private=True, required=False),
                then("held_at", since=_begins_at),
            ),
            checks=(_it_is_time, _has_quorum, _has_agenda),
            effects=(_miss,),
        ),
        Move(name="close", label="conclude", sources=("held",), to="closed", when=_all_carried_out),
    ),
    parts=(
        Part(name="attendance", workflow="attendance", start="invite", opens_in="called", one_per=_invited),
        Part(name="agenda_entry", workflow="agenda_entry", start="enter"),
    ),
    clocks=(Clock(name="hold", runs_in=("called",), limit=_hold_within),),
)
