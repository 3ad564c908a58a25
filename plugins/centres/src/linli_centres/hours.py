"""Opening hours: a weekly plan, days on which it does not hold, and the district's holidays."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, time
from typing import Final

import attrs

from linli import Invalid, Refusal, Refused, ServiceHours

Span = tuple[time, time]
Week = Mapping[int, tuple[Span, ...]]
_LINE: Final = re.compile(r"([1-7])(?:-([1-7]))? +(\d\d:\d\d-\d\d:\d\d(?:,\d\d:\d\d-\d\d:\d\d)*)")
_SATURDAY: Final = 6
_MONDAY: Final = 1


class NoOpeningHours(Invalid, says="'{line}' is no opening hours; write them as 1-5 08:30-12:00,14:30-17:30"):
    line: str
    field: str = "week"


class DayTwice(Invalid, says="day {day} of the week is there twice"):
    day: int
    field: str = "week"


class DaysBackwards(Invalid, says="'{line}': the first day comes after the last"):
    line: str
    field: str = "week"


def week_of(lines: Iterable[str]) -> Week:
    """The spans of each day of the week, 1 being Monday, from lines such as "1-5 08:30-12:00,14:30-17:30".

    Raises: Refused with what is wrong.
    """
    week: dict[int, tuple[Span, ...]] = {}
    for line in lines:
        found = _LINE.fullmatch(str(line).strip())
        if found is None:
            raise Refused(NoOpeningHours(line=line))
        first, last = int(found[1]), int(found[2] or found[1])
        spans = tuple(_spans(found[3]))
        for day in range(first, last + 1):
            if day in week:
                raise Refused(DayTwice(day=day))
            week[day] = spans
        if last < first:
            raise Refused(DaysBackwards(line=line))
    return week


class ClosesBeforeItOpens(Invalid, says="{span}: it closes before it opens"):
    span: str
    field: str = "week"


class SpansOutOfOrder(Invalid, says="{span} begins before the span above ends; put spans in order"):
    span: str
    field: str = "week"


def _spans(text: str) -> Iterator[Span]:
    before = time.min
    for part in text.split(","):
        opening, closing = (_clock(end) for end in part.split("-"))
        if closing <= opening:
            raise Refused(ClosesBeforeItOpens(span=part))
        if opening < before:
            raise Refused(SpansOutOfOrder(span=part))
        before = closing
        yield opening, closing


class NoTimeOfDay(Invalid, says="{text} is no time of day"):
    text: str
    field: str = "week"


def _clock(text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError:
        raise Refused(NoTimeOfDay(text=text)) from None


@attrs.frozen(kw_only=True)
class Plan:
    """When a place is open.

    Attributes:
        closed, open: days on which the week does not hold; on open days it is as on that day of the
            week or, where that is free, as on Monday.
        holidays: whether public holidays are free, and days that are worked for them are not.
    """

    week: Week
    closed: frozenset[date] = frozenset()
    open: frozenset[date] = frozenset()
    holidays: bool = True

    def on(self, day: date, calendar: ServiceHours) -> tuple[Span, ...]:
        """The spans in which it is open on a day."""
        usual = self.week.get(day.isoweekday(), ())
        if day in self.closed:
            return ()
        if day in self.open:
            return usual or self.week.get(_MONDAY, ())
        if not self.holidays:
            return usual
        return self._by_the_calendar(day, usual, calendar)

    def _by_the_calendar(
        self, day: date, usual: tuple[Span, ...], calendar: ServiceHours
    ) -> tuple[Span, ...]:
        worked = calendar.is_working_day(day)
        if worked:
            return usual or self.week.get(_MONDAY, ())
        # A plain weekend is as the week says; one that is part of a holiday is free, and so is a free weekday.
        return () if day.isoweekday() < _SATURDAY or _in_a_holiday(day, calendar) else usual


def _in_a_holiday(day: date, calendar: ServiceHours) -> bool:
    """Whether a weekend touches a public holiday: a Friday before it or a Monday after it that is free."""
    friday, monday = (day.toordinal() - day.isoweekday() + offset for offset in (5, 8))
    return not all(calendar.is_working_day(date.fromordinal(near)) for near in (friday, monday))


def problem_in(lines: Iterable[str]) -> Refusal | None:
    """What is wrong with opening hours; None where nothing is."""
    try:
        week_of(lines)
    except Refused as refusal:
        return refusal.reasons[0]
    return None
