"""Where places are on the earth is said, and put right: a point, of a compound an outline, from a map."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from uuid import UUID

import attrs

from linli._base.coordinates import LATITUDES, LONGITUDES, SYSTEMS, Position, area_of, is_simple, wgs84
from linli._base.errors import Refused
from linli._base.i18n import Several, Text, listed, say
from linli._base.refusals import Invalid, Missing
from linli._engine.orders import AlreadySo
from linli._model.access import Actor
from linli._model.direct import ActResult
from linli._model.facts import Facts
from linli._model.locations import Location
from linli._model.values import Point
from linli._verbs.register.acts import PLACE_LOCATE
from linli._verbs.register.places import Places, changed_place
from linli._verbs.register.tree import PlaceTree, closed

_MOST_CORNERS: Final = 1_000
_LONGEST_SOURCE: Final = 80


class NothingSaid(Missing, says="say where it is: a point, or an outline"):
    field: str = "point"


class SourceNotSaid(Missing, says="say in at most {longest} characters where the coordinates are from"):
    longest: int
    field: str = "source"


class OutlineOfNoCompound(Invalid, says="only a compound has an outline; {name} is a {kind}"):
    name: str
    kind: str
    field: str = "outline"


class PlaceLocations(Places):
    """Where places are."""

    def locate_place(
        self,
        place: UUID,
        point: tuple[object, object] | None = None,
        *,
        outline: object = None,
        system: str = "wgs84",
        source: str,
        actor: Actor | None = None,
    ) -> list[Text]:
        """Say where a place is; what was known of it and is not said again stays.

        Args:
            point: latitude and longitude in degrees, numbers or their texts.
            outline: of a compound: a polygon of GeoJSON, or a feature that is one.
            system: of `linli._base.coordinates.SYSTEMS`, in which both are given; they are kept in WGS-84.
            source: where they are from, in a few words.

        Returns: what is to be looked at: a point outside its outline.
        Raises: Refused for what is no position in China, no simple closed outline, or the outline of no compound.
        """
        if point is None and outline is None:
            raise Refused(NothingSaid())
        if not source.strip() or len(source.strip()) > _LONGEST_SOURCE:
            raise Refused(SourceNotSaid(longest=_LONGEST_SOURCE))
        said = Location(
            point=point_of(*point, system) if point else None,
            outline=outline_of(outline, system) if outline is not None else (),
            system=known_system(system),
            source=source.strip(),
        )
        doubts: list[Text] = []

        def work(facts: Facts) -> ActResult:
            tree = PlaceTree(facts)
            node = tree.node(place)
            if node.until is not None:
                raise closed(node)
            if said.outline and node.kind != "compound":
                raise Refused(OutlineOfNoCompound(name=node.name, kind=node.kind))
            now = node.location.with_more(said) if node.location else said
            doubts[:] = now.doubts()
            if now == node.location:
                raise AlreadySo
            was = node.location.plain() if node.location else None
            changed = changed_place(self._code, attrs.evolve(node, location=now))
            return ActResult(body={"from": was, "to": now.plain()}, writes=(changed,))

        self._act(PLACE_LOCATE, place, work, place=place, actor=actor, at=None)
        return doubts


# --- as it is given -----------------------------------------------------------------------------------------


class NoPosition(
    Invalid,
    says="{given} is no position in China; write latitude and longitude in degrees: 27.238900, 111.467200",
):
    given: str
    field: str = "point"


class NoSystem(Invalid, says="'{system}' is no coordinate system; there are: {known}"):
    system: str
    known: Several
    field: str = "system"


class OutlineUnfit(Invalid, says="the outline {problem}"):
    problem: Text
    field: str = "outline"


def known_system(system: str) -> str:
    """The code of a coordinate system, as it is or as it is usually written: "GCJ-02"; Refused for no such one."""
    code = system.strip().lower().replace("-", "").replace(" ", "")
    if code not in SYSTEMS:
        raise Refused(NoSystem(system=system, known=listed(SYSTEMS)))
    return code


def point_of(latitude: object, longitude: object, system: str) -> Point:
    """The point that a map shows at a position; Refused where that is nowhere in China."""
    try:
        found = Decimal(str(latitude)), Decimal(str(longitude))
    except InvalidOperation:
        found = Decimal("NaN"), Decimal("NaN")
    if not (_within(found[0], LATITUDES) and _within(found[1], LONGITUDES)):
        raise Refused(NoPosition(given=f"{latitude}, {longitude}"[:60]))
    return Point.of(*found, known_system(system))


def _within(number: Decimal, limits: tuple[int, int]) -> bool:
    return number.is_finite() and limits[0] <= number <= limits[1]


def outline_of(given: object, system: str) -> tuple[Position, ...]:
    """The outline that a polygon of GeoJSON draws in a system; Refused where it is none, or cannot be one's."""
    ring = _ring(_geometry(given))
    if problem := _problem(ring):
        raise Refused(OutlineUnfit(problem=problem))
    moved = (wgs84(one, known_system(system)) for one in ring)
    return tuple((round(x, 6), round(y, 6)) for x, y in moved)


def _geometry(given: Any) -> Any:
    """The polygon within a feature, or a collection of one, as programs for maps write it."""
    if isinstance(given, Mapping) and given.get("type") == "FeatureCollection":
        features = given.get("features")
        given = features[0] if isinstance(features, list) and len(features) == 1 else None
    if isinstance(given, Mapping) and given.get("type") == "Feature":
        given = given.get("geometry")
    return given


def _ring(polygon: Any) -> list[Position]:
    rings = (
        polygon.get("coordinates")
        if isinstance(polygon, Mapping) and polygon.get("type") == "Polygon"
        else None
    )
    if not isinstance(rings, list) or not rings:
        raise Refused(OutlineUnfit(problem=say("is no polygon of GeoJSON")))
    if len(rings) > 1:
        raise Refused(OutlineUnfit(problem=say("has holes; draw its outer side alone")))
    try:
        return [(float(one[0]), float(one[1])) for one in rings[0]]
    except (TypeError, ValueError, IndexError, KeyError):
        raise Refused(OutlineUnfit(problem=say("is no polygon of GeoJSON"))) from None


def _problem(ring: Sequence[Position]) -> Text | None:
    if not 4 <= len(ring) <= _MOST_CORNERS:
        return say("must have 3 to {most} corners", most=_MOST_CORNERS)
    if ring[0] != ring[-1]:
        return say("is not closed: its last position must be its first again")
    (south, north), (west, east) = LATITUDES, LONGITUDES
    if not all(west <= x <= east and south <= y <= north for x, y in ring):
        return say("has a position that is not in China; longitude comes before latitude there")
    if area_of(ring) == 0 or not is_simple(ring):
        return say("crosses or touches itself")
    return None
