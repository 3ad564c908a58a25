"""A transaction on PostgreSQL: what an act reads travels together, and so do its writes with the commit."""

from collections.abc import Hashable, Mapping, Sequence
from itertools import groupby
from typing import Any, cast

from sqlalchemy import Dialect

from linli._store.bulk import Bulk, Lookup, copy_rows
from linli._store.columns import Row
from linli._store.statements import Read, Write
from linli._store.wire import PartWire, Wire

Question = tuple[Read, Mapping[str, Any]]
# Up to as many keys travel like other questions, each as one; an array of them needs a round trip of its own.
_FEW = 8


class PostgresTransaction:
    """See `linli._store.store.Transaction`."""

    _WIRE: type[Wire] = Wire

    def __init__(self, connection: Any, dialect: Dialect, *, begin: bool = True) -> None:
        self._wire = self._WIRE(connection)
        self._dialect = dialect
        self._begins = begin

    def _first(self) -> bool:
        """Whether the transaction begins with what is sent next."""
        begins, self._begins = self._begins, False
        return begins

    def ask(self, questions: Sequence[Question]) -> list[list[Row]]:
        commands = [(read.on(self._dialect), values) for read, values in questions]
        return self._wire.run(commands, begin=self._first())

    def look_up(self, lookup: Lookup, keys: Sequence[Hashable], values: Mapping[str, Any]) -> list[Row]:
        from psycopg import RawCursor

        if len(keys) <= _FEW:
            one = lookup.one.on(self._dialect)
            asked = [(one, {**values, "key": key}) for key in dict.fromkeys(keys)]
            return [row for rows in self._wire.run(asked, begin=self._first()) for row in rows]
        self._wire.run([], begin=self._first())
        compiled = lookup.among.on(self._dialect)
        cursor: RawCursor[Any] = RawCursor(self._wire.connection)
        arguments = compiled.arguments({**values, "keys": list(keys)})
        return cast(list[Row], cursor.execute(compiled.sql, arguments).fetchall())

    def hold(self, name: str) -> None:
        self._wire.run([], begin=self._first())
        self._wire.connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (name,))

    def commit(self, writes: Sequence[Write]) -> None:
        # COPY does not travel with others, so the writes around it travel in several batches.
        runs = [(many, list(run)) for many, run in groupby(writes, key=lambda w: isinstance(w, Bulk))]
        last = runs.pop()[1] if runs and not runs[-1][0] else []
        for many, run in runs:
            if many:
                self._copy(run)
            else:
                self._wire.run(self._commands(run), begin=self._first())
        self._wire.run(self._commands(last), begin=self._first(), commit=True)

    def _copy(self, run: Sequence[Write]) -> None:
        self._wire.run([], begin=self._first())
        for write in run:
            copy_rows(self._wire.connection, cast(Bulk, write))

    def _commands(self, writes: Sequence[Write]) -> list[Any]:
        return [(write.statement.on(self._dialect), write.values) for write in writes]

    def rollback(self) -> None:
        self._wire.rollback()


class PostgresPart(PostgresTransaction):
    """One within a transaction that is stored or undone as a whole; see `Store.together`."""

    _WIRE = PartWire
