"""From the cells of a row to the values an importer works with.

Every refusal says what is wrong and what to do, and never contains the value: reports show it
masked, beside the refusal.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Final

import attrs

from linli._base.i18n import Text, say
from linli._base.identity import BadValue, normal_name, normal_phone, normal_resident_id, normal_uscc
from linli._importing.moments import as_date, as_day_or_moment, as_moment, is_placeholder, placeholder
from linli._importing.spoilt import BEGINS_AN_ERROR, changed_by_a_spreadsheet, whole, without_result
from linli._model.sheets import (
    PERSONAL,
    BadCell,
    Cell,
    Column,
    FileMapping,
    Kind,
    Row,
    RowProblem,
    Table,
    Unread,
    Value,
    folded_text,
)

# Full-width digits, letters and blanks become plain ones; Chinese punctuation stays as written.
_WIDTHS: Final = {
    code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
# What shows nothing, beside what Unicode has as control and format characters: fillers, and what only chooses
# among the shapes of the character before it.
_UNSEEN: Final = dict.fromkeys(
    (
        0x034F,
        0x115F,
        0x1160,
        0x17B4,
        0x17B5,
        0x2800,
        0x3164,
        0xFFA0,
        *range(0xFE00, 0xFE10),
        *range(0xE0100, 0xE01F0),
    )
)
_PLAIN: Final[dict[int, int | None]] = {**_WIDTHS, **_UNSEEN}
_LINE_ENDS: Final = frozenset("\t\n\v\f\r\x1c\x1d\x1e\x1f\x85")

# How people mark an empty cell.
_NOTHING: Final = frozenset({"", "-", "--", "/", "\\", "无", "N/A", "n/a", "NULL", "null", "None"})
_AREA_UNITS: Final = ("平方米", "平米", "平方", "m2", "M2", "sqm", "平", "方")
_NUMBER: Final = re.compile(r"([+-]?)(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?")
_LONG_DIGITS: Final = re.compile(r"\d{7,}[\dXx]?")
_SHOWN: Final = 40
# What a bad value looks like that is still what its column is of, and no slipped name or address.
_MOMENTS: Final = re.compile(
    r"[\d\s年月日号时点分秒整半上下中午早晚凌晨周星期一二三四五六天:.,/TZ+-]*(?:[ap]\.?m\.?)?", re.I
)
_AMOUNTS: Final = re.compile(r"[\d\s.,%+-]*(?:万|千|亿|元|人|户|平|方|米|m2|㎡|sqm|e[+-]\d+)*", re.I)
_LOOKS: Final = {
    Kind.DATE: _MOMENTS, Kind.MOMENT: _MOMENTS, Kind.DAY_OR_MOMENT: _MOMENTS,
    Kind.NUMBER: _AMOUNTS, Kind.AREA: _AMOUNTS,
}  # fmt: skip
_PERHAPS_A_NAME: Final = re.compile(
    r"[㐀-鿿\U00020000-\U0003ffff]{2,4}|[^\d]*·[^\d]*|[A-Za-z]+[ ,]+[A-Za-z. ]+"
)


def plain(text: str) -> str:
    """`text` with full-width digits, letters and blanks made plain, and blanks at its ends gone.

    Also gone are what only spreadsheets add: characters nobody sees, an apostrophe in front, and
    the wrapping of ="...".
    """
    if not text.isascii():
        text = text.translate(_PLAIN)
    if not text.isprintable():
        text = "".join(map(_seen, text))
    text = text.strip()
    if text.startswith('="') and text.endswith('"'):
        text = text[2:-1]
    return text.removeprefix("'").strip()


@cache
def _seen(char: str) -> str:
    """A character as it is seen: every blank one blank, what shows nothing nothing."""
    if char in "\n\t":
        return char
    if char in _LINE_ENDS or unicodedata.category(char) in {"Zs", "Zl", "Zp"}:
        return " "
    return "" if unicodedata.category(char) in {"Cf", "Cc"} else char


def clean(column: Column, cell: Cell, mapping: FileMapping) -> object:
    """The value of a cell, of the type that the column's kind says.

    Returns: None where the cell is blank or says "nothing" (无, /, -); else TEXT, PHONE,
        RESIDENT_ID, USCC and NAME a str; DATE a date; MOMENT a datetime with its offset; NUMBER
        and AREA (m²) a Decimal; CHOICE the choice's value.
    Raises: BadValue. Whether the column is required is not asked here, see `clean_row`.
    """
    return _clean(column, cell.value, mapping)


def _clean(column: Column, value: Value, mapping: FileMapping) -> object:
    if column.name in mapping.words:
        value = _meant(value, mapping.words[column.name])
    if isinstance(value, str):
        value = plain(value)
        if value in _NOTHING and value not in column.choices:
            return None
        if "\ufffd" in value:
            raise BadCell(say("some characters of this are damaged; enter it again"))
        if value[:1] in BEGINS_AN_ERROR and (why := without_result(value)):
            raise BadCell(why)
    elif isinstance(value, Unread) and (why := without_result(value)):
        raise BadCell(why)
    return None if value is None else _CLEANERS[column.kind](column, value, mapping)


def _meant(value: Value, words: Mapping[str, str]) -> Value:
    """What the file's map says that a cell stands for; else what it says itself."""
    return (
        value
        if value is None or isinstance(value, Unread)
        else words.get(folded_text(plain(_text(value))), value)
    )


