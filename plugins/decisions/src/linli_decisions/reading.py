"""What checks and effects read, in the act's own transaction."""

from collections.abc import Iterable
from uuid import UUID

import attrs
from sqlalchemy import BindParameter, bindparam, or_, select

from linli import Facts, Seat, Subject, codec
from linli.contract import Context
from linli.contract import Subject as Matter
from linli.lookups import ORGANISATION, Body, path_ids
from linli.store import Read
from linli.store import tables as t
from linli.subjects import SUBJECT_COLUMNS, Hands, subject_from
from linli_decisions.records import Decision, Disclosure, Objection, Opinion, VoteResult

RECORDS: dict[str, type] = {
    "decision": Decision,
    "party_opinion": Opinion,
    "opinion": Opinion,
    "disclosure": Disclosure,
    "objection": Objection,
}
_s, _t = t.subject.c, t.tie.c
_d: BindParameter[str] = bindparam("district")
_TREE = Read(select(*SUBJECT_COLUMNS).where(_s.district == _d, _s.root == bindparam("root")).order_by(_s.id))
_HANDS = Read(select(_s.kind, _s.state, _s.hands).where(_s.district == _d, _s.id == bindparam("id")))
_RECORD = Read(select(_s.record).where(_s.district == _d, _s.id == bindparam("id")))
_OWNED = Read(
    select(t.place.c.path)
    .join(t.place, (t.place.c.district == _t.district) & (t.place.c.id == _t.at))
    .where(
        _t.district == _d,
        _t.person == bindparam("person"),
        _t.kind == "owner",
        or_(_t.since.is_(None), _t.since <= bindparam("day")),
        or_(_t.until.is_(None), _t.until > bindparam("day")),
    )
)


def tree(facts: Facts, root: UUID) -> list[Subject]:
    """A matter and its parts as they were before the act; empty where it is no decision."""
    rows = facts.rows(_TREE, root=root)
    if not any(row[0] == root and row[3] == "decision" for row in rows):
        return []
    return [subject_from(row, RECORDS[row[3]]) for row in rows if row[3] in RECORDS]


def decision(facts: Facts, ident: UUID | None) -> Subject | None:
    """A decision by its number; None where it is something else."""
    found = tree(facts, ident) if ident else []
    return next((one for one in found if one.id == ident), None)


def item_open(facts: Facts, item: UUID) -> bool:
    """Whether the joint meeting has an agenda item before it."""
    return any(
        state in ("proposed", "scheduled", "circulating") for _, state, _ in facts.rows(_HANDS, id=item)
    )


def who_did(facts: Facts, root: UUID) -> Iterable[tuple[str, tuple[UUID, ...]]]:
    """By verb, who did what in a matter, before the joint meeting too."""
    for subject in tree(facts, root):
        yield from ((f"{subject.kind}.{move}", people) for move, people in subject.hands.moves.items())
        for item in subject.record.items if subject.kind == "decision" else ():
            for kind, _, hands in facts.rows(_HANDS, id=item):
                found = codec.decoder(Hands)(hands)
                yield from ((f"{kind}.{move}", people) for move, people in found.moves.items())


def who_reviewed_or_proposed(ctx: Context[Decision]) -> tuple[UUID, ...]:
    """The bodies that said something in a review of a matter, stood in for one that should, or proposed it."""
    proposing = proposing_body(ctx.subject)
    said = [
        one.record.reviewer
        for one in tree(ctx.facts, ctx.subject.root)
        # One that is asked still answers in this very act: without it nothing would come before the meeting.
        if one.kind in ("party_opinion", "opinion") and one.state != "lapsed"
    ]
    return tuple(dict.fromkeys([*([proposing] if proposing else ()), *said]))


def vote_result(facts: Facts, vote: UUID) -> VoteResult | None:
    """The arithmetic in the record of whatever holds votes here; None where it has none."""
    rows = facts.rows(_RECORD, id=vote)
    record = codec.decode(rows[0][0]) if rows else {}
    names = [field.name for field in attrs.fields(VoteResult) if field.default is attrs.NOTHING]
    found = {name: record[name] for name in names if isinstance(record.get(name), int)}
    return VoteResult(**found) if len(found) == len(names) else None


def body_name(facts: Facts, ident: UUID) -> str:
    """What a body is called, also after it has ended."""
    rows = facts.rows(ORGANISATION, id=ident)
    return str(rows[0][2]) if rows else str(ident)


def approvals(facts: Facts, matter: UUID) -> list[Subject]:
    """The reviews of the round that counts, in which everybody who was asked agreed: the branch's first."""
    reviews = [one for one in tree(facts, matter) if one.kind in ("party_opinion", "opinion")]
    last = {one.kind: 0 for one in reviews}
    for one in reviews:
        last[one.kind] = max(last[one.kind], round_of(one.key))
    found = [one for one in reviews if one.state == "approved" and round_of(one.key) == last[one.kind]]
    return sorted(found, key=lambda one: (one.kind != "party_opinion", one.ended_at, one.id))


def round_of(key: str | None) -> int:
    """The round of its matter that a part belongs to, as its key says: "branch", "branch#2"."""
    _, mark, number = (key or "").rpartition("#")
    return int(number) if mark else 1


def owns_here(facts: Facts, person: UUID, matter: Subject | Matter[Decision]) -> bool:
    """Whether somebody owns a part of the circle of a matter, see `Facts.circle`, on the day of the act."""
    rows = facts.rows(_OWNED, person=person, day=facts.today)
    circle = facts.circle(matter.opened_in, matter.opened_at)
    return any(circle.has(path_ids(path)) for (path,) in rows)


def acting(capacity: str | None) -> tuple[str, UUID | None]:
    """As what somebody acts, of `acting_as`: the role, and the organisation or place that it is at."""
    seat = Seat.read(capacity or "")
    return (seat.role or "", seat.at) if seat else (capacity or "", None)


def company(facts: Facts, place: UUID) -> Body | None:
    """A compound's property company; nobody stands in for its voice."""
    found = facts.body("property_company", place)
    return found if found and found.stands_in_for is None and found.kind == "property_company" else None


def residents(facts: Facts, place: UUID) -> Body | None:
    """The residents' committee of a compound's community."""
    return facts.body("residents_committee", place)


def taking_part_for_company(facts: Facts, place: UUID) -> Body | None:
    """Who reviews what the company itself has proposed."""
    found = residents(facts, place)
    return attrs.evolve(found, stands_in_for="property_company") if found else None


def proposing_body(matter: Matter[Decision]) -> UUID | None:
    """The organisation that a matter was proposed for; None where an owner proposed it."""
    return matter.body_of(matter.person)
