"""What commands share: the open district, the actor, and printing for people or for programs."""

import functools
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID

import attrs
import click

from linli._base import codec
from linli._base.calendar import local_moment
from linli._base.errors import LinliError, NotFound, Refused
from linli._base.i18n import Text, listed, say, translate
from linli._base.refusals import Invalid, Refusal
from linli._cli import naming
from linli._cli.choices import coded
from linli._cli.words import WORDED
from linli._config.district import DistrictSettings
from linli._district.district import District
from linli._district.district import open_late as open_district
from linli._engine.listing import COUNTED_TO, name_paths, organisation_names
from linli._model.access import Actor

P = ParamSpec("P")
R = TypeVar("R")


def pass_district(function: Callable[Concatenate[District, P], R]) -> Callable[P, R]:
    """Open the district of --district for the command, and close it after."""

    @functools.wraps(function)
    def command(*args: P.args, **kwargs: P.kwargs) -> R:
        given = click.get_current_context().find_root().obj
        with open_district(given["path"]) as district:
            given["district"] = district
            if given.get("at"):
                stop_the_clock(district, given["at"])
            try:
                from linli._cli.answering import answered

                return answered(
                    district, functools.partial(function, district, *args), _identified(district, kwargs)
                )
            except Refused as refusal:
                refusal.put(as_people_read)
                raise

    return command


def open_now() -> District | None:
    """The district that the running command has open."""
    context = click.get_current_context(silent=True)
    given = context.find_root().obj if context else None
    return given.get("district") if isinstance(given, dict) else None


def as_people_read(text: Text) -> Text:
    """A sentence with short numbers and names in place of identifiers."""
    district = open_now()
    if district is None:
        return text
    with suppress(LinliError):  # the database may be what it is about
        return naming.sentence(district, text)
    return text


def tell(text: Text) -> None:
    """Print a sentence for people."""
    click.echo(str(as_people_read(text)))


class Matter(click.ParamType[Any]):
    """An option that names a matter: by its short number, or by linli's identifier of it."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """What was typed, for the command to be looked up in the district that it opens."""
        return value if isinstance(value, UUID) else _Typed(value)


@attrs.frozen
class _Typed:
    text: str


def _identified(district: District, given: Mapping[str, Any]) -> Any:
    """The values of a command's options, with the matters that were typed in them looked up."""

    def found(value: Any) -> Any:
        if isinstance(value, _Typed):
            return district.identified(value.text)
        return tuple(map(found, value)) if isinstance(value, tuple) else value

    return {name: found(value) for name, value in given.items()}


class NoTrial(Refusal, says="this district is no trial, so that now is now; see trial under [district]"): ...


def stop_the_clock(district: District, at: str) -> None:
    """Let it be another moment: only where nothing is for real."""
    settings = district.configuration.section(DistrictSettings)
    if not settings.trial:
        raise Refused(NoTrial())
    given = moment(at)
    district.stop_clock(local_moment(given, district.rules.zone, "at"))


class NotAMoment(Invalid, says="write the moment as 2026-03-31T09:00"):
    field: str = "at"


def moment(text: str) -> datetime:
    """A moment as --at has it."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise Refused(NotAMoment()) from None


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
    named, _, only = who.partition("/")
    person = district.register.find_one(named)
    roles = (post.role for post in district.register.posts(person=person)) if only else ()
    return Actor(person=person, only=coded(only, {*roles, "own"}) if only else None, asked=True)


def identifier(text: str) -> UUID:
    """What a number stands for: the short one of a matter, or any of linli's identifiers."""
    district = open_now()
    assert district is not None, "a command with pass_district"
    try:
        return district.identified(text)
    except NotFound:
        raise
    except Refused as refusal:
        refusal.put(lambda text: say("{problem}; see: {list}", problem=text, list=_its_list()))
        raise


def _its_list() -> str:
    """The list of the noun that runs, from which numbers are copied; else of its help."""
    context = click.get_current_context()
    group = context.parent.command if context.parent else None
    has_one = isinstance(group, click.Group) and "list" in group.commands
    noun = context.parent.command_path if context.parent else context.command_path
    return f"{noun} list" if has_one else f"{noun} --help"


def recorded() -> None:
    """Say what was done, where there is nothing else to say."""
    district = open_now()
    if district is not None:
        from linli._cli.answering import tell_what_was_done

        tell_what_was_done(district, district.last_act, as_json=False)


def again_options(command: Callable[P, R]) -> Callable[P, R]:
    """Options of whoever may have to repeat a call, or saw the matter a while ago."""
    told = translate("the version of the matter that you saw: refused where somebody has acted on it since")
    command = click.option("--version", "version_seen", type=click.IntRange(min=1), help=told)(command)
    told = translate("the act's number, to repeat a call safely")
    return click.option("--key", type=click.UUID, help=told)(command)


