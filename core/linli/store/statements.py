"""SQL statements, written in SQLAlchemy Core, compiled once per kind of database.

Compiling is what makes Core slow when it runs for every act; what comes out of it is a string.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import cache, lru_cache
from operator import itemgetter
from types import new_class
from typing import Any, cast
from uuid import UUID

import attrs
from sqlalchemy import Boolean, ClauseElement, Dialect, Insert, Integer, String, Table, Uuid, insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

from linli.store.columns import SQLITE_BINDERS

Row = tuple[Any, ...]


@attrs.frozen
class Compiled:
    """A statement as one kind of database takes it.

    Attributes:
        fixed: values that the statement itself has.
        identifiers, bound: which of its values, by their number, have to be turned into SQLite's, or may have to.
        readers: what turns a row's values, by their number, from SQLite's to ours.
    """

    sql: str
    names: tuple[str, ...]
    fixed: Mapping[str, Any]
    identifiers: tuple[int, ...] = ()
    bound: tuple[int, ...] = ()
    readers: tuple[tuple[int, Callable[[Any], Any]], ...] = ()
    _picked: Callable[[Mapping[str, Any]], tuple[Any, ...]] = attrs.field(init=False)

    @_picked.default
    def _in_order(self) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
        if len(self.names) > 1:
            return itemgetter(*self.names)
        return lambda values: tuple([values[name] for name in self.names])

    def arguments(self, values: Mapping[str, Any]) -> Sequence[Any]:
        """The values in the statement's order, as the driver takes them."""
        picked = self._picked({**self.fixed, **values} if self.fixed else values)
        if not self.identifiers and not self.bound:
            return picked
        taken = list(picked)
        for number in self.identifiers:
            value = taken[number]
            if value is not None:
                taken[number] = f"{value.int:032x}"
        for number in self.bound:
            binder = SQLITE_BINDERS.get(taken[number].__class__)
            if binder is not None:
                taken[number] = binder(taken[number])
        return taken


# A statement, or one per kind of database where their dialects differ.
Clause = ClauseElement | Mapping[str, ClauseElement]


class _Statement:
    """A statement that remembers what it was compiled to."""

    __slots__ = ("_compiled", "clause", "columns", "name")

    def __init__(self, clause: Clause, name: str = "", columns: Sequence[str] | None = None) -> None:
        self.clause = clause
        self.name = name
        self.columns = columns
        self._compiled: dict[str, Compiled] = {}

    def on(self, dialect: Dialect) -> Compiled:
        """This statement for `dialect`, compiled at most once."""
        known = self._compiled.get(dialect.name)
        if known is None:
            known = self._compiled[dialect.name] = self._compile(dialect)
        return known

    def _compile(self, dialect: Dialect) -> Compiled:
        clause = self.clause[dialect.name] if isinstance(self.clause, Mapping) else self.clause
        compiler = _compiler(type(dialect))  # type: ignore[arg-type]  # mypy takes the hash of its instances
        compiled = compiler(dialect, clause, column_keys=self.columns)
        if compiled.post_compile_params:
            raise TypeError(
                f"a list of values cannot stay compiled; compare with each, or use a Lookup: {clause}"
            )
        names = compiled.positiontup
        assert names is not None
        fixed = {name: bind.value for name, bind in compiled.binds.items() if not bind.required}
        if dialect.name != "sqlite":
            return Compiled(compiled.string, tuple(names), fixed)
        kinds = [(number, compiled.binds[name].type) for number, name in enumerate(names)]
        return Compiled(
            compiled.string,
            tuple(names),
            fixed,
            tuple(number for number, kind in kinds if isinstance(kind, Uuid)),
            tuple(number for number, kind in kinds if not isinstance(kind, Uuid) and not _as_it_is(kind)),
            _readers(clause),
        )


