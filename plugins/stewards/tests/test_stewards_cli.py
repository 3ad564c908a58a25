"""`linli steward` and `linli stewardship`, as a clerk types them; lists of stewards from files."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from linli import Actor, District
from linli.testing import Printed, all_of, snapshot, somebody
from linli_stewards.settings import StewardSettings
from linli_stewards.tables import TABLES
from linli_stewards.testing import Yard, a_yard, who

Command = Callable[..., Printed]
UNIT = "锦绣花园/1栋/1单元"


@pytest.fixture
def yard(new_district: Callable[..., District]) -> Yard:
    return a_yard(new_district, enabled=("stewards", "board", "tabular"))


@pytest.fixture
def linli(yard: Yard, command: Command) -> Callable[..., Any]:
    def run(*arguments: object) -> Any:
        # Commands have no clock but the real one.
        yard.clock.now = datetime.now(UTC)
        printed = command(*map(str, arguments), folder=yard.district.configuration.folder)
        assert printed.code == 0, printed.err
        yard.clock.now = datetime.now(UTC)
        return json.loads(printed.out) if "--json" in arguments else printed.out

    return run


def test_a_steward_is_appointed_replaced_and_ends(yard: Yard, linli: Callable[..., Any]) -> None:
    secretary, ann, ben = yard.secretary.person, yard.phones["ann"], yard.phones["ben"]
    made = linli("steward", "appoint", UNIT, ann, "--as", secretary, "--json")
    assert (made["state"], made["party_member"]) == ("appointed", True)
    assert "appointed" in linli("steward", "replace", UNIT, ben, "--reason", "搬家", "--as", secretary)
    assert yard.posted(yard.units[0]) == [yard.ben.person]
    assert "resigned" in linli("steward", "resign", UNIT, "--reason", "身体原因", "--as", ben)
    linli("steward", "appoint", UNIT, ann, "--as", secretary)
    assert "ended" in linli("steward", "end", UNIT, "--reason", "调整", "--as", secretary)
    history = linli("stewardship", "list", "--json")
    assert [one["state"] for one in history] == ["ended", "resigned", "replaced"]
    assert "安" in linli("stewardship", "list")


def test_a_nomination_is_listed_and_decided(yard: Yard, linli: Callable[..., Any]) -> None:
    linli(
        "steward",
        "nominate",
        UNIT,
        yard.phones["cai"],
        "--why-not-member",
        "热心",
        "--as",
        yard.member.person,
    )
    (nominated,) = linli("stewardship", "list", "--state", "nominated", "--json")
    assert "appointed" in linli("stewardship", "approve", nominated["id"], "--as", yard.secretary.person)
    assert "appoint whom was nominated" in linli("stewardship", "show", nominated["id"])


def test_the_contact_is_consented_to_and_taken_back(yard: Yard, linli: Callable[..., Any]) -> None:
    yard.appointed()
    assert "given" in linli("steward", "consent", UNIT, "--as", yard.phones["ann"])
    yard.work()
    (line,) = linli("steward", "list", "--json")
    assert (line["contact"], line["party_member"]) == ("posted", True)
    assert yard.phones["ann"] not in linli("steward", "list")
    assert "taken back" in linli("steward", "withdraw-consent", UNIT, "--as", yard.phones["ann"])
    assert linli("steward", "list", "--json")[0]["contact"] is None


def test_coverage_and_gaps_are_printed_for_people_and_for_programs(
    yard: Yard, linli: Callable[..., Any]
) -> None:
    yard.appointed(yard.building)
    rows = linli("steward", "coverage", "--json")
    assert [(row["units"], row["covered"], row["share"]) for row in rows] == [(1, 0, 0), (3, 2, 2 / 3)]
    text = linli("steward", "coverage")
    assert "66.7%" in text
    assert "█████████████░░░░░░░" in text
    assert "50.0%" in text, "the sum of both"
    assert [gap["place"] for gap in linli("steward", "gaps", "锦绣花园", "--json")] == [str(yard.lone)]
    assert "锦绣花园/2栋" in linli("steward", "gaps")
    yard.appointed(yard.lone)
    assert "every unit has a steward" in linli("steward", "gaps", "锦绣花园")


def test_a_service_that_the_catalogue_lacks_is_pointed_out(linli: Callable[..., Any]) -> None:
    assert "not in the catalogue" in linli("steward", "services")
    assert {"kind": "testing", "code": "home_testing", "name": "上门检测", "urgent": False} in linli(
        "steward", "services", "--json"
    )


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ('[stewards.services]\nmeals = ["mediation"]\n', "named before, in meals"),
        ('[stewards]\nladder = ["branch", "branch"]\n', "is there twice"),
        ("[stewards]\nladder = []\n", "stewards.ladder: is empty"),
        ('[stewards]\nlevel = "home"\n', "level"),
    ],
)
def test_what_contradicts_itself_is_refused(yard: Yard, command: Command, more: str, problem: str) -> None:
    folder = yard.district.configuration.folder
    file = folder / "district.toml"
    file.write_text(file.read_text(encoding="utf-8") + "\n" + more, encoding="utf-8")
    printed = command("config", "check", folder=folder)
    assert printed.code == 1
    assert problem in printed.err + printed.out


# --- files ----------------------------------------------------------------------------------------------------


def _imported(yard: Yard, tmp_path: Path, rows: str, actor: Actor | None = None) -> Any:
    file = tmp_path / "楼栋长.csv"
    heading = "小区,楼栋,单元,楼栋长姓名,联系电话,非党员原因\n"
    file.write_text(heading + rows, encoding="utf-8")
    return yard.district.importing.run([file], kind="stewards", actor=actor)


def test_a_list_of_stewards_becomes_appointments_and_comes_once(yard: Yard, tmp_path: Path) -> None:
    ann, ben = yard.phones["ann"], yard.phones["ben"]
    rows = f"锦绣花园,1栋,1单元,安小平,{ann},\n锦绣花园,2栋,,贝大海,{ben},\n幸福里,1栋,1单元,邓新,13700000000,热心\n"
    _imported(yard, tmp_path, rows)
    assert yard.figures()["units_covered"] == 3
    assert yard.posted(yard.units[0]) == [who(yard.ann)]
    report = _imported(yard, tmp_path, rows + "\n")
    assert report.problems == []
    assert len(all_of(yard.district, "stewardship")) == 3


def test_rows_that_cannot_be_taken_are_reported_and_the_others_taken(yard: Yard, tmp_path: Path) -> None:
    yard.appointed()
    rows = (
        f"锦绣花园,1栋,1单元,贝大海,{yard.phones['ben']},\n"
        "锦绣花园,1栋,2单元,邓新,13700000000,\n"
        "锦绣花园,9栋,,邓新,13700000000,热心\n"
        f"锦绣花园,2栋,,贝大海,{yard.phones['ben']},\n"
    )
    report = _imported(yard, tmp_path, rows)
    said = " ".join(str(problem.what) for problem in report.problems)
    assert "has a steward" in said
    assert "no party member" in said
    assert "has none of this name" in said
    assert yard.posted(yard.lone) == [who(yard.ben)]


def test_who_may_import_but_not_appoint_is_told_so_row_by_row_and_nothing_is_half_done(
    yard: Yard, tmp_path: Path
) -> None:
    district = yard.district
    registrar = somebody(district, "registrar", district.register.root())
    before = snapshot(district, TABLES)
    report = _imported(yard, tmp_path, "锦绣花园,1栋,1单元,邓新,13700000000,热心\n", registrar)
    assert ["you may not do this here" in str(one.what) for one in report.problems] == [True]
    assert [(one.registered, one.skipped) for one in report.sheets] == [(0, 1)]
    assert snapshot(district, TABLES) == before


def test_the_settings_of_the_readme_hold_and_are_the_defaults(new_district: Callable[..., District]) -> None:
    readme = Path(__file__).parents[1].joinpath("README.md").read_text(encoding="utf-8")
    example = "[stewards]" + readme.partition("[stewards]")[2].partition("```")[0]
    district = new_district(enabled=("stewards",), more=example)
    assert district.configuration.section(StewardSettings) == StewardSettings()
