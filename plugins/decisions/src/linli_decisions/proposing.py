"""From the proposal (一议) to its filing: proposed, reviewed, returned, rejected, appealed, withdrawn."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import attrs

from linli import ANYONE, ENGINE, OWN, Act, Ask, Facts, Move, Subject, all_parts, any_part, has_post, say
from linli.conditions import Siblings
from linli.i18n import Text, listed
from linli.workflow import REASON
from linli_decisions import reading
from linli_decisions.filing import put_on_agenda
from linli_decisions.opinions import REJECTED_IN, rejected_here, reviewers_there
from linli_decisions.settings import DecisionSettings
from linli_decisions.steps import acts_in_one_step, by_the_proposer, may_propose
from linli_decisions.turns import to_whose_turn_it_is
from linli_decisions.writing import FILE, as_attached, with_file

PROPOSER = OWN | has_post("property_manager")
STREET = has_post("officer")
BEFORE_FILING = ("proposed", "party_review", "joint_review", "voting")
_APPEALABLE = ("party_review", "joint_review", "filing")

_TOPIC = Ask(name="topic", help="what is proposed, in a line; it is made public", longest=80)
_TEXT = Ask(name="text", help="the proposal in full", private=True, longest=20_000)
_PAPERS = Ask(name="papers", help="the papers that are there", type=tuple, required=False)
TERMS = (
    Ask(name="vote_kind", required=False, computed=True),
    Ask(name="tier", required=False, computed=True),
    Ask(name="company_silent", type=bool, required=False, computed=True),
    Ask(name="carried_out_by", required=False, computed=True),
    Ask(name="notice_periods", type=tuple, required=False, computed=True),
    Ask(name="working_days", type=bool, required=False, computed=True),
    Ask(name="stages", type=tuple, required=False, computed=True),
    Ask(name="papers_needed", type=tuple, required=False, computed=True),
)
"""What the catalogue says of a matter; linli takes it from there."""

# --- the catalogue --------------------------------------------------------------------------------------


def _terms(code: object, facts: Facts) -> Mapping[str, Any]:
    settings = facts.settings(DecisionSettings)
    entry = settings.entry(str(code))
    if entry is None:
        return {}
    return {
        "vote_kind": entry.vote,
        "tier": entry.tier,
        "company_silent": entry.company_silent,
        "carried_out_by": entry.carried_out_by,
        "notice_periods": settings.notice_of(entry),
        "working_days": settings.notice_in == "working_days",
        "stages": entry.stages,
        "papers_needed": entry.papers,
    }


def _from_catalogue(subject: Subject, values: Mapping[str, object], facts: Facts) -> Mapping[str, object]:
    return _terms(values.get("entry"), facts)


def in_catalogue(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """Other matters are pointed to where they belong."""
    settings, code = facts.settings(DecisionSettings), subject.record.entry
    if settings.entry(code) is None:
        where = settings.elsewhere.get(code)
        if where:
            return say("{code} does not take this way; it belongs here: {where}", code=code, where=where)
        known = listed(entry.code for entry in settings.catalogue)
        return say(
            "{code} is not in the decision catalogue, which has: {known}; for anything else: linli request submit",
            code=code,
            known=known,
        )
    return None


def _as_in_catalogue(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    for name, value in _terms(subject.record.entry, facts).items():
        if getattr(subject.record, name) != value:
            return say("{name} is as the catalogue has it; leave it out", name=name)
    return None


def _something_given(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    if act.body.get("values"):
        return None
    return say("say what is put right: the line, the proposal in full or the papers")


def _complete(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    missing = [name for name in subject.record.papers_needed if name not in subject.record.papers]
    if missing:
        return say("the proposal is not complete; missing: {papers}", papers=listed(missing))
    return None


# --- what the engine does ---------------------------------------------------------------------------------


def _approved(*, vote: bool) -> Any:
    """When both parties have approved, and whether the owners vote next."""
    approved = all_parts("opinion", "approved")

    def when(subject: Subject, tree: Siblings) -> bool:
        return bool(subject.record.vote_kind) == vote and approved(subject, tree)

    return when


def _rejected(name: str, state: str, part: str, *, label: str) -> Move:
    return Move(
        name=name,
        label=label,
        sources=(state,),
        to="rejected",
        when=any_part(part, "rejected"),
        asks=(REJECTED_IN,),
        fills=(rejected_here,),
        effects=(to_whose_turn_it_is,),
    )


def _returned(name: str, state: str, part: str, *, label: str) -> Move:
    return Move(
        name=name,
        label=label,
        sources=(state,),
        to="proposed",
        when=any_part(part, "returned"),
        effects=(to_whose_turn_it_is,),
    )


def reviews() -> Iterable[Move]:
    """What follows from the opinions: nobody's silence counts, one rejection or return is enough."""
    yield _rejected("party_rejected", "party_review", "party_opinion", label="rejected by the branch")
    yield _rejected("joint_rejected", "joint_review", "opinion", label="rejected in the joint review")
    yield _returned("party_returned", "party_review", "party_opinion", label="returned by the branch")
    yield _returned("joint_returned", "joint_review", "opinion", label="returned in the joint review")
    yield Move(
        name="party_approved",
        label="approved by the branch",
        sources=("party_review",),
        to="joint_review",
        when=all_parts("party_opinion", "approved"),
        checks=(reviewers_there,),
        effects=(to_whose_turn_it_is,),
    )
    yield Move(
        name="to_vote",
        label="approved in the joint review; the owners vote",
        sources=("joint_review",),
        to="voting",
        when=_approved(vote=True),
        effects=(to_whose_turn_it_is,),
    )
    yield Move(
        name="to_filing",
        label="approved in the joint review",
        sources=("joint_review",),
        to="filing",
        when=_approved(vote=False),
        effects=(put_on_agenda,),
    )


