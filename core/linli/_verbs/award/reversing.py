"""Taking back what was paid by mistake: postings of their own, which name the one that they reverse.

What is free goes back. What has expired since would have expired less: it is taken from what expired.
What was spent is owed. So each reversal is whole, whatever has become of the points.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import attrs
from sqlalchemy import BindParameter, bindparam, func, or_, select

from linli._base.errors import NotFound, Refused
from linli._base.i18n import Several, Text, listed, say
from linli._base.refusals import NotFoundHere, Refusal
from linli._ledger.ledger import uncap_write
from linli._ledger.owing import OWED, name_of
from linli._model.direct import ActResult
from linli._model.effects import Transfer
from linli._model.facts import Facts
from linli._model.lookups import ever
from linli._store import Read, Write
from linli._store import tables as t

_p = t.posting.c
_d: BindParameter[str] = bindparam("district")
POSTED = Read(
    select(_p.from_owner, _p.from_part, _p.to_owner, _p.to_part, _p.unit, _p.amount, _p.at, _p.cap_period)
    .where(
        _p.district == _d,
        _p.cause == bindparam("cause"),
        _p.rule == bindparam("rule"),
        ever(_p.to_owner, "payee"),
    )
    .order_by(_p.to_part.desc())
)
PAID_BY = Read(
    select(_p.rule)
    .distinct()
    .where(_p.district == _d, _p.cause == bindparam("cause"), ever(_p.to_owner, "payee"))
)
REVERSED = Read(
    select(_p.amount).where(
        _p.district == _d,
        _p.cause == bindparam("cause"),
        or_(_p.rule == bindparam("reverse"), _p.rule == bindparam("lapse"), _p.rule == bindparam("owe")),
    )
)
LAPSED = Read(
    select(func.coalesce(func.sum(_p.amount), 0)).where(
        _p.district == _d,
        ever(_p.from_owner, "owner"),
        _p.unit == bindparam("unit"),
        _p.from_part == "free",
        _p.to_part == "expired",
        _p.at >= bindparam("since"),
    )
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
    at: datetime
    cap_period: str | None

    @property
    def what(self) -> str:
        """What the postings that reverse it are called by; there can be one of each."""
        return f"{self.rule} of {self.payee}"


@attrs.frozen(kw_only=True)
class Reversal:
    """What taking a posting back comes to.

    Attributes:
        back: units that were free; `lapsed`: that had expired; `owed`: that were spent.
    """

    posting: Posting
    holder: UUID
    back: int
    lapsed: int
    owed: int

    @property
    def transfers(self) -> tuple[Transfer, ...]:
        """One of each kind that there is something of."""
        at, what = self.posting, self.posting.what
        issuer, mine = at.source, self.holder
        made = (
            (self.back, (mine, at.part), issuer, name_of("reverse", what)),
            (self.lapsed, (mine, "expired"), issuer, name_of("lapse", what)),
            (self.owed, issuer, (mine, OWED), name_of("owe", what)),
        )
        return tuple(
            Transfer(unit=at.unit, amount=amount, source=source, target=target, rule=rule, cause=at.cause)
            for amount, source, target, rule in made
            if amount
        )

    def writes(self, district: str) -> tuple[Write, ...]:
        """What it gives back of a cap: what expired was used up for good."""
        at, back = self.posting, self.back + self.owed
        if at.cap_period is None or not back:
            return ()
        return (uncap_write(district, at.payee, at.rule, at.cap_period, back),)


class AlreadyReversed(Refusal, says="this was reversed before; a posting is reversed once"): ...


def reversal(
    facts: Facts,
    cause: UUID,
    rule: str,
    payee: UUID,
    taken: Mapping[tuple[UUID, str, str], int] | None = None,
) -> Reversal:
    """What taking back comes to; Refused where it was taken back before.

    Args:
        taken: what this act takes already, by owner, unit and part.
    """
    posting = _posting(facts, cause, rule, payee)
    names = {verb: name_of(verb, posting.what) for verb in ("reverse", "lapse", "owe")}
    if facts.rows(REVERSED, cause=cause, **names):
        raise Refused(AlreadyReversed())
    holder = facts.survivor(posting.payee)
    there = {
        part: facts.balance(holder, posting.unit, part) - (taken or {}).get((holder, posting.unit, part), 0)
        for part in (posting.part, "expired")
    }
    return _judged(facts, posting, holder, there)


def by_hand(facts: Facts, cause: UUID, rule: str, payee: UUID) -> ActResult:
    """What an act that takes something back comes to."""
    back = reversal(facts, cause, rule, payee)
    body = {
        "cause": str(cause),
        "rule": rule,
        "unit": back.posting.unit,
        "amount": back.back,
        "owed": back.owed,
        "lapsed": back.lapsed,
    }
    return ActResult(body={"values": body}, effects=back.transfers, writes=back.writes(facts.district))


class RestWasSpent(
    Refusal, says="{needed} {unit} are to be taken back, {have} are there: the rest was spent"
):
    needed: int
    unit: Text
    have: int


def _judged(facts: Facts, posting: Posting, holder: UUID, there: Mapping[str, int]) -> Reversal:
    """Only what was earned is owed: whoever was given something by another person owes linli nothing."""
    earned = posting.source[1] == "issued"
    lapsed = min(posting.amount, _lapsed(facts, posting, holder, there["expired"])) if earned else 0
    have = there[posting.part]
    back = min(have, posting.amount - lapsed)
    owed = posting.amount - lapsed - back
    if owed and not earned:
        raise Refused(RestWasSpent(needed=posting.amount, unit=say(posting.unit), have=have))
    return Reversal(posting=posting, holder=holder, back=back, lapsed=lapsed, owed=owed)


def _lapsed(facts: Facts, posting: Posting, holder: UUID, there: int) -> int:
    """How much less would have expired since, had it never been paid; what was taken back of it is gone from there."""
    if not there:
        return 0
    rows = facts.rows(LAPSED, owner=holder, unit=posting.unit, since=posting.at)
    return min(there, int(rows[0][0]))


class MovedByAMatter(
    Refusal, says="what was {part} by a move of a matter is not reversed; make a move of it"
):
    part: str


def _posting(facts: Facts, cause: UUID, rule: str, payee: UUID) -> Posting:
    rows = facts.rows(POSTED, cause=cause, rule=rule, payee=payee)
    if not rows:
        raise NotFound(_not_paid(facts, cause, rule, payee))
    owner, source, paid, part, unit, amount, at, cap_period = rows[0]
    if (source, part) not in _REVERSIBLE:
        raise Refused(MovedByAMatter(part=part))
    return Posting(
        cause=cause,
        rule=rule,
        payee=paid,
        source=(owner, source),
        part=part,
        unit=unit,
        amount=amount,
        at=at,
        cap_period=cap_period,
    )


class PaidByOtherRules(NotFoundHere, says="act {cause} paid nothing by the rule '{rule}', but by: {known}"):
    cause: UUID
    rule: str
    known: Several


class PaidNothing(NotFoundHere, says="act {cause} moved nothing to {payee} by the rule '{rule}'"):
    cause: UUID
    payee: UUID
    rule: str


def _not_paid(facts: Facts, cause: UUID, rule: str, payee: UUID) -> NotFoundHere:
    rules = [rule for (rule,) in facts.rows(PAID_BY, cause=cause, payee=payee)]
    if rules:
        return PaidByOtherRules(cause=cause, rule=rule, known=listed(rules))
    return PaidNothing(cause=cause, payee=payee, rule=rule)
