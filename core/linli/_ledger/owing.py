"""What is owed: points that were paid, spent, and then put right; the next points settle it.

An account's part "owed" is what its owner has to give back, never below zero. A debt is posted with the
act and the rule that were paid, and whatever lessens it with the same act and rule, so that for each
service it is known what came back, what is owed of it still, and what never came back.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from uuid import UUID

import attrs
from sqlalchemy import BindParameter, bindparam, select

from linli._model.effects import Transfer
from linli._model.facts import Facts
from linli._model.lookups import ever
from linli._store import Read
from linli._store import tables as t
from linli._store.bulk import Lookup

OWED = "owed"

_p, _a = t.posting.c, t.account.c
_d: BindParameter[str] = bindparam("district")
_OWING = Lookup(
    select(_a.owner, _a.unit, _a.balance).where(_a.district == _d, _a.part == OWED, _a.balance > 0), _a.owner
)
_INCURRED = Read(
    select(_p.cause, _p.rule, _p.from_owner, _p.amount)
    .where(_p.district == _d, ever(_p.to_owner, "owner"), _p.unit == bindparam("unit"))
    .where(_p.to_part == OWED, _p.from_part == "issued")
    .order_by(_p.at, _p.cause, _p.rule)
)
_LESSENED = Read(
    select(_p.cause, _p.rule, _p.to_owner, _p.amount)
    .where(_p.district == _d, ever(_p.from_owner, "owner"), _p.unit == bindparam("unit"))
    .where(_p.from_part == OWED, _p.to_part == "issued")
)
# "owe <rule> of <payee>"; what lessens it has the number of the act behind it, since there may be several.
_NAME = re.compile(r"(?:owe|paid|waive|end) (.* of [0-9a-f-]{36})(?: [0-9a-f]{32})?")


@attrs.frozen(kw_only=True)
class Debt:
    """What somebody owes of what one act was paid to them by a rule.

    Attributes:
        what: the rule, and who was paid: "<rule> of <payee>".
        issuer: whose bank gave it, and gets it back.
    """

    cause: UUID
    what: str
    issuer: UUID
    amount: int


def name_of(verb: str, what: str, act: UUID | None = None) -> str:
    """The rule of a posting about a debt."""
    return f"{verb} {what}" if act is None else f"{verb} {what} {act.hex}"


def debts(facts: Facts, owner: UUID, unit: str, made: Iterable[Transfer] = ()) -> list[Debt]:
    """What somebody owes still, the oldest first.

    Args:
        made: transfers of this very act, which the database does not have yet.
    """
    incurred = facts.rows(_INCURRED, owner=owner, unit=unit)
    lessened = facts.rows(_LESSENED, owner=owner, unit=unit)
    new = [one for one in made if one.unit == unit and one.cause is not None]
    incurred = [
        *incurred,
        *((one.cause, one.rule, one.source[0], one.amount) for one in new if _incurs(one, owner)),
    ]
    lessened = [
        *lessened,
        *((one.cause, one.rule, one.target[0], one.amount) for one in new if _lessens(one, owner)),
    ]
    left: dict[tuple[UUID, str, UUID], int] = {}
    for sign, rows in ((1, incurred), (-1, lessened)):
        for cause, rule, issuer, amount in rows:
            key = (cause, _what(rule), issuer)
            left[key] = left.get(key, 0) + sign * amount
    return [
        Debt(cause=cause, what=what, issuer=issuer, amount=amount)
        for (cause, what, issuer), amount in left.items()
        if amount > 0
    ]


def _incurs(one: Transfer, owner: UUID) -> bool:
    return one.source[1] == "issued" and one.target == (owner, OWED)


def _lessens(one: Transfer, owner: UUID) -> bool:
    return one.target[1] == "issued" and one.source == (owner, OWED)


def _what(rule: str) -> str:
    found = _NAME.fullmatch(rule)
    return found[1] if found else rule


def most(owed: Iterable[Debt], amount: int) -> Iterator[Debt]:
    """Of debts, the oldest first, what comes to an amount."""
    for debt in owed:
        taken = min(debt.amount, amount)
        amount -= taken
        if taken > 0:
            yield attrs.evolve(debt, amount=taken)


def given_up(owed: Iterable[Debt], owner: UUID, unit: str, verb: str, act: UUID) -> list[Transfer]:
    """What lets debts go: "waive" where two people decide so, "end" with the account."""
    return [
        Transfer(
            unit=unit,
            amount=debt.amount,
            source=(owner, OWED),
            target=(debt.issuer, "issued"),
            rule=name_of(verb, debt.what, act),
            cause=debt.cause,
        )
        for debt in owed
    ]


# --- settling ----------------------------------------------------------------------------------------


def settlements(
    facts: Facts, moved: Sequence[tuple[Transfer, UUID]], changes: Mapping[tuple[UUID, str, str], int]
) -> list[tuple[Transfer, UUID]]:
    """What settles debts, of what an act's transfers give somebody, each with the act that posts it.

    Args:
        moved: the transfers, each with its act; `changes`: what they come to by owner, unit and part.
    """
    gained = {(one.target[0], one.unit): act for one, act in moved if one.target[1] in ("free", OWED)}
    if not gained:
        return []
    owing = {
        (owner, unit): int(balance)
        for owner, unit, balance in facts.found(_OWING, sorted({owner for owner, _ in gained}))
    }
    made: list[tuple[Transfer, UUID]] = []
    for (owner, unit), act in gained.items():
        owed = owing.get((owner, unit), 0) + changes.get((owner, unit, OWED), 0)
        if owed > 0:
            free = facts.balance(owner, unit) + changes.get((owner, unit, "free"), 0)
            found = _all_debts(facts, owner, unit, [one for one, _ in moved])
            made += [(one, act) for one in _settled(most(found, min(free, owed)), owner, unit, act)]
    return made


def _all_debts(facts: Facts, owner: UUID, unit: str, moved: Sequence[Transfer]) -> list[Debt]:
    """Theirs, and those that come with a record that is being merged into theirs."""
    others = [one.source[0] for one in moved if one.target == (owner, OWED) and one.source[1] == OWED]
    found = debts(facts, owner, unit, moved)
    return [*found, *(debt for other in others for debt in debts(facts, other, unit))]


def _settled(owed: Iterable[Debt], owner: UUID, unit: str, act: UUID) -> Iterable[Transfer]:
    """What is free goes back, and the debt with it."""
    for debt in owed:
        for part, verb in (("free", "settle"), (OWED, "paid")):
            yield Transfer(
                unit=unit,
                amount=debt.amount,
                source=(owner, part),
                target=(debt.issuer, "issued"),
                rule=name_of(verb, debt.what, act),
                cause=debt.cause,
            )
