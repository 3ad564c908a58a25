"""The single values a setting can be: how each is read, said in words, and said to editors."""

import math
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import attrs

from linli._base.errors import LinliError
from linli._base.i18n import Text, say
from linli._config import secret
from linli._config.durations import DURATION_PATTERN, duration

_DECIMAL_PATTERN = r"^[+-]?[0-9]+(\.[0-9]+)?$"
# What TOML promises to keep exactly, and what every database column holds.
_INTEGERS = range(-(2**63), 2**63)


@attrs.frozen(kw_only=True)
class Scalar:
    """One kind of value.

    Attributes:
        words: the kind, said to a person: "a whole number".
        schema: the kind, said to an editor, as JSON Schema.
        read: the value as the record holds it, from the value as TOML gives it; raises LinliError.
    """

    words: Text
    schema: Mapping[str, object]
    read: Callable[[object], object]


def mismatch(expected: Text, value: object) -> LinliError:
    """A value is not of the expected kind. Says the kind that was found, never the value."""
    return LinliError(say("expected {expected}, found {found}", expected=expected, found=_found(value)))


def _found(value: object) -> Text:
    if isinstance(value, Mapping):
        return say("a table")
    return _FOUND.get(type(value), say("something that TOML does not have"))


_FOUND: Mapping[type, Text] = {
    str: say("text in quotes"),
    int: say("a whole number"),
    bool: say("true or false"),
    float: say("a number with a decimal point"),
    Decimal: say("a number with a decimal point"),
    date: say("a date"),
    time: say("a time of day"),
    datetime: say("a date and time"),
    list: say("a list"),
    tuple: say("a list"),
}


def _exactly(kind: type, words: Text) -> Callable[[object], object]:
    def read(value: object) -> object:
        # Not isinstance: True is an int, and a datetime is a date.
        if type(value) is not kind:
            raise mismatch(words, value)
        return value

    return read


def _integer(value: object) -> int:
    if type(value) is not int:
        raise mismatch(_INTEGER, value)
    if value not in _INTEGERS:
        raise LinliError(say("is too large for a whole number of 64 bits"))
    return value


def _decimal(value: object) -> Decimal:
    if type(value) not in (int, float, Decimal, str):
        raise mismatch(_NUMBER, value)
    if isinstance(value, str) and not re.fullmatch(_DECIMAL_PATTERN, value):
        raise mismatch(_NUMBER, value)
    # A float goes through its text: 0.1 means one tenth to who wrote it.
    number = Decimal(str(value))
    if not number.is_finite():
        raise LinliError(say("must be a finite number"))
    return number


def _float(value: object) -> float:
    if not isinstance(value, int | float | Decimal) or isinstance(value, bool):
        raise mismatch(_NUMBER, value)
    known = value in _INTEGERS if isinstance(value, int) else _is_finite(value)
    number = float(value) if known else math.inf
    if not math.isfinite(number):
        raise LinliError(say("must be a finite number"))
    return number


def _is_finite(value: float | Decimal) -> bool:
    """Whether it is a number; of a `Decimal` that may signal when it is made a float, without that."""
    return value.is_finite() if isinstance(value, Decimal) else math.isfinite(value)


def _duration(value: object) -> timedelta:
    if not isinstance(value, str):
        raise mismatch(_LENGTH, value)
    return duration(value)


_TEXT = say("text in quotes")
_INTEGER = say("a whole number")
_NUMBER = say("a number")
_BOOLEAN = say("true or false")
_DATE = say("a date such as 2026-01-31, without quotes")
_TIME = say("a time of day such as 08:30:00, without quotes")
_MOMENT = say("a date and time such as 2026-01-31T08:30:00+08:00, without quotes")
_LENGTH = say('a length of time such as "8h", "30min" or "3d"')

_DAY, _CLOCK = "[0-9]{4}-[0-9]{2}-[0-9]{2}", "[0-9]{2}:[0-9]{2}:[0-9]{2}"

SCALARS: Mapping[type, Scalar] = {
    str: Scalar(words=_TEXT, schema={"type": "string"}, read=_exactly(str, _TEXT)),
    bool: Scalar(words=_BOOLEAN, schema={"type": "boolean"}, read=_exactly(bool, _BOOLEAN)),
    int: Scalar(words=_INTEGER, schema={"type": "integer"}, read=_integer),
    float: Scalar(words=_NUMBER, schema={"type": "number"}, read=_float),
    Decimal: Scalar(
        words=_NUMBER,
        schema={"anyOf": [{"type": "number"}, {"type": "string", "pattern": _DECIMAL_PATTERN}]},
        read=_decimal,
    ),
    # Patterns, not `format`: "time" and "date-time" of JSON Schema demand an offset, TOML does not.
    date: Scalar(words=_DATE, schema={"type": "string", "pattern": f"^{_DAY}$"}, read=_exactly(date, _DATE)),
    time: Scalar(words=_TIME, schema={"type": "string", "pattern": f"^{_CLOCK}"}, read=_exactly(time, _TIME)),
    datetime: Scalar(
        words=_MOMENT,
        schema={"type": "string", "pattern": f"^{_DAY}[Tt ]{_CLOCK}"},
        read=_exactly(datetime, _MOMENT),
    ),
    timedelta: Scalar(
        words=_LENGTH,
        schema={"type": "string", "pattern": DURATION_PATTERN, "minLength": 2},
        read=_duration,
    ),
    secret.Secret: Scalar(words=secret.WORDS, schema=secret.SCHEMA, read=secret.read_secret),
}
