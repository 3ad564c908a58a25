"""Volunteer sessions: planned, opened for sign-up, under way, held; or cancelled, or postponed to another."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID, uuid5

import attrs

from linli import (
    ENGINE,
    Choice,
    Clock,
    Context,
    Effect,
    Input,
    Invalid,
    Ladder,
    Limit,
    Moves,
    Occurred,
    Part,
    Refusal,
    Several,
    State,
    Transfer,
    Transition,
    Why,
    Workflow,
    evolve,
    listed,
)
from linli_volunteers.attending import Attend
from linli_volunteers.records import SEATS, Session
from linli_volunteers.roles import LEADER
from linli_volunteers.seats import SeatFlow, moves_up
from linli_volunteers.settings import MOST_PLACES, VolunteerSettings

# --- planning ------------------------------------------------------------------------------------------

Starts = Annotated[datetime, Input("when it begins, on the district's clock: 2026-03-09T09:00")]
Ends = Annotated[datetime, Input("when it ends, on the district's clock: 2026-03-09T11:00")]


@attrs.frozen(kw_only=True)
class Planned:
    """What a session is."""

    kind: Annotated[str, Input("one of: linli session kinds", longest=40)]
    title: Annotated[str, Input("what is done, in a few words; everybody reads it", longest=80)]
    meet_at: Annotated[str, Input("where to meet", longest=80)]
    starts_at: Starts
    ends_at: Ends
    capacity: Annotated[int | None, Input("how many places; the district's number if not given")] = None
    run_by_bank: Annotated[bool | None, Input("whether the pioneer bank runs it")] = None


@attrs.frozen(kw_only=True)
class Plan(Planned):
    """A session that is to take place, perhaps in place of another."""

    postponed_from: Annotated[UUID | None, Input(by_engine=True)] = None


@attrs.frozen(kw_only=True)
class TakeDown(Planned):
    """A session that has taken place."""

    starts_at: Annotated[
        datetime, Input("when it began, on the district's clock: 2026-03-09T09:00", occurred=Occurred())
    ]
    ends_at: Annotated[
        datetime, Input("when it ended, on the district's clock: 2026-03-09T11:00", occurred=Occurred())
    ]


def _planned(t: Transition[None, Planned]) -> Session:
    """The district's number of places, and whether the bank runs sessions of this kind, unless they are given."""
    given, settings = t.given, t.settings(VolunteerSettings)
    kind = settings.kind(given.kind)
    return Session(
        kind=given.kind,
        title=given.title,
        meet_at=given.meet_at,
        starts_at=given.starts_at,
        ends_at=given.ends_at,
        capacity=settings.capacity if given.capacity is None else given.capacity,
        run_by_bank=bool(kind and kind.bank) if given.run_by_bank is None else given.run_by_bank,
        postponed_from=given.postponed_from if isinstance(given, Plan) else None,
    )


class NoSuchKind(Invalid, says="kind must be one of {choices}"):
    choices: Several
    field: str = "kind"


def _known_kind(t: Transition[Session, object]) -> Refusal | None:
    settings = t.settings(VolunteerSettings)
    if settings.kind(t.record.kind):
        return None
    return NoSuchKind(
        choices=listed(f"{kind.code} ({kind.name})" if kind.name else kind.code for kind in settings.kinds)
    )


def _possible_time(t: Transition[Session, object]) -> Refusal | None:
    return _wrong_time(t, t.record.starts_at, t.record.ends_at)


class TooLongAgo(Refusal, says="it is too long ago; sessions are taken down within {days} days"):
    days: str


def _took_place_lately(t: Transition[Session, object]) -> Refusal | None:
    """What was kept on paper: over, and not so long ago that nobody remembers."""
    wrong = _wrong_span(t, t.record.starts_at, t.record.ends_at)
    lately = t.settings(VolunteerSettings).take_down_within
    if wrong or t.at - t.record.ends_at <= lately:
        return wrong
    days = f"{lately / timedelta(days=1):g}"
    return TooLongAgo(days=days)


class BeginsInThePast(
    Invalid, says="it would begin in the past; one that was kept on paper: linli session take-down"
):
    field: str = "starts_at"


