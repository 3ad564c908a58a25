"""`linli branch` and `linli survey`, as a clerk types them."""

import json
from collections.abc import Callable
from typing import Any

import click
import pytest
from click.testing import CliRunner

from linli import District, NotAllowed, Refused
from linli_party.cli import branch
from linli_party.survey_cli import survey
from linli_party.testing import Street, party_street, who


@pytest.fixture
def street(new_district: Callable[..., District]) -> Street:
    return party_street(new_district)


def _run(street: Street, noun: click.Group, *arguments: object) -> str:
    where = {"path": str(street.district.configuration.folder)}
    result = CliRunner().invoke(noun, [str(one) for one in arguments], obj=where)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.stdout


def _json(street: Street, noun: click.Group, *arguments: object) -> Any:
    return json.loads(_run(street, noun, *arguments, "--json"))


def _committee(street: Street, *numbers: int, option: str = "--committee") -> list[object]:
    return [word for one in street.people(*numbers) for word in (option, one)]


def _nominees(street: Street, *numbers: int) -> list[object]:
    return _committee(street, *numbers, option="--nominees")


def test_a_branch_is_proposed_approved_and_looked_at(street: Street) -> None:
    place = ("--place", "锦绣花园", "--branch-kind", "functional")
    proposed = _json(street, branch, "propose", "--name", "锦绣花园党支部", *place, *_nominees(street, 0, 1))
    _run(street, branch, "return", proposed["id"], "--reason", "班子不齐")
    _run(
        street, branch, "propose-again", proposed["id"], "--branch-kind", "ordinary", *_nominees(street, 1, 2)
    )
    assert "in being" in _run(street, branch, "approve", proposed["id"], "--since", "2026-03-01")
    shown = _json(street, branch, "committee", "锦绣花园")
    assert [seat["person"] for seat in shown["seats"]] == [str(one) for one in street.people(1, 2)]
    said = _run(street, branch, "committee", proposed["id"])
    assert "branch_secretary" in said
    assert "term, counted from the first" in said
    assert str(proposed["number"]) in _run(street, branch, "list", "--open")
    assert _json(street, branch, "show", proposed["id"])["branch_kind"] == "ordinary"


def test_a_committee_is_changed_re_elected_and_its_re_election_postponed(street: Street) -> None:
    street.set_up()
    _run(street, branch, "change-committee", "锦绣花园", *_committee(street, 2), "--reason", "工作调整")
    _run(street, branch, "re-elect", "锦绣花园", *_committee(street, 3, 4))
    shown = _json(street, branch, "committee", "锦绣花园")
    assert (shown["number"], len(shown["seats"])) == (2, 2)
    due = shown["due_on"]
    later = f"{int(due[:4]) + 1}-01-01" if due[5:] > "01-01" else f"{due[:4]}-12-31"
    assert "postponed" in _run(
        street, branch, "postpone", "锦绣花园", "--due-on", later, "--reason", "小区改造"
    )


def test_what_could_be_and_what_is_covered_is_listed(street: Street) -> None:
    street.set_up()
    listed = _json(street, branch, "possible", "--place", "城南街道")
    assert {one["name"]: one["lacks"]["functional"] for one in listed}["幸福里"] == []
    assert "possible" in _run(street, branch, "possible")
    assert _json(street, branch, "coverage")["of_all"] == 0.5
    assert "50.0%" in _run(street, branch, "coverage", "--place", "百春园社区")


def test_a_branch_that_there_is_is_entered_leads_and_ends(street: Street) -> None:
    place = ("--place", "锦绣花园", "--branch-kind", "ordinary", "--since", "2021-06-01")
    entered = _json(
        street,
        branch,
        "enter",
        "--name",
        "老支部",
        *place,
        "--elected-on",
        "2024-06-01",
        *_nominees(street, 0),
    )
    street.district.register.organisation("association", "广场舞队", street.old)
    assert len(_json(street, branch, "lead", entered["id"], "--association", "广场舞队")["associations"]) == 1
    released = _json(street, branch, "release", "锦绣花园", "--association", "广场舞队", "--reason", "已解散")
    assert released["associations"] == []
    with pytest.raises(Refused, match="nothing would change"):
        _run(street, branch, "recount", "锦绣花园")
    street.set_up("幸福里党支部", at=street.commercial)
    into = street.party.branch_at(street.commercial).id
    assert "merged" in _run(street, branch, "merge", entered["id"], "--into", into, "--reason", "合并")
    assert "dissolved" in _run(street, branch, "dissolve", into, "--reason", "撤销")


def test_a_survey_goes_from_the_call_to_its_acceptance(street: Street) -> None:
    street.set_up()
    called = _json(street, survey, "call", "--place", "城南街道", "--round", "2026")
    assert [one["compound"] for one in called] == ["锦绣花园", "幸福里"] or len(called) == 2
    number = next(one["number"] for one in called if one["compound"] == "锦绣花园")
    for member in street.members:
        _run(street, survey, "note", who(member), "--place", "锦绣花园", "--not-reported", "--not-active")
    assert "锦绣花园" in _run(street, survey, "numbers")
    assert _json(street, survey, "numbers", "--place", "锦绣花园")[0]["not_reported"] == 5
    secretary = ("--as", who(street.members[0]))
    assert len(_json(street, survey, "members", "--place", "锦绣花园", *secretary)) == 5
    assert str(who(street.members[4])) in _run(street, survey, "members", "--place", "锦绣花园", *secretary)
    with pytest.raises(NotAllowed, match="branch alone"):
        _run(street, survey, "members", "--place", "锦绣花园")
    assert "handed in" in _run(street, survey, "hand-in", number, *secretary)
    assert "accepted" in _run(street, survey, "accept", number)


@pytest.mark.parametrize("noun", [branch, survey])
def test_help_teaches_by_examples(street: Street, noun: click.Group) -> None:
    assert f"linli {noun.name} " in _run(street, noun, "--help")
