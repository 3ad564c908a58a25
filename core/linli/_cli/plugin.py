"""`linli plugin`: what is installed, enabled and broken; and the beginning of a new one."""

from pathlib import Path

import attrs
import click

from linli._base.errors import ConfigError, LinliError, NotFound, PluginError
from linli._base.i18n import Several, listed, say, translate
from linli._base.refusals import NotFoundHere
from linli._cli.scaffold import scaffold
from linli._cli.shared import json_option, print_json, table
from linli._config import read_toml
from linli._district.checking import enabled_in
from linli._district.opening import district_file
from linli._hooks.plugin import Plugin
from linli._hooks.plugins import Plugins, Status, survey
from linli._schema.sources import CORE, sources


@click.group(
    help=f"""{translate("what is installed, enabled and broken")}

\b
linli plugin list
linli plugin check bank
linli plugin new snow
"""
)
def plugin() -> None:
    pass


def _enabled() -> list[str]:
    """The plugins that the district enables, if there is a district whose file can be read."""
    path = Path(click.get_current_context().find_root().obj["path"])
    try:
        return list(dict.fromkeys(enabled_in(read_toml(district_file(path)))))
    except ConfigError as error:
        if district_file(path).exists():
            click.echo(str(error), err=True)
        return []


@plugin.command(name="list", help=translate("list every plugin, in the district's order, whatever is broken"))
@json_option
def list_(as_json: bool) -> None:
    _print(survey(_enabled()), as_json)


class NotInstalled(NotFoundHere, says="plugin '{name}' is not installed; installed: {known}"):
    name: str
    known: Several


@plugin.command(help=translate("say what is wrong with the plugins named, or with all; nothing is stored"))
@click.argument("names", nargs=-1)
@json_option
def check(names: tuple[str, ...], as_json: bool) -> None:
    found = survey(_enabled())
    unknown = [name for name in names if name not in {one.name for one in found}]
    if unknown:
        known = listed(one.name for one in found)
        raise NotFound(NotInstalled(name=unknown[0], known=known))
    checked = [_tried(one) for one in found if not names or one.name in names]
    if as_json:
        print_json([_row(one.status) | {"unjudged": list(one.unjudged)} for one in checked])
    else:
        _tell(checked, every=not names)
    if any(one.status.problem for one in checked):
        click.get_current_context().exit(1)


@attrs.frozen
class Checked:
    """A plugin that was looked at.

    Attributes:
        unjudged: names in its callbacks that could not be followed to what they are read of: "file:line: name".
    """

    status: Status
    unjudged: tuple[str, ...] = ()


def _tried(one: Status) -> Checked:
    """Load it as a district would: its hooks, its callbacks, its settings, its tables."""
    from linli._config import schema

    if one.problem:
        return Checked(one)
    try:
        plugins = Plugins((one.name,))
        declaration = plugins.declarations[one.name]
        if declaration.settings:
            schema(declaration.settings)
        _with_reports(declaration)
        if declaration.migrates_after is None or declaration.migrates_after.startswith(f"{CORE}:"):
            _with_revisions(one.name, declaration)
    except LinliError as error:
        return Checked(attrs.evolve(one, problem=str(error)))
    looked = plugins.looked_into().get(one.name)
    return Checked(one, looked.unjudged if looked else ())


def _tell(checked: list[Checked], *, every: bool) -> None:
    """The table, and below it what does not fit into a line of it."""
    _print([one.status for one in checked], as_json=False)
    for one in checked:
        if "\n" in (one.status.problem or ""):
            click.echo(f"\n{one.status.problem}")
    unjudged = {one.status.name: one.unjudged for one in checked if one.unjudged}
    for name, lines in unjudged.items() if not every else ():
        click.echo("\n" + str(say("{name}: {count} names could not be judged", name=name, count=len(lines))))
        click.echo("\n".join(f"  {line}" for line in lines))
    if every and unjudged:
        count = sum(map(len, unjudged.values()))
        told = say("{count} names could not be judged; see which: linli plugin check NAME", count=count)
        click.echo(f"\n{told}")


def _with_reports(declaration: Plugin) -> None:
    """LinliError where a report of its is not declared right."""
    from linli._surfaces.reports import reports_in, slips_of

    slips = tuple(slips_of(reports_in(declaration.reports))) if declaration.reports else ()
    if slips:
        raise PluginError(say("reports are declared wrongly: {problems}", problems=listed(slips)))


def _with_revisions(name: str, declaration: Plugin) -> None:
    """LinliError where its revisions do not make the tables that it declares."""
    from linli._schema.revising import behind

    for source in sources({name: declaration}):
        problem = behind(source) if source.name == name else None
        if problem:
            raise PluginError(problem)


def _print(found: list[Status], as_json: bool) -> None:
    rows = [_row(one) for one in found]
    table(_COLUMNS, [tuple(row.values()) for row in rows], as_json)


_COLUMNS = ("plugin", "version", "enabled", "problem")


def _row(one: Status) -> dict[str, object]:
    return dict(zip(_COLUMNS, (one.name, one.version, one.enabled, one.problem), strict=True))


@plugin.command(
    help=translate("write a complete plugin into a new folder: an example that works, with its test")
)
@click.argument("name")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
def new(name: str, folder: Path | None) -> None:
    made = scaffold(name, folder or Path(f"linli-{name}"))
    click.echo(str(say("{folder} is ready; go on with:", folder=made)))
    click.echo(f"  pip install -e '{made}[test]'\n  pytest {made}/tests")
    click.echo(str(say('  and write "{name}" under [plugins] enabled in the district\'s file', name=name)))
