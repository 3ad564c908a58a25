"""The names in callbacks' bodies, looked up before anything runs: for authors who run no type checker.

What a name stands for is followed from the annotation of the callback's one parameter: `t.record.x`, `t.given.x`,
`t.before.record.x`, `t.settings(Tools).x`, `Loans.x`, `Condition.X`, `evolve(t.record, x=..)`, `Borrow(x=..)`, and through
local names that are given once. What cannot be followed is not judged, and said so: nothing that is right is reported.
"""

import ast
import builtins
import inspect
import types
import typing
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any
from uuid import UUID

import attrs

from linli._base.i18n import Text, say
from linli._base.records import evolve
from linli._base.refusals import Refusal
from linli._model.acts import Act
from linli._model.contexts import AnyAct, Context, Subject, Transition
from linli._model.declared import Declared
from linli._model.direct import ActContext, DirectAct
from linli._model.fitting import misfits
from linli._model.inputs import Choice
from linli._model.lateness import Lateness
from linli._model.looked import Found
from linli._model.moves import Move
from linli._model.workflows import Workflow

_UNKNOWN: Any = object()
_CALLBACKS = (AnyAct, Context, ActContext)
_OF_A_FLOW: Mapping[str, type] = {"parent": Subject, "of": Transition, "late": Lateness}


@attrs.frozen
class Instance:
    """That an expression is an instance of a class, with what stands in its brackets: `Transition[Loan, Borrow]`."""

    kind: type
    given: tuple[Any, ...] = ()


