"""Service hours (办公时间): when the district's desks are open, and time counted by them.

Public holidays and make-up working days (调休) are those of the State Council's yearly notice,
as the `holidays` library has them. A year that has no notice yet falls back to plain weekends
and the statutory holidays with their compensation on the next working days (全国年节及纪念日放假办法,
article 6); `known_until` says from when on that is so.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

import attrs

from linli._base.errors import ConfigError, Problem, Refused
from linli._base.i18n import Text, say
from linli._base.refusals import Invalid, LimitReached

Span = tuple[time, time]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_DAY: Final = timedelta(days=1)
_FIRST_NOTICE: Final = 2001
_SATURDAY: Final = 6


class Hours(StrEnum):
    """What a limit is counted in."""

    ELAPSED = "elapsed"
    SERVICE = "service"


@attrs.frozen
class _Notice:
    """A year's public holidays, and the weekend days that are worked for them."""

    holidays: frozenset[date]
    made_up: frozenset[date]


@cache
def _notice(year: int) -> _Notice:
    # Half a second, which a command that counts no service time need not wait.
    import holidays

    found = holidays.country_holidays("CN", years=year, expand=False)
    made_up = frozenset(day for day in found.weekend_workdays if day.year == year)
    return _Notice(frozenset(found), made_up)


@cache
def known_until() -> date:
    """The last day for which the State Council's notice is known to this installation.

    A year counts as known when it has a make-up working day: every notice since 2001 names
    some, and nothing but a notice can. A newer `holidays` package moves this day.
    """
    year = _FIRST_NOTICE
    while _notice(year).made_up:
        year += 1
    return date(year - 1, 12, 31)


def _is_holiday(day: date) -> bool:
    """Whether `day` is a public holiday; a weekend that touches one is part of it, as in the notices."""
    if day in _notice(day.year).holidays or day.isoweekday() < _SATURDAY:
        return day in _notice(day.year).holidays
    saturday = day - timedelta(days=day.isoweekday() - _SATURDAY)
    long_weekend = (saturday + timedelta(days=offset) for offset in (-1, 0, 1, 2))
    return any(near in _notice(near.year).holidays for near in long_weekend)


@attrs.frozen
class _Year:
    """A local year's spans of service, in microseconds since 1970 in UTC, in order.

    Attributes:
        opens, closes: each span's ends.
        served: service time in the year up to and with each span.
    """

    opens: Sequence[int]
    closes: Sequence[int]
    served: Sequence[int]

    @property
    def total(self) -> int:
        return self.served[-1] if self.served else 0

    def served_by(self, moment: int) -> int:
        """Service time from the start of the year to `moment`."""
        index = bisect_right(self.opens, moment) - 1
        if index < 0:
            return 0
        return self.served[index] - max(0, self.closes[index] - moment)

    def moment_of(self, service: int) -> int:
        """The earliest moment by which `service`, from above 0 to `total`, has passed."""
        index = bisect_left(self.served, service)
        return self.closes[index] - (self.served[index] - service)


def _micros(moment: datetime) -> int:
    return (moment - _EPOCH) // _MICROSECOND


class BeyondTheCalendar(LimitReached, says="service time is counted up to the year {year} only"):
    year: int


