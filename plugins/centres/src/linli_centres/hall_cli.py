"""`linli hall`."""

from datetime import date, datetime

import click

from linli import District
from linli.cli.choices import Choice
from linli.cli.moves import add_lists, add_moves, print_act
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
from linli.cli.telling import state_of
from linli.i18n import translate
from linli_centres.api import Centres
from linli_centres.bookings import BookingFlow
from linli_centres.nouns import NOUNS
from linli_centres.records import Purpose

_MINUTE = click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"])
_PURPOSE_HELP = translate("members' activity, deliberation, party education, other")


@click.group(
    help=f"""{translate(NOUNS["hall"])}

\b
linli hall free 锦绣花园党群服务中心 --on 2026-03-05
linli hall book 锦绣花园党群服务中心 --from "2026-03-05 14:30" --to "2026-03-05 16:00" --for 13800000000
linli hall approve NUMBER
linli hall hold NUMBER --came 23
linli hall list --place 锦绣花园
"""
)
def hall() -> None:
    pass


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
@click.option(
    "--from", "start", type=_MINUTE, required=True, help=translate("when it begins: 2026-03-05 14:30")
)
@click.option("--to", "end", type=_MINUTE, required=True, help=translate("when it ends"))
@click.option("--for", "person", required=True, help=translate("a phone, an identity number or a number"))
@click.option("--purpose", type=Choice(Purpose), default=Purpose.OTHER, show_default=True, help=_PURPOSE_HELP)
@click.option("--people", type=int, default=0, help=translate("how many are expected"))
@click.option("--note", default=None, help=translate("what the keeper should know; it is kept in the vault"))
@as_option
@json_option
@pass_district
def book(
    district: District, text: str, start: datetime, end: datetime, person: str, purpose: str, people: int,
    note: str | None, who: str | None, as_json: bool,
) -> None:  # fmt: skip
    desk, zone = Centres(district), district.rules.zone
    act = desk.book(
        desk.find(text), start.replace(tzinfo=zone), end.replace(tzinfo=zone), district.register.find_one(person),
        purpose=purpose, people=people, note=note, actor=actor_of(district, who),
    )  # fmt: skip
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
