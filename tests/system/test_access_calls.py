"""Everybody calls everything: each public function of the core and of every plugin, held against `everybody/calls.txt`.

What is there is found by looking; a function without a line fails, and so does a line for what is no more.
"""

from collections.abc import Iterator
from functools import partial
from random import Random
from uuid import UUID

import pytest
from everybody.calls import calls_of
from everybody.giving import MORE
from everybody.table import CALLS
from everybody.trying import Tried, try_call
from everybody.watching import said_in, watching
from everybody.world import NAME, SEED, SLOW, World, summary


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tried]:
    print(f"everybody calls everything, seed {SEED}")
    world = World(tmp_path_factory.mktemp("calls"), Random(SEED))
    with world.district, watching() as watch:
        yield world, calls_of(world), watch


def test_every_public_function_has_a_line_and_no_line_is_for_nothing(everything: Tried) -> None:
    _, calls, _ = everything
    assert calls.keys() - CALLS.keys() == set(), (
        "write for whom it is, from the domain's page, into calls.txt"
    )
    assert CALLS.keys() - calls.keys() == set()
    assert MORE.keys() - calls.keys() == set()


def test_everybody_is_answered_what_the_table_says_and_acts_in_their_own_name(everything: Tried) -> None:
    world, calls, _ = everything
    wanted = [call for call in calls.values() if "uncalled" not in CALLS[call.name].flags]
    unreached = []
    for call in wanted:
        people = world.chance.sample(world.people, len(world.people))
        reached = [try_call(everything, call, actor) for actor in people[: None if SLOW else 4]]
        # By chance it may have been given what is not there: until somebody has come to the act itself.
        if not any(reached) and not any(try_call(everything, call, actor) for actor in people):
            unreached.append(call.name)
    assert unreached == []
    print(f"{summary(world, len(wanted))}; given more than by name and type: {len(MORE)}")


def test_no_figure_acts_opens_or_names_anybody(everything: Tried) -> None:
    world, _, watch = everything
    figures = sorted(world.district.rules.figures)
    for name in figures:
        for place in (None, *world.places) if SLOW else (world.chance.choice([None, *world.places]),):
            watch.clear()
            answers: list[object] = []
            world.let_through(partial(_explained, world, name, place, answers))
            assert not watch.orders, f"{name} acts"
            assert not watch.opened, f"{name} opens what is sealed"
            assert not any(NAME in text for text in said_in(answers)), f"{name} shows what is sealed"
    print(f"{len(figures)} figures")


def _explained(world: World, name: str, place: UUID | None, answers: list[object]) -> None:
    answers.append(world.district.explain(name, place))
