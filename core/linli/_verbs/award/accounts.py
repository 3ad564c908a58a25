"""What an account has, and the lines of its statement."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import attrs
from sqlalchemy import Row, Select, and_, case, func, literal, or_, select, union_all

from linli._model.awards import POINTS
from linli._store import tables as t

if TYPE_CHECKING:
    from linli._engine.opened import OpenDistrict

_p, _a = t.posting.c, t.account.c


@attrs.frozen(kw_only=True)
class Account:
    """What an owner has of a unit, in whole units.

    Attributes:
        free: what can be spent.
        held: what is set aside: ordered and not yet handed over.
        spent, expired: what is gone, ever since.
        owed: what was spent of points that were taken back; the next points settle it.
    """

    owner: UUID
    unit: str = POINTS
    free: int = 0
    held: int = 0
    spent: int = 0
    expired: int = 0
    owed: int = 0


@attrs.frozen(kw_only=True)
class Line:
    """A line of a statement: one movement of what is free.

    Attributes:
        number: counts an account's lines from 1, the oldest.
        amount: more than 0 came, less than 0 went.
        balance: what was free after it.
        act: the act that moved it, with its verb, its subject and its place.
        cause: the act that it is paid for: the same one, or an earlier one.
        other: whose account is at the other end, and which part of it.
    """

    number: int
    at: datetime
    rule: str
    amount: int
    balance: int
    act: UUID
    cause: UUID
    other: UUID
    part: str
    verb: str | None
    cause_verb: str | None
    subject: UUID | None
    place: UUID | None


def account(district: "OpenDistrict", owner: UUID, unit: str = POINTS) -> Account:
    """What an owner has; nothing where the account was never used."""
    parts = select(_a.part, _a.balance).where(
        _a.district == district.code, _a.owner == owner, _a.unit == unit, _a.part != "held"
    )
    with district.store.reading() as connection:
        rows: Sequence[Any] = connection.execute(union_all(parts, _held(district.code, owner, unit))).all()
    found = {part: int(balance or 0) for part, balance in rows}
    return Account(
        owner=owner,
        unit=unit,
        **{part: found.get(part, 0) for part in ("free", "held", "spent", "expired", "owed")},
    )


def _held(district: str, owner: UUID, unit: str) -> Select[Any, Any]:
    """What is left of what went from the owner, or whoever was merged into them, to be held."""
    mine = select(t.alias.c.id).where(t.alias.c.district == district, t.alias.c.now == owner)
    holds = select(_p.to_owner).where(
        _p.district == district,
        _p.unit == unit,
        or_(_p.from_owner == owner, _p.from_owner.in_(mine)),
        _p.from_part == "free",
        _p.to_part == "held",
    )
    return select(literal("held"), func.sum(_a.balance)).where(
        _a.district == district, _a.unit == unit, _a.part == "held", _a.owner.in_(holds)
    )


def statement(
    district: "OpenDistrict", owner: UUID, unit: str, limit: int, before: int | None
) -> Sequence[Line]:
    """Lines of an account, the newest first; `before` is the number of a line, for the next page."""
    lines = _numbered(district.code, owner, unit).subquery()
    act, cause = t.act.alias("act"), t.act.alias("cause")
    query = (
        select(lines, act.c.verb, cause.c.verb.label("cause_verb"), cause.c.subject, cause.c.place)
        .outerjoin(act, and_(act.c.district == district.code, act.c.id == lines.c.act))
        .outerjoin(cause, and_(cause.c.district == district.code, cause.c.id == lines.c.cause))
        .order_by(lines.c.number.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(lines.c.number < before)
    with district.store.reading() as connection:
        return [_line(row) for row in connection.execute(query)]


def _numbered(district: str, owner: UUID, unit: str) -> Select[Any]:
    shared = (_p.at, _p.rule, _p.act, _p.cause)
    mine = (_p.district == district, _p.unit == unit)
    came = select(*shared, _p.amount, _p.from_owner.label("other"), _p.from_part.label("part")).where(
        *mine, _p.to_owner == owner, _p.to_part == "free"
    )
    went = select(*shared, -_p.amount, _p.to_owner, _p.to_part).where(
        *mine, _p.from_owner == owner, _p.from_part == "free"
    )
    moved = union_all(came, went).subquery()
    # Of one act, what goes may go only because something came: an order given back, and zeroed at once.
    came_first = case((moved.c.amount > 0, 0), else_=1)
    order = (moved.c.at, moved.c.act, came_first, moved.c.cause, moved.c.rule, moved.c.other, moved.c.part)
    return select(
        moved,
        func.row_number().over(order_by=order).label("number"),
        func.sum(moved.c.amount).over(order_by=order, rows=(None, 0)).label("balance"),
    )


def _line(row: Row[Any]) -> Line:
    found = row._asdict()
    return Line(**{**found, "balance": int(found["balance"])})
