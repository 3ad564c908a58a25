"""Spreadsheets of the party's work: a roster of branches, and what a survey found of the members of compounds."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

import attrs
from sqlalchemy import bindparam, select

from linli import (
    ActResult,
    DirectAct,
    DirectOrder,
    Facts,
    PersonId,
    PlaceId,
    Refused,
    Write,
    say,
)
from linli._verbs.register.organisations import (
    ORGANISATIONS,
    ended_organisation,
    organisation_from,
    organisation_id,
)
from linli._verbs.register.ties import TIES_AT, Tie, put_tie, tie_from
from linli._verbs.register.tree import PlaceNode
from linli.hooks import KEEPERS
from linli.importing import (
    COMMUNITY,
    COMPOUND,
    NAME,
    PHONE,
    PLACE_COLUMNS,
    RESIDENT_ID,
    STREET,
    AlreadySo,
    BadLine,
    Batch,
    Column,
    Entries,
    Homes,
    Importer,
    Kind,
    Line,
    PersonData,
    claim_of,
)
from linli.query import Lookup
from linli_party.branch import Enter
from linli_party.branches import BranchFlow
from linli_party.committees import BODY
from linli_party.compounds import FUNCTIONAL, MEMBER_TIE, ORDINARY
from linli_party.settings import PartySettings
from linli_party.tables import NOTE, SEAT, STANDING

BRANCH_WORDS: Final = {
    "普通": ORDINARY, "普通党支部": ORDINARY, "普通型": ORDINARY, "普通党组织": ORDINARY, ORDINARY: ORDINARY,
    "功能型": FUNCTIONAL, "功能性": FUNCTIONAL, "功能型党支部": FUNCTIONAL, "功能性党支部": FUNCTIONAL,
    "功能性党组织": FUNCTIONAL, "功能型党组织": FUNCTIONAL, FUNCTIONAL: FUNCTIONAL,
}  # fmt: skip
_YES: Final = ("是", "已报到", "已", "有", "√", "yes")
_NO: Final = ("否", "未报到", "未", "无", "×", "no")
_ACTIVE: Final = ("是", "活跃", "积极", "正常", "正常发挥作用", "yes")
_IDLE: Final = ("否", "不活跃", "未发挥作用", "较少参加", "不参加", "no")
_PARTY: Final = ("中共党员", "党员", "正式党员", "中共正式党员", "预备党员", "中共预备党员")
_NOT_PARTY: Final = ("群众", "共青团员", "团员", "民主党派", "无党派人士", "少先队员")

_SEATS: Final = Lookup(
    select(SEAT.c.seat, SEAT.c.branch).where(SEAT.c.district == bindparam("district")), SEAT.c.seat
)
_NOTED: Final = Lookup(
    select(STANDING.c.compound, STANDING.c.person, STANDING.c.reported, STANDING.c.active).where(
        STANDING.c.district == bindparam("district")
    ),
    STANDING.c.person,
)


TAKE_OVER_MEMBERS = DirectAct("import.branch_members", label="members taken over by their branch", by=KEEPERS)


def _ends(facts: Facts, bodies: Sequence[UUID]) -> dict[UUID, date | None]:
    """The last days of those organisations that there are or were."""
    return {one.id: one.until for one in map(organisation_from, facts.found(ORGANISATIONS, bodies))}


def _words(yes: Sequence[str], no: Sequence[str]) -> dict[str, bool]:
    return dict.fromkeys(yes, True) | dict.fromkeys(no, False)


def _compound(line: Line, homes: Homes) -> PlaceNode:
    node = homes.of(line)
    if node is None:
        raise BadLine("compound", say("this is missing, and without it the row cannot be imported"))
    return node


# --- a roster of branches --------------------------------------------------------------------------------


@attrs.frozen(kw_only=True)
class _Row:
    """A row of a roster: the branch's body and seat follow from where it is and what it is called."""

    line: Line
    compound: PlaceNode
    body: UUID
    seat: UUID
    secretary: PersonData | None


def _row(line: Line, homes: Homes, batch: Batch) -> _Row:
    compound = _compound(line, homes)
    if compound.record.get("kind") is None:
        raise BadLine("compound", say("say first which kind of compound {name} is", name=compound.name))
    body = organisation_id(compound.id, BODY, str(line.text("branch")))
    one = batch.facts.settings(PartySettings).one_per_compound
    secretary = claim_of(line, None) if line.text("name") else None
    return _Row(
        line=line, compound=compound, body=body, seat=compound.id if one else body, secretary=secretary
    )


