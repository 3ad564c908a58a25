"""Two processes at once: on one part, at the closing, at the count. One outcome each time."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from linli import Actor, District
from linli.testing import at_once, somebody
from linli_owners_vote.testing import VoteCompound, vote_compound

RACER = Path(__file__).with_name("vote_racer.py")
ROUNDS = 12


@pytest.fixture
def compound(new_district: Callable[..., District]) -> VoteCompound:
    return vote_compound(new_district)


class Racers:
    """Processes that wait for each other, then do what they were told; what they printed."""

    def __init__(self, compound: VoteCompound) -> None:
        self.folder = compound.district.configuration.folder
        self.commands: list[list[object]] = []

    def add(self, what: str, *arguments: object) -> None:
        """One more; it waits when it is ready."""
        self.commands.append([RACER, what, self.folder, *arguments])

    def run(self) -> list[list[str]]:
        """Let them go; the lines of each."""
        return at_once(*self.commands)


def _person(actor: Actor) -> object:
    assert actor.person
    return actor.person


def _at(compound: VoteCompound) -> str:
    return compound.clock.now.isoformat()


def test_of_two_co_owners_who_cast_at_once_exactly_one_casts_the_parts_ballot(compound: VoteCompound) -> None:
    two = [somebody(compound.district, None, compound.place) for _ in range(2)]
    parts = [compound.home(f"1{number:02}", "50", *two).part for number in range(ROUNDS)]
    vote = compound.opened()
    racers = Racers(compound)
    for owner, choice in zip(two, ("agree", "against"), strict=True):
        racers.add("cast", vote, _at(compound), _person(owner), choice, *parts)
    one, other = racers.run()
    for mine, theirs in zip(one, other, strict=True):
        assert sorted((mine, theirs)) == sorted(
            (
                "cast",
                "cast a ballot: this part has cast its ballot; there is one for each part, however it is cast",
            )
        )
    assert compound.votes.turnout(vote).voted.area == ROUNDS * 5000
    compound.certified(vote)
    result = compound.votes.result(vote).result
    assert result.agreed.area == one.count("cast") * 5000
    assert result.against.area == other.count("cast") * 5000
    assert compound.votes.verify(vote) == []


def test_a_ballot_that_races_the_closing_is_in_the_box_or_refused_and_what_was_reported_is_counted(
    compound: VoteCompound,
) -> None:
    owners = [somebody(compound.district, None, compound.place) for _ in range(2)]
    homes = [
        [compound.home(f"{row}{number:02}", "50", owner).part for number in range(60)]
        for row, owner in enumerate(owners, start=1)
    ]
    vote = compound.opened()
    until: datetime = compound.district.subject(vote).record.until
    racers = Racers(compound)
    for owner, parts in zip(owners, homes, strict=True):
        racers.add("cast", vote, until - timedelta(seconds=1), _person(owner), "agree", *parts)
    racers.add("close", vote, until, 3)
    *cast, closing = racers.run()
    assert closing == ["closed"]
    answers = Counter(line for lines in cast for line in lines)
    print(f"\n120 ballots against the closing: {dict(answers)}")
    refused = f"cast a ballot: this vote is not open; see: linli vote show {vote}"
    assert set(answers) <= {"cast", refused}
    assert answers.total() == 120
    assert answers["cast"] >= 3
    compound.clock.now = until + timedelta(minutes=1)
    compound.count(vote)
    assert compound.votes.result(vote).result.voted_parts == answers["cast"]
    assert compound.votes.verify(vote) == []


def test_a_paper_that_is_checked_while_another_counts_is_counted_or_the_count_waits(
    compound: VoteCompound,
) -> None:
    parts = [compound.home(f"1{number:02}").part for number in range(ROUNDS)]
    vote = compound.opened()
    entered = [compound.votes.enter(vote, part, "agree", actor=compound.teller) for part in parts]
    papers = [f"{one.ballot} {one.secret}" for one in entered]
    compound.close(vote)
    racers = Racers(compound)
    racers.add("check", vote, _at(compound), _person(compound.second_teller), *papers)
    racers.add("count", vote, _at(compound), _person(compound.teller), 200, *compound.codes[vote][:2])
    checked, counting = racers.run()
    assert checked == ["checked"] * ROUNDS
    assert counting.count("count") <= 1
    if "count" not in counting:
        compound.count(vote)
    assert compound.votes.result(vote).result.voted_parts == ROUNDS, "none was left out"
    assert compound.votes.verify(vote) == []


def test_two_tellers_who_count_or_certify_at_once_come_to_one_result(compound: VoteCompound) -> None:
    compound.home("101")
    vote = compound.opened()
    compound.cast(vote, "101")
    compound.close(vote)
    third = somebody(compound.district, "teller", compound.place)
    racers = Racers(compound)
    for teller in (compound.teller, compound.second_teller):
        racers.add("count", vote, _at(compound), _person(teller), 1, *compound.codes[vote][:2])
    assert sorted(line == "count" for lines in racers.run() for line in lines) == [False, True]
    racers = Racers(compound)
    counted_by = compound.district.subject(vote).hands.moves["count"]
    others = [one for one in (compound.teller, compound.second_teller, third) if one.person not in counted_by]
    for teller in others:
        racers.add("make", vote, _at(compound), _person(teller), "certify")
    assert sorted(line == "certify" for lines in racers.run() for line in lines) == [False, True]
    assert compound.district.subject(vote).outcome == "passed"
    verbs = [act.verb for act in compound.district.history(vote)]
    assert (verbs.count("owners_vote.count"), verbs.count("owners_vote.certify")) == (1, 1)
