"""What people read in place of linli's own identifiers: short numbers, names, masked names.

Everything that a command prints for people passes here: tables, records, sentences, refusals. Programs get
the identifiers.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any
from uuid import UUID

import attrs

from linli._base import numbers
from linli._base.errors import NotFound
from linli._base.i18n import Several, Text
from linli._engine.listing import name_paths, numbers_of, organisation_names

if TYPE_CHECKING:
    from linli._district.district import District

OWN = frozenset({"number", "id"})
"""Headings of what is typed to name a row: only a matter's number becomes short there."""


def called(district: "District", idents: Iterable[UUID], *, own: bool = False) -> dict[UUID, str]:
    """What people call each of these; what nothing is known of is left out.

    Args:
        own: whether these stand where a row is named, so that places and people keep their identifiers.
    """
    wanted = set(idents)
    found = {ident: numbers.written(short) for ident, short in numbers_of(district, wanted).items()}
    if own:
        return found
    for names in (name_paths, organisation_names):
        found |= names(district, wanted - found.keys())
    left = wanted - found.keys()
    return found | dict(_people(district, left)) if left else found


def _people(district: "District", idents: Iterable[UUID]) -> Iterator[tuple[UUID, str]]:
    for ident in idents:
        try:
            shown = district.register.masked(ident)
        except NotFound:
            continue
        known = shown.get("name") or shown.get("phone")
        if known:
            yield ident, known


def identifiers(value: object) -> Iterator[UUID]:
    """The identifiers in a value, a sentence, or lists of them."""
    match value:
        case UUID():
            yield value
        case Text():
            for one in value.values.values():
                yield from identifiers(one)
        case Several():
            for one in value.items:
                yield from identifiers(one)
        case list() | tuple():
            for one in value:
                yield from identifiers(one)


def replaced(value: Any, names: Mapping[UUID, str], zone: tzinfo | None = None) -> Any:
    """The same value with names in place of identifiers, and moments on the clock of `zone`."""
    match value:
        case UUID():
            return names.get(value, value)
        case datetime() if zone and value.tzinfo:
            return f"{value.astimezone(zone):%Y-%m-%d %H:%M}"
        case Text():
            return Text(value.message, {k: replaced(one, names, zone) for k, one in value.values.items()})
        case Several():
            return attrs.evolve(value, items=tuple(replaced(one, names, zone) for one in value.items))
        case list() | tuple():
            return [replaced(one, names, zone) for one in value]
    return value


def sentence(district: "District", text: Text) -> Text:
    """A sentence as people read it."""
    found = set(identifiers(text))
    named: Text = replaced(text, called(district, found) if found else {}, district.rules.zone)
    return named


def columns_named(
    district: "District", headings: Iterable[str], rows: Iterable[Iterable[object]]
) -> list[list[object]]:
    """The rows of a table as people read them."""
    names = list(headings)
    kept = [list(row) for row in rows]
    own = {
        ident
        for row in kept
        for name, cell in zip(names, row, strict=True)
        if name in OWN
        for ident in identifiers(cell)
    }
    other = {
        ident
        for row in kept
        for name, cell in zip(names, row, strict=True)
        if name not in OWN
        for ident in identifiers(cell)
    }
    short, long = _asked(district, own, own=True), _asked(district, other)
    return [
        [replaced(cell, short if name in OWN else long) for name, cell in zip(names, row, strict=True)]
        for row in kept
    ]


def _asked(district: "District", idents: set[UUID], *, own: bool = False) -> dict[UUID, str]:
    return called(district, idents, own=own) if idents else {}


def numbered(district: "District", value: object) -> object:
    """What programs are told: the record of a matter has its short number beside its identifier."""
    idents = {one["id"] for one in _records(value)}
    short = numbers_of(district, idents) if idents else {}
    return _with_numbers(value, short) if short else value


def _records(value: object) -> Iterator[Mapping[str, Any]]:
    """The records in a document that have an identifier and no number yet."""
    match value:
        case Mapping():
            if isinstance(value.get("id"), UUID) and "number" not in value:
                yield value
            for one in value.values():
                yield from _records(one)
        case list() | tuple():
            for one in value:
                yield from _records(one)


def _with_numbers(value: Any, short: Mapping[UUID, int]) -> Any:
    match value:
        case Mapping():
            number = short.get(value["id"]) if isinstance(value.get("id"), UUID) else None
            more = {} if number is None or "number" in value else {"number": number}
            return {**{name: _with_numbers(one, short) for name, one in value.items()}, **more}
        case list() | tuple():
            return [_with_numbers(one, short) for one in value]
    return value