def _wrong_time(ctx: Context[Session], starts: datetime, ends: datetime) -> Refusal | None:
    wrong = _wrong_span(ctx, starts, ends)
    if wrong or starts > ctx.at:
        return wrong
    return BeginsInThePast()


class WrongSpan(Invalid, says="a session ends after it begins, and lasts {hours} hours at most"):
    hours: str
    field: str = "ends_at"


def _wrong_span(ctx: Context[Session], starts: datetime, ends: datetime) -> Refusal | None:
    longest = ctx.settings(VolunteerSettings).longest
    if timedelta(0) < ends - starts <= longest:
        return None
    hours = f"{longest / timedelta(hours=1):g}"
    return WrongSpan(hours=hours)


class ImpossibleCapacity(Invalid, says="a session has 1 to {most} places"):
    most: int
    field: str = "capacity"


def _possible_capacity(t: Transition[Session, object]) -> Refusal | None:
    if 1 <= t.record.capacity <= MOST_PLACES:
        return None
    return ImpossibleCapacity(most=MOST_PLACES)


def _places_issued(t: Transition[Session, object]) -> Iterable[Effect]:
    yield _issued(t.subject.id, t.record.capacity)


def _issued(session: UUID, places: int) -> Transfer:
    return Transfer(
        unit=SEATS, amount=places, source=(session, "issued"), target=(session, "free"), rule="places"
    )


# --- more places ----------------------------------------------------------------------------------------


@attrs.frozen(kw_only=True)
class Enlarge:
    """Some places more."""

    more: Annotated[int, Input("how many places more", least=1)]


def _enlarged(t: Transition[Session, Enlarge]) -> Session:
    return evolve(t.record, capacity=t.record.capacity + t.given.more)


def _more_issued(t: Transition[Session, Enlarge]) -> Iterable[Effect]:
    yield _issued(t.subject.id, t.given.more)
    if t.subject.state is SessionFlow.sign_up:
        yield from moves_up(t.subject.id, t.given.more, t)


# --- beginning and ending ---------------------------------------------------------------------------------


class TooEarly(Refusal, says="it is too early; check-in opens at {moment}"):
    moment: str


def _about_to_begin(t: Transition[Session, object]) -> Refusal | None:
    opens = t.record.starts_at - t.settings(VolunteerSettings).check_in_before
    local = opens.astimezone(t.facts.calendar.zone)
    too_early = TooEarly(moment=f"{local:%Y-%m-%d %H:%M}")
    return too_early if t.at < opens else None


class NotCheckedOut(
    Refusal,
    says="{count} people have not checked out; see: linli session roster, then: linli session check-out-by-hand",
):
    count: int


class NobodyAttended(Refusal, says="nobody attended; cancel it instead"): ...


def _everybody_is_accounted_for(t: Transition[Session, object]) -> Refusal | None:
    states = [seat.state for seat in t.parts(SeatFlow)]
    if inside := states.count(SeatFlow.checked_in):
        return NotCheckedOut(count=inside)
    return None if SeatFlow.checked_out in states else NobodyAttended()


class OwnHours(Refusal, says="you have hours in it yourself; let another leader or a clerk confirm them"): ...


def _without_hours_in_it(t: Transition[Session, object]) -> Refusal | None:
    """Holding confirms everybody's hours: whoever has some of them does not."""
    seats = [seat for seat in t.parts(SeatFlow) if seat.state is SeatFlow.checked_out]
    if t.is_among(tuple(seat.person for seat in seats if seat.person)):
        return OwnHours()
    return None


def _lists_closed(t: Transition[Session, object]) -> Iterable[Effect]:
    """Hours are confirmed; whoever had a place and did not come was absent, whoever waited had none."""
    for seat in t.parts(SeatFlow):
        if seat.state is SeatFlow.checked_out:
            yield SeatFlow.attend(seat.id, Attend(minutes=seat.record.minutes))
        elif seat.state is SeatFlow.waiting:
            yield SeatFlow.close_list(seat.id)
        elif seat.state in SeatFlow.taking_a_place:
            yield SeatFlow.miss(seat.id)


