"""Joint meetings: called with notice, held with a quorum, an end when everything decided is carried out."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import attrs
import pytest

from linli import ENGINE_ACTOR, District, NotAllowed, Refused, Seat, new_id
from linli.testing import a_place, all_of, an_organisation, snapshot, somebody
from linli_meetings.api import Meetings, Task, proposed_item
from linli_meetings.testing import Street, street

NewDistrict = Callable[..., District]


@pytest.fixture
def here(new_district: NewDistrict) -> Street:
    return street(new_district)


def _resolve(here: Street, item: Any, resolution: str = "approved", **more: Any) -> None:
    here.district.make(item, "resolve", {"resolution": resolution, **more}, actor=here.secretary)


def _task(here: Street, **more: Any) -> Task:
    values: dict[str, Any] = {
        "what": "拆除违建",
        "at": here.urban,
        "due": here.clock.now + timedelta(days=10),
    }
    return Task(**values | more)


# --- calling ---------------------------------------------------------------------------------------


def test_whoever_belongs_to_the_joint_meeting_is_invited_and_told(here: Street) -> None:
    meeting = here.called()
    record = here.district.subject(meeting).record
    assert (record.tier, set(record.invited)) == ("street", {here.urban, here.fire, here.water})
    assert here.states(meeting)["attendance"] == ["invited"] * 3
    told = here.district.deliveries.listed(kind="tell")
    assert {one.recipient for one in told} == {f"seat:*@{body}" for body in record.invited}


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"days": 2}, "called 3d before it begins"),
        ({"days": -1}, "begin in the past"),
        ({"days": 61}, "held within 60d of its call"),
        ({"days": 1, "urgent": True}, "say why it is urgent"),
        ({"days": 5, "tier": "district"}, "called at its street"),
        ({"days": 5, "invited": ()}, "name the organisations"),
        ({"days": 5, "invited": ("x",)}, "each by its number"),
    ],
)
def test_a_meeting_is_called_with_notice_for_whom_there_is(
    here: Street, more: dict[str, Any], reason: str
) -> None:
    others = {name: value for name, value in more.items() if name != "days"}
    before = snapshot(here.district)
    with pytest.raises(Refused, match=reason):
        here.called(starts_at=here.clock.now + timedelta(days=more["days"]), **others)
    assert snapshot(here.district) == before


def test_a_time_without_its_offset_is_of_the_districts_clock(here: Street) -> None:
    there = here.clock.now + timedelta(days=5)
    meeting = here.called(starts_at=there.astimezone(here.district.rules.zone).replace(tzinfo=None))
    assert here.district.subject(meeting).record.starts_at == there


def test_an_urgent_meeting_needs_no_notice_and_its_agenda_is_open_to_the_last(here: Street) -> None:
    meeting = here.called(starts_at=here.clock.now + timedelta(hours=1), urgent=True, reason="燃气泄漏")
    here.scheduled(meeting)
    assert here.states(meeting)["agenda_entry"] == ["listed"]


def test_only_the_secretary_and_the_officer_of_the_tier_call_its_meeting(here: Street) -> None:
    values = {"starts_at": here.clock.now + timedelta(days=5), "venue": "三楼"}
    for actor in (here.stranger, here.branch, here.urban_officer, here.clerk):
        with pytest.raises(NotAllowed):
            here.district.start("meeting", "call", here.place, values, actor=actor)
    an_organisation(here.district, "department", here.top)
    for actor in (here.secretary, here.officer):
        with pytest.raises(NotAllowed):
            here.district.start("meeting", "call", here.top, values, actor=actor)
    here.district.start("meeting", "call", here.top, values, actor=here.district_secretary)


def test_there_is_no_joint_meeting_of_a_compound(here: Street) -> None:
    values = {"starts_at": here.clock.now + timedelta(days=5), "venue": "三楼", "tier": "street"}
    with pytest.raises(Refused, match="called at its street"):
        here.district.start(
            "meeting", "call", here.compound, values | {"invited": (here.urban,)}, actor=here.secretary
        )


# --- who is there ----------------------------------------------------------------------------------


def test_below_the_quorum_nothing_is_held_and_who_came_is_asked_anew(here: Street) -> None:
    meeting = here.called()
    here.scheduled(meeting)
    here.clock.now += timedelta(days=5)
    here.district.make(here.part(meeting, "attendance", here.urban), "attend", actor=here.urban_officer)
    with pytest.raises(Refused, match="1 of 3 members are present, 50 percent are needed"):
        here.district.make(meeting, "hold", actor=here.secretary)
    values = {"starts_at": here.clock.now + timedelta(days=4), "reason": "人数不足"}
    here.district.make(meeting, "postpone", values, actor=here.secretary)
    assert here.states(meeting)["attendance"] == ["invited"] * 3
    here.held(meeting)
    assert here.state(meeting) == "held"


def test_exactly_the_quorum_is_enough(new_district: NewDistrict) -> None:
    here = street(new_district, "\n[meetings]\nquorum = 66\n")
    meeting = here.called()
    here.scheduled(meeting)
    here.clock.now += timedelta(days=5)
    for body in (here.urban, here.fire):
        here.district.make(here.part(meeting, "attendance", body), "attend", actor=here.secretary)
    reason = {"reason": "抢修"}
    here.district.make(
        here.part(meeting, "attendance", here.water), "excuse", reason, actor=here.water_officer
    )
    here.district.make(meeting, "hold", {"minutes": "……"}, actor=here.secretary)
    assert sorted(here.states(meeting)["attendance"]) == ["excused", "present", "present"]


def test_nobody_signs_in_before_the_day_nor_for_another_body(here: Street) -> None:
    meeting = here.called()
    urban = here.part(meeting, "attendance", here.urban)
    with pytest.raises(Refused, match="on the day, 2026-03-07"):
        here.district.make(urban, "attend", actor=here.urban_officer)
    here.clock.now += timedelta(days=5)
    with pytest.raises(NotAllowed):
        here.district.make(urban, "attend", actor=here.fire_officer)


def test_a_department_without_staff_is_not_spoken_for_by_another_one(here: Street) -> None:
    empty = an_organisation(here.district, "department", here.place, "empty")
    meeting = here.called()
    here.clock.now += timedelta(days=5)
    for actor in (here.urban_officer, here.fire_officer, here.water_officer):
        with pytest.raises(Refused):
            here.district.make(here.part(meeting, "attendance", empty), "attend", actor=actor)


def test_nothing_is_held_before_it_begins_or_without_an_agenda(here: Street) -> None:
    meeting = here.called()
    with pytest.raises(Refused, match="not begun yet"):
        here.district.make(meeting, "hold", actor=here.secretary)
    with pytest.raises(Refused, match="nothing on its agenda"):
        here.held(meeting)


# --- the agenda ------------------------------------------------------------------------------------


def test_the_agenda_is_closed_a_day_before(here: Street) -> None:
    meeting, item = here.called(), here.proposed()
    here.clock.now += timedelta(days=4, seconds=1)
    with pytest.raises(Refused, match="agenda of this meeting is closed"):
        here.district.make(item, "schedule", {"meeting": meeting}, actor=here.secretary)
    here.clock.now -= timedelta(seconds=1)
    here.district.make(item, "schedule", {"meeting": meeting}, actor=here.secretary)


def test_an_item_goes_before_its_own_joint_meeting_only(here: Street) -> None:
    elsewhere = a_place(here.district, "城北街道", kind="street", parent=here.top, path=f"{here.top.hex}/")
    an_organisation(here.district, "department", elsewhere)
    values = {"starts_at": here.clock.now + timedelta(days=5), "venue": "一楼"}
    other = here.district.start("meeting", "call", elsewhere, values).subject
    with pytest.raises(Refused, match="another joint meeting's matter"):
        here.district.make(here.proposed(), "schedule", {"meeting": other}, actor=here.secretary)
    for number in (here.place, here.proposed()):
        with pytest.raises(Refused, match="there is no joint meeting"):
            here.district.make(here.proposed(), "schedule", {"meeting": number}, actor=here.secretary)


def test_a_matter_of_the_district_is_not_seen_to_by_the_street(here: Street) -> None:
    item = here.proposed(tier="district", grounds="acute")
    for actor in (here.secretary, here.officer, here.branch):
        with pytest.raises(NotAllowed):
            here.district.make(item, "withdraw", {"reason": "x"}, actor=actor)
    here.district.make(item, "withdraw", {"reason": "x"}, actor=here.district_secretary)


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"tier": "district"}, "serious or acute; say which"),
        ({"tier": "district", "grounds": "unsettled"}, "only linli itself"),
        ({"grounds": "required"}, "only linli itself"),
        ({"topic": "找李四 13800000001"}, "looks like a mobile number"),
    ],
)
def test_what_is_proposed_has_its_grounds_and_no_personal_data(
    here: Street, more: dict[str, Any], reason: str
) -> None:
    with pytest.raises(Refused, match=reason):
        here.proposed(**more)


def test_what_a_meeting_did_not_come_to_goes_on_the_next_ones_agenda(here: Street) -> None:
    first, second = here.called(), here.called(starts_at=here.clock.now + timedelta(days=9))
    item, other = here.scheduled(first), here.scheduled(first)
    here.held(first)
    here.district.make(item, "take_off", {"reason": "时间不够"}, actor=here.secretary)
    _resolve(here, other)
    assert here.state(first) == "closed"
    here.district.make(item, "schedule", {"meeting": second}, actor=here.secretary)
    assert here.states(second)["agenda_entry"] == ["listed"]
    assert [one.id for one in Meetings(here.district).agenda(second)] == [item]
    assert [one.id for one in Meetings(here.district).agenda(first)] == [other]


def test_an_item_taken_off_can_be_put_on_the_same_agenda_again(here: Street) -> None:
    meeting = here.called()
    item = here.scheduled(meeting)
    here.district.make(item, "take_off", {"reason": "x"}, actor=here.secretary)
    here.district.make(item, "schedule", {"meeting": meeting}, actor=here.secretary)
    assert sorted(here.states(meeting)["agenda_entry"]) == ["listed", "taken_off"]


def test_when_a_meeting_is_cancelled_its_items_wait_for_another(here: Street) -> None:
    meeting = here.called()
    items = [here.scheduled(meeting), here.scheduled(meeting)]
    here.district.make(meeting, "cancel", {"reason": "停电"}, actor=here.secretary)
    assert [here.state(item) for item in items] == ["proposed", "proposed"]
    assert here.states(meeting) == {
        "meeting": ["cancelled"],
        "attendance": ["called_off"] * 3,
        "agenda_entry": ["taken_off"] * 2,
    }


# --- resolving, and carrying out -------------------------------------------------------------------


def test_nothing_is_resolved_before_the_meeting_is_held(here: Street) -> None:
    item = here.scheduled(here.called())
    with pytest.raises(Refused, match="has not been held yet"):
        _resolve(here, item)


@pytest.mark.parametrize("resolution", ["returned", "rejected", "referred", "unsettled"])
def test_everything_but_approving_and_noting_has_a_reason(here: Street, resolution: str) -> None:
    meeting = here.called()
    item = here.scheduled(meeting)
    here.held(meeting)
    with pytest.raises(Refused, match="say why it is"):
        _resolve(here, item, resolution)
    _resolve(here, item, resolution, reason="……")
    subject = here.district.subject(item)
    assert (subject.state, subject.outcome, subject.record.resolution) == ("closed", resolution, resolution)


def test_a_meeting_is_closed_when_the_last_task_of_its_resolutions_is_done(here: Street) -> None:
    meeting = here.called()
    item, other = here.scheduled(meeting), here.scheduled(meeting)
    here.held(meeting)
    _resolve(here, other, "noted")
    _resolve(here, item, tasks=[_task(here), _task(here, at=here.fire)])
    first, second = (here.part(item, "follow_up", key) for key in ("1", "2"))
    here.district.make(first, "finish", {"result": "已拆除"}, actor=here.urban_officer)
    assert (here.state(meeting), here.state(item)) == ("held", "resolved")
    with pytest.raises(NotAllowed):
        here.district.make(second, "finish", {"result": "x"}, actor=here.urban_officer)
    here.district.make(second, "cancel", {"reason": "已由业主拆除"}, actor=here.secretary)
    assert (here.state(meeting), here.state(item)) == ("closed", "closed")
    assert here.district.subject(item).outcome == "approved"


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"what": " "}, "1 to 80 characters"),
        ({"what": "联系 13800000001"}, "mobile number"),
        ({"due": timedelta(days=-1)}, "time to come"),
        ({"at": "compound"}, "no organisation"),
    ],
)
def test_a_task_has_words_somebody_and_a_time_to_come(
    here: Street, more: dict[str, Any], reason: str
) -> None:
    meeting = here.called()
    item = here.scheduled(meeting)
    here.held(meeting)
    later = {name: here.clock.now + span for name, span in more.items() if name == "due"}
    where = {name: here.compound for name in more if name == "at"}
    before = snapshot(here.district)
    with pytest.raises(Refused, match=reason):
        _resolve(here, item, tasks=[_task(here, **more | later | where)])
    values = {"resolution": "approved", "tasks": [{"what": "x"}]}
    with pytest.raises(Refused, match="tasks 1: at is missing"):
        here.district.make(item, "resolve", values, actor=here.secretary)
    assert snapshot(here.district) == before


def test_a_task_can_go_to_a_role_of_a_place(here: Street) -> None:
    meeting = here.called()
    item = here.scheduled(meeting)
    here.held(meeting)
    _resolve(here, item, tasks=[_task(here, at=here.compound, role="branch_secretary")])
    here.district.make(here.part(item, "follow_up"), "finish", {"result": "x"}, actor=here.branch)
    assert here.state(meeting) == "closed"


def test_what_the_street_cannot_settle_is_proposed_to_the_district_and_there_it_ends(here: Street) -> None:
    meeting = here.called()
    request = here.district.dispatch.submit(here.compound, "违建", "……").subject
    item = here.scheduled(meeting, about=request)
    here.held(meeting)
    _resolve(here, item, "unsettled", reason="……")
    found = [one for one in all_of(here.district, "agenda_item") if one.record.tier == "district"]
    assert [(one.record.about, one.record.grounds, one.state) for one in found] == [
        (request, "unsettled", "proposed")
    ]
    assert found[0].holder == Seat(role="meeting_secretary", at=here.top)
    with pytest.raises(Refused, match="a rule put it here"):
        here.district.make(found[0].id, "withdraw", {"reason": "x"}, actor=here.district_secretary)


def test_what_people_write_about_an_item_is_sealed_and_its_reading_is_kept(here: Street) -> None:
    item = here.proposed(description="业主张三违建")
    assert "张三" not in str([act.body for act in here.district.history(item)])
    texts = here.district.read(item, "准备会议", actor=here.secretary)
    assert [(text.field, text.text) for text in texts if text.field == "description"] == [
        ("description", "业主张三违建")
    ]
    with pytest.raises(NotAllowed):
        here.district.read(item, "好奇", actor=here.stranger)


def test_another_plugin_hears_how_its_matter_was_resolved(here: Street) -> None:
    """The contract with other plugins: what `proposed_item` proposes, `agenda_item.resolve` answers."""
    request = here.district.dispatch.submit(here.compound, "装电梯", "……").subject
    order = proposed_item(tier="street", place=here.compound, topic="加装电梯", about=request)
    assert (order.workflow, order.move, order.place) == ("agenda_item", "propose", here.compound)
    item = here.district.perform(order, actor=ENGINE_ACTOR).subject
    meeting = here.called()
    here.district.make(item, "schedule", {"meeting": meeting}, actor=here.secretary)
    here.held(meeting)
    act = here.district.make(item, "resolve", {"resolution": "approved"}, actor=here.secretary)
    assert (act.verb, act.value("resolution")) == ("agenda_item.resolve", "approved")
    assert here.district.subject(act.subject).record.about == request


def test_whoever_can_act_later_takes_what_was_opened_when_nobody_could(new_district: NewDistrict) -> None:
    """An item that a rule proposes, where the street has neither a secretary nor an officer yet."""
    here = street(new_district)
    place = a_place(here.district, "新街道", kind="street", parent=here.top, path=f"{here.top.hex}/")
    an_organisation(here.district, "department", place, "x")
    order = proposed_item(tier="street", place=place, topic="违建", about=new_id())
    item = here.district.perform(order, actor=ENGINE_ACTOR).subject
    values = {"draft": "approved", "text": "同意"}
    officer = somebody(here.district, "officer", place)
    secretary = somebody(here.district, None, place)
    here.district.make(item, "circulate", values, actor=officer)
    assert here.state(item) == "circulating"
    other = here.district.perform(attrs.evolve(order, id=new_id()), actor=ENGINE_ACTOR).subject
    assert secretary.person
    here.district.register.post(secretary.person, "meeting_secretary", place)
    with pytest.raises(NotAllowed):
        here.district.make(other, "circulate", values, actor=officer)
    here.district.make(other, "circulate", values, actor=secretary)
    assert here.state(other) == "circulating", "the secretary has it, once there is one"
