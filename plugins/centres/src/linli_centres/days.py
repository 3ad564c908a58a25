"""Days of the district as moments, and moments as days."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from linli import Facts

_DAY = timedelta(days=1)


def zone_of(facts: Facts) -> ZoneInfo:
    """The district's zone."""
    return ZoneInfo(facts.calendar.timezone)


def begin_of(day: date, facts: Facts) -> datetime:
    """When a day begins in the district."""
    return datetime.combine(day, time.min, zone_of(facts))


def end_of(day: date, facts: Facts) -> datetime:
    """When a day has passed in the district."""
    return begin_of(day + _DAY, facts)
