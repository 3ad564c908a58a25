"""Commands for reports: an option for each input, a table for people, JSON for programs."""

from collections.abc import Iterable
from typing import Any

import click

from linli._base.i18n import Text, translate
from linli._cli import options
from linli._cli.meaning import typed_number
from linli._cli.shared import (
    actor_of,
    as_option,
    as_people_read,
    json_option,
    pass_district,
    print_json,
    show,
    table,
    tell,
)
from linli._district.district import District
from linli._surfaces.reports import Answer, Card, Page, Report, Table


def add_reports(group: click.Group, reports: Iterable[Report[Any, Any]]) -> None:
    """Add a command to `group` for each of the reports that stand under its noun: "steward.gaps" under `steward`."""
    for one in reports:
        if one.name.split(".")[-2] == group.name:
            group.add_command(report_command(one))


def report_command(report: Report[Any, Any]) -> click.Command:
    """The command of a report, for a group of another name."""
    *noun, name = report.name.replace("_", "-").split(".")
    fields = [one for one in report.fields() if one.asked]
    typed = [one for name in report.arguments for one in fields if one.name == name]
    rest = [one for one in fields if one not in typed]

    @as_option
    @json_option
    @pass_district
    def run(district: District, /, who: str | None, as_json: bool, **values: Any) -> None:
        values |= {one.name: typed_number(district, one, values[one.name]) for one in typed}
        given = report.read(options.found(district, fields, values))
        answer = report.ask(district, given, actor=actor_of(district, who))
        print_answer(answer, as_json)

    command = options.with_options(run, None, rest, report.called)
    for one in reversed(typed):
        command = options.argument(one)(command)
    written = " ".join((*(one.name.upper() for one in typed), options.example(rest))).strip()
    text = f"{translate(report.label)}\n\n\b\nlinli {' '.join(noun)} {name} {written}".rstrip()
    return click.command(name=name, help=text)(command)


def print_answer(answer: Answer, as_json: bool) -> None:
    """What a report answers: one after the other for people, as one document for programs."""
    if as_json:
        print_json(answer.plain)
    else:
        for part in answer.parts if isinstance(answer, Page) else (answer,):
            _print(part)
        for warning in answer.warnings if isinstance(answer, Page) else ():
            click.echo(str(as_people_read(warning)), err=True)
    if isinstance(answer, Page) and answer.fails:
        raise SystemExit(1)


def _print(part: Table | Card | Text | str) -> None:
    match part:
        case Table():
            table(part.headings, part.shown, False, only_filled=part.only_filled)
            if part.empty and not part.rows:
                tell(part.empty)
        case Card():
            show(part.values, False)
        case Text():
            tell(part)
        case _:
            click.echo(part)  # "" is an empty line
