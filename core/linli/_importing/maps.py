"""Which map and which importer a file is read with, and how its mapping looks to a reader."""

from collections.abc import Collection, Mapping, Sequence
from fnmatch import fnmatch
from itertools import islice
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import attrs

from linli._base.errors import ConfigError, Refused
from linli._base.i18n import Several, listed
from linli._base.identity import BadValue
from linli._base.refusals import Invalid, Missing, NotFoundHere
from linli._config import load, read_toml
from linli._config.importing import ImportSettings, MapSettings
from linli._hooks.importers import Importer
from linli._importing.cleaning import clean
from linli._importing.headings import fold, match_headings
from linli._model.sheets import Cell, Column, FileMapping, HeadingMatch, How, Table, Value, folded_text

_LOOKED_AT: Final = 200
_SURE = {How.MAPPED: 1.0, How.EXACT: 1.0, How.GUESSED: 0.5}


@attrs.frozen(kw_only=True)
class NamedMap:
    """A map and what it is called."""

    name: str
    settings: MapSettings

    @property
    def source(self) -> str:
        """What the rows' own numbers belong to."""
        return self.settings.source or self.name


class NoSuchMap(
    NotFoundHere, says="there is no map '{name}' under [import.maps], nor such a file; there are: {known}"
):
    name: str
    known: Several


def named_map(settings: ImportSettings, text: str) -> NamedMap:
    """The map of the district of that name, or the one in that file."""
    if text in settings.maps:
        return NamedMap(name=text, settings=settings.maps[text])
    path = Path(text)
    if path.suffix == ".toml" or path.exists():
        record, problems = load(MapSettings, read_toml(path), "")
        if record is None:
            raise ConfigError(str(path), problems)
        return NamedMap(name=path.stem, settings=record)
    known = listed(settings.maps)
    raise Refused(
        NoSuchMap(name=text, known=known)
    )  # fmt: skip


def map_for(settings: ImportSettings, path: Path) -> NamedMap | None:
    """The district's map for files of this name."""
    for name, one in settings.maps.items():
        if any(fnmatch(path.name, pattern) for pattern in one.files):
            return NamedMap(name=name, settings=one)
    return None


class NoSuchTimeZone(Invalid, says="map {name}: there is no time zone '{zone}'"):
    name: str
    zone: str | None
    field: str = "timezone"


def file_mapping(named: NamedMap | None, zone: ZoneInfo) -> FileMapping:
    """The mapping as a reader takes it; where a map says what is what, nothing is guessed."""
    if named is None:
        return FileMapping(zone=zone)
    one = named.settings
    try:
        own_zone = ZoneInfo(one.timezone) if one.timezone else zone
    except (LookupError, ValueError, OSError):
        raise Refused(NoSuchTimeZone(name=named.name, zone=one.timezone)) from None
    return FileMapping(
        zone=own_zone, headings=one.columns, date_format=one.date_format, guess=False, words=_words(one)
    )


def _words(one: MapSettings) -> dict[str, dict[str, str]]:
    words = {
        column: {folded_text(word): meant for word, meant in meanings.items()}
        for column, meanings in one.values.items()
    }
    own: dict[str, str] = {folded_text(word): meant for word, meant in one.status.items()}
    return words | {"status": words.get("status", {}) | own} if own else words


def for_kind(
    mapping: FileMapping, kind: str, kinds: Collection[str], importers: Mapping[str, Importer]
) -> FileMapping:
    """A mapping with what it says for rows of `kind`: "people.name" is nothing to homes, nor is a column that
    only another kind of the same file has.
    """
    elsewhere = {name for other in kinds for name in importers[other].by_name}
    headings = {}
    for heading, target in mapping.headings.items():
        own, dot, column = target.rpartition(".")
        if not dot and (column in importers[kind].by_name or column not in elsewhere):
            headings[heading] = column
        elif dot and (own == kind or own not in kinds):
            headings[heading] = column if own == kind else target
    return attrs.evolve(mapping, headings=headings)


class KindNotSaid(
    Missing,
    says="map {name} does not say what its rows are: give it a kind, or kinds by sheet; there are: {known}",
):
    name: str
    known: Several
    field: str = "kind"


def kinds_by_map(named: NamedMap, importers: Mapping[str, Importer]) -> dict[str | None, tuple[str, ...]]:
    """By sheet, the kinds that a map says its rows are."""
    one = named.settings
    if not one.kind and not one.sheets:
        raise Refused(KindNotSaid(name=named.name, known=listed(importers)))
    every: Mapping[str | None, tuple[str, ...]] = {None: (one.kind,)} if one.kind else {}
    return {**every, **dict[str | None, tuple[str, ...]](one.sheets.items())}


