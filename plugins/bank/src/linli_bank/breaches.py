"""Breaches (违规): what lowers a person's earnings for a time, once a second person has confirmed it."""

from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from math import prod
from typing import Annotated
from uuid import UUID

import attrs

from linli import (
    NOBODY,
    OWN,
    AnyTransition,
    Clock,
    Context,
    Facts,
    Input,
    Limit,
    Moves,
    NotFoundHere,
    Reason,
    Refusal,
    Refused,
    Several,
    State,
    Subject,
    Transition,
    Why,
    Workflow,
    listed,
)
from linli.query import subjects
from linli_bank.banks import DESK, MANAGER
from linli_bank.members import NoAccount, standing
from linli_bank.settings import BankSettings


@attrs.frozen(kw_only=True)
class Breached:
    """What is kept with a breach: which kind it is, and what that meant when it was reported.

    Attributes:
        factor: what is earned is multiplied by it while the breach stands, 0 to 1.
        days: how long it stands once it is confirmed.
    """

    kind: str
    factor: Decimal
    days: int


@attrs.frozen(kw_only=True)
class Report:
    """Which kind of breach it was, and what happened."""

    kind: Annotated[str, Input("which kind, by the district's settings", longest=100)]
    reason: Reason


def factor_of(facts: Facts, person: UUID) -> Fraction:
    """The factors of all breaches of a person that stand at the moment of the act, multiplied."""
    breaches = facts.get(subjects(BreachFlow, person=person))
    return prod(
        (Fraction(one.record.factor) for one in breaches if _stands(one, facts.at)), start=Fraction(1)
    )


def _stands(breach: Subject[Breached], at: datetime) -> bool:
    """However late a worker ends it: it ends when its days are over."""
    since = breach.accepted_at
    if since is None:
        return False
    over = since + timedelta(days=breach.record.days)
    return since <= at < min(breach.ended_at or over, over)


class NoSuchBreach(NotFoundHere, says="the district knows no such breach; it knows: {known}"):
    known: Several


def _of_its_kind(t: Transition[None, Report]) -> Breached:
    """What the breach means by the district's settings of today: a later change of them changes nothing."""
    settings = t.settings(BankSettings)
    kind = settings.breach(t.given.kind)
    if kind is None:
        known = listed(one.name for one in settings.breaches)
        raise Refused(NoSuchBreach(known=known))
    return Breached(kind=t.given.kind, factor=kind.factor, days=kind.days)


def _of_a_member(t: Transition[Breached, object]) -> Refusal | None:
    if t.subject.person is None or standing(t.facts, t.subject.person).place is None:
        return NoAccount()
    return None


class DeciderNotSaid(Refusal, says="say who decides it: --as PERSON"): ...


def by_somebody(t: AnyTransition) -> Refusal | None:
    """Nobody can tell whether the console is another person than who began it."""
    return None if t.actor or t.by_engine else DeciderNotSaid()


def _days(ctx: Context[Breached]) -> Limit:
    return Limit(span=timedelta(days=ctx.record.days))


def confirm_within(ctx: Context[object]) -> Limit:
    """How long what waits for a decision may wait until the ladder hears of it."""
    return Limit(span=ctx.settings(BankSettings).confirm_within)


class BreachFlow(
    Workflow[Breached],
    name="breach",
    summary_fields=("kind",),
    readable_by=OWN | DESK,
    holds_person=True,
):
    """Reported by one of the desk, confirmed by another; it stands for its days, or until it is lifted."""

    move = Moves(Breached)
    reported = State("breach reported", visible_to=DESK)
    standing = accepted_in = State("breach stands", visible_to=DESK, turn=NOBODY)
    dismissed = State("report dismissed", ends=True, visible_to=DESK)
    lifted = State("breach lifted", ends=True, visible_to=DESK)
    over = State("breach is over", ends=True, visible_to=DESK)
    report = move.opening(
        reported, Report, label="report a breach", by=DESK - OWN, record=_of_its_kind, needs=[_of_a_member]
    )
    confirm = move(
        reported.to(standing), label="confirm the breach", by=DESK - OWN, not_by=[report], needs=[by_somebody]
    )
    dismiss = move(reported.to(dismissed), Why, label="dismiss the report", by=DESK - OWN)
    lift = move(standing.to(lifted), Why, label="lift the breach", by=MANAGER - OWN)
    end = move(standing.to(over))
    decision = Clock(reported, confirm_within)
    stands = Clock(standing, _days, then=end)
