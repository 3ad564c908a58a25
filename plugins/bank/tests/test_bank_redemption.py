"""Gifts and their redemption: what is held, spent and given back, by whom, and what is refused."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from hypothesis import strategies as st

from linli import (
    ENGINE_ACTOR,
    District,
    NotAllowed,
    NotFound,
    PlaceId,
    Private,
    Refused,
    StoredSubject,
    new_id,
)
from linli._district.worker import Worker
from linli._engine.orders import Overdue
from linli._model.compiled import Move
from linli.testing import Explorer, Tried, a_place, all_of, snapshot
from linli_bank.banks import bank_at, shut_due
from linli_bank.gifts import GiftFlow, Offer
from linli_bank.redemptions import Cancel, HandOver, RedemptionFlow
from linli_bank.testing import BankCompound, bank_compound, who


@pytest.fixture
def compound(new_district: Callable[..., District]) -> BankCompound:
    found = bank_compound(new_district)
    found.give(100)
    return found


def _pass_time(compound: BankCompound, order: UUID) -> None:
    """Let the order's clock pass, and ring as its timer does."""
    compound.clock.now += timedelta(days=15)
    running = compound.district.subject(order).clocks["fetch"]
    ring = Overdue(subject=order, clock="fetch", turn=running.turn)
    compound.district.perform(ring, actor=ENGINE_ACTOR)


def test_an_order_holds_points_and_a_piece_and_handing_over_spends_both(compound: BankCompound) -> None:
    order = compound.order(compound.offer(price=10, pieces=5), 2)
    account = compound.district.award.account(who(compound.member))
    assert (account.free, account.held, account.spent) == (80, 20, 0)
    assert compound.stock() == (3, 2, 0)
    code = compound.bank.code(order, actor=compound.member)
    compound.district.perform(
        RedemptionFlow.hand_over(RedemptionFlow.ref(order), HandOver(code=code)), actor=compound.keeper
    )
    account = compound.district.award.account(who(compound.member))
    assert (account.free, account.held, account.spent) == (80, 0, 20)
    assert compound.stock() == (3, 0, 2)
    assert compound.district.award.audit().problems == ()


def test_cancelling_gives_both_back(compound: BankCompound) -> None:
    order = compound.order(compound.offer())
    compound.district.perform(
        RedemptionFlow.cancel(RedemptionFlow.ref(order), Cancel()), actor=compound.member
    )
    assert (compound.free(), compound.stock()) == (100, (5, 0, 0))


def test_an_order_that_nobody_fetches_expires_and_gives_both_back(compound: BankCompound) -> None:
    order = compound.order(compound.offer())
    _pass_time(compound, order)
    assert compound.district.subject(order).state == "expired"
    assert (compound.free(), compound.stock()) == (100, (5, 0, 0))
    assert [act.verb for act in compound.district.history(order)] == [
        "redemption.order",
        "redemption.late",
        "redemption.expire",
    ]


def test_a_worker_lets_an_order_expire_when_its_time_is_up(compound: BankCompound) -> None:
    order = compound.order(compound.offer())
    compound.clock.now += timedelta(days=15)
    Worker(compound.district).run_once(now=compound.clock.now)
    assert compound.district.subject(order).state == "expired"
    assert (compound.free(), compound.stock()) == (100, (5, 0, 0))


def test_an_order_does_not_expire_before_its_time(compound: BankCompound) -> None:
    order = compound.order(compound.offer())
    with pytest.raises(Refused, match="its time is not over"):
        compound.district.make(order, "expire", actor=ENGINE_ACTOR)


def test_what_was_handed_over_does_not_expire(compound: BankCompound) -> None:
    order = compound.order(compound.offer())
    compound.district.perform(
        RedemptionFlow.hand_over(RedemptionFlow.ref(order), HandOver(code=compound.bank.code(order)))
    )
    with pytest.raises(Refused):
        _pass_time(compound, order)
    assert compound.stock() == (4, 0, 1)


