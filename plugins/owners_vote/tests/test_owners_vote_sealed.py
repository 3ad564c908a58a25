"""Ballots under the seal of their keepers: nothing that is kept tells how anybody voted to whoever runs linli."""

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, inspect, select, text, update

from linli import District, LinliError, NotAllowed, Private, Refused, Why, new_id
from linli._engine.turn import UnitOfWork
from linli._store import tables as t
from linli.testing import all_of, somebody
from linli_owners_vote import sealing
from linli_owners_vote.marks import CHOICES
from linli_owners_vote.records import result_of
from linli_owners_vote.steps import Announce
from linli_owners_vote.tables import BOX, SEALED
from linli_owners_vote.testing import QUIET, VoteCompound, vote_compound
from linli_owners_vote.workflow import KeeperFlow, VoteFlow

BALLOTS = 300
# A third is guessing; of 150 guesses one in a hundred million comes to this.
CLEARLY_MORE_THAN_GUESSING = 0.55


@pytest.fixture
def compound(new_district: Callable[..., District]) -> VoteCompound:
    return vote_compound(new_district, homes=("101", "102", "103", "104"))


def rows_of(district: District) -> list[tuple[str, tuple[Any, ...]]]:
    """Every row of the district of every table of the database, in the order in which it gives them."""
    found: list[tuple[str, tuple[Any, ...]]] = []
    with district.store.reading() as connection:
        for name in inspect(connection).get_table_names():
            rows = connection.execute(text(f'SELECT * FROM "{name}"'))  # noqa: S608
            found += [(name, tuple(row)) for row in rows if district.code in tuple(row)]
    return found


# --- nothing that is kept ------------------------------------------------------------------------------


def _plain(value: object) -> str:
    return value.hex() if isinstance(value, bytes | memoryview) else str(value)


def test_of_300_ballots_nothing_that_is_kept_tells_more_than_guessing(
    new_district: Callable[..., District],
) -> None:
    """With the whole installation in hand: every table, the database's files, the district's secret."""
    compound = vote_compound(new_district)
    dice, voter = random.Random(7), somebody(compound.district, None, compound.place)
    parts = [compound.home(f"{number:03}", "50", voter).part for number in range(BALLOTS)]
    vote = compound.opened()
    said = {part: dice.choice(CHOICES) for part in parts}
    ballots = {}
    for number, part in enumerate(parts):
        if number % 10:
            ballots[part] = compound.votes.cast(vote, part, said[part], actor=voter).ballot
        else:
            paper = compound.votes.enter(vote, part, said[part], actor=compound.teller)
            compound.votes.check(paper.ballot, said[part], paper.secret, actor=compound.second_teller)
            ballots[part] = paper.ballot
    _knows_nothing(compound, vote, ballots, said)
    assert compound.certified(vote) == "not_passed"
    result = compound.votes.result(vote).result
    for choice, weight in (
        ("agree", result.agreed),
        ("against", result.against),
        ("abstain", result.abstained),
    ):
        assert weight.area == 5000 * list(said.values()).count(choice)
    _knows_nothing(compound, vote, ballots, said)


