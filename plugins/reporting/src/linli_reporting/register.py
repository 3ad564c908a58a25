"""What follows for reports from what the register does: homes move, people end, branches are set up."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from linli import ENGINE_ACTOR, Act, Effect, Facts, PlaceId, StoredSubject, Subject, Write
from linli.hooks import ORGANISATION_REGISTER, PERSON_END, PERSON_ERASE, PERSON_MERGE, PERSON_MOVE
from linli.query import place, subjects
from linli_reporting.reading import branch_for, in_force, reports_of
from linli_reporting.records import Report
from linli_reporting.reports import Drop, Dropped, End, Ending, GoOn, ReportFlow
from linli_reporting.tables import FORGET

NEW_BRANCH = ("branch.approve", "branch.enter", ORGANISATION_REGISTER)


def consequences(act: Act, subject: StoredSubject | None, facts: Facts) -> Iterable[Effect]:
    """What becomes of a member's report when their own record changes."""
    if act.verb == "removal.release" and subject:
        yield from _home_moved(in_force(reports_of(facts, subject.record.who)), subject.record.to, facts)
    if act.verb not in (PERSON_END.verb, PERSON_MOVE.verb, PERSON_MERGE.verb, PERSON_ERASE.verb):
        return
    report = in_force(reports_of(facts, act.subject))
    if act.verb == PERSON_MERGE.verb:
        yield from _joined(report, in_force(reports_of(facts, UUID(act.body["duplicate"]))))
    elif act.verb == PERSON_MOVE.verb:
        yield from _home_moved(report, UUID(act.body["to"]), facts)
    elif report:
        yield (
            ReportFlow.end(report.id, End(outcome=Ending(act.body["how"])))
            if act.verb == PERSON_END.verb
            else ReportFlow.drop(report.id, Drop(outcome=Dropped.ERASED))
        )


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
