"""Micro-wishes: approved and posted, claimed by one or several, fulfilled, thanked; and every other end."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from linli import ENGINE_ACTOR, Actor, District, NoInputs, NotAllowed, OpenOrder, PlaceId, Private, Refused
from linli._store import tables as t
from linli.testing import who
from linli_bank.banks import BankFlow, bank_at
from linli_volunteers.roles import WhyForOthers
from linli_volunteers.testing import VolunteerCompound, volunteer_compound
from linli_volunteers.wishes import WishFlow


@pytest.fixture
def compound(new_district: Callable[..., District]) -> VolunteerCompound:
    return volunteer_compound(new_district)


def _released(compound: VolunteerCompound, wish: UUID, reason: str, actor: Actor) -> None:
    """Ann's claim of a wish is given back."""
    (claim,) = (one for one in compound.wishes.claims(wish) if one.person == who(compound.ann))
    compound.district.make(claim.id, "release", {"reason": reason}, actor=actor)


def _claims(compound: VolunteerCompound, wish: UUID) -> list[str]:
    return [claim.state for claim in compound.wishes.claims(wish)]


def _proposed(compound: VolunteerCompound, **more: Any) -> UUID:
    return compound.proposed(**more)


def test_a_wish_goes_from_posted_to_thanked(compound: VolunteerCompound) -> None:
    wish = compound.claimed(compound.ann)
    assert compound.state(wish) == "claimed"
    compound.district.perform(WishFlow.fulfil(WishFlow.ref(wish)), actor=compound.ann)
    assert compound.state(wish) == "fulfilled"
    act = compound.district.perform(WishFlow.thank(WishFlow.ref(wish), WhyForOthers()), actor=compound.elder)
    assert (act.verb, compound.state(wish), _claims(compound, wish)) == ("wish.thank", "thanked", ["thanked"])


def test_who_is_thanked_can_be_paid_by_a_rule_on_the_thanks(new_district: Callable[..., District]) -> None:
    """The bank pays by `pays`: the makers of a move of the wish, or whom the claim's own act is about."""
    rules = """
    [bank]
    members_only = false
    [[bank.rules]]
    name = "微心愿"
    act = "wish.thank"
    points = 5
    pays = "fulfil"
    [[bank.rules]]
    name = "认领"
    act = "claim.thank"
    points = 2
    pays = "person"
    [[bank.rules]]
    name = "时长"
    act = "seat.attend"
    points = 1
    per = "hour"
    value = "minutes"
    pays = "person"
    """
    compound = volunteer_compound(new_district, rules, enabled=("bank",))
    opened = BankFlow.open.at(PlaceId(compound.place), NoInputs(), id=bank_at(compound.place))
    compound.district.perform(opened)
    wish = compound.claimed(compound.ann, compound.ben)
    for actor in (compound.ann, compound.ben):
        compound.district.perform(WishFlow.fulfil(WishFlow.ref(wish)), actor=actor)
    free = compound.district.award.account
    assert free(who(compound.ann)).free == 0, "points come with the thanks"
    compound.district.perform(WishFlow.thank(WishFlow.ref(wish), WhyForOthers()), actor=compound.elder)
    assert [free(who(actor)).free for actor in (compound.ann, compound.ben, compound.elder)] == [7, 7, 0]
    compound.held(compound.cai, minutes=120)
    assert free(who(compound.cai)).free == 2


def test_a_wish_is_shown_only_once_somebody_else_has_approved_it(compound: VolunteerCompound) -> None:
    wish = _proposed(compound)
    assert compound.wishes.posted() == []
    with pytest.raises(Refused, match="cannot be claimed now"):
        compound.wishes.claim(wish, who(compound.ann), actor=compound.ann)
    entered = _proposed(compound, actor=compound.secretary)
    with pytest.raises(NotAllowed, match="somebody else must do it"):
        compound.district.make(entered, "approve", actor=compound.secretary)
    for actor in (compound.steward, compound.elder, compound.leader):
        with pytest.raises(NotAllowed):
            compound.district.make(wish, "approve", actor=actor)
    compound.district.make(wish, "approve", actor=compound.secretary)
    assert [one.id for one in compound.wishes.posted(compound.place)] == [wish]


def test_nobody_approves_their_own_wish(compound: VolunteerCompound) -> None:
    wish = compound.proposed(person=who(compound.secretary))
    with pytest.raises(Refused, match="it is about you"):
        compound.district.make(wish, "approve", actor=compound.secretary)


