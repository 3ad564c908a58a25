"""`linli`: finds the noun's module when it is asked for, and turns our errors into one line."""

import sys
from collections.abc import Mapping
from importlib import import_module

import click

from linli.errors import LinliError
from linli.i18n import translate

GROUP = "linli.commands"

# Noun -> module:attribute and what it is for. Modules are imported only when their noun is used.
NOUNS: Mapping[str, tuple[str, str]] = {
    "init": ("linli.cli.init:init", "make a district's folder from a profile"),
    "demo": ("linli.cli.demo:demo", "run the main job of a district on sample data"),
    "import": ("linli.cli.importing:import_", "take spreadsheets into the record"),
    "brief": ("linli.cli.brief:brief", "print the figures of a place and a period"),
    "request": ("linli.cli.request:request", "residents' requests, from submission to the one feedback"),
    "task": ("linli.cli.task:task", "tasks: take, finish, confirm, hand over"),
    "person": ("linli.cli.person:person", "register, find, merge and end people"),
    "place": ("linli.cli.place:place", "the tree of places, from the district to a home"),
    "organisation": ("linli.cli.organisation:organisation", "organisations and who is in them"),
    "post": ("linli.cli.post:post", "who has which role where"),
    "points": ("linli.cli.points:points", "accounts, statements, awards and reversals"),
    "publication": ("linli.cli.publication:publication", "draft, approve, publish, withdraw, correct"),
    "delivery": ("linli.cli.delivery:delivery", "what is due, what failed, sending it again"),
    "worker": ("linli.cli.worker:worker", "carry out what is due"),
    "verify": ("linli.cli.verify:verify", "seal the journal and check that nothing was changed"),
    "workflow": ("linli.cli.workflow:workflow", "show a workflow as a table or a diagram"),
    "plugin": ("linli.cli.plugin:plugin", "what is installed, enabled and broken"),
    "config": ("linli.cli.config:config", "check and explain a district's file"),
    "db": ("linli.cli.db:db", "create and upgrade the tables"),
    "doctor": ("linli.cli.doctor:doctor", "say what is wrong with this installation"),
}


def _plugin_nouns() -> Mapping[str, str]:
    """Nouns of installed plugins: entry points whose name is the noun."""
    from importlib.metadata import entry_points

    return {point.name: point.value for point in entry_points(group=GROUP)}


class Linli(click.Group):
    """The top of the command line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*NOUNS, *sorted(set(_plugin_nouns()) - set(NOUNS))]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        where = NOUNS[name][0] if name in NOUNS else _plugin_nouns().get(name)
        if where is None:
            return None
        module, _, attribute = where.partition(":")
        command = getattr(import_module(module), attribute)
        assert isinstance(command, click.Command), f"{where} is not a click command"
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [(name, translate(purpose)) for name, (_, purpose) in NOUNS.items()]
        plugins = sorted(set(_plugin_nouns()) - set(NOUNS))
        with formatter.section(translate("Nouns")):
            formatter.write_dl(rows)
        if plugins:
            with formatter.section(translate("Nouns of plugins")):
                formatter.write_dl([(name, translate(f"see: linli {name} --help")) for name in plugins])

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write(_indented(translate(self.help or ""), "  "))


def _indented(text: str, margin: str) -> str:
    return "".join(f"{margin}{line}\n" if line else "\n" for line in text.splitlines())


HELP = """linli runs the work of a district's residential compounds.

A district lives in a folder with a district.toml. Start with:

linli demo                        see it all on sample data
linli init DIR --profile daxiang  make a district's folder
linli import people.xlsx          register everybody in a file
linli brief                       print the district's figures

LINLI_LANG=en speaks English, LINLI_LANG=zh Chinese."""


@click.group(cls=Linli, help=HELP)
@click.option(
    "--district",
    "district_path",
    envvar="LINLI_DISTRICT",
    default=".",
    type=click.Path(),
    help="the district's folder or file; else LINLI_DISTRICT, else this folder",
)
@click.version_option(package_name="linli")
@click.pass_context
def cli(context: click.Context, district_path: str) -> None:
    context.obj = {"path": district_path}


def main() -> None:
    """The console script: an error of ours is one line on stderr and exit code 1."""
    try:
        sys.exit(cli.main(standalone_mode=False) or 0)
    except LinliError as error:
        click.echo(str(error), err=True)
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo(translate("stopped; what was stored so far stays"), err=True)
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
