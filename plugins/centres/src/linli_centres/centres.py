"""Centres (党群服务中心) and courier stations (快递外卖红色驿站): opened, equipped, suspended, closed."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from uuid import UUID

import attrs
from sqlalchemy import bindparam, select

from linli import NOBODY, Act, Ask, Facts, Make, Move, State, Subject, Workflow, codec, has_post, say
from linli.effects import Effect
from linli.i18n import Text, listed
from linli.lookups import ever
from linli.store import Read
from linli.store import tables as t
from linli.store.fields import field
from linli.workflow import REASON
from linli_centres.hours import Plan, problem_in, week_of
from linli_centres.settings import CentresSettings
from linli_centres.tables import TAKEN_BETWEEN

CENTRE, COURIER_STATION = "centre", "courier_station"
FACILITIES = ("hall", "station", "garden", "board")
HALL, STATION = "hall", "station"
OPENER = has_post("officer")
KEEPER = has_post("centre_keeper", "clerk")
_NEVER = datetime(9000, 1, 1, tzinfo=UTC)

_s = t.subject.c
CENTRE_BY_ID = Read(
    select(_s.state, _s.place, _s.record).where(
        _s.district == bindparam("district"), _s.id == bindparam("id"), _s.kind == "centre"
    )
)
_SO_CALLED = Read(
    select(_s.id).where(
        _s.district == bindparam("district"),
        _s.kind == "centre",
        ever(_s.compound, "compound"),
        _s.ended_at.is_(None),
        field(_s.record, "name") == bindparam("name"),
    )
)


@attrs.frozen(kw_only=True)
class Centre:
    """What is kept with a centre.

    Attributes:
        centre_kind: "centre" or "courier_station", which is counted apart.
        facilities: of "hall", "station", "garden", "board", those that it has.
        week, hall_week: opening hours of its own; none: as the district says.
        closed_days, open_days: days on which its week does not hold.
        services: codes of what can be done at its desk; none: all that the district's catalogue has.
        seats: how many people the hall takes; 0: not said.
    """

    name: str
    centre_kind: str = CENTRE
    facilities: tuple[str, ...] = FACILITIES
    week: tuple[str, ...] = ()
    hall_week: tuple[str, ...] = ()
    closed_days: tuple[date, ...] = ()
    open_days: tuple[date, ...] = ()
    services: tuple[str, ...] = ()
    seats: int = 0


def centre_from(facts: Facts, ident: UUID) -> tuple[str, UUID, Centre] | None:
    """A centre's state, place and record; None where there is none."""
    rows = facts.rows(CENTRE_BY_ID, id=ident)
    return (rows[0][0], rows[0][1], codec.decoder(Centre)(rows[0][2])) if rows else None


