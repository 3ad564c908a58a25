"""What calamine does not tell of a workbook: formulas without a result, errors, what is hidden, its epoch.

The parts of the archive are looked through as bytes, a block of whole rows at a time: to parse every cell
once more would take longer than to read the file.
"""

import re
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, Final
from xml.etree import ElementTree

import attrs

from linli.importing import EPOCH, Unread

EPOCH_1904: Final = date(1904, 1, 1)
_BLOCK: Final = 2**20
_WORKBOOK: Final = "xl/workbook.xml"
_RELATIONS: Final = "xl/_rels/workbook.xml.rels"
_CONTENT: Final = "content.xml"
_RELATION: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"

_ROW: Final = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_CELL: Final = re.compile(rb"<(?:\w+:)?c\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
_FORMULA: Final = re.compile(rb"<(?:\w+:)?f\b")
_RESULT: Final = re.compile(rb"<(?:\w+:)?v\b[^>]*>[^<]")
_STORED: Final = re.compile(rb"<(?:\w+:)?(?:v|is)\b")
_COLUMN: Final = re.compile(rb"<(?:\w+:)?col\b([^>]*)>")
_AT: Final = re.compile(rb"""\br=["']([A-Z]*)(\d+)["']""")
_HIDDEN: Final = re.compile(rb"""\bhidden=["'](?:1|true)["']""")
_ERROR: Final = re.compile(rb"""\bt=["']e["']""")
_TEXT: Final = re.compile(rb"""\bt=["'](?:str|s|inlineStr)["']""")
_FROM: Final = re.compile(rb"""\bmin=["'](\d+)["']""")
_TO: Final = re.compile(rb"""\bmax=["'](\d+)["']""")


@attrs.define(kw_only=True)
class Look:
    """What is to be known of a sheet beside its values.

    Attributes:
        unread: by row and column, from 0, the cells that have something in them which the file does not say.
        hidden_rows, hidden_columns: from 0; rows that a filter hides among them.
    """

    unread: dict[tuple[int, int], Unread] = attrs.field(factory=dict)
    hidden_rows: set[int] = attrs.field(factory=set)
    hidden_columns: set[int] = attrs.field(factory=set)


@attrs.frozen(kw_only=True)
class Looks:
    """What is to be known of a workbook: by the name of a sheet."""

    sheets: Mapping[str, Look]
    epoch: date = EPOCH

    def of(self, sheet: str) -> Look:
        """What is to be known of a sheet."""
        return self.sheets.get(sheet) or Look()


def look(path: Path) -> Looks:
    """What is to be known of the xlsx or ods at `path`; nothing of another archive."""
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
        if _WORKBOOK in names:
            return _look_xlsx(archive, names)
        if _CONTENT in names:
            from linli_tabular.open_document import look_ods

            return look_ods(archive)
    return Looks(sheets={})


def _look_xlsx(archive: zipfile.ZipFile, names: set[str]) -> Looks:
    book = ElementTree.fromstring(archive.read(_WORKBOOK))
    parts = _parts(archive) if _RELATIONS in names else {}
    sheets = {}
    for sheet in book.iter():
        part = parts.get(sheet.get(_RELATION, "")) if sheet.tag.endswith("}sheet") else None
        if part in names:
            with archive.open(part) as file:
                sheets[sheet.get("name", "")] = _look_at(file)
    properties = next((one for one in book.iter() if one.tag.endswith("}workbookPr")), None)
    from_1904 = properties is not None and properties.get("date1904") in ("1", "true", "on")
    return Looks(sheets=sheets, epoch=EPOCH_1904 if from_1904 else EPOCH)


def _parts(archive: zipfile.ZipFile) -> dict[str, str]:
    relations = ElementTree.fromstring(archive.read(_RELATIONS))
    return {
        one.get("Id", ""): str(PurePosixPath("/xl").joinpath(one.get("Target", ""))).removeprefix("/")
        for one in relations
    }


def _look_at(file: IO[bytes]) -> Look:
    found = Look()
    row = 0
    for block in _rows(file):
        for column in _COLUMN.finditer(block):
            _look_at_column(column[1], found)
        if not (_FORMULA.search(block) or _ERROR.search(block) or _HIDDEN.search(block)):
            continue
        for piece in re.split(rb"(?=<(?:\w+:)?row\b)", block):
            if head := _ROW.match(piece):
                row = _look_at_row(head[1], piece, row, found)
    return found


def _rows(file: IO[bytes]) -> Iterator[bytes]:
    """The bytes of a sheet, cut where a row ends."""
    rest = b""
    for block in iter(partial(file.read, _BLOCK), b""):
        whole, end, rest = (rest + block).rpartition(b"row>")
        yield whole + end
    yield rest


def _look_at_row(head: bytes, piece: bytes, before: int, found: Look) -> int:
    """Look at a row; its number from 1, which stands in it, or is one more than that of the row before."""
    at = _AT.search(head)
    number = int(at[2]) if at else before + 1
    if _HIDDEN.search(head):
        found.hidden_rows.add(number - 1)
    if _FORMULA.search(piece) or _ERROR.search(piece):
        for place, cell in enumerate(_CELL.finditer(piece)):
            if (unread := _unread(cell[1], cell[2] or b"")) is not None:
                letters = _AT.search(cell[1])
                found.unread[number - 1, _index(letters[1]) if letters else place] = unread
    return number


def _unread(head: bytes, content: bytes) -> Unread | None:
    if _ERROR.search(head):
        return Unread.ERROR
    if not _FORMULA.search(content) or _RESULT.search(content):
        return None
    # An empty text is a result; an empty number is none.
    return None if _TEXT.search(head) and _STORED.search(content) else Unread.FORMULA


def _look_at_column(head: bytes, found: Look) -> None:
    first, last = _FROM.search(head), _TO.search(head)
    if _HIDDEN.search(head) and first and last:
        found.hidden_columns.update(range(int(first[1]) - 1, min(int(last[1]), 1024)))


def _index(letters: bytes) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + letter - ord("A") + 1
    return index - 1
