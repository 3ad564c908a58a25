"""`linli vote`: keepers and their codes, counting, contests of a result, papers."""

import click

from linli import District, say, translate
from linli.cli import (
    actor_of,
    add_moves,
    add_openings,
    as_option,
    identifier,
    json_option,
    pass_district,
    print_act,
    print_json,
    table,
)
from linli_owners_vote.api import Votes
from linli_owners_vote.disputes import DisputeFlow
from linli_owners_vote.papers import PaperFlow
from linli_owners_vote.sealing import TO_OPEN
from linli_owners_vote.workflow import KeeperFlow, VoteFlow

codes_option = click.option(
    "--code",
    "codes",
    multiple=True,
    help=translate("a keeper's code; leave it out to be asked, so that it stays in no list of commands"),
)


def given_or_asked(codes: tuple[str, ...]) -> tuple[str, ...]:
    """The codes of two keepers; whoever gave none types each, unseen."""
    missing = range(len(codes), TO_OPEN)
    typed = (
        click.prompt(str(say("code of keeper {number}", number=n + 1)), hide_input=True) for n in missing
    )
    return (*codes, *typed)


@click.command(name="take-code", help=translate("take the code of keeper NUMBER; it is shown once"))
@click.argument("number")
@as_option
@json_option
@pass_district
def take_code(district: District, number: str, who: str | None, as_json: bool) -> None:
    taken = Votes(district).take_code(identifier(number), actor=actor_of(district, who))
    if as_json:
        print_json({"act": taken.act.id, "code": taken.code})
        return
    click.echo(str(say("the code is {code}", code=taken.code)))
    click.echo(
        str(
            say(
                "Write it down, seal it and keep it at your organisation, away from the machine: it is shown"
                " once, linli does not have it, and who has two of them reads ballots."
            )
        )
    )


@click.command(help=translate("open the box of vote NUMBER with the codes of two keepers, and count"))
@click.argument("number")
@codes_option
@as_option
@json_option
@pass_district
def count(district: District, number: str, codes: tuple[str, ...], who: str | None, as_json: bool) -> None:
    act = Votes(district).count(identifier(number), given_or_asked(codes), actor=actor_of(district, who))
    print_act(district, act, as_json)


@click.command(
    name="open-ballots",
    help=translate("open the ballots of contest NUMBER with the codes of two keepers; their owners are told"),
)
@click.argument("number")
@codes_option
@as_option
@json_option
@pass_district
def open_ballots(
    district: District, number: str, codes: tuple[str, ...], who: str | None, as_json: bool
) -> None:
    found = Votes(district).open_disputed(
        identifier(number), given_or_asked(codes), actor=actor_of(district, who)
    )
    paths = district.register.name_paths(found)
    rows = [
        (part if as_json else paths[part], choice if as_json else say(choice))
        for part, choice in found.items()
    ]
    table(["part", "choice"], rows, as_json)


def add_keepers(group: click.Group) -> None:
    """Add the commands of this module to `linli vote`."""
    for command in (take_code, count, open_ballots):
        group.add_command(command)
    add_moves(group, KeeperFlow, leave_out=("take",), suffix="code")
    add_openings(group, DisputeFlow, part_of=VoteFlow, suffix="dispute")
    add_moves(group, DisputeFlow, leave_out=("open_ballots",), suffix="dispute")
    add_openings(group, PaperFlow, part_of=VoteFlow, suffix="papers")
    add_moves(group, PaperFlow, suffix="papers")
