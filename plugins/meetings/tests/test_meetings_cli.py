"""`linli meeting`, `linli agenda` and `linli whistle`, as a clerk types them."""

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from linli import District
from linli.testing import Printed, an_organisation
from linli_meetings.testing import Street, street

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Desk:
    """A street whose commands are run; the moment is now, since commands have no other."""

    def __init__(self, here: Street, command: Callable[..., Printed]) -> None:
        self.here, self.command = here, command

    def run(self, *arguments: object) -> str:
        printed = self.command(*map(str, arguments), folder=self.here.district.configuration.folder)
        assert printed.code == 0, printed.err
        return printed.out

    def json(self, *arguments: object) -> Any:
        return json.loads(self.run(*arguments, "--json"))

    def refused(self, *arguments: object) -> str:
        printed = self.command(*map(str, arguments), folder=self.here.district.configuration.folder)
        assert printed.code == 1
        assert printed.err.count("\n") == 1, "one line, and nothing else"
        return printed.err


@pytest.fixture
def desk(new_district: Callable[..., District], command: Callable[..., Printed]) -> Desk:
    return Desk(
        street(
            new_district, '\n[meetings]\nnotice = "0min"\nagenda_closes = "0min"\ncirculation_quorum = 66\n'
        ),
        command,
    )


def test_a_meeting_in_the_past_is_not_called(desk: Desk) -> None:
    assert "it would begin in the past" in desk.refused(
        "meeting", "call", "--place", desk.here.place, "--starts-at", "2026-01-01 09:00", "--venue", "三楼"
    )


def test_a_body_of_a_name_that_several_have_is_the_one_that_was_invited(desk: Desk) -> None:
    here = desk.here
    elsewhere = here.district.register.place("street", "红旗路街道", here.district.register.root())
    an_organisation(here.district, "department", elsewhere, "urban")
    invited = here.district.register.name_path(here.place) + "/urban"
    meeting = desk.json(
        "meeting", "call", "--place", here.place, "--starts-at", _tomorrow(), "--venue", "三楼", "--invited", invited,
        "--invited", "fire",
    )  # fmt: skip
    assert "taken down on the day" in desk.refused("meeting", "attend", meeting["id"], "--body", "urban")
    assert "several organisations" in desk.refused("organisation", "show", "urban")


def test_what_the_commands_take_and_print(desk: Desk) -> None:
    here = desk.here
    meeting = desk.json(
        "meeting", "call", "--place", here.place, "--starts-at", _tomorrow(), "--venue", "三楼会议室",
        "--invited", "urban", "--invited", "fire",
    )  # fmt: skip
    assert (meeting["state"], len(meeting["invited"])) == ("called", 2)
    item = desk.json("agenda", "propose", "--tier", "street", "--place", here.compound, "--topic", "违建")
    desk.run("agenda", "schedule", item["id"], "--meeting", meeting["id"])
    assert "违建" in desk.run("meeting", "agenda", meeting["id"])
    assert [one["topic"] for one in desk.json("meeting", "agenda", meeting["id"])] == ["违建"]
    assert "on an agenda" in desk.run("agenda", "list", "--open")
    assert desk.json("agenda", "list", "--place", here.compound)[0]["meeting"] == meeting["id"]
    assert "三楼会议室" in desk.run("meeting", "list")
    desk.run("meeting", "excuse", meeting["id"], "--body", "fire", "--reason", "抢修")
    assert "has not begun yet" in desk.refused("meeting", "hold", meeting["id"])
    desk.run("meeting", "postpone", meeting["id"], "--starts-at", _tomorrow(3), "--reason", "停电")
    assert desk.json("meeting", "show", meeting["id"])["history"][-1]["verb"] == "attendance.invite_again"
    assert "taken down on the day" in desk.refused("meeting", "attend", meeting["id"], "--body", "urban")
    desk.run("agenda", "take-off", item["id"], "--reason", "缓议")
    desk.run("meeting", "cancel", meeting["id"], "--reason", "无议题")


def _tomorrow(days: int = 1) -> str:
    """Nine in the morning, some days ahead by the district's calendar: it is not always the day that UTC has."""
    return f"{datetime.now(SHANGHAI) + timedelta(days=days):%Y-%m-%dT09:00}"


def _item(desk: Desk) -> str:
    """An item about the compound, in a street that has a body which is no member of its meeting."""
    an_organisation(desk.here.district, "residents_committee", desk.here.compound, "residents")
    item = desk.json(
        "agenda", "propose", "--tier", "street", "--place", desk.here.compound, "--topic", "违建"
    )
    return str(item["id"])


