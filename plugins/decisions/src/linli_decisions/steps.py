"""Who may act: nobody twice in one matter, the proposer, the owners, a body's own people."""

from collections.abc import Mapping
from uuid import UUID

from linli import Act, Facts, Subject, say
from linli.i18n import Text
from linli_decisions import reading

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


def acts_in_one_step(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """No person acts in two steps of one matter; whoever sits at the console is nobody in particular."""
    if act.actor is None:
        return say("say who does it: --as PERSON")
    return acted_elsewhere(facts, subject.root, act.verb, act.actor)


def acted_elsewhere(facts: Facts, root: UUID, verb: str, person: UUID) -> Text | None:
    """Why somebody may not do this in a matter: they acted in another step of it."""
    here = STEP_OF[verb]
    for done, people in reading.who_did(facts, root):
        if person in people and STEP_OF.get(done, here) != here:
            return say("you have already acted in this matter; somebody else must do it")
    return None


def speaks_for_it(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """Of those who have a post at a body, its members speak for it."""
    role, _ = reading.acting(act)
    return None if role in VOICES else say("only whoever speaks for the body does this: one of its members")


def by_the_proposer(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """Whoever proposed it: the owner, or whoever speaks for the company now."""
    body, (_, at) = reading.proposing_body(before), reading.acting(act)
    if body is None and act.actor == before.person:
        return None
    if body is not None and at == body:
        return None
    return say("only whoever proposed it does this")


def by_an_owner(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """An owner of a part of the compound."""
    if act.actor and reading.owns_here(facts, act.actor, subject):
        return None
    return say("only an owner of a part of this compound does this")


def may_propose(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """An owner, or the property company, in their own name and at their compound."""
    if facts.place(subject.place).kind != "compound":
        return say("propose it for a compound")
    if act.actor is None or act.actor != subject.person:
        return say("everybody proposes in their own name: --as PERSON")
    role, at = reading.acting(act)
    if role != "property_manager":
        return by_an_owner(act, subject, before, facts)
    known = reading.company(facts, subject.place)
    if known is None or known.id != at:
        return say("only the property company of this compound proposes, and its owners")
    if subject.record.company_silent:
        return say("the property company has no say in this matter")
    return None
