"""What the joint meeting decides and what goes out moves a decision on, and there is no other way around its steps."""

from collections.abc import Iterable
from typing import Any

from linli import AnyAct, Effect, Invalid, Refusal, Subject, Transition
from linli.hooks import Publication, PublicationFlow
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


def not_by_the_meeting(t: AnyAct) -> Iterable[Refusal]:
    """What the joint meeting may not do about a decision."""
    item = t.after
    if item is None or t.verb not in ("agenda_item.propose", "agenda_item.circulate", "agenda_item.resolve"):
        return
    matter = reading.decision(t.facts, item.record.about)
    if matter is None:
        return
    if t.verb == "agenda_item.propose":
        if not t.by_engine:
            yield PutByLinli()
        return
    yield from _resolved_wrongly(t, item, matter)


class NotToBeNoted(
    Invalid,
    says="a decision is filed, returned, rejected, referred or left unsettled; noting it does nothing",
):
    field: str = "resolution"


class OwnersHaveVoted(
    Refusal, says="the owners have voted: the meeting files it, or refers a stated breach of law"
): ...


def _resolved_wrongly(t: AnyAct, item: Subject[Any], matter: Subject[Decision]) -> Iterable[Refusal]:
    # What could not be resolved is not circulated either: there would be no way out of it.
    resolution = t.act.value("resolution") or t.act.value("draft")
    if matter.state is not DecisionFlow.filing or item.id != matter.record.items[-1]:
        yield NotBeforeTheMeeting()
    if resolution == "noted":
        yield NotToBeNoted()
    if matter.record.vote and resolution in ("returned", "rejected"):
        yield OwnersHaveVoted()
    if t.actor and t.verb == "agenda_item.resolve":
        acted = acted_elsewhere(t.facts, matter.id, t.verb, t.actor)
        if acted:
            yield acted


def follow_meeting(t: AnyAct) -> Iterable[Effect]:
    """What becomes of a decision when the joint meeting has decided, or could not."""
    subject = t.after
    if subject is None or t.act.kind != "agenda_item" or not reading.decision(t.facts, subject.record.about):
        return
    item = subject.record
    matter = DecisionFlow.ref(item.about)
    if t.verb == "agenda_item.propose" and item.grounds == "unsettled":
        yield DecisionFlow.climb(matter, Climb(item=subject.id, tier=item.tier))
    elif t.verb == "agenda_item.resolve" and item.resolution in _BY_RESOLUTION:
        yield _BY_RESOLUTION[item.resolution](matter, Item(item=subject.id))
    elif t.verb == "agenda_item.resolve" and item.tier == "district":
        # What the street's meeting cannot settle climbs by itself; above the district's there is none.
        yield DecisionFlow.table(matter)


# --- publications ---------------------------------------------------------------------------------------------


def _matter_of(t: Transition[Publication, object]) -> Subject[Decision] | None:
    """The decision that a publication discloses, or corrects a disclosure of."""
    return reading.decision(t.facts, t.record.about) if t.record.series == SERIES else None


def follow_publication(t: AnyAct) -> Iterable[Effect]:
    """What becomes of a disclosure when its publication goes out, or is dropped."""
    gone, dropped = t.of(PublicationFlow.publish), t.of(PublicationFlow.discard)
    out = gone or dropped
    if not out or out.record.corrects is not None or not (matter := _matter_of(out)):
        return
    disclosure = disclosure_of(out.subject.id)
    yield DisclosureFlow.go_out(disclosure) if gone else DisclosureFlow.discard(disclosure)
    unwritten = out.record.stage == 1 and matter.state is DecisionFlow.on_notice
    if dropped and unwritten:
        yield DecisionFlow.rewrite(DecisionFlow.ref(matter.id))


class NotWithdrawn(
    Refusal, says="a disclosure is never withdrawn; correct it: linli publication correct"
): ...


class DisclosedByItsStep(
    Refusal, says="a disclosure of a decision is made by its next step; see linli decision --help"
): ...


def not_by_hand(t: AnyAct) -> Iterable[Refusal]:
    """A disclosure is made by a step of its matter, and never taken away."""
    if (withdrawn := t.of(PublicationFlow.withdraw)) and _matter_of(withdrawn):
        yield NotWithdrawn()
    draft = t.of(PublicationFlow.draft)
    if draft and not draft.by_engine and draft.record.corrects is None and _matter_of(draft):
        yield DisclosedByItsStep()
