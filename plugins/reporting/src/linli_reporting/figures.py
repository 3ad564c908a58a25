"""Figures of dual reporting, under the brief's names."""

from collections.abc import Callable, Iterable

from sqlalchemy import or_, select

from linli import Act, Count, Figure, Subject
from linli.figures import BriefQuestion, Counted, Counts, once
from linli.store import tables as t
from linli_reporting.records import KIND, REPORTED
from linli_reporting.reports import REPORT

_s = t.subject.c
_EVERY_MOVE = tuple(f"{KIND}.{move.name}" for move in REPORT.moves)


def _standing(*states: str) -> Counts:
    """Counts reports that are in one of these states."""

    def counts(act: Act, before: Subject | None, after: Subject | None) -> Iterable[Count]:
        n = _is_in(after, states) - _is_in(before, states)
        if n:
            yield Count(n=n)

    return counts


def _is_in(subject: Subject | None, states: tuple[str, ...]) -> bool:
    return subject is not None and subject.state in states


def _reported(question: BriefQuestion) -> Iterable[Counted]:
    """The reports that were in force at the end, the oldest first; those that came with a file too."""
    query = select(_s.id, _s.place, _s.accepted_at).where(
        _s.district == question.district,
        _s.kind == KIND,
        question.counted_here(_s.compound),
        _s.accepted_at < question.as_of,
        or_(_s.ended_at.is_(None), _s.ended_at >= question.as_of),
    )
    for ident, place, at in question.connection.execute(query.order_by(_s.accepted_at, _s.id)):
        yield Counted(at=at, what=f"{KIND}.confirm", subject=ident, place=place)


def _stock(
    name: str,
    *states: str,
    label: str,
    help: str,
    lists: Callable[[BriefQuestion], Iterable[Counted]] | None = None,
) -> Figure:
    counts = dict.fromkeys(_EVERY_MOVE, _standing(*states))
    return Figure(name=name, help=help, label=label, stock=True, on=counts, lists=lists)


def _flow(name: str, *moves: str, label: str, help: str) -> Figure:
    return Figure(name=name, help=help, label=label, on={f"{KIND}.{move}": once for move in moves})


FIGURES = (
    _stock(
        "members.reported",
        *REPORTED,
        label="members reported in",
        lists=_reported,
        help="members whose report to the branch where they live was confirmed and has not ended",
    ),
    _stock(
        "reporting.waiting",
        "announced",
        label="reports waiting",
        help="reports that nobody has decided on yet, at the end of the period",
    ),
    _stock(
        "reporting.active",
        "active",
        label="members active since they reported",
        help="members reported in who have done something since, at the end of the period",
    ),
    _flow(
        "reporting.announced",
        "announce",
        "arrive",
        label="reports announced",
        help="reports announced in the period, those at a new home among them",
    ),
    _flow(
        "reporting.confirmed",
        "confirm",
        "confirm_by_file",
        "enter",
        label="reports confirmed",
        help="reports confirmed in the period, by a branch or by a file",
    ),
    _flow("reporting.refused", "refuse", label="reports refused", help="reports refused in the period"),
    _flow(
        "reporting.moved",
        "move",
        label="reports moved",
        help="reports that moved with the home in the period",
    ),
    _flow(
        "reporting.ended",
        "end",
        "withdraw",
        "drop",
        label="reports ended",
        help="reports that ended or were withdrawn in the period, those that moved left out",
    ),
)
