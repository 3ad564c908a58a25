"""The whistle that the ladder proposes, with the meetings whose workflow it is: one mechanism, from end to end."""

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest

import linli
from linli import District, NotAllowed, Refused, Seat, StoredSubject
from linli._verbs.dispatch.requests import Merge
from linli.hooks import RequestFlow
from linli.testing import Printed, all_of, an_organisation, somebody
from linli_meetings.api import Meetings
from linli_meetings.whistles import proposed_for
from linli_three_lists import whistles as proposing
from linli_three_lists.testing import CATALOGUE, LADDER, SOON, Town, who
from linli_three_lists.testing import town as make_town
from linli_three_lists.whistles import whistle_of

NewDistrict = Callable[..., District]


@pytest.fixture
def street(new_district: NewDistrict) -> Town:
    """A town with four rungs, in a district that has the meetings too."""
    return make_town(new_district, LADDER, enabled=("meetings",))


@pytest.fixture
def soon(new_district: NewDistrict) -> Town:
    """The same, with the rung that considers the whistle alone."""
    return make_town(new_district, SOON, enabled=("meetings",))


def _whistles(town: Town, *states: str) -> list[StoredSubject]:
    return all_of(town.district, "whistle", *states, within=town.root)


def _proposed(town: Town, **more: Any) -> tuple[UUID, UUID]:
    """A late request, and the whistle that is proposed for it."""
    request = town.dispatched(**more)
    town.work_until("2026-03-06 09:00")
    (whistle,) = _whistles(town, "proposed")
    assert whistle.record.request == request
    return request, whistle.id


def _blown(town: Town, request: UUID) -> UUID:
    body = an_organisation(town.district, "department", town.street)
    return town.district.start(
        "whistle",
        "blow",
        town.place,
        {"topic": "漏水", "departments": [body], "request": request},
        actor=town.officer,
    ).subject


def _heard(town: Town, request: UUID) -> list[str]:
    return [act.body["rung"] for act in town.district.history(request) if act.verb == "request.late"]


# --- from end to end ---------------------------------------------------------------------------------


def test_a_late_request_climbs_to_the_street_which_whistles_and_its_tasks_are_settled(street: Town) -> None:
    urban = an_organisation(street.district, "department", street.street, "urban")
    inspector = somebody(street.district, "department_officer", street.street, at=urban)
    request, whistle = _proposed(street)
    assert _heard(street, request) == ["steward", "branch", "street"]
    assert street.district.subject(whistle).holder == Seat(role="officer", at=street.street)
    street.make(whistle, "take_up", street.officer, departments=(urban,))
    part = Meetings(street.district).part_of(whistle, urban).id
    street.make(part, "report_in", inspector)
    street.work_until("2026-03-09 10:00")
    street.make(part, "finish", inspector, result="总管已更换")
    assert street.task(request).state == "open"
    street.make(part, "evaluate", street.officer, grade="good")
    assert street.district.subject(whistle).state == "closed"
    (task,) = street.district.dispatch.tasks(request)
    assert task.state == "confirmed", "what the street evaluated needs no second confirmation"
    assert street.district.subject(request).state == "resolved"
    street.make(request, "close", street.clerk, feedback="已修好")
    assert street.district.subject(request).outcome == "settled"
    assert [one.state for one in _whistles(street)] == ["closed"]


def test_the_ladder_only_proposes_a_whistle_once_and_silence_does_not_dismiss_it(street: Town) -> None:
    request, whistle = _proposed(street)
    assert whistle == whistle_of(request, "handling")
    found = street.district.subject(whistle)
    assert (found.place, found.record.topic, found.record.urgent) == (street.place, "漏水维修", False)
    assert [act.verb for act in street.district.history(whistle)] == ["whistle.propose"], (
        "nothing blows by itself"
    )
    street.work_until("2026-12-31 09:00")
    assert [one.state for one in _whistles(street)] == ["proposed"]
    figures = street.district.brief(street.place).figures
    assert (figures["meetings.whistles_proposed"], figures["meetings.whistles_blown"]) == (1, 0)


def test_what_is_urgent_is_an_urgent_whistle(soon: Town) -> None:
    soon.accepted("有人困在电梯里，困人", "困人")
    soon.work_until("2026-03-02 10:00")
    (whistle,) = _whistles(soon)
    assert (whistle.record.topic, whistle.record.urgent) == ("电梯困人救援", True)


def test_before_a_service_is_chosen_the_category_is_the_topic(soon: Town) -> None:
    request = soon.submit("楼上太吵", "噪音")
    soon.work_until("2026-03-06 09:00")
    (whistle,) = _whistles(soon)
    assert (whistle.id, whistle.record.topic) == (whistle_of(request, "response"), "噪音")


