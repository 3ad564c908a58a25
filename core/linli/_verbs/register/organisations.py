"""Organisations: bodies of a place, such as a committee, a company, a department."""

import re
from collections.abc import Container, Iterable, Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID, uuid5

import attrs
from sqlalchemy import Select, bindparam, or_, select, update

from linli._base import codec
from linli._base.errors import NotFound, Refused
from linli._base.i18n import Several, listed, say
from linli._base.identity import normal_uscc
from linli._base.refusals import Invalid, Missing, NotFoundHere, Unfit
from linli._base.revealing import unfit
from linli._engine.listing import organisation_names
from linli._engine.orders import AlreadySo
from linli._model.access import Actor
from linli._model.direct import ActResult
from linli._model.facts import Facts
from linli._model.inputs import BodyId
from linli._model.lookups import PlaceEnded, ever, path_ids
from linli._store import Read, Row, Write
from linli._store import tables as t
from linli._store.bulk import Lookup
from linli._store.statements import upsert_into, write_statement
from linli._verbs.register.acts import ORGANISATION_END, ORGANISATION_MOVE, ORGANISATION_REGISTER
from linli._verbs.register.base import Desk
from linli._verbs.register.going_on import body_moves, told
from linli._verbs.register.living import OrganisationEnded
from linli._verbs.register.posts import end_posts_at
from linli._verbs.register.ties import EndsBeforeItBegan

_NAMESPACE: Final = UUID("c1e8b0a2-54f6-5a0f-8f4e-6f0d7f1c2b3d")
_KIND: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_o = t.organisation.c
_COLUMNS = (_o.id, _o.kind, _o.name, _o.place, _o.code, _o.record, _o.since, _o.until)
_all = select(*_COLUMNS).where(_o.district == bindparam("district"))
ORGANISATIONS: Final = Lookup(_all, _o.id)
BODIES_AT: Final = Lookup(_all, _o.place)
_ONE = Read(_all.where(_o.id == bindparam("id")))
_SO_CALLED = Read(
    select(_o.id).where(
        _o.district == bindparam("district"),
        ever(_o.place, "place"),
        _o.kind == bindparam("kind"),
        _o.name == bindparam("name"),
        _o.until.is_(None),
    )
)
_PUT = upsert_into(
    t.organisation,
    keys=("district", "id"),
    change=lambda table, new: {"code": new.code, "record": new.record},
    rank=12,
)
_NAMES: Final = tuple(column.name for column in t.organisation.columns)
_END = write_statement(
    update(t.organisation)
    .where(_o.district == bindparam("the_district"), _o.id == bindparam("the_id"))
    .values(until=bindparam("day")),
    rank=13,
    name="end organisation",
)


@attrs.frozen(kw_only=True)
class Organisation:
    """A body of a place.

    Attributes:
        code: its unified social credit code, where it has one.
        until: the day on which it ended; None while it stands.
    """

    id: UUID
    kind: str
    name: str
    place: UUID
    code: str | None = None
    record: Mapping[str, Any] = attrs.field(factory=dict, hash=False)
    since: date | None = None
    until: date | None = None


def organisation_from(row: Row) -> Organisation:
    """An organisation from a row of the table."""
    ident, kind, name, place, code, record, since, until = row
    return Organisation(
        id=ident, kind=kind, name=name, place=place, code=code, record=codec.decode(record),
        since=since, until=until,
    )  # fmt: skip


def organisation_id(place: UUID, kind: str, name: str) -> UUID:
    """The identifier of a body: it follows from where it is, what it is and what it is called."""
    return uuid5(_NAMESPACE, f"{place.hex} {kind} {''.join(name.split())}")


def body_name(text: str) -> str:
    """An organisation's name as it is kept; Refused where it identifies a person."""
    if problem := unfit(text.strip()):
        raise Refused(Unfit(field="name", name=say("name"), problem=problem))
    return " ".join(text.split())


def put_organisation(district: str, body: Organisation) -> Write:
    """The write of an organisation as it now is."""
    row = (
        district, body.id, body.kind, body.place, body.name, body.code, codec.encode(dict(body.record)),
        body.since, body.until,
    )  # fmt: skip
    return Write(_PUT, dict(zip(_NAMES, row, strict=True)), body.id.hex)


