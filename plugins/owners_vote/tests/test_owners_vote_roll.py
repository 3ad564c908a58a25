"""The roll: drawn from the register, contested parts settled, then frozen."""

from collections.abc import Callable

import pytest

from linli import District, NotAllowed, Private, Refused, Why
from linli.testing import snapshot, somebody
from linli_owners_vote.contests import ContestFlow, Finding, Settle
from linli_owners_vote.tables import TABLES
from linli_owners_vote.testing import QUIET, VoteCompound, vote_compound
from linli_owners_vote.workflow import VoteFlow


@pytest.fixture
def compound(new_district: Callable[..., District]) -> VoteCompound:
    return vote_compound(new_district, homes=("101", "102", "103", "104"))


# --- the roll and contested parts ----------------------------------------------------------------------


def test_it_does_not_open_while_the_register_cannot_say_who_votes_for_what(
    compound: VoteCompound,
) -> None:
    compound.home("201", None)
    compound.home("202", "50.005")
    nobodys = compound.district.register.place("exclusive_part", "203", compound.place, record={"area": "50"})
    vote = compound.announced()
    before = snapshot(compound.district, TABLES)
    with pytest.raises(Refused, match=r"3 parts cannot be on the roll: .*201 has no area") as refusal:
        compound.district.perform(VoteFlow.open(VoteFlow.ref(vote)), actor=compound.member)
    assert "202 has an area that is no number of m² above 0 with at most two decimals" in str(refusal.value)
    assert "203 has no owner, and is not marked as the developer's" in str(refusal.value)
    assert snapshot(compound.district, TABLES) == before
    assert [line.path[-3:] for line in compound.votes.roll(vote) if line.problem] == ["201", "202", "203"]
    register = compound.district.register
    register.place("exclusive_part", "201", compound.place, record={"area": "40.10"})
    register.place("exclusive_part", "202", compound.place, record={"area": "50.01"})
    register.place("exclusive_part", "203", compound.place, record={"held_by": "developer"})
    assert nobodys in {line.part for line in compound.votes.roll(vote)}
    compound.district.perform(VoteFlow.open(VoteFlow.ref(vote)), actor=compound.member)
    assert compound.district.subject(vote).record.roll_area == 20000 + 4010 + 5001 + 5000


def test_a_compound_without_parts_has_no_vote(new_district: Callable[..., District]) -> None:
    compound = vote_compound(new_district)
    with pytest.raises(Refused, match="no exclusive part"):
        compound.district.perform(VoteFlow.open(VoteFlow.ref(compound.announced())), actor=compound.member)


def test_contested_parts_are_settled_before_it_opens_and_not_by_who_contested_them(
    compound: VoteCompound,
) -> None:
    vote = compound.announced()
    home = compound.homes["101"]
    contest = compound.votes.contest(vote, home.part, "面积不对", actor=home.owners[0]).subject
    assert [line.contested for line in compound.votes.roll(vote)] == [True, False, False, False]
    with pytest.raises(Refused, match=f"contested already: {contest}"):
        compound.votes.contest(vote, home.part, "还是不对", actor=home.owners[0])
    with pytest.raises(Refused, match="1 contested parts are not settled"):
        compound.district.perform(VoteFlow.open(VoteFlow.ref(vote)), actor=compound.member)
    with pytest.raises(NotAllowed):
        compound.district.perform(
            ContestFlow.settle(
                ContestFlow.ref(contest), Settle(finding=Finding("register_right"), reason=Private("x"))
            ),
            actor=home.owners[0],
        )
    with pytest.raises(Refused, match="reason is missing"):
        compound.district.make(contest, "settle", {"finding": "register_right"}, actor=compound.member)
    with pytest.raises(Refused, match="correct it first"):
        compound.district.perform(
            ContestFlow.settle(
                ContestFlow.ref(contest), Settle(finding=Finding("register_corrected"), reason=Private("x"))
            ),
            actor=compound.member,
        )
    compound.district.register.place("exclusive_part", "101", compound.place, record={"area": "55.50"})
    compound.district.perform(
        ContestFlow.settle(
            ContestFlow.ref(contest),
            Settle(finding=Finding("register_corrected"), reason=Private("按不动产权证更正")),
        ),
        actor=compound.member,
    )
    compound.district.perform(VoteFlow.open(VoteFlow.ref(vote)), actor=compound.member)
    assert compound.district.subject(vote).record.roll_area == 20550


def test_who_contested_a_part_does_not_settle_it_though_they_organise_the_vote(
    compound: VoteCompound,
) -> None:
    vote, part = compound.prepared(), compound.homes["101"].part
    contest = compound.votes.contest(vote, part, "x", actor=compound.member).subject
    with pytest.raises(NotAllowed, match="already acted"):
        compound.district.perform(
            ContestFlow.settle(
                ContestFlow.ref(contest), Settle(finding=Finding("register_right"), reason=Private("x"))
            ),
            actor=compound.member,
        )
    with pytest.raises(Refused, match="say who does it"):
        compound.district.perform(
            ContestFlow.settle(
                ContestFlow.ref(contest), Settle(finding=Finding("register_right"), reason=Private("x"))
            )
        )
    compound.district.perform(
        ContestFlow.settle(
            ContestFlow.ref(contest), Settle(finding=Finding("register_right"), reason=Private("x"))
        ),
        actor=compound.officer,
    )
    assert compound.district.subject(contest).outcome == "settled"


