"""Where places are on the earth: a point, of a compound an outline, and from which map and whom they come."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import attrs

from linli._base import codec
from linli._base.coordinates import Position, is_inside
from linli._base.i18n import Text, say
from linli._model.values import E6, Point, point_at


@attrs.frozen(kw_only=True)
class Location:
    """Where a place is, in WGS-84.

    Attributes:
        outline: the ring around a compound, longitude before latitude, its first position again at its end; () for none.
        system: the system in which it was given, of `linli._base.coordinates.SYSTEMS`.
        source: who or what says so, in a few words: "高德导出 2026-03".
    """

    point: Point | None = None
    outline: tuple[Position, ...] = ()
    system: str = "wgs84"
    source: str = ""

    @property
    def geojson(self) -> Mapping[str, Any] | None:
        """The outline as a polygon of GeoJSON (RFC 7946); None where there is none."""
        return {"type": "Polygon", "coordinates": [list(map(list, self.outline))]} if self.outline else None

    @property
    def columns(self) -> tuple[Any, ...]:
        """What the table of places has of it: millionths of a degree, the outline as text."""
        point, outline = self.point, self.geojson
        e6 = (int(point.latitude * E6), int(point.longitude * E6)) if point else (None, None)
        return (*e6, codec.encode(outline) if outline else None, self.system, self.source)

    def plain(self) -> dict[str, Any]:
        """What the journal and programs are told."""
        told = {"outline": self.geojson, "coordinate_system": self.system, "coordinate_source": self.source}
        at = {"latitude": self.point.latitude, "longitude": self.point.longitude} if self.point else {}
        return at | {name: value for name, value in told.items() if value}

    def with_more(self, newer: "Location") -> "Location":
        """What holds once something newer is known: a new point leaves the outline, a new outline the point."""
        return attrs.evolve(newer, point=newer.point or self.point, outline=newer.outline or self.outline)

    def doubts(self) -> list[Text]:
        """What is to be looked at, though it is taken."""
        at = (float(self.point.longitude), float(self.point.latitude)) if self.point else None
        if at is None or not self.outline or is_inside(self.outline, at):
            return []
        return [say("the point is outside the outline; see that both are of this place, and of one map")]


NOWHERE: Final = (None,) * 5
"""The columns of a place of which nobody said where it is."""


def location_from(columns: Sequence[Any]) -> Location | None:
    """What the columns of a place say; None where they say nothing."""
    latitude, longitude, outline, system, source = columns
    if system is None:
        return None
    ring = codec.decode(outline)["coordinates"][0] if outline else ()
    positions = tuple((float(x), float(y)) for x, y in ring)
    return Location(point=point_at(latitude, longitude), outline=positions, system=system, source=source)
