"""Catalogues of a package's sentences: found in its code, kept in its `locale` folder.

    python -m linli.testing.messages core/linli plugins/bank/src/linli_bank

finds every sentence (`say("…")`, `translate("…")`, and what is given as help=, label=, unit= or
purpose of a noun), adds the new ones to `locale/zh/LC_MESSAGES/<package>.po`, drops those that are
gone, compiles, and says how many still have no translation.
"""

import ast
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

LANGUAGE = "zh"
_CALLS = ("say", "translate")
_KEYWORDS = ("help", "label", "unit")
_LABELLED = "State"
_TABLES = ("NOUNS", "WORDS")


def sentences(package: Path) -> dict[str, list[tuple[str, int]]]:
    """Every sentence in a package's code, with where it stands."""
    found: dict[str, list[tuple[str, int]]] = {}
    for path in sorted(package.rglob("*.py")):
        if "migrations" in path.parts or path.parent.name == "testing":
            continue
        for message, line in _in(ast.parse(path.read_text(encoding="utf-8"))):
            if re.search(r"[A-Za-z]{2}", message):
                found.setdefault(message, []).append((path.relative_to(package).as_posix(), line))
    return found


def _in(tree: ast.AST) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from _of_call(node)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            yield from _of_table(node)


def _of_call(call: ast.Call) -> Iterator[tuple[str, int]]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name in _CALLS and call.args:
        yield from _constants(call.args[0])
    if name == _LABELLED and len(call.args) > 1:
        yield from _constants(call.args[1])
    for keyword in call.keywords:
        if keyword.arg in _KEYWORDS:
            yield from _constants(keyword.value)


def _of_table(node: ast.Assign | ast.AnnAssign) -> Iterator[tuple[str, int]]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    named = any(isinstance(target, ast.Name) and target.id in _TABLES for target in targets)
    if named and node.value:
        yield from (found for found in _constants(node.value, deep=True) if ":" not in found[0])


def _constants(node: ast.AST, *, deep: bool = False) -> Iterator[tuple[str, int]]:
    """The string itself, or both branches of a conditional; not what an f-string is made of."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value, node.lineno
    elif isinstance(node, ast.IfExp):
        yield from (*_constants(node.body), *_constants(node.orelse))
    elif deep and not isinstance(node, ast.Call):
        for child in ast.iter_child_nodes(node):
            yield from _constants(child, deep=True)


def catalogue_path(package: Path) -> Path:
    """Where a package's translations are kept."""
    return package / "locale" / LANGUAGE / "LC_MESSAGES" / f"{package.name}.po"


def read(package: Path) -> Catalog:
    """A package's translations; an empty catalogue where there are none yet."""
    path = catalogue_path(package)
    if not path.exists():
        return Catalog(locale=LANGUAGE, domain=package.name)
    with path.open("rb") as file:
        return read_po(file, locale=LANGUAGE, domain=package.name)


def updated(package: Path) -> Catalog:
    """The catalogue as the code wants it, with the translations that there are."""
    known = read(package)
    fresh = Catalog(
        locale=LANGUAGE,
        domain=package.name,
        project=package.name,
        header_comment="# Translations.",
        fuzzy=False,
    )
    fresh.creation_date = known.creation_date
    fresh.revision_date = known.revision_date
    for message, where in sorted(sentences(package).items()):
        old = known.get(message)
        flags = {"python-brace-format"} if "{" in message else set()
        fresh.add(
            message,
            old.string if old and not old.fuzzy else "",
            locations=[(p, 0) for p, _ in where],
            flags=flags,
        )
    return fresh


def compiled(catalogue: Catalog) -> bytes:
    """The catalogue as `gettext` reads it."""
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def untranslated(catalogue: Catalog) -> list[str]:
    """The sentences that have no translation, or one whose braces differ."""
    return [
        str(message.id)
        for message in catalogue
        if message.id and (not message.string or _braces(str(message.id)) != _braces(str(message.string)))
    ]


def _braces(text: str) -> list[str]:
    return sorted(set(re.findall(r"\{(\w+)", text)))


def update(package: Path) -> list[str]:
    """Write and compile a package's catalogue; what is still without a translation."""
    catalogue, path = updated(package), catalogue_path(package)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=110, include_lineno=False, omit_header=False)
    path.with_suffix(".mo").write_bytes(compiled(catalogue))
    return untranslated(catalogue)


def main(packages: list[str]) -> None:
    """Update the catalogues of the packages named."""
    for name in packages:
        missing = update(Path(name).resolve())
        print(f"{name}: {len(missing)} without a translation")
        for message in missing[:1000]:
            print(f"  {message!r}")


if __name__ == "__main__":
    main(sys.argv[1:])