def _knows_nothing(
    compound: VoteCompound, vote: UUID, ballots: dict[UUID, UUID], said: dict[UUID, str]
) -> None:
    """Whatever is looked at, it looks the same for all three choices, and no keyed digest is one of a choice."""
    commit = compound.district.rules.vault.keyring.commit
    every = rows_of(compound.district)
    kept = " ".join(_plain(cell) for _, row in every for cell in row).replace("-", "")
    of_ballots = [
        row
        for table, row in every
        if table in ("owners_vote_box", "owners_vote_sealed")
        or (table in ("act", "subject", "delivery", "vault_item") and "vote_ballot" in map(str, row))
    ]
    assert len(of_ballots) > 3 * BALLOTS
    for row in of_ballots:
        written = " ".join(_plain(cell) for cell in row)
        assert not any(choice in written for choice in CHOICES)
    for part, ballot in ballots.items():
        for choice in CHOICES:
            for context in (
                f"owners_vote ballot {ballot} of {vote} for {part}",
                f"{ballot} choice",
                "choice",
            ):
                assert commit(choice, context)[:32] not in kept
    lengths: dict[str, set[int]] = {choice: set() for choice in CHOICES}
    for table, row in every:
        if table == "owners_vote_sealed":
            part = next(one for one, ballot in ballots.items() if ballot.hex in str(row[2]).replace("-", ""))
            lengths[said[part]].add(len(_plain(row[3])))
    assert len(set().union(*lengths.values())) == 1, "a sealed ballot is as long as any other"
    assert len({_plain(row[3]) for table, row in every if table == "owners_vote_sealed"}) == BALLOTS
    cells = _cells_of(every, ballots)
    best = max(_guessed(feature, said) for feature in _features(cells))
    assert best < CLEARLY_MORE_THAN_GUESSING, "what is kept tells how somebody voted"
    planted = [_with(cells, said, how) for how in (lambda c: c, len, lambda c: f"{new_id()}{c[-1]}")]
    for cells_that_tell in planted:
        assert max(_guessed(feature, said) for feature in _features(cells_that_tell)) > 0.6, (
            "the guesser guesses"
        )


Cells = dict[UUID, dict[str, str]]


def _cells_of(every: list[tuple[str, tuple[Any, ...]]], ballots: dict[UUID, UUID]) -> Cells:
    """By part, every cell of every row that names its ballot, and where in its table that row comes."""
    whose = {ballot.hex: part for part, ballot in ballots.items()}
    found: Cells = {part: {} for part in ballots}
    for place, (table, row) in enumerate(every):
        cells = [_plain(cell) for cell in row]
        named = {whose[hexed] for cell in cells if (hexed := cell.replace("-", "")) in whose}
        for part in named:
            seen = sum(name.startswith(f"{table} ") and name.endswith(" 0") for name in found[part])
            found[part] |= {f"{table} {seen} {column}": cell for column, cell in enumerate(cells)}
            found[part][f"{table} {seen} place"] = str(place)
    return found


def _with(cells: Cells, said: dict[UUID, str], how: Callable[[str], object]) -> Cells:
    """The same with a column that tells: the choice, its length, its last letter behind something random."""
    return {part: {**known, "planted": str(how(said[part]))} for part, known in cells.items()}


def _features(cells: Cells) -> Iterator[dict[UUID, str]]:
    """Whatever a cell may tell: itself, its length, its ends, what is left of it as a number by three."""
    looks: list[Callable[[str], object]] = [
        str,
        len,
        lambda cell: cell[:1],
        lambda cell: cell[-1:],
        lambda cell: int(cell, 36) % 3 if cell.isalnum() and cell.isascii() else "-",
    ]
    for name in sorted({name for known in cells.values() for name in known}):
        for look in looks:
            yield {part: str(look(known.get(name, ""))) for part, known in cells.items()}


def _guessed(feature: dict[UUID, str], said: dict[UUID, str]) -> float:
    """How many of every second ballot are guessed right by what the others with the same feature said."""
    parts = list(said)
    learnt: dict[str, Counter[str]] = {}
    for part in parts[::2]:
        learnt.setdefault(feature[part], Counter())[said[part]] += 1
    rest = parts[1::2]
    right = sum(
        1
        for part in rest
        if feature[part] in learnt and learnt[feature[part]].most_common(1)[0][0] == said[part]
    )
    return right / len(rest)


def test_the_files_of_an_installation_have_no_choice_of_a_ballot_and_no_code(
    new_district: Callable[..., District],
) -> None:
    compound = vote_compound(new_district, homes=("101", "102"))
    vote = compound.opened()
    receipt = compound.cast(vote, "101", "against")
    compound.close(vote)
    compound.count(vote)
    secrets = [receipt.secret, *compound.codes[vote]]
    whole = "".join(_plain(cell) for _, row in rows_of(compound.district) for cell in row)
    folder = compound.district.configuration.folder
    files = b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())
    for secret in secrets:
        bare = secret.replace("-", "")
        assert secret not in whole
        assert bare not in whole
        assert secret.encode() not in files
        assert bare.encode() not in files


