"""A whistle that is not settled in time: on the district's agenda by itself, and how that ends."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from linli import Actor, District, NotAllowed, Refused, Seat
from linli.testing import an_organisation
from linli_meetings.answering import district_item_of
from linli_meetings.testing import Street, street


@pytest.fixture
def here(new_district: Callable[..., District]) -> Street:
    return street(new_district, '\n[meetings]\ndistrict_members = ["department@district"]\n')


def _told(here: Street, seat: str) -> list[str]:
    told = here.district.deliveries.listed(kind="tell")
    return [one.payload["what"] for one in reversed(told) if one.recipient == f"seat:{seat}"]


def test_an_unsettled_whistle_goes_on_the_districts_agenda_by_itself_and_goes_on(here: Street) -> None:
    request = here.reported()
    whistle = here.blown(here.urban, here.fire, request=request)
    here.does(whistle, here.urban, "report_in", "finish", "evaluate")
    here.pass_time(days=15, seconds=1)
    item = here.district.subject(district_item_of(whistle))
    assert here.state(whistle) == "escalated"
    assert (item.state, item.record.tier, item.record.grounds, item.record.about) == (
        "proposed", "district", "unsettled", whistle,
    )  # fmt: skip
    assert item.holder == Seat(role="meeting_secretary", at=here.top)
    assert "whistle.escalate" in _told(here, f"clerk@{here.place}")
    assert [act.acting_as for act in here.district.history(item.id)] == ["engine"]
    here.does(whistle, here.fire, "report_in", "finish", "evaluate")
    assert here.state(whistle) == "closed"
    assert here.state(item.id) == "withdrawn", "what was settled meanwhile is off the agenda"


def test_the_districts_resolution_is_given_to_the_whistle(here: Street) -> None:
    planning = an_organisation(here.district, "department", here.top, "planning")
    whistle = here.blown(here.urban)
    here.pass_time(days=16)
    values = {"starts_at": here.clock.now + timedelta(days=5), "venue": "一楼"}
    meeting = here.district.start("meeting", "call", here.top, values, actor=here.district_secretary).subject
    item = district_item_of(whistle)
    with pytest.raises(NotAllowed):
        here.district.make(item, "schedule", {"meeting": meeting}, actor=here.secretary)
    here.district.make(item, "schedule", {"meeting": meeting}, actor=here.district_secretary)
    here.clock.now += timedelta(days=5)
    sign_in = here.part(meeting, "attendance", planning)
    here.district.make(sign_in, "attend", actor=here.district_secretary)
    here.district.make(meeting, "hold", actor=here.district_secretary)
    here.district.make(item, "resolve", {"resolution": "approved"}, actor=here.district_secretary)
    record = here.district.subject(whistle).record
    assert (record.item, record.instruction, here.state(whistle)) == (item, "approved", "escalated")
    assert here.state(meeting) == "closed"
    here.does(whistle, here.urban, "report_in", "finish", "evaluate")
    assert here.state(whistle) == "closed"


def test_a_whistle_settled_in_time_is_never_escalated(here: Street) -> None:
    whistle = here.blown(here.urban)
    here.does(whistle, here.urban, "report_in", "finish", "evaluate")
    here.pass_time(days=60)
    assert here.state(whistle) == "closed"
    assert [act.verb for act in here.district.history(whistle)].count("whistle.escalate") == 0


def test_nobody_escalates_by_hand(here: Street) -> None:
    whistle = here.blown(here.urban)
    for actor in (here.officer, here.district_officer, here.district.console, Actor(engine=True)):
        with pytest.raises(Refused):
            here.district.make(whistle, "escalate", actor=actor)