def test_a_refused_wish_has_a_reason(compound: VolunteerCompound) -> None:
    wish = _proposed(compound)
    with pytest.raises(Refused, match="reason is missing"):
        compound.district.make(wish, "refuse", actor=compound.secretary)
    compound.district.make(wish, "refuse", {"reason": "不是困难家庭"}, actor=compound.secretary)
    assert compound.state(wish) == "refused"


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"needs": 0}, "1 to 20 claimants"),
        ({"needs": 21}, "1 to 20 claimants"),
        ({"wanted_by": date(2026, 3, 1)}, "has passed"),
    ],
)
def test_an_impossible_wish_is_refused(
    compound: VolunteerCompound, more: dict[str, Any], reason: str
) -> None:
    with pytest.raises(Refused, match=reason):
        _proposed(compound, **more)
    with pytest.raises(Refused, match="looks like a mobile number"):
        compound.proposed(title="请打13800138000")


def test_as_many_claim_it_as_it_needs_and_no_more(compound: VolunteerCompound) -> None:
    wish = compound.posted(needs=2)
    compound.wishes.claim(wish, who(compound.ann), actor=compound.ann)
    assert compound.state(wish) == "posted"
    compound.wishes.claim(wish, who(compound.ben), actor=compound.ben)
    assert compound.state(wish) == "claimed"
    with pytest.raises(Refused, match="it has been claimed already"):
        compound.wishes.claim(wish, who(compound.cai), actor=compound.cai)


def test_it_is_fulfilled_when_every_claimant_has_done_their_part(compound: VolunteerCompound) -> None:
    wish = compound.posted(needs=2)
    compound.wishes.claim(wish, who(compound.ann), actor=compound.ann)
    compound.district.perform(WishFlow.fulfil(WishFlow.ref(wish)), actor=compound.ann)
    assert compound.state(wish) == "posted", "one of two has done their part"
    compound.wishes.claim(wish, who(compound.ben), actor=compound.ben)
    assert compound.state(wish) == "claimed"
    with pytest.raises(Refused, match="only who has claimed it"):
        compound.district.perform(WishFlow.fulfil(WishFlow.ref(wish)), actor=compound.ann)
    compound.district.perform(WishFlow.fulfil(WishFlow.ref(wish)), actor=compound.ben)
    assert compound.state(wish) == "fulfilled"


def test_fewer_claimants_may_do_where_nobody_else_comes(compound: VolunteerCompound) -> None:
    wish = compound.posted(needs=3)
    compound.wishes.claim(wish, who(compound.ann), actor=compound.ann)
    compound.district.perform(WishFlow.fulfil(WishFlow.ref(wish)), actor=compound.ann)
    for wrong in (0, 3, 4):
        with pytest.raises(Refused, match="fewer than 3 claimants"):
            compound.district.make(wish, "reduce", {"needs": wrong, "reason": "x"}, actor=compound.leader)
    compound.district.make(wish, "reduce", {"needs": 1, "reason": "够了"}, actor=compound.elder)
    assert compound.state(wish) == "fulfilled"


def test_nobody_claims_their_own_wish_or_one_that_they_entered_or_approved(
    compound: VolunteerCompound,
) -> None:
    tie = compound.district.register.tie
    for actor in (compound.elder, compound.steward, compound.secretary):
        tie(who(actor), "volunteer", compound.organisation)
    wish = compound.posted()
    with pytest.raises(Refused, match="nobody claims their own wish"):
        compound.wishes.claim(wish, who(compound.elder), actor=compound.elder)
    for actor in (compound.steward, compound.secretary):
        with pytest.raises(NotAllowed, match="somebody else must do it"):
            compound.wishes.claim(wish, who(actor), actor=actor)


def test_only_volunteers_claim_and_nobody_for_another(compound: VolunteerCompound) -> None:
    wish = compound.posted()
    with pytest.raises(Refused, match="only members of a volunteer organisation"):
        compound.wishes.claim(wish, who(compound.resident), actor=compound.resident)
    for actor in (compound.ben, compound.leader, compound.district.console):
        with pytest.raises(NotAllowed):
            compound.wishes.claim(wish, who(compound.ann), actor=actor)
    order = OpenOrder(
        workflow="claim", move="claim", place=compound.place, parent=wish, key="x", person=who(compound.ann)
    )
    with pytest.raises(Refused, match="which gives it its key"):
        compound.district.perform(order, actor=compound.ann)


