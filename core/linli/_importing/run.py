"""Files come in: read, understood, cleaned, and taken into the record a chunk at a time."""

import hashlib
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import UUID, uuid5

import attrs

from linli._base.errors import NotAllowed, Refused
from linli._base.i18n import Several, Text, listed, say
from linli._base.refusals import Missing, NotFoundHere, Refusal
from linli._config.importing import ImportSettings
from linli._hooks.importers import Importer
from linli._importing.maps import (
    Guess,
    file_mapping,
    for_kind,
    guessed,
    importer_of,
    kinds_by_map,
    map_for,
    named_map,
    probe,
)
from linli._importing.report import Report, SheetReport
from linli._importing.taking import ErrorWriter, Progress, Reader, SheetImport, Source
from linli._model.access import Actor
from linli._model.sheets import ChangedSince, FileMapping, RowProblem, Table

if TYPE_CHECKING:
    from linli._engine.opened import OpenDistrict

_NAMESPACE: Final = UUID("a7a3a0e6-8c5f-5c0e-9ad5-9a1b6f1f2f55")
_BLOCK: Final = 1 << 20


class NoReader(
    NotFoundHere,
    says="{file}: no enabled plugin reads such a file; readable are: {known} (the plugin 'tabular' reads spreadsheets)",
):
    file: Path
    known: Several


class HeadingsTellNothing(
    Missing, says="{file}: its headings do not tell what it is; say so with --kind ({kinds}), or give a map"
):
    file: Path
    kinds: Several
    field: str = "kind"


class ColumnsLacking(
    Refusal, says="{file}: it looks like {kind}, but has no column {names}; name one so, or give a map"
):
    file: Path
    kind: str
    names: str


