"""The closed loop through the public API, against the same rows and checks by hand."""

import sqlite3
import statistics
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import attrs
from sqlalchemy import func, select

from benchmarks.measuring import Result, in_turn, speed_ratio, together
from benchmarks.twin_loop import Twin
from linli._base.calendar import Hours, limit, spent
from linli._district.district import District
from linli._model.access import Actor
from linli._model.acts import Act
from linli._store import tables as t
from linli._store.columns import SQLITE_BINDERS
from linli.testing import a_place, make_district, somebody, who
from linli_bank.api import Bank
from linli_bank.testing import open_bank

MORE = """
[[dispatch.services]]
code = "leak"
name = "漏水"
categories = ["漏水"]
time = "8h"

[[bank.rules]]
name = "task"
act = "task.confirm"
points = 2
pays = "finish"
"""
POINTS, RULE = 2, "bank:task"


@attrs.frozen(kw_only=True)
class Compound:
    """A compound with whoever is needed for a loop."""

    place: UUID
    clerk: Actor
    steward: Actor
    resident: Actor


class Setting:
    """A district with eight compounds, the bank and the board switched on."""

    def __init__(self, url: str, folder: Path) -> None:
        self.district = make_district(folder, url=url, enabled=("tabular", "bank", "board"), more=MORE)
        self.compounds = [self._compound(f"小区{number}") for number in range(8)]

    def _compound(self, name: str) -> Compound:
        district = self.district
        place = a_place(district, name)
        clerk, steward, resident = (somebody(district, role, place) for role in ("clerk", "steward", None))
        open_bank(district, place)
        Bank(district).join(who(steward), place)
        return Compound(place=place, clerk=clerk, steward=steward, resident=resident)

    def loop(self, number: int, times: int) -> None:
        """Ours: through the public API."""
        for _ in range(times):
            for _, call in calls(self.district, self.compounds[number]):
                call()

    def twin(self, number: int, times: int, execute: Callable[..., list[Any]]) -> None:
        """Theirs: statement by statement."""
        compound, rules = self.compounds[number], self.district.rules
        twin = Twin(
            execute, rules.vault.keyring, rules.district, rules.settings, compound.place,
            who(compound.clerk), who(compound.steward), who(compound.resident),
            lambda at, span: limit(Hours.SERVICE, rules.constants.calendar, at, span),
            lambda since, at: spent(Hours.SERVICE, rules.constants.calendar, since, at), POINTS, RULE,
        )  # fmt: skip
        for _ in range(times):
            request = twin.submit()
            twin.accept(request)
            twin.dispatch(request)
            task = twin.newest_task(request)
            twin.finish(request, task)
            twin.confirm(request, task)
            twin.close(request)
            twin.publish()

    def rows(self) -> dict[str, int]:
        """How many rows each table has."""
        with self.district.store.reading() as connection:
            return {
                table.name: connection.execute(
                    select(func.count()).select_from(table).where(table.c.district == self.district.code)
                ).scalar_one()
                for table in t.metadata.sorted_tables
            }


def calls(district: District, compound: Compound) -> Iterator[tuple[str, Callable[[], Act]]]:
    """The seven calls of a loop, by name; each is to be made before the next is asked for."""
    clerk, made = compound.clerk, list[Act]()

    def submit() -> Act:
        reporter = compound.resident.person
        made.append(
            district.dispatch.submit(compound.place, "漏水", "厨房水管漏水", reporter=reporter, actor=clerk)
        )
        return made[0]

    yield "submit", submit
    request = made[0].subject
    yield "accept", lambda: district.make(request, "accept", actor=clerk)
    yield "dispatch", lambda: district.make(request, "dispatch", actor=clerk)
    task = district.dispatch.open_task(request).id
    done = {"result": "换了接头", "minutes": 30}
    yield "finish", lambda: district.make(task, "finish", done, actor=compound.steward)
    yield "confirm", lambda: district.make(task, "confirm", actor=clerk)
    yield "close", lambda: district.make(request, "close", {"feedback": "已修好"}, actor=clerk)
    notice = ("诉求办结", "漏水问题已经修好。")
    yield "announce", lambda: district.publish.announce(compound.place, *notice, actor=clerk)


def _check(setting: Setting, other: Setting, execute: Callable[..., list[Any]]) -> None:
    """Both store the same rows. Args: other: where those by hand are stored."""
    empty = setting.rows()
    setting.loop(0, 1)
    mine, before = setting.rows(), other.rows()
    other.twin(1, 1, execute)
    theirs = other.rows()
    for name in mine:
        assert mine[name] - empty[name] == theirs[name] - before[name], f"{name} differs"


def postgres(url: str, rounds: int = 5, loops: int = 25) -> Result:
    """Eight connections."""
    import psycopg

    with tempfile.TemporaryDirectory() as folder:
        setting = Setting(url, Path(folder))
        plain = url.replace("+psycopg", "")
        connections = [psycopg.connect(plain, autocommit=True, options="-c timezone=UTC") for _ in range(8)]

        def executor(number: int) -> Callable[..., list[Any]]:
            cursor, known = connections[number].cursor(), {}

            def execute(sql: str, *values: Any) -> list[Any]:
                if sql not in known:
                    known[sql] = sql.replace("?", "%s")
                cursor.execute(known[sql], values or None)
                return cursor.fetchall() if cursor.description else []

            return execute

        executors = [executor(number) for number in range(8)]
        _check(setting, setting, executors[1])
        together(8, lambda number: setting.loop(number, 5))
        together(8, lambda number: setting.twin(number, 5, executors[number]))
        # As autovacuum does within the minute: both sides work with plans that know the tables.
        connections[0].execute("ANALYZE")
        mine, theirs = in_turn(
            lambda: together(8, lambda number: setting.loop(number, loops)),
            lambda: together(8, lambda number: setting.twin(number, loops, executors[number])),
            rounds,
        )
        setting.district.close()
    return _result("closed loop, PostgreSQL, 8 connections", mine, theirs, 1.0, 8 * loops)


def sqlite(rounds: int = 21, loops: int = 40) -> Result:
    """One connection, and a file, for each: what one leaves in its log the other does not clear away."""
    with tempfile.TemporaryDirectory() as mine_in, tempfile.TemporaryDirectory() as theirs_in:
        file = Path(theirs_in) / "linli.db"
        setting = Setting(f"sqlite:///{mine_in}/linli.db", Path(mine_in))
        other = Setting(f"sqlite:///{file}", Path(theirs_in))
        connection = sqlite3.connect(file, isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY"):
            connection.execute(f"PRAGMA {pragma}")

        def execute(sql: str, *values: Any) -> list[Any]:
            sql = "BEGIN IMMEDIATE" if sql == "BEGIN" else sql
            bound = [SQLITE_BINDERS.get(type(v), lambda x: x)(v) for v in values]
            return connection.execute(sql, bound).fetchall()

        _check(setting, other, execute)
        mine, theirs = in_turn(lambda: setting.loop(0, loops), lambda: other.twin(0, loops, execute), rounds)
        setting.district.close()
        other.district.close()
    return _result("closed loop, SQLite, 1 connection", mine, theirs, 0.75, loops)


def _result(name: str, mine: list[float], theirs: list[float], target: float, loops: int) -> Result:
    ratio = speed_ratio(mine, theirs)
    speed, other = loops / statistics.median(mine), loops / statistics.median(theirs)
    detail = f"{speed:.0f} loops/s against {other:.0f} by hand; a loop is 7 calls, {len(mine)} rounds"
    return Result(name=name, ratio=ratio, target=target, higher_is_better=True, detail=detail)
