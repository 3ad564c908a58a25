"""Everybody tries everything: what may be done is held against a table that was written from the domain, not from the code.

The calls are found from what is loaded. A move, a permission or a post without a line in `everybody/moves.txt` fails, and so
does a line for what is no more. A bounded share runs each time, by a seed that is printed; LINLI_SLOW=1 runs all.
"""

from collections.abc import Iterator
from random import Random

import pytest
from everybody.table import MOVES, POSTS
from everybody.world import SEED, SLOW, World, moves_of, summary


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    print(f"everybody tries everything, seed {SEED}")
    made = World(tmp_path_factory.mktemp("world"), Random(SEED))
    with made.district:
        yield made


def test_every_move_and_permission_has_a_line_and_no_line_is_for_nothing(world: World) -> None:
    loaded = {f"{flow.name}.{move.name}" for flow, move in moves_of(world)} | {*world.verbs}
    kinds = {f"{verb.partition('.')[0]}.*" for verb in world.verbs}
    missing = {verb for verb in loaded - MOVES.keys() if f"{verb.partition('.')[0]}.*" not in MOVES}
    assert missing == set(), "write who may, from the domain's page, into moves.txt"
    assert MOVES.keys() - loaded - kinds == set()


def test_every_post_that_is_given_has_a_line_and_no_line_is_for_nothing(world: World) -> None:
    loaded = world.district.rules.constants.giving.rules
    assert loaded.keys() - POSTS.keys() == set(), "write who gives it, from the domain's page, into posts.txt"
    assert POSTS.keys() - loaded.keys() == set()


def test_everybody_may_what_the_table_says_and_nothing_else(world: World) -> None:
    calls, verbs = [*moves_of(world)], world.verbs
    for _ in range(2 if SLOW else 1):
        for actor in world.people:
            for flow, move in world.chance.sample(calls, len(calls) if SLOW else len(calls) // 16):
                world.try_move(flow, move, actor, with_values=world.chance.random() < 0.8)
            for verb in verbs if SLOW else world.chance.sample(verbs, len(verbs) // 3):
                world.try_verb(verb, actor)
    print(summary(world, len(calls) + len(verbs)))


def test_posts_are_given_and_ended_by_whom_the_table_says(world: World) -> None:
    roles = sorted(POSTS)
    for actor in world.people:
        for role in world.chance.sample(roles, len(roles) if SLOW else 6):
            world.try_giving(role, actor)
            world.try_ending(role, actor)
    print(summary(world, len(roles)))
