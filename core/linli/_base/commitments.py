"""What an act says of the rows that it writes beside the journal, so that these can be compared with it later.

An act's body has a digest of the postings that it made, and of each post that it gave. The chain of seals
covers the body: whoever changes such a row, puts one in or takes one away, is found by `linli verify`.
"""

import base64
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from linli._base import codec

POSTED: Final = "posted"
POSTS: Final = "post_rows"
SUBJECTS: Final = "subject_rows"

# What of a row is said when it is written and never changes. Whom a post belongs to changes as people are merged.
_OF_POSTING: Final = (
    "cause", "rule", "to_owner", "to_part", "from_owner", "from_part", "unit", "amount", "at", "cap_period",
)  # fmt: skip
_OF_SUBJECT: Final = ("kind", "state", "outcome", "place", "opened_at", "accepted_at", "ended_at", "record")
_SHORT: Final = 8
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


def of_subject(row: Mapping[str, Any]) -> bytes:
    """What an act says of a subject that a file brings: 8 bytes, of what it is before anybody moves it."""
    return _digest([row[name] for name in _OF_SUBJECT])[:_SHORT]


def of_subjects(rows: Iterable[Mapping[str, Any]]) -> str:
    """The same of many, each with its number, in base64."""
    return base64.b64encode(b"".join(row["id"].bytes + of_subject(row) for row in rows)).decode()


def subjects_in(text: str) -> Iterator[tuple[UUID, bytes]]:
    """What `of_subjects` made the text from, one by one."""
    raw, size = base64.b64decode(text), 16 + _SHORT
    return ((UUID(bytes=raw[at : at + 16]), raw[at + 16 : at + size]) for at in range(0, len(raw), size))


def _digest(values: Sequence[object]) -> bytes:
    return sha256(codec.encode(codec.plain(values)).encode()).digest()
