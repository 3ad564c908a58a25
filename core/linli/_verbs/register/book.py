"""Taking down claims about people: who each is about, and what it adds to the record."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

import attrs

from linli._base.refusals import Invalid
from linli._hooks.asked import plugins_of
from linli._hooks.matching import Candidate
from linli._model.acts import new_id
from linli._model.facts import Facts
from linli._store import Write
from linli._store import tables as t
from linli._store.bulk import bulk, bulk_into
from linli._vault.crypto import DataKey, seal
from linli._vault.vault import Vault
from linli._verbs.register.claims import Contradiction, PersonData
from linli._verbs.register.known import AT_HOME, CONTACT, KnownPeople, Mark, Profile, may_be_at_home, too

PERSON_RANK: Final = 12
_PEOPLE = bulk_into(t.person, rank=PERSON_RANK)
_KEYS = bulk_into(t.vault_key, rank=20)
_ITEMS = bulk_into(t.vault_item, rank=21)
_INDEX = bulk_into(t.vault_index, rank=22)


@attrs.frozen(kw_only=True)
class Decision:
    """Who a claim is about, and what it adds to the record.

    Attributes:
        person: None for somebody new.
        gains: vault fields that are missing so far.
        keys: what finds the person from now on, too.
        ended_by: how the person ended; nothing is added then.
        erased_before: whether somebody new has the mark of one who was erased.
    """

    person: UUID | None
    gains: dict[str, str] = attrs.field(factory=dict, repr=False)
    keys: tuple[Mark, ...] = ()
    ended_by: str | None = None
    erased_before: bool = False

    @property
    def changes(self) -> bool:
        """Whether anything is to be stored."""
        return self.person is None or bool(self.gains or self.keys)


class OtherNameOfId(
    Invalid,
    says="the identity number is registered under another name (person {person}); compare both with the card, then correct this, or: linli person correct",
):
    person: UUID
    field: str = "name"


class PersonMatcher(KnownPeople):
    """The people of a district within one transaction: found by their keys, new ones gathered."""

    def __init__(self, facts: Facts, vault: Vault) -> None:
        super().__init__(facts, vault)
        self._people: list[tuple[Any, ...]] = []
        self._keys: list[tuple[Any, ...]] = []
        self._items: list[tuple[Any, ...]] = []
        self._index: list[tuple[Any, ...]] = []

    # --- deciding -------------------------------------------------------------------------------------

    def decide(self, said: PersonData) -> Decision:
        """Who a claim is about; Contradiction where it fits nobody, or two."""
        person = self._found(said)
        if person is None:
            return Decision(
                person=None,
                gains=said.texts(),
                keys=self._missing_keys(None, said),
                erased_before=self.was_erased(said),
            )
        profile = self._profiles[person]
        if profile.ended_by:
            return Decision(person=person, ended_by=profile.ended_by)
        gains = {name: text for name, text in said.texts().items() if name not in profile.fields}
        keys = self._missing_keys(person, said)
        if "phone" in profile.fields and any(field in ("phone", CONTACT) for field, _ in keys):
            # One more phone of somebody who has one: both find them from now on.
            assert said.phone is not None, "keys of phones come from a phone"
            count = sum(field.startswith("phone") for field in profile.fields)
            gains[f"phone_{count + 1}"] = said.phone
        return Decision(person=person, gains=gains, keys=keys)

    def _found(self, said: PersonData) -> UUID | None:
        by_phone = self._owner("phone", said) if said.phone else None
        by_contact = self._owner(CONTACT, said) if self._may_share(said) else None
        by_id = self._owner("resident_id", said) if said.resident_id else None
        if by_id is not None:
            self._same_name(by_id, said)
            if by_phone not in (None, by_id) and by_contact != by_id:
                raise _two_people(by_id, by_phone)
            return by_id
        person = by_contact or self._by_phone(by_phone, said) or self._neighbour(said)
        if person is not None and said.resident_id and self._profiles[person].has_id:
            raise _another_id(person)
        return person

    def _by_phone(self, person: UUID | None, said: PersonData) -> UUID | None:
        """Whoever has the phone; None where the name says that somebody else shares it."""
        if person is None or not said.name:
            return person
        return person if self._name(person) in (None, said.name) else None

    def _neighbour(self, said: PersonData) -> UUID | None:
        """Whoever of this name is known by their home only."""
        person = self._owner(AT_HOME, said) if may_be_at_home(said) else None
        has_phone = person is not None and "phone" in self._profiles[person].fields
        return None if has_phone and said.phone else person

    def _same_name(self, person: UUID, said: PersonData) -> None:
        if said.name and self._name(person) not in (None, said.name):
            raise Contradiction(OtherNameOfId(person=person))

    def _missing_keys(self, person: UUID | None, said: PersonData) -> tuple[Mark, ...]:
        fields = []
        if said.resident_id and self._owner("resident_id", said) is None:
            fields.append("resident_id")
        if said.phone:
            fields += self._missing_phone(person, said)
        elif may_be_at_home(said) and not said.resident_id and self._owner(AT_HOME, said) is None:
            fields.append(AT_HOME)
        return tuple([self._mark(field, said) for field in fields])

    def _missing_phone(self, person: UUID | None, said: PersonData) -> tuple[str, ...]:
        holder = self._owner("phone", said)
        if holder is not None and holder == person:
            return ()
        shares = self._owner(CONTACT, said) if person is not None and said.name else None
        if person is not None and shares == person:
            return ()
        if holder is None:
            return ("phone",)
        return (CONTACT,) if said.name else ()

    def shares_with(self, said: PersonData, decision: Decision) -> UUID | None:
        """Whoever was there before with the phone that somebody gives as theirs; None where it is theirs alone."""
        holder = self._owner("phone", said) if said.phone and decision.keys else None
        return None if holder == decision.person else holder

    # --- gathering ------------------------------------------------------------------------------------

    def settle(
        self, said: PersonData, decision: Decision, registered_at: datetime, ident: UUID | None
    ) -> UUID:
        """Take down what was decided; the person, new ones as `ident` or under a new number."""
        person = decision.person
        if person is None:
            person = ident or new_id()
            key = DataKey.generate()
            self._profiles[person] = Profile(key=key, name=said.name, has_id=bool(said.resident_id))
            self._people.append((self._code, person, registered_at, None, None))
            wrapped = self._vault.keyring.wrap(key, self._code, person)
            self._keys.append((self._code, person, wrapped))
        if decision.gains or decision.keys:
            self._add(person, decision)
        if any(field == CONTACT for field, _ in decision.keys):
            self._index.append((self._code, too(person), self._mark("phone", said)[1], person))
        return person

    def _add(self, person: UUID, decision: Decision) -> None:
        profile, key = self._profiles[person], self._key(person)
        for field, text in decision.gains.items():
            sealed = seal(key, text.encode(), self._code, person, field)
            self._items.append((self._code, person, field, person, sealed))
            profile.fields.add(field)
        profile.name = profile.name or decision.gains.get("name")
        for field, blind in decision.keys:
            self._index.append((self._code, field, blind, person))
            self._owners[field, blind] = person
            profile.has_id = profile.has_id or field == "resident_id"

    def may_be(self, said: PersonData) -> tuple[UUID, ...]:
        """Who else somebody new may be, according to the plugins."""
        if not plugins_of(self._facts).implements("person_match"):
            return ()
        candidate = Candidate(fields=said.texts(), extra=said.extra)
        answers = plugins_of(self._facts).person_match(candidate, self._facts)
        return tuple(dict.fromkeys(answer.value.person for answer in answers))

    def writes(self) -> list[Write]:
        """All that was gathered."""
        tables = ((_PEOPLE, self._people), (_KEYS, self._keys), (_ITEMS, self._items), (_INDEX, self._index))
        return [bulk(statement, rows) for statement, rows in tables if rows]


class TwoPeople(
    Invalid,
    says="the identity number is that of person {one}, the phone that of person {other}; if they are one: linli person merge {other} {one}; else correct the phone",
):
    one: UUID
    other: UUID | None
    field: str = "phone"


def _two_people(by_id: UUID, by_phone: UUID | None) -> Contradiction:
    return Contradiction(TwoPeople(one=by_id, other=by_phone))


class OtherId(
    Invalid,
    says="person {person} has this phone and name, but another identity number; compare it with the card",
):
    person: UUID
    field: str = "resident_id"


def _another_id(person: UUID) -> Contradiction:
    return Contradiction(OtherId(person=person))
