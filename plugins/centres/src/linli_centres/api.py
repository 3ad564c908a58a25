"""Centres and their halls for programs."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

import attrs

from linli import (
    Act,
    Actor,
    District,
    NotFound,
    NotFoundHere,
    Several,
    StoredSubject,
    listed,
)
from linli.query import subjects
from linli_centres.bookings import BookingFlow, NoSuchCentre
from linli_centres.centres import CentreFlow
from linli_centres.hours import Span
from linli_centres.records import FACILITIES, HALL, STATION, Centre, Kind
from linli_centres.settings import CentresSettings, Service
from linli_centres.tables import taken_between

_DAY = timedelta(days=1)


@attrs.frozen(kw_only=True)
class Free:
    """A time in which a hall is free.

    Attributes:
        starts_at, ends_at: moments in the district's zone.
    """

    starts_at: datetime
    ends_at: datetime


class NoSuchDeskService(NotFoundHere, says="no desk offers {service}; there are: {known}"):
    service: str
    known: Several


class Centres:
    """The centres of an open district.

    Every method that changes something makes one act and returns it; `actor` and `key` are as in
    `District.make`. The other moves (suspend, resume, close, equip, approve, reject, hold, miss, …)
    are made by `District.make`.
    """

    def __init__(self, district: District) -> None:
        self._district = district
        self._settings = district.configuration.section(CentresSettings)

    def open(
        self,
        place: UUID,
        name: str,
        *,
        kind: str = Kind.CENTRE,
        facilities: Sequence[str] | None = None,
        seats: int = 0,
        actor: Actor | None = None,
        key: UUID | None = None,
    ) -> Act:
        """Open a centre or a courier station at a place.

        Args:
            kind: "centre" or "courier_station".
            facilities: of "hall", "station", "garden", "board"; None: all four, a courier station none.
            seats: how many people the hall takes; 0: not said.
        """
        if facilities is None:
            facilities = FACILITIES if kind == Kind.CENTRE else ()
        values = {"name": name, "centre_kind": kind, "facilities": tuple(facilities), "seats": seats}
        return self._district.start("centre", "open", place, values, actor=actor, key=key)

    def centre(self, ident: UUID) -> StoredSubject:
        """A centre; NotFound where there is none."""
        found = self._district.subject(ident)
        if found.kind != "centre":
            raise NotFound(NoSuchCentre(id=ident))
        return found

    def centres(self, place: UUID | None = None, *, closed: bool = False) -> list[StoredSubject]:
        """The centres and courier stations at a place and below it."""
        query = subjects(CentreFlow, within=place, ended=None if closed else False)
        return [one.kept for one in self._district.ask_unchecked(query)]

    def hours_on(self, centre: UUID, day: date, *, hall: bool = False) -> tuple[Span, ...]:
        """When a centre is open on a day, or when its hall can be used; nothing where it is not in service."""
        found = self.centre(centre)
        if found.state != "in_service" or (hall and HALL not in found.record.facilities):
            return ()
        record: Centre = found.record
        return record.plan(self._settings, hall=hall).on(day, self._district.rules.constants.calendar)

    def services(self, centre: UUID) -> list[Service]:
        """What can be done at a centre's desk; nothing where it has no station."""
        record = self.centre(centre).record
        if STATION not in record.facilities:
            return []
        return [one for one in self._settings.services if not record.services or one.code in record.services]

    def where(self, service: str, place: UUID | None = None) -> list[StoredSubject]:
        """The centres in service at whose desk something can be done; NotFound for no service of the catalogue."""
        known = [one.code for one in self._settings.services]
        if service not in known:
            raise NotFound(NoSuchDeskService(service=service, known=listed(known)))
        return [
            one
            for one in self.centres(place)
            if one.state == "in_service" and service in {s.code for s in self.services(one.id)}
        ]

    def bookings(
        self, place: UUID | None = None, *, ended: bool = False, most: int = 200
    ) -> list[StoredSubject]:
        """The bookings of halls at a place and below it, by when they begin; open ones unless `ended`."""
        query = subjects(BookingFlow, within=place, ended=None if ended else False, most=most)
        found = [one.kept for one in self._district.ask_unchecked(query)]
        return sorted(found, key=lambda one: (one.record.starts_at, one.id))

    def free(self, centre: UUID, day: date) -> list[Free]:
        """When a hall is free on a day."""
        zone = self._district.rules.zone
        found: list[Free] = []
        midnight = datetime.combine(day, time.min, zone)
        taken = self._district.ask_unchecked(taken_between(centre, midnight, midnight + _DAY))
        for opens, closes in self.hours_on(centre, day, hall=True):
            begin, end = datetime.combine(day, opens, zone), datetime.combine(day, closes, zone)
            found += _gaps(begin, end, self._settings.slot, taken)
        return found


def _gaps(begin: datetime, end: datetime, slot: timedelta, taken: Collection[datetime]) -> Iterator[Free]:
    """What is free from `begin` to `end`, in whole slots."""
    free_since: datetime | None = None
    midnight = datetime.combine(begin.date(), time.min, begin.tzinfo)
    # Bookings begin and end on multiples of a slot, counted from midnight.
    at = midnight + -((midnight - begin) // slot) * slot
    while at + slot <= end:
        is_free = not any(at <= one < at + slot for one in taken)
        if is_free and free_since is None:
            free_since = at
        if not is_free and free_since is not None:
            yield Free(starts_at=free_since, ends_at=at)
            free_since = None
        at += slot
    if free_since is not None:
        yield Free(starts_at=free_since, ends_at=at)
