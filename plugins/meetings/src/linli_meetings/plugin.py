"""What the meetings bring, and what linli asks them."""

from collections.abc import Iterable

from linli import AnyAct, Effect, Plugin, PostRule, StandIn, about, hookimpl
from linli.hooks import RequestFlow
from linli_meetings.attendance import AttendanceFlow, EntryFlow
from linli_meetings.circulation import CirculationFlow, OpinionFlow
from linli_meetings.departments import PartFlow
from linli_meetings.figures import FIGURES
from linli_meetings.follow_ups import FollowUpFlow
from linli_meetings.items import ItemFlow
from linli_meetings.meetings import MeetingFlow
from linli_meetings.outcomes import MediationFlow
from linli_meetings.settings import MeetingSettings
from linli_meetings.whistles import WhistleFlow, settled_without

POSTS = (PostRule(role="meeting_secretary", given_by=("officer",)),)


PLUGIN = Plugin(
    name="meetings",
    post_rules=POSTS,
    reports="linli_meetings.reports",
    settings=MeetingSettings,
    workflows=(
        MeetingFlow,
        AttendanceFlow,
        EntryFlow,
        ItemFlow,
        FollowUpFlow,
        CirculationFlow,
        OpinionFlow,
        WhistleFlow,
        PartFlow,
        MediationFlow,
    ),
    figures=FIGURES,
    stand_ins=(StandIn(lacking="meeting_secretary", roles=("officer",)),),
)


@hookimpl
@about(RequestFlow)
def act_effects(t: AnyAct) -> Iterable[Effect]:
    """A whistle that is only proposed lapses with its request."""
    if request := t.of(RequestFlow):
        yield from settled_without(request)
