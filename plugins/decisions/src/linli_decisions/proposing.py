"""From the proposal (一议) to its filing: proposed, reviewed, returned, rejected, appealed."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

import attrs

from linli import (
    Context,
    Input,
    Invalid,
    KeptFile,
    Missing,
    NotFoundHere,
    Private,
    Refusal,
    Refused,
    Several,
    Transition,
    all_parts,
    evolve,
    listed,
)
from linli._verbs.publish.records import largest_file
from linli_decisions import reading
from linli_decisions.opinions import JointOpinion
from linli_decisions.records import Decision, VoteResult
from linli_decisions.settings import DecisionSettings, Entry

_APPEALABLE = ("party_review", "joint_review", "filing")

Topic = Annotated[str, Input("what is proposed, in a line; it is made public", longest=80)]
Proposal = Annotated[Private, Input("the proposal in full", longest=20_000)]
Papers = Annotated[tuple[str, ...], Input("a paper that is there; once for each")]


@attrs.frozen(kw_only=True)
class Propose:
    """A matter of the catalogue, and what is proposed."""

    entry: Annotated[str, Input("its code in the catalogue: linli decision catalogue")]
    topic: Topic
    text: Proposal
    papers: Papers = ()


@attrs.frozen(kw_only=True)
class Revise:
    """What is put right."""

    topic: Topic | None = None
    text: Proposal | None = None
    papers: Papers | None = None


@attrs.frozen(kw_only=True)
class File:
    """A file, as a paper of the matter."""

    paper_name: Annotated[str, Input("which paper it is: a name of the catalogue, or another", longest=40)]
    file: Annotated[KeptFile, Input("the file", public=True, largest=largest_file)]


@attrs.frozen(kw_only=True)
class Certified:
    """The owners' vote, as whoever counts it certified it."""

    vote: Annotated[UUID, Input("the certified vote")]
    vote_result: Annotated[VoteResult | None, Input("its arithmetic")] = None


# --- what linli works out -----------------------------------------------------------------------------------


def proposed(t: Transition[None, Propose]) -> Decision:
    """The matter with what the catalogue says of it. Refused for others: they are pointed to where they belong."""
    settings = t.settings(DecisionSettings)
    entry = _entry(settings, t.given.entry)
    return Decision(
        entry=entry.code,
        topic=t.given.topic,
        papers=t.given.papers,
        vote_kind=entry.vote,
        tier=entry.tier,
        company_silent=entry.company_silent,
        carried_out_by=entry.carried_out_by,
        notice_periods=settings.notice_of(entry),
        working_days=settings.notice_in == "working_days",
        stages=entry.stages,
        papers_needed=entry.papers,
    )


class GoesAnotherWay(Invalid, says="{entry} does not take this way; it belongs here: {where}"):
    entry: str
    where: str
    field: str = "entry"


class NotInTheCatalogue(
    NotFoundHere,
    says="{entry} is not in the decision catalogue, which has: {known}; for anything else: linli request submit",
):
    entry: str
    known: Several


def _entry(settings: DecisionSettings, code: str) -> Entry:
    if entry := settings.entry(code):
        return entry
    if where := settings.elsewhere.get(code):
        raise Refused(GoesAnotherWay(entry=code, where=where))
    raise Refused(NotInTheCatalogue(entry=code, known=listed(one.code for one in settings.catalogue)))


def with_file(t: Transition[Decision, File]) -> Decision:
    """The matter with another file, which replaces one of its name, and its paper ticked."""
    others = (one for one in t.record.attachments if one.name != t.given.file.name)
    papers = dict.fromkeys((*t.record.papers, t.given.paper_name))
    return evolve(t.record, attachments=(*others, t.given.file), papers=tuple(papers))


def rejected_here(t: Transition[Decision, object]) -> Decision:
    """The matter with the step that rejected it."""
    return evolve(t.record, rejected_in=t.before.state.name)


def counted(t: Transition[Decision, Certified]) -> Decision:
    """The matter with what was counted, from the vote's own record where whoever certifies it does not give it."""
    if t.given.vote_result:
        return t.record
    return evolve(t.record, vote_result=reading.vote_result(t.facts, t.given.vote))


def voted_down(t: Transition[Decision, Certified]) -> Decision:
    """The same, rejected."""
    return evolve(counted(t), rejected_in=t.before.state.name)


# --- whether it may be ----------------------------------------------------------------------------------------


class NothingPutRight(Missing, says="say what is put right: the line, the proposal in full or the papers"):
    field: str = "papers"


def something_given(t: Transition[Decision, Revise]) -> Refusal | None:
    """What is revised is something."""
    if t.given != Revise():
        return None
    return NothingPutRight()


class PapersMissing(Missing, says="the proposal is not complete; missing: {papers}"):
    papers: Several
    field: str = "papers"


def complete(t: Transition[Decision, object]) -> Refusal | None:
    """All papers are there."""
    if missing := [name for name in t.record.papers_needed if name not in t.record.papers]:
        return PapersMissing(papers=listed(missing))
    return None


class AppealedBefore(Refusal, says="it was appealed before; there is one appeal"): ...


class NotOverruled(Refusal, says="neither the owners' vote nor the authority is overruled by the street"): ...


class AppealedTooLate(Refusal, says="a rejection is appealed within {days} days"):
    days: int


def can_be_appealed(t: Transition[Decision, object]) -> Refusal | None:
    """Once, in time, and not what the owners or the authority decided."""
    days, ended = t.settings(DecisionSettings).appeal_within_days, t.before.ended_at
    if t.before.made(t.move):
        return AppealedBefore()
    if t.before.record.rejected_in not in _APPEALABLE:
        return NotOverruled()
    if ended and t.at > ended + timedelta(days=days):
        return AppealedTooLate(days=days)
    return None


_agreed = all_parts(JointOpinion.approved)


def agreed_and_voted_on(ctx: Context[Decision]) -> bool:
    """When both parties have approved, and the owners vote next."""
    return bool(ctx.record.vote_kind) and _agreed(ctx)


def agreed(ctx: Context[Decision]) -> bool:
    """When both parties have approved, and nobody votes."""
    return not ctx.record.vote_kind and _agreed(ctx)
