"""A call that somebody tries, and what comes of it, held against its line."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import attrs

from everybody.calls import Call
from everybody.giving import Given, given
from everybody.table import CALLS, Line, line_of
from everybody.watching import Watch, said_in
from everybody.world import NAME, Scene, World
from linli._engine.orders import MoveOrder
from linli._model.access import Actor
from linli._model.contexts import Subject
from linli._model.direct import DirectOrder
from linli._model.subjects import StoredSubject

Tried = tuple[World, dict[str, Call], Watch]


def try_call(tried: Tried, call: Call, actor: Actor) -> bool:
    """Let somebody call it, and hold what comes of it against its line; whether it got as far as an act."""
    world, _, watch = tried
    line, what, answers = CALLS[call.name], given(world, call, actor), list[Any]()
    answers_by_itself = not line.acts or bool(line.posts)
    watch.clear()
    allowed = world.let_through(
        lambda: answers.append(getattr(call.of(world, actor), call.method)(*what.positional, **what.named)),
        any_refusal=answers_by_itself,
    )
    if line.acts and (watch.orders or not answers_by_itself):
        return hold_acts(world, watch, call, actor, what, allowed=allowed)
    hold_answer(world, watch, call, line, actor, what.scene, allowed=allowed)
    if "seen" in line.flags and allowed:
        hold_seen(world, call, actor, what.scene, answers)
    texts = [text for text in said_in(answers) if NAME in text]
    assert not texts or line.flags & {"public"}, f"{call.name} shows what is sealed"
    return True


def hold_acts(world: World, watch: Watch, call: Call, actor: Actor, what: Given, *, allowed: bool) -> bool:
    """It acts in the name of whoever called it, by the acts of its line, and these are judged."""
    line = CALLS[call.name]
    assert not watch.opened or "masked" in line.flags, f"{call.name} opens what is sealed before it acts"
    for number, (order, giver) in enumerate(watch.orders, 1):
        # Whoever was merged acts as who they became.
        same = giver.person in (actor.person, actor.person and world.is_now(actor.person))
        known = same and (giver.engine, giver.posts) == (False, frozenset())
        assert known, f"{call.name} acts as {giver}, not as who called it"
        if isinstance(order, MoveOrder) and order.subject not in world.matters:
            continue
        verb, scene = world.asked_of(order)
        kind = verb.partition(".")[0]
        assert line.acts & {"*", verb, f"{kind}.*"}, f"{call.name} makes {verb}"
        if isinstance(order, DirectOrder) and order.judge:
            continue  # by the table of posts
        wanted = all(world.may(line_of(verb), actor, one) for one in _touched(world, line, what, scene))
        through = allowed or number < len(watch.orders)
        if "all" in line.flags:
            assert wanted or not (world.done or number < len(watch.orders)), (
                f"{call.name}: {verb} is let through without a right at all it touches"
            )
        else:
            world.hold(f"{call.name}: {verb}", through, wanted, scene)
    return bool(watch.orders)


def _touched(world: World, line: Line, what: Given, scene: Scene) -> list[Scene]:
    """Where the right is needed: there, and where a line says so at each place and home that was given."""
    if "all" not in line.flags:
        return [scene]
    numbers = [one for one in what.everything if isinstance(one, UUID)]
    homes = [world.homes[one] for one in numbers if one in world.homes]
    return [scene, *(attrs.evolve(scene, place=one) for one in (*numbers, *homes) if one in world.paths)]


def hold_answer(
    world: World, watch: Watch, call: Call, line: Line, actor: Actor, scene: Scene, *, allowed: bool
) -> None:
    """It answers whom its line says, makes no act but linli's own, and opens nothing."""
    givers = [giver for _, giver in watch.orders]
    assert not givers or ("machine" in line.flags and all(giver.engine for giver in givers)), (
        f"{call.name} acts, which its line does not say"
    )
    assert not watch.opened or line.flags & {"masked", "public"}, (
        f"{call.name} opens what is sealed without an act"
    )
    if "district" in line.flags:
        scene = attrs.evolve(scene, place=world.root)
    if line.posts or line.flags & {"own", "anyone"}:
        world.hold(call.name, allowed, world.may(line, actor, scene), scene)
    if line.flags & {"owner", "branch"}:
        assert not allowed, f"{call.name} answers who owns nothing there, and is in no branch of it"


def hold_seen(world: World, call: Call, actor: Actor, scene: Scene, answers: list[Any]) -> None:
    """It shows no matter to somebody who has no post, no seat and nothing of their own there."""
    shown = [
        Scene(place=one.place, holder=one.holder, person=one.person) for one in _subjects(world, answers)
    ]
    told = [one for one in answers if one and not isinstance(one, list | tuple) and type(one) is not int]
    for one in shown or ([scene] if told else []):
        assert world.may_see(actor, one), f"{call.name} shows what its caller has nothing to do with"


def _subjects(world: World, answers: list[Any]) -> Iterator[StoredSubject]:
    """The matters in an answer, as the record has them."""
    for answer in answers:
        for one in answer if isinstance(answer, list | tuple) else [answer]:
            number = one.id if isinstance(one, StoredSubject | Subject) else getattr(one, "request", None)
            if number is not None:
                yield world.district.subject(number)