# --- what people do -------------------------------------------------------------------------------------------


def proposals() -> Iterable[Move]:
    """The proposer's own moves."""
    yield Move(
        name="propose",
        label="propose",
        sources=(),
        to="proposed",
        by=ANYONE | has_post("property_manager"),
        fills=(_from_catalogue,),
        asks=(
            Ask(name="entry", help="its code in the catalogue: linli decision catalogue"),
            _TOPIC,
            _TEXT,
            _PAPERS,
            *TERMS,
        ),
        checks=(in_catalogue, _as_in_catalogue, may_propose),
    )
    mine = (by_the_proposer, acts_in_one_step)
    yield Move(
        name="revise",
        label="revise",
        sources=("proposed",),
        to=None,
        by=PROPOSER,
        asks=tuple(attrs.evolve(ask, required=False) for ask in (_TOPIC, _TEXT, _PAPERS)),
        checks=(*mine, _something_given),
    )
    yield Move(
        name="attach",
        label="attach a file",
        sources=("proposed",),
        to=None,
        by=PROPOSER,
        asks=FILE,
        fills=(with_file,),
        checks=(*mine, as_attached),
    )
    yield Move(
        name="submit",
        label="submit",
        sources=("proposed",),
        to="party_review",
        by=PROPOSER,
        checks=(*mine, _complete, reviewers_there),
        effects=(to_whose_turn_it_is,),
    )
    yield Move(
        name="withdraw",
        label="withdraw",
        sources=BEFORE_FILING,
        to="withdrawn",
        by=PROPOSER,
        asks=(REASON,),
        checks=mine,
    )
    yield from _appeals()


def _in_time(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    days = facts.settings(DecisionSettings).appeal_within_days
    if before.hands.moves.get("appeal"):
        return say("it was appealed before; there is one appeal")
    if before.record.rejected_in not in _APPEALABLE:
        return say("neither the owners' vote nor the authority is overruled by the street")
    if before.ended_at and act.at > before.ended_at + timedelta(days=days):
        return say("a rejection is appealed within {days} days", days=days)
    return None


def _appeals() -> Iterable[Move]:
    yield Move(
        name="appeal",
        label="appeal to the street",
        sources=("rejected",),
        to="appealed",
        by=PROPOSER,
        asks=(REASON,),
        checks=(by_the_proposer, acts_in_one_step, _in_time),
        effects=(to_whose_turn_it_is,),
    )
    yield Move(
        name="uphold",
        label="uphold the appeal: it is proposed again",
        sources=("appealed",),
        to="proposed",
        by=STREET,
        asks=(REASON,),
        checks=(acts_in_one_step,),
        effects=(to_whose_turn_it_is,),
    )
    yield Move(
        name="dismiss",
        label="dismiss the appeal",
        sources=("appealed",),
        to="rejected",
        by=STREET,
        asks=(REASON,),
        checks=(acts_in_one_step,),
        effects=(to_whose_turn_it_is,),
    )


def _arithmetic(subject: Subject, values: Mapping[str, object], facts: Facts) -> Mapping[str, object]:
    """What was counted, from the vote's own record, where whoever certifies it does not give it."""
    found = reading.vote_result(facts, UUID(str(values["vote"]))) if "vote" in values else None
    return {"vote_result": found} if found else {}


def vote_results() -> Iterable[Move]:
    """The owners' vote, certified: made by linli itself, as an effect of whoever counts it."""
    vote = Ask(name="vote", help="the certified vote", type=UUID)
    result = Ask(name="vote_result", help="its arithmetic", type=Mapping, required=False, proposed=True)
    yield Move(
        name="vote_passed",
        label="the owners' vote passed",
        sources=("voting",),
        to="filing",
        by=ENGINE,
        asks=(vote, result),
        fills=(_arithmetic,),
        effects=(put_on_agenda,),
    )
    yield Move(
        name="vote_failed",
        label="the owners' vote failed",
        sources=("voting",),
        to="rejected",
        by=ENGINE,
        asks=(vote, result, REJECTED_IN),
        fills=(_arithmetic, rejected_here),
    )
