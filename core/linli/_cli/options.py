"""What a move asks for, as options of its command: lists are given one by one, small records as `what=..; by=..`."""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

import click

from linli._base.i18n import say, translate
from linli._cli.choices import Choice
from linli._cli.shared import Matter, seat
from linli._district.district import District
from linli._model.compiled import Move, Workflow
from linli._model.compiling import AnyFlow, as_run
from linli._model.inputs import Field

_TYPES: dict[type, Any] = {int: int, UUID: Matter()}
_FOUND: Mapping[str, Callable[[District, Any, UUID | None], UUID]] = {
    "place": lambda district, text, near: district.register.find_place(text),
    "organisation": lambda district, text, near: district.register.find_organisation(text, near=near),
    "place or organisation": seat,
    "person": lambda district, text, near: district.register.find_one(text),
}
# How what is typed as text is written.
_SHOWN: dict[Any, str] = {date: "YYYY-MM-DD", datetime: '"YYYY-MM-DD HH:MM"'}


def command_name(move: Move, suffix: str = "") -> str:
    """What the command of a move is called."""
    return "-".join(filter(None, (move.name.replace("_", "-"), suffix)))


def are_named(move: Move) -> bool:
    """Whether an organisation is among what is asked, which a name alone may not tell from others."""
    every = (one for field in move.fields for one in (field, *field.fields))
    return any(one.kind in ("organisation", "place or organisation") for one in every)


def asked(move: Move) -> list[Field]:
    """What people are asked for."""
    return [one for one in move.fields if one.asked]


def with_options(
    command: Callable[..., Any],
    flow: Workflow | None,
    fields: Iterable[Field],
    called: Mapping[str, str] | None = None,
) -> Callable[..., Any]:
    """A command with an option for each of what is asked. Args: called: names of options by those of inputs."""
    for one in reversed(list(fields)):
        command = option(flow, one, (called or {}).get(one.name, one.name))(command)
    return command


def of_move(
    flow: AnyFlow, name: str, *, leave_out: tuple[str, ...] = ()
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """What a move asks for as options of a command by hand, which does more than make the move.

    Args:
        leave_out: what the command finds out by itself.
    """
    flow = as_run(flow)
    fields = [one for one in asked(flow.by_move[name]) if one.name not in leave_out]
    return lambda command: with_options(command, flow, fields)


def example(fields: Iterable[Field]) -> str:
    """How the options that must be given are written."""
    return " ".join(_example(one) for one in fields if one.required)


def _example(field: Field) -> str:
    """How an option is written; one that says yes or no takes nothing after it."""
    name = f"--{field.name.replace('_', '-')}"
    if field.fields:
        return f'{name} "{"; ".join(f"{one.name}=…" for one in field.fields if one.required)}"'
    return name if _is_flag(field) else f'{name} "…"'


def _is_flag(field: Field) -> bool:
    return field.type is bool and not field.many


def argument(field: Field) -> Callable[..., Any]:
    """What is asked, typed without its name."""
    kind = str if field.kind == "subject" else _type(None, field)
    return click.argument(field.name, type=kind, required=field.required, nargs=-1 if field.many else 1)


def option(flow: Workflow | None, field: Field, called: str = "") -> Callable[..., Any]:
    """An option for what is asked. Args: flow: whose words its codes are; None: everybody's."""
    name, required = f"--{(called or field.name).replace('_', '-')}", field.required
    text = translate(field.input.help) if field.input.help else None
    if _is_flag(field):
        both = f"{name}/--no-{name[2:]}"
        # Click takes a default of None for an answer.
        needed: dict[str, Any] = {"required": True} if required else {"default": None}
        return click.option(both, field.name, is_flag=True, help=text, **needed)
    # What the record does not have is in no list of commands either.
    unseen = required and not field.input.kept and not field.many
    return click.option(
        name,
        field.name,
        type=_type(flow, field),
        required=required,
        multiple=field.many,
        help=text,
        metavar=_SHOWN.get(field.type),
        prompt=(text or translate(field.name)) if unseen else False,
    )


def _type(flow: Workflow | None, field: Field) -> Any:
    if field.fields:
        return _SmallRecord(field)
    if field.kind in _FOUND:
        return str
    if field.choices:
        return Choice(list(map(str, field.choices)), field.labels, context=flow.name if flow else "")
    return _Written(field.type) if field.type in _SHOWN else _TYPES.get(field.type, str)


class _Written(click.ParamType[Any]):
    """A day or a moment, as it was typed: the district's clock says later which moment that is."""

    def __init__(self, kind: Any) -> None:
        self._kind, self.name = kind, _SHOWN[kind]

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The text itself."""
        try:
            self._kind.fromisoformat(value)
        except ValueError:
            raise click.BadParameter(str(say("write it as: {known}", known=self.name)), param=param) from None
        return value


class _SmallRecord(click.ParamType[Any]):
    """A small record: `what=..; by=..`, or JSON where a value has a semicolon in it."""

    name = "fields"

    def __init__(self, field: Field) -> None:
        self._names = tuple(one.name for one in field.fields)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The values by their names."""
        if not isinstance(value, str):
            return value
        try:
            found = json.loads(value) if value.lstrip().startswith("{") else _pairs(value)
        except ValueError:
            found = None
        if not isinstance(found, dict):
            known = "; ".join(f"{name}=…" for name in self._names)
            raise click.BadParameter(str(say("write it as: {known}", known=known)), ctx, param)
        return found


def _pairs(text: str) -> dict[str, str]:
    parts = [part.partition("=") for part in text.replace("；", ";").split(";") if part.strip()]
    if not all(mark for _, mark, _ in parts):
        raise ValueError(text)
    return {name.strip(): value.strip() for name, _, value in parts}


def given(district: District, move: Move, values: Mapping[str, Any], near: UUID | None) -> dict[str, Any]:
    """What was given, with the numbers of what was named: near a place, where several bear the name."""
    return found(district, move.fields, values, near)


def found(
    district: District, fields: Iterable[Field], values: Mapping[str, Any], near: UUID | None = None
) -> dict[str, Any]:
    """What was given for some inputs, with the numbers of what was named."""
    known = {one.name: one for one in fields}
    return {
        name: _numbered(district, known[name], value, near)
        for name, value in values.items()
        if value not in (None, ())
    }


def _numbered(district: District, field: Field, value: Any, near: UUID | None) -> Any:
    if isinstance(value, tuple):
        return tuple(_numbered(district, field, one, near) for one in value)
    if isinstance(value, dict):
        named = {one.name: one for one in field.fields if one.kind in _FOUND}
        return value | {n: _numbered(district, named[n], v, near) for n, v in value.items() if n in named}
    return _FOUND[field.kind](district, value, near) if field.kind in _FOUND else value
