"""Whose tables there are: the core's and those of plugins, each with revisions of its own.

A revision is a file `<revision>_<words>.py` in the package that the declaration names; revisions sort
in their order, so that the newest is known without loading any of them.
"""

import re
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
from sqlalchemy import MetaData

from linli._base.errors import PluginError
from linli._base.i18n import listed, say
from linli._store import tables

if TYPE_CHECKING:
    from linli._hooks.plugin import Plugin

CORE = "core"
_REVISION = re.compile(r"([0-9a-z]+)_\w+\.py")


@attrs.frozen(kw_only=True)
class Source:
    """The tables of the core or of a plugin.

    Attributes:
        folder: where its revisions are; None: its tables are made as they are declared.
        after: the source and the revision that must be there first.
    """

    name: str
    tables: MetaData
    folder: Path | None = None
    after: tuple[str, str] | None = None

    @property
    def version_table(self) -> str:
        """The table that says which revision a database has."""
        return "alembic_version" if self.name == CORE else f"alembic_version_{self.name}"

    @property
    def revisions(self) -> tuple[str, ...]:
        """Its revisions, the oldest first."""
        files = sorted(file.name for file in self.folder.iterdir()) if self.folder else []
        return tuple(found[1] for file in files if (found := _REVISION.fullmatch(file)))

    @property
    def head(self) -> str | None:
        """Its newest revision."""
        return self.revisions[-1] if self.revisions else None


def sources(declarations: "Mapping[str, Plugin]") -> list[Source]:
    """The core's tables, then the plugins', each after what it builds on; PluginError where that is not to be."""
    known = {CORE: _core()} | {
        name: _of(found) for name, found in declarations.items() if found.tables is not None
    }
    ordered: list[Source] = []
    for source in known.values():
        _place(source, known, ordered, ())
    return ordered


def core_head() -> str | None:
    """The newest revision of the core's own tables."""
    return _core().head


def _core() -> Source:
    return Source(name=CORE, tables=tables.metadata, folder=_folder(CORE, "linli._schema.migrations"))


def _of(declaration: "Plugin") -> Source:
    assert declaration.tables is not None
    folder = _folder(declaration.name, declaration.migrations) if declaration.migrations else None
    return Source(name=declaration.name, tables=declaration.tables, folder=folder, after=_after(declaration))


def _after(declaration: "Plugin") -> tuple[str, str] | None:
    if declaration.migrates_after is None:
        return None
    name, colon, revision = declaration.migrates_after.partition(":")
    if not colon:
        raise PluginError(
            say(
                "plugin '{name}': migrates_after={after}: write it as SOURCE:REVISION, such as core:0001",
                name=declaration.name,
                after=repr(declaration.migrates_after),
            )
        )
    return name, revision


def _folder(name: str, package: str) -> Path:
    try:
        spec = find_spec(package)
    except ImportError:
        spec = None
    if spec is None or not spec.submodule_search_locations:
        raise PluginError(
            say(
                "plugin '{name}': there is no package {package} with its revisions",
                name=name,
                package=package,
            )
        )
    return Path(next(iter(spec.submodule_search_locations)))


def _place(
    source: Source, known: Mapping[str, Source], ordered: list[Source], above: tuple[str, ...]
) -> None:
    if source in ordered:
        return
    if source.name in above:
        circle = " -> ".join([*above, source.name])
        raise PluginError(
            say("the tables of plugins build on each other in a circle: {circle}", circle=circle)
        )
    if source.after:
        _place(_base(source, source.after, known), known, ordered, (*above, source.name))
    ordered.append(source)


def _base(source: Source, after: tuple[str, str], known: Mapping[str, Source]) -> Source:
    name, revision = after
    base = known.get(name)
    if base is None:
        raise PluginError(
            say(
                "plugin '{name}' builds on the tables of {base}, which is not enabled; enable it",
                name=source.name,
                base=name,
            )
        )
    if revision not in base.revisions:
        raise PluginError(
            say(
                "plugin '{name}' builds on revision {revision} of {base}, which has: {known}; install a newer {base}",
                name=source.name,
                revision=revision,
                base=name,
                known=listed(base.revisions),
            )
        )
    return base
