"""The whistle: who reports in, declines, does, evaluates; when it is closed, withdrawn, on the district's agenda."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from linli import District, NotAllowed, Refused, Seat, new_id
from linli.testing import a_place, an_organisation, snapshot, somebody
from linli_meetings.answering import district_item_of
from linli_meetings.testing import Street, street

NewDistrict = Callable[..., District]


@pytest.fixture
def here(new_district: NewDistrict) -> Street:
    return street(new_district)


def _told(here: Street, seat: str) -> list[str]:
    told = here.district.deliveries.listed(kind="tell")
    return [one.payload["what"] for one in reversed(told) if one.recipient == f"seat:{seat}"]


def test_each_department_named_has_a_part_and_the_whistle_is_closed_with_the_last(here: Street) -> None:
    whistle = here.blown(here.urban, here.fire)
    here.does(whistle, here.urban, "report_in", "finish", "evaluate")
    assert here.state(whistle) == "blown"
    here.does(whistle, here.fire, "report_in", "finish", "send_back", "finish")
    assert here.state(whistle) == "blown"
    assert _told(here, f"*@{here.fire}") == ["whistle_part.name", "whistle_part.send_back"]
    here.does(whistle, here.fire, "evaluate")
    assert here.states(whistle) == {"whistle": ["closed"], "whistle_part": ["evaluated", "evaluated"]}


def test_a_result_that_was_sent_back_is_kept_with_its_round(here: Street) -> None:
    whistle = here.blown(here.urban)
    here.does(whistle, here.urban, "report_in")
    for result in ("已劝告", "已拆一半", "已拆除"):
        here.does(whistle, here.urban, "finish", result=result)
        if result != "已拆除":
            here.does(whistle, here.urban, "send_back")
    part = here.district.subject(here.part(whistle, "whistle_part"))
    assert part.record.rounds == 3
    texts = here.district.read(part.id, "评价前查阅", actor=here.officer)
    assert [text.text for text in texts if text.field == "result"] == ["已劝告", "已拆一半", "已拆除"]
    here.does(whistle, here.urban, "send_back")
    with pytest.raises(Refused, match="worked out by linli"):
        here.does(whistle, here.urban, "finish", rounds=9)


def test_a_department_that_declines_is_withdrawn_or_another_one_is_named(here: Street) -> None:
    whistle = here.blown(here.urban, here.fire)
    here.does(whistle, here.fire, "decline")
    with pytest.raises(Refused, match="named already"):
        here.does(whistle, here.fire, "replace", instead=here.urban, reason="x")
    here.does(whistle, here.fire, "replace", instead=here.water, reason="由水务站办理")
    assert here.states(whistle)["whistle_part"] == ["named", "withdrawn", "named"]
    here.does(whistle, here.water, "decline")
    here.does(whistle, here.water, "release")
    here.does(whistle, here.urban, "report_in", "finish", "evaluate")
    assert here.state(whistle) == "closed"


def test_without_any_department_left_nothing_is_settled(here: Street) -> None:
    whistle = here.blown(here.urban)
    here.does(whistle, here.urban, "decline")
    here.does(whistle, here.urban, "release")
    assert here.state(whistle) == "blown"
    here.district.make(whistle, "name", {"department": here.water}, actor=here.officer)
    here.does(whistle, here.water, "report_in", "finish", "evaluate")
    assert here.state(whistle) == "closed"


def test_one_more_department_can_be_named_once(here: Street) -> None:
    whistle = here.blown(here.urban)
    here.district.make(whistle, "name", {"department": here.fire}, actor=here.officer)
    with pytest.raises(Refused, match="named already"):
        here.district.make(whistle, "name", {"department": here.fire}, actor=here.officer)


def test_a_withdrawn_whistle_calls_off_what_departments_still_do(here: Street) -> None:
    whistle = here.blown(here.urban, here.fire)
    here.does(whistle, here.urban, "report_in")
    with pytest.raises(Refused, match="reason is missing"):
        here.district.make(whistle, "withdraw", actor=here.officer)
    here.district.make(whistle, "withdraw", {"reason": "误报"}, actor=here.officer)
    assert here.states(whistle) == {"whistle": ["withdrawn"], "whistle_part": ["withdrawn", "withdrawn"]}


# --- who may ---------------------------------------------------------------------------------------


def test_only_the_streets_officer_blows_and_only_the_named_department_answers(here: Street) -> None:
    values = {"topic": "违建", "departments": (here.urban,)}
    for actor in (here.stranger, here.branch, here.urban_officer, here.secretary, here.clerk):
        with pytest.raises(NotAllowed):
            here.district.start("whistle", "blow", here.compound, values, actor=actor)
    part = here.part(here.blown(here.urban), "whistle_part")
    for actor in (here.fire_officer, here.officer, here.secretary):
        with pytest.raises(NotAllowed):
            here.district.make(part, "report_in", actor=actor)


def test_a_department_without_staff_is_not_answered_for_by_another_one(here: Street) -> None:
    empty = an_organisation(here.district, "department", here.place, "empty")
    part = here.part(here.blown(empty), "whistle_part")
    for actor in (here.urban_officer, here.fire_officer, here.water_officer):
        with pytest.raises(Refused):
            here.district.make(part, "report_in", actor=actor)
    here.district.make(part, "release", {"reason": "机构空缺"}, actor=here.officer)


def test_nobody_evaluates_what_they_did_themselves(here: Street) -> None:
    both = somebody(here.district, "officer", here.place)
    assert both.person
    here.district.register.post(both.person, "department_officer", here.urban)
    part = here.part(here.blown(here.urban), "whistle_part")
    here.district.make(part, "report_in", actor=both)
    here.district.make(part, "finish", {"result": "x"}, actor=both)
    with pytest.raises(NotAllowed, match="already acted in this matter"):
        here.district.make(part, "evaluate", {"grade": "good"}, actor=both)


def test_whoever_blew_it_does_not_report_in_for_a_department(here: Street) -> None:
    both = somebody(here.district, "officer", here.place)
    assert both.person
    here.district.register.post(both.person, "department_officer", here.urban)
    values = {"topic": "违建", "departments": (here.urban,)}
    whistle = here.district.start("whistle", "blow", here.compound, values, actor=both).subject
    with pytest.raises(NotAllowed, match="already acted in this matter"):
        here.district.make(here.part(whistle, "whistle_part"), "report_in", actor=both)


@pytest.mark.parametrize(
    ("departments", "reason"),
    [
        ([], "at least one department"),
        (["x"], "each by its number"),
        (["committee"], "there is no department"),
        (["elsewhere"], "not one of this street or district"),
        (["nowhere"], "there is no department"),
    ],
)
def test_departments_are_those_of_the_street_or_the_district(
    here: Street, departments: list[str], reason: str
) -> None:
    other = a_place(here.district, "城北街道", kind="street", parent=here.top, path=f"{here.top.hex}/")
    numbers: dict[str, Any] = {
        "committee": an_organisation(here.district, "residents_committee", here.place),
        "elsewhere": an_organisation(here.district, "department", other),
        "nowhere": new_id(),
    }
    before = snapshot(here.district)
    with pytest.raises(Refused, match=reason):
        here.district.start(
            "whistle",
            "blow",
            here.compound,
            {"topic": "违建", "departments": tuple(numbers.get(name, name) for name in departments)},
            actor=here.officer,
        )
    assert snapshot(here.district) == before


def test_a_department_of_the_district_can_be_named(here: Street) -> None:
    planning = an_organisation(here.district, "department", here.top, "planning")
    assert here.states(here.blown(planning))["whistle_part"] == ["named"]


def test_a_poor_result_is_evaluated_with_what_was_poor(here: Street) -> None:
    whistle = here.blown(here.urban)
    here.does(whistle, here.urban, "report_in", "finish")
    with pytest.raises(Refused, match="say what was poor"):
        here.does(whistle, here.urban, "evaluate", grade="poor")
    here.does(whistle, here.urban, "evaluate", grade="poor", reason="超期")
    assert here.district.subject(here.part(whistle, "whistle_part")).record.grade == "poor"


# --- the request behind it -------------------------------------------------------------------------


def test_when_it_closes_the_request_is_resolved_and_the_desk_is_told_to_answer(here: Street) -> None:
    request = here.reported()
    whistle = here.blown(here.urban, request=request)
    here.does(whistle, here.urban, "report_in", "finish")
    assert here.states(request)["task"] == ["open"]
    here.does(whistle, here.urban, "evaluate")
    assert here.states(request) == {"request": ["resolved"], "task": ["confirmed"]}
    (act,) = [act for act in here.district.history(request) if act.verb == "task.settle_elsewhere"]
    assert (UUID(act.value("by")), act.acting_as) == (whistle, "engine")
    assert _told(here, f"clerk@{here.place}") == ["whistle.close"]
    texts = {one.field: one.text for one in here.district.read(request, "答复", actor=here.clerk)}
    assert texts["feedback"] == "urban: x", "what the department gave as its result"
    here.district.make(request, "close", {"feedback": "已拆除"}, actor=here.clerk)
    assert here.district.subject(request).outcome == "settled"


@pytest.mark.parametrize("state", ["accepted", "waiting"])
def test_a_request_without_a_task_is_resolved_too_and_no_pause_stops_the_whistle(
    here: Street, state: str
) -> None:
    request = here.reported() if state == "waiting" else _complaint(here, here.fire)
    if state == "waiting":
        here.district.make(request, "pause", {"reason": "waiting_for_others"}, actor=here.clerk)
    else:
        here.district.make(request, "accept", actor=here.clerk)
    assert here.state(request) == state
    whistle = here.blown(here.urban, request=request)
    here.does(whistle, here.urban, "report_in", "finish", "evaluate")
    assert here.state(request) == "resolved"


def test_a_request_with_another_task_waits_for_that(here: Street) -> None:
    request = here.reported()
    whistle = here.blown(here.urban, request=request)
    values = {"role": "officer", "at": here.place}
    here.district.make(request, "dispatch", values, actor=here.clerk)
    here.does(whistle, here.urban, "report_in", "finish", "evaluate")
    assert here.states(request) == {"request": ["dispatched"], "task": ["confirmed", "open"]}
    other = here.part(request, "task")
    here.district.make(other, "finish", {"result": "x"}, actor=here.officer)
    here.district.make(other, "confirm", actor=here.clerk)
    assert here.state(request) == "resolved"


def test_what_is_evaluated_as_not_settled_comes_back_to_the_desk_and_climbs(here: Street) -> None:
    request = here.reported()
    whistle = here.blown(here.urban, here.fire, request=request)
    here.does(whistle, here.fire, "report_in", "finish", "evaluate")
    here.does(whistle, here.urban, "report_in", "finish")
    with pytest.raises(Refused, match="say what is not settled"):
        here.does(whistle, here.urban, "evaluate", unsettled=True)
    here.does(whistle, here.urban, "evaluate", unsettled=True, reason="又搭起来了")
    assert (here.state(whistle), here.district.subject(whistle).outcome) == ("closed", "unsettled")
    assert here.states(request) == {"request": ["accepted"], "task": ["cancelled"]}
    item = here.district.subject(district_item_of(whistle))
    assert (item.record.tier, item.record.about, item.state) == ("district", request, "proposed")
    assert _told(here, f"clerk@{here.place}") == ["whistle.close"]
    assert _told(here, f"district_officer@{here.top}") == ["whistle.close"]


def test_what_the_district_has_on_its_agenda_stays_there_where_it_is_not_settled(here: Street) -> None:
    whistle = here.blown(here.urban)
    here.pass_time(days=16)
    here.does(whistle, here.urban, "report_in", "finish", "evaluate", unsettled=True, reason="x")
    assert here.state(district_item_of(whistle)) == "proposed"


def test_the_street_upholds_that_it_is_the_departments_and_a_second_refusal_goes_to_the_district(
    here: Street,
) -> None:
    whistle = here.blown(here.urban)
    part = here.part(whistle, "whistle_part", here.urban)
    here.does(whistle, here.urban, "decline")
    here.district.make(part, "uphold", {"reason": "违建归城管"}, actor=here.officer)
    assert here.state(part) == "named"
    here.does(whistle, here.urban, "decline")
    assert here.state(part) == "contested"
    assert here.district.subject(part).holder == Seat(role="district_officer", at=here.top)
    for actor in (here.officer, here.urban_officer):
        with pytest.raises(NotAllowed):
            here.district.make(part, "order", {"reason": "x"}, actor=actor)
    here.district.make(part, "order", {"reason": "就是城管的"}, actor=here.district_officer)
    assert here.state(part) == "named"
    with pytest.raises(Refused, match="the district has said that it is this department's"):
        here.does(whistle, here.urban, "decline")
    here.does(whistle, here.urban, "report_in", "finish", "evaluate")
    assert here.state(whistle) == "closed"


def test_the_district_can_say_that_it_is_not_the_departments(here: Street) -> None:
    whistle = here.blown(here.urban, here.fire)
    part = here.part(whistle, "whistle_part", here.urban)
    here.does(whistle, here.urban, "decline")
    here.district.make(part, "uphold", {"reason": "x"}, actor=here.officer)
    here.does(whistle, here.urban, "decline")
    here.district.make(part, "excuse", {"reason": "归消防"}, actor=here.district_officer)
    here.does(whistle, here.fire, "report_in", "finish", "evaluate")
    assert (here.state(part), here.state(whistle)) == ("withdrawn", "closed")


def test_what_was_done_before_it_is_withdrawn_stays_counted(here: Street) -> None:
    whistle = here.blown(here.urban, here.fire)
    here.does(whistle, here.urban, "report_in", "finish", "evaluate", rectifications=1)
    here.district.make(whistle, "withdraw", {"reason": "合并到专项整治"}, actor=here.officer)
    day = here.clock.now.date()
    figures = here.district.brief(None, day, day).figures
    assert figures["meetings.rectifications"] == 1, "it was carried out, and evaluated"


def test_a_task_that_was_offered_to_another_is_done_too_and_the_offer_lapses(here: Street) -> None:
    request = here.reported()
    task = here.part(request, "task")
    values = {"role": "officer", "at": here.place, "reason": "不归我们管"}
    here.district.make(task, "offer", values, actor=here.branch)
    whistle = here.blown(here.urban, request=request)
    here.does(whistle, here.urban, "report_in", "finish", "evaluate")
    assert here.states(request) == {"request": ["resolved"], "task": ["confirmed"], "offer": ["lapsed"]}


def test_the_desk_hears_too_when_it_is_withdrawn_and_the_task_stays(here: Street) -> None:
    request = here.reported()
    whistle = here.blown(here.urban, request=request)
    here.district.make(whistle, "withdraw", {"reason": "x"}, actor=here.officer)
    assert _told(here, f"clerk@{here.place}") == ["whistle.withdraw"]
    assert here.states(request)["task"] == ["open"]


def test_the_request_behind_it_is_open_and_of_this_place(here: Street) -> None:
    ended = here.district.dispatch.submit(here.compound, "general", "……").subject
    here.district.make(ended, "refuse", {"reason": "x"})
    elsewhere = a_place(here.district, "别处", parent=here.top, path=f"{here.top.hex}/")
    foreign = here.district.dispatch.submit(elsewhere, "general", "……").subject
    for request, reason in (
        (ended, "has ended"), (foreign, "somewhere else"), (here.place, "no request"), (here.proposed(), "no request"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=reason):
            here.blown(here.urban, request=request)


def _complaint(here: Street, about: UUID) -> UUID:
    return here.district.dispatch.submit(here.compound, "general", "……", about=about).subject


def test_a_complaint_about_a_department_or_its_people_is_not_given_to_it(here: Street) -> None:
    assert here.urban_officer.person
    for about in (here.urban, here.urban_officer.person):
        request = _complaint(here, about)
        with pytest.raises(Refused, match="complaint is about department"):
            here.blown(here.urban, request=request)
        whistle = here.blown(here.fire, request=request)
        with pytest.raises(Refused, match="complaint is about department"):
            here.district.make(whistle, "name", {"department": here.urban}, actor=here.officer)
        with pytest.raises(Refused, match="complaint is about department"):
            here.does(whistle, here.fire, "replace", instead=here.urban, reason="x")


def test_an_officer_does_not_see_to_a_complaint_about_themselves(here: Street) -> None:
    assert here.officer.person
    request = _complaint(here, here.officer.person)
    with pytest.raises(Refused, match="about you"):
        here.blown(here.urban, request=request)
    other = somebody(here.district, "officer", here.place)
    values = {"topic": "违建", "departments": (here.urban,), "request": request}
    whistle = here.district.start("whistle", "blow", here.compound, values, actor=other).subject
    with pytest.raises(Refused, match="about you"):
        here.district.make(whistle, "withdraw", {"reason": "x"}, actor=here.officer)
    with pytest.raises(NotAllowed):
        here.district.see(whistle, here.officer)
    assert len(here.district.see(whistle, other)) == 2