def test_a_claim_that_is_given_back_leaves_the_wish_to_others_and_not_to_who_gave_it_back(
    compound: VolunteerCompound,
) -> None:
    wish = compound.claimed(compound.ann)
    with pytest.raises(Refused, match="reason is missing"):
        _released(compound, wish, "", compound.ann)
    with pytest.raises(NotAllowed):
        _released(compound, wish, "x", compound.ben)
    _released(compound, wish, "买不到", compound.ann)
    assert (compound.state(wish), _claims(compound, wish)) == ("posted", ["released"])
    with pytest.raises(Refused, match="leave it to others"):
        compound.wishes.claim(wish, who(compound.ann), actor=compound.ann)
    compound.wishes.claim(wish, who(compound.ben), actor=compound.ben)
    assert compound.state(wish) == "claimed"


def test_a_claim_whose_time_is_over_goes_back_by_itself(compound: VolunteerCompound) -> None:
    wish = compound.claimed(compound.ann)
    claim = compound.wishes.claims(wish)[0].id
    with pytest.raises(Refused, match="its time is not over"):
        compound.district.make(claim, "lapse", actor=ENGINE_ACTOR)
    compound.pass_time(days=13, hours=23)
    assert compound.state(wish) == "claimed"
    compound.pass_time(hours=1)
    assert (compound.state(wish), _claims(compound, wish)) == ("posted", ["lapsed"])
    compound.wishes.claim(wish, who(compound.ben), actor=compound.ben)


def test_what_was_done_in_time_does_not_lapse(compound: VolunteerCompound) -> None:
    wish = compound.claimed(compound.ann)
    compound.district.perform(WishFlow.fulfil(WishFlow.ref(wish)), actor=compound.ann)
    compound.pass_time(days=30)
    assert _claims(compound, wish) == ["delivered"]


def test_only_the_wisher_thanks_or_a_helper_who_says_why_and_is_no_claimant(
    compound: VolunteerCompound,
) -> None:
    compound.district.register.tie(who(compound.leader), "volunteer", compound.organisation)
    wish = compound.claimed(compound.leader)
    compound.district.perform(WishFlow.fulfil(WishFlow.ref(wish)), actor=compound.leader)
    for actor in (compound.ann, compound.resident):
        with pytest.raises(NotAllowed):
            compound.district.perform(WishFlow.thank(WishFlow.ref(wish), WhyForOthers()), actor=actor)
    for actor in (compound.leader, compound.secretary):
        with pytest.raises(NotAllowed, match="somebody else must do it"):
            compound.district.perform(
                WishFlow.thank(WishFlow.ref(wish), WhyForOthers(reason=Private("x"))), actor=actor
            )
    with pytest.raises(Refused, match="say why: it is somebody else's"):
        compound.district.perform(WishFlow.thank(WishFlow.ref(wish), WhyForOthers()), actor=compound.steward)
    compound.district.perform(
        WishFlow.thank(WishFlow.ref(wish), WhyForOthers(reason=Private("老人口头确认"))),
        actor=compound.steward,
    )
    assert compound.state(wish) == "thanked"


def test_silence_thanks_nobody_and_climbs_the_ladder(compound: VolunteerCompound) -> None:
    wish = compound.claimed(compound.ann)
    compound.district.perform(WishFlow.fulfil(WishFlow.ref(wish)), actor=compound.ann)
    compound.pass_time(days=7)
    compound.pass_time(days=1)
    compound.pass_time(days=90)
    rungs = [act.body["rung"] for act in compound.district.history(wish) if act.verb == "wish.late"]
    assert rungs == ["volunteer_leader", "branch_secretary", "officer"]
    assert compound.state(wish) == "fulfilled"


def test_a_wish_that_nobody_approves_is_late_after_service_hours_over_a_weekend(
    compound: VolunteerCompound,
) -> None:
    compound.clock.now = compound.at("2026-03-06 14:30")
    wish = _proposed(compound)
    # Friday afternoon three hours, Monday six and a half, Tuesday three and a half.
    assert compound.district.subject(wish).due_at == compound.at("2026-03-10 12:00")
    compound.pass_time(days=3, hours=21, minutes=29)
    assert [act.verb for act in compound.district.history(wish)] == ["wish.propose"]
    compound.pass_time(minutes=1)
    assert compound.district.history(wish)[-1].verb == "wish.late"
    assert compound.state(wish) == "proposed", "silence never approves"


