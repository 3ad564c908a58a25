"""`linli wish`: make it, claim it, fulfil it, thank for it."""

import attrs
import click

from linli import District, OpenOrder, Refused, translate
from linli._cli.meaning import OwnerNotSaid
from linli.cli import (
    Columns,
    actor_of,
    add_lists,
    add_moves,
    add_openings,
    as_option,
    identifier,
    json_option,
    noun,
    pass_district,
    print_json,
)
from linli_volunteers.wish_api import Wishes
from linli_volunteers.wishes import ClaimFlow, WishFlow

wish = noun(
    "wish",
    "micro-wishes: make, approve, claim, fulfil, thank",
    """
linli wish propose --title 一台轮椅 --place 锦绣花园 --for 13800000000 --details 送到3栋2单元
linli wish approve NUMBER
linli wish list --state posted
linli wish claim NUMBER --as 13900000000
linli wish details NUMBER --as 13900000000 --reason 送货
linli wish fulfil NUMBER --as 13900000000
linli wish thank NUMBER --as 13800000000
""",
)


@wish.command(help=translate("read what exactly is wished for; that it was read, and why, is kept"))
@click.argument("number")
@click.option("--reason", required=True, help=translate("why it is read; it is kept"))
@as_option
@json_option
@pass_district
def details(district: District, number: str, reason: str, who: str | None, as_json: bool) -> None:
    found = Wishes(district).details(identifier(number), reason, actor=actor_of(district, who))
    print_json({"details": found}) if as_json else click.echo(found or "-")


def _theirs(district: District, order: OpenOrder) -> OpenOrder:
    """A claim of whoever it is for: each has one."""
    if order.person is None:
        raise Refused(OwnerNotSaid())
    return attrs.evolve(order, key=order.person.hex)


add_openings(wish, ClaimFlow, only=("claim",), part_of=WishFlow, complete=_theirs)
add_lists(wish, WishFlow, Columns(("title", "needs"), lambda _, one: (one.record.title, one.record.needs)))
add_openings(wish, WishFlow)
add_moves(wish, ClaimFlow, whose=True)
add_moves(wish, WishFlow, leave_out=("reopen", "expire", "fill", "complete", "read"))
