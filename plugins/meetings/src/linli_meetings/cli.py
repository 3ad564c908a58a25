"""`linli meeting`: call it, take down who is there, hold it."""

import click

from linli import District, translate
from linli.cli import (
    Columns,
    actor_of,
    add_lists,
    add_moves,
    add_openings,
    add_reports,
    as_option,
    identifier,
    json_option,
    minute,
    noun,
    pass_district,
    print_act,
)
from linli_meetings.api import Meetings
from linli_meetings.attendance import AttendanceFlow
from linli_meetings.meetings import MeetingFlow
from linli_meetings.reports import REPORTS

meeting = noun(
    "meeting",
    "joint meetings of a street and of the district",
    """
linli meeting call --place 城南街道 --starts-at 2026-03-09T09:00 --venue 三楼会议室
linli agenda propose --tier street --place 锦绣花园 --topic 违建
linli agenda schedule ITEM --meeting NUMBER
linli meeting attend NUMBER --body 城管大队 --body 消防大队
linli meeting excuse NUMBER --body 水务站 --reason 抢修
linli meeting hold NUMBER
linli meeting agenda NUMBER
linli meeting list --open
""",
)


@meeting.command(help=translate("take down which of the bodies invited are there"))
@click.argument("number")
@click.option("--body", multiple=True, required=True, help=translate("its name or number"))
@as_option
@json_option
@pass_district
def attend(district: District, number: str, body: tuple[str, ...], who: str | None, as_json: bool) -> None:
    desk, actor, ident = Meetings(district), actor_of(district, who), identifier(number)
    invited = desk.bodies_of(ident)
    for name in body:
        one = district.register.find_organisation(name, invited)
        act = district.make(desk.part_of(ident, one).id, "attend", actor=actor)
        print_act(district, act, as_json)


add_lists(
    meeting,
    MeetingFlow,
    Columns(
        ("begins", "venue"),
        lambda district, one: (minute(district, one.record.starts_at), one.record.venue),
    ),
)
add_openings(meeting, MeetingFlow)
add_moves(meeting, MeetingFlow)
add_moves(meeting, AttendanceFlow, leave_out=("attend",), held_by="body")
add_reports(meeting, REPORTS)
