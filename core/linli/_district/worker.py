"""The worker: carries out what is due, seals the journal, clears away what is old.

Embedded, it is a thread of the serving process; bigger, processes of `linli worker`, on one
machine or many. Killed at any point, it loses nothing: what it had comes due again when its lease
ends, and its receivers get the same key.
"""

import logging
import random
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event, Thread
from typing import TYPE_CHECKING

import attrs

from linli._base.i18n import Text, say
from linli._config.district import SealingSettings
from linli._deliveries.handlers import Handlers, described
from linli._model.access import ENGINE_ACTOR
from linli._model.deliveries import Delivery
from linli._store.store import Gone

if TYPE_CHECKING:
    from linli._district.district import District

BATCH = 20
POLL_SECONDS = 1.0
SEAL_SECONDS = 5.0
PURGE_SECONDS = 3600.0
EXPIRE_SECONDS = 3600.0
PERIODIC_SECONDS = 3600.0
RETIRE_SECONDS = 3600.0
LONGEST_WAIT = timedelta(hours=6)

_log = logging.getLogger("linli.worker")


@attrs.define
class Done:
    """What a worker did so far."""

    carried_out: int = 0
    failed: int = 0
    dead: int = 0
    sealed: int = 0


class Worker:
    """Carries out what is due in an open district.

    Args:
        report: what is told of failures; by default the log "linli.worker".
        carry_out: what is done for a delivery; by default what its kind asks for.
    """

    def __init__(
        self,
        district: "District",
        report: Callable[[Text], None] = lambda text: _log.warning("%s", text),
        carry_out: Callable[[Delivery], None] | None = None,
    ) -> None:
        self.did = Done()
        self._district = district
        self._queue = district.deliveries
        self._handlers = Handlers(district)
        self._do = carry_out or self._handlers.carry_out
        self._report = report
        self._next_at = {
            "seal": 0.0, "heads": 0.0, "retire": 0.0, "purge": time.monotonic() + PURGE_SECONDS, "expire": 0.0, "periodic": 0.0,
        }  # fmt: skip
        self._keep_every = district.configuration.section(SealingSettings).keep_every.total_seconds()
        self._thread: WorkerThread | None = None

    def run_once(
        self,
        limit: int = BATCH,
        *,
        now: datetime | None = None,
        stop: Event | None = None,
        settle: bool = True,
    ) -> int:
        """Claim up to `limit` of what is due and carry it out; how many were claimed.

        Args:
            now: a moment to take for the database's, for tests and for a simulated year.
            settle: whether channels then do what they put off, such as a board's lists.
        """
        try:
            return self._batch(limit, now, stop)
        finally:
            if settle:
                self._settle()

    def _settle(self) -> None:
        try:
            self._handlers.settle()
        except Exception as error:
            self._report(say("what channels put off is tried again: {error}", error=described(error)))

    def _batch(self, limit: int, now: datetime | None, stop: Event | None) -> int:
        claimed = self._queue.claim(limit, now=now)
        # What was not begun in half the lease goes back, so that nobody else begins it beside us.
        until = time.monotonic() + self._queue.settings.lease.total_seconds() / 2
        for count, delivery in enumerate(claimed):
            stopped = stop is not None and stop.is_set()
            if delivery.lease and (stopped or (count and time.monotonic() > until)):
                self._queue.release(delivery.lease, now=now)
                return count
            self._carry_out(delivery, now)
        return len(claimed)

    def run(self, stop: Event) -> None:
        """Work until `stop` is set; failures are reported and never end it, but that the database is gone."""
        while not stop.is_set():
            try:
                busy = self.run_once(stop=stop)
                self.keep_house()
            except Gone:
                raise
            except Exception as error:
                self._report(say("the worker goes on in a moment: {error}", error=described(error)))
                busy = 0
            if not busy:
                stop.wait(POLL_SECONDS * random.uniform(0.75, 1.25))

    def keep_house(self) -> None:
        """Seal what is new, expire points, do the plugins' periodic jobs, delete what is old: each in its time."""
        self._district.store.require_same_file()
        if self._time_for("seal", SEAL_SECONDS):
            self.did.sealed += self._district.sealing.seal()
        if self._time_for("heads", self._keep_every):
            self._district.heads.keep()
        if self._time_for("purge", PURGE_SECONDS):
            self._queue.purge()
        if self._time_for("expire", EXPIRE_SECONDS):
            self._district.award.expire_due(actor=ENGINE_ACTOR)
        if self._time_for("periodic", PERIODIC_SECONDS):
            self._do_periodic()
        if self._time_for("retire", RETIRE_SECONDS):
            self._district.register.erase_due()
            self._district.retiring.work()

    def tell(self, text: Text) -> None:
        """Report something to whoever is told of failures."""
        self._report(text)

    def start_thread(self) -> "WorkerThread":
        """Work in a thread of this process until it is stopped, or the district closed."""
        if self._thread is None or not self._thread.is_alive():
            self._thread = WorkerThread(self)
            self._thread.start()
        return self._thread

    def stop_thread(self) -> None:
        """Stop the thread, where there is one, after what it is carrying out."""
        if self._thread is not None:
            self._thread.stop()

    def _do_periodic(self) -> None:
        """One plugin's failure keeps no other from its jobs; it is tried again in an hour."""
        for name, declaration in self._district.rules.plugins.declarations.items():
            for job in declaration.periodic:
                try:
                    job(self._district)
                except Exception as error:
                    self._report(
                        say("the worker goes on in a moment: {error}", error=f"{name}: {described(error)}")
                    )

    def _time_for(self, what: str, every: float) -> bool:
        if time.monotonic() < self._next_at[what]:
            return False
        self._next_at[what] = time.monotonic() + every
        return True

    def _carry_out(self, delivery: Delivery, now: datetime | None) -> None:
        tries = self._queue.settings.tries
        if delivery.attempts > tries:
            # Whoever failed would have said so: it took the worker with it, each time.
            self._bury(
                delivery, str(say("the worker stopped in the middle of it {tries} times", tries=tries)), now
            )
            return
        try:
            if delivery.kind == "fan":
                self._queue.expand(delivery, now=now)
            else:
                self._do(delivery)
                self._queue.done(delivery, now=now)
        except Exception as error:
            self._failed(delivery, described(error), now)
        else:
            self.did.carried_out += 1

    def _failed(self, delivery: Delivery, error: str, now: datetime | None) -> None:
        if delivery.attempts >= self._queue.settings.tries:
            self._bury(delivery, error, now)
            return
        wait = wait_after(delivery.attempts, self._queue.settings.first_wait)
        self._queue.failed(delivery, error, wait, now=now)
        self.did.failed += 1
        self._report(
            say(
                "{id} to {recipient}: {error}; tried {attempts} times, again in {seconds} s",
                id=delivery.id,
                recipient=delivery.recipient,
                error=error,
                attempts=delivery.attempts,
                seconds=round(wait.total_seconds()),
            )
        )

    def _bury(self, delivery: Delivery, error: str, now: datetime | None) -> None:
        self._queue.dead(delivery, error, now=now)
        self.did.dead += 1
        self._report(
            say(
                "{id} to {recipient} is given up: {error}; when that is put right: linli delivery retry {id}",
                id=delivery.id,
                recipient=delivery.recipient,
                error=error,
            )
        )


def wait_after(attempts: int, first: timedelta) -> timedelta:
    """How long to wait after so many attempts: twice as long each time, and never the same for all."""
    doubled: timedelta = first * 2 ** min(attempts - 1, 30)
    return min(doubled, LONGEST_WAIT) * random.uniform(0.75, 1.25)


class WorkerThread(Thread):
    """A worker in a thread of the serving process; it ends with the process."""

    def __init__(self, worker: Worker) -> None:
        super().__init__(name="linli-worker", daemon=True)
        self._worker = worker
        self._ending = Event()

    def run(self) -> None:
        try:
            self._worker.run(self._ending)
        except Gone as gone:
            self._worker.tell(gone.text)

    def stop(self, patience: float = 30.0) -> None:
        """Let it finish what it is carrying out, for at most `patience` seconds, and end."""
        self._ending.set()
        self.join(patience)
