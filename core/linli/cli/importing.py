"""`linli import`: spreadsheets come into the record."""

import sys
from collections.abc import Iterable
from pathlib import Path

import attrs
import click

from linli.cli.shared import actor_of, as_option, json_option, pass_district, print_json, progress
from linli.district import District
from linli.i18n import say, translate
from linli.importing.report import Report, SheetReport
from linli.importing.shapes import HeadingMatch, How

MOST_SHOWN = 20


@click.command(
    name="import",
    help=f"""{translate("take spreadsheets into the record")}

{translate("What is there already stays as it is: import a file as often as you like. Bad rows are skipped and written into a file beside it, to be put right and imported.")}

\b
linli import homes.xlsx people.xlsx
linli import 名册.xlsx --kind people
linli import 311.csv --map hotline
""",
)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--kind", default=None, help=translate("what the rows are: homes, people, requests; else guessed")
)
@click.option("--map", "map_", default=None, help=translate("a name under [import.maps], or a TOML file"))
@as_option
@json_option
@pass_district
def import_(
    district: District,
    files: tuple[Path, ...],
    kind: str | None,
    map_: str | None,
    who: str | None,
    as_json: bool,
) -> None:
    with progress("rows", None) as advance:
        report = district.importing.run(
            files, kind=kind, map=map_, progress=advance, actor=actor_of(district, who)
        )
    if as_json:
        print_json(_document(report))
    else:
        _tell(report)
    if not report.good:
        sys.exit(1)


def _document(report: Report) -> dict[str, object]:
    return {
        "sheets": [_sheet(sheet) for sheet in report.sheets],
        "failures": [{"file": file, "why": str(why)} for file, why in report.failures],
        "problems": [{**attrs.asdict(problem), "what": str(problem.what)} for problem in report.problems],
        "notices": [str(notice) for notice in report.notices],
        "error_files": [str(path) for path in report.error_files],
        "acts": report.acts,
        **{what: report.total(what) for what in _WHATS},
    }


def _sheet(sheet: SheetReport) -> dict[str, object]:
    return {
        "file": sheet.file,
        "sheet": sheet.sheet,
        "kind": sheet.kind,
        "headings": {match.heading: match.column for match in sheet.matches},
        "guessed": [match.heading for match in sheet.matches if match.how is How.GUESSED],
        "passed_over": str(sheet.passed_over) if sheet.passed_over else None,
        **{what: getattr(sheet, what) for what in _WHATS},
    }


_WHATS = ("registered", "updated", "unchanged", "skipped")


def _tell(report: Report) -> None:
    for sheet in report.sheets:
        _tell_sheet(sheet)
    _tell_some(map(str, report.problems), len(report.problems))
    _tell_some((f"{notice}" for notice in report.notices), len(report.notices))
    for _, why in report.failures:
        click.echo(str(why), err=True)
    counts = {what: report.total(what) for what in _WHATS}
    click.echo(
        say("{registered} registered, {updated} updated, {unchanged} unchanged, {skipped} skipped", **counts)
    )
    for path in report.error_files:
        click.echo(say("skipped rows: {path}; put them right there and import that file", path=path))


def _tell_sheet(sheet: SheetReport) -> None:
    name = f"{sheet.file} [{sheet.sheet}]" if sheet.sheet else sheet.file
    if sheet.passed_over is not None:
        click.echo(say("{name}: not read: {why}", name=name, why=sheet.passed_over))
        return
    click.echo(
        say("{name}: {kind}, {good} rows taken, {skipped} skipped",
            name=name, kind=say(sheet.kind or "-"), good=sheet.good, skipped=sheet.skipped)
    )  # fmt: skip
    for match in sheet.matches:
        line = _heading(match)
        if line is not None:
            click.echo(f"  {line}")


def _heading(match: HeadingMatch) -> object:
    """What to say of a heading: guesses are shown, so that a wrong one is seen; sure ones are not."""
    if match.how is How.GUESSED:
        return say("'{heading}' is taken for {column}; if it is not, map it", heading=match.heading, column=match.column)  # fmt: skip
    if match.how is How.DUPLICATE:
        return say("'{heading}' is not read; '{rival}' is", heading=match.heading, rival=match.rival)
    if match.how is How.UNMATCHED:
        return say("'{heading}' is not read", heading=match.heading)
    return None


def _tell_some(lines: Iterable[str], count: int) -> None:
    for line, _ in zip(lines, range(MOST_SHOWN), strict=False):
        click.echo(line, err=True)
    if count > MOST_SHOWN:
        click.echo(str(say("… and {count} more", count=count - MOST_SHOWN)), err=True)
