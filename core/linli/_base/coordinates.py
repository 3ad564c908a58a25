"""Where things are on the earth: WGS-84, as satellites give it, and the systems of Chinese maps, which are converted.

GCJ-02 (高德, 腾讯, the state's web maps) shifts WGS-84 by some hundred metres, BD-09 (百度) shifts that again. Neither has an
official inverse; both are continuous and near to the identity, so that it is found by going back what forward goes too far.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from math import atan2, cos, hypot, pi, radians, sin, sqrt

Position = tuple[float, float]
"""Longitude and latitude in degrees, in this order, as GeoJSON (RFC 7946) has them."""

# The ellipsoid of Krasovsky 1940, by which GCJ-02 turns metres into degrees.
_AXIS, _ECCENTRICITY = 6_378_245.0, 0.006_693_421_622_965_943
_WAVE = pi * 3000 / 180
_PRECISION, _ROUNDS = 1e-10, 30


def gcj02_from_wgs84(position: Position) -> Position:
    """Where a map in GCJ-02 shows a place of China."""
    longitude, latitude = position
    x, y = longitude - 105, latitude - 35
    bent = 1 - _ECCENTRICITY * sin(radians(latitude)) ** 2
    north = _north(x, y) * 180 * bent * sqrt(bent) / (_AXIS * (1 - _ECCENTRICITY) * pi)
    east = _east(x, y) * 180 * sqrt(bent) / (_AXIS * cos(radians(latitude)) * pi)
    return longitude + east, latitude + north


def _north(x: float, y: float) -> float:
    """Metres."""
    plain = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    return plain + _waves((20, 6 * x), (20, 2 * x), (20, y), (40, y / 3), (160, y / 12), (320, y / 30))


def _east(x: float, y: float) -> float:
    """Metres."""
    plain = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    return plain + _waves((20, 6 * x), (20, 2 * x), (20, x), (40, x / 3), (150, x / 12), (300, x / 30))


def _waves(*waves: tuple[float, float]) -> float:
    return sum(height * sin(turns * pi) for height, turns in waves) * 2 / 3


def bd09_from_gcj02(position: Position) -> Position:
    """Where a map in BD-09 shows what one in GCJ-02 shows at a position."""
    x, y = position
    far = hypot(x, y) + 0.00002 * sin(y * _WAVE)
    angle = atan2(y, x) + 0.000003 * cos(x * _WAVE)
    return far * cos(angle) + 0.0065, far * sin(angle) + 0.006


def bd09_from_wgs84(position: Position) -> Position:
    """Where a map in BD-09 shows a place of China."""
    return bd09_from_gcj02(gcj02_from_wgs84(position))


def _back(forward: Callable[[Position], Position], shown: Position) -> Position:
    """The position that `forward` leads from."""
    x, y = shown
    for _ in range(_ROUNDS):
        there = forward((x, y))
        east, north = shown[0] - there[0], shown[1] - there[1]
        x, y = x + east, y + north
        if max(abs(east), abs(north)) < _PRECISION:
            break
    return x, y


SYSTEMS: Mapping[str, str] = {
    "wgs84": "GPS (WGS-84)",
    "gcj02": "Amap (GCJ-02)",
    "bd09": "Baidu (BD-09)",
}
"""The systems in which positions are given, by code, with who uses them: 腾讯 has that of 高德, 天地图 has CGCS2000, which is WGS-84
to a few centimetres."""
WORDS = SYSTEMS  # for catalogues
_FORWARD: Mapping[str, Callable[[Position], Position]] = {"gcj02": gcj02_from_wgs84, "bd09": bd09_from_wgs84}


def wgs84(position: Position, system: str) -> Position:
    """A position of a system of `SYSTEMS` in WGS-84; KeyError for another system."""
    return position if system == "wgs84" else _back(_FORWARD[system], position)


LATITUDES, LONGITUDES = (3, 54), (73, 136)
"""Beyond these degrees nothing is in China; the two do not meet, so that one taken for the other is found."""


# --- outlines: the ring of a polygon, its first position again at its end ---------------------------------


def area_of(ring: Sequence[Position]) -> float:
    """What a ring goes round, in square degrees; below 0 where it goes clockwise."""
    return sum(x * v - u * y for (x, y), (u, v) in pairwise(ring)) / 2


def is_simple(ring: Sequence[Position]) -> bool:
    """Whether no two sides of a ring meet but where one ends and the next begins."""
    sides = list(pairwise(ring))
    last = len(sides) - 1
    return not any(
        _meet(sides[first], sides[second])
        for first in range(len(sides))
        for second in range(first + 2, len(sides))
        if (first, second) != (0, last)
    ) and not any(_turns_back(one, other) for one, other in pairwise([*sides, sides[0]]))


Side = tuple[Position, Position]


def _side_of(line: Side, point: Position) -> float:
    (ax, ay), (bx, by) = line
    return (bx - ax) * (point[1] - ay) - (by - ay) * (point[0] - ax)


def _between(line: Side, point: Position) -> bool:
    """Whether a point on the line of a side is on the side."""
    (ax, ay), (bx, by) = line
    return min(ax, bx) <= point[0] <= max(ax, bx) and min(ay, by) <= point[1] <= max(ay, by)


def _meet(one: Side, other: Side) -> bool:
    first, second = (_side_of(other, end) for end in one)
    third, fourth = (_side_of(one, end) for end in other)
    if first * second < 0 and third * fourth < 0:
        return True
    on_line = (
        (first, other, one[0]),
        (second, other, one[1]),
        (third, one, other[0]),
        (fourth, one, other[1]),
    )
    return any(side == 0 and _between(line, end) for side, line, end in on_line)


def _turns_back(one: Side, other: Side) -> bool:
    """Whether the next side goes back along this one."""
    (start, end), (_, last) = one, other
    there = (end[0] - start[0], end[1] - start[1])
    back = (last[0] - end[0], last[1] - end[1])
    return _side_of(one, last) == 0 and there[0] * back[0] + there[1] * back[1] < 0


def is_inside(ring: Sequence[Position], point: Position) -> bool:
    """Whether a point is within a ring, by how many of its sides a line from there to the east crosses."""
    return sum(_crossings(ring, point)) % 2 == 1


def _crossings(ring: Sequence[Position], point: Position) -> Iterator[bool]:
    x, y = point
    for (ax, ay), (bx, by) in pairwise(ring):
        if (ay > y) != (by > y):
            yield x < ax + (y - ay) / (by - ay) * (bx - ax)
