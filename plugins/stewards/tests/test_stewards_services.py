"""The five kinds of service: they go to the steward of the unit, or to whoever stands in."""

from collections.abc import Callable
from typing import Any

import pytest

from linli import Actor, District, NoInputs, Seat
from linli_stewards.reports import services
from linli_stewards.testing import Yard, a_yard


@pytest.fixture(params=[("stewards",), ("stewards", "three_lists")])
def yard(request: pytest.FixtureRequest, new_district: Callable[..., District]) -> Yard:
    return a_yard(new_district, enabled=request.param)


def test_a_unit_s_own_steward_wins_over_its_building_s(yard: Yard) -> None:
    yard.appointed(yard.building, yard.ben)
    yard.appointed(yard.units[0], yard.ann)
    holders = [yard.dispatched("上门检测", home).holder for home in yard.homes]
    assert holders == [Seat(role="steward", at=yard.units[0]), Seat(role="steward", at=yard.building)]
    assert yard.dispatched("上门检测", yard.homes[0]).record.rule == "stewards: steward"


def test_without_a_steward_the_compound_s_branch_has_it_and_the_record_says_that_it_stands_in(
    yard: Yard,
) -> None:
    task = yard.dispatched("邻里纠纷", yard.homes[0])
    assert task.holder == Seat(role=None, at=yard.branch)
    assert task.record.rule == "stewards: stands in for: steward"


def test_an_emergency_goes_to_the_steward_at_once_and_to_the_duty_rota_where_there_is_none(
    yard: Yard,
) -> None:
    yard.appointed(yard.units[0])
    task = yard.dispatched("突发应急", yard.homes[0])
    assert (task.holder, task.record.urgent) == (Seat(role="steward", at=yard.units[0]), True)
    assert not task.clocks["task"].service, "its clock counts nights and holidays"
    lone = yard.dispatched("突发应急", yard.homes[1])
    assert lone.holder.role == "duty"


def test_a_complaint_about_the_steward_does_not_reach_them(yard: Yard) -> None:
    yard.appointed(yard.units[0])
    desk = yard.district.dispatch
    request = desk.submit(
        yard.homes[0], "邻里纠纷", "楼栋长态度不好", about=yard.ann.person, actor=yard.clerk
    ).subject
    yard.district.make(request, "accept", actor=yard.clerk)
    seat = {"role": "clerk", "at": yard.community}
    yard.district.make(request, "dispatch", seat, actor=yard.clerk)
    assert desk.open_task(request).holder == Seat(role="clerk", at=yard.community)


def _done(yard: Yard, category: str, doer: Actor, home: int = 0) -> None:
    task = yard.dispatched(category, yard.homes[home])
    yard.district.make(task.id, "take", actor=doer)
    yard.district.make(task.id, "finish", {"result": "已办"}, actor=doer)
    yard.district.make(task.id, "confirm", actor=yard.clerk)


def test_what_stewards_were_asked_took_and_did_is_counted_by_kind(yard: Yard) -> None:
    yard.appointed(yard.units[0])
    _done(yard, "上门检测", yard.ann)
    _done(yard, "邻里纠纷", yard.ann)
    yard.dispatched("上门检测", yard.homes[0])
    _done(yard, "邻里纠纷", yard.member, home=1)
    figures = yard.figures()
    assert (figures["asked"], figures["taken"], figures["done"]) == (3, 2, 2)
    assert (figures["testing"], figures["mediations"], figures["meals"]) == (1, 1, 0)
    assert yard.figures(yard.other)["done"] == 0


def test_a_service_of_another_kind_is_not_counted_as_theirs(yard: Yard) -> None:
    yard.appointed(yard.units[0])
    _done(yard, "路灯", yard.ann)
    assert {yard.figures()[name] for name in ("asked", "taken", "done")} == {0}


def test_what_is_finished_without_being_taken_first_is_taken(yard: Yard) -> None:
    yard.appointed(yard.units[0])
    task = yard.dispatched("上门检测", yard.homes[0])
    yard.district.make(task.id, "finish", {"result": "已办"}, actor=yard.ann)
    assert yard.figures()["taken"] == 1


def test_the_five_kinds_are_listed_with_what_the_catalogue_calls_them(yard: Yard) -> None:
    records: Any = services.ask(yard.district, NoInputs()).records
    names = {one.code: (one.kind, one.name, one.urgent) for one in records}
    assert len(names) == 5
    assert names["home_emergency"] == ("emergencies", "突发应急", True)
    assert names["elder_meals"] == ("meals", None, False)
