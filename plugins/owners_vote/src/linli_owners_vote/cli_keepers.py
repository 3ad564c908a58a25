"""`linli vote`: keepers and their codes, counting, contests of a result, papers."""

import click

from linli import District
from linli.cli.moves import add_moves, print_act
from linli.cli.openings import add_openings
from linli.cli.shared import (
    actor_of,
    as_option,
    identifier,
    json_option,
    minute,
    pass_district,
    plain_record,
    print_json,
    table,
)
from linli.cli.telling import masked_name
from linli.i18n import say, translate
from linli.wording import state_of
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


@click.command(help=translate("list the keepers of vote NUMBER; each takes its code by its own number"))
@click.argument("number")
@json_option
@pass_district
def keepers(district: District, number: str, as_json: bool) -> None:
    found = Votes(district).keepers(identifier(number))
    rows = [
        (
            one.id,
            one.record.organisation
            if as_json
            else district.register.organisation_record(one.record.organisation).name,
            one.state if as_json else state_of(KeeperFlow, one),
        )
        for one in found
    ]
    table(["id", "organisation", "state"], rows, as_json)


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


@click.command(help=translate("list every change of an owner's phone since vote NUMBER was announced"))
@click.argument("number")
@as_option
@json_option
@pass_district
def phones(district: District, number: str, who: str | None, as_json: bool) -> None:
    found = Votes(district).phones_changed(identifier(number), actor=actor_of(district, who))
    if as_json:
        print_json(plain_record(found))
        return
    verbs = district.rules.called
    rows = [
        (
            line.path,
            masked_name(district, line.person),
            minute(district, line.at),
            verbs(line.how),
            masked_name(district, line.actor) if line.actor else say("console"),
        )
        for line in found.lines
    ]
    table(["part", "person", "when", "what", "who"], rows, False)
    if found.files:
        text = say("Meanwhile files with people were taken in; look through what they brought: linli import")
        click.echo(str(text))


# --- contests of a result ----------------------------------------------------------------------------


@click.command(help=translate("list the contests of the result of vote NUMBER"))
@click.argument("number")
@json_option
@pass_district
def disputes(district: District, number: str, as_json: bool) -> None:
    found = [one for one in district.tree(identifier(number)) if one.kind == DisputeFlow.name]
    rows = [
        (
            one.id,
            one.record.asked_by if as_json else say(one.record.asked_by),
            one.record.paper,
            len(one.record.contested),
            one.state if as_json else state_of(DisputeFlow, one),
            one.opened_at if as_json else minute(district, one.opened_at),
        )
        for one in found
    ]
    table(["id", "asked by", "paper", "number of parts", "state", "opened"], rows, as_json)


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


@click.command(
    help=translate("list for whom the ballot of your own part in vote NUMBER was opened after the count")
)
@click.argument("number")
@click.option("--part", required=True, help=translate("a number or a path of names: 锦绣花园/1栋/1单元/101"))
@as_option
@json_option
@pass_district
def openings(district: District, number: str, part: str, who: str | None, as_json: bool) -> None:
    where, actor = district.register.find_place(part), actor_of(district, who)
    found = Votes(district).openings(identifier(number), where, actor=actor)
    rows = [
        (
            one.at if as_json else minute(district, one.at),
            one.asked_by if as_json else say(one.asked_by),
            one.paper,
        )
        for one in found
    ]
    table(["when", "asked by", "paper"], rows, as_json)


# --- papers ------------------------------------------------------------------------------------------


@click.command(help=translate("show where the papers of vote NUMBER are stored"))
@click.argument("number")
@json_option
@pass_district
def papers(district: District, number: str, as_json: bool) -> None:
    found = [one for one in district.tree(identifier(number)) if one.kind == PaperFlow.name]
    rows = [
        (one.id, one.record.number, one.record.stored_at, one.state if as_json else state_of(PaperFlow, one))
        for one in found
    ]
    table(["id", "number of papers", "stored_at", "state"], rows, as_json)


def add_keepers(group: click.Group) -> None:
    """Add the commands of this module to `linli vote`."""
    for command in (keepers, take_code, count, phones, disputes, open_ballots, openings, papers):
        group.add_command(command)
    add_moves(group, KeeperFlow, leave_out=("take",), suffix="code")
    add_openings(group, DisputeFlow, part_of=VoteFlow, suffix="dispute")
    add_moves(group, DisputeFlow, leave_out=("open_ballots",), suffix="dispute")
    add_openings(group, PaperFlow, part_of=VoteFlow, suffix="papers")
    add_moves(group, PaperFlow, suffix="papers")
