"""Letting go of what somebody owes: two persons of the organisation decide it, and say why."""

from collections.abc import Iterable
from typing import Annotated
from uuid import UUID

import attrs

from linli import (
    OWN,
    POINTS,
    Clock,
    Context,
    Effect,
    Input,
    Missing,
    Moves,
    Reason,
    Refusal,
    Refused,
    State,
    Transition,
    Why,
    Workflow,
    has_post,
    query,
)
from linli.hooks import OWED, debts, given_up, most
from linli_bank.banks import DESK
from linli_bank.breaches import by_somebody, confirm_within
from linli_bank.settings import BankSettings

ORGANISATION = has_post("bank_keeper", "volunteer_leader") - OWN


@attrs.frozen(kw_only=True)
class Waiver:
    """What is kept with a waiver.

    Attributes:
        amount: what was owed when it was asked for; no more than that is let go.
    """

    ledger: str = POINTS
    amount: int


@attrs.frozen(kw_only=True)
class Propose:
    """Why, and of which ledger."""

    reason: Reason
    ledger: Annotated[str | None, Input("the ledger; else the first one", longest=40)] = None


class DebtorNotSaid(Missing, says="say whose debt it is"):
    field: str = "person"


def _owner(ctx: Context[object]) -> UUID:
    if ctx.subject.person is None:
        raise Refused(DebtorNotSaid())
    return ctx.get(query.survivor(ctx.subject.person))


def _owed(t: Transition[None, Propose]) -> Waiver:
    unit = t.given.ledger or t.settings(BankSettings).units[0]
    return Waiver(ledger=unit, amount=t.get(query.balance(_owner(t), unit, OWED)))


class NothingOwed(Refusal, says="they owe nothing"): ...


def _something_owed(t: Transition[Waiver, object]) -> Refusal | None:
    owed = t.get(query.balance(_owner(t), t.record.ledger, OWED))
    return None if owed else NothingOwed()


def _let_go(t: Transition[Waiver, object]) -> Iterable[Effect]:
    owner, unit = _owner(t), t.record.ledger
    owed = most(debts(t.facts, owner, unit), t.record.amount)
    yield from given_up(owed, owner, unit, "waive", t.id)


class WaiverFlow(
    Workflow[Waiver],
    name="waiver",
    label="waiver of what is owed",
    summary_fields=("amount", "ledger"),
    readable_by=DESK,
    holds_person=True,
):
    """Proposed by one of the organisation, let go of or refused by another."""

    move = Moves(Waiver)
    proposed = State("waiver proposed", visible_to=DESK)
    waived = State("let go", ends=True, visible_to=DESK)
    refused = State("waiver refused", ends=True, visible_to=DESK)
    propose = move.opening(
        proposed,
        Propose,
        label="propose to let go of what is owed",
        by=ORGANISATION,
        record=_owed,
        needs=[by_somebody, _something_owed],
    )
    confirm = move(
        proposed.to(waived),
        label="let go of what is owed",
        by=ORGANISATION,
        not_by=[propose],
        needs=[by_somebody, _something_owed],
        then=[_let_go],
    )
    refuse = move(
        proposed.to(refused), Why, label="refuse to let go of it", by=ORGANISATION, needs=[by_somebody]
    )
    decision = Clock(proposed, confirm_within)
