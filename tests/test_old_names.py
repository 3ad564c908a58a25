"""Names that went: what the engine and plugins call things now is in docs/contract.md, and the old names come back nowhere."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
OLD = frozenset(
    [
        "Ask",
        "Claim",
        "Hands",
        "Knot",
        "Late",
        "Make",
        "Manifest",
        "Nothing",
        "PeopleBook",
        "Plain",
        "Rest",
        "Running",
        "Scene",
        "Siblings",
        "Spot",
        "Start",
        "Step",
        "Taking",
        "Test",
        "Turn",
        "Was",
        "Wish",
        "Yield",
        "acquaint",
        "apart_from",
        "chores",
        "describe",
        "error_writers",
        "figures_at",
        "fills",
        "hears",
        "just",
        "may_lack",
        "matter_pages",
        "not_oneself",
        "not_told",
        "read_by",
        "renamed",
        "rung_now",
        "seen_by",
        "told_by",
        "knot",
        "knots",
    ]
)
# Words that something else is called by in the field, with what that is.
MEANT = {
    "core/linli/_seeing/": {"Turn"},  # whose turn it is with a matter
    "plugins/decisions/": {"Turn"},  # likewise, of a step
    "plugins/volunteers/": {"Wish"},  # 微心愿
    "plugins/board/": {"Spot"},  # a place on the board
    "plugins/brief/": {"Spot"},  # a place in a form
    "plugins/centres/": {"Ask"},  # what somebody asks of a hall
}


def _declared(tree: ast.Module) -> Iterator[str]:
    """Names of classes, functions, fields and keyword arguments."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            yield node.name
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id
        elif isinstance(node, ast.Call):
            yield from (one.arg for one in node.keywords if one.arg)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("linli"):
            yield from (one.name for one in node.names)


def test_no_old_name_comes_back() -> None:
    found: dict[str, set[str]] = {}
    for folder in ("core/linli", "plugins", "adapters", "docs/tutorial"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if "/tests/" not in name and "/migrations/" not in name and "/build/" not in name:
                meant = {one for start, words in MEANT.items() if name.startswith(start) for one in words}
                if old := OLD & set(_declared(ast.parse(path.read_text(encoding="utf-8")))) - meant:
                    found[name] = set(old)
    assert found == {}
