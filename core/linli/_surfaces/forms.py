"""Inputs as a form that needs no JavaScript: its HTML, and what a browser posts of it.

A part of a seat, a point or a small record is posted as `name.part`, one of a list of records as `name.0.part`, the key
of one in a table as `name.0.key:`. Lists of other values are written one a line. A row that is left empty is none.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import tzinfo
from typing import Any

import attrs

from linli._model.files import GivenFile
from linli._model.inputs import Field
from linli._surfaces.kinds import KINDS

Posted = Mapping[str, Sequence[str | GivenFile]]
"""What a browser posts, by the names of controls; a file as a `GivenFile.sent`."""

MORE = "more:"
"""The name of the button that asks for more rows; its value is the list that they are for."""
KEY = "key:"


# --- what was posted ----------------------------------------------------------------------------------------


def read(fields: Iterable[Field], posted: Posted) -> dict[str, Any]:
    """The values of what was posted by their names, for the engine to look at; what was left empty is left out."""
    found = ((one.name, _read(one, one.name, posted)) for one in fields if one.asked)
    return {name: value for name, value in found if value is not None}


def _read(field: Field, name: str, posted: Posted) -> Any:
    if field.kind == "file":
        files = [
            one for one in posted.get(name, ()) if isinstance(one, GivenFile) and (one.name or one.content)
        ]
        return (tuple(files) or None) if field.many else next(iter(files), None)
    if field.many and (field.fields or field.keyed):
        return _rows(field, name, posted)
    if field.fields:
        return _parts(field, f"{name}.", posted)
    texts = _texts(name, posted)
    if field.many:
        return tuple(line.strip() for text in texts for line in text.split("\n") if line.strip()) or None
    return _value(field, texts)


def _value(field: Field, texts: Sequence[str]) -> Any:
    text = texts[0] if texts else None
    return {"yes": True, "no": False}.get(text or "", text) if field.kind == "yes or no" else text


def _texts(name: str, posted: Posted) -> list[str]:
    """What was typed, with the line breaks that a browser sends as ours, without the spaces around it."""
    typed = (one.replace("\r\n", "\n").strip() for one in posted.get(name, ()) if isinstance(one, str))
    return [text for text in typed if text]


def _parts(field: Field, prefix: str, posted: Posted) -> dict[str, Any] | None:
    parts = ((one.name, _read(one, f"{prefix}{one.name}", posted)) for one in field.fields)
    return {name: value for name, value in parts if value is not None} or None


def _row_numbers(name: str, posted: Posted) -> list[int]:
    pattern = re.compile(rf"{re.escape(name)}\.([0-9]{{1,4}})\..+")
    found = (pattern.fullmatch(one) for one in posted)
    return sorted({int(match[1]) for match in found if match})


def _rows(field: Field, name: str, posted: Posted) -> Any:
    rows = ((number, _row(field, f"{name}.{number}.", posted)) for number in _row_numbers(name, posted))
    filled = [(number, row) for number, row in rows if row is not None]
    if not field.keyed:
        return tuple(row for _, row in filled) or None
    return {next(iter(_texts(f"{name}.{number}.{KEY}", posted)), ""): row for number, row in filled} or None


def _row(field: Field, prefix: str, posted: Posted) -> Any:
    if field.fields:
        return _parts(field, prefix, posted)
    return _value(field, _texts(f"{prefix}{field.name}", posted))


def wants_more(posted: Posted) -> str | None:
    """The list for which more rows are asked, where that button sent the form; nothing is made then."""
    return next(iter(_texts(MORE, posted)), None)


# --- values, as a form has them --------------------------------------------------------------------------------


def written(
    fields: Iterable[Field], values: Mapping[str, Any], zone: tzinfo | None = None
) -> dict[str, list[str | GivenFile]]:
    """Values as a browser would post them: what a form is filled with. Args: zone: on whose clock moments stand."""
    found: dict[str, list[str | GivenFile]] = {}
    for one in fields:
        if one.asked and (value := values.get(one.name)) is not None:
            for name, text in _written(one, one.name, value, zone):
                found.setdefault(name, []).append(text)
    return found


def _written(
    field: Field, name: str, value: Any, zone: tzinfo | None
) -> Iterator[tuple[str, str | GivenFile]]:
    if field.many and (field.fields or field.keyed) and field.kind != "file":
        rows = value.items() if field.keyed else enumerate(value)
        for number, (key, row) in enumerate(rows):
            if field.keyed:
                yield f"{name}.{number}.{KEY}", key
            yield from _single(field, f"{name}.{number}", row, zone, in_row=not field.fields)
    elif field.many and field.kind not in ("file", "choice"):
        yield name, "\n".join(KINDS[field.kind].written(one, zone) for one in value)
    else:
        for one in value if field.many else (value,):
            yield from _single(field, name, one, zone)


def _single(
    field: Field, name: str, value: Any, zone: tzinfo | None, *, in_row: bool = False
) -> Iterator[tuple[str, str | GivenFile]]:
    if isinstance(value, GivenFile):
        yield name, value
    elif field.fields:
        for one in field.fields:
            part = value.get(one.name) if isinstance(value, Mapping) else getattr(value, one.name, None)
            if part is not None:
                yield from _written(one, f"{name}.{one.name}", part, zone)
    else:
        yield f"{name}.{field.name}" if in_row else name, KINDS[field.kind].written(value, zone)


@attrs.frozen(kw_only=True)
class Row:
    """One of a list of records in a form. Attributes: prefix: of the names of its controls."""

    number: int
    prefix: str


def rows(field: Field, posted: Posted, blank: int) -> list[Row]:
    """The rows of a list: those that were posted, and some that are empty; more of them where they were asked for."""
    known = _row_numbers(field.name, posted)
    more = blank * 2 if wants_more(posted) == field.name else blank
    numbers = range((max(known) + 1 if known else 0) + more)
    return [Row(number=one, prefix=f"{field.name}.{one}.") for one in numbers]