@pytest.mark.parametrize("code", [None, "", "000000x", "错"])
def test_a_gift_is_handed_over_for_its_code_only(compound: BankCompound, code: str | None) -> None:
    order = compound.order(compound.offer())
    before = snapshot(compound.district)
    with pytest.raises(Refused, match="the code is not the one of this order"):
        compound.district.perform(
            RedemptionFlow.hand_over(RedemptionFlow.ref(order), HandOver(code=code)), actor=compound.keeper
        )
    assert snapshot(compound.district) == before


def test_only_its_owner_sees_an_orders_code(compound: BankCompound) -> None:
    order = compound.order(compound.offer())
    for actor in (compound.keeper, compound.other_member):
        with pytest.raises(NotAllowed):
            compound.bank.code(order, actor=actor)
    assert compound.bank.code(order, actor=compound.member) == compound.bank.code(order)


def test_a_code_is_not_stored(compound: BankCompound) -> None:
    order = compound.order(compound.offer())
    code = compound.bank.code(order)
    subject, history = compound.district.subject(order), compound.district.history(order)
    assert code not in str(subject.record)
    assert all(code not in str(act.body) for act in history)


def test_a_district_can_do_without_codes(new_district: Callable[..., District]) -> None:
    compound = bank_compound(new_district, "[bank]\ncode = false\n")
    compound.give(100)
    order = compound.order(compound.offer())
    compound.district.perform(
        RedemptionFlow.hand_over(RedemptionFlow.ref(order), HandOver()), actor=compound.keeper
    )
    assert compound.stock() == (4, 0, 1)


def test_nobody_hands_over_to_themselves(compound: BankCompound) -> None:
    compound.give(10, compound.second_keeper)
    order = compound.order(compound.offer(), by=compound.second_keeper)
    with pytest.raises(Refused, match="it is about you"):
        compound.district.perform(
            RedemptionFlow.hand_over(RedemptionFlow.ref(order), HandOver(code=compound.bank.code(order))),
            actor=compound.second_keeper,
        )
    compound.district.perform(
        RedemptionFlow.hand_over(RedemptionFlow.ref(order), HandOver(code=compound.bank.code(order))),
        actor=compound.keeper,
    )


def test_a_keeper_orders_for_somebody_and_says_why_they_cancel(compound: BankCompound) -> None:
    gift = compound.offer()
    order = compound.bank.order(gift, who(compound.member), actor=compound.keeper).subject
    with pytest.raises(Refused, match="say why"):
        compound.district.perform(
            RedemptionFlow.cancel(RedemptionFlow.ref(order), Cancel()), actor=compound.keeper
        )
    compound.district.perform(
        RedemptionFlow.cancel(RedemptionFlow.ref(order), Cancel(reason=Private("缺货"))),
        actor=compound.keeper,
    )
    assert compound.free() == 100


def test_nobody_orders_with_anothers_points(compound: BankCompound) -> None:
    gift = compound.offer()
    with pytest.raises(NotAllowed):
        compound.bank.order(gift, who(compound.member), actor=compound.other_member)
    order = compound.order(gift)
    with pytest.raises(NotAllowed):
        compound.district.perform(
            RedemptionFlow.cancel(RedemptionFlow.ref(order), Cancel(reason=Private("x"))),
            actor=compound.other_member,
        )


def test_too_few_points_are_refused_with_both_numbers(compound: BankCompound) -> None:
    gift = compound.offer(price=60)
    with pytest.raises(Refused, match="120 points are needed, 100 are there"):
        compound.order(gift, 2)


def test_too_few_pieces_are_refused_with_both_numbers(compound: BankCompound) -> None:
    gift = compound.offer(pieces=1)
    with pytest.raises(Refused, match="2 pieces are needed, 1 are there"):
        compound.order(gift, 2)


@pytest.mark.parametrize("pieces", [0, -1, 6])
def test_only_a_few_pieces_are_ordered_at_a_time(compound: BankCompound, pieces: int) -> None:
    gift = compound.offer(pieces=10)
    with pytest.raises(Refused, match="order 1 to 5 pieces"):
        compound.order(gift, pieces)