def test_two_castings_that_differ_in_the_choice_alone_differ_in_the_record_by_nothing_else(
    compound: VoteCompound,
) -> None:
    """So that no keyed digest of what was asked for, such as one that makes calls repeatable, has the choice in it."""
    vote, home = compound.opened(), compound.homes["101"]
    key, secret = new_id(), compound.votes.new_secret()
    seen: list[Any] = []
    for choice in CHOICES:
        with pytest.raises(_Looked) as looked:
            _looking(
                compound,
                lambda c=choice: compound.votes.cast(  # type: ignore[misc]
                    vote, home.part, c, secret=secret, actor=home.owners[0], key=key
                ),
            )
        seen.append(looked.value.acts)
    assert seen[0] == seen[1] == seen[2]
    assert seen[0]


class _Looked(Exception):
    def __init__(self, acts: list[Any]) -> None:
        super().__init__()
        self.acts = acts


def _looking(compound: VoteCompound, cast: Callable[[], object]) -> None:
    """See what would be written to the core's tables, but for what is random, and write nothing."""

    def stop(turn: Any) -> list[Any]:
        named = [(write.statement.name, dict(write.values)) for write in real(turn)]
        raise _Looked([_without_chance(name, values) for name, values in named if "owners_vote" not in name])

    real = UnitOfWork.writes
    UnitOfWork.writes = stop  # type: ignore[method-assign,assignment]
    try:
        cast()
    finally:
        UnitOfWork.writes = real  # type: ignore[method-assign]


def _without_chance(name: str, values: dict[str, Any]) -> tuple[str, str]:
    """A write without the numbers that are new each time: of the ballot and of its seal."""
    shown = json.dumps({k: _plain(v) for k, v in values.items()}, sort_keys=True)
    for chance in ("id", "root", "subject", "number"):
        if chance in values and str(values[chance]) != "None":
            shown = shown.replace(_plain(values[chance]), f"<{chance}>")
    body = json.loads(str(values.get("body", "{}")))
    mark = body.get("values", {}).get("mark") or json.loads(str(values.get("record", "{}"))).get("mark")
    return name, shown.replace(str(mark), "<mark>") if mark else shown


# --- two keepers ---------------------------------------------------------------------------------------


def test_any_two_keepers_open_the_ballots_and_none_alone(compound: VoteCompound) -> None:
    for pair in ((0, 1), (2, 3), (3, 0)):
        vote = compound.opened()
        compound.cast(vote, "101")
        compound.close(vote)
        codes = compound.codes[vote]
        for few in ((), codes[:1], (codes[0], codes[0])):
            with pytest.raises(Refused, match="of 2 different keepers open ballots, never one alone"):
                compound.votes.count(vote, few, actor=compound.teller)
        compound.votes.count(vote, [codes[at] for at in pair], actor=compound.teller)
        record = compound.district.subject(vote).record
        assert record.voted_parts == 1
        assert set(record.opened_by) == {record.keepers[at] for at in pair}


def test_the_code_of_another_vote_or_of_nobody_opens_nothing_and_is_not_repeated(
    compound: VoteCompound,
) -> None:
    other, vote = compound.opened(), compound.opened()
    compound.close(vote)
    mine = compound.codes[vote][0]
    for wrong in (compound.codes[other][1], sealing.new_code(sealing.KEEPER_LETTERS)):
        with pytest.raises(Refused, match="is of no keeper of this vote") as refusal:
            compound.votes.count(vote, [mine, wrong], actor=compound.teller)
        assert wrong not in str(refusal.value)
    with pytest.raises(Refused, match="28 letters and digits"):
        compound.votes.count(vote, [mine, "1234"], actor=compound.teller)
    typed = [code.lower().replace("-", " ") for code in compound.codes[vote][1:3]]
    compound.votes.count(vote, typed, actor=compound.teller)


