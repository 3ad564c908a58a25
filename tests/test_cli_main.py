"""The command line as a whole: quick help, nouns of plugins, errors that are one line."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from linli._base.entry_points import declared
from linli._cli.main import NOUNS, help_page, plugin_nouns
from linli._testing.fixtures import Printed
from linli.testing import make_district

Command = Callable[..., Printed]
LINLI = Path(sys.executable).with_name("linli")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A district's folder, its database made."""
    make_district(tmp_path).close()
    return tmp_path


def _installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, declares: str, code: str) -> None:
    """Put a distribution on the path: its entry points, and a module `noun_<name>` with `code`."""
    site = tmp_path / f"site_{name}"
    metadata = site / f"{name}-1.0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text(declares)
    (site / f"noun_{name}.py").write_text(code)
    monkeypatch.syspath_prepend(str(site))


def test_help_loads_neither_sqlalchemy_nor_click_nor_attrs() -> None:
    code = (
        "import sys; sys.argv = ['linli', '--help']; from linli._cli.main import main; main();"
        "print(sorted({'sqlalchemy', 'click', 'attr', 'attrs', 'importlib.metadata'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_nouns_module_is_not_loaded_for_another_noun(folder: Path) -> None:
    code = (
        f"import sys; sys.argv = ['linli', '--district', {str(folder)!r}, 'plugin', 'new', 'Bad']\n"
        "from linli._cli.main import main\n"
        "try: main()\n"
        "except SystemExit: print('linli._cli.request' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "False"


def test_help_is_the_same_page_however_it_is_asked_for(command: Command) -> None:
    pages = [
        command(*arguments).out.rstrip() for arguments in ((), ("--help",), ("--district", ".", "--help"))
    ]
    assert pages == [help_page()] * 3
    assert all(f"\n  {noun} " in pages[0] for noun in NOUNS)


def test_every_noun_that_help_shows_has_a_page_of_its_own(command: Command) -> None:
    shown = {noun for noun, (where, _) in NOUNS.items() if _exists(where)}
    assert {"brief", "config", "db", "doctor", "plugin", "request", "task", "workflow"} <= shown
    for noun in sorted(shown):
        page = command(noun, "--help")
        assert page.code == 0, noun
        assert f"linli {noun}" in page.out


def _exists(where: str) -> bool:
    from importlib.util import find_spec

    return find_spec(where.partition(":")[0]) is not None


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("brif",), "linli: there is no noun brif; did you mean brief?; see: linli --help"),
        (("zzzz",), "linli: there is no noun zzzz; see: linli --help"),
        (("brief", "--form"), "linli brief: No such option '--form'"),
        (("config", "chek"), "linli config: No such command 'chek'"),
        (
            ("brief", "--from", "yesterday"),
            "linli brief: Invalid value for '--from': write the day as 2026-03-31",
        ),
        (("workflow", "show"), "linli workflow show: Missing argument 'NAME'"),
    ],
)
def test_a_mistake_in_the_command_is_one_line_on_stderr_and_exit_code_2(
    command: Command, arguments: tuple[str, ...], line: str
) -> None:
    done = command(*arguments)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(line)
    assert done.err.count("\n") == 1


def test_a_refusal_is_one_line_on_stderr_and_exit_code_1(command: Command, folder: Path) -> None:
    done = command("brief", "--explain", "requests.clozed", folder=folder)
    assert (done.code, done.out) == (1, "")
    assert done.err == "there is no figure requests.clozed; did you mean requests.closed?\n"


def test_a_figure_is_asked_for_by_its_name_or_by_what_the_brief_calls_it(
    command: Command, folder: Path
) -> None:
    listed = json.loads(command("brief", "--figures", "--json", folder=folder).out)
    label = next(one["figure"] for one in listed if one["name"] == "requests.closed")
    by_name, by_label = (
        command("brief", "--explain", one, folder=folder) for one in ("requests.closed", label)
    )
    assert by_name.out == by_label.out
    assert by_name.out.startswith(f"{label} (requests.closed): ")
    assert command("brief", "--explain", "zzz", folder=folder).err.endswith("see: linli brief --figures\n")


