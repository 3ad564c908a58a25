"""Days of the district, and what they come to as limits of clocks."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from linli import Facts, Limit

_DAY = timedelta(days=1)


def today(facts: Facts) -> date:
    """The day of the act, in the district's zone."""
    return facts.at.astimezone(ZoneInfo(facts.calendar.timezone)).date()


def end_of(day: date, facts: Facts) -> datetime:
    """When a day has passed, in the district's zone."""
    return datetime.combine(day + _DAY, time.min, ZoneInfo(facts.calendar.timezone))


def until(moment: datetime, facts: Facts) -> Limit:
    """From the act to a moment; none left where that has passed."""
    return Limit(span=max(moment - facts.at, timedelta(0)))


def years_after(day: date, years: int) -> date:
    """The same day so many years later; 28 February for the 29th of a leap year."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
