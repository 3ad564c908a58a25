"""Imported requests: as they stood at their own times, counted as acts would have counted them."""

from datetime import datetime
from typing import Final
from uuid import UUID

import attrs

from linli._importing.batches import Batch
from linli._model import deadlines
from linli._model.acts import Act
from linli._model.deliveries import due
from linli._model.figures import Cell, counts_by
from linli._model.subjects import StoredSubject
from linli._store import Write

_VERBS: Final = {"declined": "request.decline", "duplicate": "request.merge", "withdrawn": "request.withdraw"}


def closing(
    batch: Batch, subject: StoredSubject, state: str, outcome: str | None, at: datetime
) -> StoredSubject:
    """The request as its end left it, its clocks stopped then."""
    hands = attrs.evolve(subject.hands, afterwards=(*subject.hands.afterwards, state))
    ended = attrs.evolve(subject, state=state, ended_at=at, outcome=outcome, hands=hands)
    began = [clock.since for clock in subject.clocks.values() if clock.since]
    flow = batch.rules.workflow(subject.kind)
    return deadlines.moved(flow, ended, batch.facts.as_of(max([at, *began]))) if began else ended


def running(batch: Batch, subject: StoredSubject) -> StoredSubject:
    """An open request with its deadlines, from when the district wants them to count; its timers are made due."""
    assert subject.accepted_at is not None, "imported requests are accepted"
    wish = batch.settings.open_requests
    if wish == "no_clock":
        return subject
    flow = batch.rules.workflow(subject.kind)
    since = subject.accepted_at if wish == "as_accepted" else batch.facts.at
    going_on = deadlines.moved(flow, subject, batch.facts.as_of(since))
    batch.write(_timers(batch, going_on))
    return going_on


def _timers(batch: Batch, subject: StoredSubject) -> list[Write]:
    writes = []
    for name, clock in deadlines.timers({}, subject).items():
        assert clock.due is not None, "timers() gives clocks that are due"
        payload = {"subject": subject.id, "clock": name, "turn": clock.turn}
        writes.append(due(batch.rules.district, batch.act, clock.due, "timer", f"clock:{name}", payload))
    return writes


def counted(batch: Batch, subject: StoredSubject, reporting_place: UUID) -> None:
    """Add a request to every figure that its submission, acceptance and closing would have added to."""
    count_as_if(batch, "request.submit", subject.opened_at, subject, reporting_place, before=subject)
    if subject.accepted_at is not None:
        count_as_if(batch, "request.accept", subject.accepted_at, subject, reporting_place, before=subject)
    if subject.ended_at is not None:
        count_as_if(batch, ended_by(subject), subject.ended_at, subject, reporting_place, before=subject)


def ended_by(subject: StoredSubject) -> str:
    """The verb of the act that would have ended a request so."""
    return _VERBS.get(subject.outcome or "", "request.close")


def count_as_if(
    batch: Batch,
    verb: str,
    at: datetime,
    subject: StoredSubject,
    reporting_place: UUID,
    *,
    before: StoredSubject | None = None,
) -> None:
    """Add to every figure what a move would have added that left the subject so.

    Args:
        before: the subject as the move found it; None: it opened it.
    """
    for name, counts in batch.rules.counts.get(verb, ()):
        for one in counts_by(counts, _as_if(batch, verb, at, subject), before, subject, batch.facts):
            where = reporting_place if one.place is None else batch.facts.place(one.place).reporting_place
            day = (one.at or at).astimezone(batch.rules.zone).date()
            batch.tally.add(Cell(figure=name, place=where, day=day), one.n, one.total)


def _as_if(batch: Batch, verb: str, at: datetime, subject: StoredSubject) -> Act:
    return Act(
        id=subject.id,
        verb=verb,
        kind=subject.kind,
        root=subject.root,
        version=0,
        subject=subject.id,
        place=subject.place,
        person=subject.person,
        at=at,
        recorded_at=batch.facts.at,
        settings=batch.rules.settings,
        # A file has its moments from another system; figures say how many of those there are.
        body={"afterwards": "file"} if at < batch.facts.at else {},
    )
