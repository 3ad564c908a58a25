"""Sentences found in a package's code: what is said, and what is declared by a name that people read.

docs/messages.md says what counts as one.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from linli._model.figures import heading

Message = str | tuple[str, str]
"""A sentence; or its singular and plural, for a library that counts."""

_Found = tuple[Message, int]
# What figures are called, whether they are made right here or by a helper that has the rest in common.
_FIGURE = re.compile(r"[a-z_]+(\.[a-z_]+)+")

# What these calls are given first is said to people; so are these options of any call, and tables of these names.
_SAYING = ("say", "translate", "progress", "table", "Table", "has_post", "Input", "Columns", "Choice")
# What these are given second.
_SECOND = ("noun", "noun_help", "Report", "report", "setting")
_KEYWORDS = ("help", "label", "unit", "ends", "choices", "series")
_TABLES = ("NOUNS", "OPTIONS", "HELP", "WORDS")
# What these declare is called by its code; so is what settings have by default.
_CODED: Mapping[str, tuple[str, ...]] = {
    "PostRule": ("role", "given_by"),
    "Importer": ("kind",),
    "Columns": ("headings",),
}
_OF_DEFAULTS = ("code", "kind", "roles")
# "linli._cli.init:init" among what NOUNS has to say.
_MODULE = re.compile(r"[\w.]+:\w+")


def sentences(package: Path) -> dict[Message, list[tuple[str, int]]]:
    """Every sentence in a package's code, with where it stands."""
    found: dict[Message, list[tuple[str, int]]] = {}
    code = _Code(package)
    for path, scope in code.scopes.items():
        for message, line in (*_in(code.trees[path], scope, code), *_of_kept(path, scope, code)):
            first = message if isinstance(message, str) else message[0]
            if re.search(r"[A-Za-z]{2}", first) and not _MODULE.fullmatch(first):
                found.setdefault(message, []).append((path.relative_to(package).as_posix(), line))
    return found


def _files(package: Path) -> list[Path]:
    found = sorted(package.rglob("*.py"))
    return [
        path
        for path in found
        if "migrations" not in path.parts and path.parent.name not in ("testing", "_testing")
    ]


class _Scope:
    """What the names of a module or a function stand for."""

    def __init__(self, names: Mapping[str, ast.AST]) -> None:
        self.names = {name: one for name, one in names.items() if not isinstance(one, ast.ClassDef)}
        self.classes = {name: one for name, one in names.items() if isinstance(one, ast.ClassDef)}

    def inside(self, node: ast.FunctionDef) -> "_Scope":
        """The scope of a function."""
        return _Scope({**self.names, **self.classes, **_assigned(ast.walk(node))})

    def texts(self, node: ast.AST | None) -> Iterator[_Found]:
        """The text itself, or those of a list, of a table's values, of both branches of a condition, of what a name has."""
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value, node.lineno
        elif isinstance(node, ast.Name) and node.id in self.names:
            yield from self._without(node.id).texts(self.names[node.id])
        else:
            for one in _parts(node):
                yield from self.texts(one)

    def keys(self, node: ast.AST) -> Iterator[_Found]:
        """The names in a table."""
        if isinstance(node, ast.Name) and node.id in self.names:
            yield from self._without(node.id).keys(self.names[node.id])
        for key in node.keys if isinstance(node, ast.Dict) else ():
            yield from self.texts(key)

    def codes(self, annotation: ast.AST) -> Iterator[_Found]:
        """What a type allows: that of `Literal`s."""
        for node in ast.walk(annotation):
            if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "Literal":
                yield from self.texts(node.slice)
            elif isinstance(node, ast.Name) and node.id in self.names:
                yield from self._without(node.id).codes(self.names[node.id])

    def mentions(self, annotation: ast.AST) -> set[str]:
        """The names in a type, and in what they stand for."""
        nodes = list(ast.walk(annotation))
        said = {id(node.func) for node in nodes if isinstance(node, ast.Call)}  # of `Input(..)` in Annotated
        found = {node.id for node in nodes if isinstance(node, ast.Name) and id(node) not in said}
        return found.union(
            *(self._without(name).mentions(self.names[name]) for name in found & self.names.keys())
        )

    def _without(self, name: str) -> "_Scope":
        return _Scope({one: value for one, value in self.names.items() if one != name})


