"""Reporting in (双报到): announced by the member, confirmed by the branch where they live, active; and its ends.

Nobody's silence confirms: a report that nobody decided on climbs the ladder.
"""

from collections.abc import Iterable
from datetime import date
from typing import Annotated
from uuid import UUID

import attrs

from linli import (
    ENGINE,
    HOLDER,
    OWN,
    Assign,
    Choice,
    Clock,
    Context,
    Effect,
    ForAnotherWhy,
    Input,
    Invalid,
    Ladder,
    Limit,
    Moves,
    Occurred,
    PlaceId,
    Private,
    Refusal,
    Seat,
    State,
    Transition,
    WhomNotSaid,
    Why,
    Workflow,
    evolve,
    has_post,
    officer_of,
    working_days,
)
from linli.hooks import living
from linli.query import Query, body, place, place_above, subjects, ties
from linli_reporting.reading import (
    BODY,
    DEPUTY,
    MEMBER_TIE,
    SECRETARY,
    branch_for,
    homes_of,
    in_force,
    reports_of,
)
from linli_reporting.records import KIND, Report, report_id
from linli_reporting.settings import ReportingSettings

CLERK = has_post("clerk")
DESK = has_post("clerk", "officer", "registrar", "administrator")
BRANCH = has_post(SECRETARY, DEPUTY)
DECIDES = HOLDER | has_post(DEPUTY)
SEES = BRANCH | has_post("branch_member") | DESK


class Ending(Choice):
    """Why a report ends."""

    MOVED_AWAY = "moved_away"
    DIED = "died"
    MEMBERSHIP_ENDED = "membership_ended"


class Dropped(Choice):
    """What became of the record of the person."""

    MERGED = "merged"
    ERASED = "erased"


# --- what is asked for ---------------------------------------------------------------------------------


@attrs.frozen(kw_only=True)
class Announce:
    """When they reported."""

    reported_on: Annotated[
        date | None, Input("the day on which they reported; else today", occurred=Occurred())
    ] = None


@attrs.frozen(kw_only=True)
class Arrive(Announce):
    """The report that it continues."""

    moved_from: UUID


FILE = Input("the import that says so")


@attrs.frozen(kw_only=True)
class Filed:
    """The file that confirms it."""

    filed: Annotated[UUID, FILE]


@attrs.frozen(kw_only=True)
class Enter(Arrive):
    """What a file says of where they live now."""

    filed: Annotated[UUID, FILE]


@attrs.frozen(kw_only=True)
class GoOn:
    """Where they live now; and what a file says of it."""

    to: Annotated[PlaceId, Input("the compound where they live now")]
    file: Annotated[UUID | None, Input("the import that says so", by_engine=True)] = None
    since: Annotated[
        date | None,
        Input(
            "the day on which they reported there",
            by_engine=True,
            occurred=Occurred(since=lambda ctx: None),
        ),
    ] = None


@attrs.frozen(kw_only=True)
class End:
    """Why it ends."""

    outcome: Annotated[Ending, Input("why it ends")]


@attrs.frozen(kw_only=True)
class Withdraw:
    """Why; whoever withdraws another's must say it."""

    reason: Annotated[Private | None, Input("why; needed where it is somebody else's")] = None


@attrs.frozen(kw_only=True)
class Drop:
    """What became of the record of the person."""

    outcome: Dropped


# --- where, and to whom --------------------------------------------------------------------------------


def _announced(t: Transition[None, Announce]) -> Report:
    """The day, and the branch that decides."""
    put = branch_for(t.facts, t.place, t.subject.person)
    return Report(
        reported_on=t.given.reported_on or t.today,
        branch=put.branch,
        stood_in=put.stood_in,
        moved_from=t.given.moved_from if isinstance(t.given, Arrive) else None,
        filed=t.given.filed if isinstance(t.given, Enter) else None,
    )


def _branch_now(t: Transition[Report, object]) -> Report:
    put = branch_for(t.facts, t.place, t.subject.person)
    return evolve(t.record, branch=put.branch, stood_in=put.stood_in)


