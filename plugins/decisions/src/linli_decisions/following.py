"""What the joint meeting decides and what goes out moves a decision on, and there is no other way around its steps."""

from collections.abc import Iterable

from linli import Act, Effect, Facts, Invalid, Refusal, StoredSubject, Subject
from linli.hooks import PublicationFlow
from linli_decisions import reading
from linli_decisions.disclosures import SERIES, DisclosureFlow, disclosure_of
from linli_decisions.filing import Climb, Item, NotBeforeTheMeeting
from linli_decisions.records import Decision
from linli_decisions.steps import acted_elsewhere
from linli_decisions.workflow import DecisionFlow

_BY_RESOLUTION = {
    "approved": DecisionFlow.file,
    "returned": DecisionFlow.filing_returned,
    "rejected": DecisionFlow.filing_rejected,
    "referred": DecisionFlow.refer,
}


# --- the joint meeting ----------------------------------------------------------------------------------------


class PutByLinli(Refusal, says="linli itself puts a decision on the agenda once its reviews are over"): ...


def not_by_the_meeting(act: Act, subject: StoredSubject, facts: Facts) -> Iterable[Refusal]:
    """What the joint meeting may not do about a decision."""
    if act.verb not in ("agenda_item.propose", "agenda_item.circulate", "agenda_item.resolve"):
        return
    matter = reading.decision(facts, subject.record.about)
    if matter is None:
        return
    if act.verb == "agenda_item.propose":
        if act.acting_as != "engine":
            yield PutByLinli()
        return
    yield from _resolved_wrongly(act, subject, matter, facts)


class NotToBeNoted(
    Invalid,
    says="a decision is filed, returned, rejected, referred or left unsettled; noting it does nothing",
):
    field: str = "resolution"


class OwnersHaveVoted(
    Refusal, says="the owners have voted: the meeting files it, or refers a stated breach of law"
): ...


def _resolved_wrongly(
    act: Act, item: StoredSubject, matter: Subject[Decision], facts: Facts
) -> Iterable[Refusal]:
    # What could not be resolved is not circulated either: there would be no way out of it.
    resolution = act.value("resolution") or act.value("draft")
    if matter.state is not DecisionFlow.filing or item.id != matter.record.items[-1]:
        yield NotBeforeTheMeeting()
    if resolution == "noted":
        yield NotToBeNoted()
    if matter.record.vote and resolution in ("returned", "rejected"):
        yield OwnersHaveVoted()
    if act.actor and act.verb == "agenda_item.resolve":
        acted = acted_elsewhere(facts, matter.id, act.verb, act.actor)
        if acted:
            yield acted


def follow_meeting(act: Act, subject: StoredSubject, facts: Facts) -> Iterable[Effect]:
    """What becomes of a decision when the joint meeting has decided, or could not."""
    if act.kind != "agenda_item" or reading.decision(facts, subject.record.about) is None:
        return
    item = subject.record
    matter = DecisionFlow.ref(item.about)
    if act.verb == "agenda_item.propose" and item.grounds == "unsettled":
        yield DecisionFlow.climb(matter, Climb(item=subject.id, tier=item.tier))
    elif act.verb == "agenda_item.resolve" and item.resolution in _BY_RESOLUTION:
        yield _BY_RESOLUTION[item.resolution](matter, Item(item=subject.id))
    elif act.verb == "agenda_item.resolve" and item.tier == "district":
        # What the street's meeting cannot settle climbs by itself; above the district's there is none.
        yield DecisionFlow.table(matter)


# --- publications ---------------------------------------------------------------------------------------------


def _matter_of(publication: StoredSubject, facts: Facts) -> Subject[Decision] | None:
    """The decision that a publication discloses, or corrects a disclosure of."""
    record = publication.record
    return reading.decision(facts, record.about) if record.series == SERIES else None


def follow_publication(act: Act, subject: StoredSubject, facts: Facts) -> Iterable[Effect]:
    """What becomes of a disclosure when its publication goes out, or is dropped."""
    moves = {
        PublicationFlow.publish.code: DisclosureFlow.go_out,
        PublicationFlow.discard.code: DisclosureFlow.discard,
    }
    move = moves.get(act.verb)
    if not move or subject.record.corrects is not None or not (matter := _matter_of(subject, facts)):
        return
    yield move(disclosure_of(subject.id))
    unwritten = subject.record.stage == 1 and matter.state is DecisionFlow.on_notice
    if move is DisclosureFlow.discard and unwritten:
        yield DecisionFlow.rewrite(DecisionFlow.ref(matter.id))


class NotWithdrawn(
    Refusal, says="a disclosure is never withdrawn; correct it: linli publication correct"
): ...


class DisclosedByItsStep(
    Refusal, says="a disclosure of a decision is made by its next step; see linli decision --help"
): ...


def not_by_hand(act: Act, subject: StoredSubject, facts: Facts) -> Iterable[Refusal]:
    """A disclosure is made by a step of its matter, and never taken away."""
    draft, withdraw = PublicationFlow.draft.code, PublicationFlow.withdraw.code
    if act.verb not in (draft, withdraw) or not _matter_of(subject, facts):
        return
    if act.verb == withdraw:
        yield NotWithdrawn()
    elif act.acting_as != "engine" and subject.record.corrects is None:
        yield DisclosedByItsStep()
