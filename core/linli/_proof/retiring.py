"""Keys of limited age are replaced after an erasure: the others are wrapped anew, then the old one is destroyed.

It can be killed anywhere. A new key is noted before anything is wrapped under it; rows are changed one by one, each
only where it still is what was read; and an old key goes when no row needs it and nobody can still be writing one.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

import attrs
from sqlalchemy import bindparam, func, select, update

from linli._base.errors import VaultError
from linli._base.i18n import say
from linli._config.district import VaultSettings
from linli._engine.leases import held
from linli._engine.rules import Rules
from linli._proof.sealing import first_id
from linli._store import Read, Store, Write
from linli._store import tables as t
from linli._store.statements import upsert_into, write_statement
from linli._store.store import LONGEST_TRANSACTION_SECONDS
from linli._vault.ages import Ages
from linli._vault.crypto import age_of

PAGE: Final = 500
LEASE_SECONDS: Final = 600.0
# Whoever wrapped a key under the old age has stored it by then, or never will.
GRACE: Final = timedelta(seconds=2 * LONGEST_TRANSACTION_SECONDS)
ERASURE: Final = "person.erase"

_k = t.vault_key.c
_KEYS = Read(
    select(_k.owner, _k.wrapped)
    .where(_k.district == bindparam("district"), _k.owner > bindparam("after"))
    .order_by(_k.owner)
    .limit(PAGE)
)
_REWRAP = write_statement(
    update(t.vault_key)
    .where(
        _k.district == bindparam("the_district"),
        _k.owner == bindparam("the_owner"),
        _k.wrapped == bindparam("was"),
    )
    .values(wrapped=bindparam("anew")),
    rank=20,
    name="wrap anew",
)
_NOTE = upsert_into(t.vault_age, keys=("district",), change=lambda table, new: {"number": new.number}, rank=1)


@attrs.frozen(kw_only=True)
class Retired:
    """What replacing a key came to.

    Attributes:
        rewrapped: how many people's and matters' keys were wrapped anew.
        destroyed: the numbers of the keys that are gone.
        waits: whether an old key is still there until nobody can be writing under it.
    """

    rewrapped: int = 0
    destroyed: tuple[int, ...] = ()
    waits: bool = False


class Retiring:
    """Replaces the keys of limited age of one district."""

    def __init__(self, store: Store, rules: Rules, settings: VaultSettings) -> None:
        self._store, self._rules, self._settings = store, rules, settings

    @property
    def _ages(self) -> Ages:
        found = self._rules.vault.keyring.ages
        if found is None or not found.newest():
            raise VaultError(
                say(
                    "{file} is not there and cannot be made; see that linli may write in the district's folder",
                    file=self._settings.ages,
                )
            )
        return found

    def pending(self) -> datetime | None:
        """When somebody was first erased since the present key was made; None where nobody was."""
        since = self._ages.all()[-1].since
        query = select(func.min(t.act.c.recorded_at)).where(
            t.act.c.district == self._rules.district, t.act.c.verb == ERASURE, t.act.c.id > first_id(since)
        )
        with self._store.reading() as connection:
            found: datetime | None = connection.scalar(query)
        return found

    def by(self, erased_at: datetime) -> datetime:
        """By when what an erasure has left is unreadable, if a worker runs."""
        return erased_at + timedelta(days=self._settings.retire_days)

    def work(self, now: datetime | None = None) -> Retired:
        """Replace the key where that is due; finish what was begun. For the worker, every hour."""
        moment = now or datetime.now(UTC)
        if len(self._ages.all()) > 1:
            return self._finished(moment, GRACE)
        erased = self.pending()
        # A day or two before its time, so that one replacing serves several erasures and none is late.
        early = timedelta(days=min(2, self._settings.retire_days - 1))
        return (
            self.rotate(moment)
            if erased and moment >= self.by(erased) - early - timedelta(hours=2)
            else Retired()
        )

    def rotate(self, now: datetime | None = None, grace: timedelta = GRACE) -> Retired:
        """Replace the key now. The old one is destroyed at once only where `grace` is over."""
        moment = now or datetime.now(UTC)
        with held(self._store, self._rules.district, "retiring", LEASE_SECONDS) as lease:
            if not lease:
                return Retired(waits=True)
            made = self._ages.add(moment)
            self._commit([Write(_NOTE, {"district": self._rules.district, "number": made.number})])
        return self._finished(moment, grace)

    def _finished(self, now: datetime, grace: timedelta) -> Retired:
        with held(self._store, self._rules.district, "retiring", LEASE_SECONDS) as lease:
            if not lease:
                return Retired(waits=True)
            newest = self._ages.all()[-1]
            count = self._rewrap(newest.number)
            old = tuple(age.number for age in self._ages.all() if age.number != newest.number)
            if not old or now < newest.since + grace:
                return Retired(rewrapped=count, waits=bool(old))
            count += self._rewrap(newest.number)
            self._ages.destroy(old)
        self._store.clean()
        return Retired(rewrapped=count, destroyed=old)

    def _rewrap(self, newest: int) -> int:
        count, after = 0, UUID(int=0)
        while rows := self._store.ask([(_KEYS, {"district": self._rules.district, "after": after})])[0]:
            after = rows[-1][0]
            writes = self._anew(
                [(owner, bytes(wrapped)) for owner, wrapped in rows if age_of(bytes(wrapped)) != newest]
            )
            self._commit(writes)
            count += len(writes)
        return count

    def _anew(self, rows: Sequence[tuple[UUID, bytes]]) -> list[Write]:
        keyring, district = self._rules.vault.keyring, self._rules.district
        return [
            Write(
                _REWRAP,
                {
                    "the_district": district,
                    "the_owner": owner,
                    "was": wrapped,
                    "anew": keyring.wrap(keyring.unwrap(wrapped, district, owner), district, owner),
                },
                owner.hex,
            )
            for owner, wrapped in rows
        ]

    def _commit(self, writes: Sequence[Write]) -> None:
        if writes:
            with self._store.transaction() as transaction:
                transaction.commit(writes)
