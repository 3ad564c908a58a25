"""Who is on the roll and who casts for them: organisations, minors, wards, estates, the developer, the lost; tenants not."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest

from linli import Actor, District, Refused
from linli.testing import an_organisation, somebody, who
from linli_owners_vote.proxies import ProxyFlow
from linli_owners_vote.testing import QUIET, VoteCompound, vote_compound

SPEAKS = {"organisation": "organisation", "minor": "guardian", "ward": "guardian", "estate": "heirs"}


@pytest.fixture
def compound(new_district: Callable[..., District]) -> VoteCompound:
    return vote_compound(new_district, QUIET + 'ways = ["online", "paper"]\n', homes=("101", "102"))


def _owned(compound: VoteCompound, name: str, how: str) -> tuple[UUID, UUID]:
    """A part whose owner is one in a way of its own: the part, the owner."""
    register = compound.district.register
    part = register.place("exclusive_part", name, compound.place, record={"area": "50"})
    if how == "organisation":
        owner = an_organisation(compound.district, "association", compound.place)
        register.tie(owner, "owner", part)
    else:
        owner = who(somebody(compound.district, None, compound.place))
        register.tie(owner, "owner", part, since=date(2020, 1, 1), record={"as": how})
    return part, owner


@pytest.mark.parametrize("how", list(SPEAKS))
def test_who_does_not_vote_in_person_is_a_head_and_votes_by_a_paper_that_two_people_have_seen(
    compound: VoteCompound, how: str
) -> None:
    part, owner = _owned(compound, "201", how)
    votes, speaker = compound.votes, somebody(compound.district, None, compound.place)
    vote = compound.opened()
    assert compound.district.subject(vote).record.roll_heads == 3
    with pytest.raises(Refused, match=r"only an owner of this part|only somebody who is registered"):
        votes.cast(vote, part, "agree", actor=Actor(person=owner))
    for wrong in {"proxy", "organisation", "guardian", "heirs", "developer"} - {SPEAKS[how]}:
        with pytest.raises(Refused, match=r"no owner of this part for whom|ballots are cast otherwise"):
            votes.give_proxy(vote, part, who(speaker), written=True, why=wrong, actor=compound.teller)
    paper = votes.give_proxy(vote, part, who(speaker), why=SPEAKS[how], actor=compound.teller).subject
    with pytest.raises(Refused, match="no valid proxy"):
        votes.cast(vote, part, "agree", proxy=True, actor=speaker)
    compound.district.perform(ProxyFlow.confirm(ProxyFlow.ref(paper)), actor=compound.second_teller)
    receipt = votes.cast(vote, part, "agree", proxy=True, actor=speaker)
    assert votes.own(vote, part, receipt.secret, actor=speaker) == "agree"
    compound.cast(vote, "101")
    assert compound.certified(vote) == "passed"
    assert votes.result(vote).result.agreed.heads == 2


def test_who_speaks_for_owners_by_a_paper_is_held_to_no_number_of_proxies(
    new_district: Callable[..., District],
) -> None:
    """A guardian of two wards, and the one whom an organisation with ten shops names, are no collectors of proxies."""
    compound = vote_compound(new_district, QUIET + "proxies_per_person = 1\n")
    parts = [_owned(compound, f"2{number:02}", "ward")[0] for number in range(3)]
    home, guardian = compound.home("101"), somebody(compound.district, None, compound.place)
    vote = compound.opened()
    for part in parts:
        paper = compound.votes.give_proxy(vote, part, who(guardian), why="guardian", actor=compound.teller)
        compound.district.perform(
            ProxyFlow.confirm(ProxyFlow.ref(paper.subject)), actor=compound.second_teller
        )
    compound.votes.give_proxy(vote, home.part, who(guardian), actor=home.owners[0])


def test_the_developers_unsold_parts_are_one_head_and_vote_by_whom_it_names(compound: VoteCompound) -> None:
    homes = [compound.home(f"30{number}", developer=True) for number in range(3)]
    vote, named = compound.opened(), somebody(compound.district, None, compound.place)
    assert compound.district.subject(vote).record.roll_heads == 3
    for home in homes:
        paper = compound.votes.give_proxy(vote, home.part, who(named), why="developer", actor=compound.teller)
        compound.district.perform(
            ProxyFlow.confirm(ProxyFlow.ref(paper.subject)), actor=compound.second_teller
        )
        compound.votes.cast(vote, home.part, "agree", proxy=True, actor=named)
    compound.cast(vote, "101", "against")
    compound.certified(vote)
    result = compound.votes.result(vote).result
    assert (result.agreed.heads, result.agreed.area) == (1, 15000)


def test_a_co_owner_who_is_of_age_casts_for_a_part_that_a_minor_owns_with_them(
    compound: VoteCompound,
) -> None:
    part, _ = _owned(compound, "201", "minor")
    parent = somebody(compound.district, None, compound.place)
    compound.own(parent, part)
    vote = compound.opened()
    compound.votes.cast(vote, part, "agree", actor=parent)
    assert compound.district.subject(vote).record.roll_heads == 3


def test_an_owner_who_cannot_be_found_moved_away_or_died_stays_on_the_roll(compound: VoteCompound) -> None:
    register = compound.district.register
    _owned(compound, "201", "not_found")
    for name, how in (("202", "moved_away"), ("203", "died")):
        part = register.place("exclusive_part", name, compound.place, record={"area": "50"})
        owner = register.person(name="张三", phone=f"13800000{name}", home=part)
        register.tie(owner, "owner", part)
        register.end(owner, how)
    vote = compound.opened()
    record = compound.district.subject(vote).record
    assert (record.roll_parts, record.roll_heads) == (5, 5)
    for name in ("101", "102"):
        compound.cast(vote, name)
    assert compound.certified(vote) == "no_quorum", "who cannot be found did not take part"


def test_an_owner_who_moved_away_casts_their_ballot_all_the_same(compound: VoteCompound) -> None:
    register = compound.district.register
    part = register.place("exclusive_part", "201", compound.place, record={"area": "50"})
    owner = somebody(compound.district, None, compound.place)
    compound.own(owner, part)
    vote = compound.opened()
    compound.votes.cast(vote, part, "agree", actor=owner)


def test_a_tenant_has_no_vote(compound: VoteCompound) -> None:
    tenant, home = somebody(compound.district, None, compound.place), compound.homes["101"]
    compound.district.register.tie(who(tenant), "tenant", home.part)
    vote = compound.opened()
    record = compound.district.subject(vote).record
    assert record.roll_heads == 2
    with pytest.raises(Refused, match="only an owner of this part"):
        compound.votes.cast(vote, home.part, "agree", actor=tenant)
    with pytest.raises(Refused, match="only an owner"):
        compound.votes.contest(vote, home.part, "x", actor=tenant)
