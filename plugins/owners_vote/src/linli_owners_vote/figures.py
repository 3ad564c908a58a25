"""Figures of the owners' votes."""

from collections.abc import Callable, Iterable

from linli import AnyTransition, Count, Figure, in_states
from linli_owners_vote.arithmetic import Outcome
from linli_owners_vote.elsewhere import ElsewhereFlow
from linli_owners_vote.workflow import VoteFlow


def _ended_as(outcome: Outcome) -> Callable[[AnyTransition], Iterable[Count]]:
    def counts(t: AnyTransition) -> Iterable[Count]:
        if t.subject.outcome == outcome:
            yield Count()

    return counts


def _certified(name: str, outcome: Outcome, help: str, label: str) -> Figure:
    counts = _ended_as(outcome)
    on = (VoteFlow.certify.count(counts), ElsewhereFlow.certify.count(counts))
    return Figure(name=name, help=help, label=label, on=on)


FIGURES = (
    Figure(
        name="votes.running",
        help="votes of the owners that are open",
        label="owners' votes that are open",
        stock=True,
        on=in_states(VoteFlow.running | VoteFlow.extended),
    ),
    Figure(
        name="votes.certified",
        help="votes of the owners whose result was certified in the period",
        label="owners' votes certified",
        on=(VoteFlow.certify, ElsewhereFlow.certify),
    ),
    _certified(
        name="votes.passed", outcome=Outcome.PASSED, help="of these, passed", label="owners' votes passed"
    ),
    _certified(
        name="votes.not_passed",
        outcome=Outcome.NOT_PASSED,
        help="of these, not passed by those who took part",
        label="owners' votes not passed",
    ),
    _certified(
        name="votes.no_quorum",
        outcome=Outcome.NO_QUORUM,
        help="of these, not passed because too few took part",
        label="owners' votes without a quorum",
    ),
)
