"""From the cells of a row to the values an importer works with.

Every refusal says what is wrong and what to do, and never contains the value: reports show it
masked, beside the refusal.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

from linli.i18n import Text, say
from linli.identity import BadValue, normal_name, normal_phone, normal_resident_id, normal_uscc
from linli.importing.moments import as_date, as_moment
from linli.importing.shapes import PERSONAL, Cell, Column, FileMapping, Kind, Row, RowProblem, Table, Value

# Full-width digits, letters and blanks become plain ones; Chinese punctuation stays as written.
_WIDTHS: Final = {
    code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
_BLANKS: Final = dict.fromkeys((0x3000, 0xA0, 0x2002, 0x2003, 0x2009, 0x202F), " ")
_UNSEEN: Final = dict.fromkeys((0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x202A, 0x202C, 0x202D, 0x202E))
_PLAIN: Final[dict[int, int | str | None]] = {**_WIDTHS, **_BLANKS, **_UNSEEN}

# How people mark an empty cell.
_NOTHING: Final = frozenset({"", "-", "--", "/", "\\", "无", "N/A", "n/a", "#N/A", "NULL", "null", "None"})
_AREA_UNITS: Final = ("平方米", "平米", "平方", "m2", "M2", "sqm", "平", "方")
_NUMBER: Final = re.compile(r"([+-]?)(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?")
_LONG_DIGITS: Final = re.compile(r"\d{7,}[\dXx]?")
_SHOWN: Final = 40


def plain(text: str) -> str:
    """`text` with full-width digits, letters and blanks made plain, and blanks at its ends gone.

    Also gone are what only spreadsheets add: characters nobody sees, an apostrophe in front, and
    the wrapping of ="...".
    """
    text = (text if text.isascii() else text.translate(_PLAIN)).strip()
    if text.startswith('="') and text.endswith('"'):
        text = text[2:-1]
    return text.removeprefix("'").strip()


def clean(column: Column, cell: Cell, mapping: FileMapping) -> object:
    """The value of a cell, of the type that the column's kind says.

    Returns: None where the cell is blank or says "nothing" (无, /, -); else TEXT, PHONE,
        RESIDENT_ID, USCC and NAME a str; DATE a date; MOMENT a datetime with its offset; NUMBER
        and AREA (m²) a Decimal; CHOICE the choice's value.
    Raises: BadValue. Whether the column is required is not asked here, see `clean_row`.
    """
    return _clean(column, cell.value, mapping)


def _clean(column: Column, value: Value, mapping: FileMapping) -> object:
    if isinstance(value, str):
        value = plain(value)
        if value in _NOTHING and value not in column.choices:
            return None
        if "\ufffd" in value:
            raise BadValue(say("some characters of this are damaged; enter it again"))
    return None if value is None else _CLEANERS[column.kind](column, value, mapping)


def clean_row(
    row: Row, table: Table, columns: Iterable[Column], mapping: FileMapping
) -> tuple[dict[str, object], list[RowProblem]]:
    """The values of a row by column name, and everything that is wrong with it.

    Columns that the file lacks are None. Where there are problems, the row is to be skipped.
    """
    values: dict[str, object] = {}
    problems: list[RowProblem] = []
    for column in columns:
        raw = row.value(column.name)
        try:
            values[column.name] = _present(column, _clean(column, raw, mapping))
        except BadValue as refusal:
            problems.append(problem_of(row, table, column, refusal.text))
    return values, problems


def _present(column: Column, value: object) -> object:
    if value is None and column.required:
        raise BadValue(say("this is missing, and without it the row cannot be imported; fill it in"))
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
    numbers do not hold: of a sensitive column only the first character and the length are
    shown, and long digits are hidden in every column.
    """
    text = "" if value is None else plain(_text(value))
    if column.sensitive or column.kind in PERSONAL:
        return text[:1] + "*" * min(len(text) - 1, 18)
    text = _LONG_DIGITS.sub(lambda digits: digits[0][:1] + "*" * (len(digits[0]) - 1), text)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _text(value: Value) -> str:
    """A cell as its spreadsheet shows it: 15 digits of a number, no more."""
    if isinstance(value, float):
        return f"{value:.15g}"
    return str(value)


def _as_text(column: Column, value: Value, mapping: FileMapping) -> str:
    if isinstance(value, date):
        raise BadValue(
            say(
                "the spreadsheet has turned this into a date (3-2 becomes a day in March); "
                "format the column as text and enter it again"
            )
        )
    return _text(value)


def _normalised(normal: Callable[[str], str]) -> Callable[[Column, Value, FileMapping], str]:
    return lambda column, value, mapping: normal(_text(value))


def _as_number(column: Column, value: Value, mapping: FileMapping) -> Decimal:
    return _decimal(value, column.units)


def _as_area(column: Column, value: Value, mapping: FileMapping) -> Decimal:
    area = _decimal(value, _AREA_UNITS)
    if area <= 0:
        raise BadValue(say("an area is more than 0 m²"))
    return area


def _decimal(value: Value, units: Iterable[str]) -> Decimal:
    if isinstance(value, date):
        raise BadValue(say("the spreadsheet has turned this into a date; format the column as a number"))
    if not isinstance(value, str):
        return _finite(_text(value))
    text = unicodedata.normalize("NFKC", value).replace(" ", "")
    text = next((text.removesuffix(unit) for unit in units if text.endswith(unit)), text)
    found = _NUMBER.fullmatch(text)
    if not found:
        raise BadValue(say("this is no number; write it like 1234.5"))
    return Decimal(found[1] + found[2].replace(",", "") + (found[3] or ""))


def _finite(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise BadValue(say("this is no number; write it like 1234.5"))
    return number


def _as_choice(column: Column, value: Value, mapping: FileMapping) -> object:
    if (text := _text(value)) in column.choices:
        return column.choices[text]
    wanted = _folded(text)
    for spelling, choice in column.choices.items():
        if _folded(spelling) == wanted:
            return choice
    raise BadValue(
        say("this is none of the choices; write one of: {choices}", choices=_first(column.choices))
    )


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def _first(choices: Mapping[str, object]) -> str:
    """One spelling per value, the first; a dozen at most."""
    by_value: dict[object, str] = {}
    for spelling, value in choices.items():
        by_value.setdefault(value, spelling)
    shown = list(by_value.values())
    return "、".join(shown[:12]) + ("…" if len(shown) > 12 else "")


_CLEANERS: Final[Mapping[Kind, Callable[[Column, Value, FileMapping], object]]] = {
    Kind.TEXT: _as_text,
    Kind.PHONE: _normalised(normal_phone),
    Kind.RESIDENT_ID: _normalised(normal_resident_id),
    Kind.USCC: _normalised(normal_uscc),
    Kind.NAME: _normalised(normal_name),
    Kind.DATE: lambda column, value, mapping: as_date(value, mapping),
    Kind.MOMENT: lambda column, value, mapping: as_moment(value, mapping),
    Kind.NUMBER: _as_number,
    Kind.AREA: _as_area,
    Kind.CHOICE: _as_choice,
}
