"""Whatever a plugin gives is guarded where its declaration is taken up: a failure names the plugin, the thing and the line.

What an error says of values stays out: they may be personal. A refusal of linli's own keeps its words.
"""

import functools
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

import attrs

from linli._base.errors import LinliError, PluginError
from linli._base.i18n import Text, say
from linli._hooks.plugin import Plugin
from linli._store.failures import Broken, Contended, ours

M = TypeVar("M")

_CORE = str(Path(__file__).parents[1])
# What makes something when it is asked: a class may stand there as well as a function.
_MAKERS = frozenset({"channels", "table_readers", "problem_writers", "public_pages"})
# What is read and never called.
_NO_CALLS = frozenset({"settings", "record", "type", "tables"})
_PLAIN = frozenset({str, int, bool, float})
# What is called outside an act: nothing would have been stored.
_OUTSIDE = frozenset(
    {"channels", "periodic", "table_readers", "problem_writers", "public_pages", "query", "items", "derived"}
)


def failed(plugin: str, where: str, error: Exception, *, stored: Text | None = None) -> PluginError:
    """The error that says which plugin failed, where."""
    detail = str(error) if isinstance(error, LinliError) else type_and_place(error)
    if where == "act_done":
        return PluginError(
            say(
                "plugin '{plugin}' failed in act_done: {detail}; the act itself stands",
                plugin=plugin,
                detail=detail,
            )
        )
    return PluginError(
        stored
        or say(
            "plugin '{plugin}' failed in {hook}: {detail}; nothing was stored",
            plugin=plugin,
            hook=where,
            detail=detail,
        )
    )


def type_and_place(error: Exception) -> str:
    """What an error may be called where people see it: its type, the plugin's line, and the status of an answer."""
    status = _status(error)
    place = place_of(error)
    return type(error).__name__ + (f" {status}" if status else "") + (f" ({place})" if place else "")


def _status(error: Exception) -> int | None:
    """The number that a peer answered with, where the error is about that."""
    found = getattr(error, "code", None) or getattr(getattr(error, "response", None), "status_code", None)
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def place_of(error: Exception) -> str | None:
    """The deepest line that is the plugin's; of linli's own plugins, the deepest one."""
    frames = _lines(error)
    theirs = next((Path(file).parent for file, _ in frames if not file.startswith(_CORE)), None)
    mine = [one for one in frames if theirs is None or Path(one[0]).is_relative_to(theirs)]
    found = [one for one in mine if one[0] != __file__]
    return f"{Path(found[-1][0]).name}:{found[-1][1]}" if found else None


def deepest_of(error: Exception) -> str | None:
    """The line that an error was raised in, or, of an import, that asked for it."""
    lines = _lines(error)
    return f"{Path(lines[-1][0]).name}:{lines[-1][1]}" if lines else None


def _lines(error: Exception) -> list[tuple[str, int]]:
    every = ((one.tb_frame.f_code.co_filename, one.tb_lineno) for one in _frames(error.__traceback__))
    return [one for one in every if "importlib" not in one[0]]


def _frames(trace: TracebackType | None) -> Iterator[TracebackType]:
    while trace:
        yield trace
        trace = trace.tb_next


# --- the guard -----------------------------------------------------------------------------------------


def guarded(declaration: Plugin) -> Plugin:
    """The declaration with every callable in it guarded, however deep it is."""
    found: Plugin = _walked_record(declaration, declaration.name, "")
    return found


_KNOWN: dict[tuple[str, str, int], tuple[object, Any]] = {}


def _walked(value: Any, plugin: str, name: str, field: str) -> Any:
    if value is None or type(value) in _PLAIN:
        return value
    if isinstance(value, tuple):
        return tuple(_walked(one, plugin, name, field) for one in value)
    if isinstance(value, Mapping):
        inside = {
            key: _walked(one, plugin, f"{field} {key}" if field in _MAKERS else name, field)
            for key, one in value.items()
        }
        return inside if any(inside[key] is not value[key] for key in inside) else value
    if attrs.has(type(value)) and not isinstance(value, type | Text):
        return _record(value, plugin, name)
    if hasattr(value, "with_guard"):
        return value.with_guard(lambda one: _guard(one, plugin, name or str(value), outside=False))
    if callable(value) and (field in _MAKERS or not isinstance(value, type)):
        return _guard(value, plugin, _said(name, field), outside=field in _OUTSIDE)
    return value


def _record(value: Any, plugin: str, name: str) -> Any:
    """A record and what is in it; the same one is walked once, since plugins are loaded again and again."""
    key = (plugin, name, id(value))
    if key not in _KNOWN:
        _KNOWN[key] = (value, _walked_record(value, plugin, _named(value, name)))
    return _KNOWN[key][1]


def _walked_record(value: Any, plugin: str, name: str) -> Any:
    changes = {}
    for one in attrs.fields(type(value)):
        if one.init and one.name not in _NO_CALLS:
            old = getattr(value, one.name)
            new = _walked(old, plugin, name, one.name)
            if new is not old and not (isinstance(old, tuple) and _same(old, new)):
                changes[one.alias] = new
    return attrs.evolve(value, **changes) if changes else value


def _same(old: tuple[Any, ...], new: tuple[Any, ...]) -> bool:
    return all(one is other for one, other in zip(old, new, strict=True))


def _named(value: Any, name: str) -> str:
    """What a record is called: "thing.end" for a move, its own name for everything else."""
    own = getattr(value, "name", None) or getattr(value, "kind", None)
    if not isinstance(own, str) or isinstance(value, Plugin):
        return name
    return f"{name}.{own}" if name else own


def _said(name: str, field: str) -> str:
    return f"{name} ({field})" if name and not name.startswith(field) else name or field


def _guard(function: Callable[..., Any], plugin: str, where: str, *, outside: bool) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            found = function(*args, **kwargs)
            # What is yielded is computed only when it is asked for: here, where a failure has a name.
            return list(found) if hasattr(found, "__next__") else found
        except Exception as error:
            if is_nobodys(error):
                raise
            raise blamed(plugin, where, error, outside=outside) from error

    functools.update_wrapper(
        call,
        function,
        updated=("__dict__",) if hasattr(function, "__dict__") and not isinstance(function, type) else (),
    )
    return call


def is_nobodys(error: Exception) -> bool:
    """What linli itself says, and what the database does: no failure of the plugin's."""
    return isinstance(error, LinliError | Broken | Contended) or ours(error) is not error


def blamed(plugin: str, where: str, error: Exception, *, outside: bool) -> PluginError:
    """The error that names whose callable failed; where nothing could have been stored, nothing is said of that."""
    if not outside:
        return failed(plugin, where, error)
    detail = type_and_place(error)
    return failed(
        plugin,
        where,
        error,
        stored=say("plugin '{plugin}' failed in {hook}: {detail}", plugin=plugin, hook=where, detail=detail),
    )
