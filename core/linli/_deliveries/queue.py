"""The queue of a district: claiming what is due, and saying what became of it.

Every moment is the database's. `now` stands in for it, for tests.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Float,
    Integer,
    Select,
    Update,
    Uuid,
    bindparam,
    case,
    delete,
    func,
    literal_column,
    null,
    select,
    update,
)

from linli._config.district import DeliverySettings
from linli._model.acts import new_id
from linli._model.deliveries import DELIVERY_COLUMNS, Delivery, delivery_from, expanded
from linli._store import Read, Store, Write
from linli._store import tables as t
from linli._store.moments import moment
from linli._store.statements import write_statement

_d = t.delivery.c
_PURGED_AT_ONCE = 500


def _in_state(state: str) -> ColumnElement[bool]:
    # A literal: a partial index is not used for a parameter.
    return _d.state == literal_column(f"'{state}'")


_of_district = _d.district == bindparam("the_district")
_seconds = bindparam("seconds", type_=Float())


def _pick(of_district: ColumnElement[bool]) -> Select[tuple[UUID]]:
    return (
        select(_d.id)
        .where(of_district, _in_state("due"), _d.due_at <= moment())
        .order_by(_d.due_at)
        .limit(bindparam("most", type_=Integer()))
    )


# Materialized: a claim must not pick twice, whatever plan the database likes best.
_picked = _pick(_of_district).with_for_update(skip_locked=True).cte("picked").prefix_with("MATERIALIZED")
# The plus keeps SQLite, which knows no sizes, from reading the whole district in place of what is due.
_picked_in_sqlite = _pick(literal_column("+delivery.district") == bindparam("the_district"))


def _claiming(which: ColumnElement[bool]) -> Update:
    return (
        update(t.delivery)
        .where(_of_district, which)
        .values(attempts=_d.attempts + 1, lease=bindparam("token", type_=Uuid()), due_at=moment(_seconds))
        .returning(*DELIVERY_COLUMNS)
    )


_CLAIM = Read(
    {"postgresql": _claiming(_d.id == _picked.c.id), "sqlite": _claiming(_d.id.in_(_picked_in_sqlite))}
)

_ours = (_of_district, _in_state("due"), _d.lease == bindparam("token"))
_this = _d.id == bindparam("the_id")
_DONE = write_statement(
    update(t.delivery)
    .where(*_ours, _this)
    .values(state=literal_column("'done'"), lease=null(), ended_at=moment(), error=null()),
    rank=50,
    name="delivery done",
)
_FAILED = write_statement(
    update(t.delivery)
    .where(*_ours, _this)
    .values(lease=null(), due_at=moment(_seconds), error=bindparam("new_error")),
    rank=50,
    name="delivery failed",
)
_DEAD = write_statement(
    update(t.delivery)
    .where(*_ours, _this)
    .values(state=literal_column("'dead'"), lease=null(), ended_at=moment(), error=bindparam("new_error")),
    rank=50,
    name="delivery dead",
)
_RELEASE = write_statement(
    update(t.delivery).where(*_ours).values(lease=null(), due_at=moment(), attempts=_d.attempts - 1),
    rank=50,
    name="deliveries given back",
)


def _resending(*which: ColumnElement[bool]) -> Update:
    return (
        update(t.delivery)
        .where(_of_district, _in_state("dead"), *which)
        .values(state=literal_column("'due'"), due_at=moment(), attempts=0, ended_at=null())
        .returning(_d.id)
    )


_RETRY, _RETRY_ALL = Read(_resending(_this)), Read(_resending())
_OLD = Read(
    select(_d.id)
    .where(_of_district, _in_state("done"), _d.ended_at < moment(_seconds))
    .limit(literal_column(str(_PURGED_AT_ONCE)))
)
_PURGE = write_statement(delete(t.delivery).where(_of_district, _this), rank=50, name="purge delivery")


class Deliveries:
    """What is due in a district, for workers and for operators.

    Args:
        district: its code.
    """

    def __init__(self, store: Store, district: str, settings: DeliverySettings) -> None:
        self._store = store
        self._district = district
        self.settings = settings

    # --- for workers --------------------------------------------------------------------------------

    def claim(self, most: int, *, now: datetime | None = None) -> list[Delivery]:
        """Claim up to `most` of what has been due for longest: each attempt is counted, and leased.

        Returns: the claimed, in the order of their acts, all with one lease's token.
        """
        values = {"most": most, "token": new_id(), "seconds": self.settings.lease.total_seconds()}
        rows = self._change(_CLAIM, values, now)
        return sorted(map(delivery_from, rows), key=lambda one: (one.act or one.id, one.id))

    def done(self, delivery: Delivery, *, now: datetime | None = None) -> None:
        """Record that it was carried out; nothing happens where the lease is no longer ours."""
        self._write(_DONE, delivery, now)

    def failed(self, delivery: Delivery, error: str, wait: timedelta, *, now: datetime | None = None) -> None:
        """Let it be tried again after `wait`."""
        self._write(_FAILED, delivery, now, new_error=error, seconds=wait.total_seconds())

    def dead(self, delivery: Delivery, error: str, *, now: datetime | None = None) -> None:
        """Leave it to an operator."""
        self._write(_DEAD, delivery, now, new_error=error)

    def release(self, token: UUID, *, now: datetime | None = None) -> None:
        """Give back what was claimed with this lease and not begun; the attempt is not counted."""
        values = {"the_district": self._district, "token": token, "now": now}
        with self._store.transaction() as transaction:
            transaction.commit([Write(_RELEASE, values)])

    def expand(self, fan: Delivery, *, now: datetime | None = None) -> None:
        """Put a delivery for each recipient in the place of a fan-out row."""
        claimed_at = fan.due_at - self.settings.lease
        with self._store.transaction() as transaction:
            transaction.commit(
                [*expanded(self._district, fan, claimed_at), Write(_DONE, self._values(fan, now))]
            )

    def purge(self, *, now: datetime | None = None) -> int:
        """Delete what has been done for longer than the settings keep it; how many."""
        age = {"seconds": -timedelta(days=self.settings.keep_days).total_seconds()}
        count = 0
        while rows := self._ask(_OLD, age, now):
            writes = [Write(_PURGE, {"the_district": self._district, "the_id": row[0]}) for row in rows]
            with self._store.transaction() as transaction:
                transaction.commit(writes)
            count += len(rows)
        return count

    # --- for operators ------------------------------------------------------------------------------

    def listed(
        self,
        *,
        state: str | None = None,
        recipient: str | None = None,
        kind: str | None = None,
        most: int = 50,
    ) -> list[Delivery]:
        """What is in the queue, the latest act's first.

        Args:
            recipient: as in `Delivery.recipient`: "seat:clerk@…", "channel:board".
        """
        wanted = {_d.state: state, _d.recipient: recipient, _d.kind: kind}
        query = (
            select(*DELIVERY_COLUMNS)
            .where(_d.district == self._district, *(c == value for c, value in wanted.items() if value))
            .order_by(_d.act.desc(), _d.id)
            .limit(most)
        )
        with self._store.reading() as connection:
            return [delivery_from(tuple(row)) for row in connection.execute(query)]

    def failing(self, times: int) -> list[Delivery]:
        """What failed so many times or more and is still tried again, the most often tried first."""
        query = (
            select(*DELIVERY_COLUMNS)
            .where(
                _d.district == self._district, _in_state("due"), _d.attempts >= times, _d.error.is_not(None)
            )
            .order_by(_d.attempts.desc(), _d.id)
        )
        with self._store.reading() as connection:
            return [delivery_from(tuple(row)) for row in connection.execute(query)]

    def counts(self, *, now: datetime | None = None) -> dict[str, int]:
        """How many there are: "overdue", "later" (both due), "done" and "dead"."""
        late = case((_d.due_at <= moment(), "overdue"), else_="later")
        label = case((_in_state("due"), late), else_=_d.state).label("what")
        query = select(label, func.count()).where(_d.district == self._district).group_by("what")
        with self._store.reading() as connection:
            found: dict[str, int] = {row[0]: row[1] for row in connection.execute(query, {"now": now})}
        return {name: found.get(name, 0) for name in ("overdue", "later", "done", "dead")}

    def retry(self, ident: UUID | None = None, *, now: datetime | None = None) -> int:
        """Send a dead letter again, or all of them; how many."""
        if ident is None:
            return len(self._change(_RETRY_ALL, {}, now))
        return len(self._change(_RETRY, {"the_id": ident}, now))

    # --- statements ---------------------------------------------------------------------------------

    def _values(self, delivery: Delivery, now: datetime | None) -> dict[str, Any]:
        return {
            "the_district": self._district,
            "the_id": delivery.id,
            "token": delivery.lease,
            "now": now,
        }

    def _write(self, statement: Any, delivery: Delivery, now: datetime | None, **more: object) -> None:
        with self._store.transaction() as transaction:
            transaction.commit([Write(statement, self._values(delivery, now) | more)])

    def _change(self, read: Read, values: dict[str, Any], now: datetime | None) -> Sequence[tuple[Any, ...]]:
        with self._store.transaction() as transaction:
            rows = transaction.ask([(read, {"the_district": self._district, "now": now, **values})])[0]
            transaction.commit([])
        return rows

    def _ask(self, read: Read, values: dict[str, Any], now: datetime | None) -> Sequence[tuple[Any, ...]]:
        return self._store.ask([(read, {"the_district": self._district, "now": now, **values})])[0]