def ended_organisation(district: str, ident: UUID, day: date) -> Write:
    """The write after which an organisation has ended."""
    return Write(_END, {"the_district": district, "the_id": ident, "day": day}, ident.hex)


class BodyNameNotSaid(Missing, says="an organisation needs a name, and a kind such as property_company"):
    field: str = "name"


class NoBodyAtEndedPlace(PlaceEnded, says="place {id} has ended; no organisation begins there"):
    id: UUID


class EndedBodyStays(OrganisationEnded, says="{name} ended on {day}; it cannot move"):
    name: str
    day: date


class NoSuchBody(NotFoundHere, says="there is no organisation {id} in this district"):
    id: UUID


class NoBodyCalled(NotFoundHere, says="there is no organisation '{text}'; see: linli organisation list"):
    text: str


class SeveralBodies(Invalid, says="several organisations are called '{text}'; name one: {known}"):
    text: str
    known: Several
    field: str = "organisation"


class Organisations(Desk):
    """The district's organisations."""

    def organisation(
        self,
        kind: str,
        name: str,
        at: UUID,
        *,
        code: str | None = None,
        record: Mapping[str, Any] | None = None,
        since: date | None = None,
        sure: bool = False,
        actor: Actor | None = None,
    ) -> UUID:
        """Register an organisation of a place, or find the one of that name there.

        Args:
            kind: "residents_committee", "owners_committee", "property_company", "department", …
            code: its unified social credit code (GB 32100-2015).
            sure: whether the name may be that of somebody registered there.

        Raises: NotFound for the place; Refused where the place or the organisation has ended.
        """
        name = body_name(name)
        if not name or not _KIND.fullmatch(kind):
            raise Refused(BodyNameNotSaid())
        place = self._now(at)
        known = self._rows(_SO_CALLED, place=place, kind=kind, name=name)
        wanted = Organisation(
            # One that came from another place keeps its number.
            id=known[0][0] if known else organisation_id(place, kind, name),
            kind=kind,
            name=name,
            place=place,
            code=normal_uscc(code) if code else None,
            record=record or {},
            since=since,
        )

        def work(facts: Facts) -> ActResult:
            if facts.place(place).closed:
                raise Refused(NoBodyAtEndedPlace(id=place))
            now = amended(facts, wanted)
            body = {"kind": kind, "code": now.code}
            return ActResult(body=body, writes=(put_organisation(self._code, now),))

        named = None if sure else name
        self._act(ORGANISATION_REGISTER, wanted.id, work, place=place, actor=actor, at=None, named=named)
        return wanted.id

    def end_organisation(
        self, organisation: UUID, on: date | None = None, *, actor: Actor | None = None
    ) -> None:
        """End an organisation, and the posts there with it; what they held passes to who stands in."""
        known, day = self.organisation_record(organisation), self._day(on)

        def work(facts: Facts) -> ActResult:
            now = organisation_from(facts.rows(_ONE, id=organisation)[0])
            if now.until is not None:
                raise AlreadySo
            if now.since and day < now.since:
                raise Refused(EndsBeforeItBegan(day=now.since))
            end = ended_organisation(self._code, organisation, day)
            posts = end_posts_at(self._code, organisation, facts.at)
            effects = told(facts, [organisation])
            return ActResult(body={"until": day.isoformat()}, writes=(end, posts), effects=effects)

        self._act(ORGANISATION_END, organisation, work, place=known.place, actor=actor, at=None)

    def move_organisation(self, organisation: UUID, to: UUID, *, actor: Actor | None = None) -> None:
        """Let an organisation be one of another place, which the posts in it reach from now on.

        Raises: Refused where the organisation or the place has ended.
        """
        known, place = self.organisation_record(organisation), self._now(to)

        def work(facts: Facts) -> ActResult:
            now = organisation_from(facts.rows(_ONE, id=organisation)[0])
            if now.place == place:
                raise AlreadySo
            if now.until is not None:
                raise Refused(EndedBodyStays(name=now.name, day=now.until))
            if facts.place(place).closed:
                raise Refused(NoBodyAtEndedPlace(id=place))
            body = {"from": str(now.place), "to": str(place), "kind": now.kind}
            return ActResult(body=body, writes=tuple(body_moves(facts, organisation, place)))

        # Its posts reach the new place from now on: the right is needed there too.
        self._act(
            ORGANISATION_MOVE, organisation, work,
            place=known.place, actor=actor, at=None, also_at=lambda facts: (place,),
        )  # fmt: skip

    def organisation_record(self, ident: UUID) -> Organisation:
        """An organisation; NotFound where there is none."""
        rows = self._rows(_ONE, id=ident)
        if not rows:
            raise NotFound(NoSuchBody(id=ident))
        return organisation_from(rows[0])

    def organisations(
        self,
        *,
        kind: str | None = None,
        place: UUID | None = None,
        name: str | None = None,
        ended: bool = False,
    ) -> list[Organisation]:
        """Organisations of a kind, of exactly one place and of those that it took the place of, of a name."""
        query = select(*_COLUMNS).where(_o.district == self._code).order_by(_o.kind, _o.name, _o.id)
        for column, value in ((_o.kind, kind), (_o.name, name)):
            query = query if value is None else query.where(column == value)
        if place is not None:
            query = query.where(or_(_o.place == place, _o.place.in_(self._gone_before(place))))
        if not ended:
            query = query.where(_o.until.is_(None))
        with self._district.store.reading() as connection:
            return [organisation_from(tuple(row)) for row in connection.execute(query)]

    def _gone_before(self, place: UUID) -> Select[UUID]:
        """The places that were merged into one, or that it is a part of since they were split."""
        p = t.place.c
        return select(p.id).where(
            p.district == self._code,
            p.until.is_not(None),
            or_(
                p.record.contains(f'"{place}"'),
                p.id.in_(
                    select(t.alias.c.id).where(t.alias.c.district == self._code, t.alias.c.now == place)
                ),
            ),
        )

    def organisation_names(self, idents: Iterable[UUID]) -> dict[UUID, str]:
        """What organisations are called; what is none is left out."""
        return organisation_names(self._district, idents)

    def find_organisation(
        self, text: str, among: Container[UUID] = (), *, near: UUID | None = None
    ) -> BodyId:
        """The organisation that a person names: its number, its name, or its place and name "城北街道/住建局".

        Args:
            among: which it can be; of several of one name the only one of these is meant.
            near: the place of the matter that it is named for; of several the only one there or above is meant.

        Raises: NotFound; Refused where several are so called, with where each is.
        """
        try:
            return BodyId(self.organisation_record(UUID(text)).id)
        except ValueError:
            found = self._so_called(text.strip())
            found = [one for one in found if one.id in among] or found
            if near is not None and len(found) > 1:
                above = path_ids(self._district.register.node(near).path)
                found = [one for one in found if one.place in above] or found
        if len(found) == 1:
            return BodyId(found[0].id)
        if not found:
            raise NotFound(NoBodyCalled(text=text))
        where = self._district.register.name_paths(one.place for one in found)
        known = listed(f"{where[one.place]}/{one.name}" for one in found)
        raise Refused(SeveralBodies(text=text, known=known))

    def _so_called(self, text: str) -> list[Organisation]:
        found = self.organisations(name=text)
        place, _, name = text.rpartition("/")
        if found or not place:
            return found
        return self.organisations(name=name.strip(), place=self._district.register.find_place(place))


class NameOfEndedBody(OrganisationEnded, says="{name} ended on {day}; a new one needs another name"):
    name: str
    day: date


def amended(facts: Facts, wanted: Organisation) -> Organisation:
    """The organisation as it will be; AlreadySo where nothing changes, Refused where it has ended."""
    rows = facts.rows(_ONE, id=wanted.id)
    if not rows:
        return wanted
    known = organisation_from(rows[0])
    if known.until is not None:
        raise Refused(NameOfEndedBody(name=known.name, day=known.until))
    now = attrs.evolve(known, code=wanted.code or known.code, record={**known.record, **wanted.record})
    if now == known:
        raise AlreadySo
    return now
