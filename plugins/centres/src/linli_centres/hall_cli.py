"""`linli hall`."""

from typing import Any

import click

from linli import District
from linli.cli.moves import add_lists, add_moves, print_act
from linli.cli.nouns import noun
from linli.cli.options import of_move
from linli.cli.reports import add_reports
from linli.cli.shared import actor_of, as_option, json_option, pass_district
from linli.i18n import translate
from linli_centres.api import Centres
from linli_centres.bookings import BookingFlow
from linli_centres.reports import REPORTS

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
add_reports(hall, REPORTS)
