"""Holds outside workflows: units set aside under an act's own identifier."""

from uuid import UUID

from linli._base.errors import NotFound, Refused
from linli._base.i18n import Text, say
from linli._base.refusals import NotFoundHere, Refusal
from linli._ledger.ledger import whole
from linli._model.direct import ActResult
from linli._model.effects import Transfer
from linli._model.facts import Facts
from linli._model.lookups import HELD_BY


class NoSuchHold(NotFoundHere, says="there is no hold {id} in this district"):
    id: UUID


class TooLittleHeld(Refusal, says="{needed} {unit} are needed, {have} are held"):
    needed: int
    unit: Text
    have: int


def out_of(facts: Facts, *, hold: UUID, amount: int | None, rule: str, part: str) -> ActResult:
    """What taking an amount, or all of it, out of a hold comes to; it goes to the owner's `part`."""
    rows = facts.rows(HELD_BY, hold=hold)
    if not rows:
        raise NotFound(NoSuchHold(id=hold))
    owner, unit = rows[0]
    left = facts.balance(hold, unit, "held")
    taken = left if amount is None else whole(amount)
    if not 0 < taken <= left:
        raise Refused(TooLittleHeld(needed=taken or 1, unit=say(unit), have=left))
    target = (facts.survivor(owner), part)
    moved = Transfer(unit=unit, amount=taken, source=(hold, "held"), target=target, rule=rule)
    body = {"unit": unit, "amount": taken, "hold": str(hold)}
    return ActResult(body={"values": body}, effects=(moved,))