def print_json(value: object) -> None:
    """One JSON document on standard output: identifiers, and beside that of a matter its short number."""
    district = open_now()
    click.echo(codec.encode(codec.plain(naming.numbered(district, value) if district else value)))


def show(value: Mapping[str, object], as_json: bool) -> None:
    """A record: names and values, one a line."""
    if as_json:
        print_json(value)
        return
    district = open_now()
    if district is not None:
        (row,) = naming.columns_named(district, value, [value.values()])
        value = dict(zip(value, row, strict=True))
    width = max((columns(translate(name)) for name in value), default=0)
    for name, item in value.items():
        click.echo(f"{padded(translate(name), width)}  {_cell(item, name)}".rstrip())


def names_of(district: District, idents: Iterable[UUID]) -> Mapping[UUID, str]:
    """What places and organisations are called, in the lists that people read: a place by its path."""
    wanted = set(idents)
    return name_paths(district, wanted) | organisation_names(district, wanted)


most_option = click.option(
    "--most",
    default=50,
    show_default=True,
    type=click.IntRange(1, 10_000),
    help=translate("how many are shown"),
)


def tell_how_many(shown: int, most: int, count: Callable[[], int]) -> None:
    """Say that there is more than a list shows, and how much.

    Args:
        count: asked only where there may be more; it counts to COUNTED_TO.
    """
    there = count() if shown == most else shown
    if there > COUNTED_TO:
        tell(say("{shown} of more than {count}; more of them: --most", shown=shown, count=f"{COUNTED_TO:,}"))
    elif there > shown:
        tell(say("{shown} of {count}; more of them: --most", shown=shown, count=f"{there:,}"))


def _filled(
    headings: Sequence[str], rows: Sequence[Sequence[object]]
) -> tuple[Sequence[str], Sequence[Sequence[object]]]:
    """The columns that have a cell with something in it."""
    kept = [at for at in range(len(headings)) if not rows or any(row[at] not in (None, "") for row in rows)]
    return [headings[at] for at in kept], [[row[at] for at in kept] for row in rows]


def table(
    headings: Sequence[str],
    rows: Iterable[Sequence[object]],
    as_json: bool,
    *,
    only_filled: bool = False,
) -> None:
    """A list: a line per row, as wide as its widest cell; for programs a JSON list of objects.

    Args:
        only_filled: whether columns that are empty in every row are left out for people.
    """
    if as_json:
        print_json([dict(zip(headings, row, strict=True)) for row in rows])
        return
    district = open_now()
    if district is not None:
        rows = naming.columns_named(district, headings, rows)
    if only_filled:
        headings, rows = _filled(headings, list(rows))
    cells = [[_cell(cell, heading) for cell, heading in zip(row, headings, strict=True)] for row in rows]
    drawn = [[translate(heading) for heading in headings], *(cells or [[translate("(nothing)")]])]
    for number, line in enumerate(_lined_up(drawn)):
        click.echo(click.style(line, bold=True) if number == 0 else line)


def _lined_up(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Rows as lines, each column as wide as its widest cell. No line is folded: a number could not be copied."""
    rows = [[_one_line(cell) for cell in row] for row in rows]
    widths = [max(columns(row[at]) for row in rows if at < len(row)) for at in range(max(map(len, rows)))]
    for row in rows:
        yield "  ".join(padded(cell, widths[at]) for at, cell in enumerate(row)).rstrip()


def _one_line(text: str) -> str:
    return " ".join(text.splitlines()) if "\n" in text else text


def _cell(value: object, heading: str) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return translate("yes") if value else translate("no")
    if isinstance(value, datetime):
        return on_the_clock(value)
    if isinstance(value, tuple | list):
        return str(listed(_cell(item, heading) for item in value))
    return translate(str(value)) if heading in WORDED else str(value)


def on_the_clock(moment: datetime) -> str:
    """A moment on the clock of the district that is open, to the minute."""
    district = open_now()
    return str(minute(district, moment)) if district and moment.tzinfo else f"{moment:%Y-%m-%d %H:%M}"


def minute(district: District, moment: datetime | None) -> str | None:
    """A moment on the district's clock, to the minute."""
    return moment.astimezone(district.rules.zone).strftime("%Y-%m-%d %H:%M") if moment else None


def columns(text: str) -> int:
    """How many columns of a terminal a text takes: a Chinese character takes two, a mark above another none."""
    return len(text) if text.isascii() else sum(map(_columns_of, text))


def _columns_of(sign: str) -> int:
    if unicodedata.combining(sign) or unicodedata.category(sign) == "Cf":
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1


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
