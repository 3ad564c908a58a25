"""Clocks of subjects, and the ladder that is climbed when one passes.

A clock belongs to the subject: it goes on where it stood however often a subject is routed, sent
again or reopened. Its timer is a delivery that does nothing when the clock has moved on.
"""

from collections.abc import Container, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import attrs

from linli._base import calendar
from linli._base.calendar import Hours, ServiceHours
from linli._base.errors import Conflict
from linli._base.records import evolve
from linli._model.access import Seat
from linli._model.compiled import Clock, Limit, Workflow
from linli._model.facts import Facts
from linli._model.subjects import ClockState, StoredSubject


@attrs.frozen(kw_only=True)
class OverdueClock:
    """A subject whose clock has passed.

    Attributes:
        step: how often it was late before: 0 the first time.
        overdue: how long since the deadline, elapsed.
    """

    subject: StoredSubject
    clock: str
    step: int
    at: datetime
    overdue: timedelta


@attrs.frozen(kw_only=True)
class Escalation:
    """The next rung of the ladder.

    Attributes:
        seat: who hears of it.
        rung: its name: "branch", "street".
        again: when the rung after it hears, in the clock's kind of hours; None: this is the last.
    """

    seat: Seat
    rung: str
    again: timedelta | None = None


class MovedOn(Conflict):
    """The clock has been stopped, started or rung since its timer was set: the timer is void."""


def moved(
    flow: Workflow,
    subject: StoredSubject,
    facts: Facts,
    reason: str | None = None,
    resets: Container[str] = (),
    begins: datetime | None = None,
) -> StoredSubject:
    """The subject with its clocks as its state wants them at `facts.at`.

    Args:
        resets: clocks whose limit is another from now on.
        begins: the moment from which a clock counts that begins now; None: that of the facts.
    """
    if not flow.clocks:
        return subject
    began = facts.as_of(begins) if begins and begins != facts.at else facts
    known = subject.clocks
    moved: dict[str, ClockState] = {}
    for clock in flow.clocks:
        before = known.get(clock.name)
        was = _reset(clock, before, subject, facts) if before and clock.name in resets else before
        running = _clock_in(clock, was, subject, facts, began, reason)
        if running is not None and running is not before:
            moved[clock.name] = running
    return evolve(subject, clocks={**known, **moved}) if moved else subject


def _clock_in(
    clock: Clock,
    known: ClockState | None,
    subject: StoredSubject,
    facts: Facts,
    began: Facts,
    reason: str | None,
) -> ClockState | None:
    runs = subject.state in clock.runs_in
    if known is None:
        limit = clock.limit(subject, began) if runs else None
        return _started(_new(limit), began) if limit else None
    if runs and known.since is None:
        return _started(_afresh(clock, known, subject, began), began)
    if not runs and known.since is not None:
        return _stopped(known, facts, reason if subject.state in clock.pauses_in else None)
    return known


def _afresh(clock: Clock, known: ClockState, subject: StoredSubject, facts: Facts) -> ClockState:
    limit = clock.limit(subject, facts) if clock.afresh else None
    return evolve(_new(limit), turn=known.turn) if limit else known


def _reset(clock: Clock, known: ClockState, subject: StoredSubject, facts: Facts) -> ClockState:
    """The clock under the limit that holds now: it stands, and starts again where its state wants it to."""
    limit = clock.limit(subject, facts)
    if limit is None:
        return known
    fresh = evolve(_new(limit), turn=known.turn, paused_for=known.paused_for)
    if fresh.service != known.service:
        return fresh
    return evolve(fresh, spent=known.spent + spent_since(known, facts.calendar, facts.at))


def _new(limit: Limit) -> ClockState:
    return ClockState(span=limit.span.total_seconds(), service=limit.hours is Hours.SERVICE)


def _hours(running: ClockState) -> Hours:
    return Hours.SERVICE if running.service else Hours.ELAPSED


def _started(running: ClockState, facts: Facts) -> ClockState:
    due = _passes(running, running.span, facts)
    return evolve(
        running,
        since=facts.at,
        due=due,
        rings_at=_rings(running, due, facts),
        turn=running.turn + 1,
        paused_for=None,
    )


def _rings(running: ClockState, due: datetime, facts: Facts) -> datetime | None:
    if not running.rung:
        return None if running.rung is None else due
    return _passes(running, running.span + running.rung, facts)


