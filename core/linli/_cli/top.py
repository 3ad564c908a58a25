"""The command line as click runs it: a noun's module is loaded when the noun is used."""

import os
import re
import sys
import traceback
from collections.abc import Sequence
from difflib import get_close_matches
from importlib import import_module
from importlib.util import find_spec

import click

from linli._base.errors import LinliError, PluginError, Refused
from linli._base.i18n import Text, add_catalogue, listed, say, translate
from linli._base.refusals import Invalid
from linli._base.revealing import unfit, unprintable
from linli._cli import refused
from linli._cli.guarding import guarded_command
from linli._cli.main import HELP, NOUNS, OPTIONS, help_page, plugin_nouns
from linli._cli.speech import speak


class Linli(click.Group):
    """The top of the command line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*NOUNS, *sorted(plugin_nouns())]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name in NOUNS:
            module, _, attribute = NOUNS[name][0].partition(":")
            command = getattr(import_module(module), attribute)
            assert isinstance(command, click.Command), f"{name} is not a click command"
            return command
        where = plugin_nouns().get(name)
        return _plugin_command(name, where) if where else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        command = self.get_command(ctx, args[0])
        if command is None and not ctx.resilient_parsing:
            raise click.UsageError(_unknown(args[0], self.list_commands(ctx)), ctx)
        return args[0], command, args[1:]

    def get_help(self, ctx: click.Context) -> str:
        return help_page()


def _plugin_command(name: str, where: tuple[str, ...]) -> click.Command:
    if len(where) > 1:
        brought = listed(where)
        raise PluginError(
            say("two plugins bring the noun {noun}: {where}; uninstall one", noun=name, where=brought)
        )
    module, _, attribute = where[0].partition(":")
    _add_catalogue_of(module)
    try:
        command = getattr(import_module(module), attribute)
    except Exception as error:
        raise PluginError(
            say(
                "the noun {noun} of a plugin cannot be loaded from {where}: {error}; see: linli plugin list",
                noun=name,
                where=where[0],
                error=f"{type(error).__name__}: {error}",
            )
        ) from error
    if not isinstance(command, click.Command):
        raise PluginError(
            say("the noun {noun} of a plugin: {where} is no click command", noun=name, where=where[0])
        )
    return guarded_command(command, module.partition(".")[0], f"linli {name}")


def _add_catalogue_of(module: str) -> None:
    """Its sentences are put into words when it is imported, which is before the district's plugins are."""
    found = find_spec(module.partition(".")[0])
    for folder in (found and found.submodule_search_locations) or ():
        add_catalogue(os.path.join(folder, "locale"))


def _unknown(name: str, known: list[str]) -> str:
    if name.startswith("-"):
        return str(say("there is no option {name}", name=name))
    near = get_close_matches(name, known, n=1, cutoff=0.5)
    if near:
        return str(say("there is no noun {name}; did you mean {near}?", name=name, near=near[0]))
    return str(say("there is no noun {name}", name=name))


@click.group(cls=Linli, help=HELP)
@click.option(
    "--district",
    "district_path",
    envvar="LINLI_DISTRICT",
    default=".",
    type=click.Path(),
    help=translate(OPTIONS["--district PATH"]),
)
@click.option("--at", default=None, envvar="LINLI_AT", help=translate(OPTIONS["--at MOMENT"]))
@click.version_option(
    package_name="linli", message="%(prog)s %(version)s", help=translate(OPTIONS["--version"])
)
@click.pass_context
def cli(context: click.Context, district_path: str, at: str | None) -> None:
    context.obj = {"path": district_path, "at": at}


def run() -> int:
    """Carry out what the command line says; an error of ours is one line on stderr. The exit code."""
    speak()
    try:
        _refuse_unprintable(sys.argv[1:])
        code = cli.main(prog_name="linli", standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except LinliError as error:
        click.echo(_told(error, sys.argv[1:]), err=True)
        return error.exit_code
    except click.ClickException as error:
        click.echo(_misused(error, sys.argv[1:]), err=True)
        return error.exit_code
    except OverflowError:
        click.echo(str(say("a day, a moment or a number is out of any range; write a nearer one")), err=True)
        return 1
    except UnicodeDecodeError:
        # Its text would show what could not be read.
        click.echo(
            str(say("a file that was given is no text in UTF-8; save it as UTF-8 and try again")), err=True
        )
        return 1
    except (click.Abort, KeyboardInterrupt):
        click.echo(translate("stopped; what was stored so far stays"), err=True)
        return 130
    except BrokenPipeError:
        # Whoever read has read enough. What is left in the buffer goes nowhere, without a complaint at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if os.environ.get(_TRACE):
            raise
        click.echo(str(_fault(error)), err=True)
        return 1


def _told(error: LinliError, arguments: Sequence[str]) -> str:
    """An error in a line: for people, or of a refusal for the programs that want JSON."""
    if isinstance(error, Refused) and "--json" in arguments:
        return refused.document(error, lambda text: _scrubbed(text, arguments))
    return _scrubbed(str(error), arguments)


def _misused(error: click.ClickException, arguments: Sequence[str]) -> str:
    """What click refuses, in a line; of an option, for programs that want JSON, as a refusal of what is asked."""
    if "--json" in arguments and isinstance(error, click.UsageError) and (found := refused.unusable(error)):
        return _told(found, arguments)
    return _scrubbed(_usage(error), arguments)


_TRACE = "LINLI_TRACE"


def _fault(error: Exception) -> Text:
    """A fault of our own in one line: where it is, not what it says, which may be of a person."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    where = (
        f"{os.path.basename(os.path.dirname(last.filename))}/{os.path.basename(last.filename)}:{last.lineno}"
    )
    return say(
        "linli stopped at a fault of its own ({kind}, {where}); report it with what {variable}=1 prints, after looking"
        " through that for people's data",
        kind=type(error).__name__,
        where=where,
        variable=_TRACE,
    )


def _scrubbed(text: str, arguments: Sequence[str]) -> str:
    """A message without the numbers of people that were typed: a terminal's lines are kept and passed on."""
    parts = {part for argument in arguments for part in (argument, *re.split(r"[/=,]", argument))}
    for part in sorted(parts, key=len, reverse=True):
        if part in text and unfit(part, lines=True):
            text = text.replace(part, "…")
    return text


class UnprintableArgument(
    Invalid,
    says="argument {number} has control characters, or is no text in UTF-8; type it again as plain text",
):
    number: int
    field: str = "argument"


def _refuse_unprintable(arguments: Sequence[str]) -> None:
    """No argument has what no terminal and no page can show; what stands there is not repeated."""
    for number, text in enumerate(arguments, 1):
        if unprintable(text, lines=True):
            raise Refused(UnprintableArgument(number=number))


def _usage(error: click.ClickException) -> str:
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return error.format_message()
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "linli"
    message = error.format_message().rstrip(".。")
    return str(say("{command}: {problem}; see: {command} --help", command=command, problem=message))