def look(module: ModuleType) -> Found:
    """Look up the names in the callbacks of a module."""
    try:
        tree = ast.parse(inspect.getsource(module))
    except (OSError, TypeError):
        return Found((), (f"{module.__name__}: there is no source to look into",))
    looking = _Looking(module, Path(module.__file__ or "?").name, _bound(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            function = vars(module).get(node.name)
            first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
            if isinstance(function, FunctionType) and function.__code__.co_firstlineno == first:
                looking.function(node, function)
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef):
            looking.at_module(node)
    return Found(tuple(looking.problems), tuple(looking.unjudged))


def declares(module: ModuleType) -> bool:
    """Whether a module uses the author's contract."""
    return any(str(getattr(one, "__module__", "")).startswith(_MODEL) for one in vars(module).values())


_MODEL = tuple(
    f"{__package__}.{name}" for name in ("contexts", "inputs", "ladders", "moves", "states", "workflows")
)


class _Looking:
    def __init__(self, module: ModuleType, file: str, bound: Mapping[str, int]) -> None:
        self.module, self.file, self._bound_here = module, file, bound
        self.problems: list[Text] = []
        self.unjudged: list[str] = []
        self._scope: dict[str, Any] = {}
        self._narrowed: frozenset[str] = frozenset()

    def function(self, node: ast.FunctionDef, function: FunctionType) -> None:
        """A function whose one parameter is a transition or a context; of others the names of classes alone."""
        try:
            hints = typing.get_type_hints(function)
        except (NameError, TypeError, AttributeError):
            self.unjudged.append(f"{self.file}:{node.lineno}: {node.name}")
            return
        bound = _bound(node)
        self._scope, self._narrowed = dict.fromkeys(bound, _UNKNOWN), _narrowed(node)
        self._scope |= {name: _of_hint(hint) for name, hint in hints.items() if bound[name] == 1}
        for name, value in _given(node).items():
            if bound[name] == 1:
                self._scope[name] = self._kind(value)
        self._walk(node.body)
        self._undefined(node, function)
        self._scope, self._narrowed = {}, frozenset()

    def at_module(self, node: ast.stmt) -> None:
        """What stands in a class or at the module: workflows, moves, choices."""
        self._scope = dict.fromkeys(_bound(node), _UNKNOWN)
        self._walk([node])
        self._scope = {}

    def _walk(self, nodes: list[ast.stmt]) -> None:
        for top in nodes:
            for node in ast.walk(top):
                if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
                    self._attribute(node)
                elif isinstance(node, ast.Call):
                    self._call(node)

    # --- what an expression is --------------------------------------------------------------------

    def _kind(self, node: ast.expr) -> Any:
        """A class or module itself, the `Instance` of a class, or _UNKNOWN."""
        if ast.unparse(node) in self._narrowed:
            return _UNKNOWN
        match node:
            case ast.Name(id=name):
                return (
                    self._scope[name]
                    if name in self._scope
                    else _thing(vars(self.module).get(name, _UNKNOWN))
                )
            case ast.Attribute(value=value, attr=attr):
                return _attribute_of(self._kind(value), attr)
            case ast.Call():
                return self._called(node)
            case ast.NamedExpr(value=value):
                return self._kind(value)
        return _UNKNOWN

    def _called(self, node: ast.Call) -> Any:
        function = node.func
        if isinstance(function, ast.Attribute) and node.args:
            of = self._kind(function.value)
            if isinstance(of, Instance) and issubclass(of.kind, _CALLBACKS) and len(node.args) == 1:
                return self._of_context(function.attr, self._kind(node.args[0]), node.args[0])
        if self._copies(function) and node.args:
            return self._kind(node.args[0])
        kind = self._kind(function)
        return Instance(kind) if isinstance(kind, type) and attrs.has(kind) else _UNKNOWN

    def _copies(self, function: ast.expr) -> bool:
        """Whether what is called is attrs' own copying with changes."""
        match function:
            case ast.Name(id=name) if name not in self._scope:
                return vars(self.module).get(name) in (attrs.evolve, evolve)
            case ast.Attribute(value=ast.Name(id=name), attr="evolve"):
                return vars(self.module).get(name) is attrs
        return False

    def _of_context(self, method: str, first: Any, node: ast.expr) -> Any:
        if method == "settings" and isinstance(first, type):
            return Instance(first)
        if method in _OF_A_FLOW and isinstance(first, type) and issubclass(first, Workflow):
            return Instance(_OF_A_FLOW[method], (first.record_type,))
        if method == "of":
            direct = vars(self.module).get(node.id) if isinstance(node, ast.Name) else None
            if isinstance(direct, DirectAct):
                return Instance(ActContext, (direct.inputs,))
            move = self._move(node)
            return Instance(Transition, (move.flow.record_type, move.inputs)) if move else _UNKNOWN
        return _UNKNOWN

    def _move(self, node: ast.expr) -> Move[Any, Any] | None:
        if isinstance(node, ast.Attribute):
            flow = self._kind(node.value)
            found = getattr(flow, node.attr, None) if isinstance(flow, type) else None
            return found if isinstance(found, Move) else None
        return None

    # --- what is wrong ------------------------------------------------------------------------------

    def _attribute(self, node: ast.Attribute) -> None:
        kind = self._kind(node.value)
        if kind is _UNKNOWN:
            if _begins_with(node, self._scope):
                self.unjudged.append(f"{self.file}:{node.lineno}: {ast.unparse(node)}")
        elif not isinstance(kind, ModuleType) and not _has(kind, node.attr):
            self._say(node, say("{kind} has no {name}", kind=_called_so(kind), name=node.attr))

    def _call(self, node: ast.Call) -> None:
        kind = self._kind(node.func)
        if self._copies(node.func) and node.args:
            of = self._kind(node.args[0])
            kind = of.kind if isinstance(of, Instance) else _UNKNOWN
        names = _keywords(kind)
        for keyword in node.keywords if names is not None else ():
            if keyword.arg and keyword.arg not in (names or ()):
                self._say(keyword.value, say("{kind} has no {name}", kind=_called_so(kind), name=keyword.arg))
        self._counted(node)
        if _is_refusal(kind) and not any(one.arg is None for one in node.keywords):
            self._left_out(node, kind)

    def _counted(self, node: ast.Call) -> None:
        """What counts a move for a figure is written for its record: `LoanFlow.end.count(days_lent)`."""
        match node:
            case ast.Call(
                func=ast.Attribute(attr="count", value=ast.Attribute() as of), args=[ast.Name(id=name)]
            ):
                move, rule = self._move(of), vars(self.module).get(name)
                if move and isinstance(rule, FunctionType) and name not in self._scope:
                    for problem in misfits(rule, move.flow.record_type, move.inputs):
                        self._say(node, problem)

    def _left_out(self, node: ast.Call, kind: type[Refusal]) -> None:
        given = {one.arg for one in node.keywords} | kind.defaults.keys()
        for name in kind.declares:
            if name not in given:
                self._say(node, say("{kind} needs {name}", kind=kind.__name__, name=name))

    def _undefined(self, node: ast.FunctionDef, function: FunctionType) -> None:
        """Names that are neither the function's, nor the module's, nor Python's."""
        known = (
            function.__globals__.keys() | vars(builtins).keys() | self._scope.keys() | self._bound_here.keys()
        )
        annotations = {id(one) for each in ast.walk(node) for one in _annotation(each)}
        for one in ast.walk(node):
            read = isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load) and id(one) not in annotations
            if read and isinstance(one, ast.Name) and one.id not in known:
                self._say(one, say("{name} is not defined", name=one.id))

    def _say(self, node: ast.AST, problem: Text) -> None:
        where = f"{self.file}:{getattr(node, 'lineno', 0)}"
        self.problems.append(say("{where}: {problem}", where=where, problem=problem))