@attrs.frozen(kw_only=True)
class ServiceHours:
    """When the district's desks are open.

    Attributes:
        timezone: IANA name of the zone that the spans are in.
        spans: opening and closing times of a day, in order; a closing of 00:00 is the end of the day.
        weekdays: ISO days of the week that are worked when nothing else is known; 1 is Monday.
        closed: days on which the district closes against the calendar.
        open: days on which the district opens against the calendar.

    Raises:
        ConfigError: with every problem, by attribute.
    """

    timezone: str = "Asia/Shanghai"
    spans: tuple[Span, ...] = ((time(8, 30), time(12)), (time(14, 30), time(17, 30)))
    weekdays: frozenset[int] = frozenset({1, 2, 3, 4, 5})
    closed: frozenset[date] = frozenset()
    open: frozenset[date] = frozenset()
    _years: dict[int, _Year] = attrs.field(factory=dict, init=False, repr=False, eq=False)
    _zone: ZoneInfo = attrs.field(init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        if problems := list(_problems(self)):
            raise ConfigError("service_hours", problems)
        object.__setattr__(self, "_zone", ZoneInfo(self.timezone))

    @property
    def zone(self) -> ZoneInfo:
        """The district's zone."""
        return self._zone

    def day_of(self, moment: datetime) -> date:
        """The day that a moment is on in the district."""
        return moment.astimezone(self._zone).date()

    def begin_of(self, day: date) -> datetime:
        """When a day begins in the district."""
        return datetime.combine(day, time.min, self._zone)

    def end_of(self, day: date) -> datetime:
        """When a day has passed in the district."""
        return self.begin_of(day + timedelta(days=1))

    def is_working_day(self, day: date) -> bool:
        """Whether the desks open on `day`, a date in the district's zone."""
        if day in self.open or day in self.closed:
            return day in self.open
        if day in _notice(day.year).made_up:
            return True
        return day.isoweekday() in self.weekdays and not _is_holiday(day)

    def is_open(self, moment: datetime) -> bool:
        """Whether the desks are open at `moment`; they are at an opening, not at a closing."""
        micros = _micros(moment)
        year = self._year(self._local_year(moment))
        index = bisect_right(year.opens, micros) - 1
        return index >= 0 and micros < year.closes[index]

    def add(self, moment: datetime, span: timedelta) -> datetime:
        """The earliest moment, in UTC, by which `span` of service time has passed since `moment`.

        A span that fills a day ends at its closing, not at the next opening; none at all ends
        at `moment` itself.

        Raises:
            ValueError: the span is negative.
            Refused: it ends after the calendar does (year 9998).
        """
        micros, service = _micros(moment), span // _MICROSECOND
        if service < 0:
            raise ValueError("a span of service time is not negative")
        if not service:
            return moment.astimezone(UTC)
        number = self._local_year(moment)
        year = self._year(number)
        service += year.served_by(micros)
        while service > year.total:
            service -= year.total
            number += 1
            year = self._year(number)
        return _EPOCH + timedelta(microseconds=year.moment_of(service))

    def after_working_days(self, moment: datetime, days: int) -> datetime:
        """The end of the `days`-th working day after that of `moment`, in UTC: a limit in 工作日.

        The day of `moment` itself is not counted (民法典 art. 201).
        """
        day = moment.astimezone(self._zone).date()
        while days > 0:
            day += _DAY
            days -= self.is_working_day(day)
        closing = self.spans[-1][1]
        last = day if closing > time.min else day + _DAY
        return datetime.combine(last, closing, self._zone).astimezone(UTC)

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Service time from `start` to `end`; negative when `end` is before `start`."""
        first, last = self._local_year(start), self._local_year(end)
        if last < first:
            return -self.between(end, start)
        service = self._year(last).served_by(_micros(end)) - self._year(first).served_by(_micros(start))
        service += sum(self._year(number).total for number in range(first, last))
        return timedelta(microseconds=service)

    def _local_year(self, moment: datetime) -> int:
        return moment.astimezone(self._zone).year

    def _year(self, number: int) -> _Year:
        year = self._years.get(number)
        if year is None:
            year = self._years[number] = self._build(number)
        return year

    def _build(self, number: int) -> _Year:
        if number >= date.max.year:
            raise Refused(BeyondTheCalendar(year=date.max.year - 1))
        opens: list[int] = []
        closes: list[int] = []
        served: list[int] = []
        for opening, closing in self._moments(number):
            # In the hour that a change of the clocks skips, a span can overlap the one before it.
            start = max(opening, closes[-1]) if closes else opening
            if start < closing:
                served.append((served[-1] if served else 0) + closing - start)
                opens.append(start)
                closes.append(closing)
        return _Year(opens, closes, served)

    def _moments(self, number: int) -> Iterator[tuple[int, int]]:
        day = date(number, 1, 1)
        while day.year == number:
            if self.is_working_day(day):
                for opening, closing in self.spans:
                    last = day if closing > time.min else day + _DAY
                    yield self._at(day, opening), self._at(last, closing)
            day += _DAY

    def _at(self, day: date, clock: time) -> int:
        return _micros(datetime.combine(day, clock, self._zone))


def _problems(hours: ServiceHours) -> Iterator[Problem]:
    if not _is_zone(hours.timezone):
        what = say("no such time zone; give an IANA name such as Asia/Shanghai")
        yield Problem(where="timezone", what=what)
    if not hours.spans:
        yield Problem(where="spans", what=say("give at least one span, such as 08:30 to 12:00"))
    yield from _span_problems(hours.spans)
    if not hours.weekdays or not hours.weekdays <= frozenset(range(1, 8)):
        what = say("give at least one day of the week, from 1 (Monday) to 7 (Sunday)")
        yield Problem(where="weekdays", what=what)
    for day in sorted(hours.closed & hours.open):
        yield Problem(where="closed", what=say("{day} is under open too; keep one", day=day))


def _span_problems(spans: tuple[Span, ...]) -> Iterator[Problem]:
    before: time | None = time.min
    for index, (opening, closing) in enumerate(spans):
        where = f"spans[{index}]"
        if opening.tzinfo or closing.tzinfo:
            yield Problem(where=where, what=say("write times without an offset; the zone is `timezone`"))
            return
        if closing <= opening and closing != time.min:
            yield Problem(where=where, what=say("it closes before it opens; put the opening first"))
        if before is None or opening < before:
            yield Problem(where=where, what=say("it begins before the span above ends; put spans in order"))
        before = closing if closing > time.min else None


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        return False
    return True


def limit(kind: Hours, calendar: ServiceHours, start: datetime, span: timedelta) -> datetime:
    """When a limit of `span` that runs from `start` is reached, in UTC."""
    if kind is Hours.SERVICE:
        return calendar.add(start, span)
    return _EPOCH + (start - _EPOCH) + span


def spent(kind: Hours, calendar: ServiceHours, start: datetime, end: datetime) -> timedelta:
    """How much of a limit counted in `kind` has been used from `start` to `end`."""
    if kind is Hours.SERVICE:
        return calendar.between(start, end)
    # Two moments of one zone are subtracted by their wall clocks, which lose an hour when it changes.
    return (end - _EPOCH) - (start - _EPOCH)


class NeverShown(Invalid, says="{name}: the clocks never showed {moment}: they were put on"):
    name: Text
    moment: str


class ShownTwice(
    Invalid,
    says="{name}: the clocks showed {moment} twice; say which, with its offset from UTC: {example}",
):
    name: Text
    moment: str
    example: str


def local_moment(typed: datetime, zone: ZoneInfo, name: str) -> datetime:
    """A moment that somebody typed; without an offset it is what the clocks of a zone showed then.

    Args:
        name: of the input that it is given as.

    Raises: Refused where they never showed it, or showed it twice.
    """
    if typed.tzinfo:
        return typed
    here = typed.replace(tzinfo=zone)
    if here.utcoffset() == here.replace(fold=1).utcoffset():
        return here
    shown = f"{typed:%Y-%m-%d %H:%M}"
    if here.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != typed:
        raise Refused(NeverShown(field=name, name=say(name), moment=shown))
    example = here.isoformat(timespec="minutes")
    raise Refused(ShownTwice(field=name, name=say(name), moment=shown, example=example))
