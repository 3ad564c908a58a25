"""The whistle (街道吹哨、部门报到): the street blows it, departments report in, the street evaluates."""

from collections.abc import Iterable, Mapping
from uuid import UUID

import attrs

from linli import (
    ENGINE,
    Act,
    Ask,
    Clock,
    Facts,
    Limit,
    Make,
    Move,
    Part,
    PartKey,
    Start,
    State,
    Subject,
    Workflow,
    all_parts,
    has_post,
    say,
)
from linli.dispatch.impartial import impartial
from linli.effects import Effect
from linli.i18n import Text
from linli.workflow import READ_REASON, REASON
from linli_meetings.answering import (
    answers_request,
    district_item_of,
    tasks_as_they_are,
    tasks_of_the_request,
    tell_desk,
)
from linli_meetings.departments import DEPARTMENT, about_of, cannot_answer, key_of, limit, named, taken_by
from linli_meetings.proposals import proposed_item
from linli_meetings.reading import known, proposed_for
from linli_meetings.roles import OFFICER, numbers
from linli_meetings.settings import MeetingSettings


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
    departments: tuple[UUID, ...] = attrs.field(default=(), converter=numbers)
    request: UUID | None = None
    about: UUID | None = None
    urgent: bool = False
    item: UUID | None = None
    instruction: str | None = None
    tasks: tuple[UUID, ...] = attrs.field(default=(), converter=numbers)
    unsettled: bool = False
    overtaken_by: UUID | None = None


def proposed_whistle(
    *, place: UUID, topic: str, request: UUID | None = None, urgent: bool = False, id: UUID | None = None
) -> Start:
    """The order that proposes a whistle to the street over a place: only its officer blows it.

    Args:
        topic: a few words, at most 80 characters, no personal data.
        id: the whistle's number; give one to make the order repeatable.
    """
    values: dict[str, object] = {"topic": topic, "urgent": urgent}
    if request:
        values["request"] = request
    return Start(workflow="whistle", move="propose", place=place, values=values, id=id)


# --- what may be blown -----------------------------------------------------------------------------


