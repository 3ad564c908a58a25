"""Commands for what opens a subject: `linli tool register --place 锦绣花园 --name ladder`."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import click

from linli._model.compiling import AnyFlow, as_run
from linli.access import ENGINE, Actor
from linli.cli import options
from linli.cli.meaning import meant
from linli.cli.moves import print_act
from linli.cli.shared import actor_of, as_option, identifier, json_option, pass_district
from linli.district import District
from linli.effects import Start
from linli.errors import Refused
from linli.i18n import say, translate
from linli.workflow import Move, Workflow

_RESERVED = frozenset(("place", "whole", "person", "key", "who", "as_json"))


def add_openings(
    group: click.Group,
    flow: AnyFlow,
    *,
    leave_out: tuple[str, ...] = (),
    part_of: AnyFlow | None = None,
    suffix: str = "",
) -> None:
    """Add a command to `group` for every move by which a person can open a subject.

    Args:
        part_of: of what each is a part: the command takes the number of that in place of where.
        suffix: what the commands end in, as with `add_moves`.
    """
    flow, whole = as_run(flow), as_run(part_of) if part_of else None
    for move in flow.moves:
        if not move.sources and move.by != ENGINE and move.name not in leave_out:
            group.add_command(
                _command(str(group.name), flow, move, whole, options.command_name(move, suffix))
            )


def _command(noun: str, flow: Workflow, move: Move, part_of: Workflow | None, name: str) -> click.Command:
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
        actor, parent = actor_of(district, who), _parent(district, part_of, whole)
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
    shown = f"linli {noun} {name} {'NUMBER' if part_of else '--place 锦绣花园'} {options.example(asks)}"
    text = f"{translate(move.label)}\n\n\b\n{shown}"
    command = _with_where(options.with_options(run, flow, asks), part_of)
    return click.command(name=name, help=text)(command)


def _with_where(command: Callable[..., Any], part_of: Workflow | None) -> Callable[..., Any]:
    if part_of:
        return click.argument("whole", metavar="NUMBER")(command)
    text = translate("the number of what it is to be a part of, in place of where")
    command = click.option("--of", "whole", default=None, help=text)(command)
    text = translate("where: a number or a path of names: 锦绣花园/3栋")
    return click.option("--place", default=None, help=text)(command)


def _parent(district: District, part_of: Workflow | None, whole: str | None) -> UUID | None:
    if whole is None:
        return None
    return meant(district, part_of, whole) if part_of else identifier(whole)


def _where(district: District, place: str | None, parent: UUID | None) -> UUID:
    if parent:
        return district.subject(parent).place
    if place is None:
        raise Refused(say("say where: --place, or what it is a part of: --of NUMBER"))
    return district.register.find_place(place)


def _oneself(move: Move, actor: Actor | None) -> UUID | None:
    """Whoever acts, where the move is one that people make for themselves."""
    return actor.person if actor and (move.by.own or move.by.anyone) else None
