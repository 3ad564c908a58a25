"""The tutorial: its snippets are the plugin's files, the plugin installs, and its commands run."""

import configparser
import importlib
import re
import shlex
import shutil
import subprocess
import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import linli
from linli import District
from linli._cli.top import cli
from linli._district import opening
from linli._hooks.plugins import survey
from linli._schema.migrate import make_at_once
from linli.testing import write_district

DOCS = Path(__file__).parent.parent / "docs"
SNOW = DOCS / "tutorial" / "linli-snow"
TUTORIAL = (DOCS / "tutorial.md").read_text(encoding="utf-8")
SNIPPET = re.compile(r"^`([\w/.]+)`:\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PHONE = "13800000000"


def _shown() -> dict[str, list[str]]:
    """By file, the pieces of it that the tutorial shows, in its order."""
    found: dict[str, list[str]] = {}
    for name, text in SNIPPET.findall(TUTORIAL):
        found.setdefault(name, []).append(text)
    return found


def _files() -> set[str]:
    return {
        path.relative_to(SNOW).as_posix()
        for path in SNOW.rglob("*")
        if path.is_file() and path.suffix in (".py", ".cfg", ".toml") and "build" not in path.parts
    }


def test_the_tutorial_shows_every_file_of_its_plugin() -> None:
    assert set(_shown()) == _files()


@pytest.mark.parametrize("name", sorted(_files()))
def test_who_types_what_the_tutorial_shows_has_the_whole_file(name: str) -> None:
    typed = "\n".join(_shown()[name])
    written = (SNOW / name).read_text(encoding="utf-8")
    assert [line for line in typed.splitlines() if line] == [line for line in written.splitlines() if line]
    for piece in _shown()[name]:
        assert piece in written, "verbatim, empty lines included"


@pytest.mark.parametrize("group", ["linli.plugins", "linli.commands"])
def test_the_entry_points_of_the_tutorial_resolve(group: str) -> None:
    setup = configparser.ConfigParser()
    setup.read(SNOW / "setup.cfg", encoding="utf-8")
    lines = setup["options.entry_points"][group].strip().splitlines()
    named = [tuple(map(str.strip, line.split("=", 1))) for line in lines]
    points = [EntryPoint(name=name, value=value, group=group) for name, value in named]
    assert [point.name for point in points] == ["snow"]
    loaded = [point.load() for point in points]
    assert all(hasattr(one, "PLUGIN") or callable(one) for one in loaded)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The plugin as pip installs it, in a folder of its own."""
    folder = tmp_path_factory.mktemp("snow")
    shutil.copytree(SNOW, folder / "linli-snow")  # building leaves files in the source's folder
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-index"]
    command += ["--no-deps", "--no-build-isolation", "--target", str(folder / "site"), "./linli-snow"]
    subprocess.run(command, cwd=folder, check=True)
    return folder / "site"


@pytest.fixture
def installed(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(site))
    importlib.invalidate_caches()


def test_pip_installs_every_file_of_the_package(site: Path) -> None:
    there = {path.name for path in (site / "linli_snow").iterdir()}
    assert there >= {path.name for path in (SNOW / "src" / "linli_snow").iterdir() if path.is_file()}


@pytest.mark.usefixtures("installed")
def test_the_plugin_of_the_tutorial_is_found_once_pip_has_installed_it() -> None:
    assert [(one.version, one.problem) for one in survey(["snow"]) if one.name == "snow"] == [("0.1.0", None)]


@pytest.fixture
def folder(tmp_path: Path, installed: None) -> Path:
    """A district's folder as the tutorial wants it, with a compound and somebody in it."""
    write_district(tmp_path, enabled=("snow",), more="[snow]\npoints = 3\nfirst_hour = 0\n")
    configuration = opening.configured(tmp_path)
    store = opening.store_of(configuration)
    make_at_once(store, configuration.plugins)
    store.close()
    with linli.open(tmp_path) as district:
        home = district.register.place("compound", "锦绣花园", district.register.root())
        district.register.person(name="张三", phone=PHONE, home=home)
    return tmp_path


def _commands() -> list[str]:
    (block,) = re.findall(r"^```console\n(.*?)^```$", TUTORIAL, re.MULTILINE | re.DOTALL)
    return [line for line in block.splitlines() if line]


def _run(folder: Path, line: str, number: str) -> Result:
    words = shlex.split(line.replace("NUMBER", number))
    assert words[0] == "linli"
    return CliRunner().invoke(cli, ["--district", str(folder), *words[1:]], catch_exceptions=False)


def test_the_commands_of_the_tutorial_run(folder: Path) -> None:
    number = ""
    outputs = {}
    for line in _commands():
        done = _run(folder, line, number)
        assert done.exit_code == 0, f"{line}: {done.output}"
        outputs[line.split()[2] if line.startswith("linli snow") else "brief"] = done.output
        found = re.search(r"\b[0-9]{9,}\b", done.output)
        number = number or (found.group() if found else "")
    assert number in outputs["ask"]
    assert "confirmed" in outputs["confirm"]
    assert "paths cleared of snow" in outputs["brief"]
    with linli.open(folder) as district:
        _paid(district)


def _paid(district: District) -> None:
    person = district.register.find(PHONE)
    assert person
    assert district.award.account(person).free == 3
    assert district.brief().figures["snow.paths"] == 1
