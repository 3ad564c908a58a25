"""Figures of decisions, under the brief's names, and more."""

from collections.abc import Mapping

from linli import Figure
from linli.figures import Counts, back, once
from linli_decisions.disclosures import DisclosureFlow

REJECTING = ("party_rejected", "joint_rejected", "filing_rejected", "vote_failed", "annul", "dismiss")
ENDING = (*REJECTING, "withdraw", "abandon", "complete")


def _on(moves: tuple[str, ...], count: Counts) -> Mapping[str, Counts]:
    return {f"decision.{move}": count for move in moves}


FIGURES = (
    Figure(
        name="decisions.decided",
        help="matters that were carried out, checked and their result disclosed, each once",
        label="matters decided and carried out",
        on={"decision.complete": once},
    ),
    Figure(
        name="decisions.resolved",
        help="matters whose resolution has stood for its notice period",
        label="matters resolved",
        on={"decision.resolve": once},
    ),
    Figure(
        name="decisions.proposed",
        help="matters that were proposed",
        label="matters proposed",
        on={"decision.propose": once},
    ),
    Figure(
        name="decisions.rejected",
        help="matters that were rejected; one whose appeal was upheld is taken back on that day",
        label="matters rejected",
        on={**_on(REJECTING, once), "decision.appeal": back},
    ),
    Figure(
        name="decisions.withdrawn",
        help="matters that their proposers withdrew",
        label="matters withdrawn",
        on={"decision.withdraw": once},
    ),
    Figure(
        name="decisions.abandoned",
        help="matters that were abandoned after they had been filed",
        label="matters abandoned",
        on={"decision.abandon": once},
    ),
    Figure(
        name="decisions.open",
        help="matters that were proposed and have not ended",
        label="matters on their way",
        stock=True,
        on={"decision.propose": once, **_on(ENDING, back), "decision.appeal": once},
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
        on={"objection.raise": once},
    ),
    Figure(
        name="decisions.objections_open",
        help="objections that wait for an answer",
        label="objections not answered",
        stock=True,
        on={
            "objection.raise": once,
            "objection.answer": back,
            "objection.retract": back,
            "objection.lapse": back,
        },
    ),
)
