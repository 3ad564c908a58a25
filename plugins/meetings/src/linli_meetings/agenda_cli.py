"""`linli agenda`: what is before the joint meetings, and what they decided."""

import click

from linli import District, say, translate
from linli.cli import (
    Choice,
    Columns,
    actor_of,
    add_lists,
    add_moves,
    add_openings,
    as_option,
    identifier,
    json_option,
    noun,
    pass_district,
    print_act,
)
from linli_meetings.circulation import OpinionFlow
from linli_meetings.follow_ups import FollowUpFlow
from linli_meetings.items import ItemFlow
from linli_meetings.printing import outcome_options, tasks
from linli_meetings.proposals import RESOLUTIONS

agenda = noun(
    "agenda",
    "agenda items: proposed, decided by a meeting or by circulation, carried out",
    """
linli agenda propose --tier street --place 锦绣花园 --topic 违建
linli agenda schedule NUMBER --meeting MEETING
linli agenda resolve NUMBER --resolution approved --task 拆除违建 城管大队 2026-03-20
linli agenda circulate NUMBER --draft approved --text 同意拆除
linli agenda agree NUMBER --body 城管大队
linli agenda finish NUMBER --body 城管大队 --result 已拆除
linli agenda list --open
""",
)


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
    act = district.make(
        identifier(number),
        "resolve",
        {
            "resolution": resolution,
            "tasks": tasks(district, given),
            **{name: value for name, value in more.items() if value},
        },
        actor=actor_of(district, who),
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
add_openings(agenda, ItemFlow)
add_moves(agenda, ItemFlow, leave_out=("resolve",))
add_moves(agenda, OpinionFlow, held_by="body")
add_moves(agenda, FollowUpFlow, held_by="body")
