"""Days of the district."""

from datetime import date


def years_after(day: date, years: int) -> date:
    """The same day so many years later; 28 February for the 29th of a leap year."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
