"""Records that an earlier version made, with every plugin: they are taken along, verify, and what is open goes on.

What they are, and how they were made: tests/records/README.md.
"""

import json
import lzma
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from endings import Endings
from sqlalchemy import select

import linli
from linli import Actor, District, Seat, StoredSubject
from linli._model.acts import ACT_COLUMNS, act_from
from linli._testing.fixtures import Printed
from linli.testing import Moment, a_place, all_of, somebody

_ROOT = Path(__file__).parent / "records"
RECORDS = sorted(path for path in _ROOT.rglob("linli.*.xz"))
# What others need until all else has ended: those who decide are of a branch, accounts are of a bank.
LAST = ("branch", "branch_term", "bank", "centre")


def _name(record: Path) -> str:
    return "-".join(record.parent.relative_to(_ROOT).parts)


@pytest.fixture(params=RECORDS, ids=_name)
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """The district's folder as it was, its database beside it or on a server."""
    record: Path = request.param
    for name in ("district.toml", "vault.key", "brief.json"):
        kept = next(one / name for one in (record.parent, *record.parents) if (one / name).exists())
        shutil.copy(kept, tmp_path / name)
    (tmp_path / "vault.key").chmod(0o600)
    if record.name == "linli.db.xz":
        with lzma.open(record) as packed, (tmp_path / "linli.db").open("wb") as database:
            shutil.copyfileobj(packed, database)
        yield tmp_path
    else:
        with _on_a_server(record, request.getfixturevalue("postgres_url")) as url:
            file = tmp_path / "district.toml"
            text = file.read_text(encoding="utf-8")
            file.write_text(text.replace('"sqlite:///linli.db"', f'"{url}"'), encoding="utf-8")
            yield tmp_path


@contextmanager
def _on_a_server(dump: Path, url: str) -> Iterator[str]:
    """The dump in a database of its own; its URL."""
    name = f"record_{uuid4().hex}"
    there = url.replace("/postgres?", f"/{name}?")
    with psycopg.connect(_plain(url), autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            with psycopg.connect(_plain(there)) as database, lzma.open(dump, "rt", encoding="utf-8") as lines:
                _restore(database, lines)
            yield there
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://")


def _restore(database: Any, lines: Iterator[str]) -> None:
    """What psql would do with a plain dump: its statements, and the rows that follow a COPY."""
    statements: list[str] = []
    for line in lines:
        if line.startswith("COPY "):
            database.execute("".join(statements))
            statements.clear()
            with database.cursor().copy(line) as copy:
                for row in lines:
                    if row == "\\.\n":
                        break
                    copy.write(row)
        elif not line.startswith("\\"):
            statements.append(line)
    database.execute("".join(statements))


@pytest.fixture
def clock(folder: Path) -> Moment:
    """The morning after the last day that was lived."""
    kept = json.loads((folder / "brief.json").read_text(encoding="utf-8"))
    return Moment(datetime.combine(date.fromisoformat(kept["to"]) + timedelta(days=1), time(2), UTC))


@pytest.fixture
def upgraded(folder: Path, clock: Moment, command: Callable[..., Printed]) -> Iterator[District]:
    assert command("db", "upgrade", folder=folder).code == 0
    with linli.open(folder, clock=clock) as district:
        yield district


def test_an_old_record_is_upgraded_verifies_and_has_the_brief_that_it_had(
    folder: Path, upgraded: District, command: Callable[..., Printed]
) -> None:
    assert command("verify", folder=folder).code == 0
    kept = json.loads((folder / "brief.json").read_text(encoding="utf-8"))
    now = upgraded.brief(None, date.fromisoformat(kept["from"]), date.fromisoformat(kept["to"])).figures
    assert {name: now.get(name) for name in kept["figures"]} == kept["figures"]
    for name, amount in now.items():
        if isinstance(amount, int):
            explained = upgraded.explain(
                name, None, date.fromisoformat(kept["from"]), date.fromisoformat(kept["to"]), most=100_000
            )
            assert sum(line.n for line in explained.counted) == amount, name


def test_what_was_open_in_an_old_record_is_brought_to_its_end(
    folder: Path, upgraded: District, clock: Moment, command: Callable[..., Printed]
) -> None:
    while upgraded.worker.run_once(200, settle=False):
        pass
    for request in all_of(upgraded, "request", ended=False):
        _goes_the_ordinary_way(upgraded, request)
    assert [all_of(upgraded, kind, ended=False) for kind in ("request", "task")] == [[], []]
    endings = Endings(upgraded, clock)
    left = endings.all(last=LAST, stands=_is_a_disclosure)
    assert [(one.kind, one.state) for one in left] == [], endings.waits
    assert endings.waits.keys() <= {("publication", "published"), ("bank", "closing"), ("bank", "open")}
    assert set(endings.waits["publication", "published"]) == {NEVER}
    upgraded.sealing.seal(everything=True)
    assert upgraded.award.audit().problems == ()
    assert upgraded.deliveries.failing(1) == []
    assert command("verify", folder=folder).code == 0


def test_what_nobody_can_bring_to_its_end_is_told(new_district: Callable[..., District]) -> None:
    clock = Moment()
    district = new_district(clock=clock)
    place = a_place(district, "锦绣花园")
    clerk = somebody(district, "clerk", place)
    request = district.dispatch.submit(place, "漏水", "楼道漏水", actor=clerk).subject
    [post] = district.register.posts(person=clerk.person)
    district.register.end_post(post.id)
    [left] = Endings(district, clock).all(days=10)
    assert (left.id, left.state) == (request, "submitted")
    somebody(district, "clerk", place)
    assert Endings(district, clock).all(days=10) == []


NEVER = "withdraw: withdraw: a disclosure is never withdrawn; correct it: linli publication correct"


def _is_a_disclosure(subject: StoredSubject) -> bool:
    """What a matter of owners had to disclose stands: it is corrected, and never taken away."""
    return subject.kind == "publication" and subject.state == "published"


def _goes_the_ordinary_way(district: District, request: StoredSubject) -> None:
    """Dispatched by its desk, done by whoever holds the task, closed by the desk."""
    desk = _who_has(district, Seat(role="clerk", at=district.register.node(request.place).reporting_place))
    for state, move in (("submitted", "accept"), ("accepted", "dispatch")):
        if district.subject(request.id).state == state:
            district.make(request.id, move, actor=desk)
    for task in district.tree(request.id):
        if task.kind == "task" and task.ended_at is None:
            assert task.holder is not None, "somebody holds it"
            district.make(task.id, "finish", {"result": "已办好"}, actor=_who_has(district, task.holder))
            district.make(task.id, "confirm", actor=desk)
    district.make(request.id, "close", {"feedback": "已办好"}, actor=desk)


def _who_has(district: District, seat: Seat) -> Actor:
    [post, *_] = [one for one in district.register.posts(at=seat.at) if seat.role in (None, one.role)]
    return Actor(person=post.person)


def test_every_act_of_an_old_record_is_read_by_the_inputs_of_today(upgraded: District) -> None:
    flows, read = upgraded.rules.workflows, 0
    with upgraded.store.reading() as connection:
        rows = connection.execute(
            select(*ACT_COLUMNS).where(ACT_COLUMNS[0].table.c.district == upgraded.code)
        )
        for act in map(act_from, map(tuple, rows)):
            move = flows[act.kind].by_move.get(act.verb.partition(".")[2]) if act.kind in flows else None
            if move is not None:
                given = move.typed.given_in(act)
                assert all(hasattr(given, one.name) for one in move.fields)
                read += 1
    assert read > 100
