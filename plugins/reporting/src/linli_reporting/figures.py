"""Figures of dual reporting, under the brief's names."""

from collections.abc import Iterable

from linli import Act, Count, Figure, Subject
from linli.figures import Counts, once
from linli_reporting.records import KIND, REPORTED
from linli_reporting.reports import REPORT

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


def _stock(name: str, *states: str, label: str, help: str) -> Figure:
    return Figure(
        name=name, help=help, label=label, stock=True, on=dict.fromkeys(_EVERY_MOVE, _standing(*states))
    )


def _flow(name: str, *moves: str, label: str, help: str) -> Figure:
    return Figure(name=name, help=help, label=label, on={f"{KIND}.{move}": once for move in moves})


FIGURES = (
    _stock(
        "members.reported",
        *REPORTED,
        label="members reported in",
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
