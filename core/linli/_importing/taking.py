"""One sheet on its way into the record: cleaned, and taken a chunk at a time, each an act."""

import gc
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import attrs

from linli._base.errors import Conflict, Refused
from linli._base.i18n import Several, listed
from linli._base.refusals import NotFoundHere
from linli._config.importing import ImportSettings
from linli._engine.orders import AlreadySo
from linli._hooks.importers import Importer
from linli._importing.batches import Batch, Line
from linli._importing.cleaning import clean, clean_row, shown
from linli._importing.maps import NamedMap
from linli._importing.report import Report, SheetReport
from linli._model.access import Actor
from linli._model.acts import new_id
from linli._model.direct import ActResult, DirectOrder
from linli._model.facts import Facts
from linli._model.sheets import Cell, Column, FileMapping, Row, RowProblem, Table

if TYPE_CHECKING:
    from linli._engine.opened import OpenDistrict

Reader = Callable[[Path, Sequence[Column], FileMapping], Iterable[Table]]
ErrorWriter = Callable[[Path, Iterable[RowProblem], Iterable[Table]], int]
Progress = Callable[[int], Any]


class _Without(Exception):
    """Some rows of a chunk cannot be taken; none of it is stored.

    Attributes:
        refused: by the row's number, the row and why.
    """

    def __init__(self, refused: dict[int, tuple[Line, Refused]]) -> None:
        super().__init__()
        self.refused = refused


# Rows among which the first value of a column is looked for.
_LOOKED_AT = 200


@attrs.frozen(kw_only=True)
class Source:
    """A file and how it is read.

    Attributes:
        kinds: by the name or pattern of a sheet, the kinds that its rows are; None as the key: every sheet.
        how: how they were found: "said", "mapped" or "guessed".
        run: the number of the import of exactly this file.
    """

    path: Path
    reader: Reader
    mapping: FileMapping
    named: NamedMap | None
    kinds: Mapping[str | None, tuple[str, ...]]
    run: UUID
    how: str = "guessed"

    def kinds_of(self, sheet: str) -> tuple[str, ...]:
        """What a sheet's rows are; nothing where its headings do not tell."""
        if sheet in self.kinds:
            return self.kinds[sheet]
        patterns = (kinds for name, kinds in self.kinds.items() if name and fnmatch(sheet, name))
        return next(patterns, self.kinds.get(None, ()))


