"""The people of a district within one transaction: found by their keys, new ones gathered.

Identity keys, by which the blind index finds a person:
- the identity number: one person, always;
- the phone: whoever was first registered with it;
- phone and name together ("contact"): everybody else who shares that phone, such as a family;
- name and home together ("at_home"): who has neither phone nor identity number.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import attrs
from sqlalchemy import BindParameter, bindparam, case, null, select

from linli.acts import new_id
from linli.facts import Facts
from linli.i18n import say
from linli.register.claims import Claim, Contradiction
from linli.register.matching import Candidate
from linli.store import Write
from linli.store import tables as t
from linli.store.bulk import Lookup, bulk, bulk_into
from linli.vault.crypto import DataKey, open_, seal
from linli.vault.vault import Vault

CONTACT: Final = "contact"
AT_HOME: Final = "at_home"
PERSON_RANK: Final = 12
_PEOPLE = bulk_into(t.person, rank=PERSON_RANK)
_KEYS = bulk_into(t.vault_key, rank=20)
_ITEMS = bulk_into(t.vault_item, rank=21)
_INDEX = bulk_into(t.vault_index, rank=22)

_d: BindParameter[str] = bindparam("district")
_i, _v = t.vault_index.c, t.vault_item.c
_OWNERS: Final = Lookup(
    select(_i.blind, _i.owner).where(_i.district == _d, _i.field == bindparam("field")), _i.blind
)
_WITH_ID: Final = Lookup(select(_i.owner).where(_i.district == _d, _i.field == "resident_id"), _i.owner)
_FIELDS: Final = Lookup(
    select(_v.subject, _v.field, case((_v.field == "name", _v.sealed), else_=null())).where(
        _v.district == _d, _v.owner == _v.subject
    ),
    _v.subject,
)
_WRAPPED: Final = Lookup(
    select(t.vault_key.c.owner, t.vault_key.c.wrapped).where(t.vault_key.c.district == _d),
    t.vault_key.c.owner,
)
_STATES: Final = Lookup(
    select(t.person.c.id, t.person.c.ended_by).where(t.person.c.district == _d), t.person.c.id
)


def _may_be_at_home(said: Claim) -> bool:
    """Whether a person's home may be needed to know them: not where both other keys are there."""
    return bool(said.name and said.home and not (said.phone and said.resident_id))


def shared_phone(phone: str, name: str) -> str:
    """What somebody is found by who shares another person's phone."""
    return f"{phone} {name}"


@attrs.define(kw_only=True, eq=False)
class _Profile:
    """What is known of somebody, no more than registering needs."""

    fields: set[str] = attrs.field(factory=set)
    has_id: bool = False
    ended_by: str | None = None
    name: str | None = attrs.field(default=None, repr=False)
    sealed_name: bytes | None = attrs.field(default=None, repr=False)
    wrapped: bytes | None = attrs.field(default=None, repr=False)
    key: DataKey | None = attrs.field(default=None, repr=False)


# What each field of the index is the blind value of; asked only of claims that have it.
_MARKED: Final[Mapping[str, Callable[[Claim], str]]] = {
    "resident_id": lambda said: said.resident_id or "",
    "phone": lambda said: said.phone or "",
    CONTACT: lambda said: shared_phone(said.phone or "", said.name or ""),
    AT_HOME: lambda said: f"{said.home.hex if said.home else ''} {said.name}",
}

Mark = tuple[str, bytes]
"""What the index finds somebody by: a field and the blind value there."""


@attrs.frozen(kw_only=True)
class Decision:
    """Who a claim is about, and what it adds to the record.

    Attributes:
        person: None for somebody new.
        gains: vault fields that are missing so far.
        keys: what finds the person from now on, too.
        ended_by: how the person ended; nothing is added then.
    """

    person: UUID | None
    gains: dict[str, str] = attrs.field(factory=dict, repr=False)
    keys: tuple[Mark, ...] = ()
    ended_by: str | None = None

    @property
    def changes(self) -> bool:
        """Whether anything is to be stored."""
        return self.person is None or bool(self.gains or self.keys)


