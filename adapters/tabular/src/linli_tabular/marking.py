"""A mark in a workbook of ours, by which it is known whether somebody changed it since."""

import hashlib
import zipfile
from pathlib import Path
from typing import IO, Final

_PROPERTIES: Final = "docProps/core.xml"
_END: Final = b"</cp:coreProperties>"
_DAMAGE: Final = (zipfile.BadZipFile, KeyError, OSError, ValueError, RuntimeError, NotImplementedError)


def mark(source: IO[bytes], target: IO[bytes]) -> None:
    """Copy a workbook and note in its properties what its sheets are."""
    with zipfile.ZipFile(source) as book, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        for part in book.infolist():
            content = book.read(part)
            if part.filename == _PROPERTIES:
                content = content.replace(_END, _note(book) + _END)
            copy.writestr(part, content)


def is_untouched(path: Path) -> bool:
    """Whether a file is a workbook of ours whose sheets are as they were written."""
    try:
        with zipfile.ZipFile(path) as book:
            return _note(book) in book.read(_PROPERTIES)
    except _DAMAGE:
        return False


def _note(book: zipfile.ZipFile) -> bytes:
    parts = sorted((part.filename, part.CRC) for part in book.infolist() if part.filename.startswith("xl/"))
    return (
        b"<cp:keywords>linli " + hashlib.sha256(repr(parts).encode()).hexdigest().encode() + b"</cp:keywords>"
    )
