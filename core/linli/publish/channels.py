"""What carries publications to their readers, after the act is stored."""

from typing import Protocol
from uuid import UUID

from linli.subjects import Subject


class Channel(Protocol):
    """A way to the readers: the web board, a feed, a chat tool's robot."""

    def carry(self, publication: Subject, event: str, key: UUID) -> None:
        """Carry a publication, its correction or its withdrawal.

        Called by a worker, at least once: `key` is the same each time, and doing it again must
        change nothing. An exception means that it is tried again later.

        Args:
            event: "publication.publish", "publication.withdraw" or "publication.correct".
        """
        ...
