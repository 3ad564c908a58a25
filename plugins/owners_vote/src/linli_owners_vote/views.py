"""What is shown of a vote: its roll, who has voted, its result. Never how anybody voted."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import attrs

from linli import (
    Actor,
    District,
    Facts,
    Invalid,
    NotAllowed,
    NotFoundHere,
    NotPermitted,
    Refusal,
    Refused,
    Role,
    StoredSubject,
    Text,
    say,
)
from linli._verbs.register.phones import PhoneAct, files_of_people_since, phone_acts_since
from linli.query import acts_of, asked_by, may, survivor
from linli_owners_vote import box, reading, roll, sealing
from linli_owners_vote.arithmetic import Line, Result, Weight
from linli_owners_vote.contests import unsettled
from linli_owners_vote.posts import TELLER
from linli_owners_vote.reading import BoxAltered
from linli_owners_vote.workflow import VoteFlow


@attrs.frozen(kw_only=True)
class RollLine:
    """A part on the roll, or that should be.

    Attributes:
        area: hundredths of a square metre; None where it has none that can be counted.
        head: the number of the owner on this roll, from 1: equal for parts with the same owners.
        contested: whether somebody contests it and it is not settled.
        problem: why it cannot be on the roll as it is.
    """

    part: UUID
    path: str
    area: int | None
    head: int | None
    contested: bool = False
    problem: Text | None = None


@attrs.frozen(kw_only=True)
class Turnout:
    """Who has voted, by parts; for tellers.

    Attributes:
        ballots: by part that has a ballot: its path, the way, whether it waits to be checked.
    """

    roll: Weight
    voted: Weight
    ballots: tuple["BallotLine", ...]


@attrs.frozen(kw_only=True)
class BallotLine:
    """That a part has a ballot: not how it was cast for."""

    ballot: UUID
    part: UUID
    path: str
    way: str
    checked: bool


@attrs.frozen(kw_only=True)
class PhoneLine:
    """That the phone of somebody who casts a part's ballot was changed since the vote was announced.

    Attributes:
        how: the act: "person.register", "person.correct", "person.prove_phone".
        acting_as, actor: as what, and by whom.
    """

    part: UUID
    path: str
    person: UUID
    at: datetime
    how: str
    acting_as: str | None
    actor: UUID | None


@attrs.frozen(kw_only=True)
class PhonesChanged:
    """What happened to owners' phones since a vote was announced; for those who certify.

    Attributes:
        files: how many chunks of files with people were taken in meanwhile: what they brought is no act of one person.
    """

    lines: tuple[PhoneLine, ...]
    files: int


@attrs.frozen(kw_only=True)
class Opening:
    """That a ballot was opened after the count: when, for whom ("court", "authority", "street"), by which paper."""

    at: datetime
    asked_by: str
    paper: str


@attrs.frozen(kw_only=True)
class NamedLine:
    """How a part voted in a vote by name; None: it has no ballot."""

    part: UUID
    path: str
    choice: str | None


@attrs.frozen(kw_only=True)
class Outturn:
    """A counted vote.

    Attributes:
        outcome: "passed", "not_passed" or "no_quorum"; None until it is certified.
        text: all of it in sentences, with the arithmetic.
    """

    vote: UUID
    topic: str
    majority: str
    outcome: str | None
    result: Result
    lines: tuple[Line, ...]
    roll: str
    box: str
    text: tuple[Text, ...]


class TellersOnly(NotPermitted, says="who has voted is for tellers; it is for: {role}"):
    role: Role


def refuse_but_tellers(district: District, place: UUID, actor: Actor | None) -> None:
    """NotAllowed for whoever is no teller of a place."""
    with asked_by(district, actor) as (facts, who):
        if _is_teller(facts, place, who):
            return
    raise NotAllowed(TellersOnly(role=TELLER))


def _is_teller(facts: Facts, place: UUID, actor: Actor) -> bool:
    return actor.engine or may(TELLER, actor, facts, place)


def drafted(district: District, vote: StoredSubject) -> list[RollLine]:
    """The roll as the register is now."""
    with district.store.transaction() as transaction:
        facts = Facts(transaction, district.rules.constants, district.now())
        found = roll.drawn(facts, vote)
        heads = {
            entry.part: roll.head_of(facts.commit, vote.id, entry) for entry in found if not entry.problem
        }
    contested = {one.record.part for one in district.ask_unchecked(unsettled(vote.id))}
    paths = paths_of(district, vote.place, (entry.part for entry in found))
    found = tuple(sorted(found, key=lambda entry: paths.get(entry.part, "")))
    numbers = numbered(heads[one.part] for one in found if one.part in heads)
    return [
        RollLine(
            part=one.part,
            path=paths.get(one.part, ""),
            area=one.area,
            head=numbers[heads[one.part]] if one.part in heads else None,
            contested=one.part in contested,
            problem=one.problem,
        )
        for one in found
    ]


def frozen(district: District, vote: UUID, place: UUID) -> list[RollLine]:
    """The roll as it was frozen."""
    rows = district.ask_unchecked(box.roll_of(vote))
    paths = paths_of(district, place, (row[0] for row in rows))
    rows = sorted(rows, key=lambda row: paths[row[0]])
    numbers = numbered(head for _, _, head in rows)
    return [RollLine(part=part, path=paths[part], area=area, head=numbers[head]) for part, area, head in rows]


def turnout(district: District, vote: UUID, place: UUID) -> Turnout:
    """Which parts have a ballot."""
    on_roll = {part: (area, head) for part, area, head in district.ask_unchecked(box.roll_of(vote))}
    paths = paths_of(district, place, on_roll)
    found = [
        BallotLine(ballot=one.ballot, part=one.part, path=paths[one.part], way=one.way, checked=one.counts)
        for one in district.ask_unchecked(box.ballots_in(vote))
    ]
    voted = [on_roll[one.part] for one in found if one.checked]
    return Turnout(
        roll=_weight(on_roll.values()),
        voted=_weight(voted),
        ballots=tuple(sorted(found, key=lambda one: one.path)),
    )


def _weight(parts: Iterable[tuple[int, UUID]]) -> Weight:
    known = list(parts)
    return Weight(area=sum(area for area, _ in known), heads=len({head for _, head in known}))


def not_as_counted(district: District, vote: StoredSubject) -> list[Text]:
    """What is not in the box as it was counted, without opening it; ballots that are not those that the journal has."""
    with district.store.transaction() as transaction:
        facts = Facts(transaction, district.rules.constants, district.now())
        whole = box.holds_what_was_counted(facts, vote.id, vote.record)
        exchanged = facts.get(box.exchanged_in(vote.id)) if vote.record.sealed else []
    problems = [] if whole else [BoxAltered()]
    return problems + [
        say("ballot {id} is not the one that was cast; restore it from a backup", id=ballot)
        for ballot in exchanged
    ]


class OtherCodeOfReceipt(Invalid, says="this code is not that of the receipt of the part's ballot"):
    field: str = "code"


class NoBallotKept(
    NotFoundHere, says="no ballot of this part is kept: none was cast, or they were destroyed"
): ...


def own_ballot(district: District, vote: StoredSubject, part: UUID, secret: str, actor: Actor) -> str:
    """How a part's ballot was cast, to one of its owners or to whoever cast it for them."""
    with asked_by(district, actor) as (facts, who):
        _refuse_but_theirs(facts, vote.id, part, who)
        known = facts.get(box.ballot_of(vote.id, part))
        sealed = facts.get(box.sealed_of(vote.id, known.ballot)) if known else None
    if known is None or sealed is None:
        raise Refused(NoBallotKept())
    context = sealing.context_of(district.code, vote.id, part, known.ballot)
    found = sealing.opened_by_receipt(sealed, context, secret)
    if found is None:
        raise Refused(OtherCodeOfReceipt())
    return found


