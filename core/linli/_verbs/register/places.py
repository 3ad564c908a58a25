"""Places: registered, found by their names, listed."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, select, update

from linli._base import codec
from linli._base.errors import NotFound, Refused
from linli._base.i18n import Several, listed
from linli._base.identity import mask_address
from linli._base.refusals import Invalid, NotFoundHere
from linli._config.district import DistrictSettings
from linli._engine.listing import name_paths
from linli._engine.orders import AlreadySo
from linli._model.access import Actor
from linli._model.direct import ActResult
from linli._model.facts import Facts
from linli._model.inputs import PlaceId
from linli._model.lookups import PLACE, root_id
from linli._store import Write
from linli._store import tables as t
from linli._store.statements import insert_into, write_statement
from linli._verbs.register.acts import PLACE_REGISTER
from linli._verbs.register.base import Desk, Stale, as_uuid
from linli._verbs.register.kinds import PLACE_KINDS, compound_kind, part_use, place_kind
from linli._verbs.register.names import folded
from linli._verbs.register.tree import NODE_COLUMNS, PlaceNode, PlaceTree, node_from

_INSERT = insert_into(t.place, rank=12)
_NAMES: Final = tuple(column.name for column in t.place.columns)
LOCATION: Final = ("latitude_e6", "longitude_e6", "outline", "coordinate_system", "coordinate_source")
_CHANGING: Final = ("name", "parent", "code", "path", "reporting_place", "record", "until", *LOCATION)
_UPDATE = write_statement(
    update(t.place)
    .where(t.place.c.district == bindparam("the_district"), t.place.c.id == bindparam("the_id"))
    .values({name: bindparam(f"new_{name}") for name in _CHANGING}),
    rank=13,
    name="update place",
)
_p = t.place.c


def new_place(district: str, node: PlaceNode) -> Write:
    """The write of a place that is new."""
    return Write(_INSERT, dict(zip(_NAMES, node.row(district), strict=True)), node.path)


def changed_place(district: str, node: PlaceNode) -> Write:
    """The write of a place as it now is."""
    values = dict(zip(_NAMES, node.row(district), strict=True))
    changed = {f"new_{name}": values[name] for name in _CHANGING}
    return Write(_UPDATE, changed | {"the_district": district, "the_id": node.id}, node.path)


class NotAnArea(Invalid, says="an area is a number of m² above 0, such as 89.50"):
    field: str = "area"


def square_metres(area: Decimal | str) -> str:
    """An area in m² as records keep it: a decimal in plain digits; Refused when it is none above 0."""
    try:
        number = Decimal(area)
    except InvalidOperation:
        number = Decimal(0)
    if not number.is_finite() or number <= 0:
        raise Refused(NotAnArea())
    return format(number, "f")


def _checked(kind: str, record: Mapping[str, Any]) -> dict[str, Any]:
    checks = {
        ("compound", "kind"): compound_kind,
        ("exclusive_part", "use"): part_use,
        ("exclusive_part", "area"): square_metres,
    }
    return {
        name: checks[kind, name](value)
        if (kind, name) in checks and value is not None
        else codec.plain(value)
        for name, value in record.items()
    }


class NoPlaceCalled(NotFoundHere, says="there is no place '{text}'; see: linli place list"):
    text: str


class SeveralPlaces(Invalid, says="several places are called '{text}'; name one of them: {paths}"):
    text: str
    paths: Several
    field: str = "place"


class Places(Desk):
    """The tree of places."""

    def root(self) -> UUID:
        """The place that the whole district is; made when it is first asked for."""
        ident = root_id(self._code)
        if not self._nodes([ident]):
            name = self._district.configuration.section(DistrictSettings).name
            node = PlaceNode(
                id=ident, kind="district", name=name, parent=None, path=f"{ident.hex}/", reporting_place=ident
            )
            done = ActResult(body={"kind": "district"}, writes=(new_place(self._code, node),))
            self._act(PLACE_REGISTER, ident, self._unless_there(ident, done), actor=None, at=None)
        return ident

    def _unless_there(self, ident: UUID, done: ActResult) -> Any:
        def work(facts: Facts) -> ActResult:
            if facts.rows(PLACE, id=ident):
                raise AlreadySo
            return done

        return work

    def place(
        self,
        kind: str,
        name: str,
        parent: UUID | None = None,
        *,
        code: str | None = None,
        record: Mapping[str, Any] | None = None,
        since: date | None = None,
        sure: bool = False,
        actor: Actor | None = None,
        at: datetime | None = None,
    ) -> UUID:
        """Register a place, or find the one of that name there; what is given of it holds from now on.

        Args:
            kind: a name of `PLACE_KINDS`, or what people call it.
            parent: the place that it stands below; None: the district.
            code: its code in the state's register of addresses.
            sure: whether the name may be that of somebody registered there.
            record: what else is kept: of a compound `kind` ("old", "commercial", "courtyard"), of
                an exclusive part `area` (m², a Decimal or its text) and `use` ("home", "shop", "parking").

        Raises: NotFound for the parent; Refused where it cannot stand there, or has ended.
        """
        named = place_kind(kind).name
        if named == "district":
            return self.root()
        given = _checked(named, record or {})
        above = parent or self.root()

        def grown(facts: Facts) -> tuple[PlaceTree, PlaceNode]:
            tree = PlaceTree(facts)
            return tree, tree.grow(tree.node(above), named, name, record=given, code=code, since=since)

        def attempt() -> UUID:
            with self._facts(at) as facts:
                planned = grown(facts)[1]

            def work(facts: Facts) -> ActResult:
                tree, node = grown(facts)
                if node.id != planned.id:
                    raise Stale
                return self._registered(tree, node)

            named = None if sure else name
            self._act(PLACE_REGISTER, planned.id, work, place=planned.parent, actor=actor, at=at, named=named)
            return planned.id

        return self._settled(attempt)

    def _registered(self, tree: PlaceTree, node: PlaceNode) -> ActResult:
        body = {"kind": node.kind, "record": dict(node.record), "code": node.code}
        if node.id in tree.grown:
            return ActResult(body=body, writes=(new_place(self._code, node),))
        if node.id not in tree.changed:
            raise AlreadySo
        return ActResult(body=body, writes=(changed_place(self._code, node),))

    def find_place(self, text: str | UUID) -> PlaceId:
        """The place that a person names: its number, or a path of names such as "锦绣花园/3栋/2单元".

        The first name is of a compound or of a place above compounds, or begins at the district.
        Raises: NotFound; Refused where several places are so called, with the paths of all.
        """
        return PlaceId(self.node(text).id)

    def node(self, text: str | UUID) -> PlaceNode:
        """The place itself, see `find_place`."""
        ident = as_uuid(text)
        with self._facts() as facts:
            tree = PlaceTree(facts)
            if ident:
                return tree.node(ident)
            first, *below = [part for part in str(text).split("/") if part.strip()] or [""]
            found = [tree.node(node.id) for node in self._named(first)]
            for name in below:
                found = [child for node in found for child in _below(tree, node, name)]
            found = list({node.id: node for node in found}.values())
        if len(found) == 1:
            return found[0]
        raise self._unclear(str(text), found)

    def _named(self, name: str) -> list[PlaceNode]:
        """Places from the district down to compounds that have this name, open ones before ended ones."""
        upper = [kind.name for kind in PLACE_KINDS.values() if kind.level <= PLACE_KINDS["compound"].level]
        query = select(*NODE_COLUMNS).where(_p.district == self._code, _p.kind.in_(upper))
        with self._district.store.reading() as connection:
            nodes = [node_from(tuple(row)) for row in connection.execute(query)]
        same = [node for node in nodes if folded(node.kind, node.name) == folded(node.kind, name)]
        return [node for node in same if node.until is None] or same

    def _unclear(self, text: str, found: list[PlaceNode]) -> Refused:
        if not found:
            # What was typed may be somebody's address.
            return NotFound(NoPlaceCalled(text=mask_address(text)))
        paths = listed(self.name_path(node.id) for node in found)
        return Refused(SeveralPlaces(text=text, paths=paths))

    def name_path(self, ident: UUID) -> str:
        """The names of a place and of all above it, below the district: "锦绣花园/3栋/2单元"."""
        found = self.node(ident).id
        return self.name_paths([found])[found]

    def name_paths(self, idents: Iterable[UUID]) -> dict[UUID, str]:
        """The same of many places, in two queries."""
        return name_paths(self._district, idents)

    def places(
        self, below: UUID | None = None, *, kind: str | None = None, ended: bool = False
    ) -> list[PlaceNode]:
        """The places below one (and itself), or all: each after the one it stands below."""
        query = select(*NODE_COLUMNS).where(_p.district == self._code).order_by(_p.path)
        if below:
            query = query.where(_p.path.startswith(self.node(below).path))
        if kind:
            query = query.where(_p.kind == place_kind(kind).name)
        if not ended:
            query = query.where(_p.until.is_(None))
        with self._district.store.reading() as connection:
            return [node_from(tuple(row)) for row in connection.execute(query)]

    def _nodes(self, idents: Iterable[UUID]) -> list[PlaceNode]:
        query = select(*NODE_COLUMNS).where(_p.district == self._code, _p.id.in_(idents))
        with self._district.store.reading() as connection:
            return [node_from(tuple(row)) for row in connection.execute(query)]


def _below(tree: PlaceTree, node: PlaceNode, name: str) -> list[PlaceNode]:
    """The children of `node` that a person may mean by `name`, whatever their kind."""
    found = [tree.child(node, kind, name) for kind in PLACE_KINDS if kind != "district"]
    return [child for child in found if child is not None]
