"""What `linli agenda resolve` is given: tasks, until when, and what the item came to."""

from collections.abc import Callable, Iterable
from datetime import datetime, time
from typing import Any

import click

from linli import District, Invalid, Refused, local_moment, translate
from linli._cli.shared import Matter
from linli_meetings.api import Task


class NoMoment(Invalid, says="'{text}' is no moment; write 2026-03-09T09:00, or 2026-03-09"):
    text: str
    field: str = "at"


def moment(district: District, text: str, *, until: bool = False) -> datetime:
    """A moment as a clerk writes it, on the district's clock: "2026-03-09 09:00"; of a day alone, its end."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Refused(NoMoment(text=text)) from None
    if until and len(text) <= len("2026-03-09"):
        found = datetime.combine(found.date(), time(23, 59))
    return local_moment(found, district.rules.zone, "at")


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


def outcome_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options for what an agenda item or a department's part of a whistle came to."""
    for option in (
        click.option(
            "--dispute",
            "disputes",
            multiple=True,
            type=Matter(),
            help=translate("the number of the request or whistle of another dispute that it settled"),
        ),
        click.option("--mediated", is_flag=True, help=translate("the dispute behind it is settled")),
        click.option("--enforcements", default=0, help=translate("how many enforcements it came to")),
        click.option("--rectifications", default=0, help=translate("how many rectifications it came to")),
    ):
        command = option(command)
    return command
