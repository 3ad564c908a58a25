"""`linli bank`: joining, standing, statements, rules and the public lists."""

from datetime import date
from typing import Any, get_args
from uuid import UUID

import attrs
import click

from linli import District, Start
from linli.award.accounts import Line
from linli.award.wording import rule_label
from linli.cli.choices import Choice
from linli.cli.moves import add_moves, print_act
from linli.cli.nouns import noun
from linli.cli.openings import add_openings
from linli.cli.options import of_move
from linli.cli.shared import (
    actor_of,
    as_option,
    json_option,
    minute,
    pass_district,
    plain_record,
    print_json,
    show,
    table,
)
from linli.errors import Refused
from linli.i18n import say, translate
from linli_bank import lists
from linli_bank.api import Bank
from linli_bank.banks import BankFlow, bank_at
from linli_bank.breaches import BreachFlow
from linli_bank.members import AccountFlow, account_of
from linli_bank.periods import named
from linli_bank.printing import PLACE_HELP, unit_option
from linli_bank.settings import BankSettings, NoPeriod, Rule
from linli_bank.statements import Page, Statement

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


def _under_its_number(order: Start) -> Start:
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


@bank.command(help=translate("close PERSON's account; their points stay"))
@click.argument("person")
@as_option
@json_option
@pass_district
def leave(district: District, person: str, who: str | None, as_json: bool) -> None:
    act = district.perform(
        AccountFlow.close(AccountFlow.ref(_of(district, person))), actor=actor_of(district, who)
    )
    print_act(district, act, as_json)


add_openings(bank, BankFlow, complete=_under_its_number)
add_moves(bank, BankFlow, leave_out=("close",), find=_at)
add_openings(bank, AccountFlow, complete=_under_its_number)
add_moves(bank, AccountFlow, leave_out=("close",), find=_of)


@bank.command(help=translate("show what PERSON has, what waits, and whether they may redeem"))
@click.argument("person")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 10_000))
@as_option
@json_option
@pass_district
def statement(district: District, person: str, limit: int, who: str | None, as_json: bool) -> None:
    found = Bank(district).statement(
        district.register.find_one(person), actor=actor_of(district, who), limit=limit
    )
    if as_json:
        print_json(_plain(found))
        return
    _print_standing(found)
    for page in found.pages:
        _print_page(district, page)


def _plain(found: Statement) -> dict[str, object]:
    return {
        **plain_record(found),
        "suspension": plain_record(found.suspension) if found.suspension else None,
        "breaches": [plain_record(one) for one in found.breaches],
        "pages": [
            {
                **plain_record(page),
                "account": plain_record(page.account),
                "may_not_redeem": [str(why) for why in page.may_not_redeem],
                "lines": [plain_record(line) for line in page.lines],
                "bought": {str(order): str(what) for order, what in page.bought.items()},
            }
            for page in found.pages
        ],
    }


def _print_standing(found: Statement) -> None:
    if found.suspension:
        one = found.suspension
        show({"suspended": translate(one.bars), "until": one.until, "reason": one.reason}, False)
    for breach in found.breaches:
        state = translate(BreachFlow.state(breach.state).label)
        show({"breach": breach.kind, "state": state, "factor": breach.factor, "reason": breach.reason}, False)


def _print_page(district: District, page: Page) -> None:
    account = page.account
    click.echo(
        str(
            say(
                "{unit}: {free} free, {pending} waiting for confirmation, {held} held, {spent} spent,"
                " {expired} expired, {owed} owed",
                owed=account.owed,
                unit=say(account.unit),
                free=account.free,
                pending=page.pending,
                held=account.held,
                spent=account.spent,
                expired=account.expired,
            )
        )
    )
    for why in page.may_not_redeem:
        click.echo(f"  {why}")
    rows = [
        (
            minute(district, line.at),
            f"{line.amount:+}",
            line.balance,
            _what(page, line),
        )
        for line in page.lines
    ]
    table(["when", "amount", "balance", "rule"], rows, False)


def _what(page: Page, line: Line) -> str:
    """Why points came or went; of an order, what was ordered and what became of it."""
    bought = page.bought.get(line.subject) if line.subject else None
    label = say("order") if bought and line.amount < 0 else rule_label(line.rule)
    return str(say("{one}: {other}", one=label, other=bought) if bought else label)


@bank.command(help=translate("list the rules that earn points, and those whose act nothing here makes"))
@json_option
@pass_district
def rules(district: District, as_json: bool) -> None:
    unknown = Bank(district).unknown_acts()
    found = district.configuration.section(BankSettings).rules
    if as_json:
        print_json([{**plain_record(rule), "unknown": rule.name in unknown} for rule in found])
        return
    rows = [
        (rule.name, district.rules.called(rule.act), _worth(rule), rule.confirm, rule.since, rule.until)
        for rule in found
    ]
    table(["rule", "for", "points", "confirm", "since", "until"], rows, False)
    for name in unknown:
        click.echo(str(say("nothing that is enabled here makes the act of rule {rule}", rule=name)), err=True)


def _worth(rule: Rule) -> str:
    worth = f"{rule.points} {translate(rule.unit)}"
    return worth if rule.per == "act" else f"{worth} / {translate(rule.per)}"


_kind = click.argument("kind", type=Choice(get_args(lists.Kind)))
_place = click.option("--place", required=True, help=PLACE_HELP)
_period = click.option(
    "--period",
    default=None,
    help=translate("as it is called: 2026-Q1; else the last period that is over"),
)


@bank.command(name="list", help=translate("show who is on a public list, by the number they have on it"))
@_kind
@_place
@unit_option
@_period
@json_option
@pass_district
def list_(
    district: District, kind: lists.Kind, place: str, unit: str | None, period: str | None, as_json: bool
) -> None:
    found = Bank(district).list_of(district.register.find_place(place), kind, unit, _day_of(period))
    table(["number", "amount"], [(line.number, line.amount) for line in found], as_json)


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
    act = Bank(district).publish_list(where, kind, unit, _day_of(period), actor=actor)
    print_act(district, act, as_json)


def _day_of(period: str | None) -> date | None:
    """A day of a period, by what the period is called."""
    if period is None:
        return None
    days = named(period)
    if days is None:
        raise Refused(NoPeriod(text=period))
    return days[0]


@bank.command(help=translate("show PERSON, and nobody else, their number on the lists of a period"))
@click.argument("person")
@click.option("--period", required=True, help=translate("as it is called on the list: 2026-Q1"))
@as_option
@json_option
@pass_district
def number(district: District, person: str, period: str, who: str | None, as_json: bool) -> None:
    found = Bank(district).list_number(
        district.register.find_one(person), period, actor=actor_of(district, who)
    )
    print_json({"number": found}) if as_json else click.echo(found)
