"""Lists of stewards from spreadsheets: each row an appointment, by whoever imports the list."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import attrs
from sqlalchemy import bindparam, select

from linli import PersonId, PlaceId, Private, Refused, say
from linli._verbs.register.tree import PlaceNode
from linli.importing import (
    BUILDING,
    COMMUNITY,
    COMPOUND,
    NAME,
    PHONE,
    RESIDENT_ID,
    STREET,
    UNIT,
    BadLine,
    Batch,
    Column,
    Entries,
    Homes,
    Importer,
    Line,
    PersonData,
    claim_of,
)
from linli.query import Lookup, any_numbered, ties_of
from linli_stewards.settings import StewardSettings
from linli_stewards.stewardship import GRIDS, Named, StewardshipFlow
from linli_stewards.tables import SEAT

_SEATS: Final = Lookup(
    select(SEAT.c.place, SEAT.c.stewardship).where(SEAT.c.district == bindparam("district")), SEAT.c.place
)
_Row = tuple[Line, PlaceNode, PersonData]


def _load(lines: Sequence[Line], batch: Batch) -> None:
    homes = Homes(batch, make=False)
    homes.prepare(lines)
    rows: list[_Row] = []
    for line in lines:
        try:
            rows.append((line, _grid(line, homes, batch), claim_of(line, None)))
        except Refused as refusal:
            batch.refuse(line, refusal)
    entries = Entries(batch)
    entries.prepare(said for _, _, said in rows)
    _appointed(rows, entries, batch)
    batch.write(entries.writes())


def _grid(line: Line, homes: Homes, batch: Batch) -> PlaceNode:
    node = homes.of(line)
    if node is None or node.kind not in GRIDS[batch.facts.settings(StewardSettings).level]:
        raise BadLine("building", say("name the unit or the building that they are steward of"))
    return node


def _appointed(rows: Sequence[_Row], entries: Entries, batch: Batch) -> None:
    seats = _stewards([node.id for _, node, _ in rows], batch)
    taken: list[tuple[Line, PlaceNode, UUID, bool]] = []
    for line, node, said in rows:
        try:
            person, new, _ = entries.take(line, said)
            taken.append((line, node, person, new))
        except Refused as refusal:
            batch.refuse(line, refusal, getattr(refusal, "field", "name"))
    members = set(batch.facts.get(ties_of([one[2] for one in taken], "party_member")))
    for line, node, person, new in taken:
        try:
            known = seats.get(node.id) == person
            if not known:
                _appoint(line, node, person, seats, members, batch)
            batch.took(person, new=new, changed=not known)
        except Refused as refusal:
            batch.refuse(line, refusal, "name")


def _stewards(places: Sequence[UUID], batch: Batch) -> dict[UUID, UUID | None]:
    """By place, who is its steward."""
    seats: dict[UUID, UUID] = dict(batch.facts.found(_SEATS, places))
    known = batch.facts.get(any_numbered(seats.values()))
    return {place: known[stewardship].person for place, stewardship in seats.items()}


def _appoint(
    line: Line,
    node: PlaceNode,
    person: UUID,
    seats: dict[UUID, UUID | None],
    members: set[UUID],
    batch: Batch,
) -> None:
    if node.id in seats:
        raise BadLine(
            "unit",
            say("{name} has a steward; let another follow them: linli steward replace", name=node.name),
        )
    why = line.text("why_not_member")
    if person not in members and not why:
        raise BadLine(
            "why_not_member", say("no party member, as far as the register knows; say why they are steward")
        )
    seats[node.id] = person
    given = Named(why_not_member=Private(why) if why else None)
    batch.order(StewardshipFlow.appoint.at(PlaceId(node.id), given, person=PersonId(person)), line)


STEWARDS = Importer(
    kind="stewards",
    done="stewards taken from a file",
    label="stewards",
    columns=(
        attrs.evolve(NAME, headings=("楼栋长", "楼栋长姓名", "微网格长", "微网格长姓名", "单元长", *NAME.headings), required=True),
        RESIDENT_ID,
        PHONE,
        STREET,
        COMMUNITY,
        attrs.evolve(COMPOUND, required=True),
        attrs.evolve(BUILDING, required=True),
        UNIT,
        Column(
            name="why_not_member",
            headings=("非党员原因", "非党员说明", "非党员任职原因"),
            sensitive=True,
        ),
    ),
    load=_load,
    signs=(
        "楼栋长", "楼栋长姓名", "微网格长", "微网格长姓名", "单元长", "非党员原因", "非党员说明", "非党员任职原因",
    ),
)  # fmt: skip
