"""Transfers of points through the public API, against the plain five statements by hand.

Both are given the same pairs of accounts, store the same rows in one transaction for each transfer
and refuse what is not there; by hand the balance is read first, ours is kept by a constraint. Both
change the two accounts in the order of their keys: otherwise eight connections deadlock.
"""

import random
import statistics
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text

from benchmarks.measuring import Result, in_turn, speed_ratio, together
from linli._base import codec
from linli._district.district import District
from linli._model.acts import new_id
from linli._model.awards import POINTS
from linli._store import tables as t
from linli.testing import make_district

CONNECTIONS = 8
SPREAD, HOT = 2_000, 4
Pair = tuple[UUID, UUID]

_BALANCE = "SELECT balance FROM account WHERE district = %s AND owner = %s AND unit = %s AND part = %s"
_CHANGE = (
    "UPDATE account SET balance = balance + %s WHERE district = %s AND owner = %s AND unit = %s AND part = %s"
)
_ACT = (
    "INSERT INTO act (district, root, version, id, verb, kind, subject, place, actor, acting_as, at, recorded_at,"
    " settings, body) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
)
_POSTING = (
    "INSERT INTO posting (district, cause, rule, to_owner, to_part, from_owner, from_part, unit, amount, act, at,"
    " cap_period) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
)


class Setting:
    """A district with accounts that have enough, and eight connections of our own for the twin."""

    def __init__(self, url: str, folder: Path, accounts: int) -> None:
        import psycopg

        self.district = make_district(folder, url=url)
        self.owners = [new_id() for _ in range(accounts)]
        issuer = new_id()
        for owner in self.owners:
            self.district.award.transfer(POINTS, 10**6, (issuer, "issued"), owner, "seed")
        plain = url.replace("+psycopg", "")
        options = "-c timezone=UTC"
        self.connections = [
            psycopg.connect(plain, autocommit=True, options=options) for _ in range(CONNECTIONS)
        ]

    def pairs(self, count: int) -> list[list[Pair]]:
        """For each connection, who gives to whom."""
        chance = random.Random(7)
        return [
            [(first, second) for first, second in (chance.sample(self.owners, 2) for _ in range(count))]
            for _ in range(CONNECTIONS)
        ]

    def ours(self, pairs: Sequence[Pair]) -> None:
        """Through the public API."""
        transfer = self.district.award.transfer
        for giver, taker in pairs:
            transfer(POINTS, 1, giver, taker, "present")

    def theirs(self, number: int, pairs: Sequence[Pair]) -> None:
        """Statement by statement."""
        cursor = self.connections[number].cursor()
        for giver, taker in pairs:
            _by_hand(cursor.execute, self.district, giver, taker)

    def rows(self) -> tuple[int, ...]:
        """How many acts and postings there are, and the sum of all accounts."""
        counts = (func.count(t.act.c.id), func.count(t.posting.c.act), func.sum(t.account.c.balance))
        with self.district.store.reading() as connection:
            return tuple(
                int(
                    connection.execute(
                        select(count).where(table.c.district == self.district.code)
                    ).scalar_one()
                )
                for count, table in zip(counts, (t.act, t.posting, t.account), strict=True)
            )

    def deadlocks(self) -> int:
        """How many the server has seen."""
        query = text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        with self.district.store.reading() as connection:
            connection.execute(text("SELECT pg_stat_clear_snapshot()"))
            return int(connection.execute(query).scalar_one())

    def close(self) -> None:
        """Close every connection."""
        for connection in self.connections:
            connection.close()
        self.district.close()


def _by_hand(execute: Callable[..., Any], district: District, giver: UUID, taker: UUID) -> None:
    ident, now, code = new_id(), datetime.now(UTC), district.code
    execute("BEGIN")
    (balance,) = execute(_BALANCE, (code, giver, POINTS, "free")).fetchone()
    if balance < 1:
        execute("ROLLBACK")
        raise ValueError("not enough")
    for owner, change in sorted(((giver, -1), (taker, 1))):
        execute(_CHANGE, (change, code, owner, POINTS, "free"))
    values = {"unit": POINTS, "amount": 1, "rule": "present", "from": str(giver), "to": str(taker)}
    body = codec.encode({"values": values})
    act = (code, ident, 1, ident, "points.transfer", "points", ident, None, None, "console", now, now)
    execute(_ACT, (*act, district.rules.settings, body))
    posting = (code, ident, "present", taker, "free", giver, "free", POINTS, 1, ident, now, None)
    execute(_POSTING, posting)
    execute("COMMIT")


def _check(setting: Setting) -> None:
    """Both store the same rows."""
    empty = setting.rows()
    (pair,) = setting.pairs(1)[0]
    setting.ours([pair])
    mine = setting.rows()
    setting.theirs(0, [pair])
    assert [b - a for a, b in zip(empty, mine, strict=True)] == [1, 1, 0], "ours stores one of each"
    theirs = setting.rows()
    assert [b - a for a, b in zip(mine, theirs, strict=True)] == [1, 1, 0], "the twin stores the same"


def _measured(url: str, name: str, accounts: int, rounds: int, transfers: int) -> Result:
    with tempfile.TemporaryDirectory() as folder:
        setting = Setting(url, Path(folder), accounts)
        _check(setting)
        pairs = setting.pairs(transfers)
        for warm in (lambda n: setting.ours(pairs[n][:20]), lambda n: setting.theirs(n, pairs[n][:20])):
            together(CONNECTIONS, warm)
        before = setting.deadlocks()
        mine, theirs = in_turn(
            lambda: together(CONNECTIONS, lambda number: setting.ours(pairs[number])),
            lambda: together(CONNECTIONS, lambda number: setting.theirs(number, pairs[number])),
            rounds,
        )
        deadlocks = setting.deadlocks() - before
        problems = setting.district.award.audit().problems
        setting.close()
    assert not deadlocks, f"{deadlocks} deadlocks"
    assert not problems, "; ".join(map(str, problems))
    count = CONNECTIONS * transfers
    speed, other = count / statistics.median(mine), count / statistics.median(theirs)
    return Result(
        name=f"points transfers, PostgreSQL, {CONNECTIONS} connections, {name}",
        ratio=speed_ratio(mine, theirs),
        target=1.0,
        higher_is_better=True,
        detail=(
            f"{speed:.0f} transfers/s against {other:.0f} by hand, between {accounts} accounts;"
            f" no deadlock; {rounds} rounds"
        ),
    )


def spread(url: str, rounds: int = 7, transfers: int = 200) -> Result:
    """Between many accounts, so that hardly two meet."""
    return _measured(url, "spread", SPREAD, rounds, transfers)


def hot(url: str, rounds: int = 7, transfers: int = 200) -> Result:
    """Between a few accounts, so that everybody waits for everybody."""
    return _measured(url, "hot", HOT, rounds, transfers)
