"""Figures of decisions, under the brief's names, and more."""

from typing import Any

from linli import Figure, Move, in_states
from linli_decisions.disclosures import DisclosureFlow
from linli_decisions.objections import ObjectionFlow
from linli_decisions.records import Decision
from linli_decisions.workflow import DecisionFlow

REJECTING: tuple[Move[Decision, Any], ...] = (
    DecisionFlow.party_rejected,
    DecisionFlow.joint_rejected,
    DecisionFlow.filing_rejected,
    DecisionFlow.vote_failed,
    DecisionFlow.annul,
    DecisionFlow.dismiss,
)

FIGURES = (
    Figure(
        name="decisions.decided",
        help="matters that were carried out, checked and their result disclosed, each once",
        label="matters decided and carried out",
        on=(DecisionFlow.complete,),
    ),
    Figure(
        name="decisions.resolved",
        help="matters whose resolution has stood for its notice period",
        label="matters resolved",
        on=(DecisionFlow.resolve,),
    ),
    Figure(
        name="decisions.proposed",
        help="matters that were proposed",
        label="matters proposed",
        on=(DecisionFlow.propose,),
    ),
    Figure(
        name="decisions.rejected",
        help="matters that were rejected; one whose appeal was upheld is taken back on that day",
        label="matters rejected",
        on=(*REJECTING, DecisionFlow.appeal.minus()),
    ),
    Figure(
        name="decisions.withdrawn",
        help="matters that their proposers withdrew",
        label="matters withdrawn",
        on=(DecisionFlow.withdraw,),
    ),
    Figure(
        name="decisions.abandoned",
        help="matters that were abandoned after they had been filed",
        label="matters abandoned",
        on=(DecisionFlow.abandon,),
    ),
    Figure(
        name="decisions.open",
        help="matters that were proposed and have not ended",
        label="matters on their way",
        stock=True,
        on=in_states(DecisionFlow.open_states()),
    ),
    Figure(
        name="decisions.disclosures",
        help="disclosures of matters that went out",
        label="disclosures of matters",
        on=(DisclosureFlow.go_out,),
    ),
    Figure(
        name="decisions.objections",
        help="objections that owners raised",
        label="objections raised",
        on=(ObjectionFlow.raise_,),
    ),
    Figure(
        name="decisions.objections_open",
        help="objections that wait for an answer",
        label="objections not answered",
        stock=True,
        on=in_states(ObjectionFlow.raised),
    ),
)
