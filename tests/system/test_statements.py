"""How many statements and round trips an act takes: counted, so that they do not grow unseen."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import attrs
import pytest

from linli.access import Actor
from linli.district import District
from linli.store.postgres import PostgresTransaction
from linli.store.sqlite import SqliteTransaction
from linli.store.wire import Wire
from linli.testing import a_place, somebody, who
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
# By call: statements that read, statements that write; and on PostgreSQL round trips, the one that commits among them.
# A dispatch asks who has the seat; a confirmation asks for the steward's account, the bank and what is owed.
LOOP = {
    "submit": (2, 5, 2),
    "accept": (2, 4, 2),
    "dispatch": (3, 5, 3),
    "finish": (2, 4, 2),
    "confirm": (6, 7, 5),
    "close": (2, 6, 2),
    "announce": (2, 5, 2),
}


@attrs.define
class Counted:
    """What was sent to the database."""

    reads: int = 0
    writes: int = 0
    trips: int = 0

    def add(self, *, reads: int = 0, writes: int = 0, trips: int = 0) -> None:
        """Count more."""
        self.reads, self.writes, self.trips = self.reads + reads, self.writes + writes, self.trips + trips


@pytest.fixture
def counting(monkeypatch: pytest.MonkeyPatch) -> Callable[[], Any]:
    """Count what is sent while something is done."""
    found: list[Counted] = []

    def watched(owner: Any, name: str, told: Callable[[Counted, Any], None]) -> None:
        real = getattr(owner, name)

        def call(self: Any, *args: Any, **more: Any) -> Any:
            if found:
                told(found[-1], args[0])
            return real(self, *args, **more)

        monkeypatch.setattr(owner, name, call)

    for kind in (SqliteTransaction, PostgresTransaction):
        watched(kind, "ask", lambda now, questions: now.add(reads=len(questions)))
        watched(kind, "look_up", lambda now, _: now.add(reads=1))
        watched(kind, "commit", lambda now, writes: now.add(writes=len(writes)))
    watched(Wire, "run", lambda now, _: now.add(trips=1))

    @contextmanager
    def count() -> Iterator[Counted]:
        found.append(Counted())
        yield found[-1]
        found.pop()

    return count


@attrs.frozen
class Loop:
    """A compound, and whoever takes a request through it."""

    district: District
    place: Any
    clerk: Actor
    steward: Actor
    resident: Actor

    def calls(self) -> Iterator[tuple[str, Callable[[], Any]]]:
        """The seven calls of a closed loop."""
        make, clerk = self.district.make, self.clerk
        request: Any = None

        def submit() -> None:
            nonlocal request
            words = (self.place, "漏水", "厨房水管漏水")
            request = self.district.dispatch.submit(
                *words, reporter=self.resident.person, actor=clerk
            ).subject

        yield "submit", submit
        yield "accept", lambda: make(request, "accept", actor=clerk)
        yield "dispatch", lambda: make(request, "dispatch", actor=clerk)
        task = self.district.dispatch.open_task(request).id
        done = {"result": "换了接头", "minutes": 30}
        yield "finish", lambda: make(task, "finish", done, actor=self.steward)
        yield "confirm", lambda: make(task, "confirm", actor=clerk)
        yield "close", lambda: make(request, "close", {"feedback": "已修好"}, actor=clerk)
        yield (
            "announce",
            lambda: self.district.publish.announce(self.place, "诉求办结", "已经修好。", actor=clerk),
        )


def test_a_closed_loop_takes_no_more_statements_and_round_trips_than_are_said(
    new_district: Callable[..., District], counting: Callable[[], Any]
) -> None:
    district = new_district(enabled=("tabular", "bank", "board"), more=MORE)
    place = a_place(district, "锦绣花园")
    clerk, steward, resident = (somebody(district, role, place) for role in ("clerk", "steward", None))
    open_bank(district, place)
    Bank(district).join(who(steward), place)
    found = {}
    for name, call in Loop(district, place, clerk, steward, resident).calls():
        with counting() as counted:
            call()
        on_server = district.store.name == "postgresql"
        found[name] = (counted.reads, counted.writes, counted.trips if on_server else LOOP[name][2])
    assert found == LOOP
