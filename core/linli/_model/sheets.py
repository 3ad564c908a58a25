"""What a reader of files and an importer say to each other: columns asked for, rows found, what is wrong.

Pure records; a reader (the adapter `linli-tabular`) makes them, an importer asks `cleaning` for the
values. None of them shows a cell's value in its `repr`, since values are people's data.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, datetime, tzinfo
from decimal import Decimal
from enum import Enum
from typing import TypeAlias

import attrs

from linli._base.errors import LinliError, Refused
from linli._base.i18n import Text, say
from linli._base.identity import BadValue
from linli._base.refusals import Invalid


class Unread(Enum):
    """A cell that has something in it which its file does not say: neither a value nor a blank."""

    FORMULA = "formula"
    ERROR = "error"


Value: TypeAlias = str | int | float | Decimal | date | datetime | Unread | None
"""A cell as read: whole numbers below 10**15 are `int`, an empty or blank cell is None."""

EPOCH = date(1899, 12, 30)
"""The day from which most workbooks count days."""

PROBLEM_HEADING = "问题（再导入时忽略）"
"""The heading of the column that an error file adds; never read, whatever the mapping says."""


class BadCell(BadValue):
    """A cell cannot be what its column is. It is told to whoever has the file, so it has no code."""

    def __init__(self, text: Text) -> None:
        LinliError.__init__(self, text)


class ChangedSince(Refused):
    """An error file was changed since it was written, so that it is not written over."""


class Kind(Enum):
    """What the values of a column are, and so how a cell is cleaned and which type it gets.

    CODE is text that names a place or is a number somewhere ("3-2-101"): what a spreadsheet makes of such
    text is refused. DAY_OR_MOMENT is a date where a cell states a day and no time.
    """

    TEXT = "text"
    CODE = "code"
    PHONE = "phone"
    RESIDENT_ID = "resident_id"
    USCC = "uscc"
    NAME = "name"
    DATE = "date"
    MOMENT = "moment"
    DAY_OR_MOMENT = "day or moment"
    NUMBER = "number"
    AREA = "area"
    CHOICE = "choice"


PERSONAL = frozenset({Kind.PHONE, Kind.RESIDENT_ID, Kind.NAME})


@attrs.frozen(kw_only=True)
class Column:
    """A column that an importer asks for.

    Attributes:
        name: the name in code, unique among the importer's columns: "phone".
        headings: the headings it is known by, the usual one first, which is the one shown.
        kind: how its cells are cleaned.
        required: whether a row without it is a bad row.
        essential: whether a bad cell costs the row; else the row is taken without it, and that is told. For
            a value whose absence would make the row say something else.
        future: whether a day or moment after now may stand there.
        choices: for CHOICE, each accepted spelling to its value; compared without spaces and case.
        units: for NUMBER, what may stand behind the number ("人"); AREA has its own.
        sensitive: whether its values are masked in reports; phones, names and identity numbers are.
        help: one sentence for who fills in the file.
    """

    name: str
    headings: tuple[str, ...] = attrs.field(validator=attrs.validators.min_len(1))
    kind: Kind = Kind.TEXT
    required: bool = False
    essential: bool = attrs.Factory(lambda self: self.required, takes_self=True)
    future: bool = False
    choices: Mapping[str, object] = attrs.field(factory=dict)
    units: tuple[str, ...] = ()
    sensitive: bool = attrs.Factory(lambda self: self.kind in PERSONAL, takes_self=True)
    help: Text | None = None


class NoDateFormat(
    Invalid,
    says="date_format {format}: not a format that gives year, month and day; write it like %m/%d/%Y %I:%M:%S %p",
):
    format: str
    field: str = "date_format"


def _is_date_format(instance: object, attribute: object, value: str | None) -> None:
    probe = datetime(2024, 3, 25, 14, 15, 16)  # noqa: DTZ001 - only its text is used
    if value is None:
        return
    try:
        same = datetime.strptime(probe.strftime(value), value).date() == probe.date()  # noqa: DTZ007
    except (ValueError, re.error):
        same = False
    if not same:
        raise Refused(NoDateFormat(format=repr(value)))


@attrs.frozen(kw_only=True)
class FileMapping:
    """How one sender's files differ from the usual form; from the district's TOML.

    Attributes:
        zone: where the clock hung that times without an offset were read from; the district's zone.
        headings: a heading as it stands in the file to the column's name; "" means: do not read it.
        date_format: for senders that write dates otherwise than year, month, day: a pattern of
            `datetime.strptime`, such as "%m/%d/%Y %I:%M:%S %p"; tried before the usual spellings.
        guess: whether headings that nobody named may be guessed.
        words: by column, what a cell stands for, by its text as `folded_text` has it: {"use": {"110": "住宅"}}.
        epoch: the day from which the file counts days, where a cell is a bare number.
        now: the moment of the import; None where nothing is said of the future.
    """

    zone: tzinfo
    headings: Mapping[str, str] = attrs.field(factory=dict)
    date_format: str | None = attrs.field(default=None, validator=_is_date_format)
    guess: bool = True
    words: Mapping[str, Mapping[str, str]] = attrs.field(factory=dict)
    epoch: date = EPOCH
    now: datetime | None = None


class How(Enum):
    """How a heading of the file came to its column, or why it has none."""

    MAPPED = "mapped"
    EXACT = "exact"
    GUESSED = "guessed"
    DUPLICATE = "duplicate"
    IGNORED = "ignored"
    UNMATCHED = "unmatched"


@attrs.frozen(kw_only=True)
class HeadingMatch:
    """Where a heading of the file leads; to be shown, guesses and duplicates above all.

    Attributes:
        heading: as it stands in the file, line breaks taken out.
        position: of its column in the sheet, from 0.
        column: the name of the column it is read into; None where it is not read. Of a
            DUPLICATE: None, `rival` then says which heading is read in its place.
        score: how alike heading and column are, from 0 (not read) to 1 (named so).
        rival_position: where that other heading stands.
    """

    heading: str
    position: int
    column: str | None
    how: How
    score: float = 1.0
    rival: str = ""
    rival_position: int = 0

    @property
    def letter(self) -> str:
        """The column as a spreadsheet names it: A, B, ... AA."""
        return column_letter(self.position)


@attrs.frozen(kw_only=True)
class Cell:
    """One cell as read.

    Attributes:
        value: see `Value`.
        letter: its column as a spreadsheet names it; "" where the file has no such column.
    """

    value: Value = attrs.field(repr=False)
    letter: str = ""


@attrs.frozen(kw_only=True)
class Row:
    """One row as read.

    Attributes:
        file: as the user gave it.
        sheet: the sheet's name; "" in files that have none.
        number: as a spreadsheet shows it, from 1.
        values: every cell of the row from column A on, read or not; short rows are short.
        positions: column names to positions in `values`; shared by the rows of a table.
    """

    file: str
    sheet: str
    number: int
    values: tuple[Value, ...] = attrs.field(repr=False)
    positions: Mapping[str, int] = attrs.field(repr=False)

    def value(self, name: str) -> Value:
        """The raw value of the column `name`; None where it is blank or the file lacks the column."""
        position = self.positions.get(name)
        return None if position is None or position >= len(self.values) else self.values[position]

    def cell(self, name: str) -> Cell:
        """The cell of the column `name`."""
        position = self.positions.get(name)
        return Cell(value=self.value(name), letter="" if position is None else column_letter(position))

    @property
    def cells(self) -> dict[str, Cell]:
        """The cells by column name, of the columns that the file has."""
        return {name: self.cell(name) for name in self.positions}


@attrs.frozen(kw_only=True)
class RowProblem:
    """Why a row was not imported, or what in it was left out.

    Attributes:
        file, sheet, row: as in `Row`.
        name: the column's name in code; "" where it is about the whole row.
        column: the column's heading as it stands in the file.
        value: what stood there, masked.
        what: what is wrong and what to do.
        costs_row: whether the row was skipped for it; else it was taken without this cell.
    """

    file: str
    sheet: str
    row: int
    name: str = ""
    column: str = ""
    value: str = ""
    what: Text
    costs_row: bool = True

    @property
    def where(self) -> str:
        """The way to the cell: "members.xlsx, sheet 党员, row 17, 身份证号"."""
        return str(
            say(
                "{file}{sheet}, row {row}{column}",
                file=self.file,
                sheet=say(", sheet {name}", name=self.sheet) if self.sheet else "",
                row=self.row,
                column=say(", {heading}", heading=self.column) if self.column else "",
            )
        )

    def __str__(self) -> str:
        value = f" ({self.value})" if self.value else ""
        return f"{self.where}{value}: {self.what}"


@attrs.frozen(kw_only=True)
class Table:
    """A sheet of a file, its headings understood; or skipped, and why.

    Attributes:
        file, sheet: as in `Row`.
        heading_row: the number of the (last) row with the headings; 0 when skipped.
        matches: one per heading of the file, in its order.
        missing: required columns that no heading leads to; every row would be a bad one.
        rows: read anew from the file at each iteration, one row at a time; footers, blank rows
            and repeated headings are left out.
        skipped: why nothing is read from this sheet; None where it is read.
        epoch: the day from which its workbook counts days.
        remarks: what who gave the file may not know of it, such as hidden rows that are read.
    """

    file: str
    sheet: str
    heading_row: int = 0
    matches: tuple[HeadingMatch, ...] = ()
    missing: tuple[Column, ...] = ()
    rows: Iterable[Row] = attrs.field(default=(), repr=False)
    skipped: Text | None = None
    epoch: date = EPOCH
    remarks: tuple[Text, ...] = ()

    def heading(self, name: str) -> str:
        """The file's heading of the column `name`; "" where it has none."""
        return next((match.heading for match in self.matches if match.column == name), "")


def folded_text(text: str) -> str:
    """A text without widths, blanks and case, to be compared."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def column_letter(position: int) -> str:
    """The name a spreadsheet gives the column at `position`, from 0: 0 is A, 26 is AA."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
