"""What a declaration must not let through: found when it is made or loaded, or refused when it runs."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal, cast

import attrs
import pytest

from linli import (
    ANYONE,
    HOLDER,
    OWN,
    Actor,
    Choice,
    Clock,
    Context,
    District,
    Input,
    Limit,
    Moves,
    NoInputs,
    PersonId,
    PlaceId,
    Private,
    Seat,
    State,
    Transition,
    Why,
    Workflow,
    evolve,
    has_post,
)
from linli._base.errors import NotAllowed, PluginError, Refused
from linli._model.compiling import compiled
from linli._model.effects import Effect, OpenOrder
from linli.testing import a_place, make_district, plugin_of, somebody, who

KEEPER = has_post("steward")


@attrs.frozen(kw_only=True)
class Thing:
    name: str = ""
    n: int = 0
    seen: datetime | None = None


@attrs.frozen(kw_only=True)
class Named:
    name: str
    why: Private | None = None


class Way(Choice):
    GOOD = "good", "as it was"
    BAD = "bad"


# --- found when it is declared or loaded -------------------------------------------------------------


def test_an_option_that_a_move_has_not_is_found_where_it_stands() -> None:
    move = Moves(Thing)
    a, z = State("a"), State("z", ends=True)
    for slip in ("notby", "need", "byy"):
        options: dict[str, Any] = {slip: ()}
        with pytest.raises(TypeError, match=slip):
            move(a.to(z), **options)


def _two_states() -> type[Workflow[Any]]:
    class Flow(Workflow[Thing], name="two_states"):
        move = Moves(Thing)
        a = State("a")
        a_ = State("other")
        z = State("z", ends=True)
        open = move.opening(a)
        end = move(a.to(z), by=ANYONE)
        end_ = move(a_.to(z), by=KEEPER)

    return Flow


def _not_frozen() -> type[Workflow[Any]]:
    @attrs.define(kw_only=True)
    class Loose:
        name: str = ""

    class Flow(Workflow[Loose], name="loose"):
        move = Moves(Loose)
        z = State("z", ends=True)
        open = move.opening(z)

    return Flow


def _hidden_private() -> type[Workflow[Any]]:
    @attrs.frozen(kw_only=True)
    class Said:
        why: tuple[Private | None, ...] = ()

    class Flow(Workflow[Said], name="said"):
        move = Moves(Said)
        z = State("z", ends=True)
        open = move.opening(z)

    return Flow


def _no_outcome() -> type[Workflow[Any]]:
    class Flow(Workflow[Thing], name="no_outcome"):
        move = Moves(Thing)
        a = State("a")
        z = State("z", ends=Way)
        open = move.opening(a)
        end = move(a.to(z))

    return Flow


def _clock_that_asks() -> type[Workflow[Any]]:
    class Flow(Workflow[Thing], name="clock_that_asks"):
        move = Moves(Thing)
        a = State("a")
        z = State("z", ends=True)
        open = move.opening(a)
        end = move(a.to(z), Why)
        due = Clock[Thing](a, lambda ctx: None, then=end)  # type: ignore[arg-type]

    return Flow


def _by_itself_by_a_keeper() -> type[Workflow[Any]]:
    class Flow(Workflow[Thing], name="by_itself"):
        move = Moves(Thing)
        a = State("a")
        z = State("z", ends=True)
        open = move.opening(a)
        end = move(a.to(z), by=KEEPER, when=lambda ctx: True)

    return Flow


def _own_and_not() -> type[Workflow[Any]]:
    class Flow(Workflow[Thing], name="own_and_not"):
        move = Moves(Thing)
        a = State("a")
        z = State("z", ends=True)
        open = move.opening(a)
        end = move(a.to(z), by=OWN | KEEPER - OWN)

    return Flow


def _others_record() -> type[Workflow[Any]]:
    class Flow(Workflow[Thing], name="others_record"):
        move = Moves(Named)
        z = State("z", ends=True)
        open = move.opening(z, Named)

    return Flow


@attrs.frozen(kw_only=True)
class Lists:
    private: tuple[Private, ...] = ()


@attrs.frozen(kw_only=True)
class Days:
    seen: Annotated[datetime, Input(least=3)]


@attrs.frozen(kw_only=True)
class Numbers:
    n: Literal[1, 2]


def _with(inputs: type) -> Callable[[], type[Workflow[Any]]]:
    def flow() -> type[Workflow[Any]]:
        class Flow(Workflow[Thing], name="with_inputs"):
            move = Moves(Thing)
            z = State("z", ends=True)
            open: Any = move.opening(z, inputs)

        return Flow

    return flow


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (_two_states, "another state has this name"),
        (_two_states, "another move has this name"),
        (_not_frozen, "must be frozen"),
        (_hidden_private, "it belongs in the vault"),
        (_no_outcome, "one of several ways"),
        (_clock_that_asks, "linli itself must be able to make"),
        (_by_itself_by_a_keeper, "linli makes it by itself"),
        (_own_and_not, "it is for oneself and not for oneself"),
        (_others_record, "its moves are made for Named, not for Thing"),
        (_with(Lists), "private texts are asked for one by one"),
        (_with(Days), "only a number has least and most"),
        (_with(Numbers), "can be no input"),
    ],
)
def test_what_cannot_be_meant_is_told_with_its_line(made: Callable[[], type], told: str) -> None:
    with pytest.raises(PluginError) as found:
        compiled(made())
    assert any(told in line and "test_contract_holes.py:" in line for line in str(found.value).splitlines())


def test_a_name_that_every_workflow_has_is_refused_where_it_stands() -> None:
    for name in ("label", "states", "moves", "ref", "openings"):
        with pytest.raises(TypeError, match=name):
            type("Flow", (Workflow,), {name: State("x")}, name="flow")


def test_a_subclass_has_what_its_base_says_and_bars_its_own_makers() -> None:
    class Base(
        Workflow[Thing], readable_by=KEEPER, summary_fields=("name",), holds_person=True, abstract=True
    ):
        move = Moves(Thing)
        a = State("a")
        z = State("z", ends=True)
        open = move.opening(a, by=KEEPER)

    class Sub(Base, name="sub"):
        end = Base.move(Base.a.to(Base.z), by=KEEPER, not_by=[Base.open])

    flow = compiled(Sub)
    assert (flow.by_move["read"].by, flow.summary_fields, flow.holds_person) == (KEEPER, ("name",), True)
    assert (flow.by_move["end"].sources, flow.by_move["end"].not_by) == (("a",), ("open",))


# --- refused, or right, when it runs -----------------------------------------------------------------


def _district(
    new_district: Callable[..., District], *flows: type, **options: Any
) -> tuple[District, PlaceId]:
    district = new_district(plugins={"things": plugin_of("things", *flows)}, **options)
    return district, PlaceId(a_place(district, "锦绣花园"))


@pytest.mark.parametrize(
    ("record", "told"),
    [
        (lambda t: Thing(name=t.given.name, n=cast(Any, "x")), "none of its type"),
        (lambda t: Thing(name=t.given.name, n=cast(Any, float("nan"))), "none of its type"),
        (lambda t: Thing(name=t.given.name, seen=datetime(2026, 1, 1)), "none of its type"),  # noqa: DTZ001
        (lambda t: Thing(name="another"), "may not change name"),
        (lambda t: Named(name=t.given.name), "gives a Named, not a Thing"),
        (lambda t: None, "gives a NoneType, not a Thing"),
    ],
)
def test_a_record_that_could_not_be_read_again_is_the_plugins_fault(
    new_district: Callable[..., District], record: Any, told: str
) -> None:
    class Flow(Workflow[Thing], name="thing"):
        move = Moves(Thing)
        z = State("z", ends=True)
        open = move.opening(z, Named, by=ANYONE, record=record)

    district, place = _district(new_district, Flow)
    with pytest.raises(PluginError, match=told):
        district.perform(Flow.open.at(place, Named(name="x")), actor=somebody(district, None, place))


def test_a_text_that_cannot_be_written_down_is_the_plugins_fault(
    new_district: Callable[..., District],
) -> None:
    class Flow(Workflow[Thing], name="thing"):
        move = Moves(Thing)
        z = State("z", ends=True)
        open = move.opening(z, by=ANYONE, record=lambda t: Thing(name="\ud800"))

    district, place = _district(new_district, Flow)
    with pytest.raises(PluginError, match="none of its type"):
        district.perform(Flow.open.at(place, NoInputs()), actor=somebody(district, None, place))


def test_private_words_do_not_go_through_what_is_worked_out(new_district: Callable[..., District]) -> None:
    class Flow(Workflow[Thing], name="thing"):
        move = Moves(Thing)
        z = State("z", ends=True)
        open = move.opening(z, Why, by=ANYONE, record=lambda t: Thing(name=f"because {t.given.reason}"))

    district, place = _district(new_district, Flow)
    order, one = Flow.open.at(place, Why(reason=Private("she is ill"))), somebody(district, None, place)
    with pytest.raises(PluginError, match="puts private words into name") as found:
        district.perform(order, actor=one)
    assert "ill" not in str(found.value)


def test_what_a_class_of_inputs_does_not_take_is_refused_without_the_words(
    new_district: Callable[..., District],
) -> None:
    @attrs.frozen(kw_only=True)
    class Picky:
        why: Private = attrs.field(validator=attrs.validators.in_([Private("a")]))

    class Flow(Workflow[Thing], name="thing"):
        move = Moves(Thing)
        z = State("z", ends=True)
        open = move.opening(z, Picky, by=ANYONE)

    district, place = _district(new_district, Flow)
    with pytest.raises(Refused, match="what was given is not taken") as found:
        district.start("thing", "open", place, {"why": "ill"}, actor=somebody(district, None, place))
    assert "ill" not in str(found.value)


def test_what_record_works_out_no_other_workflow_sets_either(new_district: Callable[..., District]) -> None:
    class Target(Workflow[Thing], name="target"):
        move = Moves(Thing)
        z = State("z", ends=True)
        open = move.opening(z, record=lambda t: Thing(n=1))

    def orders(t: Transition[Thing, object]) -> Iterable[Effect]:
        yield OpenOrder(workflow="target", move="open", place=t.place, values={"n": 5})

    class Cause(Workflow[Thing], name="cause"):
        move = Moves(Thing)
        z = State("z", ends=True)
        open = move.opening(z, by=ANYONE, then=[orders])

    district, place = _district(new_district, Target, Cause)
    with pytest.raises(Refused, match="n is worked out by linli"):
        district.perform(Cause.open.at(place, NoInputs()), actor=somebody(district, None, place))


def test_before_is_as_the_move_found_it_and_codes_are_choices(new_district: Callable[..., District]) -> None:
    @attrs.frozen(kw_only=True)
    class Kept:
        way: Way = Way.GOOD
        was: str = ""

    @attrs.frozen(kw_only=True)
    class Change:
        way: Way

    seen: list[object] = []

    def look(t: Transition[Kept, Change]) -> None:
        seen.extend([t.record.way is Way.BAD, t.before.record.way, t.before.state is Flow.a])

    def begins(t: Transition[Kept, object]) -> None:
        assert t.before.state is Flow.a

    class Flow(Workflow[Kept], name="kept"):
        move = Moves(Kept)
        a = State("a")
        z = State("z", ends=True)
        open = move.opening(a, by=ANYONE, needs=[begins])
        change = move(
            a.stay(),
            Change,
            by=ANYONE,
            record=lambda t: evolve(t.record, was=t.before.record.way.label),
            needs=[look],
        )
        end = move(a.to(z), by=KEEPER)

    district, place = _district(new_district, Flow)
    one = somebody(district, None, place)
    kept = Flow.ref(district.perform(Flow.open.at(place, NoInputs()), actor=one).subject)
    district.perform(Flow.change(kept, Change(way=Way.BAD)), actor=one)
    assert seen == [True, Way.GOOD, True]
    assert district.subject(kept).record == Kept(way=Way.BAD, was="as it was")


def test_whom_the_whole_is_about_is_whom_its_parts_are_about(new_district: Callable[..., District]) -> None:
    class Look(Workflow[Thing], name="look"):
        move = Moves(Thing)
        a = State("a")
        z = State("z", ends=True)
        open = move.opening(a)
        see = move(a.to(z), by=HOLDER - OWN)

    def opens(t: Transition[Thing, object]) -> Iterable[Effect]:
        holder = Seat(role="steward", at=t.place)
        yield Look.open.at(t.place, NoInputs(), parent=t.subject.id, key="x", holder=holder)

    class Whole(Workflow[Thing], name="whole"):
        move = Moves(Thing)
        a = State("a")
        z = State("z", ends=True)
        open = move.opening(a, by=ANYONE, then=[opens])
        end = move(a.to(z), when=lambda ctx: ctx.today.year > 2000 and bool(_seen(ctx)))

    def _seen(ctx: Context[Thing]) -> list[object]:
        return [one for one in ctx.parts(Look) if one.state.ends]

    district, place = _district(new_district, Look, Whole)
    steward, other = somebody(district, "steward", place), somebody(district, "steward", place)
    whole = district.perform(
        Whole.open.at(place, NoInputs(), person=PersonId(who(steward))), actor=steward
    ).subject
    part = Look.ref(next(one.id for one in district.tree(whole) if one.kind == "look"))
    with pytest.raises(NotAllowed, match="it is about you"):
        district.perform(Look.see(part), actor=steward)
    district.perform(Look.see(part), actor=other)
    assert district.subject(whole).state == "z"


def test_the_console_says_who_decides_what_nobody_decides_about_themselves(tmp_path: Any) -> None:
    class Flow(Workflow[Thing], name="thing"):
        move = Moves(Thing)
        a = State("a")
        z = State("z", ends=True)
        open = move.opening(a, by=KEEPER)
        end = move(a.to(z), by=KEEPER - OWN)

    with make_district(tmp_path, plugins={"things": plugin_of("things", Flow)}, trial=False) as district:
        place = PlaceId(a_place(district, "锦绣花园"))
        console = Actor(posts=frozenset({"steward"}))
        thing = Flow.ref(district.perform(Flow.open.at(place, NoInputs()), actor=console).subject)
        with pytest.raises(NotAllowed, match="needs somebody's name"):
            district.perform(Flow.end(thing), actor=console)


def test_a_clock_may_have_the_name_of_a_state_and_a_default_may_be_given(
    new_district: Callable[..., District],
) -> None:
    @attrs.frozen(kw_only=True)
    class Until:
        last: date = date.max

    class Flow(Workflow[Until], name="until"):
        move = Moves(Until)
        a = State("a")
        z = State("z", ends=True)
        open = move.opening(a, Until, by=ANYONE)
        expire = move(a.to(z))
        time = Clock(a, lambda ctx: Limit(span=timedelta(days=1)), then=expire, name="a")

    district, place = _district(new_district, Flow)
    opened = district.subject(
        district.perform(Flow.open.at(place, Until()), actor=somebody(district, None, place)).subject
    )
    assert opened.record == Until()
    assert set(opened.clocks) == {"a"}
