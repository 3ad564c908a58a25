"""Commands for what opens a subject: `linli tool register --place 锦绣花园 --name ladder`."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import attrs
import click

from linli._base.errors import Refused
from linli._base.i18n import translate
from linli._base.refusals import Missing
from linli._cli import options
from linli._cli.meaning import meant, typed_number
from linli._cli.moves import is_wanted, print_act
from linli._cli.shared import actor_of, again_options, as_option, identifier, json_option, pass_district
from linli._district.district import District
from linli._model.access import ENGINE, Actor
from linli._model.compiled import Move, Workflow
from linli._model.compiling import AnyFlow, as_run
from linli._model.effects import OpenOrder

_RESERVED = frozenset(("place", "whole", "person", "key", "version_seen", "who", "as_json"))

Where = Callable[[District, UUID | None, Mapping[str, Any]], UUID]
Complete = Callable[[District, OpenOrder], OpenOrder]


def add_openings(
    group: click.Group,
    flow: AnyFlow,
    *,
    only: tuple[str, ...] = (),
    leave_out: tuple[str, ...] = (),
    part_of: AnyFlow | None = None,
    where: Where | None = None,
    complete: Complete | None = None,
    works_out: tuple[str, ...] = (),
    suffix: str = "",
    called: Mapping[str, str] | None = None,
    arguments: tuple[str, ...] = (),
) -> None:
    """Add a command to `group` for every move by which a person can open a subject.

    Args:
        part_of: of what each is a part: the command takes the number of that in place of where.
        where: the place, where it follows from whom it is for and what is given; nobody says it then.
        complete: an order with what it has beside what is typed: a number that follows from it.
        works_out: the inputs that `complete` gives; nobody is asked for them.
        only, suffix, called: as with `add_moves`.
        arguments: what is typed without its name, in this order: inputs, "place", "person".
    """
    flow, at = as_run(flow), _At(as_run(part_of) if part_of else None, where, arguments)
    for move in flow.moves:
        if not move.sources and move.by != ENGINE and is_wanted(move, only, leave_out):
            name = (called or {}).get(move.name) or options.command_name(move, suffix)
            group.add_command(_command(f"{group.name} {name}", flow, move, at, complete, works_out))


@attrs.frozen
class _At:
    """Where something is opened, and how the command is told; see `add_openings`."""

    part_of: Workflow | None
    where: Where | None
    arguments: tuple[str, ...]

    @property
    def example(self) -> str:
        """How it is written."""
        typed = "".join(f"{name.upper()} " for name in self.arguments)
        if self.where or "place" in self.arguments:
            return typed
        return typed + ("NUMBER " if self.part_of else "--place 锦绣花园 ")

    def with_options(self, command: Callable[..., Any]) -> Callable[..., Any]:
        """A command that is told where, and for whom."""
        if "person" not in self.arguments:
            text = translate("whom it is for: a phone, an identity number or a number; else whoever acts")
            command = click.option("--for", "person", default=None, help=text)(command)
        if self.where or "place" in self.arguments:
            return command
        if self.part_of:
            return click.argument("whole", metavar="NUMBER")(command)
        text = translate("the number of what it is to be a part of, in place of where")
        command = click.option("--of", "whole", default=None, help=text)(command)
        text = translate("where: a number or a path of names: 锦绣花园/3栋")
        return click.option("--place", default=None, help=text)(command)

    def parent(self, district: District, whole: str | None) -> UUID | None:
        """What it is to be a part of."""
        if whole is None:
            return None
        return meant(district, self.part_of, whole) if self.part_of else identifier(whole)


def _command(
    path: str, flow: Workflow, move: Move, at: _At, complete: Complete | None, works_out: tuple[str, ...]
) -> click.Command:
    @again_options
    @as_option
    @json_option
    @pass_district
    def run(
        district: District,
        /,
        person: str | None,
        key: UUID | None,
        version_seen: int | None,
        who: str | None,
        as_json: bool,
        place: str | None = None,
        whole: str | None = None,
        **values: Any,
    ) -> None:
        actor, parent = actor_of(district, who), at.parent(district, whole)
        values |= {
            name: typed_number(district, by_name[name], values[name])
            for name in by_name
            if name in at.arguments
        }
        whose = district.register.find_one(person) if person else _oneself(move, actor)
        if at.where:
            found = options.given(district, move, values, None)
            there = at.where(district, whose, found)
        else:
            there = _where(district, place, parent)
            found = options.given(district, move, values, there)
        order = OpenOrder(
            workflow=flow.name,
            move=move.name,
            place=there,
            values=found,
            parent=parent,
            person=whose,
        )
        if complete:
            order = complete(district, order)
        print_act(district, district.perform(order, actor=actor, key=key, version=version_seen), as_json)

    asks = [one for one in options.asked(move) if one.name not in works_out]
    taken = _RESERVED & {ask.name for ask in asks}
    if taken:
        raise TypeError(
            f"{path}: {', '.join(taken)} is an option of every such command; leave the move out and write its own"
        )
    by_name = {one.name: one for one in asks}
    rest = [one for one in asks if one.name not in at.arguments]
    text = f"{translate(move.label)}\n\n\b\nlinli {path} {at.example}{options.example(rest)}"
    command = at.with_options(options.with_options(run, flow, rest))
    for name in reversed(at.arguments):
        typed = options.argument(by_name[name]) if name in by_name else click.argument(name)
        command = typed(command)
    return click.command(name=path.rpartition(" ")[2], help=text)(command)


class PlaceNotSaid(Missing, says="say where: --place, or what it is a part of: --of NUMBER"):
    field: str = "place"


def _where(district: District, place: str | None, parent: UUID | None) -> UUID:
    if parent:
        return district.subject(parent).place
    if place is None:
        raise Refused(PlaceNotSaid())
    return district.register.find_place(place)


def _oneself(move: Move, actor: Actor | None) -> UUID | None:
    """Whoever acts, where the move is one that people make for themselves."""
    return actor.person if actor and (move.by.own or move.by.anyone) else None
