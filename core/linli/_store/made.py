"""A mark beside the district's file that says that its database was made: one that is lost is not made anew.

Whoever removes the mark, or runs `linli db upgrade` where there is no database, begins an empty one.
"""

from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final

import attrs
import msgspec

from linli._base import codec
from linli._base.errors import StoreError
from linli._base.i18n import Text, say
from linli._store.store import Store

MARK: Final = "database.made"


@attrs.frozen(kw_only=True)
class Made:
    """What the mark says: when the database of which district was begun."""

    district: str
    begun: datetime


def read(folder: Path) -> Made | None:
    """The mark in a district's folder; None where there is none that can be read."""
    try:
        return msgspec.json.decode((folder / MARK).read_bytes(), type=Made)
    except (OSError, msgspec.DecodeError):
        return None


def mark(folder: Path, district: str, begun: datetime) -> None:
    """Note that the district's database was begun at a moment; nothing where that is noted, or cannot be."""
    said = Made(district=district, begun=begun)
    if read(folder) != said:
        with suppress(OSError):  # a folder that may not be written has no mark, as before
            (folder / MARK).write_text(codec.encode(said) + "\n", encoding="utf-8")


def forget(folder: Path) -> None:
    """Take the mark away: a database was begun anew on purpose."""
    with suppress(OSError):
        (folder / MARK).unlink(missing_ok=True)


def missing(store: Store) -> bool:
    """Whether an embedded database is not there, or is an empty file."""
    file = store.file
    return file is not None and not (file.exists() and file.stat().st_size)


def require(store: Store, folder: Path) -> None:
    """StoreError where an embedded database is not there; nothing is made by looking."""
    if not missing(store):
        return
    known = read(folder)
    if known is None:
        raise StoreError(
            say("there is no database {path} yet; make one with: linli db upgrade", path=store.file)
        )
    raise StoreError(lost(str(store.file), known))


def lost(path: str, known: Made) -> Text:
    """What to do about a database that was there."""
    return say(
        "the database {path} is not there, though one was begun on {day}; put it back or restore the last backup"
        " (docs/operations.md); to begin an empty one run: linli db upgrade",
        path=path,
        day=known.begun.date(),
    )


def refuse_another(folder: Path, district: str) -> None:
    """StoreError where a database does not know the district, though one was begun that does."""
    known = read(folder)
    if known is not None and known.district == district:
        raise StoreError(
            say(
                "this database does not know the district {code}, though one was begun on {day}: it is another, or an"
                " empty one; correct [store] url or restore the last backup; to begin anew remove {mark}",
                code=district,
                day=known.begun.date(),
                mark=MARK,
            )
        )
