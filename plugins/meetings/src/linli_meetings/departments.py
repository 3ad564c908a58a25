"""A department's part of a whistle: reports in or declines, does it, is evaluated or sent back."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Annotated, Protocol
from uuid import UUID

import attrs

from linli import (
    HOLDER,
    NOBODY,
    Assign,
    BodyId,
    Choice,
    Clock,
    Context,
    Effect,
    Facts,
    Hours,
    Input,
    Invalid,
    Ladder,
    Limit,
    Missing,
    Moves,
    NotFoundHere,
    OpenOrder,
    PartKey,
    Private,
    Reason,
    Refusal,
    Seat,
    State,
    Tell,
    Transition,
    Why,
    Workflow,
    evolve,
    holder,
)
from linli.hooks import entered_afterwards, impartial, kept_from
from linli.query import any_subject, bodies, subjects
from linli.query import place as a_place
from linli_meetings.outcomes import Outcomes, disputes_are_there, settle_disputes
from linli_meetings.roles import DISTRICT, OFFICER, Read, not_its_own, place_over
from linli_meetings.settings import MeetingSettings


class Grade(Choice):
    """How it was done."""

    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"


class Pause(Choice):
    """What a department waits for, so that its clock stands."""

    REPORTER = "waiting_for_reporter"
    PARTS = "waiting_for_parts"
    WEATHER = "waiting_for_weather"
    OTHERS = "waiting_for_others"


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
    grade: Grade | None = None
    unsettled: bool = False
    rectifications: int = 0
    enforcements: int = 0
    mediated: bool = False


@attrs.frozen(kw_only=True)
class Named:
    """Which department, and what its part has of the whistle."""

    department: Annotated[UUID, Input("the department's number")]
    urgent: bool = False
    about: UUID | None = None


@attrs.frozen(kw_only=True)
class ReportIn:
    """Since when it is there."""

    reported_in_at: Annotated[datetime | None, entered_afterwards()] = None


@attrs.frozen(kw_only=True)
class Finish:
    """What came of it, and when."""

    result: Annotated[Private, Input("what was done")]
    finished_at: Annotated[datetime | None, entered_afterwards()] = None


@attrs.frozen(kw_only=True)
class Evaluate(Outcomes):
    """How it was done, and what it came to."""

    grade: Annotated[Grade, Input("how it was done")]
    reason: Annotated[Private | None, Input("what was poor, or is not settled")] = None
    unsettled: Annotated[
        bool, Input("what it was about is not settled: it goes back to the desk, and climbs")
    ] = False


@attrs.frozen(kw_only=True)
class StopClock:
    """What it waits for."""

    reason: Annotated[Pause, Input("why the clock stops")]


@attrs.frozen(kw_only=True)
class Replace:
    """By which department, and why; `department` is this part's own."""

    instead: Annotated[BodyId, Input("its name or number")]
    reason: Reason


class Urgent(Protocol):
    """What a whistle and a department's part both say."""

    @property
    def urgent(self) -> bool:
        """Whether its deadlines run at night and on holidays too."""

    @property
    def about(self) -> UUID | None:
        """Whom the request behind it complains about."""


# --- which department --------------------------------------------------------------------------------


def key_of(department: UUID, record: Urgent) -> PartKey[Named]:
    """A department's part, and who holds it."""
    given = Named(department=department, urgent=record.urgent, about=record.about)
    return PartKey(key=str(department), holder=Seat(role=None, at=department), given=given)


def named(t: Transition[Urgent, object], department: UUID, whistle: UUID) -> OpenOrder:
    """The order that opens the part of the department that a move names beside those named first."""
    part = key_of(department, t.record)
    key = f"{part.key} {t.id.hex}"
    return PartFlow.name_it.at(t.place, part.given, parent=whistle, key=key, holder=part.holder)


class NoSuchDepartment(NotFoundHere, says="there is no department {id} here"):
    id: UUID


class DepartmentElsewhere(Invalid, says="department {id} is not one of this street or district"):
    id: UUID
    field: str = "departments"


class ComplaintIsAboutIt(Invalid, says="the complaint is about department {id}; name another one"):
    id: UUID
    field: str = "departments"


def cannot_answer(facts: Facts, department: UUID, place: UUID, request: UUID | None) -> Refusal | None:
    """Why a department cannot be named for a whistle at a place; None where it can."""
    known = facts.get(bodies("department", ident=department))
    if not known:
        return NoSuchDepartment(id=department)
    if known[0].place not in facts.get(a_place(place)).path:
        return DepartmentElsewhere(id=department)
    if kept_from(about_of(facts, request), Seat(role=None, at=department), place, facts):
        return ComplaintIsAboutIt(id=department)
    return None


