"""The ladder of a late request climbs on when its compound is merged, split or ended."""

from collections.abc import Callable

import pytest

from linli import District
from linli.testing import a_place, all_of, pass_on
from linli_three_lists.testing import LADDER, Town
from linli_three_lists.testing import town as make_town


@pytest.fixture
def town(new_district: Callable[..., District]) -> Town:
    return make_town(new_district, LADDER, enabled=("meetings",))


def _rungs(town: Town, request: object) -> list[str]:
    acts = town.district.history(request)  # type: ignore[arg-type]
    return [act.body["rung"] for act in acts if act.verb == "request.late"]


@pytest.mark.parametrize("how", ["merge", "split"])
def test_a_late_request_of_a_compound_that_ended_climbs_to_the_street_and_proposes_the_whistle(
    town: Town, how: str
) -> None:
    request = town.dispatched()
    new = pass_on(town.district, town.place, how)
    town.work_until("2026-03-06 09:00")
    (whistle,) = all_of(town.district, "whistle")
    assert (whistle.place, whistle.record.request) == (new, request)
    town.work_until("2026-03-16 09:00")
    assert _rungs(town, request) == ["steward", "branch", "street", "district"]
    assert town.district.deliveries.failing(1) == []


def test_while_nobody_chose_the_part_the_place_above_has_the_whistle(town: Town) -> None:
    request, register = town.dispatched(), town.district.register
    path = register.node(town.street).path
    parts = [a_place(town.district, name, parent=town.street, path=path) for name in ("九区", "十区")]
    buildings = [town.building, register.place("building", "22", town.place)]
    register.split_place(town.place, dict(zip(buildings, parts, strict=True)))
    town.work_until("2026-03-06 09:00")
    (whistle,) = all_of(town.district, "whistle")
    assert (whistle.place, whistle.record.request) == (town.street, request)
    assert "street" in _rungs(town, request)
