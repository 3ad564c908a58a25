"""Periods as forms name them."""

from datetime import date

import pytest

from linli.query import Period
from linli_brief.forms.errors import Unclear
from linli_brief.forms.periods import WORDS_OF_PERIODS, period_named

REPORT = Period(start=date(2026, 1, 1), end=date(2026, 3, 20))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026", "2026-01-01", "2026-03-20"),
        ("2025年", "2025-01-01", "2025-12-31"),
        ("2026-02", "2026-02-01", "2026-02-28"),
        ("2024-2", "2024-02-01", "2024-02-29"),
        ("2026年3月", "2026-03-01", "2026-03-20"),
        ("2026/03", "2026-03-01", "2026-03-20"),
        ("2月", "2026-02-01", "2026-02-28"),
        ("1-3月", "2026-01-01", "2026-03-20"),
        ("2025-Q4", "2025-10-01", "2025-12-31"),
        ("2025年第1季度", "2025-01-01", "2025-03-31"),
        ("2026-03-05", "2026-03-05", "2026-03-05"),
        ("2025-11..2026-01", "2025-11-01", "2026-01-31"),
        ("1月至2月", "2026-01-01", "2026-02-28"),
        ("本月", "2026-03-01", "2026-03-20"),
        ("This Month", "2026-03-01", "2026-03-20"),
        ("上月", "2026-02-01", "2026-02-28"),
        ("本季度", "2026-01-01", "2026-03-20"),
        ("上季度", "2025-10-01", "2025-12-31"),
        ("上半年", "2026-01-01", "2026-03-20"),
        ("本年", "2026-01-01", "2026-03-20"),
        ("上年", "2025-01-01", "2025-12-31"),
        ("上年同期", "2025-01-01", "2025-03-20"),
        ("累计", "1900-01-01", "2026-03-20"),
    ],
)
def test_a_period_is_what_its_name_says_up_to_the_reports_last_day(text: str, first: str, last: str) -> None:
    found = period_named(text, REPORT)
    assert found == Period(start=date.fromisoformat(first), end=date.fromisoformat(last))


@pytest.mark.parametrize("text", ["4月", "2026-04", "2026-Q2", "下半年", "2027", "2026-03-21"])
def test_what_is_still_to_come_is_no_period_yet(text: str) -> None:
    assert period_named(text, REPORT) is None


@pytest.mark.parametrize(
    "text",
    ["13月", "2026-13", "2026-Q5", "2026-02-30", "上上月", "", "2026-03..2026-01", "5-3月", "..", "03-2026"],
)
def test_what_names_no_period_is_refused_with_what_does(text: str) -> None:
    with pytest.raises(Unclear, match=r"names no period|ends before it begins"):
        period_named(text, REPORT)


def test_last_month_of_january_is_december_of_the_year_before() -> None:
    january = Period(start=date(2026, 1, 1), end=date(2026, 1, 31))
    assert period_named("上月", january) == Period(start=date(2025, 12, 1), end=date(2025, 12, 31))
    assert period_named("上季度", january) == Period(start=date(2025, 10, 1), end=date(2025, 12, 31))


def test_the_year_before_a_leap_day_has_its_last_day_of_february() -> None:
    leap = Period(start=date(2024, 2, 29), end=date(2024, 2, 29))
    assert period_named("上年同期", leap) == Period(start=date(2023, 2, 28), end=date(2023, 2, 28))


@pytest.mark.parametrize("word", WORDS_OF_PERIODS)
@pytest.mark.parametrize("end", [date(2024, 2, 29), date(2026, 1, 1), date(2026, 12, 31)])
def test_every_word_is_a_period_on_every_day(word: str, end: date) -> None:
    report = Period(start=end.replace(month=1, day=1), end=end)
    found = period_named(word, report)
    assert found is None or found.start <= found.end <= end
