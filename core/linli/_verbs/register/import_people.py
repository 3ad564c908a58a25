"""People: lists of residents, owners, members and volunteers become persons, their vault and their ties."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

import attrs
from sqlalchemy import BindParameter, bindparam, select

from linli._base.errors import Refused
from linli._base.i18n import Text, listed, say
from linli._base.refusals import Refusal
from linli._hooks.importers import Importer
from linli._importing.batches import BadLine, Batch, Line
from linli._model.sheets import Column, Kind
from linli._store import Write
from linli._store import tables as t
from linli._store.bulk import Lookup, bulk, bulk_into
from linli._verbs.register.book import Decision, PersonMatcher
from linli._verbs.register.claims import PersonData
from linli._verbs.register.import_companies import ListedBodyEnded
from linli._verbs.register.import_homes import PLACE_COLUMNS, Homes
from linli._verbs.register.living import PersonEnded, ended
from linli._verbs.register.organisations import (
    BODIES_AT,
    ORGANISATIONS,
    Organisation,
    body_name,
    organisation_from,
    organisation_id,
    put_organisation,
)
from linli._verbs.register.ties import TIE_RANK, Tie
from linli._verbs.register.tree import PlaceNode

_TIES = bulk_into(t.tie, rank=TIE_RANK)
_d: BindParameter[str] = bindparam("district")
_KNOWN_TIES: Final = Lookup(
    select(t.tie.c.person, t.tie.c.kind, t.tie.c.at).where(t.tie.c.district == _d), t.tie.c.person
)


@attrs.frozen(kw_only=True)
class MembershipColumn:
    """A column that names an organisation whose member the person is.

    Attributes:
        tie: the kind of the tie; `organisation`: the kind of the organisation.
        of_compound: whether it belongs to the row's compound; else to the district.
    """

    column: Column
    tie: str
    organisation: str
    of_compound: bool = False


MEMBERSHIPS: Final = (
    MembershipColumn(
        column=Column(
            name="party_organisation",
            headings=("所在党组织", "党组织", "所在党支部", "所属党组织", "所在支部", "组织关系所在党组织"),
            sensitive=True,
        ),
        tie="party_member",
        organisation="party_organisation",
    ),
    MembershipColumn(
        column=Column(
            name="volunteer_organisation",
            headings=("志愿者组织", "志愿服务组织", "志愿服务队", "所在志愿组织", "志愿队伍"),
        ),
        tie="volunteer",
        organisation="volunteer_organisation",
        of_compound=True,
    ),
)
NAME = Column(
    name="name",
    headings=("姓名", "人员姓名", "居民姓名", "党员姓名", "志愿者姓名", "户主姓名", "业主姓名"),
    kind=Kind.NAME,
)
RESIDENT_ID = Column(
    name="resident_id",
    headings=("身份证号", "身份证号码", "公民身份号码", "身份证", "证件号码", "居民身份证号"),
    kind=Kind.RESIDENT_ID,
)
PHONE = Column(
    name="phone",
    headings=("手机号", "手机号码", "联系电话", "联系方式", "手机", "电话", "电话号码"),
    kind=Kind.PHONE,
)
_MORE: Final = (
    Column(name="political_status", headings=("政治面貌",), sensitive=True),
    Column(name="address", headings=("住址", "家庭住址", "现住址", "居住地址", "联系地址"), sensitive=True),
)
_RELATIONS: Final = {
    "业主": "owner", "产权人": "owner", "户主": "owner", "房主": "owner",
    "居民": "resident", "住户": "resident", "租户": "resident", "租客": "resident", "承租人": "resident",
    "家属": "resident", "家庭成员": "resident",
}  # fmt: skip


class ListedPersonEnded(
    PersonEnded, says="person {person} {end}; if that is wrong, correct it with: linli person back"
):
    person: UUID
    end: str | Text


class ErasedBefore(
    Refusal,
    says="this person was erased; an old list does not bring them back: take the row out; if they came anew themselves: linli person add",
): ...


class Entries:
    """People that rows name, found by their keys or registered, with their ties."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._code = batch.rules.district
        self._book = PersonMatcher(batch.facts, batch.rules.vault)
        self._ties: dict[tuple[UUID, str, UUID], Tie] = {}
        self._known_ties: set[tuple[UUID, str, UUID]] = set()
        self._bodies: dict[UUID, Organisation] = {}
        self._new_bodies: list[Organisation] = []
        self._own: dict[UUID, dict[str, UUID]] = {}

    def prepare(self, claims: Iterable[PersonData]) -> None:
        """Read at once what is known of everybody who may be meant."""
        self._book.load(claims)
        self._known_ties |= set(self._batch.facts.found(_KNOWN_TIES, self._book.known_people))

    def known(self, said: PersonData) -> Decision:
        """Who is meant, without taking anything down: for files that say something of people who are known.

        Raises: Refused where what is said fits nobody, or two.
        """
        return self._book.decide(said)

    def take(self, line: Line, said: PersonData) -> tuple[UUID, bool, bool]:
        """Register somebody or find them: the person, whether they are new, whether anything changed."""
        decision = self._book.decide(said)
        if decision.ended_by and decision.person:
            raise Refused(ListedPersonEnded(person=decision.person, end=ended(decision.ended_by)))
        if decision.erased_before:
            raise Refused(ErasedBefore())
        if decision.person is None and (others := self._book.may_be(said)):
            people = listed(others)
            self._batch.notice(line, say("taken as somebody new, but may be person {people}", people=people))
        person = self._book.settle(said, decision, self._batch.facts.at, None)
        return person, decision.person is None, decision.changes

    def tie(self, tie: Tie) -> bool:
        """Record what somebody is to a place or an organisation; False where that is or was known."""
        key = (tie.person, tie.kind, tie.at)
        if key in self._known_ties:
            return False
        self._known_ties.add(key)
        self._ties[key] = tie
        return True

    def party_body(self, name: str, compound: UUID | None, otherwise: UUID) -> UUID:
        """The party organisation of that name: of the compound where there is one, whatever its kind; else the district's."""
        return self._own_of(compound, name) or self.body("party_organisation", name, otherwise)

    def _own_of(self, compound: UUID | None, name: str) -> UUID | None:
        if compound is None:
            return None
        if compound not in self._own:
            rows = map(organisation_from, self._batch.facts.found(BODIES_AT, [compound]))
            self._own[compound] = {"".join(one.name.split()): one.id for one in rows if one.until is None}
        return self._own[compound].get("".join(name.split()))

    @staticmethod
    def body_number(kind: str, name: str, place: UUID) -> UUID:
        """The number of the organisation of that name, whether there is one or not."""
        return organisation_id(place, kind, name)

    def body(self, kind: str, name: str, place: UUID) -> UUID:
        """The organisation of that name, new where there is none."""
        ident = organisation_id(place, kind, name)
        known = self._bodies.get(ident)
        if known is None:
            rows = self._batch.facts.found(ORGANISATIONS, [ident])
            known = organisation_from(rows[0]) if rows else None
            if known is None:
                known = Organisation(id=ident, kind=kind, name=body_name(name), place=place)
                self._new_bodies.append(known)
            self._bodies[ident] = known
        if known.until is not None:
            raise Refused(ListedBodyEnded(day=known.until))
        return ident

    def writes(self) -> list[Write]:
        """All that was gathered."""
        rows = [tie.row(self._code) for tie in self._ties.values()]
        return [
            *(put_organisation(self._code, body) for body in self._new_bodies),
            *self._book.writes(),
            *([bulk(_TIES, rows)] if rows else []),
        ]


