"""Frozen records: a changed copy of one."""

from collections.abc import Callable
from functools import cache
from operator import attrgetter
from typing import Any, TypeVar

import attrs

R = TypeVar("R")


@cache
def _fields(kind: Any) -> tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]]]:
    fields = attrs.fields(kind)
    getters = [attrgetter(field.name) for field in fields]
    several = attrgetter(*(field.name for field in fields)) if len(fields) > 1 else None
    return tuple(field.alias for field in fields), several or (
        lambda record: tuple(get(record) for get in getters)
    )


def changed(record: R, /, **changes: Any) -> R:
    """A copy of an attrs record, with changes.

    What `attrs.evolve` does, in a third of its time: every act changes several records.
    """
    kind: Callable[..., R] = type(record)
    names, values = _fields(kind)
    return kind(**{**dict(zip(names, values(record), strict=True)), **changes})
