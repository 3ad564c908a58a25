"""What the value of an input may be: its limits, and of what somebody gives, what nobody can mean."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from linli._base.i18n import Text, say
from linli._base.refusals import Invalid, Unfit, Unkeepable
from linli._engine.border import broken, unplain_value
from linli._engine.files import Wrong
from linli._model.inputs import Field
from linli._model.values import in_yuan


def look_at(field: Field, value: object, typed: Any, by_somebody: bool) -> None:
    """Refuse what is beyond the limits; from somebody also what is somebody's number, or what nobody can mean."""
    problem = _problem(field, typed)
    if by_somebody:
        problem = problem or _beyond(field, typed) or _personal(field, value)
    if problem:
        raise Wrong(problem)


class TooLong(Invalid, says="{name} is longer than {longest} characters"):
    name: Text
    longest: int


class TooLittle(Invalid, says="{name} must be {least} or more"):
    name: Text
    least: int


class TooMuch(Invalid, says="{name} must be {most} or less"):
    name: Text
    most: int


def _problem(field: Field, typed: Any) -> Invalid | None:
    if broken(typed):
        return Unkeepable(field=field.name, name=say(field.name))
    if isinstance(typed, Decimal) and not typed.is_finite():
        return _uncounted(field)
    limits = field.input
    if field.kind == "money":
        return _beyond_amounts(field, typed)
    if isinstance(typed, str) and len(typed) > limits.longest:
        return TooLong(field=field.name, name=say(field.name), longest=limits.longest)
    if limits.least is not None and typed < limits.least:
        return TooLittle(field=field.name, name=say(field.name), least=limits.least)
    if limits.most is not None and typed > limits.most:
        return TooMuch(field=field.name, name=say(field.name), most=limits.most)
    return None


class AmountTooSmall(Invalid, says="{name} must be {least} yuan or more"):
    name: Text
    least: str


class AmountTooLarge(Invalid, says="{name} must be {most} yuan or less"):
    name: Text
    most: str


def _beyond_amounts(field: Field, fen: int) -> Invalid | None:
    least, most = field.input.least or 0, field.input.most
    if fen < least:
        return AmountTooSmall(field=field.name, name=say(field.name), least=in_yuan(least))
    if most is not None and fen > most:
        return AmountTooLarge(field=field.name, name=say(field.name), most=in_yuan(most))
    return None


class Uncounted(Invalid, says="{name} is no number that can be counted with"):
    name: Text


def _uncounted(field: Field) -> Invalid:
    return Uncounted(field=field.name, name=say(field.name))


class ImpossibleYear(Invalid, says="{name} cannot be in the year {year}"):
    name: Text
    year: int


class NoOffset(Invalid, says="{name} must say its offset from UTC, as in 2026-03-01T09:00+08:00"):
    name: Text


def _beyond(field: Field, typed: Any) -> Invalid | None:
    """Why a number or a moment is none that anybody can mean, or that no database and no calendar goes on with."""
    if isinstance(typed, int | Decimal) and not -_TOO_LARGE < typed < _TOO_LARGE:
        return _uncounted(field)
    if isinstance(typed, date) and not _EARLIEST <= typed.year <= _LATEST:
        return ImpossibleYear(field=field.name, name=say(field.name), year=typed.year)
    if isinstance(typed, datetime) and typed.utcoffset() is None:
        return NoOffset(field=field.name, name=say(field.name))
    return None


def _personal(field: Field, value: object) -> Invalid | None:
    """The journal holds nothing that identifies a person; what is private goes to the vault."""
    # What is published has a check of its own, for consent; so have whole texts, which are longer.
    asked = field.input
    if field.private or asked.public or not asked.kept or asked.longest > _A_LINE:
        return None
    found = unplain_value(field.name, value)
    return Unfit(field=field.name, name=say(field.name), problem=found) if found else None


_A_LINE = 4000
# Beyond these years no calendar goes on counting.
_EARLIEST, _LATEST = 1000, 9998
# Beyond what databases and spreadsheets count exactly.
_TOO_LARGE = 10**15
# What Python takes for one and nobody else does.
