"""`linli need rota`: who is on duty when."""

from datetime import datetime
from uuid import UUID

import click

from linli import District
from linli.calendar import local_moment
from linli.cli.shared import (
    actor_of,
    as_option,
    identifier,
    json_option,
    minute,
    names_of,
    pass_district,
    print_json,
    table,
)
from linli.i18n import say, translate
from linli_three_lists.api import Needs
from linli_three_lists.duty import Shift

_MOMENT = click.DateTime(["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d"])
_PLACE_HELP = translate("a number or a path of names: 锦绣花园/3栋")


@click.group(
    help=f"""{translate("the duty rota: what is urgent goes to whoever is on duty, the nearest by")}

\b
linli need rota add 13800000000 --place 锦绣花园 --from "2026-03-02 20:00" --to "2026-03-03 08:00"
linli need rota add 13800000000 --place 锦绣花园 --from "2026-03-07 08:00" --to "2026-03-07 20:00" --weeks 8
linli need rota list --place 锦绣花园
linli need rota now --place 锦绣花园
linli need rota drop NUMBER
"""
)
def rota() -> None:
    pass


@rota.command(help=translate("put PERSON on duty for a place and all below it"))
@click.argument("person")
@click.option("--place", required=True, help=_PLACE_HELP)
@click.option(
    "--from", "since", type=_MOMENT, required=True, help=translate("when it begins: 2026-03-02 20:00")
)
@click.option("--to", "until", type=_MOMENT, required=True, help=translate("when it ends"))
@click.option("--role", default=None, help=translate("the post that they are on duty in; else the duty role"))
@click.option(
    "--weeks",
    default=1,
    show_default=True,
    type=click.IntRange(1, 53),
    help=translate("so many weeks in all"),
)
@as_option
@json_option
@pass_district
def add(
    district: District,
    person: str,
    place: str,
    since: datetime,
    until: datetime,
    role: str | None,
    weeks: int,
    who: str | None,
    as_json: bool,
) -> None:
    zone = district.rules.zone
    found = Needs(district).rota.add(
        district.register.find_one(person),
        district.register.find_place(place),
        local_moment(since, zone, "since"),
        local_moment(until, zone, "until"),
        role=role,
        weeks=weeks,
        actor=actor_of(district, who),
    )
    if as_json:
        print_json(found)
        return
    for shift in found:
        click.echo(str(say("on the rota: {id}", id=shift)))


@rota.command(name="list", help=translate("list the shifts from now on, the earliest first"))
@click.option("--place", default=None, help=_PLACE_HELP)
@json_option
@pass_district
def list_(district: District, place: str | None, as_json: bool) -> None:
    where = district.register.find_place(place) if place else None
    _print(district, Needs(district).rota.shifts(where), as_json)


@rota.command(help=translate("list who is on duty for a place at this moment, there or above"))
@click.option("--place", required=True, help=_PLACE_HELP)
@json_option
@pass_district
def now(district: District, place: str, as_json: bool) -> None:
    _print(district, Needs(district).rota.now(district.register.find_place(place)), as_json)


@rota.command(help=translate("take shift NUMBER off the rota"))
@click.argument("number")
@as_option
@pass_district
def drop(district: District, number: str, who: str | None) -> None:
    Needs(district).rota.drop(identifier(number), actor=actor_of(district, who))


def _print(district: District, shifts: list[Shift], as_json: bool) -> None:
    def moment(at: datetime) -> object:
        return at if as_json else minute(district, at)

    named = (
        {} if as_json else names_of(district, {where for one in shifts for where in (one.place, one.seat.at)})
    )

    def called(ident: UUID) -> object:
        return named.get(ident, ident)

    rows = [
        (one.id, called(one.place), one.person, one.seat.role, called(one.seat.at), moment(one.since), moment(one.until))
        for one in shifts
    ]  # fmt: skip
    table(["id", "place", "person", "role", "at", "since", "until"], rows, as_json)
