"""`linli need rota`: who is on duty when."""

from datetime import datetime

import click

from linli import District, local_moment, say, translate
from linli.cli import (
    actor_of,
    add_reports,
    as_option,
    identifier,
    json_option,
    noun,
    pass_district,
    print_json,
)
from linli_three_lists.api import Needs
from linli_three_lists.reports import REPORTS

_MOMENT = click.DateTime(["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d"])
_PLACE_HELP = translate("a number or a path of names: 锦绣花园/3栋")


rota = noun(
    "rota",
    "the duty rota: what is urgent goes to whoever is on duty, the nearest by",
    """
linli need rota add 13800000000 --place 锦绣花园 --from "2026-03-02 20:00" --to "2026-03-03 08:00"
linli need rota add 13800000000 --place 锦绣花园 --from "2026-03-07 08:00" --to "2026-03-07 20:00" --weeks 8
linli need rota list --place 锦绣花园
linli need rota now --place 锦绣花园
linli need rota drop NUMBER
""",
)


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


@rota.command(help=translate("take shift NUMBER off the rota"))
@click.argument("number")
@as_option
@pass_district
def drop(district: District, number: str, who: str | None) -> None:
    Needs(district).rota.drop(identifier(number), actor=actor_of(district, who))


add_reports(rota, REPORTS)
