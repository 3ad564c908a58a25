"""The workflow of branches (小区党组织)."""

from linli import NOBODY, OWN, Clock, Part, State, Workflow
from linli_party.branch import KEEPER, PROPOSER, Branch
from linli_party.changing import changing_moves
from linli_party.ending import ending_moves
from linli_party.founding import founding_moves, time_to_approve
from linli_party.terms import TERM_KIND

BRANCH = Workflow(
    name="branch",
    label="branch",
    read_by=OWN | PROPOSER | KEEPER,
    record=Branch,
    states=(
        State("proposed", "proposed"),
        State("returned", "sent back"),
        State("in_being", "in being", turn=NOBODY),
        State("rejected", "rejected", ends=("rejected",)),
        State("withdrawn", "withdrawn", ends=("withdrawn",)),
        State("merged", "merged", ends=("merged",)),
        State("dissolved", "dissolved", ends=("dissolved",)),
    ),
    moves=(*founding_moves(), *changing_moves(), *ending_moves()),
    parts=(Part(name="term", workflow=TERM_KIND, start="begin"),),
    clocks=(Clock(name="approval", runs_in=("proposed",), limit=time_to_approve),),
    accepted_in="in_being",
    told_by=("name",),
)
