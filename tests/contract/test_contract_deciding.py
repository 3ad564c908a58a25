"""What linli decides by itself: how something ends, when its time is over, what nobody has said; and who kept out of it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Annotated, Any

import attrs
import pytest

from linli import (
    ANYONE,
    Choice,
    Clock,
    Context,
    District,
    Input,
    Limit,
    Moves,
    NoInputs,
    PlaceId,
    State,
    Transition,
    Workflow,
    evolve,
)
from linli._base.errors import PluginError, Refused
from linli._model.access import ENGINE_ACTOR
from linli._model.compiling import compiled
from linli.testing import Moment, a_place, plugin_of, somebody


class Result(Choice):
    WON = "won"
    LOST = "lost"


@attrs.frozen(kw_only=True)
class Game:
    points: int = 0
    colour: str = "white"


@attrs.frozen(kw_only=True)
class Colour:
    colour: Annotated[str | None, Input("which colour", filled=True)] = None


@attrs.frozen(kw_only=True)
class Points:
    points: Annotated[int, Input("how many")]


def white_first(t: Transition[Game, Colour]) -> Game:
    return evolve(t.record, colour=t.given.colour or "white")


def by_points(t: Transition[Game, object]) -> Result:
    return Result.WON if t.record.points > 10 else Result.LOST


def an_hour(ctx: Context[Game]) -> Limit:
    return Limit(span=timedelta(hours=1))


class GameFlow(Workflow[Game], name="game"):
    move = Moves(Game)
    set_up = State("set up")
    played = State("played")
    extended = State("played on")
    stopped = State("stopped")
    over = State("over", ends=Result)
    open = move.opening(set_up, by=ANYONE)
    begin = move(set_up.to(played), Colour, by=ANYONE, record=white_first)
    extend = move(played.to(extended), by=ANYONE)
    stop = move((played | extended).to(stopped))
    score = move(stopped.to(over, by_points), Points, by=ANYONE)
    playing = Clock(played, an_hour, then=stop)
    extension = Clock(extended, an_hour, then=stop)


@pytest.fixture
def clock() -> Moment:
    return Moment()


@pytest.fixture
def district(new_district: Callable[..., District], clock: Moment) -> District:
    return new_district(plugins={"games": plugin_of("games", GameFlow)}, clock=clock)


@pytest.fixture
def make(district: District) -> Callable[..., Any]:
    """Makes moves of one game, by somebody; the last act."""
    place = PlaceId(a_place(district, "锦绣花园"))
    player = somebody(district, None, place)
    game = GameFlow.ref(district.perform(GameFlow.open.at(place, NoInputs()), actor=player).subject)

    def make(*moves: str, **values: object) -> Any:
        *before, last = moves
        for move in before:
            district.make(game, move, actor=player)
        return district.make(game, last, values, actor=player)

    return make


@pytest.fixture
def let_pass(district: District, clock: Moment) -> Callable[[float], None]:
    """Lets hours pass, and a worker see what is due."""

    def let_pass(hours: float) -> None:
        clock.now += timedelta(hours=hours)
        while district.worker.run_once(now=clock.now):
            pass

    return let_pass


@pytest.mark.parametrize(("points", "outcome"), [(11, "won"), (3, "lost")])
def test_a_function_works_out_how_it_ends_from_what_is_given(
    district: District, make: Callable[..., Any], let_pass: Callable[[float], None], points: int, outcome: str
) -> None:
    game = make("begin").subject
    let_pass(1.1)
    act = make("score", points=points)
    assert (district.subject(game).outcome, act.value("outcome")) == (outcome, outcome)


def test_nobody_gives_an_outcome_that_is_worked_out(
    make: Callable[..., Any], let_pass: Callable[[float], None]
) -> None:
    make("begin")
    let_pass(1.1)
    with pytest.raises(Refused, match="outcome is worked out by linli"):
        make("score", points=3, outcome="won")


@pytest.mark.parametrize("given", [None, "white", "black"])
def test_what_record_fills_in_stands_in_the_journal_also_where_it_is_as_before(
    make: Callable[..., Any], given: str | None
) -> None:
    act = make("begin", **({"colour": given} if given else {}))
    assert act.body["values"] == {"colour": given or "white"}


def test_of_clocks_that_lead_to_one_move_the_one_that_runs_decides(
    district: District, make: Callable[..., Any], let_pass: Callable[[float], None]
) -> None:
    game = make("begin", "extend").subject
    with pytest.raises(Refused, match="its time is not over"):
        district.make(game, "stop", actor=ENGINE_ACTOR)
    let_pass(0.9)
    assert district.subject(game).state == "extended"
    let_pass(0.2)
    assert district.subject(game).state == "stopped"


def test_an_outcome_cannot_be_worked_out_where_there_is_but_one() -> None:
    class Flow(Workflow[Game], name="game"):
        move = Moves(Game)
        played = State("played")
        over = State("over", ends=True)
        open = move.opening(played, by=ANYONE)
        end = move(played.to(over, by_points), by=ANYONE)

    with pytest.raises(PluginError, match=r"by_points is no outcome of Flow\.over"):
        compiled(Flow)
