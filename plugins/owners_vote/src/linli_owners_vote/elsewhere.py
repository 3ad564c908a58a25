"""Votes held outside linli: they pass the gate by their certified result, entered by one person and checked by another.

On the authority's platform, or on paper under an older rule. The numbers of the roll and of the result are
read from the paper twice, by two people; linli checks that they add up, works out the outcome itself, and
what is disclosed says where the vote was held.
"""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from linli import ENGINE, Act, Ask, Facts, Move, State, Subject, Was, Workflow, in_turn, say
from linli.conditions import Siblings
from linli.i18n import Text
from linli_owners_vote import arithmetic, matters, notices, posts
from linli_owners_vote.arithmetic import Result
from linli_owners_vote.records import NUMBERS, Elsewhere, certified_elsewhere
from linli_owners_vote.steps import Values, of_a_compound, worked_out

WORDS = HELD = ("platform", "paper")


def contradictions(result: Result) -> Iterable[Text]:
    """Where the numbers of a result do not add up."""
    for of in ("area", "heads"):
        took = getattr(result.voted, of)
        said = sum(getattr(weight, of) for weight in (result.agreed, result.against, result.abstained))
        if said != took:
            yield say(
                "{of}: agreed, against and abstained are {said}, not the {took} that took part",
                of=say(of),
                said=said,
                took=took,
            )
        if took > getattr(result.roll, of):
            yield say("{of}: more took part than the roll has", of=say(of))
    if result.voted_parts > result.parts:
        yield say("more parts have a ballot than the roll has")
    weights = (result.roll, result.voted, result.agreed, result.against, result.abstained)
    if min(result.voted_parts, *(n for weight in weights for n in (weight.area, weight.heads))) < 0:
        yield say("a number is below zero")
    if not (result.parts > 0 and result.roll.area > 0 and result.roll.heads > 0):
        yield say("the roll is empty")


def _adds_up(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    return next(iter(contradictions(certified_elsewhere(subject.record))), None)


def _compares(subject: Subject, values: Values, facts: Facts) -> Values:
    """Whether who checks reads the same numbers from the paper."""
    same = all(str(values.get(name)) == str(getattr(subject.record, name)) for name in NUMBERS)
    return worked_out(values, same=same)


def _same(subject: Subject, _tree: Siblings) -> bool:
    return bool(subject.record.same)


def _different(subject: Subject, tree: Siblings) -> bool:
    return not _same(subject, tree)


def _ended(subject: Subject, values: Values, facts: Facts) -> Values:
    """The outcome, from the numbers and the law's shares; not what the paper calls it."""
    known: Elsewhere = subject.record
    majority: arithmetic.Majority = "special" if known.majority == "special" else "ordinary"
    return worked_out(values, outcome=arithmetic.outcome(certified_elsewhere(known), majority))


def _numbers(*, kept: bool) -> tuple[Ask, ...]:
    return tuple(Ask(name=name, type=int, kept=kept) for name in NUMBERS)


ELSEWHERE = Workflow(
    name="vote_elsewhere",
    label="vote held outside linli",
    read_by=posts.ORGANISER | posts.TELLER,
    one_with=("matter",),
    record=Elsewhere,
    told_by=("topic",),
    states=(
        State("entered", "entered, to be checked by another"),
        State("compared", "compared"),
        State("certified", "result certified", ends=("passed", "not_passed", "no_quorum")),
        State("differs", "entered and checked differently", ends=("differs",)),
        State("lapsed", "lapsed with its matter", ends=("lapsed",)),
    ),
    moves=(
        Move(
            name="enter",
            label="enter the result of a vote held elsewhere",
            sources=(),
            to="entered",
            by=posts.ORGANISER | posts.TELLER,
            asks=(
                Ask(name="topic", help="what was put to the vote, in a line; it is made public", longest=80),
                Ask(
                    name="majority",
                    help="ordinary or special (Civil Code art. 278)",
                    choices=("ordinary", "special"),
                ),
                Ask(name="way", help="on the authority's platform, or on paper", choices=HELD),
                Ask(name="by", help="whose platform, or who held it; it is made public", longest=80),
                Ask(name="ended_on", help="its last day", type=date, was=Was()),
                Ask(name="paper", help="the number of the paper that certifies it", longest=80),
                *_numbers(kept=True),
                Ask(name="matter", help="the decision that waits for it", type=UUID, required=False),
            ),
            checks=(
                in_turn(posts.by_somebody, of_a_compound),
                _adds_up,
                matters.waits_for_it,
                matters.the_only_one,
            ),
            apart_from=posts.PARTIES,
            effects=(matters.begins,),
        ),
        Move(
            name="check",
            label="check the result of a vote held elsewhere",
            sources=("entered",),
            to="compared",
            by=posts.TELLER,
            fills=(_compares,),
            asks=(*_numbers(kept=False), Ask(name="same", type=bool, computed=True)),
            checks=(in_turn(posts.by_somebody, posts.by_who_is_impartial),),
            apart_from=("enter", *posts.PARTIES),
        ),
        Move(
            name="certify",
            label="entered and checked alike",
            sources=("compared",),
            to="certified",
            when=_same,
            fills=(_ended,),
            asks=(Ask(name="outcome", computed=True),),
            effects=(matters.ends, matters.moves_on, notices.results_elsewhere),
        ),
        Move(
            name="differ",
            label="entered and checked differently",
            sources=("compared",),
            to="differs",
            when=_different,
            effects=(matters.ends,),
        ),
        Move(
            name="lapse",
            label="lapse with its decision",
            sources=("entered",),
            to="lapsed",
            by=ENGINE,
            effects=(matters.ends,),
        ),
    ),
)
