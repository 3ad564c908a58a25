"""What an act says of the rows that it writes beside the journal, so that these can be compared with it later.

An act's body has a digest of the postings that it made, and of each post that it gave. The chain of seals
covers the body: whoever changes such a row, puts one in or takes one away, is found by `linli verify`.
"""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from linli import codec

POSTED: Final = "posted"
POSTS: Final = "posts"

# What of a row is said when it is written and never changes. Whom a post belongs to changes as people are merged.
_OF_POSTING: Final = (
    "cause", "rule", "to_owner", "to_part", "from_owner", "from_part", "unit", "amount", "at", "cap_period",
)  # fmt: skip
_OF_POST: Final = ("id", "role", "at", "place", "since")


def of_posting(row: Mapping[str, Any]) -> bytes:
    """The digest of one posting, from its columns by name."""
    return _digest([row[name] for name in _OF_POSTING])


def of_postings(digests: Iterable[bytes]) -> str:
    """What an act says of its postings: hexadecimal, whatever their order."""
    return sha256(b"".join(sorted(digests))).hexdigest()


def of_post(row: Mapping[str, Any], person: UUID) -> str:
    """What an act says of a post that it gives to `person`: 32 hexadecimal digits."""
    return _digest([*(row[name] for name in _OF_POST), person]).hex()[:32]


def _digest(values: Sequence[object]) -> bytes:
    return sha256(codec.encode(codec.plain(values)).encode()).digest()
