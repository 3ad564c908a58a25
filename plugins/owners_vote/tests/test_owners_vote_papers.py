"""Papers, which two people read; proxies, given or written; people who are erased or merged."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from linli import Actor, District, NotAllowed, Private, Refused, Why, new_id
from linli.testing import somebody
from linli_owners_vote.api import Receipt
from linli_owners_vote.ballots import BallotFlow
from linli_owners_vote.marks import CHOICES
from linli_owners_vote.proxies import ProxyFlow
from linli_owners_vote.tables import TABLES
from linli_owners_vote.testing import QUIET, VoteCompound, vote_compound
from linli_owners_vote.workflow import VoteFlow


@pytest.fixture
def compound(new_district: Callable[..., District]) -> VoteCompound:
    return vote_compound(new_district, homes=("101", "102", "103", "104"))


def _voted(compound: VoteCompound, vote: UUID) -> list[tuple[str, str, bool]]:
    """The parts that have a ballot, how it came, and whether it counts."""
    found = compound.votes.turnout(vote, actor=compound.teller).ballots
    return [(one.path[-3:], one.way, one.checked) for one in found]


def a_clerk(compound: VoteCompound) -> Actor:
    return somebody(compound.district, "clerk", compound.community)


# --- papers --------------------------------------------------------------------------------------------


def test_a_paper_counts_once_another_teller_has_read_the_same(compound: VoteCompound) -> None:
    vote, part = compound.opened(), compound.homes["101"].part
    paper = compound.votes.enter(vote, part, "against", sheet="0001", actor=compound.teller)
    ballot = paper.ballot
    with pytest.raises(NotAllowed, match="already acted"):
        compound.votes.check(ballot, "against", paper.secret, actor=compound.teller)
    with pytest.raises(Refused, match="say who does it"):
        compound.votes.check(ballot, "against", paper.secret)
    compound.votes.check(ballot, "against", paper.secret, actor=compound.second_teller)
    assert compound.district.subject(ballot).state == "cast"
    assert compound.votes.turnout(vote, actor=compound.teller).voted.area == 5000


def test_a_paper_that_was_read_differently_does_not_count_and_is_entered_anew(compound: VoteCompound) -> None:
    vote, part = compound.opened(), compound.homes["101"].part
    paper = compound.votes.enter(vote, part, "agree", actor=compound.teller)
    ballot = paper.ballot
    compound.votes.check(ballot, "against", paper.secret, actor=compound.second_teller)
    assert compound.district.subject(ballot).outcome == "differs"
    assert _voted(compound, vote) == []
    for choice in CHOICES:
        with pytest.raises(Refused, match="so it cannot be done"):
            compound.votes.check(ballot, choice, paper.secret, actor=compound.second_teller)
    compound.paper(vote, "101", "against")
    assert _voted(compound, vote) == [("101", "paper", True)]


def test_a_paper_is_rejected_with_a_reason_and_the_part_votes_anew(compound: VoteCompound) -> None:
    vote, part = compound.opened(), compound.homes["101"].part
    ballot = compound.votes.enter(vote, part, "agree", actor=compound.teller).ballot
    with pytest.raises(Refused, match="reason is missing"):
        compound.district.make(ballot, "reject", actor=compound.second_teller)
    with pytest.raises(NotAllowed, match="already acted"):
        compound.district.perform(
            BallotFlow.reject(BallotFlow.ref(ballot), Why(reason=Private("x"))), actor=compound.teller
        )
    compound.district.perform(
        BallotFlow.reject(BallotFlow.ref(ballot), Why(reason=Private("没有签名"))),
        actor=compound.second_teller,
    )
    assert compound.district.subject(ballot).outcome == "rejected"
    compound.cast(vote, "101")


def test_nothing_is_counted_while_a_paper_waits_to_be_checked(compound: VoteCompound) -> None:
    vote = compound.opened()
    paper = compound.votes.enter(vote, compound.homes["101"].part, "agree", actor=compound.teller)
    compound.close(vote)
    with pytest.raises(Refused, match="1 papers are not checked yet"):
        compound.count(vote)
    compound.votes.check(paper.ballot, "agree", paper.secret, actor=compound.second_teller)
    compound.count(vote)
    assert compound.votes.result(vote).result.voted.area == 5000


def test_papers_handed_in_before_closing_are_entered_shortly_after_but_never_once_counted(
    compound: VoteCompound,
) -> None:
    vote = compound.opened()
    compound.close(vote)
    compound.paper(vote, "101")
    until = compound.district.subject(vote).record.until
    compound.clock.now = until + timedelta(days=2, seconds=1)
    with pytest.raises(Refused, match="time for entering papers has passed"):
        compound.paper(vote, "102")
    compound.clock.now = until + timedelta(days=2)
    compound.paper(vote, "102")
    compound.count(vote)
    with pytest.raises(Refused, match="this vote is not open"):
        compound.paper(vote, "103")
    compound.district.perform(VoteFlow.certify(VoteFlow.ref(vote)), actor=compound.second_teller)
    assert compound.votes.result(vote).result.voted_parts == 2


def test_a_paper_is_checked_with_the_code_that_stands_on_it_and_with_no_other(compound: VoteCompound) -> None:
    vote = compound.opened()
    papers = [
        compound.votes.enter(vote, compound.homes[name].part, "agree", actor=compound.teller)
        for name in ("101", "102")
    ]
    for wrong in (papers[1].secret, compound.votes.new_secret()):
        with pytest.raises(Refused, match="this code is not that of the paper") as refusal:
            compound.votes.check(papers[0].ballot, "agree", wrong, actor=compound.second_teller)
        assert wrong not in str(refusal.value)
    with pytest.raises(Refused, match="letters and digits"):
        compound.votes.check(papers[0].ballot, "agree", "1234", actor=compound.second_teller)
    typed = papers[0].secret.lower().replace("-", " ")
    compound.votes.check(papers[0].ballot, "agree", typed, actor=compound.second_teller)
    assert _voted(compound, vote) == [("101", "paper", True), ("102", "paper", False)]


def test_papers_are_numbered_and_a_number_is_that_of_one_paper(compound: VoteCompound) -> None:
    vote = compound.opened()

    def enter(name: str, sheet: str | None = None) -> Receipt:
        part = compound.homes[name].part
        return compound.votes.enter(vote, part, "agree", sheet=sheet, actor=compound.teller)

    assert enter("101").sheet == "0001"
    assert enter("102", "0002").sheet == "0002"
    with pytest.raises(Refused, match="paper 0002 is in the box for another part"):
        enter("103", "0002")
    third = enter("103")
    assert third.sheet == "0003"
    compound.votes.check(third.ballot, "against", third.secret, actor=compound.second_teller)
    assert enter("103", "0003").sheet == "0003", "read differently, it is entered anew with its number"


# --- proxies -------------------------------------------------------------------------------------------


def _friend(compound: VoteCompound) -> tuple[Actor, UUID]:
    friend = somebody(compound.district, None, compound.place)
    assert friend.person
    return friend, friend.person


def test_a_proxy_casts_the_ballot_that_an_owner_entrusted_to_them(compound: VoteCompound) -> None:
    vote, home = compound.opened(), compound.homes["101"]
    friend, person = _friend(compound)
    with pytest.raises(Refused, match="no valid proxy for this part is yours"):
        compound.votes.cast(vote, home.part, "agree", proxy=True, actor=friend)
    compound.votes.give_proxy(vote, home.part, person, actor=home.owners[0])
    with pytest.raises(Refused, match="only an owner of this part"):
        compound.votes.cast(vote, home.part, "agree", actor=friend)
    compound.votes.cast(vote, home.part, "agree", proxy=True, actor=friend)
    assert _voted(compound, vote) == [("101", "proxy", True)]


def test_a_written_proxy_is_checked_by_another_teller_before_it_is_worth_anything(
    compound: VoteCompound,
) -> None:
    compound.home("201", "80", developer=True)
    vote, part = compound.opened(), compound.homes["201"].part
    friend, person = _friend(compound)
    proxy = compound.votes.give_proxy(vote, part, person, written=True, actor=compound.teller).subject
    with pytest.raises(Refused, match="no valid proxy"):
        compound.votes.cast(vote, part, "agree", proxy=True, actor=friend)
    with pytest.raises(NotAllowed, match="already acted"):
        compound.district.perform(ProxyFlow.confirm(ProxyFlow.ref(proxy)), actor=compound.teller)
    compound.district.perform(ProxyFlow.confirm(ProxyFlow.ref(proxy)), actor=compound.second_teller)
    compound.votes.cast(vote, part, "agree", proxy=True, actor=friend)
    assert _voted(compound, vote) == [("201", "proxy", True)]


def test_a_proxy_is_withdrawn_and_another_is_given(compound: VoteCompound) -> None:
    vote, home = compound.opened(), compound.homes["101"]
    (friend, first), (_, second) = _friend(compound), _friend(compound)
    proxy = compound.votes.give_proxy(vote, home.part, first, actor=home.owners[0]).subject
    with pytest.raises(Refused, match="withdraw that one first"):
        compound.votes.give_proxy(vote, home.part, second, actor=home.owners[0])
    with pytest.raises(Refused, match="only an owner"):
        compound.district.perform(
            ProxyFlow.withdraw(ProxyFlow.ref(proxy), Why(reason=Private("x"))), actor=friend
        )
    compound.district.perform(
        ProxyFlow.withdraw(ProxyFlow.ref(proxy), Why(reason=Private("x"))), actor=home.owners[0]
    )
    with pytest.raises(Refused, match="no valid proxy"):
        compound.votes.cast(vote, home.part, "agree", proxy=True, actor=friend)
    compound.votes.give_proxy(vote, home.part, second, actor=home.owners[0])


def test_a_written_proxy_is_rejected_with_a_reason(compound: VoteCompound) -> None:
    vote, part = compound.opened(), compound.homes["101"].part
    friend, person = _friend(compound)
    proxy = compound.votes.give_proxy(vote, part, person, written=True, actor=compound.teller).subject
    compound.district.make(proxy, "reject", {"reason": "没有签名"}, actor=compound.second_teller)
    with pytest.raises(Refused, match="no valid proxy"):
        compound.votes.cast(vote, part, "agree", proxy=True, actor=friend)
    compound.cast(vote, "101")


def test_only_an_owner_gives_a_proxy_and_not_to_themselves_nor_to_nobody(compound: VoteCompound) -> None:
    vote, home = compound.opened(), compound.homes["101"]
    owner, (_, person) = home.owners[0], _friend(compound)
    assert owner.person
    for actor in (compound.homes["102"].owners[0], compound.member):
        with pytest.raises(Refused, match="only an owner of this part"):
            compound.votes.give_proxy(vote, home.part, person, actor=actor)
    with pytest.raises(Refused, match="nobody is their own proxy"):
        compound.votes.give_proxy(vote, home.part, owner.person, actor=owner)
    with pytest.raises(Refused, match="there is nobody"):
        compound.votes.give_proxy(vote, home.part, new_id(), actor=owner)


def test_one_person_is_a_proxy_for_no_more_parts_than_the_district_says(
    new_district: Callable[..., District],
) -> None:
    compound = vote_compound(new_district, QUIET + "proxies_per_person = 1\n", homes=("101", "102"))
    vote, (_, person) = compound.opened(), _friend(compound)
    first, second = compound.homes["101"], compound.homes["102"]
    compound.votes.give_proxy(vote, first.part, person, actor=first.owners[0])
    with pytest.raises(Refused, match="a proxy for 1 parts, which is the most"):
        compound.votes.give_proxy(vote, second.part, person, actor=second.owners[0])


# --- people who go -------------------------------------------------------------------------------------


def test_who_is_a_party_to_an_open_vote_is_erased_after_it_and_the_roll_stays(compound: VoteCompound) -> None:
    register = compound.district.register
    gone = register.person(name="张三", phone="13800000000")
    part = register.place("exclusive_part", "201", compound.place, record={"area": "80"})
    register.tie(gone, "owner", part)
    vote = compound.opened()
    other = compound.homes["101"]
    compound.votes.give_proxy(vote, other.part, gone, actor=other.owners[0])
    weight = compound.votes.turnout(vote).roll
    told = register.erase(gone)
    assert [str(vote) in str(hold.what) for hold in told.holds] == [True]
    assert register.erase_due() == []
    compound.certified(vote)
    assert register.erase_due() == [gone]
    for table in TABLES.sorted_tables:
        with compound.district.store.reading() as connection:
            assert all(gone not in row for row in connection.execute(select(table))), table.name
    assert compound.votes.turnout(vote).roll == weight
    assert compound.votes.verify(vote) == []


def test_nobody_is_their_own_proxy_by_an_older_number_of_theirs(compound: VoteCompound) -> None:
    register = compound.district.register
    double, owner = (
        register.person(name=name, phone=phone)
        for name, phone in (("张三", "13800000001"), ("张三丰", "13800000002"))
    )
    part = register.place("exclusive_part", "201", compound.place, record={"area": "80"})
    register.tie(owner, "owner", part)
    vote = compound.opened()
    register.merge(double, owner)
    with pytest.raises(Refused, match="nobody is their own proxy"):
        compound.votes.give_proxy(vote, part, double, actor=Actor(person=owner))


def test_who_was_merged_into_another_record_casts_their_ballot(compound: VoteCompound) -> None:
    register = compound.district.register
    double, stays = (
        register.person(name=name, phone=phone)
        for name, phone in (("张三", "13800000001"), ("张三丰", "13800000002"))
    )
    part = register.place("exclusive_part", "201", compound.place, record={"area": "80"})
    register.tie(double, "owner", part)
    vote = compound.opened()
    register.merge(double, stays)
    register.prove_phone(stays, actor=a_clerk(compound))
    compound.votes.cast(vote, part, "agree", actor=Actor(person=stays))
    assert _voted(compound, vote) == [("201", "online", True)]


# --- phones --------------------------------------------------------------------------------------------


def _owner_with_a_phone(compound: VoteCompound, name: str, number: str) -> tuple[Actor, UUID]:
    """An owner whose phone some system brought, and their part."""
    register = compound.district.register
    part = register.place("exclusive_part", name, compound.place, record={"area": "80"})
    person = register.person(name="张三", phone=number, home=part)
    register.tie(person, "owner", part)
    return Actor(person=person), part


def test_a_phone_that_a_system_brought_opens_neither_a_vote_nor_a_proxy_until_a_clerk_has_seen_its_owner(
    compound: VoteCompound,
) -> None:
    owner, part = _owner_with_a_phone(compound, "201", "13800000001")
    vote, (_, friend) = compound.opened(), _friend(compound)
    with pytest.raises(Refused, match="is not proved to be yours"):
        compound.votes.cast(vote, part, "agree", actor=owner)
    with pytest.raises(Refused, match="is not proved to be yours"):
        compound.votes.give_proxy(vote, part, friend, actor=owner)
    home = compound.homes["101"]
    assert owner.person
    compound.votes.give_proxy(vote, home.part, owner.person, actor=home.owners[0])
    with pytest.raises(Refused, match="is not proved to be yours"):
        compound.votes.cast(vote, home.part, "agree", proxy=True, actor=owner)
    compound.district.register.prove_phone(owner.person, actor=a_clerk(compound))
    compound.votes.cast(vote, part, "agree", actor=owner)
    compound.votes.cast(vote, home.part, "agree", proxy=True, actor=owner)


def test_every_change_of_an_owners_phone_since_the_announcement_is_listed_to_those_who_certify(
    compound: VoteCompound,
) -> None:
    before, _ = _owner_with_a_phone(compound, "201", "13800000001")
    owner, part = _owner_with_a_phone(compound, "202", "13800000002")
    register, clerk = compound.district.register, a_clerk(compound)
    tenant = register.person(name="李四", phone="13800000003", home=part)
    compound.clock.now += timedelta(hours=1)
    vote = compound.announced()
    assert owner.person
    assert before.person
    register.correct(owner.person, phone="13800000009", actor=clerk)
    register.correct(tenant, phone="13800000008", actor=clerk)
    register.correct(before.person, name="张三丰", actor=clerk)
    compound.district.perform(VoteFlow.open(VoteFlow.ref(vote)), actor=compound.member)
    register.prove_phone(owner.person, actor=clerk)
    found = compound.votes.phones_changed(vote, actor=compound.teller)
    assert [(line.part, line.person, line.how, line.actor) for line in found.lines] == [
        (part, owner.person, "person.correct", clerk.person),
        (part, owner.person, "person.prove_phone", clerk.person),
    ]
    assert found.files == 0
    with pytest.raises(NotAllowed):
        compound.votes.phones_changed(vote, actor=owner)
