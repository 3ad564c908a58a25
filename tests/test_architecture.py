"""What keeps the core small and its imports one way; docs/architecture.md says the same in words."""

import ast
import re
import statistics
from collections.abc import Iterator, Mapping
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CORE = ROOT / "core"

# From the ground up: whoever stands in a wing imports from it and from those before it in this list, for types too.
WINGS = (
    "_base", "_config", "_store", "_vault", "_model", "_ledger", "_hooks", "_schema", "_query", "_engine", "_deliveries",
    "_importing", "_verbs", "_proof", "_figures", "_seeing", "_district", "_surfaces", "_operations", "_cli", "_testing",
)  # fmt: skip
# What is documented for plugins and programs; nothing in a wing imports from them.
DOORS = ("", "query", "hooks", "importing", "cli", "testing")

# Written by a tool from the tables, never by hand.
GENERATED = ("core/linli/_schema/migrations/",)
LONGEST_MODULE = 400
MEDIAN_FUNCTION = 10
DISTRICTS = re.compile("大祥|邵阳|daxiang|shaoyang|430503", re.IGNORECASE)


@cache
def _modules() -> Mapping[str, Path]:
    """Every module of the core by its name below `linli`; the package itself is ""."""
    found = {}
    for path in sorted(CORE.rglob("*.py")):
        parts = path.relative_to(CORE / "linli").with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _wing(module: str) -> str:
    return module.partition(".")[0]


def _imports(path: Path, *, all_kinds: bool = False) -> Iterator[str]:
    """The modules of linli that a module imports when it is itself imported; or also within functions and for types."""
    for node in _statements(_tree(path), all_kinds):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
        for name in names:
            if name == "linli" or name.startswith("linli."):
                yield from _meant(name.removeprefix("linli").removeprefix("."), node)


def _statements(tree: ast.AST, all_kinds: bool) -> Iterator[ast.Import | ast.ImportFrom]:
    if isinstance(tree, ast.Import | ast.ImportFrom):
        yield tree
    elif isinstance(tree, ast.If) and "TYPE_CHECKING" in ast.unparse(tree.test) and not all_kinds:
        for node in tree.orelse:
            yield from _statements(node, all_kinds)
    elif all_kinds or not isinstance(tree, ast.FunctionDef | ast.AsyncFunctionDef | ast.expr):
        for child in ast.iter_child_nodes(tree):
            yield from _statements(child, all_kinds)


def _meant(module: str, node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    """`from linli._store import tables` means linli._store.tables; `from linli._store import Write`, linli._store."""
    if isinstance(node, ast.Import):
        yield module
        return
    for alias in node.names:
        below = f"{module}.{alias.name}".removeprefix(".")
        yield below if below in _modules() else module


def test_every_module_stands_in_a_wing_or_is_a_door() -> None:
    lost = [module for module in _modules() if _wing(module) not in WINGS and module not in DOORS]
    assert not lost, f"move them into a wing: {lost}"
    assert set(WINGS) == {_wing(module) for module in _modules()} - set(DOORS)


def test_imports_point_one_way_for_types_and_within_functions_too() -> None:
    height = {wing: place for place, wing in enumerate(WINGS)}
    ends = [
        (module, other)
        for module, path in _modules().items()
        if module not in DOORS
        for other in _imports(path, all_kinds=True)
    ]
    wrong = [
        f"{module} imports {other or 'linli'}"
        for module, other in ends
        if other in DOORS or height[_wing(other)] > height[_wing(module)]
    ]
    assert len(ends) > 1000, "the imports are read"
    assert not wrong, "\n".join(sorted(wrong))


def test_the_page_of_the_architecture_has_the_same_wings() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert tuple(re.findall(r"^\| `(_\w+)` \| .+ \|$", page, re.MULTILINE)) == WINGS, (
        "from the ground up, as here"
    )


def test_no_two_modules_import_each_other() -> None:
    graph = {module: set(_imports(path)) - {module} for module, path in _modules().items()}
    TopologicalSorter(graph).prepare()  # raises CycleError


def test_the_core_imports_no_plugin_and_no_adapter() -> None:
    own = [path.name for kind in ("plugins", "adapters") for path in (ROOT / kind).glob("*/src/*")]
    pattern = re.compile(rf"^\s*(?:from|import)\s+({'|'.join(own)})\b", re.MULTILINE)
    found = [str(path) for path in _modules().values() if pattern.search(path.read_text(encoding="utf-8"))]
    assert own, "there are plugins to look for"
    assert not found


def test_the_help_page_loads_no_more_than_the_catalogues() -> None:
    for module in ("_cli", "_cli.main", "_base.entry_points", "_base.catalogues"):
        assert set(_imports(_modules()[module])) <= {"_base.catalogues", "_base.entry_points"}


def test_no_district_is_named_in_the_core() -> None:
    made = (".pyc", ".mo")  # nor what pip writes beside the code when it installs a checkout
    found = [path for path in CORE.rglob("*") if path.is_file() and path.suffix not in made]
    files = [path for path in found if not any(part.endswith(".egg-info") for part in path.parts)]
    named = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in files
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if DISTRICTS.search(line) or DISTRICTS.search(path.name)
    ]
    assert len(files) > 100, "the core is where it is looked for"
    assert not named


def _by_hand() -> list[Path]:
    return [
        path for path in _modules().values() if not path.relative_to(ROOT).as_posix().startswith(GENERATED)
    ]


def test_no_module_is_where_everything_ends_up() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in _by_hand()}
    assert not {path: lines for path, lines in lengths.items() if lines > LONGEST_MODULE}


def test_functions_are_short() -> None:
    lengths = [
        (node.end_lineno or node.lineno) - node.lineno + 1
        for path in _by_hand()
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    assert statistics.median(lengths) < MEDIAN_FUNCTION


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("from linli import query", ["query"]),
        ("from linli._store import tables, Write", ["_store.tables", "_store"]),
        ("import linli._store.tables", ["_store.tables"]),
        ("from linli._model.awards import Award", ["_model.awards"]),
        ("try:\n    import linli._cli\nexcept ImportError:\n    pass", ["_cli"]),
        ("try:\n    import json\nexcept ImportError:\n    from linli import _cli", ["_cli"]),
        ("class A:\n    from linli import _cli", ["_cli"]),
        ("if TYPE_CHECKING:\n    from linli import _cli\nelse:\n    from linli import _store", ["_store"]),
        ("def f():\n    from linli import _cli", []),
        ("import linliang", []),
    ],
)
def test_the_reader_of_imports_sees_what_it_should(tmp_path: Path, text: str, found: list[str]) -> None:
    path = tmp_path / "some.py"
    path.write_text(text, encoding="utf-8")
    assert list(_imports(path)) == found


def test_the_reader_of_imports_sees_those_for_types_and_within_functions(tmp_path: Path) -> None:
    path = tmp_path / "some.py"
    path.write_text(
        "if TYPE_CHECKING:\n    from linli import _cli\ndef f():\n    from linli import _store",
        encoding="utf-8",
    )
    assert list(_imports(path, all_kinds=True)) == ["_cli", "_store"]
