"""Booking a hall: never twice, within its hours, decided, held or not; clocks with a moved clock."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from linli import ENGINE_ACTOR, Actor, District, NotAllowed, Refused, new_id
from linli.testing import snapshot
from linli_centres.tables import TABLES
from linli_centres.testing import SHANGHAI, Hall, a_hall, at, who

TUESDAY = "2026-03-03"


@pytest.fixture
def hall(new_district: Callable[..., District]) -> Hall:
    return a_hall(new_district)


def _slot(start: str, end: str, day: str = TUESDAY) -> tuple[str, str]:
    return f"{day} {start}", f"{day} {end}"


def _refused(hall: Hall, start: str, end: str, why: str, **more: Any) -> None:
    before = snapshot(hall.district, TABLES)
    with pytest.raises(Refused, match=why):
        hall.book(start, end, **more)
    assert snapshot(hall.district, TABLES) == before


def _late(hall: Hall, booking: UUID, clock: str) -> list[str]:
    history = hall.district.history(booking)
    return [a.body["rung"] for a in history if a.verb == "hall_booking.late" and a.body["clock"] == clock]


# --- never twice ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end"), [("09:00", "10:00"), ("08:30", "09:30"), ("09:30", "11:00"), ("08:30", "12:00")]
)
def test_a_hall_is_not_booked_twice_even_in_part(hall: Hall, start: str, end: str) -> None:
    hall.book(*_slot("09:00", "10:00"))
    _refused(hall, *_slot(start, end), "the hall is taken then", by=hall.other)


def test_what_touches_a_booking_is_free(hall: Hall) -> None:
    hall.book(*_slot("09:00", "10:00"))
    hall.book(*_slot("08:30", "09:00"), by=hall.other)
    hall.book(*_slot("10:00", "11:30"), by=hall.other)
    assert hall.free(TUESDAY) == ["11:30-12:00", "14:30-17:30"]


def test_what_is_given_back_can_be_booked_again(hall: Hall) -> None:
    endings: tuple[tuple[str, dict[str, object], Actor], ...] = (
        ("reject", {"reason": "有会议"}, hall.keeper),
        ("cancel", {}, hall.booker),
        ("cancel", {"reason": "设备坏了"}, hall.keeper),
    )
    for end, values, actor in endings:
        booking = hall.book(*_slot("09:00", "10:00"))
        hall.district.make(booking, end, values, actor=actor)
    assert hall.free(TUESDAY) == ["08:30-12:00", "14:30-17:30"]
    hall.book(*_slot("09:00", "10:00"))


# --- when, how long, by whom ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end", "why"),
    [
        ("2026-03-02 08:30", "2026-03-02 09:30", "later than now"),
        ("2026-04-02 09:00", "2026-04-02 10:00", "30 days ahead"),
        ("2026-03-03 09:10", "2026-03-03 10:10", "multiple of 30 minutes"),
        ("2026-03-03 09:00", "2026-03-03 09:00", "lasts 30 to 240 minutes"),
        ("2026-03-03 10:00", "2026-03-03 09:00", "lasts"),
        ("2026-03-03 11:30", "2026-03-03 12:30", "08:30-12:00, 14:30-17:30 on that day"),
        ("2026-03-03 11:30", "2026-03-03 15:00", "on that day"),
        ("2026-03-07 09:00", "2026-03-07 10:00", "at - on that day"),
        ("2026-03-03 23:00", "2026-03-04 01:00", "on that day"),
    ],
)
def test_a_booking_is_within_the_hours_and_the_rules(hall: Hall, start: str, end: str, why: str) -> None:
    _refused(hall, start, end, why)


def test_times_without_an_offset_are_those_of_the_districts_clock(hall: Hall) -> None:
    naive = datetime(2026, 3, 3, 9)  # noqa: DTZ001 - as somebody types it
    act = hall.district.start(
        "hall_booking",
        "ask",
        hall.district.subject(hall.centre).place,
        {"centre": hall.centre, "starts_at": naive, "ends_at": naive + timedelta(hours=1)},
        person=who(hall.booker),
        actor=hall.booker,
    )
    assert hall.district.subject(act.subject).record.starts_at == naive.replace(tzinfo=SHANGHAI)


def test_the_hall_takes_no_more_people_than_it_has_seats(hall: Hall) -> None:
    _refused(hall, *_slot("09:00", "10:00"), "takes 40 people", people=41)
    _refused(hall, *_slot("09:00", "10:00"), "must be 0 or more", people=-1)
    hall.book(*_slot("09:00", "10:00"), people=40)


def test_somebody_books_for_themselves_and_the_keeper_for_others(hall: Hall) -> None:
    with pytest.raises(Refused, match="for yourself"):
        hall.district.start(
            "hall_booking",
            "ask",
            hall.district.subject(hall.centre).place,
            {"centre": hall.centre, "starts_at": at(f"{TUESDAY} 09:00"), "ends_at": at(f"{TUESDAY} 10:00")},
            person=who(hall.other),
            actor=hall.booker,
        )
    hall.district.start(
        "hall_booking",
        "ask",
        hall.district.subject(hall.centre).place,
        {"centre": hall.centre, "starts_at": at(f"{TUESDAY} 09:00"), "ends_at": at(f"{TUESDAY} 10:00")},
        person=who(hall.other),
        actor=hall.keeper,
    )


def test_nobody_keeps_more_bookings_open_than_the_district_allows(hall: Hall) -> None:
    for hour in ("08:30", "09:30", "10:30"):
        hall.book(f"{TUESDAY} {hour}", _half_an_hour_after(hour))
    _refused(hall, *_slot("14:30", "15:00"), "3 bookings open already")
    hall.book(*_slot("14:30", "15:00"), by=hall.other)


def _half_an_hour_after(hour: str) -> str:
    return f"{at(f'{TUESDAY} {hour}') + timedelta(minutes=30):%Y-%m-%d %H:%M}"


def test_who_does_not_come_three_times_cannot_book_for_a_while(hall: Hall) -> None:
    for day in ("2026-03-03", "2026-03-04", "2026-03-05"):
        booking = hall.approved(*_slot("09:00", "10:00", day))
        hall.go_to(f"{day} 10:30")
        hall.district.make(booking, "miss", actor=hall.keeper)
    _refused(hall, *_slot("09:00", "10:00", "2026-03-06"), "did not come 3 times in 90 days")
    assert hall.figures()["centres.no_shows"] == 3
    hall.go_to("2026-06-02 11:00")
    hall.book(*_slot("09:00", "10:00", "2026-06-04"))


@pytest.mark.parametrize("facilities", [("station",), ("garden", "board")])
def test_what_has_no_hall_is_not_booked(hall: Hall, facilities: tuple[str, ...]) -> None:
    hall.district.make(hall.centre, "equip", {"facilities": facilities}, actor=hall.officer)
    _refused(hall, *_slot("09:00", "10:00"), "no hall that can be booked")


def test_a_booking_is_of_a_centre_that_there_is_and_made_where_it_is(hall: Hall) -> None:
    times = {"starts_at": at(f"{TUESDAY} 09:00"), "ends_at": at(f"{TUESDAY} 10:00")}
    for centre, place, why in (
        (new_id(), hall.place, "there is no centre"),
        (hall.centre, hall.street, "book it where the centre is"),
    ):
        with pytest.raises(Refused, match=why):
            hall.district.start(
                "hall_booking",
                "ask",
                place,
                {"centre": centre, **times},
                person=who(hall.booker),
                actor=hall.booker,
            )


# --- deciding and what became of it ----------------------------------------------------------------------------------


def test_a_booking_is_approved_and_held_and_counted_with_its_hours(hall: Hall) -> None:
    booking = hall.approved(*_slot("09:00", "10:30"))
    with pytest.raises(Refused, match="not begun yet"):
        hall.district.make(booking, "hold", {"came": 12}, actor=hall.keeper)
    hall.go_to(f"{TUESDAY} 11:00")
    with pytest.raises(Refused, match="1 or more"):
        hall.district.make(booking, "hold", {"came": 0}, actor=hall.keeper)
    hall.district.make(booking, "hold", {"came": 12}, actor=hall.keeper)
    assert hall.district.subject(booking).outcome == "held"
    figures = hall.figures()
    assert (figures["centres.bookings_held"], figures["centres.hall_hours"]) == (1, 1.5)


def test_nobody_approves_their_own_booking(hall: Hall) -> None:
    booking = hall.book(*_slot("09:00", "10:00"), by=hall.keeper)
    with pytest.raises(NotAllowed, match="about you"):
        hall.district.make(booking, "approve", actor=hall.keeper)
    by_another = hall.district.start(
        "hall_booking",
        "ask",
        hall.district.subject(hall.centre).place,
        {"centre": hall.centre, "starts_at": at(f"{TUESDAY} 10:00"), "ends_at": at(f"{TUESDAY} 11:00")},
        person=who(hall.keeper),
        actor=hall.second_keeper,
    ).subject
    with pytest.raises(Refused, match="about you"):
        hall.district.make(by_another, "approve", actor=hall.keeper)
    hall.district.make(booking, "approve", actor=hall.second_keeper)


def test_a_rejection_and_a_keeper_s_cancelling_have_a_reason(hall: Hall) -> None:
    booking = hall.book(*_slot("09:00", "10:00"))
    with pytest.raises(Refused, match="reason is missing"):
        hall.district.make(booking, "reject", {}, actor=hall.keeper)
    with pytest.raises(Refused, match="somebody else's booking"):
        hall.district.make(booking, "cancel", {}, actor=hall.keeper)


def test_what_has_begun_is_not_cancelled(hall: Hall) -> None:
    booking = hall.approved(*_slot("09:00", "10:00"))
    hall.go_to(f"{TUESDAY} 09:00")
    with pytest.raises(Refused, match="it has begun"):
        hall.district.make(booking, "cancel", {}, actor=hall.booker)


def test_where_the_district_wants_no_approval_a_booking_holds_at_once(
    new_district: Callable[..., District],
) -> None:
    hall = a_hall(new_district, "\n[centres]\napproval = false\n")
    assert hall.state(hall.book(*_slot("09:00", "10:00"))) == "approved"


def test_a_centre_that_closes_calls_off_what_is_booked(hall: Hall) -> None:
    asked, approved = hall.book(*_slot("09:00", "10:00")), hall.approved(*_slot("10:00", "11:00"), hall.other)
    hall.district.make(hall.centre, "suspend", {"reason": "装修"}, actor=hall.officer)
    assert [hall.state(one) for one in (asked, approved)] == ["called_off", "called_off"]
    hall.district.make(hall.centre, "resume", actor=hall.officer)
    assert hall.free(TUESDAY) == ["08:30-12:00", "14:30-17:30"]


def test_hours_are_not_changed_under_a_booking(hall: Hall) -> None:
    booking = hall.book(*_slot("09:00", "10:00"))
    changes: tuple[tuple[str, dict[str, object]], ...] = (
        ("set_hours", {"week": ("1-5 14:00-17:00",)}),
        ("close_day", {"day": TUESDAY, "reason": "检修"}),
        ("equip", {"facilities": ("station",)}),
    )
    for move, values in changes:
        with pytest.raises(Refused, match="1 bookings are still to come"):
            hall.district.make(hall.centre, move, values)
    hall.district.make(hall.centre, "close_day", {"day": "2026-03-04", "reason": "检修"})
    hall.district.make(booking, "cancel", {}, actor=hall.booker)
    hall.district.make(hall.centre, "close_day", {"day": TUESDAY, "reason": "检修"})
    _refused(hall, *_slot("09:00", "10:00"), "on that day")


# --- clocks ------------------------------------------------------------------------------------------------------------


def test_what_nobody_decides_lapses_when_it_begins_and_is_never_approved(hall: Hall) -> None:
    booking = hall.book(*_slot("09:00", "10:00"))
    hall.go_to(f"{TUESDAY} 08:59")
    assert hall.state(booking) == "asked"
    with pytest.raises(Refused, match="time is not over"):
        hall.district.make(booking, "lapse", actor=ENGINE_ACTOR)
    hall.go_to(f"{TUESDAY} 09:00")
    assert hall.state(booking) == "lapsed"
    assert hall.free(TUESDAY)[0] == "08:30-12:00"


def test_a_late_decision_climbs_three_levels_over_a_holiday(hall: Hall) -> None:
    hall.go_to("2025-09-29 16:00")
    booking = hall.book("2025-10-22 09:00", "2025-10-22 10:00")
    # Two working days: 30 September, then 9 October; a Saturday, the 11th, is worked, and so counts.
    assert hall.district.subject(booking).clocks["decision"].due == at("2025-10-09 17:30")
    hall.go_to("2025-10-09 17:29")
    assert _late(hall, booking, "decision") == []
    for moment, heard in (("2025-10-09 17:30", 1), ("2025-10-11 17:30", 2), ("2025-10-14 17:30", 3)):
        hall.go_to(moment)
        assert len(_late(hall, booking, "decision")) == heard, moment
    assert _late(hall, booking, "decision") == ["centre", "street", "district"]
    assert hall.state(booking) == "asked"


def test_who_does_not_report_what_became_of_it_is_late_after_three_working_days(hall: Hall) -> None:
    hall.go_to("2026-03-05 09:00")
    booking = hall.approved("2026-03-06 09:00", "2026-03-06 10:00")
    # 6 March 2026 is a Friday: Monday, Tuesday, Wednesday.
    assert hall.district.subject(booking).clocks["report"].due == at("2026-03-11 17:30")
    hall.go_to("2026-03-11 18:00")
    assert _late(hall, booking, "report") == ["centre"]
    hall.district.make(booking, "hold", {"came": 5}, actor=hall.keeper)
    assert hall.district.subject(booking).due_at is None
