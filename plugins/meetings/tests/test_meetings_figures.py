"""The brief's figures of meetings and whistles, against a count of its own from the journal's acts."""

from collections import Counter
from collections.abc import Callable
from random import Random
from uuid import UUID

import pytest
from sqlalchemy import select

from linli import Act, District
from linli._model.acts import ACT_COLUMNS, act_from
from linli._store import tables as t
from linli_meetings.answering import district_item_of
from linli_meetings.testing import Street, street


@pytest.fixture
def here(new_district: Callable[..., District]) -> Street:
    return street(new_district)


def _figures(here: Street, place: UUID | None = None) -> dict[str, object]:
    figures = here.district.brief(place).figures
    return {name.removeprefix("meetings."): n for name, n in figures.items() if name.startswith("meetings.")}


def _journal(here: Street) -> list[Act]:
    query = select(*ACT_COLUMNS).where(t.act.c.district == here.district.code)
    with here.district.store.reading() as connection:
        return [act_from(tuple(row)) for row in connection.execute(query)]


def _counted(here: Street) -> dict[str, int]:
    """The same from the journal: what each act says, and the disputes as a set."""
    acts = _journal(here)
    verbs = Counter(act.verb for act in acts)
    outcomes = [act for act in acts if act.verb in ("agenda_item.resolve", "whistle_part.evaluate")]
    closed = [act for act in acts if act.verb == "whistle.close"]
    ended_items = (
        verbs["agenda_item.resolve"] + verbs["agenda_item.withdraw"] + verbs["agenda_item.overtaken"]
    )
    return {
        "rectifications": sum(act.value("rectifications", 0) for act in outcomes),
        "enforcements": sum(act.value("enforcements", 0) for act in outcomes),
        "mediations": len({act.value("dispute") for act in acts if act.verb == "mediation.settle"}),
        "held": verbs["meeting.hold"],
        "items_open": verbs["agenda_item.propose"] - ended_items,
        "tasks_open": verbs["follow_up.give"] - verbs["follow_up.finish"] - verbs["follow_up.cancel"],
        "whistles_proposed": verbs["whistle.propose"],
        "whistles_blown": verbs["whistle.blow"] + verbs["whistle.take_up"],
        "whistles_closed": len(closed),
        "whistles_closed_in_time": sum(act.body["from"] == "blown" for act in closed),
        "whistles_open": verbs["whistle.blow"]
        + verbs["whistle.take_up"]
        - len(closed)
        - verbs["whistle.withdraw"],
    }


def _proposed_or_blown(here: Street, chance: Random) -> UUID:
    if chance.random() < 0.5:
        return here.blown(here.urban, here.fire)
    values = {"topic": "违建", "request": here.reported()}
    first, second = (
        here.district.start("whistle", "propose", here.compound, values, actor=here.clerk).subject
        for _ in "12"
    )
    here.district.make(second, "take_up", {"departments": [here.urban, here.fire]}, actor=here.officer)
    assert here.state(first) == "lapsed"
    return second


def _one_whistle(here: Street, chance: Random) -> None:
    whistle = _proposed_or_blown(here, chance)
    if chance.random() < 0.2:
        here.district.make(whistle, "withdraw", {"reason": "x"}, actor=here.officer)
        return
    for department in (here.urban, here.fire):
        if chance.random() < 0.8:
            here.does(whistle, department, "report_in", "finish")
            given = {"rectifications": chance.randrange(3), "enforcements": chance.randrange(2)}
            here.does(whistle, department, "evaluate", mediated=chance.random() < 0.5, **given)
    if chance.random() < 0.3:
        here.pass_time(days=16)


def _one_meeting(here: Street, chance: Random) -> None:
    meeting = here.called()
    items = [here.scheduled(meeting) for _ in range(chance.randrange(1, 4))]
    if chance.random() < 0.2:
        here.district.make(meeting, "cancel", {"reason": "x"}, actor=here.secretary)
        return
    here.held(meeting)
    for item in items:
        due = here.clock.now.replace(year=2030).isoformat()
        task = {"what": "拆除", "at": str(here.urban), "due": due}
        values = {
            "resolution": chance.choice(["approved", "noted", "unsettled", "rejected"]),
            "reason": "x",
            "rectifications": chance.randrange(3),
            "mediated": chance.random() < 0.5,
            "tasks": (task,) * chance.randrange(3),
        }
        here.district.make(item, "resolve", values, actor=here.secretary)


def test_figures_are_what_the_journal_says_whatever_was_done(here: Street) -> None:
    chance = Random(20260302)
    for _ in range(12):
        _one_whistle(here, chance)
        _one_meeting(here, chance)
    found = _figures(here)
    assert found == _counted(here)
    assert all(found.values()), "each of them counted something"
    assert _figures(here, here.compound)["mediations"] == found["mediations"]


def test_a_dispute_is_counted_once_though_it_is_on_a_whistle_and_two_agendas(here: Street) -> None:
    request = here.reported()
    whistle = here.blown(here.urban, request=request)
    here.does(whistle, here.urban, "report_in", "finish")
    here.pass_time(days=16)
    here.does(whistle, here.urban, "evaluate", mediated=True, rectifications=1)
    meeting = here.called()
    items = [here.scheduled(meeting, about=about) for about in (whistle, request, district_item_of(whistle))]
    here.held(meeting)
    for item in items:
        values = {"resolution": "noted", "mediated": True, "disputes": (request, whistle)}
        here.district.make(item, "resolve", values, actor=here.secretary)
    found = _figures(here)
    assert (found["mediations"], found["rectifications"], found["enforcements"]) == (1, 1, 0)


def test_other_disputes_settled_by_the_way_are_counted_each(here: Street) -> None:
    others = (here.reported(), here.reported())
    meeting = here.called()
    item = here.scheduled(meeting)
    here.held(meeting)
    values = {"resolution": "approved", "mediated": True, "disputes": (*others, others[0]), "enforcements": 2}
    here.district.make(item, "resolve", values, actor=here.secretary)
    found = _figures(here)
    assert (found["mediations"], found["enforcements"]) == (3, 2)


def test_an_outcome_is_counted_in_the_compound_and_in_the_period_it_was_reached(here: Street) -> None:
    whistle = here.blown(here.urban)
    here.does(whistle, here.urban, "report_in", "finish")
    here.pass_time(days=1)
    here.does(whistle, here.urban, "evaluate", rectifications=2)
    blown = here.district.subject(whistle).opened_at.date()
    brief = here.district.brief
    assert brief(here.compound, blown, blown).figures["meetings.rectifications"] == 0
    assert brief(here.compound, blown, here.clock.now.date()).figures["meetings.rectifications"] == 2
    assert brief(None, blown, blown).figures["meetings.whistles_open"] == 1
    assert brief(None, blown, here.clock.now.date()).figures["meetings.whistles_open"] == 0
