"""Canonical text of what is stored and hashed: JSON with sorted keys, exact numbers, no spaces."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from types import NoneType
from typing import Any, cast
from uuid import UUID

import attrs
import msgspec

from linli._base.i18n import Text

_encoder = msgspec.json.Encoder(order="deterministic", decimal_format="string")
_decoder = msgspec.json.Decoder()


def encode(value: object) -> str:
    """The canonical text of a record, mapping or sequence of plain values."""
    return _encoder.encode(value).decode()


def decode(text: str) -> Any:
    """What `encode` made the text from, as plain mappings and lists."""
    return _decoder.decode(text)


@cache
def decoder(record: type) -> Callable[[str], Any]:
    """A function from canonical text to a record of this attrs class."""
    return msgspec.json.Decoder(record, strict=False).decode


def fits(shape: Any, value: object) -> bool:
    """Whether a record whose field has this type could be read again with `value` in it."""
    try:
        decoder(shape)(encode(value))
    except (TypeError, ValueError, msgspec.MsgspecError):
        return False
    return True


def moment(text: str) -> datetime:
    """The moment that `plain` wrote."""
    return datetime.fromisoformat(text)


_PLAIN = frozenset((str, int, float, bool, NoneType))


def plain(value: object) -> object:
    """`value` as JSON has it."""
    if type(value) in _PLAIN:
        return value
    match value:
        case UUID() | Decimal() | str():
            return str(value)
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="microseconds")
        case date():
            return value.isoformat()
        case Mapping():
            return {str(key): item if type(item) in _PLAIN else plain(item) for key, item in value.items()}
        case list() | tuple() | set() | frozenset():
            return [item if type(item) in _PLAIN else plain(item) for item in value]
        case Text():
            return {"message": value.message, "values": plain(value.values)}
        case _ if attrs.has(type(value)):
            return {one.name: plain(getattr(value, one.name)) for one in attrs.fields(cast(Any, type(value)))}
        case _:
            return value