def _parts(node: ast.AST | None) -> list[ast.expr]:
    match node:
        case ast.IfExp(body=body, orelse=orelse):
            return [body, orelse]
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts) | ast.Dict(values=parts):
            return parts
        case ast.Starred(value=value):
            return [value]
    return []


def _defined(tree: ast.Module) -> dict[str, ast.AST]:
    """What the names of a module stand for."""
    classes = (node for node in tree.body if isinstance(node, ast.ClassDef))
    return {**_assigned(tree.body), **{node.name: node for node in classes}}


def _assigned(nodes: Iterable[ast.AST]) -> dict[str, ast.expr]:
    """What is assigned to names; of what is assigned more than once, all."""
    found: dict[str, ast.expr] = {}
    for node in nodes:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            for name, value in _each_of(targets[0], node.value):
                found[name] = ast.List([found[name], value]) if name in found else value
    return found


def _each_of(target: ast.expr | None, value: ast.expr) -> list[tuple[str, ast.expr]]:
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        return [pair for one in zip(target.elts, value.elts, strict=False) for pair in _each_of(*one)]
    return [(target.id, value)] if isinstance(target, ast.Name) else []


class _Code:
    """The modules of a package.

    Attributes:
        kept: the classes of what is kept with subjects, with what they inherit and have in them.
        settings: the names of those that are settings.
    """

    def __init__(self, package: Path) -> None:
        self.trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in _files(package)}
        own = {_module(path, package): _defined(tree) for path, tree in self.trees.items()}
        self.scopes = {
            path: _Scope({**_imported(tree, own), **own[_module(path, package)]})
            for path, tree in self.trees.items()
        }
        self._homes = {
            node: scope for path, scope in self.scopes.items() for node in ast.walk(self.trees[path])
        }
        classes = [node for node in self._homes if isinstance(node, ast.ClassDef)]
        self.settings = {node.name for node in classes if any(map(_is_setting, node.body))}
        self.kept: set[ast.ClassDef] = set()
        for path, tree in self.trees.items():
            for name in _records(tree):
                self._keep(name, self.scopes[path])

    def _keep(self, name: str, scope: _Scope) -> None:
        node = scope.classes.get(name)
        if node and node not in self.kept:
            self.kept.add(node)
            for one in (*node.bases, *(field.annotation for field in _annotated(node))):
                for other in self._homes[node].mentions(one):
                    self._keep(other, self._homes[node])


def _module(path: Path, package: Path) -> str:
    return ".".join((package.name, *path.relative_to(package).with_suffix("").parts))


def _imported(tree: ast.AST, own: Mapping[str, Mapping[str, ast.AST]]) -> dict[str, ast.AST]:
    """What a module has of the others of its package."""
    found: dict[str, ast.AST] = {}
    for node in ast.walk(tree):
        names = own.get(node.module or "", {}) if isinstance(node, ast.ImportFrom) else {}
        for alias in node.names if isinstance(node, ast.ImportFrom) else ():
            if alias.name in names:
                found[alias.asname or alias.name] = names[alias.name]
    return found


def flows(package: Path) -> set[str]:
    """What the workflows of a package are called in the record."""
    code = _Code(package)
    found = (name for path, tree in code.trees.items() for name in _flows(tree, code.scopes[path]))
    return {str(name) for name in found}


def _annotated(node: ast.ClassDef) -> list[ast.AnnAssign]:
    return [one for one in node.body if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)]


def _is_setting(node: ast.AST) -> bool:
    value = node.value if isinstance(node, ast.AnnAssign) else None
    return isinstance(value, ast.Call) and _called(value) == "setting"


def _in(node: ast.AST, scope: _Scope, code: _Code) -> Iterator[_Found]:
    if isinstance(node, ast.FunctionDef):
        scope = scope.inside(node)
    elif isinstance(node, ast.Call):
        yield from _of_call(node, scope)
        yield from _of_codes(node, scope, code)
    elif isinstance(node, ast.Assign | ast.AnnAssign):
        yield from _of_table(node, scope)
    elif isinstance(node, ast.ClassDef):
        yield from _of_class(node, scope)
    for child in ast.iter_child_nodes(node):
        yield from _in(child, scope, code)


