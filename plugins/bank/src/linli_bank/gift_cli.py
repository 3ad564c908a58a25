"""`linli gift` and `linli redemption`."""

from typing import Any
from uuid import UUID

import click

from linli import District, say, translate
from linli.cli import (
    actor_of,
    add_lists,
    add_moves,
    add_reports,
    as_option,
    identifier,
    json_option,
    noun,
    of_move,
    pass_district,
    print_act,
    print_json,
)
from linli_bank.api import Bank
from linli_bank.gifts import GiftFlow
from linli_bank.printing import PLACE_HELP, key_option
from linli_bank.redemptions import RedemptionFlow
from linli_bank.reports import REPORTS

gift = noun(
    "gift",
    "gifts: offer, restock, order",
    """
linli gift offer --place 锦绣花园 --name 洗衣液 --price 30 --pieces 50
linli gift list --place 锦绣花园
linli gift order NUMBER --for 13800000000
linli gift restock NUMBER --pieces 20
linli gift withdraw NUMBER --reason 换季
""",
)


@gift.command(help=translate("offer something for points"))
@click.option("--place", required=True, help=PLACE_HELP)
@of_move(GiftFlow, "offer")
@key_option
@as_option
@json_option
@pass_district
def offer(
    district: District, /, place: str, key: UUID | None, who: str | None, as_json: bool, **values: Any
) -> None:
    where, actor = district.register.find_place(place), actor_of(district, who)
    for doubt in Bank(district).doubts(where, values["name"], values["price"]):
        click.echo(str(doubt), err=True)
    given = {name: value for name, value in values.items() if value is not None}
    act = district.start("gift", "offer", where, given, actor=actor, key=key)
    print_act(district, act, as_json)


@gift.command(help=translate("order pieces of gift NUMBER; prints the code to fetch them with"))
@click.argument("number")
@click.option("--for", "person", required=True, help=translate("a phone, an identity number or a number"))
@click.option("--pieces", default=1, show_default=True, type=int)
@key_option
@as_option
@json_option
@pass_district
def order(
    district: District,
    number: str,
    person: str,
    pieces: int,
    key: UUID | None,
    who: str | None,
    as_json: bool,
) -> None:
    desk, actor = Bank(district), actor_of(district, who)
    payer = district.register.find_one(person)
    act = desk.order(identifier(number), payer, pieces, actor=actor, key=key)
    # A keeper who orders for somebody else does not see their code.
    code = desk.code(act.subject, actor=actor) if actor.person in (None, payer) else None
    if as_json:
        print_json({"act": act.id, "id": act.subject, "code": code})
        return
    print_act(district, act, False)
    if code:
        click.echo(str(say("the code to fetch it with: {code}", code=code)))


redemption = noun(
    "redemption",
    "orders of gifts: hand over, cancel",
    """
linli redemption list --open
linli redemption code NUMBER --as 13800000000
linli redemption hand-over NUMBER --code 123456
linli redemption cancel NUMBER --reason 缺货
""",
)


add_moves(gift, GiftFlow)
add_lists(redemption, RedemptionFlow, person=True)
add_moves(redemption, RedemptionFlow)
add_reports(gift, REPORTS)
add_reports(redemption, REPORTS)