def _to_the_branch(t: Transition[Report, object]) -> Iterable[Effect]:
    yield Assign(holder=Seat(role=SECRETARY, at=t.record.branch) if t.record.branch else None)


# --- who may report -------------------------------------------------------------------------------------


class NoCompound(Invalid, says="members report to a compound; give the compound where they live"):
    field: str = "place"


class NotAMember(
    Refusal,
    says="the register does not know them as a party member; enter that first: linli person tie PERSON party_member ORGANISATION",
): ...


class NotLivingHere(
    Invalid, says="the register does not know that they live here; enter that first: linli person move"
):
    field: str = "place"


def _asked(t: Transition[object, Announce]) -> Iterable[Query[object]]:
    """What the register and the record know of the member, in one round trip."""
    if t.subject.person:
        yield subjects(ReportFlow, person=t.subject.person)
        yield ties(MEMBER_TIE, person=t.subject.person)
        yield ties("resident", "owner", person=t.subject.person)


def _may_report(t: Transition[Report, object]) -> Refusal | None:
    if t.subject.person is None:
        return WhomNotSaid()
    living(t.facts, t.subject.person)
    if t.get(place(t.place)).kind != "compound":
        return NoCompound()
    settings = t.settings(ReportingSettings)
    if settings.known_members_only and not t.get(ties(MEMBER_TIE, person=t.subject.person)):
        return NotAMember()
    if settings.at_home_only and t.place not in homes_of(t.facts, t.subject.person):
        return NotLivingHere()
    return None


class ReportedAlready(
    Refusal, says="they have reported already: {id}; where the home moved: linli report-in move"
):
    id: UUID


class AnnouncedAtTheDesk(
    Refusal, says="a report is announced through its desk, which gives it its number"
): ...


def _once(t: Transition[Report, object]) -> Refusal | None:
    """One report at a time; its number follows from how many there were, so that the database keeps it to one."""
    if t.subject.person is None:
        return None  # which is said already
    reports = reports_of(t.facts, t.subject.person)
    known = in_force(reports)
    if known and known.id != t.record.moved_from:
        return ReportedAlready(id=known.id)
    if t.subject.id != report_id(t.facts.commit, t.subject.person, len(reports)):
        return AnnouncedAtTheDesk()
    return None


class NoBranchToDecide(
    Refusal, says="there is no branch here nor above that could decide; the report waits until there is one"
): ...


def _by_a_branch(t: Transition[Report, object]) -> Refusal | None:
    if t.record.branch is None:
        return NoBranchToDecide()
    return None


def _reason_for_others(t: Transition[Report, Withdraw]) -> Refusal | None:
    if t.acting_as == "own" or t.given.reason is not None:
        return None
    return ForAnotherWhy()


# --- what becomes of it ---------------------------------------------------------------------------------


class ActiveAlready(Refusal, says="they are active already"): ...


def _first(t: Transition[Report, object]) -> Refusal | None:
    """Linli may say it twice, where one act has two causes; a person not."""
    if t.before.state is ReportFlow.active and not t.by_engine:
        return ActiveAlready()
    return None


class ReportedHereAlready(Refusal, says="they have reported here already"): ...


class NotLivingThere(
    Invalid, says="the register does not know that they live there; enter that first: linli person move"
):
    field: str = "place"


def _another_compound(t: Transition[Report, GoOn]) -> Refusal | None:
    to, settings = t.get(place(t.given.to)), t.settings(ReportingSettings)
    if to.kind != "compound" or to.closed:
        return NoCompound()
    if to.id == t.place:
        return ReportedHereAlready()
    if t.by_engine:
        return None
    assert t.subject.person is not None, "a report is somebody's"
    if settings.at_home_only and to.id not in homes_of(t.facts, t.subject.person):
        return NotLivingThere()
    return None


