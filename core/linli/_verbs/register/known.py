"""Who is known, as far as a batch of claims asks: found by their keys, and no more read than that needs.

Identity keys, by which the blind index finds a person:
- the identity number: one person, always;
- the phone: whoever was first registered with it;
- phone and name together ("contact"): everybody else who shares that phone, such as a family; beside it
  the phone under a field of their own ("phone …"), so that who asks by the phone alone hears of all;
- name and home together ("at_home"): who has neither phone nor identity number.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final
from uuid import UUID

import attrs
from sqlalchemy import BindParameter, bindparam, case, null, select

from linli._model.facts import Facts
from linli._store import tables as t
from linli._store.bulk import Lookup
from linli._vault.crypto import DataKey, open_
from linli._vault.vault import Vault
from linli._verbs.register.claims import PersonData

KEYS: Final = "identity keys"
"""What acts hold that find people by their keys, or change these."""
CONTACT: Final = "contact"
AT_HOME: Final = "at_home"

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
_ERASED: Final = Lookup(select(t.erased.c.blind).where(t.erased.c.district == _d), t.erased.c.blind)
_STATES: Final = Lookup(
    select(t.person.c.id, t.person.c.ended_by).where(t.person.c.district == _d), t.person.c.id
)


def may_be_at_home(said: PersonData) -> bool:
    """Whether a person's home may be needed to know them: not where both other keys are there."""
    return bool(said.name and said.home and not (said.phone and said.resident_id))


def too(person: UUID) -> str:
    """The field under which the index has the phone of somebody who shares it."""
    return f"phone {person.hex}"


def shared_phone(phone: str, name: str) -> str:
    """What somebody is found by who shares another person's phone."""
    return f"{phone} {name}"


@attrs.define(kw_only=True, eq=False)
class Profile:
    """What is known of somebody, no more than registering needs."""

    fields: set[str] = attrs.field(factory=set)
    has_id: bool = False
    ended_by: str | None = None
    name: str | None = attrs.field(default=None, repr=False)
    sealed_name: bytes | None = attrs.field(default=None, repr=False)
    wrapped: bytes | None = attrs.field(default=None, repr=False)
    key: DataKey | None = attrs.field(default=None, repr=False)


# What each field of the index is the blind value of; asked only of claims that have it.
_MARKED: Final[Mapping[str, Callable[[PersonData], str]]] = {
    "resident_id": lambda said: said.resident_id or "",
    "phone": lambda said: said.phone or "",
    CONTACT: lambda said: shared_phone(said.phone or "", said.name or ""),
    AT_HOME: lambda said: f"{said.home.hex if said.home else ''} {said.name}",
}

Mark = tuple[str, bytes]
"""What the index finds somebody by: a field and the blind value there."""


class KnownPeople:
    """People whom claims may be about."""

    def __init__(self, facts: Facts, vault: Vault) -> None:
        self._facts, self._vault, self._code = facts, vault, vault.district
        self._marks: dict[tuple[str, PersonData], Mark] = {}
        self._owners: dict[Mark, UUID] = {}
        self._profiles: dict[UUID, Profile] = {}
        self._erased: set[bytes] = set()

    def load(self, claims: Iterable[PersonData]) -> None:
        """Read at once what deciding on these claims needs."""
        said = list(claims)
        # Several queries tell who it is; between them, nobody else may register the same person.
        self._facts.hold(KEYS)
        self._look_up("resident_id", (one for one in said if one.resident_id))
        self._look_up("phone", (one for one in said if one.phone))
        self._look_up(CONTACT, (one for one in said if self._may_share(one)))
        self._look_up(AT_HOME, (one for one in said if may_be_at_home(one)))
        self._meet([owner for owner in set(self._owners.values()) if owner not in self._profiles])
        marks = {mark for one in said for mark in self._erased_marks(one)}
        self._erased = {bytes(blind) for (blind,) in self._facts.found(_ERASED, list(marks))}

    def was_erased(self, said: PersonData) -> bool:
        """Whether somebody of this identity number, or of this name and phone or home, was erased before."""
        return bool(self._erased) and any(mark in self._erased for mark in self._erased_marks(said))

    def _erased_marks(self, said: PersonData) -> list[bytes]:
        # A phone alone is others' too, such as a family's: it counts where nothing else is said.
        fields = ["resident_id"] if said.resident_id else []
        fields += [CONTACT if said.name else "phone"] if said.phone else []
        fields += [AT_HOME] if said.name and said.home else []
        return [self._vault.keyring.mark(field, _MARKED[field](said)) for field in fields]

    @property
    def known_people(self) -> list[UUID]:
        """Everybody whom the keys of the claims find."""
        return list(self._profiles)

    def _mark(self, field: str, said: PersonData) -> Mark:
        mark = self._marks.get((field, said))
        if mark is None:
            mark = field, self._vault.keyring.blind(field, _MARKED[field](said))
            self._marks[field, said] = mark
        return mark

    def _owner(self, field: str, said: PersonData) -> UUID | None:
        return self._owners.get(self._mark(field, said))

    def _may_share(self, said: PersonData) -> bool:
        """Whether somebody else may have the phone: not asked for who has a key of their own and is first."""
        if not said.phone or not said.name:
            return False
        return not said.resident_id or self._owner("phone", said) is not None

    def _look_up(self, field: str, said: Iterable[PersonData]) -> None:
        blinds = dict.fromkeys(self._mark(field, one)[1] for one in said)
        for found, owner in self._facts.found(_OWNERS, list(blinds), field=field):
            self._owners[field, bytes(found)] = owner

    def _meet(self, people: Sequence[UUID]) -> None:
        self._profiles.update({person: Profile() for person in people})
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
