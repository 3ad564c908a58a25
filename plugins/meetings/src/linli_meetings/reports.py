"""Reports on joint meetings."""

import attrs

from linli import Asked, Ref, Table, plain, report, say
from linli_meetings.api import Meetings
from linli_meetings.attendance import Meeting
from linli_meetings.items import ItemFlow


@attrs.frozen(kw_only=True)
class OfMeeting:
    """A meeting."""

    number: Ref[Meeting]


@report("meeting.agenda", "show the agenda of meeting NUMBER", OfMeeting, arguments=("number",))
def agenda(ask: Asked[OfMeeting]) -> Table:
    """What is on it, in the order in which it was put there."""
    found = Meetings(ask.district).agenda(ask.given.number)
    rows = [
        (number, one.record.topic, say(ItemFlow.state(one.state).label), one.id)
        for number, one in enumerate(found, 1)
    ]
    records = [{"id": one.id, "state": one.state, **plain(one.record)} for one in found]
    return Table(("no.", "topic", "state", "number"), rows, records)


REPORTS = (agenda,)
