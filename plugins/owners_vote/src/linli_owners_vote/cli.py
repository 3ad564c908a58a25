"""`linli vote`: the vote itself, its roll, its result."""

from uuid import UUID

import click

from linli import District, Subject
from linli.cli.moves import add_lists, add_moves
from linli.cli.nouns import noun
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
    show,
    table,
)
from linli.cli.telling import told
from linli.i18n import say, translate
from linli.wording import state_of
from linli_owners_vote.api import Votes
from linli_owners_vote.arithmetic import Line, square_metres
from linli_owners_vote.cli_ballots import add_ballots
from linli_owners_vote.cli_elsewhere import add_elsewhere
from linli_owners_vote.cli_keepers import add_keepers
from linli_owners_vote.contests import ContestFlow
from linli_owners_vote.notices import MAJORITIES, OUTCOMES, SECRET
from linli_owners_vote.views import Outturn
from linli_owners_vote.workflow import VoteFlow

_PLACE_HELP = translate("a number or a path of names: 锦绣花园")


vote = noun(
    "vote",
    "votes of the owners of a compound (Civil Code art. 278)",
    """
linli vote prepare --topic 更换电梯 --place 锦绣花园 --majority ordinary
linli vote announce NUMBER
linli vote roll NUMBER
linli vote raise-contest NUMBER --part 锦绣花园/1栋/1单元/101 --reason 面积不对 --as 13800000000
linli vote contests NUMBER
linli vote keepers NUMBER
linli vote take-code KEEPER --as 13800000005
linli vote open NUMBER
linli vote cast NUMBER --part 锦绣花园/1栋/1单元/101 --choice agree --as 13800000000
linli vote enter NUMBER --part 锦绣花园/1栋/1单元/102 --choice against --as 13800000001
linli vote check BALLOT --choice against --secret 7Q2M-… --as 13800000002
linli vote turnout NUMBER --as 13800000001
linli vote count NUMBER --as 13800000001
linli vote certify NUMBER --as 13800000002
linli vote result NUMBER
""",
)


@vote.command(name="show", help=translate("show a vote"))
@click.argument("number")
@json_option
@pass_district
def show_(district: District, number: str, as_json: bool) -> None:
    known = district.subject(identifier(number))
    record = plain_record(known.record)
    if as_json:
        show(
            {"id": known.id, "state": known.state, "outcome": known.outcome, "place": known.place, **record},
            True,
        )
        return
    show(_told(district, known) if known.kind == VoteFlow.name else told(district, known), False)


def _told(district: District, known: Subject) -> dict[str, object]:
    """A vote as people read it; its result has a command of its own."""
    record = known.record
    moments = {name: minute(district, getattr(record, name)) for name in ("opens_from", "until")}
    found: dict[str, object] = {
        "id": known.id,
        "topic": record.topic,
        "state": say(VoteFlow.state(known.state).label),
        "outcome": OUTCOMES.get(known.outcome or "", known.outcome),
        "place": district.register.name_path(known.place),
        "majority": MAJORITIES[record.majority],
        "ballots": SECRET[record.ballots],
        "matter": record.matter,
        "organiser": _named(district, record.organiser),
        "stands_in_for": say(record.stands_in_for) if record.stands_in_for else None,
        **moments,
        "due_at": minute(district, known.due_at),
        "roll_parts": record.roll_parts,
    }
    if record.roll_area is not None:
        found |= {"on the roll": f"{square_metres(record.roll_area)} m²", "roll_heads": record.roll_heads}
    return {name: value for name, value in found.items() if value is not None}


def _named(district: District, body: UUID | None) -> str | None:
    return district.register.organisation_record(body).name if body else None


@vote.command(help=translate("list the contested parts of vote NUMBER; each is settled by its own number"))
@click.argument("number")
@json_option
@pass_district
def contests(district: District, number: str, as_json: bool) -> None:
    found = [one for one in district.tree(identifier(number)) if one.kind == ContestFlow.name]
    paths = district.register.name_paths(one.record.part for one in found)
    rows = [
        (
            one.id,
            one.record.part if as_json else paths[one.record.part],
            one.state if as_json else state_of(ContestFlow, one),
            one.opened_at if as_json else minute(district, one.opened_at),
        )
        for one in found
    ]
    table(["id", "part", "state", "opened"], rows, as_json)


@vote.command(
    help=translate("show the roll of vote NUMBER: frozen since it opened, before that as the register is")
)
@click.argument("number")
@json_option
@pass_district
def roll(district: District, number: str, as_json: bool) -> None:
    found = Votes(district).roll(identifier(number))
    if as_json:
        print_json(
            [plain_record(one) | {"problem": str(one.problem) if one.problem else None} for one in found]
        )
        return
    rows = [
        (
            one.path,
            square_metres(one.area) if one.area is not None else None,
            one.head,
            say("contested") if one.contested else one.problem,
        )
        for one in found
    ]
    table(["part", "m²", "owner no.", "problem"], rows, False)


@vote.command(help=translate("show the result of vote NUMBER with its arithmetic"))
@click.argument("number")
@as_option
@json_option
@pass_district
def result(district: District, number: str, who: str | None, as_json: bool) -> None:
    found = Votes(district).result(identifier(number), actor=actor_of(district, who))
    if as_json:
        print_json(_plain(found))
        return
    click.echo(f"{found.topic}\n")
    for line in found.text:
        click.echo(str(line))


def _plain(found: Outturn) -> dict[str, object]:
    whole = plain_record(found)
    return whole | {
        "area_unit": "0.01 m²",
        "lines": [_plain_line(line) for line in found.lines],
        "text": [str(line) for line in found.text],
    }


def _plain_line(line: Line) -> dict[str, object]:
    left, right = line.products
    return {
        "name": line.name,
        "part": line.part,
        "whole": line.whole,
        "share": str(line.share),
        "needed": "more_than" if line.more else "at_least",
        "left": left,
        "right": right,
        "holds": line.holds,
    }


@vote.command(
    help=translate("check that the roll and the box of vote NUMBER are as they were frozen and counted")
)
@click.argument("number")
@json_option
@pass_district
def verify(district: District, number: str, as_json: bool) -> None:
    problems = [str(one) for one in Votes(district).verify(identifier(number))]
    if as_json:
        print_json({"problems": problems})
    else:
        click.echo("\n".join(problems) if problems else str(say("all is as it was")))
    if problems:
        raise SystemExit(1)


add_lists(vote, VoteFlow)
vote.add_command(show_)
add_ballots(vote)
add_keepers(vote)
add_elsewhere(vote)
add_openings(vote, VoteFlow)
add_moves(vote, VoteFlow, leave_out=("count",))
add_openings(vote, ContestFlow, part_of=VoteFlow, suffix="contest")
add_moves(vote, ContestFlow, suffix="contest")
