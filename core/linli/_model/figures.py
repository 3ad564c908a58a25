"""Figures: roll-ups that each act adds to, and the registry that plugins add theirs to."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

import attrs

from linli._base.i18n import Text
from linli._store import Write
from linli._store import tables as t
from linli._store.statements import upsert_into

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection

    from linli._model.acts import Act
    from linli._model.facts import Facts
    from linli._model.queries import Query
    from linli._model.subjects import StoredSubject

S = TypeVar("S")


@attrs.frozen(kw_only=True, slots=False)
class Count:
    """What one act adds to a figure.

    Attributes:
        n: how many; negative takes back.
        total: what is summed beside it, in the figure's own unit (seconds, pieces).
        at: the moment whose day it counts on; None: that of the act.
        place: where; None: the act's place.
        when: whether it counts, by the district's settings; None: it does.
    """

    n: int = 1
    total: int = 0
    at: datetime | None = None
    place: UUID | None = None
    when: "Callable[[Facts], bool] | None" = None


Amount = float | int | None
Counts = Callable[["Act", "StoredSubject | None", "StoredSubject | None"], Iterable[Count]]


def once(act: "Act", before: "StoredSubject | None", after: "StoredSubject | None") -> Iterable[Count]:
    """Count the act as one."""
    yield Count()


def back(act: "Act", before: "StoredSubject | None", after: "StoredSubject | None") -> Iterable[Count]:
    """Take one back."""
    yield Count(n=-1)


@attrs.frozen(kw_only=True)
class Cells:
    """What is in a figure's cells: within the period and, for a stock, up to its end.

    Attributes:
        n_so_far, total_so_far: since the record began; 0 where only flow figures read it.
    """

    n: int = 0
    total: int = 0
    n_so_far: int = 0
    total_so_far: int = 0


@attrs.frozen(kw_only=True)
class BriefQuestion:
    """What a figure that asks the store itself is asked for.

    Attributes:
        connection: to read with.
        place: the brief's; None: the whole district.
        since: the beginning of the period.
        until: its end, itself not included.
        as_of: the moment that a stock is of: the period's end, or now where that is sooner.
    """

    connection: "Connection"
    district: str
    place: UUID | None
    since: datetime
    until: datetime
    as_of: datetime
    _within: Callable[["ColumnElement[UUID]"], "ColumnElement[bool]"]
    _counted: Callable[["ColumnElement[UUID]"], "ColumnElement[bool]"]
    _facts: "Facts"
    _counted_places: Callable[[], frozenset[UUID]]
    _settings: Mapping[type, object] = attrs.field(factory=dict)

    def get(self, query: "Query[S]") -> S:
        """The answer to a typed question (`linli.query`), which the figures of a brief ask once."""
        return self._facts.get(query)

    def counted_places(self) -> frozenset[UUID]:
        """The places such that what is counted under one of them is counted here: a compound alone is itself."""
        return self._counted_places()

    def settings(self, kind: type[S]) -> S:
        """The district's settings of this class."""
        found = self._settings[kind]
        assert isinstance(found, kind)
        return found

    def here(self, place: "ColumnElement[UUID]") -> "ColumnElement[bool]":
        """The condition that a column's place is the brief's or below it."""
        return self._within(place)

    def counted_here(self, compound: "ColumnElement[UUID]") -> "ColumnElement[bool]":
        """The condition that what is counted under a column's place is counted here."""
        return self._counted(compound)


@attrs.frozen(kw_only=True)
class Counted:
    """A line of what stands behind a figure.

    Attributes:
        what: the verb of an act, or what the subject is.
        n: how many it is in the figure; negative takes back.
        amount: what it adds to a figure that is no count, in the figure's unit; None: `n`.
        note: what else there is to know of it.
    """

    at: datetime
    what: str
    subject: UUID
    place: UUID | None = None
    n: int = 1
    amount: Amount = None
    note: Text | None = None


def needs_facts(rule: Counts) -> bool:
    """Whether a rule is asked with the facts of the act: one of a move of a class is."""
    return hasattr(rule, "with_facts")


def counts_by(
    rule: Counts,
    act: "Act",
    before: "StoredSubject | None",
    after: "StoredSubject | None",
    facts: "Facts | None",
) -> "Iterable[Count]":
    """What a rule counts of an act. Args: facts: of the act; None will do for a rule that needs none."""
    if needs_facts(rule):
        return rule(act, before, after, facts)  # type: ignore[call-arg]
    return rule(act, before, after)


