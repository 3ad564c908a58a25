"""A department's part of a whistle: reports in or declines, does it, is evaluated or sent back."""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Protocol
from uuid import UUID

import attrs

from linli import (
    ENGINE,
    HOLDER,
    NOBODY,
    Act,
    Ask,
    Clock,
    Facts,
    Limit,
    Make,
    Move,
    PartKey,
    Seat,
    Start,
    State,
    Subject,
    Workflow,
    parent_in,
    say,
)
from linli.calendar import Hours
from linli.dispatch.impartial import impartial, kept_from
from linli.dispatch.late_entries import then
from linli.i18n import Text
from linli.workflow import READ_REASON, REASON
from linli_meetings.outcomes import OUTCOMES, sensible_outcomes, settle_disputes
from linli_meetings.reading import known, known_body, parts
from linli_meetings.refusals import BY_DEPARTMENT, STREET, may_decline, once_more, refusals, tell_department
from linli_meetings.roles import DISTRICT, OFFICER, not_its_own
from linli_meetings.settings import MeetingSettings

GRADES = ("good", "fair", "poor")
PAUSES = ("waiting_for_reporter", "waiting_for_parts", "waiting_for_weather", "waiting_for_others")


@attrs.frozen(kw_only=True)
class WhistlePart:
    """What is kept with a department's part.

    Attributes:
        about: the person or organisation that the request behind it complains about: it is kept from them.
        rounds: how often it gave a result; each is kept with its act.
        declines: how often the department has said that it is not its business.
        told_by_district: the district has said that it is; its word stands.
        grade: how the street evaluated it; `unsettled`: what it was about is not settled by it.
    """

    department: UUID
    urgent: bool = False
    about: UUID | None = None
    rounds: int = 0
    declines: int = 0
    told_by_district: bool = False
    grade: str | None = None
    unsettled: bool = False
    rectifications: int = 0
    enforcements: int = 0
    mediated: bool = False


@attrs.frozen(kw_only=True)
class _About:
    """Of a request: the person or organisation that it complains about."""

    about: UUID | None = None


def key_of(department: UUID, record: "Urgent") -> PartKey:
    """A department's part, and who holds it."""
    values: dict[str, object] = {"department": department, "urgent": record.urgent}
    if record.about:
        values["about"] = record.about
    return PartKey(key=str(department), holder=Seat(role=None, at=department), values=values)


class Urgent(Protocol):
    """What a whistle and a department's part both say."""

    @property
    def urgent(self) -> bool:
        """Whether its deadlines run at night and on holidays too."""

    @property
    def about(self) -> UUID | None:
        """Whom the request behind it complains about."""


def named(act: Act, department: UUID, whistle: UUID, subject: Subject) -> Iterable[Start]:
    """The part of the department that an act names beside those named first."""
    part = key_of(department, subject.record)
    yield Start(
        workflow="whistle_part",
        move="name",
        place=subject.place,
        parent=whistle,
        key=f"{part.key} {act.version}",
        holder=part.holder,
        values=part.values,
    )


def cannot_answer(facts: Facts, department: UUID, place: UUID, request: UUID | None) -> Text | None:
    """Why a department cannot be named for a whistle at a place; None where it can."""
    body = known_body(facts, department)
    if body is None or body.kind != "department":
        return say("there is no department {id} here", id=department)
    if body.place not in facts.place(place).path:
        return say("department {id} is not one of this street or district", id=department)
    if kept_from(about_of(facts, request), Seat(role=None, at=department), place, facts):
        return say("the complaint is about department {id}; name another one", id=department)
    return None


def about_of(facts: Facts, request: UUID | None) -> UUID | None:
    """The person or organisation that the request behind a whistle complains about."""
    behind = known(facts, request)
    return behind.record(_About).about if behind and behind.kind == "request" else None


def taken_by(facts: Facts, whistle: UUID, department: UUID) -> bool:
    """Whether a department has an open part of a whistle."""
    return any(
        part.department == department and state not in ("evaluated", "withdrawn")
        for _, state, part in parts(facts, whistle, "whistle_part", WhistlePart)
    )


