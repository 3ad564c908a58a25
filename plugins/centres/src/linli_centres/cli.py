"""`linli centre`."""

from datetime import date

import click

from linli import District, Subject
from linli.cli.moves import Columns, add_lists, add_moves
from linli.cli.nouns import noun
from linli.cli.openings import add_openings
from linli.cli.shared import (
    json_option,
    pass_district,
    plain_record,
    print_json,
    show,
    table,
)
from linli.i18n import listed, say, translate
from linli_centres.api import Centres
from linli_centres.centres import CentreFlow
from linli_centres.hours import Span

_PLACE_HELP = translate("a number or a path of names: 锦绣花园")
_DAY = click.DateTime(["%Y-%m-%d"])
_below = click.option("--place", default=None, help=_PLACE_HELP)


centre = noun(
    "centre",
    "service centres and courier stations",
    """
linli centre open --name 锦绣花园党群服务中心 --place 锦绣花园 --facilities hall --facilities board --seats 40
linli centre open --name 火车站快递外卖红色驿站 --place 城南街道 --centre-kind courier_station
linli centre set-hours 锦绣花园党群服务中心 --week "1-5 08:30-12:00,14:30-17:30" --hall-week "1-7 09:00-21:00"
linli centre hours 锦绣花园党群服务中心 --on 2026-10-01
linli centre services 锦绣花园党群服务中心
linli centre list --open --place 城南街道
""",
)


@centre.command(help=translate("show when CENTRE is open on a day"))
@click.argument("text", metavar="CENTRE")
@click.option("--on", "day", type=_DAY, default=None, help=translate("which day: 2026-03-05; else today"))
@json_option
@pass_district
def hours(district: District, text: str, day: date | None, as_json: bool) -> None:
    desk = Centres(district)
    found = desk.find(text)
    on = date.fromisoformat(f"{day or district.now().astimezone(district.rules.zone):%Y-%m-%d}")
    told = {"centre": desk.hours_on(found, on), "hall": desk.hours_on(found, on, hall=True)}
    show({"day": on.isoformat()} | {name: _spans(spans) for name, spans in told.items()}, as_json)


def _spans(spans: tuple[Span, ...]) -> str | None:
    return str(listed(f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in spans)) if spans else None


@centre.command(help=translate("show what can be done at CENTRE's desk, by whom, and what to bring"))
@click.argument("text", metavar="CENTRE")
@json_option
@pass_district
def services(district: District, text: str, as_json: bool) -> None:
    desk = Centres(district)
    found = desk.services(desk.find(text))
    if as_json:
        print_json([plain_record(one) for one in found])
        return
    rows = [
        (one.code, one.name, one.by, "、".join(one.papers) or "-", one.days or say("done at once"))
        for one in found
    ]
    table(["code", "name", "who does it", "papers", "takes, in working days"], rows, False)


@centre.command(help=translate("list the centres at whose desk SERVICE can be done"))
@click.argument("service")
@_below
@json_option
@pass_district
def where(district: District, service: str, place: str | None, as_json: bool) -> None:
    found = Centres(district).where(service, district.register.find_place(place) if place else None)
    rows = [(one.id, one.record.name, district.register.name_path(one.place)) for one in found]
    table(["number", "name", "place"], rows, as_json)


def _cells(district: District, one: Subject) -> tuple[object, ...]:
    facilities = listed(map(translate, one.record.facilities))
    return one.record.name, translate(one.record.centre_kind), facilities


add_openings(centre, CentreFlow)
add_lists(centre, CentreFlow, Columns(("name", "kind", "facilities"), _cells, place=True))
add_moves(centre, CentreFlow)
