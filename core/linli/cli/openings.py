"""Commands for what opens a subject: `linli tool register --place 锦绣花园 --name ladder`."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import click

from linli._model.compiling import AnyFlow, as_run
from linli.access import ENGINE, Actor
from linli.cli import options
from linli.cli.moves import print_act
from linli.cli.shared import actor_of, as_option, identifier, json_option, pass_district
from linli.district import District
from linli.effects import Start
from linli.errors import Refused
from linli.i18n import say, translate
from linli.workflow import Move, Workflow

_RESERVED = frozenset(("place", "whole", "person", "key", "who", "as_json"))

Where = Callable[[District, UUID | None, Mapping[str, Any]], UUID]
Complete = Callable[[Start], Start]


def add_openings(
    group: click.Group,
    flow: AnyFlow,
    *,
    leave_out: tuple[str, ...] = (),
    where: Where | None = None,
    complete: Complete | None = None,
) -> None:
    """Add a command to `group` for every move by which a person can open a subject.

    Args:
        where: the place, where it follows from whom it is for and what is given; nobody says it then.
        complete: an order with what it has beside what is typed: a number that follows from it.
    """
    flow = as_run(flow)
    for move in flow.moves:
        if not move.sources and move.by != ENGINE and move.name not in leave_out:
            group.add_command(_command(str(group.name), flow, move, where, complete))


def _command(
    noun: str, flow: Workflow, move: Move, where: Where | None, complete: Complete | None
) -> click.Command:
    @click.option(
        "--for",
        "person",
        default=None,
        help=translate("whom it is for: a phone, an identity number or a number; else whoever acts"),
    )
    @click.option("--key", type=click.UUID, help=translate("the act's number, to repeat a call safely"))
    @as_option
    @json_option
    @pass_district
    def run(
        district: District,
        /,
        person: str | None,
        key: UUID | None,
        who: str | None,
        as_json: bool,
        place: str | None = None,
        whole: str | None = None,
        **values: Any,
    ) -> None:
        actor, parent = actor_of(district, who), identifier(whole) if whole else None
        whose = district.register.find_one(person) if person else _oneself(move, actor)
        if where:
            found = options.given(district, move, values, None)
            at = where(district, whose, found)
        else:
            at = _where(district, place, parent)
            found = options.given(district, move, values, at)
        order = Start(
            workflow=flow.name,
            move=move.name,
            place=at,
            values=found,
            parent=parent,
            person=whose,
        )
        if complete:
            order = complete(order)
        print_act(district, district.perform(order, actor=actor, key=key), as_json)

    asks = options.asked(move)
    taken = _RESERVED & {ask.name for ask in asks}
    if taken:
        raise TypeError(
            f"{noun} {move.name}: {', '.join(taken)} is an option of every such command; leave the move out and write its own"
        )
    said = "" if where else "--place 锦绣花园 "
    shown = f"linli {noun} {move.name.replace('_', '-')} {said}{options.example(asks)}"
    text = f"{translate(move.label)}\n\n\b\n{shown}"
    command = options.with_options(run if where else _where_options(run), flow, asks)
    return click.command(name=move.name.replace("_", "-"), help=text)(command)


def _where_options(command: Callable[..., Any]) -> Callable[..., Any]:
    at = click.option(
        "--place", default=None, help=translate("where: a number or a path of names: 锦绣花园/3栋")
    )
    part = click.option(
        "--of",
        "whole",
        default=None,
        help=translate("the number of what it is to be a part of, in place of where"),
    )
    return at(part(command))


def _where(district: District, place: str | None, parent: UUID | None) -> UUID:
    if parent:
        return district.subject(parent).place
    if place is None:
        raise Refused(say("say where: --place, or what it is a part of: --of NUMBER"))
    return district.register.find_place(place)


def _oneself(move: Move, actor: Actor | None) -> UUID | None:
    """Whoever acts, where the move is one that people make for themselves."""
    return actor.person if actor and (move.by.own or move.by.anyone) else None
