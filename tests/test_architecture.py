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

# From the ground up: whoever stands in a layer imports from it and from those above it in this list.
# A name stands for a module and everything below it; the longest name that fits counts.
LAYERS: Mapping[str, tuple[str, ...]] = {
    "sentences": ("catalogues", "i18n", "refusals", "errors", "codec", "entry_points"),
    "values": (
        "calendar", "codes", "config", "coordinates", "identity", "importing.settings", "importing.statuses", "numbers",
        "records", "revealing", "settings",
    ),
    "store": ("connecting", "store", "vault"),
    "acts": (
        "_model", "access", "acts", "afterwards", "answering", "asking", "award.ledger", "award.owing", "award.rules", "circles", "commitments", "conditions", "constants", "contract", "deadlines",
        "deliveries", "deliveries.rows", "diagrams", "dispatch.catalogue", "effects", "facts", "figures",
        "giving", "guarding", "hookimpls", "hookspecs", "locations", "lookups", "manifest", "plugins",
        "publish.audience", "query", "register.matching", "resolving", "subjects", "succession", "texts", "wording",
        "workflow",
    ),
    "engine": ("engine", "heads", "leases", "listing", "opening", "retiring", "sealing", "surfaces"),
    "verbs": (
        "award", "brief", "deliveries.handlers", "deliveries.queue", "dispatch", "importing", "proof",
        "publish", "register", "seeing", "series", "tracing", "waiting", "worker",
    ),
    "district": ("", "checking", "diagrams", "district", "doctor", "findings", "late", "profiles", "safety"),
    "cli": ("cli",),
    "testing": ("testing",),
}  # fmt: skip
# Packages whose __init__ belongs to another layer than what is in them: only the __init__ itself.
ALONE = ("", "deliveries")

# Written by a tool from the tables, never by hand.
GENERATED = ("core/linli/store/migrations/",)
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


def _layer(module: str) -> str | None:
    """The layer of a module: that of the longest name in LAYERS that it is or stands below."""
    fitting = {
        name: layer
        for layer, names in LAYERS.items()
        for name in names
        if module == name or (name not in ALONE and module.startswith(f"{name}."))
    }
    return fitting[max(fitting, key=len)] if fitting else None


def _imports(path: Path) -> Iterator[str]:
    """The modules of linli that a module imports when it is itself imported."""
    for node in _statements(_tree(path)):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
        for name in names:
            if name == "linli" or name.startswith("linli."):
                yield from _meant(name.removeprefix("linli").removeprefix("."), node)


def _statements(tree: ast.AST) -> Iterator[ast.Import | ast.ImportFrom]:
    """Imports that are carried out: neither those within functions, nor those for type checkers."""
    if isinstance(tree, ast.Import | ast.ImportFrom):
        yield tree
    elif isinstance(tree, ast.If) and "TYPE_CHECKING" in ast.unparse(tree.test):
        for node in tree.orelse:
            yield from _statements(node)
    elif not isinstance(tree, ast.FunctionDef | ast.AsyncFunctionDef | ast.expr):
        for child in ast.iter_child_nodes(tree):
            yield from _statements(child)


def _meant(module: str, node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    """`from linli.store import tables` means linli.store.tables; `from linli.store import Write`, linli.store."""
    if isinstance(node, ast.Import):
        yield module
        return
    for alias in node.names:
        below = f"{module}.{alias.name}".removeprefix(".")
        yield below if below in _modules() else module


def test_every_module_stands_in_a_layer() -> None:
    lost = [module for module in _modules() if _layer(module) is None]
    assert not lost, f"name them in LAYERS, here and in docs/architecture.md: {lost}"


def test_every_layer_is_of_modules_that_there_are() -> None:
    gone = [name for names in LAYERS.values() for name in names if name not in _modules()]
    assert not gone, f"take them out of LAYERS: {gone}"


def test_imports_point_one_way() -> None:
    height = {layer: place for place, layer in enumerate(LAYERS)}
    ends = [
        (module, _layer(module), other, _layer(other))
        for module, path in _modules().items()
        for other in _imports(path)
    ]
    upwards = [
        f"{module} ({layer}) imports {other} ({above})"
        for module, layer, other, above in ends
        if layer and above and height[above] > height[layer]
    ]
    assert len(ends) > 500, "the imports are read"
    assert not upwards, "\n".join(upwards)


def test_the_page_of_the_architecture_has_the_same_layers() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\w+) \| (.+?) \| .+ \|$", page, re.MULTILINE)
    shown = {layer: re.findall(r"`([\w.]+)`", names) for layer, names in rows if layer in LAYERS}
    assert shown == {
        layer: [f"linli.{name}".removesuffix(".") for name in names] for layer, names in LAYERS.items()
    }
    assert list(shown) == list(LAYERS), "from the ground up, as here"


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
    for module in ("cli", "cli.main", "entry_points"):
        assert set(_imports(_modules()[module])) <= {"catalogues", "entry_points"}


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
        ("from linli import store", ["store"]),
        ("from linli.store import tables, Write", ["store.tables", "store"]),
        ("import linli.store.tables", ["store.tables"]),
        ("from linli.award.rules import Award", ["award.rules"]),
        ("try:\n    import linli.cli\nexcept ImportError:\n    pass", ["cli"]),
        ("try:\n    import json\nexcept ImportError:\n    from linli import cli", ["cli"]),
        ("class A:\n    from linli import cli", ["cli"]),
        ("if TYPE_CHECKING:\n    from linli import cli\nelse:\n    from linli import store", ["store"]),
        ("def f():\n    from linli import cli", []),
        ("import linliang", []),
    ],
)
def test_the_reader_of_imports_sees_what_it_should(tmp_path: Path, text: str, found: list[str]) -> None:
    path = tmp_path / "some.py"
    path.write_text(text, encoding="utf-8")
    assert list(_imports(path)) == found
