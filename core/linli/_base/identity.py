"""What identifies people and bodies: phones, resident ids, company codes and names.

Each `normal_…` takes what a person or a spreadsheet wrote and gives the one form that is kept and
looked up by, or raises `BadValue`; each `mask_…` gives what may be shown of it. Everything is
brought to Unicode NFKC, so that full-width and half-width forms are the same.
"""

import re
from datetime import date
from typing import Final
from unicodedata import category, normalize

from stdnum.cn import ric, uscc

from linli._base.errors import Refused
from linli._base.refusals import Invalid, Missing, Refusal

ADULT_AT: Final = 18
"""Full years from which a person is no minor (Civil Code, article 17)."""

CHILD_UNTIL: Final = 14
"""Full years below which everything about a person is sensitive (PIPL, article 28)."""

COMPOUND_SURNAMES: Final = frozenset(
    re.findall(
        "..",
        "欧阳太史端木上官司马东方独孤南宫万俟闻人夏侯诸葛尉迟公羊赫连澹台皇甫宗政濮阳公冶"
        "太叔申屠公孙慕容仲孙钟离长孙宇文司徒鲜于司空闾丘子车亓官司寇巫马公西颛孙壤驷公良"
        "漆雕乐正宰父谷梁拓跋夹谷轩辕令狐段干百里呼延东郭南门羊舌微生梁丘左丘东门西门第五",
    )
)

_NOISE: Final = re.compile(r"[\s\-‐-―−()'`‘’]+")
_IN_POWERS_OF_TEN: Final = re.compile(r"([0-9])(?:\.([0-9]+))?E\+?([0-9]+)")
_MOBILE: Final = re.compile(r"(?:\+86|0086|86|0)?(1[3-9][0-9]{9})")
_LANDLINE: Final = re.compile(r"(?:(?:\+86|0086)0?|0)((?:10|2[0-9]|[3-9][0-9]{2})[2-8][0-9]{6,7})")
_ABROAD: Final = re.compile(r"(?:\+|00)(?!86)([1-9][0-9]{7,14})")
_WITHOUT_AREA_CODE: Final = re.compile(r"[2-8][0-9]{6,7}")
_RESIDENT_ID: Final = re.compile(r"[0-9]{17}[0-9X]")
_USCC: Final = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")

# Names hold characters of the private use area where an older GB 18030 had no better place for them.
_IDEOGRAPH: Final = "[〇\u3400-\u9fff\ue000-\uf8ff\U00020000-\U0003ffff]"
_DOT: Final = re.compile(rf"\s*[·•‧∙⋅・]\s*|(?<={_IDEOGRAPH})\s*\.\s*(?={_IDEOGRAPH})")
_SPACE_BETWEEN_IDEOGRAPHS: Final = re.compile(rf"(?<={_IDEOGRAPH})\s+(?={_IDEOGRAPH})")
_NAME_CATEGORIES: Final = frozenset({"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Nl", "Co"})
_LONGEST_NAME: Final = 50

_BUILDING: Final = re.compile(r".*?[0-9A-Za-z甲乙丙丁一二三四五六七八九十]\s*#?\s*(?:号楼|栋|幢|座)")
_NUMBER_IN_ADDRESS: Final = re.compile(r"[0-9]|[零〇一二三四五六七八九十百]+\s*(?:号|单元|楼|层|室|房)")


class BadValue(Refused):
    """A value cannot be what it is given as; the text says why and never contains the value."""


def normal_phone(text: str) -> str:
    """The phone number in `text`.

    Returns: a mobile number of mainland China as its 11 digits; a landline with its area code
        ("07395321234"); any other country's with its country code ("+85291234567", ITU-T E.164).
    Raises: BadValue.
    """
    # A spreadsheet keeps all digits of so short a number, and adds only this to its looks.
    number = _with_all_digits(_compact(text).removesuffix(".0"))
    if found := _MOBILE.fullmatch(number):
        return found[1]
    if found := _LANDLINE.fullmatch(number):
        return f"0{found[1]}"
    if found := _ABROAD.fullmatch(number):
        return f"+{found[1]}"
    raise BadValue(_wrong_phone(number))


def _with_all_digits(number: str) -> str:
    """A number out of a power of ten that still has every digit: 1.9900001603E10."""
    found = _IN_POWERS_OF_TEN.fullmatch(number)
    if found is None or len(found[2] or "") != int(found[3]):
        return number
    return found[1] + (found[2] or "")


class NoPhoneGiven(Missing, says="no phone number is given"):
    field: str = "phone"


