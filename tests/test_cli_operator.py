"""The operator's commands: config, plugin, workflow, db, brief."""

import json
import os
import sqlite3
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from linli._district.district import open_district
from linli._testing.fixtures import Printed
from linli.testing import a_place, make_district, write_district

Command = Callable[..., Printed]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A district's folder, its database made."""
    make_district(tmp_path, more="[dispatch]\nreopen_days = 7\n").close()
    return tmp_path


def _write(folder: Path, old: str, new: str) -> None:
    file = folder / "district.toml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


# --- config ----------------------------------------------------------------------------------------


def test_check_of_a_file_that_is_right_says_so(command: Command, folder: Path) -> None:
    done = command("config", "check", folder=folder)
    assert (done.code, done.err) == (0, "")
    assert "all right" in done.out


def test_a_section_that_is_not_there_is_answered_with_those_that_are(command: Command, folder: Path) -> None:
    done = command("config", "show", "dispach", folder=folder)
    assert (done.code, done.out) == (1, "")
    assert "there is no section 'dispach'; there are: district" in done.err


def test_a_list_says_where_and_what_in_words(command: Command, folder: Path) -> None:
    with open_district(folder) as district:
        place = a_place(district, "锦绣花园")
        district.dispatch.submit(place, "漏水", "厨房水管漏水", anonymous=True)
    line = command("request", "list", folder=folder).out.splitlines()[1]
    assert line.split()[1:4] == ["submitted", "锦绣花园", "漏水"]


def test_check_says_every_problem_by_its_path_at_once(command: Command, folder: Path) -> None:
    _write(folder, "enabled = []", 'enabled = ["snow", "snow"]\n[snow]\ndepth = 3')
    _write(folder, "reopen_days = 7", 'reopen_days = "a week"\nanonymus = true\n[calender]')
    done = command("config", "check", folder=folder)
    assert (done.code, done.out) == (1, "")
    for line in (
        "5 problems",
        "plugins.enabled[1]: 'snow' is enabled twice",
        "plugins.enabled[0]: plugin 'snow' is enabled but not installed",
        "dispatch.reopen_days:",
        "dispatch.anonymus: is unknown; did you mean anonymous?",
        "calender: is unknown; did you mean calendar?",
    ):
        assert line in done.err
    found = json.loads(command("config", "check", "--json", folder=folder).out)
    assert len(found["problems"]) == 5


