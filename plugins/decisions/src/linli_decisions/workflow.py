"""A decision, from the proposal to the result: one proposal, three reviews, three disclosures (一议三审三公开)."""

from linli import Clock, Facts, Limit, Part, State, Subject, Workflow
from linli.deadlines import by_working_day
from linli_decisions import carrying_out, filing, proposing
from linli_decisions.opinions import joint_reviewers, party_reviewers
from linli_decisions.records import Decision
from linli_decisions.settings import DecisionSettings


def _appeal_limit(subject: Subject, facts: Facts) -> Limit:
    return by_working_day(facts.settings(DecisionSettings).appeal_days, facts)


DECISION = Workflow(
    name="decision",
    label="decision",
    record=Decision,
    told_by=("topic",),
    accepted_in="resolved",
    states=(
        State("proposed", "proposal"),
        State("party_review", "first review"),
        State("joint_review", "joint review"),
        State("voting", "owners' vote"),
        State("filing", "review and filing"),
        State("referred", "with the authority"),
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
    clocks=(Clock(name="appeal", runs_in=("appealed",), limit=_appeal_limit),),
)
