"""Commands of `linli session` about one person's place: coming, going, putting right."""

from typing import Any

import click

from linli import District
from linli.cli.choices import Choice
from linli.cli.moves import print_act
from linli.cli.shared import (
    actor_of,
    as_option,
    identifier,
    json_option,
    minute,
    pass_district,
    print_json,
)
from linli.i18n import say, translate
from linli_volunteers.api import Volunteers
from linli_volunteers.codes import Purpose
from linli_volunteers.printing import draw, for_option, moment, reason_option, save, whose

WORDS = ("check-in", "check-out")
_CODE = click.option("--code", "code_", required=True, help=translate("what the leader shows"))


def add(group: click.Group) -> None:
    """Add them to a group."""
    for one in (
        code,
        check_in,
        check_out,
        check_in_by_hand,
        check_out_by_hand,
        correct,
        mark_absent,
        admit,
        annul,
        count_again,
    ):
        group.add_command(one)


@click.command(
    help=translate("show the code that people check in or out with now, to whoever leads session NUMBER")
)
@click.argument("number")
@click.option("--purpose", type=Choice(WORDS), required=True)
@click.option("--qr", default=None, help=translate("write a QR of it to this file: .svg, .png or .pdf"))
@click.option("--terminal", is_flag=True, help=translate("draw a QR of it here"))
@as_option
@json_option
@pass_district
def code(
    district: District,
    number: str,
    purpose: Purpose,
    qr: str | None,
    terminal: bool,
    who: str | None,
    as_json: bool,
) -> None:
    desk, session = Volunteers(district), identifier(number)
    found = desk.code(session, purpose, actor=actor_of(district, who))
    text = desk.qr(session, purpose, found)
    if qr:
        save(text, qr)
    if as_json:
        print_json({"code": found.text, "changes_at": found.changes_at, "until": found.until, "qr": text})
        return
    if terminal:
        click.echo(draw(text))
    click.echo(found.text)
    click.echo(str(say("it is taken until {moment}", moment=minute(district, found.until))), err=True)


@click.command(name="check-in", help=translate("check in at session NUMBER by the code on show"))
@click.argument("number")
@_CODE
@as_option
@json_option
@pass_district
def check_in(district: District, number: str, code_: str, who: str | None, as_json: bool) -> None:
    person, actor = whose(district, None, who)
    act = Volunteers(district).check_in(identifier(number), person, code_, actor=actor)
    print_act(district, act, as_json)


@click.command(name="check-out", help=translate("check out of session NUMBER by the code on show"))
@click.argument("number")
@_CODE
@as_option
@json_option
@pass_district
def check_out(district: District, number: str, code_: str, who: str | None, as_json: bool) -> None:
    person, actor = whose(district, None, who)
    act = Volunteers(district).check_out(identifier(number), person, code_, actor=actor)
    print_act(district, act, as_json)


@click.command(
    name="check-in-by-hand", help=translate("check somebody in at session NUMBER, and say why by hand")
)
@click.argument("number")
@for_option
@reason_option
@click.option(
    "--at", "when", default=None, help=translate("when they came: 2026-03-09T09:05; now if not given")
)
@as_option
@json_option
@pass_district
def check_in_by_hand(
    district: District,
    number: str,
    person: str | None,
    reason: str,
    when: str | None,
    who: str | None,
    as_json: bool,
) -> None:
    volunteer, actor = whose(district, person, who)
    act = Volunteers(district).by_hand(
        "check_in_by_hand", identifier(number), volunteer, reason, moment(district, when), actor=actor
    )
    print_act(district, act, as_json)


@click.command(
    name="check-out-by-hand", help=translate("check somebody out of session NUMBER, and say why by hand")
)
@click.argument("number")
@for_option
@reason_option
@click.option(
    "--at", "when", default=None, help=translate("when they left: 2026-03-09T11:00; now if not given")
)
@as_option
@json_option
@pass_district
def check_out_by_hand(
    district: District,
    number: str,
    person: str | None,
    reason: str,
    when: str | None,
    who: str | None,
    as_json: bool,
) -> None:
    volunteer, actor = whose(district, person, who)
    act = Volunteers(district).by_hand(
        "check_out_by_hand", identifier(number), volunteer, reason, moment(district, when), actor=actor
    )
    print_act(district, act, as_json)


@click.command(help=translate("put somebody's minutes or lateness at session NUMBER right"))
@click.argument("number")
@for_option
@click.option("--minutes", type=int, default=None, help=translate("how many minutes there were"))
@click.option("--late/--in-time", default=None, help=translate("whether they came late"))
@reason_option
@as_option
@json_option
@pass_district
def correct(
    district: District,
    number: str,
    person: str | None,
    minutes: int | None,
    late: bool | None,
    reason: str,
    who: str | None,
    as_json: bool,
) -> None:
    given = {"minutes": minutes, "late": late}
    values = {name: value for name, value in given.items() if value is not None}
    _move(district, number, person, "correct", {**values, "reason": reason}, who, as_json)


@click.command(name="mark-absent", help=translate("mark somebody absent from session NUMBER: no minutes"))
@click.argument("number")
@for_option
@reason_option
@as_option
@json_option
@pass_district
def mark_absent(
    district: District, number: str, person: str | None, reason: str, who: str | None, as_json: bool
) -> None:
    _move(district, number, person, "mark_absent", {"reason": reason}, who, as_json)


@click.command(help=translate("take somebody from the waiting list of session NUMBER, once it is under way"))
@click.argument("number")
@for_option
@as_option
@json_option
@pass_district
def admit(district: District, number: str, person: str | None, who: str | None, as_json: bool) -> None:
    _move(district, number, person, "admit", {}, who, as_json)


@click.command(help=translate("annul somebody's hours of session NUMBER, which was held"))
@click.argument("number")
@for_option
@reason_option
@as_option
@json_option
@pass_district
def annul(
    district: District, number: str, person: str | None, reason: str, who: str | None, as_json: bool
) -> None:
    _move(district, number, person, "annul", {"reason": reason}, who, as_json)


@click.command(
    name="count-again",
    help=translate("count somebody's annulled hours of session NUMBER again, with other minutes"),
)
@click.argument("number")
@for_option
@click.option("--minutes", type=int, required=True, help=translate("how many minutes there were"))
@reason_option
@as_option
@json_option
@pass_district
def count_again(
    district: District,
    number: str,
    person: str | None,
    minutes: int,
    reason: str,
    who: str | None,
    as_json: bool,
) -> None:
    _move(district, number, person, "count_again", {"minutes": minutes, "reason": reason}, who, as_json)


def _move(
    district: District,
    number: str,
    person: str | None,
    move: str,
    values: dict[str, Any],
    who: str | None,
    as_json: bool,
) -> None:
    volunteer, actor = whose(district, person, who)
    seat = Volunteers(district).seat(identifier(number), volunteer).id
    print_act(district, district.make(seat, move, values, actor=actor), as_json)
