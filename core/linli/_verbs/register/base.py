"""What the parts of the register share: acts on the record, and reading it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from linli._base.errors import Conflict
from linli._base.refusals import ChangedMeanwhile
from linli._engine.orders import AlreadySo
from linli._model.access import Actor
from linli._model.direct import DirectAct, DirectOrder, Work
from linli._model.facts import Facts
from linli._model.lookups import ALIAS
from linli._store import Read, Row

if TYPE_CHECKING:
    from linli._engine.opened import OpenDistrict

T = TypeVar("T")
_TRIES = 5


class Stale(Exception):
    """Somebody changed what a plan was made on; plan again."""


class ManyChanging(
    ChangedMeanwhile, says="many are changing this at once; nothing was changed; try again"
): ...


class Desk:
    """A part of the register of one district."""

    def __init__(self, district: "OpenDistrict") -> None:
        self._district = district
        self._code = district.code

    @contextmanager
    def _facts(self, at: datetime | None = None) -> Iterator[Facts]:
        """Facts to read for a plan, in a transaction that writes nothing."""
        store = self._district.store
        with store.transaction() as transaction:
            yield Facts(transaction, self._district.rules.constants, at or self._district.now())

    def _rows(self, read: Read, **values: Any) -> list[Row]:
        return self._district.store.ask([(read, {"district": self._code, **values})])[0]

    def _act(
        self,
        act: DirectAct[Any],
        subject: UUID,
        work: Work,
        *,
        place: UUID | None = None,
        person: UUID | None = None,
        actor: Actor | None,
        at: datetime | None,
        key: UUID | None = None,
        fresh: bool = False,
        also_at: Callable[[Facts], Iterable[UUID]] | None = None,
        judge: Callable[[Facts, Actor], str] | None = None,
        says: Mapping[str, object] | None = None,
        named: str | None = None,
    ) -> bool:
        """Make an act; False where there was nothing to do."""
        order = DirectOrder(
            act=act, subject=subject, work=work, place=place, person=person, fresh=fresh,
            also_at=also_at, judge=judge, says=says or {}, named=named,
        )  # fmt: skip
        try:
            self._district.perform(order, actor=actor, at=at, key=key)
        except AlreadySo:
            return False
        return True

    def _settled(self, attempt: Callable[[], T]) -> T:
        """What `attempt` comes to, tried again where somebody changed the record meanwhile."""
        for _ in range(_TRIES):
            try:
                return attempt()
            except Stale:
                continue
        raise Conflict(ManyChanging())

    def _day(self, day: date | None, at: datetime | None = None) -> date:
        """The day in the district's zone."""
        return day or (at or self._district.now()).astimezone(self._district.rules.zone).date()

    def survivor(self, ident: UUID) -> UUID:
        """Who or what an identifier stands for now, where it was merged away."""
        return self._now(ident)

    def _now(self, ident: UUID) -> UUID:
        """What an identifier stands for now: its successor, where it was merged away."""
        rows = self._rows(ALIAS, id=ident)
        return rows[0][0] if rows else ident


def as_uuid(text: str | UUID) -> UUID | None:
    """The identifier that a text is; None where it is none."""
    if isinstance(text, UUID):
        return text
    try:
        return UUID(text.strip())
    except ValueError:
        return None
