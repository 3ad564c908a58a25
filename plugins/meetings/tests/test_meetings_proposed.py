"""A whistle that is only proposed: taken up, dismissed, overtaken, or lapsed with its request."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from linli import ENGINE_ACTOR, District, NotAllowed, Refused
from linli._model.diagrams import mermaid
from linli.testing import all_of, somebody
from linli_meetings.api import proposed_whistle
from linli_meetings.testing import Street, street
from linli_meetings.whistles import WhistleFlow


@pytest.fixture
def here(new_district: Callable[..., District]) -> Street:
    return street(new_district)


def _proposed(here: Street, **more: Any) -> UUID:
    order = proposed_whistle(place=here.compound, topic="违建", **more)
    return here.district.perform(order, actor=ENGINE_ACTOR).subject


def test_what_is_proposed_is_blown_by_the_officer_or_dismissed_with_a_reason(here: Street) -> None:
    whistle = _proposed(here)
    assert here.states(whistle) == {"whistle": ["proposed"]}
    with pytest.raises(NotAllowed):
        here.district.make(whistle, "take_up", {"departments": [here.urban]}, actor=here.clerk)
    here.district.make(whistle, "take_up", {"departments": [here.urban, here.fire]}, actor=here.officer)
    assert here.states(whistle)["whistle_part"] == ["named", "named"]
    other = _proposed(here)
    with pytest.raises(Refused, match="reason is missing"):
        here.district.make(other, "dismiss", actor=here.officer)
    here.district.make(other, "dismiss", {"reason": "已解决"}, actor=here.officer)
    assert here.district.subject(other).outcome == "dismissed"


def test_nobody_but_linli_lets_it_lapse(here: Street) -> None:
    whistle = _proposed(here, request=here.reported())
    for actor in (*here.actors.values(), here.district.console):
        with pytest.raises(NotAllowed):
            here.district.make(whistle, "lapse", actor=actor)
    assert here.state(whistle) == "proposed"


@pytest.mark.parametrize(
    ("move", "values"),
    [
        ("withdraw", {"reason": "已自行解决"}),
        ("merge", {"duplicate_of": None}),
        ("pause", {"reason": "waiting_for_parts"}),
    ],
)
def test_it_lapses_when_its_request_ends_and_not_before(
    here: Street, move: str, values: dict[str, Any]
) -> None:
    request = here.reported()
    whistles = [_proposed(here, request=request), _proposed(here, request=request)]
    of_another, of_none = _proposed(here, request=here.reported()), _proposed(here)
    values = {"duplicate_of": here.reported()} if move == "merge" else values
    here.district.make(request, move, values)
    expected = "proposed" if move == "pause" else "lapsed"
    assert [here.state(one) for one in whistles] == [expected, expected]
    assert (here.state(of_another), here.state(of_none)) == ("proposed", "proposed")


def test_it_lapses_when_its_request_is_resolved_and_one_proposed_after_that_when_it_is_closed(
    here: Street,
) -> None:
    request = here.reported()
    first, task = _proposed(here, request=request), here.part(request, "task")
    here.district.make(task, "finish", {"result": "已拆除"}, actor=here.branch)
    here.district.make(task, "confirm", actor=here.clerk)
    second = _proposed(here, request=request)
    assert (here.state(first), here.state(second)) == ("lapsed", "proposed")
    here.district.make(request, "close", {"feedback": "已拆除"}, actor=here.clerk)
    assert here.state(second) == "lapsed"
    here.district.make(request, "rate", {"rating": 5}, actor=here.clerk)


def test_a_whistle_that_is_blown_or_taken_up_overtakes_what_else_is_proposed_for_the_request(
    here: Street,
) -> None:
    for take_up in (False, True):
        request = here.reported()
        whistles = [_proposed(here, request=request) for _ in range(3)]
        of_another = _proposed(here, request=here.reported())
        blown = whistles.pop() if take_up else here.blown(here.urban, request=request)
        if take_up:
            here.district.make(blown, "take_up", {"departments": [here.urban]}, actor=here.officer)
        for one in whistles:
            found = here.district.subject(one)
            assert (found.outcome, found.record.overtaken_by) == ("lapsed", blown)
        assert (here.state(blown), here.state(of_another)) == ("blown", "proposed")


def test_one_that_is_blown_without_a_request_overtakes_none(here: Street) -> None:
    whistle = _proposed(here)
    here.blown(here.urban)
    assert here.state(whistle) == "proposed"


def test_what_was_blown_is_not_over_when_its_request_is(here: Street) -> None:
    request = here.reported()
    whistle = here.blown(here.urban, request=request)
    here.district.make(request, "withdraw", {"reason": "x"})
    assert here.state(whistle) == "blown"


def test_the_clerk_proposes_and_whom_the_request_is_about_does_not_decide(here: Street) -> None:
    assert here.officer.person
    request = here.district.dispatch.submit(here.compound, "general", "……", about=here.officer.person).subject
    values = {"topic": "违建", "request": request}
    whistle = here.district.start("whistle", "propose", here.compound, values, actor=here.clerk).subject
    assert here.district.subject(whistle).record.about == here.officer.person
    for move, given in (("take_up", {"departments": [here.urban]}), ("dismiss", {"reason": "x"})):
        with pytest.raises(Refused, match="about you"):
            here.district.make(whistle, move, given, actor=here.officer)
    with pytest.raises(NotAllowed):
        here.district.see(whistle, here.officer)
    other = somebody(here.district, "officer", here.place)
    here.district.make(whistle, "dismiss", {"reason": "x"}, actor=other)
    assert [one.id for one in all_of(here.district, "whistle", "dismissed")] == [whistle]


def test_the_readme_shows_the_workflow_as_it_is() -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    assert mermaid(WhistleFlow) in re.findall(r"```mermaid\n(.*?)\n```", readme, re.DOTALL)
