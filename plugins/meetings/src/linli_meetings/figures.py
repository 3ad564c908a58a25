"""Figures of meetings and whistles, under the brief's names."""

from collections.abc import Iterable

from linli import Count, Figure, Transition, in_states
from linli_meetings.departments import PartFlow
from linli_meetings.follow_ups import FollowUpFlow
from linli_meetings.items import ItemFlow
from linli_meetings.meetings import MeetingFlow
from linli_meetings.outcomes import MediationFlow, count_enforcements, count_rectifications
from linli_meetings.whistles import WhistleFlow


def _in_time(t: Transition[object, object]) -> Iterable[Count]:
    if t.before.state is WhistleFlow.blown:
        yield Count()


FIGURES = (
    Figure(
        name="meetings.rectifications",
        help="rectifications that agenda items and whistles came to in the period",
        label="rectifications",
        on=(ItemFlow.resolve.count(count_rectifications), PartFlow.evaluate.count(count_rectifications)),
    ),
    Figure(
        name="meetings.enforcements",
        help="enforcements that agenda items and whistles came to in the period",
        label="enforcements",
        on=(ItemFlow.resolve.count(count_enforcements), PartFlow.evaluate.count(count_enforcements)),
    ),
    Figure(
        name="meetings.mediations",
        help="disputes that were settled in the period, each once",
        label="disputes settled",
        on=(MediationFlow.settle,),
    ),
    Figure(
        name="meetings.held",
        help="joint meetings that were held in the period",
        label="joint meetings held",
        on=(MeetingFlow.hold,),
    ),
    Figure(
        name="meetings.items_open",
        help="agenda items that are not decided yet",
        label="agenda items open",
        stock=True,
        on=in_states(ItemFlow.undecided),
    ),
    Figure(
        name="meetings.tasks_open",
        help="follow-up tasks of resolutions that are not done yet",
        label="follow-up tasks open",
        stock=True,
        on=in_states(FollowUpFlow.open),
    ),
    Figure(
        name="meetings.whistles_proposed",
        help="whistles that were proposed in the period, by the desk or by the ladder",
        label="whistles proposed",
        on=(WhistleFlow.propose,),
    ),
    Figure(
        name="meetings.whistles_blown",
        help="whistles that were blown in the period",
        label="whistles blown",
        on=(WhistleFlow.blow, WhistleFlow.take_up),
    ),
    Figure(
        name="meetings.whistles_closed",
        help="whistles that were settled in the period: every department's part is evaluated",
        label="whistles settled",
        on=(WhistleFlow.close,),
        shown_with=("meetings.whistles_open",),
    ),
    Figure(
        name="meetings.whistles_closed_in_time",
        help="of them, those that never went on the district's agenda by themselves",
        label="whistles settled in time",
        on=(WhistleFlow.close.count(_in_time),),
    ),
    Figure(
        name="meetings.whistles_open",
        help="whistles that were blown and are neither settled nor withdrawn",
        label="whistles open",
        stock=True,
        on=in_states(WhistleFlow.blown | WhistleFlow.escalated),
    ),
)
