"""`linli vote`, as the shell runs it."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from linli import Actor, District
from linli.testing.fixtures import Printed
from linli_owners_vote.testing import VoteCompound, vote_compound

SHORT = '[owners_vote]\npublish = false\nnotice = "1h"\nperiod = "2h"\nends_on_working_day = false\nextension = true\nlongest_extension = "1h"\n'
Run = Callable[..., Any]


@pytest.fixture
def compound(new_district: Callable[..., District]) -> VoteCompound:
    """A compound whose clock is an hour and a half slow, so that what happens here is past for the commands."""
    found = vote_compound(new_district, SHORT, homes=("101", "102", "103"))
    found.clock.now = datetime.now(UTC) - timedelta(minutes=90)
    return found


@pytest.fixture
def run(compound: VoteCompound, command: Callable[..., Printed]) -> Run:
    """Run a command of `linli vote` with --json; what it printed."""

    def run(*arguments: object) -> Any:
        folder = compound.district.configuration.folder
        printed = command("vote", *map(str, arguments), "--json", folder=folder)
        assert printed.code == 0, printed.err
        return json.loads(printed.out)

    return run


def _number(actor: Actor) -> str:
    return str(actor.person)


def _closed(compound: VoteCompound, vote: UUID) -> None:
    after = compound.district.subject(vote).record.until + timedelta(seconds=1)
    while compound.district.worker.run_once(now=after):
        pass


def test_a_vote_goes_its_way_by_commands(compound: VoteCompound, run: Run) -> None:
    member, teller, second = (
        _number(one) for one in (compound.member, compound.teller, compound.second_teller)
    )
    prepared = run("prepare", "更换电梯", "--place", compound.place, "--majority", "ordinary", "--as", member)
    called_off = run("call-off", prepared["id"], "--reason", "方案要改", "--as", member)
    assert called_off["outcome"] == "called_off"
    vote = compound.prepared()
    contest = run(
        "contest",
        vote,
        "--part",
        "锦绣花园/101",
        "--reason",
        "面积不对",
        "--as",
        _number(compound.homes["101"].owners[0]),
    )
    assert [line["contested"] for line in run("roll", vote)] == [True, False, False]
    assert [(one["id"], one["state"]) for one in run("contests", vote)] == [(contest["id"], "raised")]
    settled = run(
        "settle", contest["id"], "--finding", "register_right", "--reason", "按产权证", "--as", member
    )
    assert settled["state"] == "settled"
    compound.votes.announce(vote, actor=compound.member)
    opened = run("open", vote, "--as", member)
    assert (opened["state"], opened["roll_area"]) == ("open", 15000)
    until = datetime.fromisoformat(opened["until"]) + timedelta(minutes=30)
    extended = run("extend", vote, "--until", until.isoformat(), "--reason", "下雨", "--as", member)
    assert extended["state"] == "extended"
    cast = run(
        "cast",
        vote,
        "--part",
        "锦绣花园/101",
        "--choice",
        "agree",
        "--as",
        _number(compound.homes["101"].owners[0]),
    )
    paper = run(
        "enter", vote, "--part", "锦绣花园/102", "--choice", "against", "--sheet", "0002", "--as", teller
    )
    assert run("check", paper["id"], "--choice", "against", "--as", second)["state"] == "cast"
    proxy = run("proxy", vote, "--part", "锦绣花园/103", "--to", member, "--written", "--as", teller)
    assert run("confirm-proxy", proxy["id"], "--as", second)["state"] == "valid"
    run("cast", vote, "--part", "锦绣花园/103", "--choice", "abstain", "--proxy", "--as", member)
    assert [line["way"] for line in run("turnout", vote, "--as", teller)["ballots"]] == [
        "online",
        "paper",
        "proxy",
    ]
    assert run("receipt", vote, cast["receipt"]) == {"in_box": True, "counted": False, "way": "online"}
    _closed(compound, vote)
    assert run("count", vote, "--as", teller)["state"] == "counted"
    assert run("certify", vote, "--as", second)["outcome"] == "not_passed"
    result = run("result", vote)
    assert [(line["name"], line["holds"]) for line in result["lines"]] == [
        ("quorum_area", True), ("quorum_heads", True), ("agreed_area", False), ("agreed_heads", False),
    ]  # fmt: skip
    assert result["lines"][2] == {
        "name": "agreed_area", "part": 5000, "whole": 15000, "share": "1/2", "needed": "more_than",
        "left": 10000, "right": 15000, "holds": False,
    }  # fmt: skip
    assert result["result"]["abstained"] == {"area": 5000, "heads": 1}
    assert (result["area_unit"], result["outcome"]) == ("0.01 m²", "not_passed")
    assert cast["receipt"] in run("receipts", vote)
    assert run("receipt", vote, cast["receipt"])["counted"] is True
    assert run("verify", vote) == {"problems": []}
    assert [one["outcome"] for one in run("list")] == ["called_off", "not_passed"]


def test_people_read_the_result_with_its_arithmetic(
    compound: VoteCompound, command: Callable[..., Printed], run: Run
) -> None:
    vote = compound.opened()
    for name in ("101", "102"):
        compound.cast(vote, name)
    folder = compound.district.configuration.folder
    shown = command("vote", "show", str(vote), folder=folder).out
    assert "150.00 m²" in shown
    assert "百春园社区/锦绣花园" in shown
    refused = command("vote", "result", str(vote), folder=folder)
    assert refused.code == 1
    assert "nobody knows its result before" in refused.err
    _closed(compound, vote)
    compound.votes.count(vote, actor=compound.teller)
    compound.votes.certify(vote, actor=compound.second_teller)
    printed = command("vote", "result", str(vote), folder=folder)
    assert printed.code == 0
    assert "3 × 100.00 = 300.00 ≥ 2 × 150.00 = 300.00: reached" in printed.out
    assert "The owners have passed it." in printed.out
    roll = command("vote", "roll", str(vote), folder=folder).out
    assert "50.00" in roll
    assert "all is as it was" in command("vote", "verify", str(vote), folder=folder).out


def test_a_receipt_is_printed_for_whoever_casts_and_tells_the_rest_nothing(
    compound: VoteCompound, command: Callable[..., Printed], run: Run
) -> None:
    vote, folder = compound.opened(), compound.district.configuration.folder
    owner = _number(compound.homes["101"].owners[0])
    arguments = ("vote", "cast", str(vote), "--part", "锦绣花园/101", "--choice", "against", "--as", owner)
    printed = command(*arguments, folder=folder)
    assert printed.code == 0
    assert "its receipt is" in printed.out
    assert "against" not in printed.out
    code = printed.out.split()[-1]
    assert "it is in the box" in command("vote", "receipt", str(vote), code, folder=folder).out
    assert (
        "no ballot in this box" in command("vote", "receipt", str(vote), "0000-0000-0000", folder=folder).out
    )
    again = command(*arguments, folder=folder)
    assert again.code == 1
    assert "there is one for each part" in again.err
    for one in run("list"):
        assert "against" not in json.dumps(one["topic"])


def test_a_rejected_paper_and_a_withdrawn_proxy_have_a_reason(compound: VoteCompound, run: Run) -> None:
    vote, teller, second = compound.opened(), _number(compound.teller), _number(compound.second_teller)
    owner = _number(compound.homes["102"].owners[0])
    paper = run("enter", vote, "--part", "锦绣花园/101", "--choice", "agree", "--as", teller)
    assert run("reject", paper["id"], "--reason", "没有签名", "--as", second)["state"] == "rejected"
    proxy = run("proxy", vote, "--part", "锦绣花园/102", "--to", teller, "--as", owner)
    assert run("withdraw-proxy", proxy["id"], "--reason", "自己投", "--as", owner)["state"] == "withdrawn"


def test_a_written_proxy_is_rejected_and_a_contest_withdrawn_by_commands(
    compound: VoteCompound, run: Run
) -> None:
    teller, second = _number(compound.teller), _number(compound.second_teller)
    prepared, owner = compound.prepared(), _number(compound.homes["101"].owners[0])
    contest = run("contest", prepared, "--part", "锦绣花园/102", "--reason", "看错了", "--as", owner)
    withdrawn = run("withdraw-contest", contest["id"], "--reason", "看错了", "--as", owner)
    assert withdrawn["state"] == "withdrawn"
    vote = compound.opened()
    proxy = run("proxy", vote, "--part", "锦绣花园/103", "--to", owner, "--written", "--as", teller)
    assert run("reject-proxy", proxy["id"], "--reason", "没有签名", "--as", second)["state"] == "rejected"
