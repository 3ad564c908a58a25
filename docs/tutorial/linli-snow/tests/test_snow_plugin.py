"""Snow shovelling, from the asking to the points."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from linli import Actor, District, NotAllowed, Refused
from linli.testing import Explorer, Moment, a_place, make_district, somebody
from linli_snow import plugin

# Eleven in the morning, and four at night, on the district's clocks.
DAY, NIGHT = datetime(2026, 1, 20, 3, tzinfo=UTC), datetime(2026, 1, 20, 20, tzinfo=UTC)


@pytest.fixture
def clock() -> Moment:
    return Moment(DAY)


@pytest.fixture
def district(tmp_path: Path, clock: Moment) -> Iterator[District]:
    settings = "[snow]\npoints = 3\nmost_a_month = 4\n"
    with make_district(tmp_path, plugins={"snow": plugin}, more=settings, clock=clock) as district:
        yield district


@pytest.fixture
def place(district: District) -> UUID:
    return a_place(district, "锦绣花园")


@pytest.fixture
def neighbour(district: District, place: UUID) -> Actor:
    return somebody(district, None, place)


@pytest.fixture
def steward(district: District, place: UUID) -> Actor:
    return somebody(district, "steward", place)


def _taken(district: District, place: UUID, neighbour: Actor) -> UUID:
    path = district.start("shovelling", "ask", place, {"where": "3栋门前"}).subject
    district.make(path, "take", actor=neighbour)
    return path


def _points(district: District, actor: Actor) -> int:
    assert actor.person
    return district.award.account(actor.person).free


def test_who_clears_a_path_gets_points_when_the_steward_confirms_it(
    district: District, place: UUID, neighbour: Actor, steward: Actor
) -> None:
    path = _taken(district, place, neighbour)
    district.make(path, "clear", actor=neighbour)
    assert _points(district, neighbour) == 0
    district.make(path, "confirm", actor=steward)
    assert _points(district, neighbour) == 3
    assert district.brief().figures["snow.paths"] == 1


def test_a_month_pays_no_more_than_its_most(
    district: District, place: UUID, neighbour: Actor, steward: Actor
) -> None:
    for _ in range(3):
        path = _taken(district, place, neighbour)
        district.make(path, "clear", actor=neighbour)
        district.make(path, "confirm", actor=steward)
    assert _points(district, neighbour) == 4


def test_a_month_begins_on_the_districts_clock(tmp_path: Path) -> None:
    """At seven on the first of February it is January still in UTC."""
    clock = Moment(datetime(2026, 1, 31, 3, tzinfo=UTC))
    settings = "[snow]\npoints = 3\nmost_a_month = 4\n"
    with make_district(tmp_path, plugins={"snow": plugin}, more=settings, clock=clock) as district:
        place = a_place(district, "锦绣花园")
        neighbour, steward = somebody(district, None, place), somebody(district, "steward", place)
        earned = []
        for moment in (clock.now, clock.now, datetime(2026, 1, 31, 23, tzinfo=UTC)):
            clock.now = moment
            path = _taken(district, place, neighbour)
            district.make(path, "clear", actor=neighbour)
            district.make(path, "confirm", actor=steward)
            earned.append(_points(district, neighbour))
        assert earned == [3, 4, 7]


def test_nobody_clears_before_dawn(district: District, clock: Moment, place: UUID, neighbour: Actor) -> None:
    path = _taken(district, place, neighbour)
    clock.now = NIGHT
    with pytest.raises(Refused, match="others are asleep; begin at 6 o'clock"):
        district.make(path, "clear", actor=neighbour)
    assert district.subject(path).state == "taken"


def test_only_who_took_a_path_clears_it(
    district: District, place: UUID, neighbour: Actor, steward: Actor
) -> None:
    path = _taken(district, place, neighbour)
    with pytest.raises(Refused, match="somebody else has taken this path"):
        district.make(path, "clear", actor=steward)


def test_nobody_confirms_their_own_work(district: District, place: UUID, steward: Actor) -> None:
    path = _taken(district, place, steward)
    district.make(path, "clear", actor=steward)
    with pytest.raises(NotAllowed):
        district.make(path, "confirm", actor=steward)
    assert _points(district, steward) == 0


def test_every_move_by_everybody_happens_as_declared_or_changes_nothing(
    district: District, place: UUID, neighbour: Actor, steward: Actor
) -> None:
    class Paths(Explorer):
        def opened(self) -> UUID:
            return self.district.start("shovelling", "ask", place, {"where": "3栋门前"}).subject

    everybody = {"neighbour": neighbour, "steward": steward, "console": district.console}
    tried = Paths(district, everybody).explore()
    assert {"taken", "asked"} <= {one.subject.state for one in tried}
