"""Posts: lists of whoever keeps a desk, is on duty or looks after a building become people with their roles."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid5

import attrs
from sqlalchemy import BindParameter, bindparam, select

from linli._base.errors import Refused
from linli._hooks.importers import Importer
from linli._importing.batches import Batch, Line
from linli._model.access import Actor
from linli._model.sheets import Column, Kind
from linli._store import tables as t
from linli._store.bulk import Lookup, bulk, bulk_into
from linli._verbs.register import giving_posts
from linli._verbs.register.claims import PersonData
from linli._verbs.register.import_homes import PLACE_COLUMNS, Homes
from linli._verbs.register.import_people import NAME, PHONE, RESIDENT_ID, Entries, claim_of
from linli._verbs.register.tree import PlaceNode

_d: BindParameter[str] = bindparam("district")
_POSTS: Final = bulk_into(t.post, rank=25)
_KNOWN: Final = Lookup(select(t.post.c.id).where(t.post.c.district == _d), t.post.c.id)
ROLES: Final = {
    "受理员": "clerk", "服务台": "clerk", "前台": "clerk", "社区专干": "clerk", "clerk": "clerk",
    "楼栋长": "steward", "微网格长": "steward", "单元长": "steward", "网格员": "steward", "steward": "steward",
    "值班员": "duty", "值班": "duty", "duty": "duty",
    "街道干部": "officer", "街道专干": "officer", "officer": "officer",
    "区干部": "district_officer", "district_officer": "district_officer",
    "党支部书记": "branch_secretary", "书记": "branch_secretary", "branch_secretary": "branch_secretary",
    "积分管理员": "bank_keeper", "银行管理员": "bank_keeper", "bank_keeper": "bank_keeper",
    "公开员": "publisher", "publisher": "publisher",
}  # fmt: skip


def _load(lines: Sequence[Line], batch: Batch) -> None:
    homes = Homes(batch, make=False)
    homes.prepare(lines)
    taken: list[tuple[Line, PlaceNode | None, PersonData]] = []
    for line in lines:
        try:
            taken.append((line, homes.of(line), claim_of(line, None)))
        except Refused as refusal:
            batch.refuse(line, refusal)
    entries = Entries(batch)
    entries.prepare(said for _, _, said in taken)
    found = [row for line, place, said in taken if (row := _post(line, place, said, entries, batch))]
    known = {ident for (ident,) in batch.facts.found(_KNOWN, [row[1] for row in found])}
    batch.write(homes.writes(batch.rules.district))
    batch.write(entries.writes())
    fresh = {row[1]: row for row in found if row[1] not in known}
    if fresh:
        batch.write([bulk(_POSTS, list(fresh.values()))])
    for _, ident, *_ in found:
        batch.took(ident, new=ident in fresh, changed=False)


def _post(
    line: Line, place: PlaceNode | None, said: PersonData, entries: Entries, batch: Batch
) -> tuple[Any, ...] | None:
    """A row of the table; its number follows from who, what and where, so that it comes once."""
    try:
        person, _, _ = entries.take(line, said)
    except Refused as refusal:
        batch.refuse(line, refusal, getattr(refusal, "field", "name"))
        return None
    at: UUID = place.id if place is not None else batch.root
    role = str(line.text("role"))
    not_given = _not_given(batch, person, role, at)
    if not_given:
        batch.refuse(line, not_given, "role")
        return None
    since = line.values.get("since")
    begins = (
        batch.facts.at if since is None else datetime.combine(since, datetime.min.time(), batch.rules.zone)
    )
    return (batch.rules.district, uuid5(person, f"{role} {at}"), person, role, at, at, begins, None)


def _not_given(batch: Batch, person: UUID, role: str, at: UUID) -> Refused | None:
    """Why whoever imports the list may not give this post; None where they may."""
    who = Actor(person=batch.facts.actor, posts=frozenset() if batch.facts.actor else frozenset(("console",)))
    try:
        giving_posts.judged_giving(batch.facts, who, person, role, at)
    except Refused as why:
        return why
    return None


POSTS = Importer(
    kind="posts",
    done="posts taken from a file",
    label="posts",
    columns=(
        attrs.evolve(NAME, required=True),
        RESIDENT_ID,
        PHONE,
        Column(
            name="role",
            headings=("职务", "岗位", "担任职务", "角色", "role"),
            kind=Kind.CHOICE,
            choices=ROLES,
            required=True,
        ),
        *PLACE_COLUMNS,
        Column(name="since", headings=("任职时间", "任职日期", "到岗时间"), kind=Kind.DATE, essential=True),
    ),
    load=_load,
    signs=("职务", "岗位", "担任职务", "角色", "role", "任职时间", "任职日期", "到岗时间"),
)
