"""Catalogues of a package's sentences: found in its code, kept in its `locale` folder.

    python -m linli.testing.messages core/linli plugins/bank/src/linli_bank

finds every sentence, adds the new ones to `locale/zh/LC_MESSAGES/<package>.po`, drops those that are
gone, compiles, and says how many still have no translation. docs/messages.md says what counts as a
sentence.
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

import linli
from linli.figures import heading

LANGUAGE = "zh"
Message = str | tuple[str, str]
"""A sentence; or its singular and plural, for a library that counts."""

_Found = tuple[Message, int]
# What figures are called, whether they are made right here or by a helper that has the rest in common.
_FIGURE = re.compile(r"[a-z_]+(\.[a-z_]+)+")

# What these calls are given first is said to people; so are these options of any call, and tables of these names.
_SAYING = ("say", "translate", "progress", "table", "has_post", "Input", "State")
_KEYWORDS = ("help", "label", "unit", "choices")
_TABLES = ("NOUNS", "OPTIONS", "HELP", "WORDS")
# "linli.cli.init:init" among what NOUNS has to say.
_MODULE = re.compile(r"[\w.]+:\w+")


def sentences(package: Path) -> dict[Message, list[tuple[str, int]]]:
    """Every sentence in a package's code, with where it stands."""
    found: dict[Message, list[tuple[str, int]]] = {}
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in _files(package)}
    records = {name for tree in trees.values() for name in _records(tree)}
    for path, tree in trees.items():
        for message, line in (*_in(tree), *_fields(tree, records)):
            first = message if isinstance(message, str) else message[0]
            if re.search(r"[A-Za-z]{2}", first) and not _MODULE.fullmatch(first):
                found.setdefault(message, []).append((path.relative_to(package).as_posix(), line))
    return found


def _files(package: Path) -> list[Path]:
    found = sorted(package.rglob("*.py"))
    return [path for path in found if "migrations" not in path.parts and path.parent.name != "testing"]


def _in(tree: ast.AST) -> Iterator[_Found]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from _of_call(node)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            yield from _of_table(node)
        elif isinstance(node, ast.ClassDef):
            yield from _of_class(node)


def _of_call(call: ast.Call) -> Iterator[_Found]:
    name = _called(call)
    if name in _SAYING:
        for argument in call.args if name == "has_post" else call.args[:1]:
            yield from _texts(argument)
    if name == "show" and call.args and isinstance(call.args[0], ast.Dict):
        for key in call.args[0].keys:
            yield from _texts(key)
    given = {one.arg: one.value for one in call.keywords}
    for keyword in _KEYWORDS:
        yield from _texts(given.get(keyword))
    if name == "Figure" or {"label", "help"} <= given.keys():
        figures = _texts(given.get("name") or next(iter(call.args), None))
        yield from ((heading(str(text)), line) for text, line in figures if _FIGURE.fullmatch(str(text)))


def _of_class(node: ast.ClassDef) -> Iterator[_Found]:
    """What a workflow, its states and its moves are called where nothing else is said: their names; what choices are."""
    named = [one for one in node.body if isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Name)]
    if _record_of(node) is not None:
        given = {one.arg: one.value for one in node.keywords}
        yield from _texts(given.get("label"))
        if "label" not in given:
            yield from ((str(text).replace("_", " "), line) for text, line in _texts(given.get("name")))
        yield from (one for each in named for one in _of_attribute(ast.unparse(each.targets[0]), each.value))
    if any(ast.unparse(base) == "Choice" for base in node.bases):
        yield from (one for each in named for one in _texts(each.value))


def _of_attribute(name: str, value: ast.expr) -> Iterator[_Found]:
    if isinstance(value, ast.Call) and _called(value) in ("State", "move", "opening"):
        given = {one.arg: ast.unparse(one.value) for one in value.keywords}
        name = ast.literal_eval(given["name"]) if "name" in given else name.rstrip("_")
        if "label" not in given and not (_called(value) == "State" and value.args):
            yield name.replace("_", " "), value.lineno
        if given.get("ends") == "True":
            yield name, value.lineno  # how it ended


