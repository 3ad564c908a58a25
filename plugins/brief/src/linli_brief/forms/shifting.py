"""Rows put into a worksheet: all that names a row below moves down with it."""

import re
from collections.abc import Callable, Iterable

import attrs
from openpyxl.formula.tokenizer import Token, Tokenizer  # type: ignore[import-untyped]
from openpyxl.formula.translate import Translator  # type: ignore[import-untyped]

from linli import Text, say
from linli_brief.forms.package import Element, Package
from linli_brief.forms.sheet import Sheet, joined, named, split

_CELL = re.compile(r"(\$?[A-Za-z]{1,3}\$?)(\d+)")
_ROWS = re.compile(r"(\$?)(\d+):(\$?)(\d+)")


@attrs.frozen(kw_only=True)
class Gap:
    """So many rows put in below `last`; `first` to `last` are the rows that the list had."""

    first: int
    last: int
    count: int

    def row(self, row: int) -> int:
        """Where a row stands then."""
        return row + self.count if row > self.last else row

    def end(self, row: int) -> int:
        """Where a range ends then: one that ended within the list ends with it."""
        return self.last + self.count if self.first <= row <= self.last else self.row(row)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where a range of rows stands then."""
        return self.row(start), self.end(end)

    def area(self, reference: str) -> str:
        """ "A4:C6", or one cell, as it stands then."""
        first, colon, last = reference.partition(":")
        if not colon:
            row, column = split(first)
            return joined(self.row(row), column)
        (top, left), (bottom, right) = split(first), split(last)
        return f"{joined(self.row(top), left)}:{joined(self.end(bottom), right)}"

    def areas(self, references: str) -> str:
        """Several of them, parted by blanks; what holds for a cell of the list holds for the whole list."""
        return " ".join(self.area(f"{one}:{one}" if ":" not in one else one) for one in references.split())


# --- formulas --------------------------------------------------------------------------------------


def shifted(formula: str, gap: Gap, here: bool, sheet: str) -> str:
    """A formula, without its "=", after the gap.

    Args:
        here: whether it stands on the sheet that has the gap, whose name is `sheet`.
    """
    tokens = Tokenizer(f"={formula}")
    for token in tokens.items:
        if token.type == Token.OPERAND and token.subtype == Token.RANGE:
            token.value = _operand(token.value, gap, here, sheet)
    return "".join(token.value for token in tokens.items)


def _operand(text: str, gap: Gap, here: bool, sheet: str) -> str:
    prefix, mark, area = text.rpartition("!")
    named_sheet = prefix.strip("'").replace("''", "'")
    if named_sheet.casefold() != sheet.casefold() if mark else not here:
        return text
    return prefix + mark + _area(area, gap)


def _area(area: str, gap: Gap) -> str:
    rows = _ROWS.fullmatch(area)
    if rows:
        start, end = gap.span(int(rows[2]), int(rows[4]))
        return f"{rows[1]}{start}:{rows[3]}{end}"
    ends = [_CELL.fullmatch(end) for end in area.split(":")]
    if not all(ends) or len(ends) > 2:
        return area
    known = [end for end in ends if end]
    if len(known) == 1:
        return f"{known[0][1]}{gap.row(int(known[0][2]))}"
    start, end = gap.span(int(known[0][2]), int(known[1][2]))
    return f"{known[0][1]}{start}:{known[1][1]}{end}"


def unshare(sheet: Sheet) -> None:
    """Write every shared formula out, so that each cell can move by itself."""
    masters: dict[str, tuple[str, str]] = {}
    for cell in sheet.root.iter(named(sheet.root, "c")):
        formula = cell.find(named(cell, "f"))
        if formula is None or formula.get("t") != "shared":
            continue
        if formula.text:
            masters[formula.get("si")] = (formula.text, cell.get("r"))
        text, origin = masters[formula.get("si")]
        formula.text = translated(text, origin, cell.get("r"))
        for name in ("t", "si", "ref"):
            formula.attrib.pop(name, None)


def translated(formula: str, origin: str, destination: str) -> str:
    """A formula as it reads when it is copied to another cell."""
    copied: str = Translator(f"={formula}", origin=origin).translate_formula(destination)
    return copied[1:]


# --- all that names rows ---------------------------------------------------------------------------


def unmoved(sheet: Sheet, package: Package, part: str) -> Text | None:
    """What on a sheet would stay behind if rows were put in; None where all of it moves."""
    for local in ("tableParts", "legacyDrawing", "dataConsolidate", "scenarios", "oleObjects", "controls"):
        if sheet.root.find(named(sheet.root, local)) is not None:
            return say(_STAYING[local])
    if any(kind == "pivotTable" for kind, _ in package.related(part).values()):
        return say("a pivot table")
    if any(one.text for one in sheet.root.iter("{*}sqref")):
        return say("rules of a newer kind for what cells may have or look like")
    if any(f.get("t") == "dataTable" for f in sheet.root.iter(named(sheet.root, "f"))):
        return say("a what-if table")
    return None


WORDS = (
    "a table", "comments or form controls", "a consolidation", "scenarios", "embedded objects", "form controls",
)  # fmt: skip
_STAYING = dict(
    zip(
        ("tableParts", "legacyDrawing", "dataConsolidate", "scenarios", "oleObjects", "controls"),
        WORDS,
        strict=True,
    )
)


def open_gap(package: Package, sheet: Sheet, part: str, gap: Gap, sheets: Iterable[Sheet]) -> None:
    """Put rows in: every cell, range, formula, drawing and name below moves."""
    _move_rows(sheet, gap)
    _move_areas(sheet, gap)
    for other in sheets:
        _move_formulas(other, gap, sheet.name)
    _move_names(package, gap, sheet)
    _move_drawings(package, part, gap)
    _move_charts(package, gap, sheet.name)


def _move_rows(sheet: Sheet, gap: Gap) -> None:
    for line in sheet.rows():
        row = gap.row(int(line.get("r")))
        line.set("r", str(row))
        for cell in line:
            cell.set("r", joined(row, split(cell.get("r"))[1]))


def _move_areas(sheet: Sheet, gap: Gap) -> None:
    root = sheet.root
    for local in ("mergeCell", "hyperlink", "autoFilter", "dimension", "sortState", "sortCondition"):
        for one in root.iter(named(root, local)):
            one.set("ref", _merged(one.get("ref"), gap) if local == "mergeCell" else gap.area(one.get("ref")))
    for local in ("dataValidation", "conditionalFormatting", "protectedRange", "ignoredError"):
        for one in root.iter(named(root, local)):
            if one.get("sqref"):
                one.set("sqref", gap.areas(one.get("sqref")))
    for breaks in root.iter(named(root, "rowBreaks")):
        for one in breaks:
            one.set("id", str(gap.row(int(one.get("id")))))


def _merged(reference: str, gap: Gap) -> str:
    """Cells merged within the row of the list stay so; others that reach it grow."""
    first, _, last = reference.partition(":")
    top, bottom = split(first)[0], split(last or first)[0]
    within = gap.first <= top and bottom <= gap.last
    return reference if within else gap.area(reference)


def _move_formulas(sheet: Sheet, gap: Gap, name: str) -> None:
    here = sheet.name == name
    for local in ("f", "formula", "formula1", "formula2"):
        for one in sheet.root.iter(named(sheet.root, local)):
            if one.text:
                one.text = shifted(one.text, gap, here, name)
            if here and one.get("ref"):
                one.set("ref", gap.area(one.get("ref")))


def _move_names(package: Package, gap: Gap, sheet: Sheet) -> None:
    if any(True for _ in package.peek(package.workbook).iter("{*}definedName")):
        for one in package.tree(package.workbook).iter("{*}definedName"):
            one.text = shifted(one.text or "", gap, False, sheet.name)


def _move_drawings(package: Package, part: str, gap: Gap) -> None:
    for kind, drawing in package.related(part).values():
        if kind == "drawing":
            for row in package.tree(drawing).iter("{*}row"):
                row.text = str(gap.row(int(row.text) + 1) - 1)


def _move_charts(package: Package, gap: Gap, sheet: str) -> None:
    moved: Callable[[str], str] = lambda text: shifted(text, gap, False, sheet)  # noqa: E731
    for name in package.names():
        if re.fullmatch(r"xl/charts/chart\d+\.xml", name):
            formulas: list[Element] = [one for one in package.peek(name).iter("{*}f") if one.text]
            if any(moved(one.text) != one.text for one in formulas):
                for one in package.tree(name).iter("{*}f"):
                    one.text = moved(one.text) if one.text else one.text
