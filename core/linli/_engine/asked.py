"""What a move is given, looked at once: each value is what its input must be, within its limits, and nobody's number."""

from collections.abc import Container, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol, cast
from uuid import UUID

import attrs

from linli._base import codec
from linli._base.errors import Refused
from linli._base.i18n import Several, Text, listed, say
from linli._base.records import evolve
from linli._base.refusals import Invalid, Missing, Refusal
from linli._engine import files
from linli._engine.files import Wrong
from linli._engine.limits import look_at
from linli._model.compiled import Move, Workflow
from linli._model.inputs import Field
from linli._model.moves import NO_INPUTS
from linli._model.values import fen_from, made


class Asking(Protocol):
    """What asks for inputs: a move, a direct act."""

    @property
    def name(self) -> str:
        """What the record calls it."""
        ...

    @property
    def label(self) -> str:
        """What people call it."""
        ...

    @property
    def inputs(self) -> type:
        """The class of what it asks for."""
        ...

    @property
    def fields(self) -> tuple[Field, ...]:
        """What it asks for."""
        ...

    @property
    def asked(self) -> frozenset[str]:
        """The names of it."""
        ...


class NotAskedFor(Invalid, says="{name} is not asked for"):
    name: str


class NotTaken(Refusal, says="what was given is not taken"): ...


def given(move: Asking, values: Mapping[str, object], said: Container[str]) -> Any:
    """The inputs of a move or a direct act, of values by name; Refused with every problem where they are not right.

    Args:
        said: the names of those that somebody gave; linli worked the others out.
    """
    if not (values or move.fields):
        return NO_INPUTS
    return typed(move.fields, move.inputs, values, said, move.label or move.name)


def typed(
    fields: tuple[Field, ...], inputs: type, values: Mapping[str, object], said: Container[str], doing: str
) -> Any:
    """An object of a class of inputs, of values by name; see `given`. Args: doing: what they are for, in English."""
    asked = {one.name for one in fields}
    problems: list[Invalid | Missing] = [
        NotAskedFor(field=name, name=name) for name in values if name not in asked
    ]
    found: dict[str, Any] = {}
    for field in fields:
        try:
            value = _taken(fields, field, values, by_somebody=field.name in said)
        except Wrong as wrong:
            problems.append(wrong.problem)
        else:
            if value is not None:
                found[field.name] = value
    if problems:
        raise Refused(*problems, doing=say(doing))
    try:
        return inputs(**found)
    except (ValueError, TypeError, ArithmeticError):
        # Without what was given: it may be somebody's words.
        raise Refused(NotTaken(), doing=say(doing)) from None


class WorkedOut(Invalid, says="{name} is worked out by linli; leave it out"):
    name: Text | str


def refuse_computed(move: Move, values: Mapping[str, object], names: Container[str]) -> None:
    """Refuse what only linli says, from anybody else. Args: names: what that is."""
    problems = [WorkedOut(field=name, name=say(name)) for name in values if name in names]
    if problems:
        raise Refused(*problems, doing=_called(move))


def _called(move: Asking) -> Text:
    return say(move.label or move.name)


class NotGiven(Missing, says="{name} is missing"):
    name: Text


def _taken(
    fields: tuple[Field, ...], field: Field, values: Mapping[str, object], *, by_somebody: bool
) -> Any:
    """A value as what it must be; None where it is left out. Args: fields: what is asked beside it."""
    value = values.get(field.name)
    only_if = field.input.only_if
    wanted = only_if is None or _asked_for(fields, only_if, values)
    if not value and (value is None or value == ""):
        if field.required or (only_if and wanted):
            raise Wrong(NotGiven(field=field.name, name=say(field.name)))
        return None
    # An order has the defaults of its inputs in it.
    by_somebody = by_somebody and (field.default is None or value != field.default)
    if only_if and not wanted and by_somebody:
        raise Wrong(_only_where(field, *only_if))
    if not field.many:
        return _single(field, value, None, by_somebody)
    if field.keyed:
        return _table(field, value, by_somebody)
    if not isinstance(value, list | tuple):
        raise Wrong(_strange(field))
    if field.kind == "file" and (problem := files.how_many(field, len(value))):
        raise Wrong(problem)
    return tuple(_single(field, one, number, by_somebody) for number, one in enumerate(value, 1))


def _asked_for(
    fields: tuple[Field, ...], only_if: tuple[str, tuple[object, ...]], values: Mapping[str, object]
) -> bool:
    """Whether another input has one of some values, by its default too where nobody gives it."""
    name, wanted = only_if
    other = next(one for one in fields if one.name == name)
    try:
        return _typed(other, values.get(name, other.default)) in wanted
    except (Wrong, ValueError, TypeError, ArithmeticError):
        return False


class OnlyWhere(Invalid, says="{name} is asked for only where {other} is {wanted}"):
    name: Text
    other: Text
    wanted: Several


def _only_where(field: Field, other: str, wanted: tuple[object, ...]) -> OnlyWhere:
    return OnlyWhere(
        field=field.name,
        name=say(field.name),
        other=say(other),
        wanted=listed(map(str, wanted)),
    )


