"""The last gifts, wanted by many at once; and a process killed anywhere: nothing twice, nothing lost."""

import os
import random
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import func, select

from linli import District
from linli._store import tables as t
from linli._testing.racing import started
from linli.testing import at_once, somebody
from linli_bank.testing import BankCompound, bank_compound, who

SHOPPER = Path(__file__).with_name("bank_shopper.py")
PIECES, SHOPPERS, TRIES = 50, 8, 10
DAYS = 12
KILLS = 60 if os.environ.get("LINLI_SLOW") else 5


@pytest.fixture
def compound(new_district: Callable[..., District]) -> BankCompound:
    return bank_compound(new_district)


def _line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_eight_processes_get_the_last_fifty_gifts_and_not_one_more(compound: BankCompound) -> None:
    gift = compound.offer(price=3, pieces=PIECES)
    shoppers = [somebody(compound.district, None, compound.place) for _ in range(SHOPPERS)]
    for one in shoppers:
        compound.bank.join(who(one), compound.place)
        compound.give(3 * TRIES, one)
    folder = compound.district.configuration.folder
    printed = at_once(*([SHOPPER, "race", folder, gift, who(one), TRIES] for one in shoppers))
    answers = Counter(line for lines in printed for line in lines)
    print(f"\n{SHOPPERS} processes, {PIECES} pieces: {dict(answers)}")
    sold_out = "order: 1 pieces are needed, 0 are there"
    assert answers == {"ordered": PIECES, sold_out: SHOPPERS * TRIES - PIECES}
    assert compound.stock() == (0, PIECES, 0)
    assert sum(compound.free(one) for one in shoppers) == 3 * (SHOPPERS * TRIES - PIECES)
    assert compound.district.award.audit().problems == ()


def test_killed_anywhere_a_redemption_zeroes_what_is_left_once(new_district: Callable[..., District]) -> None:
    compound = bank_compound(new_district, "[[bank.ledgers]]\nzeroed = true\n")
    gift = compound.offer(price=4, pieces=10**6)
    life = ("live", compound.district.configuration.folder, gift, who(compound.member), compound.place, DAYS)
    chance = random.Random(20260303)
    for _ in range(KILLS):
        _kill_somewhere(started(SHOPPER, *life), chance)
        assert compound.district.award.audit().problems == ()
    last = started(SHOPPER, *life)
    _, errors = last.communicate(timeout=120)
    assert last.returncode == 0, errors
    kept = len([day for day in range(DAYS) if day % 3])
    account = compound.district.award.account(who(compound.member))
    # The last day's gift was fetched, so nothing is left; what was not spent has expired.
    assert (account.free, account.held, account.spent) == (0, 0, 4 * kept)
    assert account.expired == 10 * DAYS - 4 * kept


def _kill_somewhere(process: "subprocess.Popen[str]", chance: random.Random) -> int:
    """Kill -9 after some of its acts, at any moment of the next one; how many it had reported."""
    reported = 0
    for _ in range(chance.randrange(DAYS * 3)):
        if not _line(process):
            break
        reported += 1
    time.sleep(chance.uniform(0, 0.02))
    process.kill()
    process.communicate()
    return reported


def test_a_process_killed_anywhere_has_paid_and_sold_nothing_twice(compound: BankCompound) -> None:
    gift = compound.offer(price=4, pieces=10**6)
    life = ("live", compound.district.configuration.folder, gift, who(compound.member), compound.place, DAYS)
    chance = random.Random(20260302)
    reported = []
    for _ in range(KILLS):
        reported.append(_kill_somewhere(started(SHOPPER, *life), chance))
        assert compound.district.award.audit().problems == ()
        assert _acts(compound)["points.award"] >= reported[-1] // 3, "what was reported was stored"
    last = started(SHOPPER, *life)
    _, errors = last.communicate(timeout=120)
    assert last.returncode == 0, errors
    acts = _acts(compound)
    print(f"\n{KILLS} kills, after {reported} acts; stored in the end: {acts}")
    kept = len([day for day in range(DAYS) if day % 3])
    assert acts == {
        "points.award": DAYS,
        "redemption.order": DAYS,
        "redemption.hand_over": kept,
        "redemption.cancel": DAYS - kept,
    }
    account = compound.district.award.account(who(compound.member))
    assert (account.free, account.held, account.spent) == (10 * DAYS - 4 * kept, 0, 4 * kept)
    assert compound.stock() == (10**6 - kept, 0, kept)
    assert _cap_used(compound) == 10 * DAYS
    assert compound.district.award.audit().problems == ()


def _acts(compound: BankCompound) -> dict[str, int]:
    act = t.act.c
    query = (
        select(act.verb, func.count())
        .where(act.district == compound.district.code)
        .where(act.verb.in_(["points.award"]) | act.verb.startswith("redemption."))
        .group_by(act.verb)
    )
    with compound.district.store.reading() as connection:
        return Counter({row[0]: row[1] for row in connection.execute(query)})


def _cap_used(compound: BankCompound) -> int:
    query = select(func.sum(t.cap.c.used)).where(t.cap.c.district == compound.district.code)
    with compound.district.store.reading() as connection:
        return int(connection.execute(query).scalar_one())