class PeopleBook:
    """Who is registered, as far as a batch of claims asks."""

    def __init__(self, facts: Facts, vault: Vault) -> None:
        self._facts, self._vault, self._code = facts, vault, vault.district
        self._marks: dict[tuple[str, Claim], Mark] = {}
        self._owners: dict[Mark, UUID] = {}
        self._profiles: dict[UUID, _Profile] = {}
        self._people: list[tuple[Any, ...]] = []
        self._keys: list[tuple[Any, ...]] = []
        self._items: list[tuple[Any, ...]] = []
        self._index: list[tuple[Any, ...]] = []

    # --- reading --------------------------------------------------------------------------------------

    def load(self, claims: Iterable[Claim]) -> None:
        """Read at once what deciding on these claims needs."""
        said = list(claims)
        self._look_up("resident_id", (one for one in said if one.resident_id))
        self._look_up("phone", (one for one in said if one.phone))
        self._look_up(CONTACT, (one for one in said if self._may_share(one)))
        self._look_up(AT_HOME, (one for one in said if _may_be_at_home(one)))
        self._meet([owner for owner in set(self._owners.values()) if owner not in self._profiles])

    @property
    def known_people(self) -> list[UUID]:
        """Everybody whom the keys of the claims find."""
        return list(self._profiles)

    def _mark(self, field: str, said: Claim) -> Mark:
        mark = self._marks.get((field, said))
        if mark is None:
            mark = field, self._vault.keyring.blind(field, _MARKED[field](said))
            self._marks[field, said] = mark
        return mark

    def _owner(self, field: str, said: Claim) -> UUID | None:
        return self._owners.get(self._mark(field, said))

    def _may_share(self, said: Claim) -> bool:
        """Whether somebody else may have the phone: not asked for who has a key of their own and is first."""
        if not said.phone or not said.name:
            return False
        return not said.resident_id or self._owner("phone", said) is not None

    def _look_up(self, field: str, said: Iterable[Claim]) -> None:
        blinds = dict.fromkeys(self._mark(field, one)[1] for one in said)
        for found, owner in self._facts.found(_OWNERS, list(blinds), field=field):
            self._owners[field, bytes(found)] = owner

    def _meet(self, people: Sequence[UUID]) -> None:
        self._profiles.update({person: _Profile() for person in people})
        for person, field, sealed in self._facts.found(_FIELDS, people):
            self._profiles[person].fields.add(field)
            if sealed is not None:
                self._profiles[person].sealed_name = bytes(sealed)
        for person, wrapped in self._facts.found(_WRAPPED, people):
            self._profiles[person].wrapped = bytes(wrapped)
        for (person,) in self._facts.found(_WITH_ID, people):
            self._profiles[person].has_id = True
        for person, ended_by in self._facts.found(_STATES, people):
            self._profiles[person].ended_by = ended_by

    def _blind(self, field: str, text: str) -> bytes:
        known = self._blinds.get((field, text))
        if known is None:
            known = self._blinds[field, text] = self._vault.keyring.blind(field, text)
        return known

    def _key(self, person: UUID) -> DataKey:
        profile = self._profiles[person]
        if profile.key is None:
            rows = [(profile.wrapped,)] if profile.wrapped else []
            profile.key = self._vault.key_from(rows, person)
        return profile.key

    def _name(self, person: UUID) -> str | None:
        profile = self._profiles[person]
        if profile.name is None and profile.sealed_name is not None:
            opened = open_(self._key(person), profile.sealed_name, self._code, person, "name")
            profile.name = opened.decode()
        return profile.name

    # --- deciding -------------------------------------------------------------------------------------

    def decide(self, said: Claim) -> Decision:
        """Who a claim is about; Contradiction where it fits nobody, or two."""
        person = self._found(said)
        if person is None:
            return Decision(person=None, gains=said.texts(), keys=self._missing_keys(None, said))
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

    def _found(self, said: Claim) -> UUID | None:
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

    def _by_phone(self, person: UUID | None, said: Claim) -> UUID | None:
        """Whoever has the phone; None where the name says that somebody else shares it."""
        if person is None or not said.name:
            return person
        return person if self._name(person) in (None, said.name) else None

    def _neighbour(self, said: Claim) -> UUID | None:
        """Whoever of this name is known by their home only."""
        person = self._owner(AT_HOME, said) if _may_be_at_home(said) else None
        has_phone = person is not None and "phone" in self._profiles[person].fields
        return None if has_phone and said.phone else person

    def _same_name(self, person: UUID, said: Claim) -> None:
        if said.name and self._name(person) not in (None, said.name):
            raise Contradiction(
                "name",
                say(
                    "the identity number is registered under another name (person {person}); "
                    "compare both with the card, then correct this, or: linli person correct",
                    person=person,
                ),
            )

    def _missing_keys(self, person: UUID | None, said: Claim) -> tuple[Mark, ...]:
        fields = []
        if said.resident_id and self._owner("resident_id", said) is None:
            fields.append("resident_id")
        if said.phone:
            fields += self._missing_phone(person, said)
        elif _may_be_at_home(said) and not said.resident_id and self._owner(AT_HOME, said) is None:
            fields.append(AT_HOME)
        return tuple([self._mark(field, said) for field in fields])

    def _missing_phone(self, person: UUID | None, said: Claim) -> tuple[str, ...]:
        holder = self._owner("phone", said)
        if holder is not None and holder == person:
            return ()
        shares = self._owner(CONTACT, said) if person is not None and said.name else None
        if person is not None and shares == person:
            return ()
        if holder is None:
            return ("phone",)
        return (CONTACT,) if said.name else ()

    # --- gathering ------------------------------------------------------------------------------------

    def settle(self, said: Claim, decision: Decision, registered_at: datetime, ident: UUID | None) -> UUID:
        """Take down what was decided; the person, new ones as `ident` or under a new number."""
        person = decision.person
        if person is None:
            person = ident or new_id()
            key = DataKey.generate()
            self._profiles[person] = _Profile(key=key, name=said.name, has_id=bool(said.resident_id))
            self._people.append((self._code, person, registered_at, None, None))
            wrapped = self._vault.keyring.wrap(key, self._code, person)
            self._keys.append((self._code, person, wrapped))
        if decision.gains or decision.keys:
            self._add(person, decision)
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

    def may_be(self, said: Claim) -> tuple[UUID, ...]:
        """Who else somebody new may be, according to the plugins."""
        if not self._facts.plugins.implements("person_match"):
            return ()
        candidate = Candidate(fields=said.texts(), extra=said.extra)
        answers = self._facts.plugins.person_match(candidate, self._facts)
        return tuple(dict.fromkeys(answer.value.person for answer in answers))

    def writes(self) -> list[Write]:
        """All that was gathered."""
        tables = ((_PEOPLE, self._people), (_KEYS, self._keys), (_ITEMS, self._items), (_INDEX, self._index))
        return [bulk(statement, rows) for statement, rows in tables if rows]


def _two_people(by_id: UUID, by_phone: UUID | None) -> Contradiction:
    return Contradiction(
        "phone",
        say(
            "the identity number is that of person {one}, the phone that of person {other}; "
            "if they are one: linli person merge {other} {one}; else correct the phone",
            one=by_id,
            other=by_phone,
        ),
    )


def _another_id(person: UUID) -> Contradiction:
    return Contradiction(
        "resident_id",
        say(
            "person {person} has this phone and name, but another identity number; compare it with the card",
            person=person,
        ),
    )
