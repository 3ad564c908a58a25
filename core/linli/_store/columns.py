"""Column types that mean the same on SQLite and PostgreSQL."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Connection, Date, DateTime, Dialect, Index, MetaData, String, Uuid, event, text
from sqlalchemy.types import TypeDecorator

Row = tuple[Any, ...]


class Moment(TypeDecorator[datetime]):
    """A moment with its offset; kept in UTC, to the microsecond.

    PostgreSQL keeps it as timestamptz, SQLite as text that sorts as time does.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        """What the column's values are."""
        return datetime

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(String(32) if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None or dialect.name != "sqlite":
            return value
        return moment_text(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if isinstance(value, str):
            return datetime.fromisoformat(value)
        return value if value is None else value.astimezone(UTC)


@lru_cache(1024)  # an act writes the same few moments over and over
def moment_text(value: datetime) -> str:
    """The text that stands for a moment in SQLite, and in what is hashed."""
    return (value if value.tzinfo is UTC else value.astimezone(UTC)).isoformat(timespec="microseconds")


def key(name: str, *args: Any, **options: Any) -> Column[UUID]:
    """A column for an identifier: a UUIDv7 made by the program, no sequence."""
    return Column(name, Uuid(), *args, **options)


def district(**options: Any) -> Column[str]:
    """The tenant, which leads every key and index."""
    return Column("district", String(64), primary_key=True, nullable=False, **options)


_PARTIAL: list[tuple[Index, str]] = []


def partial(name: str, *columns: Any, where: str) -> Index:
    """An index of some of the rows.

    PostgreSQL hears of `where` when tables are made there: an index that names it loads all of its dialect, which takes
    a good part of a command's time on SQLite.
    """
    index = Index(name, *columns, sqlite_where=text(where))
    _PARTIAL.append((index, where))
    return index


def complete() -> None:
    """Let partial indexes be so on PostgreSQL too: before tables are made or compared there."""
    for index, where in _PARTIAL:
        index.dialect_kwargs["postgresql_where"] = text(where)


@event.listens_for(MetaData, "before_create")
def _before_create(_tables: object, connection: Connection, **_more: object) -> None:
    if connection.dialect.name == "postgresql":
        complete()


Binder = Callable[[Any], Any]

# What SQLAlchemy's own processors do, without their price: these run for every value of every act.
SQLITE_BINDERS: dict[type, Binder] = {
    UUID: lambda value: f"{value.int:032x}",
    datetime: moment_text,
    date: date.isoformat,
    bool: int,
}
DATE = Date
