"""Centres (党群服务中心) and courier stations (快递外卖红色驿站): opened, equipped, suspended, closed."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Annotated

import attrs

from linli import (
    NOBODY,
    Effect,
    Input,
    Invalid,
    Missing,
    Moves,
    NotFoundHere,
    Reason,
    Refusal,
    Several,
    State,
    Transition,
    Why,
    Workflow,
    evolve,
    listed,
)
from linli.query import subjects
from linli_centres.bookings import BookingFlow
from linli_centres.hours import problem_in
from linli_centres.records import FACILITIES, HALL, KEEPER, OPENER, STATION, Centre, Facility, Kind
from linli_centres.settings import CentresSettings
from linli_centres.tables import booked_from

_NEVER = datetime(9000, 1, 1, tzinfo=UTC)

Facilities = Annotated[tuple[Facility, ...], Input("what it has; a courier station can have none")]
_SEATS = Input("how many people the hall takes", least=0)


@attrs.frozen(kw_only=True)
class Open:
    """What it is called, what it is and what it has."""

    name: Annotated[str, Input("what it is called: 锦绣花园党群服务中心", longest=80)]
    centre_kind: Annotated[Kind, Input("centre or courier_station")] = Kind.CENTRE
    facilities: Facilities = ()
    seats: Annotated[int, _SEATS] = 0


@attrs.frozen(kw_only=True)
class Equip:
    """What it has from now on."""

    facilities: Facilities
    seats: Annotated[int | None, _SEATS] = None


@attrs.frozen(kw_only=True)
class Hours:
    """When it is open from now on."""

    week: Annotated[
        tuple[str, ...], Input('opening hours: "1-5 08:30-12:00,14:30-17:30"; none: as the district says')
    ] = ()
    hall_week: Annotated[tuple[str, ...] | None, Input("when the hall can be used; else as before")] = None


@attrs.frozen(kw_only=True)
class Day:
    """A day on which its week does not hold."""

    day: Annotated[date, Input("which day: 2026-03-05")]


@attrs.frozen(kw_only=True)
class ClosedDay(Day):
    """Such a day, and why."""

    reason: Reason


@attrs.frozen(kw_only=True)
class Offer:
    """What its desk does from now on."""

    services: Annotated[tuple[str, ...], Input("codes of services; none: the whole catalogue")] = ()


class NameTaken(Invalid, says="'{name}' is open here already; give this one another name"):
    name: str
    field: str = "name"


def _name_is_free(t: Transition[Centre, object]) -> Refusal | None:
    # Whoever opens one of the same name at this moment comes first or second.
    t.facts.hold(f"centre {t.subject.compound}")
    called = {"name": t.record.name}
    same = subjects(CentreFlow, compound=t.subject.compound, where=called, ended=False).count()
    return NameTaken(name=t.record.name) if t.get(same) else None


class FacilityTwice(Invalid, says="a facility is named twice"):
    field: str = "facilities"


class StationHasNoHall(Invalid, says="a courier station has no hall; open a centre for that"):
    field: str = "facilities"


class NoFacility(Missing, says="a centre has at least one of {known}"):
    known: Several
    field: str = "facilities"


def _facilities_are(t: Transition[Centre, object]) -> Refusal | None:
    has, kind = t.record.facilities, t.record.centre_kind
    if len(set(has)) < len(has):
        return FacilityTwice()
    if kind is Kind.COURIER_STATION and HALL in has:
        return StationHasNoHall()
    if kind is Kind.CENTRE and not has:
        return NoFacility(known=listed(FACILITIES))
    return None


class BookingsToCome(Refusal, says="{count} bookings are still to come; cancel them first"):
    count: int


def _to_come(t: Transition[Centre, object], start: datetime, end: datetime) -> Refusal | None:
    count = len(booked_from(t, t.subject.id, start, end))
    return BookingsToCome(count=count) if count else None


def _nothing_is_booked(t: Transition[Centre, object]) -> Refusal | None:
    """What is booked must not be left without a hall, or outside its hours, by a change."""
    return None if _as_open(t.before.record, t.record) else _to_come(t, t.at, _NEVER)


def _nothing_is_booked_then(t: Transition[Centre, Day]) -> Refusal | None:
    day, calendar = t.given.day, t.facts.calendar
    return _to_come(t, calendar.begin_of(day), calendar.end_of(day))


def _as_open(before: Centre, after: Centre) -> bool:
    """Whether a change takes nothing from when the hall can be used."""
    same = (before.week, before.hall_week) == (after.week, after.hall_week)
    return same and HALL in after.facilities and (after.seats == 0 or 0 < before.seats <= after.seats)


def _hours_are(t: Transition[Centre, object]) -> Refusal | None:
    return problem_in(t.record.week) or problem_in(t.record.hall_week)


class NoSuchService(NotFoundHere, says="there is no service {service} in [centres]; there are: {known}"):
    service: str
    known: Several


class NoStation(Invalid, says="it has no station, so nothing can be done at its desk"):
    field: str = "services"


def _services_are(t: Transition[Centre, object]) -> Refusal | None:
    known = [service.code for service in t.settings(CentresSettings).services]
    if unknown := [code for code in t.record.services if code not in known]:
        return NoSuchService(service=unknown[0], known=listed(known))
    if t.record.services and STATION not in t.record.facilities:
        return NoStation()
    return None


def _closed_on(t: Transition[Centre, Day]) -> Centre:
    closed, open_ = t.record.closed_days, t.record.open_days
    return evolve(t.record, closed_days=_with(closed, t.given.day), open_days=_without(open_, t.given.day))


def _open_on(t: Transition[Centre, Day]) -> Centre:
    closed, open_ = t.record.closed_days, t.record.open_days
    return evolve(t.record, closed_days=_without(closed, t.given.day), open_days=_with(open_, t.given.day))


def _with(days: tuple[date, ...], day: date) -> tuple[date, ...]:
    return tuple(sorted({*days, day}))


def _without(days: tuple[date, ...], day: date) -> tuple[date, ...]:
    return tuple(one for one in days if one != day)


def _called_off(t: Transition[Centre, object]) -> Iterable[Effect]:
    """What is booked for later cannot be held."""
    for booking in booked_from(t, t.subject.id, t.at, _NEVER):
        yield BookingFlow.call_off(BookingFlow.ref(booking))


class CentreFlow(
    Workflow[Centre],
    name="centre",
    label="service centre or station",
    summary_fields=("name",),
    readable_by=KEEPER | OPENER,
):
    """Open, closed for a while, closed for good."""

    move = Moves(Centre)
    in_service = State("in service", turn=NOBODY)
    suspended = State("closed for a while", turn=NOBODY)
    closed = State("closed for good", ends=True)
    running = in_service | suspended
    open = move.opening(in_service, Open, by=OPENER, needs=[_facilities_are, _name_is_free])
    suspend = move(in_service.to(suspended), Why, label="close for a while", by=OPENER, then=[_called_off])
    resume = move(suspended.to(in_service), label="open again", by=OPENER)
    close = move(running.to(closed), Why, label="close for good", by=OPENER, then=[_called_off])
    equip = move(
        running.stay(),
        Equip,
        label="change the facilities",
        by=OPENER,
        needs=[_facilities_are, _services_are, _nothing_is_booked],
    )
    set_hours = move(
        running.stay(),
        Hours,
        label="set the opening hours",
        by=KEEPER | OPENER,
        needs=[_hours_are, _nothing_is_booked],
    )
    close_day = move(
        running.stay(),
        ClosedDay,
        label="close on a day",
        by=KEEPER | OPENER,
        record=_closed_on,
        needs=[_nothing_is_booked_then],
    )
    open_day = move(running.stay(), Day, label="open on a day", by=KEEPER | OPENER, record=_open_on)
    offer = move(
        running.stay(), Offer, label="set what its desk does", by=KEEPER | OPENER, needs=[_services_are]
    )
