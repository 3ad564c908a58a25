"""Each rule of the table is broken once on purpose, too wide and too narrow, and must be found.

A share of them each time, by a seed that is printed; LINLI_SLOW=1 breaks all.
"""

from collections.abc import Callable, Iterator, MutableMapping
from contextlib import AbstractContextManager, contextmanager
from functools import partial, wraps
from random import Random
from typing import Any, TypeVar

import attrs
import pytest
from everybody.calls import Call, calls_of
from everybody.table import CALLS, MOVES, POSTS
from everybody.trying import Tried, try_call
from everybody.watching import watching
from everybody.world import NAME, SEED, SLOW, World, moves_of

from linli._engine import asking
from linli._engine import direct as direct_module
from linli._engine import engine as engine_module
from linli._engine import step as step_module
from linli._engine.orders import MoveOrder
from linli._model.access import ENGINE_ACTOR, Actor, Role
from linli._model.acts import new_id
from linli._model.compiled import Move, Workflow

K = TypeVar("K")
V = TypeVar("V")
T = TypeVar("T")


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tried]:
    print(f"rules are broken on purpose, seed {SEED}")
    world = World(tmp_path_factory.mktemp("broken"), Random(SEED))
    with world.district, watching() as watch:
        yield world, calls_of(world), watch


