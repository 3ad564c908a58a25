"""`linli meeting`: call it, take down who is there, hold it."""

import click

from linli import District
from linli.cli.moves import Columns, add_lists, add_moves, print_act
from linli.cli.shared import (
    actor_of,
    as_option,
    identifier,
    json_option,
    minute,
    pass_district,
    plain_record,
    print_json,
    table,
)
from linli.i18n import translate
from linli_meetings.api import Meetings
from linli_meetings.attendance import AttendanceFlow
from linli_meetings.items import ItemFlow
from linli_meetings.meetings import MeetingFlow
from linli_meetings.nouns import NOUNS
from linli_meetings.printing import PLACE_HELP, bodies, moment, values

_WHEN_HELP = translate("when it begins, on the district's clock: 2026-03-09T09:00")


@click.group(
    help=f"""{translate(NOUNS["meeting"])}

\b
linli meeting call --place 城南街道 --starts-at 2026-03-09T09:00 --venue 三楼会议室
linli agenda propose --tier street --place 锦绣花园 --topic 违建
linli agenda schedule ItemFlow --meeting NUMBER
linli meeting attend NUMBER --body 城管大队 --body 消防大队
linli meeting excuse NUMBER --body 水务站 --reason 抢修
linli meeting hold NUMBER
linli meeting agenda NUMBER
linli meeting list --open
"""
)
def meeting() -> None:
    pass


@meeting.command(help=translate("call the joint meeting of a place: a street, or the district"))
@click.option("--place", required=True, help=PLACE_HELP)
@click.option("--starts-at", required=True, help=_WHEN_HELP)
@click.option("--venue", required=True, help=translate("where it meets"))
@click.option(
    "--body",
    multiple=True,
    help=translate("whom to invite; all members, by the district's settings, if not given"),
)
@click.option("--urgent", is_flag=True, help=translate("without the notice; say why"))
@click.option("--reason", default=None, help=translate("why it is urgent"))
@as_option
@json_option
@pass_district
def call(
    district: District,
    place: str,
    starts_at: str,
    venue: str,
    body: tuple[str, ...],
    urgent: bool,
    reason: str | None,
    who: str | None,
    as_json: bool,
) -> None:
    more = values(invited=bodies(district, body), urgent=urgent, reason=reason)
    where, when = district.register.find_place(place), moment(district, starts_at)
    print_act(
        district, Meetings(district).call(where, when, venue, actor=actor_of(district, who), **more), as_json
    )


@meeting.command(help=translate("let it begin at another time; who was there is asked anew"))
@click.argument("number")
@click.option("--starts-at", required=True, help=_WHEN_HELP)
@click.option("--reason", required=True, help=translate("why"))
@as_option
@json_option
@pass_district
def postpone(
    district: District, number: str, starts_at: str, reason: str, who: str | None, as_json: bool
) -> None:
    given = {"starts_at": moment(district, starts_at), "reason": reason}
    print_act(
        district,
        district.make(identifier(number), "postpone", given, actor=actor_of(district, who)),
        as_json,
    )


@meeting.command(help=translate("take down which of the bodies invited are there"))
@click.argument("number")
@click.option("--body", multiple=True, required=True, help=translate("its name or number"))
@as_option
@json_option
@pass_district
def attend(district: District, number: str, body: tuple[str, ...], who: str | None, as_json: bool) -> None:
    desk, actor, ident = Meetings(district), actor_of(district, who), identifier(number)
    for one in bodies(district, body, desk.bodies_of(ident)):
        print_act(district, desk.attend(ident, one, actor=actor), as_json)


@meeting.command(name="agenda", help=translate("show the agenda of meeting NUMBER"))
@click.argument("number")
@json_option
@pass_district
def agenda_(district: District, number: str, as_json: bool) -> None:
    found = Meetings(district).agenda(identifier(number))
    if as_json:
        print_json([{"id": one.id, "state": one.state, **plain_record(one.record)} for one in found])
        return
    rows = [
        (number, one.record.topic, translate(ItemFlow.state(one.state).label), one.id)
        for number, one in enumerate(found, 1)
    ]
    table(["no.", "topic", "state", "number"], rows, False)


add_lists(
    meeting,
    MeetingFlow,
    Columns(
        ("begins", "venue"),
        lambda district, one: (minute(district, one.record.starts_at), one.record.venue),
    ),
)
add_moves(meeting, MeetingFlow, leave_out=("postpone",))
add_moves(meeting, AttendanceFlow, leave_out=("attend",), held_by="body")