def _passes(running: ClockState, mark: float, facts: Facts) -> datetime:
    """When a clock that starts now will have counted `mark` seconds."""
    left = timedelta(seconds=max(0.0, mark - running.spent))
    return calendar.limit(_hours(running), facts.calendar, facts.at, left)


def _stopped(running: ClockState, facts: Facts, reason: str | None) -> ClockState:
    spent = running.spent + spent_since(running, facts.calendar, facts.at)
    return evolve(
        running,
        since=None,
        due=None,
        rings_at=None,
        spent=spent,
        turn=running.turn + 1,
        paused_for=reason,
    )


def spent_since(running: ClockState, hours: ServiceHours, at: datetime) -> float:
    """Seconds that a running clock has counted since it last began."""
    if running.since is None or at <= running.since:
        return 0.0
    return calendar.spent(_hours(running), hours, running.since, at).total_seconds()


def timers(before: Mapping[str, ClockState], subject: StoredSubject) -> dict[str, ClockState]:
    """The clocks that need a new timer."""
    return {
        name: running
        for name, running in subject.clocks.items()
        if running.rings_at is not None and (name not in before or before[name].turn != running.turn)
    }


def until(moment: datetime, facts: Facts) -> Limit:
    """A limit that ends at a moment, whenever the desks are open; none at all where it has passed."""
    # Both in one offset: two moments of a zone are subtracted by their wall clocks.
    return Limit(span=max(moment.astimezone(UTC) - facts.at.astimezone(UTC), timedelta(0)))


def working_days(days: int, facts: Facts, *, after: datetime | None = None) -> Limit:
    """A limit of so many working days (工作日), counted while the desks are open, to the closing of the last one.

    The day on which it begins is not counted (民法典 art. 201). This is what working days mean in a limit: a
    pause takes nothing from them. See `by_working_day` for a date that no pause moves.

    Args:
        after: the moment after whose day they are counted; None: that of the act.
    """
    end = facts.calendar.after_working_days(after or facts.at, days)
    return Limit(span=max(facts.calendar.between(facts.at, end), timedelta(0)), hours=Hours.SERVICE)


def by_working_day(days: int, facts: Facts, *, after: datetime | None = None) -> Limit:
    """A limit that ends with the closing of the so-manyth working day, counted by day and night: a date.

    Args:
        after: as in `working_days`.
    """
    return until(facts.calendar.after_working_days(after or facts.at, days), facts)


def calendar_days(days: int, facts: Facts) -> Limit:
    """A limit of so many days of the calendar (自然日), to the midnight that ends the last one.

    Where that is no working day, it ends with the next one that is (民法典 art. 203).
    """
    last = facts.today + timedelta(days=days)
    while not facts.calendar.is_working_day(last):
        last += timedelta(days=1)
    return until(facts.calendar.end_of(last), facts)


def next_escalation(
    late: OverdueClock, rungs: Sequence[tuple[str, Seat]], again: timedelta
) -> Escalation | None:
    """The rung whose turn it is, of a ladder as names and seats; None above the last one.

    Args:
        again: when the one after it hears.
    """
    if late.step >= len(rungs):
        return None
    rung, seat = rungs[late.step]
    return Escalation(seat=seat, rung=rung, again=None if late.step + 1 == len(rungs) else again)


def filled(step: Escalation, late: OverdueClock, facts: Facts) -> Escalation:
    """The step at whoever has its seat now, or stands in for it."""
    return evolve(step, seat=next(iter(facts.seats(step.seat, late.subject.place)), step.seat))


def again_in(days: int, late: OverdueClock, facts: Facts) -> timedelta:
    """So many working days as a `Escalation` wants them: in the kind of hours of the clock that is late."""
    if late.subject.clocks[late.clock].service:
        return working_days(days, facts).span
    return by_working_day(days, facts).span


def climbed(running: ClockState, step: Escalation | None, facts: Facts) -> ClockState:
    """The clock after a rung was told: the next one hears when `step.again` has passed."""
    again = step.again if step else None
    if again is None:
        rung = rings_at = None
    else:
        counted = running.spent + spent_since(running, facts.calendar, facts.at)
        rung = counted + again.total_seconds() - running.span
        rings_at = calendar.limit(_hours(running), facts.calendar, facts.at, again)
    return evolve(running, step=running.step + 1, rung=rung, rings_at=rings_at, turn=running.turn + 1)
