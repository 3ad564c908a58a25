"""Figures of dual reporting, under the brief's names."""

from collections.abc import Callable, Iterable
from typing import Any

from linli import Count, Figure, Move, Opening, State, Transition
from linli.query import BriefQuestion, Counted, subjects
from linli_reporting.records import Report
from linli_reporting.reports import ReportFlow


def _standing(*states: State) -> Callable[[Transition[Report, object]], Iterable[Count]]:
    """Counts reports that are in one of these states."""

    def counts(t: Transition[Report, object]) -> Iterable[Count]:
        was = t.before.state in states and not isinstance(t.move, Opening)
        if n := (t.subject.state in states) - was:
            yield Count(n=n)

    return counts


def _reported(question: BriefQuestion) -> Iterable[Counted]:
    """The reports that were in force at the end, the oldest first; those that came with a file too."""
    here = question.counted_places()
    found = ((one.accepted_at, one) for one in question.get(subjects(ReportFlow)) if one.accepted_at)
    for at, one in sorted(found, key=lambda each: (each[0], each[1].id)):
        in_force = at < question.as_of and (one.ended_at is None or one.ended_at >= question.as_of)
        if in_force and one.compound in here:
            yield Counted(at=at, what=ReportFlow.confirm.code, subject=one.id, place=one.place)


def _stock(
    name: str,
    *states: State,
    label: str,
    help: str,
    items: Callable[[BriefQuestion], Iterable[Counted]] | None = None,
) -> Figure:
    counts = tuple(move.count(_standing(*states)) for move in ReportFlow.moves.values())
    return Figure(name=name, help=help, label=label, stock=True, on=counts, items=items)


def _flow(name: str, *moves: Move[Report, Any], label: str, help: str) -> Figure:
    return Figure(name=name, help=help, label=label, on=moves)


FIGURES = (
    _stock(
        "members.reported",
        ReportFlow.confirmed,
        ReportFlow.active,
        label="members reported in",
        items=_reported,
        help="members whose report to the branch where they live was confirmed and has not ended",
    ),
    _stock(
        "reporting.waiting",
        ReportFlow.announced,
        label="reports waiting",
        help="reports that nobody has decided on yet, at the end of the period",
    ),
    _stock(
        "reporting.active",
        ReportFlow.active,
        label="members active since they reported",
        help="members reported in who have done something since, at the end of the period",
    ),
    _flow(
        "reporting.announced",
        ReportFlow.announce,
        ReportFlow.arrive,
        label="reports announced",
        help="reports announced in the period, those at a new home among them",
    ),
    _flow(
        "reporting.confirmed",
        ReportFlow.confirm,
        ReportFlow.confirm_by_file,
        ReportFlow.enter,
        label="reports confirmed",
        help="reports confirmed in the period, by a branch or by a file",
    ),
    _flow(
        "reporting.refused", ReportFlow.refuse, label="reports refused", help="reports refused in the period"
    ),
    _flow(
        "reporting.moved",
        ReportFlow.go_on,
        label="reports moved",
        help="reports that moved with the home in the period",
    ),
    _flow(
        "reporting.ended",
        ReportFlow.end,
        ReportFlow.withdraw,
        ReportFlow.drop,
        label="reports ended",
        help="reports that ended or were withdrawn in the period, those that moved left out",
    ),
)
