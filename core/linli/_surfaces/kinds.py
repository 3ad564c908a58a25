"""The table of the kinds of inputs: how each stands in JSON, and how people write it."""

from base64 import b64decode, b64encode
from binascii import Error as NoBase64
from collections.abc import Callable, Mapping
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import Any

import attrs

from linli._base import codec
from linli._base.i18n import Text, say
from linli._model.files import GivenFile, endings_of
from linli._model.inputs import Field
from linli._model.values import in_yuan


class Unreadable:
    """A value that is none of what a surface takes, for whoever looks at inputs to refuse: it says nothing of it."""


UNREADABLE = Unreadable()

Schema = Mapping[str, Any]


@attrs.frozen(kw_only=True)
class Kind:
    """A kind of input.

    Attributes:
        schema: of one value, as JSON Schema 2020-12 (OpenAPI 3.1) has it.
        takes: what one is in JSON.
        read: the value that the engine looks at, of one in JSON.
        control: what a form asks for it with: the type of an <input>, "textarea", "select", "parts".
        written: how people write one, on the clock of a zone.
        hint: what is said beside its control.
    """

    schema: Callable[[Field], Schema]
    takes: tuple[type, ...] = (str,)
    read: Callable[[Any], Any] = lambda value: value
    control: str = "text"
    written: Callable[[Any, tzinfo | None], str] = lambda value, zone: str(value)
    hint: Callable[[Field], Text | None] = lambda field: None


def _always(**schema: Any) -> Callable[[Field], Schema]:
    return lambda field: schema


def _text(field: Field) -> Schema:
    return {"type": "string", "minLength": 1, "maxLength": field.input.longest}


def _limited(type_: str) -> Callable[[Field], Schema]:
    def schema(field: Field) -> Schema:
        limits = {"minimum": field.input.least, "maximum": field.input.most}
        return {"type": type_, **{name: limit for name, limit in limits.items() if limit is not None}}

    return schema


def _fen(field: Field) -> Schema:
    return {"minimum": 0, **_limited("integer")(field), "x-unit": "fen"}


def _number(field: Field) -> Schema:
    return {**_limited("number")(field), "type": ["number", "string"], "format": "decimal"}


def _codes(field: Field) -> Schema:
    return {"type": "string", "enum": [str(one) for one in field.choices]}


def _content(field: Field) -> Schema:
    name = {
        "type": "string",
        "minLength": 1,
        "maxLength": 80,
        "examples": [f"x{endings_of(field.input.kinds)[0]}"],
    }
    content = {"type": "string", "contentEncoding": "base64"}
    return {
        "type": "object",
        "properties": {"name": name, "content": content},
        "required": ["name", "content"],
        "additionalProperties": False,
        "writeOnly": True,
    }


def _read_file(value: Mapping[str, Any]) -> Any:
    """A file of JSON. What else it has besides its name and its content makes it none."""
    name, content = value.get("name"), value.get("content")
    if len(value) != 2 or not isinstance(name, str) or not isinstance(content, str):
        return UNREADABLE
    try:
        return GivenFile.sent(name, b64decode(content, validate=True))
    except (NoBase64, ValueError):
        return UNREADABLE


def _read_number(value: Any) -> Any:
    return value if isinstance(value, str | Decimal) else repr(value)


def _yes_or_no(value: Any, zone: tzinfo | None) -> str:
    return "yes" if value else "no"


def _moment(value: datetime, zone: tzinfo | None) -> str:
    """On the clock of the zone; to the second only where it has some, as a form's control writes it."""
    local = value.astimezone(zone).replace(tzinfo=None) if zone and value.tzinfo else value
    return local.isoformat(timespec="auto" if local.second or local.microsecond else "minutes")


def _size(field: Field) -> Text:
    most, largest = field.input.most if field.many else 1, field.input.largest
    kinds = ", ".join(endings_of(field.input.kinds))
    if callable(largest):
        return say("{kinds}; at most {most}", kinds=kinds, most=most or "…")
    return say(
        "{kinds}; at most {most}, each of at most {size} MB",
        kinds=kinds,
        most=most or "…",
        size=largest / 10**6,
    )


def _named(hint: Callable[[Field], Text]) -> Kind:
    return Kind(schema=_always(type="string", format="uuid"), hint=hint)


WORDS = ("latitude", "longitude", "coordinate_system")
"""What the parts of a point are called, for catalogues."""

KINDS: Mapping[str, Kind] = {
    "text": Kind(schema=_text),
    "private": Kind(schema=lambda field: {**_text(field), "writeOnly": True}, control="textarea"),
    "whole number": Kind(schema=_limited("integer"), takes=(int,), control="number"),
    "yes or no": Kind(schema=_always(type="boolean"), takes=(bool,), control="select", written=_yes_or_no),
    "number": Kind(schema=_number, takes=(int, float, Decimal, str), read=_read_number, control="number"),
    "day": Kind(schema=_always(type="string", format="date"), control="date", written=lambda day, zone: day.isoformat()),
    "moment": Kind(
        schema=_always(type="string", format="date-time"), control="datetime-local", written=_moment,
        hint=lambda field: say("on the clocks here"),
    ),
    "choice": Kind(schema=_codes, control="select"),
    "person": _named(lambda field: say("a phone, an identity number or a record number")),
    "place": _named(lambda field: say("a number or a path of names: 锦绣花园/3栋")),
    "organisation": _named(lambda field: say("its name or its number")),
    "place or organisation": _named(lambda field: say("a path of names, the name of an organisation, or a number")),
    "subject": _named(lambda field: say("the number of a matter")),
    "money": Kind(
        schema=_fen, takes=(int,), written=lambda fen, zone: in_yuan(fen), hint=lambda field: say("in yuan, such as 12.50")
    ),
    "seat": Kind(schema=_always(type="object"), takes=(Mapping,), control="parts"),
    "point": Kind(
        schema=_always(type="object"), takes=(Mapping,), control="parts",
        hint=lambda field: say("latitude before longitude, such as 27.238900 and 111.467200"),
    ),
    "file": Kind(schema=_content, takes=(Mapping,), read=_read_file, control="file", hint=_size),
    "record": Kind(schema=_always(type="object"), takes=(Mapping,), control="parts"),
}  # fmt: skip
"""Every kind that people are asked for, by the name that a `Field` has of it."""


def plain(field: Field, value: Any) -> Any:
    """One value as JSON has it."""
    if isinstance(value, GivenFile):
        return {"name": value.name, "content": b64encode(value.content).decode()}
    if field.fields and attrs.has(type(value)):
        return {
            one.name: plain(one, v)
            for one in field.fields
            if (v := getattr(value, one.name, None)) is not None
        }
    if field.fields:
        return {
            one.name: plain(one, value[one.name]) for one in field.fields if value.get(one.name) is not None
        }
    return value if isinstance(value, bool | int) else codec.plain(value)
