"""The head of the district's chain of seals, shown on the front page."""

from linli import District
from linli._proof.sealing import Head


def seal_head(district: District) -> Head | None:
    """The number and hash of the last act that was sealed; None where none was."""
    head = district.sealing.head()
    return head if head.number else None
