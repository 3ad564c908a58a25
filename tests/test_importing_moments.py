"""Dates and moments in every spelling that districts' files have."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.errors import Refused
from linli.identity import BadValue
from linli.importing.cleaning import clean
from linli.importing.moments import as_date, as_moment
from linli.importing.shapes import Cell, Column, FileMapping, Kind, Value

ZONE = ZoneInfo("Asia/Shanghai")
MAPPING = FileMapping(zone=ZONE)
AMERICAN = FileMapping(zone=ZoneInfo("America/New_York"), date_format="%m/%d/%Y %I:%M:%S %p")

SPELLINGS: tuple[Callable[[date], Value], ...] = (
    lambda day: f"{day:%Y-%m-%d}",
    lambda day: f"{day.year}/{day.month}/{day.day}",
    lambda day: f"{day.year}.{day.month}.{day.day}",
    lambda day: f"{day:%Y%m%d}",
    lambda day: f"{day.year}年{day.month}月{day.day}日",
    lambda day: f" {day.year} 年 {day.month} 月 {day.day} 日 星期二",
    lambda day: f"{day.year}—{day.month}—{day.day}",
    lambda day: day,
    lambda day: datetime.combine(day, datetime.min.time()),
    lambda day: int(f"{day:%Y%m%d}"),
    lambda day: float(f"{day:%Y%m%d}"),
)
# Naive, as hypothesis wants its bounds and as a cell has them.
FIRST = datetime(1930, 1, 1)  # noqa: DTZ001
LAST = datetime(2100, 12, 31)  # noqa: DTZ001
EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001
RECENT = st.dates(date(1930, 1, 1), date(2100, 12, 31))


@given(RECENT, st.sampled_from(SPELLINGS))
def test_a_day_is_read_from_every_spelling(day: date, spelling: Callable[[date], Value]) -> None:
    assert as_date(spelling(day), MAPPING) == day


@given(RECENT, st.booleans())
def test_a_day_is_read_from_the_number_a_spreadsheet_keeps(day: date, in_text: bool) -> None:
    serial = (day - date(1899, 12, 30)).days
    assert as_date(str(serial) if in_text else serial, MAPPING) == day


@given(st.datetimes(FIRST, LAST).map(lambda at: at.replace(microsecond=0)))
def test_a_serial_number_with_a_fraction_is_a_moment_to_the_second(at: datetime) -> None:
    serial = (at - EPOCH) / timedelta(days=1)
    assert as_moment(serial, MAPPING) == at.replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("8:05", (8, 5, 0)),
        ("08:05:07", (8, 5, 7)),
        ("08:05:07.250", (8, 5, 7)),
        ("上午8点", (8, 0, 0)),
        ("下午3点半", (15, 30, 0)),
        ("下午3点20分", (15, 20, 0)),
        ("8时5分30秒", (8, 5, 30)),
        ("14点整", (14, 0, 0)),
        ("下午14:05", (14, 5, 0)),
        ("中午12点", (12, 0, 0)),
        ("中午1点", (13, 0, 0)),
        ("晚上8点", (20, 0, 0)),
        ("凌晨0:30", (0, 30, 0)),
        ("上午 12:05:00", (0, 5, 0)),
        ("下午 12:05:00", (12, 5, 0)),
        ("02:15:00 PM", (14, 15, 0)),
        ("12:15 a.m.", (0, 15, 0)),
    ],
)
def test_a_time_of_day_is_read_in_words_and_figures(text: str, clock: tuple[int, int, int]) -> None:
    expected = datetime.combine(date(2024, 3, 5), time(*clock), tzinfo=ZONE)
    assert as_moment(f"2024/3/5 {text}", MAPPING) == expected
    assert as_moment(f"2024年3月5日{text}", MAPPING) == expected


@given(st.datetimes(FIRST, LAST, timezones=st.just(UTC)), st.integers(-11, 12))
def test_a_moment_with_an_offset_keeps_it(at: datetime, hours: int) -> None:
    at = at.replace(microsecond=0)
    local = at + timedelta(hours=hours)
    sign = "-" if hours < 0 else "+"
    assert as_moment(f"{local:%Y-%m-%dT%H:%M:%S}{sign}{abs(hours):02}:00", MAPPING) == at
    assert as_moment(f"{local:%Y/%m/%d %H:%M:%S}{sign}{abs(hours):02}00", MAPPING) == at


def test_the_letter_z_is_utc() -> None:
    assert as_moment("2024-03-05T00:05:00Z", MAPPING) == datetime(2024, 3, 5, 0, 5, tzinfo=UTC)


def test_a_run_of_fourteen_digits_is_a_moment() -> None:
    assert as_moment("20240305080509", MAPPING) == datetime(2024, 3, 5, 8, 5, 9, tzinfo=ZONE)


def test_a_day_alone_is_a_moment_at_its_beginning() -> None:
    assert as_moment(date(2024, 3, 5), MAPPING) == datetime(2024, 3, 5, tzinfo=ZONE)
    assert as_moment("2024-03-05", MAPPING).tzinfo is ZONE


def test_the_american_order_is_read_only_where_the_mapping_says_so() -> None:
    assert as_moment("03/05/2024 02:15:00 PM", AMERICAN) == datetime(2024, 3, 5, 14, 15, tzinfo=AMERICAN.zone)
    with pytest.raises(BadValue) as refused:
        as_moment("03/05/2024 02:15:00 PM", MAPPING)
    assert "date_format" in refused.value.text.message


def test_a_mapping_with_a_date_format_still_reads_the_year_first() -> None:
    assert as_date("2024-03-05", AMERICAN) == date(2024, 3, 5)


@pytest.mark.parametrize("pattern", ["%Q", "%m/%d", "yyyy-mm-dd", "%H:%M", ""])
def test_a_date_format_that_gives_no_date_is_refused_with_the_mapping(pattern: str) -> None:
    with pytest.raises(Refused) as refused:
        FileMapping(zone=ZONE, date_format=pattern)
    assert repr(pattern) in str(refused.value)


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("2024-02-30", "no such day"),
        ("2024-13-05", "no such day"),
        ("2024/3/5 25:00", "no such day"),
        ("2024-3/5", "no date"),
        ("24-3-5", "no date"),
        ("2024年3月", "day is missing"),
        ("2024-03", "day is missing"),
        ("2024", "day is missing"),
        (2024, "number is no date"),
        (1.5, "number is no date"),
        (430503199001011234.0, "number is no date"),
        (float("nan"), "number is no date"),
        (float("inf"), "number is no date"),
        ("1024-03-05", "year is not between"),
        (date(1, 1, 1), "year is not between"),
        ("2024-3-5 上午13点", "before noon"),
        ("2024-3-5 晚上12点", "midnight"),
        ("去年春节", "no date"),
    ],
)
def test_what_is_no_date_is_refused_with_what_to_do(value: Value, says: str) -> None:
    with pytest.raises(BadValue) as refused:
        as_moment(value, MAPPING)
    assert says in refused.value.text.message


ANY_CELL: st.SearchStrategy[Value] = st.one_of(
    st.none(),
    st.text(),
    st.text("0123456789-/.年月日:： 上下午点分TZ+０１２"),
    st.integers(),
    st.floats(),
    st.decimals(),
    st.dates(),
    st.datetimes(),
)


@given(ANY_CELL, st.sampled_from(Kind), st.sampled_from([MAPPING, AMERICAN]))
def test_any_cell_is_cleaned_or_refused_in_words(value: Value, kind: Kind, mapping: FileMapping) -> None:
    column = Column(name="x", headings=("某列",), kind=kind, choices={"是": True})
    said = "cleaned"
    try:
        clean(column, Cell(value=value), mapping)
    except BadValue as refused:
        said = str(refused)
    assert said