def some_of(world: World, everything: list[T], part: int) -> list[T]:
    """A share of the rules, all of them in the long run."""
    return everything if SLOW else world.chance.sample(everything, max(1, len(everything) // part))


def found(world: World, attempt: Callable[[Actor], object], times: int = 8, post: str = "") -> bool:
    """Whether somebody's try goes another way than the table says; of those who have a post, where it is about that."""
    people = world.holders(post) if post else world.people
    for _ in range(times * len(world.people) // len(people)):
        for actor in people:
            try:
                attempt(actor)
            except Exception:
                return True  # an assertion, or a fault, which nothing lets pass either
    return False


@contextmanager
def put(into: MutableMapping[K, V], key: K, value: V) -> Iterator[None]:
    """While something else stands there."""
    was = into[key]
    into[key] = value
    try:
        yield
    finally:
        into[key] = was


# --- moves, permissions and posts ---------------------------------------------------------------------------------


@attrs.frozen
class Way:
    """How a rule is broken; `post`: the one that it is about, where it is about one."""

    how: str
    by: Role
    post: str = ""


def ways_to_break(by: Role, chance: Random) -> Iterator[Way]:
    """What a rule could wrongly be: open to anybody, to one post more, to nobody, without one of its words."""
    yield Way("nobody", Role(engine=by.engine), min(by.posts, default=""))
    if by.anyone:
        return
    yield Way("anyone", by | Role(anyone=True))
    more = chance.choice(sorted({post for line in MOVES.values() for post in line.posts} - by.posts))
    yield Way("one post more", by | Role(posts=frozenset((more,))), more)
    for flag in ("holder", "own"):
        if getattr(by, flag):
            yield Way(
                f"without {flag}",
                attrs.evolve(by, holder=by.holder and flag != "holder", own=by.own and flag != "own"),
            )
    for post in sorted(by.posts):
        yield Way("one post less", attrs.evolve(by, posts=by.posts - {post}), post)


def with_rule(world: World, flow: Workflow, move: Move, by: Role) -> AbstractContextManager[None]:
    """While a move is for somebody else."""
    if move in flow.moves:
        moves = tuple(attrs.evolve(one, by=by) if one == move else one for one in flow.moves)
        changed = attrs.evolve(flow, moves=moves)
    else:
        changed = attrs.evolve(flow, reading=attrs.evolve(move, by=by))
    flows = world.district.rules.workflows
    assert isinstance(flows, dict)
    return put(flows, flow.name, changed)


def test_each_rule_of_a_move_that_is_broken_is_found(everything: Tried) -> None:
    world, broken = everything[0], 0
    for flow, move in some_of(world, moves_of(world), 25):
        for way in ways_to_break(move.by, world.chance):
            with with_rule(world, flow, move, way.by):
                now = world.district.rules.workflow(flow.name)
                attempt = partial(world.try_move, now, now.by_move[move.name], with_values=False)
                assert found(world, attempt, post=way.post), f"{flow.name}.{move.name}: {way}"
            broken += 1
    print(f"{broken} rules of moves were broken and found")


def test_each_permission_that_is_broken_is_found(everything: Tried) -> None:
    world, broken = everything[0], 0
    permissions = world.district.rules.permissions
    assert isinstance(permissions, dict)
    for verb in some_of(world, world.verbs, 6):
        for way in ways_to_break(permissions[verb], world.chance):
            with put(permissions, verb, way.by):
                assert found(world, partial(world.try_verb, verb), post=way.post), f"{verb}: {way}"
            broken += 1
    print(f"{broken} permissions were broken and found")


def test_each_rule_of_a_post_that_is_broken_is_found(everything: Tried) -> None:
    world, broken = everything[0], 0
    rules = world.district.rules.constants.giving.rules
    assert isinstance(rules, dict)
    for role in some_of(world, sorted(POSTS), 8):
        rule = rules[role]
        giver = rule.given_by[0]
        ways = [
            (attrs.evolve(rule, given_by=(*rule.given_by, "branch_member")), "branch_member"),
            (attrs.evolve(rule, given_by=()), giver),
        ]
        ways += [(attrs.evolve(rule, above=not rule.above), giver)] if not rule.in_body else []
        for changed, post in ways:
            with put(rules, role, changed):
                assert found(world, partial(world.try_giving, role), post=post), f"{role}: {changed}"
                assert found(world, partial(world.try_ending, role), post=post), f"{role}: {changed}"
            broken += 1
    print(f"{broken} rules of posts were broken and found")


# --- calls ----------------------------------------------------------------------------------------------------------

Broken = Callable[[Tried, Call, Callable[..., Any]], Callable[..., Any]]


def as_somebody_else(other: Actor | None) -> Broken:
    """It acts in another name than its caller's; None: the console's."""

    def broken(tried: Tried, call: Call, original: Callable[..., Any]) -> Callable[..., Any]:
        actor = other or tried[0].district.console

        def instead(self: Any, *given: Any, **named: Any) -> Any:
            changed = tuple(actor if isinstance(one, Actor) else one for one in given)
            return original(self, *changed, **(named | ({"actor": actor} if "actor" in named else {})))

        return instead

    return broken


def unasked(tried: Tried, call: Call, original: Callable[..., Any]) -> Callable[..., Any]:
    """It answers whoever calls, with a matter of a place that they may have nothing to do with."""
    return lambda self, *given, **named: tried[0].any_matter()


def opening(tried: Tried, call: Call, original: Callable[..., Any]) -> Callable[..., Any]:
    """It opens what is sealed, without an act."""
    return lambda self, *given, **named: tried[2].open()


def naming(tried: Tried, call: Call, original: Callable[..., Any]) -> Callable[..., Any]:
    """It shows what is sealed."""
    return lambda self, *given, **named: {"name": [NAME]}


def acting(tried: Tried, call: Call, original: Callable[..., Any]) -> Callable[..., Any]:
    """It acts, which its line does not say."""
    order = (MoveOrder(subject=new_id(), move="accept"), tried[0].district.console)
    return lambda self, *given, **named: tried[2].orders.append(order)


def breaks_of(call: Call) -> list[Broken]:
    """How a call could be wrong, by what its line says."""
    line = CALLS[call.name]
    if line.acts and not line.posts:
        return [as_somebody_else(None), as_somebody_else(ENGINE_ACTOR)]
    if line.posts or line.flags & {"own", "owner", "branch", "seen"}:
        return [unasked, acting]
    return [acting] if line.flags & {"public"} else [acting, naming if "masked" in line.flags else opening]


@contextmanager
def replaced(call: Call, function: Callable[..., Any]) -> Iterator[None]:
    """While a call does something else."""
    # As it stands in the class: a static one is put back as one.
    kept = vars(call.owner).get(call.method)
    setattr(call.owner, call.method, wraps(call.function)(function))
    try:
        yield
    finally:
        if kept is not None:
            setattr(call.owner, call.method, kept)
        else:
            delattr(call.owner, call.method)


def test_each_call_that_is_broken_is_found(everything: Tried) -> None:
    world, calls, _ = everything
    broken = 0
    wanted = [call for call in calls.values() if not CALLS[call.name].flags & {"uncalled"}]
    for call in some_of(world, wanted, 5):
        for number, broke in enumerate(breaks_of(call)):
            with replaced(call, broke(everything, call, call.function)):
                assert found(world, partial(try_call, everything, call), 2), f"{call.name}: {number}"
            broken += 1
    print(f"{broken} calls were broken and found")


# --- mechanisms -----------------------------------------------------------------------------------------------------


def _anywhere(role: Role, actor: Actor, posts: Any, scene: Any) -> str | None:
    held = [post for post in posts if post.role in role.posts]
    if held:
        return str(held[0])
    own = role.own and actor.person == scene.person
    return "own" if own else ("person" if role.anyone else None)


def _as_given(actor: Actor, facts: Any) -> Actor:
    return actor


@pytest.mark.parametrize(
    ("module", "name", "broken"),
    [
        (step_module, "acting_as", _anywhere),
        (direct_module, "acting_as", _anywhere),
        (engine_module, "present", _as_given),
        (asking, "acting_as", _anywhere),
        (asking, "present", _as_given),
    ],
    ids=[
        "a post counts everywhere",
        "a permission counts everywhere",
        "who acts need not be there",
        "what is answered by a post is answered everywhere",
        "who asks need not be there",
    ],
)
def test_a_mechanism_that_is_broken_on_purpose_is_found(
    everything: Tried, monkeypatch: pytest.MonkeyPatch, module: Any, name: str, broken: Any
) -> None:
    world, calls, _ = everything
    monkeypatch.setattr(module, name, broken)
    judged = [call for call in calls.values() if CALLS[call.name].posts or "own" in CALLS[call.name].flags]

    def attempt(actor: Actor) -> None:
        for flow, move in world.chance.sample(moves_of(world), 6):
            world.try_move(flow, move, actor, with_values=False)
        for verb in world.verbs:
            world.try_verb(verb, actor)
        for call in judged:
            try_call(everything, call, actor)

    assert found(world, attempt, 4), f"nobody noticed that {name} was broken"
