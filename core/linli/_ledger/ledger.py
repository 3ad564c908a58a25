"""The ledger's writes: each transfer moves units from one account to another, once.

An account is an owner, a unit and a part ("free", "held", "issued", "spent", "expired", "owed"). Only
"issued" may be below zero: it is where a unit comes from, so every unit's accounts sum to zero.
That none of the others falls below zero, and that an act is paid once by a rule, are constraints
of the database. Accounts change in the order of their keys, so that two acts never wait for
each other.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, update

from linli._base.commitments import of_posting, of_postings
from linli._base.errors import Refused
from linli._base.i18n import say
from linli._base.refusals import Invalid, Missing, Refusal, Unfit
from linli._base.revealing import unfit
from linli._model.effects import Transfer
from linli._store import Write
from linli._store import tables as t
from linli._store.statements import insert_into, upsert_into, write_statement

ACCOUNT_RANK = 60

_CREDIT = upsert_into(
    t.account,
    keys=("district", "owner", "unit", "part"),
    change=lambda table, new: {"balance": table.c.balance + new.balance},
    rank=ACCOUNT_RANK,
)
_DEBIT = write_statement(
    update(t.account)
    .where(
        t.account.c.district == bindparam("the_district"),
        t.account.c.owner == bindparam("the_owner"),
        t.account.c.unit == bindparam("the_unit"),
        t.account.c.part == bindparam("the_part"),
    )
    .values(balance=t.account.c.balance + bindparam("change")),
    rank=ACCOUNT_RANK,
    name="debit account",
)
# After the accounts: its foreign key finds a debit of an account that never was.
_POST = insert_into(t.posting, rank=ACCOUNT_RANK + 1)
_UNCAP = write_statement(
    update(t.cap)
    .where(
        t.cap.c.district == bindparam("the_district"),
        t.cap.c.owner == bindparam("the_owner"),
        t.cap.c.rule == bindparam("the_rule"),
        t.cap.c.period == bindparam("the_period"),
    )
    .values(used=t.cap.c.used - bindparam("back")),
    rank=ACCOUNT_RANK + 2,
    name="give cap back",
)
_CAP = upsert_into(
    t.cap,
    keys=("district", "owner", "rule", "period"),
    change=lambda table, new: {"used": table.c.used + new.used, "most": new.most},
    rank=ACCOUNT_RANK + 2,
)


def transfer_writes(district: str, transfers: Iterable[tuple[Transfer, UUID]], at: datetime) -> list[Write]:
    """The writes of transfers, each with the act that posts it."""
    made = list(transfers)
    changes = net_changes(transfer for transfer, _ in made)
    writes = [_change(district, *account, change) for account, change in changes.items() if change]
    return writes + [_posting(district, transfer, act, at) for transfer, act in made]


def committed(transfers: Iterable[tuple[Transfer, UUID]], at: datetime) -> dict[UUID, str]:
    """By act, what it says in the journal of its postings."""
    digests: dict[UUID, list[bytes]] = {}
    for transfer, act in transfers:
        digests.setdefault(act, []).append(of_posting(_posting_values("", transfer, act, at)))
    return {act: of_postings(found) for act, found in digests.items()}


def net_changes(transfers: Iterable[Transfer]) -> dict[tuple[UUID, str, str], int]:
    """By owner, unit and part, what transfers come to: each account is changed once."""
    sums: dict[tuple[UUID, str, str], int] = {}
    for transfer in transfers:
        for (owner, part), sign in ((transfer.source, -1), (transfer.target, 1)):
            account = (owner, transfer.unit, part)
            sums[account] = sums.get(account, 0) + sign * transfer.amount
    return sums


def _change(district: str, owner: UUID, unit: str, part: str, change: int) -> Write:
    key = f"{owner.hex} {unit} {part}"
    if change > 0 or part == "issued":
        values = {"district": district, "owner": owner, "unit": unit, "part": part, "balance": change}
        return Write(_CREDIT, values, key)
    values = {
        "the_district": district,
        "the_owner": owner,
        "the_unit": unit,
        "the_part": part,
        "change": change,
    }
    return Write(_DEBIT, values, key)


def _posting(district: str, transfer: Transfer, act: UUID, at: datetime) -> Write:
    return Write(_POST, _posting_values(district, transfer, act, at), transfer.rule)


def _posting_values(district: str, transfer: Transfer, act: UUID, at: datetime) -> dict[str, object]:
    return {
        "district": district,
        "cause": transfer.cause or act,
        "rule": transfer.rule,
        "to_owner": transfer.target[0],
        "to_part": transfer.target[1],
        "from_owner": transfer.source[0],
        "from_part": transfer.source[1],
        "unit": transfer.unit,
        "amount": transfer.amount,
        "act": act,
        "at": at,
        "cap_period": transfer.cap_period,
    }


def cap_write(district: str, owner: UUID, rule: str, period: str, used: int, most: int) -> Write:
    """Use up part of a cap; beyond it the database refuses."""
    values = {
        "district": district,
        "owner": owner,
        "rule": rule,
        "period": period,
        "used": used,
        "most": most,
    }
    return Write(_CAP, values, f"{owner.hex} {rule} {period}")


def uncap_write(district: str, owner: UUID, rule: str, period: str, back: int) -> Write:
    """Give back what a reversed award had used up of a cap."""
    values = {
        "the_district": district,
        "the_owner": owner,
        "the_rule": rule,
        "the_period": period,
        "back": back,
    }
    return Write(_UNCAP, values, f"{owner.hex} {rule} {period}")


# --- what callers say, checked ---------------------------------------------------------------------

RULE_LONGEST = 120
MOST = 10**12  # far beyond any district, and far below where the database's numbers end


class NoWholeAmount(Invalid, says="'{amount}' cannot be moved; write a whole number from 1 to {most}"):
    amount: int
    most: int
    field: str = "amount"


def whole(amount: int) -> int:
    """A number of whole units, more than 0."""
    if type(amount) is not int or not 1 <= amount <= MOST:
        raise Refused(NoWholeAmount(amount=amount, most=MOST))
    return amount


class RuleNotSaid(Missing, says="say by which rule, in at most {longest} characters"):
    longest: int
    field: str = "rule"


def rule_text(rule: str) -> str:
    """The words of a rule, which every posting carries."""
    if not rule.strip() or len(rule) > RULE_LONGEST:
        raise Refused(RuleNotSaid(longest=RULE_LONGEST))
    if problem := unfit(rule):
        raise Refused(Unfit(field="rule", name=say("rule"), problem=problem))
    return rule


class NotTransferable(Refusal, says="a transfer moves what is free or issued, not what is {part}"):
    part: str


def part_of(owner: UUID | tuple[UUID, str]) -> tuple[UUID, str]:
    """The account of an owner; what is held, spent and expired is moved by its own verbs only."""
    account = owner if isinstance(owner, tuple) else (owner, "free")
    if account[1] not in ("free", "issued"):
        raise Refused(NotTransferable(part=account[1]))
    return account
