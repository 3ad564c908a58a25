"""What somebody is told by a typed question is what they may see, one by one: a table of all, judged in SQL, against `see`.

Random matters of every workflow stand in places that are merged, split and moved, some about people and bodies, some kept back.
A bounded share of the people asks each time, by a seed that is printed; LINLI_SLOW=1 asks for all.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from random import Random
from typing import Any
from uuid import UUID

import attrs
import pytest
from everybody.world import SEED, SLOW, World

from linli._base.errors import NotAllowed
from linli._model.access import Actor, Seat
from linli._model.subjects import StoredSubject
from linli.query import body, subjects
from linli.testing import somebody

_PER_STATE = 2


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    print(f"everybody asks, seed {SEED}")
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else "sqlite:///linli.db"
    made = World(tmp_path_factory.mktemp("asking"), Random(SEED), url=url)
    with made.district:
        made.buildings = [made.district.register.place("building", f"{n}栋", made.compounds[2]) for n in "12"]
        _reshaped(made)
        _matters(made)
        yield made


def _matters(world: World) -> None:
    """Some in every state of every workflow, anywhere, anybody's; some about somebody, some kept back."""
    chance = world.chance
    for flow in world.district.rules.workflows.values():
        for state in flow.by_state:
            for _ in range(_PER_STATE):
                scene = world.somewhere(chance.choice(world.people))
                said: dict[str, Any] = {
                    "confidential": chance.random() < 0.3,
                    "own_words": chance.random() < 0.3,
                    "about": chance.choice([*world.registered, world.body, *world.places]) if chance.random() < 0.3 else None,
                }  # fmt: skip
                known = {
                    name: value
                    for name, value in said.items()
                    if name in flow.fields and _fits(flow.record, name)
                }
                world.matter(flow, scene, (state,), **known)


def _fits(record: type, name: str) -> bool:
    """Whether a field is what `said` has for it: whom it is about may be no person elsewhere."""
    kind = str(next(one.type for one in attrs.fields(record) if one.name == name))
    return name != "about" or "UUID" in kind


def _reshaped(world: World) -> None:
    """Places are merged and split: what stands in them since may have ended there, or have been opened there."""
    register = world.district.register
    first, second, third = world.compounds
    register.merge_places(second, first)
    street = world.district.register.node(third).path.strip("/").split("/")[-2]
    parts = [register.place("compound", f"丙{n}园", parent=UUID(street)) for n in "东西"]
    register.split_place(third, dict(zip(world.buildings, parts, strict=True)))
    world.places += [*parts, *world.buildings]
    world.paths |= {place: world._path(place) for place in world.places}
    # What ended is counted where it was.
    world.counted |= {one: register.node(one).reporting_place for one in (*parts, *world.buildings)}
    world.people += [somebody(world.district, "clerk", part) for part in parts]


def test_a_question_of_somebody_has_what_they_may_see_and_nothing_else(world: World) -> None:
    everything = [one for flow in _flows(world) for one in world.district.ask_unchecked(subjects(flow))]
    counted: Counter[str] = Counter()
    for actor in world.people if SLOW else world.chance.sample(world.people, 8):
        if actor.person in world.gone:
            with pytest.raises(NotAllowed):
                world.district.ask(subjects(_flows(world)[0]), actor=actor)
            continue
        told = {
            one.id: one for flow in _flows(world) for one in world.district.ask(subjects(flow), actor=actor)
        }
        for one in everything if SLOW else world.chance.sample(everything, 150):
            seen = _seen(world, one.id, actor)
            counted["seen" if seen else "hidden"] += 1
            assert (one.id in told) == (seen is not None), f"{one.flow.name} in {one.state.name}, by {actor}"
            if seen is not None:
                assert told[one.id].person == seen.person, f"whose {one.flow.name} {one.id} is"
    print(f"{counted['seen']} seen, {counted['hidden']} hidden, seed {SEED}")
    assert min(counted["seen"], counted["hidden"]) > 0


def test_whose_a_matter_is_that_was_kept_back_is_not_found_out_by_asking_for_theirs(world: World) -> None:
    tried = 0
    for flow in (one for one in _flows(world) if "confidential" in _fields(one)):
        for one in world.district.ask_unchecked(subjects(flow)):
            if not (one.record.confidential and one.person):
                continue
            for actor in world.chance.sample(world.people, 8):
                if actor.person in world.gone:
                    continue
                shown, tried = _seen(world, one.id, actor), tried + 1
                found = world.district.ask(subjects(flow, person=one.person), actor=actor)
                assert (one.id in {each.id for each in found}) == bool(shown and shown.person)
                entered = getattr(one.record, "entered_by", None)
                if entered:
                    found = world.district.ask(subjects(flow, where={"entered_by": entered}), actor=actor)
                    assert (one.id in {each.id for each in found}) == bool(shown and shown.person)
    assert tried


