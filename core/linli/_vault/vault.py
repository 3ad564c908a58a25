"""The vault's rows: personal data encrypted, found by a blind index, shredded with its key.

An owner is a person, or a subject of a workflow whose texts (what residents and staff write) are
kept with it. Deleting the owner's key takes every item with it.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, bindparam, delete, or_, select

from linli._base.errors import VaultError
from linli._base.i18n import say
from linli._base.revealing import unkeepable
from linli._store import Read, Write
from linli._store import tables as t
from linli._store.failures import not_kept
from linli._store.statements import insert_into, upsert_into, write_statement
from linli._vault.crypto import DataKey, Keyring, open_, seal

_d: BindParameter[str] = bindparam("district")
KEY_OF = Read(
    select(t.vault_key.c.wrapped).where(
        t.vault_key.c.district == _d, t.vault_key.c.owner == bindparam("owner")
    )
)
ITEMS_OF = Read(
    select(t.vault_item.c.field, t.vault_item.c.sealed, t.vault_item.c.owner).where(
        t.vault_item.c.district == _d, t.vault_item.c.subject == bindparam("subject")
    )
)
OWNER_BY_BLIND = Read(
    select(t.vault_index.c.owner).where(
        t.vault_index.c.district == _d,
        t.vault_index.c.field == bindparam("field"),
        t.vault_index.c.blind == bindparam("blind"),
    )
)
OWNERS_OF_PHONE = Read(
    select(t.vault_index.c.owner)
    .where(
        t.vault_index.c.district == _d,
        or_(t.vault_index.c.field == "phone", t.vault_index.c.field.like("phone %")),
        t.vault_index.c.blind == bindparam("blind"),
    )
    .order_by(t.vault_index.c.field)
)
"""Whoever has a phone: who was registered with it first, then those who share it."""
_KEY = insert_into(t.vault_key, rank=20)
_ITEM = upsert_into(
    t.vault_item,
    keys=("district", "subject", "field"),
    change=lambda table, new: {"sealed": new.sealed, "owner": new.owner},
    rank=21,
)
_INDEX = insert_into(t.vault_index, rank=22)
_UNINDEX = write_statement(
    delete(t.vault_index).where(
        t.vault_index.c.district == _d,
        t.vault_index.c.owner == bindparam("owner"),
        t.vault_index.c.field == bindparam("field"),
    ),
    rank=19,
    name="unindex",
)
_SHRED = write_statement(
    delete(t.vault_key).where(t.vault_key.c.district == _d, t.vault_key.c.owner == bindparam("owner")),
    rank=23,
    name="shred",
)


class Vault:
    """Seals, finds and opens personal data of one district. It stores nothing by itself."""

    def __init__(self, keyring: Keyring, district: str) -> None:
        self.keyring = keyring
        self.district = district

    def new_key(self, owner: UUID) -> tuple[DataKey, Write]:
        """A key for an owner, and the write that keeps it wrapped."""
        data_key = DataKey.generate()
        wrapped = self.keyring.wrap(data_key, self.district, owner)
        return data_key, Write(_KEY, {"district": self.district, "owner": owner, "wrapped": wrapped})

    def key_from(self, rows: Sequence[tuple[Any, ...]], owner: UUID) -> DataKey:
        """An owner's key from the rows of KEY_OF; VaultError where it was shredded."""
        if not rows:
            raise VaultError(
                say("the personal data of {owner} was shredded; it cannot be read again", owner=owner)
            )
        return self.keyring.unwrap(bytes(rows[0][0]), self.district, owner)

    def item(self, data_key: DataKey, owner: UUID, subject: UUID, field: str, text: str) -> Write:
        """The write that keeps `text` as `field` of `subject`, sealed with the owner's key."""
        if unkeepable(text):
            raise not_kept()
        sealed = seal(data_key, text.encode(), self.district, subject, field)
        values = {
            "district": self.district,
            "subject": subject,
            "field": field,
            "owner": owner,
            "sealed": sealed,
        }
        return Write(_ITEM, values)

    def index(self, owner: UUID, field: str, normalised: str) -> Write:
        """The write by which `normalised` finds its owner. Breaks where it finds another one."""
        blind = self.keyring.blind(field, normalised)
        return Write(_INDEX, {"district": self.district, "field": field, "blind": blind, "owner": owner})

    def unindex(self, owner: UUID, field: str) -> Write:
        """The write after which a field no longer finds its owner."""
        return Write(_UNINDEX, {"district": self.district, "owner": owner, "field": field})

    def shred(self, owners: Iterable[UUID]) -> list[Write]:
        """The writes after which nobody can read what these owners' keys sealed."""
        return [Write(_SHRED, {"district": self.district, "owner": owner}) for owner in owners]

    def opened(self, data_key: DataKey, subject: UUID, sealed: Mapping[str, bytes]) -> dict[str, str]:
        """The texts of a subject's items."""
        return {
            field: open_(data_key, bytes(item), self.district, subject, field).decode()
            for field, item in sealed.items()
        }
