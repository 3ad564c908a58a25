"""The look into callbacks' bodies, made once for each version of a plugin: where nothing is wrong, that is kept.

It is kept by the hash of the plugin's files, of those of the plugins that it speaks of, and of linli's own: in the
cache of whoever runs linli, which anybody may throw away. What is wrong is found anew each time, so that it is never told
of what was mended. A cache that cannot be read or written costs the look, and nothing else.
"""

import hashlib
import os
import re
import sys
import threading
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Final
from weakref import WeakKeyDictionary

import attrs
import msgspec

from linli._base.i18n import Text

# As many versions of a plugin as are kept: of several installations, and of one whose author is at work.
_VERSIONS: Final = 16
_LINLI: Final = Path(__file__).parents[1]


@attrs.frozen
class Found:
    """What looking came to.

    Attributes:
        problems: a line each: "file:line: what".
        unjudged: where a name is read of something that could not be followed: "file:line: name".
    """

    problems: tuple[Text, ...] = ()
    unjudged: tuple[str, ...] = ()

    @classmethod
    def of(cls, several: Iterable["Found"]) -> "Found":
        """What looking at several modules came to."""
        every = list(several)
        return cls(
            tuple(one for each in every for one in each.problems),
            tuple(one for each in every for one in each.unjudged),
        )


_SEEN: "WeakKeyDictionary[ModuleType, Found]" = WeakKeyDictionary()


@attrs.frozen(kw_only=True)
class Plugin:
    """A plugin to look into.

    Attributes:
        module: that of its entry point.
        alone: only this module is the plugin's, and not the package that it stands in.
    """

    name: str
    module: ModuleType
    alone: bool = False

    @property
    def package(self) -> str:
        """The package that its module stands in; the module where it stands alone."""
        name = self.module.__name__
        return name if self.alone else name.rpartition(".")[0] or name

    def loaded(self) -> list[ModuleType]:
        """Its modules, as far as they are imported."""
        names = sorted(one for one in sys.modules if one.startswith(f"{self.package}.") and not self.alone)
        return [*filter(None, map(sys.modules.get, (self.package, *names)))]

    def sources(self) -> bytes:
        """The text of every file of it, each after its name; nothing where there are no sources."""
        folders = () if self.alone else getattr(sys.modules.get(self.package), "__path__", ())
        files = sorted(file for folder in folders for file in Path(folder).rglob("*.py"))
        own = Path(getattr(self.module, "__file__", None) or "")
        return b"".join(map(_with_name, files or ([own] if own.suffix == ".py" else [])))


def look_into(plugins: Sequence[Plugin]) -> Mapping[str, Found]:
    """By plugin, what looking into its callbacks comes to: in its modules that are imported."""
    loaded = {one.name: one.loaded() for one in plugins}
    if any(module not in _SEEN for modules in loaded.values() for module in modules):
        versions = _Versions({one.package: one.sources() for one in plugins})
        for one in plugins:
            if new := [module for module in loaded[one.name] if module not in _SEEN]:
                _SEEN.update(_found(one.name, new, versions.of(one.package)))
    return {name: Found.of(_SEEN[one] for one in modules) for name, modules in loaded.items()}


def _found(plugin: str, modules: Iterable[ModuleType], version: str) -> Mapping[ModuleType, Found]:
    known = _read(plugin, version)
    found = {one: _known(known, one) or _look(one) for one in modules}
    unjudged = {one.__name__: list(had.unjudged) for one, had in found.items()}
    right = not any(had.problems for had in found.values())
    if version and right and not unjudged.keys() <= known.keys():
        _write(plugin, version, {**known, **unjudged})
    return found


def _known(known: Mapping[str, list[str]], module: ModuleType) -> Found | None:
    name = module.__name__
    return Found((), tuple(known[name])) if name in known else None


def _look(module: ModuleType) -> Found:
    from linli._model.names import declares, look  # later starts do not even load it

    return look(module) if declares(module) else Found()


# --- which version it is -------------------------------------------------------------------------------


def _with_name(file: Path) -> bytes:
    try:
        return b"\0".join((file.name.encode(), file.read_bytes(), b""))
    except OSError:  # it went while we looked
        return b""


class _Versions:
    """Which version each plugin is of, with all that its callbacks may speak of.

    Args:
        sources: by package, the text of its files.
    """

    def __init__(self, sources: Mapping[str, bytes]) -> None:
        self._sources = sources

    def of(self, package: str) -> str:
        """A hash; "" where there is no source that could be another one day."""
        if not self._sources[package]:
            return ""
        made = hashlib.blake2b(_linlis_own(), digest_size=16)
        for name in sorted(self._spoken_of(package)):
            made.update(name.encode() + b"\0" + self._sources[name])
        return made.hexdigest()

    def _spoken_of(self, package: str) -> set[str]:
        """The plugin itself, and those that it names, and those that these name."""
        found, waiting = {package}, [package]
        while waiting:
            text = self._sources[waiting.pop()]
            more = {name for name in self._sources.keys() - found if name.encode() in text}
            found |= more
            waiting += more
        return found


@cache
def _linlis_own() -> bytes:
    """A hash of linli's own files, and of the Python that runs them."""
    made = hashlib.blake2b(sys.version.encode())
    for file in sorted(_LINLI.rglob("*.py")):
        made.update(_with_name(file))
    return made.digest()


# --- where it is kept -------------------------------------------------------------------------------------


def _folder() -> Path | None:
    """Where it is kept; None for a user who has no home."""
    from platformdirs import user_cache_path

    folder = user_cache_path("linli", appauthor=False) / "names"
    return folder if folder.is_absolute() else None


def _file(folder: Path, plugin: str, version: str) -> Path:
    return folder / f"{re.sub(r'[^a-z0-9_]', '_', plugin)}-{version}.json"


def _read(plugin: str, version: str) -> dict[str, list[str]]:
    """By module, what could not be judged of what is right; nothing where it is not known, or cannot be read."""
    folder = _folder()
    if not version or folder is None:
        return {}
    try:
        return msgspec.json.decode(_file(folder, plugin, version).read_bytes(), type=dict[str, list[str]])
    except (OSError, msgspec.DecodeError):
        return {}


def _write(plugin: str, version: str, known: Mapping[str, list[str]]) -> None:
    """Keep it whole or not at all, whoever else does the same; a folder that may not be written has none."""
    folder = _folder()
    if folder is None:
        return
    file = _file(folder, plugin, version)
    own = file.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        try:
            own.write_bytes(msgspec.json.encode(known))
            own.replace(file)
        finally:
            own.unlink(missing_ok=True)
        _forget_old(file)


def _forget_old(file: Path) -> None:
    plugin = file.name.rpartition("-")[0]
    kept = [one for one in file.parent.glob("*.json") if one.name.rpartition("-")[0] == plugin]
    for old in sorted(kept, key=lambda one: one.stat().st_mtime)[:-_VERSIONS]:
        old.unlink(missing_ok=True)
