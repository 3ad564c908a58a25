"""What an act adds to figures, and how it keeps that."""

from collections.abc import Iterable, Iterator

from linli._base.records import evolve
from linli._engine.turn import UnitOfWork
from linli._model.acts import Act
from linli._model.figures import ADDS, Cell, Tally, counts_by
from linli._model.subjects import StoredSubject

Counted = tuple[Cell, int, int]


def counted(
    turn: UnitOfWork, act: Act, before: StoredSubject | None, after: StoredSubject | None
) -> Iterator[Counted]:
    """What an act adds to which cell of a figure, by the figures' rules."""
    for name, counts in turn.rules.counts.get(act.verb, ()):
        for count in counts_by(counts, act, before, after, turn.facts):
            place = count.place or act.place
            if place is not None and (count.when is None or count.when(turn.facts)):
                day = turn.facts.calendar.day_of(count.at or act.at)
                yield Cell(figure=name, place=turn.spot(place).reporting_place, day=day), count.n, count.total


def add(turn: UnitOfWork, act: Act, counts: Iterable[Counted]) -> Act:
    """Add what an act counts to the figures; the act, with that in its body.

    Later nobody could work it out: the rules look at the subject as the act found and left it.
    """
    cells = list(counts)
    if not cells and act.verb not in turn.rules.counts:
        return act
    tally = Tally()
    for cell, n, total in cells:
        tally.add(cell, n, total)
        turn.count(cell, n, total)
    here = turn.spot(act.place).reporting_place if act.place else None
    return evolve(act, body={**act.body, ADDS: tally.kept(here, turn.facts.calendar.day_of(act.at))})
