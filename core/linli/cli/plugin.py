"""`linli plugin`: what is installed, enabled and broken; and the beginning of a new one."""

from pathlib import Path

import click

from linli.checking import enabled_in
from linli.cli.scaffold import scaffold
from linli.cli.shared import json_option, table
from linli.config import read_toml
from linli.errors import ConfigError, LinliError, NotFound, PluginError
from linli.i18n import Several, listed, say, translate
from linli.manifest import Manifest
from linli.opening import district_file
from linli.plugins import Plugins, Status, survey
from linli.refusals import NotFoundHere
from linli.store.sources import CORE, sources


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
    _print(checked, as_json)
    if any(one.problem for one in checked):
        click.get_current_context().exit(1)


def _tried(one: Status) -> Status:
    """Load it as a district would: its hooks, its settings, its tables."""
    import attrs

    from linli.config import schema

    if one.problem:
        return one
    try:
        plugins = Plugins((one.name,))
        manifest = plugins.manifests[one.name]
        if manifest.settings:
            schema(manifest.settings)
        _with_names(plugins.modules[one.name])
        _with_reports(manifest)
        if manifest.after is None or manifest.after.startswith(f"{CORE}:"):
            _with_revisions(one.name, manifest)
    except LinliError as error:
        return attrs.evolve(one, problem=str(error))
    return one


def _with_names(module: object) -> None:
    """LinliError where a callback of its workflows reads a name that is not there."""
    from linli._model.names import look_in

    name = getattr(module, "__name__", "")
    problems = look_in(name.rpartition(".")[0] or name).problems
    if problems:
        lines = "\n".join(map(str, problems))
        raise PluginError(say("names are read that are not there:\n{problems}", problems=lines))


def _with_reports(manifest: Manifest) -> None:
    """LinliError where a report of its is not declared right."""
    from linli.reports import reports_in, slips_of

    slips = tuple(slips_of(reports_in(manifest.reports))) if manifest.reports else ()
    if slips:
        raise PluginError(say("reports are declared wrongly: {problems}", problems=listed(slips)))


def _with_revisions(name: str, manifest: Manifest) -> None:
    """LinliError where its revisions do not make the tables that it declares."""
    from linli.store.revising import behind

    for source in sources({name: manifest}):
        problem = behind(source) if source.name == name else None
        if problem:
            raise PluginError(problem)


def _print(found: list[Status], as_json: bool) -> None:
    rows = [(one.name, one.version, one.enabled, one.problem) for one in found]
    table(["plugin", "version", "enabled", "problem"], rows, as_json)


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