def clean_row(
    row: Row, table: Table, columns: Iterable[Column], mapping: FileMapping
) -> tuple[dict[str, object], list[RowProblem]]:
    """The values of a row by column name, and everything that is wrong with it.

    Columns that the file lacks are None; bad cells are not among the values. Where one of the problems costs the row, it is
    to be skipped; else it can be taken without those cells.
    """
    values: dict[str, object] = {}
    problems: list[RowProblem] = []
    for column in columns:
        raw = row.value(column.name)
        try:
            values[column.name] = _present(column, _clean(column, raw, mapping))
        except BadValue as refusal:
            problem = problem_of(row, table, column, refusal.text)
            problems.append(attrs.evolve(problem, costs_row=column.essential))
    return values, problems


def _present(column: Column, value: object) -> object:
    if value is None and column.required:
        raise BadCell(say("this is missing, and without it the row cannot be imported; fill it in"))
    return value


def problem_of(row: Row, table: Table, column: Column, what: Text) -> RowProblem:
    """The report that `column` of `row` is bad because of `what`; its value is masked."""
    return RowProblem(
        file=row.file,
        sheet=row.sheet,
        row=row.number,
        name=column.name,
        column=table.heading(column.name) or column.headings[0],
        value=masked(column, row.value(column.name)),
        what=what,
    )


def masked(column: Column, value: Value) -> str:
    """A raw value as a report may show it.

    A bad value may be anything (columns slip), so the masks of well-formed phones and identity
    numbers do not hold: of a sensitive column, and of what may be somebody's name or does not look like
    the column's kind, only the first character and the length are shown; long digits are hidden everywhere.
    """
    if value is None or isinstance(value, Unread):
        return ""
    text = plain(_text(value))
    if column.sensitive or column.kind in PERSONAL or not _shown_whole(column, text):
        return text[:1] + "*" * min(len(text) - 1, 18)
    return _short(text)


def shown(column: Column, value: Value) -> str:
    """A value as an overview may show it to who gives the file: that of a sensitive column masked."""
    return (
        masked(column, value)
        if column.sensitive or column.kind in PERSONAL
        else _short("" if isinstance(value, Unread) else plain(_text(value)))
    )


def _short(text: str) -> str:
    text = _LONG_DIGITS.sub(lambda digits: digits[0][:1] + "*" * (len(digits[0]) - 1), text)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _shown_whole(column: Column, text: str) -> bool:
    looks = _LOOKS.get(column.kind)
    return not _PERHAPS_A_NAME.fullmatch(text) if looks is None else looks.fullmatch(text) is not None


def _text(value: Value) -> str:
    """A cell as its spreadsheet shows it: 15 digits of a number, no more."""
    if isinstance(value, float):
        return f"{value:.15g}"
    return str(value)


