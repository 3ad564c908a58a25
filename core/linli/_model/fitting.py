"""Whether a callback, by its annotation, is written for the record and the inputs that it gets."""

import typing
from collections.abc import Callable, Iterator
from typing import Any

from linli._base.i18n import Text, say
from linli._model.workflows import Workflow

Flow = type[Workflow[Any]]
_NONE = type(None)


def members_of(hint: Any) -> set[Any]:
    """The types that a union is of."""
    found = set(typing.get_args(hint)) if typing.get_origin(hint) in _UNIONS else {hint}
    return {one for each in found for one in _plain(each)}


def _plain(hint: Any) -> set[Any]:
    """What a type is at run time: a NewType as what it is of, also in a list, codes as texts."""
    if typing.get_origin(hint) is typing.Literal:
        return {type(one) for one in typing.get_args(hint)}
    if typing.get_origin(hint) is tuple:
        return {(tuple, *(one for each in typing.get_args(hint) for one in _plain(each)))}
    return {getattr(hint, "__supertype__", hint)}


_UNIONS = (typing.Union, type(int | None))


def said(hint: Any) -> str:
    return getattr(hint, "__name__", None) or str(hint)


def misfits(callback: Callable[..., object], *given: type) -> Iterator[Text]:
    """Why a callback cannot serve a move or a direct act: it is written for another record, or for other inputs."""
    for wanted, real in zip(_takes(callback), given, strict=False):
        known = [one for one in members_of(wanted) if isinstance(one, type)]
        if known and not any(_is_a(real, one) for one in known):
            yield say(
                "{callback} is written for {wanted}, not for {real}",
                callback=callback.__name__,
                wanted=said(wanted),
                real=real.__name__,
            )


def _is_a(real: type, wanted: type) -> bool:
    try:
        return issubclass(real, wanted)
    except TypeError:  # a protocol: what has its names is right, and a type checker knows
        return True


def _takes(callback: Callable[..., object]) -> tuple[Any, ...]:
    """The types in the annotation of its one parameter: of `Transition[Loan, Borrow]`, both."""
    try:
        hints = typing.get_type_hints(callback)
    except (NameError, TypeError):
        return ()
    found = next((hint for name, hint in hints.items() if name != "return"), None)
    return typing.get_args(found)
