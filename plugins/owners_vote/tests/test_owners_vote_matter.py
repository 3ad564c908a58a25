"""The gate before filing: with a small workflow that waits as a decision does, and with decisions themselves."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from uuid import UUID

import attrs
import pytest

from linli import (
    ANYONE,
    Actor,
    District,
    LinliError,
    Moves,
    NotAllowed,
    PlaceId,
    Private,
    Refused,
    State,
    Why,
    Workflow,
    new_id,
)
from linli.testing import a_place, a_post, all_of, plugin_of, snapshot, somebody, who
from linli_decisions.testing import Compound
from linli_decisions.testing import compound as a_compound
from linli_owners_vote.api import Votes
from linli_owners_vote.arithmetic import Majority, Result, Weight
from linli_owners_vote.ballots import BallotFlow
from linli_owners_vote.posts import PARTIES
from linli_owners_vote.steps import Announce, Prepare
from linli_owners_vote.tables import TABLES
from linli_owners_vote.testing import VoteCompound, vote_compound
from linli_owners_vote.workflow import VoteFlow


@attrs.frozen(kw_only=True)
class Matter:
    """What the vote reads of a decision."""

    vote_kind: str = ""
    vote: UUID | None = None


@attrs.frozen(kw_only=True)
class Proposed:
    """What a decision needs."""

    vote_kind: str = ""


@attrs.frozen(kw_only=True)
class Voted:
    """The vote that decided."""

    vote: UUID


class DecisionFlow(Workflow[Matter], name="decision"):
    move = Moves(Matter)
    proposed = State()
    voting = State()
    filing = State()
    rejected = State(ends=True)
    withdrawn = State(ends=True)
    propose = move.opening(proposed, Proposed, by=ANYONE)
    to_vote = move((proposed | filing).to(voting), by=ANYONE)
    vote_passed = move(voting.to(filing), Voted)
    vote_failed = move(voting.to(rejected), Voted)
    note = move(voting.stay(), by=ANYONE)
    withdraw = move((proposed | voting).to(withdrawn), by=ANYONE)


@pytest.fixture
def compound(new_district: Callable[..., District]) -> VoteCompound:
    return vote_compound(
        new_district, homes=("101", "102", "103"), plugins={"fake": plugin_of("fake", DecisionFlow)}
    )


def _matter(compound: VoteCompound, kind: str = "ordinary", *, waits: bool = True) -> UUID:
    """A decision, by default one that waits for its vote."""
    actor = compound.homes["101"].owners[0]
    matter = compound.district.start(
        "decision", "propose", compound.place, {"vote_kind": kind}, actor=actor
    ).subject
    if waits:
        compound.district.make(matter, "to_vote", actor=actor)
    return matter


def _all_say(compound: VoteCompound, vote: UUID, choice: str, *names: str) -> None:
    for name in names:
        compound.cast(vote, name, choice)


@pytest.mark.parametrize(
    ("choice", "names", "outcome", "state"),
    [
        ("agree", ("101", "102", "103"), "passed", "filing"),
        ("against", ("101", "102", "103"), "not_passed", "rejected"),
        ("agree", ("101",), "no_quorum", "rejected"),
    ],
)
def test_the_certified_result_moves_the_matter_on_in_the_same_act(
    compound: VoteCompound, choice: str, names: tuple[str, ...], outcome: str, state: str
) -> None:
    matter = _matter(compound)
    vote = compound.opened(matter=matter)
    _all_say(compound, vote, choice, *names)
    compound.close(vote)
    compound.count(vote)
    assert compound.district.subject(matter).state == "voting"
    compound.district.perform(VoteFlow.certify(VoteFlow.ref(vote)), actor=compound.second_teller)
    assert compound.district.subject(vote).outcome == outcome
    moved = compound.district.subject(matter)
    assert (moved.state, moved.record.vote) == (state, vote)


def test_a_vote_is_about_a_decision_that_waits_for_it_where_it_is_and_by_the_majority_it_needs(
    compound: VoteCompound,
) -> None:
    elsewhere = a_place(compound.district, "幸福里")
    tries: list[tuple[UUID, UUID, Majority, str]] = [
        (compound.place, _matter(compound, waits=False), "ordinary", "does not wait"),
        (elsewhere, _matter(compound), "ordinary", "does not wait"),
        (compound.place, _matter(compound, "special"), "ordinary", "needs the other majority: special"),
        (compound.place, _matter(compound), "special", "needs the other majority: ordinary"),
        (compound.place, new_id(), "ordinary", "there is no decision"),
        (compound.place, compound.prepared(), "ordinary", "there is no decision"),
    ]
    before = snapshot(compound.district, TABLES)
    for place, matter, majority, reason in tries:
        with pytest.raises(Refused, match=reason):
            compound.district.perform(
                VoteFlow.prepare.at(PlaceId(place), Prepare(topic="x", majority=majority, matter=matter))
            )
    assert snapshot(compound.district, TABLES) == before
    compound.prepared("special", matter=_matter(compound, "special"))
    compound.prepared("special", matter=_matter(compound, ""))


def test_a_matter_waits_for_one_vote_and_for_another_once_that_one_was_called_off(
    compound: VoteCompound,
) -> None:
    matter = _matter(compound)
    vote = compound.prepared(matter=matter)
    with pytest.raises(Refused, match="another vote on this decision is going on"):
        compound.prepared(matter=matter)
    compound.district.perform(
        VoteFlow.call_off(VoteFlow.ref(vote), Why(reason=Private("方案要改"))), actor=compound.member
    )
    assert compound.district.subject(matter).state == "voting"
    second = compound.opened(matter=matter)
    _all_say(compound, second, "agree", "101", "102", "103")
    assert compound.certified(second) == "passed"
    compound.district.make(matter, "to_vote", actor=compound.homes["101"].owners[0])
    compound.prepared(matter=matter)


def test_of_votes_that_are_prepared_for_one_matter_at_once_one_is(compound: VoteCompound) -> None:
    def attempt(matter: UUID) -> str:
        try:
            compound.prepared(matter=matter)
        except Refused as refusal:
            return str(refusal)
        return "prepared"

    with ThreadPoolExecutor(4) as threads:
        for _ in range(5):
            answers = list(threads.map(attempt, [_matter(compound)] * 4))
            assert answers.count("prepared") == 1
            assert sum("another vote on this decision is going on" in one for one in answers) == 3


@pytest.mark.parametrize("stage", ["prepared", "announced", "opened", "closed", "counted"])
def test_a_vote_lapses_with_its_matter_wherever_it_stands(compound: VoteCompound, stage: str) -> None:
    matter = _matter(compound)
    start = {"prepared": compound.prepared, "announced": compound.announced}.get(stage, compound.opened)
    vote = start(matter=matter)
    if stage in ("closed", "counted"):
        compound.close(vote)
    if stage == "counted":
        compound.count(vote)
    owner = compound.homes["101"].owners[0]
    compound.district.make(matter, "note", actor=owner)
    assert compound.district.subject(vote).outcome is None, "a matter that stays changes nothing"
    compound.district.make(matter, "withdraw", actor=owner)
    assert compound.district.subject(vote).outcome == "lapsed"
    with pytest.raises(Refused):
        compound.cast(vote, "101")


def test_a_vote_that_lapsed_is_no_running_vote_any_more(compound: VoteCompound) -> None:
    matter, day = _matter(compound), date(2026, 12, 31)
    compound.opened(matter=matter)
    assert compound.district.brief(end=day).figures["votes.running"] == 1
    compound.district.make(matter, "withdraw", actor=compound.homes["101"].owners[0])
    assert compound.district.brief(end=day).figures["votes.running"] == 0


def test_who_acted_in_the_matter_neither_counts_nor_certifies(compound: VoteCompound) -> None:
    matter = _matter(compound)
    for teller in (compound.teller, compound.second_teller):
        compound.district.make(matter, "note", actor=teller)
    third = somebody(compound.district, "teller", compound.place)
    vote = compound.opened(matter=matter)
    compound.close(vote)
    with pytest.raises(Refused, match="already acted in this matter"):
        compound.count(vote)
    compound.count(vote, third)
    with pytest.raises(Refused, match="already acted in this matter"):
        compound.district.perform(VoteFlow.certify(VoteFlow.ref(vote)), actor=compound.second_teller)


# --- decisions themselves ------------------------------------------------------------------------------


def _real(new_district: Callable[..., District]) -> tuple[Compound, UUID, tuple[UUID, ...]]:
    """A lift (加装电梯) that waits for its special vote, and three homes."""
    where = a_compound(
        new_district, "\n[owners_vote]\npublish = true\n", enabled=("meetings", "decisions", "owners_vote")
    )
    decision = where.in_filing("lift")
    assert where.state(decision) == "voting"
    register = where.district.register
    for node in register.places(where.place, kind="exclusive_part"):
        register.end_place(node.id)
    homes = []
    for name in ("201", "202", "203"):
        part = register.place("exclusive_part", name, where.place, record={"area": "50"})
        who = somebody(where.district, None, where.place)
        assert who.person
        register.tie(who.person, "owner", part)
        where.people[f"owner of {name}"] = who
        homes.append(part)
    for name in ("teller", "second_teller"):
        where.people[name] = somebody(where.district, "teller", where.place)
    return where, decision, tuple(homes)


_SITTING = {
    "branch": "third_member",
    "owners_committee": "second_committee",
    "residents_committee": "second_residents",
    "department": "department",
}


def _codes(where: Compound, vote: UUID) -> list[str]:
    """The codes of the keepers of a vote, each taken by somebody of the body."""
    who = {where.bodies[body]: where.people[name] for body, name in _SITTING.items()}
    votes = Votes(where.district)
    return [votes.take_code(one.id, actor=who[one.record.organisation]).code for one in votes.keepers(vote)]


def _voted(where: Compound, decision: UUID, homes: tuple[UUID, ...], *choices: str) -> UUID:
    """A vote on it that is certified."""
    votes, people = Votes(where.district), where.people
    organiser = people["second_committee"]
    vote = where.district.perform(
        VoteFlow.prepare.at(
            PlaceId(where.place), Prepare(topic="加装电梯", majority="special", matter=decision)
        ),
        actor=organiser,
    ).subject
    where.district.perform(VoteFlow.announce(VoteFlow.ref(vote), Announce()), actor=organiser)
    codes = _codes(where, vote)
    where.clock.now += timedelta(days=15)
    where.district.perform(VoteFlow.open(VoteFlow.ref(vote)), actor=organiser)
    for number, (part, choice) in enumerate(zip(homes, choices, strict=False), start=201):
        votes.cast(vote, part, choice, actor=people[f"owner of {number}"])
    where.work_until(where.district.subject(vote).record.until + timedelta(minutes=1))
    votes.count(vote, codes[:2], actor=people["teller"])
    where.district.perform(VoteFlow.certify(VoteFlow.ref(vote)), actor=people["second_teller"])
    return vote


def test_a_decision_that_the_owners_passed_is_filed_and_the_meeting_does_not_overrule_it(
    new_district: Callable[..., District],
) -> None:
    where, decision, homes = _real(new_district)
    vote = _voted(where, decision, homes, "agree", "agree", "agree")
    assert (where.state(decision), where.district.subject(decision).record.vote) == ("filing", vote)
    with pytest.raises(Refused, match="files it, or refers a stated breach of law"):
        where.resolve_item(decision, "rejected", "不同意")
    where.resolve_item(decision, "approved")
    assert where.state(decision) == "on_notice"


def test_after_a_merge_only_the_owners_of_before_vote_on_a_decision_see_its_file_and_object(
    new_district: Callable[..., District],
) -> None:
    where, decision, homes = _real(new_district)
    register = where.district.register
    path = register.node(where.community).path
    new = a_place(where.district, "阳光家园", parent=where.community, path=path)
    part = register.place("exclusive_part", "901", new, record={"area": "500"})
    stranger = somebody(where.district, None, new)
    register.tie(who(stranger), "owner", part)
    register.merge_places(where.place, new)
    where.clock.now += timedelta(hours=1)
    for name in ("teller", "second_teller"):
        where.people[name] = somebody(where.district, "teller", new)
    where = attrs.evolve(where, place=new)
    vote = _voted(where, decision, homes, "agree", "agree", "agree")
    record = where.district.subject(vote).record
    assert (record.roll_parts, record.roll_area) == (3, 15_000)
    assert where.state(decision) == "filing"
    where.resolve_item(decision)
    assert where.decisions.file(decision, actor=where.people["owner of 201"])
    with pytest.raises(NotAllowed, match="for owners of the compound"):
        where.decisions.file(decision, actor=stranger)
    with pytest.raises(Refused, match="only an owner of a part of this compound"):
        where.district.make(decision, "object", {"objection": "x"}, actor=stranger)
    where.district.make(decision, "object", {"objection": "x"}, actor=where.people["owner of 202"])


def test_after_a_split_the_owners_of_every_part_vote_on_a_decision_and_hear_of_it(
    new_district: Callable[..., District],
) -> None:
    where, decision, homes = _real(new_district)
    register, votes = where.district.register, Votes(where.district)
    path = register.node(where.community).path
    south, north = (
        a_place(where.district, name, parent=where.community, path=path) for name in ("南区", "北区")
    )
    register.split_place(where.place, dict.fromkeys(homes[:2], south) | {homes[2]: north})
    for kind in ("branch", "owners_committee"):
        register.move_organisation(where.bodies[kind], south)
    register.choose_part(decision, south)
    where.clock.now += timedelta(hours=1)
    vote = where.district.perform(
        VoteFlow.prepare.at(PlaceId(south), Prepare(topic="加装电梯", majority="special", matter=decision)),
        actor=where.people["officer"],
    ).subject
    assert {line.part for line in votes.roll(vote)} == set(homes)
    where.district.perform(VoteFlow.announce(VoteFlow.ref(vote), Announce()), actor=where.people["officer"])
    told = {one.place for one in all_of(where.district, "publication") if one.record.about == vote}
    assert told == {south, north}


def test_a_decision_that_the_owners_did_not_pass_is_rejected(new_district: Callable[..., District]) -> None:
    where, decision, homes = _real(new_district)
    _voted(where, decision, homes, "agree", "agree", "against")
    assert where.state(decision) == "rejected", "two of three are not three quarters"


def test_nobody_but_the_certified_vote_moves_a_decision_past_the_gate(
    new_district: Callable[..., District],
) -> None:
    where, decision, _ = _real(new_district)
    for actor in [*where.people.values(), where.district.console]:
        with pytest.raises(NotAllowed):
            where.district.make(decision, "vote_passed", {"vote": new_id()}, actor=actor)
    assert where.state(decision) == "voting"


def test_a_vote_lapses_when_its_decision_is_withdrawn(new_district: Callable[..., District]) -> None:
    where, decision, _ = _real(new_district)
    vote = where.district.perform(
        VoteFlow.prepare.at(
            PlaceId(where.place), Prepare(topic="加装电梯", majority="special", matter=decision)
        )
    ).subject
    where.make(decision, "withdraw", "owner", reason="不装了")
    assert where.district.subject(vote).outcome == "lapsed"


def test_who_decided_in_a_review_prepares_announces_and_opens_no_vote_of_the_matter(
    new_district: Callable[..., District],
) -> None:
    where, decision, _ = _real(new_district)
    people = where.people
    reviewers = {
        person
        for one in where.district.tree(decision)
        if one.kind in ("party_opinion", "opinion")
        for person in one.hands.moves.get("approve", ())
    }
    assert people["committee"].person in reviewers
    with pytest.raises(NotAllowed, match="already acted in this matter"):
        where.district.perform(
            VoteFlow.prepare.at(
                PlaceId(where.place), Prepare(topic="x", majority="special", matter=decision)
            ),
            actor=people["committee"],
        )
    vote = where.district.perform(
        VoteFlow.prepare.at(
            PlaceId(where.place), Prepare(topic="加装电梯", majority="special", matter=decision)
        ),
        actor=people["second_committee"],
    ).subject
    with pytest.raises(NotAllowed, match="already acted in this matter"):
        where.district.perform(VoteFlow.announce(VoteFlow.ref(vote), Announce()), actor=people["committee"])
    where.district.perform(
        VoteFlow.announce(VoteFlow.ref(vote), Announce()), actor=people["second_committee"]
    )
    _codes(where, vote)
    where.clock.now += timedelta(days=15)
    with pytest.raises(NotAllowed, match="already acted in this matter"):
        where.district.perform(VoteFlow.open(VoteFlow.ref(vote)), actor=people["committee"])
    where.district.perform(
        VoteFlow.prepare.at(PlaceId(where.place), Prepare(topic="another matter", majority="special")),
        actor=people["committee"],
    )


def test_who_proposed_or_reviewed_enters_checks_and_counts_no_ballot_of_the_matter(
    new_district: Callable[..., District],
) -> None:
    """They have a post that lets them, and did nothing in the vote itself: the vote and its matter are one."""
    where, decision, homes = _real(new_district)
    votes, people = Votes(where.district), where.people
    organiser = people["second_committee"]
    vote = where.district.perform(
        VoteFlow.prepare.at(
            PlaceId(where.place), Prepare(topic="加装电梯", majority="special", matter=decision)
        ),
        actor=organiser,
    ).subject
    where.district.perform(VoteFlow.announce(VoteFlow.ref(vote), Announce()), actor=organiser)
    codes = _codes(where, vote)
    where.clock.now += timedelta(days=15)
    where.district.perform(VoteFlow.open(VoteFlow.ref(vote)), actor=organiser)
    tree = where.district.tree(decision)
    acted = {
        person
        for one in tree
        for move, who in one.hands.moves.items()
        if f"{one.kind}.{move}" in {party.code for party in PARTIES}
        for person in who
    }
    assert len(acted) >= 3
    paper = votes.enter(vote, homes[0], "agree", actor=people["teller"])
    for person in acted:
        actor = Actor(person=person)
        a_post(where.district, actor, "teller", where.place)
        with pytest.raises(NotAllowed, match="already acted in this matter"):
            votes.enter(vote, homes[1], "agree", actor=actor)
        with pytest.raises(NotAllowed, match="already acted in this matter"):
            votes.check(paper.ballot, "agree", paper.secret, actor=actor)
        with pytest.raises(NotAllowed, match="already acted in this matter"):
            where.district.perform(
                BallotFlow.reject(BallotFlow.ref(paper.ballot), Why(reason=Private("x"))), actor=actor
            )
    votes.check(paper.ballot, "agree", paper.secret, actor=people["second_teller"])
    where.work_until(where.district.subject(vote).record.until + timedelta(minutes=1))
    for person in acted:
        with pytest.raises(LinliError, match="already acted in this matter"):
            votes.count(vote, codes[:2], actor=Actor(person=person))
    votes.count(vote, codes[:2], actor=people["teller"])
    for person in acted:
        with pytest.raises(LinliError, match="already acted in this matter"):
            where.district.perform(VoteFlow.certify(VoteFlow.ref(vote)), actor=Actor(person=person))


def _held_elsewhere(where: Compound, decision: UUID, agreed: int) -> UUID:
    """A vote of three homes on the authority's platform, entered by one person and checked by another."""
    votes, people = Votes(where.district), where.people
    homes = [Weight(area=5000 * number, heads=number) for number in (3, agreed, 3 - agreed, 0)]
    result = Result(
        parts=3,
        roll=homes[0],
        voted_parts=3,
        voted=homes[0],
        agreed=homes[1],
        against=homes[2],
        abstained=homes[3],
    )
    vote = votes.enter_elsewhere(
        where.place,
        "加装电梯",
        "special",
        result,
        held="platform",
        by="市住建局业主决策平台",
        ended_on=where.clock.now.date() - timedelta(days=1),
        paper="决策〔2026〕3号",
        matter=decision,
        actor=people["teller"],
    ).subject
    votes.check_elsewhere(vote, result, actor=people["second_teller"])
    return vote


