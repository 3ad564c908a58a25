"""A district's database: SQLite or PostgreSQL, behind one transaction.

An act reads what it needs, then hands over one list of writes. On PostgreSQL the reads travel
together and so do the writes with the commit (two round trips an act); on SQLite they run in a
loop inside BEGIN IMMEDIATE.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol, cast

from sqlalchemy import Connection, Dialect, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool, PoolProxiedConnection, StaticPool

from linli._base.errors import StoreError
from linli._base.i18n import say
from linli._store.bulk import Lookup
from linli._store.columns import Row
from linli._store.failures import translated
from linli._store.statements import Read, Write

Question = tuple[Read, Mapping[str, Any]]

# No transaction outlives this; what the sealer looks back for is safe because of it.
LONGEST_TRANSACTION_SECONDS = 600


class Transaction(Protocol):
    """One transaction. What was read in it and what it writes hold together or not at all."""

    def ask(self, questions: Sequence[Question]) -> list[list[Row]]:
        """Answer several queries at once, in their order."""
        ...

    def look_up(self, lookup: Lookup, keys: Sequence[Hashable], values: Mapping[str, Any]) -> list[Row]:
        """The rows that any of `keys` finds, in no order."""
        ...

    def hold(self, name: str) -> None:
        """Wait until no other transaction holds `name`, and hold it to the end of this one."""
        ...

    def commit(self, writes: Sequence[Write]) -> None:
        """Apply all writes in their order and commit; on a failure nothing is stored."""
        ...


class Gone(StoreError):
    """The file of an embedded database was taken away or replaced while it was open."""


class Store:
    """A database with a district's record.

    Args:
        url: as SQLAlchemy takes it: "sqlite:///linli.db" or "postgresql://user@host/name".
        connections: how many are kept open at most.
        parts_of_one: whether there is one connection, all of whose transactions are parts of one; see `together`.
    """

    def __init__(self, url: str, *, connections: int = 8, parts_of_one: bool = False) -> None:
        self.engine = _engine(url, _ONE if parts_of_one else _pool(url, connections))
        self.name = self.engine.dialect.name
        self._kind, self._reads, self.dialect = _kind(self.engine, parts_of_one)
        self._parts_of_one = parts_of_one
        self._at_hand: list[PoolProxiedConnection] = []
        self._began_with: tuple[int, int] | None = None

    @contextmanager
    def transaction(self, *, writes: bool = True) -> Iterator[Transaction]:
        """A transaction that writes. It rolls back unless `commit` was called.

        Args:
            writes: False: it only reads, as of one moment; nobody waits for it.
        """
        with self._translated():
            pooled = self._take()
            transaction: Any = None
            try:
                kind = self._kind if writes else self._reads
                transaction = kind(pooled.driver_connection, self.dialect)
                yield transaction
            finally:
                try:
                    if transaction is not None:
                        transaction.rollback()
                except Exception:
                    pooled.invalidate()
                    raise
                self._put_back(pooled)

    @contextmanager
    def trial(self) -> Iterator["Store"]:
        """This database for a while, where each transaction sees those before it and all are undone at the end.

        On an embedded database nobody else writes meanwhile.
        """
        with self._as_one("ROLLBACK") as store:
            yield store

    @contextmanager
    def together(self) -> Iterator["Store"]:
        """The same, but all are stored at the end, or none where this is left by an exception."""
        if self._parts_of_one:
            with self._savepoint():
                yield self
            return
        with self._as_one("COMMIT") as store:
            yield store

    @contextmanager
    def _savepoint(self) -> Iterator[None]:
        with self.reading() as connection:
            connection.exec_driver_sql("SAVEPOINT chunk")
            try:
                yield
            except BaseException:
                connection.exec_driver_sql("ROLLBACK TO chunk")
                raise
            finally:
                connection.exec_driver_sql("RELEASE chunk")

    @contextmanager
    def _as_one(self, end: str) -> Iterator["Store"]:
        store = Store(self.engine.url.render_as_string(hide_password=False), parts_of_one=True)
        try:
            with store.reading() as connection:
                connection.exec_driver_sql("BEGIN IMMEDIATE" if self.name == "sqlite" else "BEGIN")
                yield store
                connection.exec_driver_sql(end)
        finally:
            store.close()

    def ask(self, questions: Sequence[Question]) -> list[list[Row]]:
        """Answer queries outside an act, each seeing what is committed."""
        with self._translated():
            pooled = self._take()
            try:
                connection = pooled.driver_connection
                return cast(list[list[Row]], self._kind(connection, self.dialect, begin=False).ask(questions))
            finally:
                self._put_back(pooled)

    def _take(self) -> PoolProxiedConnection:
        """A connection; the one at hand spares an act the pool's book-keeping."""
        try:
            return self._at_hand.pop()
        except IndexError:
            return self.engine.raw_connection()

    def _put_back(self, pooled: PoolProxiedConnection) -> None:
        if self._at_hand:
            pooled.close()
        else:
            self._at_hand.append(pooled)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A SQLAlchemy connection for lists and reports."""
        self._lay_down()  # so that this takes the same one, with the pages that SQLite has kept for it
        with self._translated(), self.engine.connect() as connection:
            yield connection

    def _lay_down(self) -> None:
        with suppress(IndexError):
            self._at_hand.pop().close()

    def _translated(self) -> translated:
        """Raise our exceptions; after an outage, forget the connections that it cut."""
        return translated(self.close)

    @property
    def file(self) -> Path | None:
        """The file of an embedded database; None where it is on a server, or in memory."""
        name = self.engine.url.database
        return Path(name) if self.name == "sqlite" and name and name != ":memory:" else None

    def clean(self) -> bool:
        """Let an embedded database's log hold nothing any more; False where somebody who reads prevents it."""
        if self.name != "sqlite":
            return True
        with self.reading() as connection:
            connection.exec_driver_sql("PRAGMA busy_timeout=2000")
            try:
                busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0]
            finally:
                connection.exec_driver_sql("PRAGMA busy_timeout=60000")
        return not busy

    def require_same_file(self) -> None:
        """Gone where the file is another than it was: what is written now is not what is read later."""
        if self.file is None:
            return
        known = _identity(self.file)
        if known is None or self._began_with not in (None, known):
            raise Gone(
                say(
                    "the database {path} was taken away or replaced while linli was running; nothing more is written;"
                    " put it back, then start linli again",
                    path=self.file,
                )
            )
        self._began_with = known

    def close(self) -> None:
        """Close every connection."""
        self._lay_down()
        self.engine.dispose()


