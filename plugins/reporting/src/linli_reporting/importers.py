"""The party-building system's file: it confirms reports, moves them with the home, and ends them."""

from collections.abc import Callable, Sequence
from typing import Final

from linli import (
    ActResult,
    DirectAct,
    DirectOrder,
    Facts,
    MoveOrder,
    PlaceId,
    Refused,
    StoredSubject,
    has_post,
    say,
)
from linli._model.subjects import stored_in_bulk
from linli._verbs.dispatch.import_history import count_as_if
from linli._verbs.register.ties import Tie
from linli.importing import AlreadySo, BadLine, Batch, Importer, Line
from linli.query import any_numbered
from linli_reporting.doubts import doubts
from linli_reporting.records import KIND, Report, report_id
from linli_reporting.reports import REPORTED_IN, End, Ending, GoOn, ReportFlow
from linli_reporting.reports import Filed as Confirmed
from linli_reporting.rows import COLUMNS, HERE, NOT_HERE, SIGNS, Filed, Reading

# One act of a file settles so many reports: linli follows up to a thousand moves from one act, two for a move.
_AT_ONCE: Final = 300


FILE_REPORTS = DirectAct(
    "reporting.file",
    label="members' reports settled by a file",
    by=has_post("clerk", "registrar", "administrator"),
)


def _load(lines: Sequence[Line], batch: Batch) -> None:
    reading = Reading(batch)
    entered: list[StoredSubject] = []
    settled: list[MoveOrder] = []
    filed = reading.all(lines)
    known = doubts(batch.facts, filed)
    for one in filed:
        if one.stale:
            batch.notice(one.line, say("the record has later news of them than this row; it stays as it is"))
            batch.took(one.person, new=False, changed=False)
            continue
        try:
            known.refuse(one)
            tied = one.status == HERE and _belongs(one, reading)
        except Refused as refusal:
            batch.refuse(one.line, refusal)
            continue
        if known.elsewhere(one):
            batch.notice(
                one.line, say("by the register they do not live in this compound; taken as the file says")
            )
        new = one.status == HERE and one.known is None
        entered += [_entered(one, reading)] if new else []
        make = _settled(one, batch)
        settled += [make] if make else []
        batch.took(one.person, new=new, changed=tied or make is not None)
    batch.write(reading.entries.writes())
    batch.write([stored_in_bulk(batch.rules.district, entered, batch.facts.found)] if entered else [])
    for first in range(0, len(settled), _AT_ONCE):
        batch.order(_order(settled[first : first + _AT_ONCE], batch))


def _belongs(one: Filed, reading: Reading) -> bool:
    """Note the organisation that the member belongs to at work, where the file names one; False: it was known."""
    name = one.line.text("party_organisation")
    if name is None:
        return False
    try:
        body = reading.entries.body("party_organisation", name, reading.batch.root)
    except Refused as refusal:
        raise BadLine("party_organisation", refusal.text) from None
    return reading.entries.tie(Tie(person=one.person, kind="party_member", at=body))


def _entered(one: Filed, reading: Reading) -> StoredSubject:
    """A report that the file alone knows; counted as the move that enters one."""
    batch = reading.batch
    compound, since = one.complete()
    # The day's beginning, which is before whatever they did on it.
    put, at = reading.branch_at(compound), batch.facts.calendar.begin_of(since)
    ident = report_id(batch.rules.vault.keyring.commit, one.person, one.before)
    subject = StoredSubject(
        id=ident,
        root=ident,
        kind=KIND,
        state=ReportFlow.confirmed.name,
        place=compound,
        compound=compound,
        opened_at=at,
        accepted_at=at,
        person=one.person,
        holder=put.seat,
        record=Report(reported_on=since, branch=put.branch, stood_in=put.stood_in, filed=batch.run),
    )
    count_as_if(batch, ReportFlow.enter.code, at, subject, compound)
    return subject


def _settled(one: Filed, batch: Batch) -> MoveOrder | None:
    """What the file settles of a report that the record has; None: nothing."""
    known = one.known
    if known is None or one.status == NOT_HERE:
        return None
    report = known.id
    if one.status != HERE:
        return ReportFlow.end(report, End(outcome=Ending(one.status)))
    if one.elsewhere:
        compound, since = one.complete()
        return ReportFlow.go_on(report, GoOn(to=PlaceId(compound), file=batch.run, since=since))
    if known.state not in REPORTED_IN:
        return ReportFlow.confirm_by_file(report, Confirmed(filed=batch.run))
    return None


def _order(settled: Sequence[MoveOrder], batch: Batch) -> DirectOrder:
    """The act by which the file settles reports; linli makes their moves in it."""
    return DirectOrder(act=FILE_REPORTS, subject=batch.run, place=batch.root, work=_work(settled))


def _work(settled: Sequence[MoveOrder]) -> Callable[[Facts], ActResult]:
    def work(facts: Facts) -> ActResult:
        """Only what can still be settled: somebody may have decided meanwhile."""
        known = facts.get(any_numbered(make.subject for make in settled))
        possible = [
            one
            for one in settled
            if ReportFlow.state(known[one.subject].state) in ReportFlow.moves[one.move].path.sources
        ]
        if not possible:
            raise AlreadySo
        return ActResult(body={"reports": len(possible)}, effects=tuple(possible))

    return work


REPORTS = Importer(
    kind="membership_reports",
    label="members' reports",
    done="members' reports taken from a file",
    columns=COLUMNS,
    load=_load,
    signs=SIGNS,
)
