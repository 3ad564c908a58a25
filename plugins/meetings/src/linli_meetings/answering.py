"""What a whistle does for the request behind it: in place of which tasks it works, and how it answers when it closes."""

from collections.abc import Iterable, Mapping
from uuid import UUID, uuid5

from sqlalchemy import BindParameter, bindparam, select

from linli import Act, Facts, Seat, Subject, Tell, say
from linli.dispatch.elsewhere import settled_elsewhere, unsettled_elsewhere
from linli.effects import Effect
from linli.i18n import Text
from linli.lookups import ORGANISATION
from linli.store import Read
from linli.store import tables as t
from linli_meetings.departments import WhistlePart
from linli_meetings.proposals import proposed_item
from linli_meetings.reading import known, parts
from linli_meetings.roles import Nobody, numbers, place_over

_NOT_DONE = ("open", "taken", "offered", "returned", "waiting")
_a = t.act.c
_d: BindParameter[str] = bindparam("district")
_FINISHED = Read(
    select(_a.id, _a.subject)
    .where(_a.district == _d, _a.root == bindparam("root"), _a.verb == "whistle_part.finish")
    .order_by(_a.version)
)


def district_item_of(whistle: UUID) -> UUID:
    """The number of the district's agenda item that a whistle escalates to."""
    return uuid5(whistle, "district")


# --- when it is blown ------------------------------------------------------------------------------


def _not_done(facts: Facts, request: UUID | None) -> tuple[UUID, ...]:
    found = parts(facts, request, "task", Nobody) if request else []
    return tuple(ident for ident, state, _ in found if state in _NOT_DONE)


def tasks_of_the_request(
    subject: Subject, values: Mapping[str, object], facts: Facts
) -> Mapping[str, object]:
    """The tasks that nobody has done: the whistle does what they were for."""
    (request,) = numbers([values["request"]]) if values.get("request") else (None,)
    if request is None and subject.record is not None:
        request = subject.record.request
    return {"tasks": _not_done(facts, request)}


def tasks_as_they_are(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """Nobody chooses by hand whose task a whistle takes over."""
    if subject.record.tasks == _not_done(facts, subject.record.request):
        return None
    return say("{name} is worked out by linli; leave it out", name="tasks")


# --- when it closes --------------------------------------------------------------------------------


def answers_request(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    """What the street evaluated is done without a second confirmation; what is not settled comes back, and climbs."""
    if subject.record.unsettled:
        yield from _comes_back(subject, facts)
        yield from _climbs(act, subject, facts)
    else:
        yield from _settles(subject, facts)
    yield from tell_desk(act, subject, facts)


def _its_tasks(subject: Subject, facts: Facts) -> tuple[UUID, ...]:
    """The tasks that it took over and nobody has done meanwhile; of an old whistle, whatever is not done."""
    left = _not_done(facts, subject.record.request)
    taken: tuple[UUID, ...] = subject.record.tasks
    return tuple(one for one in left if one in taken) if taken else left


def _comes_back(subject: Subject, facts: Facts) -> Iterable[Effect]:
    if subject.record.request:
        yield from unsettled_elsewhere(subject.record.request, subject.id, facts)


def _climbs(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    """On the district's agenda, where it is not yet; the district's officer hears of it."""
    item = district_item_of(subject.id)
    if known(facts, item) is None:
        yield proposed_item(
            tier="district",
            place=subject.place,
            topic=subject.record.topic,
            about=subject.record.request or subject.id,
            id=item,
            grounds="unsettled",
        )
    seat = Seat(role="district_officer", at=place_over("district", subject.place, facts))
    yield Tell(recipient=f"seat:{seat}", payload={"subject": subject.id, "what": act.verb})


def _settles(subject: Subject, facts: Facts) -> Iterable[Effect]:
    request = subject.record.request
    if request is None:
        return
    others = set(_not_done(facts, request)) - set(_its_tasks(subject, facts))
    result = _results(subject, facts)[:_LONGEST] or None
    yield from settled_elsewhere(request, subject.id, facts, result=result, but=others)


_LONGEST = 4000


def _results(subject: Subject, facts: Facts) -> str:
    """What the departments gave as their results, each its last one, for the desk to answer with."""
    last = {part: ident for ident, part in facts.rows(_FINISHED, root=subject.id)}
    lines = []
    for part, _, record in parts(facts, subject.id, "whistle_part", WhistlePart):
        said = facts.said(last[part], "result") if part in last else None
        names = facts.rows(ORGANISATION, id=record.department)
        if said:
            lines.append(str(say("{one}: {other}", one=names[0][2] if names else "", other=said)))
    return "\n".join(lines)


def tell_desk(act: Act, subject: Subject, facts: Facts) -> Iterable[Tell]:
    """The desk answers the reporter, so it hears how the whistle stands."""
    request = subject.record.request
    if request is None:
        return
    clerk = Seat(role="clerk", at=subject.place)
    seat = next(iter(facts.seats(clerk, subject.place)), clerk)
    yield Tell(
        recipient=f"seat:{seat}", payload={"subject": request, "whistle": subject.id, "what": act.verb}
    )
