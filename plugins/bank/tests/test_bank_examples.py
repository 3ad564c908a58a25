"""The rules of five districts, each for a year, against numbers worked out by hand."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from linli import ENGINE_ACTOR, Actor, District, PlaceId, Refused
from linli.testing import all_of, somebody
from linli_bank.api import Bank
from linli_bank.gifts import GiftFlow, Offer
from linli_bank.lists import publish_due
from linli_bank.redemptions import Cancel, HandOver, RedemptionFlow
from linli_bank.testing import BankCompound, open_bank, who
from linli_bank.testing.year import Sessions, Year, year
from linli_meetings.testing import Street, street

New = Callable[..., District]
EXAMPLES = Path(__file__).parents[1] / "examples"


def _example(name: str) -> str:
    return (EXAMPLES / name).read_text(encoding="utf-8")


def _sound(district: District) -> None:
    assert district.award.audit().problems == ()


# --- 1 -----------------------------------------------------------------------------------------------


def test_a_point_an_hour_two_hours_a_session_one_redemption_a_quarter(new_district: New) -> None:
    here = year(new_district, _example("1_hours_and_quarters.toml"))
    gift = here.compound.offer(price=2, pieces=50)
    here.plays(
        [("2026-03-02", 180, 2), ("2026-03-09", 120, 4), ("2026-03-16", 119, 5), ("2026-03-20", 59, 5)]
    )
    here.redeems(gift)
    assert here.free() == 3
    with pytest.raises(Refused, match="have redeemed 1 times in 2026-Q1; the most is 1"):
        here.redeems(gift)
    here.on("2026-03-31", 23)
    with pytest.raises(Refused, match="2026-Q1"):
        here.redeems(gift)
    here.on("2026-04-01", 0)
    here.redeems(gift)
    assert here.free() == 1
    here.plays([("2026-05-04", 60, 2), ("2026-08-10", 480, 4), ("2026-10-05", 90, 5), ("2026-12-28", 130, 7)])
    order = here.compound.order(gift)
    here.compound.district.perform(
        RedemptionFlow.cancel(RedemptionFlow.ref(order), Cancel()), actor=here.compound.member
    )
    here.redeems(gift)  # a cancelled order is no redemption
    assert here.free() == 5
    _sound(here.district)


# --- 2 -----------------------------------------------------------------------------------------------


def _half_years(new_district: New) -> tuple[Street, Year]:
    """A street with its joint meeting, and the bank of its compound."""

    def new(**options: Any) -> District:
        return new_district(
            **{**options, "enabled": (*options["enabled"], "bank", "sessions")},
            plugins={"sessions": Sessions},
        )

    there = street(new, _example("2_half_years_and_meetings.toml"))
    bank, place = Bank(there.district), there.compound
    open_bank(there.district, place)
    people = {name: somebody(there.district, None, place) for name in ("member", "other_member", "resident")}
    keepers = {name: somebody(there.district, "bank_keeper", place) for name in ("keeper", "second_keeper")}
    bank.join(who(people["member"]), place)
    compound = BankCompound(
        district=there.district, bank=bank, clock=there.clock, place=place, **people, **keepers
    )
    return there, Year(compound=compound)


def _scores(there: Street, here: Year, scored: str, first: str, last: str, resolution: str) -> Any:
    """Put a window to the street's joint meeting, and let that decide; the window's number."""
    given, keeper = {"scored": scored, "first": first, "last": last}, here.compound.keeper
    window = there.district.start("redemption_window", "propose", there.compound, given, actor=keeper).subject
    assert there.state(window) == "proposed", "silence opens nothing"
    (item,) = all_of(there.district, "agenda_item", "proposed")
    assert item.record.about == window
    meeting = there.called()
    there.district.make(item.id, "schedule", {"meeting": meeting}, actor=there.secretary)
    there.held(meeting)
    values = {"resolution": resolution} | ({} if resolution == "approved" else {"reason": "材料不齐"})
    there.district.make(item.id, "resolve", values, actor=there.secretary)
    return window


def test_redemption_every_half_year_once_the_joint_meeting_has_scored_it(new_district: New) -> None:
    there, here = _half_years(new_district)
    gift = here.compound.offer(price=20, pieces=50)
    here.plays([("2026-03-09", 300, 10), ("2026-04-06", 480, 26), ("2026-05-11", 480, 40)])
    here.plays([("2026-06-29", 480, 40)])  # forty a half-year and no more
    with pytest.raises(Refused, match="2026-H1 is not over yet"):
        _scores(there, here, "2026-H1", "2026-07-10", "2026-07-20", "approved")
    here.plays([("2026-07-01", 90, 43)])
    with pytest.raises(Refused, match="redemption is not open here now"):
        here.redeems(gift)
    refused = _scores(there, here, "2026-H1", "2026-07-10", "2026-07-20", "returned")
    assert there.state(refused) == "refused"
    window = _scores(there, here, "2026-H1", "2026-07-15", "2026-07-20", "approved")
    assert there.state(window) == "approved"
    assert there.district.subject(window).record.decided_in is not None
    for day, hour in (("2026-07-14", 23), ("2026-07-15", 0), ("2026-07-20", 23), ("2026-07-21", 0)):
        here.on(day, hour)
        if day in ("2026-07-15", "2026-07-20"):
            here.redeems(gift)
        else:
            why, *_ = here.compound.bank.may_not_redeem(who(here.compound.member), there.compound)
            assert "redemption is not open here now" in str(why)
    assert here.free() == 3
    here.district.award.award(who(here.compound.member), 25, "年度评议", reason="优秀", place=there.compound)
    here.plays([("2026-09-07", 300, 38), ("2026-12-31", 600, 58)])
    here.on("2027-01-05")
    _scores(there, here, "2026-H2", "2027-01-15", "2027-01-31", "approved")
    here.on("2027-01-20")
    here.redeems(gift)
    assert here.free() == 38
    here.on("2027-03-31", 23)
    assert here.district.award.expire_due() == [], "ninety days after the year the old points still stand"
    here.on("2027-04-01", 0)
    here.district.award.expire_due()
    assert here.free() == 0
    _sound(here.district)


# --- 3 -----------------------------------------------------------------------------------------------


def test_whoever_earned_too_little_in_a_quarter_is_on_the_list_and_may_not_redeem(new_district: New) -> None:
    here = year(new_district, _example("3_thresholds_and_lists.toml"), "报到积分")
    compound, district = here.compound, here.district
    one, other, third = compound.member, compound.other_member, compound.second_keeper
    gift = compound.district.perform(
        GiftFlow.offer.at(PlaceId(compound.place), Offer(name="米", price=2, pieces=50, ledger="报到积分"))
    ).subject
    here.plays([("2026-03-02", 60, 2), ("2026-03-09", 150, 4), ("2026-03-16", 30, 6), ("2026-03-23", 60, 8)])
    here.plays([("2026-03-30", 60, 10), ("2026-03-31", 60, 10)])  # ten a quarter
    for _ in range(2):
        here.attends(60, other)
    assert here.free(unit="志愿积分") == 6  # 1 + 2 + 0 + 1 + 1 + 1
    here.on("2026-04-01", 1)
    assert _ineligible(compound) == {who(other): 4, who(third): 0}
    published = publish_due(district)
    assert [act.verb for act in published] == ["publication.draft", "publication.draft"]
    assert publish_due(district) == [], "each list goes out once"
    _numbers_only(compound, published[1].subject)
    here.redeems(gift)
    with pytest.raises(Refused, match="6 报到积分 had to be earned in 2026-Q1 to redeem; 4 were"):
        here.redeems(gift, other)
    here.on("2026-06-01")
    for _ in range(3):
        here.attends(60, other)
    here.on("2026-07-01", 1)
    assert _ineligible(compound) == {who(one): 0, who(third): 0}
    assert len(publish_due(district)) == 2
    here.redeems(gift, other)
    with pytest.raises(Refused, match="2026-Q2 to redeem; 0 were"):
        here.redeems(gift)
    assert (here.free(), here.free(other)) == (8, 8)
    for day, expired in (("2026-10-01", 0), ("2027-01-01", 0), ("2027-03-10", 2)):
        here.on(day)
        publish_due(district)
        district.award.expire_due(actor=ENGINE_ACTOR)
        # Ten were earned until 31 March and two spent, the oldest first: by 10 March four are a year old.
        assert here.free() == 8 - expired, day
    _sound(district)


def _ineligible(compound: BankCompound) -> dict[Any, int]:
    found = compound.bank.list_of(compound.place, "ineligible", "报到积分")
    return {line.person: line.amount for line in found}


def _numbers_only(compound: BankCompound, publication: Any) -> None:
    text = compound.district.publish.body(compound.district.publish.get(publication))
    for actor in (compound.other_member, compound.second_keeper):
        assert compound.bank.list_number(who(actor), "2026-Q1", actor=actor) in text
        assert str(who(actor)) not in text
    assert compound.bank.list_number(who(compound.member), "2026-Q1") not in text
    assert "2026-Q1 所得报到积分不足 6" in text


# --- 4 -----------------------------------------------------------------------------------------------


def test_what_is_left_is_zeroed_by_a_redemption(new_district: New) -> None:
    here = year(new_district, _example("4_zeroed_by_redemption.toml"))
    gift = here.compound.offer(price=12, pieces=50)
    here.plays(
        [("2026-03-02", 10, 5), ("2026-04-02", 10, 10), ("2026-05-02", 10, 15), ("2026-06-10", 10, 20)]
    )
    with pytest.raises(Refused, match="gifts are ordered from 2026-06-16 to 2026-06-30"):
        here.redeems(gift)
    here.on("2026-06-16", 0)
    here.redeems(gift)
    account = here.district.award.account(who(here.compound.member))
    assert (account.free, account.spent, account.expired) == (0, 12, 8)
    here.plays(
        [("2026-06-25", 10, 5), ("2026-07-15", 10, 10), ("2026-08-15", 10, 15), ("2026-10-15", 10, 20)]
    )
    here.on("2026-12-16", 23)
    with pytest.raises(Refused, match="gifts are ordered from 2026-12-17 to 2026-12-31"):
        here.redeems(gift)
    here.on("2026-12-31", 22)
    first, second = here.compound.order(gift), here.compound.offer(price=3)
    other = here.compound.order(second)
    assert here.free() == 5
    code = here.compound.bank.code(first)
    here.compound.district.perform(
        RedemptionFlow.hand_over(RedemptionFlow.ref(first), HandOver(code=code)), actor=here.compound.keeper
    )
    assert here.free() == 0
    here.compound.district.perform(
        RedemptionFlow.cancel(RedemptionFlow.ref(other), Cancel()), actor=here.compound.member
    )
    assert here.free() == 0, "what an open order held does not outlive the redemption beside it"
    here.plays([("2027-01-05", 10, 5)])
    account = here.district.award.account(who(here.compound.member))
    assert (account.free, account.held, account.spent, account.expired) == (5, 0, 24, 16)
    _sound(here.district)


# --- 5 -----------------------------------------------------------------------------------------------


def _confirms(here: Year, by: Actor) -> list[int]:
    """Confirm everything that waits; the points of each."""
    found = all_of(here.district, "credit", "pending")
    waiting = sorted(found, key=lambda one: (one.record.day, str(one.record.cause)))
    for credit in waiting:
        here.district.make(credit.id, "confirm", actor=by)
    return [credit.record.points for credit in waiting]


def test_roles_multiply_breaches_lower_and_a_second_person_confirms(new_district: New) -> None:
    here = year(new_district, _example("5_roles_and_breaches.toml"))
    compound, district = here.compound, here.district
    secretary, committee, member = (
        somebody(district, role, compound.place)
        for role in ("branch_secretary", "branch_committee", "branch_member")
    )
    for one in (secretary, committee, member):
        compound.bank.join(who(one), compound.place)
        here.attends(90, one, by=compound.keeper)
    assert [here.free(one) for one in (secretary, committee, member)] == [0, 0, 0]
    # 3 × 1.5 h = 4.5: × 1.4 = 6.3, × 1.2 = 5.4, × 1.0 = 4.5
    assert _confirms(here, compound.second_keeper) == [6, 5, 5]
    here.on("2026-04-01")
    breach = compound.bank.report_breach(who(secretary), "一般违规", "x", actor=compound.keeper).subject
    here.attends(90, secretary)
    district.make(breach, "confirm", actor=compound.second_keeper)
    here.attends(90, secretary)
    here.attends(90, committee)
    # 6.3, and 6.3 × 0.5 = 3.15 since it was confirmed; nobody else's is lowered
    assert _confirms(here, compound.second_keeper) == [6, 3, 5]
    here.on("2026-06-30", 8)
    here.attends(90, secretary)
    here.on("2026-06-30", 10)  # ninety days after it was confirmed
    here.attends(90, secretary)
    assert _confirms(here, compound.keeper) == [3, 6]
    grave = compound.bank.report_breach(who(member), "严重违规", "x", actor=compound.keeper).subject
    district.make(grave, "confirm", actor=compound.second_keeper)
    here.attends(600, member)
    assert _confirms(here, compound.keeper) == []
    here.on("2026-12-28")
    here.attends(20, member)  # 1 point, its 180 days being over
    assert _confirms(here, compound.keeper) == [1]
    assert [here.free(one) for one in (secretary, committee, member)] == [24, 10, 6]
    _sound(district)
