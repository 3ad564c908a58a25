"""Files that are published: whole, and with their contents; see `linli._model.files`."""

import hashlib
from base64 import b64decode
from collections.abc import Sequence
from typing import TYPE_CHECKING

from linli._base.errors import NotFound
from linli._base.refusals import Invalid, NotFoundHere, Refusal
from linli._model.facts import Facts
from linli._model.files import FIELD, KeptFile
from linli._vault.vault import ITEMS_OF, KEY_OF

if TYPE_CHECKING:
    from linli._engine.opened import OpenDistrict


class FilesOfOneName(Invalid, says="two files have one name"):
    field: str = "files"


class ContentNotKept(Refusal, says="the content of {file} is not kept; give it again"):
    file: str


def whole(files: Sequence[KeptFile], facts: Facts) -> Refusal | None:
    """Why files cannot be published as they are on record; None where their contents are kept as they were given."""
    if len({one.name for one in files}) < len(files):
        return FilesOfOneName()
    for one in files:
        text = facts.said(one.id, FIELD)
        if text is None or hashlib.sha256(b64decode(text)).hexdigest() != one.sha256:
            return ContentNotKept(file=one.name)
    return None


class ContentGone(NotFoundHere, says="the content of {file} is not kept any more"):
    file: str


class ContentAltered(NotFoundHere, says="the content of {file} is not what went on record"):
    file: str


def content(district: "OpenDistrict", file: KeptFile) -> bytes:
    """A file's content; NotFound where it is not kept any more, or is not what the record says."""
    found = b64decode(_sealed(district, file))
    if hashlib.sha256(found).hexdigest() != file.sha256:
        raise NotFound(ContentAltered(file=file.name))
    return found


def _sealed(district: "OpenDistrict", file: KeptFile) -> str:
    """What the vault has; it is under a key of its own, or under that of its matter."""
    (items,) = district.store.ask([(ITEMS_OF, {"district": district.code, "subject": file.id})])
    owner = next((owner for field, _, owner in items if field == FIELD), None)
    if owner is not None:
        (keys,) = district.store.ask([(KEY_OF, {"district": district.code, "owner": owner})])
        if keys:
            vault = district.rules.vault
            sealed = {field: bytes(item) for field, item, _ in items}
            return vault.opened(vault.key_from(keys, owner), file.id, sealed)[FIELD]
    raise NotFound(ContentGone(file=file.name))
