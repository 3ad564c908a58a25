"""`linli credit`, `linli breach` and `linli window`: what a second person decides."""

from datetime import datetime
from uuid import UUID

import click

from linli import District
from linli.cli.moves import add_lists, add_moves, print_act
from linli.cli.shared import actor_of, as_option, json_option, pass_district
from linli.i18n import translate
from linli_bank.api import Bank
from linli_bank.breaches import BreachFlow
from linli_bank.credits import CreditFlow
from linli_bank.nouns import NOUNS
from linli_bank.printing import PLACE_HELP, key_option, unit_option
from linli_bank.waivers import WaiverFlow
from linli_bank.windows import WindowFlow


@click.group(
    help=f"""{translate(NOUNS["credit"])}

\b
linli credit list --open
linli credit confirm NUMBER --as 13800000000
linli credit reject NUMBER --reason 没来 --as 13800000000
"""
)
def credit() -> None:
    pass


@click.group(
    help=f"""{translate(NOUNS["breach"])}

\b
linli breach report 13800000000 --kind 一般违规 --reason "..." --as 13900000000
linli breach list --open
linli breach confirm NUMBER --as 13700000000
linli breach lift NUMBER --reason 已改正 --as 13700000000
"""
)
def breach() -> None:
    pass


@breach.command(help=translate("report a breach of PERSON's; it counts once somebody else has confirmed it"))
@click.argument("person")
@click.option("--kind", required=True, help=translate("which kind, by the district's settings"))
@click.option("--reason", required=True, help=translate("why; it is kept in the vault"))
@key_option
@as_option
@json_option
@pass_district
def report(
    district: District, person: str, kind: str, reason: str, key: UUID | None, who: str | None, as_json: bool
) -> None:
    found, actor = district.register.find_one(person), actor_of(district, who)
    act = Bank(district).report_breach(found, kind, reason, actor=actor, key=key)
    print_act(district, act, as_json)


@click.group(
    help=f"""{translate(NOUNS["window"])}

\b
linli window propose --place 锦绣花园 --scored 2026-H1 --from 2026-07-10 --to 2026-07-20
linli window list --open
linli window approve NUMBER --as 13700000000
linli window close NUMBER --reason 缺货 --as 13700000000
"""
)
def window() -> None:
    pass


@click.group(
    help=f"""{translate(NOUNS["waiver"])}

\b
linli bank waive 13800000000 --reason 困难家庭 --as 13700000000
linli waiver list --open
linli waiver confirm NUMBER --as 13900000000
"""
)
def waiver() -> None:
    pass


_day = click.DateTime(["%Y-%m-%d"])


@window.command(help=translate("propose to open redemption for some days, after a period was scored"))
@click.option("--place", required=True, help=PLACE_HELP)
@click.option("--scored", required=True, help=translate("the period that was scored: 2026-H1"))
@click.option("--from", "first", required=True, type=_day, help=translate("the first day of redemption"))
@click.option("--to", "last", required=True, type=_day, help=translate("the last day of redemption"))
@unit_option
@key_option
@as_option
@json_option
@pass_district
def propose(
    district: District,
    place: str,
    scored: str,
    first: datetime,
    last: datetime,
    unit: str | None,
    key: UUID | None,
    who: str | None,
    as_json: bool,
) -> None:
    where, actor = district.register.find_place(place), actor_of(district, who)
    days = first.date(), last.date()
    act = Bank(district).propose_window(where, scored, *days, unit=unit, actor=actor, key=key)
    print_act(district, act, as_json)


add_lists(credit, CreditFlow, person=True)
add_moves(credit, CreditFlow)
add_lists(breach, BreachFlow, person=True)
add_moves(breach, BreachFlow)
add_lists(waiver, WaiverFlow, person=True)
add_moves(waiver, WaiverFlow)
add_lists(window, WindowFlow)
add_moves(window, WindowFlow)
