"""Figures that ask the record themselves may ask whatever a callback may."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from linli import Actor, District, Plugin
from linli._model.acts import new_id
from linli._model.figures import BriefQuestion, Figure
from linli._verbs.dispatch.requests import RequestFlow
from linli.query import Query, any_numbered, subjects_of, ties_of
from linli.testing import a_place, phone, somebody


def _plugin(ask: Callable[[BriefQuestion], int]) -> SimpleNamespace:
    figure = Figure(name="many.asked", help="asked about many", query=ask)

    PLUGIN = Plugin(name="many", figures=(figure,))

    return SimpleNamespace(PLUGIN=PLUGIN)


@pytest.mark.parametrize("more", [0, 2500])
def test_a_figure_asks_about_many_at_once(new_district: Callable[..., District], more: int) -> None:
    questions: list[Query[Any]] = []
    answers: list[Any] = []

    def ask(question: BriefQuestion) -> int:
        answers.extend(question.get(one) for one in questions)
        return len(answers)

    district = new_district(plugins={"many": _plugin(ask)})
    place = a_place(district, "garden")
    clerk = somebody(district, "clerk", place)
    people = [district.register.person(phone=phone(n), home=place) for n in range(3)]
    requests = [_submit(district, place, person, clerk) for person in people]
    unknown = [new_id() for _ in range(more)]
    questions += [
        any_numbered([*requests, *unknown]),
        subjects_of(RequestFlow, [*people, *unknown]),
        ties_of([*people, *unknown], "resident"),
    ]
    assert district.brief().figures["many.asked"] == 3
    numbered, theirs, ties = answers
    assert numbered.keys() == set(requests)
    assert {person: [one.id for one in found] for person, found in theirs.items()} == {
        person: [request] for person, request in zip(people, requests, strict=True)
    }
    assert {person: [one.at for one in found] for person, found in ties.items()} == {
        one: [place] for one in people
    }
    at_once = [district.ask_unchecked(one) for one in questions]
    assert (numbered, ties) == (at_once[0], at_once[2])


def _submit(district: District, place: UUID, person: UUID, clerk: Actor) -> UUID:
    return district.dispatch.submit(place, "漏水", "厨房水管漏水", reporter=person, actor=clerk).subject