def phones_changed(district: District, vote: StoredSubject) -> PhonesChanged:
    """Every change of the phone of an owner on the roll, or of who votes for one, since the announcement."""
    with district.store.transaction() as transaction:
        facts = Facts(transaction, district.rules.constants, district.now())
        announced = facts.get(acts_of(vote.id, VoteFlow.announce))
        since = announced[0].recorded_at if announced else vote.opened_at
        acts: dict[UUID, list[PhoneAct]] = {}
        for one in phone_acts_since(facts, since):
            acts.setdefault(facts.get(survivor(one.person)), []).append(one)
        theirs = facts.get(reading.who_casts(vote.id))
        found = [(part, person, one) for part, person in theirs for one in acts.get(person, ())]
        files = files_of_people_since(facts, since)
    paths = paths_of(district, vote.place, (part for part, _, _ in found))
    lines = (
        PhoneLine(
            part=part, path=paths[part], person=person, at=one.at, how=one.how, acting_as=one.acting_as, actor=one.actor
        )
        for part, person, one in found
    )  # fmt: skip
    return PhonesChanged(lines=tuple(sorted(lines, key=lambda line: (line.path, line.at))), files=files)


class SecretVote(Refusal, says="this vote is secret: how anybody voted is shown to nobody"): ...


class NoResultYet(Refusal, says="this vote has no result yet"): ...


