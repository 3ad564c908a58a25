"""What dispatch asks plugins and decides by itself: words read within the act, duty, merging, ratings, conflicts."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

import linli
from linli import Act, Actor, Count, District, Facts, Figure, Plugin, Seat, StoredSubject, hookimpl
from linli._base.errors import Refused
from linli._hooks.catalogue import Matched, Wanted
from linli._store import tables as t
from linli._verbs.dispatch.settings import DispatchSettings
from linli.testing import a_place, an_organisation, somebody

CATALOGUE = """
[dispatch]
ladder = ["steward", "branch_secretary", "officer"]

[[dispatch.services]]
code = "leak"
name = "漏水"
categories = ["漏水"]

[[dispatch.services]]
code = "lift"
name = "电梯困人"
categories = ["困人"]
urgent = true
holder = "duty"
"""


class Reader:
    """A plugin that matches by what was written, and counts by a setting."""

    @staticmethod
    @hookimpl
    def request_match(wanted: Wanted, facts: Facts) -> Matched | None:
        words = facts.said(wanted.request, "description") if wanted.request else None
        assert facts.said(wanted.place, "description") is None
        return Matched(service="leak", rule="wet words") if words and "湿" in words else None


def _good(act: Act, before: StoredSubject | None, after: StoredSubject | None) -> Iterable[Count]:
    rating = int(act.value("rating"))
    yield Count(when=lambda facts: rating > facts.settings(DispatchSettings).reopen_days)


Reader.PLUGIN = Plugin(  # type: ignore[attr-defined]
    name="reader", figures=(Figure(name="reader.good", help="rated well", on={"request.rate": _good}),)
)


@pytest.fixture
def district(new_district: Callable[..., District]) -> District:
    return new_district(
        plugins={"reader": Reader}, more=CATALOGUE.replace("[dispatch]", "[dispatch]\nreopen_days = 3")
    )


def _submit(district: District, place: UUID, category: str = "漏水", text: str = "厨房", **more: Any) -> UUID:
    return district.dispatch.submit(place, category, text, reporter=None, **more).subject


def test_a_plugin_matches_by_what_was_written_and_it_is_kept_nowhere_else(district: District) -> None:
    request = _submit(district, a_place(district, "锦绣花园"), "其他", "地面湿了一片")
    district.make(request, "accept")
    assert district.subject(request).record.rule == "reader: wet words"
    with district.store.reading() as connection:
        for table in t.metadata.sorted_tables:
            for row in connection.execute(select(table).where(table.c.district == district.code)):
                assert "湿" not in repr(tuple(row)), table.name


def test_what_is_urgent_goes_to_the_nearest_place_where_somebody_has_duty(district: District) -> None:
    street = a_place(district, "城北街道", kind="street")
    place = a_place(district, "锦绣花园", parent=street, path=f"{street.hex}/")
    for at, rule in ((place, "dispatch: role: duty: nobody has it"), (street, "dispatch: role: duty")):
        if at == street:
            somebody(district, "duty", street)
        request = _submit(district, place, "困人")
        task = district.dispatch.open_task(request)
        assert (task.holder, task.record.rule) == (Seat(role="duty", at=at), rule)


def test_an_urgent_complaint_about_whoever_has_duty_is_taken_in_and_waits_for_the_desk(
    district: District,
) -> None:
    street = a_place(district, "城北街道", kind="street")
    duty = somebody(district, "duty", street)
    request = _submit(district, street, "困人", about=duty.person)
    assert district.subject(request).state == "submitted"
    with pytest.raises(Refused, match="whom it is about"):
        district.make(request, "accept")


def test_a_complaint_is_not_routed_to_a_seat_that_they_would_stand_in_for(
    new_district: Callable[..., District],
) -> None:
    more = CATALOGUE.replace('categories = ["漏水"]', 'categories = ["漏水"]\nholder = "property_manager"')
    district = new_district(enabled=("daxiang",), more=more)
    place = a_place(district, "锦绣花园")
    committee = an_organisation(district, "residents_committee", place)
    company = an_organisation(district, "property_company", place)
    member = somebody(district, "member", place, at=committee)
    manager = somebody(district, "property_manager", place, at=company)
    _end_organisation(district, company, manager)
    request = _submit(district, place, about=member.person)
    district.make(request, "accept")
    vacant = {"role": "property_manager", "at": company}
    with pytest.raises(Refused, match="whom it is about"):
        district.make(request, "dispatch", vacant)
    other = _submit(district, place)
    district.make(other, "accept")
    district.make(other, "dispatch", vacant)
    district.make(district.dispatch.open_task(other).id, "take", actor=member)


def _end_organisation(district: District, company: UUID, manager: Actor) -> None:
    (post,) = district.register.posts(person=manager.person)
    district.register.end_post(post.id)
    with district.store.engine.begin() as connection:
        table = t.organisation
        connection.execute(
            table.update()
            .where(table.c.district == district.code, table.c.id == company)
            .values(until=datetime(2020, 1, 1, tzinfo=UTC).date())
        )


def test_what_is_late_does_not_climb_to_whom_it_is_about(new_district: Callable[..., District]) -> None:
    now = datetime(2026, 3, 2, 1, tzinfo=UTC)
    district = new_district(more=CATALOGUE, clock=lambda: now)
    place = a_place(district, "锦绣花园")
    secretary = somebody(district, "branch_secretary", place)
    for role in ("steward", "officer"):
        somebody(district, role, place)
    request = _submit(district, place, about=secretary.person)
    for _ in range(6):
        now += timedelta(days=1)
        while district.worker.run_once(now=now):
            pass
    rungs = [act.body["rung"] for act in district.history(request) if act.verb == "request.late"]
    assert rungs == ["steward", "officer"]


def test_a_request_is_merged_into_one_that_goes_on(district: District) -> None:
    place = a_place(district, "锦绣花园")
    one, other, third = (_submit(district, place) for _ in range(3))
    district.make(one, "merge", {"duplicate_of": other})
    for gone in (one, place, linli._model.acts.new_id()):
        with pytest.raises(Refused, match="one that goes on"):
            district.make(third, "merge", {"duplicate_of": gone})
    with pytest.raises(Refused, match="of itself"):
        district.make(third, "merge", {"duplicate_of": third})


def test_of_two_that_are_merged_into_each_other_at_once_one_goes_on(district: District) -> None:
    place = a_place(district, "锦绣花园")
    for _ in range(5):
        pair = [_submit(district, place) for _ in range(2)]
        barrier = Barrier(2)

        def merge(ours: UUID, theirs: UUID, barrier: Barrier = barrier) -> str:
            with linli.open(district.configuration.folder, plugins={"reader": Reader}) as desk:
                barrier.wait()
                try:
                    desk.make(ours, "merge", {"duplicate_of": theirs})
                except Refused as refusal:
                    return str(refusal)
            return "merged"

        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(merge, pair, reversed(pair)))
        assert sorted(answer == "merged" for answer in answers) == [False, True], answers
        assert sorted(district.subject(one).state for one in pair) == ["closed", "submitted"]


def test_each_closing_can_be_rated_once_and_a_figure_counts_by_the_settings(district: District) -> None:
    request = _submit(district, a_place(district, "锦绣花园"))
    district.make(request, "accept")
    for rating in (2, 5):
        district.make(request, "decline", {"feedback": "不归本区管"})
        district.make(request, "rate", {"rating": rating})
        with pytest.raises(Refused, match="once"):
            district.make(request, "rate", {"rating": 5})
        district.make(request, "reopen", {"reason": "再看看"})
    figures = district.brief().figures
    assert (figures["requests.rated"], figures["reader.good"]) == (2, 1)


def test_a_service_says_whom_it_takes_and_what_it_costs(new_district: Callable[..., District]) -> None:
    more = CATALOGUE.replace(
        'categories = ["漏水"]', 'categories = ["漏水"]\ntakes = "业主"\ncost = "材料费自理"'
    )
    leak, lift = new_district(more=more).dispatch.services
    assert (leak.takes, leak.cost, lift.takes, lift.cost) == ("业主", "材料费自理", "", "")


def test_the_clock_of_a_task_stands_while_its_request_waits_and_says_why(
    new_district: Callable[..., District],
) -> None:
    now = datetime(2026, 3, 2, 1, tzinfo=UTC)
    district = new_district(more=CATALOGUE, clock=lambda: now)
    place = a_place(district, "锦绣花园")
    steward = somebody(district, "steward", place)
    request = _submit(district, place)
    district.make(request, "accept")
    district.make(request, "dispatch")
    task = district.dispatch.open_task(request).id
    district.make(task, "take", actor=steward)
    now += timedelta(hours=1)
    district.make(request, "pause", {"reason": "waiting_for_parts"})
    for one, name in ((request, "handling"), (task, "task")):
        clock = district.subject(one).clocks[name]
        assert (clock.paused_for, clock.due, clock.spent) == ("waiting_for_parts", None, 3600)
    now += timedelta(days=10)
    while district.worker.run_once(now=now):
        pass
    assert not [act for act in district.history(request) if act.verb.endswith(".late")]
    district.make(request, "resume")
    assert district.subject(task).state == "taken"
    assert [district.subject(one).clocks[name].spent for one, name in ((request, "handling"), (task, "task"))] == [
        3600, 3600,
    ]  # fmt: skip
    district.make(task, "finish", {"result": "换好了"}, actor=steward)
    district.make(request, "pause", {"reason": "waiting_for_reporter"})
    district.make(request, "withdraw", {"reason": "不用了"})
    assert district.subject(task).state == "cancelled"


def test_a_confidential_reporter_is_known_to_the_desk_and_to_themselves_alone(district: District) -> None:
    place = a_place(district, "锦绣花园")
    clerk, steward = (somebody(district, role, place) for role in ("clerk", "steward"))
    resident = somebody(district, None, place)
    for confidential in (True, False):
        act = district.dispatch.submit(
            place, "漏水", "楼上漏水", reporter=resident.person, confidential=confidential, actor=clerk
        )
        district.make(act.subject, "accept")
        district.make(act.subject, "dispatch")
        task = district.dispatch.open_task(act.subject).id
        for actor, known in (
            (clerk, True),
            (resident, True),
            (district.console, True),
            (steward, not confidential),
        ):
            seen = {one.person for one in district.see(task, actor)}
            assert seen == ({resident.person} if known else {None})


def test_each_task_of_a_request_is_somebody_elses_and_a_role_is_somewhere(district: District) -> None:
    place, other = a_place(district, "锦绣花园"), a_place(district, "幸福里")
    for at in (place, other):
        somebody(district, "steward", at)
    request = _submit(district, place)
    district.make(request, "accept")
    with pytest.raises(Refused, match="at which place or organisation"):
        district.make(request, "dispatch", {"role": "steward"})
    for given in ({}, {"role": "steward", "at": other}):
        district.make(request, "dispatch", given)
        with pytest.raises(Refused, match="have a task of this request already"):
            district.make(request, "dispatch", given)
    first, second = district.dispatch.tasks(request)
    district.make(first.id, "cancel", {"reason": "另派"})
    district.make(request, "dispatch")
    assert [task.holder for task in (first, second)] == [Seat(role="steward", at=at) for at in (place, other)]
