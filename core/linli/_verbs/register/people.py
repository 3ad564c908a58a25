"""People: registered once however often they come, found by their keys, corrected."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

import attrs
from sqlalchemy import bindparam, delete, select

from linli._base.errors import Refused
from linli._base.i18n import Several, listed
from linli._base.identity import BadValue, normal_phone, normal_resident_id
from linli._base.refusals import Invalid, Missing, NotFoundHere
from linli._engine.orders import AlreadySo
from linli._model.access import Actor
from linli._model.acts import new_id
from linli._model.direct import ActResult
from linli._model.facts import Facts
from linli._model.inputs import PersonId
from linli._model.lookups import NobodyRegistered
from linli._store import Read, Write
from linli._store import tables as t
from linli._store.statements import write_statement
from linli._vault.vault import ITEMS_OF, KEY_OF, OWNER_BY_BLIND, OWNERS_OF_PHONE
from linli._verbs.register.acts import PERSON_CORRECT, PERSON_REGISTER
from linli._verbs.register.base import Stale, as_uuid
from linli._verbs.register.book import Decision, PersonMatcher
from linli._verbs.register.claims import Contradiction, PersonData, claim
from linli._verbs.register.keeping import homes_of, keeps
from linli._verbs.register.known import CONTACT, KEYS, shared_phone, too
from linli._verbs.register.living import PERSON, living
from linli._verbs.register.ties import Tie, Ties, place_of, put_tie

_DROP = write_statement(
    delete(t.vault_item).where(
        t.vault_item.c.district == bindparam("district"),
        t.vault_item.c.subject == bindparam("subject"),
        t.vault_item.c.field.like("phone\\_%", escape="\\"),
    ),
    rank=19,
    name="drop further phones",
)
_KEYS_OF: Final = Read(
    select(t.vault_index.c.field).where(
        t.vault_index.c.district == bindparam("district"), t.vault_index.c.owner == bindparam("owner")
    )
)
_REGISTERED = select(t.person.c.id, t.person.c.registered_at, t.person.c.ended_at, t.person.c.ended_by)


@attrs.frozen(kw_only=True)
class PersonRecord:
    """A person as the register shows one: without personal data.

    Attributes:
        ended_by: "died", "moved_away", "merged" or "erased"; None while they are here.
    """

    id: UUID
    registered_at: datetime
    ended_at: datetime | None = None
    ended_by: str | None = None


def _may_add(facts: Facts, person: UUID) -> bool:
    """Whether who acts may add to the record of somebody known: only where they keep the register of their home."""
    return facts.actor is None or keeps(facts, facts.actor, homes_of(facts, person))


class NothingToCorrect(Missing, says="say what is to be put right"):
    field: str = "fields"


class OfAnother(
    Invalid, says="this {field} is that of person {other}; if they are one: linli person merge {other} {who}"
):
    field: str
    other: UUID
    who: UUID


class FindsNobody(
    NotFoundHere,
    says="this finds nobody; give a number of linli's, a phone or an identity number of somebody who is registered",
): ...


class SharedPhone(
    Invalid,
    says="{count} people share this phone; give the number of the one you mean: {people}; who each is: linli person find PHONE",
):
    count: int
    people: Several
    field: str = "person"


class People(Ties):
    """The district's people."""

    def person(
        self,
        *,
        name: str | None = None,
        phone: str | None = None,
        resident_id: str | None = None,
        fields: Mapping[str, str] | None = None,
        home: UUID | None = None,
        extra: Mapping[str, str] | None = None,
        actor: Actor | None = None,
        at: datetime | None = None,
    ) -> UUID:
        """Register a person, or find the one whom the phone or the identity number finds.

        What the record lacks is added to it; what it has stays (`correct` changes it). Who gives
        the phone of somebody with another name shares that phone, and is a person of their own. Nothing is added
        to who is at home elsewhere, unless whoever acts keeps the register there too.
        Who has neither phone nor identity number is known by name and home.

        Args:
            fields: what else the vault keeps, by name: "address", "political_status".
            home: the place where they live: a tie "resident".
            extra: what plugins compare by (`person_match`); not kept.

        Raises: BadValue; Contradiction, such as keys of two people, with both to be merged.
        """
        said = claim(name=name, phone=phone, resident_id=resident_id, fields=fields, home=home, extra=extra)
        new = new_id()

        def attempt() -> UUID:
            with self._facts(at) as facts:
                book = self._book(facts, said)
                known = book.decide(said).person

            def work(facts: Facts) -> ActResult:
                return self._registration(facts, said, known, new, home)

            ident = known or new
            self._act(PERSON_REGISTER, ident, work, place=home, person=ident, actor=actor, at=at)
            return ident

        return self._settled(attempt)

    def _book(self, facts: Facts, said: PersonData) -> PersonMatcher:
        book = PersonMatcher(facts, self._district.rules.vault)
        book.load([said])
        return book

    def _registration(
        self, facts: Facts, said: PersonData, planned: UUID | None, new: UUID, home: UUID | None
    ) -> ActResult:
        book = self._book(facts, said)
        decision = book.decide(said)
        if decision.person != planned:
            raise Stale
        may_be = book.may_be(said) if planned is None else ()
        shares = book.shares_with(said, decision)
        person = book.settle(said, decision, facts.at, new)
        if decision.person and not _may_add(facts, decision.person):
            raise AlreadySo
        writes = [*book.writes(), *self._homed(facts, person, home, decision)]
        if not writes:
            raise AlreadySo
        body: dict[str, object] = {"fields": sorted(decision.gains), "home": str(home) if home else None}
        if decision.erased_before:
            body["erased_before"] = True
        if may_be:
            body["may_be"] = [str(one) for one in may_be]
        if shares:
            body["shares_phone_with"] = str(shares)
        return ActResult(body=body, writes=tuple(writes))

    def _homed(self, facts: Facts, person: UUID, home: UUID | None, decision: Decision) -> list[Write]:
        if home is None or decision.ended_by:
            return []
        place_of(facts, home)
        known = decision.person is not None and self.ties(person=person, at=home, kind="resident", ended=True)
        return [] if known else [put_tie(self._code, Tie(person=person, kind="resident", at=home))]

    def correct(
        self,
        person: UUID,
        *,
        name: str | None = None,
        phone: str | None = None,
        resident_id: str | None = None,
        fields: Mapping[str, str] | None = None,
        actor: Actor | None = None,
    ) -> None:
        """Put right what is recorded of a person: what is given replaces what was there.

        Raises: Contradiction where a phone or an identity number is somebody else's.
        """
        who = self._now(person)
        said = claim(name=name, phone=phone, resident_id=resident_id, fields=fields, anybody=True)
        if not said.texts():
            raise Refused(NothingToCorrect())

        def work(facts: Facts) -> ActResult:
            facts.hold(KEYS)
            living(facts, who)
            now = self._opened(facts, who) | said.texts()
            writes = self._reindexed(facts, who, said, now)
            key = self._district.rules.vault.key_from(facts.rows(KEY_OF, owner=who), who)
            for field, text in said.texts().items():
                writes.append(self._district.rules.vault.item(key, who, who, field, text))
            return ActResult(body={"fields": sorted(said.texts())}, writes=tuple(writes))

        self._act(
            PERSON_CORRECT, who, work, place=self.place_of_person(who), person=who, actor=actor, at=None
        )

    def _reindexed(self, facts: Facts, who: UUID, said: PersonData, now: Mapping[str, str]) -> list[Write]:
        """The writes after which a person is found by what is now said of them."""
        vault = self._district.rules.vault
        keys = {field for (field,) in facts.rows(_KEYS_OF, owner=who)}
        writes: list[Write] = []
        if said.resident_id:
            self._free(facts, who, "resident_id", said.resident_id)
            writes += [
                vault.unindex(who, "resident_id"), vault.index(who, "resident_id", said.resident_id)
            ]  # fmt: skip
        if said.phone:
            self._free(facts, who, "phone", said.phone)
            writes += [vault.unindex(who, field) for field in ("phone", CONTACT, too(who))]
            writes += [
                Write(_DROP, {"district": self._code, "subject": who}), vault.index(who, "phone", said.phone)
            ]  # fmt: skip
        elif said.name and CONTACT in keys:
            writes += [
                vault.unindex(who, CONTACT),
                vault.index(who, CONTACT, shared_phone(now["phone"], said.name)),
            ]
        return writes

    def _free(self, facts: Facts, who: UUID, field: str, text: str) -> None:
        blind = self._district.rules.vault.keyring.blind(field, text)
        owners = [owner for (owner,) in facts.rows(OWNER_BY_BLIND, field=field, blind=blind)]
        if owners not in ([], [who]):
            raise Contradiction(OfAnother(field=field, other=owners[0], who=who))

    def _opened(self, facts: Facts, who: UUID) -> dict[str, str]:
        """A person's vault fields in the clear; only within acts, and only for what they need."""
        vault = self._district.rules.vault
        key = vault.key_from(facts.rows(KEY_OF, owner=who), who)
        sealed = {field: item for field, item, owner in facts.rows(ITEMS_OF, subject=who) if owner == who}
        return vault.opened(key, who, sealed)

    def find(self, text: str | UUID) -> UUID | None:
        """The person that a number of linli's, a phone or an identity number finds; None for nobody.

        Of those who share a phone it is who had it first; see `find_one` and `find_all`.
        """
        ident = as_uuid(text)
        if ident:
            return next(iter(self.find_all(ident)), None)
        by_id = self._owners(OWNER_BY_BLIND, "resident_id", normal_resident_id, str(text))
        return next(iter(by_id or self._owners(OWNER_BY_BLIND, "phone", normal_phone, str(text))), None)

    def find_all(self, text: str | UUID) -> list[UUID]:
        """Everybody whom a number of linli's, a phone or an identity number finds: a family may share a phone.

        Of those who share one, whoever has ended is left out while somebody is here.
        """
        ident = as_uuid(text)
        if ident:
            now = self._now(ident)
            return [now] if self._rows(PERSON, id=now) else []
        by_id = self._owners(OWNER_BY_BLIND, "resident_id", normal_resident_id, str(text))
        sharing = by_id or self._owners(OWNERS_OF_PHONE, "phone", normal_phone, str(text))
        return [one for one in sharing if self.person_record(one).ended_at is None] or sharing

    def _owners(self, read: Read, field: str, normal: Callable[[str], str], text: str) -> list[UUID]:
        """Whom a key finds, each once; nobody where the text is no such key."""
        try:
            blind = self._district.rules.vault.keyring.blind(field, normal(text))
        except BadValue:
            return []
        given = {"blind": blind} if read is OWNERS_OF_PHONE else {"field": field, "blind": blind}
        return list(dict.fromkeys(owner for (owner,) in self._rows(read, **given)))

    def find_one(self, text: str | UUID) -> PersonId:
        """The person that a number of linli's, a phone or an identity number finds.

        Raises: Refused where it finds nobody, or several; what was looked for is not repeated.
        """
        found = self.find_all(text)
        if not found:
            raise Refused(FindsNobody())
        if len(found) > 1:
            raise Refused(SharedPhone(count=len(found), people=listed(found)))
        return PersonId(found[0])

    def person_record(self, person: UUID) -> PersonRecord:
        """When a person was registered, and how they ended, if they did."""
        query = _REGISTERED.where(t.person.c.district == self._code, t.person.c.id == self._now(person))
        with self._district.store.reading() as connection:
            row = connection.execute(query).first()
        if row is None:
            raise Refused(NobodyRegistered(id=person))
        ident, registered_at, ended_at, ended_by = row
        return PersonRecord(id=ident, registered_at=registered_at, ended_at=ended_at, ended_by=ended_by)