def _by_verb(on: Any) -> Mapping[str, Counts]:
    if isinstance(on, Mapping):
        return {act if isinstance(act, str) else act.code: rule for act, rule in on.items()}
    from linli._model.moves import Counting
    from linli._model.running import counting_by

    counted = [(one.move, counting_by(one)) if isinstance(one, Counting) else (one, once) for one in on]
    return {move.code: rule for move, rule in counted}


@attrs.frozen(kw_only=True)
class Figure:
    """A number of the brief.

    Attributes:
        name: under the plugin's own prefix: "requests.closed".
        help: what is counted, in a sentence.
        label: what the brief calls it, in a few words; empty: `help`.
        unit: "", "hours", "pieces".
        share: a part of a whole, from 0 to 1: people read it in percent.
        mean: a mean. How many were entered afterwards stands beside every mean and share; see `linli._figures.afterwards`.
        on: what adds to it: moves of workflows that are classes, each once, or as `move.count(..)` and `move.minus()`
            say; or by verb, (act, subject before, subject after) -> counts.
        stock: as of the end of the period; else what happened within it.
        uses: the figures that it is computed from.
        of: of a mean or share, the figures that count what it is of, where those are not all of `uses`.
        derived: computed from the cells of the figures in `uses`, instead of counted.
        query: asked of the store itself, instead of counted: for what no sum can say, such as the
            oldest. It must go by an index, however long the history is.
        items: what stands behind it, one by one; None: the acts that count.
        shown_with: figures that are shown with it wherever it is shown, since it misleads alone.
        shown: whether the brief has it; else it only serves derived ones.
    """

    name: str
    help: str
    label: str = ""
    unit: str = ""
    share: bool = False
    mean: bool = False
    stock: bool = False
    on: Mapping[str, Counts] = attrs.field(factory=dict, converter=_by_verb)
    uses: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    derived: Callable[[Mapping[str, Cells]], Amount] | None = None
    query: Callable[[BriefQuestion], Amount] | None = None
    items: Callable[[BriefQuestion], Iterable[Counted]] | None = None
    shown_with: tuple[str, ...] = ()
    shown: bool = True

    @property
    def heading(self) -> str:
        """What the brief has it under, in English, to be translated: "Owners vote"."""
        return heading(self.name)


def heading(name: str) -> str:
    """The heading of a figure's name; as a heading it is another word than as a unit or in a sentence."""
    return name.partition(".")[0].replace("_", " ").capitalize()


def worded(figure: Figure, amount: Amount) -> str:
    """An amount as people read it, without its unit: "1,204", "7.6", "86.4%"; "-" where there is none."""
    if amount is None:
        return "-"
    if figure.share:
        return f"{amount:.1%}"
    return f"{amount:,}" if isinstance(amount, int) else f"{amount:,.1f}"


@attrs.frozen(kw_only=True, slots=False)
class Cell:
    """Where a count is kept: a figure, a compound (or a place above compounds), a day."""

    figure: str
    place: UUID
    day: date


ADDS = "adds"
"""Under what an act's body has what it adds to figures; it is not there in acts recorded before linli kept it."""


@attrs.frozen(kw_only=True)
class Added:
    """What an act has added to a cell of a figure.

    Attributes:
        place: None: where the act is.
    """

    figure: str
    n: int
    total: int
    day: date
    place: UUID | None


def added(act: "Act", today: date) -> Iterator[Added]:
    """What an act keeps of what it added. Args: today: the day of the act, in the district's zone."""
    for figure, cells in act.body.get(ADDS, {}).items():
        for cell in cells:
            yield Added(
                figure=figure,
                n=cell["n"],
                total=cell.get("total", 0),
                day=date.fromisoformat(cell["on"]) if "on" in cell else today,
                place=UUID(cell["at"]) if "at" in cell else None,
            )


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

    def cells(self) -> tuple[tuple[Cell, int, int], ...]:
        """What was added to each cell."""
        return tuple((cell, n, total) for cell, (n, total) in self._sums.items())

    def kept(self, here: UUID | None, today: date) -> dict[str, list[dict[str, Any]]]:
        """It as an act keeps it: by figure, `n` and `total`, and the place (`at`) and day (`on`) where these are others.

        Args:
            here: the compound of the act, or the place above compounds.
            today: the day of the act.
        """
        found: dict[str, list[dict[str, Any]]] = {}
        for cell, (n, total) in self._sums.items():
            more = {"total": total, "at": cell.place.hex, "on": cell.day.isoformat()}
            usual = {"total": 0, "at": here and here.hex, "on": today.isoformat()}
            one = {"n": n} | {key: value for key, value in more.items() if value != usual[key]}
            found.setdefault(cell.figure, []).append(one)
        return found

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
