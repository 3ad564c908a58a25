"""The audit of the ledger: what must hold whatever happened to it."""

from collections.abc import Iterator, Mapping
from typing import Any

import attrs
from sqlalchemy import Connection, func, select, union_all

from linli._base.i18n import Text, say
from linli._store import Store
from linli._store import tables as t

_p, _a, _c = t.posting.c, t.account.c, t.cap.c
_MOST_SHOWN = 100


@attrs.frozen(kw_only=True)
class Audit:
    """What an audit found.

    Attributes:
        units: by unit, how much of it was issued and has not come back; what is owed is among it.
        problems: what does not hold; empty where all is well.
    """

    accounts: int
    postings: int
    units: Mapping[str, int]
    problems: tuple[Text, ...] = ()


def audit(store: Store, district: str) -> Audit:
    """Check that units sum to zero, that accounts agree with their postings, that none is below zero.

    Each check is one statement, so that acts that go on meanwhile do not look like faults.
    """
    with store.reading() as connection:
        return Audit(
            problems=tuple(_problems(connection, district)),
            accounts=_count(connection, t.account, district),
            postings=_count(connection, t.posting, district),
            units=_issued(connection, district),
        )


def _problems(connection: Connection, district: str) -> Iterator[Text]:
    yield from _unbalanced(connection, district)
    yield from _unexplained(connection, district)
    yield from _below_zero(connection, district)
    yield from _over_cap(connection, district)


def _unbalanced(connection: Connection, district: str) -> Iterator[Text]:
    total = func.sum(_a.balance)
    query = select(_a.unit, total).where(_a.district == district).group_by(_a.unit).having(total != 0)
    for unit, off in connection.execute(query):
        yield say("the accounts of {unit} sum to {off} instead of 0", unit=unit, off=off)


def _unexplained(connection: Connection, district: str) -> Iterator[Text]:
    """Accounts whose balance is not what their postings add up to."""
    movements = union_all(
        select(_a.owner, _a.unit, _a.part, _a.balance.label("n")).where(_a.district == district),
        select(_p.to_owner, _p.unit, _p.to_part, -_p.amount).where(_p.district == district),
        select(_p.from_owner, _p.unit, _p.from_part, _p.amount).where(_p.district == district),
    ).subquery()
    key = (movements.c.owner, movements.c.unit, movements.c.part)
    off = func.sum(movements.c.n)
    query = select(*key, off).group_by(*key).having(off != 0).limit(_MOST_SHOWN)
    for owner, unit, part, n in connection.execute(query):
        yield say(
            "account {owner} {unit} {part} has {n} more than its postings add up to",
            owner=owner,
            unit=unit,
            part=part,
            n=n,
        )


def _below_zero(connection: Connection, district: str) -> Iterator[Text]:
    query = select(_a.owner, _a.unit, _a.part, _a.balance).where(
        _a.district == district, _a.balance < 0, _a.part != "issued"
    )
    for owner, unit, part, balance in connection.execute(query.limit(_MOST_SHOWN)):
        yield say(
            "account {owner} {unit} {part} is below zero: {balance}",
            owner=owner,
            unit=unit,
            part=part,
            balance=balance,
        )


def _over_cap(connection: Connection, district: str) -> Iterator[Text]:
    query = select(_c.owner, _c.rule, _c.period, _c.used, _c.most).where(
        _c.district == district, (_c.used > _c.most) | (_c.used < 0)
    )
    for owner, rule, period, used, most in connection.execute(query.limit(_MOST_SHOWN)):
        yield say(
            "{owner} used {used} of the {most} that rule {rule} allows in {period}",
            owner=owner,
            used=used,
            most=most,
            rule=rule,
            period=period,
        )


def _issued(connection: Connection, district: str) -> Mapping[str, int]:
    """A debt is posted from what is issued, and is nothing that anybody has."""
    query = (
        select(_a.unit, func.sum(_a.balance))
        .where(_a.district == district, _a.part.in_(("issued", "owed")))
        .group_by(_a.unit)
        .order_by(_a.unit)
    )
    return {unit: -int(total) for unit, total in connection.execute(query)}


def _count(connection: Connection, table: Any, district: str) -> int:
    query = select(func.count()).select_from(table).where(table.c.district == district)
    return int(connection.execute(query).scalar_one())