def test_the_schema_takes_the_file_and_refuses_an_unknown_key(command: Command, folder: Path) -> None:
    schema = json.loads(command("config", "schema", folder=folder).out)
    table = tomllib.loads((folder / "district.toml").read_text(encoding="utf-8"))
    jsonschema.validate(table, schema)
    assert "reopen_days" in json.dumps(schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(table | {"calender": {}}, schema)


def test_show_prints_what_holds_with_its_default_and_never_a_secret(command: Command, folder: Path) -> None:
    secret = (folder / "vault.key").read_text(encoding="utf-8").strip()
    for arguments in (("config", "show"), ("config", "show", "--json")):
        done = command(*arguments, folder=folder)
        assert done.code == 0
        assert secret not in done.out
    text = command("config", "show", "dispatch", folder=folder).out
    assert "dispatch.reopen_days = 7\n" in text
    assert "how long after closing a request can be reopened; days; default: 15" in text
    assert "store.url" not in text


# --- plugin ----------------------------------------------------------------------------------------


_BRINGS = """
from linli import Plugin

PLUGIN = {brought}
"""


def _install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: dict[str, str]) -> None:
    """Put a distribution with these plugins on the path."""
    site = tmp_path / "site"
    for number, (name, text) in enumerate(code.items()):
        metadata = site / f"dist_{number}-1.0.dist-info"
        metadata.mkdir(parents=True)
        (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: dist-{number}\nVersion: 1.0\n")
        plugin = name.partition("#")[0]
        module = f"plug_{name.replace('#', '_')}"
        (metadata / "entry_points.txt").write_text(f"[linli.plugins]\n{plugin} = {module}\n")
        (site / f"{module}.py").write_text(text)
        monkeypatch.delitem(sys.modules, module, raising=False)
    monkeypatch.syspath_prepend(str(site))


BROKEN = {
    "fog": "import no_such_module",
    "hail": _BRINGS.format(brought="Plugin(name='rain')"),
    "ice": _BRINGS.format(brought="42"),
    "mist": "",
    "sleet": _BRINGS.format(brought="1 / 0"),
    "twin#1": _BRINGS.format(brought="Plugin(name='twin')"),
    "twin#2": _BRINGS.format(brought="Plugin(name='twin')"),
    "wind": _BRINGS.format(brought="Plugin(name='wind')"),
}


def test_list_shows_every_plugin_whatever_is_broken_each_on_a_line(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _install(tmp_path, monkeypatch, BROKEN)
    write_district(tmp_path, enabled=("fog", "gone"))
    done = command("plugin", "list", "--json", folder=tmp_path)
    assert done.code == 0
    found = {row["plugin"]: row for row in json.loads(done.out)}
    expected = {
        "fog": "cannot be imported: ModuleNotFoundError",
        "gone": "is enabled but not installed",
        "hail": "must be a Plugin with this name",
        "ice": "must be a Plugin with this name",
        "mist": "has no PLUGIN",
        "sleet": "cannot be imported: ZeroDivisionError",
        "twin": "is installed twice, by dist-",
    }
    for name, problem in expected.items():
        assert problem in found[name]["problem"]
        assert "\n" not in found[name]["problem"]
    assert found["wind"]["problem"] is None
    assert (found["fog"]["enabled"], found["wind"]["enabled"], found["dispatch"]["enabled"]) == (
        True,
        False,
        True,
    )


@pytest.mark.parametrize("text", ["[plugins", "plugins = 3", "[plugins]\nenabled = 3", None])
def test_list_works_where_the_districts_file_does_not(
    command: Command, tmp_path: Path, text: str | None
) -> None:
    if text is not None:
        (tmp_path / "district.toml").write_text(text)
    done = command("plugin", "list", folder=tmp_path)
    assert done.code == 0
    assert "dispatch" in done.out


_WITH_A_SLIP = """
import attrs
from linli import ANYONE, Moves, State, Transition, Workflow
@attrs.frozen(kw_only=True)
class Path:
    where: str
def not_here(t: Transition[Path, object]) -> None:
    # a slip
    return t.record.were
class PathFlow(Workflow[Path], name="path"):
    move = Moves(Path)
    asked = State(ends=True)
    ask = move.opening(asked, Path, by=ANYONE, needs=[not_here])
"""


def test_check_finds_what_only_loading_shows_and_exits_with_1(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook = (
        _BRINGS.format(brought="Plugin(name='wind')")
        + "\nfrom linli import hookimpl\n\n@hookimpl\ndef act_chek(act): ...\n"
    )
    settings = "import attrs\n@attrs.frozen\nclass S:\n    depth: int = 3\n" + _BRINGS.format(
        brought="Plugin(name='snow', settings=S)"
    )
    good = _BRINGS.format(brought="Plugin(name='calm')")
    slip = _WITH_A_SLIP + _BRINGS.format(brought="Plugin(name='slip', workflows=(PathFlow,))")
    _install(tmp_path, monkeypatch, {"wind": hook, "snow": settings, "calm": good, "slip": slip})
    write_district(tmp_path)
    problems = {
        "wind": "act_chek",
        "snow": "S.depth is not a setting",
        "slip": "slip.py:9: Path has no were",
    }
    for name, problem in problems.items():
        done = command("plugin", "check", name, "--json", folder=tmp_path)
        assert done.code == 1
        assert problem in json.loads(done.out)[0]["problem"]
    assert command("plugin", "check", "calm", folder=tmp_path).code == 0
    assert "plugin 'storm' is not installed" in command("plugin", "check", "storm", folder=tmp_path).err


def test_a_new_plugin_installs_is_found_and_passes_its_tests(command: Command, tmp_path: Path) -> None:
    target = tmp_path / "linli-snow"
    assert command("plugin", "new", "snow", str(target)).code == 0
    site = tmp_path / "site"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, "--target", str(site), str(target)], check=True, capture_output=True)
    environment = os.environ | {"PYTHONPATH": str(site), "LINLI_LANG": "en"}
    listed = subprocess.run(
        [Path(sys.executable).with_name("linli"), "plugin", "list", "--json"],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert {"plugin": "snow", "version": "0.1.0", "enabled": False, "problem": None} in json.loads(
        listed.stdout
    )
    tested = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(target)],
        cwd=target, env=os.environ, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert tested.returncode == 0, tested.stdout
    assert "3 passed" in tested.stdout


def test_a_new_plugins_code_is_clean(command: Command, tmp_path: Path) -> None:
    target = tmp_path / "linli-snow"
    command("plugin", "new", "snow", str(target))
    source = str(target / "src" / "linli_snow" / "plugin.py")
    for tool in (
        ["ruff", "check", "--isolated"],
        ["ruff", "format", "--isolated", "--line-length=110", "--check"],
    ):
        done = subprocess.run(
            [sys.executable, "-m", *tool, source], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("name", "line"),
    [("Snow", "no name for a plugin"), ("class", "no name for a plugin"), ("award", "built-in plugin")],
)
def test_a_new_plugin_needs_a_name_of_its_own(command: Command, tmp_path: Path, name: str, line: str) -> None:
    done = command("plugin", "new", name, str(tmp_path / "new"))
    assert done.code == 1
    assert line in done.err
    assert not (tmp_path / "new").exists()


def test_a_new_plugin_overwrites_nothing(command: Command, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    done = command("plugin", "new", "snow", str(tmp_path))
    assert (done.code, [file.name for file in tmp_path.iterdir()]) == (1, ["mine.txt"])


# --- workflow --------------------------------------------------------------------------------------


def test_workflows_are_listed_and_shown_without_a_district(command: Command, tmp_path: Path) -> None:
    names = [row["name"] for row in json.loads(command("workflow", "list", "--json", folder=tmp_path).out)]
    assert {"request", "task", "publication"} <= set(names)
    rows = json.loads(command("workflow", "show", "request", "--json", folder=tmp_path).out)
    (close,) = [row for row in rows if row["move"] == "close"]
    assert (close["from"], close["to"], close["who"]) == ("resolved", "closed", "clerk")
    assert close["asks"] == "feedback? (in the vault), as_proposed?, outcome?, closed_at?"


def test_the_diagram_has_every_state_and_move(command: Command, folder: Path) -> None:
    from linli._model.compiling import as_run
    from linli._verbs.dispatch.requests import RequestFlow

    diagram = command("workflow", "show", "request", "--mermaid", folder=folder).out
    assert diagram.startswith("stateDiagram-v2\n")
    for move in as_run(RequestFlow).moves:
        for source in move.sources or ("[*]",):
            assert f"{source} --> {move.to or source}: {move.label or move.name}" in diagram


def test_an_unknown_workflow_is_refused_with_the_known_ones(command: Command, folder: Path) -> None:
    done = command("workflow", "show", "requests", folder=folder)
    assert done.code == 1
    assert "there is no workflow requests; there are: " in done.err
    assert "request, task" in done.err


# --- db --------------------------------------------------------------------------------------------


def test_upgrade_makes_the_tables_and_a_second_one_changes_nothing(command: Command, tmp_path: Path) -> None:
    write_district(tmp_path)
    assert command("db", "upgrade", folder=tmp_path).out.startswith("core: - -> ")
    assert "nothing was changed" in command("db", "upgrade", folder=tmp_path).out
    (core,) = json.loads(command("db", "status", "--json", folder=tmp_path).out)
    assert (core["tables of"], core["revision"], core["problem"]) == ("core", core["newest"], None)


def test_status_says_that_the_tables_are_old_where_the_district_does_not_open(
    command: Command, folder: Path
) -> None:
    with sqlite3.connect(folder / "linli.db") as connection:
        connection.execute("DELETE FROM alembic_version")
    assert command("brief", folder=folder).err == "the database has no tables yet; run: linli db upgrade\n"
    (core,) = json.loads(command("db", "status", "--json", folder=folder).out)
    assert "run: linli db upgrade" in core["problem"]


# --- brief -----------------------------------------------------------------------------------------


def test_the_brief_in_json_has_exactly_its_five_names_and_the_registrys_order(
    command: Command, folder: Path
) -> None:
    document = json.loads(command("brief", "--json", "--to", "2026-03-31", folder=folder).out)
    assert list(document) == ["district", "place", "from", "to", "figures"]
    assert (document["place"], document["from"], document["to"]) == (None, "2026-01-01", "2026-03-31")
    with open_district(folder) as district:
        assert document["district"] == district.code
        shown = [figure.name for figure in district.rules.figures.values() if figure.shown]
    assert list(document["figures"]) == shown
    assert document["figures"]["requests.mean_hours_to_close"] is None


def test_the_page_has_what_is_open_beside_the_mean(command: Command, folder: Path) -> None:
    with open_district(folder) as district:
        request = district.dispatch.submit(a_place(district, "锦绣花园"), "漏水", "厨房").subject
        district.make(request, "accept", {"service": "general"})
    page = command("brief", folder=folder).out
    (line,) = [line for line in page.splitlines() if "mean time to close" in line]
    assert "still open 1, oldest of them 0.0 hours" in line
    assert page.count("still open") == 1


def test_the_pages_numbers_stand_under_each_other_in_chinese_too(
    command: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rich.cells import cell_len

    chinese = {"accepted": "受理", "closed": "办结", "rated": "已评价的诉求", "published": "公开"}
    monkeypatch.setattr("linli._cli.brief.translate", lambda text: chinese.get(text, text))
    lines = command("brief", folder=folder).out.splitlines()
    rows = [line for line in lines if line.startswith("  ") and line.rstrip().endswith("0")]
    assert len(rows) >= 3
    assert len({cell_len(row.rstrip()) for row in rows}) == 1


def test_an_explanation_says_the_rule_and_lists_what_counts(command: Command, folder: Path) -> None:
    with open_district(folder) as district:
        request = district.dispatch.submit(a_place(district, "锦绣花园"), "漏水", "厨房").subject
        district.make(request, "accept", {"service": "general"})
    lines = command("brief", "--explain", "requests.accepted", folder=folder).out.splitlines()
    assert lines[0] == "accepted (requests.accepted): 1"
    assert lines[1].startswith("requests accepted in the period; ")
    assert lines[1].endswith("counted by: request · accept")
    assert str(request) in lines[2]
    assert "厨房" not in "".join(lines)
    found = json.loads(command("brief", "--explain", "requests.accepted", "--json", folder=folder).out)
    assert [one["subject"] for one in found["counted"]] == [str(request)]
