"""`linli decision` and `linli objection`."""

from pathlib import Path
from typing import Any

import click

from linli import District, StoredSubject, listed, say, translate
from linli._cli.telling import in_words
from linli.cli import (
    Columns,
    actor_of,
    add_lists,
    add_moves,
    add_openings,
    add_reports,
    as_option,
    given_files,
    json_option,
    minute,
    names_of,
    noun,
    pass_district,
    print_act,
    save,
)
from linli_decisions.api import Decisions
from linli_decisions.objections import ObjectionFlow
from linli_decisions.reports import REPORTS
from linli_decisions.turns import turn_of
from linli_decisions.workflow import DecisionFlow

decision = noun(
    "decision",
    "matters of the decision catalogue: one proposal, three reviews, three disclosures",
    """
linli decision catalogue
linli decision propose --place 锦绣花园 --entry renovation --topic 整治小区道路 --text "…" --papers 方案 --as 13800000000
linli decision submit NUMBER --as 13800000000
linli decision approve NUMBER --as 13900000000
linli decision return NUMBER --reason 预算不全 --as 13900000000
linli decision begin NUMBER --text "10月8日开工。" --as 13900000000
linli decision attach NUMBER --paper 方案 --file 方案.pdf --as 13800000000
linli decision write NUMBER --text 决议.txt --public 方案.pdf --as 13700000000
linli decision file NUMBER --as 13800000000
linli decision list --place 锦绣花园 --open
""",
)


def _verdict(name: str, text: str, *, reason: bool) -> None:
    def run(district: District, number: str, who: str | None, as_json: bool, **given: Any) -> None:
        desk = Decisions(district)
        act = desk.opine(desk.find(number), name, given.get("reason"), actor=actor_of(district, who))
        print_act(district, act, as_json)

    command: Any = pass_district(run)
    if reason:
        command = click.option("--reason", required=True, help=translate("why"))(command)
    command = click.argument("number")(as_option(json_option(command)))
    decision.command(name=name, help=text)(command)


_verdict(
    "approve",
    translate("agree to matter NUMBER, as the branch, the owners' committee or the property company"),
    reason=False,
)
_verdict("return", translate("return matter NUMBER to the proposer; it can come again"), reason=True)
_verdict("reject", translate("reject matter NUMBER; the proposer can appeal to the street once"), reason=True)


@decision.command(help=translate("attach a file to matter NUMBER, as one of its papers"))
@click.argument("number")
@click.option("--paper", required=True, help=translate("which paper it is; the file is called by it"))
@click.option(
    "--file", "path", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=translate("the file: a PDF, a picture, a text, a sheet"),
)  # fmt: skip
@as_option
@json_option
@pass_district
def attach(district: District, number: str, paper: str, path: Path, who: str | None, as_json: bool) -> None:
    desk, (given,) = Decisions(district), given_files((path,))
    act = desk.attach(desk.find(number), paper, given, actor=actor_of(district, who))
    print_act(district, act, as_json)


@decision.command(help=translate("write for everybody what was decided about matter NUMBER, which was filed"))
@click.argument("number")
@click.option(
    "--text",
    type=click.File(encoding="utf-8"),
    required=True,
    help=translate("a text file; - reads standard input; an empty line parts paragraphs"),
)
@click.option(
    "--public", multiple=True, help=translate("a file of the matter that is made public with it: 方案.pdf")
)
@as_option
@json_option
@pass_district
def write(
    district: District, number: str, text: Any, public: tuple[str, ...], who: str | None, as_json: bool
) -> None:
    desk, actor = Decisions(district), actor_of(district, who)
    act = desk.write(desk.find(number), text.read().strip(), public=public, actor=actor)
    print_act(district, act, as_json)
    if not as_json:
        drafted = desk.disclosures(act.subject)[-1].record.publication
        sentence = say("another person looks at it now: linli publication approve {id}", id=drafted)
        click.echo(str(sentence))


@decision.command(help=translate("write FILE of matter NUMBER to a folder; that it was read is kept"))
@click.argument("number")
@click.argument("name", metavar="FILE")
@click.option(
    "--to", "folder", type=click.Path(exists=True, file_okay=False, path_type=Path), default=Path(),
    help=translate("the folder; this one if not given"),
)  # fmt: skip
@as_option
@pass_district
def paper(district: District, number: str, name: str, folder: Path, who: str | None) -> None:
    desk = Decisions(district)
    found = desk.paper(desk.find(number), name, actor=actor_of(district, who))
    click.echo(str(save(folder / name, found)))


objection = noun(
    "objection",
    "objections of owners during a notice period",
    """
linli decision object NUMBER --objection 预算偏高 --as 13800000000
linli objection waiting
linli objection answer NUMBER --answer 已附询价单 --as 13900000000
linli objection retract NUMBER --as 13800000000
""",
)


def _turn_in_words(district: District, one: StoredSubject) -> tuple[object, ...]:
    turn = turn_of(district, one)
    if turn is None:
        return (one.record.topic, None, None, None)
    named = names_of(district, (seat.at for seat in turn.seats))
    who = listed(in_words(seat, named) for seat in turn.seats) if turn.seats else None
    return (one.record.topic, who, turn.what, minute(district, turn.until))


add_lists(
    decision,
    DecisionFlow,
    Columns(("topic", "whose turn", "what is due", "until"), _turn_in_words, place=True),
)
add_openings(decision, DecisionFlow)
add_moves(decision, DecisionFlow, leave_out=("attach", "add_file", "write"))
add_lists(objection, ObjectionFlow)
add_moves(objection, ObjectionFlow)
add_reports(decision, REPORTS)
add_reports(objection, REPORTS)
