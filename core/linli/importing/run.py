"""Files come in: read, understood, cleaned, and taken into the record a chunk at a time."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID, uuid5

import attrs

from linli.access import Actor
from linli.acts import new_id
from linli.engine.orders import Plain, Yield
from linli.errors import NotAllowed, Refused
from linli.facts import Facts
from linli.i18n import Text, say
from linli.importing.cleaning import clean, clean_row
from linli.importing.importer import Batch, Importer, Line
from linli.importing.maps import (
    Guess,
    NamedMap,
    file_mapping,
    guessed,
    importer_of,
    map_for,
    named_map,
    probe,
)
from linli.importing.report import Report, SheetReport
from linli.importing.settings import ImportSettings
from linli.importing.shapes import Cell, Column, FileMapping, Row, RowProblem, Table
from linli.register.base import AlreadySo

if TYPE_CHECKING:
    from linli.district import District

_NAMESPACE: Final = UUID("a7a3a0e6-8c5f-5c0e-9ad5-9a1b6f1f2f55")
_BLOCK: Final = 1 << 20
Reader = Callable[[Path, Sequence[Column], FileMapping], Iterable[Table]]
ErrorWriter = Callable[[Path, Iterable[RowProblem], Iterable[Table]], int]
Progress = Callable[[int], Any]


@attrs.frozen(kw_only=True)
class _Source:
    """A file and how it is read.

    Attributes:
        kinds: by sheet, what its rows are; None as the key: every sheet.
        run: the number of the import of exactly this file.
    """

    path: Path
    reader: Reader
    mapping: FileMapping
    named: NamedMap | None
    kinds: Mapping[str | None, str]
    run: UUID

    def kind_of(self, sheet: str) -> str | None:
        return self.kinds.get(None) or self.kinds.get(sheet)


class Importing:
    """Takes files into the record of one district."""

    def __init__(self, district: "District") -> None:
        self._district = district
        manifests = district.rules.plugins.manifests.values()
        self.importers: dict[str, Importer] = {i.kind: i for m in manifests for i in m.importers}
        self._readers: dict[str, Reader] = {end: r for m in manifests for end, r in m.readers.items()}
        self._error_writers: dict[str, ErrorWriter] = {
            end: w for m in manifests for end, w in m.error_writers.items()
        }
        self.settings = district.configuration.section(ImportSettings)

    def run(
        self,
        paths: Iterable[Path | str],
        *,
        kind: str | None = None,
        map: str | None = None,
        progress: Progress | None = None,
        actor: Actor | None = None,
    ) -> Report:
        """Take files into the record. What is in it already stays as it is, however often a file comes.

        Bad rows are skipped and reported, and written into a file beside the one they come from
        ("members-errors.xlsx") that can be put right and imported. Who was interrupted imports again.

        Args:
            kind: what the rows are; None: as the map says, or guessed by the headings of each sheet.
            map: a name under [import.maps], or a TOML file of the same form.
            progress: called with the number of rows done since it was last called.

        Raises: NotAllowed, StoreError and the like; what was stored before stays.
        """
        report = Report()
        for path in list(dict.fromkeys(Path(path) for path in paths)):
            try:
                source = self._source(path, kind, map)
                self._take_file(source, report, progress or _ignore, actor)
            except NotAllowed:
                raise
            except Refused as refusal:
                report.failures.append((str(path), refusal.text))
        return report

    # --- understanding a file -------------------------------------------------------------------------

    def _source(self, path: Path, kind: str | None, map: str | None) -> _Source:
        reader = self._reader(path)
        named = named_map(self.settings, map) if map else map_for(self.settings, path)
        mapping = file_mapping(named, self._district.rules.zone)
        if named or kind:
            known: Mapping[str | None, str] = {None: kind or (named.settings.kind if named else "")}
        else:
            known = self._guessed(path, reader, mapping)
        for one in known.values():
            importer_of(self.importers, one)
        return _Source(
            path=path, reader=reader, mapping=mapping, named=named, kinds=known, run=self._run_of(path)
        )

    def _reader(self, path: Path) -> Reader:
        reader = self._readers.get(path.suffix.lower())
        if reader is None:
            known = ", ".join(sorted(self._readers)) or "-"
            raise Refused(
                say(
                    "{file}: no enabled plugin reads such a file; readable are: {known}"
                    " (the plugin 'tabular' reads spreadsheets)",
                    file=path,
                    known=known,
                )
            )
        return reader

    def _guessed(self, path: Path, reader: Reader, mapping: FileMapping) -> dict[str | None, str]:
        kinds: dict[str | None, str] = {}
        nearly: Guess | None = None
        for table in reader(path, probe(self.importers), mapping):
            guess = None if table.skipped else guessed(table, self.importers, mapping)
            if guess is not None and not guess.missing:
                kinds[table.sheet] = guess.kind
            nearly = nearly or guess
        if not kinds:
            raise Refused(self._unguessed(path, nearly))
        return kinds

    def _unguessed(self, path: Path, nearly: Guess | None) -> Text:
        if nearly is None:
            return say(
                "{file}: its headings do not tell what it is; say so with --kind ({kinds}), or give a map",
                file=path,
                kinds=", ".join(self.importers),
            )
        return say(
            "{file}: it looks like {kind}, but has no column {names}; name one so, or give a map",
            file=path,
            kind=nearly.kind,
            names="、".join(column.headings[0] for column in nearly.missing),
        )

    def _run_of(self, path: Path) -> UUID:
        digest = hashlib.sha256()
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
        return uuid5(_NAMESPACE, f"{self._district.code} {digest.hexdigest()}")

    # --- taking it ------------------------------------------------------------------------------------

    def _take_file(self, source: _Source, report: Report, progress: Progress, actor: Actor | None) -> None:
        before = len(report.problems)
        bad: list[Table] = []
        root = self._district.register.root()
        for kind, table in self._tables(source):
            sheet = SheetReport(file=table.file, sheet=table.sheet, kind=kind, matches=table.matches)
            report.sheets.append(sheet)
            sheet.passed_over = _unreadable(table, source, kind)
            if kind is not None and sheet.passed_over is None:
                taking = _Taking(
                    self._district, self.importers[kind], source, table, sheet, report, root, actor
                )
                taking.all(self.settings, progress)
                bad.append(attrs.evolve(table, rows=taking.bad))
        if report.problems[before:]:
            self._write_errors(source, report, report.problems[before:], bad)

    def _tables(self, source: _Source) -> Iterator[tuple[str | None, Table]]:
        """The sheets of a file, each read as what it is; those that are nothing come once."""
        kinds = list(dict.fromkeys(source.kinds.values()))
        for place, kind in enumerate(kinds):
            for table in source.reader(source.path, self.importers[kind].columns, source.mapping):
                own = source.kind_of(table.sheet)
                if own == kind or (own is None and place == 0):
                    yield own, table

    def _write_errors(
        self, source: _Source, report: Report, problems: Sequence[RowProblem], bad: Sequence[Table]
    ) -> None:
        writer = self._error_writers.get(".xlsx")
        if writer is None:
            return
        target = source.path.with_name(f"{source.path.stem}-errors.xlsx")
        writer(target, problems, bad)
        report.error_files.append(target)


class _Taking:
    """One sheet on its way into the record."""

    def __init__(
        self,
        district: "District",
        importer: Importer,
        source: _Source,
        table: Table,
        sheet: SheetReport,
        report: Report,
        root: UUID,
        actor: Actor | None,
    ) -> None:
        self._district, self._importer, self._source, self._table = district, importer, source, table
        self._sheet, self._report, self._root, self._actor = sheet, report, root, actor
        self._fixed = _fixed(importer, table, source)
        led_to = {match.column for match in table.matches}
        self._columns = tuple(column for column in importer.columns if column.name in led_to)
        self.bad: list[Row] = []

    def all(self, settings: ImportSettings, progress: Progress) -> None:
        """Take every row, a chunk at a time."""
        lines: list[Line] = []
        seen = 0
        for row in self._table.rows:
            seen += 1
            lines.extend(self._cleaned(row))
            if len(lines) >= settings.chunk:
                self._chunk(lines, settings)
                progress(seen)
                lines, seen = [], 0
        if lines:
            self._chunk(lines, settings)
        progress(seen)

    def _cleaned(self, row: Row) -> Iterator[Line]:
        values, problems = clean_row(row, self._table, self._columns, self._source.mapping)
        if problems:
            self._sheet.skipped += 1
            self._report.problems.extend(problems)
            self.bad.append(row)
        else:
            yield Line(row=row, values=values | self._fixed if self._fixed else values)

    def _chunk(self, lines: Sequence[Line], settings: ImportSettings) -> None:
        ident = new_id()
        batches: list[Batch] = []

        def work(facts: Facts) -> Yield:
            batch = self._batch(facts, settings, ident)
            batches.append(batch)
            self._importer.load(lines, batch)
            if not batch.writes:
                raise AlreadySo
            return self._done(lines, batch)

        order = Plain(
            verb=f"import.{self._importer.kind}",
            kind="import",
            subject=self._source.run,
            place=self._root,
            work=work,
        )
        with suppress(AlreadySo):
            self._district.perform(order, actor=self._actor, key=ident)
            self._report.acts.append(ident)
        self._told(batches[-1])
        for later in batches[-1].later:
            with suppress(AlreadySo):
                self._report.acts.append(self._district.perform(later, actor=self._actor).id)

    def _batch(self, facts: Facts, settings: ImportSettings, act: UUID) -> Batch:
        return Batch(
            facts=facts,
            rules=self._district.rules,
            settings=settings,
            act=act,
            root=self._root,
            source=self._source.named.source if self._source.named else self._importer.kind,
            table=self._table,
            columns=self._importer.by_name,
        )

    def _done(self, lines: Sequence[Line], batch: Batch) -> Yield:
        digest = hashlib.sha256(b"".join(ident.bytes for ident in batch.ids)).hexdigest()
        body = {
            "rows": [lines[0].row.number, lines[-1].row.number],
            "registered": batch.registered,
            "updated": batch.updated,
            "digest": digest,
        }
        return Yield(body=body, writes=tuple(batch.writes), counts=batch.tally.cells())

    def _told(self, batch: Batch) -> None:
        sheet = self._sheet
        sheet.registered += batch.registered
        sheet.updated += batch.updated
        sheet.unchanged += batch.unchanged
        sheet.skipped += len(batch.bad)
        self.bad.extend(batch.bad)
        self._report.problems.extend(batch.problems)
        self._report.notices.extend(batch.notices)


def _fixed(importer: Importer, table: Table, source: _Source) -> dict[str, object]:
    """The values that the map gives to all rows of a column that the file lacks."""
    given = source.named.settings.fixed if source.named else {}
    strangers = [name for name in given if name not in importer.by_name]
    if strangers:
        raise Refused(
            say(
                "the map fixes {name}, which is no column of {kind}; there are: {known}",
                name=strangers[0],
                kind=importer.kind,
                known=", ".join(importer.by_name),
            )
        )
    led_to = {match.column for match in table.matches}
    return {
        name: clean(importer.by_name[name], Cell(value=text), source.mapping)
        for name, text in given.items()
        if name not in led_to
    }


def _unreadable(table: Table, source: _Source, kind: str | None) -> Text | None:
    """Why nothing can be read from a sheet; None where it can."""
    if table.skipped is not None:
        return table.skipped
    if kind is None:
        return say("its headings do not tell what it is")
    fixed = source.named.settings.fixed if source.named else {}
    missing = [column.headings[0] for column in table.missing if column.name not in fixed]
    if not missing:
        return None
    return say(
        "it has no column {names}; name it so, or map it with [import.maps] or --map",
        names="、".join(missing),
    )


def _ignore(_done: int) -> None:
    return None
