"""A canonical text as a file: a line for each row, JSON, packed."""

import json
import lzma
from collections.abc import Iterable, Iterator
from pathlib import Path

from golden.export import Row


def keep(file: Path, made: dict[str, object], rows: Iterable[Row]) -> None:
    """Write rows down; `made` says of what: the first line."""
    with lzma.open(file, "wt", encoding="utf-8", newline="\n", preset=9 | lzma.PRESET_EXTREME) as out:
        for one in (made, *rows):
            out.write(f"{json.dumps(one, ensure_ascii=False, sort_keys=True)}\n")


def made(file: Path) -> dict[str, object]:
    """What the first line says."""
    with lzma.open(file, "rt", encoding="utf-8") as lines:
        found: dict[str, object] = json.loads(next(lines))
        return found


def kept(file: Path) -> Iterator[Row]:
    """The rows again."""
    with lzma.open(file, "rt", encoding="utf-8") as lines:
        next(lines)
        for line in lines:
            table, name, values = json.loads(line)
            yield table, name, values
