"""What is made public of a vote, and its figures against an independent count."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from uuid import UUID

import pytest

from linli import District, Private, Why
from linli._verbs.publish.reading import Wanted
from linli.testing import all_of
from linli_owners_vote.arithmetic import Majority
from linli_owners_vote.steps import Extend
from linli_owners_vote.testing import VoteCompound, vote_compound
from linli_owners_vote.workflow import VoteFlow

ENGLISH = '[owners_vote]\nlanguage = "en"\nextension = true\n'
HOMES = ("101", "102", "103", "104")


@pytest.fixture
def compound(new_district: Callable[..., District]) -> VoteCompound:
    return vote_compound(new_district, ENGLISH, homes=HOMES)


def _public(compound: VoteCompound) -> list[tuple[str, str]]:
    found = compound.district.publish.listed(Wanted(places=(compound.place,), series="owners_vote"))
    return [(one.record.title, compound.district.publish.body(one)) for one in reversed(found)]


def test_the_notice_and_the_result_are_public_with_numbers_only(compound: VoteCompound) -> None:
    vote = compound.opened()
    for name, choice in zip(HOMES, ("agree", "agree", "agree", "against"), strict=True):
        compound.cast(vote, name, choice)
    compound.certified(vote)
    (notice, what), (result, numbers) = _public(compound)
    assert notice == "Vote of the owners announced: 更换电梯"
    assert "It opens on 2026-03-17 09:00 at the earliest, and is open for 15 days." in what
    assert "Ballots are cast: online, on paper, by proxy." in what
    assert result == "Result of the owners' vote: 更换电梯"
    record = compound.district.subject(vote).record
    assert numbers.split("\n\n") == [
        "Majority: ordinary: more than half of those taking part, by area and by head",
        "Parts with a ballot: 4 of 4",
        "on the roll: 200.00 m², 4 owners",
        "took part: 200.00 m², 4 owners",
        "agreed: 150.00 m², 3 owners",
        "against: 50.00 m², 1 owners",
        "abstained, or voted differently for different parts: 0.00 m², 0 owners",
        "taking part, by area: 200.00 of 200.00 m², needed at least 2/3: 3 × 200.00 = 600.00 ≥ 2 × 200.00 = 400.00: reached",
        "taking part, by head: 4 of 4, needed at least 2/3: 3 × 4 = 12 ≥ 2 × 4 = 8: reached",
        "agreeing of those taking part, by area: 150.00 of 200.00 m², needed more than 1/2: "
        "2 × 150.00 = 300.00 ＞ 1 × 200.00 = 200.00: reached",
        "agreeing of those taking part, by head: 3 of 4, needed more than 1/2: 2 × 3 = 6 ＞ 1 × 4 = 4: reached",
        "The owners have passed it.",
        "It binds all owners; any of them can ask the court to revoke it (Civil Code art. 280).",
        f"Digest of the receipts: {record.box}",
    ]  # fmt: skip
    for home in compound.homes.values():
        assert str(home.part) not in numbers
        assert str(home.owners[0].person) not in numbers
    receipts = "\n".join(compound.votes.receipts(vote))
    from hashlib import sha256

    assert sha256(receipts.encode()).hexdigest() == record.box, "anybody can check a printed list of receipts"


def test_calling_off_is_public_once_it_was_announced_and_so_is_an_extension(compound: VoteCompound) -> None:
    compound.district.perform(
        VoteFlow.call_off(VoteFlow.ref(compound.prepared()), Why(reason=Private("x"))), actor=compound.member
    )
    assert _public(compound) == [], "nobody knew of it"
    compound.district.perform(
        VoteFlow.call_off(VoteFlow.ref(compound.announced()), Why(reason=Private("内情"))),
        actor=compound.member,
    )
    compound.clock.now += timedelta(days=1)
    vote = compound.opened()
    until = compound.district.subject(vote).record.until
    compound.district.perform(
        VoteFlow.extend(VoteFlow.ref(vote), Extend(until=until + timedelta(days=1), reason=Private("内情"))),
        actor=compound.member,
    )
    titles = [title.partition(":")[0] for title, _ in _public(compound)]
    assert titles == [
        "Vote of the owners announced", "Vote of the owners called off",
        "Vote of the owners announced", "Vote of the owners extended",
    ]  # fmt: skip
    assert all("内情" not in body for _, body in _public(compound))


def test_where_the_district_approves_first_nothing_goes_out_by_itself(
    new_district: Callable[..., District],
) -> None:
    compound = vote_compound(new_district, ENGLISH + "[publish]\napproval = true\n", homes=("101",))
    compound.announced()
    assert _public(compound) == []
    drafts = all_of(compound.district, "publication", "draft")
    assert [draft.record.title for draft in drafts] == ["Vote of the owners announced: 更换电梯"]


def test_a_district_can_keep_it_from_going_out(new_district: Callable[..., District]) -> None:
    compound = vote_compound(new_district, homes=("101",))
    compound.certified(compound.opened())
    assert all_of(compound.district, "publication") == []


def test_what_linli_writes_is_chinese_unless_the_district_says_otherwise(
    new_district: Callable[..., District],
) -> None:
    compound = vote_compound(new_district, "", homes=("101",))
    vote = compound.opened()
    compound.cast(vote, "101")
    compound.certified(vote)
    words = "".join(title + body for title, body in _public(compound))
    assert "业主" in words
    assert "owners" not in words


def _one_vote(compound: VoteCompound, chance: Random) -> str:
    """A vote somewhere on its way: how it ended, "" where it has not, "running" while it is open."""
    majority: Majority = chance.choice(("ordinary", "special"))
    stage = chance.choice(("called_off", "open", "closed", *["certified"] * 5))
    if stage == "called_off":
        compound.district.perform(
            VoteFlow.call_off(VoteFlow.ref(compound.announced(majority)), Why(reason=Private("x"))),
            actor=compound.member,
        )
        return ""
    vote: UUID = compound.opened(majority)
    for name in HOMES:
        choice = chance.choice(("agree", "agree", "agree", "against", "abstain", None))
        if choice:
            compound.cast(vote, name, choice)
    if stage == "open":
        return "running"
    compound.close(vote)
    if stage == "certified":
        compound.count(vote)
        compound.district.perform(VoteFlow.certify(VoteFlow.ref(vote)), actor=compound.second_teller)
        return str(compound.district.subject(vote).outcome)
    return ""


def test_the_figures_are_what_another_count_comes_to(new_district: Callable[..., District]) -> None:
    compound = vote_compound(new_district, homes=HOMES)
    chance = Random(278)
    ends = Counter(_one_vote(compound, chance) for _ in range(14))
    # What was left open meanwhile has been closed by the worker that closed later ones.
    running = len(all_of(compound.district, "owners_vote", "open", "extended"))
    figures = compound.district.brief(start=date(2026, 1, 1), end=date(2029, 12, 31)).figures
    certified = {name: ends[name] for name in ("passed", "not_passed", "no_quorum")}
    assert min(certified.values()) > 0, "the votes of this test end in every way"
    assert {name: figures[f"votes.{name}"] for name in certified} == certified
    assert figures["votes.certified"] == sum(certified.values())
    assert figures["votes.running"] == running
