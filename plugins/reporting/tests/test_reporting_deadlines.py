"""A report that nobody decides on climbs the ladder, in working days; silence never confirms."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from linli import District
from linli._model.lookups import root_id
from linli.testing import somebody
from linli_reporting.testing import Compounds, compounds

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def place(new_district: Callable[..., District]) -> Compounds:
    """With an officer of the district: where nobody has that seat, whoever heard before stands in for it."""
    place = compounds(new_district)
    somebody(place.district, "officer", root_id(place.district.code))
    return place


def _go_to(place: Compounds, text: str) -> None:
    place.clock.now = datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)
    place.work()


def _heard(place: Compounds, report: UUID) -> list[tuple[str, str]]:
    """When a report was late, and which rung heard of it."""
    acts = [act for act in place.district.history(report) if act.verb.endswith(".late")]
    return [(f"{act.at.astimezone(SHANGHAI):%Y-%m-%d}", act.body["rung"]) for act in acts]


def test_nobodys_silence_confirms_and_each_level_hears_in_turn(place: Compounds) -> None:
    # National Day and Mid-Autumn 2025: 1 to 8 October are free; Sunday 28 September and Saturday 11 October are not.
    _go_to(place, "2025-09-26 10:00")
    report = place.announced()
    # Five working days after Friday: 28, 29, 30 September, 9 and 10 October.
    _go_to(place, "2025-10-10 09:00")
    assert _heard(place, report) == []
    # Then three more each: Saturday 11, 13, 14 October; 15, 16, 17; 20, 21, 22.
    for day in range(10, 29):
        _go_to(place, f"2025-10-{day} 18:00")
    heard = _heard(place, report)
    assert [rung for _, rung in heard] == ["branch", "community", "street", "district"]
    assert [day for day, _ in heard] == ["2025-10-10", "2025-10-14", "2025-10-17", "2025-10-22"]
    assert place.state(report) == "announced"
    assert place.figures()["members.reported"] == 0
    _go_to(place, "2026-02-02 10:00")
    assert len(_heard(place, report)) == 4


def test_what_was_decided_in_time_is_never_late(place: Compounds) -> None:
    _go_to(place, "2025-09-26 10:00")
    one, other = place.announced(), place.announced(place.other)
    _go_to(place, "2025-10-10 16:00")
    place.district.make(one, "confirm", actor=place.secretary)
    place.district.make(other, "refuse", {"reason": "x"}, actor=place.secretary)
    _go_to(place, "2025-12-01 10:00")
    assert _heard(place, one) == _heard(place, other) == []


def test_without_a_branch_the_next_level_hears_first(place: Compounds) -> None:
    _go_to(place, "2025-09-01 10:00")
    report = place.announced(place.new_member(place.alone))
    for day in range(1, 31):
        _go_to(place, f"2025-09-{day:02} 23:00")
    assert [rung for _, rung in _heard(place, report)] == ["street", "district"]


def test_a_new_branch_does_not_begin_the_clock_anew(place: Compounds) -> None:
    _go_to(place, "2025-09-01 10:00")
    report = place.announced(place.new_member(place.bare))
    due = place.district.subject(report).due_at
    _go_to(place, "2025-09-04 10:00")
    place.district.register.organisation("branch", "平安院党支部", place.bare)
    place.work()
    found = place.district.subject(report)
    assert (found.record.stood_in, found.due_at) == (False, due)
