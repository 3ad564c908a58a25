"""What is sent to PostgreSQL in batches, and what a query may have in it."""

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.dialects import sqlite

from linli.lookups import PLACE
from linli.store import Read
from linli.store import tables as t
from linli.store.wire import Wire, _Plans
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
