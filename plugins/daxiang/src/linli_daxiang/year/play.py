"""The course of time: acts wait for their moment, and the worker comes by every night."""

import heapq
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from itertools import count
from random import Random
from typing import Any
from uuid import UUID

import attrs

from linli import Actor, District, Refused


@attrs.define
class Clock:
    """The district's clock, which the play moves."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


class Play:
    """A year, lived in the order of time. What somebody may not do any more when its time comes does not happen.

    Args:
        done: called with 1 for each day that has passed.
    """

    def __init__(
        self,
        district: District,
        clock: Clock,
        days: tuple[date, date],
        seed: int,
        done: Callable[[int], object],
    ) -> None:
        self.district, self.clock, self.seed = district, clock, seed
        self.first, self.last = days
        self._zone = district.rules.zone
        self._done = done
        self._due: list[tuple[datetime, int, Callable[..., object], tuple[Any, ...]]] = []
        self._number = count()
        self.refused: list[str] = []

    def random(self, what: str) -> Random:
        """Chance for one mechanism, so that changing another does not change this one."""
        return Random(f"{self.seed} {what}")

    def at(self, moment: datetime, act: Callable[..., object], *given: Any) -> None:
        """Let something happen at a moment; what would come after the last day does not happen."""
        heapq.heappush(self._due, (moment, next(self._number), act, given))

    def later(
        self, moment: datetime, subject: UUID, move: str, values: Mapping[str, object], actor: Actor
    ) -> None:
        """Let somebody make a move at a moment."""
        self.at(moment, lambda: self.district.make(subject, move, values, actor=actor))

    def on(self, day: date, hour: float = 0.0) -> datetime:
        """A moment of a day, on the district's clock."""
        return datetime.combine(day, time(), self._zone) + timedelta(hours=hour)

    def office(self, random: Random, day: date) -> datetime:
        """Some moment at which the desks are open, on that day or the next on which they are."""
        while not self.district.rules.constants.calendar.is_working_day(day):
            day += timedelta(days=1)
        return self.on(day, random.uniform(9.0, 16.5))

    def some_day(self, random: Random, until: int = 0) -> date:
        """A day of the year, at least `until` days before its last."""
        return self.first + timedelta(days=random.randrange(0, (self.last - self.first).days - until))

    def after(self, **more: float) -> datetime:
        """So much later than now."""
        return self.clock.now + timedelta(**more)

    def run(self) -> None:
        """Live the year."""
        day = self.first
        while day <= self.last:
            self._until(self.on(day + timedelta(days=1)))
            self._night()
            day += timedelta(days=1)
            self._done(1)
        self.district.worker.run_once(now=self.clock.now)

    def _until(self, end: datetime) -> None:
        while self._due and self._due[0][0] < end:
            moment, _, act, given = heapq.heappop(self._due)
            self.clock.now = max(self.clock.now, moment)
            try:
                act(*given)
            except Refused as refusal:
                self.refused.append(str(refusal))
        self.clock.now = end

    def _night(self) -> None:
        """What fell due during the day: deadlines, publications, reminders."""
        while self.district.worker.run_once(200, now=self.clock.now, settle=False):
            pass
