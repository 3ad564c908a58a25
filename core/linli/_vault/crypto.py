"""The vault's cryptography: a key per person, wrapped by the district's; sealed fields; blind indexes.

AES-256-GCM (NIST SP 800-38D) with random nonces, HKDF and HMAC with SHA-256 (RFC 5869, RFC 2104).
What is sealed is tied to its district, person and field, so that no row can be moved to another
place; deleting a person's wrapped key shreds everything that was sealed with it.

Nothing here shows a key or a plaintext in a repr or an error.
"""

import base64
import binascii
import hashlib
import hmac
import os
from pathlib import Path
from typing import Final
from uuid import UUID

import attrs
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from linli._base.errors import VaultError
from linli._base.i18n import say
from linli._vault.ages import Ages

KEY_BYTES: Final = 32
BLIND_BYTES: Final = 16
SALT_BYTES: Final = 16

_FORMAT: Final = b"\x01"
_AGED: Final = b"\x02"  # then four bytes: the number of the key of limited age
_NONCE_BYTES: Final = 12
_HEAD_BYTES: Final = len(_FORMAT) + _NONCE_BYTES
_AGED_HEAD_BYTES: Final = len(_AGED) + 4 + _NONCE_BYTES


@attrs.frozen(eq=False)
class DataKey:
    """A person's key: 32 random bytes."""

    raw: bytes = attrs.field(repr=False)
    cipher: AESGCM = attrs.field(init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        _check_length(self.raw)
        object.__setattr__(self, "cipher", AESGCM(self.raw))

    @classmethod
    def generate(cls) -> "DataKey":
        """A new key from the system's random source."""
        return cls(os.urandom(KEY_BYTES))


def _check_length(raw: bytes) -> None:
    if len(raw) != KEY_BYTES:
        raise VaultError(
            say("a data key has {bytes} bytes; this has {found}", bytes=KEY_BYTES, found=len(raw))
        )


@attrs.frozen(eq=False, kw_only=True)
class Keyring:
    """The keys derived from a district's secret, each for one purpose.

    Attributes:
        check: 16 hexadecimal digits that say nothing about the secret; a store keeps them, and
            finds by them that it was opened with another district's secret.
    """

    check: str = attrs.field(repr=False)
    _wrapping: AESGCM = attrs.field(repr=False)
    _blinding: bytes = attrs.field(repr=False)
    _committing: bytes = attrs.field(repr=False)
    _vouching: bytes = attrs.field(repr=False)
    _marking: bytes = attrs.field(repr=False)
    ages: Ages | None = attrs.field(default=None, repr=False)

    @staticmethod
    def generate() -> str:
        """A new secret for a district, as base64 text; lose it, and all personal data is lost."""
        return base64.b64encode(os.urandom(KEY_BYTES)).decode()

    @classmethod
    def from_secret(cls, text: str, ages: Path | None = None) -> "Keyring":
        """The keys of the secret in `text`: 32 bytes in base64 (either alphabet) or hexadecimal.

        Args:
            ages: the file with the keys of limited age; see `linli._vault.ages`.

        Raises: VaultError.
        """
        secret = _decode(text.strip())
        return cls(
            check=_derive(secret, b"check")[:8].hex(),
            wrapping=AESGCM(_derive(secret, b"wrap")),
            blinding=_derive(secret, b"blind index"),
            committing=_derive(secret, b"commitment"),
            vouching=_derive(secret, b"head of the journal"),
            marking=_derive(secret, b"erased"),
            ages=Ages(ages, secret) if ages else None,
        )

    def wrap(self, data_key: DataKey, district: str, owner: UUID) -> bytes:
        """`data_key` encrypted, to be kept beside what it seals; only for this district and owner."""
        nonce, place = os.urandom(_NONCE_BYTES), _place(district, owner)
        age = self.ages.newest() if self.ages else 0
        if not self.ages or not age:
            return _encrypt(self._wrapping, nonce, data_key.raw, place)
        head = _AGED + age.to_bytes(4)
        return head + nonce + self.ages.cipher(age).encrypt(nonce, data_key.raw, head + place)

    def unwrap(self, wrapped: bytes, district: str, owner: UUID) -> DataKey:
        """The key that `wrap` gave `wrapped` for.

        Raises: VaultError when it was changed, is another owner's, or the secret is another one.
        """
        try:
            if wrapped[:1] == _AGED:
                return DataKey(self._unwrapped(wrapped, _place(district, owner)))
            return DataKey(_decrypt(self._wrapping, wrapped, _place(district, owner)))
        except InvalidTag:
            raise VaultError(
                say(
                    "the data key of {owner} cannot be unwrapped: it was changed, or the district's"
                    " secret is not the one of this database; check the secret, then the backup",
                    owner=owner,
                )
            ) from None

    def _unwrapped(self, wrapped: bytes, place: bytes) -> bytes:
        if self.ages is None or len(wrapped) < _AGED_HEAD_BYTES:
            raise InvalidTag
        head, nonce = wrapped[:5], wrapped[5:_AGED_HEAD_BYTES]
        return self.ages.cipher(int.from_bytes(head[1:])).decrypt(
            nonce, wrapped[_AGED_HEAD_BYTES:], head + place
        )

    def blind(self, field: str, normalised: str) -> bytes:
        """16 bytes by which equal values of `field` are found without being read."""
        return _mac(self._blinding, field, normalised)[:BLIND_BYTES]

    def commit(self, text: str, context: str) -> str:
        """64 hexadecimal digits by which `text`, kept elsewhere, is known to be unchanged.

        Keyed, since a short text could be guessed from a plain hash. `context` says what it is
        the text of, so that equal texts of two acts do not show as equal.
        """
        return _mac(self._committing, context, text).hex()

    def mark(self, field: str, normalised: str) -> bytes:
        """16 bytes by which somebody who was erased is noticed when they are registered again."""
        return _mac(self._marking, field, normalised)[:BLIND_BYTES]

    def vouch(self, district: str, number: int, digest: str) -> str:
        """64 hexadecimal digits by which a head of the journal is known to be this district's."""
        return _mac(self._vouching, f"{district} {number}", digest).hex()


def age_of(wrapped: bytes) -> int:
    """The number of the key of limited age that a key was wrapped under; 0: under the district's alone."""
    return int.from_bytes(wrapped[1:5]) if wrapped[:1] == _AGED else 0


def seal(data_key: DataKey, plaintext: bytes, district: str, owner: UUID, field: str) -> bytes:
    """`plaintext` encrypted for this place only; 29 bytes longer (version, nonce, tag)."""
    return _encrypt(data_key.cipher, os.urandom(_NONCE_BYTES), plaintext, _place(district, owner, field))


def open_(data_key: DataKey, sealed: bytes, district: str, owner: UUID, field: str) -> bytes:
    """The plaintext that `seal` was given.

    Raises: VaultError when `sealed` was changed, or belongs to another place or key.
    """
    try:
        return _decrypt(data_key.cipher, sealed, _place(district, owner, field))
    except InvalidTag:
        raise VaultError(
            say(
                "{field} of {owner} cannot be opened: it was changed, or moved here from another"
                " place; restore it from a backup",
                field=field,
                owner=owner,
            )
        ) from None


def salted(value: str, salt: bytes) -> str:
    """The salted SHA-256 of a published field, in hexadecimal: who has both can check, nobody can read.

    Args: salt: at least 16 random bytes, of this field alone; delete it, and the hash says nothing.
    """
    if len(salt) < SALT_BYTES:
        raise ValueError(f"a salt has at least {SALT_BYTES} bytes")
    return hashlib.sha256(len(salt).to_bytes(2) + salt + _encode(value)).hexdigest()


def _decode(text: str) -> bytes:
    try:
        if len(text) == 2 * KEY_BYTES:
            return bytes.fromhex(text)
        standard = text.replace("-", "+").replace("_", "/").rstrip("=")
        secret = base64.b64decode(standard + "=" * (-len(standard) % 4), validate=True)
    except (ValueError, binascii.Error):
        secret = b""
    if len(secret) != KEY_BYTES:
        raise VaultError(
            say(
                "the district's secret is not 32 bytes in base64 (44 characters) or hexadecimal (64);"
                " see that it was copied whole"
            )
        )
    return secret


def _derive(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=b"linli vault 1 " + purpose).derive(
        secret
    )


def _place(district: str, owner: UUID, field: str = "") -> bytes:
    # One length and a fixed 16 bytes: no two places have the same bytes.
    name = district.encode()
    return _FORMAT + len(name).to_bytes(2) + name + owner.bytes + field.encode()


def _encrypt(cipher: AESGCM, nonce: bytes, plaintext: bytes, place: bytes) -> bytes:
    return _FORMAT + nonce + cipher.encrypt(nonce, plaintext, place)


def _decrypt(cipher: AESGCM, sealed: bytes, place: bytes) -> bytes:
    if sealed[:1] != _FORMAT:
        raise VaultError(
            say("this was sealed by another version of linli, or is damaged; upgrade, then try again")
        )
    if len(sealed) < _HEAD_BYTES:
        raise InvalidTag
    return cipher.decrypt(sealed[1:_HEAD_BYTES], sealed[_HEAD_BYTES:], place)


def _mac(key: bytes, context: str, text: str) -> bytes:
    name = _encode(context)
    return hmac.digest(key, len(name).to_bytes(4) + name + _encode(text), "sha256")


def _encode(text: str) -> bytes:
    # Never fails, since the error would hold the text; distinct texts stay distinct.
    return text.encode("utf-8", "surrogatepass")
