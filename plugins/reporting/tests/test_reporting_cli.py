"""`linli report-in`."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from linli import District
from linli.testing import who
from linli_reporting.testing import Compounds, compounds

HEAD = "姓名,手机号,报到小区,报到时间,状态\n"


@pytest.fixture
def place(new_district: Callable[..., District]) -> Compounds:
    return compounds(new_district, enabled=("reporting", "tabular"))


@pytest.fixture
def run(place: Compounds, command: Callable[..., Any]) -> Callable[..., str]:
    def run(*arguments: object, code: int = 0) -> str:
        folder = place.district.configuration.folder
        printed = command("report-in", *map(str, arguments), folder=folder)
        assert printed.code == code, printed.err
        return str(printed.out + printed.err if code else printed.out)

    return run


def test_announced_listed_confirmed_and_printed(
    place: Compounds, run: Callable[..., str], tmp_path: Path
) -> None:
    member = who(place.member)
    announced = json.loads(run("announce", member, "--on", "2026-02-20", "--as", member, "--json"))
    report = announced["id"]
    assert str(announced["number"]) in run("list", "--state", "announced", "--place", "锦绣花园")
    assert "report confirmed" in run("confirm", report, "--as", who(place.secretary))
    page = tmp_path / "receipt.html"
    text = run("receipt", report, "--out", page, "--as", member)
    assert "张*" in text
    assert "张三" not in text
    assert "张三" in page.read_text(encoding="utf-8")
    said = json.loads(run("receipt", report, "--json"))
    assert "name" not in said
    assert "valid" in run("verify", said["code"])
    assert json.loads(run("verify", said["code"], "--json"))["standing"] == "valid"
    assert "active" in run("activate", report, "--as", who(place.secretary))
    (member_row,) = json.loads(run("members", "--place", "锦绣花园", "--json"))
    assert (member_row["state"], member_row["things"]) == ("active", 0)
    assert "张*" in run("members", "--place", "锦绣花园")
    assert "张*" not in run("members", "--place", "锦绣花园", "--inactive"), "they reported a moment ago"
    (numbers,) = json.loads(run("numbers", "--json"))
    assert (numbers["reported"], numbers["active"]) == (1, 1)
    assert "锦绣花园" in run("numbers")
    assert "session" not in run("done", member)
    assert json.loads(run("done", member, "--json"))["counts"] == {}
    assert "report ended" in run("end", report, "--outcome", "membership_ended")
    assert "ended" in run("verify", said["code"])


def test_a_report_that_no_branch_can_decide_on_says_so(place: Compounds, run: Callable[..., str]) -> None:
    alone = who(place.new_member(place.alone))
    assert "it waits until one is set up" in run("announce", alone, "--place", "新小区")
    report = place.desk.current(alone)
    assert report is not None
    with_home = place.home(place.lane)
    place.district.register.tie(alone, "resident", with_home)
    assert "moved to another compound" in run("move", report.id, "--to", "幸福里")


def test_a_file_is_compared_imported_and_then_agrees(
    place: Compounds, run: Callable[..., str], tmp_path: Path
) -> None:
    register = place.district.register
    member = register.person(name="王五", phone="13700000000", home=place.home(place.garden))
    register.tie(member, "party_member", place.party)
    file = tmp_path / "名册.csv"
    file.write_text(
        HEAD + "王五,13700000000,锦绣花园,2026-02-01,已报到\n赵六,13711111111,锦绣花园,2026-02-01,已报到\n",
        encoding="gb18030",
    )
    told = run("check", file, code=1)
    assert "in the file only" in told
    assert "13711111111" not in told
    assert json.loads(run("check", file, "--json", code=1).partition("\n")[0])["counts"]["not_here"] == 1
    assert "1 registered" in run("import", file, code=3), "a row was not taken"
    assert json.loads(run("import", file, "--json", code=3).partition("\n")[0])["unchanged"] == 1
    (report,) = json.loads(run("list", "--json"))
    assert "report confirmed" in run("show", report["id"])
    file.write_text(HEAD + "王五,13700000000,锦绣花园,2026-02-01,已报到\n", encoding="utf-8")
    assert "agree" in run("check", file)


def test_the_help_of_every_command_says_what_it_is_for(run: Callable[..., str]) -> None:
    told = run("--help")
    for name in (
        "announce",
        "confirm",
        "refuse",
        "activate",
        "move",
        "end",
        "withdraw",
        "import",
        "check",
        "verify",
    ):
        assert name in told
        assert len(run(name, "--help")) > 60
