"""What is kept with a centre and with a booking of its hall, and who works there."""

from datetime import date, datetime
from uuid import UUID

import attrs

from linli import Choice, has_post
from linli_centres.hours import Plan, week_of
from linli_centres.settings import CentresSettings


class Facility(Choice):
    """What a centre has for people."""

    HALL = "hall"
    STATION = "station"
    GARDEN = "garden"
    BOARD = "board"


FACILITIES = tuple(Facility)
HALL, STATION, _, _ = FACILITIES
OPENER = has_post("officer")
KEEPER = has_post("centre_keeper", "clerk")


class Kind(Choice):
    """What a centre is; courier stations are counted apart."""

    CENTRE = "centre"
    COURIER_STATION = "courier_station"


@attrs.frozen(kw_only=True)
class Centre:
    """What is kept with a centre.

    Attributes:
        facilities: of FACILITIES, those that it has.
        week, hall_week: opening hours of its own; none: as the district says.
        closed_days, open_days: days on which its week does not hold.
        services: codes of what can be done at its desk; none: all that the district's catalogue has.
        seats: how many people the hall takes; 0: not said.
    """

    name: str
    centre_kind: Kind = Kind.CENTRE
    facilities: tuple[Facility, ...] = FACILITIES
    week: tuple[str, ...] = ()
    hall_week: tuple[str, ...] = ()
    closed_days: tuple[date, ...] = ()
    open_days: tuple[date, ...] = ()
    services: tuple[str, ...] = ()
    seats: int = 0

    def plan(self, settings: CentresSettings, *, hall: bool = False) -> Plan:
        """When it is open, or when its hall can be used."""
        usual = self.week or settings.hours
        return Plan(
            week=week_of((self.hall_week or settings.hall_hours or usual) if hall else usual),
            closed=frozenset(self.closed_days),
            open=frozenset(self.open_days),
            holidays=settings.holidays == "closed",
        )


class Purpose(Choice):
    """What a hall is booked for."""

    MEMBERS_ACTIVITY = "members_activity"
    DELIBERATION = "deliberation"
    PARTY_EDUCATION = "party_education"
    OTHER = "other"


@attrs.frozen(kw_only=True)
class Booking:
    """What is kept with a booking.

    Attributes:
        people: how many are expected; `came`: how many there were.
    """

    centre: UUID
    starts_at: datetime
    ends_at: datetime
    purpose: Purpose = Purpose.OTHER
    people: int = 0
    came: int = 0