def test_a_vote_opens_once_three_keepers_have_their_codes(compound: VoteCompound) -> None:
    vote = compound.prepared()
    compound.district.perform(VoteFlow.announce(VoteFlow.ref(vote), Announce()), actor=compound.member)
    compound.clock.now += timedelta(days=15)
    keepers = compound.votes.keepers(vote)
    assert len(keepers) == 4
    for number, keeper in enumerate(keepers[:3]):
        with pytest.raises(Refused, match=f"{number} keepers have taken their codes, it needs 3"):
            compound.district.perform(VoteFlow.open(VoteFlow.ref(vote)), actor=compound.member)
        compound.votes.take_code(keeper.id, actor=compound.keepers[keeper.record.organisation])
    compound.district.perform(VoteFlow.open(VoteFlow.ref(vote)), actor=compound.member)
    assert compound.district.subject(keepers[3].id).outcome == "missed"
    with pytest.raises(Refused):
        compound.votes.take_code(keepers[3].id, actor=compound.keepers[keepers[3].record.organisation])
    with pytest.raises(Refused, match="between the announcement and the opening"):
        compound.votes.take_code(keepers[0].id, actor=compound.keepers[keepers[0].record.organisation])


def test_a_code_is_its_bodys_and_of_nobody_else(compound: VoteCompound) -> None:
    vote = compound.prepared()
    compound.district.perform(VoteFlow.announce(VoteFlow.ref(vote), Announce()), actor=compound.member)
    keepers = compound.votes.keepers(vote)
    everybody = {**compound.actors, **{body.hex: one for body, one in compound.keepers.items()}}
    for keeper in keepers:
        own = compound.keepers[keeper.record.organisation]
        for actor in everybody.values():
            posts = {compound.member: compound.committee}.get(actor)
            if actor != own and posts != keeper.record.organisation and actor is not compound.outsider:
                with pytest.raises(NotAllowed):
                    compound.votes.take_code(keeper.id, actor=actor)
    with pytest.raises(Refused, match="say who does it"):
        compound.votes.take_code(keepers[0].id)


def test_a_lost_code_is_taken_anew_before_the_opening_and_the_lost_one_opens_nothing(
    compound: VoteCompound,
) -> None:
    vote = compound.prepared()
    compound.district.perform(VoteFlow.announce(VoteFlow.ref(vote), Announce()), actor=compound.member)
    lost = compound.take_codes(vote)
    compound.take_codes(vote)
    compound.clock.now += timedelta(days=15)
    compound.district.perform(VoteFlow.open(VoteFlow.ref(vote)), actor=compound.member)
    compound.close(vote)
    with pytest.raises(Refused, match="is of no keeper of this vote"):
        compound.votes.count(vote, lost[:2], actor=compound.teller)
    compound.count(vote)


def test_where_a_body_is_empty_who_stands_in_for_it_does_not_get_two_codes(
    new_district: Callable[..., District],
) -> None:
    more = QUIET + 'keepers = ["residents_committee", "owners_committee", "branch"]\n'
    compound = vote_compound(new_district, more, homes=("101",))
    vote = compound.prepared()
    compound.district.perform(VoteFlow.announce(VoteFlow.ref(vote), Announce()), actor=compound.member)
    by_kind = {
        compound.district.register.organisation_record(one.record.organisation).kind: one
        for one in compound.votes.keepers(vote)
    }
    for post in compound.district.register.posts():
        if post.at == compound.committee:
            compound.district.register.end_post(post.id)
    residents = by_kind["residents_committee"]
    compound.votes.take_code(residents.id, actor=compound.outsider)
    second = somebody(
        compound.district, "residents_committee_member", compound.community, at=residents.record.organisation
    )
    with pytest.raises(Refused, match="keeps a code of this vote already"):
        compound.votes.take_code(by_kind["owners_committee"].id, actor=second)


def test_too_few_bodies_for_three_keepers_keep_a_vote_from_being_announced(
    new_district: Callable[..., District],
) -> None:
    more = QUIET + 'keepers = ["residents_committee", "owners_committee", "volunteer_organisation"]\n'
    compound = vote_compound(new_district, more, homes=("101",))
    vote = compound.prepared()
    with pytest.raises(Refused, match="3 bodies must keep the codes of its ballots, and 2 of those"):
        compound.district.perform(VoteFlow.announce(VoteFlow.ref(vote), Announce()), actor=compound.member)


# --- nothing exchanged ---------------------------------------------------------------------------------


