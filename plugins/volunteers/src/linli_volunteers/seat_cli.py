"""Commands of `linli session` about one person's place: signing up, coming, going, putting right."""

import click

from linli import District, say, translate
from linli.cli import (
    Choice,
    actor_of,
    add_moves,
    as_option,
    identifier,
    json_option,
    minute,
    pass_district,
    print_act,
    print_json,
)
from linli_volunteers.api import Volunteers
from linli_volunteers.codes import Purpose
from linli_volunteers.printing import draw, for_option, save, whose
from linli_volunteers.seats import SeatFlow

WORDS = ("check-in", "check-out")


def add(group: click.Group) -> None:
    """Add them to a group."""
    for one in (code, sign_up, leave):
        group.add_command(one)
    add_moves(group, SeatFlow, leave_out=("sign_up_again", "leave", "stop_waiting"), whose=True)


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


@click.command(name="sign-up", help=translate("sign up for session NUMBER, or wait for a place"))
@click.argument("number")
@for_option
@as_option
@json_option
@pass_district
def sign_up(district: District, number: str, person: str | None, who: str | None, as_json: bool) -> None:
    volunteer, actor = whose(district, person, who)
    act = Volunteers(district).sign_up(identifier(number), volunteer, actor=actor)
    print_act(district, act, as_json)


@click.command(help=translate("take somebody off the list of session NUMBER, or off its waiting list"))
@click.argument("number")
@for_option
@click.option("--reason", default=None, help=translate("why; needed where it is somebody else's"))
@as_option
@json_option
@pass_district
def leave(
    district: District, number: str, person: str | None, reason: str | None, who: str | None, as_json: bool
) -> None:
    volunteer, actor = whose(district, person, who)
    act = Volunteers(district).leave(identifier(number), volunteer, reason, actor=actor)
    print_act(district, act, as_json)