def claim_of(line: Line, home: PlaceNode | None, fields: Iterable[Column] = ()) -> PersonData:
    """What a row says of a person; its values are in their normal form already."""
    more = {column.name: text for column in fields if (text := line.text(column.name))}
    part = home.id if home is not None and home.kind == "exclusive_part" else None
    said = PersonData(
        name=line.text("name"),
        phone=line.text("phone"),
        resident_id=line.text("resident_id"),
        fields=more,
        home=part,
    )
    bad = [line.unread[name] for name in ("resident_id", "phone") if name in line.unread]
    if bad and not (said.phone or said.resident_id):
        raise BadLine(bad[0].name, bad[0].what)
    if not (said.phone or said.resident_id or part):
        raise BadLine(
            "phone",
            say("a name alone does not tell who it is; give the phone, the identity number or the home"),
        )
    return said


def _load(lines: Sequence[Line], batch: Batch) -> None:
    homes = Homes(batch, make=batch.settings.new_homes)
    homes.prepare(lines)
    taken: list[tuple[Line, PlaceNode | None, PersonData]] = []
    for line in lines:
        try:
            home = homes.of(line)
            taken.append((line, home, claim_of(line, home, _MORE)))
        except Refused as refusal:
            batch.refuse(line, refusal)
    entries = Entries(batch)
    entries.prepare(said for _, _, said in taken)
    for line, home, said in taken:
        try:
            _take(line, home, said, entries, batch)
        except Refused as refusal:
            batch.refuse(line, refusal, getattr(refusal, "field", "name"))
    batch.write(homes.writes(batch.rules.district))
    batch.write(entries.writes())


def _take(line: Line, home: PlaceNode | None, said: PersonData, entries: Entries, batch: Batch) -> None:
    bodies = [(membership, _body(line, membership, home, entries, batch)) for membership in MEMBERSHIPS]
    person, new, changed = entries.take(line, said)
    since: Any = line.values.get("since")
    ties = [
        Tie(person=person, kind=membership.tie, at=body) for membership, body in bodies if body is not None
    ]
    if home is not None:
        ties.append(_at_home(person, line, home, since))
    fresh = [tie for tie in ties if entries.tie(tie)]
    batch.took(person, new=new, changed=changed or bool(fresh))


def _body(
    line: Line, membership: MembershipColumn, home: PlaceNode | None, entries: Entries, batch: Batch
) -> UUID | None:
    name = line.text(membership.column.name)
    if name is None:
        return None
    compound = home.reporting_place if home is not None else None
    place = compound if membership.of_compound and compound is not None else batch.root
    try:
        if not membership.of_compound:
            return entries.party_body(name, compound, batch.root)
        return entries.body(membership.organisation, name, place)
    except Refused as refusal:
        raise BadLine(membership.column.name, refusal.text) from None


def _at_home(person: UUID, line: Line, home: PlaceNode, since: date | None) -> Tie:
    return Tie(person=person, kind=line.text("relation") or "resident", at=home.id, since=since)


PEOPLE = Importer(
    kind="people",
    done="people taken from a file",
    label="people",
    columns=(
        attrs.evolve(NAME, required=True),
        RESIDENT_ID,
        PHONE,
        *_MORE,
        *(membership.column for membership in MEMBERSHIPS),
        *PLACE_COLUMNS,
        Column(
            name="relation",
            headings=("与房屋关系", "人房关系", "住户类型", "身份类别", "居住关系"),
            kind=Kind.CHOICE,
            choices=_RELATIONS,
        ),
        Column(name="since", headings=("入住时间", "入住日期", "居住起始日期"), kind=Kind.DATE),
    ),
    load=_load,
    plain=True,
)
