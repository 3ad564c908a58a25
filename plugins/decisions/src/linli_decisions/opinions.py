"""The first review by the branch and the joint review: what each body says, round after round."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from linli import (
    ENGINE,
    HOLDER,
    Act,
    Ask,
    Clock,
    Facts,
    Limit,
    Move,
    PartKey,
    Seat,
    State,
    Subject,
    Workflow,
    parent_in,
    say,
)
from linli.deadlines import by_working_day
from linli.i18n import Text
from linli.lookups import Body
from linli.workflow import REASON
from linli_decisions import reading
from linli_decisions.records import Opinion
from linli_decisions.settings import DecisionSettings
from linli_decisions.steps import acts_in_one_step, speaks_for_it

REJECTED_IN = Ask(name="rejected_in", required=False, computed=True)


def rejected_here(subject: Subject, values: Mapping[str, object], facts: Facts) -> Mapping[str, object]:
    """Which step rejected it."""
    return {"rejected_in": subject.state}


def _limit(subject: Subject, facts: Facts) -> Limit:
    return by_working_day(facts.settings(DecisionSettings).review_days, facts)


def _not_for_both(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """Nobody reviews for both sides, where one body takes the parts of both."""
    for other in reading.tree(facts, subject.root):
        same_round = other.kind == subject.kind and reading.round_of(other) == reading.round_of(subject)
        acted = {person for people in other.hands.moves.values() for person in people}
        if other.id != subject.id and same_round and facts.is_among(act.actor, acted):
            return say(
                "you have reviewed for the other side; another person of the body does it for this one"
            )
    return None


def _says(name: str, to: str, *asks: Ask, label: str) -> Move:
    return Move(
        name=name,
        label=label,
        sources=("asked",),
        to=to,
        by=HOLDER,
        asks=asks,
        checks=(acts_in_one_step, speaks_for_it, _not_for_both),
    )


def _opinion(name: str, asked_in: str, *, label: str) -> Workflow:
    """What one body says in one round; it lapses when the matter has moved on without it."""
    elsewhere = ("proposed", "voting", "filing", "rejected", "withdrawn")
    return Workflow(
        name=name,
        label=label,
        record=Opinion,
        states=(
            State("asked", "opinion asked for"),
            State("approved", "agreed to", ends=("approved",)),
            State("returned", "sent back to the proposer", ends=("returned",)),
            State("rejected", "rejected", ends=("rejected",)),
            State("lapsed", "no longer asked for", ends=("lapsed",)),
        ),
        moves=(
            Move(
                name="ask",
                label="opinion asked for",
                sources=(),
                to="asked",
                by=ENGINE,
                asks=(
                    Ask(name="reviewer", type=UUID),
                    Ask(name="stands_in_for", required=False, default=""),
                ),
            ),
            _says("approve", "approved", label="agree to it"),
            _says("return", "returned", REASON, label="send back to the proposer"),
            _says("reject", "rejected", REASON, label="reject"),
            Move(
                name="lapse",
                label="no longer asked for",
                sources=("asked",),
                to="lapsed",
                when=parent_in(*(state for state in elsewhere if state != asked_in)),
            ),
        ),
        clocks=(Clock(name="review", runs_in=("asked",), limit=_limit),),
    )


PARTY_OPINION = _opinion("party_opinion", "party_review", label="first review")
OPINION = _opinion("opinion", "joint_review", label="joint review")


def _key(body: Body, place_of: Subject) -> PartKey:
    """A part that any of the body's own people can answer."""
    standing_in = body.stands_in_for or ("branch" if _of_others(body, place_of) else "")
    values = {"reviewer": body.id, "stands_in_for": standing_in}
    return PartKey(key=standing_in or body.kind, holder=Seat(role=None, at=body.id), values=values)


def _of_others(body: Body, subject: Subject) -> bool:
    return body.kind == "branch" and body.place != subject.place


def party_reviewers(subject: Subject, facts: Facts) -> Iterable[PartKey]:
    """The compound's branch; where it has none, the community's."""
    branch = facts.body("branch", subject.place)
    return (_key(branch, subject),) if branch else ()


def joint_reviewers(subject: Subject, facts: Facts) -> Iterable[PartKey]:
    """The owners' committee and the property company, or who takes their parts.

    A body that takes both parts has both: two of its persons review, one for each.
    """
    for body in (facts.body("owners_committee", subject.place), _second_party(subject, facts)):
        if body:
            yield _key(body, subject)


def _second_party(subject: Subject, facts: Facts) -> Body | None:
    company = reading.company(facts, subject.place)
    if company is None or subject.record.company_silent:
        return None
    if company.id != reading.proposing_body(subject):
        return company
    return reading.taking_part_for_company(facts, subject.place)


def reviewers_there(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """Nobody's review is skipped because nobody is registered who could make it."""
    place = subject.place
    if facts.body("branch", place) is None:
        return say("no branch is registered for this compound, nor for its community; register it first")
    if facts.body("owners_committee", place) is None:
        return say("neither an owners' committee is registered here nor anybody who stands in for it")
    if reading.proposing_body(subject) and reading.residents(facts, place) is None:
        return say("the company does not review its own proposal: register the residents' committee first")
    return None
