"""`linli vote`, as the shell runs it."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from linli import Actor, District
from linli.testing import Printed, an_organisation, somebody
from linli_owners_vote.steps import Announce
from linli_owners_vote.testing import VoteCompound, vote_compound
from linli_owners_vote.workflow import VoteFlow

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
    prepared = run(
        "prepare", "--topic", "更换电梯", "--place", compound.place, "--majority", "ordinary", "--as", member
    )
    called_off = run("call-off", prepared["id"], "--reason", "方案要改", "--as", member)
    assert called_off["outcome"] == "called_off"
    # What a command does is of this moment; what is done by hand before it, of an hour and a half ago.
    vote, other = compound.prepared(), compound.prepared()
    contest = run(
        "raise-contest",
        other,
        "--part",
        "锦绣花园/101",
        "--reason",
        "面积不对",
        "--as",
        _number(compound.homes["101"].owners[0]),
    )
    assert [line["contested"] for line in run("roll", other)] == [True, False, False]
    assert [(one["id"], one["state"]) for one in run("contests", other)] == [(contest["id"], "raised")]
    settled = run(
        "settle-contest", contest["id"], "--finding", "register_right", "--reason", "按产权证", "--as", member
    )
    assert settled["state"] == "settled"
    assert run("announce", other, "--ballots", "by_name", "--as", member)["ballots"] == "by_name"
    run("call-off", other, "--reason", "方案要改", "--as", member)
    compound.district.perform(VoteFlow.announce(VoteFlow.ref(vote), Announce()), actor=compound.member)
    codes = []
    for keeper in run("keepers", vote):
        sitting = _number(compound.keepers[UUID(keeper["organisation"])])
        codes.append(run("take-code", keeper["id"], "--as", sitting)["code"])
    assert {one["state"] for one in run("keepers", vote)} == {"kept"}
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
    assert paper["sheet"] == "0002"
    check = ("check", paper["id"], "--choice", "against", "--secret", paper["secret"], "--as", second)
    assert run(*check)["state"] == "cast"
    home = ("--part", "锦绣花园/101", "--as", _number(compound.homes["101"].owners[0]))
    assert run("own", vote, "--secret", cast["secret"], *home) == {"choice": "agree"}
    assert run("voted", vote, *home) == {"voted": True}
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
    count = ("count", vote, "--code", codes[0], "--code", codes[3], "--as", teller)
    assert run(*count)["state"] == "counted"
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
    assert [one["outcome"] for one in run("list")] == ["called_off", "called_off", "not_passed"]


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
    compound.count(vote)
    compound.district.perform(VoteFlow.certify(VoteFlow.ref(vote)), actor=compound.second_teller)
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
    code = printed.out.splitlines()[0].split()[-1]
    assert "with it you, and nobody else" in printed.out
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
    contest = run("raise-contest", prepared, "--part", "锦绣花园/102", "--reason", "看错了", "--as", owner)
    withdrawn = run("withdraw-contest", contest["id"], "--reason", "看错了", "--as", owner)
    assert withdrawn["state"] == "withdrawn"
    vote = compound.opened()
    proxy = run("proxy", vote, "--part", "锦绣花园/103", "--to", owner, "--written", "--as", teller)
    assert run("reject-proxy", proxy["id"], "--reason", "没有签名", "--as", second)["state"] == "rejected"


def test_a_contest_of_a_result_opens_single_ballots_by_commands(compound: VoteCompound, run: Run) -> None:
    vote, officer, teller = compound.opened(), _number(compound.officer), _number(compound.teller)
    compound.cast(vote, "101", "against")
    _closed(compound, vote)
    compound.count(vote)
    compound.district.perform(VoteFlow.certify(VoteFlow.ref(vote)), actor=compound.second_teller)
    noted = run(
        "note-dispute", vote, "--asked-by", "court", "--paper", "（2026）湘0503民初1号", "--contested", "锦绣花园/101", "--reason",
        "说没有投过", "--as", officer,
    )  # fmt: skip
    codes = [word for code in compound.codes[vote][1:3] for word in ("--code", code)]
    part = str(compound.homes["101"].part)
    assert run("open-ballots", noted["id"], *codes, "--as", teller) == [{"part": part, "choice": "against"}]
    assert [one["state"] for one in run("disputes", vote)] == ["opened"]
    owner = ("--part", "锦绣花园/101", "--as", _number(compound.homes["101"].owners[0]))
    assert [one["asked by"] for one in run("openings", vote, *owner)] == ["court"]
    settled = run("settle-dispute", noted["id"], "--outcome", "stands", "--reason", "判决", "--as", officer)
    assert settled["outcome"] == "stands"


def test_the_codes_of_keepers_are_asked_for_unseen_where_none_are_given(
    compound: VoteCompound, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    vote = compound.opened()
    _closed(compound, vote)
    typed = iter(compound.codes[vote][:2])
    asked: list[bool] = []

    def prompt(_text: str, *, hide_input: bool = False) -> str:
        asked.append(hide_input)
        return next(typed)

    monkeypatch.setattr("linli_owners_vote.cli_keepers.click.prompt", prompt)
    assert run("count", vote, "--as", _number(compound.teller))["state"] == "counted"
    assert asked == [True, True]


def test_papers_are_stored_by_commands(compound: VoteCompound, run: Run) -> None:
    vote, teller, second = compound.opened(), _number(compound.teller), _number(compound.second_teller)
    compound.paper(vote, "101")
    _closed(compound, vote)
    compound.count(vote)
    stored = run("store-papers", vote, "--number", "1", "--stored-at", "居委会档案柜三", "--as", teller)
    assert run("check-papers", stored["id"], "--as", second)["state"] == "stored"
    assert [(one["number of papers"], one["stored_at"], one["state"]) for one in run("papers", vote)] == [
        (1, "居委会档案柜三", "stored")
    ]


def test_the_result_of_a_vote_held_elsewhere_is_entered_and_checked_by_commands(
    compound: VoteCompound, run: Run, command: Callable[..., Printed]
) -> None:
    numbers = {
        "roll-parts": 90, "roll-area": "9000.50", "roll-heads": 88, "voted-parts": 70, "voted-area": "7000",
        "voted-heads": 66, "agreed-area": "6000", "agreed-heads": 60, "against-area": "1000", "against-heads": 6,
        "abstained-area": "0", "abstained-heads": 0,
    }  # fmt: skip
    words = [word for name, value in numbers.items() for word in (f"--{name}", value)]
    entered = run(
        "enter-elsewhere", "加装电梯", "--place", "锦绣花园", "--majority", "special", "--held", "platform", "--by",
        "市住建局业主决策平台", "--ended-on", "2026-01-31", "--paper", "决策〔2026〕3号", *words, "--as",
        _number(compound.teller),
    )  # fmt: skip
    checked = run("check-elsewhere", entered["id"], *words, "--as", _number(compound.second_teller))
    assert checked["outcome"] == "passed"
    assert [one["outcome"] for one in run("list-elsewhere")] == ["passed"]
    shown = command("vote", "show", entered["id"], folder=compound.district.configuration.folder)
    assert shown.code == 0
    assert "市住建局业主决策平台" in shown.out


def test_owners_are_tied_and_their_phones_proved_by_commands(
    compound: VoteCompound, run: Run, command: Callable[..., Printed]
) -> None:
    folder, register = compound.district.configuration.folder, compound.district.register
    clerk = _number(somebody(compound.district, "clerk", compound.community))
    part = register.place("exclusive_part", "201", compound.place, record={"area": "50"})
    child = register.person(name="张三", phone="13800000001", home=part)
    an_organisation(compound.district, "association", compound.place, "锦绣合作社")

    def done(*words: str) -> None:
        printed = command(*words, folder=folder)
        assert printed.code == 0, printed.err

    done("person", "tie", str(child), "owner", "锦绣花园/201", "--owns-as", "minor", "--as", clerk)
    done("person", "tie", "锦绣合作社", "owner", "锦绣花园/101", "--as", clerk)
    assert {tie.record["as"] for tie in register.ties(at=part) if tie.kind == "owner"} == {"minor"}
    refused = command("person", "tie", "13900000009", "owner", "锦绣花园/201", "--as", clerk, folder=folder)
    assert refused.code == 1
    assert "13900000009" not in refused.err
    done("person", "prove-phone", str(child), "--as", clerk)
    assert not register.phone_opens_nothing(child)
    vote = compound.announced()
    assert run("phones", vote, "--as", _number(compound.teller)) == {"lines": [], "files": 0}
    assert command("vote", "phones", str(vote), "--as", _number(compound.teller), folder=folder).code == 0
