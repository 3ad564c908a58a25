"""Service hours, over the holidays and make-up days of the State Council's notices."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli._base.calendar import Hours, ServiceHours, known_until, limit, local_moment, spent
from linli._base.errors import ConfigError, Refused

CHINA = ZoneInfo("Asia/Shanghai")
DESK = ServiceHours()
OFFICE_DAY = timedelta(hours=6, minutes=30)
CALENDARS = (
    DESK,
    ServiceHours(spans=((time(0), time(0)),), weekdays=frozenset(range(1, 8))),
    ServiceHours(spans=((time(22), time(0)),), open=frozenset({date(2024, 12, 31), date(2025, 1, 1)})),
    # Its spans lie in the hour that a change of the clocks skips, or gives twice.
    ServiceHours(
        timezone="America/New_York",
        spans=(
            (time(0), time(1, 30)),
            (time(1, 30), time(2, 45)),
            (time(3), time(3, 20)),
            (time(9), time(17)),
        ),
        weekdays=frozenset({1, 3, 5, 7}),
    ),
)

# The first example pays for loading the holidays and for building its years.
unhurried = settings(deadline=None)

calendars = st.sampled_from(CALENDARS)
moments = st.datetimes(
    datetime(2023, 12, 1),  # noqa: DTZ001 -- hypothesis adds the zone
    datetime(2028, 2, 1),  # noqa: DTZ001
    timezones=st.sampled_from((UTC, CHINA, ZoneInfo("America/New_York"))),
)
spans = st.timedeltas(timedelta(0), timedelta(hours=300))
soon = st.timedeltas(timedelta(0), timedelta(days=20))


def china(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=CHINA)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2024, 9, 29), True),  # the Sunday before National Day
        (date(2024, 9, 30), True),
        (date(2024, 10, 1), False),
        (date(2024, 10, 4), False),
        (date(2024, 10, 7), False),
        (date(2024, 10, 8), True),
        (date(2024, 10, 12), True),  # the Saturday after it
        (date(2024, 10, 13), False),
        (date(2025, 1, 26), True),  # the Sunday before Spring Festival
        (date(2025, 1, 27), True),
        (date(2025, 1, 28), False),  # its eve
        (date(2025, 2, 4), False),
        (date(2025, 2, 5), True),
        (date(2025, 2, 8), True),  # the Saturday after it
        (date(2025, 9, 28), True),
        (date(2025, 10, 6), False),  # Mid-Autumn, in the week of National Day
        (date(2025, 10, 8), False),
        (date(2025, 10, 9), True),
        (date(2025, 10, 11), True),
        (date(2025, 7, 4), True),
        (date(2025, 7, 5), False),
    ],
)
def test_working_days_are_those_of_the_state_councils_notices(day: date, worked: bool) -> None:
    assert DESK.is_working_day(day) is worked


def test_a_desk_open_on_saturdays_is_closed_on_those_of_a_long_holiday() -> None:
    daily = ServiceHours(weekdays=frozenset(range(1, 8)))
    assert not daily.is_working_day(date(2025, 10, 4))
    assert not daily.is_working_day(date(2025, 10, 5))
    assert daily.is_working_day(date(2025, 9, 27))
    assert daily.is_working_day(date(2025, 10, 12))


def test_a_weekend_before_a_holiday_on_monday_belongs_to_it_across_the_year() -> None:
    daily = ServiceHours(weekdays=frozenset(range(1, 8)))
    assert not daily.is_working_day(date(2023, 12, 30))
    assert daily.is_working_day(date(2023, 12, 29))


def test_the_districts_own_exceptions_win_over_the_calendar() -> None:
    flood, sunday = date(2025, 7, 1), date(2025, 7, 6)
    own = ServiceHours(closed=frozenset({flood}), open=frozenset({sunday, date(2025, 10, 1)}))
    assert DESK.is_working_day(flood)
    assert not own.is_working_day(flood)
    assert own.is_working_day(sunday)
    assert own.is_working_day(date(2025, 10, 1))


def test_a_year_without_a_notice_has_weekends_and_statutory_holidays() -> None:
    unknown = known_until().year + 1
    days = [date(unknown, 1, 1) + timedelta(days=n) for n in range(365)]
    assert not DESK.is_working_day(date(unknown, 10, 1))
    assert not any(DESK.is_working_day(day) for day in days if day.isoweekday() > 5)
    assert 240 < sum(map(DESK.is_working_day, days)) < 262


def test_the_calendar_says_until_when_it_knows_the_notices() -> None:
    assert known_until() >= date(2026, 12, 31)
    assert (known_until() + timedelta(days=1)).timetuple().tm_yday == 1


@pytest.mark.parametrize(
    ("moment", "opened"),
    [
        (china(2025, 7, 4, 8, 29, 59), False),
        (china(2025, 7, 4, 8, 30), True),
        (china(2025, 7, 4, 11, 59, 59), True),
        (china(2025, 7, 4, 12), False),
        (china(2025, 7, 4, 14, 30), True),
        (china(2025, 7, 4, 17, 30), False),
        (china(2025, 7, 5, 9), False),
        (datetime(2025, 7, 4, 0, 30, tzinfo=UTC), True),
        (china(2025, 1, 1, 0), False),
    ],
)
def test_the_desks_are_open_from_an_opening_up_to_a_closing(moment: datetime, opened: bool) -> None:
    assert DESK.is_open(moment) is opened


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        (china(2025, 7, 3, 9), 2, china(2025, 7, 3, 11)),
        (china(2025, 7, 3, 11), 1, china(2025, 7, 3, 12)),  # a closing, not the next opening
        (china(2025, 7, 3, 11), 2, china(2025, 7, 3, 15, 30)),  # over lunch
        (china(2025, 7, 3, 13), 1, china(2025, 7, 3, 15, 30)),  # from lunch
        (china(2025, 7, 4, 20), 1, china(2025, 7, 7, 9, 30)),  # from a Friday evening
        (china(2025, 7, 4, 16, 30), 6.5, china(2025, 7, 7, 16, 30)),  # a day over the weekend
        (china(2024, 9, 28, 10), 6.5, china(2024, 9, 29, 17, 30)),  # a make-up Sunday counts
        (china(2024, 9, 30, 17), 1, china(2024, 10, 8, 9)),  # over National Day
        (china(2024, 10, 11, 17), 1, china(2024, 10, 12, 9)),  # into a make-up Saturday
        (china(2025, 1, 27, 17), 19.5, china(2025, 2, 7, 17)),  # over Spring Festival
        (china(2025, 12, 31, 17), 1, china(2026, 1, 4, 9)),  # over New Year, into a make-up Sunday
        (china(2025, 7, 5, 9), 0, china(2025, 7, 5, 9)),  # nothing has passed at once
    ],
)
def test_service_time_passes_only_while_the_desks_are_open(
    start: datetime, hours: float, due: datetime
) -> None:
    found = DESK.add(start, timedelta(hours=hours))
    assert found == due
    assert found.tzinfo is UTC
    assert DESK.between(start, due) == timedelta(hours=hours)


def test_a_span_may_end_in_a_later_year() -> None:
    start = china(2024, 12, 31, 17, 30)
    assert DESK.add(start, 300 * OFFICE_DAY).astimezone(CHINA).year == 2026
    assert DESK.between(start, DESK.add(start, 300 * OFFICE_DAY)) == 300 * OFFICE_DAY


def test_a_clock_set_back_lengthens_the_night_of_a_desk_that_is_open_all_day() -> None:
    york = ZoneInfo("America/New_York")
    always = ServiceHours(
        timezone="America/New_York", spans=((time(0), time(0)),), weekdays=frozenset(range(1, 8))
    )
    midnights = datetime(2025, 11, 2, tzinfo=york), datetime(2025, 11, 3, tzinfo=york)
    for kind in Hours:
        assert spent(kind, always, *midnights) == timedelta(hours=25)
        assert limit(kind, always, midnights[0], timedelta(hours=25)) == midnights[1].astimezone(UTC)


def test_time_is_not_counted_twice_where_the_skipped_hour_makes_spans_overlap() -> None:
    night = datetime(2025, 3, 9, tzinfo=ZoneInfo("America/New_York"))
    assert CALENDARS[3].between(night, night.replace(hour=8)) == timedelta(hours=2, minutes=45)


@unhurried
@given(calendars, moments, spans)
def test_between_undoes_add(calendar: ServiceHours, start: datetime, span: timedelta) -> None:
    assert calendar.between(start, calendar.add(start, span)) == span


@unhurried
@given(calendars, moments, soon)
def test_add_undoes_between_up_to_the_last_closing(
    calendar: ServiceHours, start: datetime, gone: timedelta
) -> None:
    start = start.astimezone(UTC)
    end = start + gone
    found = calendar.add(start, calendar.between(start, end))
    assert found <= end
    assert calendar.between(found, end) == timedelta(0)
    if calendar.is_open(end) and calendar.is_open(end - timedelta(microseconds=1)) and gone:
        assert found == end


@unhurried
@given(calendars, moments, spans, spans)
def test_spans_can_be_added_one_after_the_other(
    calendar: ServiceHours, start: datetime, first: timedelta, second: timedelta
) -> None:
    assert calendar.add(calendar.add(start, first), second) == calendar.add(start, first + second)


@unhurried
@given(calendars, moments, soon, spans, spans)
def test_a_later_start_or_a_longer_span_never_ends_earlier(
    calendar: ServiceHours, start: datetime, gone: timedelta, span: timedelta, more: timedelta
) -> None:
    assert calendar.add(start, span) <= calendar.add(start, span + more)
    start = start.astimezone(UTC)
    assert calendar.add(start, span) <= calendar.add(start + gone, span)


@unhurried
@given(calendars, moments, moments, moments)
def test_service_time_adds_up_whatever_the_order(
    calendar: ServiceHours, first: datetime, second: datetime, third: datetime
) -> None:
    parts = calendar.between(first, second) + calendar.between(second, third)
    assert parts == calendar.between(first, third)
    assert calendar.between(first, second) == -calendar.between(second, first)


@settings(max_examples=30, deadline=None)
@given(moments, soon)
def test_service_time_is_what_counting_open_minutes_gives(start: datetime, gone: timedelta) -> None:
    start = start.astimezone(UTC).replace(second=0, microsecond=0)
    minutes = int(gone / 10 / timedelta(minutes=1))
    end = start + timedelta(minutes=minutes)
    counted = sum(DESK.is_open(start + timedelta(minutes=n)) for n in range(minutes))
    assert DESK.between(start, end) == timedelta(minutes=counted)


def test_a_limit_in_working_days_ends_with_the_desk_s_day_and_leaves_out_its_first() -> None:
    hours = ServiceHours()
    before = datetime(2025, 9, 30, 16, tzinfo=CHINA)  # the day before National Day, which lasts to 8 October
    ends = [hours.after_working_days(before, days).astimezone(CHINA) for days in (1, 2, 3, 4)]
    # Saturday 11 October is worked for the holiday.
    assert [(end.month, end.day) for end in ends] == [(10, 9), (10, 10), (10, 11), (10, 13)]
    assert {(end.hour, end.minute) for end in ends} == {(17, 30)}
    all_day = ServiceHours(spans=((time(0), time(0)),))
    assert all_day.after_working_days(before, 1) == datetime(2025, 10, 10, tzinfo=CHINA)


def test_a_limit_is_counted_in_elapsed_or_in_service_hours() -> None:
    friday, day = china(2025, 7, 4, 17), timedelta(hours=24)
    assert limit(Hours.ELAPSED, DESK, friday, day) == china(2025, 7, 5, 17)
    assert limit(Hours.SERVICE, DESK, friday, OFFICE_DAY) == china(2025, 7, 7, 17)
    assert spent(Hours.ELAPSED, DESK, friday, china(2025, 7, 7, 9)) == timedelta(hours=64)
    assert spent(Hours.SERVICE, DESK, friday, china(2025, 7, 7, 9)) == timedelta(hours=1)


def test_a_moment_without_an_offset_is_a_mistake() -> None:
    naive = datetime(2025, 7, 4, 9)  # noqa: DTZ001 -- the mistake
    hour = timedelta(hours=1)
    for kind in Hours:
        with pytest.raises(TypeError):
            limit(kind, DESK, naive, hour)
        with pytest.raises(TypeError):
            spent(kind, DESK, naive, naive)
    with pytest.raises(TypeError):
        DESK.is_open(naive)


def test_a_negative_span_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="negative"):
        DESK.add(china(2025, 7, 4, 9), timedelta(microseconds=-1))


def test_a_span_that_outlasts_the_calendar_is_refused() -> None:
    with pytest.raises(Refused, match="9998"):
        DESK.add(china(9998, 12, 1), timedelta(days=100))


def test_every_problem_of_service_hours_is_told_at_once() -> None:
    day = date(2025, 7, 1)
    with pytest.raises(ConfigError) as raised:
        ServiceHours(
            timezone="Mars/Base",
            spans=((time(12), time(9)), (time(8), time(10))),
            weekdays=frozenset({0}),
            closed=frozenset({day}),
            open=frozenset({day}),
        )
    places = {problem.where for problem in raised.value.problems}
    assert places == {"timezone", "spans[0]", "spans[1]", "weekdays", "closed"}


@pytest.mark.parametrize(
    "spans",
    [
        (),
        ((time(9), time(9)),),
        ((time(9), time(0)), (time(10), time(11))),
        ((time(9, tzinfo=UTC), time(10, tzinfo=UTC)),),
    ],
)
def test_spans_that_make_no_day_are_refused(spans: tuple[tuple[time, time], ...]) -> None:
    with pytest.raises(ConfigError):
        ServiceHours(spans=spans)


def test_service_hours_can_be_compared_and_looked_up_by() -> None:
    warm = ServiceHours()
    warm.add(china(2025, 7, 4, 9), OFFICE_DAY)
    assert warm == ServiceHours()
    assert hash(warm) == hash(ServiceHours())
    assert warm != ServiceHours(timezone="UTC")


def test_a_moment_that_is_typed_is_one_that_the_clocks_showed_once() -> None:
    china = ZoneInfo("Asia/Shanghai")
    typed = datetime.fromisoformat
    assert local_moment(typed("2026-03-05T14:30"), china, "at") == typed("2026-03-05T06:30+00:00")
    assert local_moment(typed("1988-09-11T01:30+08:00"), china, "at") == typed("1988-09-10T17:30+00:00")
    with pytest.raises(Refused, match="at: the clocks never showed 1988-04-17 02:30"):
        local_moment(typed("1988-04-17T02:30"), china, "at")
    with pytest.raises(Refused, match=re.escape("with its offset from UTC: 1988-09-11T01:30+09:00")):
        local_moment(typed("1988-09-11T01:30"), china, "at")
    with pytest.raises(Refused, match=re.escape("2026-10-25T02:30+02:00")):
        local_moment(typed("2026-10-25T02:30"), ZoneInfo("Europe/Amsterdam"), "at")