def _of_call(call: ast.Call, scope: _Scope) -> Iterator[_Found]:
    name = _called(call)
    for argument in _said_by(name, call.args):
        yield from scope.texts(argument)
    if name in ("show", "Card") and call.args:
        yield from scope.keys(call.args[0])
    given = {one.arg: one.value for one in call.keywords}
    for keyword in _KEYWORDS:
        yield from scope.texts(given.get(keyword))
    if name == "Move" and "label" not in given:
        yield from scope.texts(given.get("name"))
    if name == "Figure" or {"label", "help"} <= given.keys():
        figures = scope.texts(given.get("name") or next(iter(call.args), None))
        yield from ((heading(str(text)), line) for text, line in figures if _FIGURE.fullmatch(str(text)))


def _said_by(name: str, given: list[ast.expr]) -> list[ast.expr]:
    """What a call says to people, of what it is given."""
    if name == "Table" and isinstance(next(iter(given), None), ast.Constant):
        return []  # that of a database: it has a name, where those that people read have headings
    if name in ("has_post", "State"):
        return given if name == "has_post" else given[:2][-1:]
    return given[:1] if name in _SAYING else given[1:2] if name in _SECOND else []


def _of_codes(call: ast.Call, scope: _Scope, code: _Code) -> Iterator[_Found]:
    """What is declared by a code that is its name: plugins, posts, what settings have by default."""
    name = _called(call)
    given = {one.arg: one.value for one in call.keywords}
    coded = _CODED.get(name, _OF_DEFAULTS if name in code.settings and "name" not in given else ())
    yield from (one for option in coded for one in scope.texts(given.get(option)))


def _of_class(node: ast.ClassDef, scope: _Scope) -> Iterator[_Found]:
    """What a workflow, its states and moves are called where nothing is said: their names; what choices and refusals say."""
    named = [one for one in node.body if isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Name)]
    if _record_of(node) is not None:
        given = {one.arg: one.value for one in node.keywords}
        yield from scope.texts(given.get("label"))
        if "label" not in given:
            yield from ((str(text).replace("_", " "), line) for text, line in scope.texts(given.get("name")))
        yield from (one for each in named for one in _of_attribute(ast.unparse(each.targets[0]), each.value))
    yield from scope.texts(next((one.value for one in node.keywords if one.arg == "says"), None))
    if any(ast.unparse(base) == "Choice" for base in node.bases):
        yield from (one for each in named for one in scope.texts(each.value))


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


def _of_table(node: ast.Assign | ast.AnnAssign, scope: _Scope) -> Iterator[_Found]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    names = {target.id for target in targets if isinstance(target, ast.Name)}
    if "PLURALS" in names and isinstance(node.value, ast.Dict):
        for one, many in zip(node.value.keys, node.value.values, strict=True):
            yield from _pairs(one, many, scope)
    elif not names.isdisjoint(_TABLES):
        yield from scope.texts(node.value)


def _pairs(one: ast.AST | None, many: ast.AST, scope: _Scope) -> Iterator[_Found]:
    for (singular, line), (plural, _) in zip(scope.texts(one), scope.texts(many), strict=True):
        yield (str(singular), str(plural)), line


def _records(tree: ast.AST) -> Iterator[str]:
    """The classes of what is kept with a workflow's subjects, whose fields `show` has."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _called(node) == "Workflow":
            given = (one.value for one in node.keywords if one.arg == "record")
            yield from (value.id for value in given if isinstance(value, ast.Name))
        elif isinstance(node, ast.ClassDef) and (record := _record_of(node)):
            yield record


def _flows(tree: ast.AST, scope: _Scope) -> Iterator[Message]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) or (isinstance(node, ast.Call) and _called(node) == "Workflow"):
            named = [one.value for one in node.keywords if one.arg == "name"]
            yield from (name for each in named for name, _ in scope.texts(each))


def _of_kept(path: Path, scope: _Scope, code: _Code) -> Iterator[_Found]:
    """The fields of records, what private inputs are read under, and what both may be."""
    for node in ast.walk(code.trees[path]):
        fields = _annotated(node) if isinstance(node, ast.ClassDef) else []
        mentioned = {one.lineno: scope.mentions(one.annotation) for one in fields}
        kept = node in code.kept
        inputs = any(found & {"Input", "Private"} for found in mentioned.values())
        for one in fields:
            if kept or "Private" in mentioned[one.lineno]:
                yield ast.unparse(one.target), one.lineno
            if kept or inputs:
                yield from scope.codes(one.annotation)