def test_an_item_is_decided_by_circulation_with_tasks_and_read(desk: Desk) -> None:
    here = desk.here
    item = desk.json(
        "agenda", "propose", "--tier", "street", "--place", here.compound, "--topic", "违建",
        "--description", "楼顶加建",
    )["id"]  # fmt: skip
    desk.run(
        "agenda",
        "circulate",
        item,
        "--draft",
        "approved",
        "--text",
        "同意拆除",
        "--bodies",
        "urban",
        "--bodies",
        "fire",
    )
    assert "does not belong to this joint meeting" in desk.refused(
        "agenda", "circulate", _item(desk), "--draft", "approved", "--text", "x", "--bodies", "residents"
    )
    desk.run("agenda", "agree", item, "--body", "urban", "--as", here.urban_officer.person)
    assert "has no part of" in desk.refused("agenda", "agree", item, "--body", "water")
    desk.run("agenda", "agree", item, "--body", "fire")
    decided = desk.json(
        "agenda", "resolve", item, "--resolution", "approved", "--task", "拆除违建", "urban", "2099-03-20",
        "--rectifications", 1, "--mediated",
    )  # fmt: skip
    assert (decided["state"], decided["rectifications"], decided["mediated"]) == ("resolved", 1, True)
    desk.run("agenda", "finish", item, "--body", "urban", "--result", "已拆除")
    assert desk.json("agenda", "show", item)["outcome"] == "approved"
    texts = desk.json("agenda", "read", item, "--reason", "归档")
    assert {"楼顶加建", "同意拆除", "已拆除"} <= {one["text"] for one in texts}
    figures = desk.json("brief")["figures"]
    assert (figures["meetings.rectifications"], figures["meetings.mediations"]) == (1, 1)


def test_a_whistle_from_its_blowing_to_its_end(desk: Desk) -> None:
    here = desk.here
    whistle = desk.json(
        "whistle", "blow", "--place", here.compound, "--topic", "违建", "--departments", "urban",
        "--departments", "fire", "--description", "楼顶加建", "--as", here.officer.person,
    )["id"]  # fmt: skip
    desk.run("whistle", "report-in", whistle, "--department", "urban", "--as", here.urban_officer.person)
    desk.run("whistle", "decline", whistle, "--department", "fire", "--reason", "不属本部门职责")
    desk.run(
        "whistle",
        "replace",
        whistle,
        "--department",
        "fire",
        "--instead",
        "water",
        "--reason",
        "由水务站办理",
    )
    desk.run("whistle", "release", whistle, "--department", "water", "--reason", "无需配合")
    desk.run("whistle", "name", whistle, "--department", "fire")
    desk.run("whistle", "release", whistle, "--department", "fire", "--reason", "无需配合")
    desk.run("whistle", "finish", whistle, "--department", "urban", "--result", "已拆除")
    desk.run("whistle", "send-back", whistle, "--department", "urban", "--reason", "未清运")
    assert "违建" in desk.run("whistle", "list", "--open")
    desk.run("whistle", "finish", whistle, "--department", "urban", "--result", "已清运")
    desk.run("whistle", "evaluate", whistle, "--department", "urban", "--grade", "good", "--enforcements", 1)
    shown = desk.json("whistle", "show", whistle)
    assert (shown["state"], [one["state"] for one in shown["parts"]].count("withdrawn")) == ("closed", 3)
    assert desk.json("brief")["figures"]["meetings.enforcements"] == 1
    assert "已清运" in desk.run("whistle", "read", whistle, "--reason", "归档")


def test_a_proposed_whistle_is_taken_up_or_dismissed(desk: Desk) -> None:
    propose = ("whistle", "propose", "--place", desk.here.compound, "--topic", "违建")
    numbers = [desk.json(*propose)["id"] for _ in range(2)]
    listed = ("whistle", "list", "--state", "proposed", "--place", desk.here.place)
    assert sorted(one["id"] for one in desk.json(*listed)) == sorted(numbers)
    assert "违建" in desk.run(*listed)
    desk.run("whistle", "take-up", numbers[0], "--departments", "urban")
    assert [one["id"] for one in desk.json(*listed)] == numbers[1:]
    desk.run("whistle", "dismiss", numbers[1], "--reason", "已解决")
    assert [one["state"] for one in desk.json("whistle", "list")] == ["dismissed", "blown"]


@pytest.mark.parametrize("noun", ["meeting", "agenda", "whistle"])
def test_help_teaches_by_examples(command: Callable[..., Printed], noun: str) -> None:
    assert f"linli {noun} " in command(noun, "--help").out
    assert f"linli {noun} list" in command(noun, "list", "--help").out


def test_what_the_whistles_help_shows_are_commands_that_there_are(command: Callable[..., Printed]) -> None:
    shown = command("whistle", "--help").out
    for line in re.findall(r"^ *linli (whistle .*)$", shown, re.MULTILINE):
        words = line.split()
        options = command(*words[:2], "--help").out
        assert all(word in options for word in words if word.startswith("--")), line
    assert "linli whistle list --state proposed" in shown


def test_a_moment_that_is_none_is_one_clear_line(desk: Desk) -> None:
    item = _item(desk)
    said = desk.refused(
        "agenda", "resolve", item, "--resolution", "approved", "--task", "拆除", "fire", "明天"
    )
    assert "is no moment; write" in said


def test_of_bodies_with_one_name_the_one_over_the_item_is_meant(desk: Desk) -> None:
    here = desk.here
    register = here.district.register
    elsewhere = register.place("street", "红旗路街道", register.root())
    an_organisation(here.district, "department", elsewhere, "urban")
    assert "several organisations" in desk.refused("organisation", "show", "urban")
    mine = register.find_organisation("urban", near=here.compound)
    assert register.organisation_record(mine).place != elsewhere
