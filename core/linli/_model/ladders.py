"""Who hears of what is late: the ladder that the district's settings name, rung after rung, until somebody acts."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Generic, TypeVar

from linli._model.access import Seat
from linli._model.contexts import Context

R = TypeVar("R")
Rung = Callable[[Context[R]], Seat | None]


class Ladder(Generic[R]):
    """Who hears of what is late, one after the other: `Clock(waiting, limit, ladder=Ladder(ToolSettings))`.

    Each rung hears at whoever has its seat, or stands in for it; a rung whose seat has heard before is left out.

    Args:
        settings: a class of settings. Its `ladder` names the rungs in their order; its `ladder_again` is how long until
            the next hears: a length of time in the clock's kind of hours, or a number of working days.
        rungs: whose seat a name in the settings stands for; None from it: there is nobody, and the next hears. A name that
            is not here is a role at the subject's place.
        first: who hears before them all, and the name of that rung: whoever should have acted. None from it: nobody.
    """

    def __init__(
        self,
        settings: type[Any],
        rungs: Mapping[str, Rung[R]] | None = None,
        *,
        first: Callable[[Context[R]], tuple[str, Seat] | None] | None = None,
    ) -> None:
        self.settings, self.rungs, self.first = settings, rungs or {}, first

    def seats(self, ctx: Context[R]) -> list[tuple[str, Seat]]:
        """The rungs that there are, each with whoever hears on it."""
        found: dict[Seat, str] = {}
        for name, seat in self._named(ctx):
            heard = next(iter(ctx.facts.seats(seat, ctx.place)), seat)
            found.setdefault(heard, name)
        return [(name, seat) for seat, name in found.items()]

    def _named(self, ctx: Context[R]) -> Iterator[tuple[str, Seat]]:
        if self.first and (first := self.first(ctx)):
            yield first
        for name in ctx.settings(self.settings).ladder:
            seat = self.rungs[name](ctx) if name in self.rungs else Seat(role=name, at=ctx.place)
            if seat:
                yield name, seat


def holder(ctx: Context[object]) -> tuple[str, Seat] | None:
    """Whoever has the seat that holds the subject: `first=holder`."""
    return ("holder", ctx.subject.holder) if ctx.subject.holder else None


def officer_of(kind: str) -> Rung[object]:
    """The officer of the place of a kind that lies above: "street"; "district" is the place at the top."""

    def seat(ctx: Context[object]) -> Seat | None:
        top = ctx.facts.place(ctx.place).path[0]
        at = top if kind == "district" else ctx.facts.above(ctx.place, kind)
        return Seat(role="officer", at=at) if at else None

    return seat
