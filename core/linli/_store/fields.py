"""A field of a record, which is kept as JSON: for an index on it, for the queries that the index serves, as a number of linli's."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, Uuid
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class _Field(FunctionElement[str]):
    type = Text()
    inherit_cache = False  # the name is part of the statement's text
    name = "field"

    def __init__(self, record: ColumnElement[str], field: str) -> None:
        super().__init__(record)
        self.field = field


def field(record: ColumnElement[str], name: str) -> ColumnElement[str]:
    """The text of a record's field; null where it has none.

    Args:
        name: of the field, in a program: it becomes part of the statement.
    """
    assert name.isidentifier(), name
    return _Field(record, name)


@compiles(_Field, "postgresql")
def _on_postgres(element: _Field, compiler: SQLCompiler, **options: Any) -> str:
    (record,) = (compiler.process(clause, **options) for clause in element.clauses)
    return f"(CAST({record} AS json) ->> '{element.field}')"


@compiles(_Field, "sqlite")
def _on_sqlite(element: _Field, compiler: SQLCompiler, **options: Any) -> str:
    (record,) = (compiler.process(clause, **options) for clause in element.clauses)
    return f"json_extract({record}, '$.{element.field}')"


class _Identifier(FunctionElement[UUID]):
    type = Uuid()
    inherit_cache = True
    name = "identifier"


def identifier_of(text: ColumnElement[str]) -> ColumnElement[UUID]:
    """A number of linli's that a text says, such as a field of a record: to be compared with a column of such numbers."""
    return _Identifier(text)


@compiles(_Identifier, "postgresql")
def _identifier_on_postgres(element: _Identifier, compiler: SQLCompiler, **options: Any) -> str:
    (text,) = (compiler.process(clause, **options) for clause in element.clauses)
    return f"CAST({text} AS uuid)"


@compiles(_Identifier, "sqlite")
def _identifier_on_sqlite(element: _Identifier, compiler: SQLCompiler, **options: Any) -> str:
    (text,) = (compiler.process(clause, **options) for clause in element.clauses)
    return f"replace({text}, '-', '')"
