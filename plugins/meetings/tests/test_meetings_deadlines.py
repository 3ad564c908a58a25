"""Deadlines of meetings and whistles: over weekends, holidays and make-up days, and up the ladder."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import attrs
import pytest

from linli import ENGINE_ACTOR, District, NotAllowed, Seat
from linli_meetings.answering import district_item_of
from linli_meetings.api import Task, proposed_whistle
from linli_meetings.testing import Street, street

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def here(new_district: Callable[..., District]) -> Street:
    found = street(new_district)
    found.clock.now = at("2025-09-01 08:30")
    return found


def at(text: str) -> datetime:
    """A moment on the district's wall clock."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def _until(here: Street, text: str) -> None:
    here.pass_time(seconds=(at(text) - here.clock.now).total_seconds())


def _blown(here: Street, when: str, *departments: UUID, **more: object) -> UUID:
    _until(here, when)
    return here.blown(*departments or (here.urban,), **more)


def _due(here: Street, subject: UUID, clock: str) -> str:
    due = here.district.subject(subject).clocks[clock].due
    assert due is not None
    return f"{due.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def _lateness(here: Street, root: UUID) -> list[tuple[str, str, str]]:
    return [
        (f"{act.at.astimezone(SHANGHAI):%m-%d %H:%M}", act.body["clock"], act.body["rung"])
        for act in here.district.history(root)
        if act.verb.endswith(".late")
    ]


@pytest.mark.parametrize(
    ("blown", "due"),
    [
        ("2025-09-05 16:30", "2025-09-08 11:30"),  # a Friday afternoon: over the weekend
        ("2025-09-30 16:30", "2025-10-09 11:30"),  # over National Day and Mid-Autumn, 1 to 8 October
        ("2025-10-10 16:30", "2025-10-11 11:30"),  # the Saturday that is worked for it
        ("2025-09-27 10:00", "2025-09-28 15:00"),  # a Saturday off, the Sunday after it worked
    ],
)
def test_a_department_has_four_service_hours_to_report_in(here: Street, blown: str, due: str) -> None:
    whistle = _blown(here, blown)
    assert _due(here, here.part(whistle, "whistle_part"), "report") == due


def test_an_urgent_whistle_knows_no_holidays(here: Street) -> None:
    whistle = _blown(here, "2025-10-01 23:00", urgent=True)
    assert _due(here, here.part(whistle, "whistle_part"), "report") == "2025-10-02 03:00"


def test_who_does_not_report_in_is_late_and_three_levels_hear_of_it_one_after_the_other(here: Street) -> None:
    whistle = _blown(here, "2025-09-30 08:30")
    part = here.part(whistle, "whistle_part")
    _until(here, "2025-10-14 17:00")
    assert _lateness(here, whistle) == [
        ("09-30 15:00", "report", "holder"),
        ("10-09 16:30", "report", "officer"),
        ("10-11 09:00", "report", "district_officer"),
    ]
    seats = {one.recipient for one in here.district.deliveries.listed(kind="tell")}
    assert seats == {
        f"seat:*@{here.urban}",
        f"seat:officer@{here.place}",
        f"seat:district_officer@{here.top}",
    }
    assert here.state(part) == "named", "silence is neither reporting in nor declining"


def test_in_time_nobody_is_told(here: Street) -> None:
    whistle = _blown(here, "2025-09-01 08:30")
    _until(here, "2025-09-01 11:00")
    here.does(whistle, here.urban, "report_in")
    _until(here, "2025-09-05 09:00")
    here.does(whistle, here.urban, "finish")
    here.does(whistle, here.urban, "evaluate")
    _until(here, "2025-12-01 09:00")
    assert _lateness(here, whistle) == []


def test_the_time_for_doing_it_goes_on_when_it_is_sent_back(here: Street) -> None:
    whistle = _blown(here, "2025-09-01 08:30")
    here.does(whistle, here.urban, "report_in")
    part = here.part(whistle, "whistle_part")
    due = _due(here, part, "doing")
    _until(here, "2025-09-02 08:30")
    here.does(whistle, here.urban, "finish")
    _until(here, "2025-09-04 08:30")
    here.does(whistle, here.urban, "send_back")
    hours = here.district.subject(part).clocks["doing"].spent / 3600
    assert hours == 6.5, "a day of service was used, and none while the street had it"
    assert at(_due(here, part, "doing")) > at(due)
    _until(here, "2025-09-12 17:30")
    assert [clock for _, clock, _ in _lateness(here, whistle)][:1] == ["doing"]


def test_a_paused_part_shows_why_and_goes_on_where_it_stood(here: Street) -> None:
    whistle = _blown(here, "2025-09-29 08:30")
    here.does(whistle, here.urban, "report_in")
    _until(here, "2025-09-29 10:30")
    here.does(whistle, here.urban, "pause", reason="waiting_for_weather")
    part = here.part(whistle, "whistle_part")
    clock = here.district.subject(part).clocks["doing"]
    assert (clock.paused_for, clock.due, clock.spent) == ("waiting_for_weather", None, 7200)
    _until(here, "2025-10-09 08:30")
    here.does(whistle, here.urban, "resume")
    assert here.district.subject(part).clocks["doing"].spent == 7200
    assert _lateness(here, whistle) == []


