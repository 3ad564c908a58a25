"""Periods as a form names them: "2026-03", "3月", "上月", "本年", "2026-01..2026-03"."""

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta

from linli import listed, say
from linli.query import Period
from linli_brief.forms.errors import Unclear

_DAY = timedelta(days=1)
# Before any record of ours, and no trouble for a database.
_BEGINNING = date(1900, 1, 1)


def period_named(text: str, report: Period) -> Period | None:
    """The period that a cell names, up to the report's last day; None where it begins only after that.

    Raises: Unclear.
    """
    found = _within(text.strip(), report)
    if found is None:
        raise Unclear(
            say(
                "'{text}' names no period; write 2026-03, 3月, 2026-Q1, 2026, 2026-01..2026-03 or one of: {words}",
                text=text,
                words=listed(WORDS_OF_PERIODS),
            )
        )
    if found.end < found.start:
        raise Unclear(say("'{text}' ends before it begins", text=text))
    if found.start > report.end:
        return None
    return Period(start=found.start, end=min(found.end, report.end))


def _within(text: str, report: Period) -> Period | None:
    first, dots, last = (part.strip() for part in re.sub("至|~|～|—", "..", text).partition(".."))
    if dots:
        since, until = _within(first, report), _within(last, report)
        return Period(start=since.start, end=until.end) if since and until else None
    words = WORDS_OF_PERIODS.get(text.lower())
    return words(report) if words else _written(text, report)


def _written(text: str, report: Period) -> Period | None:
    for pattern, make in _PATTERNS:
        match = pattern.fullmatch(text)
        if match:
            try:
                return make([int(part) for part in match.groups()], report)
            except ValueError:
                return None
    return None


def _months(year: int, month: int, count: int = 1) -> Period:
    """So many months from one on; a month below 1 is one of the years before."""
    first, after = year * 12 + month - 1, year * 12 + month - 1 + count
    return Period(start=date(first // 12, first % 12 + 1, 1), end=date(after // 12, after % 12 + 1, 1) - _DAY)


def _quarter(day: date) -> int:
    return (day.month - 1) // 3 * 3 + 1


def _quarter_numbered(year: int, number: int) -> Period:
    if not 1 <= number <= 4:
        raise ValueError(number)
    return _months(year, number * 3 - 2, 3)


def _span(year: int, first: int, last: int) -> Period:
    if not 1 <= first <= last <= 12:
        raise ValueError(first, last)
    return _months(year, first, last - first + 1)


def _a_year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


_Made = Callable[[list[int], Period], Period]
_PATTERNS: tuple[tuple[re.Pattern[str], _Made], ...] = (
    (re.compile(r"(\d{4})年?"), lambda n, _: _months(n[0], 1, 12)),
    (re.compile(r"(\d{4})[-/.年](\d{1,2})月?"), lambda n, _: _span(n[0], n[1], n[1])),
    (re.compile(r"(\d{4})[-年]?(?:[Qq]|第)([1-4])(?:季度)?"), lambda n, _: _quarter_numbered(*n)),
    (
        re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?"),
        lambda n, _: Period(start=date(*n), end=date(*n)),
    ),
    (re.compile(r"(\d{1,2})月"), lambda n, report: _span(report.end.year, n[0], n[0])),
    (re.compile(r"(\d{1,2})月?-(\d{1,2})月"), lambda n, report: _span(report.end.year, n[0], n[1])),
)

# By the report's last day, or by its whole period.
_RULES: tuple[tuple[tuple[str, str], Callable[[Period], Period]], ...] = (
    (("this month", "本月"), lambda r: _months(r.end.year, r.end.month)),
    (("last month", "上月"), lambda r: _months(r.end.year, r.end.month - 1)),
    (("this quarter", "本季度"), lambda r: _months(r.end.year, _quarter(r.end), 3)),
    (("last quarter", "上季度"), lambda r: _months(r.end.year, _quarter(r.end) - 3, 3)),
    (("first half", "上半年"), lambda r: _months(r.end.year, 1, 6)),
    (("second half", "下半年"), lambda r: _months(r.end.year, 7, 6)),
    (("this year", "本年"), lambda r: _months(r.end.year, 1, 12)),
    (("last year", "上年"), lambda r: _months(r.end.year - 1, 1, 12)),
    (
        ("a year before", "上年同期"),
        lambda r: Period(start=_a_year_before(r.start), end=_a_year_before(r.end)),
    ),
    (("so far", "累计"), lambda r: Period(start=_BEGINNING, end=r.end)),
)
WORDS_OF_PERIODS: Mapping[str, Callable[[Period], Period]] = {
    word: rule for words, rule in _RULES for word in words
}
"""What a form may call a period, besides its numbers."""
