"""Filing by the joint meeting (审定备案): put on its agenda, filed under a number, returned, rejected, referred."""

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID, uuid5

from linli import ENGINE, Act, Ask, Facts, Make, Move, Subject, has_post, say
from linli.effects import Effect
from linli.i18n import Text
from linli.workflow import REASON
from linli_decisions import numbers, reading
from linli_decisions.opinions import REJECTED_IN, rejected_here
from linli_decisions.steps import acted_elsewhere, acts_in_one_step
from linli_decisions.turns import to_whose_turn_it_is
from linli_decisions.writing import to_secretary
from linli_meetings.api import proposed_item

SECRETARY = has_post("meeting_secretary", "officer")
_BY_RESOLUTION = {
    "approved": "file",
    "returned": "filing_returned",
    "rejected": "filing_rejected",
    "referred": "refer",
}
_ITEM = Ask(name="item", help="the agenda item", type=UUID)
_ITEMS = Ask(name="items", type=tuple, required=False, computed=True)


# --- on the agenda ------------------------------------------------------------------------------------------


def _with_new_item(subject: Subject, values: Mapping[str, object], facts: Facts) -> Mapping[str, object]:
    """The agenda items with a new one at the end."""
    known: tuple[UUID, ...] = subject.record.items
    return {"items": (*known, uuid5(subject.id, f"agenda item {len(known) + 1}"))}


def _with_item(subject: Subject, values: Mapping[str, object], facts: Facts) -> Mapping[str, object]:
    return {"items": (*subject.record.items, values["item"])} if "item" in values else {}


def put_on_agenda(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    """Before the joint meeting over the compound, as soon as this act is whole."""
    yield Make(subject=subject.id, move="list")


def _proposed(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    record = subject.record
    yield proposed_item(
        tier=record.tier,
        place=subject.place,
        topic=record.topic,
        about=subject.id,
        id=record.items[-1],
        matter=record.entry,
        left_out=reading.who_reviewed_or_proposed(facts, subject),
    )


def _off_the_agenda(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    if act.acting_as == "engine" or not reading.item_open(facts, before.record.items[-1]):
        return None
    return say("it is before the joint meeting already")


# --- what the meeting says ------------------------------------------------------------------------------------


def not_by_the_meeting(act: Act, subject: Subject, facts: Facts) -> Iterable[Text]:
    """What the joint meeting may not do about a decision."""
    if act.verb not in ("agenda_item.propose", "agenda_item.circulate", "agenda_item.resolve"):
        return
    matter = reading.decision(facts, subject.record.about)
    if matter is None:
        return
    if act.verb == "agenda_item.propose":
        if act.acting_as != "engine":
            yield say("linli itself puts a decision on the agenda once its reviews are over")
        return
    yield from _resolved_wrongly(act, subject, matter, facts)


def _resolved_wrongly(act: Act, item: Subject, matter: Subject, facts: Facts) -> Iterable[Text]:
    # What could not be resolved is not circulated either: there would be no way out of it.
    resolution = act.value("resolution") or act.value("draft")
    if matter.state != "filing" or item.id != matter.record.items[-1]:
        yield say("this decision is not before the joint meeting any more")
    if resolution == "noted":
        yield say(
            "a decision is filed, returned, rejected, referred or left unsettled; noting it does nothing"
        )
    if matter.record.vote and resolution in ("returned", "rejected"):
        yield say("the owners have voted: the meeting files it, or refers a stated breach of law")
    if act.actor and act.verb == "agenda_item.resolve":
        acted = acted_elsewhere(facts, matter.id, act.verb, act.actor)
        if acted:
            yield acted


def follow_meeting(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    """What becomes of a decision when the joint meeting has decided, or could not."""
    if act.kind != "agenda_item" or reading.decision(facts, subject.record.about) is None:
        return
    item = subject.record
    if act.verb == "agenda_item.propose" and item.grounds == "unsettled":
        yield Make(subject=item.about, move="climb", values={"item": subject.id, "tier": item.tier})
    elif act.verb == "agenda_item.resolve" and item.resolution in _BY_RESOLUTION:
        yield Make(subject=item.about, move=_BY_RESOLUTION[item.resolution], values={"item": subject.id})
    elif act.verb == "agenda_item.resolve" and item.tier == "district":
        # What the street's meeting cannot settle climbs by itself; above the district's there is none.
        yield Make(subject=item.about, move="table")


def _of_this_item(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    if UUID(act.value("item")) == before.record.items[-1]:
        return None
    return say("this decision is not before the joint meeting any more")


# --- the moves ----------------------------------------------------------------------------------------------


def _stored(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    return numbers.kept(act, subject, facts)


def moves() -> Iterable[Move]:
    """From the joint meeting's agenda to the notice period, or out."""
    yield Move(
        name="table",
        label="put before the next joint meeting",
        sources=("filing",),
        to=None,
        by=ENGINE | SECRETARY,
        checks=(_off_the_agenda,),
        effects=(put_on_agenda,),
    )
    yield Move(
        name="list",
        label="on the joint meeting's agenda",
        sources=("filing",),
        to=None,
        by=ENGINE,
        asks=(_ITEMS,),
        fills=(_with_new_item,),
        effects=(_proposed, to_whose_turn_it_is),
    )
    yield Move(
        name="climb",
        label="goes on the district's agenda",
        sources=("filing",),
        to=None,
        by=ENGINE,
        asks=(_ITEM, _ITEMS, Ask(name="tier")),
        fills=(_with_item,),
        effects=(to_whose_turn_it_is,),
    )
    yield Move(
        name="file",
        label="filed by the joint meeting",
        sources=("filing",),
        to="filed",
        by=ENGINE,
        asks=(
            _ITEM,
            Ask(name="filing_number", computed=True),
            Ask(name="serial", type=int, computed=True),
            Ask(name="filed_on", type=date, computed=True),
        ),
        fills=(numbers.next_number,),
        checks=(_of_this_item,),
        effects=(_stored, to_secretary),
    )
    yield from _not_filed()


def _not_filed() -> Iterable[Move]:
    yield Move(
        name="filing_returned",
        label="returned by the joint meeting",
        sources=("filing",),
        to="proposed",
        by=ENGINE,
        asks=(_ITEM,),
        checks=(_of_this_item,),
        effects=(to_whose_turn_it_is,),
    )
    yield Move(
        name="filing_rejected",
        label="rejected by the joint meeting",
        sources=("filing",),
        to="rejected",
        by=ENGINE,
        asks=(_ITEM, REJECTED_IN),
        fills=(rejected_here,),
        checks=(_of_this_item,),
    )
    yield Move(
        name="refer",
        label="referred to the authority by the joint meeting",
        sources=("filing",),
        to="referred",
        by=ENGINE,
        asks=(_ITEM,),
        checks=(_of_this_item,),
    )
    yield Move(
        name="clear",
        label="the authority found no breach of law",
        sources=("referred",),
        to="filing",
        by=SECRETARY,
        asks=(REASON,),
        checks=(acts_in_one_step,),
        effects=(put_on_agenda,),
    )
    yield Move(
        name="annul",
        label="the authority found a breach of law",
        sources=("referred",),
        to="rejected",
        by=has_post("officer"),
        asks=(REASON,),
        checks=(acts_in_one_step,),
    )
