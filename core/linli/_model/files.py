"""Files: as they are given, what the record keeps of them, and whether they are what they claim to be."""

import hashlib
import unicodedata
from collections.abc import Mapping
from pathlib import PurePath
from unicodedata import category
from uuid import UUID

import attrs

from linli._base.i18n import Text, listed, say
from linli._base.refusals import Invalid
from linli._base.revealing import revealing

FIELD = "content"
"""What the content of a file is called in the vault, under the file's number."""
PHOTOS = ("image/jpeg", "image/png", "image/webp", "image/heic")
"""The media types of photos, for `Input(kinds=PHOTOS)`."""

_LONGEST_NAME = 80
_OFFICE = "application/vnd.openxmlformats-officedocument"
# By ending, what it is and how such a file begins: at which byte, with which of some. Nothing that a browser would run.
_KINDS: Mapping[str, tuple[str, int, tuple[bytes, ...]]] = {
    ".pdf": ("application/pdf", 0, (b"%PDF-",)),
    ".png": ("image/png", 0, (b"\x89PNG\r\n\x1a\n",)),
    ".jpg": ("image/jpeg", 0, (b"\xff\xd8\xff",)),
    ".jpeg": ("image/jpeg", 0, (b"\xff\xd8\xff",)),
    ".docx": (f"{_OFFICE}.wordprocessingml.document", 0, (b"PK\x03\x04",)),
    ".xlsx": (f"{_OFFICE}.spreadsheetml.sheet", 0, (b"PK\x03\x04",)),
    ".txt": ("text/plain; charset=utf-8", 0, (b"",)),
    ".webp": ("image/webp", 8, (b"WEBP",)),
    ".heic": (
        "image/heic",
        4,
        (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypmsf1", b"ftypheim", b"ftypheis"),
    ),
}
# What is taken where an input does not say which kinds: what every desk can open.
_USUAL = (".pdf", ".png", ".jpg", ".jpeg", ".docx", ".xlsx", ".txt")


@attrs.frozen(kw_only=True)
class KeptFile:
    """What the record keeps of a file; its content is in the vault. `GivenFile` is one that is given.

    Attributes:
        id: under which the vault has the content.
        size: in bytes.
        sha256: of the content, in hexadecimal.
    """

    id: UUID
    name: str
    size: int
    sha256: str

    def __str__(self) -> str:
        """As lists show it."""
        return self.name

    @property
    def ending(self) -> str:
        """The ending of its name, with the dot: ".pdf"."""
        return PurePath(self.name).suffix.lower()

    @property
    def media(self) -> str:
        """What it is, as a browser is told."""
        return _KINDS[self.ending][0]


class GivenFile(KeptFile):
    """A file as somebody gives it: its name and its content. It has a number once the act that takes it is made.

    Printed, compared and written down it is what the record keeps of it, without the content.
    """

    content: bytes

    def __init__(self, *, name: str, content: bytes) -> None:
        digest = hashlib.sha256(content).hexdigest()
        super().__init__(id=UUID(int=0), name=name, size=len(content), sha256=digest)
        object.__setattr__(self, "content", content)

    def kept_as(self, ident: UUID) -> KeptFile:
        """What the record keeps of it under a number."""
        return KeptFile(id=ident, name=self.name, size=self.size, sha256=self.sha256)

    @classmethod
    def sent(cls, name: str, content: bytes) -> "GivenFile":
        """A file as a browser or a program sends it: its name without folders, marks and spaces around it."""
        last = name.replace("\\", "/").rpartition("/")[2]
        shown = "".join(
            char for char in unicodedata.normalize("NFC", last) if category(char) not in ("Cc", "Cf")
        )
        return cls(name=shown.strip(), content=content)


class FileNameUnfit(Invalid, says="the name of file {number} {problem}"):
    number: int
    problem: Text


class FileUnfit(Invalid, says="{file}: {problem}"):
    file: str
    problem: Text


def endings_of(kinds: tuple[str, ...]) -> tuple[str, ...]:
    """The endings of files of some media types; of none: of what every desk can open."""
    if not kinds:
        return _USUAL
    return tuple(ending for ending, (media, *_) in _KINDS.items() if media in kinds)


def problem_of(
    field: str, number: int, file: GivenFile, kinds: tuple[str, ...], largest: int
) -> Invalid | None:
    """Why a file is not taken; None where it is.

    Args:
        number: which of several, from 1.
        kinds: media types; none: what every desk can open.
        largest: in bytes.
    """
    unnamed = _problem_of_name(file.name)
    if unnamed:  # a name that gives somebody away is not said again
        return FileNameUnfit(field=field, number=number, problem=unnamed)
    problem = _problem(file, endings_of(kinds), largest)
    return FileUnfit(field=field, file=file.name, problem=problem) if problem else None


def _problem(file: GivenFile, endings: tuple[str, ...], largest: int) -> Text | None:
    if file.ending not in endings:
        return say("is none of {kinds}", kinds=listed(endings))
    if not file.content or file.size > largest:
        return say("must have 1 to {largest} bytes", largest=largest)
    _, place, starts = _KINDS[file.ending]
    if not file.content[place:].startswith(starts):
        return say("is not what its ending says")
    return _revealing_inside(file) if file.ending == ".txt" else None


def _problem_of_name(name: str) -> Text | None:
    hidden = any(category(char) in ("Cc", "Cf") for char in name)
    if hidden or len(name) > _LONGEST_NAME or set(name) & set("/\\:"):
        return say("must be plain, with at most {longest} characters", longest=_LONGEST_NAME)
    return revealing(name)


def _revealing_inside(file: GivenFile) -> Text | None:
    """What a plain text gives away; pages of others are looked at by a person."""
    try:
        return revealing(file.content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return say("is no text in UTF-8")