def test_a_ballot_that_was_exchanged_for_another_sealed_one_is_found(compound: VoteCompound) -> None:
    """What seals is public: whoever writes into the database can seal a ballot, and its mark; the journal knows."""
    vote = compound.opened()
    ballot = compound.cast(vote, "101", "against").ballot
    part = compound.homes["101"].part
    record = compound.district.subject(vote).record
    context = sealing.context_of(compound.district.code, vote, part, ballot)
    forged = sealing.seal("agree", context, record.keys, compound.votes.new_secret())
    with compound.district.store.engine.connect() as connection:
        connection.execute(update(SEALED).values(sealed=forged).where(SEALED.c.ballot == ballot))
        connection.execute(update(BOX).values(mark=sealing.mark_of(forged)).where(BOX.c.ballot == ballot))
    compound.close(vote)
    with pytest.raises(LinliError, match="cannot be opened: the box was changed"):
        compound.count(vote)


def test_ballots_are_sealed_for_no_key_that_somebody_wrote_into_the_database(compound: VoteCompound) -> None:
    """Who exchanged two keepers' keys before the opening could read every ballot, until the count fails."""
    vote = compound.announced()
    keeper = compound.votes.keepers(vote)[0]
    mine = sealing.public_of(sealing.new_code(sealing.KEEPER_LETTERS))
    changed = {"organisation": str(keeper.record.organisation), "public": mine}
    with compound.district.store.engine.connect() as connection:
        connection.execute(
            update(t.subject).where(t.subject.c.id == keeper.id).values(record=json.dumps(changed))
        )
    with pytest.raises(LinliError, match="is not the one that it took"):
        compound.district.perform(VoteFlow.open(VoteFlow.ref(vote)), actor=compound.member)


def test_a_sealed_ballot_opens_for_its_own_part_alone(compound: VoteCompound) -> None:
    vote = compound.opened()
    one, other = compound.cast(vote, "101", "agree"), compound.cast(vote, "102", "against")
    with compound.district.store.engine.connect() as connection:
        sealed = {row.ballot: row.sealed for row in connection.execute(select(SEALED))}
        for mine, theirs in ((one, other), (other, one)):
            query = update(SEALED).where(SEALED.c.ballot == mine.ballot)
            connection.execute(query.values(sealed=sealed[theirs.ballot]))
    compound.close(vote)
    with pytest.raises(LinliError, match="the box was changed"):
        compound.count(vote)


# --- an owner's own ballot -----------------------------------------------------------------------------


def test_an_owner_has_their_own_ballot_shown_with_the_receipts_secret_and_nobody_else_has(
    compound: VoteCompound,
) -> None:
    vote, home = compound.opened(), compound.homes["101"]
    for name, choice in zip(compound.homes, ("against", "agree", "abstain"), strict=False):
        receipt = compound.cast(vote, name, choice)
        its = compound.homes[name]
        assert compound.votes.own(vote, its.part, receipt.secret, actor=its.owners[0]) == choice
        assert receipt.secret not in repr(receipt)
    receipt = compound.cast(vote, "104", "agree")
    for actor in (compound.teller, compound.officer, compound.member, home.owners[0]):
        with pytest.raises(NotAllowed, match="only an owner of this part"):
            compound.votes.own(vote, compound.homes["104"].part, receipt.secret, actor=actor)
    with pytest.raises(Refused, match="not that of the receipt"):
        compound.votes.own(vote, home.part, receipt.secret, actor=home.owners[0])
    compound.certified(vote)
    owner = compound.homes["104"].owners[0]
    assert compound.votes.own(vote, compound.homes["104"].part, receipt.secret, actor=owner) == "agree"


def test_each_owner_sees_whether_their_own_part_has_voted(compound: VoteCompound) -> None:
    vote, home, other = compound.opened(), compound.homes["101"], compound.homes["102"]
    assert not compound.votes.voted(vote, home.part, actor=home.owners[0])
    compound.cast(vote, "101")
    assert compound.votes.voted(vote, home.part, actor=home.owners[0])
    with pytest.raises(NotAllowed, match="only an owner of this part"):
        compound.votes.voted(vote, home.part, actor=other.owners[0])


