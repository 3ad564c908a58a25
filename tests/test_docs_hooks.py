"""The pages of the hooks: each is there, says the signature that the code has, and its example runs."""

import ast
import functools
import importlib
import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from linli._hooks import hookspecs
from linli._hooks.hookimpls import SPECIFIED

PAGES = Path(__file__).parent.parent / "docs" / "hooks"
SECTIONS = ("Signature", "When", "How answers combine", "When it fails", "It must not", "Example")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def _page(hook: str) -> str:
    return (PAGES / f"{hook}.md").read_text(encoding="utf-8")


def _blocks(page: str, language: str) -> list[str]:
    return [text for kind, text in BLOCK.findall(page) if kind == language]


def _signatures() -> dict[str, str]:
    """Each hook as its specification declares it, in one line."""
    tree = ast.parse(inspect.getsource(hookspecs))
    return {
        node.name: f"def {node.name}({ast.unparse(node.args)}) -> {ast.unparse(node.returns)}: ..."
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name in SPECIFIED and node.returns
    }


def test_every_hook_has_a_page_and_every_page_a_hook() -> None:
    assert {path.stem for path in PAGES.glob("*.md")} == {*SPECIFIED, "index"}


def test_the_index_leads_to_every_page_in_the_order_of_the_code() -> None:
    index = (PAGES / "index.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| \[`(\w+)`\]\((\w+)\.md\)", index, re.MULTILINE)
    assert rows == [(hook, hook) for hook in SPECIFIED]


@pytest.mark.parametrize("hook", SPECIFIED)
def test_every_hook_is_documented_with_its_signature(hook: str) -> None:
    assert _blocks(_page(hook), "pyi") == [_signatures()[hook] + "\n"]


@pytest.mark.parametrize("hook", SPECIFIED)
def test_every_page_says_all_that_an_author_must_know(hook: str) -> None:
    page = _page(hook)
    assert page.startswith(f"# {hook}\n")
    assert tuple(re.findall(r"^## (.*)$", page, re.MULTILINE)) == SECTIONS
    assert re.search(r"^Since: \d+\.\d+$", page, re.MULTILINE)
    for argument in SPECIFIED[hook]:
        assert f"| `{argument}` |" in page, f"{argument} is explained"


@pytest.mark.parametrize("hook", SPECIFIED)
def test_every_specification_has_an_example(hook: str) -> None:
    text = inspect.getdoc(getattr(hookspecs, hook)) or ""
    example = re.search(r"^Example:\n((?:    .*\n?|\n)+)", text, re.MULTILINE)
    assert example, "in its docstring"
    tree = ast.parse(inspect.cleandoc(example.group(1)))
    *_, function = tree.body  # a refusal stands before what says it
    assert isinstance(function, ast.FunctionDef)
    assert function.name == hook
    assert tuple(argument.arg for argument in function.args.args) == SPECIFIED[hook]


@pytest.fixture
def modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that modules are imported from, and forgotten afterwards."""
    folder = tmp_path / "modules"
    folder.mkdir()
    before = set(sys.modules)
    monkeypatch.syspath_prepend(str(folder))
    yield folder
    for name in set(sys.modules) - before:
        if (file := getattr(sys.modules[name], "__file__", None)) and Path(file).parent == folder:
            del sys.modules[name]


def _written(page: str, folder: Path) -> list[str]:
    """The names of the page's modules, each of which is now a file: the plugin, then its tests."""
    names = []
    for block in _blocks(page, "python"):
        name = re.match(r"# (\w+)\.py\n", block)
        assert name, "a block says in its first line which file it is"
        (folder / f"{name[1]}.py").write_text(block, encoding="utf-8")
        names.append(name[1])
    importlib.invalidate_caches()
    return names


def _count_calls(module: ModuleType, hook: str) -> list[str]:
    """Let each call of a module's hook be noted."""
    calls: list[str] = []
    function = getattr(module, hook)

    @functools.wraps(function)
    def counted(*args: Any, **kwargs: Any) -> Any:
        calls.append(hook)
        return function(*args, **kwargs)

    setattr(module, hook, counted)
    return calls


@pytest.mark.parametrize("hook", SPECIFIED)
def test_the_example_runs_and_linli_asks_its_hook(hook: str, modules: Path, tmp_path: Path) -> None:
    plugin, test = _written(_page(hook), modules)
    assert test == f"test_{plugin}"
    asked = _count_calls(importlib.import_module(plugin), hook)
    tests = vars(importlib.import_module(test))
    functions = {name: function for name, function in tests.items() if name.startswith("test_")}
    assert functions
    for name, function in functions.items():
        folder = tmp_path / name[:40]
        folder.mkdir()
        function(folder)
    assert asked, f"{hook} is asked in its own example"