def test_what_was_sent_back_is_so_still_when_its_pause_ends(here: Street) -> None:
    whistle = _blown(here, "2025-09-29 08:30")
    here.does(whistle, here.urban, "report_in")
    here.does(whistle, here.urban, "finish", result="x")
    here.does(whistle, here.urban, "send_back", reason="x")
    here.does(whistle, here.urban, "pause", reason="waiting_for_weather")
    here.does(whistle, here.urban, "resume")
    assert here.state(here.part(whistle, "whistle_part")) == "sent_back"


def test_another_department_has_its_own_time_and_the_whistle_none_more(here: Street) -> None:
    whistle = _blown(here, "2025-09-01 08:30")
    due = _due(here, whistle, "settle")
    assert due == "2025-09-16 08:30"
    _until(here, "2025-09-01 10:30")
    here.does(whistle, here.urban, "decline")
    here.does(whistle, here.urban, "replace", instead=here.fire, reason="x")
    assert _due(here, here.part(whistle, "whistle_part", here.fire), "report") == "2025-09-01 17:00"
    assert _due(here, whistle, "settle") == due


def test_what_waits_for_the_street_climbs_from_the_street(here: Street) -> None:
    whistle = _blown(here, "2025-09-01 08:30")
    here.does(whistle, here.urban, "decline")
    _until(here, "2025-09-08 17:30")
    assert [(clock, rung) for _, clock, rung in _lateness(here, whistle)] == [
        ("street", "officer"),
        ("street", "district_officer"),
    ]


def test_a_whistle_is_escalated_at_its_time_and_not_a_minute_before(here: Street) -> None:
    whistle = _blown(here, "2025-09-25 08:30")
    _until(here, "2025-10-10 08:29")
    assert here.state(whistle) == "blown"
    _until(here, "2025-10-10 08:30")
    assert here.state(whistle) == "escalated"
    assert here.state(district_item_of(whistle)) == "proposed"
    _until(here, "2025-12-10 08:30")
    assert [act.verb for act in here.district.history(whistle)].count("whistle.escalate") == 1


def test_an_item_nobody_decides_and_a_meeting_nobody_holds_climb(here: Street) -> None:
    item, meeting = here.proposed(), here.called()
    _until(here, "2025-12-01 09:00")
    assert [rung for _, _, rung in _lateness(here, item)] == ["holder", "officer", "district_officer"]
    assert [rung for _, _, rung in _lateness(here, meeting)] == ["officer", "district_officer"]
    assert (here.state(item), here.state(meeting)) == ("proposed", "called")


def test_a_task_that_is_not_done_climbs_from_whoever_has_it(here: Street) -> None:
    meeting = here.called()
    item = here.scheduled(meeting)
    here.held(meeting)
    due = here.clock.now + timedelta(days=3)
    task = Task(what="拆除", at=here.urban, due=due)
    here.district.make(item, "resolve", {"resolution": "approved", "tasks": [task]}, actor=here.secretary)
    here.pass_time(days=3, minutes=-1)
    assert _lateness(here, item) == []
    here.pass_time(days=10)
    assert [rung for _, _, rung in _lateness(here, item)] == ["holder", "officer", "district_officer"]
    assert here.state(meeting) == "held"


def test_a_proposed_whistle_that_no_officer_looks_at_climbs(here: Street) -> None:
    values = {"topic": "违建"}
    whistle = here.district.start("whistle", "propose", here.compound, values, actor=here.clerk).subject
    _until(here, "2025-09-30 09:00")
    assert [rung for _, _, rung in _lateness(here, whistle)] == ["officer", "district_officer"]
    assert here.state(whistle) == "proposed"


def test_of_a_whistle_proposed_to_the_officer_they_hear_once(here: Street) -> None:
    order = attrs.evolve(
        proposed_whistle(place=here.compound, topic="违建"), holder=Seat(role="officer", at=here.place)
    )
    whistle = here.district.perform(order, actor=ENGINE_ACTOR).subject
    _until(here, "2025-09-30 09:00")
    assert [rung for _, _, rung in _lateness(here, whistle)] == ["holder", "district_officer"]


def test_a_department_that_reported_in_while_the_line_was_down_is_on_time_once_the_district_confirms_it(
    here: Street,
) -> None:
    whistle = _blown(here, "2025-09-01 08:30")
    part = here.part(whistle, "whistle_part")
    here.clock.now = at("2025-09-02 08:30")
    here.does(whistle, here.urban, "report_in", reported_in_at=at("2025-09-01 09:30"))
    clocks = here.district.subject(part).clocks
    assert clocks["report"].spent > 4 * 3600
    assert clocks["doing"].since == at("2025-09-01 09:30"), "what begins with it counts from then"
    late = next(one for one in here.district.tree(whistle) if one.kind == "late_entry")
    with pytest.raises(NotAllowed):
        here.district.make(late.id, "confirm", actor=here.officer)
    here.district.make(late.id, "confirm", actor=here.district_officer)
    assert here.district.subject(part).clocks["report"].spent == 3600
