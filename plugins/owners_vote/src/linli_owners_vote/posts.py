"""Who may do what: the body that holds a vote, the tellers who count it, and checks of both."""

from uuid import UUID

from linli import AnyTransition, Refusal, Seat, SomebodyNeeded, Transition, has_post
from linli._engine.conflicts import ActedAlready
from linli._verbs.register.phones import opens_nothing
from linli.query import seats
from linli_decisions.opinions import JointOpinion, PartyOpinion
from linli_decisions.steps import STEP_OF
from linli_decisions.workflow import DecisionFlow
from linli_owners_vote import reading
from linli_owners_vote.records import Elsewhere, Vote

OF_THE_BODY = (
    "owners_committee_member",
    "property_management_committee_member",
    "residents_committee_member",
)
ORGANISER = has_post(
    "owners_committee_member", "property_management_committee_member", "residents_committee_member", "officer"
)
_FLOWS = (DecisionFlow, PartyOpinion, JointOpinion)
_MOVES = {move.code: move for flow in _FLOWS for move in flow.moves.values()}
REVIEWS = tuple(_MOVES[verb] for verb, step in STEP_OF.items() if step in ("party_review", "joint_review"))
"""Deciding alone in a review of the matter: whoever did neither prepares nor opens its vote."""
PARTIES = (*(_MOVES[verb] for verb, step in STEP_OF.items() if step == "proposal"), *REVIEWS)
"""Proposing the matter, or acting in a review: whoever did counts, checks and certifies no vote on it."""
TELLER = has_post("teller", "residents_committee_member", "clerk")


class AnotherBodysVotes(Refusal, says="another body holds the votes of this compound: {body}"):
    body: UUID


def by_its_body(t: Transition[Vote, object]) -> Refusal | None:
    """Of several committees it is the one that holds the vote, or that stands in while it has no members."""
    organiser, seat = t.record.organiser, t.seat
    if seat is None or seat.role not in OF_THE_BODY or organiser is None:
        return None
    holding = t.get(seats(Seat(role=None, at=organiser), t.place))
    if seat.at in {organiser, *(one.at for one in holding)}:
        return None
    return AnotherBodysVotes(body=organiser)


def says_who(t: AnyTransition) -> Refusal | None:
    """Whoever sits at the console is nobody in particular, so that nobody could be told from them."""
    return SomebodyNeeded() if t.actor is None else None


class PhoneNotProved(
    Refusal,
    says="the phone on record is not proved to be yours: let the desk see you with it (linli person prove-phone), or vote on paper",
): ...


def proved_phone(t: AnyTransition) -> Refusal | None:
    """A phone that a file or another system brought opens neither a vote nor a proxy for whoever has it."""
    if t.acting_as != "person" or t.actor is None or not opens_nothing(t.facts, t.actor):
        return None
    return PhoneNotProved()


def impartial(t: Transition[Vote | Elsewhere, object]) -> Refusal | None:
    """Who proposed or reviewed the matter does not count the votes on it."""
    if reading.acted_in(t.facts, t.actor, t.record.matter):
        return ActedAlready()
    return None
