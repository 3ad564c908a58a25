"""Leases: something that one process does at a time, until it stops or its lease ends.

Moments are the database's. A lease saves work that two would do twice; what must never happen
twice is guarded by a constraint besides.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from sqlalchemy import ClauseElement, Float, Uuid, bindparam, delete, or_

from linli._model.acts import new_id
from linli._store import Read, Store, Write
from linli._store import tables as t
from linli._store.moments import moment
from linli._store.statements import write_statement


def _taking(insert: Any) -> ClauseElement:
    values = {
        "district": bindparam("the_district"),
        "name": bindparam("the_name"),
        "token": bindparam("the_token", type_=Uuid()),
        "until": moment(bindparam("seconds", type_=Float())),
    }
    clause = insert(t.lease).values(values)
    free = or_(t.lease.c.until <= moment(), t.lease.c.token == clause.excluded.token)
    taken: ClauseElement = clause.on_conflict_do_update(
        index_elements=["district", "name"],
        set_={"token": clause.excluded.token, "until": clause.excluded.until},
        where=free,
    ).returning(t.lease.c.token)
    return taken


_TAKE = Read(_taking)
_END = write_statement(
    delete(t.lease).where(
        t.lease.c.district == bindparam("the_district"),
        t.lease.c.name == bindparam("the_name"),
        t.lease.c.token == bindparam("the_token"),
    ),
    rank=50,
    name="end lease",
)


class Lease:
    """A lease that is held; `renew` before it ends."""

    def __init__(self, store: Store, district: str, name: str, seconds: float) -> None:
        self._store = store
        self._values = {"the_district": district, "the_name": name, "the_token": new_id()}
        self._seconds = seconds

    @property
    def token(self) -> UUID:
        """What tells its holder from all others."""
        token = self._values["the_token"]
        assert isinstance(token, UUID)
        return token

    def renew(self) -> bool:
        """Take it, or keep it for as long again; whether nobody else has it."""
        values = {**self._values, "seconds": self._seconds, "now": None}
        with self._store.transaction() as transaction:
            rows = transaction.ask([(_TAKE, values)])[0]
            transaction.commit([])
        return bool(rows)

    def end(self) -> None:
        """Let the next one have it."""
        with self._store.transaction() as transaction:
            transaction.commit([Write(_END, self._values)])


@contextmanager
def held(store: Store, district: str, name: str, seconds: float) -> Iterator[Lease | None]:
    """The lease for the block; None where somebody else has it."""
    lease = Lease(store, district, name, seconds)
    if not lease.renew():
        yield None
        return
    try:
        yield lease
    finally:
        lease.end()
