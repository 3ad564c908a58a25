"""Two at once on the same matter, each with a connection of its own: one outcome, and nothing twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest

import linli
from linli import Actor, District, Refused
from linli._base.errors import Conflict
from linli.testing import all_of, race
from linli_meetings.testing import Street, street

ROUNDS = 4
Deed = Callable[[District], object]


@pytest.fixture
def here(new_district: Callable[..., District]) -> Street:
    return street(new_district)


def _at_once(here: Street, *deeds: Deed) -> list[str]:
    """Let each deed be done by a process's worth of its own: what each came to."""
    barrier = Barrier(len(deeds))

    def do(deed: Deed) -> str:
        with linli.open(here.district.configuration.folder, clock=here.clock) as own:
            barrier.wait()
            try:
                deed(own)
            except (Refused, Conflict) as refusal:
                return str(refusal)
            return "done"

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(do, deeds))


def _make(subject: UUID, move: str, actor: Actor, **values: object) -> Deed:
    return lambda district: district.make(subject, move, values, actor=actor)


def _acts(here: Street, root: UUID, verb: str) -> int:
    return [act.verb for act in here.district.history(root)].count(verb)


def test_a_result_is_evaluated_or_sent_back_never_both(here: Street) -> None:
    for _ in range(ROUNDS):
        whistle = here.blown(here.urban)
        here.does(whistle, here.urban, "report_in", "finish")
        part = here.part(whistle, "whistle_part")
        came_to = _at_once(
            here,
            _make(part, "evaluate", here.officer, grade="good"),
            _make(part, "send_back", here.officer, reason="x"),
        )
        assert sorted(one == "done" for one in came_to) == [False, True]
        assert (here.state(part), here.state(whistle)) in [("evaluated", "closed"), ("sent_back", "blown")]
        assert (
            _acts(here, whistle, "whistle_part.evaluate") + _acts(here, whistle, "whistle_part.send_back")
            == 1
        )


def test_of_two_processes_one_evaluates_or_the_other_sends_back(here: Street) -> None:
    whistle = here.blown(here.urban)
    here.does(whistle, here.urban, "report_in", "finish")
    part = here.part(whistle, "whistle_part")
    came_to = race(
        here.district,
        [(here.officer, part, "evaluate", {"grade": "good"})],
        [(here.officer, part, "send_back", {"reason": "x"})],
    )
    assert sorted(one == ["made"] for one in came_to) == [False, True]
    assert (here.state(part), here.state(whistle)) in [("evaluated", "closed"), ("sent_back", "blown")]


def test_the_last_two_departments_evaluated_at_once_close_the_whistle_once(here: Street) -> None:
    request = here.reported()
    whistle = here.blown(here.urban, here.fire, request=request)
    for department in (here.urban, here.fire):
        here.does(whistle, department, "report_in", "finish")
    parts = [here.part(whistle, "whistle_part", body) for body in (here.urban, here.fire)]
    came_to = _at_once(here, *(_make(part, "evaluate", here.officer, grade="good") for part in parts))
    assert came_to == ["done", "done"]
    assert _acts(here, whistle, "whistle.close") == 1
    assert _acts(here, request, "task.settle_elsewhere") == 1
    assert here.district.brief().figures["meetings.whistles_closed"] == 1


def test_an_item_wanted_for_two_agendas_is_on_one(here: Street) -> None:
    for _ in range(ROUNDS):
        meetings, item = [here.called(), here.called()], here.proposed()
        came_to = _at_once(
            here, *(_make(item, "schedule", here.secretary, meeting=meeting) for meeting in meetings)
        )
        assert came_to.count("done") == 1
        listed = [here.states(meeting).get("agenda_entry", []) for meeting in meetings]
        assert sorted(listed) == [[], ["listed"]]


def test_an_item_put_on_the_agenda_of_a_meeting_that_is_being_cancelled_is_on_none(here: Street) -> None:
    for _ in range(ROUNDS):
        meeting, item = here.called(), here.proposed()
        _at_once(
            here,
            _make(item, "schedule", here.secretary, meeting=meeting),
            _make(meeting, "cancel", here.secretary, reason="x"),
        )
        assert here.state(item) == "proposed"
        assert here.states(meeting).get("agenda_entry", []) in ([], ["taken_off"])


def test_an_item_is_resolved_once(here: Street) -> None:
    meeting = here.called()
    item = here.scheduled(meeting)
    here.held(meeting)
    came_to = _at_once(
        here,
        _make(item, "resolve", here.secretary, resolution="approved", rectifications=1),
        _make(item, "resolve", here.secretary, resolution="rejected", reason="x", rectifications=1),
    )
    assert came_to.count("done") == 1
    assert _acts(here, item, "agenda_item.resolve") == 1
    assert here.district.brief().figures["meetings.rectifications"] == 1


def test_a_dispute_settled_by_a_whistle_and_an_item_at_once_is_counted_once(here: Street) -> None:
    for count in range(1, ROUNDS + 1):
        request = here.reported()
        whistle = here.blown(here.urban, request=request)
        here.does(whistle, here.urban, "report_in", "finish")
        meeting = here.called()
        item = here.scheduled(meeting, about=request)
        here.held(meeting)
        part = here.part(whistle, "whistle_part")
        came_to = _at_once(
            here,
            _make(part, "evaluate", here.officer, grade="good", mediated=True),
            _make(item, "resolve", here.secretary, resolution="approved", mediated=True),
        )
        assert came_to == ["done", "done"]
        assert here.district.brief().figures["meetings.mediations"] == count


def test_one_objection_and_the_last_agreement_at_once_are_one_outcome(here: Street) -> None:
    for _ in range(ROUNDS):
        item = here.proposed()
        here.district.make(item, "circulate", {"draft": "approved", "text": "x"}, actor=here.secretary)
        urban, fire, water = (
            here.part(item, "written_opinion", body) for body in (here.urban, here.fire, here.water)
        )
        here.district.make(urban, "agree", actor=here.urban_officer)
        here.district.make(water, "agree", actor=here.water_officer)
        came_to = _at_once(
            here,
            _make(fire, "agree", here.fire_officer),
            _make(fire, "object", here.fire_officer, reason="x"),
        )
        assert came_to.count("done") == 1
        circulation = here.states(item)["circulation"]
        assert (here.state(item), circulation) in [("circulating", ["agreed"]), ("proposed", ["objected"])]


def test_two_workers_escalate_a_whistle_once(here: Street) -> None:
    whistle = here.blown(here.urban)
    here.clock.now = here.district.subject(whistle).clocks["settle"].due or here.clock.now

    def work(district: District) -> None:
        while district.worker.run_once(now=here.clock.now):
            pass

    assert _at_once(here, work, work, work) == ["done"] * 3
    assert _acts(here, whistle, "whistle.escalate") == 1
    assert len(all_of(here.district, "agenda_item")) == 1
