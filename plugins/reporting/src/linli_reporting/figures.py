"""Figures of dual reporting, under the brief's names."""

from collections.abc import Iterable

from linli import Figure, in_states
from linli.query import BriefQuestion, Counted, subjects
from linli_reporting.reports import ReportFlow


def _reported(question: BriefQuestion) -> Iterable[Counted]:
    """The reports that were in force at the end, the oldest first; those that came with a file too."""
    here = question.counted_places()
    found = ((one.accepted_at, one) for one in question.get(subjects(ReportFlow)) if one.accepted_at)
    for at, one in sorted(found, key=lambda each: (each[0], each[1].id)):
        in_force = at < question.as_of and (one.ended_at is None or one.ended_at >= question.as_of)
        if in_force and one.compound in here:
            yield Counted(at=at, what=ReportFlow.confirm.code, subject=one.id, place=one.place)


FIGURES = (
    Figure(
        name="members.reported",
        stock=True,
        on=in_states(ReportFlow.confirmed | ReportFlow.active),
        label="members reported in",
        items=_reported,
        help="members whose report to the branch where they live was confirmed and has not ended",
    ),
    Figure(
        name="reporting.waiting",
        stock=True,
        on=in_states(ReportFlow.announced),
        label="reports waiting",
        help="reports that nobody has decided on yet, at the end of the period",
    ),
    Figure(
        name="reporting.active",
        stock=True,
        on=in_states(ReportFlow.active),
        label="members active since they reported",
        help="members reported in who have done something since, at the end of the period",
    ),
    Figure(
        name="reporting.announced",
        on=(
            ReportFlow.announce,
            ReportFlow.arrive,
        ),
        label="reports announced",
        help="reports announced in the period, those at a new home among them",
    ),
    Figure(
        name="reporting.confirmed",
        on=(
            ReportFlow.confirm,
            ReportFlow.confirm_by_file,
            ReportFlow.enter,
        ),
        label="reports confirmed",
        help="reports confirmed in the period, by a branch or by a file",
    ),
    Figure(
        name="reporting.refused",
        on=(ReportFlow.refuse,),
        label="reports refused",
        help="reports refused in the period",
    ),
    Figure(
        name="reporting.moved",
        on=(ReportFlow.go_on,),
        label="reports moved",
        help="reports that moved with the home in the period",
    ),
    Figure(
        name="reporting.ended",
        on=(
            ReportFlow.end,
            ReportFlow.withdraw,
            ReportFlow.drop,
        ),
        label="reports ended",
        help="reports that ended or were withdrawn in the period, those that moved left out",
    ),
)
