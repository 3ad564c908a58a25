"""Homes: rows of 小区, 楼栋, 单元, 房号, 面积 become the tree of places."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import BindParameter, bindparam, select

from linli._base.errors import Refused
from linli._base.i18n import say
from linli._hooks.importers import Importer
from linli._importing.batches import BadLine, Batch, Line
from linli._model.locations import Location
from linli._model.sheets import Column, Kind
from linli._store import Write
from linli._store import tables as t
from linli._store.bulk import Lookup, bulk, bulk_into
from linli._verbs.register.kinds import COMPOUND_KINDS, PART_USES, PLACE_KINDS
from linli._verbs.register.locating import point_of
from linli._verbs.register.names import folded
from linli._verbs.register.places import changed_place, square_metres
from linli._verbs.register.tree import NODE_COLUMNS, PlaceNode, PlaceTree, node_from

# A column of a row, and the kind of place that it names, from above down.
ABOVE: Final = (("street", "street"), ("community", "community"))
BELOW: Final = (("building", "building"), ("unit", "unit"), ("room", "exclusive_part"))

STREET = Column(
    name="street", kind=Kind.CODE, essential=True, headings=("街道", "所属街道", "镇街", "乡镇街道")
)
COMMUNITY = Column(
    name="community", kind=Kind.CODE, essential=True, headings=("社区", "所属社区", "所在社区", "社区名称")
)
COMPOUND = Column(
    name="compound",
    kind=Kind.CODE,
    essential=True,
    headings=("小区", "小区名称", "所在小区", "居住小区", "所属小区", "院落", "小区院落", "院落名称"),
)
BUILDING = Column(
    name="building",
    kind=Kind.CODE,
    essential=True,
    headings=("楼栋", "栋", "楼栋号", "栋号", "楼号", "幢号", "幢", "楼", "所在楼栋"),
)
UNIT = Column(name="unit", kind=Kind.CODE, essential=True, headings=("单元", "单元号", "所在单元"))
ROOM = Column(
    name="room",
    kind=Kind.CODE,
    essential=True,
    headings=("房号", "房间号", "室号", "门牌号", "房屋编号", "户号", "室"),
)
PLACE_COLUMNS: Final = (STREET, COMMUNITY, COMPOUND, BUILDING, UNIT, ROOM)

_PLACE_NAMES: Final = tuple(column.name for column in PLACE_COLUMNS)
_Names = tuple[str | None, ...]
_PLACES = bulk_into(t.place, rank=12)
_d: BindParameter[str] = bindparam("district")
_BY_KIND: Final = Lookup(select(*NODE_COLUMNS).where(t.place.c.district == _d), t.place.c.kind)
_UPPER: Final = tuple(
    kind.name for kind in PLACE_KINDS.values() if kind.level <= PLACE_KINDS["compound"].level
)


class Homes:
    """The places that rows name, found by their names or made.

    Args:
        make: whether a place below a known compound is made where there is none.
        compounds: whether compounds, and what is above them, are made too.
    """

    def __init__(self, batch: Batch, *, make: bool, compounds: bool = False) -> None:
        self.tree = PlaceTree(batch.facts)
        self._root = self.tree.node(batch.root)
        self._make, self._make_compounds = make, compounds
        self._upper: dict[str, list[PlaceNode]] = {}
        for row in batch.facts.found(_BY_KIND, _UPPER):
            self._know(node_from(row))
        self._known: dict[_Names, PlaceNode] = {}

    def _know(self, node: PlaceNode) -> None:
        self._upper.setdefault(folded(node.kind, node.name), []).append(node)

    def prepare(self, lines: Sequence[Line]) -> None:
        """Read level by level what these rows need, instead of one place at a time."""
        wanted = {_names(line) for line in lines}
        level: dict[_Names, PlaceNode] = {}
        for names in {names[:3] for names in wanted if names[2]}:
            found = self._compounds(names)
            if len(found) == 1:
                level[names] = found[0]
        for depth, (_column, kind) in enumerate(BELOW, start=3):
            level = self._next_level({names[: depth + 1] for names in wanted}, level, kind)

    def _next_level(
        self, wanted: Iterable[_Names], level: Mapping[_Names, PlaceNode], kind: str
    ) -> dict[_Names, PlaceNode]:
        known = {names: level[names[:-1]] for names in wanted if names[:-1] in level}
        self.tree.foresee((above.id, kind, names[-1]) for names, above in known.items() if names[-1])
        found = {
            names: self.tree.standing(above.id, kind, names[-1]) if names[-1] else above
            for names, above in known.items()
        }
        return {names: node for names, node in found.items() if node is not None}

    def _compounds(self, names: _Names) -> list[PlaceNode]:
        name = names[2]
        if name is None:
            return []
        found = [node for node in self._upper.get(folded("compound", name), ()) if node.kind == "compound"]
        standing = [node for node in found if node.until is None] or [
            self.tree.node(node.id) for node in found
        ]
        for (_column, kind), above in zip(ABOVE, names, strict=False):
            if above is not None:
                standing = [node for node in standing if self._is_below(node, kind, above)]
        return standing

    def _is_below(self, node: PlaceNode, kind: str, name: str) -> bool:
        known = self._upper.get(folded(kind, name), ())
        return any(above.kind == kind and node.path.startswith(above.path) for above in known)

    def of(self, line: Line, record: Mapping[str, Any] | None = None) -> PlaceNode | None:
        """The place that a row names; None where it names none. BadLine where it cannot be found or made."""
        names = _names(line)
        if not record and names in self._known:
            return self._known[names]
        if names[2] is None:
            self._nothing_below(line)
            return None
        node = self._compound(line, names)
        deepest = _deepest(line)
        for (column, kind), name in zip(BELOW, names[3:], strict=True):
            if name is not None:
                node = self._below(node, kind, column, name, record if column == deepest else None)
        if not record:
            self._known[names] = node
        return node

    def nearest(self, line: Line) -> tuple[PlaceNode, BadLine | None]:
        """The place that a row names, as far down as it can be found, and why no further; the district for none.

        Raises: BadLine where there is no such compound, or several.
        """
        names = _names(line)
        if names[2] is None:
            named = [column for column, _ in BELOW if line.text(column) is not None]
            why = say("this is missing: in which compound is it?")
            lost = BadLine(named[-1], why) if named and "compound" not in line.unread else None
            return self._root, lost
        node = self._compound(line, names)
        for (column, kind), name in zip(BELOW, names[3:], strict=True):
            if column in line.unread:
                break
            if name is not None:
                try:
                    node = self._below(node, kind, column, name, None)
                except BadLine as lost:
                    return node, lost
        return node, None

    def _nothing_below(self, line: Line) -> None:
        for column, _ in BELOW:
            if line.text(column) is not None:
                raise BadLine("compound", say("this is missing: in which compound is it?"))

    def _below(
        self, above: PlaceNode, kind: str, column: str, name: str, record: Mapping[str, Any] | None
    ) -> PlaceNode:
        try:
            if self._make:
                return self.tree.grow(above, kind, name, record=record)
            found = self.tree.child(above, kind, name)
        except Refused as refusal:
            raise BadLine(column, refusal.text) from None
        return found or self._further_down(above, kind, column, name)

    def _further_down(self, above: PlaceNode, kind: str, column: str, name: str) -> PlaceNode:
        """The one place of that name below the units, where a row names none of these."""
        found = self.tree.further_down(above, kind, name)
        if len(found) == 1:
            return found[0]
        if found:
            raise BadLine(
                column,
                say(
                    "{above} has {count} of this name; give the 单元 too", above=above.name, count=len(found)
                ),
            )
        raise BadLine(
            column,
            say(
                "{above} has none of this name; correct it, or import the list of homes first",
                above=above.name,
            ),
        )

    def _compound(self, line: Line, names: _Names) -> PlaceNode:
        found = self._compounds(names)
        if len(found) > 1:
            raise BadLine(
                "compound",
                say("several compounds have this name; add a column 街道 or 社区 that tells which"),
            )
        if found and found[0].until is None:
            return self.tree.latest(found[0])
        if found or not self._make_compounds:
            raise BadLine(
                "compound",
                say("there is no compound of this name; correct it, or import the list of homes first"),
            )
        return self._new_compound(line)

    def _new_compound(self, line: Line) -> PlaceNode:
        above = self._root
        for column, kind in (*ABOVE, ("compound", "compound")):
            name = line.text(column)
            if name is not None:
                try:
                    above = self.tree.grow(above, kind, name)
                except Refused as refusal:
                    raise BadLine(column, refusal.text) from None
                if above.id in self.tree.grown and above not in self._upper.get(folded(kind, above.name), ()):
                    self._know(above)
        return above

    def writes(self, district: str) -> list[Write]:
        """The places that are new or changed."""
        new = self.tree.rows(district)
        return [
            *([bulk(_PLACES, new)] if new else []),
            *(changed_place(district, node) for node in self.tree.amended()),
        ]


def _names(line: Line) -> _Names:
    values = line.values
    return tuple([values.get(name) for name in _PLACE_NAMES])


def _deepest(line: Line) -> str:
    named = [column for column, _ in BELOW if line.text(column) is not None]
    return named[-1] if named else "compound"


def _load(lines: Sequence[Line], batch: Batch) -> None:
    homes = Homes(batch, make=True, compounds=True)
    homes.prepare(lines)
    for line in lines:
        try:
            _take(line, homes, batch)
        except Refused as refusal:
            batch.refuse(line, refusal)
    batch.write(homes.writes(batch.rules.district))


def _take(line: Line, homes: Homes, batch: Batch) -> None:
    tree = homes.tree
    places, changes = len(tree.grown), tree.changes
    kind = line.text("compound_kind")
    node = homes.of(line, _part_record(line))
    if node is None:
        raise BadLine("compound", say("this is missing, and without it the row cannot be imported"))
    if kind is not None:
        tree.amend(tree.node(node.reporting_place), {"kind": kind})
    if said := _location(line, batch):
        known = tree.latest(node).location
        tree.amend(tree.latest(node), {}, location=known.with_more(said) if known else said)
    batch.took(node.id, new=len(tree.grown) > places, changed=tree.changes > changes)


def _part_record(line: Line) -> dict[str, Any]:
    area, use = line.values.get("area"), line.values.get("use")
    record: dict[str, Any] = {}
    if isinstance(area, Decimal):
        record["area"] = square_metres(area)
    if use is not None:
        record["use"] = use
    return record


def _location(line: Line, batch: Batch) -> Location | None:
    """Where a row says that its place is; a cell that cannot be meant is left out, and that is told."""
    latitude, longitude, system = (line.values.get(column.name) for column in COORDINATES)
    if latitude is None and longitude is None:
        return None
    if latitude is None or longitude is None:
        batch.leave_out(
            line, "longitude" if latitude is None else "latitude", say("give latitude and longitude")
        )
        return None
    if system is None:
        why = say(
            "say in 坐标系 which map the coordinates are from; one taken for another is half a kilometre away"
        )
        batch.leave_out(line, "coordinate_system", why)
        return None
    try:
        return Location(point=point_of(latitude, longitude, system), system=system, source=batch.source)
    except Refused as refusal:
        batch.leave_out(line, "latitude", refusal.text)
        return None


_SYSTEMS: Final = {
    **dict.fromkeys(("WGS84", "WGS-84", "GPS", "CGCS2000", "天地图"), "wgs84"),
    **dict.fromkeys(("GCJ02", "GCJ-02", "高德", "腾讯", "火星", "国测局"), "gcj02"),
    **dict.fromkeys(("BD09", "BD-09", "百度"), "bd09"),
}
COORDINATES: Final = (
    Column(name="latitude", kind=Kind.NUMBER, headings=("纬度", "维度", "lat", "latitude")),
    Column(name="longitude", kind=Kind.NUMBER, headings=("经度", "lng", "lon", "longitude")),
    Column(
        name="coordinate_system",
        kind=Kind.CHOICE,
        choices=_SYSTEMS,
        headings=("坐标系", "坐标系统", "坐标类型"),
        help=say("the map that the coordinates are from: WGS84, 高德, 百度"),
    ),
)
HOMES = Importer(
    kind="homes",
    done="homes taken from a file",
    label="homes",
    columns=(
        *PLACE_COLUMNS,
        Column(
            name="compound_kind",
            headings=("小区类型", "小区类别", "小区性质"),
            kind=Kind.CHOICE,
            choices=COMPOUND_KINDS,
        ),
        Column(
            name="area",
            headings=("面积", "建筑面积", "房屋面积", "产权面积", "专有部分面积"),
            kind=Kind.AREA,
            help=say("the area of the home, in m²"),
        ),
        Column(name="use", headings=("用途", "房屋用途", "房屋类型"), kind=Kind.CHOICE, choices=PART_USES),
        *COORDINATES,
    ),
    load=_load,
    plain=True,
)
