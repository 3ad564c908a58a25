"""`linli vote`: ballots, papers, proxies, receipts."""

from uuid import UUID

import click

from linli import District, say, translate
from linli.cli import (
    Choice,
    actor_of,
    add_moves,
    as_option,
    identifier,
    json_option,
    pass_district,
    print_act,
    print_json,
)
from linli_owners_vote.api import Receipt, Votes
from linli_owners_vote.ballots import BallotFlow
from linli_owners_vote.marks import CHOICES
from linli_owners_vote.proxies import ProxyFlow
from linli_owners_vote.records import As

_part_option = click.option(
    "--part", required=True, help=translate("a number or a path of names: 锦绣花园/1栋/1单元/101")
)
_choice_option = click.option(
    "--choice",
    prompt=translate("the choice"),
    type=Choice(CHOICES),
    help=translate("the choice; leave it out to be asked, so that it stays in no list of commands"),
)
_key_option = click.option(
    "--key", type=click.UUID, default=None, help=translate("the act's number, to repeat a call safely")
)


@click.command(
    help=translate("cast the ballot of a part in vote NUMBER, as its owner or proxy; prints a receipt")
)
@click.argument("number")
@_part_option
@_choice_option
@click.option("--proxy", is_flag=True, help=translate("as the part's proxy"))
@_key_option
@as_option
@json_option
@pass_district
def cast(
    district: District,
    number: str,
    part: str,
    choice: str,
    proxy: bool,
    key: UUID | None,
    who: str | None,
    as_json: bool,
) -> None:
    where, actor = district.register.find_place(part), actor_of(district, who)
    receipt = Votes(district).cast(identifier(number), where, choice, proxy=proxy, actor=actor, key=key)
    _print_receipt(receipt, as_json)


@click.command(help=translate("enter a paper in vote NUMBER; it counts once another teller has checked it"))
@click.argument("number")
@_part_option
@_choice_option
@click.option("--sheet", default=None, help=translate("the number printed on the paper"))
@_key_option
@as_option
@json_option
@pass_district
def enter(
    district: District,
    number: str,
    part: str,
    choice: str,
    sheet: str | None,
    key: UUID | None,
    who: str | None,
    as_json: bool,
) -> None:
    where, actor = district.register.find_place(part), actor_of(district, who)
    receipt = Votes(district).enter(identifier(number), where, choice, sheet=sheet, actor=actor, key=key)
    _print_receipt(receipt, as_json)


def _print_receipt(receipt: Receipt, as_json: bool) -> None:
    if as_json:
        more = {"sheet": receipt.sheet} if receipt.sheet else {}
        shown = {"act": receipt.act.id, "id": receipt.ballot, "receipt": receipt.code}
        print_json({**shown, "secret": receipt.secret, **more})
        return
    click.echo(str(say("ballot {id}: its receipt is {code}", id=receipt.ballot, code=receipt.code)))
    if receipt.sheet:
        text = say(
            "Write on the paper its number {sheet} and its code {secret}: whoever checks it needs both.",
            sheet=receipt.sheet,
            secret=receipt.secret,
        )
    else:
        text = say(
            "Its secret is {secret}: with it you, and nobody else, can have your ballot shown. It is shown once.",
            secret=receipt.secret,
        )
    click.echo(str(text))


@click.command(
    help=translate("show how your own part's ballot was cast in vote NUMBER, by its receipt's secret")
)
@click.argument("number")
@_part_option
@click.option(
    "--secret",
    prompt=translate("the receipt's secret"),
    hide_input=True,
    help=translate("the receipt's secret; leave it out to be asked"),
)
@as_option
@json_option
@pass_district
def own(district: District, number: str, part: str, secret: str, who: str | None, as_json: bool) -> None:
    where, actor = district.register.find_place(part), actor_of(district, who)
    choice = Votes(district).own(identifier(number), where, secret, actor=actor)
    print_json({"choice": choice}) if as_json else click.echo(translate(choice))


@click.command(help=translate("let another person cast the ballot of a part in vote NUMBER"))
@click.argument("number")
@_part_option
@click.option("--to", "agent", required=True, help=translate("a phone, an identity number or a number"))
@click.option("--written", is_flag=True, help=translate("enter a written proxy; another teller checks it"))
@click.option(
    "--why",
    type=Choice(As),
    default=As.PROXY,
    help=translate("for an owner who does not vote in person, by a paper: who they are to that owner"),
)
@as_option
@json_option
@pass_district
def proxy(
    district: District,
    number: str,
    part: str,
    agent: str,
    written: bool,
    why: str,
    who: str | None,
    as_json: bool,
) -> None:
    where, whom = district.register.find_place(part), district.register.find_one(agent)
    act = Votes(district).give_proxy(
        identifier(number), where, whom, written=written, why=why, actor=actor_of(district, who)
    )
    print_act(district, act, as_json)


def add_ballots(group: click.Group) -> None:
    """Add the commands of this module to `linli vote`."""
    for command in (cast, enter, own, proxy):
        group.add_command(command)
    add_moves(group, BallotFlow)
    add_moves(group, ProxyFlow, suffix="proxy")
