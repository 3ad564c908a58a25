"""The box: one ballot per part of the roll, however it was cast; opened once, when it is counted."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Annotated
from uuid import UUID

import attrs
from sqlalchemy import BindParameter, and_, bindparam, delete, func, select, update

from linli import (
    Change,
    Facts,
    Input,
    LinliError,
    NotFoundHere,
    Refusal,
    Refused,
    StoredSubject,
    Transition,
    Write,
    say,
)
from linli._base import codec
from linli.query import Rows, insert_into, opening_of, own_query, write_statement
from linli_owners_vote import sealing
from linli_owners_vote.arithmetic import Result, Weight
from linli_owners_vote.marks import receipt_of
from linli_owners_vote.reading import NotCounted
from linli_owners_vote.records import Ballot, Proxy, Vote
from linli_owners_vote.tables import BOX, NAMED, ROLL, SEALED

_r, _b, _e = ROLL.c, BOX.c, SEALED.c
_d: BindParameter[str] = bindparam("district")
_in_box = (_b.district == _d, _b.vote == bindparam("vote"))
_on_roll = (_r.district == _d, _r.vote == bindparam("vote"))
_its_seal = (_e.district == _b.district, _e.vote == _b.vote, _e.ballot == _b.ballot)
_PUT = insert_into(BOX, rank=32)
_its_row = (
    _b.district == bindparam("the_district"),
    _b.vote == bindparam("the_vote"),
    _b.part == bindparam("the_part"),
)
_COUNTS = write_statement(
    update(BOX).where(*_its_row).values(counts=bindparam("now")), rank=33, name="ballot counts"
)
_TAKE = write_statement(delete(BOX).where(*_its_row), rank=33, name="ballot out")
_SEAL = insert_into(SEALED, rank=32)
_of_vote = (_e.district == bindparam("the_district"), _e.vote == bindparam("the_vote"))
_UNSEAL = write_statement(
    delete(SEALED).where(*_of_vote, _e.ballot == bindparam("the_ballot")), rank=33, name="sealed ballot out"
)
_DESTROY = write_statement(delete(SEALED).where(*_of_vote), rank=34, name="destroy sealed ballots")


@attrs.frozen
class InBox:
    """A ballot in the box: how it was cast, and whether it counts."""

    ballot: UUID
    part: UUID
    mark: UUID
    way: str
    counts: bool


_ballots = select(_b.ballot, _b.part, _b.mark, _b.way, _b.counts).where(*_in_box)


def _ballot(ballot: UUID, part: UUID, mark: UUID, way: str, counts: int) -> InBox:
    return InBox(ballot, part, mark, way, bool(counts))


@own_query(_ballots)
def ballots_in(rows: Rows, vote: UUID) -> Sequence[InBox]:
    """The ballots in the box, in no order."""
    return [_ballot(*row) for row in rows]


@own_query(_ballots.where(_b.part == bindparam("part")))
def ballot_of(rows: Rows, vote: UUID, part: UUID) -> InBox | None:
    """The ballot of a part; None where it has none."""
    return next((_ballot(*row) for row in rows), None)


@own_query(select(_r.voices).where(*_on_roll, _r.part == bindparam("part")))
def voices_of(rows: Rows, vote: UUID, part: UUID) -> Sequence[str] | None:
    """As what others speak for the owners of a part on the roll; None where it is not on it."""
    return next(((voices or "").split(",") for (voices,) in rows), None)


@own_query(select(_r.part, _r.area, _r.head).where(*_on_roll).order_by(_r.part))
def roll_of(rows: Rows, vote: UUID) -> list[tuple[UUID, int, UUID]]:
    """Part, area and head of everything on the frozen roll."""
    return [(part, int(area), head) for part, area, head in rows]


@own_query(select(func.count()).where(*_in_box, _b.counts == 0))
def unchecked_in(rows: Rows, vote: UUID) -> int:
    """How many papers nobody has checked yet."""
    return int(rows[0][0])


@own_query(select(func.count()).where(*_in_box, _b.way == "paper"))
def papers_in(rows: Rows, vote: UUID) -> int:
    """How many papers are in the box."""
    return int(rows[0][0])


@own_query(select(_b.ballot).where(*_in_box, _b.sheet == bindparam("sheet")))
def has_sheet(rows: Rows, vote: UUID, sheet: str) -> bool:
    """Whether a paper of this number is in the box."""
    return bool(rows)


@own_query(
    select(_e.sealed).where(_e.district == _d, _e.vote == bindparam("vote"), _e.ballot == bindparam("ballot"))
)
def sealed_of(rows: Rows, vote: UUID, ballot: UUID) -> bytes | None:
    """A ballot as it is sealed; None where it was destroyed."""
    return bytes(rows[0][0]) if rows else None


@own_query(
    select(_r.part, NAMED.c.choice)
    .outerjoin(
        NAMED, (NAMED.c.district == _r.district) & (NAMED.c.vote == _r.vote) & (NAMED.c.part == _r.part)
    )
    .where(*_on_roll)
)
def named_in(rows: Rows, vote: UUID) -> Sequence[tuple[UUID, str | None]]:
    """How each part voted, in a vote by name that was counted."""
    return [(part, choice) for part, choice in rows]


# Each ballot with the act that cast it, which the journal's chain holds.
@own_query(
    select(_b.ballot, _b.mark, _e.sealed, opening_of(_b.ballot))
    .outerjoin(SEALED, and_(*_its_seal))
    .where(*_in_box)
    .order_by(_b.ballot)
)
def exchanged_in(rows: Rows, vote: UUID) -> list[UUID]:
    """The ballots that are not those that the journal has: anybody can seal another one in their place."""
    return [
        ballot
        for ballot, mark, sealed, body in rows
        if not body
        or codec.decode(body).get("values", {}).get("mark") != str(mark)
        or (sealed is not None and sealing.mark_of(bytes(sealed)) != mark)
    ]


# The roll with its ballots, in one query: as of one moment.
@own_query(
    select(_r.part, _r.area, _r.head, _b.ballot, _b.mark, _e.sealed)
    .outerjoin(
        BOX, (_b.district == _r.district) & (_b.vote == _r.vote) & (_b.part == _r.part) & (_b.counts == 1)
    )
    .outerjoin(SEALED, and_(*_its_seal))
    .where(*_on_roll)
    .order_by(_r.part)
)
def _counting(rows: Rows, vote: UUID) -> Rows:
    return rows


class NotOnTheRoll(NotFoundHere, says="this part is not on the roll; see: linli vote roll {id}"):
    id: UUID


def on_the_roll(t: Transition[Ballot | Proxy, object]) -> Refusal | None:
    """It is about a part of the frozen roll."""
    if t.get(voices_of(t.record.vote, t.record.part)) is None:
        return NotOnTheRoll(id=t.record.vote)
    return None


class HasABallot(
    Refusal, says="this part has cast its ballot; there is one for each part, however it is cast"
): ...


def without_ballot(t: Transition[Ballot | Proxy, object]) -> Refusal | None:
    """The part has no ballot yet."""
    return HasABallot() if t.get(ballot_of(t.record.vote, t.record.part)) else None


def put_in(district: str, ident: UUID, ballot: Ballot, sealed: bytes, *, counts: bool) -> Iterable[Change]:
    """The changes that put a ballot into the box; they break where the part has one."""
    row = {
        "district": district,
        "vote": ballot.vote,
        "part": ballot.part,
        "ballot": ident,
        "mark": ballot.mark,
        "way": ballot.way,
        "counts": int(counts),
        "sheet": ballot.sheet,
    }
    yield Change(write=Write(_PUT, row, ballot.part.hex))
    kept = {"district": district, "vote": ballot.vote, "ballot": ident, "sealed": sealed}
    yield Change(write=Write(_SEAL, kept, ballot.part.hex))


def let_count(district: str, ballot: Ballot) -> Change:
    """The change after which a paper counts."""
    return Change(write=Write(_COUNTS, {**_key(district, ballot), "now": 1}, ballot.part.hex))


def take_out(district: str, ident: UUID, ballot: Ballot) -> Iterable[Change]:
    """The changes after which a part has no ballot in the box."""
    yield Change(write=Write(_TAKE, _key(district, ballot), ballot.part.hex))
    its_row = {"the_district": district, "the_vote": ballot.vote, "the_ballot": ident}
    yield Change(write=Write(_UNSEAL, its_row, ballot.part.hex))


def destroyed(district: str, vote: UUID) -> Change:
    """The change after which no ballot of a vote is kept."""
    return Change(write=Write(_DESTROY, {"the_district": district, "the_vote": vote}, vote.hex))


def _key(district: str, ballot: Ballot) -> Mapping[str, object]:
    return {"the_district": district, "the_vote": ballot.vote, "the_part": ballot.part}


@attrs.frozen(kw_only=True)
class Slip:
    """A part of the roll, and the choice of its ballot.

    Attributes:
        choice: None where it has none.
    """

    area: int
    head: UUID
    choice: str | None = None


def tallied(slips: Sequence[Slip]) -> Result:
    """What slips come to, by area and by head."""
    by_head: dict[UUID, set[str]] = {}
    for slip in slips:
        if slip.choice is not None:
            by_head.setdefault(slip.head, set()).add(slip.choice)

    def weight(says: Callable[[str], bool], head_says: Callable[[set[str]], bool]) -> Weight:
        area = sum(slip.area for slip in slips if slip.choice is not None and says(slip.choice))
        return Weight(area=area, heads=sum(1 for choices in by_head.values() if head_says(choices)))

    one_voice = ({"agree"}, {"against"})
    return Result(
        parts=len(slips),
        roll=Weight(area=sum(slip.area for slip in slips), heads=len({slip.head for slip in slips})),
        voted_parts=sum(1 for slip in slips if slip.choice is not None),
        voted=weight(lambda _: True, lambda _: True),
        agreed=weight(lambda choice: choice == "agree", lambda choices: choices == {"agree"}),
        against=weight(lambda choice: choice == "against", lambda choices: choices == {"against"}),
        abstained=weight(lambda choice: choice == "abstain", lambda choices: choices not in one_voice),
    )


@attrs.frozen(kw_only=True)
class Codes:
    """What opens a box, or some ballots of it."""

    codes: Annotated[tuple[str, ...], Input("the codes of two keepers", kept=False)] = attrs.field(repr=False)


def keepers_of(vote: Vote, keys: sealing.Keys) -> tuple[str, ...]:
    """The keepers whose keys open a ballot."""
    return tuple(vote.keepers[at] for at in sorted(keys)[: sealing.TO_OPEN])


@attrs.frozen(kw_only=True)
class Opened:
    """A box that two keepers opened.

    Attributes:
        keepers: the bodies whose codes did.
        choices: by part; for a vote by name. Never to be kept of a secret one, nor shown in any order.
    """

    result: Result
    keepers: tuple[str, ...]
    choices: Mapping[UUID, str] = attrs.field(repr=False)


def opened(facts: Facts, vote: StoredSubject, codes: Sequence[str]) -> Opened:
    """A closed vote, counted: nobody opens it before, and no running tally is there for anybody."""
    record: Vote = vote.record
    if vote.state != "closed":
        raise Refused(NotCounted())
    keys = sealing.keys_of(codes, record.keys)
    for ballot in facts.get(exchanged_in(vote.id)):
        raise _not_whole(ballot)
    rows = facts.get(_counting(vote.id))
    choices = {
        part: chosen(facts.district, vote, part, (ballot, mark, sealed), keys)
        for part, _, _, ballot, mark, sealed in rows
        if ballot
    }
    slips = [Slip(area=area, head=head, choice=choices.get(part)) for part, area, head, *_ in rows]
    return Opened(result=tallied(slips), keepers=keepers_of(record, keys), choices=choices)


def chosen(
    district: str, vote: StoredSubject, part: UUID, kept: tuple[UUID, UUID, bytes | None], keys: sealing.Keys
) -> str:
    """How a ballot was cast, opened by the keys of two keepers."""
    ballot, mark, sealed = kept
    whole = bytes(sealed or b"")
    context = sealing.context_of(district, vote.id, part, ballot)
    found = None
    if sealing.mark_of(whole) == mark:
        found = sealing.opened_by_keepers(whole, context, keys, len(vote.record.keys))
    if found is None:
        raise _not_whole(ballot)
    return found


def _not_whole(ballot: UUID) -> LinliError:
    return LinliError(
        say("ballot {id} cannot be opened: the box was changed; restore it from a backup", id=ballot)
    )


def digests(facts: Facts, vote: UUID) -> tuple[str, str]:
    """What tells a box from any other, without opening it: of the receipts, and of the sealed ballots."""
    rows = [row for row in facts.get(_counting(vote)) if row[3]]
    lines = (f"{part} {mark}" for part, _, _, _, mark, _ in rows)
    return box_digest(receipt_of(facts.commit, row[3]) for row in rows), box_digest(lines)


def holds_what_was_counted(facts: Facts, vote: UUID, record: Vote) -> bool:
    """Whether a box is as it was when it was counted; an earlier version had no digest of sealed ballots."""
    receipts, sealed = digests(facts, vote)
    return receipts == record.box and record.sealed in (None, sealed)


def box_digest(lines: Iterable[str]) -> str:
    """SHA-256 of lines, in their order: what a printed list of receipts is checked by."""
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()
