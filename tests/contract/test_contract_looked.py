"""The look into callbacks' bodies: before a district first runs with a version of a plugin, and then not again."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from linli._base.errors import PluginErrors
from linli._hooks.plugins import BUILT_IN, installed
from linli._model import looked
from linli._model.looked import Plugin, look_into
from linli.testing import check_plugin, make_district, write_district

RIGHT, WRONG = "t.record.where", "t.record.were"
SOURCE = '''"""Paths."""

import attrs

from linli import ANYONE, Moves, Plugin, State, Transition, Workflow


@attrs.frozen(kw_only=True)
class Path:
    where: str


def not_here(t: Transition[Path, object]) -> None:
    return None if t.record.where else None


def not_known(t: Transition[object, object]) -> None:
    return None if t.before.state.label else None


class PathFlow(Workflow[Path], name="{name}_path"):
    move = Moves(Path)
    asked = State(ends=True)
    ask = move.opening(asked, Path, by=ANYONE, needs=[not_here, not_known])


PLUGIN = Plugin(name="{name}", workflows=(PathFlow,))
'''


class Site:
    """A folder with plugins that are installed in it, a district beside it, and a cache of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.cache = folder / "site", folder / "cache"
        self.district = folder / "district"
        self.folder.mkdir()
        self.district.mkdir()

    def install(self, name: str, source: str = SOURCE) -> Path:
        """A distribution with one plugin; its module's file."""
        info = self.folder / f"{name}-1.0.dist-info"
        info.mkdir(exist_ok=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[linli.plugins]\n{name} = {name}_of_paths.plugin\n")
        package = self.folder / f"{name}_of_paths"
        package.mkdir(exist_ok=True)
        (package / "__init__.py").touch()
        (package / "plugin.py").write_text(source.replace("{name}", name), encoding="utf-8")
        return package / "plugin.py"

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`linli` in a process of its own, which says which modules it loaded."""
        code = (
            "import sys, atexit; atexit.register(lambda: print('loaded' if 'linli._model.names' in sys.modules "
            "else 'spared', file=sys.stderr)); from linli._cli.main import main; main()"
        )
        environment = {
            **os.environ,
            "PYTHONPATH": str(self.folder),
            "XDG_CACHE_HOME": str(self.cache),
            "LINLI_LANG": "en",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        command = [sys.executable, "-c", code, "--district", str(self.district), *arguments]
        return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)

    @property
    def kept(self) -> list[Path]:
        """What the cache has."""
        return sorted(self.cache.glob("linli/names/*"))


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def _looked(done: subprocess.CompletedProcess[str]) -> bool:
    return done.stderr.splitlines()[-1] == "loaded"


def test_each_door_finds_a_slip_and_tells_every_line_of_every_plugin(site: Site) -> None:
    for name in ("roads", "tracks"):
        site.install(name)
    site.install("lanes")
    write_district(site.district, enabled=("lanes", "roads", "tracks"))
    assert site.run("db", "upgrade").returncode == 0
    for name in ("roads", "tracks"):
        site.install(name, SOURCE.replace(RIGHT, WRONG).replace("t.before.state", "t.befor.state"))
    lines = [
        f"plugin '{name}': plugin.py:{line}"
        for name in ("roads", "tracks")
        for line in ("14: Path has no were", "18: Transition has no befor")
    ]
    for door in (("config", "check"), ("db", "upgrade"), ("doctor",), ("verify",), ("brief",)):
        done = site.run(*door)
        assert done.returncode == 1, door
        assert all(line in done.stdout + done.stderr for line in lines), (door, done.stdout, done.stderr)
    checked = site.run("plugin", "check", "roads", "lanes", "--json")
    lanes, roads = json.loads(checked.stdout)
    assert checked.returncode == 1
    assert roads["problem"].splitlines() == lines[:2]
    assert (lanes["problem"], lanes["unjudged"]) == (None, ["plugin.py:18: t.before.state.label"])
    assert [file.name.partition("-")[0] for file in site.kept] == ["lanes", "roads", "tracks"]


def test_only_the_first_start_with_a_version_looks(site: Site) -> None:
    file = site.install("roads")
    write_district(site.district, enabled=("roads",))
    assert _looked(site.run("db", "upgrade"))
    assert not _looked(site.run("place", "list"))
    assert not _looked(site.run("config", "check"))
    kept = site.run("plugin", "check", "roads")
    assert not _looked(kept)
    assert "plugin.py:18: t.before.state.label" in kept.stdout
    file.write_text(file.read_text().replace(RIGHT, WRONG))
    for _ in range(2):
        wrong = site.run("config", "check")
        assert "plugin.py:14: Path has no were" in wrong.stderr
    file.write_text(file.read_text().replace(WRONG, RIGHT))
    assert not _looked(site.run("config", "check"))


def test_a_plugin_is_looked_into_again_when_one_that_it_speaks_of_changes(site: Site) -> None:
    roads = site.install("roads")
    site.install("tracks", SOURCE.replace("import attrs\n", "import attrs\nfrom roads_of_paths.plugin import Path\n").replace(
        "@attrs.frozen(kw_only=True)\nclass Path:\n    where: str\n", ""
    ))  # fmt: skip
    write_district(site.district, enabled=("roads", "tracks"))
    assert site.run("config", "check").returncode == 0
    roads.write_text(roads.read_text().replace("where", "whither"))
    done = site.run("config", "check")
    assert "plugin 'tracks': plugin.py:12: Path has no where" in done.stderr
    assert "roads" not in done.stderr


@pytest.mark.parametrize("spoilt", [b"", b"{", b"[1]", b'{"a": 3}', b"\xff\x00"])
def test_a_cache_that_is_spoilt_is_made_anew(site: Site, spoilt: bytes) -> None:
    site.install("roads")
    write_district(site.district, enabled=("roads",))
    site.run("config", "check")
    (file,) = site.kept
    good = file.read_bytes()
    file.write_bytes(spoilt)
    assert _looked(site.run("config", "check"))
    assert file.read_bytes() == good


def test_a_cache_that_cannot_be_written_costs_the_look_and_nothing_else(site: Site) -> None:
    site.install("roads")
    write_district(site.district, enabled=("roads",))
    site.cache.write_text("a file where a folder should be")
    for _ in range(2):
        done = site.run("config", "check")
        assert (done.returncode, _looked(done)) == (0, True)


@pytest.fixture
def package(site: Site, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Plugin]]:
    """A plugin that is imported anew each time."""
    site.install("lanes")
    monkeypatch.syspath_prepend(str(site.folder))
    monkeypatch.setenv("XDG_CACHE_HOME", str(site.cache))

    def imported() -> Plugin:
        forget()
        return Plugin(name="lanes", module=import_module("lanes_of_paths.plugin"))

    def forget() -> None:
        for name in [one for one in sys.modules if one.startswith("lanes_of_paths")]:
            del sys.modules[name]

    yield imported
    forget()


def test_many_at_once_keep_one_whole_result(site: Site, package: Callable[[], Plugin]) -> None:
    plugin = package()
    found: list[object] = []

    def look() -> None:
        looked._SEEN.pop(plugin.module, None)
        found.append(look_into([plugin])["lanes"].unjudged)

    threads = [threading.Thread(target=look) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [("plugin.py:18: t.before.state.label",)] * 8
    (file,) = site.kept
    assert json.loads(file.read_bytes()) == {
        "lanes_of_paths": [],
        "lanes_of_paths.plugin": ["plugin.py:18: t.before.state.label"],
    }


def test_only_so_many_versions_are_kept(site: Site, package: Callable[[], Plugin]) -> None:
    for number in range(looked._VERSIONS + 3):
        file = site.folder / "lanes_of_paths" / "plugin.py"
        file.write_text(SOURCE.replace("{name}", "lanes") + f"\nNUMBER = {number}\n")
        look_into([package()])
    assert len(site.kept) == looked._VERSIONS


def test_nothing_is_written_beside_the_plugin_nor_in_the_district(
    site: Site, package: Callable[[], Plugin]
) -> None:
    package()
    files = set(site.folder.rglob("*"))
    with make_district(site.district, enabled=()) as district:
        before = set(district.configuration.folder.iterdir())
        look_into([package()])
        assert set(district.configuration.folder.iterdir()) == before
    new = {one for one in set(site.folder.rglob("*")) - files if "__pycache__" not in one.parts}
    assert new == set()


def _module(path: Path, name: str) -> ModuleType:
    spec = spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    sys.modules[name] = module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_module_that_is_given_as_a_plugin_is_looked_into_alone(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(site.cache))
    file = site.install("lanes", SOURCE.replace(RIGHT, WRONG))
    module = _module(file, "given_as_a_plugin")
    try:
        with pytest.raises(PluginErrors, match=r"plugin 'lanes': plugin\.py:14: Path has no were"):
            make_district(site.district, plugins={"lanes": module})
        with pytest.raises(PluginErrors, match="Path has no were"):
            check_plugin({"lanes": module})
    finally:
        del sys.modules["given_as_a_plugin"]


OURS = sorted(name for name in installed() if name not in BUILT_IN)


@pytest.mark.parametrize("name", OURS)
def test_nothing_is_misspelt_in_our_plugins(name: str) -> None:
    (point, *_) = installed()[name]
    check_plugin({name: point.load()})


def test_nothing_is_misspelt_in_the_core() -> None:
    found = look_into([Plugin(name="linli", module=import_module("linli._district.district"))])["linli"]
    assert [str(one) for one in found.problems] == []
