"""Votes held outside linli: they pass the gate by their certified result, entered by one person and checked by another.

On the authority's platform, or on paper under an older rule. The numbers of the roll and of the result are
read from the paper twice, by two people; linli checks that they add up, works out the outcome itself, and
what is disclosed says where the vote was held.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

import attrs

from linli import (
    Input,
    Invalid,
    Moves,
    Occurred,
    Refusal,
    State,
    Text,
    Transition,
    Workflow,
    evolve,
    in_turn,
    say,
)
from linli_owners_vote import arithmetic, matters, notices
from linli_owners_vote.arithmetic import Majority, Outcome, Result
from linli_owners_vote.posts import ORGANISER, PARTIES, TELLER, impartial, says_who
from linli_owners_vote.records import NUMBERS, Elsewhere, Held, certified_elsewhere
from linli_owners_vote.steps import of_a_compound


@attrs.frozen(kw_only=True)
class Paper:
    """What the paper of a certified result says beside its numbers."""

    topic: Annotated[str, Input("what was put to the vote, in a line; it is made public", longest=80)]
    majority: Annotated[Majority, Input("ordinary or special (Civil Code art. 278)")]
    way: Annotated[Held, Input("on the authority's platform, or on paper")]
    by: Annotated[str, Input("whose platform, or who held it; it is made public", longest=80)]
    ended_on: Annotated[date, Input("its last day", occurred=Occurred())]
    paper: Annotated[str, Input("the number of the paper that certifies it", longest=80)]
    matter: Annotated[UUID | None, Input("the decision that waits for it")] = None


def _with_numbers(name: str, number: Any, *bases: type) -> Any:
    fields = {one: attrs.field(type=number) for one in NUMBERS}
    return attrs.make_class(name, fields, bases=bases or (object,), frozen=True, kw_only=True)


Enter = _with_numbers("Enter", int, Paper)
Check = _with_numbers("Check", Annotated[int, Input(kept=False)])


class SumsDiffer(
    Invalid, says="{of}: agreed, against and abstained are {said}, not the {took} that took part"
):
    of: Text
    said: int | Decimal
    took: int | Decimal


class MoreThanTheRoll(Invalid, says="{of}: more took part than the roll has"):
    of: Text


class MoreBallotsThanParts(Invalid, says="more parts have a ballot than the roll has"):
    field: str = "voted_parts"


class BelowZero(Refusal, says="a number is below zero"): ...


class RollEmpty(Invalid, says="the roll is empty"):
    field: str = "roll_parts"


def contradictions(result: Result) -> Iterable[Refusal]:
    """Where the numbers of a result do not add up."""
    for of in ("area", "heads"):
        took = getattr(result.voted, of)
        said = sum(getattr(weight, of) for weight in (result.agreed, result.against, result.abstained))
        if said != took:
            yield SumsDiffer(field=f"voted_{of}", of=say(of), said=said, took=took)
        if took > getattr(result.roll, of):
            yield MoreThanTheRoll(field=f"voted_{of}", of=say(of))
    if result.voted_parts > result.parts:
        yield MoreBallotsThanParts()
    weights = (result.roll, result.voted, result.agreed, result.against, result.abstained)
    if min(result.voted_parts, *(n for weight in weights for n in (weight.area, weight.heads))) < 0:
        yield BelowZero()
    if not (result.parts > 0 and result.roll.area > 0 and result.roll.heads > 0):
        yield RollEmpty()


def _adds_up(t: Transition[Elsewhere, object]) -> Refusal | None:
    return next(iter(contradictions(certified_elsewhere(t.record))), None)


def _compared(t: Transition[Elsewhere, object]) -> Elsewhere:
    """Whether who checks reads the same numbers from the paper."""
    same = all(getattr(t.given, name) == getattr(t.record, name) for name in NUMBERS)
    return evolve(t.record, same=same)


def _outcome(t: Transition[Elsewhere, object]) -> Outcome:
    """From the numbers and the law's shares; not what the paper calls it."""
    return arithmetic.outcome(certified_elsewhere(t.record), t.record.majority)


class ElsewhereFlow(
    Workflow[Elsewhere],
    name="vote_elsewhere",
    label="vote held outside linli",
    summary_fields=("topic",),
    one_with=("matter",),
    readable_by=ORGANISER | TELLER,
):
    """Entered by one, checked by another, certified where both have read the same."""

    move = Moves(Elsewhere)
    entered = State("entered, to be checked by another")
    compared = State("compared")
    certified = State("result certified", ends=Outcome)
    differs = State("entered and checked differently", ends=True)
    lapsed = State("lapsed with its matter", ends=True)
    enter = move.opening(
        entered,
        Enter,
        label="enter the result of a vote held elsewhere",
        by=ORGANISER | TELLER,
        needs=[in_turn(says_who, of_a_compound), _adds_up, matters.waits_for_it, matters.the_only_one],
        not_by=PARTIES,
        then=[matters.begins],
    )
    check = move(
        entered.to(compared),
        Check,
        label="check the result of a vote held elsewhere",
        by=TELLER,
        record=_compared,
        needs=[in_turn(says_who, impartial)],
        not_by=[enter, *PARTIES],
    )
    certify = move(
        compared.to(certified, _outcome),
        label="entered and checked alike",
        when=lambda ctx: bool(ctx.record.same),
        then=[matters.ends, matters.moves_on, notices.results_elsewhere],
    )
    differ = move(
        compared.to(differs),
        label="entered and checked differently",
        when=lambda ctx: not ctx.record.same,
        then=[matters.ends],
    )
    lapse = move(entered.to(lapsed), label="lapse with its decision", then=[matters.ends])
