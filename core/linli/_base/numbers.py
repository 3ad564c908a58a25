"""Short numbers of matters: digits that people read out and type.

They are random, so that they say nothing of how many there are or of who came before whom, and they give no
right. The last digit checks the others: it finds every wrong digit and every swap of neighbours (H. M. Damm,
"Total anti-symmetrische Quasigruppen", Marburg 2004).
"""

import secrets
import unicodedata
from typing import Final

from linli._base.errors import Refused
from linli._base.refusals import Invalid

_DIGITS: Final = 9
_LONGEST: Final = 18  # what a BIGINT holds whatever its digits are


def draw(longer: int = 0) -> int:
    """A number that is probably free; whether it is, the database's constraint says.

    Args:
        longer: how many digits more it has than usual: one for each time that a number was taken, so that
            a crowded district, or very many at once, still comes to an end.
    """
    # `stdnum` loads nothing else for this; it stays out of commands that make nothing.
    from stdnum.damm import calc_check_digit

    least: int = 10 ** (min(_DIGITS + longer, _LONGEST) - 2)
    head: int = least + secrets.randbelow(9 * least)
    return head * 10 + int(calc_check_digit(str(head)))


def written(number: int) -> str:
    """The number as people are shown it: digits alone, so that it is copied in one piece."""
    return str(number)


class WrongDigit(Invalid, says="{number}: a digit is wrong or two are swapped; check the digits"):
    number: str
    field: str = "number"


def read(text: str) -> int | None:
    """The number that somebody typed, however they grouped it; None where it is no such number at all.

    Raises: Refused where a digit is wrong or two are swapped.
    """
    digits = "".join(sign for sign in unicodedata.normalize("NFKC", text) if sign not in " -\t\u00b7")
    if not (digits.isascii() and digits.isdigit() and _DIGITS <= len(digits) <= _LONGEST):
        return None
    from stdnum.damm import is_valid

    if digits[0] == "0" or not is_valid(digits):
        raise Refused(WrongDigit(number=digits))
    return int(digits)
