"""Whatever workers do, and wherever they are killed: nothing is lost, and what is done is done once."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import attrs
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import delete

from linli._config.district import DeliverySettings
from linli._deliveries.queue import Deliveries
from linli._district.district import District
from linli._district.worker import Worker
from linli._model.acts import new_id
from linli._model.deliveries import Delivery, due
from linli._store import tables as t

LEASE = timedelta(seconds=60)
MILLISECOND = timedelta(milliseconds=1)
SETTINGS = DeliverySettings(lease=LEASE, tries=3, first_wait=timedelta(seconds=10))
OUTCOMES = ("done", "fails", "killed before", "killed after")


class Killed(BaseException):
    """kill -9: no handler of ours sees it."""


@attrs.define
class Row:
    """What the queue must have."""

    due_at: datetime
    attempts: int = 0
    lease: UUID | None = None
    state: str = "due"
    answers: int = 0  # how often its end was recorded


class Watched(Deliveries):
    """A queue that tells the machine what it is asked to do."""

    machine: "Queue"

    def claim(self, most: int, *, now: datetime | None = None) -> list[Delivery]:
        found = super().claim(most, now=now)
        self.machine.claimed(most, found)
        return found

    def done(self, delivery: Delivery, *, now: datetime | None = None) -> None:
        super().done(delivery, now=now)
        self.machine.ended(delivery, "done")

    def dead(self, delivery: Delivery, error: str, *, now: datetime | None = None) -> None:
        super().dead(delivery, error, now=now)
        self.machine.ended(delivery, "dead")

    def failed(self, delivery: Delivery, error: str, wait: timedelta, *, now: datetime | None = None) -> None:
        super().failed(delivery, error, wait, now=now)
        row = self.machine.rows[delivery.id]
        if row.lease == delivery.lease:
            row.lease, row.due_at = None, self.machine.now + wait


class Queue(RuleBasedStateMachine):
    """Workers, time and an operator, in any order."""

    def __init__(self, district: District) -> None:
        super().__init__()
        with district.store.reading() as connection:
            connection.execute(delete(t.delivery).where(t.delivery.c.district == district.code))
        self.queue = Watched(district.store, district.code, SETTINGS)
        self.queue.machine = self
        district.__dict__["deliveries"] = self.queue
        self.worker = Worker(district, report=lambda text: None, carry_out=self.receive)
        self.district = district
        self.now = datetime(2026, 3, 2, 9, tzinfo=UTC)
        self.rows: dict[UUID, Row] = {}
        self.held: list[Delivery] = []  # by workers of which nobody has heard since
        self.received: set[UUID] = set()
        self.outcomes: list[str] = []
        self.carried: dict[UUID, str] = {}
        self.sent_again = 0

    # --- what happens -------------------------------------------------------------------------------

    @rule(count=st.integers(1, 4), later=st.integers(0, 90))
    def acts_make_something_due(self, count: int, later: int) -> None:
        at = self.now + timedelta(seconds=later)
        writes = [due(self.district.code, new_id(), at, "act", "plugin:x", {}) for _ in range(count)]
        with self.district.store.transaction() as transaction:
            transaction.commit(writes)
        self.rows |= {write.values["id"]: Row(due_at=at) for write in writes}

    @rule(seconds=st.integers(1, 200))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(most=st.integers(1, 5))
    def a_worker_claims_and_is_silent(self, most: int) -> None:
        self.held += self.queue.claim(most, now=self.now)

    @rule(most=st.integers(1, 5), outcomes=st.lists(st.sampled_from(OUTCOMES), max_size=5))
    def a_worker_works(self, most: int, outcomes: list[str]) -> None:
        self.outcomes, self.carried = outcomes, {}
        try:
            self.worker.run_once(most, now=self.now)
        except Killed:
            return
        for ident, outcome in self.carried.items():
            row = self.rows[ident]
            failed = "dead" if row.attempts >= SETTINGS.tries else "due"
            assert (row.state, row.lease) == (("done" if outcome == "done" else failed), None)

    @rule()
    def receivers_are_away_for_days(self) -> None:
        for _ in range(SETTINGS.tries):
            self.now += timedelta(days=1)
            self.a_worker_works(5, ["fails"] * 5)

    @precondition(lambda self: self.held)
    @rule(data=st.data(), answer=st.sampled_from(("done", "failed", "dead", "released")))
    def a_silent_worker_answers(self, data: st.DataObject, answer: str) -> None:
        one = data.draw(st.sampled_from(self.held))
        self.held.remove(one)
        if answer == "released":
            assert one.lease
            self.queue.release(one.lease, now=self.now)
            for row in self.rows.values():
                if row.lease == one.lease:
                    row.lease, row.due_at, row.attempts = None, self.now, row.attempts - 1
        elif answer == "failed":
            self.queue.failed(one, "x", LEASE, now=self.now)
        elif answer == "dead":
            self.queue.dead(one, "x", now=self.now)
        else:
            self.received.add(one.id)
            self.queue.done(one, now=self.now)

    @rule()
    def an_operator_sends_all_dead_letters_again(self) -> None:
        dead = [row for row in self.rows.values() if row.state == "dead"]
        assert self.queue.retry(now=self.now) == len(dead)
        self.sent_again += len(dead)
        for row in dead:
            row.state, row.attempts, row.due_at, row.answers = "due", 0, self.now, row.answers - 1

    # --- what they see ------------------------------------------------------------------------------

    def claimed(self, most: int, found: Sequence[Delivery]) -> None:
        """A claim has what was due for longest, all of it or `most`, and counts the attempt."""
        ready = sorted(
            row.due_at for row in self.rows.values() if row.state == "due" and row.due_at <= self.now
        )
        assert len(found) == min(most, len(ready))
        assert len({one.id for one in found}) == len(found)
        assert sorted(self.rows[one.id].due_at for one in found) == ready[: len(found)]
        for one in found:
            row = self.rows[one.id]
            row.attempts, row.lease, row.due_at = row.attempts + 1, one.lease, self.now + LEASE
            assert (one.attempts, one.lease, one.due_at) == (row.attempts, found[0].lease, row.due_at)

    def ended(self, one: Delivery, state: str) -> None:
        """An end counts where the lease is still that of who records it."""
        row = self.rows[one.id]
        if row.lease == one.lease:
            row.state, row.lease, row.answers = state, None, row.answers + 1

    def receive(self, one: Delivery) -> None:
        """The receiver, which knows what it has by the key."""
        outcome = self.carried[one.id] = self.outcomes.pop(0) if self.outcomes else "done"
        assert one.attempts <= SETTINGS.tries
        if outcome in ("done", "killed after"):
            self.received.add(one.id)
        if outcome.startswith("killed"):
            raise Killed
        if outcome == "fails":
            raise TimeoutError

    # --- what must hold -----------------------------------------------------------------------------

    @invariant()
    def the_queue_has_what_it_must(self) -> None:
        stored = {one.id: one for one in self.queue.listed(most=1000)}
        assert stored.keys() == self.rows.keys(), "something was lost, or came from nowhere"
        for ident, row in self.rows.items():
            one = stored[ident]
            assert (one.state, one.attempts, one.lease) == (row.state, row.attempts, row.lease)
            assert row.state != "due" or abs(one.due_at - row.due_at) < MILLISECOND  # SQLite counts in them
            assert row.answers == (row.state != "due")
            assert row.state != "done" or ident in self.received
            assert (one.ended_at is not None) == (row.state != "due")

    def teardown(self) -> None:
        """However it went: a worker that lives and an operator who looks get everything done."""
        self.receivers_are_away_for_days()
        for _ in range(2 * SETTINGS.tries + 2):
            self.now += timedelta(days=1)
            self.an_operator_sends_all_dead_letters_again()
            while any(row.state == "due" and row.due_at <= self.now for row in self.rows.values()):
                self.a_worker_works(100, [])
        self.the_queue_has_what_it_must()
        assert {row.state for row in self.rows.values()} <= {"done"}
        assert self.received == set(self.rows)


def test_whatever_happens_nothing_is_lost_and_everything_is_done_once(district: District) -> None:
    counts: dict[str, int] = {}

    class Bound(Queue):
        def __init__(self) -> None:
            super().__init__(district)

        def teardown(self) -> None:
            super().teardown()
            for name, count in (("deliveries", len(self.rows)), ("dead letters sent again", self.sent_again)):
                counts[name] = counts.get(name, 0) + count

    run_state_machine_as_test(
        Bound,
        settings=settings(
            max_examples=60, stateful_step_count=30, deadline=None, phases=(Phase.reuse, Phase.generate)
        ),
    )
    print(counts)
    assert counts["deliveries"]
    assert counts["dead letters sent again"]
