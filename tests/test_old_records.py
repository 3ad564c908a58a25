"""A record that an earlier version made, with every plugin: it is taken along, verifies, and what is open goes on.

The record is a year of the example district at a twentieth of its size, made by the commit that its folder is named after.
"""

import json
import lzma
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

import linli
from linli import Actor, District, Seat, Subject
from linli.listing import Wish
from linli.testing.fixtures import Printed

RECORDS = sorted(path.parent for path in (Path(__file__).parent / "records").glob("*/linli.db.xz"))


@pytest.fixture(params=RECORDS, ids=lambda path: path.name)
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    kept: Path = request.param
    for name in ("district.toml", "vault.key", "brief.json"):
        shutil.copy(kept / name, tmp_path / name)
    (tmp_path / "vault.key").chmod(0o600)
    with lzma.open(kept / "linli.db.xz") as packed, (tmp_path / "linli.db").open("wb") as database:
        shutil.copyfileobj(packed, database)
    return tmp_path


@pytest.fixture
def upgraded(folder: Path, command: Callable[..., Printed]) -> Iterator[District]:
    assert command("db", "upgrade", folder=folder).code == 0
    with linli.open(folder) as district:
        yield district


def test_an_old_record_is_upgraded_verifies_and_has_the_brief_that_it_had(
    folder: Path, upgraded: District, command: Callable[..., Printed]
) -> None:
    assert command("verify", folder=folder).code == 0
    kept = json.loads((folder / "brief.json").read_text(encoding="utf-8"))
    now = upgraded.brief(None, date.fromisoformat(kept["from"]), date.fromisoformat(kept["to"])).figures
    assert {name: now.get(name) for name in kept["figures"]} == kept["figures"]


def test_what_was_open_in_an_old_record_is_brought_to_its_end(upgraded: District) -> None:
    while upgraded.worker.run_once(200, settle=False):
        pass
    waiting = upgraded.find(Wish(kind="request", ended=False, most=500))
    assert waiting
    for request in waiting:
        _brought_to_its_end(upgraded, request)
    assert [upgraded.find(Wish(kind=kind, ended=False)) for kind in ("request", "task")] == [[], []]


def _brought_to_its_end(district: District, request: Subject) -> None:
    """Dispatched by its desk, done by whoever holds the task, closed by the desk."""
    desk = _who_has(district, Seat(role="clerk", at=district.register.knot(request.place).figures_at))
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