@pytest.mark.parametrize(("agreed", "state"), [(3, "filing"), (2, "rejected")])
def test_a_vote_held_elsewhere_passes_the_gate_by_its_certified_result(
    new_district: Callable[..., District], agreed: int, state: str
) -> None:
    where, decision, _ = _real(new_district)
    vote = _held_elsewhere(where, decision, agreed)
    assert (where.state(decision), where.district.subject(decision).record.vote) == (state, vote)
    (shown,) = [
        where.district.publish.body(one)
        for one in all_of(where.district, "publication")
        if one.record.about == vote
    ]
    assert "市住建局业主决策平台" in shown
    assert "决策〔2026〕3号" in shown


def test_a_decision_waits_for_one_vote_here_or_elsewhere(new_district: Callable[..., District]) -> None:
    where, decision, _ = _real(new_district)
    people = where.people
    here = where.district.perform(
        VoteFlow.prepare.at(
            PlaceId(where.place), Prepare(topic="加装电梯", majority="special", matter=decision)
        ),
        actor=people["second_committee"],
    ).subject
    with pytest.raises(Refused, match="another vote on this decision is going on"):
        _held_elsewhere(where, decision, 3)
    where.district.perform(
        VoteFlow.call_off(VoteFlow.ref(here), Why(reason=Private("在平台上表决"))),
        actor=people["second_committee"],
    )
    _held_elsewhere(where, decision, 3)
    assert where.state(decision) == "filing"