# --- secret, or by name --------------------------------------------------------------------------------


def test_a_secret_vote_keeps_no_choice_when_it_was_counted_and_one_by_name_shows_them_to_its_owners(
    compound: VoteCompound,
) -> None:
    for ballots in ("secret", "by_name"):
        vote = compound.prepared()
        compound.district.perform(
            VoteFlow.announce(VoteFlow.ref(vote), Announce(ballots=ballots)), actor=compound.member
        )
        compound.take_codes(vote)
        compound.clock.now += timedelta(days=15)
        compound.district.perform(VoteFlow.open(VoteFlow.ref(vote)), actor=compound.member)
        for name, choice in zip(compound.homes, ("agree", "agree", "against"), strict=False):
            compound.cast(vote, name, choice)
        owner = compound.homes["104"].owners[0]
        with pytest.raises(Refused, match=r"has no result yet|is secret"):
            compound.votes.named(vote, actor=owner)
        compound.certified(vote)
        if ballots == "secret":
            with pytest.raises(Refused, match="is secret"):
                compound.votes.named(vote, actor=owner)
            continue
        found = {line.path[-3:]: line.choice for line in compound.votes.named(vote, actor=owner)}
        assert found == {"101": "agree", "102": "agree", "103": "against", "104": None}
        stranger = somebody(compound.district, None, compound.place)
        with pytest.raises(NotAllowed, match="for the owners on the roll and for tellers"):
            compound.votes.named(vote, actor=stranger)


def test_whether_it_is_secret_is_fixed_when_it_is_announced(compound: VoteCompound) -> None:
    vote = compound.announced()
    assert compound.district.subject(vote).record.ballots == "secret"
    with pytest.raises(Refused, match="is worked out by linli"):
        compound.district.make(vote, "open", {"ballots": "by_name"}, actor=compound.member)


# --- destroyed -----------------------------------------------------------------------------------------


def _destroy(compound: VoteCompound, vote: UUID, number: int) -> None:
    keeper = compound.votes.keepers(vote)[number]
    compound.district.perform(
        KeeperFlow.destroy(KeeperFlow.ref(keeper.id)), actor=compound.keepers[keeper.record.organisation]
    )


def _kept(compound: VoteCompound, vote: UUID) -> int:
    with compound.district.store.reading() as connection:
        return len(connection.execute(select(SEALED.c.ballot).where(SEALED.c.vote == vote)).all())


def test_ballots_are_kept_for_the_districts_term_and_go_when_two_keepers_destroy_their_codes(
    compound: VoteCompound,
) -> None:
    vote = compound.opened()
    receipts = [compound.cast(vote, name) for name in ("101", "102", "103")]
    with pytest.raises(Refused, match="this vote goes on, or"):
        _destroy(compound, vote, 0)
    compound.certified(vote)
    with pytest.raises(Refused, match="ballots are kept until"):
        _destroy(compound, vote, 0)
    compound.clock.now += timedelta(days=730)
    _destroy(compound, vote, 0)
    assert _kept(compound, vote) == 3
    _destroy(compound, vote, 2)
    assert _kept(compound, vote) == 0
    home = compound.homes["101"]
    with pytest.raises(Refused, match="they were destroyed"):
        compound.votes.own(vote, home.part, receipts[0].secret, actor=home.owners[0])
    assert compound.votes.verify(vote) == [], "the result and who voted stay on the record"
    assert compound.votes.standing(vote, receipts[0].code).counted
    assert result_of(compound.district.subject(vote).record) is not None
    verbs = [act.verb for act in compound.district.history(vote)]
    assert verbs.count("vote_keeper.destroy") == 2


