"""`linli publication`: what is made public, from the draft to the visible withdrawal."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import click

from linli._base.errors import Refused
from linli._base.i18n import Several, listed, sentences, translate
from linli._base.refusals import Refusal
from linli._cli.giving import consented_in, given_files, save
from linli._cli.moves import add_moves, print_act
from linli._cli.shared import (
    Matter,
    actor_of,
    as_option,
    identifier,
    json_option,
    minute,
    pass_district,
    print_json,
    show,
    table,
)
from linli._district.district import District
from linli._model.compiling import as_run
from linli._model.subjects import StoredSubject
from linli._model.wording import state_of
from linli._verbs.publish.reading import OUT, Period, Wanted
from linli._verbs.publish.receipts import read_receipt, receipt_text
from linli._verbs.publish.workflow import PublicationFlow


@click.group(
    help=f"""{translate("draft, approve, publish, withdraw, correct")}

\b
linli publication draft --place 锦绣花园 --title 停水通知 --text notice.txt --publish
linli publication draft --place 锦绣花园 --title 停水通知 --text -
linli publication draft --place 锦绣花园 --title 方案公示 --text notice.txt --file 方案.pdf
linli publication file NUMBER 方案.pdf
linli publication approve NUMBER --seen 方案.pdf --as 13800000000
linli publication publish NUMBER
linli publication withdraw NUMBER --reason 停水取消
linli publication correct NUMBER --title 停水通知（更正） --text corrected.txt
linli publication list --place 锦绣花园 --from 2026-01-01
linli publication show NUMBER --receipt > receipt.json
linli publication verify receipt.json
"""
)
def publication() -> None:
    pass


def _text_options(command: Any) -> Any:
    for option in reversed(
        (
            click.option("--title", required=True, help=translate("one line")),
            click.option(
                "--text",
                type=click.File(encoding="utf-8"),
                required=True,
                help=translate("a text file; - reads standard input; an empty line parts paragraphs"),
            ),
            click.option(
                "--file",
                "files",
                multiple=True,
                type=click.Path(exists=True, dir_okay=False, path_type=Path),
                help=translate("a file that comes with it: another person looks at each page of it first"),
            ),
            click.option(
                "--personal",
                type=click.Path(exists=True, dir_okay=False, path_type=Path),
                help=translate("a JSON list of consented data: name, person, purpose, text"),
            ),
        )
    ):
        command = option(command)
    return command


@publication.command(help=translate("draft one; with --publish it goes out at once"))
@click.option("--place", required=True, help=translate("a number or a path of names: 锦绣花园/3栋"))
@_text_options
@click.option("--series", default="notice", show_default=True, help=translate("what it continues"))
@click.option("--about", type=Matter(), help=translate("the matter that a disclosure is about"))
@click.option("--stage", type=int, help=translate("which of its disclosures, from 1"))
@click.option("--publish", "at_once", is_flag=True, help=translate("publish it in the same act"))
@as_option
@json_option
@pass_district
def draft(
    district: District,
    /,
    place: str,
    title: str,
    text: Any,
    files: tuple[Path, ...],
    personal: Path | None,
    who: str | None,
    as_json: bool,
    **more: Any,
) -> None:
    where, actor = district.register.find_place(place), actor_of(district, who)
    more |= {"files": given_files(files), "personal": consented_in(personal)}
    act = district.publish.draft(where, title, text.read(), actor=actor, **more)
    print_act(district, act, as_json)


@publication.command(help=translate("publish a correction; the old one stays, marked"))
@click.argument("number")
@_text_options
@as_option
@json_option
@pass_district
def correct(
    district: District,
    number: str,
    title: str,
    text: Any,
    files: tuple[Path, ...],
    personal: Path | None,
    who: str | None,
    as_json: bool,
) -> None:
    more = {"files": given_files(files), "personal": consented_in(personal)}
    actor = actor_of(district, who)
    act = district.publish.correct(identifier(number), title, text.read(), actor=actor, **more)
    print_act(district, act, as_json)


@publication.command(help=translate("approve a draft; by another person than who drafted it"))
@click.argument("number")
@click.option(
    "--seen",
    multiple=True,
    help=translate("a file of which you have looked at each page: nobody's personal data is there"),
)
@as_option
@json_option
@pass_district
def approve(district: District, number: str, seen: tuple[str, ...], who: str | None, as_json: bool) -> None:
    act = district.publish.approve(identifier(number), seen=seen, actor=actor_of(district, who))
    print_act(district, act, as_json)


@publication.command(
    name="file", help=translate("write FILE of publication NUMBER to a folder, to look at it")
)
@click.argument("number")
@click.argument("name", metavar="FILE")
@click.option(
    "--to",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path(),
    help=translate("the folder; this one if not given"),
)
@pass_district
def file_(district: District, number: str, name: str, folder: Path) -> None:
    found = district.publish.file(identifier(number), name)
    click.echo(str(save(folder / name, found)))


@publication.command(name="publish", help=translate("let a draft go out"))
@click.argument("number")
@as_option
@json_option
@pass_district
def publish_(district: District, number: str, who: str | None, as_json: bool) -> None:
    print_act(district, district.publish.publish(identifier(number), actor=actor_of(district, who)), as_json)


@publication.command(name="list", help=translate("list them, the newest first; what was withdrawn stays"))
@click.option("--place", default=None, help=translate("a number or a path of names: 锦绣花园/3栋"))
@click.option("--series", default=None, help=translate("notice, disclosure, points, brief, …"))
@click.option("--from", "since", type=click.DateTime(["%Y-%m-%d"]), help=translate("published on this day or later"))  # fmt: skip
@click.option(
    "--to", "until", type=click.DateTime(["%Y-%m-%d"]), help=translate("published on this day or sooner")
)
@click.option("--drafts", is_flag=True, help=translate("what has not gone out, instead"))
@click.option("--most", default=50, show_default=True, type=click.IntRange(1, 10_000))
@json_option
@pass_district
def list_(
    district: District,
    place: str | None,
    series: str | None,
    since: Any,
    until: Any,
    drafts: bool,
    most: int,
    as_json: bool,
) -> None:
    zone = district.rules.zone
    wanted = Wanted(
        places=(district.register.find_place(place),) if place else (),
        series=series,
        period=Period(
            since=since.replace(tzinfo=zone) if since else None,
            until=until.replace(tzinfo=zone) + timedelta(days=1) if until else None,
        ),
        states=("draft", "approved") if drafts else OUT,
        most=most,
    )
    _print_list(district, district.publish.listed(wanted), as_json)


def _print_list(district: District, found: list[StoredSubject], as_json: bool) -> None:
    if as_json:
        print_json([_facts(one) for one in found])
        return
    rows = [(one.id, _day(district, one), one.record.series, one.record.title, _mark(one)) for one in found]
    table(["number", "published", "series", "title", "state"], rows, False)


def _day(district: District, one: StoredSubject) -> str | None:
    return one.accepted_at.astimezone(district.rules.zone).strftime("%Y-%m-%d") if one.accepted_at else None


def _mark(one: StoredSubject) -> str:
    state = translate(PublicationFlow.state(one.state).label)
    return f"{state}, {translate('corrected')}" if one.record.corrected_by else state


def _facts(one: StoredSubject) -> dict[str, object]:
    record = one.record
    return {
        "id": one.id,
        "state": one.state,
        "place": one.place,
        "title": record.title,
        "series": record.series,
        "about": record.about,
        "stage": record.stage,
        "published_at": one.accepted_at,
        "ended_at": one.ended_at,
        "reason": record.reason,
        "follows": record.follows,
        "corrects": record.corrects,
        "corrected_by": record.corrected_by,
        "attachments": [one.name for one in record.files],
        "digest": record.digest,
    }


def _told(district: District, one: StoredSubject) -> dict[str, object]:
    """The facts as people read them: in words, and on the district's clock."""
    facts = {**_facts(one), "state": state_of(as_run(PublicationFlow), one)}
    return {name: _in_words(district, value) for name, value in facts.items() if value not in (None, [])}


