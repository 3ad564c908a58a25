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
from psycopg.pq import DiagnosticField, ExecStatus, Format, TransactionStatus
from psycopg.pq.abc import PGresult

from linli.store.failures import Contended, postgres_failure
from linli.store.statements import Compiled, Row

Command = tuple[Compiled, Mapping[str, Any]]

_names: "WeakKeyDictionary[Connection[Any], dict[str, bytes]]" = WeakKeyDictionary()

_TEXT: Final[Mapping[type, Callable[[Any], bytes]]] = {
    str: str.encode,
    UUID: lambda value: value.hex.encode(),
    int: lambda value: b"%d" % value,
    bool: lambda value: b"t" if value else b"f",
    datetime: lambda value: value.isoformat().encode(),
    date: lambda value: value.isoformat().encode(),
    bytes: lambda value: value,
    type(None): lambda value: None,  # type: ignore[dict-item,return-value]
    float: lambda value: repr(value).encode(),
    dict: lambda value: json.dumps(value).encode(),
}


class Wire:
    """A connection in autocommit mode, for batches of compiled statements."""

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
        if begin and commit and commands:
            # All that travels up to one synchronisation point is a transaction without being told.
            begin = commit = False
        prepared = [self._prepared(compiled.sql) for compiled, _ in commands]
        self._pg.enter_pipeline_mode()
        try:
            if begin:
                self._pg.send_query_params(b"BEGIN", None)
            for name, (compiled, values) in zip(prepared, commands, strict=True):
                self._send(name, compiled.arguments(values))
            if commit:
                self._pg.send_query_params(b"COMMIT", None)
            self._pg.pipeline_sync()
            results = self._received()
        finally:
            # After a failure on the way nothing can leave the pipeline but closing the connection.
            if self._pg.pipeline_status:
                self._leave()
        self._raise_first(results)
        return [self._rows(result) for result in results[begin : len(results) - commit]]

    def _prepared(self, sql: str) -> bytes:
        known = _names.setdefault(self.connection, {})
        name = known.get(sql)
        if name is None:
            name = f"linli{len(known)}".encode()
            result = self._pg.prepare(name, sql.encode())
            if result.status != ExecStatus.COMMAND_OK:
                raise _failure(result)
            known[sql] = name
        return name

    def _send(self, name: bytes, arguments: Sequence[Any]) -> None:
        values = [_TEXT[type(value)](value) for value in arguments]
        formats = [Format.BINARY if type(value) is bytes else Format.TEXT for value in arguments]
        self._pg.send_query_prepared(name, values, formats)

    def _received(self) -> list[PGresult]:
        """The results up to the synchronisation point; waits outside Python's lock."""
        results: list[PGresult] = []
        self._flush()
        while True:
            result = self._next()
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

    def _next(self) -> PGresult | None:
        while self._pg.is_busy():
            select.select([self._pg.socket], [], [])
            self._pg.consume_input()
        return self._pg.get_result()

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
                    _names.pop(self.connection, None)
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


def _failure(result: PGresult) -> Exception:
    def said(field: DiagnosticField) -> str:
        return (result.error_field(field) or b"").decode(errors="replace")

    return postgres_failure(
        said(DiagnosticField.SQLSTATE),
        said(DiagnosticField.CONSTRAINT_NAME),
        said(DiagnosticField.MESSAGE_PRIMARY),
    )
