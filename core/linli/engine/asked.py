"""What a move asks for: checked, and split into what the journal keeps and what the vault does."""

from collections.abc import Container, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from math import isfinite
from typing import Any, cast, get_args
from uuid import UUID

import attrs

from linli import codec
from linli.engine.border import broken, unplain_value
from linli.errors import Refused
from linli.i18n import Text, listed, say, sentences
from linli.records import changed
from linli.workflow import Ask, Move, Workflow


@attrs.frozen(kw_only=True, slots=False)
class Given:
    """The values of a move.

    Attributes:
        open: by name, what the journal may keep.
        private: by name, texts for the vault.
        passing: by name, what neither of them keeps.
    """

    open: Mapping[str, Any]
    private: Mapping[str, str]
    passing: Mapping[str, Any]


_NOTHING = Given(open={}, private={}, passing={})


def given(flow: Workflow, move: Move, values: Mapping[str, object], said: Container[str]) -> Given:
    """The values that `move` asks for; Refused with every problem where they are not right.

    Args:
        said: the names of those that somebody gave; linli worked the others out.
    """
    if not (values or move.given):
        return _NOTHING
    problems = [say("{name} is not asked for", name=name) for name in values if name not in move.asked]
    found: dict[str, Any] = {}
    private: dict[str, str] = {}
    passing: dict[str, Any] = {}
    for ask in move.given:
        typed, problem = _taken(flow, move.given, ask, values, by_somebody=ask.name in said)
        if problem:
            problems.append(problem)
        elif typed is not None:
            (private if ask.private else found if ask.kept else passing)[ask.name] = typed
    if problems:
        raise Refused(
            say(
                "{move}: {problems}",
                move=say(move.label or move.name),
                problems=sentences(problems),
            )
        )
    return Given(open=found, private=private, passing=passing)


def _taken(
    flow: Workflow, asks: Iterable[Ask], ask: Ask, values: Mapping[str, object], *, by_somebody: bool
) -> tuple[Any, Text | None]:
    """A value as what it must be, and why it is not taken; None where it is left out.

    Args:
        asks: what is asked beside it, by the move or of the same small record.
    """
    value = values.get(ask.name, ask.default)
    wanted = ask.only_if is None or _asked_for(asks, ask.only_if, values)
    if value is None or value == "":
        lacking = ask.required or (ask.only_if and wanted)
        return None, say("{name} is missing", name=say(ask.name)) if lacking else None
    typed, problem = _read(ask, value)
    if problem or not by_somebody or value == ask.default:
        return typed, problem
    if ask.only_if and not wanted:
        return typed, _only_where(ask, *ask.only_if)
    return typed, _misshapen(flow, ask, value) or _beyond(ask, typed) or _personal(ask, value)


def _asked_for(
    asks: Iterable[Ask], only_if: tuple[str, tuple[object, ...]], values: Mapping[str, object]
) -> bool:
    """Whether another input has one of some values, by its default too where nobody gives it."""
    name, wanted = only_if
    other = next(ask for ask in asks if ask.name == name)
    typed, _ = _read(other, values.get(name, other.default))
    return typed in wanted


def _only_where(ask: Ask, other: str, wanted: tuple[object, ...]) -> Text:
    return say(
        "{name} is asked for only where {other} is {wanted}",
        name=say(ask.name),
        other=say(other),
        wanted=listed(map(str, wanted)),
    )


def refuse_computed(move: Move, values: Mapping[str, object], names: Container[str]) -> None:
    """Refuse what only linli says, from anybody else. Args: names: what that is."""
    problems = [
        say("{name} is worked out by linli; leave it out", name=say(name)) for name in values if name in names
    ]
    if problems:
        raise Refused(
            say("{move}: {problems}", move=say(move.label or move.name), problems=sentences(problems))
        )


def _read(ask: Ask, value: object) -> tuple[Any, Text | None]:
    """A value as what it must be, or why it cannot be."""
    try:
        typed = _typed(ask, value)
    except (ValueError, TypeError, InvalidOperation):
        kind = say(WORDS.get(ask.type, ask.type.__name__))
        return None, say("{name} must be a {type}", name=say(ask.name), type=kind)
    return typed, _problem(ask, typed)


def _problem(ask: Ask, typed: Any) -> Text | None:
    if ask.choices and typed not in ask.choices:
        return say("{name} must be one of {choices}", name=say(ask.name), choices=listed(ask.choices))
    if broken(typed):
        return say("{name} has a character that nothing can show; type it again", name=say(ask.name))
    if isinstance(typed, str) and len(typed) > ask.longest:
        return say("{name} is longer than {longest} characters", name=say(ask.name), longest=ask.longest)
    if ask.least is not None and typed < ask.least:
        return say("{name} must be {least} or more", name=say(ask.name), least=ask.least)
    if ask.most is not None and typed > ask.most:
        return say("{name} must be {most} or less", name=say(ask.name), most=ask.most)
    return None


