"""After the result: contests with their ballots, papers stored and destroyed. And votes held elsewhere."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from linli import ENGINE_ACTOR, Actor, District, NotAllowed, Private, Refused, StoredSubject
from linli._model.compiled import Move
from linli._store import tables as t
from linli.testing import Explorer, Tried, somebody
from linli_owners_vote.arithmetic import Result, Weight, outcome
from linli_owners_vote.disputes import DisputeFlow, Ending, Settle
from linli_owners_vote.elsewhere import contradictions
from linli_owners_vote.records import NUMBERS, certified_elsewhere, numbers_of
from linli_owners_vote.tables import SEALED
from linli_owners_vote.testing import VoteCompound, vote_compound
from linli_owners_vote.workflow import KeeperFlow

TERM = timedelta(days=730)


@pytest.fixture
def compound(new_district: Callable[..., District]) -> VoteCompound:
    return vote_compound(new_district, homes=("101", "102", "103"))


def _voted(compound: VoteCompound) -> UUID:
    vote = compound.opened()
    for name, choice in (("101", "agree"), ("102", "against")):
        compound.cast(vote, name, choice)
    compound.certified(vote)
    return vote


def _dispute(compound: VoteCompound, vote: UUID, *names: str, **how: Any) -> UUID:
    parts = [compound.homes[name].part for name in names]
    asked = {"asked_by": "court", "paper": "（2026）湘0503民初1号", "reason": "说没有投过"} | how
    return compound.votes.dispute(vote, parts=parts, actor=compound.officer, **asked).subject


# --- contests of a result ------------------------------------------------------------------------------


def test_contested_ballots_are_opened_once_by_two_keepers_and_their_owners_are_told(
    compound: VoteCompound,
) -> None:
    vote = _voted(compound)
    dispute, codes = _dispute(compound, vote, "102"), compound.codes[vote]
    with pytest.raises(Refused, match="never one alone"):
        compound.votes.open_disputed(dispute, codes[:1], actor=compound.teller)
    with pytest.raises(Refused, match="say who does it"):
        compound.votes.open_disputed(dispute, codes[:2])
    found = compound.votes.open_disputed(dispute, codes[1:3], actor=compound.teller)
    assert found == {compound.homes["102"].part: "against"}
    record = compound.district.subject(dispute).record
    assert record.opened_by == compound.district.subject(vote).record.keepers[1:3]
    assert "against" not in repr([act.body for act in compound.district.history(vote)][-1])
    owner = compound.homes["102"].owners[0].person
    with compound.district.store.reading() as connection:
        told = (
            connection.execute(
                select(t.delivery.c.recipient).where(
                    t.delivery.c.district == compound.district.code, t.delivery.c.kind == "tell"
                )
            )
            .scalars()
            .all()
        )
    assert told == [f"person:{owner}"]
    seen = compound.votes.openings(vote, compound.homes["102"].part, actor=compound.homes["102"].owners[0])
    assert [(one.asked_by, one.paper) for one in seen] == [("court", "（2026）湘0503民初1号")]
    own = compound.homes["101"]
    assert compound.votes.openings(vote, own.part, actor=own.owners[0]) == []
    with pytest.raises(NotAllowed, match="only an owner of this part"):
        compound.votes.openings(vote, compound.homes["102"].part, actor=own.owners[0])
    with pytest.raises(Refused, match="so it cannot be done"):
        compound.votes.open_disputed(dispute, codes[:2], actor=compound.teller)


def test_nobody_opens_single_ballots_without_a_stated_contest_of_those_parts(compound: VoteCompound) -> None:
    vote = _voted(compound)
    for actor in (compound.member, compound.teller, compound.homes["101"].owners[0]):
        with pytest.raises(NotAllowed):
            compound.votes.dispute(vote, "street", "1号", "x", actor=actor)
    without = _dispute(compound, vote)
    with pytest.raises(Refused, match="no part is contested"):
        compound.votes.open_disputed(without, compound.codes[vote][:2], actor=compound.teller)
    with pytest.raises(Refused, match="has no ballot in this vote"):
        _dispute(compound, vote, "103")
    with pytest.raises(Refused, match="must be one of court, authority, street"):
        _dispute(compound, vote, "101", asked_by="owners_committee")
    noted = _dispute(compound, vote, "101")
    with pytest.raises(NotAllowed, match="already acted"):
        compound.votes.open_disputed(noted, compound.codes[vote][:2], actor=compound.officer)
    for actor in (compound.member, compound.homes["101"].owners[0]):
        with pytest.raises(NotAllowed):
            compound.votes.open_disputed(noted, compound.codes[vote][:2], actor=actor)


def test_a_result_is_contested_once_it_is_certified(compound: VoteCompound) -> None:
    vote = compound.opened()
    with pytest.raises(Refused, match="once it is certified"):
        _dispute(compound, vote)


def test_ballots_are_kept_while_a_contest_is_noted_as_open_however_long_that_takes(
    compound: VoteCompound,
) -> None:
    vote = _voted(compound)
    dispute = _dispute(compound, vote, "101")
    compound.clock.now += 3 * TERM
    keepers = compound.votes.keepers(vote)
    destroy = [(one.id, compound.keepers[one.record.organisation]) for one in keepers]
    with pytest.raises(Refused, match="contest of this vote is noted as open"):
        compound.district.perform(KeeperFlow.destroy(KeeperFlow.ref(destroy[0][0])), actor=destroy[0][1])
    found = compound.votes.open_disputed(dispute, compound.codes[vote][:2], actor=compound.teller)
    assert list(found.values()) == ["agree"]
    with pytest.raises(Refused, match="contest of this vote is noted as open"):
        compound.district.perform(KeeperFlow.destroy(KeeperFlow.ref(destroy[0][0])), actor=destroy[0][1])
    compound.district.perform(
        DisputeFlow.settle(
            DisputeFlow.ref(dispute), Settle(outcome=Ending.STANDS, reason=Private("判决驳回"))
        ),
        actor=compound.officer,
    )
    for keeper, actor in destroy[:2]:
        compound.district.perform(KeeperFlow.destroy(KeeperFlow.ref(keeper)), actor=actor)
    later = _dispute(compound, vote, "101")
    with pytest.raises(Refused, match="were destroyed"):
        compound.votes.open_disputed(later, compound.codes[vote][:2], actor=compound.teller)


# --- papers --------------------------------------------------------------------------------------------


def test_papers_are_stored_and_destroyed_by_one_person_and_checked_by_another(compound: VoteCompound) -> None:
    vote = compound.opened()
    for name in ("101", "102"):
        compound.paper(vote, name)
    store = compound.votes.store_papers
    with pytest.raises(Refused, match="once the vote was counted"):
        store(vote, 2, "档案柜", actor=compound.teller)
    compound.certified(vote)
    with pytest.raises(Refused, match="2 papers were counted, and 1 are stored"):
        store(vote, 1, "档案柜", actor=compound.teller)
    papers = store(vote, 3, "档案柜", actor=compound.teller).subject
    with pytest.raises(Refused, match="are stored already"):
        store(vote, 3, "档案柜", actor=compound.second_teller)
    make = compound.district.make
    with pytest.raises(NotAllowed, match="already acted"):
        make(papers, "check", actor=compound.teller)
    make(papers, "check", actor=compound.second_teller)
    with pytest.raises(Refused, match="kept until"):
        make(papers, "destroy", actor=compound.teller)
    compound.clock.now += TERM
    make(papers, "destroy", actor=compound.teller)
    with pytest.raises(NotAllowed, match="already acted"):
        make(papers, "check_destroyed", actor=compound.teller)
    make(papers, "check_destroyed", actor=compound.second_teller)
    assert compound.district.subject(papers).outcome == "destroyed"


class After(Explorer):
    """Everything that can be done with a certified vote, its contests, its papers and its keepers, by everybody."""

    examples = 12
    steps = 9

    def __init__(self, compound: VoteCompound, *, settled: bool) -> None:
        third = somebody(compound.district, "teller", compound.place)
        sitting = {f"keeper {number}": one for number, one in enumerate(compound.keepers.values())}
        found = {name: compound.actors[name] for name in ("officer", "teller", "second_teller")}
        super().__init__(
            compound.district,
            {**found, **(sitting if settled else {}), "third": third, "linli": ENGINE_ACTOR},
        )
        self.compound = compound
        self.settled = settled

    def opened(self) -> UUID:
        vote = _voted(self.compound)
        dispute = _dispute(self.compound, vote, "101")
        if self.settled:
            self.compound.district.perform(
                DisputeFlow.settle(
                    DisputeFlow.ref(dispute), Settle(outcome=Ending.STANDS, reason=Private("x"))
                ),
                actor=self.compound.officer,
            )
        self.compound.votes.store_papers(vote, 1, "档案柜", actor=self.compound.teller)
        self.compound.clock.now += TERM
        return vote

    def values(self, move: Move, subject: StoredSubject) -> Mapping[str, st.SearchStrategy[Any]]:
        codes = self.compound.codes.get(subject.root, [])
        return {
            "codes": st.sampled_from([tuple(codes[:2]), tuple(codes[:1]), ()]),
            "opened_by": st.none(),
        }

    def holds(self, root: UUID, tried: list[Tried]) -> None:
        parts = self.district.tree(root)[1:]
        by_kind = {
            kind: [one for one in parts if one.kind == kind] for kind in ("vote_keeper", "vote_dispute")
        }
        gone = [one for one in by_kind["vote_keeper"] if one.state == "destroyed"]
        with self.district.store.reading() as connection:
            kept = connection.execute(select(SEALED.c.ballot).where(SEALED.c.vote == root)).all()
        assert len(kept) == (0 if len(gone) >= 2 else 2), "ballots go with the second code"
        if gone:
            assert all(one.ended_at for one in by_kind["vote_dispute"]), "none goes while a contest is open"
        people = [set(one.hands.moves["destroy"]) for one in gone]
        assert len(set().union(*people)) == len(gone), "each by somebody else"
        for one in by_kind["vote_dispute"]:
            assert bool(one.record.opened_by) == ("open_ballots" in one.hands.moves)
        assert self.compound.votes.verify(root) == []


def test_whatever_is_tried_after_a_result_ballots_go_with_the_second_code_and_not_before(
    compound: VoteCompound,
) -> None:
    tried = [one for settled in (True, False) for one in After(compound, settled=settled).explore()]
    made = {f"{one.subject.kind}.{one.move.name}" for one in tried if one.act}
    assert {
        "vote_dispute.open_ballots",
        "vote_dispute.settle",
        "vote_keeper.destroy",
        "vote_papers.check",
    } <= made
    assert any(not one.act for one in tried)


# --- held elsewhere ------------------------------------------------------------------------------------

RESULT = Result(
    parts=90,
    roll=Weight(area=900000, heads=88),
    voted_parts=70,
    voted=Weight(area=700000, heads=66),
    agreed=Weight(area=600000, heads=60),
    against=Weight(area=90000, heads=5),
    abstained=Weight(area=10000, heads=1),
)
HELD: Mapping[str, Any] = {
    "held": "platform",
    "by": "市住建局业主决策平台",
    "ended_on": date(2026, 2, 1),
    "paper": "决策〔2026〕3号",
}


def _enter(compound: VoteCompound, result: Result = RESULT, actor: Actor | None = None, **how: Any) -> UUID:
    enter = compound.votes.enter_elsewhere
    asked = {**HELD, **how}
    return enter(
        compound.place, "加装电梯", "special", result, actor=actor or compound.teller, **asked
    ).subject


def test_a_vote_held_elsewhere_is_certified_when_two_people_have_read_the_same_numbers(
    compound: VoteCompound,
) -> None:
    vote = _enter(compound)
    with pytest.raises(NotAllowed, match="already acted"):
        compound.votes.check_elsewhere(vote, RESULT, actor=compound.teller)
    compound.votes.check_elsewhere(vote, RESULT, actor=compound.second_teller)
    assert compound.district.subject(vote).outcome == "passed"
    told = [str(line) for line in compound.votes.arithmetic(vote)]
    assert any("on the authority's platform" in line and HELD["by"] in line for line in told)
    assert any(HELD["paper"] in line for line in told)
    assert any("4 × 6000.00 = 24000.00 ≥ 3 × 7000.00 = 21000.00" in line for line in told)


def test_numbers_that_two_people_read_differently_certify_nothing(compound: VoteCompound) -> None:
    for name in NUMBERS:
        other = _with(RESULT, name, 1)
        vote = _enter(compound)
        compound.votes.check_elsewhere(vote, other, actor=compound.second_teller)
        assert compound.district.subject(vote).outcome == "differs", name


def _with(result: Result, name: str, more: int) -> Result:
    """A result one of whose numbers is another."""
    numbers = {**numbers_of(result), name: numbers_of(result)[name] + more}
    weights = {
        what: Weight(area=numbers[f"{what}_area"], heads=numbers[f"{what}_heads"])
        for what in ("roll", "voted", "agreed", "against", "abstained")
    }
    return Result(parts=numbers["roll_parts"], voted_parts=numbers["voted_parts"], **weights)


def test_numbers_that_do_not_add_up_are_refused(compound: VoteCompound) -> None:
    for name in ("agreed_area", "against_heads", "abstained_area"):
        with pytest.raises(Refused, match="agreed, against and abstained are"):
            _enter(compound, _with(RESULT, name, 1))
    with pytest.raises(Refused, match="more took part than the roll has"):
        _enter(compound, attrs.evolve(RESULT, roll=Weight(area=700000, heads=60)))
    with pytest.raises(Refused, match="more parts have a ballot"):
        _enter(compound, attrs.evolve(RESULT, voted_parts=91))
    with pytest.raises(Refused, match="in the future"):
        _enter(compound, ended_on=date(2030, 1, 1))
    with pytest.raises(NotAllowed):
        _enter(compound, actor=compound.homes["101"].owners[0])


weights = st.builds(Weight, area=st.integers(0, 900), heads=st.integers(0, 90))


@given(agreed=weights, against=weights, abstained=weights, more=weights, parts=st.integers(1, 90))
def test_whatever_adds_up_is_taken_and_its_outcome_is_the_laws(
    agreed: Weight, against: Weight, abstained: Weight, more: Weight, parts: int
) -> None:
    def total(*several: Weight) -> Weight:
        return Weight(area=sum(one.area for one in several), heads=sum(one.heads for one in several))

    voted = total(agreed, against, abstained)
    roll = total(voted, more, Weight(area=1, heads=1))
    result = Result(
        parts=parts,
        roll=roll,
        voted_parts=parts,
        voted=voted,
        agreed=agreed,
        against=against,
        abstained=abstained,
    )
    assert list(contradictions(result)) == []
    took_part = all(
        Fraction(getattr(voted, of), getattr(roll, of)) >= Fraction(2, 3) for of in ("area", "heads")
    )
    passed = all(
        getattr(voted, of) and Fraction(getattr(agreed, of), getattr(voted, of)) >= Fraction(3, 4)
        for of in ("area", "heads")
    )
    expected = ("passed" if passed else "not_passed") if took_part else "no_quorum"
    assert outcome(result, "special") == expected
    for of in ("area", "heads"):
        wrong = attrs.evolve(result, agreed=attrs.evolve(agreed, **{of: getattr(agreed, of) + 1}))
        assert list(contradictions(wrong))


def test_an_outcome_is_worked_out_and_never_what_somebody_says(compound: VoteCompound) -> None:
    voted_down = attrs.evolve(
        RESULT, agreed=Weight(area=500000, heads=60), against=Weight(area=190000, heads=5)
    )
    vote = _enter(compound, voted_down)
    values = {**numbers_of(voted_down), "same": True}
    with pytest.raises(Refused, match="worked out by linli"):
        compound.district.make(vote, "check", values, actor=compound.second_teller)
    compound.votes.check_elsewhere(vote, voted_down, actor=compound.second_teller)
    assert compound.district.subject(vote).outcome == "not_passed", "5 of 7 are not three quarters"
    assert certified_elsewhere(compound.district.subject(vote).record) == voted_down
