"""What a district decides about its ledger."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import attrs

from linli._base.errors import Problem
from linli._base.i18n import say
from linli._config import setting
from linli._model.awards import POINTS


@attrs.frozen(kw_only=True)
class Expiry:
    """When what was earned in a unit expires: by age, or when the period it was earned in has ended.

    Whoever spends, spends the oldest first.
    """

    unit: str = setting(POINTS, "the unit that expires")
    age: timedelta | None = setting(None, "how old it gets", least=timedelta(days=1))
    period: Literal["month", "quarter", "half_year", "year"] | None = setting(
        None, "it expires when the calendar period it was earned in has ended"
    )
    grace: timedelta = setting(timedelta(0), "how long after the period's end it can still be spent")


@attrs.frozen(kw_only=True)
class AwardSettings:
    """The [award] table of a district's file."""

    expiry: tuple[Expiry, ...] = setting((), "what expires, and when; nothing if empty")


def contradictions(settings: AwardSettings) -> Iterable[Problem]:
    """What contradicts itself in the [award] table."""
    units = [rule.unit for rule in settings.expiry]
    for index, rule in enumerate(settings.expiry):
        where = f"award.expiry[{index}]"
        if (rule.age is None) == (rule.period is None):
            yield Problem(where=where, what=say("say either age or period"))
        if rule.grace and rule.period is None:
            yield Problem(where=f"{where}.grace", what=say("only a period has a grace; lengthen the age"))
        if rule.unit in units[:index]:
            yield Problem(where=f"{where}.unit", what=say("{unit} has an expiry already", unit=rule.unit))


def cutoff(rule: Expiry, at: datetime, zone: ZoneInfo) -> datetime:
    """The moment before which what was earned has expired at `at`."""
    if rule.age is not None:
        return at - rule.age
    first = _first_day(rule, (at - rule.grace).astimezone(zone).date())
    return datetime.combine(first, time.min, zone)


_FIRST_MONTHS: dict[str | None, Sequence[int]] = {
    "month": range(1, 13),
    "quarter": (1, 4, 7, 10),
    "half_year": (1, 7),
    "year": (1,),
}


def _first_day(rule: Expiry, day: date) -> date:
    """The first day of the period that `day` is in."""
    month = max(month for month in _FIRST_MONTHS[rule.period] if month <= day.month)
    return date(day.year, month, 1)
