"""The error file: only the bad rows, as they were read, to be put right and imported again."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from linli import ChangedMeanwhile, say
from linli.cli import sentences
from linli.importing import EPOCH, PROBLEM_HEADING, ChangedSince, Row, RowProblem, Table, Unread, Value
from linli_tabular.marking import is_untouched
from linli_tabular.writing import cell_writer, workbook

_LONGEST_SHEET_NAME: Final = 31
_COLOUR: Final = "#FFC7CE"

_ByRow = Mapping[int, Sequence[RowProblem]]


class ErrorsFileChanged(
    ChangedMeanwhile, says="{file}: it was changed since it was written, and stays as it is"
):
    file: str | Path


def write(path: Path | str, problems: Iterable[RowProblem], tables: Iterable[Table]) -> int:
    """Write the bad rows of `tables` into a workbook that can be corrected and imported again.

    Each sheet has the headings of the sheet it comes from, its bad cells are coloured and say in
    a comment what is wrong and what to do, and a last column, which is not read again, says all
    of it. The values are not masked: the file is for whoever gave the original, and mode 0600.

    `tables` are read once more, so give fresh ones: `read(path, columns, mapping)`.
    Returns: how many rows it has; with none, no file is written.
    Raises: Refused when it cannot be written; ChangedSince when there is such a file that somebody changed,
        or that is none of ours.
    """
    by_table = _by_table(problems)
    if not by_table:
        return 0
    written = 0
    tables = list(tables)
    if Path(path).exists() and not is_untouched(Path(path)):
        raise ChangedSince(ErrorsFileChanged(file=path))
    with workbook(Path(path), date_1904=any(table.epoch != EPOCH for table in tables), marked=True) as book:
        names: set[str] = set()
        for table in tables:
            if by_row := by_table.get((table.file, table.sheet)):
                written += _write_sheet(book, _sheet_name(table, names), table, by_row)
    return written


def _by_table(problems: Iterable[RowProblem]) -> dict[tuple[str, str], dict[int, list[RowProblem]]]:
    grouped: dict[tuple[str, str], dict[int, list[RowProblem]]] = {}
    for problem in problems:
        grouped.setdefault((problem.file, problem.sheet), {}).setdefault(problem.row, []).append(problem)
    return grouped


def _write_sheet(book: Any, name: str, table: Table, by_row: _ByRow) -> int:
    sheet = book.add_worksheet(name)
    put = cell_writer(book, sheet)
    bold = book.add_format({"bold": True, "num_format": "@"})
    kept = [match for match in table.matches if match.heading != PROBLEM_HEADING]
    last = max((match.position for match in kept), default=-1) + 1
    sheet.set_column(0, last - 1, 18)
    sheet.set_column(last, last, 80)
    sheet.freeze_panes(1, 0)
    for match in kept:
        put(0, match.position, match.heading, bold)
    put(0, last, PROBLEM_HEADING, bold)
    writer = _RowWriter(book, sheet, put, {match.position for match in kept}, last)
    bad = (row for row in table.rows if row.number in by_row)
    count = 0
    for count, row in enumerate(bad, start=1):
        writer.write(count, row, by_row[row.number])
    return count


class _RowWriter:
    def __init__(self, book: Any, sheet: Any, put: Any, positions: set[int], last: int) -> None:
        self._sheet = sheet
        self._put = put
        self._positions = positions
        self._last = last
        self._coloured = book.add_format({"num_format": "@", "bg_color": _COLOUR})

    def write(self, number: int, row: Row, problems: Sequence[RowProblem]) -> None:
        wrong = {row.positions[p.name]: p for p in problems if p.name in row.positions}
        for position in sorted(self._positions):
            value = row.values[position] if position < len(row.values) else None
            if problem := wrong.get(position):
                self._put_wrong(number, position, value, problem)
            else:
                self._put(number, position, None if isinstance(value, Unread) else value, None)
        self._put(number, self._last, _all(row, problems), None)

    def _put_wrong(self, number: int, position: int, value: Value, problem: RowProblem) -> None:
        # As text, so that the spreadsheet does not make a number or a date of what is typed there.
        shown = None if value is None or isinstance(value, Unread) else _shown(value)
        self._put(number, position, shown, self._coloured)
        self._sheet.write_comment(number, position, str(problem.what), {"author": "linli", "x_scale": 2})


def _shown(value: Value) -> str:
    if isinstance(value, date):
        return value.isoformat().replace("T", " ")
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _all(row: Row, problems: Sequence[RowProblem]) -> str:
    told = sentences(f"{p.column}: {p.what}" if p.column else str(p.what) for p in problems)
    return str(say("row {row}: {problems}", row=row.number, problems=told))


def _sheet_name(table: Table, taken: set[str]) -> str:
    """The name of the sheet, or of the file without one, as Excel allows it and not yet used."""
    name = re.sub(r"[\[\]:*?/\\]", "_", table.sheet or Path(table.file).stem).strip("'")
    name = name[:_LONGEST_SHEET_NAME] or "1"
    number = 1
    fresh = name
    while fresh.casefold() in taken:
        number += 1
        fresh = f"{name[: _LONGEST_SHEET_NAME - 4]} {number}"
    taken.add(fresh.casefold())
    return fresh
