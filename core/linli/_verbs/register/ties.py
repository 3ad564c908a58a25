"""Ties of people to places and organisations, and what they have agreed to."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import attrs
from sqlalchemy import bindparam, or_, select, update

from linli._base import codec
from linli._base.errors import NotFound, Refused
from linli._base.i18n import Several, listed
from linli._base.refusals import Invalid, NotFoundHere
from linli._engine.orders import AlreadySo
from linli._hooks.asked import plugins_of
from linli._hooks.plugin import unknown_purpose
from linli._model.access import Actor
from linli._model.direct import ActResult, DirectAct
from linli._model.facts import Facts
from linli._model.lookups import HOMES, ORGANISATION, PLACE, PlaceEnded, place_from
from linli._store import Read, Row, Write
from linli._store import tables as t
from linli._store.bulk import Lookup
from linli._store.statements import upsert_into, write_statement
from linli._verbs.register.acts import PERSON_CONSENT, PERSON_TIE, PERSON_UNTIE, PERSON_WITHDRAW_CONSENT
from linli._verbs.register.base import Desk
from linli._verbs.register.giving_posts import NoPlaceOrBody
from linli._verbs.register.living import living

TIE_RANK: Final = 14
OWNER: Final = "owner"
OWNER_AS: Final = "as"
ESTATE: Final = "estate"
_ORGANISATION: Final = "organisation"
OWNS_AS: Final = ("minor", "ward", ESTATE, _ORGANISATION, "not_found")
"""How an owner is one, where that is not a grown-up person who can be found: `as` in the record of the tie."""
_KIND: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_t = t.tie.c
_COLUMNS = (_t.person, _t.kind, _t.at, _t.since, _t.until, _t.record)
_TIE = Read(
    select(*_COLUMNS).where(
        _t.district == bindparam("district"),
        _t.person == bindparam("person"),
        _t.kind == bindparam("kind"),
        _t.at == bindparam("where"),
    )
)
TIES_AT: Final = Lookup(select(*_COLUMNS).where(_t.district == bindparam("district")), _t.at)
_PUT = upsert_into(
    t.tie,
    keys=("district", "person", "kind", "at"),
    change=lambda table, new: {"since": new.since, "until": new.until, "record": new.record},
    rank=TIE_RANK,
)
_NAMES: Final = tuple(column.name for column in t.tie.columns)
_END_OF = write_statement(
    update(t.tie)
    .where(
        _t.district == bindparam("the_district"),
        _t.person == bindparam("the_person"),
        _t.until.is_(None),
        _t.kind != bindparam("but"),
    )
    .values(until=bindparam("day")),
    rank=TIE_RANK + 1,
    name="end ties of",
)
_c = t.consent.c
_AGREE = upsert_into(
    t.consent,
    keys=("district", "person", "purpose"),
    change=lambda table, new: {"since": new.since, "until": new.until},
    rank=TIE_RANK,
)
_CONSENTS = Read(
    select(_c.purpose, _c.since, _c.until)
    .where(_c.district == bindparam("district"), _c.person == bindparam("person"))
    .order_by(_c.purpose)
)
WITHDRAW_ALL = write_statement(
    update(t.consent)
    .where(
        _c.district == bindparam("the_district"),
        _c.person == bindparam("the_person"),
        or_(_c.until.is_(None), _c.until > bindparam("moment")),
    )
    .values(until=bindparam("moment")),
    rank=TIE_RANK + 1,
    name="withdraw consents",
)


@attrs.frozen(kw_only=True)
class Tie:
    """What a person is to a place or an organisation.

    Attributes:
        kind: "resident" or "owner" of an exclusive part, "volunteer" or a member of an organisation, …
        at: the place or the organisation.
        since, until: days; None where not known, or not ended.
    """

    person: UUID
    kind: str
    at: UUID
    since: date | None = None
    until: date | None = None
    record: Mapping[str, Any] = attrs.field(factory=dict, hash=False)

    def row(self, district: str) -> tuple[Any, ...]:
        """The row of the table of ties."""
        record = codec.encode(codec.plain(self.record))
        return (district, self.person, self.kind, self.at, self.since, self.until, record)


def tie_from(row: Row) -> Tie:
    """A tie from a row of the table."""
    person, kind, at, since, until, record = row
    return Tie(person=person, kind=kind, at=at, since=since, until=until, record=codec.decode(record))


def put_tie(district: str, tie: Tie) -> Write:
    """The write of a tie as it now is."""
    return Write(_PUT, dict(zip(_NAMES, tie.row(district), strict=True)), f"{tie.person.hex}{tie.at.hex}")


def end_ties_of(district: str, person: UUID, day: date, *, but: str = "") -> Write:
    """The write after which a person has no tie, but those of one kind."""
    return Write(_END_OF, {"the_district": district, "the_person": person, "day": day, "but": but})


class NoWayToOwn(Invalid, says="'{how}' is no way to own; there are: {known}"):
    how: str | None
    known: Several
    field: str = "as"


def _party(facts: Facts, who: UUID, kind: str, record: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """What is kept of a tie: it is somebody's who is there, and an owner can be an organisation or an estate too."""
    body = kind == OWNER and bool(facts.rows(ORGANISATION, id=who))
    how = record.get(OWNER_AS) if record and kind == OWNER else None
    if how not in (None, *OWNS_AS) or (how == _ORGANISATION) > body:
        raise Refused(NoWayToOwn(how=how, known=listed(OWNS_AS)))
    if not body and how != ESTATE:
        living(facts, who)
    return {**(record or {}), OWNER_AS: _ORGANISATION} if body else record


