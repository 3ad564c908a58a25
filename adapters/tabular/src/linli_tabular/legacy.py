"""Workbooks in the format before 2007: xls, with xlrd.

Not with calamine: a damaged xls makes it ask for more memory than there is, and that ends the
process, where xlrd raises.
"""

import io
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

import attrs
import xlrd  # type: ignore[import-untyped]

from linli import Refused
from linli.importing import EPOCH, Unread, Value
from linli_tabular.files import locked, unreadable
from linli_tabular.looking import EPOCH_1904, Look
from linli_tabular.workbooks import Cells, Merge, SheetRows, value_of

_ENCRYPTED: Final = "encrypted"


@attrs.frozen(kw_only=True)
class _Cells:
    sheet: Any
    datemode: int

    def __iter__(self) -> Iterator[Cells]:
        for row in range(self.sheet.nrows):
            yield tuple(_value(cell.ctype, cell.value, self.datemode) for cell in self.sheet.row(row))


def sheets(path: Path) -> Iterator[tuple[str, bool, SheetRows]]:
    """The sheets of an xls: name, whether it is hidden, rows. All of them are loaded.

    Raises: Refused when it is damaged, locked with a password, or no workbook.
    """
    book = _open(path)
    for sheet in book.sheets():
        merges = tuple(
            Merge(column=left, top=top, bottom=below - 1)
            for top, below, left, _right in sheet.merged_cells
            if below - top > 1
        )
        cells = _Cells(sheet=sheet, datemode=book.datemode)
        epoch = EPOCH_1904 if book.datemode else EPOCH
        rows = SheetRows(cells=cells, merges=merges, look=_look(sheet), epoch=epoch)
        yield sheet.name, sheet.visibility != 0, rows


def _look(sheet: Any) -> Look:
    return Look(
        hidden_rows={row for row, about in sheet.rowinfo_map.items() if about.hidden},
        hidden_columns={column for column, about in sheet.colinfo_map.items() if about.hidden},
    )


def _open(path: Path) -> Any:
    try:
        # Only with its formats does a workbook tell its merged cells; its log is for developers.
        return xlrd.open_workbook(str(path), formatting_info=True, logfile=io.StringIO())
    except Exception as error:  # damage comes as whatever the place of it raises
        raise _refusal(path, error) from None


def _refusal(path: Path, error: Exception) -> Refused:
    return locked(path) if _ENCRYPTED in str(error) else unreadable(path)


def _value(kind: int, value: Any, datemode: int) -> Value:
    if kind == xlrd.XL_CELL_DATE:
        return _moment(value, datemode)
    if kind == xlrd.XL_CELL_BOOLEAN:
        return value_of(bool(value))
    return Unread.ERROR if kind == xlrd.XL_CELL_ERROR else value_of(value)


def _moment(value: float, datemode: int) -> Value:
    try:
        moment: datetime = xlrd.xldate.xldate_as_datetime(value, datemode)
    except (ValueError, OverflowError):
        return value
    if value < 1:
        return value_of((moment + timedelta(milliseconds=500)).time().replace(microsecond=0))
    return moment.date() if moment.time() == time() else moment