def _identity(file: Path) -> tuple[int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _kind(engine: Engine, parts_of_one: bool) -> tuple[Any, Any, Dialect]:
    """What runs a transaction on this kind of database, one that only reads, and the dialect of statements."""
    if engine.dialect.name == "sqlite":
        from linli._store.sqlite import SqlitePart, SqliteReading, SqliteTransaction

        kinds = (SqlitePart, SqlitePart) if parts_of_one else (SqliteTransaction, SqliteReading)
        return *kinds, engine.dialect
    from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

    from linli._store.postgres import PostgresPart, PostgresTransaction

    kind = PostgresPart if parts_of_one else PostgresTransaction
    return kind, kind, PGDialect_psycopg(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]


# One connection, in whose transaction a reader's end changes nothing.
_ONE: Mapping[str, Any] = {"poolclass": StaticPool, "skip_autocommit_rollback": True}


def _pool(url: str, connections: int) -> dict[str, Any]:
    """How connections are kept."""
    if make_url(url).get_backend_name() == "sqlite":
        # What one connection writes empties the page cache of every other: so use few of them, the same ones.
        return {"pool_use_lifo": True}
    return {"pool_size": connections, "max_overflow": connections}


def _engine(url: str, pool: Mapping[str, Any]) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite_engine(url, pool)
    if parsed.get_backend_name() == "postgresql":
        return _postgres_engine(url, pool)
    raise StoreError(
        say(
            "[store] url names {kind}; linli keeps its record in sqlite or postgresql", kind=parsed.drivername
        )
    )


_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "temp_store=MEMORY",
    "secure_delete=ON",  # what is deleted is written over; SQLite's own default leaves it in the file
    "cache_size=-65536",  # KiB for each connection; with SQLite's own 2 MiB, acts read the same pages over and over
)


def _sqlite_engine(url: str, pool: Mapping[str, Any]) -> Engine:
    engine = create_engine(
        url,
        isolation_level="AUTOCOMMIT",
        # A district with all plugins has more statements than Python keeps prepared by itself.
        connect_args={"timeout": 60, "cached_statements": 1_000},
        pool_reset_on_return=None,
        **pool,
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        for setting in _PRAGMAS:
            connection.execute(f"PRAGMA {setting}")

    return engine


def _postgres_engine(url: str, pool: Mapping[str, Any]) -> Engine:
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
        connect_args={"options": options, "connect_timeout": 10, "prepare_threshold": None},
        pool_reset_on_return=None,
        **pool,
    )


def single_use(url: str) -> Engine:
    """An engine that keeps no connection: for migrations."""
    return create_engine(url, poolclass=NullPool)
