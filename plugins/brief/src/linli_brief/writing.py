"""A file written whole or not at all, and never over another one."""

import os
from pathlib import Path
from tempfile import NamedTemporaryFile

from linli import Invalid, Refused, Text, say


class FileExists(Invalid, says="{file} is there already; give another name with --out"):
    file: Path
    field: str = "out"


def refuse_existing(out: Path) -> None:
    """Refused where something has this name already."""
    if os.path.lexists(out):
        raise Refused(FileExists(file=out))


class NotWritable(Invalid, says="{file} cannot be written: {error}"):
    file: Path
    error: Text
    field: str = "out"


def write_new(out: Path, content: bytes) -> None:
    """Write a file that is not there yet; nobody ever sees a part of it.

    Raises: Refused where it is there, also where somebody else has just made it.
    """
    refuse_existing(out)
    try:
        with NamedTemporaryFile(dir=out.parent, prefix=f".{out.name}.", delete=False) as draft:
            draft.write(content)
    except OSError as error:
        raise Refused(NotWritable(file=out, error=say(error.strerror or "-"))) from error
    try:
        # As any other file of theirs: a temporary one is for its owner alone.
        os.chmod(draft.name, 0o666 & ~_mask())
        # A link, not a renaming: that would take the place of what somebody made meanwhile.
        os.link(draft.name, out)
    except FileExistsError:
        refuse_existing(out)
    finally:
        os.unlink(draft.name)


def _mask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
