"""What a file is, by what is in it and not by its name, and whether it can be read at all."""

import codecs
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from enum import Enum
from functools import partial
from pathlib import Path
from typing import IO, Final

from linli import Invalid, NotFound, NotFoundHere, Refusal, Refused, translate

LARGEST_FILE: Final = 512 * 2**20
"""Bytes of a file; a million rows of twenty columns are about 200 MiB."""
LARGEST_UNPACKED: Final = 2 * 2**30
"""Bytes of a workbook unpacked; an ordinary one unpacks to ten times its size."""
FREELY_UNPACKED: Final = 200 * 2**20
LARGEST_RATIO: Final = 50
"""How many times its size a workbook may unpack to, beyond what it may freely: some are made to fill the memory."""
LARGEST_AREA: Final = 30_000_000
"""Cells of a sheet up to its last row and column, since the whole area is held in memory."""

_HEAD: Final = 4096
_BLOCK: Final = 2**20
_OVERLAP: Final = 512
_OLE: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
# A page may begin with a comment of any length.
_WEB_PAGE: Final = re.compile(rb"\s*(?:<[!?a-z]|mime-version:)", re.I)
_WORKBOOKS: Final = (".xlsx", ".xlsm", ".xls", ".ods")
_CONTROLS: Final = frozenset({*range(1, 9), *range(14, 27), *range(28, 32), 127})
_MOST_CONTROLS: Final = 0.02
_OTHER_ENCODINGS: Final = ("big5", "shift_jis", "euc_kr", "utf-16-le", "utf-16-be")
_OTHER: Final = (b"%PDF", b"Rar!", b"7z\xbc\xaf", b"\x89PNG", b"\xff\xd8\xff", b"\x1f\x8b", b"{\\rtf")
# A cell with something in it, in column AA or beyond; a styled empty one ends in "/>".
_FAR_CELL: Final = re.compile(rb'<(?:\w+:)?c\s(?:[^>]*?\s)?r=["\']([A-Z]{2,3})\d+["\'][^>/]*>\s*<(?!/)')
_PERHAPS_FAR: Final = re.compile(rb'r=["\'][A-Z]{2}')
_ROW: Final = re.compile(rb'row\s[^>]*?\br=["\'](\d+)["\']')


# How zipfile says that an archive is damaged.
DAMAGE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)


class Form(Enum):
    """How a file is to be read."""

    WORKBOOK = "workbook"
    LEGACY = "legacy"
    TEXT = "text"


def form_of(path: Path) -> Form:
    """How `path` is to be read, whatever its name ends in.

    Raises: NotFound; Refused for what is empty, too large, locked with a password, or no table.
    """
    head = _head(path)
    if head.startswith(b"PK\x03\x04"):
        _refuse_oversized(path)
        return Form.WORKBOOK
    if head.startswith(_OLE):
        _refuse_encrypted(path)
        return Form.LEGACY
    if refusal := _no_table(path, head):
        raise Refused(refusal)
    return Form.TEXT


def encoding_of(path: Path) -> str:
    """The encoding of a text file: UTF-16 and UTF-8 with or without a mark, else GB18030 (GBK).

    A few damaged characters do not change the answer: it goes by the lines that are not plain ASCII.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
        if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        if found := _wide(head):
            return found
        file.seek(0)
        return "utf-8-sig" if _mostly_utf8(file) else "gb18030"


def _wide(head: bytes) -> str | None:
    """Which UTF-16 it is without a mark, where every other byte of what is plain ASCII is nought.

    A single nought is a slip in one cell, and is read over.
    """
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) < max(4, len(head) // 16) or min(even, odd) * 4 > max(even, odd):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def other_encoding(path: Path, is_known: Callable[[str], bool]) -> str | None:
    """The encoding in which the beginning of a text file has headings that are known; None for none.

    Args:
        is_known: whether a heading is known.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD).rpartition(b"\n")[0] or file.read(_HEAD)
    for encoding in _OTHER_ENCODINGS:
        text = head.decode(encoding, errors="replace")
        if any(is_known(cell.strip(' "\ufeff')) for cell in re.split(r"[,;|\t\r\n]", text)):
            return encoding
    return None


def _mostly_utf8(file: IO[bytes]) -> bool:
    good = bad = 0
    for line in iter(partial(file.readline, _BLOCK), b""):
        if line.isascii():
            continue
        try:
            line.decode()
            good += 1
        except UnicodeDecodeError:
            bad += 1
    return bad <= good


class NoSuchFile(NotFoundHere, says="{file}: there is no such file"):
    file: Path