def test_a_wish_that_nobody_claims_expires(compound: VolunteerCompound) -> None:
    wish = compound.posted()
    with pytest.raises(Refused, match="its time is not over"):
        compound.district.make(wish, "expire", actor=ENGINE_ACTOR)
    compound.pass_time(days=60)
    assert compound.state(wish) == "expired"


def test_the_time_in_which_it_is_claimed_does_not_count(compound: VolunteerCompound) -> None:
    wish = compound.posted()
    compound.pass_time(days=50)
    compound.wishes.claim(wish, who(compound.ann), actor=compound.ann)
    compound.pass_time(days=13)
    _released(compound, wish, "x", compound.ann)
    compound.pass_time(days=9)
    assert compound.state(wish) == "posted"
    compound.pass_time(days=1)
    assert compound.state(wish) == "expired"


def test_a_wish_expires_after_the_last_day_on_which_it_is_of_use(compound: VolunteerCompound) -> None:
    wish = compound.posted(wanted_by=date(2026, 3, 5))
    compound.clock.now = compound.at("2026-03-05 23:59")
    compound.pass_time(seconds=0)
    assert compound.state(wish) == "posted"
    compound.pass_time(minutes=1)
    assert compound.state(wish) == "expired"


def test_an_ended_wish_ends_its_claims(compound: VolunteerCompound) -> None:
    wish = compound.posted(needs=2)
    compound.wishes.claim(wish, who(compound.ann), actor=compound.ann)
    compound.district.make(wish, "withdraw", {"reason": "不需要了"}, actor=compound.elder)
    assert (compound.state(wish), _claims(compound, wish)) == ("withdrawn", ["called_off"])
    compound.pass_time(days=30)
    assert _claims(compound, wish) == ["called_off"]


def test_whoever_fulfilled_a_wish_does_not_withdraw_it(compound: VolunteerCompound) -> None:
    compound.district.register.tie(who(compound.leader), "volunteer", compound.organisation)
    wish = compound.claimed(compound.leader)
    compound.district.perform(WishFlow.fulfil(WishFlow.ref(wish)), actor=compound.leader)
    with pytest.raises(NotAllowed):
        compound.district.make(wish, "withdraw", {"reason": "x"}, actor=compound.leader)


def test_what_exactly_is_wished_for_is_read_by_claimants_and_that_is_kept(
    compound: VolunteerCompound,
) -> None:
    wish = compound.posted()
    with pytest.raises(Refused, match="claim it first"):
        compound.wishes.details(wish, "好奇", actor=compound.ann)
    compound.wishes.claim(wish, who(compound.ann), actor=compound.ann)
    assert compound.wishes.details(wish, "送货", actor=compound.ann) == "送到西门老槐树下"
    assert compound.district.history(wish)[-1].verb == "wish.read"
    plain = compound.posted(details=None)
    assert compound.wishes.details(plain, "核对", actor=compound.leader) is None


def test_what_is_wished_for_in_private_is_nowhere_in_the_open(compound: VolunteerCompound) -> None:
    compound.posted()
    with compound.district.store.reading() as connection:
        for table in (t.act, t.subject, t.delivery):
            for row in connection.execute(table.select()):
                assert "老槐树" not in repr(tuple(row))


def test_the_brief_counts_wishes(compound: VolunteerCompound) -> None:
    thanked, withdrawn, expired = compound.claimed(compound.ann), compound.posted(), compound.posted()
    _proposed(compound)
    compound.district.make(_proposed(compound), "withdraw", {"reason": "x"}, actor=compound.elder)
    compound.district.perform(WishFlow.fulfil(WishFlow.ref(thanked)), actor=compound.ann)
    figures = compound.district.brief().figures
    assert (figures["wishes.open"], figures["wishes.thanked"]) == (3, 0)
    compound.district.perform(WishFlow.thank(WishFlow.ref(thanked), WhyForOthers()), actor=compound.elder)
    compound.district.make(withdrawn, "withdraw", {"reason": "x"}, actor=compound.elder)
    figures = compound.district.brief().figures
    assert (figures["wishes.open"], figures["wishes.thanked"]) == (1, 1)
    compound.pass_time(days=61)
    assert compound.state(expired) == "expired"
    assert compound.district.brief().figures["wishes.open"] == 0
