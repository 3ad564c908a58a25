"""Sealing: committed acts get their numbers, and each number a hash over all before it.

    hash(n) = sha256(hash(n - 1) + text(n)),  hash(0) = sha256(the district's code)

where text(n) is the canonical JSON of the act's stored row. Whoever knows the hash of a number can
tell whether any act up to it was changed, taken away or put in since: so the head is published.

The lease keeps sealers from doing the same work; that the chain never forks is kept by the key
(district, number), and that no act is sealed twice by the key (district, act).
"""

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

import attrs
from sqlalchemy import Select, and_, exists, func, select

from linli._base import codec
from linli._base.i18n import Text, say
from linli._engine.leases import Lease, held
from linli._model.acts import ACT_COLUMNS
from linli._store import Row, Store, Write
from linli._store import tables as t
from linli._store.failures import Broken
from linli._store.moments import MOMENT
from linli._store.statements import insert_into
from linli._store.store import LONGEST_TRANSACTION_SECONDS

BATCH = 500
PAGE = 1000
LEASE_SECONDS = 60.0
FULL_PASS_SECONDS = 3600.0
# Acts are looked for by their identifiers, which begin with the moment they were made: those of the
# last complete pass and this much before it. It covers the longest transaction, and machines whose
# clocks differ. Identifiers that callers made otherwise are found by the full pass.
MARGIN = timedelta(hours=1)
assert MARGIN.total_seconds() > 2 * LONGEST_TRANSACTION_SECONDS

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NONE = UUID(int=0)
_SEAL = insert_into(t.seal)


@attrs.frozen(kw_only=True)
class Head:
    """The end of a chain, or any number of it: what is published, and kept to check against.

    Attributes:
        number: how many acts it covers.
        at: when it was written down.
        mac: made of it with the district's secret, see `linli._proof.heads`; "" where nobody vouches for it.
    """

    district: str
    number: int
    hash: str
    at: datetime
    mac: str = ""


@attrs.frozen(kw_only=True)
class Misfit:
    """The first number that does not fit.

    Attributes:
        act: the act that was sealed under it; None where the seal itself is missing.
    """

    number: int
    act: UUID | None
    what: Text


@attrs.frozen(kw_only=True)
class Verdict:
    """What a look at the whole chain found.

    Attributes:
        sealed: how many acts fit, from the first on.
        unsealed: how many committed acts have no number yet.
        misfit: the first that does not fit; None where all do.
    """

    sealed: int
    unsealed: int
    misfit: Misfit | None


def text_of(act: Row) -> str:
    """The canonical text of an act's stored row, of ACT_COLUMNS."""
    names = (column.name for column in ACT_COLUMNS)
    return codec.encode(codec.plain(dict(zip(names, act, strict=True))))


def chained(previous: str, act: Row) -> str:
    """The hash of an act whose predecessor has the hash `previous`."""
    return sha256((previous + text_of(act)).encode()).hexdigest()


