"""Figures compared with an independent count over the journal and the requests as they stand."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from linli import Act, District, Refused
from linli.testing import all_of
from linli_three_lists.testing import Town
from linli_three_lists.testing import town as make_town

_VALUES: Mapping[str, Mapping[str, Any]] = {
    "refuse": {"reason": "x"},
    "decline": {"feedback": "x"},
    "withdraw": {"reason": "x"},
    "reopen": {"reason": "x"},
    "pause": {"reason": "waiting_for_parts"},
    "finish": {"result": "x"},
    "close": {"feedback": "x"},
    "send_back": {"reason": "x"},
}
_NEXT: Mapping[str, tuple[str, ...]] = {
    "submitted": ("accept", "accept", "refuse", "withdraw", "merge", "urge", "wait"),
    "accepted": ("dispatch", "dispatch", "decline", "merge", "wait"),
    "dispatched": ("finish", "confirm", "confirm", "pause", "urge", "wait"),
    "waiting": ("resume", "withdraw", "wait"),
    "resolved": ("close",),
    "reopened": ("decline", "dispatch", "merge", "wait"),
    "closed": ("rate", "reopen", "reopen"),
}
_STEPS = st.lists(st.tuples(st.integers(0, 11), st.integers(1, 5)), min_size=4, max_size=16)


# Accepted, dispatched, finished, confirmed, closed, rated, reopened, and late.
_FROM_END_TO_END = [(0, 1), (0, 1), (0, 1), (1, 1), (0, 1), (0, 4), (1, 1), (3, 5), (3, 5)]


@pytest.fixture(scope="module")
def lived() -> list[str]:
    """The verbs that the examples came to, so that a test can see what was reached."""
    return []


def _live(town: Town, steps: list[tuple[int, int]]) -> None:
    request = town.submit()
    other = town.submit("别的事", "噪音")
    for choice, number in steps:
        possible = _NEXT.get(town.district.subject(request).state, ("wait",))
        move = possible[choice % len(possible)]
        if move == "wait":
            town.work_until(f"{town.clock.now + timedelta(hours=7 * number):%Y-%m-%d %H:%M}")
            continue
        town.clock.now += timedelta(minutes=number)
        values = dict(_VALUES.get(move, {}))
        values |= {"rating": number} if move == "rate" else {}
        values |= {"duplicate_of": other} if move == "merge" else {}
        try:
            if move in ("finish", "confirm"):
                tasks = [task for task in town.district.dispatch.tasks(request) if task.ended_at is None]
                if tasks:
                    town.make(tasks[-1].id, move, town.manager if move == "finish" else town.clerk, **values)
            else:
                actor = town.resident if move in ("rate", "reopen", "urge") else town.clerk
                town.make(request, move, actor, **values)
        except Refused:
            continue


def _acts(town: Town) -> list[list[Act]]:
    roots = [one.id for one in all_of(town.district, "request")]
    return [town.district.history(root) for root in roots]


def _expected(town: Town) -> dict[str, float | int | None]:
    """Every figure from the journal alone."""
    histories = _acts(town)
    answered = [
        (acts, act) for acts in histories for act in acts if act.verb in ("request.accept", "request.refuse")
    ]
    late = [
        acts
        for acts, act in answered
        if any(
            one.verb == "request.late" and one.body["clock"] == "response" for one in acts[: acts.index(act)]
        )
    ]
    settled = closed = 0
    for acts in histories:
        ends = [act for act in acts if act.verb in ("request.close", "request.decline", "request.merge",
                                                    "request.reopen")]  # fmt: skip
        if ends and ends[-1].verb in ("request.close", "request.decline"):
            closed += 1
            settled += ends[-1].verb == "request.close"
    ratings = [int(act.value("rating")) for acts in histories for act in acts if act.verb == "request.rate"]
    urged = sum(act.verb in ("request.urge", "task.urge") for acts in histories for act in acts)
    return {
        "three_lists.settled": settled,
        "three_lists.response_rate": (len(answered) - len(late)) / len(answered) if answered else None,
        "three_lists.resolution_rate": settled / closed if closed else None,
        "three_lists.satisfaction_rate": sum(one >= 4 for one in ratings) / len(ratings) if ratings else None,
        "three_lists.overdue": sum(_is_overdue(acts) for acts in histories),
        "three_lists.urged": urged,
        "meetings.whistles_proposed": len(all_of(town.district, "whistle")),
    }


_ENDS = ("request.close", "request.decline", "request.merge", "request.withdraw", "request.refuse")


def _is_overdue(acts: list[Act]) -> bool:
    moves = [act.verb for act in acts if act.kind == "request" and act.verb in (*_ENDS, "request.reopen")]
    if moves and moves[-1] != "request.reopen":
        return False
    clock = "handling" if any(act.verb == "request.accept" for act in acts) else "response"
    return any(act.verb == "request.late" and act.body["clock"] == clock for act in acts)


@settings(
    max_examples=20,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(_STEPS, min_size=1, max_size=3))
@example([_FROM_END_TO_END, [(6, 5), (5, 1), (2, 1)], [(4, 1)]])
def test_every_figure_is_what_the_journal_gives(
    made: Town, lived: list[str], lives: list[list[tuple[int, int]]]
) -> None:
    for steps in lives:
        _live(made, steps)
    figures = made.district.brief(
        end=made.clock.now.date(), start=made.clock.now.date().replace(year=2025)
    ).figures
    expected = _expected(made)
    assert {name: figures[name] for name in expected} == expected
    lived += [act.verb for acts in _acts(made) for act in acts]
    lived += [one.state for one in all_of(made.district, "whistle")]


@pytest.fixture
def made(new_district: Callable[..., District]) -> Town:
    """A town whose satisfaction begins at 4, and whose ladder proposes soon."""
    ladder = '\n[[three_lists.ladder]]\nname = "street"\nroles = ["officer"]\nwhistle = true\n'
    return make_town(new_district, f"\n[three_lists]\nsatisfied_from = 4\n{ladder}", enabled=("meetings",))


def test_the_examples_reached_what_matters(lived: list[str]) -> None:
    assert {
        "request.close", "request.reopen", "request.rate", "request.late", "request.refuse", "request.merge",
        "proposed", "lapsed", "request.urge",
    } <= set(lived)  # fmt: skip


def test_what_counts_as_satisfied_is_the_districts_to_set(new_district: Callable[..., District]) -> None:
    for least, rate in ((3, 0.75), (5, 0.25)):
        town = make_town(new_district, f"\n[three_lists]\nsatisfied_from = {least}\n")
        for rating in (2, 3, 4, 5):
            town.make(town.closed(), "rate", town.resident, rating=rating)
        assert town.district.brief().figures["three_lists.satisfaction_rate"] == rate


def test_an_answer_that_came_too_late_counts_against_the_response_rate(town: Town) -> None:
    town.accepted()
    slow = town.submit()
    town.work_until("2026-03-02 15:00")
    assert town.district.brief().figures["three_lists.overdue"] == 1
    town.make(slow, "accept", town.clerk)
    figures = town.district.brief().figures
    assert (figures["three_lists.response_rate"], figures["three_lists.overdue"]) == (0.5, 0)


def _told_of_overdue(town: Town, day: date) -> tuple[object, list[str]]:
    told = town.district.explain("three_lists.overdue", None, date(2026, 1, 1), day)
    return told.amount, [line.what for line in told.counted]


def test_what_was_overdue_on_a_day_is_told_as_it_was_then_whatever_happened_since(town: Town) -> None:
    slow, slower = town.submit(), town.submit()
    town.work_until("2026-03-03 09:00")
    town.make(slow, "accept", town.clerk)
    monday, tuesday = date(2026, 3, 2), date(2026, 3, 3)
    assert _told_of_overdue(town, monday) == (2, ["request.late", "request.late"])
    assert _told_of_overdue(town, tuesday) == (1, ["request.late"])
    town.work_until("2026-03-20 09:00")
    town.make(slower, "withdraw", town.resident, reason="不用了")
    assert _told_of_overdue(town, monday) == (2, ["request.late", "request.late"])
    assert _told_of_overdue(town, tuesday) == (1, ["request.late"])
    assert _told_of_overdue(town, date(2026, 3, 20))[0] == 1, "now it is late with whoever handles it"


def test_a_reopened_request_is_not_settled_until_it_is_closed_again(town: Town) -> None:
    request = town.closed()
    town.closed("declined")
    assert town.district.brief().figures["three_lists.resolution_rate"] == 0.5
    town.make(request, "reopen", town.resident, reason="又漏了")
    figures = town.district.brief().figures
    assert (figures["three_lists.settled"], figures["three_lists.resolution_rate"]) == (0, 0.0)


def test_rates_are_shown_with_what_they_do_not_say(town: Town) -> None:
    figures = town.district.rules.figures
    assert figures["three_lists.response_rate"].shown_with[:1] == ("three_lists.overdue",)
    assert figures["three_lists.resolution_rate"].shown_with[:1] == ("requests.open",)
    assert town.district.brief().figures["three_lists.satisfaction_rate"] is None