TIES_OF = Read(
    select(*_COLUMNS).where(_t.district == bindparam("district"), _t.person == bindparam("person"))
)


def ties_from(facts: Facts, person: UUID) -> list[Tie]:
    """Every tie of a person, ended ones too."""
    return [tie_from(row) for row in facts.rows(TIES_OF, person=person)]


def _at_home(facts: Facts, person: UUID) -> bool:
    return any(tie.kind == "resident" and tie.until is None for tie in ties_from(facts, person))


class NoTieToEndedPlace(PlaceEnded, says="place {id} has ended; nobody can be tied to it any more"):
    id: UUID


def place_of(facts: Facts, at: UUID) -> UUID:
    """The place of a tie's end; refused where it is none, or has ended."""
    places = facts.rows(PLACE, id=at)
    if places:
        if place_from(places[0]).closed:
            raise Refused(NoTieToEndedPlace(id=at))
        return at
    rows = facts.rows(ORGANISATION, id=at)
    if not rows:
        raise NotFound(NoPlaceOrBody(id=at))
    return rows[0][3]  # type: ignore[no-any-return]


def consent_from(district: str, person: UUID, purpose: str, since: datetime, until: datetime | None) -> Write:
    """The write of a consent as it now is."""
    values = {"district": district, "person": person, "purpose": purpose, "since": since, "until": until}
    return Write(_AGREE, values)


class EndsBeforeItBegan(Invalid, says="it began on {day}; it cannot end before"):
    day: date
    field: str = "until"


class NoKindOfTie(Invalid, says="'{kind}' is no kind of tie; write it like resident or owner"):
    kind: str
    field: str = "kind"


class NoSuchTie(NotFoundHere, says="person {id} has no tie {kind} there"):
    id: UUID
    kind: str


class NoSuchConsent(NotFoundHere, says="no consent to {purpose} is recorded"):
    purpose: str


