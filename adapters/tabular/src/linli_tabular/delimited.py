"""Text tables: csv and its kin, one row at a time, whatever their encoding and separator."""

import csv
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final

import attrs

from linli import Refusal, Refused
from linli_tabular.files import encoding_of

SEPARATORS: Final = (",", "\t", ";", "|")
LONGEST_LINE: Final = 1_000_000
_LONGEST_QUOTATION: Final = 100
_SAMPLE: Final = 50


@attrs.frozen(kw_only=True)
class TextRows:
    """The rows of a text file, read anew at each iteration: number from 1, and the cells.

    A quotation mark that is never closed costs its own row at most: the lines after it are rows.
    Characters that are damaged come as U+FFFD.
    """

    path: Path
    encoding: str
    separator: str

    def __iter__(self) -> Iterator[tuple[int, tuple[str | None, ...]]]:
        for number, cells in enumerate(records(_lines(self.path, self.encoding), self.separator), start=1):
            yield number, tuple(cell if cell and not cell.isspace() else None for cell in cells)


def text_rows(path: Path) -> TextRows:
    """The rows of the text file at `path`, its encoding and separator found out."""
    encoding = encoding_of(path)
    sample = list(islice(_lines(path, encoding), _SAMPLE))
    return TextRows(path=path, encoding=encoding, separator=_separator(sample))


def _separator(sample: list[str]) -> str:
    """The separator that cuts the most rows into equally many cells; a comma where none does."""
    return max(SEPARATORS, key=lambda separator: _evenness(records(sample, separator)))


def _evenness(rows: Iterable[list[str]]) -> int:
    widths = Counter(len(row) for row in rows if len(row) > 1)
    return max(widths.values(), default=0)


class LineTooLong(Refusal, says="{file}, line {number}: too long for a row of a table"):
    file: Path
    number: int


def _lines(path: Path, encoding: str) -> Iterator[str]:
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        number = 0
        while line := file.readline(LONGEST_LINE):
            number += 1
            if len(line) == LONGEST_LINE:
                raise Refused(LineTooLong(file=path, number=number))
            yield line


def records(lines: Iterable[str], separator: str) -> Iterator[list[str]]:
    """The rows that `lines` (with their ends) make; quoted cells may hold line ends and separators."""
    source = iter(lines)
    ahead: deque[str] = deque()
    while (line := ahead.popleft() if ahead else next(source, None)) is not None:
        if '"' not in line:
            yield line.rstrip("\r\n").split(separator)
            continue
        record, taken = _quoted(line, source, ahead, separator)
        for _ in range(taken):
            ahead.popleft()
        yield record


def _quoted(line: str, source: Iterator[str], ahead: deque[str], separator: str) -> tuple[list[str], int]:
    """The row that begins with `line`, and how many lines more it takes from `ahead`."""
    quotes, taken = line.count('"'), 0
    while quotes % 2 and taken < _LONGEST_QUOTATION and _see(taken, source, ahead):
        quotes += ahead[taken].count('"')
        taken += 1
    if quotes % 2 == 0:
        try:
            rows = list(
                csv.reader(["".join((line, *islice(ahead, taken)))], delimiter=separator, strict=True)
            )
            return rows[0], taken
        except csv.Error:
            pass
    return _alone(line, separator), 0


def _see(place: int, source: Iterator[str], ahead: deque[str]) -> bool:
    if place == len(ahead):
        ahead.extend(islice(source, 1))
    return place < len(ahead)


def _alone(line: str, separator: str) -> list[str]:
    """A line with stray quotation marks, as a row of its own."""
    if line.count('"') % 2:
        return line.rstrip("\r\n").split(separator)
    return next(csv.reader([line], delimiter=separator))