class SeveralPhones(Invalid, says="this holds more than one phone number; give one"):
    field: str = "phone"


class NoAreaCode(Invalid, says="a landline needs its area code in front, with its 0"):
    field: str = "phone"


class MobileTooShort(Invalid, says="a mobile number is 11 digits from 13 to 19 on; this has {count}"):
    count: int
    field: str = "phone"


class NotAPhone(
    Invalid, says="this is no phone number; give the 11 digits of a mobile, or a landline with its area code"
):
    field: str = "phone"


def _wrong_phone(number: str) -> Refusal:
    if not number:
        return NoPhoneGiven()
    if _IN_POWERS_OF_TEN.fullmatch(number):
        return LostDigits(field="phone")
    if re.search(r"[/;,、|]", number):
        return SeveralPhones()
    if _WITHOUT_AREA_CODE.fullmatch(number):
        return NoAreaCode()
    if re.fullmatch(r"1[0-9]*", number):
        return MobileTooShort(count=len(number))
    return NotAPhone()


def normal_resident_id(text: str) -> str:
    """The resident identity number (公民身份号码, GB 11643-1999) in `text`: 17 digits and a check character.

    The place of registration is not looked up: lists of places have gaps (residence permits of
    people from Taiwan begin with 83, cards of permanent residents with 9), and the check
    character finds slips of the pen without them.

    Raises: BadValue.
    """
    number = _compact(text)
    if not _RESIDENT_ID.fullmatch(number):
        raise BadValue(_wrong_shape_of_id(number))
    expected = ric.calc_check_digit(number)
    if number[-1] != expected:
        raise BadValue(_wrong_check_digit(number, expected))
    birth_date(number)
    return number


class NoIdGiven(Missing, says="no identity number is given"):
    field: str = "resident_id"


class FirstGenerationId(
    Invalid, says="this is a first-generation identity number of 15 digits; give the one of 18"
):
    field: str = "resident_id"


class WrongLengthOfId(Invalid, says="an identity number has 18 characters; this has {count}"):
    count: int
    field: str = "resident_id"


class StrangeCharactersInId(
    Invalid, says="an identity number is 17 digits, then a digit or X; this has other characters"
):
    field: str = "resident_id"


def _wrong_shape_of_id(number: str) -> Refusal:
    digits = number.removesuffix(".0")
    if not number:
        return NoIdGiven()
    if _IN_POWERS_OF_TEN.fullmatch(number) or (digits != number and len(digits) > 15):
        return LostDigits(field="resident_id")
    if re.fullmatch(r"[0-9]{15}", digits):
        return FirstGenerationId()
    if len(number) != 18:
        return WrongLengthOfId(count=len(number))
    return StrangeCharactersInId()


class WrongCheckDigit(Invalid, says="the check digit should be {digit}; compare the number with the card"):
    digit: str
    field: str = "resident_id"


def _wrong_check_digit(number: str, expected: str) -> Refusal:
    if looks_rounded(number):
        return LostDigits(field="resident_id")
    return WrongCheckDigit(digit=expected)


def looks_rounded(resident_id: str) -> bool:
    """Whether an id ends as those do that a spreadsheet has rounded to 15 digits.

    One in eleven of these has the right check digit by chance and so passes: where other ids of
    a column were refused as rounded, do not trust it either.
    """
    return len(resident_id) == 18 and resident_id.endswith("000")


class LostDigits(
    Invalid,
    says="the spreadsheet kept this as a number and lost its last digits; format the column as text, enter the numbers again, then import again",
): ...


class NoDateOfBirth(Invalid, says="digits 7 to 14 of the identity number are no date of birth"):
    field: str = "resident_id"


def birth_date(resident_id: str) -> date:
    """The date of birth in a normalised resident id.

    Raises: BadValue when it states none since 1900.
    """
    try:
        born = date(int(resident_id[6:10]), int(resident_id[10:12]), int(resident_id[12:14]))
    except ValueError:
        born = date.min
    if born.year < 1900:
        raise BadValue(NoDateOfBirth())
    return born


