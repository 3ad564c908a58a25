"""Putting into words that an account has too little: the database refused, and we say how little."""

from linli._base.i18n import Text, say
from linli._base.refusals import Refusal
from linli._model.lookups import BALANCE
from linli._store import Store
from linli._store.failures import Broken


class TooLittle(Refusal, says="{needed} {unit} are needed, {have} are there"):
    needed: int
    unit: Text
    have: int


def shortage(store: Store, district: str, broken: Broken, *, again: bool) -> Refusal | None:
    """How much is needed and how much is there, where that is why a batch broke.

    Args:
        again: whether it broke before; the first time the same order may still find another way,
            such as onto a waiting list.
    """
    if not broken.debits or not _points_to_the_ledger(broken.constraint, again=again):
        return None
    for owner, unit, part, needed in broken.debits:
        asked = {"district": district, "owner": owner, "unit": unit, "part": part}
        rows = store.ask([(BALANCE, asked)])[0]
        have = int(rows[0][0]) if rows else 0
        if have < needed:
            return TooLittle(needed=needed, unit=say(unit.partition(":")[0]), have=have)
    return None


def _points_to_the_ledger(constraint: str, *, again: bool) -> bool:
    # SQLite does not say which foreign key it was: a debit of an account that never was breaks one.
    if constraint.startswith("fk_posting") or constraint == "foreign key":
        return True
    return again and constraint.startswith("ck_account")
