"""What an input can be besides plain values: money, a point on the earth, a seat."""

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any, NewType, get_args, get_type_hints
from uuid import UUID

import attrs

from linli._base.coordinates import wgs84
from linli._model.access import Seat

Fen = NewType("Fen", int)
"""Money: whole fen inside and in JSON, yuan with two places ("12.50") wherever people read or type it."""

_YUAN = re.compile(r"(-?)([0-9]{1,15}|[0-9]{1,3}(?:,[0-9]{3}){1,4})(?:\.([0-9]{1,2}))?")
_SIXTH = Decimal("0.000001")


def in_yuan(fen: int) -> str:
    """An amount as people read it: "12.50"."""
    whole, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{whole}.{rest:02d}"


def fen_from(text: str) -> Fen:
    """An amount that people typed in yuan: "12.5", "¥1,200", "12元"; ValueError where it is none."""
    plain = unicodedata.normalize("NFKC", text).strip().removeprefix("¥").removesuffix("元").strip()
    found = _YUAN.fullmatch(plain)
    if found is None:
        raise ValueError("no amount in yuan")
    sign, whole, rest = found.groups()
    fen = int(whole.replace(",", "")) * 100 + int((rest or "").ljust(2, "0"))
    return Fen(-fen if sign else fen)


@cache
def amounts_of(record: type) -> frozenset[str]:
    """The names of a record's fields that are money."""
    hints = get_type_hints(record)
    return frozenset(name for name, hint in hints.items() if Fen in (hint, *get_args(hint)))


def _degrees(value: Any) -> Decimal:
    return Decimal(value).quantize(_SIXTH)


@attrs.frozen(kw_only=True)
class Point:
    """Where something is, in WGS-84.

    Attributes:
        latitude, longitude: in degrees, to six places, which is a tenth of a metre.
    """

    latitude: Decimal = attrs.field(converter=_degrees)
    longitude: Decimal = attrs.field(converter=_degrees)

    def __str__(self) -> str:
        return f"{self.latitude}, {self.longitude}"

    @classmethod
    def of(cls, latitude: Decimal, longitude: Decimal, coordinate_system: str = "wgs84") -> "Point":
        """The point that a map shows at a position. Args: coordinate_system: of `linli._base.coordinates.SYSTEMS`."""
        if coordinate_system == "wgs84":
            return cls(latitude=latitude, longitude=longitude)
        x, y = wgs84((float(longitude), float(latitude)), coordinate_system)
        return cls(latitude=_degrees(repr(y)), longitude=_degrees(repr(x)))


E6 = 1_000_000


def point_at(latitude_e6: int | None, longitude_e6: int | None) -> Point | None:
    """The point of two columns, in millionths of a degree; None where they say nothing."""
    if latitude_e6 is None or longitude_e6 is None:
        return None
    return Point(latitude=Decimal(latitude_e6) / E6, longitude=Decimal(longitude_e6) / E6)


def _seat(at: UUID, role: str | None = None) -> Seat:
    return Seat(role=role, at=at)


_MAKERS: Mapping[type, Any] = {Seat: _seat, Point: Point.of}


def made(kind: type, parts: Mapping[str, Any]) -> Any:
    """A small record, a seat or a point of what was given of it; TypeError where something lacks."""
    return _MAKERS.get(kind, kind)(**parts)
