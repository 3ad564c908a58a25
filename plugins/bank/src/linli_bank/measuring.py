"""What a bank's members have earned or have free, all of them in a few queries: for lists and reports."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, exists, func, or_, select

from linli import District
from linli.store import tables as t
from linli_bank.redeeming import moments

_s, _p, _a, _c = t.subject.c, t.posting.c, t.account.c, t.consent.c


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