def age(born: date, on: date) -> int:
    """Full years (周岁) on the day `on`; who was born on 29 February turns older on 1 March."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def is_minor(born: date, on: date, *, below: int = ADULT_AT) -> bool:
    """Whether a person is under `below` full years on the day `on`; CHILD_UNTIL is the other limit."""
    return age(born, on) < below


class WrongCheckCharacter(
    Invalid, says="the last character should be {digit}; compare the code with the licence"
):
    digit: str
    field: str = "uscc"


def normal_uscc(text: str) -> str:
    """The unified social credit code (统一社会信用代码, GB 32100-2015) of a body in `text`: 18 characters.

    Raises: BadValue.
    """
    code = _compact(text)
    if not _USCC.fullmatch(code):
        raise BadValue(_wrong_shape_of_uscc(code))
    expected = uscc.calc_check_digit(code)
    if code[-1] != expected:
        raise BadValue(WrongCheckCharacter(digit=expected))
    return code


class NoUsccGiven(Missing, says="no social credit code is given"):
    field: str = "uscc"


class WrongLengthOfUscc(Invalid, says="a social credit code has 18 characters; this has {count}"):
    count: int
    field: str = "uscc"


class MisreadLetters(
    Invalid, says="a social credit code has no letters I, O, S, V or Z; they are 1, 0, 5, U or 2 misread"
):
    field: str = "uscc"


class WrongShapeOfUscc(
    Invalid, says="a social credit code has digits in places 3 to 8, and digits and capital letters elsewhere"
):
    field: str = "uscc"


def _wrong_shape_of_uscc(code: str) -> Refusal:
    if not code:
        return NoUsccGiven()
    if _IN_POWERS_OF_TEN.fullmatch(code):
        return LostDigits(field="uscc")
    if len(code) != 18:
        return WrongLengthOfUscc(count=len(code))
    if re.search(r"[IOSVZ]", code):
        return MisreadLetters()
    return WrongShapeOfUscc()


class NoNameGiven(Missing, says="no name is given"):
    field: str = "name"


class NameTooLong(Invalid, says="a name has at most {most} characters"):
    most: int
    field: str = "name"


class RemarksInName(
    Invalid, says="a name has no digits, brackets or other signs; put remarks into their own column"
):
    field: str = "name"


def normal_name(text: str) -> str:
    """A person's name, as on the card: without spaces between Chinese characters, "·" for every middle dot.

    Raises: BadValue for what is no name, such as a name with a remark or a phone behind it.
    """
    visible = "".join(" " if char.isspace() else char for char in text if _shows(char))
    name = _DOT.sub("·", " ".join(normalize("NFKC", visible).split()))
    name = _SPACE_BETWEEN_IDEOGRAPHS.sub("", name)
    if not name:
        raise BadValue(NoNameGiven())
    if len(name) > _LONGEST_NAME:
        raise BadValue(NameTooLong(most=_LONGEST_NAME))
    if any(category(char) not in _NAME_CATEGORIES and char not in " ·-'’." for char in name):
        raise BadValue(RemarksInName())
    return name


def _shows(char: str) -> bool:
    return char.isspace() or category(char) not in {"Cf", "Cc"}


def _compact(text: str) -> str:
    visible = "".join(char for char in text if _shows(char))
    return _NOISE.sub("", normalize("NFKC", visible).upper())


def mask_phone(phone: str) -> str:
    """A phone number as it may be shown: "138****8000"; of a shorter one the last two digits."""
    number = normalize("NFKC", phone)
    return _keep(number, 3, 4) if len(number) >= 11 else _keep(number, 0, 2)


def mask_resident_id(resident_id: str, *, head: int = 1, tail: int = 1) -> str:
    """A resident id as it may be shown: its first `head` and last `tail` characters (1 and 1, or 6 and 4)."""
    number = normalize("NFKC", resident_id)
    return _keep(number, head, tail) if len(number) >= 18 else "*" * len(number)


def _keep(text: str, head: int, tail: int) -> str:
    hidden = max(0, len(text) - head - tail)
    if hidden < 4:
        return "*" * len(text)
    return text[:head] + "*" * hidden + text[len(text) - tail :]


def mask_name(name: str) -> str:
    """A name as it may be shown: the surname, "张*" or "欧阳**"; a middle dot and spaces stay."""
    plain = normalize("NFKC", name).strip()
    if len(plain) < 2:
        return "*" * len(plain)
    surname = 2 if len(plain) > 2 and plain[:2] in COMPOUND_SURNAMES else 1
    return plain[:surname] + re.sub(r"[^\s·]", "*", plain[surname:])


def mask_address(address: str) -> str:
    """An address as it may be shown: up to the building; without one, up to its first number."""
    plain = normalize("NFKC", address).strip()
    if found := _BUILDING.match(plain):
        return found[0] if found.end() == len(plain) else f"{found[0]}***"
    number = _NUMBER_IN_ADDRESS.search(plain)
    return f"{plain[: number.start()]}***" if number else plain
