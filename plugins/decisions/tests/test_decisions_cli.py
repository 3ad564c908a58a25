"""`linli decision` and `linli objection`."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from linli import District
from linli.testing import Printed
from linli_decisions.testing import Compound, compound


class Shell:
    """linli in a compound's district, acting as somebody by name."""

    def __init__(self, here: Compound, command: Callable[..., Printed]) -> None:
        self.here, self._command = here, command

    def __call__(self, *arguments: object, by: str = "", fails: bool = False) -> Printed:
        who = ("--as", str(self.here.people[by].person)) if by else ()
        printed = self._command(*map(str, arguments), *who, folder=self.here.district.configuration.folder)
        assert (printed.code != 0) == fails, printed
        return printed

    def json(self, *arguments: object, by: str = "") -> Any:
        """What it prints for programs."""
        return json.loads(self(*arguments, "--json", by=by).out)


@pytest.fixture
def shell(new_district: Callable[..., District], command: Callable[..., Printed]) -> Shell:
    return Shell(compound(new_district), command)


def _proposed(shell: Shell) -> str:
    return str(
        shell.json(
            "decision", "propose", "--place", shell.here.place, "--entry", "renovation", "--topic", "整治小区道路",
            "--text", "道路破损。", "--papers", "方案", "--papers", "预算", by="owner",
        )["id"]
    )  # fmt: skip


def test_a_matter_is_proposed_reviewed_and_filed(shell: Shell) -> None:
    matter = _proposed(shell)
    shell("decision", "submit", matter, by="owner")
    assert "已退回" not in shell("decision", "return", matter, "--reason", "预算不全", by="secretary").out
    shell("decision", "revise", matter, "--topic", "整治道路", "--text", "补充。", by="owner")
    shell("decision", "revise", matter, "--papers", "方案", "--papers", "预算", by="owner")
    shell("decision", "submit", matter, by="owner")
    for by in ("secretary", "committee", "manager"):
        shell("decision", "approve", matter, by=by)
    assert shell.json("decision", "list", "--state", "filing")[0]["id"] == matter
    found = shell.here.decisions.find(matter)
    shell.here.resolve_item(found)
    number = shell.json("decision", "show", matter)["filing_number"]
    (first,) = shell.json("decision", "disclosures", number)
    assert (first["stage"], first["state"]) == (1, "standing")
    assert number in shell("decision", "file", number, by="neighbour").out


def test_the_file_is_read_by_people_and_by_programs(shell: Shell) -> None:
    matter = _proposed(shell)
    shown = shell("decision", "file", matter, by="neighbour").out
    assert "整治小区道路" in shown
    assert "道路破损。" in shown
    found = shell.json("decision", "file", matter, by="neighbour")
    assert [one["verb"] for one in found["steps"]] == ["decision.propose"]
    assert found["steps"][0]["texts"] == {"text": "道路破损。"}


def test_an_objection_is_raised_listed_and_answered(shell: Shell) -> None:
    here = shell.here
    here.clock.now = datetime.now(UTC)  # the commands have no other clock
    matter = here.in_filing()
    here.resolve_item(matter)
    shell("decision", "object", matter, "--objection", "预算偏高", by="neighbour")
    (waiting,) = shell.json("objection", "waiting")
    assert waiting["decision"] == str(matter)
    assert str(waiting["number"]) in shell("objection", "waiting").out
    shell(
        "objection", "answer", waiting["id"], "--answer", "已附询价单。", "--outcome", "taken_up", by="member"
    )
    assert shell.json("objection", "show", waiting["id"])["parts"] is not None
    assert shell.json("objection", "waiting") == []


def test_the_catalogue_is_shown(shell: Shell) -> None:
    assert [one["code"] for one in shell.json("decision", "catalogue")] == [
        "renovation", "lift", "parking", "dismissal",
    ]  # fmt: skip
    assert "special matter" in shell("decision", "catalogue").out


def test_no_command_makes_what_linli_makes_alone(shell: Shell) -> None:
    said = shell("decision", "--help").out
    assert "vote-passed" not in said
    assert "to-filing" not in said
    for command in ("approve", "return", "reject", "begin", "stage", "suspend", "abandon", "check", "file"):
        assert f" {command} " in said, command


def test_a_matter_is_carried_out_by_commands(shell: Shell) -> None:
    here = shell.here
    matter = here.in_filing()
    here.resolve_item(matter)
    here.work_until(here.clock.now + timedelta(days=10))
    shell("decision", "begin", matter, "--text", "开工。", by="second_committee")
    shell("decision", "stage", matter, "--name", "路面", "--text", "完成。", by="second_committee")
    shell("decision", "finish", matter, by="second_committee")
    assert "completed" in shell("decision", "check", matter, "--text", "合格。", by="member").out
