"""What a move asks for, as options of its command: lists are given one by one, small records as `what=..; by=..`."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import click

from linli._base.i18n import say, translate
from linli._cli.choices import Choice
from linli._cli.shared import Matter
from linli._district.district import District
from linli._model.compiled import Move, Workflow
from linli._model.compiling import AnyFlow, as_run
from linli._model.files import GivenFile
from linli._model.inputs import Field
from linli._surfaces.naming import NAMED, numbered

# How what is typed as text is written.
_SHOWN: dict[Any, str] = {date: "YYYY-MM-DD", datetime: '"YYYY-MM-DD HH:MM"'}


def command_name(move: Move, suffix: str = "") -> str:
    """What the command of a move is called."""
    return "-".join(filter(None, (move.name.replace("_", "-"), suffix)))


def are_named(move: Move) -> bool:
    """Whether an organisation is among what is asked, which a name alone may not tell from others."""
    every = (one for field in move.fields for one in (field, *field.fields))
    return any(one.kind in ("organisation", "place or organisation", "seat") for one in every)


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
    if field.kind in _SHORT_FORMS:
        return f'{name} "{_SHORT_FORMS[field.kind]}"'
    if field.fields and field.kind != "file":
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
    return OPTIONS[field.kind](flow, field)


def _text(flow: Workflow | None, field: Field) -> Any:
    return str


def _choice(flow: Workflow | None, field: Field) -> Any:
    return Choice(list(map(str, field.choices)), field.labels, context=flow.name if flow else "")


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
        self._short = _SHORT.get(field.kind, _pairs)
        self._example = _SHORT_FORMS.get(field.kind) or "; ".join(f"{name}=…" for name in self._names)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The values by their names."""
        if not isinstance(value, str):
            return value
        try:
            found = json.loads(value) if value.lstrip().startswith("{") else self._read(value)
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise click.BadParameter(str(say("write it as: {known}", known=self._example)), ctx, param)
        return found

    def _read(self, text: str) -> dict[str, str]:
        named = any(re.match(rf"\s*{name}\s*=", text) for name in self._names)
        return _pairs(text) if named else self._short(text)


class _File(click.Path):
    """A file, with its content."""

    name = "file"

    def __init__(self) -> None:
        super().__init__(exists=True, dir_okay=False, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The file that a path leads to."""
        path = Path(str(super().convert(value, param, ctx)))
        return GivenFile.sent(path.name, path.read_bytes())


def _written(flow: Workflow | None, field: Field) -> Any:
    return _Written(field.type)


def _parts(flow: Workflow | None, field: Field) -> Any:
    return _SmallRecord(field)


OPTIONS: Mapping[str, Callable[[Workflow | None, Field], Any]] = {
    **dict.fromkeys(("text", "private", "number", "yes or no", "money", *NAMED), _text),
    **dict.fromkeys(("day", "moment"), _written),
    **dict.fromkeys(("record", "seat", "point"), _parts),
    "subject": lambda flow, field: Matter(),
    "whole number": lambda flow, field: int,
    "choice": _choice,
    "file": lambda flow, field: _File(),
}
"""What the option of a kind of input is; see `linli._surfaces.kinds`."""


def _seat(text: str) -> dict[str, str]:
    """`clerk@锦绣花园`; without a role any post there."""
    role, mark, where = text.rpartition("@")
    return {"at": where.strip()} | ({"role": role.strip()} if mark and role.strip() not in ("", "*") else {})


def point_parts(text: str) -> dict[str, str]:
    """`27.2389, 111.4672`, after it the map that it is from: `27.2361, 111.4722 gcj02`."""
    numbers = text.replace("，", ",").replace(",", " ").split()
    if len(numbers) not in (2, 3):
        raise ValueError(text)
    return dict(zip(("latitude", "longitude", "coordinate_system"), numbers, strict=False))


_SHORT: Mapping[str, Callable[[str], dict[str, str]]] = {"seat": _seat, "point": point_parts}
_SHORT_FORMS: Mapping[str, str] = {"seat": "clerk@锦绣花园", "point": "27.238900, 111.467200"}


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
    return numbered(district, fields, {n: v for n, v in values.items() if v not in (None, ())}, near)