def _called_off(t: Transition[Session, object]) -> Iterable[Effect]:
    for seat in t.parts(SeatFlow):
        if seat.state is SeatFlow.waiting:
            yield SeatFlow.call_off_waiting(seat.id)
        elif seat.state in SeatFlow.taking_a_place:
            yield SeatFlow.call_off(seat.id)


@attrs.frozen(kw_only=True)
class Postpone(Why):
    """Another time, and why."""

    new_starts_at: Starts
    new_ends_at: Ends


def postponed(session: UUID) -> UUID:
    """The number of the session that takes a postponed one's place."""
    return uuid5(session, "postponed")


def _new_time(t: Transition[Session, Postpone]) -> Refusal | None:
    return _wrong_time(t, t.given.new_starts_at, t.given.new_ends_at)


def _at_another_time(t: Transition[Session, Postpone]) -> Iterable[Effect]:
    """Another session, opened as this one was: nobody who could come then has said that they can now."""
    record, number = t.record, SessionFlow.ref(postponed(t.subject.id))
    plan = Plan(
        kind=record.kind,
        title=record.title,
        meet_at=record.meet_at,
        starts_at=t.given.new_starts_at,
        ends_at=t.given.new_ends_at,
        capacity=record.capacity,
        run_by_bank=record.run_by_bank,
        postponed_from=t.subject.id,
    )
    yield SessionFlow.plan.at(t.place, plan, id=number)
    if t.before.state is SessionFlow.sign_up:
        yield SessionFlow.open(number)


def _begins_in_time(ctx: Context[Session]) -> Limit:
    deadline = ctx.record.starts_at + ctx.settings(VolunteerSettings).begin_within
    return Limit(span=max(deadline - ctx.at, timedelta(0)))


def _closed_in_time(ctx: Context[Session]) -> Limit:
    """Service hours from the session's end, which is a known moment once it is under way."""
    ended = max(ctx.record.ends_at, ctx.at)
    deadline = ctx.facts.calendar.add(ended, ctx.settings(VolunteerSettings).close_within)
    return Limit(span=deadline - ctx.at)


class Held(Choice):
    """How a session that was held has ended."""

    TOOK_PLACE = "took_place"


class SessionFlow(
    Workflow[Session],
    name="session",
    label="volunteer session",
    readable_by=LEADER,
    summary_fields=("title",),
):
    """Planned, opened for sign-up, begun, held; each place of it is a part."""

    move = Moves(Session)
    planned = State("planned")
    sign_up = State("open for sign-up")
    under_way = State("under way")
    held = State("has been held", ends=Held)
    cancelled = State("cancelled", ends=True)
    postponed = State("postponed", ends=True)
    plan = move.opening(
        planned,
        Plan,
        by=LEADER | ENGINE,
        record=_planned,
        needs=[_known_kind, _possible_time, _possible_capacity],
    )
    take_down = move.opening(
        under_way,
        TakeDown,
        label="take down from paper",
        by=LEADER,
        record=_planned,
        needs=[_known_kind, _took_place_lately, _possible_capacity],
        then=[_places_issued],
    )
    open = move(planned.to(sign_up), label="open for sign-up", by=LEADER | ENGINE, then=[_places_issued])
    enlarge = move(
        (sign_up | under_way).stay(),
        Enlarge,
        label="offer more places",
        by=LEADER,
        record=_enlarged,
        needs=[_possible_capacity],
        then=[_more_issued],
    )
    begin = move(sign_up.to(under_way), label="open for check-in", by=LEADER, needs=[_about_to_begin])
    hold = move(
        under_way.to(held),
        label="confirm the hours",
        by=LEADER,
        needs=[_everybody_is_accounted_for, _without_hours_in_it],
        then=[_lists_closed],
        not_by=[take_down],
    )
    postpone = move(
        (planned | sign_up).to(postponed),
        Postpone,
        by=LEADER,
        needs=[_new_time],
        then=[_at_another_time, _called_off],
    )
    cancel = move((planned | sign_up | under_way).to(cancelled), Why, by=LEADER, then=[_called_off])
    seat = Part(SeatFlow.sign_up)
    beginning = Clock(
        planned | sign_up, _begins_in_time, ladder=Ladder[Session](VolunteerSettings), name="begin"
    )
    close = Clock(under_way, _closed_in_time, ladder=Ladder[Session](VolunteerSettings))
