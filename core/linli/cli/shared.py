"""What commands share: the open district, the actor, and printing for people or for programs."""

import functools
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID

import attrs
import click

from linli import codec
from linli.access import Actor
from linli.cli.words import WORDED
from linli.district import District, open_district
from linli.errors import NotFound, Refused
from linli.i18n import listed, say, translate
from linli.settings import DistrictSettings

P = ParamSpec("P")
R = TypeVar("R")


def pass_district(function: Callable[Concatenate[District, P], R]) -> Callable[P, R]:
    """Open the district of --district for the command, and close it after."""

    @functools.wraps(function)
    def command(*args: P.args, **kwargs: P.kwargs) -> R:
        given = click.get_current_context().find_root().obj
        with open_district(given["path"]) as district:
            if given.get("at"):
                stop_the_clock(district, given["at"])
            return function(district, *args, **kwargs)

    return command


def stop_the_clock(district: District, at: str) -> None:
    """Let it be another moment: only where nothing is for real."""
    settings = district.configuration.section(DistrictSettings)
    if not settings.trial:
        raise Refused(say("this district is no trial, so that now is now; see trial under [district]"))
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        raise Refused(say("write the moment as 2026-03-31T09:00")) from None
    now = moment if moment.tzinfo else moment.replace(tzinfo=district.rules.zone)
    district.engine.clock = lambda: now


json_option = click.option("--json", "as_json", is_flag=True, help=translate("print JSON for programs"))
as_option = click.option(
    "--as",
    "who",
    default=None,
    help=translate(
        "act as this person: a number, phone or identity number, then /ROLE or /own where they have several; "
        "else as the console"
    ),
)


def _day(context: click.Context, option: click.Parameter, text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise click.BadParameter(str(say("write the day as 2026-03-31")), context, option) from None


def period_options(function: Callable[P, R]) -> Callable[P, R]:
    """Add --place, --from and --to, which the function takes as `place`, `start` and `end`."""
    first = click.option(
        "--from", "start", callback=_day, help=translate("first day; none: the first of the year")
    )
    last = click.option("--to", "end", callback=_day, help=translate("last day, included; none: today"))
    where = click.option(
        "--place", default=None, help=translate("a compound or a place above one; none: the district")
    )
    return where(first(last(function)))


def actor_of(district: District, who: str | None) -> Actor:
    """Whoever --as names; the console without it."""
    if not who:
        return district.console
    person, _, only = who.partition("/")
    return Actor(person=district.register.find_one(person), only=only or None)


def seat(district: District, text: str) -> UUID:
    """A place or an organisation, as a person names it."""
    try:
        return district.register.find_place(text)
    except NotFound:
        return district.register.find_organisation(text)


def identifier(text: str) -> UUID:
    """A number as printed by linli."""
    try:
        return UUID(text)
    except ValueError:
        raise Refused(
            say(
                "'{text}' is no number of linli's; copy it from a list, such as: linli request list",
                text=text,
            )
        ) from None


def recorded() -> None:
    """Say that it is done, where there is nothing else to say."""
    click.echo(translate("recorded"))


def print_json(value: object) -> None:
    """One JSON document on standard output."""
    click.echo(codec.encode(codec.plain(value)))


def show(value: Mapping[str, object], as_json: bool) -> None:
    """A record: names and values, one a line."""
    if as_json:
        print_json(value)
        return
    width = max((columns(translate(name)) for name in value), default=0)
    for name, item in value.items():
        click.echo(f"{padded(translate(name), width)}  {_cell(item, name)}".rstrip())


def names_of(district: District, idents: Iterable[UUID]) -> Mapping[UUID, str]:
    """What places and organisations are called, in the lists that people read: a place by its path."""
    wanted = set(idents)
    return district.register.name_paths(wanted) | district.register.organisation_names(wanted)


def table(headings: Sequence[str], rows: Iterable[Sequence[object]], as_json: bool) -> None:
    """A list: a line per row, as wide as its widest cell; for programs a JSON list of objects."""
    if as_json:
        print_json([dict(zip(headings, row, strict=True)) for row in rows])
        return
    from rich.console import Console
    from rich.table import Table

    drawn = Table(box=None, pad_edge=False, header_style="bold")
    for heading in headings:
        drawn.add_column(translate(heading), no_wrap=True)
    for row in rows:
        drawn.add_row(*map(_cell, row, headings))
    if not drawn.row_count:
        drawn.add_row(translate("(nothing)"))
    # A pipe has no width: a number that is folded cannot be copied.
    width = None if sys.stdout.isatty() else 1_000
    Console(file=sys.stdout, highlight=False, width=width).print(drawn)


def _cell(value: object, heading: str) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return translate("yes") if value else translate("no")
    if isinstance(value, tuple | list):
        return str(listed(_cell(item, heading) for item in value))
    return translate(str(value)) if heading in WORDED else str(value)


def minute(district: District, moment: datetime | None) -> str | None:
    """A moment on the district's clock, to the minute."""
    return moment.astimezone(district.rules.zone).strftime("%Y-%m-%d %H:%M") if moment else None


def columns(text: str) -> int:
    """How many columns of a terminal a text takes: a Chinese character takes two."""
    from rich.cells import cell_len

    return cell_len(text)


def padded(text: str, width: int) -> str:
    """The text with spaces after it, `width` columns wide."""
    return text + " " * (width - columns(text))


@contextmanager
def progress(label: str, total: int | None) -> Iterator[Callable[[int], Any]]:
    """A bar on standard error for long work; nothing where that is no terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task(translate(label), total=total)
        yield lambda done: bar.advance(task, done)


def plain_record(record: Any) -> dict[str, object]:
    """An attrs record as names and values."""
    return {field.name: getattr(record, field.name) for field in attrs.fields(type(record))}
