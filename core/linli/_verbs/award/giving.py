"""Awards by hand: what linli's plugins do not pay, somebody with a post gives, and says why."""

from uuid import UUID

import attrs

from linli._base.errors import NotFound, Refused
from linli._base.refusals import LimitReached, Refusal
from linli._model.awards import AlreadyPaid, Award
from linli._model.direct import ActResult
from linli._model.facts import Facts
from linli._model.lookups import PERSON, NobodyRegistered


class OwnPoints(Refusal, says="nobody gives points to themselves; let somebody else do it"): ...


class CapUsedUp(LimitReached, says="the {most} that {rule} allows in {period} are used up"):
    most: int
    rule: str
    period: str


def by_hand(facts: Facts, *, award: Award, by: UUID | None) -> ActResult:
    """What an award by hand comes to; Refused for oneself, and where it was paid or its cap is used up.

    Args:
        by: who gives it.
    """
    payee = _registered(facts, award.person)
    if by and facts.survivor(by) == payee:
        raise Refused(OwnPoints())
    if award.cause and facts.paid(award.cause, award.rule, payee):
        raise Refused(AlreadyPaid())
    cap = award.cap
    if cap and facts.cap_used(payee, award.rule, cap.period) >= cap.most:
        raise Refused(CapUsedUp(rule=award.rule, most=cap.most, period=cap.period))
    body = {"unit": award.unit, "points": award.points, "rule": award.rule}
    if award.cause:
        body["cause"] = str(award.cause)
    return ActResult(body={"values": body}, awards=(attrs.evolve(award, person=payee),))


def _registered(facts: Facts, person: UUID) -> UUID:
    """The person, or whom they were merged into."""
    now = facts.survivor(person)
    if not facts.rows(PERSON, id=now):
        raise NotFound(NobodyRegistered(id=person))
    return now
