"""What a whistle does for the request behind it: in place of which tasks it works, and how it answers when it closes."""

from collections.abc import Iterable
from uuid import UUID, uuid5

import attrs

from linli import Effect, Facts, OpenOrder, Seat, Tell, Transition, say
from linli.hooks import settled_elsewhere, unsettled_elsewhere
from linli.query import acts_of, any_subjects, one, organisation, seats
from linli_meetings.departments import PartFlow
from linli_meetings.items import ItemFlow, proposed_item
from linli_meetings.roles import place_over

_NOT_DONE = ("open", "taken", "offered", "returned", "waiting")


@attrs.frozen(kw_only=True)
class Whistle:
    """What is kept with a whistle.

    Attributes:
        topic: a few words, no personal data.
        departments: those that were named first.
        request: the request behind it; `tasks`: those of its tasks that were not done when it was blown, in whose
            place it does what is to be done.
        about: whom that request complains about: it is kept from them.
        urgent: its deadlines run at night and on holidays too.
        item: the agenda item whose resolution it was given; `instruction`: that resolution.
        unsettled: a department's part was evaluated as not settling it.
        overtaken_by: the whistle that was blown for the request while this one was only proposed.
    """

    topic: str
    departments: tuple[UUID, ...] = ()
    request: UUID | None = None
    about: UUID | None = None
    urgent: bool = False
    item: UUID | None = None
    instruction: str | None = None
    tasks: tuple[UUID, ...] = ()
    unsettled: bool = False
    overtaken_by: UUID | None = None


def district_item_of(whistle: UUID) -> UUID:
    """The number of the district's agenda item that a whistle escalates to."""
    return uuid5(whistle, "district")


# --- when it is blown ------------------------------------------------------------------------------


def tasks_not_done(facts: Facts, request: UUID | None) -> tuple[UUID, ...]:
    """The tasks of a request that nobody has done: the whistle does what they were for."""
    found = facts.get(any_subjects(matter=request)) if request else ()
    return tuple(one.id for one in found if one.kind == "task" and one.state in _NOT_DONE)


# --- when it closes --------------------------------------------------------------------------------


def answers_request(t: Transition[Whistle, object]) -> Iterable[Effect]:
    """What the street evaluated is done without a second confirmation; what is not settled comes back, and climbs."""
    if t.record.unsettled:
        if t.record.request:
            yield from unsettled_elsewhere(t.record.request, t.subject.id, t.facts)
        yield from _climbs(t)
    else:
        yield from _settles(t)
    yield from tell_desk(t)


def _climbs(t: Transition[Whistle, object]) -> Iterable[Effect]:
    """On the district's agenda, where it is not yet; the district's officer hears of it."""
    if t.get(one(ItemFlow, ItemFlow.ref(district_item_of(t.subject.id)))) is None:
        yield district_item(t, about=t.record.request or t.subject.id)
    seat = Seat(role="district_officer", at=place_over("district", t.place, t.facts))
    yield Tell(recipient=f"seat:{seat}", payload={"subject": t.subject.id, "what": t.move.code})


def district_item(t: Transition[Whistle, object], about: UUID) -> OpenOrder:
    """The order that puts what the street did not settle to the district's meeting."""
    return proposed_item(
        tier="district",
        place=t.place,
        topic=t.record.topic,
        about=about,
        id=district_item_of(t.subject.id),
        grounds="unsettled",
    )


def _settles(t: Transition[Whistle, object]) -> Iterable[Effect]:
    request, facts = t.record.request, t.facts
    if request is None:
        return
    left = tasks_not_done(facts, request)
    # Of an old whistle, which does not say what it took over, whatever is not done is its own.
    others = {one for one in left if t.record.tasks and one not in t.record.tasks}
    result = _results(t)[:_LONGEST] or None
    yield from settled_elsewhere(request, t.subject.id, facts, result=result, but=others)


_LONGEST = 4000


def _results(t: Transition[Whistle, object]) -> str:
    """What the departments gave as their results, each its last one, for the desk to answer with."""
    last = {act.subject: act.id for act in t.get(acts_of(t.subject.id, PartFlow.finish))}
    lines = []
    for part in sorted(t.parts(PartFlow), key=lambda one: one.id):
        said = t.facts.said(last[part.id], "result") if part.id in last else None
        department = t.get(organisation(part.record.department))
        if said:
            lines.append(str(say("{one}: {other}", one=department.name if department else "", other=said)))
    return "\n".join(lines)


def tell_desk(t: Transition[Whistle, object]) -> Iterable[Effect]:
    """The desk answers the reporter, so it hears how the whistle stands."""
    request = t.record.request
    if request is None:
        return
    clerk = Seat(role="clerk", at=t.place)
    seat = next(iter(t.get(seats(clerk, t.place))), clerk)
    payload = {"subject": request, "whistle": t.subject.id, "what": t.move.code}
    yield Tell(recipient=f"seat:{seat}", payload=payload)
