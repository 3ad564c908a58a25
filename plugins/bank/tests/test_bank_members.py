"""Opening a bank, joining it, being suspended, and its figures."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from linli import District, NoInputs, NotAllowed, PlaceId, Refused
from linli.testing import a_place, somebody
from linli_bank.banks import BankFlow, bank_at
from linli_bank.members import account_of
from linli_bank.redemptions import HandOver, RedemptionFlow
from linli_bank.testing import BankCompound, bank_compound, open_bank, who


@pytest.fixture
def compound(new_district: Callable[..., District]) -> BankCompound:
    return bank_compound(new_district)


def test_a_person_has_one_account_however_they_try(compound: BankCompound) -> None:
    with pytest.raises(Refused, match="already"):
        compound.bank.join(who(compound.member), compound.place)
    with pytest.raises(Refused, match="through the bank"):
        compound.district.start("bank_account", "join", compound.place, person=who(compound.member))


def test_somebody_joins_for_themselves_but_not_for_another(compound: BankCompound) -> None:
    with pytest.raises(NotAllowed):
        compound.bank.join(who(compound.resident), compound.place, actor=compound.member)
    compound.bank.join(who(compound.resident), compound.place, actor=compound.resident)


def test_nobody_joins_where_no_bank_is_open(compound: BankCompound) -> None:
    elsewhere = a_place(compound.district, "别处")
    stranger = somebody(compound.district, None, elsewhere)
    with pytest.raises(Refused, match="no organisation runs a bank here"):
        compound.bank.join(who(stranger), elsewhere)


def test_a_compound_has_one_bank(compound: BankCompound) -> None:
    with pytest.raises(Refused, match="there is a bank here already"):
        compound.district.perform(
            BankFlow.open.at(PlaceId(compound.place), NoInputs(), id=bank_at(compound.place))
        )


def test_a_bank_is_run_by_the_volunteers_of_its_compound(compound: BankCompound) -> None:
    elsewhere = a_place(compound.district, "别处")
    with pytest.raises(Refused, match="no volunteer organisation is there to run it"):
        compound.district.perform(BankFlow.open.at(PlaceId(elsewhere), NoInputs(), id=bank_at(elsewhere)))
    bank = open_bank(compound.district, elsewhere)
    compound.district.make(bank, "close", {"reason": "停办"})
    compound.district.make(bank, "reopen")


def test_who_left_is_told_how_to_come_back(compound: BankCompound) -> None:
    account = compound.bank.account(who(compound.member)).id
    compound.district.make(account, "close", actor=compound.member)
    with pytest.raises(Refused, match="linli bank rejoin"):
        compound.bank.join(who(compound.member), compound.place)
    compound.district.make(account, "rejoin", actor=compound.member)


def test_a_suspended_member_neither_redeems_nor_escapes_by_leaving(compound: BankCompound) -> None:
    compound.give(10)
    account = compound.district.make(_account(compound), "suspend", {"reason": "争议"}).subject
    with pytest.raises(Refused, match="may not redeem for now"):
        compound.order(compound.offer())
    with pytest.raises(Refused):
        compound.district.make(account, "close", actor=compound.member)
    compound.district.make(account, "resume")
    compound.order(compound.offer())


def test_a_suspension_ends_after_its_last_day(compound: BankCompound) -> None:
    compound.give(10)
    gift = compound.offer()
    compound.district.make(_account(compound), "suspend", {"reason": "争议", "until": "2026-03-03"})
    compound.clock.now += timedelta(hours=38)  # 23:00 in Shanghai, on the last day
    with pytest.raises(Refused, match="suspended"):
        compound.order(gift)
    compound.clock.now += timedelta(hours=1)
    compound.order(gift)


def test_the_brief_counts_compounds_accounts_and_pieces(compound: BankCompound) -> None:
    compound.give(100)
    gift = compound.offer()
    order = compound.order(gift, 3)
    compound.order(gift, 1)
    compound.district.perform(
        RedemptionFlow.hand_over(RedemptionFlow.ref(order), HandOver(code=compound.bank.code(order)))
    )
    compound.district.make(_account(compound), "close", actor=compound.member)
    figures = compound.district.brief().figures
    assert {name: figures[name] for name in figures if name.startswith("bank.")} == {
        "bank.compounds": 1,
        "bank.accounts": 2,
        "bank.gifts_handed_over": 3,
        "bank.wish_and_civility_sessions": 0,
    }


def _account(compound: BankCompound) -> UUID:
    return account_of(who(compound.member))
