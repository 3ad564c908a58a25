"""What can be asked of the engine."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

import attrs

from linli.access import Actor
from linli.award.rules import Award
from linli.effects import Effect, Make, Start
from linli.errors import Refused
from linli.facts import Facts
from linli.figures import Cell
from linli.refusals import Invalid
from linli.store import Write


@attrs.frozen(kw_only=True)
class Yield:
    """What a plain act comes to, once its facts are known.

    Attributes:
        body: what the journal keeps: plain values, no personal data.
        counts: figures that are not counted by the act's verb: cells with what to add.
        private: what somebody wrote, by name: it goes to the vault under the key of the order's
            person (or of its subject), and the journal keeps a commitment among the body's values.
        awards: points given beside what the plugins say the act earns.
        was: the days or moments at which it says that something was so: refused where they have not come.
    """

    body: Mapping[str, Any] = attrs.field(factory=dict)
    writes: tuple[Write, ...] = ()
    effects: tuple[Effect, ...] = ()
    counts: tuple[tuple[Cell, int, int], ...] = ()
    private: Mapping[str, str] = attrs.field(factory=dict)
    awards: tuple[Award, ...] = ()
    was: tuple[date | None, ...] = ()


@attrs.frozen(kw_only=True)
class Plain:
    """An act that is no workflow's move: registering, importing, transferring.

    Attributes:
        work: from the facts, what it comes to; called again where the transaction is tried again.
        place: where it is; permission is judged there. None: the district as a whole.
        fresh: nobody has acted on `subject` before, so that its version need not be read.
        also_at: every other place that it touches, from the facts: the right is needed at each.
        judge: as what the actor may do it, where a table says so and not the verb's permission; raises NotAllowed.
        says: what was asked for, where the same key may not come to something else; see `Engine.perform`.
        named: a name that everybody will read: asked about where somebody registered there is called so.
        version: of what has been done about `subject`, as the caller saw it; None: whatever it is now.
    """

    verb: str
    kind: str
    subject: UUID
    work: Callable[[Facts], Yield]
    place: UUID | None = None
    person: UUID | None = None
    fresh: bool = False
    named: str | None = None
    reads: tuple[tuple[Any, Mapping[str, Any]], ...] = ()
    also_at: Callable[[Facts], Iterable[UUID]] | None = None
    judge: Callable[[Facts, Actor], str] | None = None
    says: Mapping[str, object] = attrs.field(factory=dict)
    version: int | None = None


@attrs.frozen(kw_only=True)
class Overdue:
    """Record that a clock of a subject has passed, and let the next rung of the ladder hear of it.

    Attributes:
        turn: of the clock, as its timer saw it: MovedOn where that is no longer so.
    """

    subject: UUID
    clock: str
    turn: int


Order = Start | Make | Plain | Overdue

__all__ = ["Make", "Order", "Overdue", "Plain", "Start", "Yield", "at_version", "just"]


class NothingSeenOfIt(Invalid, says="nobody has seen a version of what is begun; leave the version out"):
    field: str = "version"


def at_version(order: Order, version: int | None) -> Order:
    """The order as somebody gives it who saw that version of its matter. Refused of what begins a matter."""
    if version is None:
        return order
    if isinstance(order, Overdue) or (isinstance(order, Start) and order.parent is None):
        raise Refused(NothingSeenOfIt())
    if isinstance(order, Plain) and order.fresh:
        raise Refused(NothingSeenOfIt())
    return attrs.evolve(order, version=version)


def just(
    body: Mapping[str, Any] | None = None, writes: Iterable[Write] = (), effects: Iterable[Effect] = ()
) -> Callable[[Facts], Yield]:
    """Work that needs no facts."""
    done = Yield(body=body or {}, writes=tuple(writes), effects=tuple(effects))
    return lambda _facts: done
