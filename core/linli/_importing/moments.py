"""Dates and moments as districts write them, in cells and in words.

The order is always year, month, day; a file in another order says so in its mapping's
`date_format`. Two-digit years, and days or months left out, are refused rather than guessed.
"""

import re
import unicodedata
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final

from linli._base.i18n import Text, say
from linli._model.sheets import EPOCH, BadCell, FileMapping, Value

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2199
# Days since 1899-12-30, as most spreadsheets count. Below it, a number is likelier a year or an age:
# 2024 as a day would be a day in 1905.
_SERIALS: Final = range(10_000, 80_000)
# What programs write where nobody entered a day: the first or last that they know.
_NO_DAYS: Final = frozenset(
    map(
        date.fromisoformat,
        ("1900-01-01", "1900-01-02", "1904-01-01", "1904-01-02",
         "2037-12-31", "2038-01-19", "2079-06-06", "2099-12-31"),
    )
)  # fmt: skip
# The beginning of Unix time on clocks west and east of Greenwich; as a mere day it may be a birthday.
_NO_MOMENTS: Final = _NO_DAYS | {date(1969, 12, 31), date(1970, 1, 1)}

_DASHES: Final = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
_WEEKDAY: Final = re.compile(r"\s*\(?(?:星期|周)[一二三四五六日天]\)?")
_DAY: Final = (
    r"(?P<y>\d{4})(?:(?P<sep>[-/.])(?P<m>\d{1,2})(?P=sep)(?P<d>\d{1,2})"
    r"|\s*年\s*(?P<m2>\d{1,2})\s*月\s*(?P<d2>\d{1,2})\s*[日号]?)"
)
_COMPACT: Final = r"(?P<y3>\d{4})(?P<m3>\d{2})(?P<d3>\d{2})"
_HALF: Final = r"(?P<half>凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|[AaPp]\.?[Mm]\.?)"
_CLOCK: Final = (
    r"(?P<h>\d{1,2})(?:(?::(?P<mi>\d{1,2})(?::(?P<s>\d{1,2})(?:\.\d+)?)?)"
    r"|(?:[点时](?:(?P<h30>半)|整|(?P<mi2>\d{1,2})(?:分(?:(?P<s2>\d{1,2})秒)?)?)?))"
)
_ZONE: Final = r"(?P<zone>[Zz]|[+-]\d{2}(?::?\d{2})?)"
_SPELLING: Final = re.compile(
    rf"(?:{_DAY}|{_COMPACT})(?:\s*[Tt,]?\s*{_HALF}?\s*{_CLOCK}\s*(?P<half2>[AaPp]\.?[Mm]\.?)?\s*{_ZONE}?)?"
)
_ISO: Final = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?")
_COMPACT_MOMENT: Final = re.compile(r"(\d{8})(\d{2})(\d{2})(\d{2})")
_WITH_TIME: Final = re.compile(r"%-?[HIXcpMSfT]")
_NUMBERS_FIRST: Final = re.compile(r"\d{1,2}([-/.])\d{1,2}\1(?:\d{4}|\d{2})(?!\d)")
_MONTH_IN_WORDS: Final = re.compile(r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)", re.IGNORECASE)
_MORNING: Final = frozenset({"凌晨", "清晨", "早上", "早晨", "上午", "am"})
_AFTERNOON: Final = frozenset({"下午", "傍晚", "pm"})


def as_date(value: Value, mapping: FileMapping) -> date:
    """The day that a cell states; a time beside it is dropped.

    Raises: BadValue when there is no such day, or it is not written year, month, day.
    """
    if isinstance(value, date) and not isinstance(value, datetime):
        return _in_range(value)
    return _in_range(_read(value, mapping).date())


def is_placeholder(when: date, *, day_only: bool = True) -> bool:
    """Whether programs write this where nobody entered a day.

    Args:
        day_only: whether the column has days, among which 1 January 1970 is one like others.
    """
    day = when.date() if isinstance(when, datetime) else when
    return day in (_NO_DAYS if day_only else _NO_MOMENTS)


def placeholder(when: date) -> Text:
    """Why a placeholder is no value."""
    day = when.date() if isinstance(when, datetime) else when
    return say("{day} is what programs write where nobody entered a day", day=day)


def as_moment(value: Value, mapping: FileMapping) -> datetime:
    """The moment that a cell states, with its UTC offset.

    Without an offset of its own it is the time on a clock in `mapping.zone`; a time that the
    clock shows twice is the first of the two. A day alone is its beginning, 00:00.

    Raises: BadValue.
    """
    when = as_day_or_moment(value, mapping)
    return when if isinstance(when, datetime) else datetime.combine(when, time(), mapping.zone)


def as_day_or_moment(value: Value, mapping: FileMapping) -> date:
    """The moment that a cell states, with its UTC offset; a date where it states a day and no time.

    Raises: BadValue.
    """
    when = _stated(value, mapping)
    _in_range(when.date() if isinstance(when, datetime) else when)
    if isinstance(when, datetime) and when.tzinfo is None:
        return when.replace(tzinfo=mapping.zone)
    return when


