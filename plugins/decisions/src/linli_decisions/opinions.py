"""The first review by the branch and the joint review: what each body says, round after round."""

from collections.abc import Iterable
from uuid import UUID

from linli import HOLDER, Clock, Context, Moves, PartKey, Refusal, Seat, State, Transition, Why, Workflow
from linli.query import Body, body
from linli_decisions import reading
from linli_decisions.records import Decision, Opinion
from linli_decisions.steps import LADDER, acts_in_one_step, speaks_for_it, within


class ReviewedForOtherSide(
    Refusal, says="you have reviewed for the other side; another person of the body does it for this one"
): ...


def _not_for_both(t: Transition[Opinion, object]) -> Refusal | None:
    """Nobody reviews for both sides, where one body takes the parts of both."""
    here, its_round = t.subject, reading.round_of(t.subject.key)
    for other in reading.tree(t.facts, here.root):
        same_round = other.flow is here.flow and reading.round_of(other.key) == its_round
        acted = {person for people in other.kept.hands.moves.values() for person in people}
        if other.id != here.id and same_round and t.facts.is_among(t.actor, acted):
            return ReviewedForOtherSide()
    return None


_BY_THE_BODY = (acts_in_one_step, speaks_for_it, _not_for_both)


class Review(Workflow[Opinion], abstract=True):
    """What one body says in one round; it lapses when the matter has moved on without it."""

    move = Moves(Opinion)
    asked = State("opinion asked for")
    approved = State("agreed to", ends=True)
    returned = State("sent back to the proposer", ends=True)
    rejected = State("rejected", ends=True)
    lapsed = State("no longer asked for", ends=True)
    ask = move.opening(asked, Opinion, label="opinion asked for")
    approve = move(asked.to(approved), label="agree to it", by=HOLDER, needs=_BY_THE_BODY)
    return_ = move(asked.to(returned), Why, label="send back to the proposer", by=HOLDER, needs=_BY_THE_BODY)
    reject = move(asked.to(rejected), Why, by=HOLDER, needs=_BY_THE_BODY)
    lapse = move(asked.to(lapsed), label="no longer asked for")
    review = Clock(asked, within(lambda s: s.review_days), ladder=LADDER)


class PartyOpinion(Review, name="party_opinion", label="first review"):
    """What the branch says first."""


class JointOpinion(Review, name="opinion", label="joint review"):
    """What the owners' committee says, and the property company."""


def _asked(by: Body, place: UUID) -> PartKey[Opinion]:
    """A part that any of the body's own people can answer."""
    of_others = by.kind == "branch" and by.place != place
    standing_in = by.stands_in_for or ("branch" if of_others else "")
    given = Opinion(reviewer=by.id, stands_in_for=standing_in)
    return PartKey(key=standing_in or by.kind, holder=Seat(role=None, at=by.id), given=given)


def party_reviewers(ctx: Context[Decision]) -> Iterable[PartKey[Opinion]]:
    """The compound's branch; where it has none, the community's."""
    branch = ctx.get(body("branch", ctx.place))
    return (_asked(branch, ctx.place),) if branch else ()


def joint_reviewers(ctx: Context[Decision]) -> Iterable[PartKey[Opinion]]:
    """The owners' committee and the property company, or who takes their parts.

    A body that takes both parts has both: two of its persons review, one for each.
    """
    for one in (ctx.get(body("owners_committee", ctx.place)), _second_party(ctx)):
        if one:
            yield _asked(one, ctx.place)


def _second_party(ctx: Context[Decision]) -> Body | None:
    company = reading.company(ctx.facts, ctx.place)
    if company is None or ctx.record.company_silent:
        return None
    if company.id != reading.proposing_body(ctx.subject):
        return company
    return reading.taking_part_for_company(ctx.facts, ctx.place)


class NoBranchToReview(
    Refusal, says="no branch is registered for this compound, nor for its community; register it first"
): ...


class NoCommitteeToReview(
    Refusal, says="neither an owners' committee is registered here nor anybody who stands in for it"
): ...


class OwnProposal(
    Refusal, says="the company does not review its own proposal: register the residents' committee first"
): ...


def reviewers_there(t: Transition[Decision, object]) -> Refusal | None:
    """Nobody's review is skipped because nobody is registered who could make it."""
    if t.get(body("branch", t.place)) is None:
        return NoBranchToReview()
    if t.get(body("owners_committee", t.place)) is None:
        return NoCommitteeToReview()
    if reading.proposing_body(t.subject) and t.get(body("residents_committee", t.place)) is None:
        return OwnProposal()
    return None
