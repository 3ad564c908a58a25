"""Files that are published: sealed in the vault, each under a key of its own; name and SHA-256 are on the record."""

import hashlib
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, Annotated, Any
from unicodedata import category
from uuid import UUID

import attrs

from linli._base.errors import NotFound, Refused
from linli._base.i18n import Text, listed, say
from linli._base.refusals import Invalid, NotFoundHere, Refusal
from linli._base.revealing import revealing
from linli._model.acts import new_id
from linli._model.facts import Facts
from linli._model.inputs import Input
from linli._store import Write
from linli._vault.vault import ITEMS_OF, KEY_OF, Vault

if TYPE_CHECKING:
    from linli._engine.opened import OpenDistrict

_FIELD = "content"
_LONGEST_NAME = 80
# By ending, what it is and how such a file begins. Nothing that a browser would run.
_KINDS: Mapping[str, tuple[str, bytes]] = {
    ".pdf": ("application/pdf", b"%PDF-"),
    ".png": ("image/png", b"\x89PNG\r\n\x1a\n"),
    ".jpg": ("image/jpeg", b"\xff\xd8\xff"),
    ".jpeg": ("image/jpeg", b"\xff\xd8\xff"),
    ".docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", b"PK\x03\x04"),
    ".xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK\x03\x04"),
    ".txt": ("text/plain; charset=utf-8", b""),
}


@attrs.frozen(kw_only=True)
class GivenFile:
    """A file as somebody gives it."""

    name: str
    content: bytes = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class KeptFile:
    """What the record keeps of a file.

    Attributes:
        id: whose key in the vault the content is sealed with.
        size: in bytes.
        sha256: of the content, in hexadecimal.
    """

    id: UUID
    name: str
    size: int
    sha256: Annotated[str, Input(public=True)]

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


class FilesByContent(Invalid, says="files are given by their content: linli works out what the record keeps"):
    field: str = "files"


def as_files(given: Iterable[Any]) -> tuple[KeptFile, ...]:
    """Files of the record from what a move was given; Refused where they are none."""
    try:
        return tuple(
            one if isinstance(one, KeptFile) else KeptFile(**{**one, "id": UUID(str(one["id"]))})
            for one in given
        )
    except (TypeError, ValueError, KeyError):
        raise Refused(FilesByContent()) from None


class FileNameUnfit(Invalid, says="the name of file {number} {problem}"):
    number: int
    problem: Text
    field: str = "files"


class FileUnfit(Invalid, says="{file}: {problem}"):
    file: str
    problem: Text
    field: str = "files"


def taken(
    vault: Vault, given: Iterable[GivenFile], largest: int
) -> tuple[tuple[KeptFile, ...], tuple[Write, ...]]:
    """What the record keeps of files, and the writes that keep their contents.

    Args:
        largest: in bytes.

    Raises: Refused for a file that is not to be published.
    """
    kept: list[KeptFile] = []
    writes: list[Write] = []
    for number, one in enumerate(given, 1):
        # A name that gives somebody away is not said again.
        unnamed = _problem_of_name(one.name)
        if unnamed:
            raise Refused(FileNameUnfit(number=number, problem=unnamed))
        problem = _problem(one, largest)
        if problem:
            raise Refused(FileUnfit(file=one.name, problem=problem))
        sha256 = hashlib.sha256(one.content).hexdigest()
        kept.append(KeptFile(id=new_id(), name=one.name, size=len(one.content), sha256=sha256))
        data_key, key = vault.new_key(kept[-1].id)
        text = b64encode(one.content).decode()
        writes += [key, vault.item(data_key, kept[-1].id, kept[-1].id, _FIELD, text)]
    return tuple(kept), tuple(writes)


def _problem(given: GivenFile, largest: int) -> Text | None:
    kind = _KINDS.get(PurePath(given.name).suffix.lower())
    if kind is None:
        return say("is none of {kinds}", kinds=listed(_KINDS))
    if not given.content or len(given.content) > largest:
        return say("must have 1 to {largest} bytes", largest=largest)
    if not given.content.startswith(kind[1]):
        return say("is not what its ending says")
    return _revealing_inside(given)


def _problem_of_name(name: str) -> Text | None:
    hidden = any(category(char) in ("Cc", "Cf") for char in name)
    if hidden or len(name) > _LONGEST_NAME or set(name) & set("/\\:"):
        return say("must be plain, with at most {longest} characters", longest=_LONGEST_NAME)
    return revealing(name)


def _revealing_inside(given: GivenFile) -> Text | None:
    """What a plain text gives away; pages of others are looked at by a person."""
    if not given.name.lower().endswith(".txt"):
        return None
    try:
        return revealing(given.content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return say("is no text in UTF-8")


class FilesOfOneName(Invalid, says="two files have one name"):
    field: str = "files"


class ContentNotKept(Refusal, says="the content of {file} is not kept; give it again"):
    file: str


def whole(files: Sequence[KeptFile], facts: Facts) -> Refusal | None:
    """Why files cannot be published as they are on record; None where their contents are kept as they were given."""
    if len({one.name for one in files}) < len(files):
        return FilesOfOneName()
    for one in files:
        text = facts.said(one.id, _FIELD)
        if text is None or hashlib.sha256(b64decode(text)).hexdigest() != one.sha256:
            return ContentNotKept(file=one.name)
    return None


class ContentGone(NotFoundHere, says="the content of {file} is not kept any more"):
    file: str


class ContentAltered(NotFoundHere, says="the content of {file} is not what went on record"):
    file: str


def content(district: "OpenDistrict", file: KeptFile) -> bytes:
    """A file's content; NotFound where it is not kept any more, or is not what the record says."""
    items, keys = district.store.ask(
        [
            (ITEMS_OF, {"district": district.code, "subject": file.id}),
            (KEY_OF, {"district": district.code, "owner": file.id}),
        ]
    )
    sealed = {field: bytes(item) for field, item, _ in items}
    if not keys or _FIELD not in sealed:
        raise NotFound(ContentGone(file=file.name))
    vault = district.rules.vault
    found = b64decode(vault.opened(vault.key_from(keys, file.id), file.id, sealed)[_FIELD])
    if hashlib.sha256(found).hexdigest() != file.sha256:
        raise NotFound(ContentAltered(file=file.name))
    return found


def plain(files: Iterable[KeptFile]) -> tuple[Mapping[str, Any], ...]:
    """Files as the values of a move."""
    return tuple(
        {"id": str(one.id), "name": one.name, "size": one.size, "sha256": one.sha256} for one in files
    )
