"""Pending points (待确认积分): what an act has earned waits until a second person confirms it."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID, uuid5

import attrs
from sqlalchemy import bindparam, select

from linli import (
    ENGINE,
    OWN,
    Act,
    Ask,
    Award,
    Cap,
    Clock,
    Facts,
    Make,
    Move,
    Start,
    State,
    Subject,
    Workflow,
    say,
)
from linli.i18n import Text
from linli.store import Read
from linli.store import tables as t
from linli.workflow import REASON
from linli_bank.banks import DESK, MANAGER, STATE_OF
from linli_bank.breaches import by_a_second_person, decide_within
from linli_bank.earning import Earned
from linli_bank.members import not_about_oneself
from linli_bank.settings import BankSettings


@attrs.frozen(kw_only=True)
class Credit:
    """What is kept with points that wait: all as the rule had it when the act was made.

    Attributes:
        cause: the act that earned them; `verb`: what it was; `made_by`: who made it, if a person did.
        day: the day on which they were earned.
        cap, cap_period: the most by the rule in the period in which they were earned.
    """

    rule: str
    ledger: str
    points: int
    cause: UUID
    verb: str
    day: date
    made_by: UUID | None = None
    issuer: UUID | None = None
    cap: int | None = None
    cap_period: str | None = None


_a = t.act.c
_ACTS_ON = Read(
    select(_a.id).where(
        _a.district == bindparam("district"),
        _a.root == bindparam("root"),
        _a.subject == bindparam("subject"),
    )
)
# Rejected points can be taken up again.
_UNDECIDED = ("pending", "rejected")


def credit_of(act: UUID, rule: str, payee: UUID | None) -> UUID:
    """The number of the points that wait for an act, a rule and whom it pays: there is at most one."""
    return uuid5(act, f"{rule} {payee}")


def claimed(act: Act, earned: Earned) -> Start:
    """The order that lets what an act has earned wait for confirmation."""
    award = earned.award
    values = {
        "rule": award.rule,
        "ledger": award.unit,
        "points": award.points,
        "cause": act.id,
        "verb": act.verb,
        "day": earned.day,
        "made_by": act.actor,
        "issuer": award.issuer,
        "cap": award.cap.most if award.cap else None,
        "cap_period": award.cap.period if award.cap else None,
    }
    return Start(
        workflow="credit",
        move="claim",
        place=earned.place,
        person=award.person,
        id=credit_of(act.id, award.rule, award.person),
        values={name: value for name, value in values.items() if value is not None},
    )


def paid(subject: Subject, facts: Facts) -> Award:
    """What a confirmation pays: for the act that earned it, so that no act is paid twice."""
    credit = subject.record
    assert subject.person is not None, "a credit is somebody's"
    cap = Cap(most=credit.cap, period=credit.cap_period) if credit.cap_period else None
    return Award(
        person=facts.survivor(subject.person),
        points=credit.points,
        rule=credit.rule,
        unit=credit.ledger,
        issuer=credit.issuer,
        cap=cap,
        cause=credit.cause,
    )


def voided(act: Act, subject: Subject | None, facts: Facts) -> Iterable[Make]:
    """Points that wait, or were rejected, for what this act undoes: they are not confirmed any more."""
    rules = [rule for rule in facts.settings(BankSettings).undone_by.get(act.verb, ()) if rule.confirm]
    if subject is None or not rules:
        return
    rows = facts.rows(_ACTS_ON, root=act.root, subject=subject.id)
    made = [person for people in subject.hands.moves.values() for person in people]
    for number in dict.fromkeys(
        credit_of(ident, f"bank:{rule.name}", payee)
        for rule in rules
        for (ident,) in rows
        for payee in (subject.person, *made)
    ):
        states = [state for (state,) in facts.rows(STATE_OF, id=number)]
        if states and states[0] in _UNDECIDED:
            yield Make(subject=number, move="void")


def _not_by_its_maker(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    if subject.record.made_by and facts.is_among(act.actor, (subject.record.made_by,)):
        return say("you made the act that earned these points; somebody else must decide")
    return None


_DECIDING = (by_a_second_person, not_about_oneself, _not_by_its_maker)


def _decisions() -> Iterable[Move]:
    yield Move(
        name="confirm",
        label="confirm the points",
        sources=("pending",),
        to="confirmed",
        by=DESK,
        checks=_DECIDING,
    )
    yield Move(
        name="reject",
        label="reject the points",
        sources=("pending",),
        to="rejected",
        by=DESK,
        asks=(REASON,),
        checks=_DECIDING,
    )
    yield Move(
        name="take_up_again",
        label="take up again",
        sources=("rejected",),
        to="pending",
        by=MANAGER,
        asks=(REASON,),
        apart_from=("reject",),
        checks=_DECIDING,
    )


CREDIT = Workflow(
    name="credit",
    label="pending points",
    read_by=OWN | DESK,
    record=Credit,
    told_by=("rule", "points", "ledger"),
    states=(
        State("pending", "waiting for confirmation", seen_by=DESK),
        State("confirmed", "points confirmed", ends=("confirmed",), seen_by=DESK),
        State("rejected", "points rejected", ends=("rejected",), seen_by=DESK),
        State("void", "points fell away", ends=("void",), seen_by=DESK),
    ),
    moves=(
        Move(
            name="claim",
            sources=(),
            to="pending",
            by=ENGINE,
            asks=(
                Ask(name="rule", longest=120),
                Ask(name="ledger", longest=40),
                Ask(name="points", type=int),
                Ask(name="cause", type=UUID),
                Ask(name="verb", longest=80),
                Ask(name="day", type=date),
                Ask(name="made_by", type=UUID, required=False),
                Ask(name="issuer", type=UUID, required=False),
                Ask(name="cap", type=int, required=False),
                Ask(name="cap_period", longest=32, required=False),
            ),
        ),
        *_decisions(),
        # What they are for was undone.
        Move(name="void", label="points fall away", sources=_UNDECIDED, to="void", by=ENGINE),
    ),
    clocks=(Clock(name="decision", runs_in=("pending",), limit=decide_within),),
)
