"""Ledgers side by side, their limits, and what contradicts itself in them."""

import threading
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli import Actor, District, PlaceId, Refused
from linli._district.checking import checked
from linli.testing import all_of, write_district
from linli_bank.gifts import GiftFlow, Offer
from linli_bank.periods import RECURRING, SHORTEST, before, bounds, named, period
from linli_bank.redeeming import window_of
from linli_bank.redemptions import HandOver, RedemptionFlow
from linli_bank.settings import Ledger
from linli_bank.testing import BankCompound, bank_compound, who
from linli_bank.testing.year import Year, year

New = Callable[..., District]
TWO = "[[bank.ledgers]]\nunit = 'points'\n[[bank.ledgers]]\nunit = '报到积分'\n"


def _give(compound: BankCompound, amount: int, unit: str, to: Actor | None = None) -> None:
    person = who(to or compound.member)
    compound.district.award.award(person, amount, "by hand", reason="x", place=compound.place, unit=unit)


def test_a_gift_is_paid_from_its_own_ledger(new_district: New) -> None:
    compound = bank_compound(new_district, TWO)
    gift = compound.district.perform(
        GiftFlow.offer.at(PlaceId(compound.place), Offer(name="米", price=5, pieces=9, ledger="报到积分"))
    ).subject
    _give(compound, 50, "points")
    with pytest.raises(Refused, match="5 报到积分 are needed, 0 are there"):
        compound.order(gift)
    _give(compound, 7, "报到积分")
    order = compound.order(gift)
    compound.district.perform(
        RedemptionFlow.hand_over(RedemptionFlow.ref(order), HandOver(code=compound.bank.code(order))),
        actor=compound.keeper,
    )
    assert compound.district.award.account(who(compound.member), "报到积分").spent == 5
    assert compound.free() == 50
    assert compound.district.award.audit().problems == ()


def test_a_gift_needs_a_ledger_and_costs_the_first_ones_unit_by_default(new_district: New) -> None:
    compound = bank_compound(new_district, TWO)
    with pytest.raises(Refused, match="stars has no ledger; there are: points, 报到积分"):
        compound.district.perform(
            GiftFlow.offer.at(PlaceId(compound.place), Offer(name="米", price=5, pieces=9, ledger="stars"))
        )
    with pytest.raises(Refused, match="stars has no ledger; there are: points, 报到积分"):
        _give(compound, 5, "stars")
    gift = compound.offer()
    assert compound.district.subject(gift).record.ledger == "points"
    compound.give(10)
    _give(compound, 10, "报到积分")
    with pytest.raises(Refused, match="leave it out"):
        compound.district.start(
            "redemption",
            "order",
            compound.place,
            {"gift": gift, "ledger": "报到积分"},
            person=who(compound.member),
        )


def test_a_limit_of_one_ledger_does_not_count_orders_of_the_other(new_district: New) -> None:
    compound = bank_compound(
        new_district, TWO.replace("'points'", "'points'\nredemptions = 1\nredemptions_per = 'year'")
    )
    other = compound.district.perform(
        GiftFlow.offer.at(PlaceId(compound.place), Offer(name="米", price=1, pieces=9, ledger="报到积分"))
    ).subject
    _give(compound, 9, "报到积分")
    compound.give(30)
    compound.order(other)
    compound.order(other)
    gift = compound.offer()
    compound.order(gift)
    with pytest.raises(Refused, match="have redeemed 1 times in 2026; the most is 1"):
        compound.order(gift)


def test_whoever_has_fewer_free_than_the_threshold_redeems_nothing(new_district: New) -> None:
    compound = bank_compound(new_district, "[[bank.ledgers]]\nthreshold = 20\n")
    gift = compound.offer(price=5)
    compound.give(19)
    with pytest.raises(Refused, match="20 points are needed to redeem, 19 are there"):
        compound.order(gift)
    compound.give(1)
    compound.order(gift)
    with pytest.raises(Refused, match="20 points are needed to redeem, 15 are there"):
        compound.order(gift)


