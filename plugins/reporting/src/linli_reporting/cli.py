"""`linli report-in`."""

import sys
from datetime import datetime
from pathlib import Path

import click

from linli import District, DistrictSettings, StoredSubject, say, translate
from linli._cli.importing import import_
from linli.cli import (
    Columns,
    actor_of,
    add_lists,
    add_moves,
    add_reports,
    as_option,
    identifier,
    json_option,
    language,
    noun,
    pass_district,
    plain_record,
    print_act,
    print_json,
    table,
)
from linli_reporting.answers import REPORTS as REPORTED
from linli_reporting.api import Reporting
from linli_reporting.comparing import FINDINGS, Comparison
from linli_reporting.importers import REPORTS
from linli_reporting.printing import receipt_page, receipt_text
from linli_reporting.reports import ReportFlow

_PLACE_HELP = translate("a number or a path of names: 锦绣花园")
_MOST_SHOWN = 50
_below = click.option("--place", default=None, help=_PLACE_HELP)
_map = click.option(
    "--map", "map_", default=None, help=translate("a name under [import.maps], or a TOML file")
)


report_in = noun(
    "report-in",
    "party members report to the branch of the compound where they live",
    """
linli report-in announce 13800000000
linli report-in list --state announced --place 锦绣花园
linli report-in confirm NUMBER --as 13900000000
linli report-in import 双报到名册.xlsx
linli report-in check 双报到名册.xlsx
linli report-in done 13800000000
linli report-in members --place 锦绣花园 --inactive
linli report-in receipt NUMBER --out receipt.html
linli report-in verify 4M2A-7K3P-9QXZ-0T5B
""",
)


@report_in.command(help=translate("announce PERSON, a party member, to the branch where they live"))
@click.argument("person")
@click.option("--place", default=None, help=translate("the compound; the one of their home if not given"))
@click.option(
    "--on",
    "on",
    default=None,
    type=click.DateTime(["%Y-%m-%d"]),
    help=translate("the day on which they reported; else today"),
)
@as_option
@json_option
@pass_district
def announce(
    district: District, person: str, place: str | None, on: datetime | None, who: str | None, as_json: bool
) -> None:
    act = Reporting(district).announce(
        district.register.find_one(person),
        district.register.find_place(place) if place else None,
        reported_on=on.date() if on else None,
        actor=actor_of(district, who),
    )
    print_act(district, act, as_json)
    if not as_json and district.subject(act.subject).record.branch is None:
        click.echo(translate("there is no branch here, nor one that stands in: it waits until one is set up"))


# --- files ---------------------------------------------------------------------------------------------------


@report_in.command(
    name="import",
    help=f"""{translate("take files of the party-building system into the record: what they say is confirmed")}

{translate("Read are 姓名, 身份证号, 手机号, 所在党组织, 报到小区, 报到时间, 状态. Rows about somebody who is not registered, or a compound without a branch, are skipped and written into a file beside it.")}
""",
)
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@_map
@as_option
@json_option
@click.pass_context
def import_files(
    context: click.Context, files: tuple[Path, ...], map_: str | None, who: str | None, as_json: bool
) -> None:
    context.invoke(import_, files=files, kind=REPORTS.kind, map_=map_, who=who, as_json=as_json)


@report_in.command(
    help=f"""{translate("compare a file of the party-building system with the record, and change nothing")}

{translate("It ends with 1 where anything differs.")}
"""
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_map
@as_option
@json_option
@pass_district
def check(district: District, file: Path, map_: str | None, who: str | None, as_json: bool) -> None:
    found = Reporting(district).check(file, map=map_, actor=actor_of(district, who))
    if as_json:
        print_json(_plain(found))
    else:
        _tell(district, found)
    if not found.agrees:
        sys.exit(1)


def _plain(found: Comparison) -> dict[str, object]:
    unread = [{"row": one.row, "column": one.column, "why": str(one.what)} for one in found.unread]
    differences = [plain_record(one) for one in found.differences]
    return {"counts": found.counts, "differences": differences, "unread": unread}


_FINDINGS = {
    "agrees": say("file and record agree"),
    "not_here": say("in the file only"),
    "waiting_here": say("in the file; here nobody has decided on it yet"),
    "elsewhere": say("at another compound here"),
    "ended_there": say("here, but over or not reported by the file"),
    "not_there": say("here, but not in the file"),
}


def _tell(district: District, found: Comparison) -> None:
    table(["what differs", "count"], [(_FINDINGS[one], found.counts[one]) for one in FINDINGS], False)
    shown = found.differences[:_MOST_SHOWN]
    names = district.register.name_paths(at for one in shown for at in (one.here, one.there) if at)
    rows = [
        (one.row, _FINDINGS[one.finding], one.report, names.get(one.here), names.get(one.there))  # type: ignore[arg-type]
        for one in shown
    ]
    if rows:
        click.echo()
        table(["row", "what differs", "number", "here", "in the file"], rows, False)
    _more(len(found.differences))
    for problem in found.unread[:_MOST_SHOWN]:
        click.echo(str(problem), err=True)
    _more(len(found.unread))


def _more(count: int) -> None:
    if count > _MOST_SHOWN:
        click.echo(str(say("… and {count} more", count=count - _MOST_SHOWN)), err=True)


# --- receipts --------------------------------------------------------------------------------------------------


@report_in.command(help=translate("print the receipt of report NUMBER"))
@click.argument("number")
@click.option(
    "--out", default=None, help=translate("the file of the page; the name stands there and nowhere else")
)
@as_option
@json_option
@pass_district
def receipt(district: District, number: str, out: str | None, who: str | None, as_json: bool) -> None:
    ident = identifier(number)
    said = Reporting(district).receipt(ident, actor=actor_of(district, who))
    if out:
        title = district.configuration.section(DistrictSettings).name
        Path(out).write_text(receipt_page(title, said, language()), encoding="utf-8")
    if as_json:
        print_json({name: value for name, value in plain_record(said).items() if name != "name"})
        return
    person = district.subject(ident).person
    masked = district.register.masked(person).get("name", "") if person else ""
    click.echo(receipt_text(said, masked))


def _cells(district: District, report: StoredSubject) -> tuple[object, ...]:
    return report.record.reported_on, report.record.branch is not None, report.record.stood_in


add_lists(
    report_in,
    ReportFlow,
    Columns(headings=("reported on", "has a branch", "stands in"), cells=_cells, place=True),
    person=True,
)
add_moves(report_in, ReportFlow, leave_out=("print",))
add_reports(report_in, REPORTED)