def _load_branches(lines: Sequence[Line], batch: Batch) -> None:
    homes = Homes(batch, make=False)
    homes.prepare(lines)
    rows: list[_Row] = []
    for line in lines:
        try:
            rows.append(_row(line, homes, batch))
        except Refused as refusal:
            batch.refuse(line, refusal)
    bodies = _ends(batch.facts, [row.body for row in rows])
    seats: dict[UUID, UUID | None] = dict(batch.facts.found(_SEATS, [row.seat for row in rows]))
    entries = Entries(batch)
    entries.prepare(row.secretary for row in rows if row.secretary)
    for row in rows:
        try:
            _enter(row, bodies, seats, entries, batch)
        except Refused as refusal:
            batch.refuse(row.line, refusal, getattr(refusal, "field", "branch"))
    batch.write(entries.writes())


def _enter(
    row: _Row, bodies: dict[UUID, date | None], seats: dict[UUID, UUID | None], entries: Entries, batch: Batch
) -> None:
    if row.seat in seats and row.body in bodies and bodies[row.body] is None:
        batch.took(row.body, new=False, changed=False)
        return
    if row.seat in seats:
        raise BadLine("branch", say("{name} has a branch already", name=row.compound.name))
    if bodies.get(row.body) is not None:
        raise BadLine(
            "branch", say("this organisation ended on {day}; correct its name", day=bodies[row.body])
        )
    batch.order(BranchFlow.enter.at(PlaceId(row.compound.id), _given(row, entries, batch)), row.line)
    seats[row.seat], bodies[row.body] = None, None
    for order in _one_body(row, batch):
        batch.order(order, row.line)
    batch.took(row.body, new=True, changed=False)


def _given(row: _Row, entries: Entries, batch: Batch) -> Enter:
    line, since, nominees = row.line, _in_order(row.line, batch), None
    if row.secretary:
        person, _, _ = entries.take(line, row.secretary)
        entries.tie(Tie(person=person, kind=MEMBER_TIE, at=row.compound.id))
        nominees = (PersonId(person),)
    return Enter(
        name=str(line.text("branch")),
        branch_kind=line.values["branch_kind"],
        since=since,
        elected_on=line.values.get("elected_on"),
        nominees=nominees,
    )


def _one_body(row: _Row, batch: Batch) -> list[DirectOrder]:
    """A list of members that came before the roster made an organisation of the branch's name in the district.

    Its members are the branch's, and it ends, so that the name means one body.
    """
    name = str(row.line.text("branch"))
    stand_in = organisation_id(batch.root, "party_organisation", name)
    district = batch.rules.district

    def work(facts: Facts) -> ActResult:
        known = _ends(facts, [stand_in, row.body])
        if known.get(stand_in, facts.today) is not None or known.get(row.body, facts.today) is not None:
            raise AlreadySo
        ties = [tie_from(one) for one in facts.found(TIES_AT, [stand_in])]
        ended = (put_tie(district, attrs.evolve(tie, until=facts.today)) for tie in ties)
        begun = (put_tie(district, attrs.evolve(tie, at=row.body)) for tie in ties if tie.until is None)
        writes = (*ended, *begun, ended_organisation(district, stand_in, facts.today))
        return ActResult(body={"members": len(ties)}, writes=writes)

    if not _ends(batch.facts, [stand_in]):
        return []
    return [DirectOrder(act=TAKE_OVER_MEMBERS, subject=stand_in, place=batch.root, work=work)]


def _in_order(line: Line, batch: Batch) -> Any:
    since, elected = line.values["since"], line.values.get("elected_on")
    if elected and elected < since:
        raise BadLine("elected_on", say("its committee was not elected before it was"))
    return since


BRANCHES = Importer(
    kind="branches",
    done="branches taken from a file",
    label="branches",
    columns=(
        Column(
            name="branch",
            headings=(
                "党组织名称",
                "党支部名称",
                "小区党组织名称",
                "小区党支部名称",
                "小区党组织",
                "小区党支部",
            ),
            required=True,
        ),
        STREET,
        COMMUNITY,
        attrs.evolve(COMPOUND, required=True),
        Column(
            name="branch_kind",
            headings=("党组织类型", "党支部类型", "组织类型", "支部类型"),
            kind=Kind.CHOICE,
            choices=BRANCH_WORDS,
            required=True,
        ),
        Column(
            name="since",
            headings=("成立时间", "成立日期", "组建时间", "组建日期"),
            kind=Kind.DATE,
            required=True,
        ),
        Column(
            name="elected_on",
            headings=("换届时间", "上次换届时间", "最近换届时间", "本届选举时间"),
            kind=Kind.DATE,
        ),
        attrs.evolve(NAME, headings=("书记姓名", "书记", "党支部书记", "党组织书记")),
        attrs.evolve(PHONE, headings=("书记电话", "书记手机", "书记联系电话", "联系电话")),
        attrs.evolve(RESIDENT_ID, headings=("书记身份证号", "书记身份证")),
    ),
    load=_load_branches,
)


# --- what a survey found -----------------------------------------------------------------------------------


