"""Everybody tries everything: what may be done is held against a table that was written from the domain, not from the code.

The calls are found from what is loaded. A move or a permission without a line in `access_table.txt` fails, and so does a
line for what is no more. Each rule is then broken on purpose, and must be found. A bounded share runs each time, by a
seed that is printed; LINLI_SLOW=1 runs all.
"""

import os
import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints
from uuid import UUID, uuid4

import attrs
import pytest

from linli.access import Actor, Post, Role, Seat
from linli.acts import new_id
from linli.engine import engine as engine_module
from linli.engine import step as step_module
from linli.engine.orders import Plain, just
from linli.errors import LinliError, NotAllowed
from linli.subjects import Subject, stored
from linli.testing import Moment, make_district, somebody
from linli.testing.people import _store
from linli.workflow import Move, Workflow

PLUGINS = (
    "party", "three_lists", "volunteers", "bank", "decisions", "meetings", "owners_vote", "reporting", "board",
    "stewards", "centres", "brief",
)  # fmt: skip
TABLE = Path(__file__).with_name("access_table.txt")
FLAGS = ("holder", "own", "anyone", "engine")
SLOW = bool(os.environ.get("LINLI_SLOW"))
SEED = int(os.environ.get("LINLI_SEED", "0")) or random.SystemRandom().randrange(10**6)


@attrs.frozen
class Line:
    """What the table says of a verb: the posts whose holders may, and whether holder, oneself, anybody may."""

    posts: frozenset[str]
    flags: frozenset[str]


def _table() -> dict[str, Line]:
    found = {}
    for row in TABLE.read_text(encoding="utf-8").splitlines():
        verb, mark, who = row.partition(":")
        if mark and not row.startswith("#"):
            words = {word.strip("<>") for word in who.split()}
            found[verb.strip()] = Line(frozenset(words - {*FLAGS}), frozenset(words & {*FLAGS}))
    return found


LINES = _table()


def _dummy(kind: Any) -> Any:
    """Some value of a type, so that a matter in any state can stand in the record."""
    origin, inside = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return None if NoneType in inside else _dummy(inside[0])
    if origin is Literal:
        return inside[0]
    if origin is tuple or kind is tuple:
        return ()
    if origin is not None and issubclass(origin, Mapping):
        return {}
    if attrs.has(kind):
        return _record(kind)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return next(iter(kind))
    now = datetime(2026, 3, 1, tzinfo=UTC)
    plain: dict[Any, Any] = {
        UUID: uuid4(), str: "x", int: 1, bool: False, float: 1.0, datetime: now, date: now.date(),
        Decimal: Decimal(1), timedelta: timedelta(days=1),
    }  # fmt: skip
    return plain.get(kind)


def _record(kind: type) -> Any:
    hints = get_type_hints(kind)
    return kind(
        **{
            field.name: _dummy(hints[field.name])
            for field in attrs.fields(kind)
            if field.default is attrs.NOTHING
        }
    )


