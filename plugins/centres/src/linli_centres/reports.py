"""Reports on centres: hours, services, where something is done, free halls, bookings."""

from datetime import date
from typing import Annotated

import attrs

from linli import Asked, Card, Input, PlaceId, Ref, Table, listed, plain, report, say
from linli.cli import state_of
from linli_centres.api import Centres
from linli_centres.bookings import BookingFlow
from linli_centres.hours import Span
from linli_centres.records import Centre

_WHERE = "a number or a path of names: 锦绣花园"


@attrs.frozen(kw_only=True)
class OfCentre:
    """A centre."""

    centre: Ref[Centre]


@attrs.frozen(kw_only=True)
class OnDay(OfCentre):
    """A centre, and a day."""

    on: Annotated[date | None, Input("which day: 2026-03-05; else today")] = None


@report("centre.hours", "show when CENTRE is open on a day", OnDay, arguments=("centre",))
def hours(ask: Asked[OnDay]) -> Card:
    """The day's hours of the centre and of its hall."""
    desk, centre, day = Centres(ask.district), ask.given.centre, ask.given.on or ask.today
    centres, halls = desk.hours_on(centre, day), desk.hours_on(centre, day, hall=True)
    return Card({"day": day.isoformat(), "centre": _spans(centres), "hall": _spans(halls)})


def _spans(spans: tuple[Span, ...]) -> str | None:
    return str(listed(f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in spans)) if spans else None


@report(
    "centre.services",
    "show what can be done at CENTRE's desk, by whom, and what to bring",
    OfCentre,
    arguments=("centre",),
)
def services(ask: Asked[OfCentre]) -> Table:
    """The services of its desk."""
    found = Centres(ask.district).services(ask.given.centre)
    rows = [
        (one.code, one.name, one.by, "、".join(one.papers) or "-", one.days or say("done at once"))
        for one in found
    ]
    return Table(("code", "name", "who does it", "papers", "takes, in working days"), rows, found)


@attrs.frozen(kw_only=True)
class OfService:
    """A service of the catalogue, and where."""

    service: str
    place: Annotated[PlaceId | None, Input(_WHERE)] = None


@report(
    "centre.where", "list the centres at whose desk SERVICE can be done", OfService, arguments=("service",)
)
def where(ask: Asked[OfService]) -> Table:
    """Centres in service."""
    found = Centres(ask.district).where(ask.given.service, ask.given.place)
    name_path = ask.district.register.name_path
    rows = [(one.id, one.record.name, name_path(one.place)) for one in found]
    return Table(("number", "name", "place"), rows)


@attrs.frozen(kw_only=True)
class OfHall(OfCentre):
    """A centre's hall, and a day."""

    on: Annotated[date, Input("which day: 2026-03-05")]


@report("hall.free", "show when the hall of CENTRE is free on a day", OfHall, arguments=("centre",))
def free(ask: Asked[OfHall]) -> Table:
    """Times in which it can be booked."""
    found = Centres(ask.district).free(ask.given.centre, ask.given.on)
    return Table(("from", "to"), [(f"{one.starts_at:%H:%M}", f"{one.ends_at:%H:%M}") for one in found], found)


@attrs.frozen(kw_only=True)
class Booked:
    """A place, and which bookings."""

    place: Annotated[PlaceId | None, Input(_WHERE)] = None
    ended: Annotated[bool, Input("ended ones too")] = False
    most: Annotated[int, Input(least=1, most=10_000)] = 200


@report("hall.list", "list bookings, by when they begin", Booked)
def bookings(ask: Asked[Booked]) -> Table:
    """Bookings of halls."""
    desk, given = Centres(ask.district), ask.given
    found = desk.bookings(given.place, ended=given.ended, most=given.most)
    names = {one.id: one.record.name for one in desk.centres(closed=True)}
    rows = [
        (
            one.id,
            names[one.record.centre],
            one.record.starts_at,
            one.record.ends_at,
            say(one.record.purpose),
            state_of(BookingFlow, one, ask.at),
        )
        for one in found
    ]
    records = [{"id": one.id, "state": one.state} | plain(one.record) for one in found]
    return Table(("number", "centre", "from", "to", "purpose", "state"), rows, records)


REPORTS = (hours, services, where, free, bookings)