def about_of(facts: Facts, request: UUID | None) -> UUID | None:
    """The person or organisation that the request behind a whistle complains about."""
    behind = facts.get(any_subject(request)) if request else None
    about = behind.record.get("about") if behind and behind.kind == "request" else None
    return UUID(about) if about else None


def taken_by(facts: Facts, whistle: UUID, department: UUID) -> bool:
    """Whether a department has an open part of a whistle."""
    named = facts.get(subjects(PartFlow, matter=whistle))
    return any(
        one.record.department == department and one.state not in PartFlow.evaluated | PartFlow.withdrawn
        for one in named
    )


class NamedAlready(Refusal, says="this department has been named already"): ...


def _can_be_named(t: Transition[WhistlePart, Replace]) -> Refusal | None:
    if taken_by(t.facts, t.subject.root, t.given.instead):
        return NamedAlready()
    # Whistles have these as parts.
    from linli_meetings.whistles import WhistleFlow

    whistle = t.parent(WhistleFlow)
    assert whistle is not None, "a part has a whistle"
    return cannot_answer(t.facts, t.given.instead, t.place, whistle.record.request)


def _name_instead(t: Transition[WhistlePart, Replace]) -> Iterable[Effect]:
    yield named(t, t.given.instead, t.subject.root)


# --- what the department does ------------------------------------------------------------------------


def _itself(t: Transition[WhistlePart, object]) -> Refusal | None:
    return not_its_own(t.seat, t.record.department, t.facts)


def _officer_or_itself(t: Transition[WhistlePart, object]) -> Refusal | None:
    return None if t.seat and t.seat.role in (OFFICER | DISTRICT).posts else _itself(t)


def _one_more_round(t: Transition[WhistlePart, object]) -> WhistlePart:
    return evolve(t.record, rounds=t.record.rounds + 1)


def _declined_once_more(t: Transition[WhistlePart, object]) -> WhistlePart:
    return evolve(t.record, declines=t.record.declines + 1)


class MustReportIn(Refusal, says="the district has said that it is this department's; report in"): ...


def _may_decline(t: Transition[WhistlePart, object]) -> Refusal | None:
    if t.record.told_by_district:
        return MustReportIn()
    return None


# --- what the street and the district do -------------------------------------------------------------


class UnsettledNotSaid(Missing, says="say what is not settled"):
    field: str = "reason"


class PoorNotSaid(Missing, says="say what was poor"):
    field: str = "reason"


def _why_poor(t: Transition[WhistlePart, Evaluate]) -> Refusal | None:
    if t.given.reason is not None:
        return None
    if t.given.unsettled:
        return UnsettledNotSaid()
    return PoorNotSaid() if t.given.grade is Grade.POOR else None


def _not_settled(t: Transition[WhistlePart, Evaluate]) -> Iterable[Effect]:
    """The whistle knows, before it closes, that a department's part did not settle it."""
    # A whistle and its parts order each other.
    from linli_meetings.whistles import WhistleFlow

    if t.given.unsettled:
        yield WhistleFlow.not_settled(WhistleFlow.ref(t.subject.root))


def _tell_department(t: Transition[WhistlePart, object]) -> Iterable[Effect]:
    yield Tell(recipient=f"seat:{t.subject.holder}", payload={"subject": t.subject.id, "what": t.move.code})


def _declines_again(ctx: Context[WhistlePart]) -> bool:
    """Whether it declines what the street has upheld: the district says whose it is."""
    return ctx.record.declines > 1


def _to_district(t: Transition[WhistlePart, object]) -> Iterable[Effect]:
    yield from _given_to(t, Seat(role="district_officer", at=place_over("district", t.place, t.facts)))


def _back_to_department(t: Transition[WhistlePart, object]) -> Iterable[Effect]:
    yield from _given_to(t, Seat(role=None, at=t.record.department))


def _given_to(t: Transition[WhistlePart, object], seat: Seat) -> Iterable[Effect]:
    yield Assign(holder=seat)
    yield Tell(recipient=f"seat:{seat}", payload={"subject": t.subject.id, "what": t.move.code})


def _ordered(t: Transition[WhistlePart, object]) -> WhistlePart:
    return evolve(t.record, told_by_district=True)


