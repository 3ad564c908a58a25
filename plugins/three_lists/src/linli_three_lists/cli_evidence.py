"""`linli need evidence`: pictures and papers of a request."""

from pathlib import Path

import click

from linli import District, say, translate
from linli.cli import (
    actor_of,
    add_moves,
    add_reports,
    as_option,
    identifier,
    json_option,
    noun,
    pass_district,
    print_act,
    print_json,
)
from linli_three_lists.api import Needs
from linli_three_lists.evidence import EvidenceFlow
from linli_three_lists.files import ENDINGS
from linli_three_lists.reports import REPORTS

evidence = noun(
    "evidence",
    "pictures and papers of a request; where and when they were taken is removed",
    """
linli need evidence add NUMBER 现场.jpg --as 13800000000
linli need evidence list NUMBER
linli need evidence export NUMBER --to 照片 --reason 回访
linli need evidence remove NUMBER --reason 拍到了无关的人
""",
)


@evidence.command(
    help=translate("keep FILE with request NUMBER: a JPEG, PNG, WebP or HEIC picture, or a PDF")
)
@click.argument("number")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_option
@json_option
@pass_district
def add(district: District, number: str, file: Path, who: str | None, as_json: bool) -> None:
    act = Needs(district).add_evidence(identifier(number), file.read_bytes(), actor=actor_of(district, who))
    print_act(district, act, as_json)


@evidence.command(
    help=translate("write the file of evidence NUMBER into a folder; that it was read, and why, is kept")
)
@click.argument("number")
@click.option(
    "--to",
    "folder",
    default=".",
    type=click.Path(file_okay=False, path_type=Path),
    help=translate("the folder"),
)
@click.option("--reason", required=True, help=translate("why it is read; it is kept"))
@as_option
@json_option
@pass_district
def export(
    district: District, number: str, folder: Path, reason: str, who: str | None, as_json: bool
) -> None:
    ident = identifier(number)
    data = Needs(district).content(ident, reason, actor=actor_of(district, who))
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{ident}.{ENDINGS[district.subject(ident).record.format]}"
    file.write_bytes(data)
    print_json({"file": str(file)}) if as_json else click.echo(str(say("written: {file}", file=file)))


add_moves(evidence, EvidenceFlow, only=("remove",))
add_reports(evidence, REPORTS)
