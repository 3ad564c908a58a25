"""`linli bank`, `linli gift` and `linli redemption`."""

from uuid import UUID

import click

from linli import District
from linli.cli.moves import add_lists, add_moves, print_act
from linli.cli.shared import (
    actor_of,
    as_option,
    identifier,
    json_option,
    pass_district,
    plain_record,
    print_json,
    table,
)
from linli.i18n import say, translate
from linli_bank.api import Bank
from linli_bank.gifts import GIFT
from linli_bank.redemptions import REDEMPTION

_key_option = click.option(
    "--key", type=click.UUID, default=None, help=translate("the act's number, to repeat a call safely")
)
_PLACE_HELP = translate("a number or a path of names: 锦绣花园")


@click.group(
    help=f"""{translate("open a compound's bank, join it, be suspended")}

\b
linli bank open --place 锦绣花园
linli bank join 13800000000 --place 锦绣花园
linli bank suspend 13800000000 --reason "争议处理中" --until 2026-12-31
linli bank resume 13800000000
linli bank leave 13800000000
"""
)
def bank() -> None:
    pass


@bank.command(name="open", help=translate("open the bank that a compound's organisation runs"))
@click.option("--place", required=True, help=_PLACE_HELP)
@as_option
@json_option
@pass_district
def open_(district: District, place: str, who: str | None, as_json: bool) -> None:
    act = Bank(district).open_at(district.register.find_place(place), actor=actor_of(district, who))
    print_act(district, act, as_json)


@bank.command(help=translate("open PERSON's account"))
@click.argument("person")
@click.option("--place", required=True, help=_PLACE_HELP)
@as_option
@json_option
@pass_district
def join(district: District, person: str, place: str, who: str | None, as_json: bool) -> None:
    found = district.register.find_one(person)
    where = district.register.find_place(place)
    print_act(district, Bank(district).join(found, where, actor=actor_of(district, who)), as_json)


@bank.command(help=translate("let PERSON neither earn nor redeem for a while"))
@click.argument("person")
@click.option("--reason", required=True, help=translate("why; it is kept in the vault"))
@click.option("--until", default=None, help=translate("its last day, 2026-12-31; else until it is lifted"))
@as_option
@json_option
@pass_district
def suspend(
    district: District, person: str, reason: str, until: str | None, who: str | None, as_json: bool
) -> None:
    values: dict[str, object] = {"reason": reason}
    if until:
        values["until"] = until
    _of_account(district, person, "suspend", values, who, as_json)


@bank.command(help=translate("let PERSON earn and redeem again"))
@click.argument("person")
@as_option
@json_option
@pass_district
def resume(district: District, person: str, who: str | None, as_json: bool) -> None:
    _of_account(district, person, "resume", {}, who, as_json)


@bank.command(help=translate("close PERSON's account; their points stay"))
@click.argument("person")
@as_option
@json_option
@pass_district
def leave(district: District, person: str, who: str | None, as_json: bool) -> None:
    _of_account(district, person, "close", {}, who, as_json)


def _of_account(
    district: District, person: str, move: str, values: dict[str, object], who: str | None, as_json: bool
) -> None:
    account = Bank(district).account(district.register.find_one(person)).id
    print_act(district, district.make(account, move, values, actor=actor_of(district, who)), as_json)


@click.group(
    help=f"""{translate("gifts: offer, restock, order")}

\b
linli gift offer 洗衣液 --place 锦绣花园 --price 30 --pieces 50
linli gift list --place 锦绣花园
linli gift order NUMBER --for 13800000000
linli gift restock NUMBER --pieces 20
linli gift withdraw NUMBER --reason 换季
"""
)
def gift() -> None:
    pass


@gift.command(help=translate("offer NAME for points"))
@click.argument("name")
@click.option("--place", required=True, help=_PLACE_HELP)
@click.option("--price", required=True, type=int, help=translate("points for a piece"))
@click.option("--pieces", default=0, type=int, help=translate("how many there are"))
@_key_option
@as_option
@json_option
@pass_district
def offer(
    district: District,
    name: str,
    place: str,
    price: int,
    pieces: int,
    key: UUID | None,
    who: str | None,
    as_json: bool,
) -> None:
    where = district.register.find_place(place)
    act = Bank(district).offer(where, name, price, pieces, actor=actor_of(district, who), key=key)
    print_act(district, act, as_json)


@gift.command(name="list", help=translate("list what is offered, with its price and stock"))
@click.option("--place", default=None, help=_PLACE_HELP)
@click.option("--withdrawn", is_flag=True, help=translate("what is not offered any more, too"))
@json_option
@pass_district
def list_(district: District, place: str | None, withdrawn: bool, as_json: bool) -> None:
    where = district.register.find_place(place) if place else None
    shelves = Bank(district).gifts(where, withdrawn=withdrawn)
    if as_json:
        print_json([plain_record(shelf) for shelf in shelves])
        return
    rows = [
        (s.gift, s.name, s.price, s.free, s.held, s.handed_over, translate(GIFT.by_state[s.state].label))
        for s in shelves
    ]
    table(["number", "name", "price", "free", "held", "handed over", "state"], rows, False)


@gift.command(help=translate("order pieces of gift NUMBER; prints the code to fetch them with"))
@click.argument("number")
@click.option("--for", "person", required=True, help=translate("a phone, an identity number or a number"))
@click.option("--pieces", default=1, show_default=True, type=int)
@_key_option
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


@click.group(
    help=f"""{translate("orders of gifts: hand over, cancel")}

\b
linli redemption list --open
linli redemption code NUMBER --as 13800000000
linli redemption hand-over NUMBER --code 123456
linli redemption cancel NUMBER --reason 缺货
"""
)
def redemption() -> None:
    pass


@redemption.command(help=translate("show the code to fetch order NUMBER with, to its owner"))
@click.argument("number")
@as_option
@json_option
@pass_district
def code(district: District, number: str, who: str | None, as_json: bool) -> None:
    found = Bank(district).code(identifier(number), actor=actor_of(district, who))
    print_json({"code": found}) if as_json else click.echo(found)


add_moves(gift, GIFT)
add_lists(redemption, REDEMPTION)
add_moves(redemption, REDEMPTION)
