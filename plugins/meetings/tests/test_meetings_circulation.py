"""Decisions by circulation: everybody who is asked agrees, or it goes to a meeting."""

from collections.abc import Callable
from typing import Any

import pytest

from linli import District, NotAllowed, Refused
from linli.testing import somebody
from linli_meetings.testing import Street, street

NewDistrict = Callable[..., District]


@pytest.fixture
def here(new_district: NewDistrict) -> Street:
    return street(new_district)


def _resolve(here: Street, item: Any, resolution: str = "approved", **more: Any) -> None:
    here.district.make(item, "resolve", {"resolution": resolution, **more}, actor=here.secretary)


def _circulated(here: Street, **more: Any) -> Any:
    item = here.proposed()
    here.district.make(item, "circulate", {"draft": "approved", "text": "同意", **more}, actor=here.secretary)
    return item


def _answer(here: Street, item: Any, name: str, move: str, **values: Any) -> None:
    part = here.part(item, "written_opinion", getattr(here, name))
    here.district.make(part, move, values, actor=getattr(here, f"{name}_officer"))


def test_between_meetings_an_item_is_decided_when_all_have_agreed(here: Street) -> None:
    item = _circulated(here)
    _answer(here, item, "urban", "agree")
    _answer(here, item, "fire", "agree")
    with pytest.raises(Refused, match="not enough have agreed yet"):
        _resolve(here, item)
    _answer(here, item, "water", "agree")
    with pytest.raises(Refused, match="what was agreed to is: passed"):
        _resolve(here, item, "rejected", reason="x")
    _resolve(here, item)
    assert here.state(item) == "closed"


def test_one_objection_takes_it_to_a_meeting(here: Street) -> None:
    item = _circulated(here)
    _answer(here, item, "fire", "object", reason="通道被占")
    assert here.state(item) == "proposed"
    assert here.states(item)["written_opinion"].count("lapsed") == 2


def test_silence_is_no_agreement(here: Street) -> None:
    item = _circulated(here)
    _answer(here, item, "fire", "agree")
    here.pass_time(days=5, seconds=1)
    assert (here.state(item), here.states(item)["circulation"]) == ("proposed", ["lapsed"])
    with pytest.raises(Refused, match="it is for the next meeting"):
        here.district.make(item, "circulate", {"draft": "approved", "text": "再议"}, actor=here.secretary)


def test_as_many_as_the_district_wants_must_agree(new_district: NewDistrict) -> None:
    here = street(new_district, "\n[meetings]\ncirculation_quorum = 67\n")
    item = _circulated(here)
    _answer(here, item, "urban", "agree")
    _answer(here, item, "fire", "agree")
    assert here.states(item)["circulation"] == ["open"], "two of three are fewer than 67 percent"
    here = street(new_district, "\n[meetings]\ncirculation_quorum = 66\n")
    item = _circulated(here)
    _answer(here, item, "urban", "agree")
    _answer(here, item, "fire", "agree")
    assert here.states(item)["circulation"] == ["agreed"]


def test_whoever_circulates_does_not_answer_for_a_department(here: Street) -> None:
    both = somebody(here.district, "meeting_secretary", here.place)
    item = here.proposed()
    here.district.make(item, "circulate", {"draft": "approved", "text": "同意"}, actor=both)
    assert both.person
    here.district.register.post(both.person, "department_officer", here.fire)
    with pytest.raises(NotAllowed):
        here.district.make(here.part(item, "written_opinion", here.fire), "agree", actor=both)
