"""Many processes that want the same hall at the same time: one gets it."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select

from linli import District
from linli.store import Write
from linli.store.failures import Broken
from linli.testing import somebody
from linli_centres.tables import TAKE, TAKEN
from linli_centres.testing import SHANGHAI, Hall, a_hall, who

BOOKER = Path(__file__).with_name("centres_booker.py")
BOOKERS = 8
ALWAYS = '\n[centres]\nhours = ["1-7 00:00-23:45"]\nholidays = "as_usual"\n'


@pytest.fixture
def hall(new_district: Callable[..., District]) -> Hall:
    found = a_hall(new_district, ALWAYS)
    # The processes of the bookers have no clock but the real one.
    found.clock.now = datetime.now(UTC)
    return found


def _tomorrow() -> datetime:
    now = datetime.now(SHANGHAI) + timedelta(days=1)
    return now.replace(hour=9, minute=0, second=0, microsecond=0)


def _booker(hall: Hall, person: UUID, start: datetime, end: datetime) -> "subprocess.Popen[str]":
    folder = hall.district.configuration.folder
    words = (folder, hall.centre, person, start.isoformat(), end.isoformat())
    return subprocess.Popen(
        [sys.executable, BOOKER, *map(str, words)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "LINLI_LANG": "en"},
    )


def _raced(bookers: "list[subprocess.Popen[str]]") -> Counter[str]:
    for booker in bookers:
        assert booker.stdout is not None
        assert booker.stdout.readline().strip() == "ready"
    for booker in bookers:
        assert booker.stdin is not None
        booker.stdin.write("go\n")
        booker.stdin.flush()
    answers: Counter[str] = Counter()
    for booker in bookers:
        printed, errors = booker.communicate(timeout=120)
        assert booker.returncode == 0, errors
        answers.update(printed.splitlines())
    return answers


def _bookings(hall: Hall) -> int:
    query = select(func.count(TAKEN.c.booking.distinct())).where(TAKEN.c.district == hall.district.code)
    with hall.district.store.reading() as connection:
        return int(connection.execute(query).scalar_one())


def test_of_eight_processes_that_book_one_hall_at_times_that_overlap_one_gets_it(hall: Hall) -> None:
    people = [who(somebody(hall.district, None, hall.place)) for _ in range(BOOKERS)]
    start = _tomorrow()
    times = [(start + timedelta(minutes=30 * (n % 3)), start + timedelta(hours=2)) for n in range(BOOKERS)]
    answers = _raced([_booker(hall, one, *when) for one, when in zip(people, times, strict=True)])
    taken = "book: the hall is taken then; see when it is free: linli hall free"
    assert answers == {"booked": 1, taken: BOOKERS - 1}
    assert _bookings(hall) == 1


def test_of_eight_processes_that_book_one_hall_one_after_the_other_all_get_it(hall: Hall) -> None:
    people = [who(somebody(hall.district, None, hall.place)) for _ in range(BOOKERS)]
    start = _tomorrow()
    times = [(start + timedelta(hours=n), start + timedelta(hours=n + 1)) for n in range(BOOKERS)]
    answers = _raced([_booker(hall, one, *when) for one, when in zip(people, times, strict=True)])
    assert answers == {"booked": BOOKERS}
    assert _bookings(hall) == BOOKERS


def test_the_database_itself_keeps_a_hall_from_being_taken_twice(hall: Hall) -> None:
    start = _tomorrow()
    hall.centres.book(hall.centre, start, start + timedelta(hours=1), who(hall.booker), actor=hall.booker)
    row = {"district": hall.district.code, "centre": hall.centre, "at": start, "booking": hall.place}
    with pytest.raises(Broken) as caught, hall.district.store.transaction() as transaction:
        transaction.commit([Write(TAKE, row)])
    assert "centres_taken" in caught.value.constraint
