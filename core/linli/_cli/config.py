"""`linli config`: check and explain a district's file."""

import json
from collections.abc import Iterator
from pathlib import Path

import click

from linli._base.errors import NotFound
from linli._base.i18n import Several, listed, say, translate
from linli._base.refusals import NotFoundHere
from linli._cli.shared import json_option, plain_record, print_json
from linli._config import Row, document_schema, explain
from linli._district.checking import checked
from linli._district.opening import configured, sections_of


@click.group(
    help=f"""{translate("check and explain a district's file")}

\b
linli config check
linli config show
linli config schema > district.schema.json
"""
)
def config() -> None:
    pass


def _path() -> Path:
    return Path(click.get_current_context().find_root().obj["path"])


@config.command(help=translate("say everything that is wrong in the file, each with its path"))
@json_option
def check(as_json: bool) -> None:
    found = checked(_path())
    wrong = (*found.problems, *found.absent)
    if as_json:
        problems = [{"where": one.where, "what": str(one.what)} for one in wrong]
        print_json({"file": str(found.file), "problems": problems})
    elif not wrong:
        click.echo(str(say("{file}: all right", file=found.file)))
    else:
        click.echo(str(say("{file}: {count} problems", file=found.file, count=len(wrong))), err=True)
        for problem in wrong:
            click.echo(f"  {problem}", err=True)
    if wrong:
        click.get_current_context().exit(1)


@config.command(
    help=translate("print the file's JSON Schema, for editors; the enabled plugins' settings included")
)
def schema() -> None:
    configuration = configured(_path())
    made = document_schema(sections_of(configuration.plugins), "district.toml")
    click.echo(json.dumps(made, ensure_ascii=False, indent=2))


class NoSuchSection(NotFoundHere, says="there is no section '{name}'; there are: {known}"):
    name: str
    known: Several


@config.command(help=translate("print every setting: what holds, its default, unit and help; never a secret"))
@click.argument("section", required=False)
@json_option
def show(section: str | None, as_json: bool) -> None:
    configuration = configured(_path())
    sections = sections_of(configuration.plugins)
    if section is not None and section not in sections:
        known = listed(sections)
        raise NotFound(NoSuchSection(name=section, known=known))
    rows = [
        row
        for name, cls in sections.items()
        if section in (None, name)
        for row in explain(cls, name, configuration.sections[name])
    ]
    if as_json:
        print_json([plain_record(row) for row in rows])
        return
    for row in rows:
        click.echo("\n".join(_lines(row)))


def _lines(row: Row) -> Iterator[str]:
    yield f"{row.path} = {row.value}" if row.value else row.path
    about = [row.help, *([row.unit] if row.unit else [])]
    if row.default and row.default != row.value:
        about.append(str(say("default: {default}", default=row.default)))
    yield f"    {'; '.join(about)}"
