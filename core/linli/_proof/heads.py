"""Heads that are kept: lines in a file beside the district's, each under a key of the district's secret.

The chain of seals needs no key: whoever can write the database can seal anew what they have changed. What
they cannot make are heads that were kept before, so these are compared with the chain, before anything is
sealed. The file only grows. The board publishes it, so that whoever writes here as well is found elsewhere.
"""

import os
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID

import attrs
import msgspec
from sqlalchemy import select

from linli._base import codec
from linli._base.errors import Refused
from linli._base.i18n import Text, say, translate
from linli._base.refusals import FileUnreadable
from linli._config.district import SealingSettings
from linli._proof.sealing import MARGIN, Head, Sealing, first_id
from linli._store import tables as t
from linli._vault.crypto import Keyring

_AT_ONCE: Final = 500


class Heads:
    """The heads of a district's chain that this installation has kept.

    Args:
        file: where they are, a line of JSON each, the oldest first.
        published: files in which they were made public, which are compared too where they are there.
    """

    def __init__(
        self, sealing: Sealing, keyring: Keyring, file: Path, published: Iterable[Path] = ()
    ) -> None:
        self._sealing, self._keyring, self.file = sealing, keyring, file
        self._published = tuple(published)

    def signed(self, head: Head) -> Head:
        """The same head with what only this district's secret can make of it."""
        return attrs.evolve(head, mac=self._keyring.vouch(head.district, head.number, head.hash))

    def lines(self) -> list[str]:
        """What was kept, as it stands there; empty where nothing was yet."""
        return _lines(self.file)

    def last(self) -> Head | None:
        """The newest that was kept."""
        lines = self.lines()
        return head_from(lines[-1]) if lines else None

    def keep(self) -> Head | None:
        """Keep the chain's head, where acts were sealed since the last one and that one still fits; else None."""
        head, last = self._sealing.head(), self.last()
        if not head.number or (last and (last.number >= head.number or self._sealing.check(last))):
            return None
        signed = self.signed(head)
        descriptor = os.open(self.file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(codec.encode(signed) + "\n")
        return signed

    def problems(self) -> list[Text]:
        """Why the chain is not the one that heads were kept and published of; empty where it is."""
        return [problem for file in (self.file, *self._published) for problem in self._problems(_lines(file))]

    def _problems(self, lines: Iterable[str]) -> Iterator[Text]:
        known = [(number, head_from(line)) for number, line in enumerate(lines, 1)]
        hashes = self._hashes(head.number for _, head in known if head)
        for number, head in known:
            if head is None or not self._ours(head):
                yield say(
                    "line {number} of the kept heads is not one that this district's key made", number=number
                )
            elif head.number not in hashes:
                yield say("number {number} is not in the journal any more", number=head.number)
            elif hashes[head.number] != head.hash:
                yield say("something up to number {number} has been changed since", number=head.number)

    def _ours(self, head: Head) -> bool:
        return self.signed(head).mac == head.mac and head.district == self._sealing.district

    def _hashes(self, numbers: Iterable[int]) -> dict[int, str]:
        wanted, found = sorted(set(numbers)), dict[int, str]()
        s = t.seal.c
        for first in range(0, len(wanted), _AT_ONCE):
            page = wanted[first : first + _AT_ONCE]
            query = select(s.number, s.hash).where(s.district == self._sealing.district, s.number.in_(page))
            with self._sealing.store.reading() as connection:
                found.update(tuple(row) for row in connection.execute(query))
        return found

    def older(self, number: int) -> int:
        """How many acts that were sealed after `number` were made before the last kept head.

        More than a few were put in, or restored, or their seals were taken away and made anew.
        """
        last = self.last()
        return sum(1 for _ in self._made_before(last.at, number)) if last else 0

    def _made_before(self, moment: datetime, number: int) -> Iterator[UUID]:
        s = t.seal.c
        query = select(s.act).where(
            s.district == self._sealing.district, s.number > number, s.act < first_id(moment - MARGIN)
        )
        with self._sealing.store.reading() as connection:
            # Of other identifiers, which callers made, nobody can tell when.
            yield from (act for (act,) in connection.execute(query) if act.version == 7)


def _lines(file: Path) -> list[str]:
    try:
        text = file.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return []
    except OSError as error:
        raise Refused(FileUnreadable(file=file.name, why=translate(error.strerror or "?"))) from None
    return [line for line in text.splitlines() if line.strip()]


def heads_of(sealing: Sealing, keyring: Keyring, folder: Path, settings: SealingSettings) -> Heads:
    """The heads that a district's settings name."""
    return Heads(sealing, keyring, folder / settings.heads, [folder / name for name in settings.published])


def head_from(text: str) -> Head | None:
    """A head from its line; None where it is none."""
    try:
        return msgspec.json.decode(text.encode(errors="replace"), type=Head)
    except msgspec.DecodeError:
        return None
