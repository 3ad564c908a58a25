"""Rules of the configuration: which act pays whom how much, and which rules contradict themselves."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli import (
    OWN,
    Actor,
    ConfigError,
    District,
    Moves,
    NoRecord,
    Plugin,
    Refused,
    State,
    Workflow,
)
from linli.testing import somebody
from linli_bank.members import account_of
from linli_bank.periods import period
from linli_bank.testing import BankCompound, bank_compound, who
from linli_bank.testing.year import year


@attrs.frozen(kw_only=True)
class Swept:
    """What rules count."""

    minutes: int | None = None
    kind: str | None = None
    count: str | None = None


class SweepingFlow(Workflow[NoRecord], name="sweeping"):
    move = Moves(NoRecord)
    begun = State()
    done = State(ends=True)
    begin = move.opening(begun, by=OWN)
    finish = move(begun.to(done), Swept, by=OWN)


class Sweeping:
    """A plugin whose acts earn."""

    PLUGIN = Plugin(name="sweeping", workflows=(SweepingFlow,))


def _rule(**fields: Any) -> str:
    given = {"name": "sweep", "act": "sweeping.finish", "points": 10} | fields
    return "[[bank.rules]]\n" + "\n".join(f"{name} = {_toml(value)}" for name, value in given.items()) + "\n"


def _toml(value: object) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f'"{name}" = {_toml(item)}' for name, item in value.items()) + " }"
    return f'"{value}"' if isinstance(value, str) else str(value)


Make = Callable[[str], BankCompound]


@pytest.fixture
def make(new_district: Callable[..., District]) -> Make:
    def made(more: str) -> BankCompound:
        def new(**options: Any) -> District:
            return new_district(plugins={"sweeping": Sweeping}, **options)

        return bank_compound(new, more)

    return made


def _sweep(compound: BankCompound, by: Actor | None = None, **values: Any) -> int:
    """Sweep once; the points that whoever swept has then."""
    actor = by or compound.member
    begun = compound.district.start("sweeping", "begin", compound.place, person=who(actor), actor=actor)
    compound.district.make(begun.subject, "finish", values, actor=actor)
    return compound.free(actor)


def test_an_act_earns_what_its_rule_says(make: Make) -> None:
    compound = make(_rule())
    assert _sweep(compound) == 10
    (line,) = compound.district.award.statement(who(compound.member))
    assert (line.rule, line.cause_verb, line.other) == ("bank:sweep", "sweeping.finish", compound.place)


def test_only_members_earn_unless_the_district_says_otherwise(make: Make) -> None:
    for more, points in (("", 0), ("[bank]\nmembers_only = false\n", 10)):
        compound = make(more + _rule())
        assert _sweep(compound, compound.resident) == points


def test_the_suspended_do_not_earn(make: Make) -> None:
    compound = make("[bank]\nmembers_only = false\n" + _rule())
    compound.district.make(account_of(who(compound.member)), "suspend", {"reason": "争议"})
    assert _sweep(compound) == 0


@pytest.mark.parametrize(
    ("rule", "minutes", "points"),
    [
        ({"per": "hour", "value": "minutes", "points": 3}, 20, 1),
        ({"per": "hour", "value": "minutes", "points": 3}, 59, 2),
        ({"per": "hour", "value": "minutes", "points": 3, "most_per_act": 4}, 600, 4),
        ({"per": "minute", "value": "minutes", "points": 2}, 7, 14),
        ({"per": "minute", "value": "minutes", "value_in": "hours", "points": 1}, 2, 120),
        ({"per": "one", "value": "minutes", "points": 0.5}, 5, 2),
        ({"per": "hour", "value": "minutes", "points": 3}, -60, 0),
    ],
)
def test_time_is_paid_by_the_hour_or_the_minute(
    make: Make, rule: dict[str, Any], minutes: int, points: int
) -> None:
    assert _sweep(make(_rule(**rule)), minutes=minutes) == points


def test_parts_of_a_point_are_rounded_as_the_district_says(make: Make) -> None:
    nearest = '[bank]\nrounding = "nearest"\n'
    assert _sweep(make(nearest + _rule(per="hour", value="minutes", points=1)), minutes=30) == 1


def test_an_act_that_does_not_say_how_long_it_took_earns_nothing(make: Make) -> None:
    assert _sweep(make(_rule(per="hour", value="minutes"))) == 0


def test_a_value_that_is_no_number_refuses_the_act_and_names_the_rule(make: Make) -> None:
    compound = make(_rule(per="one", value="count"))
    with pytest.raises(Exception, match="rule sweep counts count, which is no number"):
        _sweep(compound, count="many")


def test_a_role_multiplies_and_the_highest_counts(make: Make) -> None:
    compound = make(_rule(roles={"bank_keeper": 1.5, "steward": 3}, points=7))
    assert _sweep(compound, compound.second_keeper) == 10
    assert _sweep(compound) == 7


def test_a_cap_holds_for_its_period_and_no_longer(make: Make) -> None:
    compound = make(_rule(cap=25, cap_period="month"))
    assert [_sweep(compound) for _ in range(4)] == [10, 20, 25, 25]
    compound.clock.now = datetime(2026, 3, 31, 15, 59, tzinfo=UTC)  # 23:59 in Shanghai
    assert _sweep(compound) == 25
    compound.clock.now += timedelta(minutes=1)
    assert _sweep(compound) == 35


def test_a_rule_holds_from_its_first_to_its_last_day(make: Make) -> None:
    compound = make(_rule(since=date(2026, 3, 3), until=date(2026, 3, 4)))
    assert _sweep(compound) == 0
    compound.clock.now += timedelta(days=1)
    assert _sweep(compound) == 10
    compound.clock.now += timedelta(days=2)
    assert _sweep(compound) == 10


def test_a_rule_can_ask_for_a_kind_of_act(make: Make) -> None:
    compound = make(_rule(where={"kind": "雪"}))
    assert (_sweep(compound, kind="叶"), _sweep(compound, kind="雪")) == (0, 10)


def test_whoever_made_a_move_is_paid_when_another_act_confirms_it(make: Make) -> None:
    compound = make(_rule(pays="begin") + _rule(name="about", pays="person", points=1))
    assert _sweep(compound) == 11


def test_several_rules_of_one_act_add_up(make: Make) -> None:
    assert _sweep(make(_rule() + _rule(name="bonus", points=5, unit="stars"))) == 10


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"since": date(2026, 2, 1), "until": date(2026, 1, 1)}, "since"),
        ({"act": "finish"}, "act"),
        ({"name": " "}, "name"),
        ({"unit": "pieces"}, "unit"),
        ({"per": "hour"}, "value"),
        ({"value": "minutes"}, "value"),
        ({"points": 0.5}, "points"),
        ({"most_per_act": 9}, "most_per_act"),
        ({"cap": 9, "cap_period": "day"}, "cap"),
        ({"cap": 100}, "cap"),
        ({"cap_period": "day"}, "cap"),
    ],
)
def test_a_rule_that_contradicts_itself_is_refused_where_it_does(
    make: Make, fields: dict[str, Any], where: str
) -> None:
    with pytest.raises(ConfigError) as error:
        make(_rule(**fields))
    assert [problem.where for problem in error.value.problems] == [f"bank.rules[0].{where}"]


def test_two_rules_of_one_name_are_refused(make: Make) -> None:
    with pytest.raises(ConfigError, match=r"bank\.rules\[1\]\.name"):
        make(_rule() + _rule(points=5))


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.integers(0, 400))
def test_a_period_is_one_stretch_of_days(first: date, days: int) -> None:
    """Two days have one name only if every day between them has it; and names fit their column."""
    for kind in ("day", "week", "month", "quarter", "half_year", "year", "ever"):
        names = [period(kind, first + timedelta(days=n)) for n in range(days + 1)]
        assert all(len(name) <= 32 for name in names)
        assert len(set(names)) == 1 + sum(one != other for one, other in pairwise(names))


def test_the_acts_of_one_person_do_not_pay_another(make: Make) -> None:
    compound = make(_rule())
    _sweep(compound)
    assert compound.free(compound.other_member) == 0


def test_a_refused_act_pays_nothing(make: Make) -> None:
    compound = make(_rule())
    with pytest.raises(Refused):
        _sweep(compound, wrong=1)
    assert compound.free() == 0


def test_the_readmes_rule_pays_whoever_finished_a_task_when_it_is_confirmed(
    new_district: Callable[..., District],
) -> None:
    readme = Path(__file__).parents[1] / "README.md"
    (example,) = re.findall(r"```toml\n(.*?)```", readme.read_text(encoding="utf-8"), re.DOTALL)
    compound = bank_compound(new_district, example.partition('enabled = ["bank"]')[2])
    district, place = compound.district, compound.place
    steward, clerk = (somebody(district, role, place) for role in ("steward", "clerk"))
    compound.bank.join(who(steward), place)
    request = district.dispatch.submit(
        place, "general", "楼道灯坏了", reporter=who(compound.resident)
    ).subject
    district.make(request, "accept", actor=clerk)
    district.make(request, "dispatch", actor=clerk)
    task = district.dispatch.open_task(request).id
    district.make(task, "finish", {"result": "换了", "minutes": 90}, actor=steward)
    assert compound.free(steward) == 0
    district.make(task, "confirm", actor=clerk)
    assert compound.free(steward) == 22, (
        "an hour and a half at 10 an hour, times one and a half, rounded down"
    )


ATTENDED = """
[[bank.rules]]
name = "志愿服务"
act = "seat.attend"
taken_back_by = ["seat.annul"]
earned_again_by = ["seat.count_again"]
pays = "person"
points = 2
cap = 5
cap_period = "month"
"""


def test_what_an_act_earned_goes_back_when_it_is_undone_as_far_as_it_is_there(
    new_district: Callable[..., District],
) -> None:
    here = year(new_district, ATTENDED)
    seats = [here.attends(60).subject for _ in range(3)]
    assert here.free() == 5, "the cap leaves one point of the third"
    here.district.make(seats[0], "annul")
    assert here.free() == 3
    assert here.attends(60).verb == "seat.attend"
    assert here.free() == 5, "what goes back does not use up the cap"
    member, other = who(here.compound.member), who(here.compound.other_member)
    here.district.award.transfer("points", 4, member, other, "转赠", place=here.compound.place)
    here.district.make(seats[1], "annul")
    assert here.free() == 0, "one was left of two"
    here.district.make(seats[2], "annul")
    assert here.free() == 0, "nothing is left, and the hours are annulled all the same"


def test_what_was_taken_back_is_earned_anew_when_the_hours_are_counted_again(
    new_district: Callable[..., District],
) -> None:
    here = year(new_district, ATTENDED.replace("points = 2", 'points = 2\nper = "hour"\nvalue = "minutes"'))
    seat, other = (here.attends(60).subject for _ in range(2))
    for minutes, left in ((120, 5), (30, 3), (0, 2)):
        here.district.make(seat, "annul")
        assert here.free() == 2, "of the other session"
        here.district.make(seat, "count_again", {"minutes": minutes})
        assert here.free() == left
    here.district.make(other, "annul")
    assert here.free() == 0
