"""What calamine does not tell of an ods: formulas without a result, errors, what is hidden, its epoch."""

import zipfile
from datetime import date
from typing import Any, Final
from xml.parsers import expat

from linli.importing import EPOCH, Unread
from linli_tabular.looking import Look, Looks

_MOST: Final = 1_000_000
_TOLD: Final = (b"table:formula", b'"error"', b"table:visibility", b"null-date")
# How LibreOffice writes an error into the text of a cell.
_ERRORS: Final = ("#", "Err:", "错误:")


def look_ods(archive: zipfile.ZipFile) -> Looks:
    """What is to be known of the ods in `archive`."""
    content = archive.read("content.xml")
    if not any(word in content for word in _TOLD):
        return Looks(sheets={})
    reader = _Reader()
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler = reader.text
    try:
        parser.Parse(content, True)
    except expat.ExpatError:
        return Looks(sheets={})
    return Looks(sheets=reader.sheets, epoch=reader.epoch)


class _Reader:
    """The place in the sheets while the content is read."""

    def __init__(self) -> None:
        self.sheets: dict[str, Look] = {}
        self.epoch = EPOCH
        self._look = Look()
        self._row = self._column = self._rows = 0
        self._cell: dict[str, Any] | None = None
        self._words = ""

    def start(self, name: str, given: dict[str, Any]) -> None:
        match name:
            case "table:null-date":
                self.epoch = _day(given.get("table:date-value", "")) or EPOCH
            case "table:table":
                self._look = self.sheets[given.get("table:name", "")] = Look()
                self._row = self._column = self._rows = 0
            case "table:table-column":
                self._hide(given, self._look.hidden_columns, self._column, "table:number-columns-repeated")
                self._column += _times(given, "table:number-columns-repeated")
            case "table:table-row":
                self._hide(given, self._look.hidden_rows, self._row, "table:number-rows-repeated")
                self._rows, self._column = _times(given, "table:number-rows-repeated"), 0
            case "table:table-cell" | "table:covered-table-cell":
                self._cell, self._words = given, ""

    def end(self, name: str) -> None:
        if name == "table:table-row":
            self._row += self._rows
        elif self._cell is not None and name in ("table:table-cell", "table:covered-table-cell"):
            unread = _unread(self._cell, self._words)
            times = _times(self._cell, "table:number-columns-repeated")
            if unread is not None:
                for column in range(self._column, self._column + min(times, 1024)):
                    for row in range(self._row, self._row + min(self._rows, 1024)):
                        self._look.unread[row, column] = unread
            self._column += times
            self._cell = None

    def text(self, words: str) -> None:
        if self._cell is not None:
            self._words += words

    @staticmethod
    def _hide(given: dict[str, Any], hidden: set[int], at: int, repeated: str) -> None:
        if given.get("table:visibility") in ("collapse", "filter") and len(hidden) < _MOST:
            hidden.update(range(at, at + min(_times(given, repeated), _MOST)))


def _unread(cell: dict[str, Any], words: str) -> Unread | None:
    if cell.get("calcext:value-type") == "error":
        return Unread.ERROR
    if "table:formula" not in cell:
        return None
    if words.startswith(_ERRORS) and cell.get("office:value-type") != "float":
        return Unread.ERROR
    return Unread.FORMULA if "office:value-type" not in cell else None


def _times(given: dict[str, Any], name: str) -> int:
    return int(given.get(name, 1))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
