"""Days as limits, as the Civil Code counts them (articles 201 and 203).

The day on which a period begins is not counted; it ends with its last day, and where that is no
working day, with the next one.
"""

from datetime import datetime, timedelta

from linli import Facts, Limit

_DAY = timedelta(days=1)


def calendar_days(facts: Facts, days: int) -> Limit:
    """So many days, to the midnight that ends the last one."""
    last = facts.today + timedelta(days=days)
    while not facts.calendar.is_working_day(last):
        last += _DAY
    return _until(facts, facts.calendar.end_of(last))


def working_days(facts: Facts, days: int) -> Limit:
    """So many days on which the desks are open, to the closing of the last one."""
    return _until(facts, facts.calendar.after_working_days(facts.at, days))


def _until(facts: Facts, end: datetime) -> Limit:
    # Both in one offset: two moments of a zone are subtracted by their wall clocks.
    return Limit(span=end.astimezone(facts.at.tzinfo) - facts.at)
