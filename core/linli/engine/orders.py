"""What can be asked of the engine."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

import attrs

from linli._model.direct import ActResult, DirectOrder
from linli.effects import Effect, Make, Start
from linli.facts import Facts
from linli.store import Write


@attrs.frozen(kw_only=True)
class Overdue:
    """Record that a clock of a subject has passed, and let the next rung of the ladder hear of it.

    Attributes:
        turn: of the clock, as its timer saw it: MovedOn where that is no longer so.
    """

    subject: UUID
    clock: str
    turn: int


Order = Start | Make | DirectOrder | Overdue

__all__ = ["Make", "Order", "Overdue", "Start", "just"]


def just(
    body: Mapping[str, Any] | None = None, writes: Iterable[Write] = (), effects: Iterable[Effect] = ()
) -> Callable[[Facts], ActResult]:
    """Work that needs no facts."""
    done = ActResult(body=body or {}, writes=tuple(writes), effects=tuple(effects))
    return lambda _facts: done
