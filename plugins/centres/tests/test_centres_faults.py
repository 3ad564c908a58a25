"""Many processes that want the same hall at the same time: one gets it."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select

from linli import District, Write
from linli._store.failures import Broken
from linli.testing import at_once, somebody
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


def _raced(hall: Hall, people: Sequence[UUID], times: list[tuple[datetime, datetime]]) -> Counter[str]:
    folder = hall.district.configuration.folder
    printed = at_once(
        *(
            [BOOKER, folder, hall.centre, one, start.isoformat(), end.isoformat()]
            for one, (start, end) in zip(people, times, strict=True)
        )
    )
    return Counter(line for lines in printed for line in lines)


def _bookings(hall: Hall) -> int:
    query = select(func.count(TAKEN.c.booking.distinct())).where(TAKEN.c.district == hall.district.code)
    with hall.district.store.reading() as connection:
        return int(connection.execute(query).scalar_one())


def test_of_eight_processes_that_book_one_hall_at_times_that_overlap_one_gets_it(hall: Hall) -> None:
    people = [who(somebody(hall.district, None, hall.place)) for _ in range(BOOKERS)]
    start = _tomorrow()
    times = [(start + timedelta(minutes=30 * (n % 3)), start + timedelta(hours=2)) for n in range(BOOKERS)]
    answers = _raced(hall, people, times)
    taken = "book: the hall is taken then; see when it is free: linli hall free"
    assert answers == {"booked": 1, taken: BOOKERS - 1}
    assert _bookings(hall) == 1


def test_of_eight_processes_that_book_one_hall_one_after_the_other_all_get_it(hall: Hall) -> None:
    people = [who(somebody(hall.district, None, hall.place)) for _ in range(BOOKERS)]
    start = _tomorrow()
    times = [(start + timedelta(hours=n), start + timedelta(hours=n + 1)) for n in range(BOOKERS)]
    answers = _raced(hall, people, times)
    assert answers == {"booked": BOOKERS}
    assert _bookings(hall) == BOOKERS


def test_the_database_itself_keeps_a_hall_from_being_taken_twice(hall: Hall) -> None:
    start = _tomorrow()
    hall.district.start(
        "hall_booking",
        "ask",
        hall.district.subject(hall.centre).place,
        {"centre": hall.centre, "starts_at": start, "ends_at": start + timedelta(hours=1)},
        person=who(hall.booker),
        actor=hall.booker,
    )
    row = {"district": hall.district.code, "centre": hall.centre, "at": start, "booking": hall.place}
    with pytest.raises(Broken) as caught, hall.district.store.transaction() as transaction:
        transaction.commit([Write(TAKE, row)])
    assert "centres_taken" in caught.value.constraint
