"""What only a spreadsheet writes: dates and powers of ten in place of room numbers, errors in place of values."""

import re
from functools import lru_cache
from typing import Final

from linli._base.i18n import Text, say
from linli._model.sheets import Unread, Value

_MONTH: Final = (
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec|january|february|march|april|june|july|august"
    r"|september|october|november|december|(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月)"
)
_DATE: Final = re.compile(
    rf"(?:\d{{4}}年)?\d{{1,2}}月\d{{1,2}}日|\d{{4}}年\d{{1,2}}月(?:\d{{1,2}}日)?"
    # 3-2-1001 is a room.
    rf"|(?:19|20)\d\d([-/.])\d{{1,2}}\1\d{{1,2}}(?:[ T]\d{{1,2}}:\d{{2}}(?::\d{{2}})?)?"
    rf"|\d{{1,2}}/\d{{1,2}}/(?:19|20)\d\d"
    rf"|\d{{1,4}}[-/ ]{_MONTH}(?:[-/ ]\d{{2,4}})?|{_MONTH}[-/ ]\d{{1,4}}(?:[-/, ]+\d{{2,4}})?"
    r"|\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[ap]m)?",
    re.IGNORECASE,
)
# A spreadsheet writes the sign and two digits; 1E2 may be a room.
_POWER: Final = re.compile(r"[+-]?\d(?:\.\d*)?e[+-]\d{2,3}", re.IGNORECASE)
_THOUSANDS: Final = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_WHOLE: Final = re.compile(r"(\d+)\.0+")
_ERROR: Final = re.compile(
    r"#(?:n/a|ref!|value!|div/0!|name\?|null!|num!|spill!|calc!|field!|blocked!|connect!|busy!|unknown!"
    r"|python!|external!|getting_data|gesperrt!|n/d|[一-鿿]{1,4}[!?])|(?:err|错误)[:：]\s?\d{3}|#{2,}",
    re.IGNORECASE,
)


# Nearly no cell begins so, and every cell is asked.
BEGINS_AN_ERROR: Final = frozenset("#Ee错")


def without_result(value: Value) -> Text | None:
    """Why a cell has no value of its own to be read, although it is not blank; None where it has."""
    if value is Unread.FORMULA:
        return say(
            "a formula without a stored result; open the file in Excel or WPS, recalculate, save, import again"
        )
    error = isinstance(value, str) and _ERROR.fullmatch(value.replace("！", "!"))
    if value is Unread.ERROR or error:
        return say("the formula here gives an error; put it right, recalculate, save, import again")
    return None


@lru_cache(maxsize=4096)
def changed_by_a_spreadsheet(text: str) -> Text | None:
    """What a spreadsheet made of a number that is no amount; None where it left it alone."""
    if _DATE.fullmatch(text):
        return say(
            "the spreadsheet has turned this into a date (3-2 becomes a day in March); "
            "format the column as text and enter it again"
        )
    if _POWER.fullmatch(text):
        return say(
            "the spreadsheet has turned this into a power of ten and lost digits; "
            "format the column as text and enter it again"
        )
    if _THOUSANDS.fullmatch(text):
        return say(
            "the spreadsheet has put commas into this number; format the column as text and enter it again"
        )
    return None


def whole(text: str) -> str:
    """A number without the ".0" that programs add to whole ones."""
    if "." not in text:
        return text
    found = _WHOLE.fullmatch(text)
    return found[1] if found else text
