"""Commands for what opens a subject: `linli tool register --place 锦绣花园 --name ladder`."""

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


def add_openings(
    group: click.Group, flow: AnyFlow, *, leave_out: tuple[str, ...] = (), suffix: str = ""
) -> None:
    """Add a command to `group` for every move by which a person can open a subject.

    Args:
        suffix: what the commands end in, as with `add_moves`.
    """
    flow = as_run(flow)
    for move in flow.moves:
        if not move.sources and move.by != ENGINE and move.name not in leave_out:
            group.add_command(_command(str(group.name), flow, move, options.command_name(move, suffix)))


def _command(noun: str, flow: Workflow, move: Move, name: str) -> click.Command:
    @click.option("--place", default=None, help=translate("where: a number or a path of names: 锦绣花园/3栋"))
    @click.option(
        "--of",
        "whole",
        default=None,
        help=translate("the number of what it is to be a part of, in place of where"),
    )
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
        place: str | None,
        whole: str | None,
        person: str | None,
        key: UUID | None,
        who: str | None,
        as_json: bool,
        **values: Any,
    ) -> None:
        actor, parent = actor_of(district, who), identifier(whole) if whole else None
        where = _where(district, place, parent)
        order = Start(
            workflow=flow.name,
            move=move.name,
            place=where,
            values=options.given(district, move, values, where),
            parent=parent,
            person=district.register.find_one(person) if person else _oneself(move, actor),
        )
        print_act(district, district.perform(order, actor=actor, key=key), as_json)

    asks = options.asked(move)
    taken = _RESERVED & {ask.name for ask in asks}
    if taken:
        raise TypeError(
            f"{noun} {move.name}: {', '.join(taken)} is an option of every such command; leave the move out and write its own"
        )
    shown = f"linli {noun} {name} --place 锦绣花园 {options.example(asks)}"
    text = f"{translate(move.label)}\n\n\b\n{shown}"
    command = options.with_options(run, flow, asks)
    return click.command(name=name, help=text)(command)


def _where(district: District, place: str | None, parent: UUID | None) -> UUID:
    if parent:
        return district.subject(parent).place
    if place is None:
        raise Refused(say("say where: --place, or what it is a part of: --of NUMBER"))
    return district.register.find_place(place)


def _oneself(move: Move, actor: Actor | None) -> UUID | None:
    """Whoever acts, where the move is one that people make for themselves."""
    return actor.person if actor and (move.by.own or move.by.anyone) else None