class World:
    """Two streets with three compounds, a seat of every kind, and somebody with every post at one of the places."""

    def __init__(self, folder: Path, chance: random.Random, *, url: str = "sqlite:///linli.db") -> None:
        self.chance, self.clock, self.matters = chance, Moment(), 0
        more = '[board]\nbase_url = "https://b.example/"\n'
        self.district = make_district(folder, enabled=PLUGINS, url=url, clock=self.clock, more=more)
        register = self.district.register
        self.root = register.root()
        streets = [register.place("street", f"{n}街道", parent=self.root) for n in "甲乙"]
        communities = [
            register.place("community", f"{n}社区", parent=streets["甲甲乙".index(n) // 2]) for n in "甲乙"
        ]
        self.compounds = [
            register.place("compound", f"{n}园", parent=communities[k // 2], record={"kind": "old"})
            for k, n in enumerate("甲乙丙")
        ]
        self.places = [self.root, *streets, *communities, *self.compounds]
        self.body = register.organisation("property_company", "甲物业", self.compounds[0])
        roles = sorted({post for line in LINES.values() for post in line.posts})
        self.people = [
            somebody(self.district, role, chance.choice(self.places)) for role in roles for _ in range(2)
        ]
        self.people += [somebody(self.district, "property_manager", self.compounds[0], at=self.body)]
        self.people += [somebody(self.district, None, place) for place in self.compounds]
        ended = somebody(self.district, "clerk", self.compounds[0])
        assert ended.person
        register.end_post(register.posts(person=ended.person)[0].id)
        gone = somebody(self.district, "clerk", self.compounds[0])
        assert gone.person
        register.end(gone.person, "moved_away")
        self.people += [ended, gone, Actor(person=uuid4())]
        self.gone = {gone.person, self.people[-1].person}
        self.posts = {one.person: self._posts(one.person) for one in self.people if one.person}
        self.paths = {place: self._path(place) for place in self.places}

    def _posts(self, person: UUID) -> tuple[Post, ...]:
        found = self.district.register.posts(person=person)
        return tuple(Post(role=post.role, at=post.at, place=post.place) for post in found)

    def _path(self, place: UUID) -> tuple[UUID, ...]:
        with self.district.register._facts() as facts:
            return facts.place(place).path

    # --- what the table says ----------------------------------------------------------------------------------

    def may(
        self, line: Line, actor: Actor, place: UUID, holder: Seat | None = None, person: UUID | None = None
    ) -> bool:
        """Whether somebody may, by the table and by what the record says of them."""
        if actor.person is None or actor.person in self.gone:
            return False
        posts = self.posts[actor.person]
        if any(post.role in line.posts and post.place in self.paths[place] for post in posts):
            return True
        held = holder and any(post.at == holder.at and holder.role in (None, post.role) for post in posts)
        if "holder" in line.flags and held:
            return True
        return ("own" in line.flags and person == actor.person) or "anyone" in line.flags

    # --- what linli does ---------------------------------------------------------------------------------------

    def matter(
        self, flow: Workflow, move: Move, place: UUID, holder: Seat | None, person: UUID | None
    ) -> UUID:
        """A matter that stands where the move leaves from."""
        ident = new_id()
        subject = Subject(
            id=ident, root=ident, parent=None, key=None, kind=flow.name, state=self.chance.choice(move.sources),
            place=place, compound=place, holder=holder, person=person, opened_at=self.clock.now,
            record=_record(flow.record),
        )  # fmt: skip
        # Its number by turn, beside those that are drawn: of so many, two would be drawn alike.
        self.matters += 1
        numbered = attrs.evolve(subject, number=self.matters)
        _store(self.district, stored(self.district.code, numbered, new=True))
        return ident

    def tried(self, do: Callable[[], object]) -> bool:
        """Whether the rights let it through, whatever else stops it afterwards."""
        try:
            do()
        except NotAllowed as refusal:
            return "you may not do this here" not in str(refusal) and "whose record has not ended" not in str(
                refusal
            )
        except Exception:
            return True  # a check of what the matter is about: the rights let it through
        return True

    def try_move(self, flow: Workflow, move: Move, actor: Actor) -> None:
        """Let somebody try a move at a place of their own or of others, and hold what happens against the table."""
        line, place = LINES[f"{flow.name}.{move.name}"], self.chance.choice(self.places)
        seats = [Seat(role=post.role, at=post.at) for posts in self.posts.values() for post in posts]
        holder = self.chance.choice(seats) if self.chance.random() < 0.6 else None
        person = actor.person if self.chance.random() < 0.3 else self.chance.choice(self.people).person
        if move.sources:
            number = self.matter(flow, move, place, holder, person)
            allowed = self.tried(lambda: self.district.make(number, move.name, actor=actor))
            wanted = self.may(line, actor, place, holder, person)
        else:
            allowed = self.tried(
                lambda: self.district.start(flow.name, move.name, place, person=person, actor=actor)
            )
            wanted = self.may(line, actor, place, None, person)
        where = "above" if len(self.paths[place]) < 3 else "below"
        assert allowed == wanted, (
            f"{flow.name}.{move.name} ({where}): the table says {wanted}, linli {allowed}"
        )

    def try_verb(self, verb: str, actor: Actor) -> None:
        """Let somebody try an act that is no workflow's move."""
        place = self.chance.choice(self.places)
        name = verb.replace("*", "something")
        order = Plain(
            verb=name, kind=verb.partition(".")[0], subject=new_id(), work=just(), place=place, fresh=True
        )
        allowed = self.tried(lambda: self.district.perform(order, actor=actor))
        assert allowed == self.may(LINES[verb], actor, place), f"{verb}: linli {allowed}"


def _moves(world: World) -> list[tuple[Workflow, Move]]:
    flows = world.district.rules.workflows.values()
    return [(flow, move) for flow in flows for move in flow.by_move.values() if _by_people(move.by)]


def _by_people(role: Role) -> bool:
    return bool(role.posts or role.holder or role.own or role.anyone)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    print(f"everybody tries everything, seed {SEED}")
    made = World(tmp_path_factory.mktemp("world"), random.Random(SEED))
    with made.district:
        yield made


def test_every_move_and_permission_has_a_line_and_no_line_is_for_nothing(world: World) -> None:
    loaded = {f"{flow.name}.{move.name}" for flow, move in _moves(world)} | {
        *world.district.rules.permissions
    }
    assert loaded - LINES.keys() == set(), "write who may, from the domain's page, into access_table.txt"
    assert LINES.keys() - loaded == set()


def test_everybody_may_what_the_table_says_and_nothing_else(world: World) -> None:
    tries, calls = 0, [*_moves(world)]
    verbs = sorted(world.district.rules.permissions)
    for _ in range(6 if SLOW else 1):
        for actor in world.people:
            for flow, move in world.chance.sample(calls, len(calls) if SLOW else len(calls) // 8):
                world.try_move(flow, move, actor)
                tries += 1
            for verb in verbs:
                world.try_verb(verb, actor)
                tries += 1
    print(f"{len(calls) + len(verbs)} calls, {len(world.people)} people, {tries} tries")


# --- each rule broken on purpose ---------------------------------------------------------------------------------


@contextmanager
def _replaced(world: World, flow: Workflow, move: Move, by: Role) -> Iterator[None]:
    rules = world.district.rules
    moves = tuple(attrs.evolve(one, by=by) if one.name == move.name else one for one in flow.moves)
    changed = attrs.evolve(flow, moves=moves)
    assert isinstance(rules.workflows, dict)
    rules.workflows[flow.name] = changed
    try:
        yield
    finally:
        rules.workflows[flow.name] = flow


def _found(world: World, flow: Workflow, name: str) -> bool:
    move = flow.by_move[name]
    for _ in range(8):
        for actor in world.people:
            try:
                world.try_move(flow, move, actor)
            except AssertionError:
                return True
    return False


def test_each_rule_that_is_broken_on_purpose_is_found(world: World) -> None:
    declared = [(flow, move) for flow, move in _moves(world) if move in flow.moves and not move.by.anyone]
    share = declared if SLOW else world.chance.sample(declared, max(1, len(declared) // 12))
    for flow, move in share:
        with _replaced(world, flow, move, Role(anyone=True) | move.by):
            assert _found(world, world.district.rules.workflows[flow.name], move.name), (
                f"{flow.name}.{move.name}"
            )


def _anywhere(role: Role, actor: Actor, posts: Any, scene: Any) -> str | None:
    held = [post for post in posts if post.role in role.posts]
    return (
        str(held[0])
        if held
        else ("own" if role.own and actor.person == scene.person else ("person" if role.anyone else None))
    )


def _as_given(actor: Actor, facts: Any) -> Actor:
    return actor


@pytest.mark.parametrize(
    ("module", "name", "broken"),
    [
        (step_module, "acting_as", _anywhere),
        (engine_module, "acting_as", _anywhere),
        (engine_module, "_present", _as_given),
    ],
    ids=["a post counts everywhere", "a permission counts everywhere", "anybody need not exist"],
)
def test_a_mechanism_that_is_broken_on_purpose_is_found(
    world: World, monkeypatch: pytest.MonkeyPatch, module: Any, name: str, broken: Any
) -> None:
    monkeypatch.setattr(module, name, broken)
    found = False
    for _ in range(6):
        for actor in world.people:
            try:
                for flow, move in world.chance.sample(_moves(world), 6):
                    world.try_move(flow, move, actor)
                for verb in world.district.rules.permissions:
                    world.try_verb(verb, actor)
            except AssertionError:
                found = True
            except LinliError:
                continue
        if found:
            return
    raise AssertionError(f"nobody noticed that {name} was broken")
