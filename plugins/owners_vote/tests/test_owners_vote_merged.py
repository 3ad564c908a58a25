"""A compound that is merged or split, or whose bodies end, while its owners vote: the vote is finished on its roll."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import attrs
import pytest

from linli import District, Private, Refused, new_id
from linli._testing.upsetting import another_record
from linli.testing import a_place, all_of, somebody, who
from linli_owners_vote.contests import ContestFlow, Finding, Settle
from linli_owners_vote.proxies import ProxyFlow
from linli_owners_vote.steps import Extend
from linli_owners_vote.testing import VoteCompound, vote_compound
from linli_owners_vote.workflow import VoteFlow


@pytest.fixture
def compound(new_district: Callable[..., District]) -> VoteCompound:
    return vote_compound(new_district, "[owners_vote]\npublish = true\n", homes=("101", "102", "103"))


def _path(compound: VoteCompound) -> str:
    nodes = {node.id: node for node in compound.district.register.places(ended=True)}
    return nodes[compound.community].path


def _other(compound: VoteCompound) -> UUID:
    return a_place(
        compound.district, f"幸福里{new_id().hex[-4:]}", parent=compound.community, path=_path(compound)
    )


def _merged(compound: VoteCompound) -> list[UUID]:
    other = _other(compound)
    compound.district.register.merge_places(compound.place, other)
    return [other]


def _split(compound: VoteCompound) -> list[UUID]:
    east, west = (_other(compound) for _ in range(2))
    goes = {home.part: east if name == "101" else west for name, home in compound.homes.items()}
    compound.district.register.split_place(compound.place, goes)
    return [east, west]


@pytest.mark.parametrize("change", [_merged, _split])
@pytest.mark.parametrize("stage", ["open", "closed", "counted"])
def test_a_vote_that_was_open_when_its_compound_ended_is_finished_on_its_frozen_roll(
    compound: VoteCompound, change: Callable[[VoteCompound], list[UUID]], stage: str
) -> None:
    vote, home = compound.opened(), compound.homes["103"]
    compound.cast(vote, "101")
    if stage != "open":
        compound.close(vote)
    if stage == "counted":
        compound.count(vote)
    successors = change(compound)
    compound.clock.now += timedelta(hours=1)
    weight = compound.district.subject(vote).record.roll_area
    residents = compound.keepers[compound.district.register.find_organisation("residents_committee")]
    if stage == "open":
        compound.cast(vote, "102")
        friend = somebody(compound.district, None, successors[0])
        compound.votes.give_proxy(vote, home.part, who(friend), actor=home.owners[0])
        compound.votes.cast(vote, home.part, "against", proxy=True, actor=friend)
        compound.close(vote)
    if stage != "counted":
        compound.votes.count(vote, compound.codes[vote][:2], actor=residents)
    compound.district.perform(VoteFlow.certify(VoteFlow.ref(vote)), actor=compound.outsider)
    found = compound.district.subject(vote)
    assert (found.state, found.record.roll_area) == ("certified", weight)
    assert found.outcome == ("passed" if stage == "open" else "no_quorum")
    assert compound.votes.verify(vote) == []
    results = [
        one.place
        for one in all_of(compound.district, "publication")
        if one.record.about == vote and "结果" in one.record.title
    ]
    assert len({line.path for line in compound.votes.roll(vote)}) == 3
    assert sorted(results) == sorted(successors), "it is disclosed where its owners now are"


def test_where_the_body_that_opened_it_has_ended_the_residents_committee_extends_it(
    new_district: Callable[..., District],
) -> None:
    more = "[owners_vote]\npublish = false\nextension = true\n"
    compound = vote_compound(new_district, more, homes=("101",))
    vote = compound.opened()
    until = compound.district.subject(vote).record.until
    compound.district.register.end_organisation(compound.committee)
    _merged(compound)
    compound.clock.now += timedelta(hours=1)
    compound.district.perform(
        VoteFlow.extend(VoteFlow.ref(vote), Extend(until=until + timedelta(days=1), reason=Private("合并"))),
        actor=compound.outsider,
    )
    assert compound.district.subject(vote).state == "extended"


@pytest.mark.parametrize("change", [_merged, _split])
def test_a_vote_that_had_not_opened_when_its_compound_ended_is_opened_for_the_homes_that_it_was_announced_to(
    compound: VoteCompound, change: Callable[[VoteCompound], list[UUID]]
) -> None:
    vote, theirs = compound.announced(), {home.part for home in compound.homes.values()}
    for successor in change(compound):
        elsewhere = attrs.evolve(compound, place=successor, homes={})
        elsewhere.home(f"9{new_id().hex[-4:]}")
    compound.clock.now += timedelta(hours=1)
    assert {line.part for line in compound.votes.roll(vote)} == theirs
    assert all(line.path for line in compound.votes.roll(vote))
    [stranger] = elsewhere.homes.values()
    with pytest.raises(Refused, match="no part of the compound"):
        compound.votes.contest(vote, stranger.part, "x", actor=stranger.owners[0])
    with pytest.raises(Refused, match="only an owner of a part of this compound"):
        compound.votes.contest(vote, compound.homes["101"].part, "x", actor=stranger.owners[0])
    contest = compound.votes.contest(
        vote, compound.homes["102"].part, "x", actor=compound.homes["101"].owners[0]
    )
    compound.district.perform(
        ContestFlow.settle(
            ContestFlow.ref(contest.subject), Settle(finding=Finding("register_right"), reason=Private("x"))
        ),
        actor=compound.officer,
    )
    compound.district.perform(VoteFlow.open(VoteFlow.ref(vote)), actor=compound.officer)
    found = compound.district.subject(vote).record
    assert (found.roll_parts, found.roll_heads) == (3, 3)
    for name in ("101", "102"):
        compound.cast(vote, name)
    compound.close(vote)
    residents = compound.keepers[compound.district.register.find_organisation("residents_committee")]
    compound.votes.count(vote, compound.codes[vote][:2], actor=residents)
    compound.district.perform(VoteFlow.certify(VoteFlow.ref(vote)), actor=compound.outsider)
    assert compound.district.subject(vote).outcome == "passed", (
        "two of three homes that it is about are a quorum"
    )


def test_a_vote_that_was_prepared_before_another_compound_joined_is_of_the_homes_of_before(
    compound: VoteCompound,
) -> None:
    vote, before = compound.announced(), set(compound.homes)
    joining = attrs.evolve(compound, place=_other(compound), homes={})
    joining.home("901")
    compound.district.register.merge_places(joining.place, compound.place)
    compound.clock.now += timedelta(hours=1)
    assert {line.part for line in compound.votes.roll(vote)} == {compound.homes[name].part for name in before}
    compound.district.perform(VoteFlow.open(VoteFlow.ref(vote)), actor=compound.member)
    assert compound.district.subject(vote).record.roll_parts == len(before)
    later = compound.prepared()
    assert len(compound.votes.roll(later)) == len(before) + 1, "a new vote is everybody's"


def test_papers_and_proxies_wait_with_their_vote_until_the_street_chooses_its_part(
    compound: VoteCompound,
) -> None:
    register, district = compound.district.register, compound.district
    for home in compound.homes.values():
        register.tie(who(home.owners[0]), "resident", home.part)
    vote, third = compound.opened(), compound.homes["103"]
    receipt = compound.votes.enter(vote, compound.homes["101"].part, "agree", actor=compound.teller)
    friend = somebody(district, None, compound.place)
    proxy = compound.votes.give_proxy(vote, third.part, who(friend), written=True, actor=compound.teller)
    theirs = {vote, receipt.ballot, proxy.subject}
    east, west = _split(compound)
    assert register.undecided() == [(vote, compound.place)], "what belongs to the vote is not asked about"
    assert {district.subject(one).place for one in theirs} == {compound.community}
    with pytest.raises(Refused, match="goes on with"):
        register.choose_part(receipt.ballot, east)
    clerk = compound.keepers[register.find_organisation("residents_committee")]
    later = compound.votes.enter(vote, compound.homes["102"].part, "agree", actor=clerk).ballot
    register.choose_part(vote, west)
    assert {district.subject(one).place for one in theirs | {later}} == {west}
    teller = somebody(district, "teller", west)
    compound.votes.check(receipt.ballot, "agree", receipt.secret, actor=teller)
    compound.district.perform(ProxyFlow.confirm(ProxyFlow.ref(proxy.subject)), actor=teller)


def test_two_records_of_an_owner_that_became_one_correct_no_contested_part(compound: VoteCompound) -> None:
    vote, home = compound.prepared(), compound.homes["101"]
    contest = compound.votes.contest(vote, home.part, "x", actor=compound.homes["102"].owners[0]).subject
    another_record(compound.district, who(home.owners[0]))
    with pytest.raises(Refused, match="what it said before"):
        compound.district.perform(
            ContestFlow.settle(
                ContestFlow.ref(contest), Settle(finding=Finding("register_corrected"), reason=Private("x"))
            ),
            actor=compound.member,
        )
    compound.own(compound.homes["103"].owners[0], home.part)
    compound.district.perform(
        ContestFlow.settle(
            ContestFlow.ref(contest), Settle(finding=Finding("register_corrected"), reason=Private("x"))
        ),
        actor=compound.member,
    )