def test_a_topic_is_at_most_eighty_characters(new_district: NewDistrict) -> None:
    assert CATALOGUE.count("漏水维修") == 1
    town = make_town(
        lambda **options: new_district(**{**options, "more": options["more"].replace("漏水维修", "漏" * 99)}),
        SOON,
        enabled=("meetings",),
    )
    _proposed(town)
    assert [one.record.topic for one in _whistles(town)] == ["漏" * 80]


# --- one at a time -----------------------------------------------------------------------------------


def test_none_is_proposed_while_one_is_proposed_or_under_way_for_the_request(soon: Town) -> None:
    proposed, blown, other = soon.dispatched(), soon.dispatched(), soon.dispatched()
    values = {"topic": "漏水", "request": proposed}
    soon.district.start("whistle", "propose", soon.place, values, actor=soon.clerk)
    _blown(soon, blown)
    soon.work_until("2026-03-06 09:00")
    assert [_heard(soon, request) for request in (proposed, blown, other)] == [["street"]] * 3
    assert len(_whistles(soon)) == 3
    assert soon.district.subject(whistle_of(other, "handling")).state == "proposed"


@pytest.mark.parametrize("dismissed", [False, True])
def test_a_second_deadline_proposes_one_only_when_the_first_ones_is_no_more(
    soon: Town, dismissed: bool
) -> None:
    request = soon.submit()
    soon.work_until("2026-03-03 09:00")
    first, second = whistle_of(request, "response"), whistle_of(request, "handling")
    if dismissed:
        soon.make(first, "dismiss", soon.officer, reason="已安排")
    soon.make(request, "accept", soon.clerk)
    soon.work_until("2026-03-09 09:00")
    assert _heard(soon, request) == ["street", "street"]
    assert {one.id for one in _whistles(soon, "proposed")} == {second if dismissed else first}


def test_a_whistle_blown_for_the_request_overtakes_the_proposed_one(street: Town) -> None:
    request, whistle = _proposed(street)
    _blown(street, street.submit())
    assert street.district.subject(whistle).state == "proposed", "it was another request's"
    blown = _blown(street, request)
    found = street.district.subject(whistle)
    assert (found.outcome, found.record.overtaken_by) == ("lapsed", blown)
    _blown(street, request)
    assert street.district.subject(whistle).record.overtaken_by == blown


def test_what_was_dismissed_is_not_proposed_again_for_the_deadline(street: Town) -> None:
    request, whistle = _proposed(street)
    with pytest.raises(Refused, match="reason is missing"):
        street.make(whistle, "dismiss", street.officer)
    street.make(whistle, "dismiss", street.officer, reason="明天就能修好")
    street.work_until("2026-12-31 09:00")
    assert _heard(street, request)[-1] == "district"
    assert [one.outcome for one in _whistles(street)] == ["dismissed"]


def _at_once(town: Town, *works: Callable[[District], object]) -> None:
    """Let each be done by a process's worth of its own."""
    barrier = Barrier(len(works))

    def do(work: Callable[[District], object]) -> None:
        with linli.open(town.district.configuration.folder, clock=town.clock) as own:
            barrier.wait()
            work(own)

    with ThreadPoolExecutor(len(works)) as pool:
        list(pool.map(do, works))


def _late_now(town: Town) -> UUID:
    request = town.dispatched()
    while town.district.worker.run_once(now=town.clock.now):
        pass
    town.clock.now = town.district.subject(request).clocks["handling"].due or town.clock.now
    return request


def test_two_workers_at_once_propose_one(soon: Town) -> None:
    def work(district: District) -> None:
        while district.worker.run_once(now=soon.clock.now):
            pass

    for count in range(1, 5):
        request = _late_now(soon)
        _at_once(soon, work, work)
        assert [one.record.request for one in _whistles(soon)].count(request) == 1
        assert len(_whistles(soon, "proposed")) == count
        assert _heard(soon, request) == ["street"]


def _slowly(function: Callable[..., Any]) -> Callable[..., Any]:
    """As before, but what was read is old when it is made use of."""

    def slow(*arguments: Any) -> Any:
        found = function(*arguments)
        time.sleep(0.2)
        return found

    return slow


