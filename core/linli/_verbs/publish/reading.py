"""Publications as their readers see them. What was once published is in every list, marked."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import attrs
from sqlalchemy import ColumnElement, Select, exists, func, or_, select

from linli._base import codec
from linli._base.errors import Altered, NotFound
from linli._base.i18n import say
from linli._base.refusals import NotFoundHere
from linli._hooks.audience import Audience
from linli._model.acts import ACT_COLUMNS, Act, act_from
from linli._model.lookups import ALIAS, CONSENT
from linli._model.subjects import SUBJECT_COLUMNS, StoredSubject, subject_from
from linli._store import tables as t
from linli._vault.crypto import DataKey
from linli._vault.vault import ITEMS_OF, KEY_OF
from linli._verbs.publish.altered import unlike
from linli._verbs.publish.checks import PUBLICATION_BY_ID, PUBLICATIONS_ABOUT
from linli._verbs.publish.receipts import Opened, unopened
from linli._verbs.publish.records import Publication

if TYPE_CHECKING:
    from linli._engine.opened import OpenDistrict

OUT = ("published", "withdrawn")
_AT_ONCE = 500


@attrs.frozen(kw_only=True)
class Period:
    """A list's days: from `since` on, before `until`; None: no limit."""

    since: datetime | None = None
    until: datetime | None = None


@attrs.frozen(kw_only=True)
class Wanted:
    """What a list of publications should have.

    Attributes:
        places: at these or below them; empty: anywhere.
        exactly: at one of `places` themselves, not below.
        without: but not at these or below them.
        channel: and those that this channel carries to one of `places` from elsewhere.
        states: published and withdrawn ones, unless other states are named.
        most: the newest so many; None: all.
    """

    places: Sequence[UUID] = ()
    exactly: bool = False
    without: Sequence[UUID] = ()
    channel: str | None = None
    series: str | None = None
    period: Period = Period()
    states: tuple[str, ...] = OUT
    most: int | None = None


def listed(district: "OpenDistrict", wanted: Wanted) -> list[StoredSubject]:
    """The publications that fit, the newest first."""
    s = t.subject.c
    query = (
        select(*SUBJECT_COLUMNS)
        .where(*_fits(district, wanted))
        .order_by(s.accepted_at.desc().nulls_first(), s.id.desc())
        .limit(wanted.most)
    )
    return as_published(district, _read(district, query))


def span(district: "OpenDistrict", wanted: Wanted) -> tuple[datetime, datetime] | None:
    """When the first and the last of those that fit went out; None where none did."""
    at = t.subject.c.accepted_at
    with district.store.reading() as connection:
        query = select(func.min(at), func.max(at)).where(*_fits(district, wanted))
        first, last = connection.execute(query).one()
    return (first, last) if first and last else None


def about(district: "OpenDistrict", matter: UUID) -> list[StoredSubject]:
    """The publications about a matter that went out, the first one first."""
    asked = {"district": district.code, "about": str(matter)}
    rows = district.store.ask([(PUBLICATIONS_ABOUT, asked)])[0]
    found = [subject_from(tuple(row), Publication) for row in rows]
    out = [one for one in found if one.state in OUT]
    return sorted(as_published(district, out), key=lambda one: one.id)


def naming_person(district: "OpenDistrict", person: UUID) -> list[StoredSubject]:
    """The publications that show, or once showed, data of a person and those merged into them."""
    query = select(t.alias.c.id).where(t.alias.c.district == district.code, t.alias.c.now == person)
    with district.store.reading() as connection:
        merged = connection.execute(query).scalars().all()
    return [one for ident in (person, *merged) for one in _naming(district, ident)]


def _naming(district: "OpenDistrict", person: UUID) -> list[StoredSubject]:
    named = _has(district, f'"person":"{person}"')
    query = select(*SUBJECT_COLUMNS).where(*_fits(district, Wanted()), named)
    return _read(district, query.order_by(t.subject.c.id))


def _read(district: "OpenDistrict", query: Select[tuple[object, ...]]) -> list[StoredSubject]:
    with district.store.reading() as connection:
        rows = connection.execute(query).all()
    return [subject_from(tuple(row), Publication) for row in rows]


def _has(district: "OpenDistrict", text: str) -> ColumnElement[bool]:
    """That the record has this text: canonical JSON escapes quotes in strings, so it finds fields alone."""
    # Not LIKE, which takes capital for small letters on SQLite.
    position = func.instr if district.store.name == "sqlite" else func.strpos
    return position(t.subject.c.record, text) > 0