def _departments_can(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    whistle: Whistle = subject.record
    if not whistle.departments:
        return say("name at least one department")
    found = (
        cannot_answer(facts, department, subject.place, whistle.request) for department in whistle.departments
    )
    return next((problem for problem in found if problem), None)


def _request_is_open(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    ident = subject.record.request
    if ident is None:
        return None
    request = known(facts, ident)
    if request is None or request.kind != "request":
        return say("there is no request {id} in this district", id=ident)
    if request.state in ("closed", "refused", "withdrawn"):
        return say("this request has ended; reopen it first, or name none")
    here, there = facts.place(subject.place), facts.place(request.place)
    if here.id not in there.path and there.id not in here.path:
        return say("this request is somewhere else")
    return None


def _whom_it_is_about(subject: Subject, values: Mapping[str, object], facts: Facts) -> Mapping[str, object]:
    request = values.get("request")
    about = about_of(facts, numbers([request])[0]) if request else None
    return {"about": about} if about else {}


def _about_as_requested(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    if subject.record.about == about_of(facts, subject.record.request):
        return None
    return say("whom it is about is what the request says")


def _not_taken(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    department = UUID(act.value("department"))
    if taken_by(facts, subject.id, department):
        return say("this department has been named already")
    return cannot_answer(facts, department, subject.place, subject.record.request)


# --- what follows ----------------------------------------------------------------------------------


def _named_first(subject: Subject, facts: Facts) -> Iterable[PartKey]:
    return (key_of(department, subject.record) for department in subject.record.departments)


def _name_one_more(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    department = UUID(act.value("department"))
    return named(act, department, subject.id, subject)


def _to_district(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    yield proposed_item(
        tier="district",
        place=subject.place,
        topic=subject.record.topic,
        about=subject.id,
        id=district_item_of(subject.id),
        grounds="unsettled",
    )


def _off_the_agenda(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    item = known(facts, district_item_of(subject.id))
    if item and item.state in ("proposed", "scheduled", "circulating"):
        yield Make(subject=district_item_of(subject.id), move="overtaken")


def _off_the_agenda_if_settled(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    return () if subject.record.unsettled else _off_the_agenda(act, subject, facts)


def _how_it_ended(subject: Subject, values: Mapping[str, object], facts: Facts) -> Mapping[str, object]:
    return {"outcome": "unsettled" if subject.record.unsettled else "closed"}


def _overtake(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    """What else is proposed for the request needs no answer any more."""
    request = subject.record.request
    if request is None:
        return
    # Whoever proposes one for it at this moment comes first or second.
    facts.hold(f"whistle {request}")
    for ident in proposed_for(facts, request):
        if ident != subject.id:
            yield Make(subject=ident, move="lapse", values={"overtaken_by": subject.id})


def settled_without(act: Act, request: Subject, facts: Facts) -> Iterable[Make]:
    """What follows when a request is resolved or ends: whistles that are only proposed for it lapse."""
    now = act.body.get("to")
    if now in _SETTLED and now != act.body["from"]:
        for ident in proposed_for(facts, request.id):
            yield Make(subject=ident, move="lapse")


def _time_is_up(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    return None if before.clocks["settle"].step else say("it can still be settled in time")


def _settle_within(subject: Subject, facts: Facts) -> Limit:
    return Limit(span=facts.settings(MeetingSettings).settle_within)


_TOPIC = Ask(name="topic", help="a few words, no personal data", longest=80)
_REQUEST = Ask(name="request", help="the number of the request behind it", type=UUID, required=False)
_ABOUT = Ask(name="about", type=UUID, required=False, proposed=True)
_DEPARTMENTS = Ask(name="departments", help="their numbers", type=tuple)
_DESCRIPTION = Ask(name="description", help="what it is about", private=True, required=False)
_URGENT = Ask(name="urgent", help="deadlines run at night and on holidays too", type=bool, default=False)
_TASKS = Ask(name="tasks", type=tuple, required=False, computed=True)
_UNDER_WAY = ("blown", "escalated")
# States of a request.
_SETTLED = ("resolved", "closed", "refused", "withdrawn")

WHISTLE = Workflow(
    name="whistle",
    label="whistle",
    record=Whistle,
    told_by=("topic",),
    states=(
        State("proposed", "put forward"),
        State("blown", "blown"),
        State("escalated", "escalated"),
        State("closed", "concluded", ends=("closed", "unsettled")),
        State("withdrawn", "withdrawn", ends=("withdrawn",)),
        State("dismissed", "dismissed", ends=("dismissed",)),
        State("lapsed", "lapsed", ends=("lapsed",)),
    ),
    moves=impartial(
        (
            Move(
                name="propose",
                label="propose",
                sources=(),
                to="proposed",
                by=has_post("clerk") | ENGINE,
                fills=(_whom_it_is_about,),
                asks=(_TOPIC, _REQUEST, _ABOUT, _URGENT, _DESCRIPTION),
                checks=(_request_is_open, _about_as_requested),
            ),
            Move(
                name="dismiss",
                label="dismiss",
                sources=("proposed",),
                to="dismissed",
                by=OFFICER,
                asks=(REASON,),
            ),
            Move(
                name="lapse",
                label="lapse",
                sources=("proposed",),
                to="lapsed",
                by=ENGINE,
                asks=(Ask(name="overtaken_by", type=UUID, required=False),),
            ),
            Move(
                name="blow",
                label="blow",
                sources=(),
                to="blown",
                by=OFFICER,
                fills=(_whom_it_is_about, tasks_of_the_request),
                asks=(_TOPIC, _DEPARTMENTS, _REQUEST, _ABOUT, _URGENT, _DESCRIPTION, _TASKS),
                checks=(_departments_can, _request_is_open, _about_as_requested, tasks_as_they_are),
                effects=(_overtake,),
            ),
            Move(
                name="take_up",
                label="blow as proposed",
                sources=("proposed",),
                to="blown",
                by=OFFICER,
                fills=(tasks_of_the_request,),
                asks=(_DEPARTMENTS, _DESCRIPTION, _TASKS),
                checks=(_departments_can, _request_is_open, tasks_as_they_are),
                effects=(_overtake,),
            ),
            Move(
                name="name",
                label="name one more department",
                sources=_UNDER_WAY,
                to=None,
                by=OFFICER,
                asks=(DEPARTMENT,),
                checks=(_not_taken,),
                effects=(_name_one_more,),
            ),
            Move(
                name="escalate",
                sources=("blown",),
                to="escalated",
                by=ENGINE,
                checks=(_time_is_up,),
                effects=(_to_district, tell_desk),
            ),
            Move(
                name="instruct",
                sources=_UNDER_WAY,
                to=None,
                by=ENGINE,
                asks=(Ask(name="item", type=UUID), Ask(name="instruction")),
            ),
            Move(
                name="not_settled",
                sources=_UNDER_WAY,
                to=None,
                by=ENGINE,
                asks=(Ask(name="unsettled", type=bool),),
            ),
            Move(
                name="close",
                sources=_UNDER_WAY,
                to="closed",
                when=all_parts("whistle_part", "evaluated", or_else=("withdrawn",)),
                fills=(_how_it_ended,),
                asks=(Ask(name="outcome", choices=("closed", "unsettled"), computed=True),),
                effects=(answers_request, _off_the_agenda_if_settled),
            ),
            Move(
                name="withdraw",
                label="withdraw",
                sources=_UNDER_WAY,
                to="withdrawn",
                by=OFFICER,
                asks=(REASON,),
                effects=(tell_desk, _off_the_agenda),
            ),
            Move(
                name="read",
                label="read",
                sources=("proposed", *_UNDER_WAY, "closed", "withdrawn", "dismissed", "lapsed"),
                to=None,
                by=OFFICER,
                asks=(READ_REASON,),
            ),
        )
    ),
    parts=(
        Part(
            name="whistle_part",
            workflow="whistle_part",
            start="name",
            opens_in="blown",
            one_per=_named_first,
        ),
    ),
    clocks=(
        Clock(name="answer", runs_in=("proposed",), limit=limit(lambda s: s.evaluate_within)),
        Clock(name="settle", runs_in=("blown",), limit=_settle_within, then="escalate"),
    ),
)
