"""Many rows at once: looked up by their keys in one question, stored in one go with the act's commit.

On PostgreSQL a lookup is one query over an array and rows come in by COPY in its binary form; on
SQLite, which runs in the process, both are loops over a compiled statement.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import attrs
from sqlalchemy import Column, Select, Table, bindparam, func

from linli._store.columns import SQLITE_BINDERS
from linli._store.statements import Read, Write, WriteStatement, insert_into

_COPY_TYPES: Final[dict[type, str]] = {
    UUID: "uuid",
    str: "text",
    bytes: "bytea",
    datetime: "timestamptz",
    date: "date",
}
_COPY_NUMBERS: Final = {"INTEGER": "int4", "BIGINT": "int8"}


class Lookup:
    """A query for rows by one column, for any number of that column's values.

    Args:
        select: the query; its other parameters are `district` and what the caller names.
    """

    def __init__(self, select: Select[Any], column: Any) -> None:
        # SQLAlchemy would bind the whole array as one value of the column's type.
        self.among = Read(select.where(column == func.any(bindparam("keys"))))
        self.one = Read(select.where(column == bindparam("key")))
        self._select, self._column = select, column

    def some(self, keys: Sequence[Hashable]) -> Select[Any]:
        """The same query for some keys, for a connection of SQLAlchemy's."""
        return self._select.where(self._column.in_(keys))


class BulkStatement(WriteStatement):
    """The insert of many rows into a table."""

    __slots__ = ("copy", "copy_types")

    def __init__(self, table: Table, rank: int) -> None:
        plain = insert_into(table, rank=rank)
        super().__init__(plain.clause, f"bulk insert {table.name}", rank, plain.columns, table)
        names = ", ".join(f'"{column.name}"' for column in table.columns)
        self.copy = f'COPY "{table.name}" ({names}) FROM STDIN (FORMAT BINARY)'
        self.copy_types = [_copy_type(column) for column in table.columns]


def _copy_type(column: Column[Any]) -> str:
    kind = column.type.python_type
    return _COPY_TYPES.get(kind) or _COPY_NUMBERS[str(column.type)]


def bulk_into(table: Table, *, rank: int = 30) -> BulkStatement:
    """The insert of many rows; each a tuple of all the table's columns, in their order."""
    return BulkStatement(table, rank)


@attrs.frozen(slots=True, eq=False)
class Bulk(Write):
    """Many new rows of one table; one that is there already breaks the whole batch.

    Attributes:
        rows: tuples in the order of the table's columns.
    """

    rows: Sequence[tuple[Any, ...]] = ()


def bulk(statement: BulkStatement, rows: Sequence[tuple[Any, ...]]) -> Bulk:
    """The write of `rows`."""
    return Bulk(statement, {}, "", rows)


def copy_rows(connection: Any, write: Bulk) -> None:
    """Store rows on PostgreSQL."""
    statement = write.statement
    assert isinstance(statement, BulkStatement)
    with connection.cursor().copy(statement.copy) as copy:
        copy.set_types(statement.copy_types)
        for row in write.rows:
            copy.write_row(row)


def insert_rows(connection: Any, sql: str, write: Bulk) -> None:
    """Store rows on SQLite."""
    connection.executemany(sql, _bound(write.rows))


def _bound(rows: Iterable[tuple[Any, ...]]) -> Iterable[list[Any]]:
    binders = SQLITE_BINDERS
    identity: Callable[[Any], Any] = lambda value: value  # noqa: E731
    for row in rows:
        yield [binders.get(type(value), identity)(value) for value in row]
