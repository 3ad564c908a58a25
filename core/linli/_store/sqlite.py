"""A transaction on SQLite: a loop inside BEGIN IMMEDIATE, in this very process."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

from sqlalchemy import Dialect

from linli._store.bulk import Bulk, Lookup, insert_rows
from linli._store.columns import Row
from linli._store.failures import StoreDamaged
from linli._store.statements import Compiled, Read, Write

Question = tuple[Read, Mapping[str, Any]]


class SqliteTransaction:
    """See `linli._store.store.Transaction`."""

    _BEGINS: Sequence[str] = ("BEGIN IMMEDIATE",)
    _COMMITS: Sequence[str] = ("COMMIT",)
    _ROLLS_BACK: Sequence[str] = ("ROLLBACK",)

    def __init__(self, connection: Any, dialect: Dialect, *, begin: bool = True) -> None:
        self._connection = connection
        self._dialect = dialect
        self._open = begin
        if begin:
            self._say(self._BEGINS)

    def _say(self, words: Sequence[str]) -> None:
        for word in words:
            self._connection.execute(word)

    def ask(self, questions: Sequence[Question]) -> list[list[Row]]:
        return [self._rows(read.on(self._dialect), values) for read, values in questions]

    def _rows(self, compiled: Compiled, values: Mapping[str, Any]) -> list[Row]:
        rows: list[Row] = self._connection.execute(compiled.sql, compiled.arguments(values)).fetchall()
        try:
            return [compiled.read(row) for row in rows] if compiled.read else rows
        except (ValueError, TypeError) as error:
            raise StoreDamaged(type(error).__name__) from None

    def look_up(self, lookup: Lookup, keys: Sequence[Hashable], values: Mapping[str, Any]) -> list[Row]:
        compiled = lookup.one.on(self._dialect)
        return [row for key in keys for row in self._rows(compiled, {**values, "key": key})]

    def hold(self, name: str) -> None:
        """Nothing to do: BEGIN IMMEDIATE holds everything."""

    def commit(self, writes: Sequence[Write]) -> None:
        execute = self._connection.execute
        for write in writes:
            compiled = write.statement.on(self._dialect)
            if isinstance(write, Bulk):
                insert_rows(self._connection, compiled.sql, write)
            else:
                execute(compiled.sql, compiled.arguments(write.values))
        self._say(self._COMMITS)
        self._open = False

    def rollback(self) -> None:
        if self._open and self._connection.in_transaction:
            self._say(self._ROLLS_BACK)
        self._open = False


class SqliteReading(SqliteTransaction):
    """One that only reads: as of one moment, without the lock for which whoever writes waits."""

    _BEGINS: Sequence[str] = ("BEGIN",)


class SqlitePart(SqliteTransaction):
    """One within a transaction that is stored or undone as a whole; see `Store.together`."""

    _BEGINS, _COMMITS = ("SAVEPOINT act",), ("RELEASE act",)
    _ROLLS_BACK = ("ROLLBACK TO act", "RELEASE act")
