"""A decision goes on when its compound is merged or split: filed, begun, disclosed, completed or abandoned."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from linli import District, NotAllowed
from linli._testing.upsetting import succeeded
from linli.testing import a_place, an_organisation, pass_on, who
from linli_decisions.testing import Compound, compound

HOW = pytest.mark.parametrize("how", ["merge", "split"])


@pytest.fixture
def here(new_district: Callable[..., District]) -> Compound:
    return compound(new_district)


def _places(here: Compound, matter: UUID) -> set[UUID]:
    """Where the disclosures of a matter are published."""
    disclosed = here.decisions.disclosures(matter)
    return {here.district.publish.get(one.record.publication).place for one in disclosed}


@HOW
@pytest.mark.parametrize("by", ["circulation", "meeting"])
def test_a_matter_in_filing_goes_its_whole_way_after_its_compound_ended(
    here: Compound, how: str, by: str
) -> None:
    matter = here.in_filing()
    new = pass_on(here.district, here.place, how)
    here.resolve_item(matter) if by == "circulation" else here.meet(matter)
    here.work_until(here.clock.now + timedelta(days=10))
    assert here.state(matter) == "resolved"
    here.make(matter, "begin", "second_committee", text="开工。")
    here.make(matter, "stage", "second_committee", name="路面", text="路面完成。")
    here.make(matter, "finish", "second_committee")
    here.make(matter, "check", "member", text="验收合格。")
    assert here.state(matter) == "completed"
    assert _places(here, matter) == {new}


@HOW
def test_a_matter_that_was_resolved_before_is_begun_and_its_stages_follow_the_first_disclosure(
    here: Compound, how: str
) -> None:
    matter = here.in_filing()
    here.resolve_item(matter)
    here.work_until(here.clock.now + timedelta(days=10))
    new = pass_on(here.district, here.place, how)
    here.make(matter, "begin", "second_committee", text="开工。")
    assert [one.record.stage for one in here.decisions.disclosures(matter)] == [1, 2]
    assert _places(here, matter) == {new}


@HOW
def test_a_matter_can_be_abandoned_after_its_compound_ended(here: Compound, how: str) -> None:
    matter = here.in_filing()
    here.resolve_item(matter)
    pass_on(here.district, here.place, how)
    here.make(matter, "abandon", "officer", text="资金不足，不再实施。")
    assert here.state(matter) == "abandoned"


def test_the_bodies_of_the_successor_are_asked_for_the_joint_review(here: Compound) -> None:
    matter = here.propose()
    here.make(matter, "submit", "owner")
    register = here.district.register
    path = register.node(here.community).path
    new = a_place(here.district, "阳光家园", parent=here.community, path=path)
    committee = an_organisation(here.district, "owners_committee", new, "阳光家园业委会")
    company = an_organisation(here.district, "property_company", new, "阳光家园物业")
    register.merge_places(here.place, new)
    here.opine(matter, "approve", "secretary")
    assert here.state(matter) == "joint_review"
    asked = {
        one.holder.at
        for one in here.district.tree(matter)
        if one.kind == "opinion" and one.holder and not one.ended_at
    }
    assert asked == {committee, company}


def test_a_matter_of_a_split_compound_goes_on_above_until_the_street_chooses_its_part(here: Compound) -> None:
    matter, register = here.in_filing(), here.district.register
    path = register.node(here.community).path
    south, north = (
        a_place(here.district, name, parent=here.community, path=path) for name in ("南区", "北区")
    )
    first, second = register.place("building", "1", here.place), register.place("building", "2", here.place)
    # The proposer has a home in each part, so that nothing says which the matter is about.
    shop = register.place("exclusive_part", "102", first)
    register.tie(who(here.people["owner"]), "owner", shop)
    goes = {one.id: north for one in register.places(here.place) if one.parent == here.place}
    register.split_place(here.place, {**goes, first: south, second: north})
    assert here.district.subject(matter).place == here.community
    here.resolve_item(matter)
    assert _places(here, matter) == {here.community}
    register.choose_part(matter, north)
    here.work_until(here.clock.now + timedelta(days=10))
    assert here.state(matter) == "resolved"
    assert {one.place for one in here.district.tree(matter) if one.ended_at is None} == {north}
    assert _places(here, matter) == {north}, "what was published about it is there, too"


def test_whoever_acted_for_a_body_that_ended_goes_on_for_the_one_that_came_after_it(here: Compound) -> None:
    matter = here.in_filing()
    here.resolve_item(matter)
    here.work_until(here.clock.now + timedelta(days=10))
    here.make(matter, "begin", "second_committee", text="开工。")
    succeeded(here.district, here.bodies["owners_committee"])
    here.clock.now += timedelta(hours=1)
    here.make(matter, "stage", "second_committee", name="路面", text="路面完成。")
    here.make(matter, "finish", "second_committee")
    assert here.state(matter) == "checking"


def test_of_two_bodies_that_came_after_another_neither_goes_on_with_what_somebody_did_for_it(
    here: Compound,
) -> None:
    matter = here.in_filing()
    here.resolve_item(matter)
    here.work_until(here.clock.now + timedelta(days=10))
    here.make(matter, "begin", "second_committee", text="开工。")
    an_organisation(here.district, "owners_committee", here.place, "另一个业委会")
    succeeded(here.district, here.bodies["owners_committee"])
    here.clock.now += timedelta(hours=1)
    with pytest.raises(NotAllowed):
        here.make(matter, "finish", "second_committee")