def _as_text(column: Column, value: Value, mapping: FileMapping) -> str:
    if isinstance(value, date):
        raise BadCell(
            say(
                "the spreadsheet has turned this into a date (3-2 becomes a day in March); "
                "format the column as text and enter it again"
            )
        )
    return _text(value)


def _as_code(column: Column, value: Value, mapping: FileMapping) -> str:
    text = whole(_as_text(column, value, mapping))
    if why := changed_by_a_spreadsheet(text):
        raise BadCell(why)
    return text


def _normalised(normal: Callable[[str], str]) -> Callable[[Column, Value, FileMapping], str]:
    return lambda column, value, mapping: normal(_text(value))


def _has_come(column: Column, when: date, mapping: FileMapping) -> date:
    """A day or moment that has come and that somebody entered: what a file tells of has happened."""
    if is_placeholder(when, day_only=column.kind is Kind.DATE):
        raise BadCell(placeholder(when))
    if mapping.now is None or column.future:
        return when
    today = mapping.now.astimezone(mapping.zone).date()
    if when > mapping.now if isinstance(when, datetime) else when > today:
        day = when.date() if isinstance(when, datetime) else when
        raise BadCell(say("{day} is in the future", day=day))
    return when


def _as_number(column: Column, value: Value, mapping: FileMapping) -> Decimal:
    return _decimal(value, column.units)


def _as_area(column: Column, value: Value, mapping: FileMapping) -> Decimal:
    area = _decimal(value, _AREA_UNITS)
    if area <= 0:
        raise BadCell(say("an area is more than 0 m²"))
    return area


def _decimal(value: Value, units: Iterable[str]) -> Decimal:
    if isinstance(value, date):
        raise BadCell(say("the spreadsheet has turned this into a date; format the column as a number"))
    if not isinstance(value, str):
        return _finite(_text(value))
    text = unicodedata.normalize("NFKC", value).replace(" ", "")
    text = next((text.removesuffix(unit) for unit in units if text.endswith(unit)), text)
    found = _NUMBER.fullmatch(text)
    if not found:
        raise BadCell(changed_by_a_spreadsheet(text) or say("this is no number; write it like 1234.5"))
    return Decimal(found[1] + found[2].replace(",", "") + (found[3] or ""))


def _finite(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise BadCell(say("this is no number; write it like 1234.5"))
    return number


def _as_choice(column: Column, value: Value, mapping: FileMapping) -> object:
    if (text := _text(value)) in column.choices:
        return column.choices[text]
    wanted = folded_text(text)
    for spelling, choice in column.choices.items():
        if folded_text(spelling) == wanted:
            return choice
    raise BadCell(say("this is none of the choices; write one of: {choices}", choices=_first(column.choices)))


def _first(choices: Mapping[str, object]) -> str:
    """One spelling per value, the first; a dozen at most."""
    by_value: dict[object, str] = {}
    for spelling, value in choices.items():
        by_value.setdefault(value, spelling)
    shown = list(by_value.values())
    return "、".join(shown[:12]) + ("…" if len(shown) > 12 else "")


_CLEANERS: Final[Mapping[Kind, Callable[[Column, Value, FileMapping], object]]] = {
    Kind.TEXT: _as_text,
    Kind.CODE: _as_code,
    Kind.PHONE: _normalised(normal_phone),
    Kind.RESIDENT_ID: _normalised(normal_resident_id),
    Kind.USCC: _normalised(normal_uscc),
    Kind.NAME: _normalised(normal_name),
    Kind.DATE: lambda column, value, mapping: _has_come(column, as_date(value, mapping), mapping),
    Kind.MOMENT: lambda column, value, mapping: _has_come(column, as_moment(value, mapping), mapping),
    Kind.DAY_OR_MOMENT: lambda column, value, mapping: _has_come(
        column, as_day_or_moment(value, mapping), mapping
    ),
    Kind.NUMBER: _as_number,
    Kind.AREA: _as_area,
    Kind.CHOICE: _as_choice,
}
