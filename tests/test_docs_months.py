"""No page teaches to count days or months in UTC: a district's day is `facts.today`."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = [
    *(ROOT / "docs").rglob("*.md"), *(ROOT / "docs").rglob("*.py"), *ROOT.glob("plugins/*/README.md"),
    *ROOT.glob("plugins/*/src/**/*.py"), *ROOT.glob("adapters/*/src/**/*.py"), *ROOT.glob("core/linli/**/*.py"),
]  # fmt: skip
# The moment of an act as a day, a month or a year, without the district's zone.
_IN_UTC = re.compile(r"\bact\.at:%|\bact\.at\.(strftime|date|year|month|day|hour)\b|\brecorded_at:%")


def test_no_page_and_no_plugin_takes_the_day_of_an_act_in_utc() -> None:
    assert len(PAGES) > 300
    found = [
        str(page.relative_to(ROOT)) for page in PAGES if _IN_UTC.search(page.read_text(encoding="utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize("text", ['f"{act.at:%Y-%m}"', "act.at.strftime('%Y')", "act.at.month"])
def test_the_look_for_it_finds_it(text: str) -> None:
    assert _IN_UTC.search(text)
