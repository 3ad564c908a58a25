"""The whistle (街道吹哨、部门报到): the street blows it, departments report in, the street evaluates."""

from collections.abc import Iterable
from typing import Annotated
from uuid import UUID

import attrs

from linli import (
    ENGINE,
    BodyId,
    Choice,
    Clock,
    Context,
    Effect,
    Facts,
    Input,
    Invalid,
    Ladder,
    Limit,
    Missing,
    Moves,
    NotFoundHere,
    OpenOrder,
    Part,
    PartKey,
    PlaceId,
    Private,
    Refusal,
    State,
    Subject,
    Transition,
    Why,
    Workflow,
    all_parts,
    evolve,
    has_post,
    holder,
)
from linli.hooks import Request, RequestFlow, impartial
from linli.query import any_subject, one, place, subjects
from linli_meetings.answering import (
    Whistle,
    answers_request,
    district_item,
    district_item_of,
    tasks_not_done,
    tell_desk,
)
from linli_meetings.departments import (
    Named,
    NamedAlready,
    PartFlow,
    about_of,
    cannot_answer,
    key_of,
    limit,
    named,
    taken_by,
)
from linli_meetings.items import ItemFlow
from linli_meetings.roles import OFFICER, Read, once
from linli_meetings.settings import MeetingSettings

Topic = Annotated[str, Input("a few words, no personal data", longest=80)]
Departments = Annotated[tuple[BodyId, ...], Input("its name or number; as often as needed")]
Behind = Annotated[UUID | None, Input("the number of the request behind it")]
Urgent = Annotated[bool, Input("deadlines run at night and on holidays too")]
Description = Annotated[Private | None, Input("what it is about")]


class Outcome(Choice):
    """Whether a whistle settled what it was about."""

    CLOSED = "closed"
    UNSETTLED = "unsettled"


@attrs.frozen(kw_only=True)
class Propose:
    """What it is about."""

    topic: Topic
    request: Behind = None
    urgent: Urgent = False
    description: Description = None


@attrs.frozen(kw_only=True)
class TakeUp:
    """Which departments are to come."""

    departments: Departments = attrs.field(converter=once)
    description: Description = None


@attrs.frozen(kw_only=True)
class Blow(Propose):
    """What it is about, and which departments are to come."""

    departments: Departments = attrs.field(converter=once)


@attrs.frozen(kw_only=True)
class One:
    """One department more."""

    department: Annotated[BodyId, Input("its name or number")]


@attrs.frozen(kw_only=True)
class Lapse:
    """By which whistle it was overtaken, if by one."""

    overtaken_by: UUID | None = None


@attrs.frozen(kw_only=True)
class Instruct:
    """What an agenda item decided."""

    item: UUID
    instruction: str


def proposed_whistle(
    *, place: UUID, topic: str, request: UUID | None = None, urgent: bool = False, id: UUID | None = None
) -> OpenOrder:
    """The order that proposes a whistle to the street over a place: only its officer blows it.

    Args:
        topic: a few words, at most 80 characters, no personal data.
        id: the whistle's number; give one to make the order repeatable.
    """
    return WhistleFlow.propose.at(PlaceId(place), Propose(topic=topic, request=request, urgent=urgent), id=id)


# --- what may be blown -----------------------------------------------------------------------------


def _proposed(t: Transition[None, Propose]) -> Whistle:
    """It is about whom its request is about."""
    given = t.given
    return Whistle(
        topic=given.topic,
        request=given.request,
        urgent=given.urgent,
        about=about_of(t.facts, given.request),
    )


def _blown(t: Transition[None, Blow]) -> Whistle:
    tasks = tasks_not_done(t.facts, t.given.request)
    return evolve(_proposed(t), departments=t.given.departments, tasks=tasks)


def _taken_up(t: Transition[Whistle, TakeUp]) -> Whistle:
    return evolve(t.record, tasks=tasks_not_done(t.facts, t.record.request))


class NoDepartment(Missing, says="name at least one department"):
    field: str = "departments"


def _departments_can(t: Transition[Whistle, object]) -> Refusal | None:
    if not t.record.departments:
        return NoDepartment()
    found = (cannot_answer(t.facts, one, t.place, t.record.request) for one in t.record.departments)
    return next((problem for problem in found if problem), None)


class NoSuchRequest(NotFoundHere, says="there is no request {id} in this district"):
    id: UUID


class RequestEnded(Refusal, says="this request has ended; reopen it first, or name none"): ...


class RequestElsewhere(Invalid, says="this request is somewhere else"):
    field: str = "request"


def _request_is_open(t: Transition[Whistle, object]) -> Refusal | None:
    ident = t.record.request
    if ident is None:
        return None
    request = t.get(any_subject(ident))
    if request is None or request.kind != "request":
        return NoSuchRequest(id=ident)
    if request.state in ("closed", "refused", "withdrawn"):
        return RequestEnded()
    here, there = t.get(place(t.place)), t.get(place(request.place))
    if here.id not in there.path and there.id not in here.path:
        return RequestElsewhere()
    return None


def _not_taken(t: Transition[Whistle, One]) -> Refusal | None:
    if taken_by(t.facts, t.subject.id, t.given.department):
        return NamedAlready()
    return cannot_answer(t.facts, t.given.department, t.place, t.record.request)


# --- what follows ----------------------------------------------------------------------------------