class _SpellingOut(SQLCompiler):
    """Puts constants into the text of a statement.

    Were they bound, no partial index would serve a query on PostgreSQL, and SQLite would prepare it anew
    each time, to see whether one does.
    """

    def visit_bindparam(self, bindparam: Any, *args: Any, **options: Any) -> str:
        constant = not (bindparam.required or bindparam.expanding or bindparam.value is None)
        if constant and _as_it_is(bindparam.type):
            options["literal_binds"] = True
        return str(super().visit_bindparam(bindparam, *args, **options))  # type: ignore[no-untyped-call]


@cache
def _compiler(dialect: type[Dialect]) -> type[SQLCompiler]:
    bases = (_SpellingOut, dialect.statement_compiler)
    return cast(type[SQLCompiler], new_class("SpellingOut", bases))


def _as_it_is(kind: TypeEngine[Any]) -> bool:
    """Whether SQLite takes values of this type as they are."""
    return isinstance(kind, String | Integer) and not isinstance(kind, Boolean)


class Read(_Statement):
    """A query; its rows come back as tuples in the order of its columns."""

    __slots__ = ()


def _readers(clause: ClauseElement) -> tuple[tuple[int, Callable[[Any], Any]], ...]:
    """What turns columns from SQLite's values to ours, by their number."""
    columns = getattr(clause, "exported_columns", ())  # of a select, or of what an update returns
    found = [(number, _SQLITE_READERS.get(column.type.python_type)) for number, column in enumerate(columns)]
    return tuple((number, reader) for number, reader in found if reader is not None)


@lru_cache(8192)  # the rows of a tree say the same few identifiers over and over
def _identifier(text: str) -> UUID:
    return UUID(text)


_SQLITE_READERS: dict[type, Callable[[Any], Any]] = {
    UUID: _identifier,
    datetime: datetime.fromisoformat,
    date: date.fromisoformat,
    bool: bool,
}


class _WriteStatement(_Statement):
    __slots__ = ("rank",)

    def __init__(self, clause: Clause, name: str, rank: int, columns: Sequence[str] | None) -> None:
        super().__init__(clause, name, columns)
        self.rank = rank


@attrs.frozen(slots=True, eq=False)
class Write:
    """One change that an act makes: a statement and its values.

    Attributes:
        values: by column or parameter name.
        key: what orders it among writes of the same statement; whoever locks the same rows locks
            them in the same order, so that no two acts wait for each other.
    """

    statement: _WriteStatement
    values: Mapping[str, Any]
    key: str = ""


def write_statement(
    clause: Clause, *, rank: int, name: str = "", columns: Sequence[str] | None = None
) -> _WriteStatement:
    """Make a statement for a `Write`.

    Args:
        rank: where in an act's batch it stands, lowest first: the journal (0) first, so that who
            loses a race loses it before doing anything else; rows that many acts share (accounts 60,
            figures 90) last, so that they are locked for the shortest time.
    """
    return _WriteStatement(clause, name, rank, columns)


def insert_into(table: Table, *, rank: int = 30) -> _WriteStatement:
    """The plain insert of all of a table's columns."""
    clause: Insert = insert(table)
    return _WriteStatement(clause, f"insert {table.name}", rank, [column.name for column in table.columns])


def upsert_into(
    table: Table, *, keys: Sequence[str], change: Callable[[Table, Any], Mapping[str, Any]], rank: int
) -> _WriteStatement:
    """Insert a row, or change the one that has its key.

    Args:
        change: from the table and the row that was to be inserted, the columns to set.
    """
    clauses: dict[str, ClauseElement] = {}
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql)):
        clause = dialect.insert(table)
        sets = change(table, clause.excluded)
        clauses[name] = (
            clause.on_conflict_do_update(index_elements=list(keys), set_=dict(sets))
            if sets
            else clause.on_conflict_do_nothing(index_elements=list(keys))
        )
    return _WriteStatement(clauses, f"upsert {table.name}", rank, [column.name for column in table.columns])
