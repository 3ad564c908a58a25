"""Questions to the tables that a plugin has itself."""

import inspect
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID

import attrs
from sqlalchemy import (
    BindParameter,
    ClauseElement,
    ColumnElement,
    ForeignKeyConstraint,
    MetaData,
    Table,
    and_,
    bindparam,
    func,
    or_,
    select,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import SchemaItem
from sqlalchemy.sql import visitors
from sqlalchemy.sql.compiler import SQLCompiler

from linli._model.declared import line_of_caller
from linli._model.lookups import ever
from linli._model.queries import Query, Rows, Values
from linli._model.states import State, States, states_of
from linli._store import Read
from linli._store import tables as t
from linli._store.columns import district

if TYPE_CHECKING:
    from linli._model.facts import Facts
    from linli._store.store import Question

T = TypeVar("T")
P = ParamSpec("P")

_d: BindParameter[str] = bindparam("district")


@attrs.frozen
class _Own(Query[T]):
    read: Read
    values: Values
    load: Callable[..., T]

    def questions(self) -> "Sequence[Question]":
        return [(self.read, dict(self.values))]

    def answer(self, facts: "Facts") -> T:
        values = dict(self.values)
        return self.load(facts.rows(self.read, **values), **values)


def own_query(clause: ClauseElement) -> Callable[[Callable[Concatenate[Rows, P], T]], Callable[P, Query[T]]]:
    """A typed question to a plugin's own tables: the function makes the answer of the rows.

    Its other parameters are the statement's, by name; `district` is given. Of linli's tables it has what `is_person`,
    `is_in` and `lies_within` give.

    Raises: TypeError where the function's parameters are not the statement's, or where it reads a table of another's.
    """
    where, read = line_of_caller(), Read(clause)

    def made(load: Callable[Concatenate[Rows, P], T]) -> Callable[P, Query[T]]:
        _must_be_own(where, load, clause)
        signature = inspect.signature(load)

        @wraps(load)
        def query(*args: P.args, **values: P.kwargs) -> Query[T]:
            bound = signature.bind((), *args, **values)
            bound.apply_defaults()
            return _Own(read, tuple(bound.arguments.items())[1:], load)

        vars(query)["read"] = read  # whose plan is looked at
        return query

    return made


class Lent(ColumnElement[T]):
    """What a plugin's own statement may ask of linli's tables; nobody looks for tables of the plugin's in it."""

    inherit_cache = False

    def __init__(self, clause: ColumnElement[T], *names: str) -> None:
        """Args: names: of its parameters."""
        self.clause, self.names, self.type = clause, names, clause.type

    def self_group(self, against: Any = None) -> Any:
        """Itself: SQLAlchemy would write `= 1` behind a condition on SQLite, which then finds nothing by an index."""
        return self


@compiles(Lent)
def _lent(element: Lent[Any], compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(element.clause, **options)


def is_person(column: ColumnElement[Any], name: str = "person") -> ColumnElement[bool]:
    """That a column of one's own table names somebody, under any number that they ever had. Args: name: the parameter's."""
    return Lent(ever(column, name), name)


def now_of(column: ColumnElement[UUID]) -> ColumnElement[UUID]:
    """The person, place or organisation that a column of one's own table names, or what it was merged into."""
    merged = t.alias.alias("lent_alias")
    found = select(merged.c.now).where(merged.c.district == _d, merged.c.id == column)
    return Lent(func.coalesce(found.correlate_except(merged).scalar_subquery(), column))


def is_in(column: ColumnElement[Any], states: State | States) -> ColumnElement[bool]:
    """That a column of one's own table has the number of a subject that is in one of some states."""
    there = t.subject.alias("lent_subject")
    wanted = [
        and_(there.c.kind == one.flow.name, there.c.state == name)
        for one in states_of(states)
        for name in _names(one)
    ]
    found = select(there.c.id).where(there.c.district == _d, there.c.id == column, or_(*wanted))
    return Lent(found.correlate_except(there).exists())


def _names(state: State) -> Iterator[str]:
    """What the record calls a state, and called it once."""
    yield state.name
    yield from (was for was, now in state.flow.was.items() if now == state.name)


def is_open(column: ColumnElement[Any]) -> ColumnElement[bool]:
    """That a column of one's own table has the number of a subject that has not ended."""
    there = t.subject.alias("lent_subject")
    found = select(there.c.id).where(there.c.district == _d, there.c.id == column, there.c.ended_at.is_(None))
    return Lent(found.correlate_except(there).exists())


def opening_of(column: ColumnElement[UUID]) -> ColumnElement[str]:
    """What the journal has of the act that opened the matter whose number a column of one's own table has, as it is written."""
    opened = t.act.alias("lent_act")
    of_it = (opened.c.district == _d, opened.c.root == column, opened.c.version == 1)
    return Lent(select(opened.c.body).where(*of_it).correlate_except(opened).scalar_subquery())


def lies_within(column: ColumnElement[Any], path: str = "path") -> ColumnElement[bool]:
    """That a column of one's own table has a place that is another or lies below it. Args: path: `path_of` of that."""
    there = t.place.alias("lent_place")
    like = there.c.path.like(bindparam(path))
    found = select(there.c.id).where(there.c.district == _d, there.c.id == column, like)
    return Lent(found.correlate_except(there).exists(), path)


def path_of(place: UUID) -> str:
    """What the paths of a place and of all below it have in them."""
    return f"%{place.hex}%"


def standing(table: Any, dated: bool) -> tuple[ColumnElement[bool], ...]:
    """Of a table with first and last days: what has not ended, or what there was on the `day` that is asked for."""
    if not dated:
        return (table.until.is_(None),)
    day: BindParameter[date] = bindparam("day", type_=table.since.type)
    return or_(table.since.is_(None), table.since <= day), or_(table.until.is_(None), table.until > day)


def own_tables() -> MetaData:
    """What holds all tables of a plugin; their keys are called as linli's are."""
    return MetaData(naming_convention=t.metadata.naming_convention)


def own_table(name: str, tables: MetaData, *columns: SchemaItem) -> Table:
    """A table of a plugin's own, with the district as the first part of its key. Args: tables: all of the plugin's."""
    owner = _package(sys._getframe(1).f_globals["__name__"])
    return Table(name, tables, district(), *columns, info={"owner": owner})


def erased_with(column: str) -> SchemaItem:
    """That a row goes with the key that it is sealed under: of the matter or the person that a column names."""
    key = [t.vault_key.c.district, t.vault_key.c.owner]
    return ForeignKeyConstraint(["district", column], key, ondelete="CASCADE")


def _package(module: str) -> str:
    return module.partition(".")[0]


def _must_be_own(where: str, load: Callable[..., Any], clause: ClauseElement) -> None:
    """TypeError where a query reads another's table, or where the function takes something else than the statement."""
    parts = list(visitors.iterate(clause))
    tables, mine = (one for one in parts if isinstance(one, Table)), _package(load.__module__)
    if strange := sorted({one.name for one in tables if one.info.get("owner") != mine}):
        raise TypeError(
            f"{where}: {load.__name__} reads {', '.join(strange)}, which is none of {mine}'s own tables (own_table);"
            " ask by linli's queries"
        )
    asked = {one.key for one in parts if isinstance(one, BindParameter) and one.required}
    asked |= {name for one in parts if isinstance(one, Lent) for name in one.names}
    takes, wanted = sorted(list(inspect.signature(load).parameters)[1:]), sorted(asked - {"district"})
    if takes != wanted:
        raise TypeError(f"{where}: {load.__name__} takes {takes}, its statement {wanted}")