class SheetImport:
    """One sheet on its way into the record."""

    def __init__(
        self,
        district: "OpenDistrict",
        importer: Importer,
        source: Source,
        table: Table,
        sheet: SheetReport,
        report: Report,
        root: UUID,
        actor: Actor | None,
    ) -> None:
        self._district, self._importer, self._source, self._table = district, importer, source, table
        self._sheet, self._report, self._root, self._actor = sheet, report, root, actor
        self._fixed = _fixed(importer, table, source)
        self._mapping = attrs.evolve(source.mapping, epoch=table.epoch, now=district.now())
        led_to = {match.column for match in table.matches}
        self._columns = tuple(column for column in importer.columns if column.name in led_to)
        sheet.columns = importer.columns
        self._problems: list[RowProblem] = []
        self._left_out: list[RowProblem] = []
        self.bad: list[Row] = []
        self.incomplete: list[Row] = []
        self._gives_orders = False

    def all(self, settings: ImportSettings, progress: Progress) -> None:
        """Take every row, a chunk at a time.

        While a chunk waits for the database, the next one is read and cleaned.
        """
        pending: list[tuple[Future[Batch], int]] = []

        def settle() -> None:
            for future, seen in pending:
                self._told(future.result())
                progress(seen)
            pending.clear()

        with _few_collections(), ThreadPoolExecutor(1) as clerk:
            try:
                for lines, seen in self._chunks(settings.chunk):
                    settle()
                    pending.append((clerk.submit(self._taken, lines, settings), seen))
            finally:
                settle()
        self._report.problems.extend(sorted(self._problems, key=_row_of))
        self._report.left_out.extend(sorted(self._left_out, key=_row_of))

    @property
    def to_put_right(self) -> list[Row]:
        """The rows that were skipped, or taken without a cell, in the file's order."""
        rows = {row.number: row for row in (*self.bad, *self.incomplete)}
        return [rows[number] for number in sorted(rows)]

    def _chunks(self, most: int) -> Iterator[tuple[list[Line], int]]:
        """Good rows, and how many rows were read for them."""
        lines: list[Line] = []
        seen = 0
        for row in self._table.rows:
            seen += 1
            lines.extend(self._cleaned(row))
            if len(lines) >= most:
                yield lines, seen
                lines, seen = [], 0
        if lines:
            yield lines, seen

    def _cleaned(self, row: Row) -> Iterator[Line]:
        self._look_at(row)
        values, problems = clean_row(row, self._table, self._columns, self._mapping)
        if any(problem.costs_row for problem in problems):
            self._sheet.skipped += 1
            self._problems.extend(problems)
            self.bad.append(row)
        else:
            unread = {problem.name: problem for problem in problems}
            yield Line(row=row, values=values | self._fixed if self._fixed else values, unread=unread)

    def _look_at(self, row: Row) -> None:
        """Keep the first value of each column, masked, for who has to see whether it is what it is taken for."""
        first = self._sheet.first
        if len(first) < len(self._columns) and row.number <= self._table.heading_row + _LOOKED_AT:
            for column in self._columns:
                if column.name not in first and row.value(column.name) is not None:
                    first[column.name] = shown(column, row.value(column.name))

    def _taken(self, lines: Sequence[Line], settings: ImportSettings) -> Batch:
        """Take a chunk, with what is to be done besides, in one transaction; without the rows that this refuses."""
        refused: dict[int, tuple[Line, Refused]] = {}
        while True:
            good = [line for line in lines if line.row.number not in refused]
            try:
                with self._together() as there:
                    batch, acts = self._acted(there, good, settings)
            except _Without as more:
                refused |= more.refused
                continue
            self._report.acts.extend(acts)
            for line, why in refused.values():
                batch.refuse(line, why, getattr(why, "field", ""))
            return batch

    def _together(self) -> "AbstractContextManager[OpenDistrict]":
        """The district, as one transaction where rows give orders: it takes a connection of its own."""
        return self._district.together() if self._gives_orders else nullcontext(self._district)

    def _acted(
        self, there: "OpenDistrict", lines: Sequence[Line], settings: ImportSettings
    ) -> tuple[Batch, list[UUID]]:
        """Take a chunk in an act of its own, none where it changes nothing, and carry out its orders.

        Raises: _Without with the rows whose orders were refused, or none where it must be one transaction.
        """
        ident = new_id()
        batches: list[Batch] = []

        def work(facts: Facts) -> ActResult:
            batch = self._batch(facts, settings, ident)
            batches.append(batch)
            self._importer.load(lines, batch)
            if batch.orders and not self._gives_orders:
                self._gives_orders = True
                raise _Without({})
            batch.taken_without(lines)
            if not batch.writes:
                raise AlreadySo
            return self._done(lines, batch)

        order = DirectOrder(
            act=self._importer.act,
            subject=self._source.run,
            place=self._root,
            work=work,
            says={"rows": [line.row.number for line in (*lines[:1], *lines[-1:])]},
        )
        acts: list[UUID] = []
        with suppress(AlreadySo):
            acts.append(there.perform(order, actor=self._actor, key=ident).id)
        refused: dict[int, tuple[Line, Refused]] = {}
        for more, line in batches[-1].orders:
            try:
                with suppress(AlreadySo):
                    acts.append(there.perform(more, actor=self._actor).id)
            except Refused as why:
                if line is None or isinstance(why, Conflict):
                    raise
                refused[line.row.number] = line, why
        if refused:
            raise _Without(refused)
        return batches[-1], acts

    def _batch(self, facts: Facts, settings: ImportSettings, act: UUID) -> Batch:
        return Batch(
            facts=facts,
            rules=self._district.rules,
            settings=settings,
            act=act,
            root=self._root,
            run=self._source.run,
            source=self._source.named.source if self._source.named else self._importer.kind,
            table=self._table,
            columns=self._importer.by_name,
            zone=self._mapping.zone,
        )

    def _done(self, lines: Sequence[Line], batch: Batch) -> ActResult:
        digest = hashlib.sha256(b"".join(ident.bytes for ident in batch.ids)).hexdigest()
        body = {
            "rows": [lines[0].row.number, lines[-1].row.number],
            "registered": batch.registered,
            "updated": batch.updated,
            "digest": digest,
        }
        return ActResult(body=body, writes=tuple(batch.writes), counts=batch.tally.cells())

    def _told(self, batch: Batch) -> None:
        sheet = self._sheet
        sheet.registered += batch.registered
        sheet.updated += batch.updated
        sheet.unchanged += batch.unchanged
        sheet.skipped += len(batch.bad)
        sheet.incomplete += len({row.number for row in batch.incomplete})
        sheet.told.update(batch.told)
        sheet.unknown.update(batch.unknown)
        self.bad.extend(batch.bad)
        self.incomplete.extend(batch.incomplete)
        self._problems.extend(batch.problems)
        self._left_out.extend(batch.left_out)
        self._report.notices.extend(batch.notices)


def _row_of(problem: RowProblem) -> int:
    return problem.row


@contextmanager
def _few_collections() -> Iterator[None]:
    """Let Python look for cycles once in a million new objects: a row makes dozens, and few in a cycle."""
    usual = gc.get_threshold()
    gc.set_threshold(1_000_000, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


class FixesNoColumn(
    NotFoundHere, says="the map fixes {name}, which is no column of {kind}; there are: {known}"
):
    name: str
    kind: str
    known: Several


def _fixed(importer: Importer, table: Table, source: Source) -> dict[str, object]:
    """The values that the map gives to all rows of a column that the file lacks."""
    given = source.named.settings.fixed if source.named else {}
    strangers = [name for name in given if name not in importer.by_name]
    if strangers:
        raise Refused(FixesNoColumn(name=strangers[0], kind=importer.kind, known=listed(importer.by_name)))
    led_to = {match.column for match in table.matches}
    return {
        name: clean(importer.by_name[name], Cell(value=text), source.mapping)
        for name, text in given.items()
        if name not in led_to
    }
