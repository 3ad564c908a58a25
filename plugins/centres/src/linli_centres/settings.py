"""What a district decides about its centres."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal

import attrs

from linli import Text, say, setting
from linli_centres.hours import week_of
from linli_centres.tables import GRAIN

Rung = Literal["centre", "street", "district"]


def _is_a_week(_settings: object, _field: object, lines: Iterable[str]) -> None:
    week_of(lines)


@attrs.frozen(kw_only=True)
class Service:
    """Something that can be done at the one-door desk."""

    code: str = setting(help="its name in the record; never change it")
    name: str = setting(help="what people call it")
    by: str = setting(help="who does it: a desk, a body, a department")
    papers: tuple[str, ...] = setting((), "what must be brought")
    days: int = setting(0, "how long it takes; 0: done at once", unit="working days", least=0)


@attrs.frozen(kw_only=True)
class CentresSettings:
    """The [centres] table of a district's file."""

    hours: tuple[str, ...] = setting(
        ("1-5 08:30-12:00,14:30-17:30",),
        "opening hours of a centre that has none of its own: days of the week, 1 is Monday, and spans",
        filled=True,
        validator=_is_a_week,
    )
    hall_hours: tuple[str, ...] = setting(
        (),
        "when halls can be used, written the same way; none: while the centre is open",
        validator=_is_a_week,
    )
    holidays: Literal["closed", "as_usual"] = setting(
        "closed", "what centres do on public holidays; days worked for them are open as on Monday"
    )
    services: tuple[Service, ...] = setting((), "what can be done at the one-door desk", each_once="code")
    slot: timedelta = setting(
        timedelta(minutes=30),
        "what a booking of a hall begins and ends on; a multiple of 15min",
        least=timedelta(minutes=15),
    )
    longest: timedelta = setting(
        timedelta(hours=4), "the longest booking of a hall", least=timedelta(minutes=15)
    )
    ahead: int = setting(30, "how long before it a hall can be booked", unit="days", least=1)
    approval: bool = setting(True, "whether a keeper approves bookings; else they hold at once")
    most_open: int = setting(3, "how many bookings somebody can have open at once", unit="bookings", least=1)
    no_shows: int = setting(
        3,
        "how often somebody may not come before they cannot book for a while; 0: as often as they like",
        unit="bookings",
        least=0,
    )
    no_show_days: int = setting(
        90, "how long a booking to which nobody came is held against them", unit="days", least=1
    )
    decide_within: int = setting(
        2, "how long a keeper has to decide on a booking", unit="working days", least=1
    )
    report_within: int = setting(
        3, "how long a keeper has to say after a booking whether it was held", unit="working days", least=1
    )
    ladder: tuple[Rung, ...] = setting(
        ("centre", "street", "district"),
        "who hears, one after the other, of what is late",
        filled=True,
        each_once=True,
    )
    ladder_again: int = setting(
        2, "how long until the next of the ladder hears of it", unit="working days", least=1
    )

    def problems(self) -> Iterable[tuple[str, Text]]:
        """Bookings that nobody could make."""
        if self.slot % GRAIN:
            yield "slot", say("is no multiple of 15min")
        if self.longest < self.slot:
            yield "longest", say("is shorter than slot: nothing could be booked")
        day = datetime.min  # noqa: DTZ901 - only a difference within a day is asked
        spans = [span for spans in week_of(self.hall_hours or self.hours).values() for span in spans]
        lengths = (datetime.combine(day, end) - datetime.combine(day, start) for start, end in spans)
        if self.slot > max(lengths):
            yield "slot", say("is longer than any span in which halls can be used: nothing could be booked")
