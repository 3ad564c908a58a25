"""Rows for a list: first those that the form has ready, then copies of the list's first row."""

from collections.abc import Sequence
from copy import deepcopy

import attrs
from lxml import etree  # type: ignore[import-untyped]

from linli import Problem, Text, say
from linli_brief.forms.lists import Value
from linli_brief.forms.package import Element, Package
from linli_brief.forms.plan import Block
from linli_brief.forms.sheet import Sheet, empty, joined, named, split
from linli_brief.forms.shifting import Gap, open_gap, translated, unmoved, unshare


@attrs.frozen(kw_only=True)
class Grown:
    """Lists that begin in one row of a sheet, with what goes into them.

    Attributes:
        rows: for each of the blocks, its rows.
    """

    sheet: Sheet
    part: str
    row: int
    blocks: tuple[Block, ...]
    rows: tuple[Sequence[tuple[Value, ...]], ...]

    @property
    def wanted(self) -> int:
        """How many rows they need: as many as the longest."""
        return max(map(len, self.rows))

    def ready(self) -> int:
        """The last of the rows that the form has ready: empty, and with the looks of the first one."""
        last = self.row
        while self._is_ready(self.sheet.row(last + 1)):
            last += 1
        return last

    def _is_ready(self, line: Element | None) -> bool:
        if line is None:
            return False
        cells = {split(cell.get("r"))[1]: cell for cell in line}
        own = {column for block in self.blocks for column in block.columns}
        for column in own:
            first = self.sheet.cell(self.row, column)
            cell = cells.get(column)
            if cell is None or len(cell) or cell.get("s") != first.get("s"):
                return False
        return all(self.sheet.text(cell) is None for column, cell in cells.items() if column not in own)

    def gap(self) -> Gap | None:
        """The rows to put in; None where there are enough."""
        last = self.ready()
        count = self.row + self.wanted - 1 - last
        return Gap(first=self.row, last=last, count=count) if count > 0 else None

    def problem(self, package: Package) -> Problem | None:
        """Why the rows cannot be put in."""
        gap = self.gap()
        if gap is None or not any(int(line.get("r")) > gap.last for line in self.sheet.rows()):
            return None
        staying: Text | None = unmoved(self.sheet, package, self.part)
        if staying is None:
            return None
        what = say(
            "the list needs {count} more rows, and the sheet has {what}, which would not move with them; add so many empty rows below it",
            count=gap.count,
            what=staying,
        )
        return Problem(where=f"{self.sheet.name}!{joined(self.row, self.blocks[0].columns[0])}", what=what)


def grow(package: Package, grown: Grown, sheets: Sequence[Sheet]) -> None:
    """Make the rows, and write the lists into them."""
    gap = grown.gap()
    if gap:
        for sheet in sheets:
            unshare(sheet)
        open_gap(package, grown.sheet, grown.part, gap, sheets)
        _copy_rows(grown.sheet, gap)
    _continue_formulas(grown)
    for block, rows in zip(grown.blocks, grown.rows, strict=True):
        _write(block, rows)


def _copy_rows(sheet: Sheet, gap: Gap) -> None:
    first, above = sheet.row(gap.first), sheet.row(gap.last)
    assert first is not None, "a list's first row has at least its own cell"
    assert above is not None, "and so has each that is ready"
    merged = [one for one in sheet.merged() if _only_in(one, gap.first)]
    for number in range(gap.last + 1, gap.last + gap.count + 1):
        line = deepcopy(first)
        line.set("r", str(number))
        for cell in line:
            cell.set("r", joined(number, split(cell.get("r"))[1]))
            empty(cell)
        above.addnext(line)
        above = line
        for reference in merged:
            start, end = (joined(number, split(one)[1]) for one in reference.split(":"))
            sheet.merge(f"{start}:{end}")


def _only_in(reference: str, row: int) -> bool:
    return {split(end)[0] for end in reference.split(":")} == {row}


def _continue_formulas(grown: Grown) -> None:
    """A formula in the first row holds for every row of the list."""
    first = grown.sheet.row(grown.row)
    assert first is not None
    for cell in first:
        formula = cell.find(named(cell, "f"))
        if formula is None or formula.get("t") or not formula.text:
            continue
        for number in range(grown.row + 1, grown.row + grown.wanted):
            copy = grown.sheet.cell(number, split(cell.get("r"))[1])
            if not len(copy):
                text = translated(formula.text, cell.get("r"), copy.get("r"))
                etree.SubElement(copy, named(copy, "f")).text = text


def _write(block: Block, rows: Sequence[tuple[Value, ...]]) -> None:
    if not rows:
        empty(block.sheet.cell(block.row, block.columns[0]))
    for number, row in enumerate(rows, start=block.row):
        for column, value in zip(block.columns, row, strict=True):
            block.sheet.put(block.sheet.cell(number, column), value)
