"""What people wrote about a matter, opened from the vault. Whoever calls this records the reading first."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING
from uuid import UUID

import attrs
from sqlalchemy import select

from linli._base.errors import VaultError
from linli._base.i18n import say
from linli._model.subjects import StoredSubject
from linli._store import tables as t
from linli._vault.crypto import open_
from linli._vault.vault import KEY_OF

if TYPE_CHECKING:
    from linli._engine.opened import OpenDistrict


@attrs.frozen(kw_only=True)
class SealedText:
    """A text of a matter.

    Attributes:
        said_in: the act it was said in, or the subject it was opened with.
        field: what it is: "description", "reason", "result", "feedback".
    """

    said_in: UUID
    field: str
    text: str = attrs.field(repr=False)


def texts_around(district: "OpenDistrict", ident: UUID) -> list[SealedText]:
    """The texts of a subject, of all above it and of all below it; not why others have read them."""
    tree = {one.id: one for one in district.tree(ident)}
    near = {*_upwards(tree, ident), *(one for one in tree if ident in _upwards(tree, one))}
    acts = (act for act in district.history(tree[ident].root) if not act.verb.endswith(".read"))
    said_in = near | {act.id for act in acts if act.subject in near}
    return [text for text in texts_of(district, tree[ident].root) if text.said_in in said_in]


def _upwards(tree: Mapping[UUID, StoredSubject], ident: UUID | None) -> Iterator[UUID]:
    """A subject and those above it, up to one that says all that its holder may know in words of its own."""
    while ident is not None:
        yield ident
        ident = None if getattr(tree[ident].record, "own_words", False) else tree[ident].parent


def texts_of(district: "OpenDistrict", root: UUID) -> list[SealedText]:
    """Every text of a root and its parts, the oldest first; VaultError where they were shredded."""
    items = t.vault_item.c
    query = (
        select(items.subject, items.field, items.sealed)
        .where(items.district == district.code, items.owner == root)
        .order_by(items.subject)
    )
    keys = district.store.ask([(KEY_OF, {"district": district.code, "owner": root})])[0]
    if not keys:
        raise VaultError(say("what was written here has been shredded, or nothing was ever written"))
    data_key = district.rules.vault.key_from(keys, root)
    with district.store.reading() as connection:
        rows = connection.execute(query).all()
    return [
        SealedText(
            said_in=subject,
            field=field,
            text=open_(data_key, bytes(sealed), district.code, subject, field).decode(),
        )
        for subject, field, sealed in rows
    ]
