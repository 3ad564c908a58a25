"""What became of files that were imported."""

from pathlib import Path
from uuid import UUID

import attrs

from linli.i18n import Text
from linli.importing.shapes import HeadingMatch, RowProblem


@attrs.define(kw_only=True)
class SheetReport:
    """What became of a sheet.

    Attributes:
        kind: what it was read as; None where it was not.
        matches: where each of its headings leads.
        registered, updated, unchanged, skipped: rows.
        passed_over: why nothing was read from it; None where it was read.
    """

    file: str
    sheet: str
    kind: str | None = None
    matches: tuple[HeadingMatch, ...] = ()
    passed_over: Text | None = None
    registered: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0

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
        failures: files that could not be read at all, and why.
        error_files: where the skipped rows are, to be put right and imported again.
        acts: the acts that were made.
    """

    sheets: list[SheetReport] = attrs.field(factory=list)
    problems: list[RowProblem] = attrs.field(factory=list)
    notices: list[RowProblem] = attrs.field(factory=list)
    failures: list[tuple[str, Text]] = attrs.field(factory=list)
    error_files: list[Path] = attrs.field(factory=list)
    acts: list[UUID] = attrs.field(factory=list)

    def total(self, what: str) -> int:
        """The rows of all sheets that were "registered", "updated", "unchanged" or "skipped"."""
        return sum(getattr(sheet, what) for sheet in self.sheets)

    @property
    def good(self) -> int:
        """Rows that are in the record now."""
        return sum(sheet.good for sheet in self.sheets)
