"""Who hears of what is late: declared with the clock, from the district's settings."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import attrs
import pytest

from linli import (
    ANYONE,
    ENGINE,
    HOLDER,
    Assign,
    Clock,
    Context,
    District,
    Ladder,
    Moves,
    PlaceId,
    Seat,
    State,
    Transition,
    Workflow,
    holder,
    officer_of,
)
from linli._base.errors import PluginError
from linli._config import setting
from linli._engine.orders import Overdue
from linli._model.access import ENGINE_ACTOR
from linli._model.compiled import Limit
from linli._model.compiling import compiled
from linli._model.deadlines import working_days
from linli._model.effects import Effect
from linli.testing import a_place, plugin_of, somebody


@attrs.frozen(kw_only=True)
class PostSettings:
    ladder: tuple[str, ...] = setting(("keeper", "steward", "nobody", "district"), "who hears")
    ladder_again: int = setting(1, "until the next hears", unit="working days")


@attrs.frozen(kw_only=True)
class Nothing: ...


def soon(ctx: Context[Nothing]) -> Limit:
    return working_days(1, ctx.facts)


def keeper(ctx: Context[Nothing]) -> Seat:
    return Seat(role="keeper", at=ctx.place)


def nobody(ctx: Context[Nothing]) -> None:
    return None


Rings = Callable[..., list[tuple[str | None, str | None]]]


@attrs.frozen(kw_only=True)
class Left:
    held_by: str | None = None


def to_holder(t: Transition[Nothing, Left]) -> Iterator[Effect]:
    if t.given.held_by:
        yield Assign(holder=Seat(role=t.given.held_by, at=t.place))


RUNGS: dict[str, Any] = {"keeper": keeper, "nobody": nobody, "district": officer_of("district")}


class PostFlow(Workflow[Nothing], name="lost_post"):
    move = Moves(Nothing)
    waiting = State("waiting")
    fetched = State("fetched", ends=True)
    leave = move.opening(waiting, Left, by=ANYONE, then=[to_holder])
    fetch = move(waiting.to(fetched), by=ANYONE | HOLDER)
    answer = Clock(waiting, soon, ladder=Ladder(PostSettings, RUNGS, first=holder))


@pytest.fixture
def late(new_district: Callable[..., District]) -> Rings:
    def rings(roles: list[str], more: str = "", held_by: str = "") -> list[tuple[str | None, str | None]]:
        """The rungs that heard, one after the other, each with the role of the seat that did."""
        district = new_district(
            plugins={"posts": plugin_of("posts", PostFlow, settings=PostSettings)}, more=more
        )
        place = PlaceId(a_place(district, "锦绣花园"))
        for role in roles:
            somebody(district, role, place)
        post = district.perform(
            PostFlow.leave.at(place, Left(held_by=held_by or None)), actor=somebody(district, "clerk", place)
        )
        return list(_heard(district, post.subject))

    return rings


def _heard(district: District, subject: UUID) -> Iterator[tuple[str | None, str | None]]:
    for _ in range(6):
        clock = district.subject(subject).clocks["answer"]
        if clock.rings_at is None:
            return
        district.stop_clock(clock.rings_at + timedelta(seconds=1))
        act = district.perform(Overdue(subject=subject, clock="answer", turn=clock.turn), actor=ENGINE_ACTOR)
        yield act.body["rung"], act.body["seat"] and act.body["seat"].split("@")[0]


def test_each_rung_hears_in_its_turn_and_one_that_nobody_is_on_is_left_out(late: Rings) -> None:
    heard = late(["keeper", "steward", "officer"])
    assert heard == [("keeper", "keeper"), ("steward", "steward"), ("district", "officer")]


def test_whoever_should_have_acted_hears_first_and_once(late: Rings) -> None:
    heard = late(["keeper", "steward", "officer"], held_by="steward")
    assert heard == [("holder", "steward"), ("keeper", "keeper"), ("district", "officer")]


def test_the_district_names_the_rungs(late: Rings) -> None:
    assert late(["steward"], '[posts]\nladder = ["steward"]') == [("steward", "steward")]


def test_nobody_left_to_hear_is_recorded_all_the_same(late: Rings) -> None:
    assert late([], "[posts]\nladder = []") == [(None, None)]


@attrs.frozen
class Other:
    ladder: tuple[str, ...] = ()


def _flow(**clock: Any) -> Any:
    class Flow(Workflow[Nothing], name="lost_post"):
        move = Moves(Nothing)
        waiting = State("waiting")
        gone = State("gone", ends=True)
        leave = move.opening(waiting, by=ANYONE)
        lapse = move(waiting.to(gone), by=ENGINE)
        answer: Any = Clock(waiting, soon, then=lapse if clock.pop("then", False) else None, **clock)

    return Flow


@pytest.mark.parametrize(
    ("clock", "problem"),
    [
        ({"ladder": Ladder(Other)}, "its ladder needs a setting ladder_again in Other"),
        ({"ladder": Ladder(PostSettings), "then": True}, "so nobody is told; leave out ladder="),
    ],
)
def test_a_ladder_that_cannot_be_climbed_is_found_when_it_is_loaded(clock: Any, problem: str) -> None:
    with pytest.raises(PluginError, match=problem):
        compiled(_flow(**clock))
