"""A decision, from the proposal to the result: one proposal, three reviews, three disclosures (一议三审三公开)."""

from collections.abc import Callable

from linli import Clock, Facts, Limit, Part, State, Subject, Workflow
from linli.deadlines import by_working_day
from linli_decisions import carrying_out, filing, proposing, writing
from linli_decisions.opinions import joint_reviewers, party_reviewers
from linli_decisions.records import Decision
from linli_decisions.settings import DecisionSettings


def _days(setting: Callable[[DecisionSettings], int]) -> Callable[[Subject, Facts], Limit]:
    """A limit of so many working days."""
    return lambda subject, facts: by_working_day(setting(facts.settings(DecisionSettings)), facts)


DECISION = Workflow(
    name="decision",
    label="decision",
    record=Decision,
    told_by=("topic",),
    not_told=("entry",),
    accepted_in="resolved",
    states=(
        State("proposed", "proposal"),
        State("party_review", "first review"),
        State("joint_review", "joint review"),
        State("voting", "owners' vote"),
        State("filing", "review and filing"),
        State("referred", "with the authority"),
        State("filed", "filed; resolution to be written"),
        State("on_notice", "resolution on notice"),
        State("resolved", "resolution in force"),
        State("under_way", "being carried out"),
        State("suspended", "work suspended"),
        State("checking", "being checked by the branch"),
        State("completed", "completed", ends=("completed",)),
        State("rejected", "rejected", ends=("rejected",)),
        State("appealed", "appealed to the street"),
        State("withdrawn", "withdrawn", ends=("withdrawn",)),
        State("abandoned", "abandoned", ends=("abandoned",)),
    ),
    moves=(
        *proposing.proposals(),
        *proposing.reviews(),
        *proposing.vote_results(),
        *filing.moves(),
        *writing.moves(),
        *carrying_out.moves(),
    ),
    parts=(
        Part(
            name="party_opinion",
            workflow="party_opinion",
            start="ask",
            opens_in="party_review",
            one_per=party_reviewers,
        ),
        Part(
            name="opinion",
            workflow="opinion",
            start="ask",
            opens_in="joint_review",
            one_per=joint_reviewers,
        ),
        Part(name="disclosure", workflow="disclosure", start="draft"),
        Part(name="objection", workflow="objection", start="raise"),
    ),
    clocks=(
        Clock(name="appeal", runs_in=("appealed",), limit=_days(lambda s: s.appeal_days)),
        Clock(name="proposal", runs_in=("proposed",), limit=_days(lambda s: s.submit_days)),
        Clock(name="vote", runs_in=("voting",), limit=_days(lambda s: s.vote_days)),
        Clock(name="authority", runs_in=("referred",), limit=_days(lambda s: s.authority_days)),
        Clock(
            name="carrying_out",
            runs_in=("resolved", "under_way", "suspended"),
            limit=_days(lambda s: s.carry_out_days),
        ),
        Clock(name="check", runs_in=("checking",), limit=_days(lambda s: s.check_days)),
        Clock(name="writing", runs_in=("filed",), limit=writing.writing_limit),
    ),
)
