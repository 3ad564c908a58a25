"""What can be asked of the engine."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

import attrs

from linli._base.errors import Refused
from linli._base.refusals import Invalid
from linli._model.direct import ActResult, DirectOrder
from linli._model.effects import Effect, MoveOrder, OpenOrder
from linli._model.facts import Facts
from linli._store import Write


@attrs.frozen(kw_only=True)
class Overdue:
    """Record that a clock of a subject has passed, and let the next rung of the ladder hear of it.

    Attributes:
        turn: of the clock, as its timer saw it: MovedOn where that is no longer so.
    """

    subject: UUID
    clock: str
    turn: int


Order = OpenOrder | MoveOrder | DirectOrder | Overdue

__all__ = ["MoveOrder", "OpenOrder", "Order", "Overdue", "constant"]


class NothingSeenOfIt(Invalid, says="nobody has seen a version of what is begun; leave the version out"):
    field: str = "version"


def at_version(order: Order, version: int | None) -> Order:
    """The order as somebody gives it who saw that version of its matter. Refused of what begins a matter."""
    if version is None:
        return order
    if isinstance(order, Overdue) or (isinstance(order, OpenOrder) and order.parent is None):
        raise Refused(NothingSeenOfIt())
    if isinstance(order, DirectOrder) and order.fresh:
        raise Refused(NothingSeenOfIt())
    return attrs.evolve(order, version=version)


def constant(
    body: Mapping[str, Any] | None = None, writes: Iterable[Write] = (), effects: Iterable[Effect] = ()
) -> Callable[[Facts], ActResult]:
    """Work that needs no facts."""
    done = ActResult(body=body or {}, writes=tuple(writes), effects=tuple(effects))
    return lambda _facts: done


class AlreadySo(Exception):
    """The record is as it was asked to be: nothing is stored, and no act made."""