def _annotation(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes of an annotation: it is no name that is read when the function runs."""
    found = getattr(node, "annotation", None) or getattr(node, "returns", None)
    return ast.walk(found) if isinstance(found, ast.AST) else iter(())


def _bound(node: ast.AST) -> Counter[str]:
    """Every name that is bound in it, at any depth, with how often."""
    found: Counter[str] = Counter()
    for one in ast.walk(node):
        match one:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.arg(arg=name):
                found[name] += 1
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                found[name] += one is not node
            case (
                ast.ExceptHandler(name=str(name))
                | ast.MatchAs(name=str(name))
                | ast.MatchStar(name=str(name))
            ):
                found[name] += 2  # of a kind that is not followed
            case ast.MatchMapping(rest=str(name)):
                found[name] += 2
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                found.update((alias.asname or alias.name).partition(".")[0] for alias in names)
            case ast.Global(names=named) | ast.Nonlocal(names=named):
                found.update(named)
    return found


def _given(node: ast.FunctionDef) -> Mapping[str, ast.expr]:
    """What names are given: `x = ..`, `(x := ..)`."""
    found: dict[str, ast.expr] = {}
    for one in ast.walk(node):
        match one:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                found[name] = value
            case ast.NamedExpr(target=ast.Name(id=name), value=value):
                found[name] = value
    return found


def _narrowed(node: ast.FunctionDef) -> frozenset[str]:
    """The expressions that the function asks the class of: they may have what their annotation has not."""
    found: set[str] = set()
    for one in ast.walk(node):
        match one:
            case ast.Call(func=ast.Name(id="isinstance" | "issubclass" | "hasattr"), args=[asked, *_]):
                found.add(ast.unparse(asked))
            case ast.Call(func=ast.Name(id="type"), args=[asked]):
                found.add(ast.unparse(asked))
            case ast.Match(subject=asked):
                found.add(ast.unparse(asked))
    return frozenset(found)


def _begins_with(node: ast.Attribute, scope: Mapping[str, Any]) -> bool:
    """Whether what is read begins with a callback's own argument: what was meant to be followed."""
    base: ast.expr = node
    while isinstance(base, ast.Attribute | ast.Call | ast.Subscript):
        base = base.func if isinstance(base, ast.Call) else base.value
    of = scope.get(base.id) if isinstance(base, ast.Name) else None
    return isinstance(of, Instance) and issubclass(of.kind, (*_CALLBACKS, Subject))


# --- what has which names ------------------------------------------------------------------------------


def _thing(value: Any) -> Any:
    """A module's own name: classes of records, inputs, workflows and choices, and modules; of others nothing is said."""
    if isinstance(value, ModuleType):
        return value
    known = isinstance(value, type) and (issubclass(value, Workflow | Choice | Refusal) or attrs.has(value))
    return value if known else _UNKNOWN


# Their instances have the names of the class and no others.
_CLOSED = (date, timedelta, Decimal, UUID)


def _of_hint(hint: Any) -> Any:
    """What a parameter with this annotation is."""
    if typing.get_origin(hint) is typing.Annotated:
        return _of_hint(typing.get_args(hint)[0])
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        real = [one for one in typing.get_args(hint) if one is not types.NoneType]
        return _of_hint(real[0]) if len(real) == 1 else _UNKNOWN
    origin = typing.get_origin(hint) or hint
    if not isinstance(origin, type):
        return _UNKNOWN
    known = issubclass(origin, (*_CALLBACKS, Subject, *_CLOSED)) or attrs.has(origin)
    return Instance(origin, typing.get_args(hint)) if known else _UNKNOWN


def _keywords(kind: Any) -> Collection[str] | None:
    """What can be given by name to a class, or to a move that an order is made of; None where that may be anything."""
    if _is_refusal(kind):
        return tuple(kind.declares)
    takes = kind.__call__ if isinstance(kind, Move) else kind
    if not isinstance(kind, Move) and not (isinstance(kind, type) and attrs.has(kind)):
        return None
    names = inspect.signature(takes).parameters
    return None if any(one.kind is one.VAR_KEYWORD for one in names.values()) else names.keys()


def _is_refusal(kind: Any) -> bool:
    """Whether it is a class of refusals that makes its values itself."""
    return isinstance(kind, type) and issubclass(kind, Refusal) and kind.__init__ is Refusal.__init__


def _attribute_of(kind: Any, name: str) -> Any:
    if isinstance(kind, ModuleType):
        return _thing(getattr(kind, name, _UNKNOWN))
    if isinstance(kind, type) and issubclass(kind, Workflow):
        found = getattr(kind, name, _UNKNOWN)
        return found if isinstance(found, Declared) else _UNKNOWN
    if not isinstance(kind, Instance):
        return _UNKNOWN
    if issubclass(kind.kind, (*_CALLBACKS, Subject)):
        return _of_callback(kind, name)
    if attrs.has(kind.kind):
        try:
            hints = typing.get_type_hints(kind.kind)
        except (NameError, TypeError):
            return _UNKNOWN
        return _of_hint(hints[name]) if name in hints else _UNKNOWN
    return _UNKNOWN


def _of_callback(kind: Instance, name: str) -> Any:
    record = kind.given[0] if kind.given else _UNKNOWN
    if name in ("subject", "before", "after"):
        direct = issubclass(kind.kind, ActContext)
        return _of_hint(UUID) if direct else Instance(Subject, kind.given[:1])
    if name == "record":
        return _of_hint(record)
    if name == "given":
        # Of a transition the record comes first.
        where = 0 if issubclass(kind.kind, ActContext) else 1
        return _of_hint(kind.given[where]) if len(kind.given) > where else _UNKNOWN
    return _of_hint(_MOMENTS.get(name))


_MOMENTS: dict[str, type] = {"at": datetime, "local": datetime, "today": date, "opened_at": datetime}
_MOMENTS |= {"id": UUID, "root": UUID, "verb": str, "act": Act}


def _has(kind: Any, name: str) -> bool:
    if isinstance(kind, Instance):
        if hasattr(kind.kind, "__getattr__") or hasattr(kind.kind, "__attrs_post_init__"):
            return True
        if any(one.name == name for one in attrs.fields(kind.kind)) if attrs.has(kind.kind) else False:
            return True
        return hasattr(kind.kind, name) or name in _instance_names(kind.kind)
    return hasattr(kind, name)


def _instance_names(kind: type) -> set[str]:
    """What instances get in `__init__` and in annotations."""
    return {name for one in kind.__mro__ for name in getattr(one, "__annotations__", {})}


def _called_so(kind: Any) -> str:
    of = kind.kind if isinstance(kind, Instance) else kind
    return repr(of) if isinstance(of, Declared) else str(getattr(of, "__name__", of))
