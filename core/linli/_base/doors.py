"""The doors: modules whose names are loaded when they are first used."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def lazily(door: str, where: Mapping[str, str]) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """The `__getattr__` and `__dir__` of a door.

    Args:
        door: its name.
        where: by module below `linli`, the names that it has, with blanks between; "module:name" for one that is called
            otherwise there.
    """
    known = {name: place for place, names in where.items() for name in names.split()}

    def load(name: str) -> Any:
        if name not in known:
            raise AttributeError(f"module {door!r} has no attribute {name!r}")
        module, _, other = known[name].partition(":")
        found = getattr(import_module(f"linli.{module}"), other or name)
        vars(import_module(door))[name] = found
        return found

    return load, lambda: sorted(known)