def test_who_proposed_or_reviewed_neither_enters_nor_checks_a_vote_held_elsewhere(
    new_district: Callable[..., District],
) -> None:
    where, decision, _ = _real(new_district)
    a_post(where.district, where.people["committee"], "teller", where.place)
    for name in ("teller", "second_teller"):
        honest, where.people[name] = where.people[name], where.people["committee"]
        with pytest.raises(LinliError, match="already acted in this matter"):
            _held_elsewhere(where, decision, 3)
        where.people[name] = honest
        assert where.state(decision) == "voting"


def test_who_counted_or_certified_the_vote_neither_files_the_matter_nor_does_the_final_check(
    new_district: Callable[..., District],
) -> None:
    where, decision, homes = _real(new_district)
    people = where.people
    for name in ("teller", "second_teller"):
        a_post(
            where.district,
            people[name],
            "meeting_secretary",
            where.district.register.find_place("红旗路街道"),
        )
        a_post(where.district, people[name], "officer", where.district.register.find_place("红旗路街道"))
    _voted(where, decision, homes, "agree", "agree", "agree")
    for name in ("teller", "second_teller"):
        with pytest.raises(Refused, match="you counted or certified the owners' vote"):
            where.resolve_item(decision, "approved", by=name)
    assert where.state(decision) == "filing"
    where.resolve_item(decision, "approved")
    assert where.state(decision) == "on_notice"