def test_the_term_begins_when_the_result_is_disclosed(new_district: Callable[..., District]) -> None:
    more = "[owners_vote]\npublish = true\n[publish]\napproval = true\n"
    compound = vote_compound(new_district, more, homes=("101",))
    district, vote = compound.district, compound.opened()
    compound.certified(vote)
    compound.clock.now += timedelta(days=730)
    with pytest.raises(Refused, match="not disclosed yet"):
        _destroy(compound, vote, 0)
    (result,) = [
        one
        for one in all_of(district, "publication")
        if one.record.about == vote and one.state == "draft" and "结果" in one.record.title
    ]
    place = compound.community
    district.make(result.id, "approve", actor=somebody(district, "approver", place))
    district.make(result.id, "publish", actor=somebody(district, "publisher", place))
    compound.clock.now += timedelta(days=729)
    with pytest.raises(Refused, match="ballots are kept until"):
        _destroy(compound, vote, 0)
    compound.clock.now += timedelta(days=1)
    _destroy(compound, vote, 0)


def test_a_term_of_less_than_a_year_is_no_setting(new_district: Callable[..., District]) -> None:
    with pytest.raises(LinliError, match="keep_ballots"):
        vote_compound(new_district, QUIET + 'keep_ballots = "300d"\n')


def test_an_open_vote_of_an_earlier_version_is_called_off_and_no_other_open_one(
    compound: VoteCompound,
) -> None:
    vote = compound.opened()
    with pytest.raises(Refused, match="a vote that is open is finished"):
        compound.district.perform(
            VoteFlow.discard(VoteFlow.ref(vote), Why(reason=Private("x"))), actor=compound.member
        )
    with compound.district.store.engine.connect() as connection:
        known = json.loads(
            connection.execute(select(t.subject.c.record).where(t.subject.c.id == vote)).scalar_one()
        )
        old = {name: value for name, value in known.items() if name not in ("keys", "keepers")}
        connection.execute(update(t.subject).where(t.subject.c.id == vote).values(record=json.dumps(old)))
    with pytest.raises(Refused, match="opened by an earlier version of linli"):
        compound.cast(vote, "101")
    compound.district.perform(
        VoteFlow.discard(VoteFlow.ref(vote), Why(reason=Private("重新表决"))), actor=compound.member
    )
    assert compound.district.subject(vote).outcome == "called_off"


def test_a_result_that_an_earlier_version_counted_is_verified_by_its_receipts(compound: VoteCompound) -> None:
    """Its marks, which told how each ballot was cast, are out of the box since the upgrade."""
    vote = compound.opened()
    compound.cast(vote, "101")
    compound.certified(vote)
    with compound.district.store.engine.connect() as connection:
        its_record = select(t.subject.c.record).where(t.subject.c.id == vote)
        known = json.loads(connection.execute(its_record).scalar_one())
        old = {name: value for name, value in known.items() if name not in ("keys", "keepers", "sealed")}
        connection.execute(update(t.subject).where(t.subject.c.id == vote).values(record=json.dumps(old)))
        connection.execute(update(BOX).values(mark=UUID(int=0)))
    assert compound.votes.verify(vote) == []
    assert compound.votes.result(vote).outcome == "no_quorum"
    with compound.district.store.engine.connect() as connection:
        connection.execute(delete(BOX))
    assert len(compound.votes.verify(vote)) == 1


def test_codes_are_never_those_of_two() -> None:
    found = {sealing.new_code(sealing.KEEPER_LETTERS) for _ in range(1000)}
    assert len(found) == 1000
    assert all(len(code.replace("-", "")) == sealing.KEEPER_LETTERS for code in found)


def test_a_keepers_code_is_its_bodys_and_whoever_comes_after_destroys_it(compound: VoteCompound) -> None:
    vote = compound.opened()
    compound.cast(vote, "101")
    compound.certified(vote)
    compound.clock.now += timedelta(days=731)
    for keeper in compound.votes.keepers(vote)[:2]:
        gone, body = compound.keepers[keeper.record.organisation], keeper.record.organisation
        (post,) = compound.district.register.posts(person=gone.person, at=body)
        compound.district.register.end_post(post.id)
        with pytest.raises(NotAllowed):
            compound.district.perform(KeeperFlow.destroy(KeeperFlow.ref(keeper.id)), actor=gone)
        successor = somebody(compound.district, post.role, post.place, at=body)
        compound.district.perform(KeeperFlow.destroy(KeeperFlow.ref(keeper.id)), actor=successor)
    assert _kept(compound, vote) == 0