def test_a_price_that_changed_since_it_was_seen_refuses_the_order(compound: BankCompound) -> None:
    gift = compound.offer(price=10)
    compound.district.make(gift, "reprice", {"price": 12})
    with pytest.raises(Refused, match="its price is 12 points now"):
        compound.order(gift, price=10)
    compound.order(gift, price=12)
    assert compound.free() == 88


def test_an_order_keeps_the_price_it_was_made_at(compound: BankCompound) -> None:
    gift = compound.offer(price=10)
    order = compound.order(gift)
    compound.district.make(gift, "reprice", {"price": 90})
    compound.district.perform(
        RedemptionFlow.cancel(RedemptionFlow.ref(order), Cancel()), actor=compound.member
    )
    assert compound.free() == 100


def test_what_is_withdrawn_is_not_ordered_but_still_fetched(compound: BankCompound) -> None:
    gift = compound.offer()
    order = compound.order(gift)
    compound.district.make(gift, "withdraw", {"reason": "换季"})
    with pytest.raises(Refused, match="not offered any more"):
        compound.order(gift)
    compound.district.perform(
        RedemptionFlow.hand_over(RedemptionFlow.ref(order), HandOver(code=compound.bank.code(order)))
    )


def test_a_gift_is_ordered_where_it_is_offered(compound: BankCompound) -> None:
    elsewhere = a_place(compound.district, "别处")
    values = {"gift": compound.offer()}
    with pytest.raises(Refused, match="where it is offered"):
        compound.district.start("redemption", "order", elsewhere, values, person=who(compound.member))


def test_whoever_has_no_account_redeems_nothing(compound: BankCompound) -> None:
    compound.give(50, compound.resident)
    with pytest.raises(Refused, match="no account with the bank"):
        compound.order(compound.offer(), by=compound.resident)


def test_a_refusal_says_what_comes_first_and_not_the_points(new_district: Callable[..., District]) -> None:
    compound = bank_compound(new_district, "[[bank.ledgers]]\nredemptions = 1\nredemptions_per = 'quarter'\n")
    compound.give(10)
    dear, cheap = compound.offer(price=50), compound.offer(price=10)
    with pytest.raises(Refused, match="no account with the bank"):
        compound.order(dear, by=compound.resident)
    compound.order(cheap)
    with pytest.raises(Refused, match="redeemed 1 times in 2026-Q1"):
        compound.order(dear)
    compound.district.make(dear, "withdraw", {"reason": "换季"})
    with pytest.raises(Refused, match="not offered any more"):
        compound.order(dear, by=compound.other_member)


def test_an_order_past_its_time_is_not_handed_over_though_no_worker_ran(compound: BankCompound) -> None:
    order = compound.order(compound.offer())
    code = compound.bank.code(order)
    compound.clock.now += timedelta(days=14)
    before = snapshot(compound.district)
    with pytest.raises(Refused, match="was to be fetched by 2026-03-16"):
        compound.district.perform(
            RedemptionFlow.hand_over(RedemptionFlow.ref(order), HandOver(code=code)), actor=compound.keeper
        )
    assert snapshot(compound.district) == before
    compound.district.perform(
        RedemptionFlow.cancel(RedemptionFlow.ref(order), Cancel()), actor=compound.member
    )
    assert compound.free() == 100


def test_a_statement_says_what_was_ordered_and_what_became_of_it(compound: BankCompound) -> None:
    order = compound.order(compound.offer(), 2)
    compound.district.perform(
        RedemptionFlow.hand_over(RedemptionFlow.ref(order), HandOver(code=compound.bank.code(order))),
        actor=compound.keeper,
    )
    (page,) = compound.bank.statement(who(compound.member)).pages
    assert str(page.bought[order]) == "洗衣液 × 2: handed over"
    assert page.lines[0].subject == order


