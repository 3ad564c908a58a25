"""`linli bank`: joining, standing, statements, rules and the public lists."""

from typing import Any, get_args
from uuid import UUID

import attrs
import click

from linli import District, OpenOrder, say, translate
from linli.cli import (
    Choice,
    actor_of,
    add_moves,
    add_openings,
    add_reports,
    as_option,
    json_option,
    noun,
    of_move,
    pass_district,
    print_act,
)
from linli_bank import lists
from linli_bank.api import Bank
from linli_bank.banks import BankFlow, bank_at
from linli_bank.members import AccountFlow, account_of
from linli_bank.printing import PLACE_HELP, unit_option
from linli_bank.reports import REPORTS, day_of

bank = noun(
    "bank",
    "open a compound's bank, join it, see what somebody has, publish lists",
    """
linli bank open --place 锦绣花园
linli bank join --for 13800000000 --place 锦绣花园
linli bank suspend 13800000000 --reason "争议处理中" --until 2026-12-31
linli bank resume 13800000000
linli bank close 锦绣花园 --reason 停办
linli bank carry 锦绣花园 --carried-to 阳光小区 --worth 1 --reason 合并
linli bank leave 13800000000
linli bank statement 13800000000
linli bank rules
linli bank list points --place 锦绣花园
linli bank publish ineligible --place 锦绣花园
linli bank number 13800000000 --period 2026-Q1 --as 13800000000
""",
)


def _at(district: District, text: str) -> UUID:
    """The bank of a place that somebody names."""
    return bank_at(district.register.find_place(text))


def _of(district: District, text: str) -> UUID:
    """The account of a person whom somebody names."""
    return Bank(district).account(district.register.find_one(text)).id


def _under_its_number(_: District, order: OpenOrder) -> OpenOrder:
    number = account_of(order.person) if order.person else bank_at(order.place)
    return attrs.evolve(order, id=number)


@bank.command(help=translate("announce that the bank of PLACE closes; what its members have is kept"))
@click.argument("place")
@of_move(BankFlow, "close")
@as_option
@json_option
@pass_district
def close(district: District, /, place: str, who: str | None, as_json: bool, **values: Any) -> None:
    number = _at(district, place)
    given = {name: value for name, value in values.items() if value is not None}
    print_act(district, district.make(number, "close", given, actor=actor_of(district, who)), as_json)
    if not as_json:
        day = district.subject(number).record.last_day
        click.echo(str(say("points can be spent until {day}", day=day)))


add_openings(bank, BankFlow, complete=_under_its_number)
add_moves(bank, BankFlow, leave_out=("close",), find=_at, typed="PLACE")
add_openings(bank, AccountFlow, complete=_under_its_number)
add_moves(bank, AccountFlow, called={"close": "leave"}, find=_of, typed="PERSON")


_kind = click.argument("kind", type=Choice(get_args(lists.Kind)))
_place = click.option("--place", required=True, help=PLACE_HELP)
_period = click.option(
    "--period",
    default=None,
    help=translate("as it is called: 2026-Q1; else the last period that is over"),
)


@bank.command(help=translate("publish a list of a period that is over; each goes out once"))
@_kind
@_place
@unit_option
@_period
@as_option
@json_option
@pass_district
def publish(
    district: District,
    kind: lists.Kind,
    place: str,
    unit: str | None,
    period: str | None,
    who: str | None,
    as_json: bool,
) -> None:
    where, actor = district.register.find_place(place), actor_of(district, who)
    act = Bank(district).publish_list(where, kind, unit, day_of(period), actor=actor)
    print_act(district, act, as_json)


add_reports(bank, REPORTS)