def _record_of(node: ast.ClassDef) -> str | None:
    """The class of what is kept with the subjects of a workflow that is a class; None where it is none."""
    bases = [
        base
        for base in node.bases
        if isinstance(base, ast.Subscript) and ast.unparse(base.value) == "Workflow"
    ]
    return ast.unparse(bases[0].slice) if bases else None


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _of_table(node: ast.Assign | ast.AnnAssign) -> Iterator[_Found]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    names = {target.id for target in targets if isinstance(target, ast.Name)}
    if "PLURALS" in names and isinstance(node.value, ast.Dict):
        for one, many in zip(node.value.keys, node.value.values, strict=True):
            yield from _pairs(one, many)
    elif not names.isdisjoint(_TABLES):
        yield from _texts(node.value)


def _pairs(one: ast.AST | None, many: ast.AST) -> Iterator[_Found]:
    for (singular, line), (plural, _) in zip(_texts(one), _texts(many), strict=True):
        yield (str(singular), str(plural)), line


def _texts(node: ast.AST | None) -> Iterator[_Found]:
    """The text itself, or those of a list, of a table's values, of both branches of a condition."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value, node.lineno
    elif isinstance(node, ast.IfExp):
        yield from (*_texts(node.body), *_texts(node.orelse))
    elif isinstance(node, ast.Tuple | ast.List | ast.Set):
        for one in node.elts:
            yield from _texts(one)
    elif isinstance(node, ast.Dict):
        for one in node.values:
            yield from _texts(one)


def _records(tree: ast.AST) -> Iterator[str]:
    """The classes of what is kept with a workflow's subjects, whose fields `show` has."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and (record := _record_of(node)):
            yield record


def _fields(tree: ast.AST, classes: set[str]) -> Iterator[_Found]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and node.name in classes:
            for one in node.body:
                if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name):
                    yield one.target.id, one.lineno


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
    for message, where in sorted(sentences(package).items(), key=lambda item: str(item[0])):
        old = known.get(message)
        flags = {"python-brace-format"} if "{" in str(message) else set()
        fresh.add(
            message,
            old.string if old and old.id == message and not old.fuzzy else "",
            locations=[(p, 0) for p, _ in where],
            flags=flags,
        )
    return fresh


def compiled(catalogue: Catalog) -> bytes:
    """The catalogue as `gettext` reads it."""
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def untranslated(catalogue: Catalog) -> list[object]:
    """The sentences that have no translation, or one whose braces differ."""
    return [message.id for message in catalogue if message.id and not _right(message.id, message.string)]


def _right(message: object, translation: object) -> bool:
    if isinstance(message, str):
        return isinstance(translation, str) and bool(translation) and _braces(message) == _braces(translation)
    assert isinstance(message, tuple)
    # One of a pair may say less than the other, such as that it is one.
    said = translation if isinstance(translation, tuple) else ("",)
    return all(text and _braces(text) <= _braces(message[1]) for text in said)


def _braces(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)", text))


def update(package: Path) -> list[object]:
    """Write and compile a package's catalogue; what is still without a translation."""
    catalogue, path = updated(package), catalogue_path(package)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=110, include_lineno=False, omit_header=False)
    path.with_suffix(".mo").write_bytes(compiled(catalogue))
    return untranslated(catalogue)


def against_core(package: Path) -> tuple[set[object], list[str]]:
    """What linli itself says: the sentences that need no translation in a package, and where its own is never read."""
    core = read(Path(linli.__file__).parent)
    shared = {one.id: (one.string, core.get(one.id)) for one in read(package) if one.id}
    said = {ident: (own, there.string) for ident, (own, there) in shared.items() if there and there.string}
    lost = [
        f"{ident!r}: linli says {there!r}, so {own!r} is never read; use another English word,"
        " or name it with its workflow in WORDS"
        for ident, (own, there) in said.items()
        if any(_each(own)) and own != there
    ]
    return set(said), lost


def _each(said: object) -> tuple[object, ...]:
    return said if isinstance(said, tuple) else (said,)


def main(packages: list[str]) -> None:
    """Update the catalogues of the packages named."""
    for name in packages:
        package = Path(name).resolve()
        missing = update(package)
        known, lost = against_core(package)
        missing = [message for message in missing if message not in known]
        print(f"{name}: {len(missing)} without a translation")
        for line in (*map(repr, missing), *lost):
            print(f"  {line}")


if __name__ == "__main__":
    main(sys.argv[1:])
