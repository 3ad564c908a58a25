"""What turns a statement's values into SQLite's, and a row of SQLite's into ours.

It runs for every value of every act. So each statement has functions of its own, made from a program's
text as attrs makes its methods: one expression over its columns, in which nothing is looked up. The text
holds numbers and the names of parameters, which are this program's, and no value.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, ClauseElement, Integer, String, Uuid
from sqlalchemy.types import TypeEngine

from linli._store.columns import SQLITE_BINDERS, Row


def as_it_is(kind: TypeEngine[Any]) -> bool:
    """Whether SQLite takes values of this type as they are."""
    return isinstance(kind, String | Integer) and not isinstance(kind, Boolean)


def binding(
    parameters: Sequence[tuple[str, TypeEngine[Any]]],
) -> Callable[[Mapping[str, Any]], Sequence[Any]]:
    """What takes a statement's parameters, in their order, out of named values."""
    return _function([_bound(f"given[{name!r}]", kind) for name, kind in parameters])


def _bound(value: str, kind: TypeEngine[Any]) -> str:
    if as_it_is(kind):
        return value
    if isinstance(kind, Uuid):
        return f"(None if (v := {value}) is None else f'{{v.int:032x}}')"
    return f"(binders[v.__class__](v) if (v := {value}).__class__ in binders else v)"


def reading(clause: ClauseElement) -> Callable[[Row], Row] | None:
    """What makes a row's values ours; None where they are."""
    columns = getattr(clause, "exported_columns", ())  # of a select, or of what an update returns
    kinds = [column.type.python_type for column in columns]
    if not _READERS.keys() & kinds:
        return None
    return _function([_read(f"given[{number}]", kind) for number, kind in enumerate(kinds)])


def _read(value: str, kind: type) -> str:
    return f"(None if (v := {value}) is None else {kind.__name__}(v))" if kind in _READERS else value


def _function(expressions: Sequence[str]) -> Callable[[Any], tuple[Any, ...]]:
    known = {"binders": SQLITE_BINDERS, **{kind.__name__: read for kind, read in _READERS.items()}}
    made: Callable[[Any], tuple[Any, ...]] = eval(  # its text is made above, from names of this program
        f"lambda given: ({''.join(f'{one}, ' for one in expressions)})", known
    )
    return made


@lru_cache(8192)  # the rows of a tree say the same few identifiers over and over
def _identifier(text: str) -> UUID:
    return UUID(text)


_READERS: Mapping[type, Callable[[Any], Any]] = {
    UUID: _identifier,
    datetime: datetime.fromisoformat,
    date: date.fromisoformat,
    bool: bool,
}
