"""Ballots: one for each part, in secret, by whichever way; papers by two people; proxies; receipts."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import inspect, text, update

from linli import Actor, District, LinliError, NotAllowed, Refused, new_id
from linli.testing import a_place, snapshot, somebody, undeclared_reads
from linli_owners_vote.marks import CHOICES, receipt_of
from linli_owners_vote.tables import BOX, TABLES
from linli_owners_vote.testing import QUIET, VoteCompound, vote_compound
from linli_owners_vote.workflow import VoteFlow


@pytest.fixture
def compound(new_district: Callable[..., District]) -> VoteCompound:
    return vote_compound(new_district, homes=("101", "102", "103", "104"))


def _voted(compound: VoteCompound, vote: UUID) -> list[tuple[str, str, bool]]:
    """The parts that have a ballot, how it came, and whether it counts."""
    found = compound.votes.turnout(vote, actor=compound.teller).ballots
    return [(one.path[-3:], one.way, one.checked) for one in found]


# --- one ballot for each part --------------------------------------------------------------------------


def test_a_part_has_one_ballot_however_it_is_cast(compound: VoteCompound) -> None:
    friend, vote = somebody(compound.district, None, compound.place), compound.opened()
    home = compound.homes["101"]
    assert friend.person
    compound.votes.give_proxy(vote, home.part, friend.person, actor=home.owners[0])
    compound.cast(vote, "101")
    before = snapshot(compound.district, TABLES)
    tries: list[Callable[[], object]] = [
        lambda: compound.cast(vote, "101"),
        lambda: compound.cast(vote, "101", "against"),
        lambda: compound.votes.cast(vote, home.part, "agree", proxy=True, actor=friend),
        lambda: compound.votes.enter(vote, home.part, "agree", actor=compound.teller),
    ]
    for attempt in tries:
        with pytest.raises(Refused, match="there is one for each part, however it is cast"):
            attempt()
    assert snapshot(compound.district, TABLES) == before
    assert _voted(compound, vote) == [("101", "online", True)]


def test_what_is_asked_when_a_ballot_is_cast_comes_in_one_round_trip(compound: VoteCompound) -> None:
    vote = compound.opened()
    with undeclared_reads() as found:
        compound.cast(vote, "101")
        compound.votes.enter(vote, compound.homes["102"].part, "agree", sheet="7", actor=compound.teller)
    assert found == []


def test_of_co_owners_any_casts_the_ballot_and_the_first_is_the_only_one(
    new_district: Callable[..., District],
) -> None:
    compound = vote_compound(new_district)
    two = [somebody(compound.district, None, compound.place) for _ in range(2)]
    compound.home("101", "50", *two)
    vote = compound.opened()
    compound.cast(vote, "101", "agree", owner=1)
    with pytest.raises(Refused, match="one for each part"):
        compound.cast(vote, "101", "against", owner=0)
    assert compound.certified(vote) == "passed"


def test_a_paper_that_waits_to_be_checked_is_the_parts_ballot_too(compound: VoteCompound) -> None:
    vote = compound.opened()
    compound.votes.enter(vote, compound.homes["101"].part, "agree", actor=compound.teller)
    with pytest.raises(Refused, match="one for each part"):
        compound.cast(vote, "101")
    assert _voted(compound, vote) == [("101", "paper", False)]


def test_nobody_casts_anothers_ballot(compound: VoteCompound) -> None:
    vote, part = compound.opened(), compound.homes["101"].part
    for actor in (compound.homes["102"].owners[0], compound.member, compound.teller):
        with pytest.raises(Refused, match="only an owner of this part"):
            compound.votes.cast(vote, part, "agree", actor=actor)
    with pytest.raises(NotAllowed):
        compound.votes.cast(vote, part, "agree")
    with pytest.raises(NotAllowed):
        compound.votes.enter(vote, part, "agree", actor=compound.member)


def test_ballots_are_cast_while_it_is_open_and_not_a_moment_longer(compound: VoteCompound) -> None:
    announced = compound.announced()
    with pytest.raises(Refused, match="this vote is not open"):
        compound.cast(announced, "101")
    compound.district.perform(VoteFlow.open(VoteFlow.ref(announced)), actor=compound.member)
    compound.clock.now = compound.district.subject(announced).record.until
    with pytest.raises(Refused, match="this vote has closed"):
        compound.cast(announced, "101")
    compound.clock.now -= timedelta(microseconds=1)
    compound.cast(announced, "101")
    compound.close(announced)
    with pytest.raises(Refused, match="this vote is not open"):
        compound.cast(announced, "102")


def test_ballots_are_cast_in_the_ways_that_were_announced(new_district: Callable[..., District]) -> None:
    compound = vote_compound(new_district, QUIET + 'ways = ["paper"]\n', homes=("101", "102"))
    vote, home = compound.opened(), compound.homes["101"]
    with pytest.raises(Refused, match="ballots are cast otherwise: paper"):
        compound.cast(vote, "101")
    with pytest.raises(Refused, match="ballots are cast otherwise: paper"):
        compound.votes.give_proxy(vote, home.part, new_id(), actor=home.owners[0])
    compound.paper(vote, "101")


def test_a_choice_is_one_of_three(compound: VoteCompound) -> None:
    vote = compound.opened()
    with pytest.raises(Refused, match="a choice is one of agree, against, abstain"):
        compound.cast(vote, "101", "同意")


@pytest.mark.parametrize("move", ["cast", "enter"])
def test_nobody_gives_a_seal_of_their_own(compound: VoteCompound, move: str) -> None:
    """Else a ballot that cannot be opened would keep the vote from being counted."""
    vote, home = compound.opened(), compound.homes["101"]
    values = {"vote": vote, "part": home.part, "way": "paper" if move == "enter" else "online"}
    values |= {"choice": "agree", "secret": compound.votes.new_secret()}
    actor = compound.teller if move == "enter" else home.owners[0]
    with pytest.raises(Refused, match="mark is worked out by linli"):
        compound.district.start("vote_ballot", move, compound.place, values | {"mark": new_id()}, actor=actor)
    for missing in ("choice", "secret"):
        some = {name: value for name, value in values.items() if name != missing}
        with pytest.raises(Refused, match=f"{missing} is missing"):
            compound.district.start("vote_ballot", move, compound.place, some, actor=actor)


def test_a_ballot_is_cast_where_the_vote_is(compound: VoteCompound) -> None:
    """Else a teller of any other compound could enter papers of this one."""
    elsewhere = a_place(compound.district, "幸福里")
    vote, part = compound.opened(), compound.homes["101"].part
    values = {"vote": vote, "part": part, "choice": "agree", "secret": compound.votes.new_secret()}
    with pytest.raises(Refused, match="where the vote is"):
        compound.district.start(
            "vote_ballot", "enter", elsewhere, values, actor=somebody(compound.district, "teller", elsewhere)
        )


def test_a_ballot_that_is_repeated_with_its_key_is_one_ballot_with_one_receipt(
    compound: VoteCompound,
) -> None:
    vote, home, key = compound.opened(), compound.homes["101"], new_id()
    found = {
        compound.votes.cast(vote, home.part, "agree", actor=home.owners[0], key=key).code for _ in range(3)
    }
    assert len(found) == 1
    assert len(_voted(compound, vote)) == 1


# --- secrecy -------------------------------------------------------------------------------------------


def _everything(district: District) -> list[tuple[str, tuple[Any, ...]]]:
    """Every row of every table of the database."""
    found: list[tuple[str, tuple[Any, ...]]] = []
    with district.store.reading() as connection:
        for name in inspect(connection).get_table_names():
            found += [(name, tuple(row)) for row in connection.execute(text(f'SELECT * FROM "{name}"'))]  # noqa: S608
    return found


def test_no_row_of_the_database_says_how_anybody_voted(compound: VoteCompound) -> None:
    vote = compound.opened()
    before = {json.dumps(row, default=str) for row in _everything(compound.district)}
    compound.cast(vote, "101", "agree")
    compound.cast(vote, "102", "against")
    compound.cast(vote, "103", "abstain")
    compound.paper(vote, "104", "against")
    written = [row for row in _everything(compound.district) if json.dumps(row, default=str) not in before]
    assert len(written) > 8
    for name, row in written:
        for choice in CHOICES:
            assert choice not in json.dumps(row, default=str, ensure_ascii=False), name


@pytest.mark.parametrize("state", ["open", "closed"])
def test_there_is_no_running_tally_for_anybody(compound: VoteCompound, state: str) -> None:
    vote = compound.opened()
    for name in ("101", "102", "103"):
        compound.cast(vote, name)
    if state == "closed":
        compound.close(vote)
    everybody: list[Actor | None] = [*compound.actors.values(), None]
    for actor in everybody:
        with pytest.raises(Refused, match="has not been counted"):
            compound.votes.result(vote, actor=actor)
    with pytest.raises(Refused, match="has not been counted"):
        compound.votes.receipts(vote)
    assert compound.votes.verify(vote) == []
    record = compound.district.subject(vote).record
    assert (record.agreed_area, record.agreed_heads, record.voted_area) == (None, None, None)
    if state == "open":
        with pytest.raises(Refused, match="so it cannot be done"):
            compound.count(vote)


def test_a_counted_result_is_for_tellers_until_it_is_certified(compound: VoteCompound) -> None:
    vote, owner = compound.opened(), compound.homes["101"].owners[0]
    compound.close(vote)
    compound.count(vote)
    assert compound.votes.result(vote, actor=compound.second_teller).outcome is None
    with pytest.raises(NotAllowed):
        compound.votes.result(vote, actor=owner)
    compound.district.perform(VoteFlow.certify(VoteFlow.ref(vote)), actor=compound.second_teller)
    assert compound.votes.result(vote, actor=owner).outcome == "no_quorum"


def test_who_has_voted_is_known_to_tellers_only(compound: VoteCompound) -> None:
    vote = compound.opened()
    ballot = compound.cast(vote, "101").ballot
    owner = compound.homes["102"].owners[0]
    for actor in (compound.member, compound.officer, owner):
        with pytest.raises(NotAllowed, match="who has voted is for tellers"):
            compound.votes.turnout(vote, actor=actor)
        with pytest.raises(NotAllowed):
            compound.district.see(ballot, actor)
    for actor in (compound.teller, compound.outsider, compound.district.console):
        found = compound.votes.turnout(vote, actor=actor)
        assert (found.roll.area, found.voted.area, found.voted.heads) == (20000, 5000, 1)
        assert "agree" not in repr(found)


def test_a_box_that_somebody_meddled_with_is_not_counted(compound: VoteCompound) -> None:
    vote = compound.opened()
    for name in ("101", "102"):
        compound.cast(vote, name)
    with compound.district.store.engine.connect() as connection:
        connection.execute(update(BOX).values(mark=new_id()).where(BOX.c.part == compound.homes["101"].part))
    compound.close(vote)
    with pytest.raises(LinliError, match="cannot be opened: the box was changed"):
        compound.count(vote)


# --- receipts ------------------------------------------------------------------------------------------


def test_a_receipt_tells_that_a_ballot_is_in_the_box_then_counted_and_never_how(
    compound: VoteCompound,
) -> None:
    vote = compound.opened()
    online, paper = compound.cast(vote, "101", "against"), compound.paper(vote, "102")
    for receipt, way in ((online, "online"), (paper, "paper")):
        found = compound.votes.standing(vote, receipt.code.lower())
        assert (found.in_box, found.counted, found.way) == (True, False, way)
    assert not compound.votes.standing(vote, "0000-0000-0000").in_box
    compound.certified(vote)
    assert compound.votes.standing(vote, online.code).counted
    assert compound.votes.receipts(vote) == sorted([online.code, paper.code])
    assert compound.votes.verify(vote) == []


def test_a_receipt_is_stored_nowhere(compound: VoteCompound) -> None:
    vote = compound.opened()
    receipt = compound.cast(vote, "101")
    assert receipt.code == receipt_of(compound.district.rules.vault.keyring.commit, receipt.ballot)
    assert all(receipt.code not in repr(row) for row in _everything(compound.district))
