"""Tables out: xlsx, and csv as Excel opens it. A file is written whole or not at all, mode 0600."""

import csv
import io
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import IO, Any, Final

import xlsxwriter  # type: ignore[import-untyped]
from xlsxwriter.exceptions import XlsxWriterException  # type: ignore[import-untyped]

from linli import Invalid, Refusal, Refused, translate
from linli_tabular.marking import mark

MOST_ROWS: Final = 1_048_576
"""Rows of a sheet, its headings among them."""
_LONGEST_TEXT: Final = 32_767
_EXACT: Final = 10**15
# What a spreadsheet takes for the beginning of a formula, in both widths.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")

Write = Callable[[Path | str, Sequence[str], Iterable[Sequence[object]]], int]
"""What `write_xlsx` and `write_csv` have in common: path, headings, rows; returns how many rows."""

_SETTINGS: Final = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


class TooManyRows(Refusal, says="{file}: more rows than a sheet holds ({most}); write csv"):
    file: str | Path
    most: int


def write_xlsx(path: Path | str, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """Write a workbook of one sheet; text is written as text, whatever it begins with.

    Numbers, dates and moments (as the clock of their own zone shows them) keep their types;
    None is blank, everything else is its `str`.
    Returns: how many rows, without the headings.
    Raises: Refused when there are more rows than a sheet holds, or the file cannot be written.
    """
    with workbook(Path(path)) as book:
        sheet = book.add_worksheet()
        put = cell_writer(book, sheet)
        _put_row(put, 0, headings, book.add_format({"bold": True, "num_format": "@"}))
        sheet.freeze_panes(1, 0)
        count = 0
        for count, row in enumerate(rows, start=1):
            if count >= MOST_ROWS:
                raise Refused(TooManyRows(file=path, most=MOST_ROWS))
            _put_row(put, count, row)
    return count


def write_csv(path: Path | str, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """Write a csv file in UTF-8 with the mark that Excel needs.

    Text that a spreadsheet would run as a formula gets an apostrophe in front, which reading
    takes off again. Excel cuts long numbers of a csv file: write identity numbers as xlsx.
    Returns: how many rows, without the headings. Raises: Refused.
    """
    with whole_file(Path(path)) as file:
        text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
        writer = csv.writer(text)
        writer.writerow(map(_guarded, headings))
        count = _write_all(writer, rows)
        text.detach()
    return count


def _write_all(writer: Any, rows: Iterable[Sequence[object]]) -> int:
    count = 0
    for row in rows:
        writer.writerow(map(_guarded, row))
        count += 1
    return count


def _guarded(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if value is None or isinstance(value, int | float | Decimal):
        return value
    text = str(value)
    return "'" + text if text.startswith(_FORMULA) else text


class NotWritable(Invalid, says="{file}: cannot be written: {reason}"):
    file: Path
    reason: str
    field: str = "file"


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """A file that appears at `path` when the block ends well, and else leaves no trace.

    Only its owner may read it. Raises: Refused when it cannot be written.
    """
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".linli-", delete=False) as file:
            try:
                yield file
                file.flush()
                os.fsync(file.fileno())
                os.replace(file.name, path)
            except BaseException:
                Path(file.name).unlink(missing_ok=True)
                raise
    except OSError as error:
        raise Refused(NotWritable(file=path, reason=translate(error.strerror or "?"))) from error


@contextmanager
def workbook(path: Path, *, date_1904: bool = False, marked: bool = False) -> Iterator[Any]:
    """A new workbook for `path`, to be written row by row, kept as `whole_file` keeps it.

    Args:
        date_1904: whether its days count from 1904, as in the workbook that its numbers come from.
        marked: whether it can be told later that somebody changed it: see `marking`.
    """
    with whole_file(path) as file, tempfile.TemporaryFile() as unmarked:
        book = xlsxwriter.Workbook(unmarked if marked else file, _SETTINGS | {"date_1904": date_1904})
        yield book
        try:
            book.close()
        except XlsxWriterException as error:
            raise OSError(0, str(error)) from error
        if marked:
            mark(unmarked, file)


def cell_writer(book: Any, sheet: Any) -> Callable[[int, int, object, Any], None]:
    """How a value is put into a cell of `sheet`: row, column (from 0), value, format or None."""
    text = book.add_format({"num_format": "@"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})

    def put(row: int, column: int, value: object, style: Any = None) -> None:
        if value is None:
            sheet.write_blank(row, column, None, style or text)
        elif isinstance(value, datetime):
            sheet.write_datetime(row, column, value.replace(tzinfo=None), style or moment)
        elif isinstance(value, date):
            sheet.write_datetime(row, column, value, style or day)
        elif _is_exact(value):
            sheet.write_number(row, column, value, style)
        else:
            sheet.write_string(row, column, str(value)[:_LONGEST_TEXT], style or text)

    return put


def _is_exact(value: object) -> bool:
    return isinstance(value, int | float | Decimal) and -_EXACT < value < _EXACT


def _put_row(
    put: Callable[[int, int, object, Any], None], row: int, values: Iterable[object], style: Any = None
) -> None:
    for column, value in enumerate(values):
        put(row, column, value, style)
