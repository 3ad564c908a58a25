"""`linli whistle`: blow it, report in, do it, evaluate."""

import click

from linli import Actor, District
from linli.cli.choices import Choice
from linli.cli.moves import Columns, add_lists, add_moves, print_act
from linli.cli.shared import Matter, actor_of, as_option, identifier, json_option, pass_district
from linli.i18n import translate
from linli_meetings.api import Meetings
from linli_meetings.departments import Grade, PartFlow
from linli_meetings.nouns import NOUNS
from linli_meetings.printing import PLACE_HELP, bodies, outcome_options, values
from linli_meetings.whistles import WhistleFlow

_department_option = click.option(
    "--department", multiple=True, required=True, help=translate("its name or number; as often as needed")
)


@click.group(
    help=f"""{translate(NOUNS["whistle"])}

\b
linli whistle propose --place 锦绣花园 --topic 违建
linli whistle list --state proposed --place 城北街道
linli whistle take-up NUMBER --department 城管大队
linli whistle dismiss NUMBER --reason 已约明天维修
linli whistle blow --place 锦绣花园 --topic 违建 --department 城管大队 --department 消防大队
linli whistle report-in NUMBER --department 城管大队
linli whistle decline NUMBER --department 消防大队 --reason 不属本部门职责
linli whistle replace NUMBER --department 消防大队 --instead 水务站 --reason 改由水务站办理
linli whistle finish NUMBER --department 城管大队 --result 已拆除
linli whistle evaluate NUMBER --department 城管大队 --grade good --rectifications 1
linli whistle list --open --late
"""
)
def whistle() -> None:
    pass


@whistle.command(help=translate("blow the whistle for departments"))
@click.option("--place", required=True, help=PLACE_HELP)
@click.option("--topic", required=True, help=translate("a few words, no personal data"))
@_department_option
@click.option("--request", default=None, type=Matter(), help=translate("the number of the request behind it"))
@click.option("--urgent", is_flag=True, help=translate("deadlines run at night and on holidays too"))
@click.option("--description", default=None, help=translate("what it is about"))
@as_option
@json_option
@pass_district
def blow(
    district: District,
    /,
    place: str,
    topic: str,
    department: tuple[str, ...],
    who: str | None,
    as_json: bool,
    **more: object,
) -> None:
    where = district.register.find_place(place)
    named = bodies(district, department, near=where)
    act = Meetings(district).blow(where, topic, named, actor=actor_of(district, who), **values(**more))
    print_act(district, act, as_json)


@whistle.command(help=translate("propose to the street's officer that the whistle be blown"))
@click.option("--place", required=True, help=PLACE_HELP)
@click.option("--topic", required=True, help=translate("a few words, no personal data"))
@click.option("--request", default=None, type=Matter(), help=translate("the number of the request behind it"))
@click.option("--urgent", is_flag=True, help=translate("deadlines run at night and on holidays too"))
@click.option("--description", default=None, help=translate("what it is about"))
@as_option
@json_option
@pass_district
def propose(
    district: District, /, place: str, topic: str, who: str | None, as_json: bool, **more: object
) -> None:
    where, actor = district.register.find_place(place), actor_of(district, who)
    given = {"topic": topic, **values(**more)}
    print_act(district, district.start("whistle", "propose", where, given, actor=actor), as_json)


@whistle.command(name="take-up", help=translate("blow whistle NUMBER, which was proposed"))
@click.argument("number")
@_department_option
@click.option("--description", default=None, help=translate("what it is about"))
@as_option
@json_option
@pass_district
def take_up(
    district: District,
    number: str,
    department: tuple[str, ...],
    description: str | None,
    who: str | None,
    as_json: bool,
) -> None:
    blown = identifier(number)
    near = district.subject(blown).place
    given = values(departments=bodies(district, department, near=near), description=description)
    print_act(district, district.make(blown, "take_up", given, actor=actor_of(district, who)), as_json)


@whistle.command(help=translate("name one more department for whistle NUMBER"))
@click.argument("number")
@click.option("--department", required=True, help=translate("its name or number"))
@as_option
@json_option
@pass_district
def name(district: District, number: str, department: str, who: str | None, as_json: bool) -> None:
    given = {"department": district.register.find_organisation(department)}
    print_act(
        district, district.make(identifier(number), "name", given, actor=actor_of(district, who)), as_json
    )


@whistle.command(help=translate("name another department instead of one that declined or did not come"))
@click.argument("number")
@click.option("--department", required=True, help=translate("which one is replaced"))
@click.option("--instead", required=True, help=translate("its name or number"))
@click.option("--reason", required=True, help=translate("why"))
@as_option
@json_option
@pass_district
def replace(
    district: District,
    number: str,
    department: str,
    instead: str,
    reason: str,
    who: str | None,
    as_json: bool,
) -> None:
    given = {"instead": district.register.find_organisation(instead), "reason": reason}
    _of_part(district, number, department, "replace", given, actor_of(district, who), as_json)


@whistle.command(help=translate("evaluate what a department did, and take down what it came to"))
@click.argument("number")
@click.option("--department", required=True, help=translate("its name or number"))
@click.option("--grade", required=True, type=Choice(tuple(Grade)), help=translate("how it was done"))
@click.option("--reason", default=None, help=translate("what was poor"))
@outcome_options
@as_option
@json_option
@pass_district
def evaluate(
    district: District, /, number: str, department: str, who: str | None, as_json: bool, **more: object
) -> None:
    _of_part(district, number, department, "evaluate", values(**more), actor_of(district, who), as_json)


def _of_part(
    district: District,
    number: str,
    department: str,
    move: str,
    given: dict[str, object],
    actor: Actor,
    as_json: bool,
) -> None:
    desk, whole = Meetings(district), identifier(number)
    body = district.register.find_organisation(department, desk.bodies_of(whole))
    part = desk.part_of(whole, body).id
    print_act(district, district.make(part, move, given, actor=actor), as_json)


add_lists(
    whistle,
    WhistleFlow,
    Columns(
        ("topic", "request"),
        lambda district, one: (one.record.topic, one.record.request),
        place=True,
    ),
)
add_moves(whistle, WhistleFlow, leave_out=("take_up", "name"))
add_moves(whistle, PartFlow, leave_out=("evaluate", "replace"), held_by="department")
