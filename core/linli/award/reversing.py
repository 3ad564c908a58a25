"""Taking back what was paid by mistake: a posting of its own, which names the one that it reverses."""

from uuid import UUID

import attrs
from sqlalchemy import BindParameter, bindparam, select

from linli.award.ledger import uncap_write
from linli.effects import Transfer
from linli.engine.orders import Yield
from linli.errors import NotFound, Refused
from linli.facts import Facts
from linli.i18n import Text, listed, say
from linli.store import Read
from linli.store import tables as t

_p = t.posting.c
_d: BindParameter[str] = bindparam("district")
POSTED = Read(
    select(_p.from_owner, _p.from_part, _p.to_part, _p.unit, _p.amount, _p.cap_period)
    .where(
        _p.district == _d,
        _p.cause == bindparam("cause"),
        _p.rule == bindparam("rule"),
        _p.to_owner == bindparam("payee"),
    )
    .order_by(_p.to_part.desc())
)
PAID_BY = Read(
    select(_p.rule)
    .distinct()
    .where(_p.district == _d, _p.cause == bindparam("cause"), _p.to_owner == bindparam("payee"))
)
REVERSED = Read(
    select(_p.amount).where(_p.district == _d, _p.cause == bindparam("cause"), _p.rule == bindparam("rule"))
)

# What a move of a workflow has held or spent is undone by a move of it.
_REVERSIBLE = {("issued", "free"), ("free", "free"), ("free", "expired")}


@attrs.frozen(kw_only=True)
class Posting:
    """What an act was paid to somebody by a rule."""

    cause: UUID
    rule: str
    payee: UUID
    source: tuple[UUID, str]
    part: str
    unit: str
    amount: int
    cap_period: str | None

    @property
    def reversed_by(self) -> str:
        """The rule of the posting that reverses it, which there can be one of."""
        return f"reverse {self.rule} of {self.payee}"


def reversal(facts: Facts, cause: UUID, rule: str, payee: UUID, *, partial: bool) -> Yield:
    """What taking back comes to; Refused where there is too little, or it was taken back before.

    Args:
        partial: take back what is there, where there is too little.
    """
    posting = _posting(facts, cause, rule, payee)
    if facts.rows(REVERSED, cause=cause, rule=posting.reversed_by):
        raise Refused(say("this was reversed before; a posting is reversed once"))
    holder = facts.survivor(payee)
    amount = _recoverable(facts, posting, holder, partial=partial)
    back = Transfer(
        unit=posting.unit,
        amount=amount,
        source=(holder, posting.part),
        target=posting.source,
        rule=posting.reversed_by,
        cause=cause,
    )
    body = {
        "cause": str(cause),
        "rule": rule,
        "unit": posting.unit,
        "amount": amount,
        "not_recovered": posting.amount - amount,
    }
    period = posting.cap_period
    caps = (uncap_write(facts.district, payee, rule, period, amount),) if period else ()
    return Yield(body={"values": body}, effects=(back,), writes=caps)


def _posting(facts: Facts, cause: UUID, rule: str, payee: UUID) -> Posting:
    rows = facts.rows(POSTED, cause=cause, rule=rule, payee=payee)
    if not rows:
        raise NotFound(_not_paid(facts, cause, rule, payee))
    owner, source, part, unit, amount, cap_period = rows[0]
    if (source, part) not in _REVERSIBLE:
        raise Refused(
            say("what was {part} by a move of a matter is not reversed; make a move of it", part=part)
        )
    return Posting(
        cause=cause,
        rule=rule,
        payee=payee,
        source=(owner, source),
        part=part,
        unit=unit,
        amount=amount,
        cap_period=cap_period,
    )


def _not_paid(facts: Facts, cause: UUID, rule: str, payee: UUID) -> Text:
    rules = [rule for (rule,) in facts.rows(PAID_BY, cause=cause, payee=payee)]
    told = {"cause": cause, "payee": payee, "rule": rule}
    if rules:
        known = listed(rules)
        return say("act {cause} paid nothing by the rule '{rule}', but by: {known}", known=known, **told)
    return say("act {cause} moved nothing to {payee} by the rule '{rule}'", **told)


def _recoverable(facts: Facts, posting: Posting, holder: UUID, *, partial: bool) -> int:
    have = facts.balance(holder, posting.unit, posting.part)
    if have >= posting.amount or (partial and have > 0):
        return min(have, posting.amount)
    raise Refused(
        say(
            "{needed} {unit} are to be taken back, {have} are there: the rest was spent",
            needed=posting.amount,
            unit=say(posting.unit),
            have=have,
        )
    )
