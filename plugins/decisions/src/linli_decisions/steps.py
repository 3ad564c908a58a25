"""Who may act, and until when: nobody twice in one matter, the proposer, the owners, a body's own people."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from linli import (
    HOLDER,
    OWN,
    AnyTransition,
    Context,
    Facts,
    Invalid,
    Ladder,
    Limit,
    Refusal,
    SomebodyNeeded,
    Transition,
    by_working_day,
    has_post,
    holder,
)
from linli._engine.conflicts import ActedAlready
from linli.query import place
from linli_decisions import reading
from linli_decisions.records import Decision
from linli_decisions.settings import DecisionSettings

PROPOSER = OWN | has_post("property_manager")
OFFICER = has_post("officer")
SECRETARY = has_post("meeting_secretary", "officer")
WRITER = HOLDER | has_post("meeting_secretary", "officer", "district_officer")
LADDER: Ladder[Any] = Ladder(DecisionSettings, first=holder)
"""Who hears of what is late: whoever should have done it, then the roles of the settings."""

VOICES = frozenset(
    {
        "branch_secretary", "branch_member", "owners_committee_member", "property_manager",
        "property_management_committee_member", "residents_committee_member",
    }
)  # fmt: skip
"""The posts that speak for a body: others that are at it do not."""

_BY_STEP: Mapping[str, tuple[str, ...]] = {
    "proposal": ("decision.propose", "decision.revise", "decision.attach", "decision.submit", "decision.withdraw", "decision.appeal"),
    "party_review": ("party_opinion.approve", "party_opinion.return", "party_opinion.reject"),
    "joint_review": ("opinion.approve", "opinion.return", "opinion.reject"),
    "filing": (
        "agenda_item.resolve", "decision.table", "decision.clear", "decision.annul", "decision.add_file",
        "decision.write",
    ),
    "appeal": ("decision.uphold", "decision.dismiss"),
    "carrying_out": (
        "decision.begin", "decision.stage", "decision.suspend", "decision.resume", "decision.abandon",
        "decision.finish",
    ),
    "check": ("decision.check", "decision.redo"),
}  # fmt: skip
STEP_OF = {verb: step for step, verbs in _BY_STEP.items() for verb in verbs}
"""The step of a matter that a move is a part of; the others are none."""


def within(setting: Callable[[DecisionSettings], int]) -> Callable[[Context[object]], Limit]:
    """A limit of so many working days."""
    return lambda ctx: by_working_day(setting(ctx.settings(DecisionSettings)), ctx.facts)


def acts_in_one_step(t: AnyTransition) -> Refusal | None:
    """No person acts in two steps of one matter; whoever sits at the console is nobody in particular."""
    if t.actor is None:
        return SomebodyNeeded()
    return acted_elsewhere(t.facts, t.subject.root, t.move.code, t.actor)


def acted_elsewhere(facts: Facts, root: UUID, verb: str, person: UUID) -> Refusal | None:
    """Why somebody may not do this in a matter: they acted in another step of it."""
    here = STEP_OF[verb]
    for done, people in reading.who_did(facts, root):
        if STEP_OF.get(done, here) != here and facts.is_among(person, people):
            return ActedAlready()
    return None


class OnlyAMember(Refusal, says="only whoever speaks for the body does this: one of its members"): ...


def speaks_for_it(t: AnyTransition) -> Refusal | None:
    """Of those who have a post at a body, its members speak for it."""
    role, _ = reading.acting(t.acting_as)
    return None if role in VOICES else OnlyAMember()


class OnlyTheProposer(Refusal, says="only whoever proposed it does this"): ...


def by_the_proposer(t: Transition[Decision, object]) -> Refusal | None:
    """Whoever proposed it: the owner, or whoever speaks for the company now."""
    body, person = reading.proposing_body(t.before), t.before.person
    _, at = reading.acting(t.acting_as)
    own = at == body if body else person is not None and t.is_among((person,))
    return None if own else OnlyTheProposer()


class OnlyAnOwner(Refusal, says="only an owner of a part of this compound does this"): ...


def by_an_owner(t: Transition[Decision, object]) -> Refusal | None:
    """An owner of a part of the compound."""
    if t.actor and reading.owns_here(t.facts, t.actor, t.before):
        return None
    return OnlyAnOwner()


class NotForACompound(Invalid, says="propose it for a compound"):
    field: str = "place"


class ProposedInOwnName(Refusal, says="everybody proposes in their own name: --as PERSON"): ...


class OnlyCompanyAndOwners(
    Refusal, says="only the property company of this compound proposes, and its owners"
): ...


class CompanyHasNoSay(Refusal, says="the property company has no say in this matter"): ...


def may_propose(t: Transition[Decision, object]) -> Refusal | None:
    """An owner, or the property company, in their own name and at their compound."""
    if t.get(place(t.place)).kind != "compound":
        return NotForACompound()
    if t.actor is None or t.actor != t.subject.person:
        return ProposedInOwnName()
    role, at = reading.acting(t.acting_as)
    if role != "property_manager":
        return by_an_owner(t)
    known = reading.company(t.facts, t.place)
    if known is None or known.id != at:
        return OnlyCompanyAndOwners()
    if t.record.company_silent:
        return CompanyHasNoSay()
    return None
