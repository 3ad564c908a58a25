"""Pending points (待确认积分): what an act has earned waits until a second person confirms it."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated
from uuid import UUID, uuid5

import attrs

from linli import (
    OWN,
    AnyAct,
    Award,
    Cap,
    Clock,
    Input,
    MoveOrder,
    Moves,
    OpenOrder,
    PersonId,
    PlaceId,
    Refusal,
    State,
    Transition,
    Why,
    Workflow,
)
from linli.query import acts_of, one, survivor
from linli_bank.banks import DESK, MANAGER
from linli_bank.breaches import by_somebody, confirm_within
from linli_bank.earning import Earned
from linli_bank.settings import BankSettings


@attrs.frozen(kw_only=True)
class Credit:
    """What is kept with points that wait: all as the rule had it when the act was made.

    Attributes:
        cause: the act that earned them; `verb`: what it was; `made_by`: who made it, if a person did.
        day: the day on which they were earned.
        cap, cap_period: the most by the rule in the period in which they were earned.
    """

    rule: Annotated[str, Input(longest=120)]
    ledger: Annotated[str, Input(longest=40)]
    points: int
    cause: UUID
    verb: Annotated[str, Input(longest=80)]
    day: date
    made_by: UUID | None = None
    issuer: UUID | None = None
    cap: int | None = None
    cap_period: Annotated[str | None, Input(longest=32)] = None


def credit_of(act: UUID, rule: str, payee: UUID | None) -> UUID:
    """The number of the points that wait for an act, a rule and whom it pays: there is at most one."""
    return uuid5(act, f"{rule} {payee}")


def claimed(t: AnyAct, earned: Earned) -> OpenOrder:
    """The order that lets what an act has earned wait for confirmation."""
    award, cap = earned.award, earned.award.cap
    credit = Credit(
        rule=award.rule,
        ledger=award.unit,
        points=award.points,
        cause=t.id,
        verb=t.verb,
        day=earned.day,
        made_by=t.actor,
        issuer=award.issuer,
        cap=cap.most if cap else None,
        cap_period=cap.period if cap else None,
    )
    number = credit_of(t.id, award.rule, award.person)
    return CreditFlow.claim.at(PlaceId(earned.place), credit, person=PersonId(award.person), id=number)


def paid(t: Transition[Credit, object]) -> Award:
    """What a confirmation pays: for the act that earned it, so that no act is paid twice."""
    credit = t.record
    assert t.person is not None, "a credit is somebody's"
    cap = (
        Cap(most=credit.cap, period=credit.cap_period)
        if credit.cap is not None and credit.cap_period
        else None
    )
    return Award(
        person=t.get(survivor(t.person)),
        points=credit.points,
        rule=credit.rule,
        unit=credit.ledger,
        issuer=credit.issuer,
        cap=cap,
        cause=credit.cause,
    )


def voided(t: AnyAct) -> Iterable[MoveOrder]:
    """Points that wait, or were rejected, for what this act undoes: they are not confirmed any more."""
    rules = [rule for rule in t.settings(BankSettings).undone_by.get(t.verb, ()) if rule.confirm]
    subject = t.after
    if subject is None or not rules:
        return
    acts = t.get(acts_of(subject.root, subject=subject.id))
    for number in dict.fromkeys(
        credit_of(earlier.id, f"bank:{rule.name}", payee)
        for rule in rules
        for earlier in acts
        for payee in (subject.person, *subject.makers)
    ):
        credit = t.get(one(CreditFlow, CreditFlow.ref(number)))
        if credit and credit.state in CreditFlow.undecided:
            yield CreditFlow.void(credit.id)


class OwnCredit(Refusal, says="you made the act that earned these points; somebody else must decide"): ...


def _not_by_its_maker(t: Transition[Credit, object]) -> Refusal | None:
    if t.record.made_by and t.is_among((PersonId(t.record.made_by),)):
        return OwnCredit()
    return None


class CreditFlow(
    Workflow[Credit],
    name="credit",
    label="pending points",
    summary_fields=("rule", "points", "ledger"),
    readable_by=OWN | DESK,
):
    """Earned by an act, confirmed or rejected by somebody else; what was rejected can be taken up again."""

    move = Moves(Credit)
    pending = State("waiting for confirmation", visible_to=DESK)
    confirmed = State("points confirmed", ends=True, visible_to=DESK)
    rejected = State("points rejected", ends=True, visible_to=DESK)
    fell_away = State("points fell away", name="void", ends=True, visible_to=DESK)
    undecided = pending | rejected
    claim = move.opening(pending, Credit)
    confirm = move(
        pending.to(confirmed),
        label="confirm the points",
        by=DESK - OWN,
        needs=[by_somebody, _not_by_its_maker],
    )
    reject = move(
        pending.to(rejected),
        Why,
        label="reject the points",
        by=DESK - OWN,
        needs=[by_somebody, _not_by_its_maker],
    )
    take_up_again = move(
        rejected.to(pending), Why, by=MANAGER - OWN, not_by=[reject], needs=[by_somebody, _not_by_its_maker]
    )
    # What they are for was undone.
    void = move(undecided.to(fell_away), label="points fall away")
    decision = Clock(pending, confirm_within)
