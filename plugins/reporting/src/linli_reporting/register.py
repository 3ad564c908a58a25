"""What follows for reports from what the register does: homes move, people end, branches are set up."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from linli import ENGINE_ACTOR, Act, ActContext, AnyAct, Effect, Facts, PlaceId, Subject, Write
from linli.hooks import (
    ORGANISATION_REGISTER,
    PERSON_END,
    PERSON_ERASE,
    PERSON_MERGE,
    PERSON_MOVE,
    RemovalFlow,
)
from linli.query import place, subjects
from linli_reporting.reading import branch_for, in_force, reports_of
from linli_reporting.records import Report
from linli_reporting.reports import Drop, Dropped, End, Ending, GoOn, ReportFlow
from linli_reporting.tables import FORGET

CHANGES = (RemovalFlow.release, PERSON_MERGE, PERSON_MOVE, PERSON_END, PERSON_ERASE)
"""What changes a member's own record."""

NEW_BRANCH = ("branch.approve", "branch.enter", ORGANISATION_REGISTER)


def consequences(t: AnyAct) -> Iterable[Effect]:
    """What becomes of a member's report when their own record changes."""
    if released := t.of(RemovalFlow.release):
        removal = released.record
        yield from _home_moved(in_force(reports_of(t.facts, removal.who)), removal.to, t.facts)
    elif merged := t.of(PERSON_MERGE):
        other = UUID(t.act.body["duplicate"])
        yield from _joined(_report_of(merged), in_force(reports_of(t.facts, other)))
    elif moved := t.of(PERSON_MOVE):
        yield from _home_moved(_report_of(moved), UUID(t.act.body["to"]), t.facts)
    elif (ended := t.of(PERSON_END)) and (report := _report_of(ended)):
        yield ReportFlow.end(report.id, End(outcome=Ending(t.act.body["how"])))
    elif (erased := t.of(PERSON_ERASE)) and (report := _report_of(erased)):
        yield ReportFlow.drop(report.id, Drop(outcome=Dropped.ERASED))


def _report_of(ctx: ActContext[object]) -> Subject[Report] | None:
    return in_force(reports_of(ctx.facts, ctx.subject))


def _joined(report: Subject[Report] | None, other: Subject[Report] | None) -> Iterable[Effect]:
    """One person has one report: that of the record that stays."""
    if report and other:
        yield ReportFlow.drop(other.id, Drop(outcome=Dropped.MERGED))


def _home_moved(report: Subject[Report] | None, to: UUID, facts: Facts) -> Iterable[Effect]:
    compound = facts.get(place(to)).reporting_place
    if report and compound != report.compound and facts.get(place(compound)).kind == "compound":
        yield ReportFlow.go_on(report.id, GoOn(to=PlaceId(compound)))


def forgotten(person: UUID, facts: Facts) -> Iterable[Write]:
    """The writes after which nothing stands of what somebody did since they reported."""
    for report in reports_of(facts, person):
        yield Write(FORGET, {"the_district": facts.district, "the_report": report.id}, report.id.hex)


def hand_on(act: Act, district: Any) -> None:
    """Put what waits to the branch that there is now: of its own compound, or at least one that stands in."""
    wanted = subjects(ReportFlow, states=ReportFlow.announced, within=act.place)
    with district.store.transaction() as transaction:
        facts = Facts(transaction, district.rules.constants, district.now())
        moved = [
            one.id
            for one in facts.get(wanted)
            if branch_for(facts, one.place, one.person).branch not in (None, one.holder and one.holder.at)
        ]
    for ident in moved:
        if district.subject(ident).state == "announced":
            district.perform(ReportFlow.hand_on(ident), actor=ENGINE_ACTOR)
