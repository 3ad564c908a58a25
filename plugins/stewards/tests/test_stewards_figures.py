"""Coverage, by an independent count: of the journal and the register, in Python."""

import random
from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import pytest

from linli import Actor, District, PersonId, PlaceId, Private, Refused, Why
from linli.testing import somebody
from linli_stewards.api import replacing, steward_at
from linli_stewards.reading import Reading
from linli_stewards.stewardship import Named, StewardshipFlow
from linli_stewards.testing import Yard, a_yard, who


@pytest.fixture
def yard(new_district: Callable[..., District]) -> Yard:
    return a_yard(new_district, enabled=("stewards",))


def _numbers(yard: Yard, place: UUID | None = None) -> tuple[int, ...]:
    figures = yard.figures(place)
    names = ("units_total", "units_covered", "total", "party_members")
    return tuple(figures[name] for name in names)


def test_a_building_without_units_counts_as_one(yard: Yard) -> None:
    """Two units of 1栋, the undivided 2栋, and a unit in the other compound."""
    assert _numbers(yard) == (4, 0, 0, 0)
    assert _numbers(yard, yard.compound) == (3, 0, 0, 0)
    yard.appointed(yard.lone)
    assert _numbers(yard, yard.compound) == (3, 1, 1, 1)
    unit = yard.district.register.place("unit", "1单元", yard.lone)
    assert _numbers(yard, yard.compound) == (3, 1, 1, 1), "2栋 is now counted by its unit, which it covers"
    yard.district.register.end_place(unit)
    assert _numbers(yard, yard.compound) == (3, 1, 1, 1)


def test_a_building_s_steward_covers_its_units_and_those_that_are_added(yard: Yard) -> None:
    yard.appointed(yard.building)
    assert _numbers(yard) == (4, 2, 1, 1)
    yard.appointed(yard.units[0], yard.ben)
    assert _numbers(yard) == (4, 2, 2, 2)
    yard.district.register.place("unit", "3单元", yard.building)
    assert _numbers(yard) == (5, 3, 2, 2)
    yard.district.perform(
        StewardshipFlow.end(steward_at(yard.district, yard.building), Why(reason=Private("调整"))),
        actor=yard.secretary,
    )
    assert _numbers(yard) == (5, 1, 1, 1)


def test_who_is_steward_twice_is_one_steward_and_membership_follows_the_register(yard: Yard) -> None:
    yard.appointed(yard.units[0])
    yard.appointed(yard.units[1])
    assert _numbers(yard) == (4, 2, 1, 1)
    (tie,) = yard.district.register.ties(person=who(yard.ann), kind="party_member")
    yard.district.register.end_tie(who(yard.ann), "party_member", tie.at)
    assert _numbers(yard) == (4, 2, 1, 0)


def test_coverage_of_an_earlier_day_is_that_of_the_day(yard: Yard) -> None:
    start = yard.clock.now.date()
    yard.appointed(yard.units[0])
    yard.clock.now += timedelta(days=10)
    yard.appointed(yard.units[1], yard.ben)
    yard.clock.now += timedelta(days=10)
    yard.district.perform(
        StewardshipFlow.end(steward_at(yard.district, yard.units[0]), Why(reason=Private("调整"))),
        actor=yard.secretary,
    )
    yard.district.register.end_place(yard.lone)
    found = []
    for days in (0, 9, 10, 19, 20):
        day: date = start + timedelta(days=days)
        figures = yard.district.brief(None, None, day).figures
        found.append((figures["stewards.units_covered"], figures["stewards.units_total"]))
    assert found == [(1, 4), (1, 4), (2, 4), (2, 4), (1, 3)]


def test_the_brief_the_table_and_a_count_in_python_agree_after_any_changes(yard: Yard) -> None:
    dice = random.Random(20260302)
    register = yard.district.register
    places = [yard.building, *yard.units, yard.lone]
    for number in range(3, 6):
        building = register.place("building", f"{number}栋", yard.compound)
        places += [building, *(register.place("unit", f"{n}单元", building) for n in (1, 2, 3))]
    people = [yard.ann, yard.ben, *(somebody(yard.district, None, yard.compound) for _ in range(4))]
    for _ in range(60):
        _something(yard, dice, places, people)
    units, covered, stewards = _counted(yard)
    figures = yard.figures(yard.compound)
    assert (figures["units_total"], figures["units_covered"]) == (units, covered)
    assert 0 < covered < units
    members = stewards & {who(yard.ann), who(yard.ben)}
    assert (figures["total"], figures["party_members"]) == (len(stewards), len(members))
    (row,) = Reading(yard.district, yard.compound).coverage()
    assert (row.units, row.covered, row.stewards, row.party_members) == (
        units,
        covered,
        len(stewards),
        len(members),
    )
    assert len(Reading(yard.district, yard.compound).gaps()) == units - covered


def _something(yard: Yard, dice: random.Random, places: list[UUID], people: list[Actor]) -> None:
    place, person = dice.choice(places), dice.choice(people)
    what = dice.choice(("appoint", "replace", "end", "end", "end", "end_place"))
    try:
        if what == "appoint":
            yard.district.perform(
                StewardshipFlow.appoint.at(
                    PlaceId(place), Named(why_not_member=Private("x")), person=PersonId(who(person))
                ),
                actor=yard.secretary,
            )
        elif what == "replace":
            yard.district.perform(
                replacing(yard.district, place, who(person), "x", "x"), actor=yard.secretary
            )
        elif what == "end":
            yard.district.perform(
                StewardshipFlow.end(steward_at(yard.district, place), Why(reason=Private("x"))),
                actor=yard.secretary,
            )
        elif what == "end_place" and dice.random() < 0.3:
            yard.district.register.end_place(place)
    except Refused:
        return
    yard.clock.now += timedelta(minutes=5)


def _counted(yard: Yard) -> tuple[int, int, set[UUID]]:
    """By the journal's acts on stewardships, and the register's places."""
    standing = {node.id: node for node in yard.district.register.places(yard.compound)}
    stewards: dict[UUID, UUID] = {}
    with_units = {node.parent for node in standing.values() if node.kind == "unit"}
    for place in [node.id for node in yard.district.register.places(yard.compound, ended=True)]:
        for post in yard.district.register.posts(at=place, role="steward"):
            stewards[place] = post.person
    grids = [
        node
        for node in standing.values()
        if node.kind == "unit" or (node.kind == "building" and node.id not in with_units)
    ]
    covered = [
        node for node in grids if node.id in stewards or (node.kind == "unit" and node.parent in stewards)
    ]
    return len(grids), len(covered), set(stewards.values())


def test_a_gap_says_since_when_nobody_is_steward(yard: Yard) -> None:
    yard.appointed(yard.units[0])
    yard.district.perform(
        StewardshipFlow.resign(steward_at(yard.district, yard.units[0]), Why(reason=Private("身体原因"))),
        actor=yard.ann,
    )
    gaps = {gap.place: gap.since for gap in Reading(yard.district, None).gaps()}
    assert gaps == {
        yard.units[0]: yard.clock.now,
        yard.units[1]: None,
        yard.lone: None,
        yard.other_unit: None,
    }
