"""`linli report` as a clerk and a program use it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import xlsxwriter  # type: ignore[import-untyped]

from linli import District
from linli.testing import write_district
from linli_brief.testing import Street, a_street, monthly_form, opened


@pytest.fixture
def street(new_district: Callable[..., District]) -> Street:
    """A street that has lived for some months."""
    street = a_street(new_district)
    street.live()
    return street


@pytest.fixture
def report(street: Street, command: Callable[..., Any]) -> Callable[..., Any]:
    """Run `linli report` in the street's district."""
    return lambda *arguments: command("report", *arguments, folder=street.district.configuration.folder)


def test_a_report_is_shown_to_people_and_to_programs(street: Street, report: Callable[..., Any]) -> None:
    period = ("--place", "锦绣花园", "--from", "2026-02-01", "--to", "2026-03-31")
    said = report("show", *period).out
    assert "红旗路街道/锦绣花园  2026-02-01 to 2026-03-31" in said
    assert "2026-03" in said.split("month by month")[1]
    document = json.loads(report("show", *period, "--json").out)
    assert document["place"] == str(street.first)
    assert document["months"][-1] == "2026-03"


def test_a_report_is_written_to_a_file_that_is_not_there_yet(
    report: Callable[..., Any], tmp_path: Path
) -> None:
    out = tmp_path / "简报.html"
    assert report("make", "--out", str(out)).code == 0
    assert out.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    again = report("make", "--out", str(out))
    assert again.code == 1
    assert "is there already" in again.err
    assert "write it to a file" in report("make", "--format", "pdf").err
    assert json.loads(report("make", "--format", "json").out)["figures"]


def test_a_form_is_filled_beside_itself(report: Callable[..., Any], tmp_path: Path) -> None:
    form = monthly_form(tmp_path / "月报表.xlsx")
    done = report("fill", str(form), "--place", "红旗路街道", "--to", "2026-03-31")
    assert "8 cells, 2 rows of lists" in done.out
    assert opened(tmp_path / "月报表-filled.xlsx")["月报表"]["A10"].value == "锦绣花园"
    document = json.loads(report("fill", str(form), "--out", str(tmp_path / "2.xlsx"), "--json").out)
    assert (document["cells"], document["rows"]) == (8, 2)
    # It shows closings and their mean without how they ended, what is open without what of it is paused, and a rate
    # without how many were entered afterwards.
    lacking = ("requests.handed_over", "requests.paused", "requests.closing_rate.entered_afterwards")
    assert all(any(name in note for name in lacking) for note in document["notes"])


def test_all_that_is_wrong_in_a_form_is_told_on_lines_of_its_own(
    report: Callable[..., Any], tmp_path: Path
) -> None:
    form = tmp_path / "form.xlsx"
    with xlsxwriter.Workbook(form) as book:
        sheet = book.add_worksheet("表")
        sheet.write("A1", "{requests.clsoed}")
        sheet.write("B2", "{requests.open@昨天}")
    done = report("fill", str(form))
    assert done.code == 1
    assert done.err.count("\n  表!") == 2
    assert not (tmp_path / "form-filled.xlsx").exists()


def test_the_names_that_a_form_may_have_are_listed(report: Callable[..., Any]) -> None:
    assert "{requests.closed}  closed" in report("names").out
    known = json.loads(report("names", "--json").out)
    assert known["figures"]["requests.open"] == "still open"
    assert {"上月", "last month"} <= known["periods"].keys()


def test_a_report_is_drafted_as_a_publication(street: Street, report: Callable[..., Any]) -> None:
    drafted = json.loads(report("publish", "--place", "锦绣花园", "--json").out)
    assert (drafted["state"], drafted["place"]) == ("draft", str(street.first))
    assert street.district.publish.get(UUID(drafted["id"])).record.series == "brief"


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ('charts = ["requests.open", "requests.open"]', "brief.charts[1]: requests.open is drawn already"),
        (
            'charts = ["a.a", "b.b", "c.c", "d.d", "e.e", "f.f", "g.g"]',
            "names 7 figures; a page has room for 6",
        ),
        ("fonts = []", "brief.fonts: is empty"),
        ("months = 1", "brief.months"),
    ],
)
def test_settings_that_contradict_each_other_are_refused(
    tmp_path: Path, command: Callable[..., Any], lines: str, said: str
) -> None:
    folder = write_district(tmp_path, enabled=("brief",), more=f"[brief]\n{lines}\n")
    checked = command("config", "check", folder=folder)
    assert checked.code == 1
    assert said in checked.out + checked.err


def test_the_readmes_settings_are_accepted(tmp_path: Path, command: Callable[..., Any]) -> None:
    readme = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
    settings = readme.partition("```toml\n")[2].partition("```")[0]
    enabled, _, brief = settings.partition("[brief]")
    assert "brief" in enabled
    folder = write_district(tmp_path, enabled=("brief",), more=f"[brief]{brief}")
    assert command("config", "check", folder=folder).code == 0
