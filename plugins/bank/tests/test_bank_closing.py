"""A bank that is shut sells and offers nothing; what is left is kept, or carried; nobody is left without one unasked."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from linli import ENGINE_ACTOR, Actor, District, NotAllowed, PlaceId, Private, Refused
from linli._district.worker import Worker
from linli.testing import a_place, all_of, somebody
from linli_bank.banks import BankFlow, Carry, bank_at, shut_due
from linli_bank.gifts import GiftFlow, Offer
from linli_bank.redemptions import Cancel, HandOver, RedemptionFlow
from linli_bank.testing import BankCompound, bank_compound, open_bank, who
from linli_bank.testing.year import Year, year

Make = Callable[..., District]
RULE = """
[[bank.rules]]
name = "志愿服务"
act = "seat.attend"
taken_back_by = ["seat.annul"]
earned_again_by = ["seat.count_again"]
pays = "person"
points = 10
"""


@pytest.fixture
def compound(new_district: Make) -> BankCompound:
    found = bank_compound(new_district, "[bank]\nclosing_days = 10\nfetch_within = '60d'\n")
    found.give(100)
    return found


def _close(compound: BankCompound) -> UUID:
    return compound.district.make(bank_at(compound.place), "close", {"reason": "停办"}).subject


def _shut(compound: BankCompound) -> UUID:
    """Announce it and let its days pass, without any worker."""
    bank = _close(compound)
    compound.clock.now += timedelta(days=11)
    return bank


def _compounds(district: District) -> object:
    return district.brief().figures["bank.compounds"]


def test_a_closing_is_announced_with_days_in_which_points_are_spent(compound: BankCompound) -> None:
    gift = compound.offer()
    bank = _close(compound)
    assert compound.district.subject(bank).record.last_day == date(2026, 3, 12)
    compound.clock.now += timedelta(days=9)
    compound.order(gift)
    with pytest.raises(Refused, match="nobody joins it"):
        compound.bank.join(who(compound.resident), compound.place)
    compound.clock.now += timedelta(days=2)
    with pytest.raises(Refused, match="the bank here is shut since 2026-03-12"):
        compound.order(gift)


def test_fewer_days_than_the_district_says_are_refused(compound: BankCompound) -> None:
    for day in ("2026-03-11", "2020-01-01", "9999-12-31"):
        with pytest.raises(Refused):
            compound.district.make(bank_at(compound.place), "close", {"reason": "x", "last_day": day})


def test_nothing_is_sold_or_offered_at_any_door_of_a_bank_that_is_shut(compound: BankCompound) -> None:
    gift, withdrawn = compound.offer(), compound.offer()
    compound.district.make(withdrawn, "withdraw", {"reason": "换季"})
    _shut(compound)
    district, bank, place = compound.district, compound.bank, compound.place
    doors: dict[str, Callable[[], object]] = {
        "order": lambda: compound.order(gift),
        "offer": compound.offer,
        "offer again": lambda: district.make(withdrawn, "offer_again"),
        "restock": lambda: district.make(gift, "restock", {"pieces": 1}),
        "reprice": lambda: district.make(gift, "reprice", {"price": 1}),
        "join": lambda: bank.join(who(compound.resident), place),
        "points by hand": lambda: compound.give(1),
    }
    for door, tried in doors.items():
        with pytest.raises(Refused, match="the bank here is shut"):
            tried()
        assert door
    assert "shut" in str(bank.may_not_redeem(who(compound.member), place)[0])
    district.make(gift, "write_off", {"pieces": 1, "reason": "坏了"})


def test_what_was_ordered_can_be_fetched_after_the_bank_was_shut(compound: BankCompound) -> None:
    order = compound.order(compound.offer())
    _shut(compound)
    compound.district.perform(
        RedemptionFlow.hand_over(RedemptionFlow.ref(order), HandOver(code=compound.bank.code(order))),
        actor=compound.keeper,
    )
    assert compound.district.subject(order).state == "handed_over"


def test_a_worker_shuts_the_bank_and_the_figure_falls(compound: BankCompound) -> None:
    bank = _close(compound)
    assert _compounds(compound.district) == 1
    with pytest.raises(Refused):
        compound.district.make(bank, "shut", actor=ENGINE_ACTOR)
    compound.clock.now += timedelta(days=10)
    assert shut_due(compound.district) == []
    compound.clock.now += timedelta(days=1)
    assert len(shut_due(compound.district)) == 1
    assert compound.district.subject(bank).state == "closed"
    assert _compounds(compound.district) == 0


def test_what_is_left_is_kept_and_comes_back_when_the_bank_opens_again(compound: BankCompound) -> None:
    gift, bank = compound.offer(), _shut(compound)
    shut_due(compound.district)
    assert compound.free() == 100
    compound.district.make(bank, "reopen")
    compound.order(gift)
    assert (compound.free(), _compounds(compound.district)) == (90, 1)


def test_a_closing_can_be_called_off(compound: BankCompound) -> None:
    bank = _close(compound)
    compound.district.make(bank, "reopen")
    compound.clock.now += timedelta(days=11)
    assert shut_due(compound.district) == []
    compound.order(compound.offer())
    assert (compound.district.subject(bank).state, _compounds(compound.district)) == ("open", 1)


def test_a_closing_is_published(compound: BankCompound) -> None:
    _close(compound)
    Worker(compound.district).run_once(now=compound.clock.now)
    (notice,) = all_of(compound.district, "publication")
    assert "2026-03-12" in notice.record.body


@pytest.fixture
def here(new_district: Make) -> Year:
    return year(new_district, "[bank]\nclosing_days = 10\n" + RULE)


def test_what_was_served_before_is_paid_when_its_hours_are_confirmed(here: Year) -> None:
    compound, district = here.compound, here.district
    member = who(compound.member)
    seat = district.start("seat", "sign_up", compound.place, person=member).subject
    _shut(compound)
    district.make(seat, "attend", {"minutes": 60})
    assert here.free() == 10
    here.attends(60)
    assert here.free() == 10, "what was begun after it was shut earns nothing"


def test_corrections_stay_possible_after_the_bank_was_shut(here: Year) -> None:
    seat = here.attends(60).subject
    _shut(here.compound)
    here.district.make(seat, "annul")
    assert here.free() == 0
    here.district.make(seat, "count_again", {"minutes": 60})
    assert here.free() == 10


def test_a_compound_without_a_bank_offers_and_earns_nothing(here: Year) -> None:
    elsewhere = a_place(here.district, "别处")
    with pytest.raises(Refused, match="no organisation runs a bank here"):
        here.compound.district.perform(GiftFlow.offer.at(PlaceId(elsewhere), Offer(name="伞", price=1)))
    seat = here.district.start("seat", "sign_up", elsewhere, person=who(here.compound.member)).subject
    here.district.make(seat, "attend", {"minutes": 60})
    assert here.free() == 0


def test_points_come_from_the_bank_that_ran_the_session_whoever_came(here: Year) -> None:
    other = a_place(here.district, "别处")
    open_bank(here.district, other)
    seat = here.district.start("seat", "sign_up", other, person=who(here.compound.member)).subject
    here.district.make(seat, "attend", {"minutes": 60})
    (line,) = here.district.award.statement(who(here.compound.member))
    assert line.other == other


# --- carried to another bank ---------------------------------------------------------------------------


def _other(compound: BankCompound) -> UUID:
    place = a_place(compound.district, "阳光小区")
    open_bank(compound.district, place)
    return place


def test_accounts_are_carried_to_the_bank_that_takes_its_place_at_a_rate(compound: BankCompound) -> None:
    other = _other(compound)
    compound.give(9, compound.other_member)
    compound.district.perform(
        BankFlow.carry(
            BankFlow.ref(bank_at(compound.place)),
            Carry(carried_to=PlaceId(other), worth=Decimal("0.5"), reason=Private("合并")),
        )
    )
    assert (compound.free(), compound.free(compound.other_member)) == (50, 4)
    assert compound.bank.account(who(compound.member)).place == other
    figures = [
        compound.district.brief(place=place).figures["bank.accounts"] for place in (compound.place, other)
    ]
    assert figures == [0, 3]
    compound.order(
        compound.district.perform(
            GiftFlow.offer.at(PlaceId(other), Offer(name="伞", price=10, pieces=5))
        ).subject
    )
    assert compound.free() == 40
    assert compound.district.award.audit().problems == ()


def test_whoever_has_two_accounts_by_a_merge_is_carried_once(compound: BankCompound) -> None:
    other, register = _other(compound), compound.district.register
    gone, stays = (
        register.person(name=name, phone=f"1380013800{n}") for n, name in enumerate(("王芳", "王方"))
    )
    for person in (gone, stays):
        compound.bank.join(person, compound.place)
        compound.district.award.award(person, 10, "by hand", reason="x", place=compound.place)
    register.merge(gone, stays)
    compound.district.perform(
        BankFlow.carry(
            BankFlow.ref(bank_at(compound.place)),
            Carry(carried_to=PlaceId(other), worth=Decimal("0.5"), reason=Private("合并")),
        )
    )
    assert compound.district.award.account(stays).free == 10
    assert compound.district.award.audit().problems == ()


def test_a_bank_is_carried_when_its_orders_have_ended_and_to_an_open_one(compound: BankCompound) -> None:
    other = _other(compound)
    order = compound.order(compound.offer())
    with pytest.raises(Refused, match="1 orders wait"):
        compound.district.perform(
            BankFlow.carry(
                BankFlow.ref(bank_at(compound.place)),
                Carry(carried_to=PlaceId(other), worth=Decimal(1), reason=Private("合并")),
            )
        )
    compound.district.perform(
        RedemptionFlow.cancel(RedemptionFlow.ref(order), Cancel()), actor=compound.member
    )
    for target, rate in ((compound.place, 1), (a_place(compound.district, "别处"), 1), (other, 0)):
        with pytest.raises(Refused):
            compound.district.perform(
                BankFlow.carry(
                    BankFlow.ref(bank_at(compound.place)),
                    Carry(carried_to=PlaceId(target), worth=Decimal(rate), reason=Private("合并")),
                )
            )
    compound.district.perform(
        BankFlow.carry(
            BankFlow.ref(bank_at(compound.place)),
            Carry(carried_to=PlaceId(other), worth=Decimal(1), reason=Private("合并")),
        )
    )
    assert compound.free() == 100


@pytest.mark.parametrize("has_a_bank", [True, False])
def test_no_merge_leaves_accounts_without_a_bank_or_under_two(
    compound: BankCompound, has_a_bank: bool
) -> None:
    district = compound.district
    other = _other(compound) if has_a_bank else a_place(district, "阳光小区")
    with pytest.raises(Refused, match="3 accounts have their bank at 锦绣花园"):
        district.register.merge_places(compound.place, other)
    if not has_a_bank:
        open_bank(district, other)
    compound.district.perform(
        BankFlow.carry(
            BankFlow.ref(bank_at(compound.place)),
            Carry(carried_to=PlaceId(other), worth=Decimal(1), reason=Private("合并")),
        )
    )
    district.register.merge_places(compound.place, other)
    gift = compound.district.perform(
        GiftFlow.offer.at(PlaceId(other), Offer(name="伞", price=10, pieces=5))
    ).subject
    compound.order(gift)
    assert compound.free() == 90


def test_a_place_whose_bank_was_shut_is_merged_and_its_points_come_back_at_the_successor(
    compound: BankCompound,
) -> None:
    district, other = compound.district, a_place(compound.district, "阳光小区")
    _shut(compound)
    shut_due(district)
    district.register.merge_places(compound.place, other)
    open_bank(district, other)
    compound.order(
        compound.district.perform(
            GiftFlow.offer.at(PlaceId(other), Offer(name="伞", price=10, pieces=5))
        ).subject
    )
    assert compound.free() == 90


# --- what is owed ----------------------------------------------------------------------------------------


def _owing(here: Year) -> UUID:
    """The member owes ten points of one service; its place at the session."""
    seat = here.attends(60).subject
    member, other = who(here.compound.member), who(here.compound.other_member)
    here.district.award.transfer("points", 10, member, other, "转赠", place=here.compound.place)
    here.district.make(seat, "annul")
    assert _owed(here) == 10
    return seat


def _owed(here: Year) -> int:
    return here.district.award.account(who(here.compound.member)).owed


def _waiver(compound: BankCompound, owes: Actor, reason: str, actor: Actor) -> UUID:
    values = {"reason": reason}
    act = compound.district.start("waiver", "propose", compound.place, values, person=who(owes), actor=actor)
    return act.subject


def test_two_persons_of_the_organisation_let_go_of_what_is_owed_and_it_is_not_paid_again(here: Year) -> None:
    compound, seat = here.compound, _owing(here)
    waiver = _waiver(compound, compound.member, "困难", compound.keeper)
    with pytest.raises(NotAllowed, match="already acted"):
        here.district.make(waiver, "confirm", actor=compound.keeper)
    clerk = somebody(here.district, "clerk", compound.place)
    with pytest.raises(NotAllowed):
        here.district.make(waiver, "confirm", actor=clerk)
    here.district.make(waiver, "confirm", actor=compound.second_keeper)
    assert _owed(here) == 0
    here.district.make(seat, "count_again", {"minutes": 60})
    assert here.free() == 0, "they have had these ten"
    assert here.district.award.audit().problems == ()


def test_nobody_lets_go_of_their_own_debt_nor_of_none(here: Year) -> None:
    compound = here.compound
    with pytest.raises(Refused, match="they owe nothing"):
        _waiver(compound, compound.member, "x", compound.keeper)
    with pytest.raises(Refused, match="it is about you"):
        _waiver(compound, compound.second_keeper, "x", compound.second_keeper)


def test_what_is_owed_ends_with_the_account(here: Year) -> None:
    seat = _owing(here)
    account = here.compound.bank.account(who(here.compound.member)).id
    here.district.make(account, "close", actor=here.compound.member)
    assert _owed(here) == 0
    here.district.make(account, "rejoin", actor=here.compound.member)
    here.district.make(seat, "count_again", {"minutes": 60})
    assert here.free() == 0
    here.attends(60)
    assert here.free() == 10
