"""Receipts: what somebody needs to check that a publication is the one that went out.

The digest is over a canonical text that has, in place of consented personal data, its salted
hashes: it can still be checked when the data is gone, and says nothing about it.
"""

import hashlib
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import attrs

from linli._base import codec
from linli._base.errors import Refused
from linli._base.i18n import Text, say
from linli._base.refusals import Invalid
from linli._vault.crypto import salted
from linli._verbs.publish.records import Publication


@attrs.frozen(kw_only=True)
class Opened:
    """A consented text with the salt of its commitment (hexadecimal)."""

    text: str = attrs.field(repr=False)
    salt: str


@attrs.frozen(kw_only=True)
class Receipt:
    """A publication as it went out; `linli verify` takes it as a file.

    Attributes:
        files: by name, the SHA-256 of the files that came with it.
        personal: by name, the commitments to consented personal data.
        opened: by name, the texts and salts of those that may still be shown.
        digest: SHA-256 of the canonical text of all but `opened`, in hexadecimal.
    """

    publication: UUID
    place: UUID
    title: str
    body: str
    series: str
    about: UUID | None = None
    stage: int | None = None
    follows: UUID | None = None
    corrects: UUID | None = None
    files: Mapping[str, str] = attrs.field(factory=dict)
    personal: Mapping[str, str] = attrs.field(factory=dict)
    opened: Mapping[str, Opened] = attrs.field(factory=dict)
    digest: str


_COVERED = (
    "publication", "place", "title", "body", "series", "about", "stage", "follows", "corrects", "files", "personal",
)  # fmt: skip


def covered(ident: UUID, place: UUID, record: Publication) -> Mapping[str, Any]:
    """What the digest covers, by the receipt's names."""
    of_record = {name: getattr(record, name) for name in _COVERED[2:-2]}
    files = {one.name: one.sha256 for one in record.files}
    commitments = {name: one.commitment for name, one in record.personal.items()}
    return {"publication": ident, "place": place, **of_record, "files": files, "personal": commitments}


def digest_of(values: Mapping[str, Any]) -> str:
    """The SHA-256 of what `covered` gives, in hexadecimal; what has no files says nothing of them."""
    values = {name: value for name, value in values.items() if name != "files" or value}
    return hashlib.sha256(codec.encode(codec.plain(values)).encode()).hexdigest()


def receipt_text(receipt: Receipt) -> str:
    """A receipt as a file has it: canonical JSON."""
    return codec.encode(receipt)


class NotAReceipt(Invalid, says="this is no receipt of a publication; take the .json file beside its page"):
    field: str = "file"


def read_receipt(text: str) -> Receipt:
    """The receipt in a file; Refused where it is none."""
    try:
        found = codec.decoder(Receipt)(text)
    except ValueError:
        raise Refused(NotAReceipt()) from None
    assert isinstance(found, Receipt)
    return found


def inconsistencies(receipt: Receipt) -> list[Text]:
    """What contradicts itself in a receipt, found without any record."""
    found = []
    if digest_of({name: getattr(receipt, name) for name in _COVERED}) != receipt.digest:
        found.append(say("the text is not the one that the digest is of"))
    for name, opened in receipt.opened.items():
        if receipt.personal.get(name) != _commitment(opened):
            found.append(say("{name} is not the text that was committed to", name=name))
    return found


def _commitment(opened: Opened) -> str | None:
    try:
        return salted(opened.text, bytes.fromhex(opened.salt))
    except ValueError:
        return None


def unopened(text: str, commitment: str) -> bool:
    """Whether what the vault has of a consented text is not what was committed to."""
    try:
        opened = codec.decoder(Opened)(text)
    except ValueError:
        return True
    return _commitment(opened) != commitment