def _goes_on(t: Transition[Report, GoOn]) -> Iterable[Effect]:
    """Another report at the new compound, which names this one."""
    person, report, given = t.subject.person, t.subject.id, t.given
    assert person is not None, "a report is somebody's"
    number = report_id(t.facts.commit, person, len(reports_of(t.facts, person)))
    if given.file:
        entered = Enter(moved_from=report, filed=given.file, reported_on=given.since)
        yield ReportFlow.enter.at(given.to, entered, person=person, id=number)
    else:
        yield ReportFlow.arrive.at(given.to, Arrive(moved_from=report), person=person, id=number)


def _in_time(ctx: Context[Report]) -> Limit:
    return working_days(ctx.settings(ReportingSettings).confirm_within, ctx.facts)


def _branch(ctx: Context[Report]) -> Seat | None:
    return ctx.subject.holder


def _community(ctx: Context[Report]) -> Seat | None:
    above = ctx.get(place_above(ctx.place, "community"))
    found = ctx.get(body(BODY, above)) if above else None
    return Seat(role=SECRETARY, at=found.id) if found else None


class ReportFlow(
    Workflow[Report],
    name=KIND,
    label="member's report",
    readable_by=OWN | SEES,
    summary_fields=("reported_on",),
):
    """Announced by the member or for them, confirmed by a branch or a file, active; moved on, or ended."""

    move = Moves(Report)
    announced = State("announced", visible_to=SEES)
    confirmed = accepted_in = State("report confirmed", visible_to=SEES)
    active = State("active", visible_to=SEES)
    refused = State("report refused", ends=True, visible_to=SEES)
    moved = State("moved to another compound", ends=True, visible_to=SEES)
    ended = State("report ended", ends=Ending, visible_to=SEES)
    withdrawn = State("withdrawn", ends=True, visible_to=SEES)
    dropped = State("ended with the person's record", ends=Dropped, visible_to=SEES)
    in_force = announced | confirmed | active
    announce = move.opening(
        announced,
        Announce,
        by=OWN | CLERK,
        reads=_asked,
        record=_announced,
        needs=[_may_report, _once],
        then=[_to_the_branch],
    )
    arrive = move.opening(
        announced,
        Arrive,
        label="announced at the new home",
        record=_announced,
        needs=[_once],
        then=[_to_the_branch],
    )
    enter = move.opening(
        confirmed, Enter, label="entered from a file", record=_announced, needs=[_once], then=[_to_the_branch]
    )
    hand_on = move(announced.stay(), label="put to the new branch", record=_branch_now, then=[_to_the_branch])
    confirm = move(announced.to(confirmed), by=DECIDES - OWN, needs=[_by_a_branch], not_by=[announce])
    confirm_by_file = move(announced.to(confirmed), Filed, label="confirmed by a file")
    refuse = move(announced.to(refused), Why, label="refuse the report", by=DECIDES - OWN, not_by=[announce])
    activate = move(
        (confirmed | active).to(active), label="mark as active", by=(ENGINE | BRANCH) - OWN, needs=[_first]
    )
    go_on = move(
        in_force.to(moved),
        GoOn,
        name="move",
        label="the home moved",
        by=ENGINE | OWN | BRANCH | CLERK,
        needs=[_another_compound],
        then=[_goes_on],
    )
    end = move(in_force.to(ended), End, by=(ENGINE | BRANCH | DESK) - OWN)
    withdraw = move(in_force.to(withdrawn), Withdraw, by=OWN | CLERK, needs=[_reason_for_others])
    drop = move(in_force.to(dropped), Drop, label="the person's record ended")
    print = move(in_force.stay(), label="print with the name", by=OWN | BRANCH | CLERK)
    confirmation = Clock(
        announced,
        _in_time,
        ladder=Ladder(
            ReportingSettings,
            {
                "branch": _branch,
                "community": _community,
                "street": officer_of("street"),
                "district": officer_of("district"),
            },
        ),
    )


REPORTED_IN = ReportFlow.confirmed | ReportFlow.active
"""Reports that count as such: confirmed, and not ended."""