def _misshapen(flow: Workflow, ask: Ask, value: Any) -> Text | None:
    """Why a list or a table is none that a record could be read with again, whatever a plugin makes of it."""
    if ask.type not in _HOLDING:
        return None
    if ask.records:
        if ask.each is None:
            return _in_small(flow, ask, None, value)
        items = value.items() if isinstance(value, Mapping) else enumerate(value, 1)
        return next((p for key, one in items if (p := _in_small(flow, ask, key, one))), None)
    shape = flow.shapes.get(ask.name)
    if shape is not None and not codec.fits(shape, value):
        by_number = UUID in get_args(shape)
        return say("{name}: give each by its number", name=say(ask.name)) if by_number else _strange(ask)
    return None if isinstance(value, Mapping) else _in_list(ask, value)


def _in_list(ask: Ask, items: Iterable[object]) -> Text | None:
    """What is wrong in a list: each is read and limited like a value alone."""
    if ask.each is None or ask.each is str:
        return None if all(isinstance(one, ask.each or _ITEM) for one in items) else _strange(ask)
    item = attrs.evolve(ask, type=ask.each, each=None)
    for typed, problem in (_read(item, one) for one in items):
        if problem or (problem := _beyond(item, typed)):
            return problem
    return None


def _strange(ask: Ask) -> Text:
    return say("{name} has something in it that does not belong there", name=say(ask.name))


def _in_small(flow: Workflow, ask: Ask, key: object, value: object) -> Text | None:
    """What is wrong with a small record; of several in a list, with its number, in a table, with its name."""
    name = say("{name} {number}", name=say(ask.name), number=key) if key is not None else say(ask.name)
    if attrs.has(type(value)):
        value = attrs.asdict(cast(Any, value), recurse=False)
    if not isinstance(value, Mapping):
        return say("{name} has something in it that does not belong there", name=name)
    for unknown in value.keys() - {one.name for one in ask.records}:
        return say("{name}: {problem}", name=name, problem=say("{name} is not asked for", name=unknown))
    for one in ask.records:
        _, problem = _taken(flow, ask.records, one, value, by_somebody=True)
        if problem:
            return say("{name}: {problem}", name=name, problem=problem)
    return None


def _beyond(ask: Ask, typed: Any) -> Text | None:
    """Why a number or a moment is none that anybody can mean, or that no database and no calendar goes on with."""
    if isinstance(typed, int | Decimal) and not (isfinite(typed) and -_TOO_LARGE < typed < _TOO_LARGE):
        return say("{name} is no number that can be counted with", name=say(ask.name))
    if isinstance(typed, date) and not _EARLIEST <= typed.year <= _LATEST:
        return say("{name} cannot be in the year {year}", name=say(ask.name), year=typed.year)
    if isinstance(typed, datetime) and typed.utcoffset() is None:
        return say("{name} must say its offset from UTC, as in 2026-03-01T09:00+08:00", name=say(ask.name))
    return None


def _personal(ask: Ask, value: object) -> Text | None:
    """The journal holds nothing that identifies a person; what is private goes to the vault."""
    # What is published has a check of its own, for consent; so have whole texts, which are longer.
    if (
        ask.private
        or ask.public
        or not ask.kept
        or ask.choices
        or ask.longest > _A_LINE
        or isinstance(value, Mapping)
    ):
        return None
    found = unplain_value(ask.name, value)
    return say("{name} {problem}", name=say(ask.name), problem=found) if found else None


def _typed(ask: Ask, value: Any) -> Any:
    if ask.type is Mapping and attrs.has(type(value)):
        return value
    if isinstance(value, ask.type) and not (ask.type is int and isinstance(value, bool)):
        return value
    if isinstance(value, str):
        reader = _READERS.get(ask.type)
        if reader:
            return reader(value)
    if ask.type in (tuple, list) and isinstance(value, list | tuple):
        return tuple(value)
    raise TypeError(ask.name)


_A_LINE = 4000
# Beyond these years no calendar goes on counting.
_EARLIEST, _LATEST = 1000, 9998
# Beyond what databases and spreadsheets count exactly.
_TOO_LARGE = 10**15
_HOLDING = (tuple, list, Mapping)
_ITEM = (str, UUID)
WORDS: Mapping[type, str] = {
    int: "whole number",
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


def kept(values: Given, commitments: Mapping[str, str]) -> dict[str, Any]:
    """What the journal says of the values: those in the open, and commitments to the private ones."""
    body = {name: codec.plain(value) for name, value in values.open.items()}
    return body | {name: {"sealed": mark} for name, mark in commitments.items()}


def recorded(flow: Workflow, record: Any, values: Given) -> Any:
    """The subject's record with the values that are fields of it."""
    changes = {name: value for name, value in values.open.items() if name in flow.fields}
    return changed(record, **changes) if changes else record
