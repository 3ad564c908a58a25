"""The box: one ballot per part of the roll, however it was cast; opened once, when it is counted."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from uuid import UUID

import attrs
from sqlalchemy import BindParameter, bindparam, delete, func, select, update

from linli import Change, Facts, say
from linli.errors import LinliError, Refused
from linli.store import Read, Write
from linli.store.statements import insert_into, write_statement
from linli_owners_vote import reading
from linli_owners_vote.arithmetic import Result, Weight
from linli_owners_vote.marks import Commit, choice_of, receipt_of
from linli_owners_vote.records import Ballot
from linli_owners_vote.tables import BOX, ROLL

_r, _b = ROLL.c, BOX.c
_d: BindParameter[str] = bindparam("district")
_of_part = (_b.district == _d, _b.vote == bindparam("vote"), _b.part == bindparam("part"))
IN_BOX = Read(select(_b.ballot, _b.counts).where(*_of_part))
ON_ROLL = Read(
    select(_r.area).where(_r.district == _d, _r.vote == bindparam("vote"), _r.part == bindparam("part"))
)
UNCHECKED = Read(select(func.count()).where(_b.district == _d, _b.vote == bindparam("vote"), _b.counts == 0))
# The roll with its ballots, in one query: as of one moment.
COUNTING = Read(
    select(_r.part, _r.area, _r.head, _b.ballot, _b.mark)
    .outerjoin(
        BOX,
        (_b.district == _r.district) & (_b.vote == _r.vote) & (_b.part == _r.part) & (_b.counts == 1),
    )
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


def put_in(district: str, ident: UUID, ballot: Ballot, *, counts: bool) -> Change:
    """The change that puts a ballot into the box; it breaks where the part has one."""
    row = {
        "district": district,
        "vote": ballot.vote,
        "part": ballot.part,
        "ballot": ident,
        "mark": ballot.mark,
        "way": ballot.way,
        "counts": int(counts),
    }
    return Change(write=Write(_PUT, row, ballot.part.hex))


def let_count(district: str, ballot: Ballot) -> Change:
    """The change after which a paper counts."""
    return Change(write=Write(_COUNTS, {**_key(district, ballot), "now": 1}, ballot.part.hex))


def take_out(district: str, ballot: Ballot) -> Change:
    """The change after which a part has no ballot in the box."""
    return Change(write=Write(_TAKE, _key(district, ballot), ballot.part.hex))


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


def counted(facts: Facts, vote: UUID) -> tuple[Result, str]:
    """The result of a vote, and the digest of the receipts of all that was counted.

    Refused while ballots can still be cast: there is no running tally, for nobody.
    """
    known = reading.plain(facts, vote)
    if known.state != "closed" and known.record.box is None:
        raise Refused(say("this vote has not been counted; nobody knows its result before"))
    rows = facts.rows(COUNTING, vote=vote)
    slips = [
        Slip(area=area, head=head, choice=_opened(facts.commit, mark, ballot, vote, part) if ballot else None)
        for part, area, head, ballot, mark in rows
    ]
    return tallied(slips), box_digest(receipt_of(facts.commit, row[3]) for row in rows if row[3])


def _opened(commit: Commit, mark: UUID, ballot: UUID, vote: UUID, part: UUID) -> str:
    choice = choice_of(commit, mark, ballot=ballot, vote=vote, part=part)
    if choice is None:
        raise LinliError(
            say("ballot {id} cannot be opened: the box was changed; restore it from a backup", id=ballot)
        )
    return choice


def box_digest(receipts: Iterable[str]) -> str:
    """SHA-256 of receipts, in their order: what a printed list of them is checked by."""
    return hashlib.sha256("\n".join(sorted(receipts)).encode()).hexdigest()
