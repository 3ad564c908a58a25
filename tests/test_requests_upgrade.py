"""A database from before closings were counted by how they ended, and pauses had an end, goes on as it is."""

from collections.abc import Iterator
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, select, text
from sqlalchemy.engine import make_url

from linli._base import codec
from linli._district.district import District
from linli._store import tables as t
from linli.testing import a_place, make_district, somebody

NEW = ("requests.settled", "requests.declined", "requests.handed_over", "requests.paused")


@pytest.fixture
def district(store_url: str, tmp_path: Path) -> Iterator[District]:
    """In a database of its own, since the tables' revision is that of all districts in one."""
    url = store_url
    if not url.startswith("sqlite"):
        name = f"upgraded_{uuid4().hex}"
        with create_engine(url, isolation_level="AUTOCOMMIT").connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        url = make_url(url).set(database=name).render_as_string(hide_password=False)
    with make_district(tmp_path, url=url) as made:
        yield made


def _accepted(district: District, place: UUID) -> UUID:
    request = district.dispatch.submit(place, "general", "漏水").subject
    district.make(request, "accept")
    return request


def _old(district: District) -> None:
    """Take out of the database what the revision brings: the counts, and what records kept of pauses."""
    with district.store.engine.begin() as connection:
        for name in NEW:
            connection.execute(t.figure.delete().where(t.figure.c.name == name))
        s = t.subject
        for ident, hands, clocks in connection.execute(select(s.c.id, s.c.hands, s.c.clocks)).all():
            older = {name: value for name, value in codec.decode(hands).items() if name != "came_from"}
            ticking = {name: value for name, value in codec.decode(clocks).items() if name != "pause"}
            connection.execute(
                s.update()
                .where(s.c.id == ident)
                .values(hands=codec.encode(older), clocks=codec.encode(ticking))
            )


def _upgrade(district: District) -> None:
    """Run this revision alone, whatever came after it."""
    revision = import_module("linli._schema.migrations.0004_closings_by_outcome")
    begun = district.store.engine.begin()
    with begun as connection, Operations.context(MigrationContext.configure(connection)):
        revision.upgrade()


def _cells(district: District) -> dict[tuple[str, date], int]:
    f = t.figure.c
    query = select(f.name, f.day, f.n).where(f.district == district.code, f.name.in_(NEW))
    with district.store.reading() as connection:
        return {(name, day): n for name, day, n in connection.execute(query) if n}


def test_what_was_closed_or_paused_before_is_counted_by_the_upgrade(district: District) -> None:
    place = a_place(district, "锦绣花园")
    steward = somebody(district, "steward", place)
    settled, paused = _accepted(district, place), _accepted(district, place)
    for request in (settled, paused):
        district.make(request, "dispatch")
    task = district.dispatch.open_task(settled).id
    district.make(task, "finish", {"result": "好了"}, actor=steward)
    district.make(task, "confirm")
    district.make(settled, "close", {"feedback": "修好了"})
    district.make(_accepted(district, place), "decline", {"feedback": "不归本区管"})
    district.make(paused, "pause", {"reason": "waiting_for_parts"})
    counted: Any = _cells(district)
    assert sorted(name for name, _ in counted) == ["requests.declined", "requests.paused", "requests.settled"]
    _old(district)
    assert not _cells(district)
    _upgrade(district)
    assert _cells(district) == counted
    # What waited then knows neither where it came from nor an end: it goes on with whoever has it.
    district.make(paused, "resume")
    assert district.subject(paused).state == "dispatched"
    assert [one.state for one in district.dispatch.tasks(paused)] == ["open"]
    assert not _cells(district).get(
        ("requests.paused", district.rules.constants.calendar.day_of(district.now()))
    )


def test_what_was_paused_without_a_task_goes_on_at_the_desk(district: District) -> None:
    paused = _accepted(district, a_place(district, "锦绣花园"))
    district.make(paused, "pause", {"reason": "waiting_for_parts"})
    _old(district)
    district.make(paused, "resume")
    assert district.subject(paused).state == "accepted"
