"""Which map and which importer a file is read with, and how its mapping looks to a reader."""

from collections.abc import Mapping
from fnmatch import fnmatch
from pathlib import Path
from zoneinfo import ZoneInfo

import attrs

from linli.config import load, read_toml
from linli.errors import ConfigError, Refused
from linli.i18n import listed, say
from linli.importing.headings import match_headings
from linli.importing.importer import Importer
from linli.importing.settings import ImportSettings, MapSettings
from linli.importing.shapes import Column, FileMapping, How, Table

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
        say("there is no map '{name}' under [import.maps], nor such a file; there are: {known}", name=text, known=known)
    )  # fmt: skip


def map_for(settings: ImportSettings, path: Path) -> NamedMap | None:
    """The district's map for files of this name."""
    for name, one in settings.maps.items():
        if any(fnmatch(path.name, pattern) for pattern in one.files):
            return NamedMap(name=name, settings=one)
    return None


def file_mapping(named: NamedMap | None, zone: ZoneInfo) -> FileMapping:
    """The mapping as a reader takes it."""
    if named is None:
        return FileMapping(zone=zone)
    one = named.settings
    try:
        own_zone = ZoneInfo(one.timezone) if one.timezone else zone
    except (LookupError, ValueError, OSError):
        raise Refused(
            say("map {name}: there is no time zone '{zone}'", name=named.name, zone=one.timezone)
        ) from None
    return FileMapping(zone=own_zone, headings=one.columns, date_format=one.date_format)


def importer_of(importers: Mapping[str, Importer], kind: str) -> Importer:
    """The importer of that kind; Refused with the kinds that there are."""
    if kind not in importers:
        raise Refused(
            say(
                "there is nothing to import as '{kind}'; there are: {known}",
                kind=kind,
                known=listed(importers),
            )
        )
    return importers[kind]


def probe(importers: Mapping[str, Importer]) -> tuple[Column, ...]:
    """Every importer's columns at once, to find a sheet's headings before its kind is known."""
    return tuple(
        attrs.evolve(column, name=f"{kind} {column.name}", required=False)
        for kind, importer in importers.items()
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
    """The kind whose columns explain a sheet's headings best, complete ones first; None where none does."""
    headings: list[str | None] = [None] * (max((m.position for m in table.matches), default=-1) + 1)
    for match in table.matches:
        headings[match.position] = match.heading
    ranked = []
    for importer in importers.values():
        matches = match_headings(headings, importer.columns, mapping)
        led_to = {match.column for match in matches}
        missing = tuple(one for one in importer.columns if one.required and one.name not in led_to)
        score = sum(_SURE.get(match.how, 0.0) for match in matches)
        ranked.append(((not missing, score), Guess(kind=importer.kind, missing=missing)))
    (_, score), best = max(ranked, key=lambda one: one[0])
    return best if score > 0 else None
