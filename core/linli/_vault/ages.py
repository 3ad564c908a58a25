"""Keys of limited age, kept outside the database: what was wrapped under one that is gone is gone too.

Whoever erases somebody deletes their wrapped key. A database does not forget at once: its log, the room of
deleted rows and its backups still have the bytes. So people's keys are wrapped under a key that is replaced
within the district's days after an erasure, the others are wrapped anew, and the old one is destroyed. Then
those bytes say nothing, wherever they are, unless somebody kept the old key as well.
"""

import base64
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import attrs
import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from linli._base import codec
from linli._base.errors import VaultError
from linli._base.i18n import say, translate

KEY_BYTES: Final = 32
PRIVATE: Final = 0o600


@attrs.frozen(kw_only=True)
class Age:
    """One key of limited age.

    Attributes:
        number: which one; what it wrapped begins with it.
        since: when it was made.
        key: 32 random bytes in base64.
    """

    number: int
    since: datetime
    key: str = attrs.field(repr=False)


class Ages:
    """The keys of limited age in a file; read again whenever that has changed.

    Args:
        secret: the district's; with it and a key of the file a wrapping key is made.
    """

    def __init__(self, file: Path, secret: bytes) -> None:
        self.file, self._secret = file, secret
        self._stamp: tuple[int, int] | None = None
        self._known: dict[int, AESGCM] = {}
        self._newest = 0

    def newest(self) -> int:
        """The number that new keys are wrapped under; 0 where there is none."""
        self._refresh()
        return self._newest

    def cipher(self, number: int) -> AESGCM:
        """What wraps under a number; VaultError where its key is not there (any more)."""
        if number not in self._known:
            self._refresh()
        found = self._known.get(number)
        if found is None:
            raise VaultError(
                say(
                    "the key of age {number} is not in {file}: it was retired, or this machine has an old copy of the"
                    " file; copy it from where linli's worker runs, or restore the one that belongs to this database",
                    number=number,
                    file=self.file.name,
                )
            )
        return found

    def all(self) -> list[Age]:
        """The keys that are left, the oldest first."""
        try:
            lines = self.file.read_text(encoding="utf-8").splitlines()
            return [msgspec.json.decode(line, type=Age) for line in lines if line.strip()]
        except FileNotFoundError:
            return []
        except (OSError, UnicodeDecodeError, msgspec.DecodeError) as error:
            why = translate(getattr(error, "strerror", None) or "it is damaged")
            raise VaultError(say("{file} cannot be read: {why}", file=self.file.name, why=why)) from None

    def add(self, now: datetime | None = None) -> Age:
        """Make the next key; from now on new ones are wrapped under it."""
        known = self.all()
        made = Age(
            number=max((age.number for age in known), default=0) + 1,
            since=now or datetime.now(UTC),
            key=base64.b64encode(os.urandom(KEY_BYTES)).decode(),
        )
        self._write([*known, made], new=not known)
        return made

    def destroy(self, numbers: Sequence[int]) -> None:
        """Take keys away for good; what is wrapped under them alone cannot be read again."""
        self._write([age for age in self.all() if age.number not in numbers])

    def _refresh(self) -> None:
        stamp = self._stamp_now()
        if stamp == self._stamp:
            return
        known = self.all()
        self._known = {age.number: AESGCM(self._derived(age)) for age in known}
        self._newest = max(self._known, default=0)
        self._stamp = stamp

    def _stamp_now(self) -> tuple[int, int] | None:
        try:
            found = os.stat(self.file)
        except FileNotFoundError:
            return None
        return found.st_mtime_ns, found.st_ino

    def _derived(self, age: Age) -> bytes:
        material = self._secret + base64.b64decode(age.key)
        return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=b"linli vault 2 wrap").derive(
            material
        )

    def _write(self, ages: Sequence[Age], *, new: bool = False) -> None:
        text = "".join(f"{codec.encode(age)}\n" for age in ages)
        beside = self.file.with_name(f".{self.file.name}.new")
        with suppress(FileNotFoundError):
            beside.unlink()
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if new:
            os.link(beside, self.file)  # fails where somebody else was first
            beside.unlink()
        else:
            with self._wiped():
                beside.replace(self.file)
        self._stamp = None

    @contextmanager
    def _wiped(self) -> Iterator[None]:
        """Write over what the file had, once another has taken its name."""
        with self.file.open("r+b") as old:
            size = os.fstat(old.fileno()).st_size
            yield
            old.write(b"\0" * size)
            old.flush()
            os.fsync(old.fileno())
