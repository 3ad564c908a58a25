"""What may not stand in a public text: numbers that identify a person.

Found however they are written: full-width, with spaces or dashes between, in Chinese numerals.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final
from unicodedata import category, decimal, normalize

from linli.i18n import Text, say
from linli.identity import BadValue, normal_resident_id

_NUMERALS: Final = str.maketrans("〇零一二三四五六七八九", "00123456789")
_GAP: Final = r"[\s\-‐-―−.·()]{1,3}"
# How people part the 11 digits of a mobile and the 18 characters of an identity number.
_MOBILE_GROUPS: Final = ((11,), (3, 4, 4), (3, 8), (7, 4), (1,) * 11)
_ID_GROUPS: Final = ((18,), (6, 8, 4), (6, 4, 4, 4), (6, 12), (14, 4), (1,) * 18)
_PLACE: Final = re.compile(r"\{([a-z][a-z0-9_]{0,30})\}")


def _grouped(groups: Iterable[int], digit: str, last: str) -> str:
    parts = [digit * size for size in groups]
    parts[-1] = parts[-1].removesuffix(digit) + last
    return _GAP.join(parts)


def _pattern(ways: Iterable[Iterable[int]], last: str) -> str:
    return "|".join(_grouped(groups, "[0-9]", last) for groups in ways)


_COUNTRY: Final = rf"(?:(?:\+|00)?86(?:{_GAP})?|0)?"
_MOBILE: Final = re.compile(
    rf"(?<![0-9]){_COUNTRY}(?=1(?:{_GAP})?[3-9])(?:{_pattern(_MOBILE_GROUPS, '[0-9]')})(?![0-9])"
)
# An overlapping look at every place: an identity number can stand within a longer row of digits.
_ID: Final = re.compile(rf"(?=({_pattern(_ID_GROUPS, '[0-9Xx]')}))")


# A digest or the number of a matter: its letters part digits by chance so that they look like a telephone's.
_MARK: Final = re.compile(
    r"(?<![0-9A-Za-z])(?=(?:[0-9-]*[a-f]){6})"
    r"(?:[0-9a-f]{64}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?![0-9A-Za-z])"
)
_FEWEST_DIGITS: Final = 11

NEVER_PUBLISHED: Final = say("has what looks like an identity number; these are never published; take it out")
_ONLY_CONSENTED: Final = say(
    "has what looks like a mobile number; take it out, or give it as personal data that its person"
    " has consented to have published"
)


def revealing(text: str) -> Text | None:
    """What in `text` identifies a person; None where nothing does. The answer never holds it."""
    if sum(map(str.isnumeric, text)) < _FEWEST_DIGITS:
        return None
    if holds_resident_id(text):
        return NEVER_PUBLISHED
    return _ONLY_CONSENTED if _MOBILE.search(_plain(text)) else None


def holds_resident_id(text: str) -> bool:
    """Whether some 18 characters have a date of birth and the right check digit."""
    return any(_is_resident_id(found[1]) for found in _ID.finditer(_plain(text)))


def _plain(text: str) -> str:
    visible = (char for char in normalize("NFKC", text) if category(char) != "Cf")
    return _MARK.sub("#", "".join(_digit(char) for char in visible).translate(_NUMERALS))


def _digit(char: str) -> str:
    value = decimal(char, None)
    return char if value is None else str(value)


def _is_resident_id(found: str) -> bool:
    try:
        normal_resident_id(re.sub(r"[^0-9Xx]", "", found))
    except BadValue:
        return False
    return True


def unprintable(text: str, *, lines: bool) -> bool:
    """Whether `text` has what no page can show: control characters, halves of characters, no characters."""
    allowed = "\n\t" if lines else ""
    # Most texts need no look at each character.
    return not text.isprintable() and any(_unprintable(char) and char not in allowed for char in text)


def _unprintable(char: str) -> bool:
    return category(char) in ("Cc", "Cs", "Zl", "Zp") or ord(char) & 0xFFFE == 0xFFFE


def places_in(body: str) -> Iterator[str]:
    """The names in braces, where consented personal data goes: "楼栋长电话 {phone}"."""
    return (found[1] for found in _PLACE.finditer(body))


def filled(body: str, shown: dict[str, str]) -> str:
    """`body` with what is shown in place of the names in braces; other braces stay."""
    return _PLACE.sub(lambda found: shown.get(found[1], found[0]), body)
