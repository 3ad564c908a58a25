"""Letting go of what somebody owes: two persons of the organisation decide it, and say why."""

from collections.abc import Iterable, Mapping
from uuid import UUID

import attrs

from linli import Act, Ask, Clock, Facts, Move, State, Subject, Workflow, has_post, say
from linli.award.owing import OWED, debts, given_up, most
from linli.award.rules import POINTS
from linli.effects import Effect
from linli.errors import Refused
from linli.i18n import Text
from linli.workflow import REASON
from linli_bank.banks import DESK
from linli_bank.breaches import by_a_second_person, decide_within
from linli_bank.members import not_about_oneself
from linli_bank.settings import BankSettings

ORGANISATION = has_post("bank_keeper", "volunteer_leader")


@attrs.frozen(kw_only=True)
class Waiver:
    """What is kept with a waiver.

    Attributes:
        amount: what was owed when it was asked for; no more than that is let go.
    """

    ledger: str = POINTS
    amount: int


def _owner(subject: Subject, facts: Facts) -> UUID:
    if subject.person is None:
        raise Refused(say("say whose debt it is"))
    return facts.survivor(subject.person)


def _owed(subject: Subject, values: Mapping[str, object], facts: Facts) -> Mapping[str, object]:
    unit = str(values.get("ledger") or facts.settings(BankSettings).units[0])
    return {"ledger": unit, "amount": facts.balance(_owner(subject, facts), unit, OWED)}


def _something_owed(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    owed = facts.balance(_owner(subject, facts), subject.record.ledger, OWED)
    if not owed:
        return say("they owe nothing")
    if act.verb == "waiver.propose" and subject.record.amount != owed:
        return say("amount is what linli fills in")
    return None


def _let_go(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    owner, unit = _owner(subject, facts), subject.record.ledger
    owed = most(debts(facts, owner, unit), subject.record.amount)
    yield from given_up(owed, owner, unit, "waive", act.id)


WAIVER = Workflow(
    name="waiver",
    label="waiver of what is owed",
    read_by=DESK,
    record=Waiver,
    told_by=("amount", "ledger"),
    holds_person=True,
    states=(
        State("proposed", "waiver proposed", seen_by=DESK),
        State("waived", "let go", ends=("waived",), seen_by=DESK),
        State("refused", "waiver refused", ends=("refused",), seen_by=DESK),
    ),
    moves=(
        Move(
            name="propose",
            label="propose to let go of what is owed",
            sources=(),
            to="proposed",
            by=ORGANISATION,
            fills=(_owed,),
            asks=(
                REASON,
                Ask(name="ledger", help="the ledger; else the first one", longest=40, proposed=True),
                Ask(name="amount", type=int, computed=True),
            ),
            checks=(by_a_second_person, not_about_oneself, _something_owed),
        ),
        Move(
            name="confirm",
            label="let go of what is owed",
            sources=("proposed",),
            to="waived",
            by=ORGANISATION,
            apart_from=("propose",),
            checks=(by_a_second_person, not_about_oneself, _something_owed),
            effects=(_let_go,),
        ),
        Move(
            name="refuse",
            label="refuse to let go of it",
            sources=("proposed",),
            to="refused",
            by=ORGANISATION,
            asks=(REASON,),
            checks=(by_a_second_person, not_about_oneself),
        ),
    ),
    clocks=(Clock(name="decision", runs_in=("proposed",), limit=decide_within),),
)
