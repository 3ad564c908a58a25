"""What may not stand in a public text or in a plain field: numbers that identify a person, signs that mislead.

Found however they are written: full-width, with spaces or signs between, in Chinese numerals, and an identity
number also masked, of 15 digits, or mistyped: whether it is one, or looks like it.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final
from unicodedata import category, decimal, normalize

from stdnum.cn import uscc

from linli._base.i18n import Text, say
from linli._base.identity import BadValue, normal_resident_id

_NUMERALS: Final = str.maketrans("〇零一二三四五六七八九壹贰叁肆伍陆柒捌玖", "00123456789123456789")
_SIGNS: Final = r"\s\-‐-―−.·()/_,:;、~|+'"
_GAP: Final = rf"[{_SIGNS}]{{1,3}}"
# How people part the 11 digits of a mobile.
_MOBILE_GROUPS: Final = ((11,), (3, 4, 4), (3, 8), (7, 4), (1,) * 11)
_PLACE: Final = re.compile(r"\{([a-z][a-z0-9_]{0,30})\}")


def _grouped(groups: Iterable[int]) -> str:
    return _GAP.join("[0-9]" * size for size in groups)


_COUNTRY: Final = rf"(?:(?:\+|00)?86(?:{_GAP})?|0)?"
_MOBILE: Final = re.compile(
    rf"(?<![0-9]){_COUNTRY}(?=1(?:{_GAP})?[3-9])(?:{'|'.join(map(_grouped, _MOBILE_GROUPS))})(?![0-9])"
)
_LANDLINE: Final = re.compile(
    rf"(?<![0-9])0(?:10|2[0-9]|[3-9][0-9]{{2}})(?:{_GAP})?[2-8][0-9]{{6,7}}(?![0-9])"
)

# Digits and what hides digits, with signs between: what a number that was taken apart is put together of.
_MASK: Final = "*×●○•◯□■☆★#?…"
_RUN: Final = re.compile(
    rf"(?:[0-9]|[{re.escape(_MASK)}])(?:[{_SIGNS}]{{0,3}}(?:[0-9Xx]|[{re.escape(_MASK)}]))+"
)
_PARTED: Final = re.compile(rf"[{_SIGNS}]+")
_TIGHT: Final = re.compile(r"[0-9](?:[\s\-‐-―−.·()_]{0,3}[0-9Xx])+")
# The first two digits: a province, or what holders of residence permits have.
_PROVINCE: Final = r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|9[1-3])"
_DAY: Final = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_BORN: Final = rf"(?:19|20)[0-9]{{2}}{_DAY}"
_OLD: Final = re.compile(rf"{_PROVINCE}[0-9]{{4}}[0-9]{{2}}{_DAY}[0-9]{{3}}")
# 18 characters that would be one but for a slip: a digit wrong, too many or too few.
_SLIP: Final = re.compile(rf"{_PROVINCE}[0-9]{{3,5}}{_BORN}[0-9]{{2,4}}[0-9Xx]?")
_WHOLE: Final = re.compile(rf"{_PROVINCE}[0-9]{{15}}[0-9Xx]")
# "身份证后四位：1236", "身份证 4305…": what follows the word is a part of one.
_NAMED: Final = re.compile(
    rf"(?:身份证|公民身份|身份号|身份证明|证件号|ID ?card|identity)[件明]?(?:号码?|no\.?|number)?"
    rf"(?:[后末尾前](?:[0-9]位?|号码?|几位))?[{_SIGNS}是为\"“”]*[0-9{re.escape(_MASK)}]{{4,}}(?!\s*[0-9]?[年月])",
    re.IGNORECASE,
)
_LETTERS: Final = str.maketrans("OoIl|", "00111")
_LOOKS_LIKE_DIGITS: Final = re.compile(r"(?<=[0-9])[OoIl](?=[0-9OoIlXx])")

# A digest or the number of a matter: its letters part digits by chance so that they look like a telephone's.
MARK = re.compile(
    r"(?<![0-9A-Za-z])(?=(?:[0-9-]*[a-f]){6})"
    r"(?:[0-9a-f]{64}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?![0-9A-Za-z])"
)
_FEWEST: Final = 4
# Signs that turn the direction of writing: lists and terminals show another text than the one that is kept.
_TURNING: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

NEVER_PUBLISHED: Final = say("has what looks like an identity number; these are never published; take it out")
_ONLY_CONSENTED: Final = say(
    "has what looks like a mobile number; take it out, or give it as personal data that its person"
    " has consented to have published"
)
_PLAIN_ID: Final = say(
    "has what looks like an identity number, and everybody who can see this could read it; take it out"
)
_PLAIN_MOBILE: Final = say(
    "has what looks like a mobile number, and everybody who can see this could read it; take it out"
)
_PLAIN_LINE: Final = say("has what looks like a telephone number; this is no place for it; take it out")
_UNPRINTABLE: Final = say(
    "has line breaks, control characters or signs that turn the direction of writing; type it again as plain text"
)


def revealing(text: str) -> Text | None:
    """What in a text for the public identifies a person; None where nothing does. The answer never holds it."""
    if _has_few(text):
        return None
    plain = _plain(text)
    if _may_hold(plain):
        return NEVER_PUBLISHED
    return _ONLY_CONSENTED if _MOBILE.search(plain) else None


def revealing_for_sure(text: str) -> Text | None:
    """The same, but for what only looks like an identity number: that may be a code or the number of a case."""
    if _has_few(text):
        return None
    plain = _plain(text)
    if _holds(plain):
        return NEVER_PUBLISHED
    return _ONLY_CONSENTED if _MOBILE.search(plain) else None


def unfit(text: str, *, lines: bool = False) -> Text | None:
    """Why a text cannot stand in a plain field, which everybody who sees the list can read; None where it can.

    Args:
        lines: whether it may have several.
    """
    if unprintable(text, lines=lines) or not _TURNING.isdisjoint(text):
        return _UNPRINTABLE
    if _has_few(text):
        return None
    plain = _plain(text)
    if _may_hold(plain):
        return _PLAIN_ID
    if _MOBILE.search(plain):
        return _PLAIN_MOBILE
    return _PLAIN_LINE if _LANDLINE.search(plain) else None


def holds_resident_id(text: str) -> bool:
    """Whether some 18 characters have a date of birth and the right check digit, whatever signs part them."""
    return not _has_few(text) and _holds(_plain(text))


def may_hold_resident_id(text: str) -> bool:
    """Whether a text has an identity number in any form, or what may be one: masked, old, with a slip, a part."""
    return not _has_few(text) and _may_hold(_plain(text))


def _has_few(text: str) -> bool:
    """Whether a text has too few digits, numerals and masks to say anything."""
    return sum(char.isnumeric() or char in _MASK for char in text) < _FEWEST


def _holds(plain: str) -> bool:
    return any(_is_resident_id(run[at : at + 18]) for run in _runs(plain) for at in range(len(run) - 17))


def _may_hold(plain: str) -> bool:
    return (
        _holds(plain)
        or any(_hidden(run) for run in _runs(plain))
        or any(_may_be(_PARTED.sub("", found[0])) for found in _TIGHT.finditer(plain))
        or _NAMED.search(plain) is not None
    )


def _runs(plain: str) -> Iterator[str]:
    """Rows of digits, and of what hides digits, the signs between them taken out."""
    return (_PARTED.sub("", found[0]) for found in _RUN.finditer(plain))


def _hidden(run: str) -> bool:
    """Whether a row of digits and masks is a masked identity number: 18 or 15 long, or an area before the mask."""
    mask = sum(char in _MASK for char in run)
    if not mask or mask == len(run):
        return False
    if len(run) in (14, 15, 16, 17, 18, 19) and mask >= 2:
        return True
    return bool(re.match(rf"{_PROVINCE}[0-9]{{4}}", run)) and mask >= 2


def _may_be(digits: str) -> bool:
    if len(digits) == 18 and uscc.is_valid(digits.upper()):
        return False
    if len(digits) == 15:
        return _OLD.fullmatch(digits) is not None
    if len(digits) == 18 and _WHOLE.fullmatch(digits):
        return True
    return len(digits) in range(16, 21) and _SLIP.fullmatch(digits) is not None


def _plain(text: str) -> str:
    visible = (
        char for char in normalize("NFKC", text.replace("…", "***")) if category(char) not in _INVISIBLE
    )
    digits = "".join(_digit(char) for char in visible).translate(_NUMERALS)
    return MARK.sub(" ; ", _LOOKS_LIKE_DIGITS.sub(lambda found: found[0].translate(_LETTERS), digits))


_INVISIBLE: Final = ("Cf", "Mn", "Me")


def _digit(char: str) -> str:
    value = decimal(char, None)
    return char if value is None else str(value)


def _is_resident_id(found: str) -> bool:
    try:
        normal_resident_id(found)
    except BadValue:
        return False
    return True


def unprintable(text: str, *, lines: bool) -> bool:
    """Whether `text` has what no page can show: control characters, halves of characters, no characters."""
    allowed = "\n\t" if lines else ""
    # Most texts need no look at each character.
    return not text.isprintable() and any(_unprintable(char) and char not in allowed for char in text)


def unkeepable(text: str) -> bool:
    """Whether not every database can keep `text`: a NUL, half of a character."""
    return not text.isprintable() and any(char == "\0" or category(char) == "Cs" for char in text)


def _unprintable(char: str) -> bool:
    return category(char) in ("Cc", "Cs", "Zl", "Zp") or ord(char) & 0xFFFE == 0xFFFE


def places_in(body: str) -> Iterator[str]:
    """The names in braces, where consented personal data goes: "楼栋长电话 {phone}"."""
    return (found[1] for found in _PLACE.finditer(body))


def filled(body: str, shown: dict[str, str]) -> str:
    """`body` with what is shown in place of the names in braces; other braces stay."""
    return _PLACE.sub(lambda found: shown.get(found[1], found[0]), body)
