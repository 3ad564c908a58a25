"""Filing by the joint meeting: what it may do, with and without an owners' vote; filing numbers."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from uuid import UUID

import pytest

from linli import ENGINE_ACTOR, District, Refused, new_id
from linli_decisions.testing import Compound, compound, refused
from linli_meetings.api import proposed_item


@pytest.fixture
def here(new_district: Callable[..., District]) -> Compound:
    return compound(new_district)


def _voted(here: Compound, *, passed: bool = True) -> UUID:
    matter = here.propose("lift")
    here.make(matter, "submit", "owner")
    for by in ("secretary", "committee", "manager"):
        here.opine(matter, "approve", by)
    assert here.state(matter) == "voting"
    move = "vote_passed" if passed else "vote_failed"
    here.district.make(matter, move, {"vote": new_id()}, actor=ENGINE_ACTOR)
    return matter


def test_the_joint_meeting_of_the_catalogues_tier_gets_it(here: Compound) -> None:
    for entry, tier in (("renovation", "street"), ("parking", "district")):
        item = here.item_of(here.in_filing(entry))
        assert (item.record.tier, item.record.topic, item.state) == (tier, "整治小区道路", "proposed")


def test_a_meeting_that_is_held_files_it(here: Compound) -> None:
    matter = here.in_filing()
    here.meet(matter)
    assert here.state(matter) == "on_notice"


@pytest.mark.parametrize(("resolution", "state"), [("returned", "proposed"), ("rejected", "rejected")])
def test_the_meeting_returns_or_rejects_with_a_reason(here: Compound, resolution: str, state: str) -> None:
    matter = here.in_filing()
    with pytest.raises(Refused, match="say why"):
        here.resolve_item(matter, resolution)
    assert here.state(matter) == "filing"
    here.resolve_item(matter, resolution, "资金来源不明")
    assert here.state(matter) == state
    assert here.district.subject(matter).record.filing_number is None
    if state == "rejected":
        here.make(matter, "appeal", "owner", reason="资金已落实")


def test_what_was_returned_comes_before_the_meeting_again_as_another_item(here: Compound) -> None:
    matter = here.in_filing()
    first = here.item_of(matter).id
    here.resolve_item(matter, "returned", "补充预算")
    here.make(matter, "submit", "owner")
    for by in ("secretary", "committee", "manager"):
        here.opine(matter, "approve", by)
    assert here.item_of(matter).id != first
    here.resolve_item(matter)
    assert here.state(matter) == "on_notice"


def test_noting_a_decision_is_refused(here: Compound) -> None:
    matter = here.in_filing()
    refused(here, "noting it does nothing", lambda: here.resolve_item(matter, "noted"))
    with pytest.raises(Refused, match="noting it does nothing"):
        here.meet(matter, "noted")
    assert here.state(matter) == "filing"


def test_what_the_streets_meeting_cannot_settle_goes_to_the_districts(here: Compound) -> None:
    matter = here.in_filing()
    here.meet(matter, "unsettled")
    item = here.item_of(matter)
    assert (here.state(matter), item.record.tier, item.record.grounds) == ("filing", "district", "unsettled")
    assert here.district.subject(matter).record.tier == "district"
    here.meet(matter, "unsettled")
    assert (here.state(matter), here.item_of(matter).id != item.id) == ("filing", True)
    here.meet(matter, "approved")
    assert here.state(matter) == "on_notice"


def test_a_stated_breach_of_law_goes_to_the_authority_and_comes_back(here: Compound) -> None:
    matter = _voted(here)
    here.resolve_item(matter, "referred", "公告程序不符")
    assert here.state(matter) == "referred"
    refused(here, "you may not", lambda: here.make(matter, "annul", "clerk", reason="x"))
    here.make(matter, "clear", "officer", reason="主管部门认定程序合法")
    assert here.state(matter) == "filing"
    here.resolve_item(matter)
    assert here.state(matter) == "on_notice"


def test_a_breach_that_the_authority_found_ends_it_without_an_appeal(here: Compound) -> None:
    matter = _voted(here)
    here.resolve_item(matter, "referred", "公告程序不符")
    here.make(matter, "annul", "officer", reason="主管部门撤销")
    assert here.state(matter) == "rejected"
    refused(here, "nor the authority", lambda: here.make(matter, "appeal", "owner", reason="x"))


@pytest.mark.parametrize("resolution", ["returned", "rejected"])
def test_after_the_owners_vote_the_meeting_does_not_overrule_it(here: Compound, resolution: str) -> None:
    matter = _voted(here)
    assert here.district.subject(matter).record.vote
    refused(here, "the owners have voted", lambda: here.resolve_item(matter, resolution, "不同意"))
    with pytest.raises(Refused, match="the owners have voted"):
        here.meet(matter, resolution)
    assert here.state(matter) == "filing"
    here.district.make(
        here.item_of(matter).id, "resolve", {"resolution": "approved"}, actor=here.people["meeting_secretary"]
    )
    assert here.state(matter) == "filed"


def test_a_failed_vote_rejects_and_is_not_appealed(here: Compound) -> None:
    matter = _voted(here, passed=False)
    assert (here.state(matter), here.district.subject(matter).record.rejected_in) == ("rejected", "voting")
    refused(here, "neither the owners' vote", lambda: here.make(matter, "appeal", "owner", reason="x"))


def test_nobody_but_linli_says_how_a_vote_ended_and_no_vote_is_skipped(here: Compound) -> None:
    matter = here.propose("lift")
    here.make(matter, "submit", "owner")
    for by in ("secretary", "committee", "manager"):
        here.opine(matter, "approve", by)
    for actor in (*here.people.values(), here.district.console):
        for move in ("vote_passed", "vote_failed"):
            values = {"vote": new_id()}
            refused(
                here,
                "you may not",
                partial(here.district.make, matter, move, values, actor=actor),
            )
    here.make(matter, "withdraw", "owner", reason="另议")
    assert here.state(matter) == "withdrawn"


def test_what_is_before_the_meeting_is_not_put_there_twice(here: Compound) -> None:
    matter = here.in_filing()
    refused(here, "before the joint meeting already", lambda: here.make(matter, "table", "meeting_secretary"))
    item = here.item_of(matter).id
    here.district.make(item, "withdraw", {"reason": "重复"}, actor=ENGINE_ACTOR)
    refused(here, "you may not", lambda: here.make(matter, "table", "owner"))
    here.make(matter, "table", "meeting_secretary")
    assert here.item_of(matter).id != item
    here.resolve_item(matter)
    assert here.state(matter) == "on_notice"


def test_nobody_puts_a_decision_on_the_agenda_by_hand(here: Compound) -> None:
    matter = here.propose()
    order = proposed_item(tier="street", place=here.place, topic="x", about=matter)
    values = {name: value for name, value in order.values.items() if name not in ("grounds", "left_out")}
    for by in ("meeting_secretary", "officer", "secretary"):
        actor = here.people[by]
        refused(
            here,
            "linli itself puts a decision",
            partial(here.district.start, "agenda_item", "propose", here.place, values, actor=actor),
        )


def test_who_acted_in_a_matter_does_not_record_the_meetings_resolution(here: Compound) -> None:
    person = here.people["secretary"].person
    assert person
    here.district.register.post(
        person, "meeting_secretary", here.street, since=datetime(2021, 1, 1, tzinfo=UTC)
    )
    matter = here.in_filing()
    with pytest.raises(Refused, match="already acted"):
        here.resolve_item(matter, by="secretary")
    here.resolve_item(matter)
    assert here.state(matter) == "on_notice"


# --- numbers ----------------------------------------------------------------------------------------------


def _number(here: Compound, matter: UUID) -> str:
    return str(here.district.subject(matter).record.filing_number)


def test_filing_numbers_count_on_within_a_year_and_begin_anew_in_the_next(here: Compound) -> None:
    first, second = here.in_filing(), here.in_filing("parking")
    here.resolve_item(second)
    here.resolve_item(first)
    assert [_number(here, one) for one in (second, first)] == ["2026-0001", "2026-0002"]
    here.clock.now = datetime(2026, 12, 31, 16, 30, tzinfo=UTC)  # half past midnight of the new year
    third = here.in_filing()
    here.resolve_item(third)
    assert _number(here, third) == "2027-0001"
    assert here.decisions.find("2026-0002") == first


def test_the_pattern_is_the_districts(new_district: Callable[..., District]) -> None:
    here = compound(new_district, settings='number = "议决〔{year}〕{tier}{serial:03}号"')
    found = []
    for entry in ("renovation", "parking", "renovation"):
        matter = here.in_filing(entry)
        here.resolve_item(matter)
        found.append(_number(here, matter))
    assert found == ["议决〔2026〕street001号", "议决〔2026〕district001号", "议决〔2026〕street002号"]


def test_the_number_says_nothing_a_person_gave(here: Compound) -> None:
    matter = here.in_filing()
    values = {"item": here.item_of(matter).id, "filing_number": "2026-9999", "serial": 1}
    refused(
        here, "you may not", lambda: here.district.make(matter, "file", values, actor=here.people["officer"])
    )
