"""A district's database: SQLite or PostgreSQL, behind one transaction.

An act reads what it needs, then hands over one list of writes. On PostgreSQL the reads travel
together and so do the writes with the commit (two round trips an act); on SQLite they run in a
loop inside BEGIN IMMEDIATE.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Protocol, cast

from sqlalchemy import Connection, Dialect, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from linli.errors import StoreError
from linli.i18n import say
from linli.store.failures import translated
from linli.store.statements import Compiled, Read, Row, Write

Question = tuple[Read, Mapping[str, Any]]

# No transaction outlives this; what the sealer looks back for is safe because of it.
LONGEST_TRANSACTION_SECONDS = 600


class Transaction(Protocol):
    """One transaction. What was read in it and what it writes hold together or not at all."""

    def ask(self, questions: Sequence[Question]) -> list[list[Row]]:
        """Answer several queries at once, in their order."""
        ...

    def commit(self, writes: Sequence[Write]) -> None:
        """Apply all writes in their order and commit; on a failure nothing is stored."""
        ...


class _SqliteTransaction:
    def __init__(self, connection: Any, dialect: Dialect) -> None:
        self._connection = connection
        self._dialect = dialect
        connection.execute("BEGIN IMMEDIATE")

    def ask(self, questions: Sequence[Question]) -> list[list[Row]]:
        return [self._rows(read.on(self._dialect), values) for read, values in questions]

    def _rows(self, compiled: Compiled, values: Mapping[str, Any]) -> list[Row]:
        rows = self._connection.execute(compiled.sql, compiled.arguments(values)).fetchall()
        if not compiled.readers:
            return cast(list[Row], rows)
        return [tuple([r(v) for r, v in zip(compiled.readers, row, strict=True)]) for row in rows]

    def commit(self, writes: Sequence[Write]) -> None:
        execute = self._connection.execute
        for write in writes:
            compiled = write.statement.on(self._dialect)
            execute(compiled.sql, compiled.arguments(write.values))
        execute("COMMIT")

    def rollback(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")


class _PostgresTransaction:
    def __init__(self, connection: Any, dialect: Dialect) -> None:
        self._connection = connection
        self._dialect = dialect
        self._begun = False

    def _begin(self) -> None:
        if not self._begun:
            self._connection.execute("BEGIN")
            self._begun = True

    def ask(self, questions: Sequence[Question]) -> list[list[Row]]:
        cursors = []
        with self._connection.pipeline():
            self._begin()
            for read, values in questions:
                compiled = read.on(self._dialect)
                cursors.append(self._connection.execute(compiled.sql, compiled.arguments(values)))
        return [cursor.fetchall() for cursor in cursors]

    def commit(self, writes: Sequence[Write]) -> None:
        with self._connection.pipeline():
            self._begin()
            cursor = self._connection.cursor()
            for write in writes:
                compiled = write.statement.on(self._dialect)
                cursor.execute(compiled.sql, compiled.arguments(write.values))
            cursor.execute("COMMIT")

    def rollback(self) -> None:
        from psycopg.pq import TransactionStatus

        status = self._connection.info.transaction_status
        if status in (TransactionStatus.INTRANS, TransactionStatus.INERROR):
            self._connection.execute("ROLLBACK")
        elif status is not TransactionStatus.IDLE:
            self._connection.close()


class Store:
    """A database with a district's record.

    Args:
        url: as SQLAlchemy takes it: "sqlite:///linli.db" or "postgresql://user@host/name".
        connections: how many are kept open at most.
    """

    def __init__(self, url: str, *, connections: int = 8) -> None:
        self.engine = _engine(url, connections)
        self.dialect = self.engine.dialect
        self.name = self.dialect.name

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """A transaction that writes. It rolls back unless `commit` was called."""
        with translated():
            pooled = self.engine.raw_connection()
            connection = pooled.driver_connection
            kind = _SqliteTransaction if self.name == "sqlite" else _PostgresTransaction
            transaction: Any = None
            try:
                transaction = kind(connection, self.dialect)
                yield transaction
            finally:
                try:
                    if transaction is not None:
                        transaction.rollback()
                except Exception:
                    pooled.invalidate()
                    raise
                finally:
                    pooled.close()

    def ask(self, questions: Sequence[Question]) -> list[list[Row]]:
        """Answer queries outside an act, each seeing what is committed."""
        with self.reading() as connection:
            return [self._answer(connection, read, values) for read, values in questions]

    def _answer(self, connection: Connection, read: Read, values: Mapping[str, Any]) -> list[Row]:
        return [tuple(row) for row in connection.execute(cast(Any, read.clause), dict(values))]

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A SQLAlchemy connection for lists and reports."""
        with translated(), self.engine.connect() as connection:
            yield connection

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def _engine(url: str, connections: int) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite_engine(url)
    if parsed.get_backend_name() == "postgresql":
        return _postgres_engine(url, connections)
    raise StoreError(
        say(
            "[store] url names {kind}; linli keeps its record in sqlite or postgresql", kind=parsed.drivername
        )
    )


def _sqlite_engine(url: str) -> Engine:
    engine = create_engine(url, isolation_level="AUTOCOMMIT", connect_args={"timeout": 60})

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        for setting in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY"):
            connection.execute(f"PRAGMA {setting}")

    return engine


def _postgres_engine(url: str, connections: int) -> Engine:
    try:
        import psycopg  # noqa: F401
    except ImportError as missing:
        raise StoreError(
            say(
                "[store] url names postgresql, but its driver is not installed; run: pip install 'linli[postgresql]'"
            )
        ) from missing
    parsed = make_url(url).set(drivername="postgresql+psycopg")
    options = f"-c timezone=UTC -c transaction_timeout={LONGEST_TRANSACTION_SECONDS}s"
    return create_engine(
        parsed,
        isolation_level="AUTOCOMMIT",
        paramstyle="format",
        pool_size=connections,
        max_overflow=connections,
        connect_args={"options": options, "connect_timeout": 10},
    )


def single_use(url: str) -> Engine:
    """An engine that keeps no connection: for migrations."""
    return create_engine(url, poolclass=NullPool)
