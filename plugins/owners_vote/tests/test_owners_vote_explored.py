"""Every move by everybody in every order: of votes with contested parts, of ballots, of proxies."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import strategies as st
from sqlalchemy import select

from linli import ENGINE_ACTOR, Actor, District, StoredSubject
from linli._model.compiled import Move
from linli.testing import Explorer, Tried, somebody
from linli_owners_vote import sealing
from linli_owners_vote.arithmetic import outcome
from linli_owners_vote.records import result_of
from linli_owners_vote.steps import Announce
from linli_owners_vote.tables import BOX, PROXY, SEALED
from linli_owners_vote.testing import QUIET, VoteCompound, vote_compound
from linli_owners_vote.workflow import VoteFlow

HOMES = ("101", "102", "103")


@pytest.fixture
def compound(new_district: Callable[..., District]) -> VoteCompound:
    more = (
        QUIET
        + 'extension = true\nnotice = "1h"\nperiod = "1h"\nlongest_extension = "1h"\nends_on_working_day = false\n'
    )
    return vote_compound(new_district, more, homes=HOMES)


def _made(tried: list[Tried]) -> list[str]:
    return [one.move.name for one in tried if one.act]


def organising(compound: VoteCompound) -> dict[str, Actor]:
    more = somebody(compound.district, "owners_committee_member", compound.place, at=compound.committee)
    names = ("member", "officer", "teller")
    owner = compound.homes["101"].owners[0]
    found = {name: compound.actors[name] for name in names}
    return {**found, "another member": more, "owner": owner, "linli": ENGINE_ACTOR}


def counting(compound: VoteCompound) -> dict[str, Actor]:
    more = somebody(compound.district, "teller", compound.place)
    names = ("teller", "second_teller", "member")
    owner = compound.homes["101"].owners[0]
    found = {name: compound.actors[name] for name in names}
    return {**found, "third teller": more, "owner": owner, "linli": ENGINE_ACTOR}


class Whole(Explorer):
    """A vote with a contested part, from anywhere on its way; time passes between moves, ballots come in."""

    examples = 16
    steps = 8

    def __init__(self, compound: VoteCompound, stage: int) -> None:
        super().__init__(compound.district, organising(compound) if stage < 3 else counting(compound))
        self.compound = compound
        self.stage = stage
        self.frozen: dict[UUID, object] = {}

    def opened(self) -> UUID:
        """A vote that is prepared, announced, open, closed or counted."""
        compound, stage = self.compound, self.stage
        vote = compound.prepared("special" if stage % 2 else "ordinary")
        if stage == 0:
            home = compound.homes["101"]
            compound.votes.contest(vote, home.part, "x", actor=home.owners[0])
        if stage >= 1:
            compound.district.perform(
                VoteFlow.announce(VoteFlow.ref(vote), Announce()), actor=compound.member
            )
            compound.take_codes(vote)
            compound.clock.now += timedelta(hours=1)
        if stage >= 2:
            compound.district.perform(VoteFlow.open(VoteFlow.ref(vote)), actor=compound.member)
            for name, choice in zip(HOMES, ("agree", "agree", "against"), strict=True):
                compound.cast(vote, name, choice)
        if stage >= 3:
            compound.close(vote)
        if stage >= 4:
            compound.count(vote)
        return vote

    def values(self, move: Move, subject: StoredSubject) -> Mapping[str, st.SearchStrategy[Any]]:
        until = self.district.tree(subject.root)[0].record.until
        worked_out = (
            "ways", "opens_from", "roll", "roll_parts", "roll_area", "roll_heads", "box", "sealed", "outcome", "keepers",
            "keys", "opened_by",
        )  # fmt: skip
        hidden = {one.name: st.none() for one in move.fields if one.name in worked_out or one.type is int}
        codes = self.compound.codes.get(subject.root, [])
        good = [tuple(codes[:2]), tuple(codes[2:4])]
        hidden["codes"] = st.sampled_from([*good, *good, tuple(codes[1:4]), tuple(codes[:1]), ()])
        if move.name == "open":
            hidden["until"] = st.none()
        elif until is not None:
            hidden["until"] = st.just(until + timedelta(minutes=30))
        return hidden

    def holds(self, root: UUID, tried: list[Tried]) -> None:
        vote, *parts = self.district.tree(root)
        contests = [one for one in parts if one.kind == "vote_contest"]
        record = vote.record
        assert (record.roll is not None) == (vote.accepted_at is not None), "the roll is frozen by opening"
        if record.roll is not None:
            kept = self.frozen.setdefault(root, (record.roll, record.roll_area, record.roll_heads))
            assert kept == (record.roll, record.roll_area, record.roll_heads), "a frozen roll stays"
            assert all(one.state != "raised" for one in contests), "nothing contested is on a frozen roll"
        counted = result_of(record)
        assert (counted is not None) == (vote.state in ("counted", "certified")), (
            "counted once, after closing"
        )
        if vote.state == "certified":
            assert counted is not None
            assert vote.outcome == outcome(counted, record.majority)
            assert len(record.opened_by) == 2, "two keepers opened it"
            hands = vote.hands.moves
            assert not set(hands["count"]) & set(hands["certify"]), "two different tellers"
        assert self.compound.votes.verify(root) == []


def test_whatever_is_tried_with_a_vote_its_roll_stays_and_two_tellers_stand_for_its_result(
    compound: VoteCompound,
) -> None:
    tried = [one for stage in range(5) for one in Whole(compound, stage).explore()]
    reached = set(_made(tried))
    assert "lapse" not in reached, "a vote that stands alone lapses with nothing"
    assert {"announce", "open", "extend", "count", "certify", "call_off", "settle"} <= reached, reached
    assert any(not one.act for one in tried)


class Papers(Explorer):
    """A paper ballot, checked and rejected by everybody, who read one of some choices from it."""

    examples = 20
    steps = 7

    def __init__(self, compound: VoteCompound, choices: tuple[str, ...]) -> None:
        super().__init__(compound.district, counting(compound))
        self.compound = compound
        self.choices = choices
        self.secrets: dict[UUID, str] = {}

    def opened(self) -> UUID:
        vote, part = self.compound.opened(), self.compound.homes["101"].part
        paper = self.compound.votes.enter(vote, part, "agree", actor=self.compound.teller)
        self.secrets[paper.ballot] = paper.secret
        return paper.ballot

    def values(self, move: Move, subject: StoredSubject) -> Mapping[str, st.SearchStrategy[Any]]:
        secret = self.secrets[subject.id]
        return {
            "choice": st.sampled_from(self.choices),
            "secret": st.sampled_from([secret, secret, self.compound.votes.new_secret()]),
            "same": st.none(),
        }

    def holds(self, root: UUID, tried: list[Tried]) -> None:
        ballot = self.district.subject(root)
        made = _made(tried)
        assert len(made) <= 1, "a paper is checked once"
        kept = ballot.record
        in_box = self._in_box(root)
        expected = {"entered": 0, "cast": 1}.get(ballot.state)
        assert in_box == expected
        sealed = self._sealed(root)
        assert (sealed is not None) == (expected is not None), "what is not in the box is not kept"
        if sealed is not None:
            context = sealing.context_of(self.district.code, kept.vote, kept.part, root)
            said = sealing.opened_by_receipt(sealed, context, self.secrets[root])
            assert said == "agree", "nobody changes what was entered"
        if ballot.state == "cast":
            assert kept.same, "it counts when two have read the same"
            assert not set(ballot.hands.moves["enter"]) & set(ballot.hands.moves["check"])
        if ballot.state == "differs":
            assert kept.same is False

    def _sealed(self, ballot: UUID) -> bytes | None:
        query = select(SEALED.c.sealed).where(
            SEALED.c.district == self.district.code, SEALED.c.ballot == ballot
        )
        with self.district.store.reading() as connection:
            found = connection.execute(query).scalar_one_or_none()
        return None if found is None else bytes(found)

    def _in_box(self, ballot: UUID) -> int | None:
        query = select(BOX.c.counts).where(BOX.c.district == self.district.code, BOX.c.ballot == ballot)
        with self.district.store.reading() as connection:
            return connection.execute(query).scalar_one_or_none()


def test_whatever_is_tried_with_a_paper_it_counts_only_when_two_have_read_the_same(
    compound: VoteCompound,
) -> None:
    tried, states = list[Tried](), set[str]()
    # Two readings of a paper agree, and differ, by what happens to be drawn.
    for again in range(8):
        for choices in (("agree",), ("against", "abstain")):
            papers = Papers(compound, choices)
            papers.fixed = again == 0
            tried += papers.explore("vote_ballot.check", "vote_ballot.reject")
        states |= {compound.district.subject(one.subject.id).state for one in tried}
        if {"cast", "differs", "rejected"} <= states:
            break
    assert {"cast", "differs", "rejected"} <= states


class Entrusted(Explorer):
    """A written proxy, or one that an owner gave."""

    examples = 20
    steps = 7

    def __init__(self, compound: VoteCompound, *, written: bool) -> None:
        self.agent = somebody(compound.district, None, compound.place)
        super().__init__(compound.district, {**counting(compound), "agent": self.agent})
        self.compound = compound
        self.written = written

    def opened(self) -> UUID:
        assert self.agent.person
        vote, home = self.compound.opened(), self.compound.homes["101"]
        actor = self.compound.teller if self.written else home.owners[0]
        act = self.compound.votes.give_proxy(
            vote, home.part, self.agent.person, written=self.written, actor=actor
        )
        return act.subject

    def holds(self, root: UUID, tried: list[Tried]) -> None:
        proxy = self.district.subject(root)
        query = select(PROXY.c.valid).where(PROXY.c.district == self.district.code, PROXY.c.proxy == root)
        with self.district.store.reading() as connection:
            kept = connection.execute(query).scalar_one_or_none()
        assert kept == {"entered": 0, "valid": 1}.get(proxy.state)
        hands = proxy.hands.moves
        assert not set(hands.get("enter", ())) & set(hands.get("confirm", ()))


def test_whatever_is_tried_with_a_proxy_a_written_one_needs_two_tellers(compound: VoteCompound) -> None:
    tried = [one for how in (True, False) for one in Entrusted(compound, written=how).explore()]
    assert {"confirm", "reject", "withdraw"} <= set(_made(tried))