def test_zeroing_beside_a_cancelled_order_never_shows_a_balance_below_zero(
    new_district: Callable[..., District],
) -> None:
    compound = bank_compound(new_district, "[[bank.ledgers]]\nzeroed = true\n")
    compound.give(6)
    gift = compound.offer(price=3)
    kept, given_back = compound.order(gift), compound.order(gift)
    compound.district.perform(
        RedemptionFlow.hand_over(RedemptionFlow.ref(kept), HandOver(code=compound.bank.code(kept))),
        actor=compound.keeper,
    )
    compound.district.perform(
        RedemptionFlow.cancel(RedemptionFlow.ref(given_back), Cancel()), actor=compound.member
    )
    lines = compound.district.award.statement(who(compound.member))
    assert [(line.amount, line.balance) for line in lines[:2]] == [(-3, 0), (3, 3)]
    assert all(line.balance >= 0 for line in lines)


def test_whoever_offers_the_same_gift_twice_or_for_nothing_is_asked(compound: BankCompound) -> None:
    assert compound.bank.doubts(compound.place, "洗衣液", 10) == []
    gift = compound.offer()
    (again,) = compound.bank.doubts(compound.place, "洗衣液", 10)
    assert str(gift) in str(again)
    (free,) = compound.bank.doubts(compound.place, "伞", 0)
    assert "price is 0" in str(free)


def test_a_redemption_limit_follows_a_person_whose_records_were_merged(
    new_district: Callable[..., District],
) -> None:
    """Orders, what was earned in the period, breaches: under each number, whichever record stays."""
    compound = bank_compound(new_district, "[[bank.ledgers]]\nredemptions = 1\nredemptions_per = 'quarter'\n")
    register = compound.district.register
    people = [
        register.person(name=name, phone=f"1380013800{n}") for n, name in enumerate(("王芳", "王方", "王仿"))
    ]
    for one in people:
        compound.bank.join(one, compound.place)
    gift = compound.offer(price=1)
    compound.district.award.award(people[0], 50, "by hand", reason="x", place=compound.place)
    order = compound.bank.order(gift, people[0]).subject
    compound.district.perform(
        RedemptionFlow.hand_over(RedemptionFlow.ref(order), HandOver(code=compound.bank.code(order))),
        actor=compound.keeper,
    )
    for gone, stays in pairwise(people):
        register.merge(gone, stays)
        for number in (gone, stays):
            with pytest.raises(Refused, match="redeemed 1 times in 2026-Q1"):
                compound.bank.order(gift, number)


@pytest.mark.parametrize("gift", [None, "x", new_id()])
def test_an_unknown_gift_is_refused(compound: BankCompound, gift: object) -> None:
    values = {} if gift is None else {"gift": gift}
    with pytest.raises(Refused):
        compound.district.start("redemption", "order", compound.place, values, person=who(compound.member))
    with pytest.raises(NotFound):
        compound.bank.order(new_id(), who(compound.member))


def test_stock_is_counted_up_and_written_off(compound: BankCompound) -> None:
    gift = compound.offer(pieces=0)
    compound.district.make(gift, "restock", {"pieces": 7}, actor=compound.keeper)
    compound.district.make(gift, "write_off", {"pieces": 2, "reason": "破损"}, actor=compound.keeper)
    assert compound.stock() == (5, 0, 0)
    with pytest.raises(Refused, match="6 pieces are needed, 5 are there"):
        compound.district.make(gift, "write_off", {"pieces": 6, "reason": "破损"})
    for pieces in (0, -3):
        with pytest.raises(Refused, match="1 or more"):
            compound.district.make(gift, "restock", {"pieces": pieces})
    with pytest.raises(Refused, match="0 or more"):
        compound.district.perform(GiftFlow.offer.at(PlaceId(compound.place), Offer(name="x", price=-1)))
    assert compound.district.award.audit().problems == ()


def test_an_order_that_is_repeated_with_its_key_is_one_order(compound: BankCompound) -> None:
    gift, key = compound.offer(), new_id()
    assert len({compound.order(gift, key=key) for _ in range(3)}) == 1
    assert compound.stock() == (4, 1, 0)


