"""The seal of a ballot: any two keepers of a vote open it together, and its receipt does; nobody and nothing else.

Each keeper has a code that only it has. Casting needs no secret: a ballot's own key is sealed to each
pair of keepers, to one and then to the other (HPKE, RFC 9180: X25519, HKDF-SHA-256, AES-256-GCM), so
that no secret of a vote is ever whole in one place, not even when it is made. Every sealed ballot of a
vote has the same length, and equal choices look as different as different ones.
"""

import base64
import hashlib
import os
import secrets
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from linli import Invalid, Missing, NotACode, Refused
from linli_owners_vote.marks import CHOICES

LEAST_KEEPERS: Final = 3
TO_OPEN: Final = 2
KEEPER_LETTERS: Final = 28
"""140 bits: a keeper's code is all that stands between a copy of the database and one half of the ballots."""
RECEIPT_LETTERS: Final = 20
_LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32
_GROUP: Final = 4
_SUITE: Final = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_FORMAT: Final = b"\x01"
_NONCE, _KEY, _TAG, _ENCAPSULATED = 12, 32, 16, 32
_CHOICE_BYTES: Final = _NONCE + 1 + _TAG
_BY_RECEIPT: Final = _NONCE + _KEY + _TAG
_BY_PAIR: Final = _KEY + TO_OPEN * (_ENCAPSULATED + _TAG)

Keys = Mapping[int, X25519PrivateKey]


# --- codes -------------------------------------------------------------------------------------------


def new_code(letters: int) -> str:
    """A code of so many letters and digits, from the system's random source: "4M2A-…"."""
    return grouped("".join(secrets.choice(_LETTERS) for _ in range(letters)))


def grouped(letters: str) -> str:
    """Letters in groups that people can read out."""
    return "-".join(letters[at : at + _GROUP] for at in range(0, len(letters), _GROUP))


def normal(code: str, letters: int) -> str:
    """A code as it was given out, however it was typed; Refused where it can be none, which is not repeated."""
    typed = code.upper().replace("-", "").replace(" ", "").translate(str.maketrans("OIL", "011"))
    if len(typed) != letters or any(letter not in _LETTERS for letter in typed):
        raise Refused(NotACode(count=letters))
    return typed


def _derived(code: str, purpose: str) -> bytes:
    whole = HKDF(algorithm=SHA256(), length=_KEY, salt=None, info=f"linli owners_vote 1 {purpose}".encode())
    return whole.derive(code.encode())


def key_of(code: str) -> X25519PrivateKey:
    """The key that a keeper's code stands for."""
    return X25519PrivateKey.from_private_bytes(_derived(normal(code, KEEPER_LETTERS), "keeper"))


def public_of(code: str) -> str:
    """What of a keeper's key everybody may know, in base64."""
    return base64.b64encode(key_of(code).public_key().public_bytes_raw()).decode()


def is_public(text: str) -> bool:
    """Whether a text is what `public_of` gives."""
    try:
        return len(base64.b64decode(text, validate=True)) == _KEY
    except ValueError:
        return False


class CodeOfNoKeeper(
    Invalid, says="one of the codes is of no keeper of this vote; see that it was typed as given"
):
    field: str = "codes"


class TooFewKeepers(Missing, says="the codes of {count} different keepers open ballots, never one alone"):
    count: int
    field: str = "codes"


def keys_of(codes: Iterable[str], keepers: Sequence[str]) -> Keys:
    """The keys of keepers by their place among `keepers`, which are public keys.

    Raises: Refused for a code of none of them, and for fewer than two keepers; no code is repeated.
    """
    found: dict[int, X25519PrivateKey] = {}
    for code in codes:
        public = public_of(code)
        if public not in keepers:
            raise Refused(CodeOfNoKeeper())
        found[keepers.index(public)] = key_of(code)
    if len(found) < TO_OPEN:
        raise Refused(TooFewKeepers(count=TO_OPEN))
    return found


# --- ballots -----------------------------------------------------------------------------------------


def context_of(district: str, vote: UUID, part: UUID, ballot: UUID) -> str:
    """Where a sealed ballot belongs; in any other place it does not open."""
    return f"linli owners_vote 1 {district} {vote} {part} {ballot}"


def seal(choice: str, context: str, keepers: Sequence[str], receipt: str) -> bytes:
    """A choice, sealed for any two of `keepers` (public keys) and for whoever has the receipt's code."""
    own, info = os.urandom(_KEY), context.encode()
    content = _encrypted(own, bytes([CHOICES.index(choice)]), info)
    by_receipt = _encrypted(_for_receipt(receipt, context), own, info)
    public = [X25519PublicKey.from_public_bytes(base64.b64decode(one)) for one in keepers]
    by_pairs = (
        _SUITE.encrypt(_SUITE.encrypt(own, two, info), one, info)
        for one, two in combinations(public, TO_OPEN)
    )
    return b"".join((_FORMAT, content, by_receipt, *by_pairs))


def opened_by_receipt(sealed: bytes, context: str, receipt: str) -> str | None:
    """The choice of a ballot whose receipt has this code; None where it has another."""
    start = len(_FORMAT) + _CHOICE_BYTES
    try:
        own = _decrypted(
            _for_receipt(receipt, context), sealed[start : start + _BY_RECEIPT], context.encode()
        )
    except InvalidTag:
        return None
    return _choice(own, sealed, context)


def opened_by_keepers(sealed: bytes, context: str, keys: Keys, keepers: int) -> str | None:
    """The choice of a ballot that two of so many keepers open; None where it was changed or is another's."""
    one, two = sorted(keys)[:TO_OPEN]
    at = list(combinations(range(keepers), TO_OPEN)).index((one, two))
    start = len(_FORMAT) + _CHOICE_BYTES + _BY_RECEIPT + at * _BY_PAIR
    info = context.encode()
    try:
        own = _SUITE.decrypt(
            _SUITE.decrypt(sealed[start : start + _BY_PAIR], keys[one], info), keys[two], info
        )
    except (InvalidTag, ValueError):
        return None
    return _choice(own, sealed, context)


def mark_of(sealed: bytes) -> UUID:
    """What tells a sealed ballot from any other: the journal has it, so that none is exchanged unnoticed."""
    # As a UUID: a text of digits could look like somebody's phone.
    return UUID(bytes=hashlib.sha256(sealed).digest()[:16])


def _for_receipt(receipt: str, context: str) -> bytes:
    return _derived(normal(receipt, RECEIPT_LETTERS), f"receipt {context}")


def _choice(own: bytes, sealed: bytes, context: str) -> str | None:
    start = len(_FORMAT)
    try:
        known = _decrypted(own, sealed[start : start + _CHOICE_BYTES], context.encode())
    except InvalidTag:
        return None
    return CHOICES[known[0]] if known[0] < len(CHOICES) else None


def _encrypted(key: bytes, text: bytes, info: bytes) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, text, info)


def _decrypted(key: bytes, text: bytes, info: bytes) -> bytes:
    if len(text) < _NONCE + _TAG:
        raise InvalidTag
    return AESGCM(key).decrypt(text[:_NONCE], text[_NONCE:], info)