def test_none_stands_beside_one_that_is_blown_while_the_request_becomes_late(
    soon: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("linli_meetings.whistles.proposed_for", _slowly(proposed_for))
    monkeypatch.setattr(proposing, "_topic", _slowly(proposing._topic))
    body = an_organisation(soon.district, "department", soon.street)

    def work(district: District) -> None:
        while district.worker.run_once(now=soon.clock.now):
            pass

    for _ in range(4):
        request = _late_now(soon)

        def blow(district: District, request: UUID = request) -> None:
            district.start(
                "whistle",
                "blow",
                soon.place,
                {"topic": "漏水", "departments": [body], "request": request},
                actor=soon.officer,
            )

        _at_once(soon, work, blow)
        assert _heard(soon, request) == ["street"]
        states = [one.state for one in _whistles(soon) if one.record.request == request]
        assert sorted(states) in (["blown"], ["blown", "lapsed"])


# --- settled without it ------------------------------------------------------------------------------


def _resolved(town: Town, request: UUID) -> None:
    task = town.task(request).id
    town.make(task, "finish", town.manager, result="修好了")
    town.make(task, "confirm", town.clerk)


def _merged(town: Town, request: UUID) -> None:
    town.district.perform(
        RequestFlow.merge(RequestFlow.ref(request), Merge(duplicate_of=town.submit())), actor=town.clerk
    )


def _withdrawn(town: Town, request: UUID) -> None:
    town.make(request, "withdraw", town.resident, reason="已自行解决")


@pytest.mark.parametrize("settle", [_resolved, _merged, _withdrawn])
def test_it_lapses_when_its_request_is_settled_first(
    street: Town, settle: Callable[[Town, UUID], None]
) -> None:
    request, whistle = _proposed(street)
    settle(street, request)
    found = street.district.subject(whistle)
    assert (found.outcome, found.record.overtaken_by) == ("lapsed", None)
    with pytest.raises(Refused, match="cannot be done"):
        street.make(whistle, "dismiss", street.officer, reason="x")


def test_it_lapses_when_its_request_is_refused(soon: Town) -> None:
    request = soon.submit()
    soon.work_until("2026-03-06 09:00")
    soon.make(request, "refuse", soon.clerk, reason="不属于受理范围")
    assert [one.outcome for one in _whistles(soon)] == ["lapsed"]


def test_it_stays_while_its_request_only_waits(street: Town) -> None:
    request, whistle = _proposed(street)
    street.make(request, "pause", street.clerk, reason="waiting_for_parts")
    assert street.district.subject(whistle).state == "proposed"


# --- whom it is about, and who decides ---------------------------------------------------------------


def test_whom_the_request_is_about_neither_sees_nor_decides_it(street: Town) -> None:
    somebody(street.district, "officer", street.root)
    request, whistle = _proposed(street, about=who(street.secretary))
    assert street.district.subject(whistle).record.about == who(street.secretary)
    with pytest.raises(NotAllowed, match="may not see"):
        street.district.see(whistle, street.secretary)
    against = street.submit("街道干部不管事", "噪音", about=who(street.officer))
    street.work_until("2027-12-31 09:00")
    assert _heard(street, against) == ["steward", "branch", "district"]
    assert [one.record.request for one in _whistles(street)] == [request], "whom it is about considers none"


def test_an_officer_whom_it_is_about_does_not_decide_a_colleagues_proposal(soon: Town) -> None:
    somebody(soon.district, "officer", soon.root)
    _, whistle = _proposed(soon, about=who(soon.officer))
    holder = soon.district.subject(whistle).holder
    assert holder == Seat(role="officer", at=soon.root)
    for move, values in (("dismiss", {"reason": "x"}), ("read", {"reason": "x"})):
        with pytest.raises(Refused, match="about you"):
            soon.make(whistle, move, soon.officer, **values)
    with pytest.raises(NotAllowed, match="may not see"):
        soon.district.see(whistle, soon.officer)


def test_the_street_lists_what_is_proposed_and_takes_it_up_or_dismisses_it(
    street: Town, command: Callable[..., Printed]
) -> None:
    an_organisation(street.district, "department", street.street, "城管大队")
    requests = [street.dispatched(), street.dispatched()]
    street.work_until("2026-03-06 09:00")
    folder = street.district.configuration.folder
    listed = ("whistle", "list", "--state", "proposed", "--place", str(street.street))
    found = json.loads(command(*listed, "--json", folder=folder).out)
    assert sorted(one["request"] for one in found) == sorted(map(str, requests))
    said = command(*listed, folder=folder).out
    numbers = [str(street.district.subject(one).number) for one in requests]
    assert all(word in said for word in ("漏水维修", "put forward", str(found[0]["number"]), *numbers))
    as_officer = ("--as", str(who(street.officer)))
    taken = command(
        "whistle", "take-up", found[0]["id"], "--departments", "城管大队", *as_officer, folder=folder
    )
    assert "blown" in taken.out, taken.err
    dropped = command(
        "whistle", "dismiss", found[1]["id"], "--reason", "已约维修", *as_officer, folder=folder
    )
    assert "dismissed" in dropped.out, dropped.err
    assert json.loads(command(*listed, "--json", folder=folder).out) == []
