"""What becomes of places: renamed, moved, ended, merged, split. History stays where it happened."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

import attrs
from sqlalchemy import bindparam, case, func, select, update

from linli._base.errors import Refused
from linli._base.i18n import Several, listed
from linli._base.refusals import Invalid, Missing, Refusal
from linli._engine.orders import AlreadySo
from linli._model.access import Actor
from linli._model.direct import ActResult, DirectAct
from linli._model.facts import Facts
from linli._store import Read, Write
from linli._store import tables as t
from linli._store.statements import upsert_into, write_statement
from linli._verbs.register.acts import (
    PLACE_CHOOSE,
    PLACE_END,
    PLACE_MERGE,
    PLACE_MOVE,
    PLACE_RENAME,
    PLACE_SPLIT,
)
from linli._verbs.register.going_on import (
    Passing,
    body_moves,
    matters_pass,
    matters_pass_above,
    passing,
    told,
)
from linli._verbs.register.kinds import PLACE_KINDS
from linli._verbs.register.names import place_name
from linli._verbs.register.places import Places, changed_place
from linli._verbs.register.posts import end_posts_at
from linli._verbs.register.splitting import chosen, matters_pass_to_parts, only_one_left, undecided
from linli._verbs.register.tree import (
    NODE_COLUMNS,
    NotBelow,
    PlaceNode,
    PlaceTree,
    at_or_below,
    closed,
    node_from,
    stands_below,
)

_p = t.place.c
_BELOW = Read(
    select(*NODE_COLUMNS)
    .where(
        _p.district == bindparam("district"),
        _p.id.in_(at_or_below(bindparam("district"), bindparam("top")).scalar_subquery()),
        _p.id != bindparam("top"),
        _p.until.is_(None),
    )
    .order_by(_p.path)
)
_CHILDREN = Read(
    select(*NODE_COLUMNS)
    .where(_p.district == bindparam("district"), _p.parent == bindparam("parent"), _p.until.is_(None))
    .order_by(_p.path)
)
# Everything below a place that has moved follows it; what had its figures above it has them there now.
_FOLLOW = write_statement(
    update(t.place)
    .where(
        _p.district == bindparam("the_district"),
        _p.id.in_(at_or_below(bindparam("the_district"), bindparam("top")).scalar_subquery()),
        _p.id != bindparam("top"),
    )
    .values(
        path=bindparam("new_path", type_=_p.path.type) + func.substr(_p.path, bindparam("cut")),
        reporting_place=case(
            (
                _p.reporting_place == bindparam("old_figures"),
                bindparam("new_figures", type_=_p.reporting_place.type),
            ),
            else_=_p.reporting_place,
        ),
    ),
    rank=14,
    name="places follow",
)
ALIAS_RANK: Final = 12
_ALIAS = upsert_into(
    t.alias, keys=("district", "id"), change=lambda table, new: {"now": new.now}, rank=ALIAS_RANK
)
_REDIRECT = write_statement(
    update(t.alias)
    .where(t.alias.c.district == bindparam("the_district"), t.alias.c.now == bindparam("was"))
    .values(now=bindparam("is_now")),
    rank=ALIAS_RANK,
    name="redirect aliases",
)


def aliased(district: str, kind: str, ident: UUID, now: UUID) -> list[Write]:
    """The writes after which `ident`, and whatever led to it, leads to `now`."""
    return [
        Write(_REDIRECT, {"the_district": district, "was": ident, "is_now": now}),
        Write(_ALIAS, {"district": district, "id": ident, "now": now, "kind": kind}, "~"),
    ]


class PlacesBelow(
    Refusal, says="{name} still has {count} places below it; end or move them first, or all with it"
):
    name: str
    count: int


class PlacesLeftOver(Missing, says="say where each place goes; missing: {names}"):
    names: Several
    field: str = "parts"


class DayToCome(Invalid, says="{day} is yet to come; record it on the day"):
    day: date
    field: str = "day"


class PlaceChanges(Places):
    """Changes of the tree of places."""

    def rename_place(self, place: UUID, name: str, *, sure: bool = False, actor: Actor | None = None) -> None:
        """Give a place another name. Args: sure: whether it may be that of somebody registered there."""

        def work(facts: Facts) -> ActResult:
            tree = PlaceTree(facts)
            node = _standing(tree, place)
            shown = place_name(node.kind, name)
            if shown == node.name:
                raise AlreadySo
            if node.parent:
                _name_is_free(tree, node, tree.node(node.parent), shown)
            now = attrs.evolve(node, name=shown)
            return ActResult(body={"from": node.name, "to": shown}, writes=(changed_place(self._code, now),))

        named = None if sure else name
        self._act(PLACE_RENAME, place, work, place=place, actor=actor, at=None, named=named)

    def move_place(self, place: UUID, to: UUID, *, actor: Actor | None = None) -> None:
        """Let a place, with all that is below it, stand below another one."""

        def work(facts: Facts) -> ActResult:
            tree = PlaceTree(facts)
            node, above = _standing(tree, place), _standing(tree, to)
            if node.parent == above.id:
                raise AlreadySo
            if not stands_below(node.kind, above.kind):
                raise Refused(NotBelow(kind=node.kind, above=above.kind))
            _name_is_free(tree, node, above, node.name)
            body = {"from": str(node.parent), "to": str(above.id)}
            return ActResult(body=body, writes=tuple(self._moved(node, above)))

        self._reshaped(PLACE_MOVE, place, work, (to,), actor)

    def _reshaped(
        self,
        act: DirectAct[Any],
        place: UUID,
        work: Callable[[Facts], ActResult],
        others: Iterable[UUID],
        actor: Actor | None,
    ) -> None:
        """Make an act that two places or more have to do with: the right is needed at each, whoever gives or gets."""
        self._act(
            act, place, work,
            place=place, actor=actor, at=None, also_at=lambda facts: [facts.survivor(one) for one in others],
        )  # fmt: skip

    def _moved(self, node: PlaceNode, above: PlaceNode, **changes: Any) -> list[Write]:
        inside = PLACE_KINDS[above.kind].level >= PLACE_KINDS["compound"].level
        own_figures = PLACE_KINDS[node.kind].level <= PLACE_KINDS["compound"].level
        figures = above.reporting_place if inside and not own_figures else node.id
        path = f"{above.path}{node.id.hex}/"
        now = attrs.evolve(node, parent=above.id, path=path, reporting_place=figures, **changes)
        follow = {
            "the_district": self._code, "top": node.id, "new_path": path,
            "cut": len(node.path) + 1, "old_figures": node.reporting_place, "new_figures": figures,
        }  # fmt: skip
        return [changed_place(self._code, now), Write(_FOLLOW, follow, node.path)]

    def end_place(
        self, place: UUID, on: date | None = None, *, below: bool = False, actor: Actor | None = None
    ) -> None:
        """End a place, and the posts there.

        Args:
            on: the day, today or before.
            below: whether what stands below it ends too; without it, such a place is not ended.
        """
        day = self._past_day(on)

        def work(facts: Facts) -> ActResult:
            node = PlaceTree(facts).node(place)
            if node.until is not None:
                raise AlreadySo
            inside = [node_from(r) for r in facts.rows(_BELOW, top=node.id)]
            if inside and not below:
                raise Refused(
                    PlacesBelow(name=node.name, count=len(inside))
                )  # fmt: skip
            writes = self._ended([node, *inside], day, facts)
            above = facts.goes_on(node.parent) if node.parent else node.id
            writes += matters_pass_above(self._code, node.id, above)
            places = [one.id for one in (node, *inside)]
            passes = passing(facts, places, None).kept()
            body = {"until": day.isoformat(), "places": len(places), **passes}
            return ActResult(body=body, writes=tuple(writes), effects=told(facts, places))

        self._act(PLACE_END, place, work, place=place, actor=actor, at=None)

    def _ended(self, nodes: Iterable[PlaceNode], day: date, facts: Facts) -> list[Write]:
        writes = []
        for node in nodes:
            writes.append(changed_place(self._code, attrs.evolve(node, until=day)))
            writes.append(end_posts_at(self._code, node.id, facts.at))
        return writes

    def merge_places(
        self, place: UUID, into: UUID, on: date | None = None, *, actor: Actor | None = None
    ) -> None:
        """Let a place be part of another one of its kind from a day on.

        What stands below it stands below `into` then; its posts end; its number leads to `into`;
        what happened in it stays recorded there, and is in the reach of who has a post at `into`.
        """
        day = self._past_day(on)

        def work(facts: Facts) -> ActResult:
            tree = PlaceTree(facts)
            node, successor = tree.node(place), _standing(tree, into)
            if node.id == successor.id:
                raise AlreadySo
            if node.until is not None or node.kind != successor.kind:
                raise closed(node) if node.until else _other_kind(node, successor)
            children = [node_from(row) for row in facts.rows(_CHILDREN, parent=node.id)]
            for child in children:
                _name_is_free(tree, child, successor, child.name)
            passes = passing(facts, [node.id], successor.id)
            body = {"into": str(successor.id), "until": day.isoformat(), "moved": len(children)}
            writes = self._part_of_another(facts, node, successor, children, day)
            writes += [w for body_, _, _ in passes.moving for w in body_moves(facts, body_, successor.id)]
            return ActResult(body=body | passes.kept(), writes=tuple(writes), effects=told(facts, [node.id]))

        self._reshaped(PLACE_MERGE, place, work, (into,), actor)

    def _part_of_another(
        self, facts: Facts, node: PlaceNode, successor: PlaceNode, children: list[PlaceNode], day: date
    ) -> list[Write]:
        """The writes after which a place is part of another one, and what is open in it goes on there."""
        record = _succeeded(node, [successor.id], children, facts)
        writes = [write for child in children for write in self._moved(child, successor)]
        # Below its successor, so that open items there are in the successor's reach. What is
        # left below it (ended places) follows after the children have gone.
        ended, follow = self._moved(node, successor, until=day, record=record)
        writes += [ended, attrs.evolve(follow, key="~")]
        writes += [end_posts_at(self._code, node.id, facts.at)]
        writes += aliased(self._code, "place", node.id, successor.id)
        writes += only_one_left(facts, node.id, successor.id)
        return writes + matters_pass(self._code, node.id, successor.id)

    def split_place(
        self,
        place: UUID,
        successors: Mapping[UUID, UUID],
        on: date | None = None,
        *,
        actor: Actor | None = None,
    ) -> None:
        """Let several places follow one from a day on.

        Args:
            successors: for each place directly below it, the place that it stands below from then
                on; these are the successors, registered before.

        What happened in it stays where it happened; its posts end. What is open goes on at the part
        that the home or the building lies in that it is about; where that says nothing, at the place
        above until `choose_part`.
        """
        day = self._past_day(on)

        def work(facts: Facts) -> ActResult:
            tree = PlaceTree(facts)
            node = _standing(tree, place)
            children = [node_from(row) for row in facts.rows(_CHILDREN, parent=node.id)]
            left = [child.name for child in children if child.id not in successors]
            if left or not successors:
                raise Refused(PlacesLeftOver(names=listed(left)))
            new = {ident: _standing(tree, ident) for ident in dict.fromkeys(successors.values())}
            if any(one.kind != node.kind for one in new.values()):
                raise _other_kind(node, next(one for one in new.values() if one.kind != node.kind))
            writes = []
            for child in children:
                above = new[successors[child.id]]
                _name_is_free(tree, child, above, child.name)
                writes += self._moved(child, above)
            record = _succeeded(node, new, children, facts)
            writes += self._ended([attrs.evolve(node, record=record)], day, facts)
            writes += self._parted(facts, node, {child: successors[child.id] for child in children})
            passes = passing(facts, [node.id], None).kept()
            body = {"successors": record["successors"], "until": day.isoformat(), **passes}
            return ActResult(body=body, writes=tuple(writes), effects=told(facts, [node.id]))

        self._reshaped(PLACE_SPLIT, place, work, tuple(successors.values()), actor)

    def _parted(self, facts: Facts, node: PlaceNode, parts: Mapping[PlaceNode, UUID]) -> list[Write]:
        writes = matters_pass_to_parts(facts, node, parts)
        if len(set(parts.values())) == 1:
            return writes
        above = facts.goes_on(node.parent) if node.parent else node.id
        return writes + matters_pass(self._code, node.id, above, undecided=True)

    def choose_part(self, matter: UUID, part: UUID, *, actor: Actor | None = None) -> None:
        """Say at which part of a place that was split an open matter goes on, with what is about it.

        Raises: Refused where nobody has to choose, or where that is none of its parts.
        """

        def work(facts: Facts) -> ActResult:
            return ActResult(body={"part": str(part)}, writes=tuple(chosen(facts, matter, part)))

        above = self._district.subject(matter).place
        self._act(PLACE_CHOOSE, matter, work, place=above, actor=actor, at=None)

    def undecided(self) -> list[tuple[UUID, UUID]]:
        """The open matters of split places whose part has to be chosen, each with the place that was split."""
        with self._facts() as facts:
            return undecided(facts)

    def passing(self, place: UUID, into: UUID | None = None, *, below: bool = False) -> Passing:
        """What is open at a place, and would go on elsewhere if it ended.

        Args:
            into: the one place that follows it.
            below: whether what stands below it ends too.
        """
        with self._facts() as facts:
            inside = [row[0] for row in facts.rows(_BELOW, top=place)] if below else []
            return passing(facts, [place, *inside], into)

    def _past_day(self, on: date | None) -> date:
        day, today = self._day(on), self._day(None)
        if day > today:
            raise Refused(DayToCome(day=day))
        return day


def _standing(tree: PlaceTree, ident: UUID) -> PlaceNode:
    node = tree.node(ident)
    if node.until is not None:
        raise closed(node)
    return node


def _succeeded(
    node: PlaceNode, successors: Iterable[UUID], children: Iterable[PlaceNode], facts: Facts
) -> dict[str, Any]:
    """The record of a place that others follow: which they are, and what stood below it when it ended."""
    return {
        **node.record,
        "successors": [str(ident) for ident in successors],
        "children": [str(child.id) for child in children],
        "ended_at": facts.at.isoformat(),
    }


class NameTaken(Invalid, says="{above} has a {name} already; give one of them another name first"):
    above: str
    name: str
    field: str = "name"


def _name_is_free(tree: PlaceTree, node: PlaceNode, above: PlaceNode, name: str) -> None:
    same = tree.standing(above.id, node.kind, name)
    if same is not None and same.id != node.id:
        raise Refused(NameTaken(above=above.name, name=name))


class OtherKindOfPlace(Refusal, says="{one} is a {kind}, {other} is none"):
    one: str
    kind: str
    other: str


def _other_kind(node: PlaceNode, other: PlaceNode) -> Refused:
    return Refused(OtherKindOfPlace(one=node.name, kind=node.kind, other=other.name))
