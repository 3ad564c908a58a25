"""What is sent to PostgreSQL in batches, and what a query may have in it."""

from pathlib import Path
from sqlite3 import SQLITE_OK, SQLITE_SELECT
from typing import Any

import pytest
from sqlalchemy import Dialect, bindparam, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from linli._model.acts import new_id
from linli._model.lookups import PLACE
from linli._store import Read
from linli._store import tables as t
from linli._store.wire import Wire, _Plans
from linli.testing import a_place, make_district


def test_plans_are_dropped_after_64_batches_128_256_and_so_on() -> None:
    plans = _Plans()
    dropped = [batch for batch in range(1, 1025) if plans.worn()]
    assert dropped == [64, 128, 256, 512, 1024]


def test_a_plan_made_for_an_empty_table_is_not_kept(postgres_url: str, tmp_path: Path) -> None:
    district = make_district(tmp_path, url=postgres_url)
    connection = district.store.engine.raw_connection()
    sent: list[bytes] = []

    class Watched:
        """The connection's own door to libpq, that notes what is executed on the way."""

        def __init__(self) -> None:
            self._real = connection.driver_connection.pgconn  # type: ignore[union-attr]

        def exec_(self, command: bytes) -> object:
            sent.append(command)
            return self._real.exec_(command)

        def __getattr__(self, name: str) -> object:
            return getattr(self._real, name)

    place = a_place(district, "小区")
    wire = Wire(connection.driver_connection)  # type: ignore[arg-type]
    wire._pg = Watched()  # type: ignore[assignment]
    question = [(PLACE.on(district.store.dialect), {"district": district.code, "id": place})]
    answers = [wire.run(question) for _ in range(130)]
    assert sent == [b"DISCARD PLANS"] * 2
    assert all(answer == answers[0] and len(answer[0]) == 1 for answer in answers)
    connection.close()
    district.close()


def test_a_list_of_values_in_a_query_is_refused_in_words_that_help() -> None:
    some = Read(select(t.place.c.id).where(t.place.c.kind.in_(["compound", "street"])))
    with pytest.raises(TypeError, match="use a Lookup: SELECT place"):
        some.on(sqlite.dialect())


DIALECTS = (
    sqlite.dialect(paramstyle="qmark"),
    PGDialect_psycopg(paramstyle="numeric_dollar"),  # type: ignore[no-untyped-call]
)


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_constants_stand_in_the_text_of_a_query_where_partial_indexes_see_them(dialect: Dialect) -> None:
    kind = t.place.c.kind
    one = Read(select(t.place.c.id).where(kind == "it's 50%", t.place.c.id == bindparam("id")).limit(3))
    compiled = one.on(dialect)
    assert (compiled.names, dict(compiled.fixed)) == (("id",), {})
    assert "place.kind = 'it''s 50%'" in compiled.sql
    assert "LIMIT 3" in compiled.sql


def test_a_value_that_is_missing_is_not_stored_as_nothing() -> None:
    one = Read(select(t.place.c.name).where(t.place.c.id == bindparam("id"), t.place.c.kind == "street"))
    with pytest.raises(KeyError):
        one.on(DIALECTS[0]).arguments({})


def test_sqlite_prepares_a_query_once_however_often_its_values_change(tmp_path: Path) -> None:
    """With a partial index on the table, and a constant that was bound, it did so each time."""
    prepared = 0

    def heed(action: int, *_: object) -> int:
        nonlocal prepared
        prepared += action == SQLITE_SELECT
        return SQLITE_OK

    with make_district(tmp_path) as district, district.store.engine.connect() as pooled:
        connection: Any = pooled.connection.driver_connection
        kinds = Read(
            select(t.subject.c.state).where(
                t.subject.c.district == bindparam("district"),
                t.subject.c.person == bindparam("person"),
                t.subject.c.kind == "request",
            )
        ).on(district.store.dialect)
        connection.set_authorizer(heed)
        for _ in range(5):
            values = {"district": district.code, "person": new_id()}
            connection.execute(kinds.sql, kinds.arguments(values)).fetchall()
        connection.set_authorizer(None)
    assert prepared == 1
