"""Names of places as people write them: one spelling to show, and one to compare by."""

import re
import unicodedata
from typing import Final

from linli._base.errors import Refused
from linli._base.i18n import say
from linli._base.refusals import Invalid, Missing, Unfit
from linli._base.revealing import unfit

LONGEST: Final = 200
_DIGITS: Final = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS: Final = re.compile(r"([一二三四五六七八九])?十([一二三四五六七八九])?")

# What stands behind the number of a place and does not tell it from others.
_ENDINGS: Final = {
    "compound": re.compile(r"(?<=..)小区$"),
    "building": re.compile(r"(号楼|栋楼|[栋幢座楼号#])$"),
    "unit": re.compile(r"(单元|门)$"),
    "exclusive_part": re.compile(r"[室号房]$"),
}
_SHOWN_AS: Final = {"building": "栋", "unit": "单元"}
_BARE: Final = re.compile(r"[0-9A-Za-z]{1,3}")


class PlaceNameNotSaid(Missing, says="a place needs a name"):
    field: str = "name"


class PlaceNameTooLong(Invalid, says="a place's name has at most {most} characters"):
    most: int
    field: str = "name"


class SlashInName(Invalid, says="a place's name has no '/'; it stands between the names of a path"):
    field: str = "name"


def place_name(kind: str, text: str) -> str:
    """A place's name as it is kept and shown: "３" of a building becomes "3栋". Refused when it is none."""
    name = "".join(unicodedata.normalize("NFKC", text).split())
    if not name:
        raise Refused(PlaceNameNotSaid())
    if len(name) > LONGEST:
        raise Refused(PlaceNameTooLong(most=LONGEST))
    if problem := unfit(name):
        raise Refused(Unfit(field="name", name=say("name"), problem=problem))
    if "/" in name:
        raise Refused(SlashInName())
    return name + _SHOWN_AS[kind] if kind in _SHOWN_AS and _BARE.fullmatch(name) else name


def folded(kind: str, name: str) -> str:
    """What a place is known by among its siblings: 3栋, 3号楼, 三幢 and 03 are one building."""
    text = "".join(unicodedata.normalize("NFKC", name).split()).casefold()
    ending = _ENDINGS.get(kind)
    short = ending.sub("", text) if ending else text
    if kind == "compound" or not short:
        return short or text
    number = _number(short.removeprefix("第"))
    return number.lstrip("0") or "0" if number.isdigit() else number


def _number(text: str) -> str:
    """A number in Chinese signs as digits; anything else as it is."""
    tens = _TENS.fullmatch(text)
    if tens:
        return str(10 * _DIGITS.get(tens[1], 1) + _DIGITS.get(tens[2], 0))
    if text and all(sign in _DIGITS for sign in text):
        return "".join(str(_DIGITS[sign]) for sign in text)
    return text
