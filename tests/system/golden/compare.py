"""What two canonical texts differ in: by table, row and column, and within what was spelled out by its path."""

from collections.abc import Iterable, Iterator
from typing import Any

import attrs

from golden.export import Row

NOTHING = "‹nothing›"
_SHOWN = 300


@attrs.frozen
class Difference:
    """One value that is not what it was.

    Attributes:
        table: the table; `row`: the row's name in it; `path`: its column, and the way to it within that; "" for a row.
        old: what was there; `new`: what is there now.
    """

    table: str
    row: str
    path: str
    old: Any
    new: Any

    def __str__(self) -> str:
        where = f"{self.table} | {self.row}" + (f" | {self.path}" if self.path else "")
        return f"{where}:\n    was {str(self.old)[:_SHOWN]}\n    is  {str(self.new)[:_SHOWN]}"


def differences(old: Iterable[Row], new: Iterable[Row]) -> Iterator[Difference]:
    """Every one, in the order of the old rows; then the rows that are new."""
    there = {(table, name): values for table, name, values in new}
    for table, name, values in old:
        now = there.pop((table, name), None)
        if now is None:
            yield Difference(table, name, "", values, NOTHING)
        else:
            yield from (Difference(table, name, *one) for one in _within("", values, now))
    for (table, name), values in there.items():
        yield Difference(table, name, "", NOTHING, values)


def _within(path: str, old: Any, new: Any) -> Iterator[tuple[str, Any, Any]]:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted(old.keys() | new.keys()):
            below = f"{path}.{key}" if path else key
            yield from _within(below, old.get(key, NOTHING), new.get(key, NOTHING))
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for number, (one, other) in enumerate(zip(old, new, strict=True)):
            yield from _within(f"{path}.{number}", one, other)
    elif old != new or type(old) is not type(new):
        yield path, old, new
