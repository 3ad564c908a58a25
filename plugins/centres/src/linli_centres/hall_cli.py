"""`linli hall`."""

from datetime import date
from typing import Any

import click

from linli import District
from linli.cli.moves import add_lists, add_moves, print_act
from linli.cli.nouns import noun
from linli.cli.options import of_move
from linli.cli.shared import (
    actor_of,
    as_option,
    json_option,
    minute,
    pass_district,
    plain_record,
    print_json,
    table,
)
from linli.i18n import translate
from linli.wording import state_of
from linli_centres.api import Centres
from linli_centres.bookings import BookingFlow

hall = noun(
    "hall",
    "booking the halls of centres",
    """
linli hall free 锦绣花园党群服务中心 --on 2026-03-05
linli hall book 锦绣花园党群服务中心 --starts-at "2026-03-05 14:30" --ends-at "2026-03-05 16:00" --for 13800000000
linli hall approve NUMBER
linli hall hold NUMBER --came 23
linli hall list --place 锦绣花园
""",
)


@hall.command(help=translate("show when the hall of CENTRE is free on a day"))
@click.argument("text", metavar="CENTRE")
@click.option(
    "--on", "day", type=click.DateTime(["%Y-%m-%d"]), required=True, help=translate("which day: 2026-03-05")
)
@json_option
@pass_district
def free(district: District, text: str, day: date, as_json: bool) -> None:
    desk = Centres(district)
    found = desk.free(desk.find(text), date.fromisoformat(f"{day:%Y-%m-%d}"))
    if as_json:
        print_json([plain_record(one) for one in found])
        return
    table(["from", "to"], [(f"{one.starts_at:%H:%M}", f"{one.ends_at:%H:%M}") for one in found], False)


@hall.command(help=translate("book the hall of CENTRE for somebody"))
@click.argument("text", metavar="CENTRE")
@click.option("--for", "person", required=True, help=translate("a phone, an identity number or a number"))
@of_move(BookingFlow, "ask", leave_out=("centre",))
@as_option
@json_option
@pass_district
def book(
    district: District, /, text: str, person: str, who: str | None, as_json: bool, **values: Any
) -> None:
    desk, whose = Centres(district), district.register.find_one(person)
    centre = desk.centre(desk.find(text))
    given = {"centre": centre.id} | {name: value for name, value in values.items() if value is not None}
    actor = actor_of(district, who)
    act = district.start("hall_booking", "ask", centre.place, given, person=whose, actor=actor)
    print_act(district, act, as_json)


add_lists(hall, BookingFlow)
add_moves(hall, BookingFlow)


@hall.command(name="list", help=translate("list bookings, by when they begin"))
@click.option("--place", default=None, help=translate("a number or a path of names: 锦绣花园"))
@click.option("--ended", is_flag=True, help=translate("ended ones too"))
@click.option("--most", default=200, show_default=True, type=click.IntRange(1, 10_000))
@json_option
@pass_district
def list_(district: District, place: str | None, ended: bool, most: int, as_json: bool) -> None:
    desk = Centres(district)
    where = district.register.find_place(place) if place else None
    found = desk.bookings(where, ended=ended, most=most)
    if as_json:
        print_json([{"id": one.id, "state": one.state} | plain_record(one.record) for one in found])
        return
    names = {one.id: one.record.name for one in desk.centres(closed=True)}
    rows = [
        (
            one.id,
            names[one.record.centre],
            minute(district, one.record.starts_at),
            minute(district, one.record.ends_at),
            translate(one.record.purpose),
            state_of(BookingFlow, one, district.now()),
        )
        for one in found
    ]
    table(["number", "centre", "from", "to", "purpose", "state"], rows, False)
