"""SQL statements, written in SQLAlchemy Core, compiled once per kind of database.

Compiling is what makes Core slow when it runs for every act; what comes out of it is a string.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from types import new_class
from typing import Any, cast

import attrs
from sqlalchemy import ClauseElement, Dialect, Insert, Table, insert
from sqlalchemy.sql.compiler import SQLCompiler

from linli._base.records import picking
from linli._store.columns import Row
from linli._store.sqlite_values import as_it_is, binding, reading


@attrs.frozen
class Compiled:
    """A statement as one kind of database takes it.

    Attributes:
        names: of its values, in its order.
        fixed: values that the statement itself has.
        arguments: what takes its values, in its order and as the driver wants them, out of named ones.
        read: what makes a row's values ours; None where they are.
    """

    sql: str
    names: tuple[str, ...]
    fixed: Mapping[str, Any]
    arguments: Callable[[Mapping[str, Any]], Sequence[Any]]
    read: Callable[[Row], Row] | None = None


# A statement. Where dialects differ: one for each, or what makes it from the `insert` of the one that is in use.
Clause = ClauseElement | Mapping[str, ClauseElement] | Callable[[Any], ClauseElement]


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

    def _clause_on(self, dialect: str) -> ClauseElement:
        if isinstance(self.clause, ClauseElement):
            return self.clause
        return self.clause[dialect] if isinstance(self.clause, Mapping) else self.clause(_insert_of(dialect))

    def _compile(self, dialect: Dialect) -> Compiled:
        clause = self._clause_on(dialect.name)
        compiler = _compiler(type(dialect))  # type: ignore[arg-type]  # mypy takes the hash of its instances
        compiled = compiler(dialect, clause, column_keys=self.columns)
        if compiled.post_compile_params:
            raise TypeError(
                f"a list of values cannot stay compiled; compare with each, or use a Lookup: {clause}"
            )
        names = tuple(compiled.positiontup or ())
        fixed = {name: bind.value for name, bind in compiled.binds.items() if not bind.required}
        if dialect.name != "sqlite":
            return Compiled(compiled.string, names, fixed, _with(fixed, picking(names)))
        bind = binding([(name, compiled.binds[name].type) for name in names])
        return Compiled(compiled.string, names, fixed, _with(fixed, bind), reading(clause))


def _with(
    fixed: Mapping[str, Any], bind: Callable[[Mapping[str, Any]], Sequence[Any]]
) -> Callable[[Mapping[str, Any]], Sequence[Any]]:
    """What binds the given values, and beside them those that the statement itself has."""
    return (lambda values: bind({**fixed, **values})) if fixed else bind


class _SpellingOut(SQLCompiler):
    """Puts constants into the text of a statement.

    Were they bound, no partial index would serve a query on PostgreSQL, and SQLite would prepare it anew
    each time, to see whether one does.
    """

    def visit_bindparam(self, bindparam: Any, *args: Any, **options: Any) -> str:
        constant = not (bindparam.required or bindparam.expanding or bindparam.value is None)
        if constant and as_it_is(bindparam.type):
            options["literal_binds"] = True
        return str(super().visit_bindparam(bindparam, *args, **options))  # type: ignore[no-untyped-call]


@cache
def _compiler(dialect: type[Dialect]) -> type[SQLCompiler]:
    bases = (_SpellingOut, dialect.statement_compiler)
    return cast(type[SQLCompiler], new_class("SpellingOut", bases))


class Read(_Statement):
    """A query; its rows come back as tuples in the order of its columns."""

    __slots__ = ()


class WriteStatement(_Statement):
    __slots__ = ("into", "rank")

    def __init__(
        self,
        clause: Clause,
        name: str,
        rank: int,
        columns: Sequence[str] | None,
        into: Table | None = None,
    ) -> None:
        super().__init__(clause, name, columns)
        self.rank = rank
        self.into = into  # the table that it puts new rows into, where it does only that


@attrs.frozen(slots=False, eq=False)  # quickly made: an act has several
class Write:
    """One change that an act makes: a statement and its values.

    Attributes:
        values: by column or parameter name.
        key: what orders it among writes of the same statement; whoever locks the same rows locks
            them in the same order, so that no two acts wait for each other.
    """

    statement: WriteStatement
    values: Mapping[str, Any]
    key: str = ""


def write_statement(
    clause: Clause, *, rank: int, name: str = "", columns: Sequence[str] | None = None
) -> WriteStatement:
    """Make a statement for a `Write`.

    Args:
        rank: where in an act's batch it stands, lowest first: the journal (0) first, so that who
            loses a race loses it before doing anything else; rows that many acts share (accounts 60,
            figures 90) last, so that they are locked for the shortest time.
    """
    return WriteStatement(clause, name, rank, columns)


def insert_into(table: Table, *, rank: int = 30) -> WriteStatement:
    """The plain insert of all of a table's columns."""
    clause: Insert = insert(table)
    names = [column.name for column in table.columns]
    return WriteStatement(clause, f"insert {table.name}", rank, names, table)


def upsert_into(
    table: Table, *, keys: Sequence[str], change: Callable[[Table, Any], Mapping[str, Any]], rank: int
) -> WriteStatement:
    """Insert a row, or change the one that has its key.

    Args:
        change: from the table and the row that was to be inserted, the columns to set.
    """

    def clause(insert: Any) -> ClauseElement:
        inserting = insert(table)
        sets = change(table, inserting.excluded)
        made: ClauseElement = (
            inserting.on_conflict_do_update(index_elements=list(keys), set_=dict(sets))
            if sets
            else inserting.on_conflict_do_nothing(index_elements=list(keys))
        )
        return made

    return WriteStatement(clause, f"upsert {table.name}", rank, [column.name for column in table.columns])


def _insert_of(dialect: str) -> Any:
    """The `insert` of a kind of database. Each loads when it is in use: PostgreSQL's takes long."""
    if dialect == "sqlite":
        from sqlalchemy.dialects.sqlite import insert as on_sqlite

        return on_sqlite
    from sqlalchemy.dialects.postgresql import insert

    return insert
