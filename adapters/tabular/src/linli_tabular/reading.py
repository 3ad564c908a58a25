"""From a file to tables whose headings are understood."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice, pairwise
from pathlib import Path
from typing import Final

import attrs

from linli import Invalid, Refused, Several, Text, listed, say
from linli.cli import sentences
from linli.importing import (
    EPOCH,
    Column,
    FileMapping,
    HeadingMatch,
    Row,
    Table,
    Value,
    known_headings,
    match_headings,
)
from linli_tabular import legacy
from linli_tabular.delimited import text_rows
from linli_tabular.files import Form, form_of, other_encoding
from linli_tabular.looking import Look
from linli_tabular.workbooks import sheets

HEADINGS_WITHIN: Final = 20
"""Rows at the top of a sheet among which the headings are looked for."""
FEWEST_HEADINGS: Final = 2
"""Known headings that a row must have to be the heading row."""

# What stands below a table; blanks are taken out before it is compared.
_FOOTER: Final = re.compile(
    r"(?:合计|总计|小计|共计|总数)[:：]?[\d,.]*\S{0,3}"
    r"|(?:制表|填表|填报|审核|审批|复核|经办|负责|联系|打印|统计|报送)(?:人|单位|部门|时间|日期|者)?"
    r"(?:签[字名章])?(?:[（(]\S{1,4}[）)])?[:：].*"
    r"|(?:备注|说明|注)[:：].*"
)

_MOST_TOLD: Final = 12
_MOST_KNOWN: Final = 16
_LONGEST_TOLD: Final = 20
# Signs that headings have and names of people hardly ever.
_SAYS_WHAT: Final = re.compile(r"[号码址期区栋类态证况别称注室层型]|时间|内容|情况|单位|名称|电话")

_Cells = tuple[Value, ...]


@attrs.frozen(kw_only=True)
class RawSheet:
    """A sheet as it stands in the file, before its headings are looked for.

    Attributes:
        file: the path as given.
        sheet: its name; "" for text files.
        hidden: whether a spreadsheet would not show it.
        rows: number from 1 and cells from column A on; read anew at each iteration.
        look: what is hidden in it.
        epoch: the day from which its workbook counts days.
    """

    file: str
    sheet: str
    hidden: bool = False
    rows: Iterable[tuple[int, _Cells]] = attrs.field(repr=False)
    look: Look = attrs.field(factory=Look)
    epoch: date = EPOCH


def tables(path: Path | str) -> Iterator[RawSheet]:
    """The sheets of a file, in its order; a text file is one.

    A workbook's sheet is in memory as long as its `RawSheet` (or a `Table` of it) is kept.
    Raises: NotFound; Refused for what cannot be read as a table, with what to do.
    """
    file = Path(path)
    form = form_of(file)
    if form is Form.TEXT:
        yield RawSheet(file=str(path), sheet="", rows=text_rows(file))
        return
    for name, hidden, rows in sheets(file) if form is Form.WORKBOOK else legacy.sheets(file):
        yield RawSheet(file=str(path), sheet=name, hidden=hidden, rows=rows, look=rows.look, epoch=rows.epoch)


class NothingToImport(Invalid, says="{file}: nothing to import: {reasons}"):
    file: str | Path
    reasons: Several
    field: str = "file"


def read(path: Path | str, columns: Sequence[Column], mapping: FileMapping) -> Iterator[Table]:
    """The tables of a file, one per sheet; those with `skipped` set have no rows.

    Raises: as `tables`, and Refused after the last sheet when none could be understood.
    """
    reasons = []
    understood = False
    for sheet in tables(path):
        table = as_table(sheet, columns, mapping)
        understood = understood or table.skipped is None
        reasons.append(str(table.skipped))
        yield table
    if not understood:
        raise Refused(NothingToImport(file=path, reasons=sentences(dict.fromkeys(reasons))))


def as_table(sheet: RawSheet, columns: Sequence[Column], mapping: FileMapping) -> Table:
    """The sheet with its headings led to columns; or skipped, when it is hidden or has none of them.

    Raises: Refused when the mapping is wrong, see `match_headings`.
    """
    if sheet.hidden:
        return _skipped(sheet, say("the sheet is hidden; show it if it is to be imported"))
    head = list(islice(sheet.rows, HEADINGS_WITHIN + 1))
    found = _heading_row(head, columns, mapping)
    if found is None:
        return _skipped(sheet, _no_headings(sheet, head, columns, mapping))
    number, headings = found
    matches = match_headings(headings, columns, mapping)
    led_to = {match.column for match in matches}
    return Table(
        file=sheet.file,
        sheet=sheet.sheet,
        heading_row=number,
        matches=matches,
        missing=tuple(column for column in columns if column.required and column.name not in led_to),
        rows=_DataRows(sheet=sheet, heading_row=number, matches=matches, required=_required(columns)),
        epoch=sheet.epoch,
        remarks=_remarks(sheet, number, matches),
    )


def _remarks(sheet: RawSheet, heading_row: int, matches: Sequence[HeadingMatch]) -> tuple[Text, ...]:
    """What who gave the file may not see: people filter a list, then send it."""
    rows = sum(row >= heading_row for row in sheet.look.hidden_rows)
    columns = [match for match in matches if match.column and match.position in sheet.look.hidden_columns]
    told = []
    if rows:
        told.append(say("{count} hidden rows were read (a filter hides rows too)", count=rows))
    if columns:
        names = listed(f"{match.letter} {match.heading}" for match in columns)
        told.append(say("hidden columns were read: {names}", names=names))
    return tuple(told)


def _skipped(sheet: RawSheet, why: Text) -> Table:
    return Table(file=sheet.file, sheet=sheet.sheet, skipped=why)


def _no_headings(
    sheet: RawSheet, head: Sequence[tuple[int, _Cells]], columns: Sequence[Column], mapping: FileMapping
) -> Text:
    """Why a sheet has no headings, as far as it can be seen; else its first row beside what is looked for."""
    first = next((cells for _, cells in head if _filled(cells)), None)
    if first is None:
        return say("the sheet is empty")
    if not sheet.sheet and (encoding := _written_in(sheet, columns, mapping)):
        return say(
            "its text is written in {encoding}; open it in Excel or WPS, save it as .xlsx, and import that",
            encoding=encoding,
        )
    return say(
        "no row of headings in the first {rows} rows; the first that is filled has: {found}; "
        "known headings are {headings}; others can be named in the mapping",
        rows=HEADINGS_WITHIN,
        found=listed(_perhaps_a_heading(cell) for cell in first[:_MOST_TOLD] if cell is not None),
        headings="、".join(list(dict.fromkeys(column.headings[0] for column in columns))[:_MOST_KNOWN]),
    )


def _written_in(sheet: RawSheet, columns: Sequence[Column], mapping: FileMapping) -> str | None:
    return other_encoding(Path(sheet.file), lambda text: known_headings([text], columns, mapping) > 0)


def _perhaps_a_heading(cell: Value) -> str:
    """A cell of a row that may be headings, or the first person of a list that has none."""
    text = " ".join(str(cell).split())
    if _SAYS_WHAT.search(text) and len(text) <= _LONGEST_TOLD and not any(char.isdigit() for char in text):
        return text
    if text.isascii() and not any(char.isdigit() for char in text) and " " not in text.strip():
        return text[:_LONGEST_TOLD]
    return text[:1] + "*" * min(len(text) - 1, _LONGEST_TOLD)


def _required(columns: Iterable[Column]) -> frozenset[str]:
    return frozenset(column.name for column in columns if column.required)


def _heading_row(
    head: Sequence[tuple[int, _Cells]], columns: Sequence[Column], mapping: FileMapping
) -> tuple[int, _Cells] | None:
    """The row with the most known headings; two, where a second row names the parts of merged ones."""
    candidates = [
        *head[:HEADINGS_WITHIN],
        *((number, _joined(upper, lower)) for (_, upper), (number, lower) in pairwise(head)),
    ]
    best = max(candidates, key=lambda row: known_headings(row[1], columns, mapping), default=None)
    if best is None or known_headings(best[1], columns, mapping) < min(FEWEST_HEADINGS, len(columns)):
        return None
    return best


def _joined(upper: _Cells, lower: _Cells) -> _Cells:
    width = max(len(upper), len(lower))
    padded = zip(upper + (None,) * (width - len(upper)), lower + (None,) * (width - len(lower)), strict=True)
    return tuple(above if below is None else below for above, below in padded)


def _filled(cells: _Cells) -> bool:
    return any(cell is not None for cell in cells)


@attrs.frozen(kw_only=True)
class _DataRows:
    sheet: RawSheet
    heading_row: int
    matches: tuple[HeadingMatch, ...]
    required: frozenset[str]

    def __iter__(self) -> Iterator[Row]:
        positions = {match.column: match.position for match in self.matches if match.column}
        for number, cells in self.sheet.rows:
            if number > self.heading_row and self._is_data(cells, positions):
                yield Row(
                    file=self.sheet.file,
                    sheet=self.sheet.sheet,
                    number=number,
                    values=cells,
                    positions=positions,
                )

    def _is_data(self, cells: _Cells, positions: dict[str, int]) -> bool:
        # A form printed with its running numbers has rows in which nothing else is filled in.
        if not any(cells[at] is not None for at in positions.values() if at < len(cells)):
            return False
        return not self._is_footer(cells, positions) and not self._repeats_headings(cells)

    def _is_footer(self, cells: _Cells, positions: dict[str, int]) -> bool:
        first = next(cell for cell in cells if cell is not None)
        if not isinstance(first, str) or not _FOOTER.fullmatch("".join(first.split())):
            return False
        needed = [positions[name] for name in self.required & positions.keys()]
        return all(cells[at] in (None, first) for at in needed if at < len(cells))

    def _repeats_headings(self, cells: _Cells) -> bool:
        return all(
            match.position < len(cells) and " ".join(str(cells[match.position]).split()) == match.heading
            for match in self.matches
            if match.column
        )