def _in_words(district: District, value: object) -> object:
    if isinstance(value, datetime):
        return minute(district, value)
    return listed(value) if isinstance(value, list) else value


@publication.command(name="show", help=translate("show one, with its text"))
@click.argument("number")
@click.option("--receipt", is_flag=True, help=translate("what anybody needs to verify it later, as JSON"))
@json_option
@pass_district
def show_(district: District, number: str, receipt: bool, as_json: bool) -> None:
    ident: UUID = identifier(number)
    if receipt:
        click.echo(receipt_text(district.publish.receipt(ident)))
        return
    one = district.publish.get(ident)
    body = district.publish.body(one)
    if as_json:
        show({**_facts(one), "body": body}, True)
        return
    show(_told(district, one), False)
    click.echo(f"\n{body}" if body else "")


class ReceiptFails(Refusal, says="{file}: {problems}"):
    file: str
    problems: Several


@publication.command(help=translate("check a receipt: whether it is of what went out"))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
@pass_district
def verify(district: District, file: Path, as_json: bool) -> None:
    receipt = read_receipt(file.read_text(encoding="utf-8", errors="replace"))
    verdict = district.publish.verify(receipt)
    if verdict.problems:
        problems = sentences(verdict.problems)
        raise Refused(ReceiptFails(file=file.name, problems=problems))
    found = {"publication": receipt.publication, "title": receipt.title, "state": verdict.state}
    show({**found, "published_at": verdict.published_at}, as_json)


add_moves(publication, PublicationFlow, leave_out=("publish", "approve"))
