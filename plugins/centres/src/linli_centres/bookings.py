"""Bookings of a hall (红色议事厅): asked for, approved, held or nobody came; cancelled, lapsed, called off.

A booking takes its quarters of an hour when it is asked for, and gives them back when it ends unheld.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

import attrs

from linli import (
    ANYONE,
    OWN,
    Assign,
    Change,
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
    NotFoundHere,
    Private,
    Ref,
    Refusal,
    Seat,
    Several,
    State,
    Transition,
    Why,
    Workflow,
    Write,
    by_working_day,
    listed,
    officer_of,
    until,
    working_days,
)
from linli.query import Query, one, subjects
from linli_centres.records import HALL, KEEPER, Booking, Centre, Purpose
from linli_centres.settings import CentresSettings
from linli_centres.tables import FREE, TAKE, booked_from, quarters


@attrs.frozen(kw_only=True)
class Ask:
    """Which hall, when, and what for."""

    centre: Annotated[Ref[Centre], Input("the centre's number")]
    starts_at: Annotated[datetime, Input("when it begins, on the district's clock: 2026-03-05 14:30")]
    ends_at: Annotated[datetime, Input("when it ends, on the district's clock: 2026-03-05 16:00")]
    purpose: Annotated[Purpose, Input("what for")] = Purpose.OTHER
    people: Annotated[int, Input("how many are expected", least=0)] = 0
    note: Annotated[Private | None, Input("what the keeper should know; it is kept in the vault")] = None


@attrs.frozen(kw_only=True)
class Cancel:
    """Why; a keeper must say it."""

    reason: Annotated[Private | None, Input("why")] = None


@attrs.frozen(kw_only=True)
class Came:
    """How many there were."""

    came: Annotated[int, Input("how many there were", least=1)]


# --- whether it may be -----------------------------------------------------------------------------------------


class NoSuchCentre(NotFoundHere, says="there is no centre {id} in this district"):
    id: UUID


class BookedElsewhere(Invalid, says="book it where the centre is"):
    field: str = "place"


class NoHall(Refusal, says="{name} has no hall that can be booked now"):
    name: str


class HallTaken(Refusal, says="the hall is taken then; see when it is free: linli hall free"): ...


class HallTooSmall(Refusal, says="the hall takes {seats} people"):
    seats: int


def _asked(t: Transition[object, Ask]) -> Iterable[Query[object]]:
    """What booking asks; whether the hall is taken is asked once nobody else books it."""
    from linli_centres.centres import CentreFlow  # which calls bookings off

    yield one(CentreFlow, CentreFlow.ref(t.given.centre))
    if t.subject.person:
        yield subjects(BookingFlow, person=t.subject.person)


def _bookable(t: Transition[Booking, object]) -> Refusal | None:
    """The first thing that stands against it: what comes later is only asked where it makes sense."""
    from linli_centres.centres import CentreFlow  # which calls bookings off

    booking = t.record
    booked = booked_from(t, booking.centre, booking.starts_at, booking.ends_at)
    found = t.get(one(CentreFlow, CentreFlow.ref(booking.centre)))
    if found is None:
        return NoSuchCentre(id=booking.centre)
    centre = found.record
    if found.place != t.place:
        return BookedElsewhere()
    if found.state is not CentreFlow.in_service or HALL not in centre.facilities:
        return NoHall(name=centre.name)
    if booked:
        return HallTaken()
    if centre.seats and booking.people > centre.seats:
        return HallTooSmall(seats=centre.seats)
    return _when(booking, centre, t.facts) or _by_whom(t)


class BeginsInThePast(Invalid, says="it must begin later than now"):
    field: str = "starts_at"


class BookedTooEarly(Refusal, says="it can be booked {days} days ahead"):
    days: int


class WrongLength(Refusal, says="a booking lasts {least} to {most} minutes"):
    least: int
    most: int


class NotOnASlot(Invalid, says="a booking begins and ends on a multiple of {slot} minutes"):
    slot: int
    field: str = "starts_at"


class OutsideHours(Invalid, says="the hall can be used at {hours} on that day"):
    hours: Several
    field: str = "starts_at"


def _when(booking: Booking, centre: Centre, facts: Facts) -> Refusal | None:
    settings, zone = facts.settings(CentresSettings), facts.calendar.zone
    start, end = booking.starts_at.astimezone(zone), booking.ends_at.astimezone(zone)
    if start <= facts.at:
        return BeginsInThePast()
    if (start.date() - facts.at.astimezone(zone).date()).days > settings.ahead:
        return BookedTooEarly(days=settings.ahead)
    if not settings.slot <= end - start <= settings.longest:
        return WrongLength(least=_minutes(settings.slot), most=_minutes(settings.longest))
    if any(_since_midnight(one) % settings.slot for one in (start, end)):
        return NotOnASlot(slot=_minutes(settings.slot))
    spans = centre.plan(settings, hall=True).on(start.date(), facts.calendar)
    within = any(opens <= start.time() and end.time() <= closes for opens, closes in spans)
    if start.date() != end.date() or not within:
        hours = listed(f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in spans)
        return OutsideHours(hours=hours)
    return None


def _minutes(span: timedelta) -> int:
    return span // timedelta(minutes=1)


def _since_midnight(moment: datetime) -> timedelta:
    return timedelta(
        hours=moment.hour, minutes=moment.minute, seconds=moment.second, microseconds=moment.microsecond
    )


class BookerNotSaid(Missing, says="say who books it"):
    field: str = "person"


class TooManyBookings(Refusal, says="they have {count} bookings open already"):
    count: int


class MissedTooOften(
    Refusal, says="they did not come {count} times in {days} days, so they cannot book for now"
):
    count: int
    days: int


def _by_whom(t: Transition[Booking, object]) -> Refusal | None:
    if t.subject.person is None:
        return BookerNotSaid()
    settings = t.settings(CentresSettings)
    theirs = t.get(subjects(BookingFlow, person=t.subject.person))
    still_open = sum(one.ended_at is None for one in theirs)
    if still_open >= settings.most_open:
        return TooManyBookings(count=still_open)
    since = t.at - timedelta(days=settings.no_show_days)
    ended = (one.ended_at for one in theirs if one.state is BookingFlow.no_show)
    missed = sum(at is not None and at > since for at in ended)
    if settings.no_shows and missed >= settings.no_shows:
        return MissedTooOften(count=missed, days=settings.no_show_days)
    return None


class Begun(Refusal, says="it has begun"): ...


def _not_begun(t: Transition[Booking, object]) -> Refusal | None:
    return Begun() if t.at >= t.record.starts_at else None


def _begun(t: Transition[Booking, object]) -> Refusal | None:
    return NotBegun() if t.at < t.record.starts_at else None


class ReasonNotSaid(Missing, says="say why: it is somebody else's booking"):
    field: str = "reason"


def _reason_of_keepers(t: Transition[Booking, Cancel]) -> Refusal | None:
    if t.acting_as != "own" and t.given.reason is None:
        return ReasonNotSaid()
    return None


# --- what follows ------------------------------------------------------------------------------------------------


def _takes(t: Transition[Booking, object]) -> Iterable[Effect]:
    booking, number = t.record, t.subject.id
    for at in quarters(booking.starts_at, booking.ends_at):
        row = {"district": t.facts.district, "centre": booking.centre, "at": at, "booking": number}
        yield Change(write=Write(TAKE, row, f"{booking.centre.hex}{at.isoformat()}"))
    yield Assign(holder=_keeper(t))
    if not t.settings(CentresSettings).approval:
        yield BookingFlow.confirm(number)


def _gives_back(t: Transition[Booking, object]) -> Iterable[Effect]:
    values = {"the_district": t.facts.district, "the_booking": t.subject.id}
    yield Change(write=Write(FREE, values, t.subject.id.hex))


def _beginning(ctx: Context[Booking]) -> Limit:
    return until(ctx.record.starts_at, ctx.facts)


def _decision(ctx: Context[Booking]) -> Limit:
    return working_days(ctx.settings(CentresSettings).decide_within, ctx.facts)


def _report(ctx: Context[Booking]) -> Limit:
    days = ctx.settings(CentresSettings).report_within
    return by_working_day(days, ctx.facts, after=ctx.record.ends_at)


def _keeper(ctx: Context[object]) -> Seat:
    return Seat(role="centre_keeper", at=ctx.place)


LADDER = Ladder[Booking](
    CentresSettings, {"centre": _keeper, "street": officer_of("street"), "district": officer_of("district")}
)


class BookingFlow(
    Workflow[Booking],
    name="hall_booking",
    label="booking of a hall",
    summary_fields=("purpose",),
    readable_by=OWN | KEEPER,
    holds_person=True,
):
    """Asked for, approved, and held, or given back."""

    move = Moves(Booking)
    asked = State("asked for")
    approved = State("approved")
    held = State("held", ends=True)
    no_show = State("nobody came", ends=True)
    rejected = State("rejected", ends=True)
    cancelled = State("cancelled", ends=True)
    lapsed = State("lapsed: nobody decided in time", ends=True)
    called_off = State("called off: the centre closed", ends=True)
    ask = move.opening(
        asked, Ask, label="book", by=ANYONE | KEEPER, reads=_asked, needs=[_bookable], then=[_takes]
    )
    approve = move(asked.to(approved), by=KEEPER - OWN, not_by=[ask], needs=[_not_begun])
    confirm = move(asked.to(approved))
    reject = move(asked.to(rejected), Why, by=KEEPER, then=[_gives_back])
    cancel = move(
        (asked | approved).to(cancelled),
        Cancel,
        by=OWN | KEEPER,
        needs=[_not_begun, _reason_of_keepers],
        then=[_gives_back],
    )
    hold = move(approved.to(held), Came, label="it was held", by=KEEPER, needs=[_begun])
    miss = move(
        approved.to(no_show), label="nobody came", by=KEEPER - OWN, needs=[_begun], then=[_gives_back]
    )
    lapse = move(asked.to(lapsed), then=[_gives_back])
    call_off = move((asked | approved).to(called_off), then=[_gives_back])
    decision = Clock(asked, _decision, ladder=LADDER)
    beginning = Clock(asked, _beginning, then=lapse)
    report = Clock(approved, _report, ladder=LADDER)
