"""Figures of dual reporting, under the brief's names."""

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import or_, select

from linli import Count, Figure
from linli.contract import Move, Opening, State, Transition
from linli.figures import BriefQuestion, Counted
from linli.store import tables as t
from linli_reporting.records import KIND, Report
from linli_reporting.reports import ReportFlow

_s = t.subject.c


def _standing(*states: State) -> Callable[[Transition[Report, object]], Iterable[Count]]:
    """Counts reports that are in one of these states."""

    def counts(t: Transition[Report, object]) -> Iterable[Count]:
        was = t.before.state in states and not isinstance(t.move, Opening)
        if n := (t.subject.state in states) - was:
            yield Count(n=n)

    return counts


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
        yield Counted(at=at, what=ReportFlow.confirm.code, subject=ident, place=place)


def _stock(
    name: str,
    *states: State,
    label: str,
    help: str,
    lists: Callable[[BriefQuestion], Iterable[Counted]] | None = None,
) -> Figure:
    counts = tuple(move.count(_standing(*states)) for move in ReportFlow.moves.values())
    return Figure(name=name, help=help, label=label, stock=True, on=counts, lists=lists)


def _flow(name: str, *moves: Move[Report, Any], label: str, help: str) -> Figure:
    return Figure(name=name, help=help, label=label, on=moves)


FIGURES = (
    _stock(
        "members.reported",
        ReportFlow.confirmed,
        ReportFlow.active,
        label="members reported in",
        lists=_reported,
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
