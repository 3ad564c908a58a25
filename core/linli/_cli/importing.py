"""`linli import`: spreadsheets come into the record."""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import attrs
import click

from linli._base.i18n import Text, listed, say, translate
from linli._cli.shared import actor_of, as_option, json_option, pass_district, print_json, progress
from linli._district.district import District
from linli._importing.report import Complaint, Report, SheetReport, complaints
from linli._model.sheets import Column, HeadingMatch, How, column_letter

MOST_SHOWN = 20
SOME_SKIPPED = 3
"""The exit status where some rows or files came in, and others did not."""


@click.command(
    name="import",
    help=f"""{translate("take spreadsheets into the record")}

{translate("What is there already stays as it is: import a file as often as you like. Bad rows are skipped and written into a file beside it, to be put right and imported.")}

{translate("Exit status: 0 all rows came in, 3 some were skipped, 1 none came in.")}

\b
linli import --try homes.xlsx
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
@click.option(
    "--try", "only_try", is_flag=True, help=translate("only say what would become of it; nothing is written")
)
@as_option
@json_option
@pass_district
def import_(
    district: District,
    files: tuple[Path, ...],
    kind: str | None,
    map_: str | None,
    only_try: bool,
    who: str | None,
    as_json: bool,
) -> None:
    with progress("rows", None) as advance:
        report = district.importing.run(
            files, kind=kind, map=map_, progress=advance, actor=actor_of(district, who), only_try=only_try
        )
    if as_json:
        print_json({"try": only_try} | _document(report))
    else:
        _tell(report, only_try)
    if not report.good:
        sys.exit(1)
    if not report.whole:
        sys.exit(SOME_SKIPPED)


def _document(report: Report) -> dict[str, object]:
    return {
        "sheets": [_sheet(sheet) for sheet in report.sheets],
        "failures": [{"file": file, "why": str(why)} for file, why in report.failures],
        "problems": [{**attrs.asdict(problem), "what": str(problem.what)} for problem in report.problems],
        "left_out": [{**attrs.asdict(problem), "what": str(problem.what)} for problem in report.left_out],
        "complaints": [
            {"rows": one.rows, "first": str(one.first), "skipped": one.first.costs_row}
            for one in complaints((*report.problems, *report.left_out))
        ],
        "notices": [str(notice) for notice in report.notices],
        "error_files": [str(path) for path in report.error_files],
        "kept_files": [str(path) for path in report.kept_files],
        "acts": report.acts,
        **{what: report.total(what) for what in _WHATS},
    }


def _sheet(sheet: SheetReport) -> dict[str, object]:
    return {
        "file": sheet.file,
        "sheet": sheet.sheet,
        "kind": sheet.kind,
        "how": sheet.how,
        "headings": {match.heading: match.column for match in sheet.matches},
        "guessed": [match.heading for match in sheet.matches if match.how is How.GUESSED],
        "columns": [_match(match, sheet) for match in sheet.matches],
        "not_there": [column.headings[0] for column in _not_there(sheet)],
        "required": [column.headings[0] for column in sheet.columns if column.required],
        "passed_over": str(sheet.passed_over) if sheet.passed_over else None,
        "remarks": [str(remark) for remark in sheet.remarks],
        "taken_as": dict(sheet.told),
        "unknown_words": dict(sheet.unknown),
        **{what: getattr(sheet, what) for what in (*_WHATS, "incomplete")},
    }


def _match(match: HeadingMatch, sheet: SheetReport) -> dict[str, object]:
    first = sheet.first.get(match.column) if match.column else None
    return {"letter": match.letter, "heading": match.heading, "column": match.column, "how": match.how.value, "first": first}  # fmt: skip


_WHATS = ("registered", "updated", "unchanged", "skipped")


def _tell(report: Report, only_try: bool) -> None:
    for sheet in report.sheets:
        _tell_sheet(sheet, only_try)
    _tell_some(complaints(report.problems))
    if report.left_out:
        click.echo(say("taken without these cells:"), err=True)
        _tell_some(complaints(report.left_out))
    _tell_some(complaints(report.notices))
    for _, why in report.failures:
        click.echo(str(why), err=True)
    click.echo(_counts(report, only_try))
    for path in report.kept_files:
        click.echo(say("{path} was changed since it was written, and stays as it is", path=path))
    for path in report.error_files:
        click.echo(say("skipped rows: {path}; put them right there and import that file", path=path))


def _counts(report: Report, only_try: bool) -> Text:
    counts = {what: report.total(what) for what in _WHATS}
    if only_try:
        return say(
            "nothing is written; an import would register {registered}, update {updated}, leave {unchanged} as they "
            "are and skip {skipped}",
            **counts,
        )
    return say(
        "{registered} registered, {updated} updated, {unchanged} unchanged, {skipped} skipped", **counts
    )


def _tell_sheet(sheet: SheetReport, only_try: bool) -> None:
    name = f"{sheet.file} [{sheet.sheet}]" if sheet.sheet else sheet.file
    if sheet.passed_over is not None:
        click.echo(say("{name}: not read: {why}", name=name, why=sheet.passed_over))
        return
    click.echo(
        say("{name}: {kind}, {good} rows taken, {skipped} skipped",
            name=name, kind=say(sheet.label), good=sheet.good, skipped=sheet.skipped)
    )  # fmt: skip
    for line in (
        *(_understood(sheet) if only_try else ()),
        *_headings(sheet),
        *sheet.remarks,
        *_taken_as(sheet),
    ):
        click.echo(f"  {line}")


def _understood(sheet: SheetReport) -> Iterator[object]:
    """How a sheet was understood: its kind, its headings with their first values, and what is not there."""
    yield say(WORDS[sheet.how])
    yield say("headings in row {row}", row=sheet.heading_row)
    for match in sheet.matches:
        if match.column and match.how is not How.GUESSED:
            yield say(
                "{letter} {heading} is {column}: {first}",
                letter=match.letter,
                heading=match.heading,
                column=_called(sheet, match.column),
                first=sheet.first.get(match.column, "-"),
            )
    required = [column.headings[0] for column in sheet.columns if column.required]
    if required:
        yield say("a row must have: {names}", names=listed(required))
    if missing := _not_there(sheet):
        yield say("not in this file: {names}", names=listed(column.headings[0] for column in missing))


def _called(sheet: SheetReport, name: str) -> str:
    """A column as files call it, and as maps do."""
    words = next((column.headings[0] for column in sheet.columns if column.name == name), name)
    return f"{words} ({name})" if words != name else name


def _not_there(sheet: SheetReport) -> list[Column]:
    led_to = {match.column for match in sheet.matches}
    return [column for column in sheet.columns if column.name not in led_to]


WORDS = {
    "guessed": "what it is was guessed by its headings; if it is not, say it with --kind",
    "mapped": "what it is and its columns are as its map says; nothing was guessed",
    "said": "what it is was said with --kind",
}


def _headings(sheet: SheetReport) -> Iterator[object]:
    """What to say of headings: guesses are shown, so that a wrong one is seen; sure ones are not."""
    for match in sheet.matches:
        if match.how is How.GUESSED:
            yield say(
                "'{heading}' is taken for {column}, first value {first}; if it is not, map it",
                heading=match.heading,
                column=match.column,
                first=sheet.first.get(match.column or "", "-"),
            )
        elif match.how is How.DUPLICATE:
            yield say(
                "column {letter} '{heading}' is not read; column {other} '{rival}' is",
                letter=match.letter,
                heading=match.heading,
                other=column_letter(match.rival_position),
                rival=match.rival,
            )
    unread = [f"{match.letter} {match.heading}" for match in sheet.matches if match.how is How.UNMATCHED]
    if unread:
        yield say("not read: {names}", names=listed(unread))


def _taken_as(sheet: SheetReport) -> Iterator[object]:
    """What the rows were taken as, and what was left out: why figures may differ from a count of the file."""
    if sheet.told:
        parts = (say("{rows} {word}", rows=rows, word=say(word)) for word, rows in sheet.told.most_common())
        yield say("new ones: {parts}", parts=listed(parts))
    if sheet.incomplete:
        yield say("{rows} rows were taken without one of their cells", rows=sheet.incomplete)
    if sheet.unknown:
        words = listed(f"{word} ({rows})" for word, rows in sheet.unknown.most_common(MOST_SHOWN))
        yield say("words of the status that are not known: {words}; say in a map what they mean", words=words)


def _tell_some(told: Iterable[Complaint]) -> None:
    told = list(told)
    for one in told[:MOST_SHOWN]:
        click.echo(str(one), err=True)
    if len(told) > MOST_SHOWN:
        click.echo(str(say("… and {count} more", count=len(told) - MOST_SHOWN)), err=True)