def test_what_fits_is_what_each_filter_says(world: World) -> None:
    chance, rows = (
        world.chance,
        {flow: world.district.ask_unchecked(subjects(flow)) for flow in _flows(world)},
    )
    tried = found_some = 0
    for _ in range(600 if SLOW else 150):
        flow = chance.choice([one for one in rows if rows[one]])
        model = chance.choice(rows[flow])
        named = {name: one for name, one in _FILTERS.items() if chance.random() < 0.35}
        wanted = {name: value for name, (of, _) in named.items() if (value := of(world, model)) is not None}
        expected = [
            one for one in rows[flow] if all(named[name][1](world, one, wanted[name]) for name in wanted)
        ]
        query = subjects(flow, **wanted)
        assert [one.id for one in world.district.ask_unchecked(query)] == [one.id for one in expected], wanted
        assert world.district.ask_unchecked(query.count()) == len(expected), wanted
        states = world.district.ask_unchecked(query.count_by_state())
        assert states == Counter(one.state for one in expected), wanted
        places = world.district.ask_unchecked(query.count_by_place("street"))
        assert places == Counter(filter(None, (_above(world, one.place, "street") for one in expected))), (
            wanted
        )
        tried, found_some = tried + 1, found_some + bool(expected)
    print(f"{tried} questions, {found_some} with an answer, seed {SEED}")
    assert found_some > tried // 2


def _now(world: World, ident: UUID | None) -> UUID | None:
    """Who or what somebody's number leads to, as the table of those that were merged says."""
    with world.district.register._facts() as facts:
        return facts.survivor(ident) if ident else None


def _path(world: World, place: UUID) -> tuple[UUID, ...]:
    if place not in world.paths:
        world.paths[place] = world._path(place)
    return world.paths[place]


def _above(world: World, place: UUID, kind: str) -> UUID | None:
    found = (one for one in _path(world, place) if world.district.register.node(one).kind == kind)
    return next(found, None)


def _held(world: World, one: Any, seat: Seat) -> bool:
    if one.holder is None or seat.role not in (None, one.holder.role):
        return False
    return _now(world, one.holder.at) == _now(world, seat.at)


# What each filter may be asked for, taken from one that fits, and whether another fits: both written out here.
_FILTERS: dict[str, tuple[Callable[[World, Any], Any], Callable[[World, Any, Any], bool]]] = {
    "states": (lambda _, one: one.state, lambda _, one, state: one.state is state),
    "ended": (lambda _, one: one.ended_at is not None, lambda _, one, ended: (one.ended_at is not None) == ended),
    "person": (lambda _, one: one.person, lambda w, one, person: _now(w, one.person) == _now(w, person)),
    "place": (lambda _, one: one.place, lambda _, one, place: place in (one.place, one.opened_in)),
    "within": (
        lambda w, one: w.chance.choice(_path(w, one.place)),
        lambda w, one, place: place in (*_path(w, one.place), *_path(w, one.opened_in)),
    ),
    "compound": (lambda _, one: one.compound, lambda w, one, at: _now(w, one.compound) == _now(w, at)),
    "now_within": (
        lambda w, one: w.chance.choice(_path(w, one.place)),
        lambda w, one, place: place in _path(w, one.place),
    ),
    "holder": (lambda _, one: one.holder, _held),
    "parent": (lambda _, one: one.parent, lambda _, one, parent: one.parent == parent),
    "matter": (lambda _, one: one.root, lambda _, one, root: one.root == root),
    "opened_from": (lambda _, one: one.opened_at, lambda _, one, at: one.opened_at >= at),
    "opened_before": (lambda _, one: one.opened_at, lambda _, one, at: one.opened_at < at),
}  # fmt: skip


def test_a_question_has_an_order_and_a_page(world: World) -> None:
    flow = next(one for one in _flows(world) if one.name == "request")
    ask = world.district.ask_unchecked
    oldest, newest = ask(subjects(flow)), ask(subjects(flow, order="newest"))
    assert [one.id for one in oldest] == sorted(one.id for one in newest)
    first = ask(subjects(flow, most=3))
    assert [one.id for one in (*first, *ask(subjects(flow, after=first[-1].id)))] == [
        one.id for one in oldest
    ]
    pressing = ask(subjects(flow, order="pressing"))
    assert {one.id for one in pressing} == {one.id for one in oldest}


def test_parts_come_with_what_they_are_a_part_of(world: World) -> None:
    task, request = (next(one for one in _flows(world) if one.name == name) for name in ("task", "request"))
    pairs = world.district.ask_unchecked(subjects(task).with_whole(request))
    assert pairs
    assert all(part.parent == whole.id for part, whole in pairs)
    for actor in world.chance.sample([one for one in world.people if one.person not in world.gone], 4):
        seen = world.district.ask(subjects(task).with_whole(request), actor=actor)
        both = [
            part for part, whole in pairs if _seen(world, part.id, actor) and _seen(world, whole.id, actor)
        ]
        assert [part.id for part, _ in seen] == [part.id for part in both]


def test_a_field_that_the_record_does_not_have_and_a_question_about_no_subject_are_refused(
    world: World,
) -> None:
    flow = next(one for one in _flows(world) if one.name == "request")
    with pytest.raises(TypeError, match="its record has no nonsense"):
        subjects(flow, where={"nonsense": "x"})
    with pytest.raises(TypeError, match="ask_unchecked"):
        world.district.ask(body("committee", world.root), actor=world.people[0])  # type: ignore[arg-type]


def _fields(flow: Any) -> set[str]:
    return {one.name for one in attrs.fields(flow.record_type)}


def _flows(world: World) -> list[Any]:
    return [flow.moves[0].typed.move.flow for flow in world.district.rules.workflows.values()]


def _seen(world: World, ident: UUID, actor: Actor) -> StoredSubject | None:
    try:
        return next(one for one in world.district.see(ident, actor) if one.id == ident)
    except NotAllowed:
        return None