class Ties(Desk):
    """What people are to places and organisations, and what they agreed to."""

    def tie(
        self,
        person: UUID,
        kind: str,
        at: UUID,
        *,
        since: date | None = None,
        record: Mapping[str, Any] | None = None,
        actor: Actor | None = None,
    ) -> None:
        """Record what a person is to a place or an organisation; one that ended begins anew.

        Args:
            person: for an owner it can be an organisation too.
            kind: "resident", "owner", "tenant", "volunteer", "party_member", …
            record: what else is kept of it, such as an owner's share, or as what they own (`as`: one of
                OWNS_AS): no personal data.

        Raises: NotFound; Refused for what has ended, and for a day to come: a tie is a fact of today.
        """
        if not _KIND.fullmatch(kind):
            raise Refused(NoKindOfTie(kind=kind))
        who, where = self._now(person), self._now(at)
        with self._facts() as facts:
            place = place_of(facts, where)

        def work(facts: Facts) -> ActResult:
            kept = _party(facts, who, kind, record)
            place_of(facts, where)
            known = [tie_from(row) for row in facts.rows(_TIE, person=who, kind=kind, where=where)]
            if known and known[0].until is None and kept in (None, known[0].record):
                raise AlreadySo
            tie = Tie(person=who, kind=kind, at=where, since=since, record=kept or {})
            body = {"kind": kind, "at": str(where), "since": since.isoformat() if since else None}
            return ActResult(body=body, writes=(put_tie(self._code, tie),), was=(since,))

        # Whose home changes is judged where they have been at home too: else any desk could make them its own.
        def also_at(facts: Facts) -> list[UUID]:
            home = facts.home(who)
            return [home] if home and (kind == "resident" or not _at_home(facts, who)) else []

        self._act(PERSON_TIE, who, work, place=place, person=who, actor=actor, at=None, also_at=also_at)

    def end_tie(
        self, person: UUID, kind: str, at: UUID, on: date | None = None, *, actor: Actor | None = None
    ) -> None:
        """End what a person is to a place or an organisation."""
        who, where, day = self._now(person), self._now(at), self._day(on)

        def work(facts: Facts) -> ActResult:
            rows = facts.rows(_TIE, person=who, kind=kind, where=where)
            if not rows:
                raise NotFound(NoSuchTie(id=who, kind=kind))
            known = tie_from(rows[0])
            if known.until is not None:
                raise AlreadySo
            if known.since and day < known.since:
                raise Refused(EndsBeforeItBegan(day=known.since))
            body = {"kind": kind, "at": str(where), "until": day.isoformat()}
            writes = (put_tie(self._code, attrs.evolve(known, until=day)),)
            return ActResult(body=body, writes=writes, was=(day,))

        self._act(PERSON_UNTIE, who, work, place=self.place_of_person(who), person=who, actor=actor, at=None)

    def ties(
        self,
        *,
        person: UUID | None = None,
        at: UUID | None = None,
        kind: str | None = None,
        ended: bool = False,
    ) -> list[Tie]:
        """Ties of a person, to a place or an organisation, of a kind."""
        query = select(*_COLUMNS).where(_t.district == self._code).order_by(_t.person, _t.kind, _t.at)
        for column, value in (
            (_t.person, person and self._now(person)),
            (_t.at, at and self._now(at)),
            (_t.kind, kind),
        ):
            query = query if value is None else query.where(column == value)
        if not ended:
            query = query.where(_t.until.is_(None))
        with self._district.store.reading() as connection:
            return [tie_from(tuple(row)) for row in connection.execute(query)]

    def place_of_person(self, person: UUID) -> UUID | None:
        """Where a person is at home, or where else they belong; None where nothing is known."""
        for _at, place, body_place, _kind in self._rows(HOMES, person=self._now(person)):
            return place or body_place  # type: ignore[no-any-return]
        return None

    def consent(
        self,
        person: UUID,
        purpose: str,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        actor: Actor | None = None,
    ) -> None:
        """Record that a person agrees that their data serves a purpose, such as "publish_contact".

        Raises: Refused for a purpose that nothing is published for.
        """
        begins = since or self._district.now()

        def agreed(facts: Facts, known: tuple[datetime, datetime | None] | None) -> datetime | None:
            living(facts, self._now(person))
            unknown = unknown_purpose(purpose, plugins_of(facts).declarations.values())
            if unknown:
                raise Refused(unknown)
            if known and known[0] <= begins and known[1] == until:
                raise AlreadySo
            return until

        self._agree(PERSON_CONSENT, person, purpose, begins, agreed, actor)

    def withdraw_consent(
        self, person: UUID, purpose: str, *, at: datetime | None = None, actor: Actor | None = None
    ) -> None:
        """Record that a person no longer agrees to a purpose."""
        moment = at or self._district.now()

        def agreed(facts: Facts, known: tuple[datetime, datetime | None] | None) -> datetime | None:
            if known is None:
                raise NotFound(NoSuchConsent(purpose=purpose))
            if known[1] is not None and known[1] <= moment:
                raise AlreadySo
            return moment

        self._agree(PERSON_WITHDRAW_CONSENT, person, purpose, None, agreed, actor)

    def _agree(
        self,
        act: DirectAct[Any],
        person: UUID,
        purpose: str,
        since: datetime | None,
        agreed: Any,
        actor: Actor | None,
    ) -> None:
        who = self._now(person)

        def work(facts: Facts) -> ActResult:
            known = {p: (begun, end) for p, begun, end in facts.rows(_CONSENTS, person=who)}.get(purpose)
            until = agreed(facts, known)
            begun = since or (known or (facts.at,))[0]
            return ActResult(
                body={"purpose": purpose}, writes=(consent_from(self._code, who, purpose, begun, until),)
            )

        self._act(act, who, work, place=self.place_of_person(who), person=who, actor=actor, at=None)

    def consents(self, person: UUID) -> dict[str, tuple[datetime, datetime | None]]:
        """By purpose, from when to when a person agrees."""
        rows = self._rows(_CONSENTS, person=self._now(person))
        return {purpose: (since, until) for purpose, since, until in rows}