def test_without_a_district_the_line_says_how_to_make_one(command: Command, tmp_path: Path) -> None:
    done = command("brief", folder=tmp_path)
    assert done.code == 1
    assert "there is no such file; `linli init DIR` makes a district" in done.err


def test_a_reader_that_has_read_enough_is_no_error(folder: Path) -> None:
    line = f"{LINLI} --district {folder} config schema | head -n 1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["{", "0"]
    assert done.stderr == ""


# --- nouns of plugins ------------------------------------------------------------------------------


@pytest.mark.parametrize("group", ["console_scripts", "linli.plugins", "pytest11"])
def test_entry_points_are_those_that_the_standard_library_finds(group: str) -> None:
    known = {point.name: point.value for point in entry_points(group=group)}
    found = declared(group)
    assert known
    assert set(found) == set(known)
    assert all(known[name] in values for name, values in found.items())


_SNOW = """
import click

@click.command(help="linli snow")
def snow():
    click.echo("it snows")
"""


def test_a_plugins_noun_is_shown_and_works(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "noun_snow", raising=False)  # another test's, where that ran before
    _installed(tmp_path, monkeypatch, "snow", "[linli.commands]\nsnow = noun_snow:snow\n", _SNOW)
    assert "see: linli snow --help" in command("--help").out
    assert command("snow").out == "it snows\n"


def test_help_says_of_every_noun_of_a_plugin_what_its_own_page_begins_with(command: Command) -> None:
    page = command("--help").out
    for name, (where, *_) in sorted(plugin_nouns().items()):
        module, _, attribute = where.partition(":")
        purpose = str(getattr(import_module(module), attribute).help).partition("\n")[0]
        assert f"\n  {name} " in page
        assert f"  {purpose}\n" in page, name


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("raise RuntimeError('melted')", "cannot be loaded from noun_snow:snow: RuntimeError: melted"),
        ("", "cannot be loaded from noun_snow:snow: AttributeError"),
        ("snow = 1", "noun_snow:snow is no click command"),
    ],
)
def test_a_plugins_noun_that_is_broken_is_one_line_and_help_still_works(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str, line: str
) -> None:
    monkeypatch.delitem(sys.modules, "noun_snow", raising=False)
    _installed(tmp_path, monkeypatch, "snow", "[linli.commands]\nsnow = noun_snow:snow\n", code)
    done = command("snow")
    assert done.code == 1
    assert line in done.err
    assert done.err.count("\n") == 1
    assert command("--help").code == 0


def test_a_noun_that_two_plugins_bring_names_both(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("sleet", "hail"):
        _installed(tmp_path, monkeypatch, name, f"[linli.commands]\nice = noun_{name}:ice\n", "")
    done = command("ice")
    assert done.code == 1
    assert "two plugins bring the noun ice: noun_hail:ice, noun_sleet:ice" in done.err


def test_a_plugin_does_not_replace_a_noun_of_linlis_own(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _installed(tmp_path, monkeypatch, "snow", "[linli.commands]\nbrief = noun_snow:snow\n", _SNOW)
    assert "it snows" not in command("brief", "--help").out


@pytest.mark.parametrize("arguments", [(), ("request", "--help")])
def test_a_page_of_which_only_the_beginning_is_read_is_no_error(arguments: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as closed:
        script = [str(LINLI), *arguments]
        ended = subprocess.run(script, stdout=closed, stderr=subprocess.PIPE, text=True, check=False)
    assert ended.stderr == ""


def test_the_shell_completes_nouns_of_plugins_and_verbs(
    monkeypatch: pytest.MonkeyPatch, command: Command
) -> None:
    monkeypatch.setenv("_LINLI_COMPLETE", "bash_complete")
    for words, at, meant in (("linli deci", 1, "decision"), ("linli request cl", 2, "close")):
        monkeypatch.setenv("COMP_WORDS", words)
        monkeypatch.setenv("COMP_CWORD", str(at))
        assert meant in command().out
