"""Three lists, one closed loop: each sentence of the domain's §2.5, by a test that is named after it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from linli import Actor, District, NotAllowed, Refused, Seat, StoredSubject
from linli._verbs.dispatch.requests import Merge
from linli.hooks import RequestFlow
from linli.testing import a_place, all_of, somebody
from linli_three_lists.testing import Town, moment, who
from linli_three_lists.testing import town as make_town


def _history(town: Town, request: UUID) -> list[str]:
    return [act.verb for act in town.district.history(request)]


def test_a_request_matched_to_a_service_becomes_one_or_more_tasks(town: Town) -> None:
    request = town.dispatched()
    first = town.task(request)
    assert first.record.service == town.district.subject(request).record.service == "water"
    town.make(request, "dispatch", town.clerk, role="steward", at=town.place)
    assert [task.holder for task in town.district.dispatch.tasks(request)] == [
        Seat(role="property_manager", at=town.company),
        Seat(role="steward", at=town.place),
    ]


def test_a_request_is_submitted_accepted_dispatched_resolved_and_closed_with_an_outcome(town: Town) -> None:
    request = town.submit()
    states = [town.district.subject(request).state]
    town.make(request, "accept", town.clerk)
    states.append(town.district.subject(request).state)
    town.make(request, "dispatch", town.clerk)
    states.append(town.district.subject(request).state)
    town.make(town.task(request).id, "finish", town.manager, result="修好了")
    town.make(town.task(request).id, "confirm", town.resident)
    states.append(town.district.subject(request).state)
    for outcome in ("settled", "declined"):
        assert town.district.subject(town.closed(outcome)).outcome == outcome
    duplicate = town.submit()
    town.district.perform(
        RequestFlow.merge(RequestFlow.ref(duplicate), Merge(duplicate_of=request)), actor=town.clerk
    )
    assert town.district.subject(duplicate).outcome == "duplicate"
    town.make(request, "close", town.clerk, feedback="已修好")
    states.append(town.district.subject(request).state)
    assert states == ["submitted", "accepted", "dispatched", "resolved", "closed"]


def test_a_request_is_refused_only_before_acceptance_and_with_a_reason(town: Town) -> None:
    request = town.submit()
    with pytest.raises(Refused, match="reason is missing"):
        town.make(request, "refuse", town.clerk)
    accepted = town.accepted()
    with pytest.raises(Refused, match="cannot be done"):
        town.make(accepted, "refuse", town.clerk, reason="不受理")
    town.make(request, "refuse", town.clerk, reason="不属于受理范围")
    assert town.district.subject(request).state == "refused"


def test_a_request_is_withdrawn_by_the_reporter_and_its_tasks_are_called_off(town: Town) -> None:
    request = town.dispatched()
    with pytest.raises(NotAllowed):
        town.make(request, "withdraw", town.stranger, reason="不用了")
    town.make(request, "withdraw", town.resident, reason="自己修好了")
    assert [one.state for one in town.district.tree(request)] == ["withdrawn", "cancelled"]


def test_a_request_is_reopened_within_the_districts_days_which_dispatches_again(
    new_district: Callable[..., District],
) -> None:
    town = make_town(new_district, "\n[dispatch]\nreopen_days = 3\n")
    request = town.closed()
    town.clock.now += timedelta(days=3, minutes=1)
    with pytest.raises(Refused, match="more than 3 days ago"):
        town.make(request, "reopen", town.resident, reason="又漏了")
    town.clock.now -= timedelta(minutes=1)
    town.make(request, "reopen", town.resident, reason="又漏了")
    assert town.district.subject(request).state == "dispatched"
    first, again = town.district.dispatch.tasks(request)
    assert again.holder == first.holder == Seat(role="property_manager", at=town.company)
    assert [task.state for task in town.district.dispatch.tasks(request)] == ["confirmed", "open"]


def test_a_task_is_taken_done_confirmed_or_returned_with_a_reason_and_routed_again(town: Town) -> None:
    request = town.dispatched()
    task = town.task(request).id
    town.make(task, "take", town.manager)
    with pytest.raises(Refused, match="reason is missing"):
        town.make(task, "give_back", town.manager)
    town.make(task, "give_back", town.manager, reason="配件不归我们")
    assert town.district.subject(task).state == "returned"
    town.make(task, "route", town.clerk, role="steward", at=town.place)
    town.make(task, "finish", town.steward, result="联系厂家换好了")
    town.make(task, "send_back", town.resident, reason="还在滴")
    town.make(task, "finish", town.steward, result="拧紧了")
    town.make(task, "confirm", town.resident)
    assert town.district.subject(request).state == "resolved"
    other = town.task(town.dispatched()).id
    town.make(other, "cancel", town.clerk, reason="派错了")
    assert town.district.subject(other).state == "cancelled"


def test_the_reporter_is_one_thing_and_who_entered_it_another(town: Town) -> None:
    filed = town.district.subject(town.submit())
    assert (filed.person, filed.record.entered_by) == (who(town.resident), who(town.clerk))
    own = town.district.dispatch.submit(
        town.place, "漏水", "漏水", reporter=who(town.resident), actor=town.resident
    )
    assert town.district.subject(own.subject).record.entered_by is None


def _how(how: str) -> dict[str, Any]:
    return {how: True}


@pytest.mark.parametrize("how", ["anonymous", "confidential"])
def test_a_reporter_may_be_anonymous_or_confidential_where_the_district_allows_it(
    new_district: Callable[..., District], how: str
) -> None:
    for allowed in (True, False):
        town = make_town(new_district, f"\n[dispatch]\n{how} = {str(allowed).lower()}\n")
        if not allowed:
            with pytest.raises(Refused, match=f"no {how} requests"):
                town.submit(**_how(how))
            continue
        request = town.dispatched(**_how(how))
        assert {one.person for one in town.district.see(request, town.manager)} == {None}


def test_a_task_is_confirmed_by_the_desk_or_the_reporter_never_by_who_did_it(town: Town) -> None:
    request = town.dispatched()
    task = town.task(request).id
    town.district.register.post(who(town.clerk), "property_manager", town.company)
    town.make(task, "finish", town.clerk, result="自己修的")
    for actor, why in ((town.clerk, "already acted"), (town.stranger, "you may not")):
        with pytest.raises(NotAllowed, match=why):
            town.make(task, "confirm", actor)
    town.make(task, "confirm", town.colleague)
    other = town.task(town.dispatched()).id
    town.make(other, "finish", town.manager, result="修好了")
    town.make(other, "confirm", town.resident)


def test_the_desk_closes_a_request_only_after_its_tasks_are_confirmed(town: Town) -> None:
    request = town.dispatched()
    for move in ("take", "finish"):
        with pytest.raises(Refused, match="cannot be done"):
            town.make(request, "close", town.clerk, feedback="已办")
        town.make(town.task(request).id, move, town.manager, **({"result": "好"} if move == "finish" else {}))
    town.make(town.task(request).id, "confirm", town.clerk)
    with pytest.raises(NotAllowed):
        town.make(request, "close", town.manager, feedback="已办")
    town.make(request, "close", town.clerk, feedback="已办")


def test_there_is_exactly_one_final_feedback_per_closing_which_the_reporter_can_rate(town: Town) -> None:
    request = town.closed()
    for rating in (4, 1):
        with pytest.raises(Refused, match="cannot be done"):
            town.make(request, "close", town.clerk, feedback="再来一次")
        town.make(request, "rate", town.resident, rating=rating)
        with pytest.raises(Refused, match="once"):
            town.make(request, "rate", town.resident, rating=5)
        town.make(request, "reopen", town.resident, reason="又漏了")
        if town.district.subject(request).state == "dispatched":
            town.make(town.task(request).id, "cancel", town.clerk, reason="不归物业管")
        with pytest.raises(Refused, match="feedback is missing"):
            town.make(request, "decline", town.clerk)
        town.make(request, "decline", town.clerk, feedback="请联系自来水公司")
    closings = [
        act for act in town.district.history(request) if act.verb in ("request.close", "request.decline")
    ]
    assert all("sealed" in act.value("feedback") for act in closings)
    texts = town.district.read(request, "回访", actor=town.clerk)
    assert len([one for one in texts if one.field == "feedback"]) == len(closings) == 3


def test_silence_after_the_feedback_is_final(town: Town) -> None:
    request = town.closed()
    before = _history(town, request)
    town.work_until("2027-03-01 09:00")
    assert _history(town, request) == before
    closed = town.district.subject(request)
    assert (closed.state, closed.outcome, closed.record.rating) == ("closed", "settled", None)


def test_not_ours_names_who_is_next_and_is_handed_over_only_once_they_have_accepted(town: Town) -> None:
    request = town.dispatched()
    task = town.task(request)
    with pytest.raises(Refused, match="at is missing"):
        town.make(task.id, "offer", town.manager, reason="不归我们管")
    for answer in ("refuse", "accept"):
        seat = {"role": "steward", "at": town.place}
        town.make(task.id, "offer", town.manager, **seat, reason="不归我们管")
        held = town.district.subject(task.id)
        assert (held.state, held.holder) == ("offered", task.holder), "it is theirs until somebody accepts"
        offer = [one for one in town.district.tree(request) if one.kind == "offer"][-1]
        with pytest.raises(NotAllowed):
            town.make(offer.id, answer, town.manager, **({"reason": "x"} if answer == "refuse" else {}))
        if answer == "refuse":
            with pytest.raises(Refused, match="reason is missing"):
                town.make(offer.id, "refuse", town.steward)
            town.make(offer.id, "refuse", town.steward, reason="也不归我")
            assert town.district.subject(task.id).holder == task.holder
        else:
            town.make(offer.id, "accept", town.steward)
    handed = town.district.subject(task.id)
    assert (handed.state, handed.holder) == ("open", Seat(role="steward", at=town.place))
    with pytest.raises(NotAllowed):
        town.make(task.id, "take", town.manager)


def test_who_has_two_tasks_of_a_request_hears_once_that_it_was_urged(town: Town) -> None:
    request = town.dispatched()
    first = town.district.dispatch.open_task(request)
    town.make(request, "dispatch", town.clerk, role="steward", at=town.place)
    second = town.district.dispatch.open_task(request)
    assert first.holder
    town.make(second.id, "route", town.clerk, role=first.holder.role, at=first.holder.at)
    assert [one.holder for one in town.district.dispatch.tasks(request)] == [first.holder] * 2
    town.make(request, "urge", town.resident)
    assert len(town.told("urged")) == 1


def test_urgent_kinds_bypass_service_hours_and_go_to_the_duty_rota_at_once(town: Town) -> None:
    guard = somebody(town.district, "duty", town.place)
    night = (moment("2026-03-07 20:00"), moment("2026-03-08 08:00"))
    town.needs.rota.add(who(guard), town.place, *night, actor=town.clerk)
    town.clock.now = moment("2026-03-07 23:00")
    request = town.accepted("孩子被关在电梯里", "电梯")
    assert _history(town, request) == ["request.submit", "request.accept", "request.dispatch", "task.open"]
    assert len({act.at for act in town.district.history(request)}) == 1
    task = town.task(request)
    assert (task.holder, task.record.rule) == (Seat(role="duty", at=town.place), "three_lists: on duty")
    assert task.due_at == moment("2026-03-07 23:30")
    [(seat, said)] = town.told("urgent")
    assert (seat, said["person"]) == (f"seat:duty@{town.place}", str(who(guard)))
    town.make(request, "dispatch", town.clerk, role="steward", at=town.place)
    heard = {seat: said["person"] for seat, said in town.told("urgent")}
    assert heard == {f"seat:duty@{town.place}": str(who(guard)), f"seat:steward@{town.place}": None}
    town.make(task.id, "take", guard)


@pytest.mark.parametrize(
    ("submitted", "category", "due"),
    [
        (
            "2026-03-06 16:30",
            "漏水",
            "2026-03-10 09:00",
        ),  # a Friday afternoon: 1 hour, 6.5 on Monday, half an hour
        ("2026-02-13 16:30", "漏水", "2026-02-24 09:00"),  # a made-up Saturday, then the Spring Festival
        ("2026-03-07 23:00", "困人", "2026-03-07 23:30"),  # elapsed: a Saturday night
    ],
)
def test_every_step_has_a_deadline_from_the_services_time_standard(
    town: Town, submitted: str, category: str, due: str
) -> None:
    town.clock.now = moment(submitted)
    request = town.dispatched("厨房水管漏水" if category == "漏水" else "困人", category)
    for one in (town.district.subject(request), town.task(request)):
        assert one.due_at == moment(due), one.kind


def test_a_clock_stops_only_for_a_stated_reason_which_shows(town: Town) -> None:
    request = town.dispatched()
    for reason in ({}, {"reason": "没空"}):
        with pytest.raises(Refused, match="reason"):
            town.make(request, "pause", town.clerk, **reason)
    town.make(request, "pause", town.clerk, reason="waiting_for_parts")
    shown = {one.clock: one for one in town.needs.watches(request)}
    assert {shown[name].paused_for for name in ("handling", "task")} == {"waiting_for_parts"}
    assert shown["handling"].due is None
    assert shown["handling"].left == timedelta(hours=8)
    assert shown["response"].paused_for is None, "it has stopped for good"


def test_routing_sending_again_and_reopening_never_restart_a_clock(town: Town) -> None:
    request = town.dispatched()
    due = town.district.subject(request).due_at
    task = town.task(request).id
    town.clock.now += timedelta(hours=1)
    town.make(task, "give_back", town.manager, reason="不归我们")
    town.make(task, "route", town.clerk, role="steward", at=town.place)
    town.make(request, "dispatch", town.clerk)
    assert (town.district.subject(request).due_at, town.district.subject(task).due_at) == (due, due)
    for one, actor in zip(town.district.dispatch.tasks(request), (town.steward, town.manager), strict=True):
        town.make(one.id, "finish", actor, result="好了")
        town.make(one.id, "confirm", town.clerk)
    town.make(request, "close", town.clerk, feedback="好了")
    town.clock.now += timedelta(days=7)
    town.make(request, "reopen", town.resident, reason="又漏了")
    (handling,) = [one for one in town.needs.watches(request) if one.clock == "handling"]
    assert handling.left == timedelta(hours=7)


def test_every_channel_feeds_one_record_and_one_desk_sees_them_all(town: Town) -> None:
    for channel in ("desk", "phone", "web", "steward", "system"):
        town.submit(channel=channel)
    found = [one for one in all_of(town.district, "request") if town.district.see(one.id, town.clerk)]
    assert [one.record.channel for one in found] == ["desk", "phone", "web", "steward", "system"]


def test_wherever_the_mean_time_to_close_is_shown_what_is_still_open_stands_beside_it(town: Town) -> None:
    town.closed()
    town.accepted()
    town.clock.now += timedelta(hours=5)
    figures = town.district.rules.figures
    beside = figures["requests.mean_hours_to_close"].shown_with
    assert beside[:2] == ("requests.open", "requests.oldest_open_hours")
    by_outcome = {"requests.settled", "requests.declined", "requests.handed_over"}
    assert by_outcome <= set(beside)
    assert by_outcome == set(figures["requests.closed"].shown_with)
    shown = town.district.brief().figures
    assert (shown["requests.open"], shown["requests.oldest_open_hours"]) == (1, 5.0)


# --- a complaint about somebody ----------------------------------------------------------------------


def test_a_complaint_is_not_routed_to_whom_it_is_about_nor_shown_to_them(town: Town) -> None:
    request = town.accepted("物业经理态度差", "漏水", about=who(town.manager))
    town.make(request, "dispatch", town.clerk, role="steward", at=town.place)
    task = town.task(request).id
    for move in ("route", "offer"):
        actor, more = (town.clerk, {}) if move == "route" else (town.steward, {"reason": "不归我"})
        with pytest.raises(Refused, match="whom it is about"):
            town.make(task, move, actor, role="property_manager", at=town.company, **more)
    with pytest.raises(NotAllowed, match="may not see"):
        town.district.see(request, town.manager)
    assert request not in {one.id for one in _found(town, town.manager)}
    assert request in {one.id for one in _found(town, town.clerk)}


def _found(town: Town, actor: Actor) -> list[StoredSubject]:
    return [one for one in all_of(town.district, "request") if town.needs.sees(one, actor)]


def test_a_complaint_about_a_company_is_kept_from_everybody_who_works_for_it(town: Town) -> None:
    also_steward = somebody(town.district, "steward", town.building)
    town.district.register.post(who(also_steward), "cleaner", town.company)
    request = town.accepted("物业乱收费", "噪音", place=town.building, about=town.company)
    town.make(request, "dispatch", town.clerk)
    assert town.task(request).holder == Seat(role="steward", at=town.place), "not the one of the building"
    for actor in (also_steward, town.manager):
        with pytest.raises(NotAllowed, match="may not see"):
            town.district.see(request, actor)


def test_a_complaint_does_not_reach_whom_it_is_about_when_they_stand_in(
    new_district: Callable[..., District],
) -> None:
    town = make_town(new_district, enabled=("daxiang",))
    elsewhere = a_place(
        town.district, "无物业小区", parent=town.street, path=f"{town.root.hex}/{town.street.hex}/"
    )
    committee = town.district.register.organisation("residents_committee", "居委会", town.street)
    member = somebody(town.district, "residents_committee_member", town.street, at=committee)
    clerk = somebody(town.district, "clerk", elsewhere)
    about = town.district.dispatch.submit(
        elsewhere, "漏水", "水管漏水", reporter=who(town.resident), about=who(member)
    ).subject
    plain = town.submit(place=elsewhere, actor=clerk)
    for request in (plain, about):
        town.district.make(request, "accept")
    town.district.make(plain, "dispatch")
    task = town.task(plain)
    assert task.holder == Seat(role=None, at=committee)
    assert task.record.rule == "three_lists: stands in for: property_manager"
    town.make(task.id, "take", member)
    town.district.make(about, "dispatch")
    passed_over = town.task(about)
    assert (passed_over.holder, passed_over.record.rule) == (
        Seat(role="officer", at=town.street), "passed over: the place above",
    )  # fmt: skip


def test_whom_a_complaint_is_about_hears_of_their_own_task_alone(town: Town) -> None:
    request = town.dispatched("物业不修", "漏水", about=town.company)
    seat = {"role": "property_manager", "at": town.company}
    town.make(request, "instruct", town.clerk, **seat, put_right="请修好水管")
    task = town.task(request)
    town.make(request, "urge", town.resident)
    assert [recipient for recipient, _ in town.told("urged")] == [f"seat:steward@{town.place}"]
    town.work_until("2026-03-06 09:00")
    late = [
        act for act in town.district.history(request) if act.verb == "task.late" and act.subject == task.id
    ]
    assert [act.body["seat"] for act in late] == [f"property_manager@{town.company}"]


def test_an_urgent_complaint_goes_past_whom_it_is_about(town: Town) -> None:
    guard, other = (somebody(town.district, "duty", at) for at in (town.place, town.street))
    request = town.accepted("保安把人关在电梯不管，困人", "困人", about=who(guard))
    assert town.task(request).holder == Seat(role="duty", at=town.street)
    town.make(town.task(request).id, "take", other)
