"""Choices and how they are sealed.

A choice is kept as a mark: a keyed digest of the choice, the ballot, the vote and the part. With the
district's key there are three choices to try, so that a box can be counted; without it a mark says
nothing, not even whether two ballots are alike. The choice itself reaches neither journal nor table.
"""

from collections.abc import Callable
from typing import Final
from uuid import UUID

WORDS = CHOICES = ("agree", "against", "abstain")
Commit = Callable[[str, str], str]
_CODE_DIGITS: Final = 12


def mark_of(commit: Commit, choice: str, *, ballot: UUID, vote: UUID, part: UUID) -> UUID:
    """A choice, sealed: 128 bits that nobody can make or read without the district's key."""
    # As a UUID: a text of digits could look like somebody's phone.
    return UUID(hex=commit(choice, f"owners_vote ballot {ballot} of {vote} for {part}")[:32])


def choice_of(commit: Commit, mark: UUID, *, ballot: UUID, vote: UUID, part: UUID) -> str | None:
    """The choice that a mark was made of; None where it is no mark of this ballot."""
    found = (c for c in CHOICES if mark_of(commit, c, ballot=ballot, vote=vote, part=part) == mark)
    return next(found, None)


def receipt_of(commit: Commit, ballot: UUID) -> str:
    """What a voter is given: it tells that their ballot is counted, and not how they voted.

    It follows from the ballot's number and the district's key, so that it is stored nowhere.
    """
    code = commit(str(ballot), "owners_vote receipt")[:_CODE_DIGITS].upper()
    return "-".join(code[at : at + 4] for at in range(0, _CODE_DIGITS, 4))
