"""What a plugin answers to a hook: whose it is, of which type, and whose fault a failure is.

Each implementation is wrapped once, when its plugin is loaded; pluggy asks what was wrapped.
"""

import functools
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

import attrs

from linli._base.errors import PluginError, Problem, StoreError
from linli._base.i18n import listed, say
from linli._base.refusals import Refusal
from linli._hooks import hookspecs
from linli._hooks.audience import Audience
from linli._hooks.catalogue import Matched, Route
from linli._hooks.guarding import failed
from linli._hooks.matching import Match
from linli._model.awards import Award
from linli._model.deadlines import Escalation
from linli._model.effects import Assign, Change, Hold, MoveOrder, OpenOrder, Tell, Transfer
from linli._store import Write
from linli._store.failures import Contended

T = TypeVar("T")


@attrs.frozen
class Answer(Generic[T]):
    """What a plugin answered.

    Attributes:
        plugin: the plugin's name.
    """

    plugin: str
    value: T


ANSWERS: Mapping[str, tuple[type, ...]] = {
    "settings_check": (Problem,),
    "person_match": (Match,),
    "person_erase": (Write,),
    "person_holds": (Hold,),
    "act_check": (Refusal,),
    "act_effects": (OpenOrder, MoveOrder, Assign, Transfer, Tell, Change),
    "request_match": (Matched,),
    "request_route": (Route,),
    "ladder_next": (Escalation,),
    "points_for_act": (Award,),
    "publication_audience": (Audience,),
    "act_done": (),
}
"""By hook, of what its answers are; nothing is answered to `act_done`."""

_FIRST = frozenset({"request_match", "request_route", "ladder_next"})
_NOT_THE_PLUGINS_FAULT = (PluginError, StoreError, Contended)


class Hooks:
    """The hooks of a plugin: attributes, for pluggy to find."""

    def __init__(self, hooks: Mapping[str, Callable[..., Any]]) -> None:
        vars(self).update(hooks)


def answering(plugin: str, module: object) -> Hooks:
    """The hooks of a plugin, wrapped, for pluggy to ask."""
    found = {}
    for name in dir(module):
        function = getattr(module, name, None)
        options = getattr(function, f"{hookspecs.PROJECT}_impl", None)
        if isinstance(options, Mapping) and callable(function):
            found[name] = _wrapped(plugin, options.get("specname") or name, function)
    return Hooks(found)


def _wrapped(plugin: str, hook: str, function: Callable[..., Any]) -> Callable[..., Any]:
    made = _told if not ANSWERS[hook] else _asked_first if hook in _FIRST else _asked_all
    return functools.wraps(function)(made(plugin, hook, function))


def _told(plugin: str, hook: str, function: Callable[..., Any]) -> Callable[..., None]:
    def told(*given: object) -> None:
        with _named(plugin, hook):
            function(*given)

    return told


def _asked_first(plugin: str, hook: str, function: Callable[..., Any]) -> Callable[..., Answer[Any] | None]:
    def asked(*given: object) -> Answer[Any] | None:
        with _named(plugin, hook):
            value = function(*given)
            if value is not None and not isinstance(value, ANSWERS[hook]):
                raise _wrong_type(plugin, hook, value)
        return None if value is None else Answer(plugin, value)

    return asked


def _asked_all(
    plugin: str, hook: str, function: Callable[..., Any]
) -> Callable[..., list[Answer[Any]] | None]:
    kinds = ANSWERS[hook]

    # Asked for every act: written out, since each call within it would be made some forty times a request.
    def asked(*given: object) -> list[Answer[Any]] | None:
        answers = None
        try:
            values = function(*given)
            if values is None:
                return None
            if not hasattr(values, "__iter__"):
                raise _not_several(plugin, hook, values)
            for value in values:
                if not isinstance(value, kinds):
                    raise _wrong_type(plugin, hook, value)
                answers = answers or []
                answers.append(Answer(plugin, value))
        except _NOT_THE_PLUGINS_FAULT:
            raise
        except Exception as error:
            raise failed(plugin, hook, error) from error
        return answers

    return asked


@contextmanager
def _named(plugin: str, hook: str) -> Iterator[None]:
    """A failure says whose it is."""
    try:
        yield
    except _NOT_THE_PLUGINS_FAULT:
        raise
    except Exception as error:
        raise failed(plugin, hook, error) from error


def _wrong_type(plugin: str, hook: str, value: object) -> PluginError:
    return PluginError(
        say(
            "plugin '{plugin}' answered {hook} with a {got}, not with {wanted}; see docs/hooks/{hook}.md for what it returns",
            plugin=plugin,
            hook=hook,
            got=type(value).__name__,
            wanted=listed(one.__name__ for one in ANSWERS[hook]),
        )
    )


def _not_several(plugin: str, hook: str, value: object) -> PluginError:
    return PluginError(
        say(
            "plugin '{plugin}' answered {hook} with one {got}; yield it, or return a list",
            plugin=plugin,
            hook=hook,
            got=type(value).__name__,
        )
    )