def test_a_contest_is_withdrawn_by_who_raised_it(compound: VoteCompound) -> None:
    vote, home = compound.prepared(), compound.homes["101"]
    contest = compound.votes.contest(vote, home.part, "x", actor=home.owners[0]).subject
    with pytest.raises(Refused, match="only whoever contested it"):
        compound.district.make(contest, "withdraw", {"reason": "x"}, actor=compound.homes["102"].owners[0])
    compound.district.make(contest, "withdraw", {"reason": "x"}, actor=home.owners[0])
    assert compound.district.subject(contest).outcome == "withdrawn"


def test_only_owners_contest_parts_of_the_compound_and_only_before_it_opens(compound: VoteCompound) -> None:
    vote, part = compound.prepared(), compound.homes["101"].part
    stranger = somebody(compound.district, None, compound.place)
    with pytest.raises(Refused, match="only an owner"):
        compound.votes.contest(vote, part, "x", actor=stranger)
    owner = compound.homes["102"].owners[0]
    with pytest.raises(Refused, match="no part of the compound"):
        compound.votes.contest(vote, compound.place, "x", actor=owner)
    compound.district.perform(
        VoteFlow.call_off(VoteFlow.ref(vote), Why(reason=Private("x"))), actor=compound.member
    )
    opened = compound.opened()
    with pytest.raises(Refused, match="the roll is frozen"):
        compound.votes.contest(opened, part, "x", actor=owner)


def test_the_roll_is_frozen_when_it_opens_whatever_becomes_of_the_register(compound: VoteCompound) -> None:
    vote = compound.opened()
    frozen = compound.votes.roll(vote)
    record = compound.district.subject(vote).record
    seller, buyer = compound.homes["101"].owners[0], somebody(compound.district, None, compound.place)
    assert seller.person
    compound.district.register.end_tie(seller.person, "owner", compound.homes["101"].part)
    compound.own(buyer, compound.homes["101"].part)
    compound.district.register.place("exclusive_part", "102", compound.place, record={"area": "500"})
    compound.home("301", "900")
    assert compound.votes.roll(vote) == frozen
    assert compound.votes.verify(vote) == []
    with pytest.raises(Refused, match="only an owner of this part on the roll"):
        compound.votes.cast(vote, compound.homes["101"].part, "agree", actor=buyer)
    with pytest.raises(Refused, match="not on the roll"):
        compound.cast(vote, "301")
    compound.cast(vote, "101")
    assert compound.district.subject(vote).record == record


def test_owners_of_several_parts_co_owners_and_the_developer_count_as_the_law_says(
    new_district: Callable[..., District],
) -> None:
    compound = vote_compound(new_district)
    one, other = (somebody(compound.district, None, compound.place) for _ in range(2))
    compound.home("101", "50", one)
    compound.home("102", "60", one)
    compound.home("103", "70", one, other)
    compound.home("104", "80", other, one)
    compound.home("105", "90", other)
    compound.home("106", "100", developer=True)
    compound.home("107", "110", other, developer=True)
    heads = [line.head for line in compound.votes.roll(compound.prepared())]
    assert heads == [1, 1, 2, 2, 3, 4, 4], "who owns alone is another owner than those who own together"
    vote = compound.opened()
    record = compound.district.subject(vote).record
    assert (record.roll_parts, record.roll_heads, record.roll_area) == (7, 4, 56000)
    with pytest.raises(Refused, match="only an owner"):
        compound.votes.cast(vote, compound.homes["107"].part, "agree", actor=other)


def test_people_who_were_merged_are_one_owner(compound: VoteCompound) -> None:
    register = compound.district.register
    here, double = (
        register.person(name=name, phone=phone)
        for name, phone in (("张三", "13800000001"), ("张三丰", "13800000002"))
    )
    for name, person in (("201", here), ("202", double)):
        part = register.place("exclusive_part", name, compound.place, record={"area": "50"})
        register.tie(person, "owner", part)
    register.merge(double, here)
    lines = {line.path[-3:]: line.head for line in compound.votes.roll(compound.prepared())}
    assert lines["201"] == lines["202"]


def test_uses_that_the_district_leaves_out_are_not_on_the_roll(new_district: Callable[..., District]) -> None:
    compound = vote_compound(new_district, QUIET + 'uses_left_out = ["parking"]\n', homes=("101",))
    register = compound.district.register
    register.place("exclusive_part", "车位1", compound.place, record={"area": "12", "use": "parking"})
    register.place("exclusive_part", "101", compound.place, record={"use": "home"})
    assert [line.path[-3:] for line in compound.votes.roll(compound.prepared())] == ["101"]