def limit(span: Callable[[MeetingSettings], timedelta]) -> Callable[[Context[Urgent]], Limit]:
    """A limit of the settings, in service hours; in elapsed ones where the whistle is urgent."""

    def of(ctx: Context[Urgent]) -> Limit:
        hours = Hours.ELAPSED if ctx.record.urgent else Hours.SERVICE
        return Limit(span=span(ctx.settings(MeetingSettings)), hours=hours)

    return of


_HOLDER_FIRST = Ladder[WhistlePart](MeetingSettings, first=holder)
# What waits for the street or the district is not late because of the department that holds it.
_ABOVE = Ladder[WhistlePart](MeetingSettings)


class PartFlow(
    Workflow[WhistlePart],
    name="whistle_part",
    label="department's part",
    needs=[impartial],
):
    """Named, done by the department, evaluated by the street; what is declined twice the district decides."""

    move = Moves(WhistlePart)
    named = State("named")
    reported_in = State("reported in")
    declined = State("declined the whistle", turn=OFFICER)
    contested = State("declined again: with the district", turn=NOBODY)
    waiting = State("waiting", turn=NOBODY)
    done = State("done")
    sent_back = State("sent back")
    evaluated = State("evaluated", ends=True)
    withdrawn = State("withdrawn", ends=True)
    name_it = move.opening(named, Named, name="name", label="name a department", then=[_tell_department])
    report_in = move(named.to(reported_in), ReportIn, by=HOLDER, needs=[_itself])
    decline = move(
        named.to(declined),
        Why,
        label="decline the whistle",
        by=HOLDER,
        record=_declined_once_more,
        needs=[_itself, _may_decline],
    )
    finish = move(
        (reported_in | sent_back).to(done), Finish, by=HOLDER, record=_one_more_round, needs=[_itself]
    )
    # Who acts for the department, and who for the street, check each other: nobody does both.
    by_department = (report_in, decline, finish)
    evaluate = move(
        done.to(evaluated),
        Evaluate,
        by=OFFICER,
        not_by=by_department,
        bars=by_department,
        needs=[_why_poor, disputes_are_there],
        then=[settle_disputes, _not_settled],
    )
    send_back = move(
        done.to(sent_back), Why, by=OFFICER, not_by=by_department, bars=by_department, then=[_tell_department]
    )
    pause = move((reported_in | sent_back).to(waiting), StopClock, by=OFFICER, not_by=by_department)
    resume = move(waiting.back(reported_in), by=OFFICER | HOLDER, needs=[_officer_or_itself])
    release = move(
        (named | declined | reported_in | sent_back | waiting).to(withdrawn),
        Why,
        label="withdraw the department",
        by=OFFICER,
        not_by=by_department,
    )
    replace = move(
        (named | declined).to(withdrawn),
        Replace,
        label="name another department",
        by=OFFICER,
        not_by=by_department,
        needs=[_can_be_named],
        then=[_name_instead],
    )
    uphold = move(
        declined.to(named),
        Why,
        label="uphold that it is the department's",
        by=OFFICER,
        not_by=by_department,
        bars=by_department,
        then=[_tell_department],
    )
    contest = move(declined.to(contested), when=_declines_again, then=[_to_district])
    by_street = (evaluate, send_back, uphold)
    order = move(
        contested.to(named),
        Why,
        label="say that it is the department's",
        by=DISTRICT,
        not_by=(*by_department, *by_street),
        record=_ordered,
        then=[_back_to_department],
    )
    excuse = move(
        contested.to(withdrawn),
        Why,
        label="say that it is not the department's",
        by=DISTRICT,
        not_by=(*by_department, *by_street),
    )
    open = named | declined | contested | reported_in | sent_back | waiting | done
    call_off = move(open.to(withdrawn))
    read = move(
        (open | evaluated | withdrawn).stay(),
        Read,
        by=HOLDER | OFFICER | DISTRICT,
        needs=[_officer_or_itself],
    )
    report = Clock(named, limit(lambda s: s.report_within), ladder=_HOLDER_FIRST)
    doing = Clock(
        reported_in | sent_back, limit(lambda s: s.do_within), pauses_in=waiting, ladder=_HOLDER_FIRST
    )
    street = Clock(declined | done, limit(lambda s: s.evaluate_within), ladder=_ABOVE)
    district = Clock(contested, limit(lambda s: s.evaluate_within), ladder=_ABOVE)
