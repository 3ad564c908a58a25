"""A worksheet's XML: its cells read as text and set, with everything else in it left as it is."""

import re
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy

from lxml import etree  # type: ignore[import-untyped]
from openpyxl.utils import column_index_from_string, get_column_letter  # type: ignore[import-untyped]

from linli_brief.forms.lists import Value
from linli_brief.forms.package import Element, Package

# What XML cannot carry, not even escaped.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LONGEST = 32_767
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def named(element: Element, local: str) -> str:
    """A name in the namespace of an element."""
    return f"{{{etree.QName(element).namespace}}}{local}"


def split(reference: str) -> tuple[int, int]:
    """ "B5" as its row and its column, from 1."""
    match = re.fullmatch(r"\$?([A-Za-z]{1,3})\$?(\d+)", reference)
    if match is None:
        raise ValueError(reference)
    return int(match[2]), column_index_from_string(match[1].upper())


def joined(row: int, column: int) -> str:
    """The reference of a cell."""
    return f"{get_column_letter(column)}{row}"


class SharedStrings:
    """The texts that cells of a workbook name by number."""

    def __init__(self, package: Package) -> None:
        parts = [part for kind, part in package.related(package.workbook).values() if kind == "sharedStrings"]
        self._items = list(package.peek(parts[0])) if parts and parts[0] in package.names() else []

    def item(self, number: int) -> Element:
        """The element of a text."""
        return self._items[number]


class Sheet:
    """A worksheet."""

    def __init__(self, name: str, root: Element, strings: SharedStrings) -> None:
        self.name, self.root = name, root
        self._strings = strings
        self.data = root.find(named(root, "sheetData"))
        self._number()

    def _number(self) -> None:
        """Rows and cells may leave their number out, and are then counted."""
        row = 0
        for line in self.rows():
            row = int(line.get("r", row + 1))
            line.set("r", str(row))
            column = 0
            for cell in line:
                column = split(cell.get("r"))[1] if cell.get("r") else column + 1
                cell.set("r", joined(row, column))

    def rows(self) -> list[Element]:
        """The rows that there are."""
        return [] if self.data is None else list(self.data)

    def row(self, number: int) -> Element | None:
        """A row; None where nothing was ever in it."""
        return next((line for line in self.rows() if int(line.get("r")) == number), None)

    def merged(self) -> list[str]:
        """The ranges whose cells are merged."""
        return [
            one.get("ref") for one in self.root.iter(named(self.root, "mergeCell")) if ":" in one.get("ref")
        ]

    def merge(self, reference: str) -> None:
        """Merge cells too."""
        cells = self.root.find(named(self.root, "mergeCells"))
        etree.SubElement(cells, named(cells, "mergeCell"), ref=reference)
        cells.set("count", str(len(cells)))

    def texts(self) -> Iterator[tuple[Element, str]]:
        """The cells with text in them."""
        for line in self.rows():
            for cell in line:
                text = self.text(cell)
                if text:
                    yield cell, text

    def text(self, cell: Element) -> str | None:
        """What is written in a cell; None for numbers, formulas and nothing."""
        if cell.find(named(cell, "f")) is not None:
            return None
        item = self._item(cell)
        return None if item is None else "".join(text for _, text in _runs(item))

    def _item(self, cell: Element) -> Element | None:
        if cell.get("t") == "inlineStr":
            return cell.find(named(cell, "is"))
        value = cell.find(named(cell, "v"))
        if cell.get("t") != "s" or value is None:
            return None
        return self._strings.item(int(value.text))

    def cell(self, row: int, column: int) -> Element:
        """A cell, made where there is none, with the look of its row's or column's empty cells."""
        known = self.row(row)
        line: Element = self._new_row(row) if known is None else known
        after = [cell for cell in line if split(cell.get("r"))[1] >= column]
        if after and split(after[0].get("r"))[1] == column:
            return after[0]
        made = etree.Element(named(self.root, "c"), r=joined(row, column))
        look = line.get("s") if line.get("customFormat") else self._look_of_column(column)
        if look:
            made.set("s", look)
        line.insert(line.index(after[0]) if after else len(line), made)
        line.attrib.pop("spans", None)
        return made

    def _new_row(self, number: int) -> Element:
        made = etree.Element(named(self.root, "row"), r=str(number))
        following = [line for line in self.rows() if int(line.get("r")) > number]
        self.data.insert(self.data.index(following[0]) if following else len(self.data), made)
        return made

    def _look_of_column(self, column: int) -> str | None:
        for one in self.root.iter(named(self.root, "col")):
            if int(one.get("min")) <= column <= int(one.get("max")):
                look: str | None = one.get("style")
                return look
        return None

    def rewrite(self, cell: Element, pattern: re.Pattern[str], said: Callable[[re.Match[str]], str]) -> None:
        """Put words in the place of what `pattern` finds; each part of the text keeps its own look."""
        item = self._item(cell)
        runs = list(_runs(item))
        whole = "".join(text for _, text in runs)
        if len(pattern.findall(whole)) != sum(len(pattern.findall(text)) for _, text in runs):
            # A name that is written in two looks takes the first one, and the whole text with it.
            runs = [(runs[0][0], whole)]
        self._set_runs(cell, [(look, pattern.sub(said, text)) for look, text in runs])

    def _set_runs(self, cell: Element, runs: Sequence[tuple[Element | None, str]]) -> None:
        empty(cell)
        cell.set("t", "inlineStr")
        item = etree.SubElement(cell, named(cell, "is"))
        for look, text in runs:
            under = item
            if look is not None or len(runs) > 1:
                under = etree.SubElement(item, named(cell, "r"))
                if look is not None:
                    under.append(deepcopy(look))
            _add_text(under, text)

    def put(self, cell: Element, value: Value) -> None:
        """Set a cell: a number, a text, or nothing; its look stays."""
        empty(cell)
        if isinstance(value, str):
            self._set_runs(cell, [(None, value)])
        elif value is not None:
            etree.SubElement(cell, named(cell, "v")).text = repr(value)


def _add_text(under: Element, text: str) -> None:
    written = etree.SubElement(under, named(under, "t"))
    written.text = _UNFIT.sub("", text)[:_LONGEST]
    written.set(_SPACE, "preserve")


def empty(cell: Element) -> None:
    """Take out what is in a cell."""
    cell.attrib.pop("t", None)
    for child in list(cell):
        cell.remove(child)


def _runs(item: Element) -> Iterator[tuple[Element | None, str]]:
    """The parts of a text, each with its look; what only says how to pronounce it is none."""
    for child in item:
        name = etree.QName(child).localname
        if name == "t":
            yield None, child.text or ""
        elif name == "r":
            text = child.find(named(child, "t"))
            yield child.find(named(child, "rPr")), (text.text or "") if text is not None else ""
