"""How many statements and round trips an act takes: counted, so that they do not grow unseen."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import attrs
import pytest
from benchmarks.closed_loop import Setting, calls

from linli._store.postgres import PostgresTransaction
from linli._store.sqlite import SqliteTransaction
from linli._store.wire import Wire

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


def test_a_closed_loop_takes_no_more_statements_and_round_trips_than_are_said(
    store_url: str, tmp_path: Path, counting: Callable[[], Any]
) -> None:
    setting = Setting(store_url, tmp_path)
    found = {}
    for name, call in calls(setting.district, setting.compounds[0]):
        with counting() as counted:
            call()
        on_server = setting.district.store.name == "postgresql"
        found[name] = (counted.reads, counted.writes, counted.trips if on_server else LOOP[name][2])
    setting.district.close()
    assert found == LOOP
