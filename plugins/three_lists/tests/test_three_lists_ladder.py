"""The ladder with a moved clock: over weekends and holidays, by four rungs."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from linli import District, Seat
from linli.testing import somebody
from linli_three_lists.testing import LADDER, Town, who
from linli_three_lists.testing import town as make_town


@pytest.fixture
def street(new_district: Callable[..., District]) -> Town:
    """A town with rung times of its own."""
    return make_town(new_district, LADDER)


def _lateness(town: Town, request: UUID, kind: str = "request") -> list[tuple[str, str | None, str]]:
    seats = {str(seat): name for name, seat in _seats(town).items()}
    return [
        (
            f"{act.at.astimezone(town.district.rules.zone):%m-%d %H:%M}",
            act.body["rung"],
            seats[act.body["seat"]],
        )
        for act in town.district.history(request)
        if act.verb == f"{kind}.late"
    ]


def _seats(town: Town) -> dict[str, Seat]:
    return {
        "steward": Seat(role="steward", at=town.place),
        "manager": Seat(role="property_manager", at=town.company),
        "secretary": Seat(role="branch_secretary", at=town.branch),
        "officer": Seat(role="officer", at=town.street),
        "district_officer": Seat(role="district_officer", at=town.root),
    }


# 8 service hours from Tuesday, 30 September 2025, 16:30: one hour that day, then National Day and Mid-Autumn
# (1 to 8 October), 6 and a half hours on Thursday the 9th, and half an hour on Friday the 10th. The
# rungs: 2, 4 and 13 service hours on, the second day of which is Saturday the 11th, which is worked.
CLIMB = [
    ("10-10 09:00", "steward", "steward"),
    ("10-10 11:00", "branch", "secretary"),
    ("10-10 17:30", "street", "officer"),
    ("10-13 17:30", "district", "district_officer"),
]


def test_a_late_request_climbs_four_rungs_over_holidays_and_a_made_up_saturday(street: Town) -> None:
    street.work_until("2025-09-30 16:30")
    request = street.dispatched()
    street.work_until("2025-10-10 08:59")
    assert _lateness(street, request) == []
    for when, *_ in CLIMB:
        street.work_until(f"2025-{when}")
    street.work_until("2025-12-31 09:00")
    assert _lateness(street, request) == CLIMB
    assert street.district.subject(request).state == "dispatched", "silence decides nothing"


def test_of_a_late_task_its_holder_hears_once(street: Town) -> None:
    request = street.dispatched()
    street.work_until("2026-06-01 09:00")
    assert [line[1:] for line in _lateness(street, request, "task")] == [("holder", "manager")]


def test_what_is_not_answered_in_time_climbs_too(street: Town) -> None:
    street.work_until("2026-03-06 16:30")
    request = street.submit()
    street.work_until("2026-03-09 09:30")
    assert _lateness(street, request) == [("03-09 09:30", "steward", "steward")]


def test_a_clock_that_stands_still_does_not_climb_and_goes_on_where_it_stood(street: Town) -> None:
    request = street.dispatched()
    street.work_until("2026-03-02 11:00")
    street.make(request, "pause", street.clerk, reason="waiting_for_weather")
    street.work_until("2026-03-16 09:00")
    assert _lateness(street, request) == []
    (handling,) = [one for one in street.needs.watches(request) if one.clock == "handling"]
    assert (handling.paused_for, handling.left) == ("waiting_for_weather", timedelta(hours=6))
    street.make(request, "resume", street.clerk)
    street.work_until("2026-03-16 17:30")
    assert _lateness(street, request) == [("03-16 17:30", "steward", "steward")]


def test_routing_again_does_not_stop_the_climb(street: Town) -> None:
    request = street.dispatched()
    for when in ("2026-03-03 10:30", "2026-03-03 14:30", "2026-03-03 15:00"):
        street.work_until(when)
        task = street.task(request)
        if task.state == "open":
            holder = street.manager if task.holder == _seats(street)["manager"] else street.steward
            street.make(task.id, "give_back", holder, reason="不归我们")
            street.make(task.id, "route", street.clerk, role="steward", at=street.place)
    street.work_until("2026-03-05 17:30")
    assert [line[1] for line in _lateness(street, request)] == ["steward", "branch", "street"]


def test_where_nothing_blows_whistles_the_rung_that_considers_one_simply_hears(street: Town) -> None:
    request = street.dispatched()
    street.work_until("2026-12-31 09:00")
    assert [line[1] for line in _lateness_names(street, request)] == [
        "steward",
        "branch",
        "street",
        "district",
    ]
    assert {act.kind for act in street.district.history(request)} == {"request", "task"}


def test_what_is_late_does_not_climb_to_whom_it_is_about(street: Town) -> None:
    somebody(street.district, "officer", street.root)
    request = street.submit("书记不管事", "噪音", about=who(street.secretary))
    street.work_until("2026-12-31 09:00")
    assert [line[1] for line in _lateness_names(street, request)] == ["steward", "street", "district"]
    against = street.submit("街道干部不管事", "噪音", about=who(street.officer))
    street.work_until("2027-12-31 09:00")
    assert [line[1] for line in _lateness_names(street, against)] == ["steward", "branch", "district"]


def _lateness_names(town: Town, request: UUID) -> list[tuple[str, str]]:
    return [
        (act.verb, act.body["rung"]) for act in town.district.history(request) if act.verb == "request.late"
    ]


def test_where_nobody_is_on_any_rung_the_cores_own_ladder_is_climbed(
    new_district: Callable[..., District],
) -> None:
    more = '\n[[three_lists.ladder]]\nname = "x"\nroles = ["nobody"]\n[dispatch]\nladder = ["steward"]\n'
    town = make_town(new_district, more)
    request = town.submit()
    town.work_until("2026-12-31 09:00")
    assert [line[1] for line in _lateness_names(town, request)] == ["steward"]


def test_who_is_last_hears_again_rather_than_nobody_when_a_rung_falls_empty(street: Town) -> None:
    request = street.submit("噪音", "噪音")
    street.work_until("2026-03-04 09:00")
    heard = [line[1] for line in _lateness_names(street, request)]
    for actor in (street.officer, street.district_officer, street.secretary):
        for post in street.district.register.posts(person=who(actor)):
            street.district.register.end_post(post.id)
    street.work_until("2026-12-31 09:00")
    now = [line[1] for line in _lateness_names(street, request)]
    assert now[: len(heard)] == heard
    assert now[len(heard) :] == ["steward"]
