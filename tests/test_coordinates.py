"""Positions: what Chinese maps make of WGS-84 and back, and outlines that can be one's."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli._base.coordinates import (
    LATITUDES,
    LONGITUDES,
    Position,
    area_of,
    bd09_from_gcj02,
    bd09_from_wgs84,
    gcj02_from_wgs84,
    is_inside,
    is_simple,
    wgs84,
)

# Points that implementations of the formulas agree on: WGS-84, GCJ-02, longitude before latitude.
KNOWN = {
    "Shanghai": ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
    "Shenzhen": ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
    "Beijing": ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
}
SHANGHAI_IN_BD09 = (121.53801568643858, 31.181328606874466)


def metres(one: Position, other: Position) -> float:
    north, east = other[1] - one[1], (other[0] - one[0]) * math.cos(math.radians(one[1]))
    return math.hypot(north, east) * 111_320


@pytest.mark.parametrize("city", KNOWN)
def test_known_points_are_where_maps_show_them(city: str) -> None:
    real, shown = KNOWN[city]
    assert metres(gcj02_from_wgs84(real), shown) < 0.01
    assert metres(wgs84(shown, "gcj02"), real) < 0.01
    assert 200 < metres(real, shown) < 900, "what taking one system for the other costs"


def test_a_known_point_of_baidu() -> None:
    real, shown = KNOWN["Shanghai"]
    assert metres(bd09_from_gcj02(shown), SHANGHAI_IN_BD09) < 0.01
    assert metres(wgs84(SHANGHAI_IN_BD09, "bd09"), real) < 0.01


@given(st.floats(LONGITUDES[0], LONGITUDES[1]), st.floats(LATITUDES[0], LATITUDES[1]))
def test_there_and_back_is_the_same_place_everywhere(longitude: float, latitude: float) -> None:
    here = (longitude, latitude)
    assert metres(wgs84(gcj02_from_wgs84(here), "gcj02"), here) < 0.05
    assert metres(wgs84(bd09_from_wgs84(here), "bd09"), here) < 0.05
    assert wgs84(here, "wgs84") == here


SQUARE = [(0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0), (0.0, 0.0)]
NOT_SIMPLE = {
    "a bow tie": [(0, 0), (2, 2), (2, 0), (0, 2), (0, 0)],
    "one that touches itself": [(0, 0), (4, 0), (4, 4), (2, 0), (0, 4), (0, 0)],
    "one that goes there and back": [(0, 0), (2, 0), (4, 0), (2, 0), (2, 2), (0, 0)],
    "a line": [(0, 0), (2, 2), (0, 0), (0, 0)],
}


def test_an_outline_is_simple_and_knows_what_is_inside() -> None:
    assert is_simple(SQUARE)
    assert (area_of(SQUARE), area_of(SQUARE[::-1])) == (4, -4)
    assert [is_inside(SQUARE, one) for one in ((1, 1), (3, 1), (1, -1), (-1, 1))] == [
        True,
        False,
        False,
        False,
    ]


@pytest.mark.parametrize("what", NOT_SIMPLE)
def test_an_outline_that_meets_itself_is_not_simple(what: str) -> None:
    ring = [(float(x), float(y)) for x, y in NOT_SIMPLE[what]]
    assert not is_simple(ring) or area_of(ring) == 0


@given(st.lists(st.integers(10, 100), min_size=3, max_size=40))
def test_a_star_around_its_middle_is_simple_and_has_its_middle_inside(radii: list[int]) -> None:
    turn = 2 * math.pi / len(radii)
    ring = [(far * math.cos(turn * n), far * math.sin(turn * n)) for n, far in enumerate(radii)]
    assert is_simple([*ring, ring[0]])
    assert is_inside([*ring, ring[0]], (0.01, 0.013))