def _table(field: Field, value: object, by_somebody: bool) -> Mapping[str, Any]:
    if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
        raise Wrong(_strange(field))
    look_at(field, tuple(value), tuple(value), by_somebody)
    return {key: _single(field, one, key, by_somebody) for key, one in value.items()}


def _single(field: Field, value: object, key: object, by_somebody: bool) -> Any:
    """A value, or one of several. Args: key: which of them: its number in a list, its name in a table."""
    if field.kind == "file":
        return files.taken(field, value, by_somebody)
    if field.fields:
        return _small(field, value, key, by_somebody)
    try:
        typed = _typed(field, value)
    except (ValueError, TypeError, ArithmeticError):
        raise Wrong(_unreadable(field)) from None
    if typed.__class__ not in _WITHOUT_LIMITS and not field.choices:
        # A number is looked at as it was typed: its digits may be somebody's.
        look_at(field, value if isinstance(value, str) else typed, typed, by_somebody)
    return typed


class InSmall(Invalid, says="{name}: {problem}"):
    name: Text
    problem: Text


class MissingInSmall(Missing, says="{name}: {problem}"):
    name: Text
    problem: Text


def _small(field: Field, value: object, key: object, by_somebody: bool) -> Any:
    """A small record; what is wrong in one of several is told with its number in the list, its name in the table."""
    name = say("{name} {number}", name=say(field.name), number=key) if key is not None else say(field.name)
    if attrs.has(type(value)):
        value = attrs.asdict(cast(Any, value), recurse=False)
    if not isinstance(value, Mapping):
        raise Wrong(Strange(field=field.name, name=name))
    known = {one.name for one in field.fields}
    try:
        if unknown := [str(one) for one in value if one not in known]:
            raise Wrong(NotAskedFor(field=unknown[0], name=unknown[0]))
        found = {
            one.name: typed
            for one in field.fields
            if (typed := _taken(field.fields, one, value, by_somebody=by_somebody)) is not None
        }
        return made(field.type, found)
    except Wrong as wrong:
        where = [field.name, *([] if key is None else [str(key)]), wrong.problem.field]
        kind = MissingInSmall if isinstance(wrong.problem, Missing) else InSmall
        raise Wrong(kind(field=".".join(where), name=name, problem=wrong.problem)) from None
    except (ValueError, TypeError, ArithmeticError):
        raise Wrong(Strange(field=field.name, name=name)) from None


class NoChoice(Invalid, says="{name} must be one of {choices}"):
    name: Text
    choices: Several


def _typed(field: Field, value: Any) -> Any:
    """A value as its input has it; an error where it is none."""
    kind = field.type
    if field.choices:
        if value not in field.choices:
            choices = listed(field.choices)
            raise Wrong(NoChoice(field=field.name, name=say(field.name), choices=choices))
        return kind(value)
    if isinstance(value, kind) and not isinstance(value, _NOT_OF.get(kind, ())):
        return value
    if field.kind == "money" and isinstance(value, str):
        return fen_from(value)
    if isinstance(value, str) and kind in _READERS:
        return _READERS[kind](value)
    raise TypeError(field.name)


class NotByNumber(Invalid, says="{name}: give each by its number"):
    name: Text


class NoAmount(Invalid, says="{name} is no amount in yuan, such as 12.50"):
    name: Text


class OtherType(Invalid, says="{name} must be a {type}"):
    name: Text
    type: Text


def _unreadable(field: Field) -> Invalid:
    name = say(field.name)
    if field.many and field.type is UUID:
        return NotByNumber(field=field.name, name=name)
    if field.many and field.type in (str, object):
        return _strange(field)
    if field.kind == "money":
        return NoAmount(field=field.name, name=name)
    return OtherType(field=field.name, name=name, type=say(WORDS.get(field.type, field.kind)))


class Strange(Invalid, says="{name} has something in it that does not belong there"):
    name: Text


def _strange(field: Field) -> Invalid:
    return Strange(field=field.name, name=say(field.name))


_NOT_OF: Mapping[type, tuple[type, ...]] = {int: (bool,), date: (datetime,)}
_WITHOUT_LIMITS = frozenset({UUID, bool})
WORDS: Mapping[type, str] = {
    str: "text",
    int: "whole number",
    bool: "yes or no",
    UUID: "number of linli's",
    Decimal: "number",
    date: "day",
    datetime: "moment",
}
_READERS: Mapping[type, Any] = {
    int: int,
    UUID: UUID,
    Decimal: Decimal,
    date: date.fromisoformat,
    datetime: datetime.fromisoformat,
}


def kept(values: Mapping[str, Any], commitments: Mapping[str, str]) -> dict[str, Any]:
    """What the journal says of the values: those in the open, and commitments to the private ones."""
    body = {name: codec.plain(value) for name, value in values.items()}
    return body | {name: {"sealed": mark} for name, mark in commitments.items()}


def recorded(flow: Workflow, record: Any, values: Mapping[str, Any]) -> Any:
    """The subject's record with the values that are fields of it."""
    changes = {name: value for name, value in values.items() if name in flow.fields}
    return evolve(record, **changes) if changes else record
