"""Bookings of a hall (红色议事厅): asked for, approved, held or nobody came; cancelled, lapsed, called off.

A booking takes its quarters of an hour when it is asked for, and gives them back when it ends unheld.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

import attrs
from sqlalchemy import bindparam, select

from linli import (
    ANYONE,
    ENGINE,
    OWN,
    Act,
    Ask,
    Assign,
    Change,
    Clock,
    Facts,
    Limit,
    Make,
    Move,
    Seat,
    State,
    Subject,
    Workflow,
    say,
)
from linli.deadlines import by_working_day, until, working_days
from linli.effects import Effect
from linli.i18n import Text, listed
from linli.lookups import ever
from linli.store import Read, Write
from linli.store import tables as t
from linli.workflow import REASON
from linli_centres.centres import HALL, KEEPER, Centre, booked_from, centre_from, plan_of
from linli_centres.settings import CentresSettings
from linli_centres.tables import FREE, TAKE, quarters

PURPOSES = ("members_activity", "deliberation", "party_education", "other")
_s = t.subject.c
_OF_PERSON = Read(
    select(_s.state, _s.ended_at).where(
        _s.district == bindparam("district"),
        ever(_s.person),
        _s.kind == "hall_booking",
    )
)


@attrs.frozen(kw_only=True)
class Booking:
    """What is kept with a booking.

    Attributes:
        people: how many are expected; `came`: how many there were.
    """

    centre: UUID
    starts_at: datetime
    ends_at: datetime
    purpose: str = "other"
    people: int = 0
    came: int = 0


# --- whether it may be -----------------------------------------------------------------------------------------


def _bookable(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """The first thing that stands against it: what comes later is only asked where it makes sense."""
    booking: Booking = subject.record
    if booking.starts_at.tzinfo is None or booking.ends_at.tzinfo is None:
        return say("give the times with their offset: 2026-03-05T14:00+08:00")
    booked = booked_from(facts, booking.centre, booking.starts_at, booking.ends_at)
    found = centre_from(facts, booking.centre)
    if found is None:
        return say("there is no centre {id} in this district", id=booking.centre)
    state, place, centre = found
    if place != subject.place:
        return say("book it where the centre is")
    if state != "in_service" or HALL not in centre.facilities:
        return say("{name} has no hall that can be booked now", name=centre.name)
    if booked:
        return say("the hall is taken then; see when it is free: linli hall free")
    return _when(booking, centre, facts) or _how_many(booking, centre) or _by_whom(subject, facts)


def _when(booking: Booking, centre: Centre, facts: Facts) -> Text | None:
    settings, zone = facts.settings(CentresSettings), facts.calendar.zone
    start, end = booking.starts_at.astimezone(zone), booking.ends_at.astimezone(zone)
    if start <= facts.at:
        return say("it must begin later than now")
    if (start.date() - facts.at.astimezone(zone).date()).days > settings.ahead:
        return say("it can be booked {days} days ahead", days=settings.ahead)
    if not settings.slot <= end - start <= settings.longest:
        return say(
            "a booking lasts {least} to {most} minutes",
            least=_minutes(settings.slot),
            most=_minutes(settings.longest),
        )
    if any(_since_midnight(one) % settings.slot for one in (start, end)):
        return say("a booking begins and ends on a multiple of {slot} minutes", slot=_minutes(settings.slot))
    spans = plan_of(centre, settings, hall=True).on(start.date(), facts.calendar)
    within = any(opens <= start.time() and end.time() <= closes for opens, closes in spans)
    if start.date() != end.date() or not within:
        hours = listed(f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in spans)
        return say("the hall can be used at {hours} on that day", hours=hours)
    return None


def _minutes(span: timedelta) -> int:
    return span // timedelta(minutes=1)


def _since_midnight(moment: datetime) -> timedelta:
    return timedelta(
        hours=moment.hour, minutes=moment.minute, seconds=moment.second, microseconds=moment.microsecond
    )


def _how_many(booking: Booking, centre: Centre) -> Text | None:
    if booking.people < 0:
        return say("there cannot be less than 0 people")
    if centre.seats and booking.people > centre.seats:
        return say("the hall takes {seats} people", seats=centre.seats)
    return None


def _by_whom(subject: Subject, facts: Facts) -> Text | None:
    if subject.person is None:
        return say("say who books it")
    settings = facts.settings(CentresSettings)
    rows = facts.rows(_OF_PERSON, person=subject.person)
    still_open = sum(ended is None for _, ended in rows)
    if still_open >= settings.most_open:
        return say("they have {count} bookings open already", count=still_open)
    since = facts.at - timedelta(days=settings.no_show_days)
    missed = sum(state == "no_show" and ended is not None and ended > since for state, ended in rows)
    if settings.no_shows and missed >= settings.no_shows:
        return say(
            "they did not come {count} times in {days} days, so they cannot book for now",
            count=missed,
            days=settings.no_show_days,
        )
    return None


def _of_themselves(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    if act.acting_as == "person" and act.actor != subject.person:
        return say("book for yourself; for somebody else the centre's keeper does")
    return None


def _not_begun(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    return say("it has begun") if facts.at >= before.record.starts_at else None


def _begun(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    return say("it has not begun yet") if facts.at < before.record.starts_at else None


def _unanswered(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    return say("it can still be approved") if facts.at < before.record.starts_at else None


def _reason_of_keepers(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    if act.acting_as != "own" and act.value("reason") is None:
        return say("say why: it is somebody else's booking")
    return None


def _some_came(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    return say("say how many came: 1 or more") if subject.record.came < 1 else None


# --- what follows ------------------------------------------------------------------------------------------------


def _takes(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    booking = subject.record
    for at in quarters(booking.starts_at, booking.ends_at):
        row = {"district": facts.district, "centre": booking.centre, "at": at, "booking": subject.id}
        yield Change(write=Write(TAKE, row, f"{booking.centre.hex}{at.isoformat()}"))
    yield Assign(holder=Seat(role="centre_keeper", at=subject.place))
    if not facts.settings(CentresSettings).approval:
        yield Make(subject=subject.id, move="confirm")


def _gives_back(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    values = {"the_district": facts.district, "the_booking": subject.id}
    yield Change(write=Write(FREE, values, subject.id.hex))


def _beginning(subject: Subject, facts: Facts) -> Limit | None:
    # A time without an offset is refused, but only after the clocks were set.
    begins = subject.record.starts_at
    return until(begins, facts) if begins.tzinfo else Limit(span=timedelta(0))


def _decision(subject: Subject, facts: Facts) -> Limit | None:
    return working_days(facts.settings(CentresSettings).decide_within, facts)


def _report(subject: Subject, facts: Facts) -> Limit | None:
    days = facts.settings(CentresSettings).report_within
    return by_working_day(days, facts, after=subject.record.ends_at)


def _asking() -> Iterable[Move]:
    """From what is asked for to a hall that is kept."""
    yield Move(
        name="ask",
        label="book",
        sources=(),
        to="asked",
        by=ANYONE | KEEPER,
        asks=(
            Ask(name="centre", help="its number", type=UUID),
            Ask(name="starts_at", help="when it begins", type=datetime),
            Ask(name="ends_at", help="when it ends", type=datetime),
            Ask(name="purpose", help="what for", choices=PURPOSES, default="other"),
            Ask(name="people", help="how many are expected", type=int, default=0),
            Ask(name="note", help="what the keeper should know", private=True, required=False),
        ),
        checks=(_of_themselves, _bookable),
        effects=(_takes,),
    )
    yield Move(
        name="approve", label="approve", sources=("asked",), to="approved", by=KEEPER, apart_from=("ask",),
        checks=(_not_begun, _not_ones_own),
    )  # fmt: skip
    yield Move(name="confirm", sources=("asked",), to="approved", by=ENGINE)
    yield Move(
        name="reject",
        label="reject",
        sources=("asked",),
        to="rejected",
        by=KEEPER,
        asks=(REASON,),
        effects=(_gives_back,),
    )
    yield Move(
        name="cancel",
        label="cancel",
        sources=("asked", "approved"),
        to="cancelled",
        by=OWN | KEEPER,
        asks=(attrs.evolve(REASON, required=False),),
        checks=(_not_begun, _reason_of_keepers),
        effects=(_gives_back,),
    )


def _not_ones_own(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    if act.actor is not None and act.actor == subject.person:
        return say("nobody approves their own booking; let another keeper do it")
    return None


def _afterwards() -> Iterable[Move]:
    """What became of it."""
    yield Move(
        name="hold",
        label="it was held",
        sources=("approved",),
        to="held",
        by=KEEPER,
        asks=(Ask(name="came", help="how many there were", type=int),),
        checks=(_begun, _some_came),
    )
    yield Move(
        name="miss",
        label="nobody came",
        sources=("approved",),
        to="no_show",
        by=KEEPER,
        checks=(_begun, _not_ones_own),
        effects=(_gives_back,),
    )
    yield Move(
        name="lapse",
        sources=("asked",),
        to="lapsed",
        by=ENGINE,
        checks=(_unanswered,),
        effects=(_gives_back,),
    )
    yield Move(
        name="call_off",
        sources=("asked", "approved"),
        to="called_off",
        by=ENGINE,
        effects=(_gives_back,),
    )


BOOKING = Workflow(
    name="hall_booking",
    label="booking of a hall",
    read_by=OWN | KEEPER,
    record=Booking,
    told_by=("purpose",),
    holds_person=True,
    states=(
        State("asked", "asked for"),
        State("approved", "approved"),
        State("held", "held", ends=("held",)),
        State("no_show", "nobody came", ends=("no_show",)),
        State("rejected", "rejected", ends=("rejected",)),
        State("cancelled", "cancelled", ends=("cancelled",)),
        State("lapsed", "lapsed: nobody decided in time", ends=("lapsed",)),
        State("called_off", "called off: the centre closed", ends=("called_off",)),
    ),
    moves=(*_asking(), *_afterwards()),
    clocks=(
        Clock(name="decision", runs_in=("asked",), limit=_decision),
        Clock(name="beginning", runs_in=("asked",), limit=_beginning, then="lapse"),
        Clock(name="report", runs_in=("approved",), limit=_report),
    ),
)
