"""`linli bank`, `linli gift` and `linli redemption`."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import click
import pytest
from click.testing import CliRunner

from linli import District, Refused
from linli.testing import a_place
from linli_bank.cli import bank
from linli_bank.desk_cli import breach, credit, waiver, window
from linli_bank.gift_cli import gift, redemption
from linli_bank.testing import BankCompound, bank_compound, open_bank, who


@pytest.fixture
def compound(new_district: Callable[..., District]) -> BankCompound:
    return bank_compound(new_district)


def _run(compound: BankCompound, noun: click.Group, *arguments: object) -> str:
    where = {"path": str(compound.district.configuration.folder)}
    result = CliRunner().invoke(noun, [str(one) for one in arguments], obj=where)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.stdout


def _json(compound: BankCompound, noun: click.Group, *arguments: object) -> Any:
    return json.loads(_run(compound, noun, *arguments, "--json"))


def test_a_gift_is_offered_ordered_and_handed_over(compound: BankCompound) -> None:
    compound.give(100)
    offered = _json(
        compound, gift, "offer", "--name", "洗衣液", "--place", compound.place, "--price", 30, "--pieces", 2
    )
    order = _json(compound, gift, "order", offered["id"], "--for", who(compound.member))
    assert (
        order["code"] == _run(compound, redemption, "code", order["id"], "--as", who(compound.member)).strip()
    )
    assert str(order["number"]) in _run(compound, redemption, "list", "--open")
    with pytest.raises(Refused, match="code is not the one"):
        _run(compound, redemption, "hand-over", order["id"], "--code", "x")
    _run(compound, redemption, "hand-over", order["id"], "--code", order["code"])
    _run(compound, gift, "restock", offered["id"], "--pieces", 5)
    (shelf,) = _json(compound, gift, "list")
    assert (shelf["free"], shelf["held"], shelf["handed_over"]) == (6, 0, 1)
    assert "洗衣液" in _run(compound, gift, "list", "--place", compound.place)


def test_a_keeper_who_orders_for_somebody_does_not_see_their_code(compound: BankCompound) -> None:
    compound.give(100)
    number = compound.offer()
    order = _json(
        compound, gift, "order", number, "--for", who(compound.member), "--as", who(compound.keeper)
    )
    assert order["code"] is None


def test_somebody_joins_is_suspended_resumes_and_leaves(compound: BankCompound) -> None:
    person = who(compound.resident)
    _run(compound, bank, "join", "--for", person, "--place", compound.place)
    assert "suspended" in _run(compound, bank, "suspend", person, "--reason", "争议", "--until", "2030-01-01")
    assert "open" in _run(compound, bank, "resume", person)
    assert "closed" in _run(compound, bank, "leave", person)


def test_a_bank_is_opened_once(compound: BankCompound) -> None:
    with pytest.raises(Refused, match="already"):
        _run(compound, bank, "open", "--place", compound.place)


def test_a_bank_that_closes_is_opened_again_and_carried(compound: BankCompound) -> None:
    other = a_place(compound.district, "阳光小区")
    open_bank(compound.district, other)
    assert "points can be spent until" in _run(compound, bank, "close", compound.place, "--reason", "停办")
    assert "open" in _run(compound, bank, "reopen", compound.place)
    carried = ("--carried-to", "阳光小区", "--worth", "0.5", "--reason", "合并")
    assert "carried" in _run(compound, bank, "carry", compound.place, *carried)


def test_a_waiver_is_proposed_where_they_joined(compound: BankCompound) -> None:
    owes = ("--for", who(compound.member), "--reason", "困难", "--as", who(compound.keeper))
    with pytest.raises(Refused, match="they owe nothing"):
        _run(compound, waiver, "propose", *owes)
    with pytest.raises(Refused, match="say who it is about"):
        _run(compound, waiver, "propose", "--reason", "x", "--as", who(compound.keeper))


def test_breaches_windows_and_pending_points_are_decided_by_a_second_person(
    new_district: Callable[..., District],
) -> None:
    settings = "[[bank.breaches]]\nname = '抽烟'\nfactor = 0.5\n[[bank.ledgers]]\nopening = true\n"
    compound = bank_compound(new_district, settings)
    member, keeper = who(compound.member), who(compound.keeper)
    second = who(compound.second_keeper)
    reported = _json(
        compound, breach, "report", "--for", member, "--kind", "抽烟", "--reason", "x", "--as", keeper
    )
    assert "breach stands" in _run(compound, breach, "confirm", reported["id"], "--as", second)
    days = ("--scored", "2025", "--first", "2026-03-02", "--last", "2999-12-31")
    asked = _json(compound, window, "propose", "--place", compound.place, *days, "--as", keeper)
    assert str(asked["number"]) in _run(compound, window, "list", "--open")
    assert _json(compound, credit, "list", "--open") == []
    shown = _json(compound, bank, "statement", member, "--as", member)
    assert shown["breaches"][0]["reason"] == "x"
    assert "抽烟" in _run(compound, bank, "statement", member)


def test_lists_are_shown_and_published_and_a_number_told(new_district: Callable[..., District]) -> None:
    settings = "[[bank.rules]]\nname = 'x'\nact = 'a.b'\npoints = 1\n[[bank.ledgers]]\nlists = ['points']\n"
    compound = bank_compound(new_district, settings)
    compound.give(7)
    compound.clock.now += timedelta(days=40)
    place, member = compound.place, who(compound.member)
    number = _run(compound, bank, "number", member, "--period", "2026-Q1", "--as", member).strip()
    # Commands open the district on today's clock, so that the quarter of the test is named by a day of it.
    day = ("--period", "2026-Q1")
    found = _json(compound, bank, "list", "points", "--place", place, *day)
    assert number in {line["number"] for line in found}
    assert "published" in _run(compound, bank, "publish", "points", "--place", place, *day)
    (rule,) = _json(compound, bank, "rules")
    assert (rule["name"], rule["unknown"]) == ("x", True)
    assert "x" in _run(compound, bank, "rules")
    _run(compound, gift, "offer", "--name", "米", "--place", place, "--price", 3, "--ledger", "points")


@pytest.mark.parametrize("noun", [bank, gift, redemption, credit, breach, waiver, window])
def test_help_teaches_by_examples(compound: BankCompound, noun: click.Group) -> None:
    assert f"linli {noun.name} " in _run(compound, noun, "--help")
