"""What carries publications to their readers, after the act is stored."""

from collections.abc import Iterable
from typing import Protocol, runtime_checkable
from uuid import UUID

from linli._model.subjects import StoredSubject


class Channel(Protocol):
    """A way to the readers: the web board, a feed, a chat tool's robot."""

    def carry(self, publication: StoredSubject, event: str, key: UUID) -> None:
        """Carry a publication, its correction or its withdrawal.

        Called by a worker, at least once: `key` is the same each time, and doing it again must
        change nothing. An exception means that it is tried again later.

        Args:
            event: "publication.publish", "publication.withdraw" or "publication.correct".
        """
        ...


@runtime_checkable
class Settling(Protocol):
    """A channel that puts off what many publications have in common, such as a list that names them all."""

    def settle(self) -> None:
        """Do what was put off. The worker calls it after each batch; what a killed one left is done then."""
        ...


@runtime_checkable
class Refreshable(Protocol):
    """A channel that keeps pages, which can be written again without anybody being told."""

    def refresh(self, publications: Iterable[UUID]) -> None:
        """Let the pages of these publications, and of what they are about, show what is so now."""
        ...
