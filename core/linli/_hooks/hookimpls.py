"""What a plugin marks as its hooks, compared with what linli asks: a slip is one line when it is loaded."""

import inspect
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from types import ModuleType
from typing import Any

from linli._base.errors import PluginError
from linli._base.i18n import Text, listed, say
from linli._hooks import hookspecs

SPECIFIED: Mapping[str, tuple[str, ...]] = {
    name: tuple(inspect.signature(function).parameters)
    for name, function in vars(hookspecs).items()
    if hasattr(function, f"{hookspecs.PROJECT}_spec")
}
"""The arguments of every hook, by its name, in the order of the page."""

_OUR_ORDER = ("hookwrapper", "wrapper", "tryfirst", "trylast")


def refuse_slips(plugin: str, module: object) -> None:
    """PluginError where the plugin marks what linli never calls, or calls otherwise."""
    for slip in _slips(module):
        raise PluginError(say("plugin '{plugin}': {slip}", plugin=plugin, slip=slip))


def _slips(module: object) -> Iterator[Text]:
    for name in dir(module):
        function = getattr(module, name, None)
        options = getattr(function, f"{hookspecs.PROJECT}_impl", None)
        if isinstance(options, Mapping) and callable(function):
            yield from _marked(options.get("specname") or name, function, options)
        elif name in SPECIFIED and _is_its_own(function, module):
            yield say("{hook} is not marked; write @hookimpl above it", hook=name)


def _is_its_own(function: object, module: object) -> bool:
    return (
        isinstance(module, ModuleType) and getattr(function, "__module__", None) == module.__name__
    ) and inspect.isfunction(function)


def _marked(hook: str, function: Callable[..., Any], options: Mapping[str, Any]) -> Iterator[Text]:
    if hook not in SPECIFIED:
        yield _unknown(hook)
        return
    known = SPECIFIED[hook]
    more = [name for name in inspect.signature(function).parameters if name not in known]
    if more:
        yield say(
            "{hook} takes {more}, which linli does not give; it gives: {known}",
            hook=hook,
            more=listed(more),
            known=listed(known),
        )
    for option in _OUR_ORDER:
        if options.get(option):
            yield say(
                "{hook} is marked {option}; take that away: plugins are asked in the order of [plugins] enabled",
                hook=hook,
                option=option,
            )


def _unknown(hook: str) -> Text:
    near = get_close_matches(hook, SPECIFIED, n=1, cutoff=0.5)
    if near:
        return say("linli has no hook {hook}; did you mean {near}?", hook=hook, near=near[0])
    return say("linli has no hook {hook}; it has: {known}", hook=hook, known=listed(SPECIFIED))
