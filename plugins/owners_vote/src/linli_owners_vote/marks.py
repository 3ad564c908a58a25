"""The choices of a ballot, and what a receipt shows of it."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from linli import Choice


class Answer(Choice):
    """How a ballot is cast."""

    AGREE = "agree"
    AGAINST = "against"
    ABSTAIN = "abstain"


CHOICES: Final[tuple[str, ...]] = tuple(Answer)
Commit = Callable[[str, str], str]
_CODE_DIGITS: Final = 12


def receipt_of(commit: Commit, ballot: UUID) -> str:
    """What a voter is given: it tells that their ballot is counted, and not how they voted.

    It follows from the ballot's number and the district's key, so that it is stored nowhere.
    """
    code = commit(str(ballot), "owners_vote receipt")[:_CODE_DIGITS].upper()
    return "-".join(code[at : at + 4] for at in range(0, _CODE_DIGITS, 4))