def test_what_was_reversed_was_not_earned(new_district: New) -> None:
    ledger = "[[bank.ledgers]]\nthreshold = 5\nthreshold_of = 'earned'\nthreshold_period = 'month'\n"
    compound = bank_compound(new_district, ledger)
    first = compound.district.award.award(
        who(compound.member), 4, "by hand", reason="x", place=compound.place
    )
    compound.give(4)
    compound.district.award.reverse(first.id, "by hand", who(compound.member), "x", place=compound.place)
    compound.clock.now += timedelta(days=30)
    compound.give(100)  # this month's do not count for last month
    (why,) = compound.bank.may_not_redeem(who(compound.member), compound.place)
    assert "5 points had to be earned in 2026-03 to redeem; 4 were" in str(why)


def test_two_orders_at_once_do_not_break_a_limit_together(new_district: New) -> None:
    compound = bank_compound(new_district, "[[bank.ledgers]]\nredemptions = 2\nredemptions_per = 'quarter'\n")
    gift = compound.offer(price=1, pieces=100)
    compound.give(100)
    answers: list[str] = []

    def orders() -> None:
        try:
            compound.order(gift)
        except Refused as refusal:
            answers.append(str(refusal))
        else:
            answers.append("ordered")

    threads = [threading.Thread(target=orders) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert answers.count("ordered") == 2
    assert sum("the most is 2" in answer for answer in answers) == 6
    assert compound.stock()[1] == 2


def test_a_confirmation_by_two_at_once_pays_once(new_district: New) -> None:
    rule = '[[bank.rules]]\nname = "x"\nact = "seat.attend"\npays = "person"\npoints = 4\nconfirm = true\n'
    here = year(new_district, rule)
    here.attends(60)
    (credit,) = _pending(here)
    done: list[str] = []

    def decides(move: str, actor: Actor) -> None:
        values = {"reason": "x"} if move == "reject" else {}
        try:
            here.district.make(credit, move, values, actor=actor)
        except Refused:
            done.append("refused")
        else:
            done.append(move)

    keepers = (here.compound.keeper, here.compound.second_keeper)
    threads = [
        threading.Thread(target=decides, args=(move, keeper))
        for move in ("confirm", "reject")
        for keeper in keepers * 2
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(set(done)) in (["confirm", "refused"], ["refused", "reject"])
    assert done.count("refused") == len(threads) - 1
    assert here.free() == (4 if "confirm" in done else 0)


def _pending(here: Year) -> list[UUID]:
    return [one.id for one in all_of(here.district, "credit")]


def test_zeroing_and_an_award_at_once_lose_no_point(new_district: New) -> None:
    compound = bank_compound(new_district, "[[bank.ledgers]]\nzeroed = true\n")
    compound.give(100)
    gift = compound.offer(price=1, pieces=100)
    order = compound.order(gift)
    code = compound.bank.code(order)
    fetched = RedemptionFlow.hand_over(RedemptionFlow.ref(order), HandOver(code=code))
    threads = [threading.Thread(target=compound.give, args=(1,)) for _ in range(6)]
    threads.insert(3, threading.Thread(target=compound.district.perform, args=(fetched,)))
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    account = compound.district.award.account(who(compound.member))
    assert account.spent == 1
    assert account.free + account.expired == 100 - 1 + 6
    assert compound.district.award.audit().problems == ()


# --- windows and periods -------------------------------------------------------------------------------


@given(st.sampled_from(RECURRING), st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_a_period_is_named_and_found_by_its_name(kind: Any, day: date) -> None:
    first, last = bounds(kind, day)
    assert first <= day <= last
    assert named(period(kind, day)) == (first, last)
    assert {period(kind, first), period(kind, last)} == {period(kind, day)}
    assert before(kind, day)[1] == first - timedelta(days=1)
    assert (last - first).days + 1 >= SHORTEST[kind]


@given(
    st.sampled_from(RECURRING),
    st.dates(date(2024, 1, 1), date(2027, 12, 31)),
    st.integers(1, 28),
    st.booleans(),
    st.data(),
)
def test_a_window_is_in_its_period_and_never_over(
    kind: Any, day: date, begins: int, at_end: bool, data: st.DataObject
) -> None:
    days = data.draw(st.integers(1, begins if at_end else SHORTEST[kind] - begins + 1))
    ledger = Ledger(window=kind, window_from=-begins if at_end else begins, window_days=days)
    first, last = window_of(ledger, day)
    assert (last - first).days + 1 == days
    assert day <= last
    assert bounds(kind, first) == bounds(kind, last)


# --- contradictions ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "where"),
    [
        ("unit = 'pieces'", "ledgers[0].unit"),
        ("unit = 'minutes'", "ledgers[0].unit"),
        ("unit = ' '", "ledgers[0].unit"),
        ("redemptions = 1", "ledgers[0].redemptions"),
        ("redemptions_per = 'year'", "ledgers[0].redemptions"),
        ("window = 'month'", "ledgers[0].window"),
        ("window_days = 3", "ledgers[0].window"),
        ("window_from = 3", "ledgers[0].window_from"),
        ("window = 'month'\nwindow_days = 1\nwindow_from = 0", "ledgers[0].window_from"),
        ("window = 'month'\nwindow_days = 1\nwindow_from = 29", "ledgers[0].window_from"),
        ("window = 'month'\nwindow_days = 20\nwindow_from = 10", "ledgers[0].window_days"),
        ("window = 'month'\nwindow_days = 4\nwindow_from = -3", "ledgers[0].window_days"),
        ("window = 'month'\nwindow_days = 4\nopening = true", "ledgers[0].opening"),
        ("threshold = 5\nthreshold_of = 'earned'", "ledgers[0].threshold_period"),
        ("threshold = 5\nthreshold_period = 'month'", "ledgers[0].threshold_period"),
        ("threshold_of = 'earned'\nthreshold_period = 'month'", "ledgers[0].threshold"),
        ("lists = ['ineligible']", "ledgers[0].lists"),
        ("lists = ['points', 'points']", "ledgers[0].lists"),
        (
            "lists = ['ineligible']\nthreshold = 5\nthreshold_of = 'earned'\nthreshold_period = 'month'",
            "ledgers[0].lists_every",
        ),
        ("[[bank.ledgers]]", "ledgers[1].unit"),
        ("[[bank.rules]]\nname = 'x'\nact = 'a.b'\npoints = 1\nunit = 'stars'", "rules[0].unit"),
        (
            "[[bank.breaches]]\nname = 'x'\nfactor = 1\n[[bank.breaches]]\nname = 'x'\nfactor = 0",
            "breaches[1].name",
        ),
        ("[[bank.breaches]]\nname = ''\nfactor = 1", "breaches[0].name"),
        ("[bank]\nwindows_by = 'meeting'", "windows_by"),
    ],
)
def test_what_contradicts_itself_is_refused_where_it_does(tmp_path: Any, settings: str, where: str) -> None:
    """As `linli config check` finds it."""
    folder = write_district(tmp_path, enabled=("bank",), more=f"[[bank.ledgers]]\n{settings}\n")
    assert [problem.where for problem in checked(folder).problems] == [f"bank.{where}"]


@pytest.mark.parametrize(("since", "found"), [("2026-06-30", ["bank.rules[1].name"]), ("2026-07-01", [])])
def test_a_rule_that_changes_keeps_its_name_where_its_days_follow(
    tmp_path: Any, since: str, found: list[str]
) -> None:
    rule = "[[bank.rules]]\nname = 'x'\nact = 'task.confirm'\npoints = {}\n{}\n"
    more = rule.format(1, "until = 2026-06-30") + rule.format(2, f"since = {since}")
    folder = write_district(tmp_path, enabled=("bank",), more=more)
    assert [problem.where for problem in checked(folder).problems] == found
