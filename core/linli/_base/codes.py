"""Codes that verify: sixteen letters and digits that stand on a certificate or a receipt.

A code is the number of what it stands on, and that number follows from what it says and the
district's key: whoever has the code finds it, and nobody can make one up.
"""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from linli._base.errors import Refused
from linli._base.refusals import Invalid

# As Crockford's base 32: without I, L, O and U, which are misread.
_LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH: Final = 16
_GROUP: Final = 4
_BITS: Final = 5 * _LENGTH
# What all such numbers begin with, so that a code of 80 bits makes a number of 128.
_PREFIX: Final = 0x6C696E6C6963


def coded(commit: Callable[[str, str], str], text: str, context: str) -> UUID:
    """The number, with a code of its own, that follows from `text`.

    Args:
        commit: `Facts.commit`, or that of the district's keyring.
        context: what it is the number of, so that one text gives each kind of thing another.
    """
    return UUID(int=_PREFIX << _BITS | int(commit(text, context)[: _BITS // 4], 16))


def code_of(number: UUID) -> str:
    """The code of a number made by `coded`: "4M2A-…", sixteen letters and digits."""
    mark = number.int & (1 << _BITS) - 1
    letters = "".join(_LETTERS[mark >> 5 * place & 31] for place in range(_LENGTH - 1, -1, -1))
    return "-".join(letters[n : n + _GROUP] for n in range(0, _LENGTH, _GROUP))


class NotACode(Invalid, says="a code has {count} letters and digits; this is none"):
    count: int
    field: str = "code"


def number_of(code: str) -> UUID:
    """The number that a code stands for, however it was typed; Refused where it can be none."""
    letters = code.upper().replace("-", "").replace(" ", "").translate(str.maketrans("OIL", "011"))
    if len(letters) != _LENGTH or any(letter not in _LETTERS for letter in letters):
        raise Refused(NotACode(count=_LENGTH))
    mark = 0
    for letter in letters:
        mark = mark << 5 | _LETTERS.index(letter)
    return UUID(int=_PREFIX << _BITS | mark)
