"""The tree of places as registering and importing see it: children by name, read once, new ones gathered."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID, uuid5

import attrs
from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, select

from linli._base import codec
from linli._base.errors import NotFound, Refused
from linli._base.i18n import Several, listed
from linli._base.refusals import Invalid
from linli._model.facts import Facts
from linli._model.locations import NOWHERE, Location, location_from
from linli._model.lookups import PLACES, NoSuchPlace, PlaceEnded
from linli._store import Row
from linli._store import tables as t
from linli._store.bulk import Lookup
from linli._verbs.register.kinds import PLACE_KINDS
from linli._verbs.register.names import folded, place_name

_REMEMBERED: Final = 2_000


@attrs.frozen(kw_only=True)
class PlaceNode:
    """A place of the tree.

    Attributes:
        path: as the table has it: ids from the district down, hex, '/' after each.
        until: the day on which it ended; None while it stands.
        location: where it is on the earth; None where nobody said.
    """

    id: UUID
    kind: str
    name: str
    parent: UUID | None
    path: str
    reporting_place: UUID
    record: Mapping[str, Any] = attrs.field(factory=dict, hash=False)
    code: str | None = None
    since: date | None = None
    until: date | None = None
    location: Location | None = None

    def row(self, district: str) -> tuple[Any, ...]:
        """The row of the table of places."""
        return (
            district, self.id, self.kind, self.parent, self.name, self.code, self.path, self.reporting_place,
            codec.encode(dict(self.record)), self.since, self.until,
            *(self.location.columns if self.location else NOWHERE),
        )  # fmt: skip


_p = t.place.c
NODE_COLUMNS = (
    _p.id, _p.kind, _p.name, _p.parent, _p.path, _p.reporting_place, _p.record, _p.code, _p.since, _p.until,
    _p.latitude_e6, _p.longitude_e6, _p.outline, _p.coordinate_system, _p.coordinate_source,
)  # fmt: skip
_d: BindParameter[str] = bindparam("district")
_all = select(*NODE_COLUMNS).where(_p.district == _d)
NODES: Final = Lookup(_all, _p.id)
CHILDREN: Final = Lookup(_all, _p.parent)
ALIASES: Final = Lookup(select(t.alias.c.id, t.alias.c.now).where(t.alias.c.district == _d), t.alias.c.id)


def at_or_below(district: ColumnElement[str], top: ColumnElement[UUID]) -> Select[UUID]:
    """The numbers of a place and of everything below it, by an index: a prefix of paths would be looked for everywhere."""
    above, child = t.place.alias("above"), t.place.alias("child")
    found = select(above.c.id).where(above.c.district == district, above.c.id == top)
    tree = found.cte("at_or_below", recursive=True)
    joined = select(child.c.id).where(child.c.district == district, child.c.parent == tree.c.id)
    return select(tree.union_all(joined).c.id)


def node_from(row: Row) -> PlaceNode:
    """A place from a row of NODE_COLUMNS."""
    ident, kind, name, parent, path, reporting_place, record, code, since, until, *where = row
    return PlaceNode(
        id=ident, kind=kind, name=name, parent=parent, path=path, reporting_place=reporting_place,
        record=codec.decode(record), code=code, since=since, until=until, location=location_from(where),
    )  # fmt: skip


def stands_below(kind: str, above: str) -> bool:
    """Whether a place of `kind` can stand below one of kind `above`."""
    return PLACE_KINDS[above].level < PLACE_KINDS[kind].level


class NotBelow(Invalid, says="a {kind} does not stand below a {above}"):
    kind: str
    above: str
    field: str = "kind"


class PlaceTree:
    """The places of a district within one transaction.

    Attributes:
        grown: new places, each after its parent.
        changed: places whose record or code is now another one, new ones among them.
        changes: how often a place was made or changed.
    """

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._children: OrderedDict[UUID, dict[tuple[str, str], list[PlaceNode]]] = OrderedDict()
        self._exact: dict[tuple[UUID, str, str], PlaceNode] = {}
        self._by_id: dict[UUID, PlaceNode] = {}
        self._free: set[UUID] = set()
        self.grown: dict[UUID, PlaceNode] = {}
        self.changed: dict[UUID, PlaceNode] = {}
        self.changes = 0

    def latest(self, node: PlaceNode) -> PlaceNode:
        """A place as it is after what was done here."""
        return self.changed.get(node.id, node)

    def node(self, ident: UUID) -> PlaceNode:
        """A place, or its successor where it was merged away; NotFound where there is none."""
        known = self.grown.get(ident) or self._by_id.get(ident)
        if known is not None:
            return self.latest(known)
        aliases: dict[UUID, UUID] = dict(self._facts.found(ALIASES, [ident]))
        rows = self._facts.found(NODES, [aliases.get(ident, ident)])
        if not rows:
            raise NotFound(NoSuchPlace(id=ident))
        known = self._by_id[ident] = node_from(rows[0])
        return self.latest(known)

    # --- reading --------------------------------------------------------------------------------------

    def foresee(self, wanted: Iterable[tuple[UUID, str, str]]) -> None:
        """Read at once the places that are meant by parent, kind and name."""
        keys = {
            place_id(parent, kind, name): (parent, kind, folded(kind, name)) for parent, kind, name in wanted
        }
        self._free.update(keys)
        for row in self._facts.found(NODES, list(keys)):
            node = node_from(row)
            self._free.discard(node.id)
            if node.until is None and (node.parent, node.kind, folded(node.kind, node.name)) == keys[node.id]:
                self._exact[keys[node.id]] = node
        self.load(parent for parent, kind, key in keys.values() if (parent, kind, key) not in self._exact)

    def load(self, parents: Iterable[UUID]) -> None:
        """Read the children of several places at once."""
        wanted = [parent for parent in dict.fromkeys(parents) if parent not in self._children]
        if not wanted:
            return
        self._children.update({parent: {} for parent in wanted})
        for row in self._facts.found(CHILDREN, [one for one in wanted if one not in self.grown]):
            node = node_from(row)
            assert node.parent is not None, "only the district has no parent"
            same = self._children[node.parent].setdefault((node.kind, folded(node.kind, node.name)), [])
            same.append(node)
        while len(self._children) > max(_REMEMBERED, len(wanted)):
            self._children.popitem(last=False)

    def standing(self, parent: UUID, kind: str, name: str) -> PlaceNode | None:
        """The place of that kind and name below `parent` that has not ended."""
        key = folded(kind, name)
        known = self._exact.get((parent, kind, key))
        if known is None:
            self.load([parent])
            found = self._children[parent].get((kind, key), ())
            known = next((node for node in found if node.until is None), None)
        return self.latest(known) if known else None

    def child(self, parent: PlaceNode, kind: str, name: str) -> PlaceNode | None:
        """The place of that kind and name below `parent`; what was merged into, for one merged away."""
        known = self.standing(parent.id, kind, name)
        if known is not None:
            return known
        ended = self._children[parent.id].get((kind, folded(kind, name)), [])
        return self._successor(ended[-1]) if ended else None

    def further_down(self, above: PlaceNode, kind: str, name: str) -> list[PlaceNode]:
        """The places of that kind and name that stand below what stands below `above`: 101 of every unit."""
        self.load([above.id])
        between = [
            node.id for same in self._children[above.id].values() for node in same if node.until is None
        ]
        self.load(between)
        found = (self.standing(parent, kind, name) for parent in between)
        return [node for node in found if node is not None]

    def _successor(self, ended: PlaceNode) -> PlaceNode:
        known = self.node(ended.id)
        if known.until is not None:
            raise closed(known)
        return known

    # --- growing --------------------------------------------------------------------------------------

    def grow(
        self,
        parent: PlaceNode,
        kind: str,
        name: str,
        *,
        record: Mapping[str, Any] | None = None,
        code: str | None = None,
        since: date | None = None,
    ) -> PlaceNode:
        """The place of that kind and name below `parent`, new where there is none; what is given holds."""
        shown = place_name(kind, name)
        if not stands_below(kind, parent.kind):
            raise Refused(NotBelow(kind=kind, above=parent.kind))
        known = self.child(parent, kind, shown)
        if known is None:
            if parent.until is not None:
                raise closed(parent)
            ident, known = self._identified(parent.id, kind, shown)
            if known is None:
                given = {"record": dict(record or {}), "code": code, "since": since}
                return self._add(ident, parent, kind, shown, **given)
        return self.amend(known, record or {}, code)

    def amend(
        self,
        known: PlaceNode,
        record: Mapping[str, Any],
        code: str | None = None,
        location: Location | None = None,
    ) -> PlaceNode:
        """Let what is given of a place hold from now on."""
        now = attrs.evolve(
            known,
            record={**known.record, **record},
            code=code or known.code,
            location=location or known.location,
        )
        if now != known:
            self.changed[known.id] = now
            self.changes += 1
        return now

    def _add(self, ident: UUID, parent: PlaceNode, kind: str, name: str, **given: Any) -> PlaceNode:
        compound_above = PLACE_KINDS[parent.kind].level >= PLACE_KINDS["compound"].level
        node = PlaceNode(
            id=ident,
            kind=kind,
            name=name,
            parent=parent.id,
            path=f"{parent.path}{ident.hex}/",
            reporting_place=parent.reporting_place if compound_above else ident,
            **given,
        )
        self.grown[ident] = node
        self._exact[parent.id, kind, folded(kind, name)] = node
        self.changes += 1
        return node

    def _identified(self, parent: UUID, kind: str, name: str) -> tuple[UUID, PlaceNode | None]:
        """The number that follows from where a place stands, and the place it leads to if that was merged.

        Where it was given to a place that has moved away or has another name now: the next number.
        """
        again = 1
        ident = place_id(parent, kind, name)
        # A parent that is new itself has no children that moved away.
        while parent not in self.grown and ident not in self._free and self._facts.found(NODES, [ident]):
            if self._facts.found(ALIASES, [ident]):
                return ident, self.node(ident)
            again += 1
            ident = place_id(parent, kind, name, again)
        return ident, None

    def rows(self, district: str) -> list[tuple[Any, ...]]:
        """The rows of the new places."""
        return [self.latest(node).row(district) for node in self.grown.values()]

    def amended(self) -> list[PlaceNode]:
        """The places that were there before and are changed."""
        return [node for ident, node in self.changed.items() if ident not in self.grown]


def place_id(parent: UUID, kind: str, name: str, again: int = 1) -> UUID:
    """The number that follows from where a place stands and what it is called."""
    return uuid5(PLACES, f"{parent.hex} {kind} {folded(kind, name)}{f' {again}' if again > 1 else ''}")


class EndedBefore(PlaceEnded, says="{kind} {name} ended on {day}; what came after it: {successors}"):
    kind: str
    name: str
    day: date | None
    successors: Several


def closed(node: PlaceNode) -> Refused:
    """The refusal to use a place that has ended."""
    successors = listed(node.record.get("successors", ()))
    return Refused(EndedBefore(kind=node.kind, name=node.name, day=node.until, successors=successors))