def _load_members(lines: Sequence[Line], batch: Batch) -> None:
    homes = Homes(batch, make=batch.settings.new_homes)
    homes.prepare(lines)
    taken: list[tuple[Line, PlaceNode, PersonData]] = []
    for line in lines:
        try:
            _is_member(line, batch)
            home = _compound(line, homes)
            taken.append((line, home, claim_of(line, home)))
        except Refused as refusal:
            batch.refuse(line, refusal)
    entries = Entries(batch)
    entries.prepare(said for _, _, said in taken)
    found = [row for line, home, said in taken if (row := _member(line, home, said, entries, batch))]
    batch.write(homes.writes(batch.rules.district))
    batch.write(entries.writes())
    batch.write(_standings(found, batch))


def _is_member(line: Line, batch: Batch) -> None:
    """Refuse a row that says of somebody that they are no party member, or leaves open whether they are."""
    status = line.values.get("political_status")
    if status is False:
        raise BadLine("political_status", say("not a party member; a survey has members only"))
    asked = batch.table.heading("political_status")
    if status is None and asked and line.text("party_organisation") is None:
        raise BadLine("political_status", say("this is missing: are they a party member?"))


@attrs.frozen(kw_only=True)
class _Found:
    """Somebody whom a survey found, and whether the register learned of it."""

    compound: UUID
    person: UUID
    reported: bool
    active: bool
    new: bool
    changed: bool


def _member(line: Line, home: PlaceNode, said: PersonData, entries: Entries, batch: Batch) -> _Found | None:
    try:
        body = _organisation(line, home.reporting_place, entries, batch)
        person, new, changed = entries.take(line, said)
    except Refused as refusal:
        batch.refuse(line, refusal, getattr(refusal, "field", "name"))
        return None
    compound = home.reporting_place
    ties = [
        entries.tie(Tie(person=person, kind=MEMBER_TIE, at=body or compound)),
        entries.tie(Tie(person=person, kind="resident", at=home.id)),
    ]
    return _Found(
        compound=compound,
        person=person,
        reported=bool(line.values["reported"]),
        active=bool(line.values.get("active", True)),
        new=new,
        changed=changed or any(ties),
    )


def _organisation(line: Line, compound: UUID, entries: Entries, batch: Batch) -> UUID | None:
    name = line.text("party_organisation")
    if name is None:
        return None
    try:
        return entries.party_body(name, compound, batch.root)
    except Refused as refusal:
        raise BadLine("party_organisation", refusal.text) from None


def _standings(found: Sequence[_Found], batch: Batch) -> list[Write]:
    """What is noted anew; of somebody who stands in a file twice, the last row holds."""
    known = {
        (compound, person): (reported, active)
        for compound, person, reported, active in batch.facts.found(_NOTED, [one.person for one in found])
    }
    day = batch.facts.at.astimezone(batch.rules.zone).date()
    rows: dict[tuple[UUID, UUID], dict[str, object]] = {}
    for one in found:
        key, says = (one.compound, one.person), (one.reported, one.active)
        if known.get(key) != says:
            rows[key] = {"compound": one.compound, "person": one.person, "reported": one.reported}
            rows[key] |= {"active": one.active, "noted_on": day, "district": batch.rules.district}
        batch.took(one.person, new=one.new, changed=one.changed or known.get(key) != says)
        known[key] = says
    return [Write(NOTE, row, f"{compound.hex}{person.hex}") for (compound, person), row in rows.items()]


MEMBERS = Importer(
    kind="party_members",
    done="party members taken from a file",
    label="party members of compounds",
    columns=(
        attrs.evolve(NAME, required=True),
        RESIDENT_ID,
        PHONE,
        *(attrs.evolve(column, required=True) if column is COMPOUND else column for column in PLACE_COLUMNS),
        Column(
            name="party_organisation",
            headings=("所在党组织", "党组织", "所在党支部", "所属党组织", "所在支部", "组织关系所在党组织"),
            sensitive=True,
        ),
        Column(
            name="political_status",
            headings=("政治面貌",),
            kind=Kind.CHOICE,
            choices=_words(_PARTY, _NOT_PARTY),
            essential=True,
            sensitive=True,
        ),
        Column(
            name="reported",
            headings=("是否报到", "报到情况", "是否已报到", "是否到小区报到", "双报到情况"),
            kind=Kind.CHOICE,
            choices=_words(_YES, _NO),
            required=True,
            sensitive=True,
        ),
        Column(
            name="active",
            headings=("是否活跃", "作用发挥情况", "发挥作用情况", "参加活动情况"),
            kind=Kind.CHOICE,
            choices=_words(_ACTIVE, _IDLE),
            essential=True,
            sensitive=True,
        ),
    ),
    load=_load_members,
    # 是否报到 alone is asked of volunteers and students too.
    signs=(
        "政治面貌", "党员姓名", "所在党组织", "党组织", "所在党支部", "所属党组织", "所在支部", "组织关系所在党组织",
        "双报到情况", "是否到小区报到",
    ),
)  # fmt: skip
