"""What follows for reports from what the register does: homes move, people end, branches are set up."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select

from linli import Act, Facts, Subject
from linli.access import ENGINE_ACTOR
from linli.contract import PlaceId
from linli.effects import Effect
from linli.store import Write
from linli.store import tables as t
from linli_reporting.reading import Known, branch_for, in_force, reports_of
from linli_reporting.records import KIND
from linli_reporting.reports import Drop, Dropped, End, Ending, GoOn, ReportFlow
from linli_reporting.tables import FORGET

NEW_BRANCH = ("branch.approve", "branch.enter", "organisation.register")
_s, _p = t.subject.c, t.place.c


def consequences(act: Act, subject: Subject | None, facts: Facts) -> Iterable[Effect]:
    """What becomes of a member's report when their own record changes."""
    if act.verb == "removal.release" and subject:
        yield from _home_moved(in_force(reports_of(facts, subject.record.who)), subject.record.to, facts)
    if act.verb not in ("person.end", "person.move", "person.merge", "person.erase"):
        return
    report = in_force(reports_of(facts, act.subject))
    if act.verb == "person.merge":
        yield from _joined(report, in_force(reports_of(facts, UUID(act.body["duplicate"]))))
    elif act.verb == "person.move":
        yield from _home_moved(report, UUID(act.body["to"]), facts)
    elif report:
        number = ReportFlow.ref(report.id)
        yield (
            ReportFlow.end(number, End(outcome=Ending(act.body["how"])))
            if act.verb == "person.end"
            else ReportFlow.drop(number, Drop(outcome=Dropped.ERASED))
        )


def _joined(report: Known | None, other: Known | None) -> Iterable[Effect]:
    """One person has one report: that of the record that stays."""
    if report and other:
        yield ReportFlow.drop(ReportFlow.ref(other.id), Drop(outcome=Dropped.MERGED))


def _home_moved(report: Known | None, to: UUID, facts: Facts) -> Iterable[Effect]:
    compound = facts.place(to).figures_at
    if report and compound != report.compound and facts.place(compound).kind == "compound":
        yield ReportFlow.go_on(ReportFlow.ref(report.id), GoOn(to=PlaceId(compound)))


def forgotten(person: UUID, facts: Facts) -> Write:
    """The write after which nothing stands of what somebody did since they reported."""
    return Write(FORGET, {"the_district": facts.district, "the_person": person})


def hand_on(act: Act, district: Any) -> None:
    """Put what waits to the branch that there is now: of its own compound, or at least one that stands in."""
    waiting = (
        select(_s.id, _s.place, _s.person, _s.holder_at)
        .join(t.place, (_p.district == _s.district) & (_p.id == _s.place))
        .where(_s.district == district.code, _s.kind == KIND, _s.ended_at.is_(None))
        .where(_s.state == "announced", _p.path.contains(act.place.hex if act.place else ""))
    )
    with district.store.reading() as connection:
        rows = connection.execute(waiting).all()
    with district.store.transaction() as transaction:
        facts = Facts(transaction, district.rules.constants, district.now())
        moved = [
            one for one, place, who, at in rows if branch_for(facts, place, who).branch not in (None, at)
        ]
    for ident in moved:
        if district.subject(ident).state == "announced":
            district.perform(ReportFlow.hand_on(ReportFlow.ref(ident)), actor=ENGINE_ACTOR)
