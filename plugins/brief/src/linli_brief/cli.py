"""`linli report`: show, make, publish, fill."""

from datetime import date
from pathlib import Path
from uuid import UUID

import click

from linli import District, Missing, Refused, say, translate
from linli.cli import (
    Choice,
    actor_of,
    as_option,
    json_option,
    noun,
    pass_district,
    period_options,
    print_act,
    print_json,
)
from linli_brief.api import FORMATS, Reports
from linli_brief.forms.names import IN_BRACES, names_of
from linli_brief.model import Report

report = noun(
    "report",
    "reports made of the brief, and forms filled in",
    """
linli report show --place 锦绣花园 --from 2026-01-01 --to 2026-03-31
linli report make --format pdf --out 简报.pdf
linli report make --out 简报.xlsx
linli report publish --place 锦绣花园
linli report fill 月报表.xlsx --to 2026-03-31 --out 三月月报.xlsx
linli report names
""",
)


@report.command(help=translate("print the report, with the newest months"))
@period_options
@json_option
@pass_district
def show(district: District, place: str | None, start: date | None, end: date | None, as_json: bool) -> None:
    made = _made(district, place, start, end)
    _print(Reports(district).written(made, "json" if as_json else "text"))


class NotForATerminal(Missing, says="a terminal cannot show this; write it to a file with --out"):
    field: str = "out"


@report.command(help=translate("write the report to a file: text, JSON, a spreadsheet, a printed page"))
@period_options
@click.option(
    "--format", "form", default=None, type=Choice(FORMATS), help=translate("else by the file's ending")
)
@click.option(
    "--out", default=None, type=click.Path(path_type=Path), help=translate("a file that is not there yet")
)
@pass_district
def make(
    district: District,
    place: str | None,
    start: date | None,
    end: date | None,
    form: str | None,
    out: Path | None,
) -> None:
    reports, made = Reports(district), _made(district, place, start, end)
    if out:
        reports.write(made, out, form)
        click.echo(str(say("written: {file}", file=out)))
    elif form in ("xlsx", "pdf"):
        raise Refused(NotForATerminal())
    else:
        _print(reports.written(made, form or "text"))


@report.command(help=translate("draft a publication of the report at its place"))
@period_options
@click.option("--at-once", is_flag=True, help=translate("publish it, where nobody has to approve it"))
@as_option
@json_option
@pass_district
def publish(
    district: District,
    place: str | None,
    start: date | None,
    end: date | None,
    at_once: bool,
    who: str | None,
    as_json: bool,
) -> None:
    made = _made(district, place, start, end)
    act = Reports(district).publish(made, at_once=at_once, actor=actor_of(district, who))
    print_act(district, act, as_json)


def _made(district: District, place: str | None, start: date | None, end: date | None) -> Report:
    return Reports(district).make(_place(district, place), start, end)


def _place(district: District, place: str | None) -> UUID | None:
    return district.register.find_place(place) if place else None


def _print(written: bytes) -> None:
    click.echo(written.decode(), nl=False)


@report.command(help=translate("fill in the spreadsheet FORM whose cells name figures, lists and periods"))
@click.argument("form", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--out", default=None, type=click.Path(path_type=Path), help=translate("a file that is not there yet")
)
@period_options
@json_option
@pass_district
def fill(
    district: District,
    form: Path,
    out: Path | None,
    place: str | None,
    start: date | None,
    end: date | None,
    as_json: bool,
) -> None:
    where = _place(district, place)
    filled = Reports(district).fill(form, out or form.with_stem(f"{form.stem}-filled"), where, start, end)
    if as_json:
        notes = [str(note) for note in filled.notes]
        print_json({"out": str(filled.out), "cells": filled.cells, "rows": filled.rows, "notes": notes})
        return
    click.echo(
        str(
            say(
                "written: {file}; {cells} cells, {rows} rows of lists; the form itself is as it was",
                file=filled.out,
                cells=filled.cells,
                rows=filled.rows,
            )
        )
    )
    for note in filled.notes:
        click.echo(str(note), err=True)


@report.command(help=translate("list the names that a form may have in its braces"))
@json_option
@pass_district
def names(district: District, as_json: bool) -> None:
    known = names_of(district)
    if as_json:
        print_json(known)
        return
    for heading, rows in known.items():
        click.echo(translate(heading))
        for name, meaning in rows.items():
            click.echo(f"  {{{name}}}  {meaning}" if heading in IN_BRACES else f"  {name}  {meaning}")
        click.echo()