def _fits(district: "OpenDistrict", wanted: Wanted) -> list[ColumnElement[bool]]:
    s, period = t.subject.c, wanted.period
    found = [s.district == district.code, s.kind == "publication", s.state.in_(wanted.states)]
    if wanted.places:
        found.append(or_(*_at(district, wanted)))
    if wanted.without:
        found.append(~_below(wanted.without))
    if wanted.series is not None:
        found.append(_has(district, f'"series":{codec.encode(wanted.series)}'))
    if period.since:
        found.append(s.accepted_at >= period.since)
    if period.until:
        found.append(s.accepted_at < period.until)
    return found


def _at(district: "OpenDistrict", wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    yield t.subject.c.place.in_(wanted.places) if wanted.exactly else _below(wanted.places)
    if wanted.channel:
        carried = (Audience(place=one, channel=wanted.channel) for one in wanted.places)
        yield from (_has(district, codec.encode(one)) for one in carried)


def _below(places: Sequence[UUID]) -> ColumnElement[bool]:
    # Asked of each publication's place: there are far fewer publications than places.
    p, s = t.place.c, t.subject.c
    under = or_(*(p.path.contains(place.hex) for place in places))
    return exists().where(p.district == s.district, p.id == s.place, under)


class NoSuchPublication(
    NotFoundHere, says="there is no publication {id}; see those there are: linli publication list"
):
    id: UUID


def one(district: "OpenDistrict", ident: UUID) -> StoredSubject:
    """A publication; NotFound where there is none."""
    rows = district.store.ask([(PUBLICATION_BY_ID, {"district": district.code, "id": ident})])[0]
    if not rows:
        raise NotFound(NoSuchPublication(id=ident))
    return as_published(district, [subject_from(rows[0], Publication)])[0]


def as_published(district: "OpenDistrict", found: list[StoredSubject]) -> list[StoredSubject]:
    """The same, after making sure that each says what went out.

    Raises: Altered: no other text is shown in its place.
    """
    acts = _acts_on(district, [one.id for one in found if one.state in OUT])
    for subject in found:
        problem = unlike(subject, acts.get(subject.id, ()))
        if problem:
            raise Altered(
                say(
                    "{problem}; it is not shown; restore it from a backup, and see: linli verify",
                    problem=problem,
                )
            )
    return found


def _acts_on(district: "OpenDistrict", idents: Sequence[UUID]) -> dict[UUID, list[Act]]:
    a, found = t.act.c, dict[UUID, list[Act]]()
    for first in range(0, len(idents), _AT_ONCE):
        page = idents[first : first + _AT_ONCE]
        query = select(*ACT_COLUMNS).where(a.district == district.code, a.root.in_(page))
        with district.store.reading() as connection:
            for row in connection.execute(query.order_by(a.root, a.version)):
                found.setdefault(row.root, []).append(act_from(tuple(row)))
    return found


def opened(district: "OpenDistrict", publication: StoredSubject) -> Mapping[str, Opened]:
    """Its consented texts that may still be shown: not shredded, and the consent stands."""
    personal = publication.record.personal
    if not personal or publication.state == "withdrawn":
        return {}
    owners = {one.person for one in personal.values()}
    keys = {owner: _key(district, owner) for owner in owners}
    asked = {"district": district.code, "subject": publication.id}
    items = {row[0]: bytes(row[1]) for row in district.store.ask([(ITEMS_OF, asked)])[0]}
    found = {}
    for name, one in personal.items():
        key = keys[one.person]
        if key and name in items and _consents(district, one.person, one.purpose):
            text = district.rules.vault.opened(key, publication.id, {name: items[name]})[name]
            if unopened(text, one.commitment):
                raise Altered(
                    say(
                        "publication {id}: {name} is not the text that was committed to",
                        id=publication.id,
                        name=name,
                    )
                )
            found[name] = codec.decoder(Opened)(text)
    return found


def _key(district: "OpenDistrict", owner: UUID) -> DataKey | None:
    rows = district.store.ask([(KEY_OF, {"district": district.code, "owner": owner})])[0]
    return district.rules.vault.key_from(rows, owner) if rows else None


def _consents(district: "OpenDistrict", person: UUID, purpose: str) -> bool:
    merged = district.store.ask([(ALIAS, {"district": district.code, "id": person})])[0]
    who = merged[0][0] if merged else person
    asked = {"district": district.code, "person": who, "purpose": purpose, "at": district.now()}
    return bool(district.store.ask([(CONSENT, asked)])[0])
