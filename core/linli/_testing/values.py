"""Values of each kind of input, good ones mostly: for property tests, by the table of kinds (`linli._surfaces.kinds`)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from linli._model.access import Seat
from linli._model.files import GivenFile
from linli._model.inputs import Field
from linli._model.values import Point

Values = st.SearchStrategy[Any]

FILES = (
    GivenFile(name="方案.pdf", content=b"%PDF-1.7 plan"),
    GivenFile(name="现场.png", content=b"\x89PNG\r\n\x1a\n" + bytes(range(8))),
    GivenFile(name="现场.jpg", content=b"\xff\xd8\xff" + bytes(range(8))),
    GivenFile(name="现场.webp", content=b"RIFF\x00\x00\x00\x00WEBP"),
    GivenFile(name="现场.heic", content=b"\x00\x00\x00\x18ftypheic"),
    GivenFile(name="说明.txt", content="说明".encode()),
)
"""A small file of some kinds."""


def _numbers(field: Field, places: Sequence[UUID]) -> Values:
    return st.sampled_from(places) if places else st.uuids(version=4)


def _whole(field: Field, places: Sequence[UUID]) -> Values:
    least, most = field.input.least, field.input.most
    return st.integers(0 if least is None else least, 90 if most is None else most)


def _decimals(field: Field, places: Sequence[UUID]) -> Values:
    least, most = field.input.least, field.input.most
    return st.decimals(0 if least is None else least, 100 if most is None else most, places=1)


def _money(field: Field, places: Sequence[UUID]) -> Values:
    return st.integers(field.input.least or 0, 1_000_00 if field.input.most is None else field.input.most)


def _seats(field: Field, places: Sequence[UUID]) -> Values:
    return st.builds(Seat, role=st.sampled_from([None, "clerk", "steward"]), at=_numbers(field, places))


def _points(field: Field, places: Sequence[UUID]) -> Values:
    latitudes, longitudes = st.decimals(4, 53, places=6), st.decimals(74, 135, places=6)
    return st.builds(Point, latitude=latitudes, longitude=longitudes)


def _files(field: Field, places: Sequence[UUID]) -> Values:
    kinds = field.input.kinds or ("application/pdf", "image/png", "image/jpeg")
    return st.sampled_from([one for one in FILES if one.media in kinds])


def _records(field: Field, places: Sequence[UUID]) -> Values:
    return st.fixed_dictionaries({one.name: values(one, places) for one in field.fields})


GENERATORS: Mapping[str, Callable[[Field, Sequence[UUID]], Values]] = {
    **dict.fromkeys(("text", "private"), lambda field, places: st.sampled_from(["漏水", "general", "x"])),
    **dict.fromkeys(("person", "place", "organisation", "place or organisation", "subject"), _numbers),
    "whole number": _whole,
    "yes or no": lambda field, places: st.booleans(),
    "number": _decimals,
    "day": lambda field, places: st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    "moment": lambda field, places: st.just(datetime.fromisoformat("2026-03-02T09:00:00+08:00")),
    "choice": lambda field, places: st.sampled_from(list(field.choices)),
    "money": _money,
    "seat": _seats,
    "point": _points,
    "file": _files,
    "record": _records,
}


def values(field: Field, places: Sequence[UUID] = ()) -> Values:
    """Values that an input may be given. Args: places: numbers to give where one is asked for."""
    if field.keyed or field.kind not in GENERATORS:
        return st.none()
    one = GENERATORS[field.kind](field, places)
    if not field.many:
        return one
    if field.kind == "file":
        return st.lists(
            one, min_size=field.input.least or 0, max_size=field.input.most or 3, unique=True
        ).map(tuple)
    return st.lists(one, max_size=3, unique=not field.fields).map(tuple)
