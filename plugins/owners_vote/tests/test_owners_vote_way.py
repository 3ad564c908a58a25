"""A vote from its preparation to the certified result: who does what, when, and what is refused."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, update

from linli import District, NotAllowed, PlaceId, Private, Refused, Why
from linli.testing import a_place, snapshot, somebody
from linli_owners_vote.steps import Announce, Extend, Prepare
from linli_owners_vote.tables import BOX, ROLL, TABLES
from linli_owners_vote.testing import QUIET, VoteCompound, vote_compound
from linli_owners_vote.workflow import VoteFlow


@pytest.fixture
def compound(new_district: Callable[..., District]) -> VoteCompound:
    return vote_compound(new_district, homes=("101", "102", "103", "104"))


def _state(compound: VoteCompound, vote: UUID) -> str:
    return compound.district.subject(vote).state


def test_a_vote_goes_from_its_preparation_to_the_certified_result(compound: VoteCompound) -> None:
    vote = compound.opened()
    for name, choice in (("101", "agree"), ("102", "agree"), ("103", "against")):
        compound.cast(vote, name, choice)
    assert compound.certified(vote) == "passed"
    record = compound.district.subject(vote).record
    assert (record.roll_parts, record.roll_area, record.roll_heads) == (4, 20000, 4)
    assert (record.voted_area, record.agreed_area, record.against_area) == (15000, 10000, 5000)
    assert [act.verb.partition(".")[2] for act in compound.district.history(vote)] == [
        "prepare", "announce", "ask", "ask", "ask", "ask", "take", "take", "take", "take", "open", "late", "close",
        "count", "certify",
    ]  # fmt: skip
    assert compound.votes.verify(vote) == []


# --- who holds it --------------------------------------------------------------------------------------


def test_the_owners_committee_holds_it_and_no_other_body(compound: VoteCompound) -> None:
    vote = compound.prepared()
    held = compound.district.subject(vote)
    assert held.record.organiser == compound.committee
    assert held.record.stands_in_for is None
    assert held.holder is not None
    assert held.holder.at == compound.committee
    for move in ("announce", "call_off"):
        values = {"reason": "x"} if move == "call_off" else {}
        with pytest.raises(Refused, match="another body holds the votes"):
            compound.district.make(vote, move, values, actor=compound.outsider)
    compound.district.perform(VoteFlow.announce(VoteFlow.ref(vote), Announce()), actor=compound.officer)
    assert _state(compound, vote) == "announced"


def test_where_there_is_no_owners_committee_who_stands_in_holds_it_and_it_is_on_the_record(
    compound: VoteCompound,
) -> None:
    compound.district.register.end_organisation(compound.committee)
    act = compound.district.perform(
        VoteFlow.prepare.at(PlaceId(compound.place), Prepare(topic="更换电梯", majority="ordinary")),
        actor=compound.outsider,
    )
    record = compound.district.subject(act.subject).record
    assert record.organiser == compound.district.register.find_organisation("residents_committee")
    assert record.stands_in_for == "owners_committee"


def test_where_the_owners_committee_is_dissolved_meanwhile_who_stands_in_goes_on(
    compound: VoteCompound,
) -> None:
    vote = compound.prepared()
    compound.clock.now += timedelta(days=1)
    compound.district.register.end_organisation(compound.committee)
    compound.district.perform(VoteFlow.announce(VoteFlow.ref(vote), Announce()), actor=compound.outsider)
    assert _state(compound, vote) == "announced"


def test_owners_tellers_and_strangers_prepare_nothing(compound: VoteCompound) -> None:
    elsewhere = somebody(compound.district, "owners_committee_member", a_place(compound.district, "幸福里"))
    before = snapshot(compound.district, TABLES)
    for actor in (compound.teller, compound.homes["101"].owners[0], elsewhere):
        with pytest.raises(NotAllowed):
            compound.district.perform(
                VoteFlow.prepare.at(PlaceId(compound.place), Prepare(topic="更换电梯", majority="ordinary")),
                actor=actor,
            )
    assert snapshot(compound.district, TABLES) == before


def test_the_owners_of_a_compound_vote_and_of_nothing_else(compound: VoteCompound) -> None:
    with pytest.raises(Refused, match="name the compound"):
        compound.district.perform(
            VoteFlow.prepare.at(PlaceId(compound.community), Prepare(topic="更换电梯", majority="ordinary"))
        )


@pytest.mark.parametrize(
    ("move", "values"),
    [
        ("announce", {"ways": ("online",)}),
        ("announce", {"opens_from": "2020-01-01T00:00+08:00"}),
        ("open", {"roll_area": 1}),
        ("open", {"until": "2020-01-01T00:00+08:00"}),
    ],
)
def test_nobody_gives_by_hand_what_linli_works_out(
    compound: VoteCompound, move: str, values: dict[str, object]
) -> None:
    vote = compound.prepared() if move == "announce" else compound.announced()
    with pytest.raises(Refused, match="worked out by linli"):
        compound.district.make(vote, move, values, actor=compound.member)


@pytest.mark.parametrize("values", [{"voted_area": 1}, {"box": "0" * 64}, {"agreed_heads": 9}])
def test_nobody_gives_a_result_by_hand(compound: VoteCompound, values: dict[str, object]) -> None:
    vote = compound.opened()
    compound.close(vote)
    codes = {"codes": tuple(compound.codes[vote][:2])}
    with pytest.raises(Refused, match="worked out by linli"):
        compound.district.make(vote, "count", {**values, **codes}, actor=compound.teller)
    compound.count(vote)
    with pytest.raises(Refused, match="worked out by linli"):
        compound.district.make(vote, "certify", {"outcome": "passed"}, actor=compound.second_teller)


# --- notice, opening, calling off ----------------------------------------------------------------------


def test_it_does_not_open_before_its_notice_has_passed(compound: VoteCompound) -> None:
    vote = compound.prepared()
    with pytest.raises(Refused, match="so it cannot be done"):
        compound.district.perform(VoteFlow.open(VoteFlow.ref(vote)), actor=compound.member)
    compound.district.perform(VoteFlow.announce(VoteFlow.ref(vote), Announce()), actor=compound.member)
    compound.take_codes(vote)
    compound.clock.now += timedelta(days=15) - timedelta(seconds=1)
    with pytest.raises(Refused, match="announced for 2026-03-17 09:00 at the earliest"):
        compound.district.perform(VoteFlow.open(VoteFlow.ref(vote)), actor=compound.member)
    compound.clock.now += timedelta(seconds=1)
    compound.district.perform(VoteFlow.open(VoteFlow.ref(vote)), actor=compound.member)
    assert _state(compound, vote) == "open"


def test_it_is_called_off_before_it_opens_and_never_after(compound: VoteCompound) -> None:
    for vote in (compound.prepared(), compound.announced()):
        with pytest.raises(Refused, match="reason is missing"):
            compound.district.make(vote, "call_off", actor=compound.member)
        compound.district.perform(
            VoteFlow.call_off(VoteFlow.ref(vote), Why(reason=Private("方案要改"))), actor=compound.member
        )
        assert compound.district.subject(vote).outcome == "called_off"
    vote = compound.opened()
    with pytest.raises(Refused, match="so it cannot be done: call off"):
        compound.district.perform(
            VoteFlow.call_off(VoteFlow.ref(vote), Why(reason=Private("方案要改"))), actor=compound.member
        )


def test_it_is_not_extended_unless_the_district_says_so(compound: VoteCompound) -> None:
    vote = compound.opened()
    until = compound.district.subject(vote).record.until
    with pytest.raises(Refused, match="is not extended"):
        compound.district.perform(
            VoteFlow.extend(VoteFlow.ref(vote), Extend(until=until + timedelta(days=1), reason=Private("x"))),
            actor=compound.member,
        )


def test_it_is_extended_once_and_not_for_longer_than_the_district_says(
    new_district: Callable[..., District],
) -> None:
    more = QUIET + 'extension = true\nlongest_extension = "5d"\n'
    compound = vote_compound(new_district, more, homes=("101",))
    vote = compound.opened()
    until = compound.district.subject(vote).record.until
    for wrong in (until, until - timedelta(days=1), until + timedelta(days=5, seconds=1)):
        with pytest.raises(Refused, match="5 days at most"):
            compound.district.perform(
                VoteFlow.extend(VoteFlow.ref(vote), Extend(until=wrong, reason=Private("x"))),
                actor=compound.member,
            )
    compound.district.perform(
        VoteFlow.extend(VoteFlow.ref(vote), Extend(until=until + timedelta(days=5), reason=Private("x"))),
        actor=compound.member,
    )
    with pytest.raises(Refused, match="so it cannot be done"):
        compound.district.perform(
            VoteFlow.extend(VoteFlow.ref(vote), Extend(until=until + timedelta(days=6), reason=Private("x"))),
            actor=compound.member,
        )
    compound.clock.now = until + timedelta(days=4)
    compound.district.worker.run_once(now=compound.clock.now)
    compound.cast(vote, "101")
    assert compound.certified(vote) == "passed"
    assert compound.clock.now > until + timedelta(days=5)


def test_what_is_over_is_not_extended(new_district: Callable[..., District]) -> None:
    compound = vote_compound(new_district, QUIET + "extension = true\n", homes=("101",))
    vote = compound.opened()
    compound.clock.now = until = compound.district.subject(vote).record.until
    with pytest.raises(Refused, match="has closed"):
        compound.district.perform(
            VoteFlow.extend(VoteFlow.ref(vote), Extend(until=until + timedelta(days=1), reason=Private("x"))),
            actor=compound.member,
        )


def test_only_time_closes_it(compound: VoteCompound) -> None:
    vote = compound.opened()
    for actor in compound.actors.values():
        with pytest.raises(NotAllowed):
            compound.district.make(vote, "close", actor=actor)
    compound.close(vote)
    assert _state(compound, vote) == "closed"


# --- counting and certifying ---------------------------------------------------------------------------


def test_two_different_tellers_count_and_certify(compound: VoteCompound) -> None:
    vote = compound.opened()
    with pytest.raises(Refused, match="so it cannot be done"):
        compound.count(vote)
    compound.close(vote)
    with pytest.raises(Refused, match="say who does it"):
        compound.votes.count(vote, compound.codes[vote][:2])
    with pytest.raises(NotAllowed):
        compound.count(vote, compound.member)
    compound.count(vote)
    with pytest.raises(NotAllowed, match="already acted"):
        compound.district.perform(VoteFlow.certify(VoteFlow.ref(vote)), actor=compound.teller)
    with pytest.raises(Refused, match="say who does it"):
        compound.district.perform(VoteFlow.certify(VoteFlow.ref(vote)))
    compound.district.perform(VoteFlow.certify(VoteFlow.ref(vote)), actor=compound.second_teller)
    assert compound.district.subject(vote).outcome == "no_quorum"


def test_who_organised_a_vote_neither_counts_nor_certifies_it(compound: VoteCompound) -> None:
    compound.district.register.end_organisation(compound.committee)
    standing_in = compound.outsider
    vote = compound.district.perform(
        VoteFlow.prepare.at(PlaceId(compound.place), Prepare(topic="更换电梯", majority="ordinary")),
        actor=standing_in,
    ).subject
    compound.district.perform(VoteFlow.announce(VoteFlow.ref(vote), Announce()), actor=standing_in)
    compound.take_codes(vote)
    compound.clock.now += timedelta(days=15)
    compound.district.perform(VoteFlow.open(VoteFlow.ref(vote)), actor=standing_in)
    compound.close(vote)
    with pytest.raises(NotAllowed, match="already acted"):
        compound.count(vote, standing_in)
    compound.count(vote)
    with pytest.raises(NotAllowed, match="already acted"):
        compound.district.perform(VoteFlow.certify(VoteFlow.ref(vote)), actor=standing_in)


def test_a_box_that_was_changed_after_the_count_is_not_certified(compound: VoteCompound) -> None:
    vote = compound.opened()
    for name in ("101", "102", "103"):
        compound.cast(vote, name)
    compound.close(vote)
    compound.count(vote)
    with compound.district.store.engine.connect() as connection:
        connection.execute(delete(BOX).where(BOX.c.part == compound.homes["101"].part))
    with pytest.raises(Refused, match="does not hold what was counted"):
        compound.district.perform(VoteFlow.certify(VoteFlow.ref(vote)), actor=compound.second_teller)
    assert [str(one) for one in compound.votes.verify(vote)] == [
        "the box does not hold what was counted; restore it from a backup"
    ]


def test_a_roll_that_was_changed_is_told(compound: VoteCompound) -> None:
    vote = compound.opened()
    with compound.district.store.engine.connect() as connection:
        connection.execute(update(ROLL).values(area=1).where(ROLL.c.part == compound.homes["101"].part))
    assert [str(one) for one in compound.votes.verify(vote)] == ["the roll is not the one that was frozen"]