def _read(value: Value, mapping: FileMapping) -> datetime:
    when = _stated(value, mapping)
    return when if isinstance(when, datetime) else datetime.combine(when, time())


def _stated(value: Value, mapping: FileMapping) -> date:
    """What a cell says: a datetime, or a date where no time is said."""
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        return _from_text(value, mapping)
    if isinstance(value, int | float) and not _is_compact(value):
        return _from_serial(float(value), mapping)
    return _from_text(str(int(value)) if isinstance(value, int | float) else str(value), mapping)


def _is_compact(number: float) -> bool:
    return FIRST_YEAR * 10_000 < number <= (LAST_YEAR + 1) * 10_000 and number == int(number)


def _from_serial(number: float, mapping: FileMapping) -> date:
    days = number + (mapping.epoch - EPOCH).days
    if not _SERIALS.start <= days < _SERIALS.stop:
        raise BadCell(say("this number is no date; write it like 2024-03-05"))
    # A day's fraction is a float; a spreadsheet means whole seconds.
    when = datetime.combine(EPOCH, time()) + timedelta(seconds=round(days * 86_400))
    return when.date() if number == int(number) else when


def _from_text(text: str, mapping: FileMapping) -> date:
    # As a Chinese keyboard writes them: 2026。03。05 10：00
    text = unicodedata.normalize("NFKC", text).replace("。", ".").translate(_DASHES).strip()
    if mapping.date_format and (moment := _strptime(text, mapping.date_format)):
        return moment
    if _ISO.fullmatch(text):
        return _from_iso(text)
    text = _WEEKDAY.sub("", text).strip()
    if re.fullmatch(r"\d{5}(\.\d+)?", text):
        return _from_serial(float(text), mapping)
    text = _COMPACT_MOMENT.sub(r"\1 \2:\3:\4", text)
    found = _SPELLING.fullmatch(text)
    if not found:
        raise BadCell(_unreadable(text, mapping))
    return _moment(found)


def _from_iso(text: str) -> date:
    try:
        return datetime.fromisoformat(text) if len(text) > len("2024-03-05") else date.fromisoformat(text)
    except ValueError:
        raise BadCell(_no_such()) from None


def _no_such() -> Text:
    return say("there is no such day or time; compare it with the paper")


def _strptime(text: str, pattern: str) -> date | None:
    try:
        when = datetime.strptime(text, pattern)  # noqa: DTZ007 - the caller adds the zone
    except ValueError:
        return None
    return when if _WITH_TIME.search(pattern) else when.date()


def _unreadable(text: str, mapping: FileMapping) -> Text:
    if mapping.date_format:
        return say(
            "not a date of the form {format} that the mapping states; write it like 2024-03-05 08:05",
            format=mapping.date_format,
        )
    if _NUMBERS_FIRST.match(text):
        return say(
            "day and month can be told apart only with the year in front: write it like 2024-03-05, "
            "or set date_format in the mapping"
        )
    if _MONTH_IN_WORDS.search(text):
        return say("the month is in words; write it like 2024-03-05, or set date_format in the mapping")
    if re.fullmatch(r"\d{4}([-/.年]\d{1,2}月?|年)?", text):
        return say("the day is missing; write it like 2024-03-05")
    return say("this is no date; write it like 2024-03-05 or 2024-03-05 08:05")


def _moment(found: re.Match[str]) -> date:
    def part(*names: str) -> int:
        return int(next((found[name] for name in names if found[name]), 0))

    hour = _hour(part("h"), (found["half"] or found["half2"] or "").lower().replace(".", ""))
    minute = 30 if found["h30"] else part("mi", "mi2")
    try:
        day = date(part("y", "y3"), part("m", "m2", "m3"), part("d", "d2", "d3"))
        if not found["h"]:
            return day
        clock = time(hour, minute, part("s", "s2"))
    except ValueError:
        raise BadCell(_no_such()) from None
    return datetime.combine(day, clock, tzinfo=_offset(found["zone"]))


def _hour(hour: int, half: str) -> int:
    """The hour of the day; 上午12 and AM 12 are midnight, as spreadsheets and systems write it."""
    if hour == 12 and half == "晚上":
        raise BadCell(say("midnight of which day? Write it like 2024-03-05 00:00"))
    if half in _MORNING:
        if hour > 12:
            raise BadCell(say("an hour after noon is called one before noon; write it like 14:05"))
        return hour % 12
    if half in _AFTERNOON or half == "晚上" or (half == "中午" and hour < 11):
        return hour + 12 if hour < 12 else hour
    return hour


def _offset(zone: str | None) -> tzinfo | None:
    return datetime.fromisoformat(f"2000-01-01T00:00:00{zone.upper()}").tzinfo if zone else None


def _in_range(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise BadCell(say("the year is not between {first} and {last}", first=FIRST_YEAR, last=LAST_YEAR))
    return day