def _named_first(ctx: Context[Whistle]) -> Iterable[PartKey[Named]]:
    return (key_of(department, ctx.record) for department in ctx.record.departments)


def _name_one_more(t: Transition[Whistle, One]) -> Iterable[Effect]:
    yield named(t, t.given.department, t.subject.id)


def _to_district(t: Transition[Whistle, object]) -> Iterable[Effect]:
    yield district_item(t, about=t.subject.id)


def _off_the_agenda(t: Transition[Whistle, object]) -> Iterable[Effect]:
    item = t.get(one(ItemFlow, ItemFlow.ref(district_item_of(t.subject.id))))
    if item and item.state in ItemFlow.proposed | ItemFlow.scheduled | ItemFlow.circulating:
        yield ItemFlow.overtaken(item.id)


def _off_the_agenda_if_settled(t: Transition[Whistle, object]) -> Iterable[Effect]:
    return () if t.record.unsettled else _off_the_agenda(t)


def _unsettled(t: Transition[Whistle, object]) -> Whistle:
    return evolve(t.record, unsettled=True)


def _how_it_ended(t: Transition[Whistle, object]) -> Outcome:
    return Outcome.UNSETTLED if t.record.unsettled else Outcome.CLOSED


def _overtake(t: Transition[Whistle, object]) -> Iterable[Effect]:
    """What else is proposed for the request needs no answer any more."""
    request = t.record.request
    if request is None:
        return
    # Whoever proposes one for it at this moment comes first or second.
    t.facts.hold(f"whistle {request}")
    for other in proposed_for(t.facts, request):
        if other.id != t.subject.id:
            yield WhistleFlow.lapse(other.id, Lapse(overtaken_by=t.subject.id))


def proposed_for(facts: Facts, request: UUID) -> tuple[Subject[Whistle], ...]:
    """The whistles for a request that nobody has blown or dismissed yet."""
    return facts.get(subjects(WhistleFlow, states=WhistleFlow.proposed, where={"request": request}))


def settled_without(t: Transition[Request, object]) -> Iterable[Effect]:
    """What follows when a request is resolved or ends: whistles that are only proposed for it lapse."""
    now = t.subject.state
    if now in _SETTLED and now is not t.before.state:
        for one in proposed_for(t.facts, t.subject.id):
            yield WhistleFlow.lapse(one.id, Lapse())


_SETTLED = RequestFlow.resolved | RequestFlow.closed | RequestFlow.refused | RequestFlow.withdrawn


def _settle_within(ctx: Context[object]) -> Limit:
    return Limit(span=ctx.settings(MeetingSettings).settle_within)


class WhistleFlow(Workflow[Whistle], name="whistle", summary_fields=("topic",), needs=[impartial]):
    """Proposed or blown, closed when every department's part is evaluated."""

    move = Moves(Whistle)
    proposed = State("put forward")
    blown = State("blown")
    escalated = State("escalated")
    closed = State("concluded", ends=Outcome)
    withdrawn = State("withdrawn", ends=True)
    dismissed = State("dismissed", ends=True)
    lapsed = State("lapsed", ends=True)
    for_departments = (
        PartFlow.report_in, PartFlow.decline, PartFlow.finish, PartFlow.order, PartFlow.excuse,
    )  # fmt: skip
    propose = move.opening(
        proposed, Propose, by=has_post("clerk") | ENGINE, record=_proposed, needs=[_request_is_open]
    )
    dismiss = move(proposed.to(dismissed), Why, by=OFFICER)
    lapse = move(proposed.to(lapsed), Lapse)
    blow = move.opening(
        blown,
        Blow,
        by=OFFICER,
        bars=for_departments,
        record=_blown,
        needs=[_departments_can, _request_is_open],
        then=[_overtake],
    )
    take_up = move(
        proposed.to(blown),
        TakeUp,
        label="blow as proposed",
        by=OFFICER,
        bars=for_departments,
        record=_taken_up,
        needs=[_departments_can, _request_is_open],
        then=[_overtake],
    )
    name_one_more = move(
        (blown | escalated).stay(),
        One,
        name="name",
        label="name one more department",
        by=OFFICER,
        bars=for_departments,
        needs=[_not_taken],
        then=[_name_one_more],
    )
    escalate = move(blown.to(escalated), then=[_to_district, tell_desk])
    instruct = move((blown | escalated).stay(), Instruct)
    not_settled = move((blown | escalated).stay(), record=_unsettled)
    close = move(
        (blown | escalated).to(closed, _how_it_ended),
        when=all_parts(PartFlow.evaluated, or_else=(PartFlow.withdrawn,)),
        then=[answers_request, _off_the_agenda_if_settled],
    )
    withdraw = move((blown | escalated).to(withdrawn), Why, by=OFFICER, then=[tell_desk, _off_the_agenda])
    read = move(
        (proposed | blown | escalated | closed | withdrawn | dismissed | lapsed).stay(), Read, by=OFFICER
    )
    whistle_part = Part(
        PartFlow.name_it, in_=blown, one_per=_named_first, calls_off=PartFlow.call_off, off_in=withdrawn
    )
    answer = Clock[Whistle](
        proposed, limit(lambda s: s.evaluate_within), ladder=Ladder(MeetingSettings, first=holder)
    )
    settle = Clock(blown, _settle_within, then=escalate)
