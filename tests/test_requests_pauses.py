"""A pause waits with everything that is open; a request is never anybody's in name alone."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import attrs
import pytest

from linli._base.errors import NotAllowed, Refused
from linli._district.district import District
from linli._model.access import ENGINE_ACTOR, Actor, Seat
from linli._model.acts import new_id
from linli._model.deadlines import spent_since
from linli._model.direct import ActResult, DirectAct, DirectOrder
from linli._model.subjects import StoredSubject
from linli._verbs.dispatch.elsewhere import settled_elsewhere, unsettled_elsewhere
from linli.testing import a_place, somebody, who

CATALOGUE = """
[dispatch]
pause_days = 5
handover_days = 2

[[dispatch.services]]
code = "leak"
name = "漏水"
categories = ["漏水"]

[[dispatch.services]]
code = "burst"
name = "爆管抢修"
categories = ["爆管"]
urgent = true
time = "30min"
holder = "duty"
"""
MONDAY = datetime(2026, 3, 2, 1, tzinfo=UTC)


@attrs.define(kw_only=True)
class Desk:
    """A compound of a street with its clerk, two stewards, and somebody on duty."""

    district: District
    clock: list[datetime]
    street: UUID
    place: UUID
    other: UUID
    clerk: Actor
    steward: Actor
    second: Actor
    third: Actor
    duty: Actor
    resident: Actor

    def later(self, **span: float) -> None:
        """Let time pass, and the worker do what is due."""
        self.clock[0] += timedelta(**span)
        while self.district.worker.run_once(now=self.clock[0]):
            pass

    def make(self, subject: UUID, move: str, actor: Actor | None = None, **values: Any) -> None:
        self.district.make(subject, move, values, actor=actor or self.clerk)

    def submitted(self, category: str = "漏水", **more: Any) -> UUID:
        given = {"reporter": who(self.resident), "actor": self.clerk, **more}
        return self.district.dispatch.submit(self.place, category, "厨房漏水", **given).subject

    def dispatched(self, **more: Any) -> UUID:
        request = self.submitted(**more)
        self.make(request, "accept")
        self.make(request, "dispatch")
        return request

    def with_all_states(self) -> UUID:
        """A request with a task in each state that one can be in while it is open."""
        request = self.dispatched()
        for at, role in (
            (self.other, "steward"),
            (self.street, "steward"),
            (self.place, "duty"),
            (self.place, "clerk"),
        ):
            self.make(request, "dispatch", role=role, at=at)
        _, taken, offered, returned, done = self.tasks(request)
        self.make(taken.id, "take", self.second)
        self.make(offered.id, "take", self.third)
        self.make(offered.id, "offer", self.third, role="steward", at=self.other, reason="归隔壁")
        self.make(returned.id, "give_back", self.duty, reason="不归我")
        self.make(done.id, "finish", self.clerk, result="好了")
        self.make(request, "hand_over", body="市供水公司", reason="主管道")
        assert [one.state for one in self.tasks(request)] == ["open", "taken", "offered", "returned", "done"]
        return request

    def tasks(self, request: UUID) -> list[StoredSubject]:
        return self.district.dispatch.tasks(request)

    def state(self, request: UUID) -> str:
        return self.district.subject(request).state

    def verbs(self, request: UUID) -> list[str]:
        return [act.verb for act in self.district.history(request)]


@pytest.fixture
def desk(new_district: Callable[..., District]) -> Desk:
    clock = [MONDAY]
    district = new_district(more=CATALOGUE, clock=lambda: clock[0])
    street = a_place(district, "城北街道", kind="street")
    place, other = (
        a_place(district, name, parent=street, path=f"{street.hex}/") for name in ("锦绣花园", "幸福里")
    )
    return Desk(
        district=district,
        clock=clock,
        street=street,
        place=place,
        other=other,
        clerk=somebody(district, "clerk", place),
        steward=somebody(district, "steward", place),
        second=somebody(district, "steward", other),
        third=somebody(district, "steward", street),
        duty=somebody(district, "duty", place),
        resident=somebody(district, None, place),
    )


def _standing(desk: Desk, request: UUID) -> dict[UUID, tuple[str, Any, dict[str, float]]]:
    """Of everything in a matter: its state, its holder, and what each clock has counted."""
    calendar = desk.district.rules.constants.calendar
    return {
        one.id: (
            one.state,
            one.holder,
            {
                name: clock.spent + spent_since(clock, calendar, desk.clock[0])
                for name, clock in one.clocks.items()
                if name != "pause"
            },
        )
        for one in desk.district.tree(request)
    }


def test_a_pause_stops_every_clock_whatever_state_the_tasks_are_in_and_going_on_puts_each_back(
    desk: Desk,
) -> None:
    request = desk.with_all_states()
    desk.later(hours=1)
    before = _standing(desk, request)
    desk.make(request, "pause", reason="waiting_for_parts")
    tree = desk.district.tree(request)
    assert {one.state for one in tree} == {"waiting"}
    running = [name for one in tree for name, clock in one.clocks.items() if clock.due]
    assert running == ["pause"], "nothing of it is late while it waits"
    assert {clock.paused_for for one in tree for clock in one.clocks.values() if clock.spent} == {
        "waiting_for_parts"
    }
    desk.later(days=2)
    assert not [verb for verb in desk.verbs(request) if verb.endswith(".late")]
    desk.make(request, "resume")
    assert _standing(desk, request) == before


def test_a_task_on_offer_that_waited_is_accepted_or_kept_as_if_it_had_not(desk: Desk) -> None:
    for answer in ("accept", "refuse"):
        request = desk.dispatched()
        task = desk.tasks(request)[0].id
        desk.make(task, "take", desk.steward)
        desk.make(task, "offer", desk.steward, role="steward", at=desk.other, reason="归隔壁")
        desk.make(request, "pause", reason="waiting_for_others")
        (offer,) = [one.id for one in desk.district.tree(request) if one.kind == "offer"]
        with pytest.raises(Refused, match="waiting"):
            desk.make(offer, "accept", desk.second)
        desk.make(request, "resume")
        desk.make(offer, answer, desk.second, **({"reason": "不归我"} if answer == "refuse" else {}))
        assert desk.district.subject(task).state == {"accept": "open", "refuse": "taken"}[answer]


def test_a_request_that_was_only_accepted_goes_on_as_accepted(desk: Desk) -> None:
    request = desk.submitted()
    desk.make(request, "accept")
    desk.make(request, "pause", reason="waiting_for_parts")
    desk.make(request, "resume")
    assert desk.state(request) == "accepted"


def test_a_pause_ends_by_itself_on_the_day_that_was_named_or_after_the_districts_days(desk: Desk) -> None:
    first, second = desk.dispatched(), desk.dispatched()
    desk.make(first, "pause", reason="waiting_for_weather", until=date(2026, 3, 4))
    desk.make(second, "pause", reason="waiting_for_parts", event="阀门到货")
    record = desk.district.subject(second).record
    assert (record.paused_until, record.paused_for_event) == (None, "阀门到货")
    assert desk.district.brief().figures["requests.paused"] == 2
    desk.later(days=1, hours=14)
    assert [desk.state(one) for one in (first, second)] == ["waiting", "waiting"]
    desk.later(hours=2)
    assert [desk.state(one) for one in (first, second)] == ["dispatched", "waiting"]
    assert desk.district.subject(first).record.paused_until is None
    desk.later(days=3)
    assert desk.state(second) == "dispatched"
    assert desk.district.brief().figures["requests.paused"] == 0
    assert desk.district.history(first)[-2].acting_as == "engine"


def test_each_pause_has_an_end_of_its_own(desk: Desk) -> None:
    request = desk.dispatched()
    for _ in range(3):
        desk.make(request, "pause", reason="waiting_for_parts")
        desk.later(days=4)
        assert desk.state(request) == "waiting"
        desk.later(days=1)
        assert desk.state(request) == "dispatched"


@pytest.mark.parametrize(
    ("day", "why"), [(date(2026, 3, 2), "later day than today"), (date(2026, 3, 8), "at most 5 days")]
)
def test_a_pause_ends_on_a_later_day_within_the_districts_days(desk: Desk, day: date, why: str) -> None:
    request = desk.dispatched()
    with pytest.raises(Refused, match=why):
        desk.make(request, "pause", reason="waiting_for_parts", until=day)


def test_what_is_urgent_is_not_paused_and_what_is_paused_goes_on_when_it_becomes_urgent(desk: Desk) -> None:
    burst = desk.submitted("爆管")
    with pytest.raises(Refused, match="urgent is not paused"):
        desk.make(burst, "pause", reason="waiting_for_parts")
    request = desk.dispatched()
    desk.make(request, "pause", reason="waiting_for_parts")
    desk.make(request, "make_urgent", reason="水漏到配电箱了")
    assert desk.state(request) == "dispatched"
    assert [one.state for one in desk.tasks(request)] == ["open", "open"]


def test_a_request_of_which_every_task_was_cancelled_is_back_at_the_desk(desk: Desk) -> None:
    request = desk.dispatched()
    desk.make(request, "dispatch", role="steward", at=desk.other)
    for task in desk.tasks(request):
        assert desk.state(request) == "dispatched"
        desk.make(task.id, "cancel", reason="派错了")
    assert desk.state(request) == "accepted"
    assert desk.district.subject(request).clocks["handling"].due, "its time goes on"


def test_what_was_done_before_it_was_reopened_does_not_resolve_it_again(desk: Desk) -> None:
    request = _closed(desk)
    desk.make(request, "reopen", desk.resident, reason="又漏")
    desk.make(desk.district.dispatch.open_task(request).id, "cancel", reason="换人")
    assert desk.state(request) == "accepted"


def _closed(desk: Desk, **more: Any) -> UUID:
    request = desk.dispatched(**more)
    task = desk.tasks(request)[0].id
    desk.make(task, "finish", desk.steward, result="修好了")
    desk.make(task, "confirm")
    desk.make(request, "close", feedback="修好了")
    return request


# --- again -------------------------------------------------------------------------------------------


def test_a_reopened_request_goes_to_the_seat_that_had_it_or_its_successor(desk: Desk) -> None:
    request = _closed(desk)
    desk.make(request, "reopen", desk.resident, reason="又漏")
    assert (desk.state(request), desk.tasks(request)[-1].holder) == (
        "dispatched",
        Seat(role="steward", at=desk.place),
    )
    other = _closed(desk)
    (post,) = desk.district.register.posts(person=who(desk.steward))
    desk.district.register.end_post(post.id)
    desk.make(other, "reopen", desk.resident, reason="又漏")
    assert desk.tasks(other)[-1].holder == Seat(role="steward", at=desk.street), "the place above"


def test_where_no_seat_had_it_a_reopened_request_is_the_desks_again(desk: Desk) -> None:
    request = desk.submitted()
    desk.make(request, "accept")
    desk.make(request, "decline", feedback="不归本区管")
    desk.make(request, "reopen", desk.resident, reason="再看看")
    assert desk.state(request) == "accepted"
    assert desk.district.brief().figures["requests.accepted"] == 1


def test_a_reopened_request_does_not_go_to_a_seat_that_the_reporter_complains_of(desk: Desk) -> None:
    request = desk.submitted(about=who(desk.steward))
    desk.make(request, "accept")
    desk.make(request, "dispatch", role="steward", at=desk.other)
    task = desk.tasks(request)[0].id
    desk.make(task, "finish", desk.second, result="谈过了")
    desk.make(task, "confirm")
    desk.make(request, "close", feedback="谈过了")
    desk.district.register.post(who(desk.steward), "steward", desk.other)
    desk.make(request, "reopen", desk.resident, reason="没有改")
    assert desk.state(request) == "accepted"


def test_finishing_an_open_task_takes_it_in_the_same_act(desk: Desk) -> None:
    request = desk.dispatched()
    task = desk.tasks(request)[0].id
    key = new_id()
    act = desk.district.make(task, "finish", {"result": "好了"}, actor=desk.steward, key=key)
    taken, done = desk.district.history(request)[-2:]
    assert (taken.verb, done.verb, done.id) == ("task.take", "task.finish", act.id)
    assert taken.actor == done.actor == who(desk.steward)
    assert desk.district.subject(task).accepted_at == MONDAY
    assert desk.district.make(task, "finish", {"result": "好了"}, actor=desk.steward, key=key).id == key
    with pytest.raises(NotAllowed):
        desk.make(desk.tasks(desk.dispatched())[0].id, "finish", desk.resident, result="好了")


# --- handing over ------------------------------------------------------------------------------------


def test_a_request_is_handed_over_outside_once_somebody_there_accepted_and_shows_it(desk: Desk) -> None:
    request = desk.dispatched()
    for outcome in ("close", "decline"):
        with pytest.raises(Refused):
            desk.make(request, outcome, feedback="归交警", outcome="handed_over")
    desk.make(request, "hand_over", body="市交警支队", reason="归交警")
    assert (desk.state(request), desk.tasks(request)[0].state) == ("dispatched", "open")
    with pytest.raises(Refused, match="handed over already"):
        desk.make(request, "hand_over", body="市城管局", reason="也许归城管")
    (handover,) = [one for one in desk.district.tree(request) if one.kind == "handover"]
    accepted: dict[str, Any] = {
        "accepted_by": "秩序科",
        "accepted_on": date(2026, 3, 2),
        "feedback": "请问市交警支队，编号 118",
    }
    with pytest.raises(Refused, match="the paper or the call"):
        desk.make(handover.id, "accept", **accepted)
    for day, why in ((date(2026, 3, 3), "is in the future"), (date(2026, 3, 1), "before that began")):
        with pytest.raises(Refused, match=why):
            desk.make(handover.id, "accept", **accepted | {"accepted_on": day, "their_number": "118"})
    desk.make(handover.id, "accept", **accepted, their_number="118")
    closed = desk.district.subject(request)
    assert (closed.state, closed.outcome, desk.tasks(request)[0].state) == (
        "closed",
        "handed_over",
        "cancelled",
    )
    texts = desk.district.read(request, "回访", actor=desk.clerk)
    assert {"请问市交警支队，编号 118", "秩序科"} <= {one.text for one in texts}


def test_where_nobody_accepts_the_request_stays_ours_and_climbs(desk: Desk) -> None:
    request = desk.submitted()
    desk.make(request, "accept")
    desk.make(request, "hand_over", body="市交警支队", reason="归交警")
    (handover,) = [one.id for one in desk.district.tree(request) if one.kind == "handover"]
    desk.later(days=3)
    late = [act for act in desk.district.history(request) if act.verb == "handover.late"]
    assert late
    assert late[0].body["rung"] == "steward"
    assert desk.state(request) == "accepted"
    desk.make(handover, "refuse", reason="不归我们")
    desk.make(request, "dispatch")
    assert desk.district.brief().figures["requests.closed"] == 0


def test_an_offer_that_nobody_answers_lapses_and_the_task_stays_with_whoever_has_it(desk: Desk) -> None:
    request = desk.dispatched()
    task = desk.tasks(request)[0]
    desk.make(task.id, "take", desk.steward)
    desk.make(task.id, "offer", desk.steward, role="steward", at=desk.other, reason="归隔壁")
    desk.later(days=4)
    kept = desk.district.subject(task.id)
    assert (kept.state, kept.holder) == ("taken", task.holder)
    (offer,) = [one for one in desk.district.tree(request) if one.kind == "offer"]
    assert offer.outcome == "lapsed"


def test_closings_are_counted_apart_by_how_they_ended(desk: Desk) -> None:
    _closed(desk)
    declined = desk.submitted()
    desk.make(declined, "accept")
    desk.make(declined, "decline", feedback="不归本区管")
    handed = desk.submitted()
    desk.make(handed, "accept")
    desk.make(handed, "hand_over", body="市交警支队", reason="归交警")
    (handover,) = [one.id for one in desk.district.tree(handed) if one.kind == "handover"]
    desk.make(
        handover,
        "accept",
        accepted_by="值班室",
        accepted_on=date(2026, 3, 2),
        proof="3月2日电话",
        feedback="请拨打交警电话",
    )
    figures = desk.district.brief().figures
    names = ("requests.closed", "requests.settled", "requests.declined", "requests.handed_over")
    assert [figures[name] for name in names] == [3, 1, 1, 1]
    desk.make(handed, "reopen", desk.resident, reason="交警不管")
    assert [desk.district.brief().figures[name] for name in names] == [2, 1, 1, 0]
    for name in names:
        listed = desk.district.explain(name)
        assert len(listed.counted) == desk.district.brief().figures[name]


# --- which service, and how urgent -------------------------------------------------------------------


@pytest.mark.parametrize("name", ["rule", "urgent", "matched"])
def test_what_the_rules_matched_is_said_by_nobody(desk: Desk, name: str) -> None:
    request = desk.submitted()
    value: object = True if name == "urgent" else "leak"
    for actor in (desk.clerk, desk.district.console):
        with pytest.raises(Refused, match="worked out by linli"):
            desk.make(request, "accept", actor, **{name: value})


def test_the_desk_chooses_another_service_with_a_reason_and_the_record_shows_both(desk: Desk) -> None:
    request = desk.dispatched()
    with pytest.raises(Refused, match="reason is missing"):
        desk.make(request, "choose", service="burst")
    with pytest.raises(Refused, match="no service"):
        desk.make(request, "choose", service="flood", reason="水很大")
    desk.make(request, "choose", service="burst", reason="是爆管")
    record = desk.district.subject(request).record
    assert (record.service, record.matched, record.rule, record.urgent) == (
        "burst",
        "leak",
        "dispatch: category",
        True,
    )
    first, second = desk.tasks(request)
    assert (first.record.service, first.record.urgent) == ("burst", True)
    assert second.holder == Seat(role="duty", at=desk.place)
    for one in (desk.district.subject(request), first, second):
        (clock,) = [clock for name, clock in one.clocks.items() if name in ("handling", "task")]
        assert (clock.span, clock.service) == (1800, False)


def test_urgency_is_given_and_taken_off_by_the_desk_as_moves_of_their_own(desk: Desk) -> None:
    request = desk.dispatched()
    desk.later(hours=2)
    desk.make(request, "make_urgent", reason="漏到配电箱了")
    handling = desk.district.subject(request).clocks["handling"]
    assert (handling.span, handling.service, handling.due) == (
        3600,
        False,
        desk.clock[0] + timedelta(hours=1),
    )
    assert [one.holder.role for one in desk.tasks(request) if one.holder] == ["steward", "duty"]
    with pytest.raises(Refused, match="urgent already"):
        desk.make(request, "make_urgent", reason="漏到配电箱了")
    desk.make(request, "make_ordinary", reason="看过了，不急")
    assert not any(one.record.urgent for one in desk.district.tree(request))
    handling = desk.district.subject(request).clocks["handling"]
    assert (handling.span, handling.service) == (8 * 3600, True)
    with pytest.raises(NotAllowed):
        desk.make(request, "make_urgent", desk.steward, reason="急")


def test_what_the_desk_makes_urgent_before_it_is_accepted_goes_to_the_rota_at_once(desk: Desk) -> None:
    request = desk.submitted()
    desk.make(request, "make_urgent", reason="听起来是爆管")
    assert desk.state(request) == "dispatched"
    assert desk.tasks(request)[0].holder == Seat(role="duty", at=desk.place)


def test_nobody_is_anonymous_and_confidential_at_once(desk: Desk) -> None:
    with pytest.raises(Refused, match="one of the two"):
        desk.submitted(reporter=None, confidential=True)


# --- what another matter did -------------------------------------------------------------------------


def _follows(desk: Desk, effects: Callable[[Any], Any]) -> None:
    """Let an act of another matter have these effects."""
    subject = new_id()
    order = DirectOrder(
        act=DirectAct("test.done", label="done"),
        subject=subject,
        fresh=True,
        work=lambda facts: ActResult(effects=tuple(effects(facts))),
    )
    desk.district.perform(order, actor=ENGINE_ACTOR)


@pytest.mark.parametrize("way", ["accepted", "dispatched", "paused"])
def test_what_another_matter_settled_is_resolved_and_its_result_is_proposed_as_the_feedback(
    desk: Desk, way: str
) -> None:
    request, by = desk.submitted(), new_id()
    desk.make(request, "accept")
    if way != "accepted":
        desk.make(request, "dispatch")
    if way == "paused":
        desk.make(request, "pause", reason="waiting_for_others")
    _follows(desk, lambda facts: settled_elsewhere(request, by, facts, result="已拆除违建"))
    assert (desk.state(request), desk.district.subject(request).record.proposed_by) == ("resolved", by)
    with pytest.raises(Refused, match="one answer"):
        desk.make(request, "close")
    desk.make(request, "close", as_proposed=True)
    closing = desk.district.history(request)[-1].id
    texts = desk.district.read(request, "回访", actor=desk.clerk)
    assert [one.text for one in texts if one.said_in == closing] == ["已拆除违建"]


def test_a_request_waits_for_the_tasks_that_were_not_the_other_matters(desk: Desk) -> None:
    request = desk.dispatched()
    desk.make(request, "dispatch", role="steward", at=desk.other)
    _, others = desk.tasks(request)
    _follows(desk, lambda facts: settled_elsewhere(request, new_id(), facts, but=(others.id,)))
    assert [one.state for one in desk.tasks(request)] == ["confirmed", "open"]
    assert desk.state(request) == "dispatched"


def test_what_another_matter_did_not_settle_is_back_at_the_desk(desk: Desk) -> None:
    request = desk.dispatched()
    _follows(desk, lambda facts: unsettled_elsewhere(request, new_id(), facts))
    assert (desk.state(request), desk.tasks(request)[0].state) == ("accepted", "cancelled")
