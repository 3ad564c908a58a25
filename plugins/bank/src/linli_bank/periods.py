"""Calendar periods: what they are called, and their first and last days."""

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Literal, get_args
from zoneinfo import ZoneInfo

Period = Literal["day", "week", "month", "quarter", "half_year", "year", "ever"]
Recurring = Literal["month", "quarter", "half_year", "year"]

_MONTHS: Mapping[str, int] = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
# So that a window of so many days fits whichever period of the kind is shortest.
SHORTEST: Mapping[str, int] = {"month": 28, "quarter": 90, "half_year": 181, "year": 365}


def period(kind: Period, day: date) -> str:
    """What the period that `day` is in is called: "2026-11-22", "2026-W47", "2026-11", "2026-Q4", "2026-H2", "2026"."""
    if kind == "week":
        week = day.isocalendar()
        return f"{week.year}-W{week.week:02}"
    return _NAMES[kind](day)


_NAMES: Mapping[str, Callable[[date], str]] = {
    "day": date.isoformat,
    "month": lambda day: f"{day:%Y-%m}",
    "quarter": lambda day: f"{day.year}-Q{(day.month + 2) // 3}",
    "half_year": lambda day: f"{day.year}-H{(day.month + 5) // 6}",
    "year": lambda day: str(day.year),
    "ever": lambda day: "ever",
}


def bounds(kind: Recurring, day: date) -> tuple[date, date]:
    """The first and the last day of the period that `day` is in."""
    months = _MONTHS[kind]
    first = (day.month - 1) // months * months + 1
    last = first + months - 1
    return date(day.year, first, 1), date(day.year, last, monthrange(day.year, last)[1])


def before(kind: Recurring, day: date) -> tuple[date, date]:
    """The first and the last day of the period before the one that `day` is in."""
    return bounds(kind, bounds(kind, day)[0] - timedelta(days=1))


_WRITTEN = re.compile(r"(\d{4})(?:-(?:(0[1-9]|1[0-2])|Q([1-4])|H([12])))?")


def named(text: str) -> tuple[date, date] | None:
    """The first and the last day of a period as it is called: "2026-H1"; None where nothing is called so."""
    found = _WRITTEN.fullmatch(text)
    if not found:
        return None
    year, month, quarter, half = found.groups()
    kinds: Mapping[Recurring, tuple[str | None, int]] = {
        "month": (month, 1),
        "quarter": (quarter, 3),
        "half_year": (half, 6),
    }
    for kind, (number, months) in kinds.items():
        if number:
            return bounds(kind, date(int(year), (int(number) - 1) * months + 1, 1))
    return bounds("year", date(int(year), 1, 1)) if int(year) else None


RECURRING: tuple[Recurring, ...] = get_args(Recurring)


def moments(first: date, last: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From the beginning of the first day to the end of the last one."""
    return datetime.combine(first, time.min, zone), datetime.combine(last + timedelta(days=1), time.min, zone)
