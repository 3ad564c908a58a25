"""The box: one ballot per part of the roll, however it was cast; opened once, when it is counted."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Annotated
from uuid import UUID

import attrs
from sqlalchemy import BindParameter, bindparam, delete, func, select, update

from linli import Change, Facts, Subject, codec, say
from linli.contract import Input, Transition
from linli.errors import LinliError, Refused
from linli.refusals import NotFoundHere, Refusal
from linli.store import Read, Write
from linli.store import tables as t
from linli.store.statements import insert_into, write_statement
from linli_owners_vote import sealing
from linli_owners_vote.arithmetic import Result, Weight
from linli_owners_vote.marks import receipt_of
from linli_owners_vote.reading import NotCounted
from linli_owners_vote.records import Ballot, Proxy, Vote
from linli_owners_vote.tables import BOX, NAMED, ROLL, SEALED

_r, _b, _e = ROLL.c, BOX.c, SEALED.c
_d: BindParameter[str] = bindparam("district")
_of_part = (_b.district == _d, _b.vote == bindparam("vote"), _b.part == bindparam("part"))
IN_BOX = Read(select(_b.ballot, _b.counts, _b.mark).where(*_of_part))
ON_ROLL = Read(
    select(_r.area, _r.voices).where(
        _r.district == _d, _r.vote == bindparam("vote"), _r.part == bindparam("part")
    )
)
UNCHECKED = Read(select(func.count()).where(_b.district == _d, _b.vote == bindparam("vote"), _b.counts == 0))
SHEET = Read(
    select(_b.ballot).where(_b.district == _d, _b.vote == bindparam("vote"), _b.sheet == bindparam("sheet"))
)
PAPERS = Read(select(func.count()).where(_b.district == _d, _b.vote == bindparam("vote"), _b.way == "paper"))
SEALED_OF = Read(
    select(_e.sealed).where(_e.district == _d, _e.vote == bindparam("vote"), _e.ballot == bindparam("ballot"))
)
NAMED_OF = Read(
    select(_r.part, NAMED.c.choice)
    .outerjoin(
        NAMED,
        (NAMED.c.district == _r.district) & (NAMED.c.vote == _r.vote) & (NAMED.c.part == _r.part),
    )
    .where(_r.district == _d, _r.vote == bindparam("vote"))
)
# Each ballot with the act that cast it, which the journal's chain holds.
_AS_CAST = Read(
    select(_b.ballot, _b.mark, _e.sealed, t.act.c.body)
    .outerjoin(SEALED, (_e.district == _b.district) & (_e.vote == _b.vote) & (_e.ballot == _b.ballot))
    .outerjoin(
        t.act, (t.act.c.district == _b.district) & (t.act.c.root == _b.ballot) & (t.act.c.version == 1)
    )
    .where(_b.district == _d, _b.vote == bindparam("vote"))
    .order_by(_b.ballot)
)
# The roll with its ballots, in one query: as of one moment.
COUNTING = Read(
    select(_r.part, _r.area, _r.head, _b.ballot, _b.mark, _e.sealed)
    .outerjoin(
        BOX,
        (_b.district == _r.district) & (_b.vote == _r.vote) & (_b.part == _r.part) & (_b.counts == 1),
    )
    .outerjoin(SEALED, (_e.district == _b.district) & (_e.vote == _b.vote) & (_e.ballot == _b.ballot))
    .where(_r.district == _d, _r.vote == bindparam("vote"))
    .order_by(_r.part)
)
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


class NotOnTheRoll(NotFoundHere, says="this part is not on the roll; see: linli vote roll {id}"):
    id: UUID


def on_the_roll(t: Transition[Ballot | Proxy, object]) -> Refusal | None:
    """It is about a part of the frozen roll."""
    if t.facts.rows(ON_ROLL, vote=t.record.vote, part=t.record.part):
        return None
    return NotOnTheRoll(id=t.record.vote)


class HasABallot(
    Refusal, says="this part has cast its ballot; there is one for each part, however it is cast"
): ...


def without_ballot(t: Transition[Ballot | Proxy, object]) -> Refusal | None:
    """The part has no ballot yet."""
    if t.facts.rows(IN_BOX, vote=t.record.vote, part=t.record.part):
        return HasABallot()
    return None


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


def opened(facts: Facts, vote: Subject, codes: Sequence[str]) -> Opened:
    """A closed vote, counted: nobody opens it before, and no running tally is there for anybody."""
    record: Vote = vote.record
    if vote.state != "closed":
        raise Refused(NotCounted())
    keys = sealing.keys_of(codes, record.keys)
    for ballot in exchanged(facts, vote.id):
        raise _not_whole(ballot)
    rows = facts.rows(COUNTING, vote=vote.id)
    choices = {
        part: chosen(facts.district, vote, part, (ballot, mark, sealed), keys)
        for part, _, _, ballot, mark, sealed in rows
        if ballot
    }
    slips = [Slip(area=area, head=head, choice=choices.get(part)) for part, area, head, *_ in rows]
    return Opened(result=tallied(slips), keepers=keepers_of(record, keys), choices=choices)


def chosen(
    district: str, vote: Subject, part: UUID, kept: tuple[UUID, UUID, bytes | None], keys: sealing.Keys
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


def exchanged(facts: Facts, vote: UUID) -> list[UUID]:
    """The ballots that are not those that the journal has: anybody can seal another one in their place."""
    return [
        ballot
        for ballot, mark, sealed, body in facts.rows(_AS_CAST, vote=vote)
        if not body
        or codec.decode(body).get("values", {}).get("mark") != str(mark)
        or (sealed is not None and sealing.mark_of(bytes(sealed)) != mark)
    ]


def digests(facts: Facts, vote: UUID) -> tuple[str, str]:
    """What tells a box from any other, without opening it: of the receipts, and of the sealed ballots."""
    rows = [row for row in facts.rows(COUNTING, vote=vote) if row[3]]
    lines = (f"{part} {mark}" for part, _, _, _, mark, _ in rows)
    return box_digest(receipt_of(facts.commit, row[3]) for row in rows), box_digest(lines)


def holds_what_was_counted(facts: Facts, vote: UUID, record: Vote) -> bool:
    """Whether a box is as it was when it was counted; an earlier version had no digest of sealed ballots."""
    receipts, sealed = digests(facts, vote)
    return receipts == record.box and record.sealed in (None, sealed)


def box_digest(lines: Iterable[str]) -> str:
    """SHA-256 of lines, in their order: what a printed list of receipts is checked by."""
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()