def _name_is_free(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    # Whoever opens one of the same name at this moment comes first or second.
    facts.hold(f"centre {subject.compound}")
    name = subject.record.name
    if facts.rows(_SO_CALLED, compound=subject.compound, name=name):
        return say("'{name}' is open here already; give this one another name", name=name)
    return None


def plan_of(centre: Centre, settings: CentresSettings, *, hall: bool = False) -> Plan:
    """When a centre is open, or when its hall can be used."""
    usual = centre.week or settings.hours
    lines = (centre.hall_week or settings.hall_hours or usual) if hall else usual
    return Plan(
        week=week_of(lines),
        closed=frozenset(centre.closed_days),
        open=frozenset(centre.open_days),
        holidays=settings.holidays == "closed",
    )


# --- checks --------------------------------------------------------------------------------------------------


def _facilities_are(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    had = subject.record.facilities
    if unknown := [one for one in had if one not in FACILITIES]:
        return say("'{name}' is no facility; there are: {known}", name=unknown[0], known=listed(FACILITIES))
    if len(set(had)) < len(had):
        return say("a facility is named twice")
    if subject.record.centre_kind == COURIER_STATION and HALL in had:
        return say("a courier station has no hall; open a centre for that")
    if subject.record.centre_kind == CENTRE and not had:
        return say("a centre has at least one of {known}", known=listed(FACILITIES))
    return say("there cannot be less than 0 seats") if subject.record.seats < 0 else None


def booked_from(facts: Facts, centre: UUID, start: datetime, end: datetime) -> tuple[UUID, ...]:
    """The bookings of a hall in a time; nobody books it until the act is done."""
    facts.hold(f"hall {centre}")
    rows = facts.rows(TAKEN_BETWEEN, centre=centre, start=start, end=end)
    return tuple(dict.fromkeys(booking for _, booking in rows))


def _to_come(count: int) -> Text | None:
    if not count:
        return None
    return say("{count} bookings are still to come; cancel them first", count=count)


def _nothing_is_booked(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """What is booked must not be left without a hall, or outside its hours, by a change."""
    if _as_open(before.record, subject.record):
        return None
    return _to_come(len(booked_from(facts, subject.id, facts.at, _NEVER)))


def _nothing_is_booked_then(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    day = date.fromisoformat(act.value("day"))
    return _to_come(
        len(booked_from(facts, subject.id, facts.calendar.begin_of(day), facts.calendar.end_of(day)))
    )


def _as_open(before: Centre, after: Centre) -> bool:
    """Whether a change takes nothing from when the hall can be used."""
    same = (before.week, before.hall_week) == (after.week, after.hall_week)
    return same and HALL in after.facilities and (after.seats == 0 or 0 < before.seats <= after.seats)


def _hours_are(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    return problem_in(subject.record.week) or problem_in(subject.record.hall_week)


def _services_are(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    known = [service.code for service in facts.settings(CentresSettings).services]
    unknown = [code for code in subject.record.services if code not in known]
    if unknown:
        return say(
            "there is no service {code} in [centres]; there are: {known}",
            code=unknown[0],
            known=listed(known),
        )
    if subject.record.services and STATION not in subject.record.facilities:
        return say("it has no station, so nothing can be done at its desk")
    return None


def _some_day(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    both = set(subject.record.closed_days) & set(subject.record.open_days)
    return say("{day} cannot be both closed and open", day=min(both)) if both else None


def _days(name: str, other: str) -> Callable[[Subject, Mapping[str, object], Facts], Mapping[str, object]]:
    """What fills in the days after one more: it leaves the other list."""

    def fill(subject: Subject, values: Mapping[str, object], facts: Facts) -> Mapping[str, object]:
        try:
            day = date.fromisoformat(str(values.get("day")))
        except ValueError:
            return {}  # the move's asks say what is wrong with it
        days = {*getattr(subject.record, name), day}
        rest = [one for one in getattr(subject.record, other) if one != day]
        return {name: tuple(sorted(days)), other: tuple(rest)}

    return fill


# --- effects -------------------------------------------------------------------------------------------------


def _called_off(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    """What is booked for later cannot be held."""
    for booking in booked_from(facts, subject.id, facts.at, _NEVER):
        yield Make(subject=booking, move="call_off")


_SEATS = Ask(name="seats", help="how many people the hall takes", type=int, default=0)
_FACILITIES = Ask(name="facilities", help="of hall, station, garden, board", type=tuple, default=FACILITIES)
_DAY = Ask(name="day", help="which day: 2026-03-05", type=date)
_DAY_LISTS = (
    Ask(name="closed_days", type=tuple, required=False, computed=True),
    Ask(name="open_days", type=tuple, required=False, computed=True),
)
_RUNNING = ("in_service", "suspended")


def _openings() -> Iterable[Move]:
    """Whether it is in service."""
    yield Move(
        name="open",
        label="open",
        sources=(),
        to="in_service",
        by=OPENER,
        asks=(
            Ask(name="name", help="what it is called: 锦绣花园党群服务中心", longest=80),
            Ask(
                name="centre_kind",
                help="centre or courier_station",
                choices=(CENTRE, COURIER_STATION),
                default=CENTRE,
            ),
            _FACILITIES,
            _SEATS,
        ),
        checks=(_facilities_are, _name_is_free),
    )
    yield Move(
        name="suspend",
        label="close for a while",
        sources=("in_service",),
        to="suspended",
        by=OPENER,
        asks=(REASON,),
        effects=(_called_off,),
    )
    yield Move(name="resume", label="open again", sources=("suspended",), to="in_service", by=OPENER)
    yield Move(
        name="close",
        label="close for good",
        sources=_RUNNING,
        to="closed",
        by=OPENER,
        asks=(REASON,),
        effects=(_called_off,),
    )


def _changes() -> Iterable[Move]:
    """What it has and when it is open."""
    yield Move(
        name="equip",
        label="change the facilities",
        sources=_RUNNING,
        to=None,
        by=OPENER,
        asks=(attrs.evolve(_FACILITIES, default=None), attrs.evolve(_SEATS, default=None, required=False)),
        checks=(_facilities_are, _services_are, _nothing_is_booked),
    )
    yield Move(
        name="set_hours",
        label="set the opening hours",
        sources=_RUNNING,
        to=None,
        by=KEEPER | OPENER,
        asks=(
            Ask(name="week", help='opening hours: "1-5 08:30-12:00,14:30-17:30"', type=tuple),
            Ask(
                name="hall_week", help="when the hall can be used; else as before", type=tuple, required=False
            ),
        ),
        checks=(_hours_are, _nothing_is_booked),
    )
    yield Move(
        name="close_day",
        label="close on a day",
        sources=_RUNNING,
        to=None,
        by=KEEPER | OPENER,
        fills=(_days("closed_days", "open_days"),),
        asks=(_DAY, REASON, *_DAY_LISTS),
        checks=(_some_day, _nothing_is_booked_then),
    )
    yield Move(
        name="open_day",
        label="open on a day",
        sources=_RUNNING,
        to=None,
        by=KEEPER | OPENER,
        fills=(_days("open_days", "closed_days"),),
        asks=(_DAY, *_DAY_LISTS),
        checks=(_some_day,),
    )
    yield Move(
        name="offer",
        label="set what its desk does",
        sources=_RUNNING,
        to=None,
        by=KEEPER | OPENER,
        asks=(Ask(name="services", help="codes of services; none: the whole catalogue", type=tuple),),
        checks=(_services_are,),
    )


CENTRE_FLOW = Workflow(
    name="centre",
    label="service centre or station",
    read_by=KEEPER | OPENER,
    record=Centre,
    told_by=("name",),
    states=(
        State("in_service", "in service", turn=NOBODY),
        State("suspended", "closed for a while", turn=NOBODY),
        State("closed", "closed for good", ends=("closed",)),
    ),
    moves=(*_openings(), *_changes()),
)
