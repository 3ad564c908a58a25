"""What the bank reads of the ledger: what was earned, what is free, and what came back."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, Connection, Select, bindparam, case, exists, func, or_, select

from linli import District, Facts
from linli._model.lookups import ever
from linli._store import Read
from linli._store import tables as t
from linli_bank.periods import moments
from linli_bank.settings import PIECES

_s, _p, _a, _c = t.subject.c, t.posting.c, t.account.c, t.consent.c
_d: BindParameter[str] = bindparam("district")

# --- of somebody, in an act ------------------------------------------------------------------------

# What was issued to somebody, less what was taken back of it.
_came = ever(_p.to_owner, "owner") & (_p.to_part == "free") & (_p.from_part == "issued")
_went = ever(_p.from_owner, "owner") & (_p.from_part == "free") & (_p.to_part == "issued")
EARNED = Read(
    select(func.coalesce(func.sum(case((_came, _p.amount), else_=-_p.amount)), 0)).where(
        _p.district == _d,
        _p.unit == bindparam("unit"),
        _p.at >= bindparam("since"),
        _p.at < bindparam("until"),
        _came | _went,
    )
)
_cause = (t.act.c.district == _p.district) & (t.act.c.id == _p.cause)
_for_the_subject = (
    _p.district == _d,
    t.act.c.root == bindparam("root"),
    t.act.c.subject == bindparam("subject"),
)
PAID = Read(
    select(_p.cause, _p.to_owner)
    .join(t.act, _cause)
    .where(*_for_the_subject, _p.rule == bindparam("rule"), _p.to_part == "free")
    .order_by(_p.at, _p.cause)
)
"""The acts on a subject that somebody was paid for by a rule, and who."""
GONE = Read(
    select(_p.rule, _p.amount)
    .join(t.act, _cause)
    .where(*_for_the_subject, _p.to_part == "issued", or_(_p.from_part == "owed", _p.from_part == "expired"))
)
"""Of what acts on a subject paid: what was taken back without coming back."""


def earned(facts: Facts, person: UUID, unit: str, between: tuple[datetime, datetime]) -> int:
    """What somebody earned, less what was taken back of it."""
    since, until = between
    rows = facts.rows(EARNED, owner=person, unit=unit, since=since, until=until)
    return int(rows[0][0])


# --- of all members, in a few queries: for lists and reports ---------------------------------------


def _members(district: District, place: UUID) -> Select[Any]:
    """Whoever has an account at a place or below it, by the number that the ledger has for them."""
    # Asked of each account's place: there are far fewer accounts than places.
    p = t.place.c
    below = exists().where(p.district == _s.district, p.id == _s.place, p.path.contains(place.hex))
    merged = (t.alias.c.district == district.code) & (t.alias.c.id == _s.person)
    return (
        select(func.coalesce(t.alias.c.now, _s.person).label("owner"))
        .select_from(t.subject.outerjoin(t.alias, merged))
        .where(_s.district == district.code, _s.kind == "bank_account", _s.state != "closed")
        .where(below)
    )


def earned_by_member(
    district: District, place: UUID, unit: str, days: tuple[date, date]
) -> Mapping[UUID, int]:
    """By member, what they earned in some days, less what was taken back of it."""
    since, until = moments(*days, district.rules.zone)
    members = _members(district, place)
    there = (_p.district == district.code, _p.unit == unit, _p.at >= since, _p.at < until)
    came = (*there, _p.to_part == "free", _p.from_part == "issued")
    went = (*there, _p.from_part == "free", _p.to_part == "issued")
    owners = members.subquery()
    with district.store.reading() as connection:
        found = dict.fromkeys(connection.execute(members).scalars(), 0)
        for owner, amount in _sums(connection, _p.to_owner, came, owners):
            found[owner] += amount
        for owner, amount in _sums(connection, _p.from_owner, went, owners):
            found[owner] -= amount
    return found


def _sums(connection: Connection, owner: Any, which: tuple[Any, ...], owners: Any) -> list[tuple[UUID, int]]:
    """By whoever they are now: what was posted to a number that was merged is theirs."""
    merged = (t.alias.c.district == _p.district) & (t.alias.c.id == owner)
    now = func.coalesce(t.alias.c.now, owner)
    query = (
        select(now, func.sum(_p.amount))
        .select_from(t.posting.outerjoin(t.alias, merged))
        .where(*which, now.in_(select(owners.c.owner)))
        .group_by(now)
    )
    return [(who, int(amount)) for who, amount in connection.execute(query)]


def free_by_member(district: District, place: UUID, unit: str) -> Mapping[UUID, int]:
    """By member, what they have free now."""
    owners = _members(district, place).subquery()
    joined = (
        (_a.district == district.code)
        & (_a.owner == owners.c.owner)
        & (_a.unit == unit)
        & (_a.part == "free")
    )
    query = select(owners.c.owner, func.coalesce(_a.balance, 0)).select_from(
        owners.outerjoin(t.account, joined)
    )
    with district.store.reading() as connection:
        return {owner: int(balance) for owner, balance in connection.execute(query)}


def consenting(district: District, purpose: str) -> frozenset[UUID]:
    """Everybody whose recorded consent for a purpose stands."""
    now = district.now()
    query = select(_c.person).where(
        _c.district == district.code,
        _c.purpose == purpose,
        _c.since <= now,
        or_(_c.until.is_(None), _c.until > now),
    )
    with district.store.reading() as connection:
        return frozenset(connection.execute(query).scalars())


def stock_of(district: District, gifts: Collection[UUID]) -> Mapping[UUID, Mapping[str, int]]:
    """By gift, how many pieces are free, spent, expired and issued."""
    query = select(_a.owner, _a.part, _a.balance).where(
        _a.district == district.code, _a.unit == PIECES, _a.owner.in_(gifts)
    )
    found: dict[UUID, dict[str, int]] = {}
    with district.store.reading() as connection:
        for owner, part, balance in connection.execute(query):
            found.setdefault(owner, {})[part] = int(balance)
    return found
