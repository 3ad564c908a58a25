"""Which move adds what to a figure."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import attrs

if TYPE_CHECKING:
    from linli._model.moves import Move
    from linli.figures import Count


@attrs.frozen
class Counting:
    """What each act of a move adds to a figure."""

    move: "Move[Any, Any]"
    counts: "Callable[[Any], Iterable[Count]]"