class OwnersAndTellersOnly(
    NotPermitted, says="how parts voted is for the owners on the roll and for tellers"
): ...


def named(district: District, vote: StoredSubject, actor: Actor) -> list[NamedLine]:
    """How each part voted, where the vote was announced as one by name, and is certified."""
    if vote.record.ballots != "by_name":
        raise Refused(SecretVote())
    if vote.state != "certified":
        raise Refused(NoResultYet())
    with asked_by(district, actor) as (facts, who):
        on_roll = who.person and facts.get(reading.votes_for(vote.id, who.person))
        if not (_is_teller(facts, vote.place, who) or on_roll):
            raise NotAllowed(OwnersAndTellersOnly())
        found = facts.get(box.named_in(vote.id))
    paths = paths_of(district, vote.place, (part for part, _ in found))
    lines = (NamedLine(part=part, path=paths[part], choice=said) for part, said in found)
    return sorted(lines, key=lambda line: line.path)


def disputed(district: District, dispute: StoredSubject, codes: Sequence[str]) -> dict[UUID, str]:
    """How the contested parts voted; whoever calls has recorded that they are opened."""
    with district.store.transaction() as transaction:
        facts = Facts(transaction, district.rules.constants, district.now())
        vote = reading.plain(facts, dispute.root)
        keys = sealing.keys_of(codes, vote.record.keys)
        found: dict[UUID, str] = {}
        for part in dispute.record.contested:
            known = facts.get(box.ballot_of(vote.id, part))
            assert known is not None, "it was noted for parts with a ballot"
            kept = (known.ballot, known.mark, facts.get(box.sealed_of(vote.id, known.ballot)))
            found[part] = box.chosen(district.code, vote, part, kept, keys)
    return found


def openings(district: District, vote: StoredSubject, part: UUID, actor: Actor) -> list[Opening]:
    """Each contest for which a part's ballot was opened; for its owners and who votes for them."""
    with asked_by(district, actor) as (facts, who):
        _refuse_but_theirs(facts, vote.id, part, who)
    opened = {
        act.subject: act.recorded_at
        for act in district.history(vote.id)
        if act.verb == "vote_dispute.open_ballots"
    }
    return [
        Opening(at=opened[one.id], asked_by=one.record.asked_by, paper=one.record.paper)
        for one in district.tree(vote.id)
        if one.id in opened and part in one.record.contested
    ]


def has_voted(district: District, vote: StoredSubject, part: UUID, actor: Actor) -> bool:
    """Whether a part has a ballot that counts; for its owners and who votes for them."""
    with asked_by(district, actor) as (facts, who):
        _refuse_but_theirs(facts, vote.id, part, who)
        known = facts.get(box.ballot_of(vote.id, part))
        return known is not None and known.counts


class OnlyWhoVotes(
    NotPermitted, says="only an owner of this part on the roll, or who votes for them, does this"
): ...


def _refuse_but_theirs(facts: Facts, vote: UUID, part: UUID, actor: Actor) -> None:
    if reading.may_vote(facts, actor.person, vote, part) or reading.may_speak(
        facts, actor.person, vote, part
    ):
        return
    raise NotAllowed(OnlyWhoVotes())


def paths_of(district: District, place: UUID, parts: Iterable[UUID]) -> Mapping[UUID, str]:
    """What parts of a frozen roll are called: below its compound, or where they are since that has ended."""
    known, wanted = paths_below(district, place), list(parts)
    gone = district.register.name_paths(part for part in wanted if part not in known)
    return {part: known.get(part) or gone.get(part, str(part)) for part in wanted}


def paths_below(district: District, place: UUID) -> Mapping[UUID, str]:
    """The names of the exclusive parts of a compound, with those of the buildings above them."""
    nodes = {node.id: node for node in district.register.places(place, ended=True)}
    names: dict[UUID, str] = {}
    for ident, node in nodes.items():
        if node.kind == "exclusive_part":
            above = [UUID(one) for one in node.path.split("/") if one]
            names[ident] = "/".join(nodes[one].name for one in above if one in nodes)
    return names


def numbered(heads: Iterable[UUID]) -> Mapping[UUID, int]:
    """Numbers from 1, in the order in which heads come."""
    return {head: number for number, head in enumerate(dict.fromkeys(heads), start=1)}
