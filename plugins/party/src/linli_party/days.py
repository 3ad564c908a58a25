"""Days of the district, and what they come to as limits of clocks."""

from datetime import date, datetime, timedelta

from linli import Facts, Limit


def until(moment: datetime, facts: Facts) -> Limit:
    """From the act to a moment; none left where that has passed."""
    return Limit(span=max(moment - facts.at, timedelta(0)))


def years_after(day: date, years: int) -> date:
    """The same day so many years later; 28 February for the 29th of a leap year."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
