"""What is open at places that end, and where it goes on: matters, organisations, posts."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import attrs
from sqlalchemy import ColumnElement, bindparam, case, func, or_, select, update

from linli._model.effects import Tell
from linli._model.facts import Facts
from linli._store import Read, Write
from linli._store import tables as t
from linli._store.statements import write_statement
from linli._verbs.register.tree import at_or_below

_s, _o, _p = t.subject.c, t.organisation.c, t.post.c
_d: Any = bindparam("district")
# After every change of the same turn: what ends with its place stays there.
_LAST: Final = "~"


_BELOW_TOP = _s.place.in_(at_or_below(bindparam("the_district"), bindparam("top")).scalar_subquery())


def at_another(name: str, *where: ColumnElement[bool]) -> Any:
    """The statement that lets matters be at another place, and be held by the same role there."""
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


_GO_ON = at_another("open matters go on", _s.place == bindparam("was"), _s.ended_at.is_(None))
_GO_ON_ABOVE = at_another("open matters go on above", _BELOW_TOP, _s.ended_at.is_(None))
_HELD = write_statement(
    update(t.subject)
    .where(
        _s.district == bindparam("the_district"),
        _s.holder_at == bindparam("was"),
        _s.ended_at.is_(None),
        _BELOW_TOP,
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


def passing(facts: Facts, places: Sequence[UUID], into: UUID | None) -> Passing:
    """What is open at places that end together; `into`: the one place that follows them."""
    questions = [(read, {"place": one}) for read in (OPEN_AT, BODIES_OF) for one in places]
    held = [(POSTS_AT, {"place": one, "moment": facts.at}) for one in places]
    found, posts = facts.all(questions), facts.all(held)
    known = {kind for _, kind, _ in facts.rows(BODIES_OF, place=into)} if into else set()
    bodies = tuple(body for rows in found[len(places) :] for body in rows)
    moving = tuple(body for body in bodies if into and body[1] not in known)
    matters: Counter[str] = Counter()
    for rows in found[: len(places)]:
        matters.update(dict(rows))
    return Passing(
        matters=dict(matters),
        moving=moving,
        staying=tuple(body for body in bodies if body not in moving),
        posts=tuple((role, person) for rows in posts for _, role, person in rows),
    )


def told(facts: Facts, ended: Iterable[UUID]) -> tuple[Tell, ...]:
    """Word to whoever has a post at a place or an organisation that ends, that the post ends with it."""
    seats = list(ended)
    rows = facts.all([(POSTS_AT, {"place": one, "moment": facts.at}) for one in seats])
    return tuple(
        Tell(recipient=f"person:{facts.survivor(person)}", payload={"post_ended": role, "at": str(seat)})
        for seat, held in zip(seats, rows, strict=True)
        for _, role, person in held
    )


def matters_pass(district: str, was: UUID, now: UUID, *, undecided: bool = False) -> list[Write]:
    """The writes after which whatever is open at a place goes on at another one."""
    values = {"the_district": district, "was": was, "is_now": now, "of_split": was if undecided else None}
    return [Write(_GO_ON, values, _LAST)]


def matters_pass_above(district: str, place: UUID, above: UUID) -> list[Write]:
    """The writes after which whatever is open at a place or below it goes on above."""
    values = {"the_district": district, "top": place, "is_now": above, "of_split": None}
    return [Write(_GO_ON_ABOVE, values, _LAST)]


def body_moves(facts: Facts, body: UUID, to: UUID) -> list[Write]:
    """The writes after which an organisation is at another place, and its posts reach that."""
    values = {"the_district": facts.district, "the_id": body, "is_now": to}
    return [
        Write(_BODY_MOVES, values, body.hex),
        Write(_REACH_MOVES, values | {"moment": facts.at}, body.hex),
    ]


def seats_pass(district: str, was: UUID, now: UUID, below: UUID) -> Write:
    """The write after which another place's seats hold what a place's held at one below it, and further down."""
    return Write(_HELD, {"the_district": district, "was": was, "is_now": now, "top": below})