class Orders(Explorer):
    """Every move of an order, by everybody, in every order, its clock's too."""

    examples = 10
    steps = 6
    decided_figures = frozenset({"bank.compounds"})

    def __init__(self, compound: BankCompound) -> None:
        super().__init__(compound.district, {**compound.actors, "linli": ENGINE_ACTOR})
        self.compound = compound
        self.gift = compound.offer(price=3, pieces=10**6)
        compound.give(10**6)
        self.given = compound.free()

    def decided(self, other: District, place: UUID, into: UUID) -> None:
        """Orders wait, so nothing is carried: the bank is shut, and what was ordered is fetched all the same."""
        clock, desk = self.compound.clock, bank_at(place)
        today = clock.now
        other.make(desk, "close", {"reason": "合并"})
        clock.now += other.subject(desk).record.last_day - today.date() + timedelta(days=1)
        assert [act.subject for act in shut_due(other)] == [desk]
        clock.now = today

    def opened(self) -> UUID:
        self.order = self.compound.order(self.gift, 2)
        return self.order

    def values(self, move: Move, subject: StoredSubject) -> Mapping[str, st.SearchStrategy[Any]]:
        right = self.compound.bank.code(subject.id)
        return {"code": st.sampled_from([right, right, "000000", ""])}

    def holds(self, root: UUID, tried: list[Tried]) -> None:
        made = [one.move.name for one in tried if one.act]
        assert len(made) <= 1, "an order ends once"
        state = self.district.subject(root).state
        balance = self.district.award.account
        held = {"ordered": 6}.get(state, 0)
        account = balance(who(self.compound.member))
        assert (account.held, account.free + account.held + account.spent) == (
            held + self._open(root),
            self.given,
        )
        shelf = self.compound.bank.gifts()[0]
        assert shelf.handed_over * 3 == account.spent
        assert shelf.held * 3 == account.held
        assert self.district.award.audit().problems == ()

    def _open(self, but: UUID) -> int:
        """Points held by the orders of earlier examples."""
        found = all_of(self.district, "redemption", "ordered")
        return 6 * sum(1 for order in found if order.id != but)


def test_whatever_is_tried_with_an_order_points_and_pieces_add_up(compound: BankCompound) -> None:
    tried = Orders(compound).explore()
    assert any(one.act for one in tried)
    assert any(not one.act for one in tried)


MOVES = ("hand_over", "cancel", "expire")
ALLOWED = {
    *(("ordered", "hand_over", actor) for actor in ("keeper", "second_keeper")),
    *(("ordered", "cancel", actor) for actor in ("keeper", "second_keeper", "member")),
}


def _order_in(compound: BankCompound, state: str) -> UUID:
    """An order in a state."""
    order = compound.order(compound.offer(price=1, pieces=9))
    if state == "handed_over":
        compound.district.perform(
            RedemptionFlow.hand_over(RedemptionFlow.ref(order), HandOver(code=compound.bank.code(order)))
        )
    elif state == "cancelled":
        compound.district.perform(
            RedemptionFlow.cancel(RedemptionFlow.ref(order), Cancel()), actor=compound.member
        )
    elif state == "expired":
        _pass_time(compound, order)
    return order


@pytest.mark.parametrize("state", ["ordered", "handed_over", "cancelled", "expired"])
def test_each_move_is_made_by_whom_it_is_for_and_only_where_it_may_be(
    compound: BankCompound, state: str
) -> None:
    actors = {**compound.actors, "linli": ENGINE_ACTOR}
    for move in MOVES:
        for name, actor in actors.items():
            order = _order_in(compound, state)
            code = compound.bank.code(order)
            values = {"hand_over": {"code": code}, "cancel": {"reason": "x"}}.get(move, {})
            before = snapshot(compound.district)
            try:
                compound.district.make(order, move, values, actor=actor)
            except Refused:
                happened = False
            else:
                happened = True
            assert happened == ((state, move, name) in ALLOWED), (state, move, name)
            assert happened or snapshot(compound.district) == before, (state, move, name)
    assert compound.district.award.audit().problems == ()