def _can_be_named(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    department = UUID(act.value("instead"))
    if taken_by(facts, subject.root, department):
        return say("this department has been named already")
    whistle = known(facts, subject.root)
    assert whistle is not None, "a part has a whistle"
    return cannot_answer(facts, department, subject.place, whistle.record(_Request).request)


@attrs.frozen(kw_only=True)
class _Request:
    """Of a whistle: the request behind it."""

    request: UUID | None = None


def _name_instead(act: Act, subject: Subject, facts: Facts) -> Iterable[Start]:
    assert subject.parent is not None, "a part has a whistle"
    return named(act, UUID(act.value("instead")), subject.parent, subject)


def _itself(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    return not_its_own(act.seat, subject.record.department, facts)


def _officer_or_itself(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    if act.seat and act.seat.role in (OFFICER | DISTRICT).posts:
        return None
    return not_its_own(act.seat, subject.record.department, facts)


def _one_more_round(subject: Subject, values: Mapping[str, object], facts: Facts) -> Mapping[str, object]:
    return {"rounds": subject.record.rounds + 1}


def _counted_by_linli(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    if subject.record.rounds == before.record.rounds + 1:
        return None
    return say("rounds is counted by linli")


def _why_poor(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    if act.value("reason") is not None:
        return None
    if subject.record.unsettled:
        return say("say what is not settled")
    return say("say what was poor") if subject.record.grade == "poor" else None


def _not_settled(act: Act, subject: Subject, facts: Facts) -> Iterable[Make]:
    """The whistle knows, before it closes, that a department's part did not settle it."""
    if subject.record.unsettled:
        yield Make(subject=subject.root, move="not_settled", values={"unsettled": True})


def limit(span: Callable[[MeetingSettings], timedelta]) -> Callable[[Subject, Facts], Limit]:
    """A limit of the settings, in service hours; in elapsed ones where the whistle is urgent."""

    def of(subject: Subject, facts: Facts) -> Limit:
        hours = Hours.ELAPSED if subject.record.urgent else Hours.SERVICE
        return Limit(span=span(facts.settings(MeetingSettings)), hours=hours)

    return of


DEPARTMENT = Ask(name="department", help="the department's number", type=UUID)
# Not kept as this part's own department: see `_name_instead`.
DEPARTMENT_INSTEAD = Ask(name="instead", help="the department's number", type=UUID)
_DOING = ("reported_in", "sent_back")
_OPEN = ("named", "declined", "contested", *_DOING, "waiting", "done")


def _of_the_department() -> Iterable[Move]:
    """What the department does."""
    yield Move(
        name="report_in",
        label="report in",
        sources=("named",),
        to="reported_in",
        by=HOLDER,
        apart_from=STREET,
        asks=(then("reported_in_at"),),
        checks=(_itself,),
    )
    yield Move(
        name="decline",
        label="decline the whistle",
        sources=("named",),
        to="declined",
        by=HOLDER,
        apart_from=STREET,
        asks=(REASON, Ask(name="declines", type=int, required=False, computed=True)),
        fills=(once_more,),
        checks=(_itself, may_decline),
    )
    yield Move(
        name="finish",
        label="finish",
        sources=_DOING,
        to="done",
        by=HOLDER,
        apart_from=STREET,
        fills=(_one_more_round,),
        asks=(
            Ask(name="result", help="what was done", private=True),
            Ask(name="rounds", type=int, required=False, computed=True),
            then("finished_at"),
        ),
        checks=(_itself, _counted_by_linli),
    )


def _of_the_street() -> Iterable[Move]:
    """What the street does."""
    yield Move(
        name="evaluate",
        label="evaluate",
        sources=("done",),
        to="evaluated",
        by=OFFICER,
        apart_from=BY_DEPARTMENT,
        asks=(
            Ask(name="grade", help="how it was done", choices=GRADES),
            Ask(name="reason", help="what was poor, or is not settled", private=True, required=False),
            Ask(
                name="unsettled",
                help="what it was about is not settled: it goes back to the desk, and climbs",
                type=bool,
                default=False,
            ),
            *OUTCOMES,
        ),
        checks=(_why_poor, sensible_outcomes),
        effects=(settle_disputes, _not_settled),
    )
    yield Move(
        name="send_back",
        label="send back",
        sources=("done",),
        to="sent_back",
        by=OFFICER,
        apart_from=BY_DEPARTMENT,
        asks=(REASON,),
        effects=(tell_department,),
    )
    yield Move(
        name="pause",
        label="pause",
        sources=_DOING,
        to="waiting",
        by=OFFICER,
        apart_from=BY_DEPARTMENT,
        asks=(Ask(name="reason", help="why the clock stops", choices=PAUSES),),
    )
    yield Move(
        name="resume",
        label="resume",
        sources=("waiting",),
        to="reported_in",
        back=True,
        by=OFFICER | HOLDER,
        checks=(_officer_or_itself,),
    )
    yield Move(
        name="release",
        label="withdraw the department",
        sources=("named", "declined", *_DOING, "waiting"),
        to="withdrawn",
        by=OFFICER,
        apart_from=BY_DEPARTMENT,
        asks=(REASON,),
    )
    yield Move(
        name="replace",
        label="name another department",
        sources=("named", "declined"),
        to="withdrawn",
        by=OFFICER,
        apart_from=BY_DEPARTMENT,
        asks=(DEPARTMENT_INSTEAD, REASON),
        checks=(_can_be_named,),
        effects=(_name_instead,),
    )


PART = Workflow(
    name="whistle_part",
    label="department's part",
    record=WhistlePart,
    states=(
        State("named", "named"),
        State("reported_in", "reported in"),
        State("declined", "declined the whistle", turn=OFFICER),
        State("contested", "declined again: with the district", turn=NOBODY),
        State("waiting", "waiting", turn=NOBODY),
        State("done", "done"),
        State("sent_back", "sent back"),
        State("evaluated", "evaluated", ends=("evaluated",)),
        State("withdrawn", "withdrawn", ends=("withdrawn",)),
    ),
    moves=impartial(
        (
            Move(
                name="name",
                label="name a department",
                sources=(),
                to="named",
                by=ENGINE,
                asks=(
                    DEPARTMENT,
                    Ask(name="urgent", type=bool, default=False),
                    Ask(name="about", type=UUID, required=False),
                ),
                effects=(tell_department,),
            ),
            *_of_the_department(),
            *_of_the_street(),
            *refusals(),
            Move(name="call_off", sources=_OPEN, to="withdrawn", when=parent_in("withdrawn")),
            Move(
                name="read",
                label="read",
                sources=(*_OPEN, "evaluated", "withdrawn"),
                to=None,
                by=HOLDER | OFFICER | DISTRICT,
                asks=(READ_REASON,),
                checks=(_officer_or_itself,),
            ),
        )
    ),
    clocks=(
        Clock(name="report", runs_in=("named",), limit=limit(lambda s: s.report_within)),
        Clock(name="doing", runs_in=_DOING, pauses_in=("waiting",), limit=limit(lambda s: s.do_within)),
        Clock(name="street", runs_in=("declined", "done"), limit=limit(lambda s: s.evaluate_within)),
        Clock(name="district", runs_in=("contested",), limit=limit(lambda s: s.evaluate_within)),
    ),
)
