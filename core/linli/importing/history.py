"""Imported requests: as they stood at their own times, counted as acts would have counted them."""

from datetime import datetime
from typing import Final
from uuid import UUID

import attrs

from linli import deadlines
from linli.acts import Act
from linli.deliveries import due
from linli.engine.orders import Plain, Yield
from linli.facts import Facts
from linli.figures import Cell, Tally
from linli.importing.importer import Batch
from linli.register.base import AlreadySo
from linli.store import Write
from linli.subjects import TREE, Subject, stored, subject_from

_CLOSING: Final = {"declined": "request.decline", "duplicate": "request.merge"}


def closing(subject: Subject, at: datetime, outcome: str) -> Subject:
    """The request as its closing left it."""
    return attrs.evolve(subject, state="closed", ended_at=at, outcome=outcome, holder=subject.holder)


def with_clocks(batch: Batch, subject: Subject) -> Subject:
    """An open request with its deadlines, which count from when it was accepted; its timers are made due."""
    assert subject.accepted_at is not None, "imported requests are accepted"
    flow = batch.rules.workflow(subject.kind)
    running = deadlines.moved(flow, subject, batch.facts.as_of(subject.accepted_at))
    batch.write(_timers(batch, running))
    return running


def _timers(batch: Batch, subject: Subject) -> list[Write]:
    writes = []
    for name, clock in deadlines.timers({}, subject).items():
        assert clock.due is not None, "timers() gives clocks that are due"
        payload = {"subject": subject.id, "clock": name, "turn": clock.turn}
        writes.append(due(batch.rules.district, batch.act, clock.due, "timer", f"clock:{name}", payload))
    return writes


def counted(batch: Batch, subject: Subject, figures_at: UUID) -> None:
    """Add a request to every figure that its submission, acceptance and closing would have added to."""
    count_as_if(batch, "request.submit", subject.opened_at, subject, figures_at, before=subject)
    if subject.accepted_at is not None:
        count_as_if(batch, "request.accept", subject.accepted_at, subject, figures_at, before=subject)
    if subject.ended_at is not None:
        verb = _CLOSING.get(subject.outcome or "", "request.close")
        count_as_if(batch, verb, subject.ended_at, subject, figures_at, before=subject)


def count_as_if(
    batch: Batch,
    verb: str,
    at: datetime,
    subject: Subject,
    figures_at: UUID,
    *,
    before: Subject | None = None,
) -> None:
    """Add to every figure what a move would have added that left the subject so.

    Args:
        before: the subject as the move found it; None: it opened it.
    """
    for name, counts in batch.rules.counts.get(verb, ()):
        for one in counts(_as_if(batch, verb, at, subject), before, subject):
            where = figures_at if one.place is None else batch.facts.place(one.place).figures_at
            day = (one.at or at).astimezone(batch.rules.zone).date()
            batch.tally.add(Cell(figure=name, place=where, day=day), one.n, one.total)


def _as_if(batch: Batch, verb: str, at: datetime, subject: Subject) -> Act:
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
    )


def late_closing(batch: Batch, ident: UUID, at: datetime, outcome: str) -> Plain:
    """The order to close an imported request that a newer file says is closed, if nobody went on with it."""
    rules = batch.rules

    def work(facts: Facts) -> Yield:
        row = facts.rows(TREE, id=ident)[0]
        subject = subject_from(row, rules.workflow("request").record)
        if subject.state != "accepted" or (subject.accepted_at and at < subject.accepted_at):
            raise AlreadySo
        flow = rules.workflow("request")
        after = deadlines.moved(flow, closing(subject, at, outcome), facts.as_of(at))
        once = attrs.evolve(batch, facts=facts, tally=Tally())
        verb = _CLOSING.get(outcome, "request.close")
        count_as_if(once, verb, at, after, row[-3], before=after)
        body = {"closed_at": at.isoformat(), "outcome": outcome}
        return Yield(body=body, writes=(stored(rules.district, after, new=False),), counts=once.tally.cells())

    return Plain(verb="import.closing", kind="import", subject=ident, work=work, place=batch.root)
