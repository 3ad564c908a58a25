"""Deliberate slips are found by mypy, by pyright and by loading; what is right is reported by none of them."""

import importlib.util
import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from idioms import IDIOMS, MORE
from misspelt import SLIPS, SOURCE, Slip

from linli._base.errors import PluginError
from linli._model.compiling import compiled
from linli._model.direct import DirectAct
from linli._model.loading import problems_of_direct
from linli._model.names import look
from linli._model.workflows import Workflow

CORE = Path(__file__).parents[2] / "core"
Lines = dict[str, set[int]]


def _name(number: int) -> str:
    return f"slip_{number:02}"


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the right module, and one for each slip."""
    folder = tmp_path_factory.mktemp("slips")
    (folder / "right.py").write_text(SOURCE, encoding="utf-8")
    for number, slip in enumerate(SLIPS):
        (folder / f"{_name(number)}.py").write_text(slip.source, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def by_mypy(cases: Path) -> Lines:
    """The lines that mypy has something against, by module."""
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--config-file=",
        "--no-error-summary",
        "--hide-error-context",
    ]
    done = subprocess.run(
        [*command, str(cases)],
        capture_output=True,
        text=True,
        env={**os.environ, "MYPYPATH": str(CORE)},
        check=False,
    )
    found: Lines = {}
    for file, line in re.findall(r"(\w+)\.py:(\d+): error:", done.stdout):
        found.setdefault(file, set()).add(int(line))
    assert found, done.stdout + done.stderr
    return found


@pytest.fixture(scope="module")
def by_pyright(cases: Path) -> Lines:
    """The lines that pyright has something against, by module."""
    settings = {"include": [str(cases)], "extraPaths": [str(CORE)], "typeCheckingMode": "standard"}
    (cases / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", sys.executable, "-p", str(cases)],
        capture_output=True,
        text=True,
        check=False,
    )
    found: Lines = {}
    for one in json.loads(done.stdout)["generalDiagnostics"]:
        if one["severity"] == "error":
            span = range(one["range"]["start"]["line"], one["range"]["end"]["line"] + 1)
            found.setdefault(Path(one["file"]).stem, set()).update(line + 1 for line in span)
    return found


def _load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


def _told(path: Path) -> Iterator[str]:
    """What importing and loading tell of a module."""
    try:
        module = _load(path)
    except Exception as error:
        trace = error.__traceback__
        while trace and trace.tb_next:
            trace = trace.tb_next
        lines = []
        trace = error.__traceback__
        while trace:
            if trace.tb_frame.f_code.co_filename == str(path):
                lines.append(trace.tb_lineno)
            trace = trace.tb_next
        yield f"{path.name}:{lines[-1]}: {type(error).__name__}: {error}"
        return
    for flow in vars(module).values():
        if isinstance(flow, type) and issubclass(flow, Workflow) and flow is not Workflow:
            try:
                compiled(flow)
            except PluginError as error:
                yield from str(error).splitlines()[1:]
    for act in (one for one in vars(module).values() if isinstance(one, DirectAct)):
        yield from map(str, problems_of_direct(act))
    yield from map(str, look(module).problems)


def _by(tool: str) -> list[object]:
    return [pytest.param(n, one, id=f"{n}-{one.kind}") for n, one in enumerate(SLIPS) if tool in one.by]


def test_each_kind_of_slip_has_three_variants() -> None:
    times = Counter(slip.kind for slip in SLIPS)
    assert {kind: n for kind, n in times.items() if n < 3} == {}


def test_what_is_right_is_reported_by_nobody(cases: Path, by_mypy: Lines, by_pyright: Lines) -> None:
    assert "right" not in by_mypy
    assert "right" not in by_pyright
    assert list(_told(cases / "right.py")) == []


@pytest.mark.parametrize(("number", "slip"), _by("mypy"))
def test_mypy_finds_it(number: int, slip: Slip, by_mypy: Lines) -> None:
    assert by_mypy.get(_name(number), set()) & set(slip.lines)


@pytest.mark.parametrize(("number", "slip"), _by("pyright"))
def test_pyright_finds_it(number: int, slip: Slip, by_pyright: Lines) -> None:
    assert by_pyright.get(_name(number), set()) & set(slip.lines)


@pytest.mark.parametrize(("number", "slip"), _by("load"))
def test_loading_finds_it_and_tells_the_line(number: int, slip: Slip, cases: Path) -> None:
    told = list(_told(cases / f"{_name(number)}.py"))
    assert told
    assert all(re.match(r"\w+\.py:\d+: ", line) for line in told), told


@pytest.mark.parametrize("idiom", IDIOMS)
def test_nothing_that_is_right_is_reported(idiom: str, tmp_path: Path) -> None:
    path = tmp_path / "idiom.py"
    head, _, body = SOURCE.partition("\n\n")
    path.write_text(f"{head}\n\n{MORE}\n{body}\n\n{IDIOMS[idiom]}\n", encoding="utf-8")
    assert list(_told(path)) == []


def test_there_are_fifty_idioms() -> None:
    assert len(IDIOMS) >= 50
