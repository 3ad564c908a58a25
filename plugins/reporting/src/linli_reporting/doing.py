"""What members do after they reported: counted with the act itself, by the district's list of acts."""

from collections.abc import Iterable
from uuid import UUID

from linli import Act, Change, Effect, Facts, StoredSubject, Subject, Write
from linli_reporting.reading import in_force, reports_of
from linli_reporting.records import Report
from linli_reporting.reports import ReportFlow
from linli_reporting.settings import Counted, ReportingSettings
from linli_reporting.tables import PUT_DONE, TAKE_BACK


def counted(act: Act, subject: StoredSubject | None, facts: Facts) -> Iterable[Effect]:
    """What is noted of everybody who did something by an act, and that they are active."""
    for one in facts.settings(ReportingSettings).by_act.get(act.verb, ()):
        for person in _who(one, act, subject):
            reports = reports_of(facts, person)
            if one.back:
                yield from (_taken_back(report, one, act, facts) for report in reports)
            else:
                yield from _done(in_force(reports), one, act, subject, facts)


def _who(one: Counted, act: Act, subject: StoredSubject | None) -> Iterable[UUID]:
    if one.whose == "actor":
        return (act.actor,) if act.actor else ()
    if one.whose == "person":
        return (act.person,) if act.person else ()
    return subject.hands.moves.get(one.whose, ()) if subject else ()


def _done(
    report: Subject[Report] | None,
    one: Counted,
    act: Act,
    subject: StoredSubject | None,
    facts: Facts,
) -> Iterable[Effect]:
    """Only what was done since the report was confirmed."""
    if report is None or report.accepted_at is None or act.at < report.accepted_at:
        return
    row = {"district": facts.district, "report": report.id, "thing": act.subject, "kind": one.kind}
    row |= {"minutes": _minutes(one, act, subject), "at": act.at}
    yield Change(write=Write(PUT_DONE, row, f"{report.id.hex}{act.subject.hex}"))
    if report.state is ReportFlow.confirmed:
        yield ReportFlow.activate(report.id)


def _minutes(one: Counted, act: Act, subject: StoredSubject | None) -> int:
    value = act.value(one.minutes) if one.minutes else None
    if value is None and one.minutes:
        value = getattr(subject.record, one.minutes, None) if subject else None
    return max(0, value) if isinstance(value, int) else 0


def _taken_back(report: Subject[Report], one: Counted, act: Act, facts: Facts) -> Change:
    row = {"the_district": facts.district, "the_report": report.id}
    row |= {"the_thing": act.subject, "the_kind": one.kind}
    return Change(write=Write(TAKE_BACK, row, f"{report.id.hex}{act.subject.hex}"))
