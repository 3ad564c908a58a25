"""Values of any type: for records of matters, for what moves ask, for what calls take."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from pathlib import Path
from random import Random
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints
from uuid import UUID, uuid4

import attrs

from linli._model.inputs import Field

_DAY = date(2026, 3, 1)
_NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
# What would change who may see a matter is left to those who mean it.
_LEFT_OUT = frozenset(("confidential", "own_words", "about"))
_PLAIN: Mapping[Any, Any] = {
    str: "x", int: 1, bool: False, float: 1.0, bytes: b"x", datetime: _NOON, date: _DAY, time: time(9),
    Decimal: Decimal(1), timedelta: timedelta(days=1),
}  # fmt: skip
# Good values, and those that people get wrong or others try.
_TRIED: Mapping[Any, tuple[Any, ...]] = {
    str: ("x", "漏水", "general", "2026-H1", "", "   ", "\0"),
    int: (0, 1, -1, 5, 10**30),
    bool: (True, False),
    Decimal: (Decimal(1), Decimal("NaN"), Decimal("Infinity"), Decimal(-1), Decimal(0)),
    date: (_DAY, date.min, date.max),
    datetime: (
        _NOON,
        datetime(2026, 3, 1),  # noqa: DTZ001 - of which zone, it does not say
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC),
    ),
}


def some(kind: Any) -> Any:
    """Some value of a type."""
    kind = getattr(kind, "__supertype__", kind)
    origin = get_origin(kind)
    if origin is not None:
        return _inside(origin, get_args(kind))
    if isinstance(kind, type) and attrs.has(kind):
        return record(kind)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return next(iter(kind))
    if kind is tuple or kind is list:
        return ()
    if kind is UUID:
        return uuid4()
    return Path("no-such-file") if kind is Path else _PLAIN.get(kind)


def _inside(origin: Any, inside: tuple[Any, ...]) -> Any:
    if origin in (Union, UnionType):
        return some(next(one for one in inside if one is not NoneType))
    if origin is Literal:
        return inside[0]
    if origin is tuple and inside[-1] is not Ellipsis:
        return tuple(map(some, inside))
    if issubclass(origin, Mapping):
        return {}
    return (some(inside[0]),) * 3 if issubclass(origin, Iterable) else None


def record(kind: type) -> Any:
    """A record with a value in each field, so that a matter in any state can stand on it."""
    hints = get_type_hints(kind)
    names = [field.name for field in attrs.fields(kind) if field.init and field.name not in _LEFT_OUT]
    return kind(**{name.lstrip("_"): some(hints[name]) for name in names})


def tried(fields: Iterable[Field], chance: Random, known: Sequence[UUID]) -> dict[str, Any]:
    """What somebody gives who may mean well, be wrong, or try what comes of it."""
    return {
        one.name: _tried(one, chance, known)
        for one in fields
        if one.asked and chance.random() < (0.95 if one.required else 0.6)
    }


def _tried(field: Field, chance: Random, known: Sequence[UUID]) -> Any:
    if field.many:
        return chance.choice(((), ("x",), (chance.choice(known),), (1,), ({"a": 1},), (None,)))
    if field.choices and chance.random() < 0.9:
        return chance.choice(field.choices)
    if field.type is UUID:
        return chance.choice([*known, uuid4()])
    return chance.choice(_TRIED.get(field.type, (None, {}, {"a": 1}, "x", ())))
