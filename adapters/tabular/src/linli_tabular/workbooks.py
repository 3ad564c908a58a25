"""Workbooks: xlsx and ods, a sheet at a time, with calamine; and what xls has in common with them."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import ParseError

import attrs
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from linli.importing import EPOCH, Unread, Value
from linli_tabular.files import DAMAGE, unreadable
from linli_tabular.looking import Look, Looks, look

# Beyond 15 digits a spreadsheet's number is not what was typed; it stays a float.
_EXACT: Final = 10**15

Cells = tuple[Value, ...]


@attrs.frozen(kw_only=True)
class Merge:
    """Cells merged over several rows: of `column`, the rows `top` to `bottom`, from 0, both included."""

    column: int
    top: int
    bottom: int


@attrs.frozen(kw_only=True)
class SheetRows:
    """The rows of a sheet, any number of times: number from 1, and the cells from column A on.

    A cell that is merged over several rows stands in each of them.
    """

    cells: Iterable[Cells]
    merges: tuple[Merge, ...]
    look: Look = attrs.field(factory=Look)
    epoch: date = EPOCH

    def __iter__(self) -> Iterator[tuple[int, Cells]]:
        starts: dict[int, list[Merge]] = {}
        for merge in self.merges:
            starts.setdefault(merge.top, []).append(merge)
        running: dict[int, tuple[int, Value]] = {}
        for index, cells in enumerate(_with_unread(self.cells, self.look)):
            for merge in starts.get(index, ()):
                running[merge.column] = (merge.bottom, _at(cells, merge.column))
            yield index + 1, _filled_down(cells, index, running) if running else cells


def _with_unread(rows: Iterable[Cells], look: Look) -> Iterator[Cells]:
    """The rows, with what the file does not say in its place: calamine gives a blank for it."""
    by_row: dict[int, dict[int, Unread]] = {}
    for (row, column), unread in look.unread.items():
        by_row.setdefault(row, {})[column] = unread
    for index, cells in enumerate(rows):
        unread_here = by_row.get(index)
        yield _marked(cells, unread_here) if unread_here else cells


def _marked(cells: Cells, unread: dict[int, Unread]) -> Cells:
    row: list[Value] = [*cells, *[None] * (max(unread) + 1 - len(cells))]
    for column, what in unread.items():
        row[column] = what
    return tuple(row)


def _at(cells: Cells, column: int) -> Value:
    return cells[column] if column < len(cells) else None


def _filled_down(cells: Cells, index: int, running: dict[int, tuple[int, Value]]) -> Cells:
    row = list(cells)
    for column, (bottom, value) in list(running.items()):
        if index > bottom:
            del running[column]
        elif column < len(row):
            row[column] = value
    return tuple(row)


@attrs.frozen(kw_only=True)
class _Cells:
    sheet: CalamineSheet

    def __iter__(self) -> Iterator[Cells]:
        left = (None,) * (self.sheet.start or (0, 0))[1]
        for read in self.sheet.iter_rows():
            yield (*left, *map(value_of, read))


def sheets(path: Path) -> Iterator[tuple[str, bool, SheetRows]]:
    """The sheets of an xlsx or ods: name, whether it is hidden, rows. One is loaded at a time.

    Raises: Refused when it is damaged or no workbook.
    """
    try:
        # From the open file, calamine goes by the content; from the path, by the name.
        looks = look(path)
        with path.open("rb") as file, CalamineWorkbook.from_filelike(file) as book:
            for about in book.sheets_metadata:
                if about.typ == SheetTypeEnum.WorkSheet:
                    hidden = about.visible != SheetVisibleEnum.Visible
                    yield about.name, hidden, _rows(book.get_sheet_by_name(about.name), looks)
    except (CalamineError, ParseError, KeyError, *DAMAGE):
        raise unreadable(path) from None


def _rows(sheet: CalamineSheet, looks: Looks) -> SheetRows:
    merges = tuple(
        Merge(column=left, top=top, bottom=bottom)
        for (top, left), (bottom, _right) in sheet.merged_cell_ranges or ()
        if bottom > top
    )
    seen = looks.of(sheet.name)
    return SheetRows(cells=_Cells(sheet=sheet), merges=merges, look=seen, epoch=looks.epoch)


def value_of(read: float | str | bool | date | time | timedelta) -> Value:
    """What a library read from a cell, as the shapes have it."""
    if isinstance(read, str):
        return read if read and not read.isspace() else None
    if isinstance(read, bool):
        return str(read).upper()
    if isinstance(read, float) and read.is_integer() and abs(read) < _EXACT:
        return int(read)
    if isinstance(read, datetime):
        return read
    return str(read) if isinstance(read, time | timedelta) else read
