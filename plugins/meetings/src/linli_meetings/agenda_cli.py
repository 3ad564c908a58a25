"""`linli agenda`: what is before the joint meetings, and what they decided."""

import click

from linli import District, say
from linli.cli.choices import Choice
from linli.cli.moves import Columns, add_lists, add_moves, print_act
from linli.cli.shared import Matter, actor_of, as_option, identifier, json_option, pass_district
from linli.i18n import translate
from linli_meetings.api import Meetings
from linli_meetings.circulation import OpinionFlow
from linli_meetings.follow_ups import FollowUpFlow
from linli_meetings.items import ItemFlow
from linli_meetings.nouns import NOUNS
from linli_meetings.printing import PLACE_HELP, bodies, outcome_options, tasks, values
from linli_meetings.proposals import RESOLUTIONS
from linli_meetings.roles import Tier


@click.group(
    help=f"""{translate(NOUNS["agenda"])}

\b
linli agenda propose --tier street --place 锦绣花园 --topic 违建
linli agenda schedule NUMBER --meeting MeetingFlow
linli agenda resolve NUMBER --resolution approved --task 拆除违建 城管大队 2026-03-20
linli agenda circulate NUMBER --draft approved --text 同意拆除
linli agenda agree NUMBER --body 城管大队
linli agenda finish NUMBER --body 城管大队 --result 已拆除
linli agenda list --open
"""
)
def agenda() -> None:
    pass


@agenda.command(help=translate("propose an item to the joint meeting over a place"))
@click.option("--tier", required=True, type=Choice(tuple(Tier)), help=translate("whose meeting"))
@click.option("--place", required=True, help=PLACE_HELP)
@click.option("--topic", required=True, help=translate("a few words, no personal data"))
@click.option("--about", default=None, type=Matter(), help=translate("the number of the matter"))
@click.option(
    "--matter",
    "matter_kind",
    default=None,
    help=translate("what kind of matter it is, where the district names who belongs to it"),
)
@click.option(
    "--grounds",
    default=None,
    type=Choice(("serious", "acute"), context="agenda_item"),
    help=translate("why it is the district's"),
)
@click.option("--description", default=None, help=translate("what it is about"))
@as_option
@json_option
@pass_district
def propose(
    district: District,
    /,
    tier: str,
    place: str,
    topic: str,
    who: str | None,
    as_json: bool,
    **more: object,
) -> None:
    act = Meetings(district).propose(
        district.register.find_place(place), tier, topic, actor=actor_of(district, who), **values(**more)
    )
    print_act(district, act, as_json)


@agenda.command(help=translate("put item NUMBER on a meeting's agenda"))
@click.argument("number")
@click.option("--meeting", required=True, help=translate("the meeting's number"))
@as_option
@json_option
@pass_district
def schedule(district: District, number: str, meeting: str, who: str | None, as_json: bool) -> None:
    act = Meetings(district).schedule(identifier(number), identifier(meeting), actor=actor_of(district, who))
    print_act(district, act, as_json)


@agenda.command(help=translate("ask for agreement to a resolution in writing"))
@click.argument("number")
@click.option(
    "--draft",
    required=True,
    type=Choice(RESOLUTIONS[:5], context="agenda_item"),
    help=translate("the resolution to agree to"),
)
@click.option("--text", required=True, help=translate("what it says"))
@click.option(
    "--body",
    multiple=True,
    help=translate("a member of the meeting that is asked; all that may answer if not given"),
)
@as_option
@json_option
@pass_district
def circulate(
    district: District,
    number: str,
    draft: str,
    text: str,
    body: tuple[str, ...],
    who: str | None,
    as_json: bool,
) -> None:
    item = identifier(number)
    more = values(bodies=bodies(district, body, near=district.subject(item).place))
    act = Meetings(district).circulate(item, draft, text, actor=actor_of(district, who), **more)
    print_act(district, act, as_json)


@agenda.command(help=translate("take down what was decided, what is to be done, and what it came to"))
@click.argument("number")
@click.option(
    "--resolution",
    required=True,
    type=Choice(RESOLUTIONS, context="agenda_item"),
    help=translate("what was decided"),
)
@click.option("--reason", default=None, help=translate("why; needed for everything but approved and noted"))
@click.option(
    "--task",
    "given",
    nargs=3,
    multiple=True,
    metavar="WHAT WHO UNTIL",
    help=translate("a task: what, which organisation, until when; as often as there are tasks"),
)
@outcome_options
@as_option
@json_option
@pass_district
def resolve(
    district: District,
    /,
    number: str,
    resolution: str,
    given: tuple[tuple[str, str, str], ...],
    who: str | None,
    as_json: bool,
    **more: object,
) -> None:
    act = Meetings(district).resolve(
        identifier(number),
        resolution,
        tasks=tasks(district, given),
        actor=actor_of(district, who),
        **{name: value for name, value in values(**more).items() if value},
    )
    print_act(district, act, as_json)


add_lists(
    agenda,
    ItemFlow,
    Columns(
        ("tier", "topic", "resolution"),
        lambda district, one: (
            translate(one.record.tier),
            one.record.topic,
            one.record.resolution and say(one.record.resolution.label),
        ),
        place=True,
    ),
)
add_moves(agenda, ItemFlow, leave_out=("schedule", "circulate", "resolve"))
add_moves(agenda, OpinionFlow, held_by="body")
add_moves(agenda, FollowUpFlow, held_by="body")
