"""Entry points of what is installed, read from their files.

`importlib.metadata` has the same, at a third of the price of everything else that `linli --help` does.
"""

import os
import sys
from collections.abc import Iterator, Mapping


def declared(group: str) -> Mapping[str, tuple[str, ...]]:
    """The entry points of a group: by name, the objects ("module:attribute") that go by it."""
    found: dict[str, tuple[str, ...]] = {}
    for file in dict.fromkeys(_files()):
        for name, value in _section(file, group):
            known = found.get(name, ())
            found[name] = known if value in known else (*known, value)
    return found


def _files() -> Iterator[str]:
    for folder in sys.path:
        try:
            names = os.listdir(folder or ".")
        except OSError:  # a zip archive, or nothing at all: no plugin is installed there
            continue
        for name in names:
            if name.endswith((".dist-info", ".egg-info")):
                yield os.path.realpath(os.path.join(folder or ".", name, "entry_points.txt"))


def _section(file: str, group: str) -> Iterator[tuple[str, str]]:
    inside = False
    for line in _lines(file):
        if line.startswith("["):
            inside = line == f"[{group}]"
        elif inside and "=" in line:
            name, _, value = line.partition("=")
            yield name.strip(), value.partition("[")[0].strip()


def _lines(file: str) -> list[str]:
    try:
        with open(file, encoding="utf-8") as text:
            return [line.strip() for line in text if line.strip() and not line.startswith("#")]
    except OSError:  # most distributions declare none
        return []
