"""What the commands of meetings share: moments on the district's clock, organisations by name, lists."""

from collections.abc import Callable, Iterable
from datetime import datetime, time
from typing import Any
from uuid import UUID

import click

from linli import District, Subject, Workflow, say
from linli.cli.moves import state_of
from linli.cli.shared import identifier, json_option, minute, pass_district, plain_record, print_json, table
from linli.errors import Refused
from linli.i18n import translate
from linli.listing import Wish
from linli_meetings.api import Meetings, Task

PLACE_HELP = translate("a number or a path of names: 锦绣花园")

Columns = Callable[[District, Subject], tuple[object, ...]]


def moment(district: District, text: str, *, until: bool = False) -> datetime:
    """A moment as a clerk writes it, on the district's clock: "2026-03-09 09:00"; of a day alone, its end."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Refused(
            say("'{text}' is no moment; write 2026-03-09T09:00, or 2026-03-09", text=text)
        ) from None
    if until and len(text) <= len("2026-03-09"):
        found = datetime.combine(found.date(), time(23, 59))
    return found if found.tzinfo else found.replace(tzinfo=district.rules.zone)


def bodies(district: District, names: Iterable[str]) -> tuple[UUID, ...]:
    """Organisations by their names or numbers."""
    return tuple(district.register.find_organisation(name) for name in names)


def tasks(district: District, given: Iterable[tuple[str, str, str]]) -> list[Task]:
    """Tasks as they are written on the command line: what, whose, until when."""
    return [
        Task(
            what=what,
            at=district.register.find_organisation(who),
            due=moment(district, until, until=True),
        )
        for what, who, until in given
    ]


def values(**given: object) -> dict[str, Any]:
    """What was given, without what was not."""
    return {name: value for name, value in given.items() if value not in (None, (), "", False)}


def add_list(group: click.Group, flow: Workflow, headings: tuple[str, ...], columns: Columns) -> None:
    """Add `list` to a noun: the oldest first, each with its state, its deadline and what `columns` says."""

    @click.command(
        name="list",
        help=f"{translate('list them, oldest first')}\n\n\b\nlinli {group.name} list --open --late",
    )
    @click.option("--state", multiple=True, type=click.Choice([state.name for state in flow.states]))
    @click.option("--open", "is_open", is_flag=True, help=translate("only what has not ended"))
    @click.option("--late", is_flag=True, help=translate("only what is past its deadline"))
    @click.option("--place", default=None, help=PLACE_HELP)
    @click.option("--most", default=50, show_default=True, type=click.IntRange(1, 10_000))
    @json_option
    @pass_district
    def command(
        district: District,
        state: tuple[str, ...],
        is_open: bool,
        late: bool,
        place: str | None,
        most: int,
        as_json: bool,
    ) -> None:
        wish = Wish(
            kind=flow.name,
            states=state,
            place=district.register.find_place(place) if place else None,
            ended=False if is_open else None,
            late_at=district.now() if late else None,
            most=most,
        )
        _print(district, flow, district.find(wish), headings, columns, as_json)

    group.add_command(command)


def _print(
    district: District,
    flow: Workflow,
    found: list[Subject],
    headings: tuple[str, ...],
    columns: Columns,
    as_json: bool,
) -> None:
    if as_json:
        print_json([{**_facts(one), **plain_record(one.record)} for one in found])
        return
    rows = [
        (one.id, state_of(flow, one), minute(district, one.due_at), *columns(district, one)) for one in found
    ]
    table(["number", "state", "due at", *headings], rows, False)


def _facts(subject: Subject) -> dict[str, object]:
    return {
        "id": subject.id,
        "state": subject.state,
        "outcome": subject.outcome,
        "place": subject.place,
        "opened_at": subject.opened_at,
        "due_at": subject.due_at,
        "ended_at": subject.ended_at,
    }


def print_texts(district: District, number: str, reason: str, actor: Any, as_json: bool) -> None:
    """What was written in a matter, whose reading is kept."""
    found = Meetings(district).read(identifier(number), reason, actor=actor)
    table(["what", "text"], [(text.field, text.text) for text in found], as_json)
