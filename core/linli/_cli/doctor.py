"""`linli doctor`: say what is wrong with this installation."""

from pathlib import Path

import click

from linli._base.i18n import say, translate
from linli._cli.shared import json_option, moment, print_json
from linli._operations.doctor import Finding, Level, examine

_SIGNS = {Level.OK: "✓", Level.WARNING: "!", Level.ERROR: "✗"}


@click.command(
    help=f"""{translate("say what is wrong with this installation")}

{translate("Looks at everything, whatever is broken; exit code 1 where something must be mended.")}

\b
linli doctor
linli --district /srv/mydistrict doctor --json
"""
)
@json_option
def doctor(as_json: bool) -> None:
    found: list[Finding] = []
    given = click.get_current_context().find_root().obj
    for one in examine(Path(given["path"]), moment(given["at"]) if given.get("at") else None):
        found.append(one)
        if not as_json:
            click.echo(_line(one))
    if as_json:
        print_json([_plain(one) for one in found])
    if any(one.level is Level.ERROR for one in found):
        click.get_current_context().exit(1)


def _line(one: Finding) -> str:
    level = {Level.OK: say("ok"), Level.WARNING: say("warning"), Level.ERROR: say("error")}[one.level]
    todo = f"\n      → {one.todo}" if one.todo else ""
    return f"{_SIGNS[one.level]} {level}  {one.about}: {one.found}{todo}"


def _plain(one: Finding) -> dict[str, object]:
    return {
        "about": str(one.about),
        "level": one.level.value,
        "found": str(one.found),
        "todo": str(one.todo) if one.todo else None,
    }