class Importing:
    """Takes files into the record of one district."""

    def __init__(self, district: "OpenDistrict") -> None:
        self._district = district
        declarations = district.rules.plugins.declarations.values()
        self.importers: dict[str, Importer] = {i.kind: i for m in declarations for i in m.importers}
        self._readers: dict[str, Reader] = {
            end: r for m in declarations for end, r in m.table_readers.items()
        }
        self._error_writers: dict[str, ErrorWriter] = {
            end: w for m in declarations for end, w in m.problem_writers.items()
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
        error_files: bool = True,
        only_try: bool = False,
    ) -> Report:
        """Take files into the record. What is in it already stays as it is, however often a file comes.

        Bad rows are skipped and reported, and written into a file beside the one they come from
        ("members-errors.xlsx") that can be put right and imported. Who was interrupted imports again.

        Args:
            kind: what the rows are; None: as the map says, or guessed by the headings of each sheet.
            map: a name under [import.maps], or a TOML file of the same form.
            progress: called with the number of rows done since it was last called.
            error_files: whether bad rows are written into files; they are reported in any case.
            only_try: only say what would become of the files, one after another; nothing is written.

        Raises: NotAllowed, StoreError and the like; what was stored before stays.
        """
        if only_try:
            with self._district.trial() as there:
                tried = Importing(there).run(
                    paths, kind=kind, map=map, progress=progress, actor=actor, error_files=False
                )
            return attrs.evolve(tried, acts=[])
        report = Report()
        for path in list(dict.fromkeys(Path(path) for path in paths)):
            try:
                source = self._source(path, kind, map)
                bad = self._take_file(source, report, progress or _ignore, actor)
                if bad and error_files:
                    self._write_errors(source, report, *bad)
            except NotAllowed:
                raise
            except Refused as refusal:
                report.failures.append((str(path), refusal.text))
        return report

    # --- understanding a file -------------------------------------------------------------------------

    def _source(self, path: Path, kind: str | None, map: str | None) -> Source:
        reader = self._reader(path)
        named = named_map(self.settings, map) if map else map_for(self.settings, path)
        mapping = file_mapping(named, self._district.rules.zone)
        known: Mapping[str | None, tuple[str, ...]]
        if kind:
            known = {None: (kind,)}
        elif named:
            known = kinds_by_map(named, self.importers)
        else:
            known = self._guessed(path, reader, mapping)
        for one in itertools.chain(*known.values()):
            importer_of(self.importers, one)
        return Source(
            path=path,
            reader=reader,
            mapping=mapping,
            named=named,
            kinds=known,
            run=self._run_of(path),
            how="said" if kind else "mapped" if named else "guessed",
        )

    def _reader(self, path: Path) -> Reader:
        reader = self._readers.get(path.suffix.lower())
        if reader is None:
            known = listed(sorted(self._readers))
            raise Refused(NoReader(file=path, known=known))
        return reader

    def _guessed(self, path: Path, reader: Reader, mapping: FileMapping) -> dict[str | None, tuple[str, ...]]:
        kinds: dict[str | None, tuple[str, ...]] = {}
        nearly: Guess | None = None
        for table in reader(path, probe(self.importers), mapping):
            guess = None if table.skipped else guessed(table, self.importers, mapping)
            if guess is not None and not guess.missing:
                kinds[table.sheet] = (guess.kind,)
            nearly = nearly or guess
        if not kinds:
            raise Refused(self._unguessed(path, nearly))
        return kinds

    def _unguessed(self, path: Path, nearly: Guess | None) -> Refusal:
        if nearly is None:
            return HeadingsTellNothing(file=path, kinds=listed(self.importers))
        return ColumnsLacking(
            file=path, kind=nearly.kind, names="、".join(column.headings[0] for column in nearly.missing)
        )

    def _run_of(self, path: Path) -> UUID:
        digest = hashlib.sha256()
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
        return uuid5(_NAMESPACE, f"{self._district.code} {digest.hexdigest()}")

    # --- taking it ------------------------------------------------------------------------------------

    def _take_file(
        self, source: Source, report: Report, progress: Progress, actor: Actor | None
    ) -> tuple[list[RowProblem], list[Table]] | None:
        """Take every sheet; what is wrong with bad rows, and these, where there are any."""
        problems, left_out = len(report.problems), len(report.left_out)
        bad: list[Table] = []
        root = self._district.register.root()
        for kind, table in self._tables(source):
            sheet = SheetReport(
                file=table.file,
                sheet=table.sheet,
                kind=kind,
                label=self.importers[kind].label if kind else "-",
                matches=table.matches,
                how=source.how,
                remarks=table.remarks,
                heading_row=table.heading_row,
            )
            report.sheets.append(sheet)
            sheet.passed_over = _unreadable(table, source, kind)
            if kind is not None and sheet.passed_over is None:
                taking = SheetImport(
                    self._district, self.importers[kind], source, table, sheet, report, root, actor
                )
                taking.all(self.settings, progress)
                bad.append(attrs.evolve(table, rows=taking.to_put_right))
        wrong = [*report.problems[problems:], *report.left_out[left_out:]]
        return (wrong, bad) if wrong else None

    def _tables(self, source: Source) -> Iterator[tuple[str | None, Table]]:
        """The sheets of a file, each read as what it is; those that are nothing come once."""
        kinds = list(dict.fromkeys(itertools.chain(*source.kinds.values())))
        for place, kind in enumerate(kinds):
            mapping = for_kind(source.mapping, kind, kinds, self.importers)
            for table in source.reader(source.path, self.importers[kind].columns, mapping):
                own = source.kinds_of(table.sheet)
                if kind in own or (not own and place == 0):
                    yield kind if own else None, table

    def _write_errors(
        self, source: Source, report: Report, problems: Sequence[RowProblem], bad: Sequence[Table]
    ) -> None:
        writer = self._error_writers.get(".xlsx")
        if writer is None:
            return
        for number in itertools.count(1):
            # By the whole name: my.csv and my.xlsx do not share one.
            again = f"-{number}" if number > 1 else ""
            target = source.path.with_name(f"{source.path.name}-errors{again}.xlsx")
            try:
                writer(target, problems, bad)
            except ChangedSince:
                report.kept_files.append(target)
            else:
                report.error_files.append(target)
                return


def _unreadable(table: Table, source: Source, kind: str | None) -> Text | None:
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
