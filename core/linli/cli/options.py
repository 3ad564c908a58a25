"""What a move asks for, as options of its command: lists are given one by one, small records as `what=..; by=..`."""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

import click

from linli._model.compiling import AnyFlow, as_run
from linli.cli.choices import Choice
from linli.cli.shared import Matter, seat
from linli.district import District
from linli.i18n import say, translate
from linli.workflow import Ask, Move, Workflow

_TYPES: dict[type, Any] = {int: int, UUID: Matter()}
_FOUND: Mapping[str, Callable[[District, Any, UUID | None], UUID]] = {
    "place": lambda district, text, near: district.register.find_place(text),
    "organisation": lambda district, text, near: district.register.find_organisation(text, near=near),
    "seat": seat,
    "person": lambda district, text, near: district.register.find_one(text),
}
# How what is typed as text is written.
_SHOWN: dict[Any, str] = {date: "YYYY-MM-DD", datetime: '"YYYY-MM-DD HH:MM"'}


def command_name(move: Move, suffix: str = "") -> str:
    """What the command of a move is called."""
    return "-".join(filter(None, (move.name.replace("_", "-"), suffix)))


def are_named(move: Move) -> bool:
    """Whether an organisation is among what is asked, which a name alone may not tell from others."""
    return any(one.of in ("organisation", "seat") for ask in move.asks for one in (ask, *ask.records))


def asked(move: Move) -> list[Ask]:
    """What people are asked for."""
    return [ask for ask in move.asks if ask.of_people]


def with_options(command: Callable[..., Any], flow: Workflow, asks: Iterable[Ask]) -> Callable[..., Any]:
    """A command with an option for each of what is asked."""
    for ask in reversed(list(asks)):
        command = option(flow, ask)(command)
    return command


def of_move(
    flow: AnyFlow, name: str, *, leave_out: tuple[str, ...] = ()
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """What a move asks for as options of a command by hand, which does more than make the move.

    Args:
        leave_out: what the command finds out by itself.
    """
    flow = as_run(flow)
    asks = [ask for ask in asked(flow.by_move[name]) if ask.name not in leave_out]
    return lambda command: with_options(command, flow, asks)


def example(asks: Iterable[Ask]) -> str:
    """How the options that must be given are written."""
    return " ".join(_example(ask) for ask in asks if ask.required and ask.default is None)


def _example(ask: Ask) -> str:
    """How an option is written; one that says yes or no takes nothing after it."""
    name = f"--{ask.name.replace('_', '-')}"
    if ask.records:
        return f'{name} "{"; ".join(f"{one.name}=…" for one in ask.records if one.required)}"'
    return name if ask.type is bool else f'{name} "…"'


def option(flow: Workflow, ask: Ask) -> Callable[..., Any]:
    """An option for what is asked."""
    name = f"--{ask.name.replace('_', '-')}"
    text = translate(ask.help) if ask.help else None
    required = ask.required and ask.default is None
    if ask.type is bool:
        both = f"{name}/--no-{name[2:]}"
        # Click takes a default of None for an answer.
        needed: dict[str, Any] = {"required": True} if required else {"default": None}
        return click.option(both, ask.name, is_flag=True, help=text, **needed)
    several = ask.type in (tuple, Mapping)
    # What the record does not have is in no list of commands either.
    unseen = required and not ask.kept and not several
    return click.option(
        name,
        ask.name,
        type=_type(flow, ask),
        required=required,
        multiple=several,
        help=text,
        metavar=_SHOWN.get(ask.each or ask.type),
        prompt=(text or translate(ask.name)) if unseen else False,
    )


def _type(flow: Workflow, ask: Ask) -> Any:
    if ask.records:
        return _SmallRecord(ask)
    if ask.of:
        return str
    if ask.labels or (ask.choices and ask.type is str):
        return Choice([str(c) for c in ask.choices or ask.labels], ask.labels, context=flow.name)
    kind = ask.each or ask.type
    return _Written(kind) if kind in _SHOWN else _TYPES.get(kind, str)


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

    def __init__(self, ask: Ask) -> None:
        self._names = tuple(one.name for one in ask.records)

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
    asks = {ask.name: ask for ask in move.asks}
    return {
        name: _numbered(district, asks[name], value, near)
        for name, value in values.items()
        if value not in (None, ())
    }


def _numbered(district: District, ask: Ask, value: Any, near: UUID | None) -> Any:
    if isinstance(value, tuple):
        return tuple(_numbered(district, ask, one, near) for one in value)
    if isinstance(value, dict):
        named = {one.name: one for one in ask.records if one.of}
        return value | {n: _numbered(district, named[n], v, near) for n, v in value.items() if n in named}
    return _FOUND[ask.of](district, value, near) if ask.of else value
