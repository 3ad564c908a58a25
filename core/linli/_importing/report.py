"""What became of files that were imported."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

import attrs

from linli._base.i18n import Text, say
from linli._model.sheets import Column, HeadingMatch, RowProblem


@attrs.frozen(kw_only=True)
class Complaint:
    """What is wrong with many rows for one reason, told once.

    Attributes:
        first: the first of them.
        rows: how many there are.
    """

    first: RowProblem
    rows: int

    def __str__(self) -> str:
        if self.rows == 1:
            return str(self.first)
        return str(say("{first} ({rows} rows for this reason)", first=self.first, rows=self.rows))


def complaints(problems: Iterable[RowProblem]) -> list[Complaint]:
    """The problems, those of one column and one reason told as one, in the order of their first rows."""
    grouped: dict[tuple[str, ...], list[RowProblem]] = {}
    for problem in problems:
        key = (problem.file, problem.sheet, problem.name, problem.what.message)
        grouped.setdefault(key, []).append(problem)
    return [Complaint(first=same[0], rows=len(same)) for same in grouped.values()]


@attrs.define(kw_only=True)
class SheetReport:
    """What became of a sheet.

    Attributes:
        kind: what it was read as; None where it was not. `label`: in words.
        matches: where each of its headings leads.
        registered, updated, unchanged, skipped: rows.
        passed_over: why nothing was read from it; None where it was read.
        how: how its kind was found: "said", "mapped", "guessed".
        remarks: what is to be known of the sheet, such as hidden rows that were read.
        incomplete: rows that were taken without one of their cells.
        told: how many of its rows were taken as what: "closed", "withdrawn".
        unknown: words of a status that mean nothing to linli, and how often they stand there.
        columns: what its kind asks for; first: by column, the first value there, masked.
    """

    file: str
    sheet: str
    kind: str | None = None
    label: str = "-"
    matches: tuple[HeadingMatch, ...] = ()
    passed_over: Text | None = None
    registered: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0
    incomplete: int = 0
    how: str = "guessed"
    heading_row: int = 0
    remarks: tuple[Text, ...] = ()
    told: Counter[str] = attrs.field(factory=Counter)
    unknown: Counter[str] = attrs.field(factory=Counter)
    columns: tuple[Column, ...] = ()
    first: dict[str, str] = attrs.field(factory=dict)

    @property
    def good(self) -> int:
        """Rows that are in the record now."""
        return self.registered + self.updated + self.unchanged


@attrs.define(kw_only=True)
class Report:
    """What became of files.

    Attributes:
        problems: what is wrong with rows that were skipped, one by one.
        notices: what is to be looked at of rows that were taken.
        left_out: cells that were left out of rows that were taken, one by one.
        failures: files that could not be read at all, and why.
        error_files: where the skipped rows are, to be put right and imported again.
        kept_files: earlier ones that somebody began to put right; they stay as they are.
        acts: the acts that were made.
    """

    sheets: list[SheetReport] = attrs.field(factory=list)
    problems: list[RowProblem] = attrs.field(factory=list)
    notices: list[RowProblem] = attrs.field(factory=list)
    left_out: list[RowProblem] = attrs.field(factory=list)
    failures: list[tuple[str, Text]] = attrs.field(factory=list)
    error_files: list[Path] = attrs.field(factory=list)
    kept_files: list[Path] = attrs.field(factory=list)
    acts: list[UUID] = attrs.field(factory=list)

    def total(self, what: str) -> int:
        """The rows of all sheets that were "registered", "updated", "unchanged" or "skipped"."""
        return sum(getattr(sheet, what) for sheet in self.sheets)

    @property
    def good(self) -> int:
        """Rows that are in the record now."""
        return sum(sheet.good for sheet in self.sheets)

    @property
    def whole(self) -> bool:
        """Whether every row of every file is in the record now."""
        return not self.failures and not self.total("skipped")
