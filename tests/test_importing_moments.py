"""Dates and moments in every spelling that districts' files have."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli._base.errors import Refused
from linli._base.identity import BadValue
from linli._importing.cleaning import clean
from linli._importing.moments import as_date, as_day_or_moment, as_moment
from linli._model.sheets import Cell, Column, FileMapping, Kind, Value

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


# --- days, epochs, signs of a Chinese keyboard, and what has not come -------------------------------------

TIMELESS: tuple[Callable[[date], Value], ...] = (
    *(spelling for spelling in SPELLINGS if not isinstance(spelling(date(2024, 3, 5)), datetime)),
    lambda day: f"{day.year}。{day.month}。{day.day}",
    lambda day: f"{day:%Y-%m-%d}".translate(str.maketrans("0123456789-", "０１２３４５６７８９－")),
)


@given(RECENT, st.sampled_from(TIMELESS))
def test_a_day_without_a_time_stays_a_day_in_every_spelling(
    day: date, spelling: Callable[[date], Value]
) -> None:
    when = as_day_or_moment(spelling(day), MAPPING)
    assert (when, isinstance(when, datetime)) == (day, False)


@given(RECENT, st.sampled_from(["%m/%d/%Y", "%d.%m.%Y", "%m/%d/%y", "%d-%b-%Y"]))
def test_a_day_in_the_order_of_the_map_stays_a_day(day: date, pattern: str) -> None:
    mapping = FileMapping(zone=ZONE, date_format=pattern)
    expected = datetime.strptime(day.strftime(pattern), pattern).date()  # noqa: DTZ007 - a day
    assert as_day_or_moment(day.strftime(pattern), mapping) == expected
    timed = FileMapping(zone=ZONE, date_format=f"{pattern} %H:%M")
    assert isinstance(as_day_or_moment(day.strftime(f"{pattern} %H:%M"), timed), datetime)


@given(st.datetimes(datetime(1932, 1, 1), LAST).map(lambda at: at.replace(microsecond=0)), st.booleans())  # noqa: DTZ001
def test_a_serial_number_counts_from_the_day_that_its_workbook_counts_from(
    at: datetime, in_text: bool
) -> None:
    for epoch in (date(1899, 12, 30), date(1904, 1, 1)):
        mapping = FileMapping(zone=ZONE, epoch=epoch)
        serial = (at - datetime.combine(epoch, time())) / timedelta(days=1)
        value: Value = repr(serial) if in_text and serial != int(serial) else serial
        if isinstance(value, str) and len(value.partition(".")[0]) != 5:
            continue
        assert as_moment(value, mapping) == at.replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    "text",
    [
        "2026.03.05 10：00", "2026。03。05 10：00", "２０２６－０３－０５　１０：００", "2026/3/5 10:0", "2026-3-5　10：0：0",
        "2026年3月5日 10时0分", "2026年3月5号 10时", "2026．3．5 10:00", "2026／03／05 10：00：00",
    ],
)  # fmt: skip
def test_a_moment_is_read_as_a_chinese_keyboard_writes_it(text: str) -> None:
    assert as_moment(text, MAPPING) == datetime(2026, 3, 5, 10, tzinfo=ZONE)


@given(st.integers(0, 23), st.integers(0, 59), st.sampled_from([":", "："]))
def test_hours_and_minutes_need_no_nought_in_front(hour: int, minute: int, sign: str) -> None:
    assert as_moment(f"2026-3-5 {hour}{sign}{minute}", MAPPING) == datetime(
        2026, 3, 5, hour, minute, tzinfo=ZONE
    )


@pytest.mark.parametrize(
    "text",
    [
        "1/1/20 0:05",
        "12/31/2020",
        "1-2-20",
        "31.12.20 08:00",
        "1/2/2020 8:43 AM",
        "05-Mar-2026",
        "Mar 5, 2026",
    ],
)
def test_a_date_in_another_order_hints_at_the_format_of_the_map(text: str) -> None:
    with pytest.raises(BadValue) as refused:
        as_moment(text, MAPPING)
    assert "date_format" in refused.value.text.message


NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


def came(value: Value, kind: Kind = Kind.DAY_OR_MOMENT, *, future: bool = False) -> object:
    mapping = FileMapping(zone=ZONE, now=NOW)
    return clean(Column(name="x", headings=("某列",), kind=kind, future=future), Cell(value=value), mapping)


@pytest.mark.parametrize("kind", [Kind.DATE, Kind.MOMENT, Kind.DAY_OR_MOMENT])
@given(day=st.dates(date(2026, 12, 2), date(2036, 1, 1)))
def test_what_has_not_come_is_refused_where_a_file_tells_what_was(kind: Kind, day: date) -> None:
    with pytest.raises(BadValue) as refused:
        came(day.isoformat(), kind)
    assert "future" in refused.value.text.message
    assert came(day.isoformat(), kind, future=True)


def test_today_has_come_and_a_minute_after_now_has_not() -> None:
    assert came("2026-11-30") == date(2026, 11, 30)
    assert came("2026-11-30 20:00") == NOW
    with pytest.raises(BadValue):
        came("2026-11-30 20:01")


@pytest.mark.parametrize(
    "value",
    [
        "1900-01-01",
        "1900-01-01 00:00:00",
        "1970-01-01 08:00:00",
        "1970-01-01",
        "1904-01-01",
        "2099-12-31",
        "2079-06-06",
        date(1900, 1, 1),
    ],
)
def test_what_programs_write_for_no_day_is_no_moment(value: Value) -> None:
    with pytest.raises(BadValue) as refused:
        came(value)
    assert "nobody entered" in refused.value.text.message


def test_a_birthday_may_be_the_first_day_of_unix_time() -> None:
    assert came("1970-01-01", Kind.DATE) == date(1970, 1, 1)
