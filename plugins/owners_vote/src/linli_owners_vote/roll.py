"""The roll: which parts have a vote, with their areas, and whose they are. Drawn from the register, then frozen.

A head is an owner, not a part. Parts with exactly the same owners are one head: whoever owns several
parts counts once, and so do those who own a part together. What the developer has not sold, or not
handed over, is one head, the developer's (Supreme People's Court, 法释〔2009〕7号, art. 8 and 9).
"""

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping
from decimal import Decimal, InvalidOperation
from itertools import islice, product, takewhile
from typing import Any
from uuid import UUID

import attrs

from linli import Change, Effect, Facts, Text, Transition, say
from linli._verbs.register.ties import OWNER_AS
from linli.query import Circle, Place, Tied, bulk, bulk_into, place, same_person, tied_places
from linli_owners_vote import reading
from linli_owners_vote.arithmetic import Weight
from linli_owners_vote.records import Vote
from linli_owners_vote.settings import VoteSettings
from linli_owners_vote.tables import ROLL, VOTER

DEVELOPER = "developer"
NOWHERE = UUID(int=0)
_MOST_MARKS = 1_000
HELD_BY = "held_by"
# Who speaks for an owner who does not vote in person, by how they own; whoever cannot be found is on the roll.
VOICES: Mapping[str, str] = {
    "organisation": "organisation",
    "minor": "guardian",
    "ward": "guardian",
    "estate": "heirs",
}

_ADD_PARTS, _ADD_VOTERS = bulk_into(ROLL, rank=30), bulk_into(VOTER, rank=31)


@attrs.frozen(kw_only=True)
class Entry:
    """A part as the register has it.

    Attributes:
        owners: who owns it, in no order of theirs; empty for the developer's.
        voters: those of them who cast its ballot themselves.
        voices: for whom somebody else speaks, by a paper: "organisation", "guardian", "heirs", "developer".
        area: hundredths of a square metre; None where the register has none that can be counted.
        problem: why it cannot be on a roll as it is; None where it can.
    """

    part: UUID
    area: int | None
    owners: tuple[UUID, ...] = ()
    voters: tuple[UUID, ...] = ()
    voices: tuple[str, ...] = ()
    developer: bool = False
    problem: Text | None = None

    @property
    def mark(self) -> str:
        """What tells this entry from any other of the part."""
        return self._marked(self.owners)

    def marks(self, facts: Facts) -> frozenset[str]:
        """Its marks under every number that its owners ever had: two records that became one correct nothing."""
        numbers = [sorted(facts.get(same_person(owner))) for owner in self.owners]
        return frozenset(self._marked(owners) for owners in islice(product(*numbers), _MOST_MARKS))

    def _marked(self, owners: Iterable[UUID]) -> str:
        who = DEVELOPER if self.developer else " ".join(map(str, sorted(owners)))
        return hashlib.sha256(f"{self.part} {self.area} {who}".encode()).hexdigest()


def drawn(facts: Facts, vote: reading.AnyVote) -> tuple[Entry, ...]:
    """The roll of a vote as the register is at this moment: of its circle, whatever became of its compound."""
    circle = reading.circle(facts, vote)
    found = facts.get(tied_places("exclusive_part", "owner", within=_around(facts, circle), on=facts.today))
    left_out = set(facts.settings(VoteSettings).uses_left_out)
    return tuple(
        _entry(part, tied)
        for part, tied in found
        if circle.has(part.path) and part.record.get("use") not in left_out
    )


def _around(facts: Facts, circle: Circle) -> UUID:
    """The nearest place that everything of a circle lies in, so that one query has the whole roll."""
    paths = [facts.get(place(one)).path for one in circle.within]
    shared = list(takewhile(lambda level: len(set(level)) == 1, zip(*paths, strict=False)))
    return shared[-1][0] if shared else NOWHERE


def _entry(part: Place, tied: tuple[Tied, ...]) -> Entry:
    record, owners = part.record, {one.person: str(one.record.get(OWNER_AS) or "") for one in tied}
    area = hundredths(record.get("area"))
    developer = record.get(HELD_BY) == DEVELOPER
    spoken_for = {DEVELOPER} if developer else {VOICES[how] for how in owners.values() if how in VOICES}
    return Entry(
        part=part.id,
        area=area,
        owners=() if developer else tuple(sorted(owners)),
        voters=() if developer else tuple(sorted(one for one, how in owners.items() if how not in VOICES)),
        voices=tuple(sorted(spoken_for)),
        developer=developer,
        problem=_problem(record, area, owners),
    )


def _problem(record: Mapping[str, Any], area: int | None, owners: Collection[UUID]) -> Text | None:
    held_by = record.get(HELD_BY)
    if record.get("area") is None:
        return say("has no area")
    if area is None:
        return say("has an area that is no number of m² above 0 with at most two decimals")
    if held_by not in (None, "", DEVELOPER):
        return say("{name} is not {known}", name=HELD_BY, known=DEVELOPER)
    if held_by != DEVELOPER and not owners:
        return say("has no owner, and is not marked as the developer's")
    return None


def hundredths(area: object) -> int | None:
    """An area in m² as whole hundredths: "89.5" is 8950. None where it is none; nothing is rounded."""
    try:
        number = Decimal(str(area)) * 100
    except InvalidOperation:
        return None
    return int(number) if number.is_finite() and number > 0 and number == int(number) else None


def head_of(commit: Callable[[str, str], str], vote: UUID, entry: Entry) -> UUID:
    """What parts with the same owners have in common on one roll; nobody can tell from it who they are."""
    owners = DEVELOPER if entry.developer else " ".join(map(str, entry.owners))
    return UUID(hex=commit(owners, f"owners_vote head of {vote}")[:32])


def digest_of(rows: Iterable[tuple[UUID, int, UUID]]) -> str:
    """SHA-256 of a frozen roll: of part, area and head, in the order of the parts."""
    lines = (f"{part} {area} {head}" for part, area, head in sorted(rows))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def frozen_rows(facts: Facts, vote: reading.AnyVote) -> list[tuple[UUID, int, UUID]]:
    """Part, area and head of everything that can be on the roll."""
    return [
        (entry.part, entry.area, head_of(facts.commit, vote.id, entry))
        for entry in drawn(facts, vote)
        if entry.area is not None and entry.problem is None
    ]


def weight_of(rows: Iterable[tuple[UUID, int, UUID]]) -> Weight:
    """What a roll weighs."""
    known = list(rows)
    return Weight(area=sum(area for _, area, _ in known), heads=len({head for _, _, head in known}))


def freezes(t: Transition[Vote, object]) -> Iterable[Effect]:
    """The frozen roll, and who may cast which ballot, in tables of their own."""
    district, vote, entries_now = t.facts.district, t.subject.id, drawn(t.facts, t.subject)
    voices = {entry.part: ",".join(entry.voices) or None for entry in entries_now}
    rows = [(district, vote, *row, voices[row[0]]) for row in frozen_rows(t.facts, t.subject)]
    voters = [(district, vote, entry.part, person) for entry in entries_now for person in entry.voters]
    yield Change(write=bulk(_ADD_PARTS, rows))
    if voters:
        yield Change(write=bulk(_ADD_VOTERS, voters))
