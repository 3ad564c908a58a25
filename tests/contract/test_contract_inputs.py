"""What a move can be asked for beyond plain values: when something occurred, lists of small records, conditions."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

import attrs
import pytest

from linli import (
    ANYONE,
    ENGINE,
    Actor,
    BodyId,
    Choice,
    Context,
    District,
    Input,
    Moves,
    NoInputs,
    Occurred,
    PersonId,
    PlaceId,
    Private,
    State,
    Transition,
    Workflow,
    evolve,
    in_turn,
)
from linli._base.errors import PluginError, Refused
from linli._base.refusals import LimitReached, Refusal
from linli._model.access import ENGINE_ACTOR
from linli._model.acts import Act
from linli._model.compiling import compiled
from linli._model.inputs import fields_of
from linli._model.running import Typed
from linli.testing import a_place, plugin_of, somebody


class Way(Choice):
    PAPER = "paper", "on paper"
    PHONE = "phone", "by phone"


@attrs.frozen(kw_only=True)
class Chore:
    what: Annotated[str, Input("what is to be done", longest=20)]
    way: Way
    minutes: Annotated[int, Input("how long it takes", least=1)] = 30
    by: date | None = None


@attrs.frozen(kw_only=True)
class Plan:
    chores: tuple[Chore, ...] = ()
    held_on: date | None = None
    way: Way = Way.PHONE
    sheet: str | None = None
    guesses: int = 0
    first: Chore | None = None


def before_it_began(ctx: Context[Plan]) -> date:
    return ctx.today - timedelta(days=30)


@attrs.frozen(kw_only=True)
class Planned:
    chores: tuple[Chore, ...]
    way: Way
    first: Chore | None = None
    sheet: Annotated[str | None, Input("the number of the sheet", only_if=("way", (Way.PAPER,)))] = None
    held_on: Annotated[date | None, Input("the day", occurred=Occurred(since=before_it_began))] = None
    code: Annotated[int, Input("a guess that nobody keeps", kept=False)] = 0


ASKED: list[str] = []


class TooMany(LimitReached, says="too many"): ...


def first(t: Transition[Plan, object]) -> Refusal | None:
    ASKED.append("first")
    return TooMany() if len(t.record.chores) > 2 else None


def second(t: Transition[object, object]) -> Refusal | None:
    ASKED.append("second")
    return None


def guessed(t: Transition[Plan, Planned]) -> Plan:
    return evolve(t.record, guesses=t.record.guesses + t.given.code)


class PlanFlow(Workflow[Plan], name="plan"):
    move = Moves(Plan)
    made = State("made")
    done = State("done", ends=True)
    begin = move.opening(made, by=ANYONE)
    change = move(made.stay(), Planned, by=ANYONE, record=guessed, needs=[in_turn(first, second)])
    end = move(made.to(done), by=ANYONE)


@attrs.frozen
class Made:
    """A plan, and the change of it."""

    district: District
    plan: UUID
    clerk: Actor

    def __call__(self, **values: Any) -> Act:
        return self.district.make(
            self.plan, "change", {"way": "phone", "chores": [], **values}, actor=self.clerk
        )

    def day(self, ago: int) -> str:
        return (
            self.district.now().astimezone(self.district.rules.zone).date() - timedelta(days=ago)
        ).isoformat()


@pytest.fixture
def change(new_district: Callable[..., District]) -> Made:
    district = new_district(plugins={"plans": plugin_of("plans", PlanFlow)})
    place = PlaceId(a_place(district, "锦绣花园"))
    clerk = somebody(district, "clerk", place)
    plan = district.perform(PlanFlow.begin.at(place, NoInputs()), actor=clerk).subject
    return Made(district, plan, clerk)


def test_a_list_of_small_records_is_kept_in_the_record_and_in_the_journal(change: Made) -> None:
    act = change(
        chores=[
            {"what": "扫雪", "way": "phone", "by": "2026-12-01"},
            {"what": "除冰", "way": "paper", "minutes": 5},
        ]
    )
    assert act.body["values"]["chores"] == [
        {"what": "扫雪", "way": "phone", "minutes": 30, "by": "2026-12-01"},
        {"what": "除冰", "way": "paper", "minutes": 5, "by": None},
    ]
    assert change.district.subject(change.plan).record.chores == (
        Chore(what="扫雪", way=Way.PHONE, by=date(2026, 12, 1)),
        Chore(what="除冰", way=Way.PAPER, minutes=5),
    )


def test_a_recorded_act_gives_its_small_records_again(change: Made) -> None:
    act = change(chores=[{"what": "扫雪", "way": "phone"}])
    given = Typed(PlanFlow.change, fields_of(Planned)).given_in(act)
    assert given.chores == (Chore(what="扫雪", way=Way.PHONE),)


def test_an_order_gives_the_records_themselves() -> None:
    given = Planned(chores=(Chore(what="扫雪", way=Way.PHONE),), way=Way.PHONE)
    order = PlanFlow.change(PlanFlow.ref(UUID(int=1)), given)
    assert order.values["chores"] == ({"what": "扫雪", "way": "phone", "minutes": 30},)


def test_a_single_small_record_is_kept_and_what_is_wrong_in_it_said(change: Made) -> None:
    act = change(first={"what": "扫雪", "way": "phone"})
    assert act.body["values"]["first"] == {"what": "扫雪", "way": "phone", "minutes": 30, "by": None}
    assert change.district.subject(change.plan).record.first == Chore(what="扫雪", way=Way.PHONE)
    given = Planned(chores=(), way=Way.PHONE, first=Chore(what="除冰", way=Way.PAPER))
    change.district.perform(PlanFlow.change(PlanFlow.ref(change.plan), given), actor=change.clerk)
    assert change.district.subject(change.plan).record.first == given.first
    with pytest.raises(Refused, match="first: way is missing"):
        change(first={"what": "扫雪"})


@pytest.mark.parametrize(
    ("chores", "problem"),
    [
        ([{"way": "phone"}], "chores 1: what is missing"),
        ([{"what": "扫雪"}], "chores 1: way is missing"),
        ([{"what": "x", "way": "phone"}, {"what": "x", "way": "fax"}], "chores 2: way must be one of"),
        ([{"what": "x", "way": "phone", "minutes": 0}], "chores 1: minutes must be 1 or more"),
        ([{"what": "x", "way": "phone", "minutes": "soon"}], "chores 1: minutes must be a whole number"),
        ([{"what": "x" * 21, "way": "phone"}], "chores 1: what is longer than 20"),
        ([{"what": "x", "way": "phone", "who": "me"}], "chores 1: who is not asked for"),
        ([{"what": "打 13800000000", "way": "phone"}], "chores 1: what"),
        ([{"what": "x", "way": "phone", "by": "soon"}], "chores 1: by must be a day"),
        ([{"what": "x", "way": "phone", "by": "0001-01-01"}], "chores 1: by cannot be in the year 1"),
        (["扫雪"], "chores 1 has something in it that does not belong there"),
    ],
)
def test_what_is_wrong_in_a_small_record_is_said_with_its_number(
    change: Made, chores: list[Any], problem: str
) -> None:
    with pytest.raises(Refused, match=problem):
        change(chores=chores)


def test_what_is_asked_only_where_another_has_a_value_is_missed_there_and_refused_elsewhere(
    change: Made,
) -> None:
    change(way="paper", sheet="7")
    change(way="phone")
    with pytest.raises(Refused, match="sheet is missing"):
        change(way="paper")
    with pytest.raises(Refused, match="sheet is asked for only where way is paper"):
        change(way="phone", sheet="7")


def test_what_is_not_kept_reaches_record_alone(change: Made) -> None:
    act = change(code=7)
    assert "code" not in act.body["values"]
    assert act.body["values"]["guesses"] == 7


def test_when_something_occurred_is_not_in_the_future_and_not_before_it_began(
    change: Made,
) -> None:
    change(held_on=change.day(29))
    with pytest.raises(Refused, match="is in the future"):
        change(held_on=change.day(-2))
    with pytest.raises(Refused, match="before that began"):
        change(held_on=change.day(32))


def test_checks_in_turn_stop_at_the_first_reason(change: Made) -> None:
    ASKED.clear()
    with pytest.raises(Refused, match="too many"):
        change(chores=[{"what": "x", "way": "phone"}] * 3)
    assert ASKED == ["first"]
    change()
    assert ASKED == ["first", "first", "second"]


def _inputs(hint: Any) -> type:
    return attrs.make_class(
        "Asked", {"way": attrs.field(type=Way), "x": attrs.field(type=hint, default=None)}, frozen=True
    )


@attrs.frozen(kw_only=True)
class WithSecret:
    words: Private


@pytest.mark.parametrize(
    ("hint", "problem"),
    [
        (
            Annotated[str | None, Input(only_if=("wya", (Way.PAPER,)))],
            "asked for by wya, which is no other input",
        ),
        (Annotated[str | None, Input(only_if=("x", ("a",)))], "asked for by x, which is no other input"),
        (Annotated[str | None, Input(only_if=("way", ("fax",)))], "way is never 'fax'"),
        (Annotated[str | None, Input(occurred=Occurred())], "only a day or a moment"),
        (tuple[WithSecret, ...], "WithSecret.words: a small record has plain values alone"),
    ],
)
def test_senseless_inputs_are_found_when_the_workflow_is_loaded(hint: Any, problem: str) -> None:
    asked = _inputs(hint)

    class Flow(Workflow[Plan], name="plan"):
        move = Moves(Plan)
        made = State("made")
        done = State("done", ends=True)
        begin = move.opening(made, by=ANYONE)
        end: Any = move(made.to(done), asked, by=ANYONE)

    with pytest.raises(PluginError, match=problem):
        compiled(Flow)


@attrs.frozen(kw_only=True)
class Where:
    where: PlaceId | BodyId


def test_a_place_or_an_organisation_is_named_by_people() -> None:
    class Flow(Workflow[Plan], name="plan"):
        move = Moves(Plan)
        made = State("made")
        done = State("done", ends=True)
        begin = move.opening(made, by=ANYONE)
        end = move(made.to(done), Where, by=ANYONE)

    (asked,) = compiled(Flow).by_move["end"].fields
    assert asked.kind == "place or organisation"


@attrs.frozen(kw_only=True)
class Handed:
    by_name: Mapping[str, Chore] = attrs.field(factory=dict)
    told_by: Annotated[str | None, Input(by_engine=True)] = None


class TableFlow(Workflow[Handed], name="table"):
    move = Moves(Handed)
    made = State("made", ends=True)
    begin = move.opening(made, Handed, by=ANYONE | ENGINE)


@pytest.fixture
def tables(new_district: Callable[..., District]) -> Callable[..., Act]:
    district = new_district(plugins={"tables": plugin_of("tables", TableFlow)})
    place = a_place(district, "锦绣花园")
    clerk = somebody(district, "clerk", place)
    return lambda actor=clerk, **values: district.start("table", "begin", place, values, actor=actor)


def test_small_records_can_have_names(tables: Callable[..., Act]) -> None:
    act = tables(by_name={"A": {"what": "扫雪", "way": "phone"}})
    assert act.body["values"]["by_name"] == {"A": {"what": "扫雪", "way": "phone", "minutes": 30, "by": None}}
    with pytest.raises(Refused, match="by_name B: way is missing"):
        tables(by_name={"B": {"what": "扫雪"}})


def test_what_linli_alone_gives_is_refused_from_everybody_else(tables: Callable[..., Act]) -> None:
    tables(told_by="a clock", actor=ENGINE_ACTOR)
    with pytest.raises(Refused, match="told_by is worked out by linli; leave it out"):
        tables(told_by="me")


@attrs.frozen(kw_only=True)
class Crew:
    people: tuple[UUID, ...] = ()


@attrs.frozen(kw_only=True)
class ByNumber:
    people: tuple[PersonId, ...]


@attrs.frozen(kw_only=True)
class ByName:
    people: tuple[str, ...]


def _crew(asked: Any) -> type[Workflow[Crew]]:
    class Flow(Workflow[Crew], name="crew"):
        move = Moves(Crew)
        made = State("made")
        done = State("done", ends=True)
        begin = move.opening(made, by=ANYONE)
        end: Any = move(made.to(done), asked, by=ANYONE)

    return Flow


def test_a_list_of_people_is_kept_as_their_numbers() -> None:
    (asked,) = compiled(_crew(ByNumber)).by_move["end"].fields
    assert (asked.many, asked.type) == (True, UUID)
    with pytest.raises(PluginError, match="its input people is tuple"):
        compiled(_crew(ByName))


# --- moments ------------------------------------------------------------------------------------------


@attrs.frozen(kw_only=True)
class Rung:
    rung_at: datetime | None = None


class BellFlow(Workflow[Rung], name="bell"):
    move = Moves(Rung)
    there = State("there")
    ring = move.opening(there, Rung, by=ANYONE)
    off = State("off", ends=True)
    end = move(there.to(off), by=ANYONE)


@pytest.fixture
def bell(new_district: Callable[..., District]) -> Callable[[str], str]:
    district = new_district(plugins={"bells": plugin_of("bells", BellFlow)})
    place = a_place(district, "锦绣花园")
    clerk = somebody(district, "clerk", place)

    def rung(at: str) -> str:
        act = district.start("bell", "ring", place, {"rung_at": at}, actor=clerk)
        return str(act.body["values"]["rung_at"])

    return rung


def test_a_moment_is_one_of_the_districts_clock_where_it_says_no_offset(bell: Callable[[str], str]) -> None:
    assert bell("2026-03-05T14:30") == "2026-03-05T06:30:00.000000+00:00"
    assert bell("2026-03-05 14:30+09:00") == "2026-03-05T05:30:00.000000+00:00"


def test_a_moment_that_the_clocks_never_showed_or_showed_twice_is_refused(bell: Callable[[str], str]) -> None:
    # China put its clocks on at 2 o'clock of 17 April 1988, and back at 2 of 11 September.
    with pytest.raises(Refused, match="the clocks never showed 1988-04-17 02:30"):
        bell("1988-04-17 02:30")
    with pytest.raises(Refused, match="the clocks showed 1988-09-11 01:30 twice; say which"):
        bell("1988-09-11 01:30")
    assert bell("1988-09-11 01:30+09:00") == "1988-09-10T16:30:00.000000+00:00"


# --- what is left out, and what stands in lists -----------------------------------------------------------


@attrs.frozen(kw_only=True)
class Visit:
    at: datetime
    way: Way = Way.PAPER
    sheet: Annotated[str | None, Input(only_if=("way", (Way.PAPER,)))] = None


@attrs.frozen(kw_only=True)
class Visits:
    rung: tuple[datetime, ...] = ()
    visits: tuple[Visit, ...] = ()


@attrs.frozen(kw_only=True)
class Told(Visits):
    way: Way = Way.PAPER
    sheet: Annotated[str | None, Input(only_if=("way", (Way.PAPER,)))] = None
    level: int = 1
    why: Annotated[str | None, Input(only_if=("level", (3,)))] = None
    days: tuple[date, ...] = ()
    shares: tuple[Decimal, ...] = ()


class VisitFlow(Workflow[Visits], name="visit_list"):
    move = Moves(Visits)
    told = State(ends=True)
    tell = move.opening(told, Told, by=ANYONE)


@pytest.fixture
def tell(new_district: Callable[..., District]) -> Callable[..., Mapping[str, Any]]:
    district = new_district(plugins={"visits": plugin_of("visits", VisitFlow)})
    place = a_place(district, "锦绣花园")
    clerk = somebody(district, "clerk", place)

    def told(**values: Any) -> Mapping[str, Any]:
        values = {"sheet": "7"} | values if values.get("way") != "phone" else values
        found: Mapping[str, Any] = district.start("visit_list", "tell", place, values, actor=clerk).body[
            "values"
        ]
        return found

    return told


def test_a_condition_holds_by_a_default_and_by_a_number_that_was_typed(tell: Callable[..., Any]) -> None:
    assert tell()["sheet"] == "7"
    with pytest.raises(Refused, match="sheet is missing"):
        tell(sheet=None)
    assert tell(level="3", why="x")["why"] == "x"
    with pytest.raises(Refused, match="why is missing"):
        tell(level="3")
    with pytest.raises(Refused, match="visits 1: sheet is missing"):
        tell(visits=[{"at": "2026-03-05T14:30"}])


def test_moments_in_lists_and_small_records_are_of_the_districts_clock(tell: Callable[..., Any]) -> None:
    at = "2026-03-05T06:30:00.000000+00:00"
    assert tell(rung=["2026-03-05 14:30"])["rung"] == [at]
    (visit,) = tell(visits=[{"at": "2026-03-05T14:30", "sheet": "7"}])["visits"]
    assert visit["at"] == at
    for value in ({"rung": ["1988-04-17 02:30"]}, {"visits": [{"at": "1988-04-17T02:30", "sheet": "7"}]}):
        with pytest.raises(Refused, match="the clocks never showed"):
            tell(**value)


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"days": ["soon"]}, "days must be a day"),
        ({"days": ["9999-12-31"]}, "cannot be in the year 9999"),
        ({"shares": ["NaN"]}, "no number that can be counted with"),
        ({"rung": ["0001-01-01T00:00+00:00"]}, "cannot be in the year 1"),
    ],
)
def test_each_of_a_list_is_read_and_limited_like_one_alone(
    tell: Callable[..., Any], values: dict[str, Any], problem: str
) -> None:
    given = tell(days=["2026-03-05"], shares=["1.5"])
    assert (given["days"], given["shares"]) == (["2026-03-05"], ["1.5"])
    with pytest.raises(Refused, match=problem):
        tell(**values)
