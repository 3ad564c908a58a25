"""One PostgreSQL connection, spoken to in batches: prepared statements, sent together, answered together.

psycopg's own pipeline sends every statement with a system call of its own; here a whole act
travels in one. Only psycopg's documented libpq wrapper (`psycopg.pq`) is used.
"""

import json
import select
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID
from weakref import WeakKeyDictionary

from psycopg import Connection, OperationalError
from psycopg.adapt import Transformer
from psycopg.pq import DiagnosticField, ExecStatus, TransactionStatus
from psycopg.pq.abc import PGresult

from linli._store.columns import Row
from linli._store.failures import Contended, not_kept, postgres_failure
from linli._store.statements import Compiled

Command = tuple[Compiled, Mapping[str, Any]]


class _Plans:
    """The statements that a connection has prepared.

    PostgreSQL keeps the plan of a prepared statement for as long as the table's statistics stay what
    they are, and a plan made while a table was empty reads all of a district once it is not. So plans
    are dropped and made again now and then: after 64 batches, 128, 256, ...
    """

    def __init__(self) -> None:
        self.names: dict[str, bytes] = {}
        self._batches = 0
        self._until = 64

    def worn(self) -> bool:
        """Count a batch; whether it is time to drop the plans."""
        self._batches += 1
        if self._batches < self._until:
            return False
        self._until *= 2
        return True


_plans: "WeakKeyDictionary[Connection[Any], _Plans]" = WeakKeyDictionary()


def _text(value: str) -> bytes:
    """A text as PostgreSQL takes it; it would cut it at a NUL, without a word."""
    if "\0" in value:
        raise not_kept()
    try:
        return value.encode()
    except UnicodeEncodeError:
        raise not_kept() from None


_TEXT: Final[Mapping[type, Callable[[Any], bytes]]] = {
    str: _text,
    UUID: lambda value: value.hex.encode(),
    int: lambda value: b"%d" % value,
    bool: lambda value: b"t" if value else b"f",
    datetime: lambda value: value.isoformat().encode(),
    date: lambda value: value.isoformat().encode(),
    bytes: lambda value: b"\\x" + value.hex().encode(),
    type(None): lambda value: None,  # type: ignore[dict-item,return-value]
    float: lambda value: repr(value).encode(),
    dict: lambda value: json.dumps(value).encode(),
}


class Wire:
    """A connection in autocommit mode, for batches of compiled statements."""

    _BEGIN, _COMMIT = b"BEGIN", b"COMMIT"
    # All that travels up to one synchronisation point is a transaction without being told.
    _BY_ITSELF = True

    def __init__(self, connection: Connection[Any]) -> None:
        self.connection = connection
        self._pg = connection.pgconn

    def run(
        self, commands: Sequence[Command], *, begin: bool = False, commit: bool = False
    ) -> list[list[Row]]:
        """Run all commands in one round trip; the rows of each. The first failure is raised, ours.

        Args:
            begin, commit: whether a transaction begins before them, and ends after them.
        """
        if self._BY_ITSELF and begin and commit and commands:
            begin = commit = False
        plans = _plans.setdefault(self.connection, _Plans())
        prepared = [
            plans.names.get(compiled.sql) or self._prepare(plans, compiled.sql) for compiled, _ in commands
        ]
        if plans.worn():
            self._pg.exec_(b"DISCARD PLANS")
        self._pg.enter_pipeline_mode()
        try:
            if begin:
                self._pg.send_query_params(self._BEGIN, None)
            for name, (compiled, values) in zip(prepared, commands, strict=True):
                self._send(name, compiled.arguments(values))
            if commit:
                self._pg.send_query_params(self._COMMIT, None)
            self._pg.pipeline_sync()
            results = self._received()
        finally:
            # After a failure on the way nothing can leave the pipeline but closing the connection.
            if self._pg.pipeline_status:
                self._leave()
        self._raise_first(results)
        return [self._rows(result) for result in results[begin : len(results) - commit]]

    def _prepare(self, plans: _Plans, sql: str) -> bytes:
        name = f"linli{len(plans.names)}".encode()
        result = self._pg.prepare(name, sql.encode())
        if result.status != ExecStatus.COMMAND_OK:
            raise _failure(result)
        plans.names[sql] = name
        return name

    def _send(self, name: bytes, arguments: Sequence[Any]) -> None:
        self._pg.send_query_prepared(name, [_TEXT[value.__class__](value) for value in arguments])

    def _received(self) -> list[PGresult]:
        """The results up to the synchronisation point; waits outside Python's lock."""
        results: list[PGresult] = []
        pg = self._pg
        self._flush()
        while True:
            while pg.is_busy():
                select.select([pg.socket], [], [])
                pg.consume_input()
            result = pg.get_result()
            if result is None:
                continue
            if result.status == ExecStatus.PIPELINE_SYNC:
                return results
            results.append(result)

    def _flush(self) -> None:
        while self._pg.flush():
            readable, _, _ = select.select([self._pg.socket], [self._pg.socket], [])
            if readable:
                self._pg.consume_input()

    def _leave(self) -> None:
        try:
            self._pg.exit_pipeline_mode()
        except OperationalError:
            self.connection.close()

    def _raise_first(self, results: Sequence[PGresult]) -> None:
        for result in results:
            if result.status == ExecStatus.FATAL_ERROR:
                failure = _failure(result)
                if isinstance(failure, Contended):
                    _plans.pop(self.connection, None)
                raise failure

    def _rows(self, result: PGresult) -> list[Row]:
        if result.status != ExecStatus.TUPLES_OK or not result.ntuples:
            return []
        transformer = Transformer(self.connection)
        transformer.set_pgresult(result)
        return transformer.load_rows(0, result.ntuples, tuple)

    def rollback(self) -> None:
        """Leave a transaction that was begun; a connection that cannot is closed."""
        status = self._pg.transaction_status
        if status in (TransactionStatus.INTRANS, TransactionStatus.INERROR):
            # Not by psycopg, which would take it as a reason to drop every prepared statement.
            self._pg.exec_(b"ROLLBACK")
        elif status != TransactionStatus.IDLE:
            self.connection.close()


class PartWire(Wire):
    """One within a transaction that is undone as a whole: what an act does is undone back to where the act began."""

    _BEGIN, _COMMIT = b"SAVEPOINT act", b"RELEASE act"
    _BY_ITSELF = False

    def __init__(self, connection: Connection[Any]) -> None:
        super().__init__(connection)
        self._open = False

    def run(
        self, commands: Sequence[Command], *, begin: bool = False, commit: bool = False
    ) -> list[list[Row]]:
        self._open = self._open or begin
        results = super().run(commands, begin=begin, commit=commit)
        self._open = self._open and not commit
        return results

    def rollback(self) -> None:
        if self._open:
            self._pg.exec_(b"ROLLBACK TO act")
            self._pg.exec_(b"RELEASE act")
        self._open = False


def _failure(result: PGresult) -> Exception:
    def said(field: DiagnosticField) -> str:
        return (result.error_field(field) or b"").decode(errors="replace")

    return postgres_failure(
        said(DiagnosticField.SQLSTATE),
        said(DiagnosticField.CONSTRAINT_NAME),
        said(DiagnosticField.MESSAGE_PRIMARY),
    )