class NotReadable(Invalid, says="{file}: cannot be read: {reason}"):
    file: Path
    reason: str
    field: str = "file"


class EmptyFile(Invalid, says="{file}: the file is empty"):
    file: Path
    field: str = "file"


def _head(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except FileNotFoundError:
        raise NotFound(NoSuchFile(file=path)) from None
    except OSError as error:
        raise Refused(NotReadable(file=path, reason=translate(error.strerror or "?"))) from None
    if not head.strip():
        raise Refused(EmptyFile(file=path))
    if size > LARGEST_FILE:
        raise Refused(_too_large(path))
    return head


class WebPage(
    Invalid,
    says="{file}: this is a web page with the name of a spreadsheet, as some systems export them; open it in Excel or WPS, save it as .xlsx, and import that",
):
    file: Path
    field: str = "file"


def _no_table(path: Path, head: bytes) -> Refusal | None:
    if _WEB_PAGE.match(_narrow(head)):
        return WebPage(file=path)
    if head.startswith(_OTHER):
        return _unknown(path)
    if sum(byte in _CONTROLS for byte in head) > len(head) * _MOST_CONTROLS and not _is_wide(head):
        return NotAWorkbook(file=path) if path.suffix.lower() in _WORKBOOKS else _unknown(path)
    return None


def _is_wide(head: bytes) -> bool:
    return head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or _wide(head) is not None


def _narrow(head: bytes) -> bytes:
    """The beginning of a text without the mark of its encoding, and without the noughts of a wide one."""
    for mark in (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        head = head.removeprefix(mark)
    return head.replace(b"\0", b"")


class NotATable(Invalid, says="{file}: this is no table; give an .xlsx, .xls, .ods or .csv file"):
    file: Path
    field: str = "file"


def _unknown(path: Path) -> Refusal:
    return NotATable(file=path)


class NotAWorkbook(
    Invalid,
    says="{file}: cannot be read as a workbook; open it in Excel or WPS, save it as .xlsx, and import that",
):
    file: Path
    field: str = "file"


def unreadable(path: Path) -> Refused:
    """The refusal of a workbook that is damaged, or none."""
    return Refused(NotAWorkbook(file=path))


class WorkbookLocked(
    Invalid,
    says="{file}: the workbook is locked with a password; open it, save a copy without one, and import that",
):
    file: Path
    field: str = "file"


def locked(path: Path) -> Refused:
    """The refusal of a workbook that needs a password."""
    return Refused(WorkbookLocked(file=path))


class TooLarge(
    Refusal,
    says="{file}: too large to be read; split it into files of at most a few hundred thousand rows",
):
    file: Path


def _too_large(path: Path) -> Refusal:
    return TooLarge(file=path)


def _refuse_encrypted(path: Path) -> None:
    # An encrypted xlsx is an OLE container with a stream of this name in its directory.
    if _ENCRYPTED in path.read_bytes():
        raise locked(path)


def _refuse_oversized(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
            if unpacked > LARGEST_UNPACKED or (
                unpacked > FREELY_UNPACKED and unpacked > path.stat().st_size * LARGEST_RATIO
            ):
                raise Refused(_too_large(path))
            for part in archive.infolist():
                if part.filename.endswith(".xml"):
                    _refuse_sprawling(path, archive, part)
    except DAMAGE:
        raise unreadable(path) from None


def _refuse_sprawling(path: Path, archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Refuse a sheet with a cell far out, such as a blank typed into XFD1048576 by accident.

    The reader would make room for every cell up to it, and an allocation that fails there ends
    the process.
    """
    columns, rows = 26, 0
    with archive.open(part) as sheet:
        for block in _blocks(sheet):
            if _PERHAPS_FAR.search(block):
                columns = max([columns, *map(_index, _FAR_CELL.findall(block))])
            if last := _ROW.search(block, max(0, block.rfind(b"row "))):
                rows = int(last[1])
            if columns * rows > LARGEST_AREA:
                raise Refused(_sprawling(path))


def _blocks(file: IO[bytes]) -> Iterator[bytes]:
    rest = b""
    for block in iter(partial(file.read, _BLOCK), b""):
        yield rest + block
        rest = block[-_OVERLAP:]


def _index(letters: bytes) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + letter - ord("A") + 1
    return index


class CellFarAway(
    Refusal,
    says="{file}: a sheet has something in a cell far away from its table; delete all rows below the table and all columns to its right, save, and import again",
):
    file: Path


def _sprawling(path: Path) -> Refusal:
    return CellFarAway(file=path)
