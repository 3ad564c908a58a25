"""What a chunk of a file's rows becomes on its way into the record."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import tzinfo
from typing import TYPE_CHECKING, Any
from uuid import UUID

import attrs

from linli._base.errors import LinliError, Refused
from linli._base.i18n import Text
from linli._engine.orders import Order
from linli._engine.rules import Rules
from linli._importing.cleaning import problem_of
from linli._model.facts import Facts
from linli._model.figures import Tally
from linli._model.sheets import Column, Row, RowProblem, Table
from linli._store import Write

if TYPE_CHECKING:
    from linli._config.importing import ImportSettings


@attrs.frozen(kw_only=True)
class Line:
    """A good row: as it stood in the file, and its values by column name, of the types of their kinds.

    Attributes:
        unread: by column, why a bad cell was left out.
    """

    row: Row
    values: Mapping[str, Any] = attrs.field(repr=False)
    unread: Mapping[str, RowProblem] = attrs.field(factory=dict, repr=False)

    def text(self, name: str) -> str | None:
        """A value that is text; None where there is none."""
        value = self.values.get(name)
        return None if value is None else str(value)


class BadLine(Refused):
    """A row cannot be taken, because of one of its columns. It is told to whoever has the file, so it has no code."""

    def __init__(self, column: str, text: Text) -> None:
        LinliError.__init__(self, text)
        self.column = column


@attrs.define(kw_only=True, eq=False)
class Batch:
    """One chunk of rows on its way into the record, within one transaction.

    An importer reads through `facts`, and gathers here what is to be written; nothing of it is
    kept when the transaction is tried again.

    Attributes:
        act: the number that the chunk's act will have.
        root: the place that the district is.
        zone: the zone of the file's clock.
        run: the number of the import of exactly this file, which its acts are on.
        source: whose rows these are, beside their own numbers: the name of the map, or the kind.
        registered, updated, unchanged: rows, by what became of them.
        ids: what was registered or changed; the journal keeps a digest of it.
        notices: what is to be looked at of rows that were taken.
        bad: the rows that were skipped, `problems` saying why.
        left_out: cells that were left out of rows that were taken, and why.
        told: how many rows were taken as what: "closed", "withdrawn".
        unknown: words of a status that mean nothing to linli, and how often they stand there.
        orders: what is to be done besides, by the rules and with the rights of every order; see `order`.
    """

    facts: Facts
    rules: Rules
    settings: "ImportSettings"
    act: UUID
    root: UUID
    run: UUID
    source: str
    table: Table
    columns: Mapping[str, Column]
    zone: tzinfo
    registered: int = 0
    updated: int = 0
    unchanged: int = 0
    writes: list[Write] = attrs.field(factory=list)
    ids: list[UUID] = attrs.field(factory=list)
    tally: Tally = attrs.field(factory=Tally)
    orders: list[tuple[Order, Line | None]] = attrs.field(factory=list)
    problems: list[RowProblem] = attrs.field(factory=list)
    notices: list[RowProblem] = attrs.field(factory=list)
    bad: list[Row] = attrs.field(factory=list)
    left_out: list[RowProblem] = attrs.field(factory=list)
    incomplete: list[Row] = attrs.field(factory=list)
    told: Counter[str] = attrs.field(factory=Counter)
    unknown: Counter[str] = attrs.field(factory=Counter)

    def leave_out(self, line: Line, column: str, what: Text) -> None:
        """Report a cell that is not taken, of a row that is."""
        problem = problem_of(line.row, self.table, self.columns[column], what)
        self.left_out.append(attrs.evolve(problem, costs_row=False))
        self.incomplete.append(line.row)

    def taken_without(self, lines: Iterable[Line]) -> None:
        """Report the bad cells of those rows that were taken all the same."""
        refused = {row.number for row in self.bad}
        for line in lines:
            if line.unread and line.row.number not in refused:
                self.left_out.extend(line.unread.values())
                self.incomplete.append(line.row)

    def notice(self, line: Line, what: Text, column: str = "") -> None:
        """Report something about a row that was taken all the same, or about a cell of it."""
        row = line.row
        if column in self.columns:
            problem = problem_of(row, self.table, self.columns[column], what)
            self.notices.append(attrs.evolve(problem, value=""))  # it may be anybody's name
        else:
            self.notices.append(RowProblem(file=row.file, sheet=row.sheet, row=row.number, what=what))

    def refuse(self, line: Line, refusal: Refused, column: str = "") -> None:
        """Skip a row, and report why."""
        name = getattr(refusal, "column", column)
        if name in self.columns:
            problem = problem_of(line.row, self.table, self.columns[name], refusal.text)
        else:
            row = line.row
            problem = RowProblem(file=row.file, sheet=row.sheet, row=row.number, what=refusal.text)
        self.problems.append(problem)
        self.bad.append(line.row)

    def order(self, order: Order, line: Line | None = None) -> None:
        """Let something be done after what this chunk writes, in one transaction with it.

        Where it is refused, the row is skipped with that reason, and the rest of the chunk is taken without it.
        """
        self.orders.append((order, line))

    def took(self, ident: UUID, *, new: bool, changed: bool) -> None:
        """Count a row that was taken."""
        if new:
            self.registered += 1
        elif changed:
            self.updated += 1
        else:
            self.unchanged += 1
            return
        self.ids.append(ident)

    def write(self, writes: Iterable[Write]) -> None:
        """Change the record with this chunk."""
        self.writes.extend(writes)