def first_id(moment: datetime) -> UUID:
    """The lowest identifier (UUIDv7) that can have been made at `moment`."""
    return UUID(int=(moment - _EPOCH) // timedelta(milliseconds=1) << 80)


def _unsealed_acts(district: str) -> Select[Row]:
    sealed = exists().where(t.seal.c.district == t.act.c.district, t.seal.c.act == t.act.c.id)
    return select(*ACT_COLUMNS).where(t.act.c.district == district, ~sealed)


class Sealing:
    """The chain of a district's acts.

    Attributes:
        district: its code.
    """

    def __init__(self, store: Store, district: str) -> None:
        self.store = store
        self.district = district
        self._origin = sha256(district.encode()).hexdigest()
        self._complete: datetime | None = None
        self._full_pass_at = 0.0

    # --- sealing ------------------------------------------------------------------------------------

    def seal(self, *, everything: bool = False) -> int:
        """Seal what is committed and not sealed; how many. Nothing where somebody else is at it.

        Args:
            everything: look through the whole journal, not only what is recent: this is done
                once an hour in any case, and the first time.
        """
        full = everything or self._complete is None or self._full_pass_at < time.monotonic()
        began = self._moment()
        after = _NONE if full or self._complete is None else first_id(self._complete - MARGIN)
        count, complete = self._pass(after)
        if complete:
            self._complete = began
            self._full_pass_at = time.monotonic() + FULL_PASS_SECONDS if full else self._full_pass_at
        return count

    def _pass(self, after: UUID) -> tuple[int, bool]:
        """Seal what comes after an identifier; how many, and whether nothing was left to others."""
        acts = self._next(after)
        if not acts:
            return 0, True
        with held(self.store, self.district, "sealer", LEASE_SECONDS) as lease:
            return self._append_all(acts, lease) if lease else (0, False)

    def _append_all(self, acts: Sequence[Row], lease: Lease) -> tuple[int, bool]:
        count = 0
        while acts:
            if not (lease.renew() and self._append(acts)):
                return count, False
            count += len(acts)
            acts = self._next(acts[-1][0])
        return count, True

    def _next(self, after: UUID) -> Sequence[Row]:
        query = _unsealed_acts(self.district).where(t.act.c.id > after).order_by(t.act.c.id).limit(BATCH)
        with self.store.reading() as connection:
            return [tuple(row) for row in connection.execute(query)]

    def _append(self, acts: Sequence[Row]) -> bool:
        """Chain these acts to the head; False where another sealer was faster."""
        head = self.head()
        writes, previous = [], head.hash
        for number, act in enumerate(acts, head.number + 1):
            previous = chained(previous, act)
            values = {"district": self.district, "number": number, "act": act[0], "hash": previous}
            writes.append(Write(_SEAL, values))
        try:
            with self.store.transaction() as transaction:
                transaction.commit(writes)
        except Broken:
            return False
        return True

    def _moment(self) -> datetime:
        moment = self.store.ask([(MOMENT, {"now": None})])[0][0][0]
        assert isinstance(moment, datetime)
        return moment

    # --- looking ------------------------------------------------------------------------------------

    def head(self) -> Head:
        """The last number and its hash; number 0 where nothing is sealed."""
        query = (
            select(t.seal.c.number, t.seal.c.hash)
            .where(t.seal.c.district == self.district)
            .order_by(t.seal.c.number.desc())
            .limit(1)
        )
        with self.store.reading() as connection:
            row = connection.execute(query).first()
        number, digest = row or (0, self._origin)
        return Head(district=self.district, number=number, hash=digest, at=self._moment())

    def unsealed(self) -> int:
        """How many committed acts have no number, looked for in the whole journal."""
        query = select(func.count()).select_from(_unsealed_acts(self.district).subquery())
        with self.store.reading() as connection:
            return int(connection.execute(query).scalar_one())

    def verify(self, told: Callable[[int], object] = lambda count: None) -> Verdict:
        """Compute the whole chain again, up to the first number that does not fit.

        Args:
            told: is called with how many more were looked at.
        """
        previous, fits, misfit = self._origin, 0, None
        for page in self._pages():
            for number, act, digest, *row in page:
                previous, misfit = self._step(previous, fits + 1, number, act, digest, tuple(row))
                if misfit:
                    break
                fits = number
            told(len(page))
            if misfit:
                break
        return Verdict(sealed=fits, unsealed=self.unsealed(), misfit=misfit)

    def _step(
        self, previous: str, expected: int, number: int, act: UUID, digest: str, row: Row
    ) -> tuple[str, Misfit | None]:
        if number != expected:
            what = say("its seal has been taken away")
            return previous, Misfit(number=expected, act=None, what=what)
        if row[0] is None:
            return previous, Misfit(number=number, act=act, what=say("the act has been taken away"))
        found = chained(previous, row)
        if found != digest:
            what = say("the act, or its seal, has been changed since it was sealed")
            return found, Misfit(number=number, act=act, what=what)
        return found, None

    def _pages(self) -> Iterator[Sequence[Row]]:
        seal = t.seal.c
        joined = and_(t.act.c.district == seal.district, t.act.c.id == seal.act)
        query = select(seal.number, seal.act, seal.hash, *ACT_COLUMNS).select_from(
            t.seal.outerjoin(t.act, joined)
        )
        after = 0
        while True:
            page = query.where(seal.district == self.district, seal.number > after)
            with self.store.reading() as connection:
                rows = [tuple(r) for r in connection.execute(page.order_by(seal.number).limit(PAGE))]
            if not rows:
                return
            yield rows
            after = rows[-1][0]

    def check(self, head: Head) -> Text | None:
        """Why the chain is not the one that `head` was taken from; None where it is.

        It compares hashes alone; `verify` tells whether the acts fit them.
        """
        if head.district != self.district:
            return say("it is a head of district {other}, not of this one", other=head.district)
        query = select(t.seal.c.hash).where(
            t.seal.c.district == self.district, t.seal.c.number == head.number
        )
        with self.store.reading() as connection:
            digest = connection.execute(query).scalar() if head.number else self._origin
        if digest is None:
            return say("number {number} is not in the journal any more", number=head.number)
        if digest != head.hash:
            return say("something up to number {number} has been changed since", number=head.number)
        return None
