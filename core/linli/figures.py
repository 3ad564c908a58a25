"""Figures: roll-ups that each act adds to, and the registry that plugins add theirs to."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

import attrs

from linli.store import Write
from linli.store import tables as t
from linli.store.statements import upsert_into

if TYPE_CHECKING:
    from linli.acts import Act
    from linli.subjects import Subject


@attrs.frozen(kw_only=True)
class Count:
    """What one act adds to a figure.

    Attributes:
        n: how many; negative takes back.
        total: what is summed beside it, in the figure's own unit (seconds, pieces).
        at: the moment whose day it counts on; None: that of the act.
        place: where; None: the act's place.
    """

    n: int = 1
    total: int = 0
    at: datetime | None = None
    place: UUID | None = None


Counts = Callable[["Act", "Subject | None", "Subject | None"], Iterable[Count]]


def once(act: "Act", before: "Subject | None", after: "Subject | None") -> Iterable[Count]:
    """Count the act as one."""
    yield Count()


def back(act: "Act", before: "Subject | None", after: "Subject | None") -> Iterable[Count]:
    """Take one back."""
    yield Count(n=-1)


@attrs.frozen(kw_only=True)
class Cells:
    """What is in a figure's cells: within the period and up to its end."""

    n: int = 0
    total: int = 0
    n_so_far: int = 0
    total_so_far: int = 0


@attrs.frozen(kw_only=True)
class Figure:
    """A number of the brief.

    Attributes:
        name: under the plugin's own prefix: "requests.closed".
        help: what is counted, in a sentence.
        unit: "", "hours", "pieces".
        on: by verb, what an act adds: (act, subject before, subject after) -> counts.
        stock: as of the end of the period; else what happened within it.
        derived: computed from the cells of the figures in `uses`, instead of counted.
        shown: whether the brief has it; else it only serves derived ones.
    """

    name: str
    help: str
    unit: str = ""
    stock: bool = False
    on: Mapping[str, Counts] = attrs.field(factory=dict)
    uses: tuple[str, ...] = ()
    derived: Callable[[Mapping[str, Cells]], float | int | None] | None = None
    shown: bool = True


@attrs.frozen(kw_only=True)
class Cell:
    """Where a count is kept: a figure, a compound (or a place above compounds), a day."""

    figure: str
    place: UUID
    day: date


_ADD = upsert_into(
    t.figure,
    keys=("district", "name", "place", "day"),
    change=lambda table, new: {"n": table.c.n + new.n, "total": table.c.total + new.total},
    rank=90,
)


class Tally:
    """The counts of one batch of acts, added up, to be written in the order of their keys."""

    def __init__(self) -> None:
        self._sums: dict[Cell, list[int]] = defaultdict(lambda: [0, 0])

    def add(self, cell: Cell, n: int, total: int = 0) -> None:
        """Add to a cell."""
        sums = self._sums[cell]
        sums[0] += n
        sums[1] += total

    def writes(self, district: str) -> list[Write]:
        """One upsert per cell that changed."""
        return [_add(district, cell, n, total) for cell, (n, total) in self._sums.items() if n or total]


def _add(district: str, cell: Cell, n: int, total: int) -> Write:
    values = {
        "district": district,
        "name": cell.figure,
        "place": cell.place,
        "day": cell.day,
        "n": n,
        "total": total,
    }
    return Write(_ADD, values, f"{cell.figure} {cell.place.hex} {cell.day}")
