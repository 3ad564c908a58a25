"""What members do after they reported: counted with the act itself, by the district's list of acts."""

from collections.abc import Iterable

from linli import AnyAct, Change, Effect, PersonId, Subject, Write
from linli_reporting.reading import in_force, reports_of
from linli_reporting.records import Report
from linli_reporting.reports import ReportFlow
from linli_reporting.settings import Counted, ReportingSettings
from linli_reporting.tables import PUT_DONE, TAKE_BACK


def counted(t: AnyAct) -> Iterable[Effect]:
    """What is noted of everybody who did something by an act, and that they are active."""
    for one in t.settings(ReportingSettings).by_act.get(t.verb, ()):
        for person in _who(one, t):
            reports = reports_of(t.facts, person)
            if one.back:
                yield from (_taken_back(report, one, t) for report in reports)
            else:
                yield from _done(in_force(reports), one, t)


def _who(one: Counted, t: AnyAct) -> Iterable[PersonId]:
    if one.whose == "actor":
        return (t.actor,) if t.actor else ()
    if one.whose == "person":
        return (t.person,) if t.person else ()
    return t.after.made_by_name(one.whose) if t.after else ()


def _done(report: Subject[Report] | None, one: Counted, t: AnyAct) -> Iterable[Effect]:
    """Only what was done since the report was confirmed."""
    if report is None or report.accepted_at is None or t.at < report.accepted_at:
        return
    thing = t.act.subject
    row = {"district": t.facts.district, "report": report.id, "thing": thing, "kind": one.kind}
    row |= {"minutes": _minutes(one, t), "at": t.at}
    yield Change(write=Write(PUT_DONE, row, f"{report.id.hex}{thing.hex}"))
    if report.state is ReportFlow.confirmed:
        yield ReportFlow.activate(report.id)


def _minutes(one: Counted, t: AnyAct) -> int:
    value = t.act.value(one.minutes) if one.minutes else None
    if value is None and one.minutes:
        value = getattr(t.after.record, one.minutes, None) if t.after else None
    return max(0, value) if isinstance(value, int) else 0


def _taken_back(report: Subject[Report], one: Counted, t: AnyAct) -> Change:
    row = {"the_district": t.facts.district, "the_report": report.id}
    row |= {"the_thing": t.act.subject, "the_kind": one.kind}
    return Change(write=Write(TAKE_BACK, row, f"{report.id.hex}{t.act.subject.hex}"))