class NothingToImportAs(NotFoundHere, says="there is nothing to import as '{kind}'; there are: {known}"):
    kind: str
    known: Several


def importer_of(importers: Mapping[str, Importer], kind: str) -> Importer:
    """The importer of that kind; Refused with the kinds that there are."""
    if kind not in importers:
        raise Refused(NothingToImportAs(kind=kind, known=listed(importers)))
    return importers[kind]


def probe(importers: Mapping[str, Importer]) -> tuple[Column, ...]:
    """Every importer's columns at once, the plain ones first, to find a sheet's headings before its kind is known."""
    return tuple(
        attrs.evolve(column, name=f"{kind} {column.name}", required=False)
        for kind, importer in sorted(importers.items(), key=lambda one: not one[1].plain)
        for column in importer.columns
    )


@attrs.frozen(kw_only=True)
class Guess:
    """What a sheet may be, by its headings.

    Attributes:
        kind: of which importer most of the headings are.
        missing: the columns that it must have and has not.
    """

    kind: str
    missing: tuple[Column, ...] = ()


def guessed(table: Table, importers: Mapping[str, Importer], mapping: FileMapping) -> Guess | None:
    """The kind whose columns explain a sheet's headings best, complete ones first; None where none does.

    What makes somebody something (a steward, a holder of a post) is guessed only where a heading says so that
    no other table has; where two kinds explain a sheet as well, it is the plain one.
    """
    headings: list[str | None] = [None] * (max((m.position for m in table.matches), default=-1) + 1)
    for match in table.matches:
        headings[match.position] = match.heading
    ranked = []
    for importer in importers.values():
        matches = match_headings(headings, importer.columns, mapping)
        if not importer.plain and not _shows(importer, matches, table, importers, mapping):
            continue
        led_to = {match.column for match in matches}
        missing = tuple(one for one in importer.columns if one.required and one.name not in led_to)
        score = sum(_SURE.get(match.how, 0.0) for match in matches)
        ranked.append(((not missing, score, importer.plain), Guess(kind=importer.kind, missing=missing)))
    if not ranked:
        return None
    (_, score, _), best = max(ranked, key=lambda one: one[0])
    return best if score > 0 else None


def _shows(
    importer: Importer,
    matches: Sequence[HeadingMatch],
    table: Table,
    importers: Mapping[str, Importer],
    mapping: FileMapping,
) -> bool:
    """Whether a sheet shows that it is of a kind that is not plain, and speaks of nobody else beside.

    A list with 姓名 and 楼栋长 is one of people who have a steward; one whose 职务 are trades is none of posts.
    """
    signs = set(map(fold, importer.signs or _only_of(importer, importers)))
    sure = [match for match in matches if match.how in (How.EXACT, How.MAPPED)]
    if not any(fold(match.heading) in signs for match in sure):
        return False
    required = {match.heading for match in sure if match.column and importer.by_name[match.column].required}
    if any(match.how is How.DUPLICATE and match.rival in required for match in matches):
        return False
    return _fits(importer, sure, table, mapping)


def _only_of(importer: Importer, importers: Mapping[str, Importer]) -> set[str]:
    """The headings that one importer knows and no other."""
    others = {
        fold(word) for other in importers.values() if other is not importer
        for column in other.columns for word in column.headings
    }  # fmt: skip
    return {word for column in importer.columns for word in column.headings if fold(word) not in others}


def _fits(importer: Importer, sure: Sequence[HeadingMatch], table: Table, mapping: FileMapping) -> bool:
    """Whether most of the first rows have one of the choices where such a kind must have one."""
    wanted = [
        (match.position, column)
        for match in sure
        if match.column and (column := importer.by_name[match.column]).required and column.choices
    ]
    for position, column in wanted:
        cells = [row.values[position] for row in islice(table.rows, _LOOKED_AT) if position < len(row.values)]
        filled = [cell for cell in cells if cell is not None]
        if sum(_is_choice(column, cell, mapping) for cell in filled) * 2 < len(filled):
            return False
    return True


def _is_choice(column: Column, cell: Value, mapping: FileMapping) -> bool:
    try:
        return clean(column, Cell(value=cell), mapping) is not None
    except BadValue:
        return False
