"""What a district decides about its centres."""

from datetime import timedelta
from typing import Literal

import attrs

from linli import setting

Rung = Literal["centre", "street", "district"]


@attrs.frozen(kw_only=True)
class Service:
    """Something that can be done at the one-door desk."""

    code: str = setting(help="its name in the record; never change it")
    name: str = setting(help="what people call it")
    by: str = setting(help="who does it: a desk, a body, a department")
    papers: tuple[str, ...] = setting(default=(), help="what must be brought")
    days: int = setting(default=0, minimum=0, help="how long it takes; 0: done at once", unit="working days")


@attrs.frozen(kw_only=True)
class CentresSettings:
    """The [centres] table of a district's file."""

    hours: tuple[str, ...] = setting(
        default=("1-5 08:30-12:00,14:30-17:30",),
        help="opening hours of a centre that has none of its own: days of the week, 1 is Monday, and spans",
    )
    hall_hours: tuple[str, ...] = setting(
        default=(), help="when halls can be used, written the same way; none: while the centre is open"
    )
    holidays: Literal["closed", "as_usual"] = setting(
        default="closed",
        help="what centres do on public holidays; days worked for them are open as on Monday",
    )
    services: tuple[Service, ...] = setting(default=(), help="what can be done at the one-door desk")
    slot: timedelta = setting(
        default=timedelta(minutes=30),
        minimum=timedelta(minutes=15),
        help="what a booking of a hall begins and ends on; a multiple of 15min",
        unit="duration",
    )
    longest: timedelta = setting(
        default=timedelta(hours=4),
        minimum=timedelta(minutes=15),
        help="the longest booking of a hall",
        unit="duration",
    )
    ahead: int = setting(default=30, minimum=1, help="how long before it a hall can be booked", unit="days")
    approval: bool = setting(default=True, help="whether a keeper approves bookings; else they hold at once")
    most_open: int = setting(
        default=3, minimum=1, help="how many bookings somebody can have open at once", unit="bookings"
    )
    no_shows: int = setting(
        default=3,
        minimum=0,
        help="how often somebody may not come before they cannot book for a while; 0: as often as they like",
        unit="bookings",
    )
    no_show_days: int = setting(
        default=90,
        minimum=1,
        help="how long a booking to which nobody came is held against them",
        unit="days",
    )
    decide_within: int = setting(
        default=2, minimum=1, help="how long a keeper has to decide on a booking", unit="working days"
    )
    report_within: int = setting(
        default=3,
        minimum=1,
        help="how long a keeper has to say after a booking whether it was held",
        unit="working days",
    )
    ladder: tuple[Rung, ...] = setting(
        default=("centre", "street", "district"), help="who hears, one after the other, of what is late"
    )
    ladder_again: int = setting(
        default=2, minimum=1, help="how long until the next of the ladder hears of it", unit="working days"
    )
