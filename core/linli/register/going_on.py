"""What is open at places that end, and where it goes on: matters, organisations, posts."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

import attrs
from sqlalchemy import ColumnElement, bindparam, case, exists, func, or_, select, update

from linli.errors import Refused
from linli.facts import Facts
from linli.i18n import listed, say
from linli.store import Read, Write
from linli.store import tables as t
from linli.store.statements import write_statement

_s, _o, _p, _q = t.subject.c, t.organisation.c, t.post.c, t.place.c
_d: Any = bindparam("district")
_NUMBER: Final = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
# After every change of the same turn: what ends with its place stays there.
_LAST: Final = "~"


def _under(column: ColumnElement[Any], district: ColumnElement[Any]) -> ColumnElement[bool]:
    below = select(_q.id).where(_q.district == district, _q.path.like(bindparam("under")))
    return column.in_(below.scalar_subquery())


def _goes_on(*where: ColumnElement[bool], name: str) -> Any:
    """Let matters be at another place, and be held by the same role there."""
    held = case((_s.holder_at == _s.place, bindparam("is_now", type_=_s.place.type)), else_=_s.holder_at)
    return write_statement(
        update(t.subject)
        .where(_s.district == bindparam("the_district"), *where)
        .values(
            place=bindparam("is_now", type_=_s.place.type),
            origin=func.coalesce(_s.origin, _s.place),
            undecided=bindparam("of_split"),
            holder_at=held,
        ),
        rank=11,
        name=name,
    )


_STILL_OPEN = _s.ended_at.is_(None)
_GO_ON = _goes_on(_s.place == bindparam("was"), _STILL_OPEN, name="open matters go on")
# With the parts of it that have ended: whoever closes a matter reads what was done in it.
_TREE_GOES_ON = _goes_on(
    or_(_s.place == bindparam("was"), _s.undecided == bindparam("was")),
    _s.root == bindparam("the_root"),
    name="a matter goes on",
)
_GO_ON_ABOVE = _goes_on(
    _under(_s.place, bindparam("the_district")), _STILL_OPEN, name="open matters go on above"
)
_HELD = write_statement(
    update(t.subject)
    .where(
        _s.district == bindparam("the_district"),
        _s.holder_at == bindparam("was"),
        _s.ended_at.is_(None),
        _under(_s.place, bindparam("the_district")),
    )
    .values(holder_at=bindparam("is_now")),
    rank=11,
    name="seats go on",
)
_BODY_MOVES = write_statement(
    update(t.organisation)
    .where(_o.district == bindparam("the_district"), _o.id == bindparam("the_id"))
    .values(place=bindparam("is_now")),
    rank=13,
    name="organisation moves",
)
_REACH_MOVES = write_statement(
    update(t.post)
    .where(
        _p.district == bindparam("the_district"),
        _p.at == bindparam("the_id"),
        or_(_p.until.is_(None), _p.until > bindparam("moment")),
    )
    .values(place=bindparam("is_now")),
    rank=15,
    name="posts reach",
)
OPEN_AT = Read(
    select(_s.kind, func.count())
    .where(_s.district == _d, _s.place == bindparam("place"), _s.ended_at.is_(None), _s.parent.is_(None))
    .group_by(_s.kind)
    .order_by(_s.kind)
)
BODIES_OF = Read(
    select(_o.id, _o.kind, _o.name)
    .where(_o.district == _d, _o.place == bindparam("place"), _o.until.is_(None))
    .order_by(_o.kind, _o.name, _o.id)
)
POSTS_AT = Read(
    select(_p.id, _p.role, _p.person)
    .where(
        _p.district == _d,
        _p.at == bindparam("place"),
        or_(_p.until.is_(None), _p.until > bindparam("moment")),
    )
    .order_by(_p.role, _p.id)
)
_ROOTS_AT = Read(
    select(_s.id, _s.person, _s.record)
    .where(_s.district == _d, _s.place == bindparam("place"), _s.ended_at.is_(None), _s.parent.is_(None))
    .order_by(_s.id)
)
_HOMES_OF_ROOTS = Read(
    select(t.tie.c.person, _q.path)
    .join(t.place, (_q.district == t.tie.c.district) & (_q.id == t.tie.c.at))
    .where(
        t.tie.c.district == _d,
        t.tie.c.until.is_(None),
        _q.path.like(bindparam("under")),
        exists().where(
            _s.district == _d,
            _s.place == bindparam("place"),
            _s.ended_at.is_(None),
            _s.person == t.tie.c.person,
        ),
    )
)
UNDECIDED = Read(
    select(_s.id, _s.undecided, _s.record)
    .where(_s.district == _d, _s.undecided.is_not(None), _s.ended_at.is_(None), _s.parent.is_(None))
    .order_by(_s.undecided, _s.id)
)
"""The open matters of places that were split, while the street has to choose where each goes on."""
_PATHS = Read(
    select(_q.path).where(_q.district == _d, _q.id == bindparam("id"), _q.path.like(bindparam("under")))
)


@attrs.frozen(kw_only=True)
class Passing:
    """What passes on when a place ends, as the act keeps it.

    Attributes:
        matters: how many open matters go on elsewhere, by kind.
        moving, staying: organisations that go to the successor; that somebody has to decide on.
        posts: posts that end, as role and person.
    """

    matters: Mapping[str, int] = attrs.field(factory=dict)
    moving: tuple[tuple[UUID, str, str], ...] = ()
    staying: tuple[tuple[UUID, str, str], ...] = ()
    posts: tuple[tuple[str, UUID], ...] = ()

    def kept(self) -> dict[str, Any]:
        """What the act keeps of it."""
        return {
            "matters": dict(self.matters),
            "moving": [str(ident) for ident, _, _ in self.moving],
            "staying": [str(ident) for ident, _, _ in self.staying],
            "posts": len(self.posts),
        }


def passing(facts: Facts, place: UUID, into: UUID | None) -> Passing:
    """What is open at a place that ends; `into`: the one place that follows it."""
    bodies = tuple(facts.rows(BODIES_OF, place=place))
    known = {kind for _, kind, _ in facts.rows(BODIES_OF, place=into)} if into else set()
    moving = tuple(body for body in bodies if into and body[1] not in known)
    return Passing(
        matters=dict(facts.rows(OPEN_AT, place=place)),
        moving=moving,
        staying=tuple(body for body in bodies if body not in moving),
        posts=tuple((role, person) for _, role, person in facts.rows(POSTS_AT, place=place, moment=facts.at)),
    )


def matters_pass(district: str, was: UUID, now: UUID, *, undecided: bool = False) -> list[Write]:
    """The writes after which whatever is open at a place goes on at another one."""
    values = {"the_district": district, "was": was, "is_now": now, "of_split": was if undecided else None}
    return [Write(_GO_ON, values, _LAST)]


def matters_pass_above(district: str, path: str, above: UUID) -> list[Write]:
    """The writes after which whatever is open at a place or below it goes on above."""
    values = {"the_district": district, "under": f"{path}%", "is_now": above, "of_split": None}
    return [Write(_GO_ON_ABOVE, values, _LAST)]


def body_moves(facts: Facts, body: UUID, to: UUID) -> list[Write]:
    """The writes after which an organisation is at another place, and its posts reach that."""
    values = {"the_district": facts.district, "the_id": body, "is_now": to}
    return [
        Write(_BODY_MOVES, values, body.hex),
        Write(_REACH_MOVES, values | {"moment": facts.at}, body.hex),
    ]


def matter_passes(district: str, root: UUID, was: UUID, now: UUID) -> Write:
    """The write after which a matter that was at a place goes on at another one, with all its parts."""
    values = {"the_district": district, "the_root": root, "was": was, "is_now": now, "of_split": None}
    return Write(_TREE_GOES_ON, values, root.hex)


def matters_pass_to_parts(facts: Facts, place: UUID, path: str, parts: Mapping[str, UUID]) -> list[Write]:
    """The writes after which what is open at a split place goes on at its parts, as far as is clear which.

    Args:
        parts: by the path of each place directly below the split one, what that stands below from now on.
    """
    district = facts.district
    writes = [
        matter_passes(district, root, place, part) for root, part in _clear(facts, place, path, parts).items()
    ]
    for child, part in parts.items():
        held = {"the_district": district, "was": place, "is_now": part, "under": f"{child}%"}
        writes.append(Write(_HELD, held))
    return writes


def _clear(facts: Facts, place: UUID, path: str, parts: Mapping[str, UUID]) -> dict[UUID, UUID]:
    """The matters that are about a building or a home of one part, with that part."""
    homes: dict[UUID, set[UUID]] = {}
    for person, home in facts.rows(_HOMES_OF_ROOTS, under=f"{path}%", place=place):
        homes.setdefault(person, set()).update(_parts_of([home], parts))
    found = {}
    for root, person, record in facts.rows(_ROOTS_AT, place=place):
        about = _parts_of(_places_in(facts, record, path), parts) or homes.get(person, set())
        if len(about) == 1:
            found[root] = about.pop()
    return found | _following(
        found, ((root, record) for root, _, record in facts.rows(_ROOTS_AT, place=place))
    )


def _following(known: Mapping[UUID, UUID], roots: Iterable[tuple[UUID, str]]) -> dict[UUID, UUID]:
    """The matters that are about one of those known, such as its publications, with the same part."""
    found = {}
    for root, record in roots:
        parts = {known[one] for one in map(UUID, _NUMBER.findall(record)) if one in known}
        if root not in known and len(parts) == 1:
            found[root] = parts.pop()
    return found


def chosen(facts: Facts, matter: UUID, part: UUID) -> list[Write]:
    """The writes after which a matter, and what is about it, goes on at the part that the street chose.

    Raises: Refused where nobody has to choose, or the part is none of those that it may be.
    """
    rows = facts.rows(UNDECIDED)
    split = next((was for root, was, _ in rows if root == matter), None)
    if split is None:
        raise Refused(say("nobody has to choose where {id} goes on; see: linli place undecided", id=matter))
    parts = [facts.goes_on(UUID(one)) for one in facts.place(split).record["successors"]]
    if part not in parts:
        names = listed(facts.place(one).name for one in parts)
        raise Refused(say("it goes on at one of: {names}", names=names))
    same = ((root, record) for root, was, record in rows if was == split)
    roots = {matter: part} | _following({matter: part}, same)
    return [matter_passes(facts.district, root, split, to) for root, to in roots.items()]


def _places_in(facts: Facts, record: str, path: str) -> Iterable[str]:
    """The paths of the places below `path` that a record names."""
    for number in dict.fromkeys(_NUMBER.findall(record)):
        yield from (row[0] for row in facts.rows(_PATHS, id=UUID(number), under=f"{path}%"))


def _parts_of(paths: Iterable[str], parts: Mapping[str, UUID]) -> set[UUID]:
    return {part for path in paths for child, part in parts.items() if path.startswith(child)}
