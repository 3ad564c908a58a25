"""Joint meetings (联席会议) of both tiers: called, held with a quorum, closed when all is carried out."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated
from uuid import UUID

import attrs

from linli import (
    BodyId,
    Clock,
    Context,
    Effect,
    Facts,
    Input,
    Invalid,
    Ladder,
    Limit,
    Missing,
    Moves,
    NotBegun,
    Part,
    PartKey,
    Private,
    Reason,
    Refusal,
    Refused,
    Seat,
    State,
    Tell,
    Transition,
    Why,
    Workflow,
    holder,
)
from linli._config import write_duration
from linli.hooks import entered_afterwards
from linli.query import bodies, place, subjects
from linli_meetings.attendance import Attendance, AttendanceFlow, Entry, EntryFlow, Meeting, present
from linli_meetings.follow_ups import NoBodyInBeing
from linli_meetings.membership import members, reached
from linli_meetings.proposals import Schedule
from linli_meetings.roles import CALLER, Tier, once, place_over
from linli_meetings.settings import MeetingSettings

StartsAt = Annotated[datetime, Input("when it begins, on the district's clock")]


@attrs.frozen(kw_only=True)
class Call:
    """When and where it is to be, and who is to be there."""

    tier: Annotated[Tier | None, Input("whose meeting; that of the place, if not given")] = None
    starts_at: StartsAt
    venue: Annotated[str, Input("where it meets", longest=80)]
    invited: Annotated[
        tuple[BodyId, ...] | None,
        Input("whom to invite; all members, by the district's settings, if not given"),
    ] = attrs.field(default=None, converter=attrs.converters.optional(once))
    urgent: Annotated[bool, Input("without the notice; say why")] = False
    reason: Annotated[Private | None, Input("why it is urgent")] = None


@attrs.frozen(kw_only=True)
class Admit(Entry):
    """An item, and the number of the place that it gets on the agenda."""

    entry: UUID


@attrs.frozen(kw_only=True)
class Postpone:
    """To when, and why."""

    starts_at: StartsAt
    reason: Reason


def _begins_at(ctx: Context[Meeting]) -> datetime:
    return ctx.record.starts_at


@attrs.frozen(kw_only=True)
class Hold:
    """What was said, and when it was."""

    minutes: Annotated[Private | None, Input("what was said")] = None
    held_at: Annotated[datetime | None, entered_afterwards(_begins_at)] = None


# --- calling ---------------------------------------------------------------------------------------


class CalledElsewhere(Invalid, says="a joint meeting is called at its street, or at the district"):
    field: str = "place"


def _called(t: Transition[None, Call]) -> Meeting:
    """Of the tier whose place it is; everybody who belongs to it is invited where nobody is named."""
    given, kind = t.given, t.get(place(t.place)).kind
    if kind not in tuple(Tier) or given.tier not in (None, kind):
        raise Refused(CalledElsewhere())
    belong = members(kind, t.place, t.facts)
    return Meeting(
        tier=Tier(kind),
        starts_at=given.starts_at,
        venue=given.venue,
        invited=belong if given.invited is None else given.invited,
        urgent=given.urgent,
        member_bodies=belong,
    )


class NobodyBelongs(
    Missing, says="name the organisations: nobody belongs to this joint meeting by the district's settings"
):
    field: str = "invited"


def all_there(named: Iterable[UUID], facts: Facts) -> Refusal | None:
    """Why these bodies cannot be invited or asked; None where they can."""
    asked = {one: bodies(ident=one) for one in named}
    if not asked:
        return NobodyBelongs()
    facts.fetch(asked.values())
    return next((NoBodyInBeing(id=one) for one, known in asked.items() if not facts.get(known)), None)


class TooFewInvited(
    Refusal,
    says="{percent} percent of the {members} members must be there, and only {invited} are invited; invite more",
):
    percent: int
    members: int
    invited: int


def _can_be_invited(t: Transition[Meeting, Call]) -> Refusal | None:
    belong, asked = t.record.member_bodies, set(t.record.invited)
    missing = all_there(t.record.invited, t.facts)
    if missing or not belong:
        return missing
    invited, percent = sum(one in asked for one in belong), t.settings(MeetingSettings).quorum
    if reached(invited, len(belong), percent):
        return None
    return TooFewInvited(percent=percent, members=len(belong), invited=invited)


class BeginsInThePast(Invalid, says="it would begin in the past"):
    field: str = "starts_at"


class HeldTooLate(Refusal, says="a meeting is held within {time} of its call"):
    time: str


class CalledTooLate(Refusal, says="it is called {time} before it begins, or as an urgent one"):
    time: str


def _soon_enough(t: Transition[Meeting, Call | Postpone]) -> Refusal | None:
    """Called with notice, and not for a day on which it would be late already."""
    starts_at, settings = t.record.starts_at, t.settings(MeetingSettings)
    if starts_at <= t.at:
        return BeginsInThePast()
    if starts_at > t.before.opened_at + settings.hold_within:
        return HeldTooLate(time=write_duration(settings.hold_within))
    if not t.record.urgent and starts_at - t.at < settings.notice:
        return CalledTooLate(time=write_duration(settings.notice))
    return None


class HasteNotExplained(Missing, says="say why it is urgent"):
    field: str = "reason"


def _reason_for_haste(t: Transition[Meeting, Call]) -> Refusal | None:
    return HasteNotExplained() if t.given.urgent and t.given.reason is None else None


def _tell_invited(t: Transition[Meeting, object]) -> Iterable[Effect]:
    for body in t.record.invited:
        payload = {"subject": t.subject.id, "what": t.move.code}
        yield Tell(recipient=f"seat:{Seat(role=None, at=body)}", payload=payload)


def _invite_again(t: Transition[Meeting, object]) -> Iterable[Effect]:
    """Who had come, or said they would not, is asked anew for the other day."""
    for one in t.parts(AttendanceFlow):
        if one.state in (AttendanceFlow.present, AttendanceFlow.excused):
            yield AttendanceFlow.invite_again(one.id)


def _enter(t: Transition[Meeting, Admit]) -> Iterable[Effect]:
    entry = Entry(item=t.given.item, topic=t.given.topic)
    key = f"{entry.item} {t.given.entry.hex}"
    yield EntryFlow.enter.at(t.place, entry, id=t.given.entry, parent=t.subject.id, key=key)


def _take_what_waits(t: Transition[Meeting, object]) -> Iterable[Effect]:
    """What a circulation did not decide comes on the agenda of the next meeting that is called."""
    # An item and its meeting order each other.
    from linli_meetings.items import ItemFlow

    for item in t.get(subjects(ItemFlow, states=ItemFlow.proposed)):
        waits = item.record.to_meeting and item.record.tier == t.record.tier
        if waits and place_over(item.record.tier, item.place, t.facts) == t.place:
            yield ItemFlow.schedule(item.id, Schedule(meeting=t.subject.id))


def _drop_items(t: Transition[Meeting, object]) -> Iterable[Effect]:
    from linli_meetings.items import ItemFlow

    for entry in t.parts(EntryFlow):
        if entry.state is EntryFlow.listed:
            yield ItemFlow.drop(ItemFlow.ref(entry.record.item))


# --- holding ---------------------------------------------------------------------------------------


def _it_is_time(t: Transition[Meeting, object]) -> Refusal | None:
    return NotBegun() if t.at < t.record.starts_at else None


class NoQuorum(
    Refusal,
    says="{present} of {members} members are present, {percent} percent are needed; postpone or cancel it",
):
    present: int
    members: int
    percent: int


def _has_quorum(t: Transition[Meeting, object]) -> Refusal | None:
    counted, percent = t.record.counted, t.settings(MeetingSettings).quorum
    there = present(t.facts, t.subject.id)
    count = sum(one in there for one in counted)
    if reached(count, len(counted), percent):
        return None
    return NoQuorum(present=count, members=len(counted), percent=percent)


class NothingOnTheAgenda(
    Refusal, says="there is nothing on its agenda; put something on it, or cancel the meeting"
): ...


def _has_agenda(t: Transition[Meeting, object]) -> Refusal | None:
    if any(entry.state is EntryFlow.listed for entry in t.parts(EntryFlow)):
        return None
    return NothingOnTheAgenda()


def _miss(t: Transition[Meeting, object]) -> Iterable[Effect]:
    """Whoever has not come by now has missed it."""
    for one in t.parts(AttendanceFlow):
        if one.state is AttendanceFlow.invited:
            yield AttendanceFlow.miss(one.id)


def _all_carried_out(ctx: Context[object]) -> bool:
    return all(entry.state.ends for entry in ctx.parts(EntryFlow))


def _invited(ctx: Context[Meeting]) -> Iterable[PartKey[Attendance]]:
    for body in ctx.record.invited:
        seat = Seat(role=None, at=body)
        yield PartKey(key=str(body), holder=seat, given=Attendance(organisation=body))


def _hold_within(ctx: Context[object]) -> Limit:
    return Limit(span=ctx.settings(MeetingSettings).hold_within)


class MeetingFlow(Workflow[Meeting], name="meeting", label="joint meeting", readable_by=CALLER):
    """Called, held with a quorum, closed when all is carried out."""

    move = Moves(Meeting)
    called = State("called")
    held = State("meeting held")
    closed = State("concluded", ends=True)
    cancelled = State("cancelled", ends=True)
    call = move.opening(
        called,
        Call,
        label="call a meeting",
        by=CALLER,
        record=_called,
        needs=[_soon_enough, _reason_for_haste, _can_be_invited],
        then=[_tell_invited, _take_what_waits],
    )
    admit = move(called.stay(), Admit, label="put on the agenda", then=[_enter])
    postpone = move(
        called.stay(), Postpone, by=CALLER, needs=[_soon_enough], then=[_invite_again, _tell_invited]
    )
    cancel = move(called.to(cancelled), Why, by=CALLER, then=[_drop_items, _tell_invited])
    hold = move(called.to(held), Hold, by=CALLER, needs=[_it_is_time, _has_quorum, _has_agenda], then=[_miss])
    close = move(held.to(closed), label="conclude", when=_all_carried_out)
    attendance = Part(
        AttendanceFlow.invite,
        in_=called,
        one_per=_invited,
        calls_off=AttendanceFlow.call_off,
        off_in=cancelled,
    )
    agenda_entry = Part(EntryFlow.enter, calls_off=EntryFlow.call_off, off_in=cancelled)
    hold_in_time = Clock(called, _hold_within, name="hold", ladder=Ladder(MeetingSettings, first=holder))
