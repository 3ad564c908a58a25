"""Inputs as JSON: the schema of what a move asks for, and documents by it."""

from collections.abc import Iterable, Mapping
from typing import Any

from linli._base import codec
from linli._base.errors import Refused
from linli._base.i18n import translate
from linli._base.refusals import Invalid
from linli._model.inputs import Field
from linli._surfaces.kinds import KINDS, UNREADABLE, Schema, plain


class NoObject(Invalid, says="an object is wanted, with the names of what is given and their values"):
    field: str = ""


def schema(fields: Iterable[Field]) -> Schema:
    """What a document of inputs must be, as JSON Schema 2020-12 (OpenAPI 3.1); texts in the reader's language."""
    asked = [one for one in fields if one.asked]
    conditions = [_condition(asked, one, *one.input.only_if) for one in asked if one.input.only_if]
    return {
        "type": "object",
        "properties": {one.name: _property(one) for one in asked},
        "required": [one.name for one in asked if one.required],
        "additionalProperties": False,
        **({"allOf": conditions} if conditions else {}),
    }


def _property(field: Field) -> Schema:
    told: dict[str, Any] = {"description": translate(field.input.help)} if field.input.help else {}
    if field.default not in (None, "", ()):
        told["default"] = _written(field, field.default)
    if field.keyed:
        return {**told, "type": "object", "additionalProperties": _one(field)}
    if not field.many:
        return {**_one(field), **told}
    limits = {"minItems": field.input.least, "maxItems": field.input.most} if field.kind == "file" else {}
    return {
        **told,
        "type": "array",
        "items": _one(field),
        **{k: v for k, v in limits.items() if v is not None},
    }


def _one(field: Field) -> Schema:
    if field.fields and field.kind != "file":
        return schema(field.fields)
    found = KINDS[field.kind].schema(field)
    if not field.labels:
        return found
    return {
        **found,
        "oneOf": [{"const": code, "title": translate(label)} for code, label in field.labels.items()],
    }


def _condition(asked: Iterable[Field], field: Field, other: str, wanted: tuple[object, ...]) -> Schema:
    """That a value is needed where another one has one of some values, and may not be there else."""
    governs = next(one for one in asked if one.name == other)
    codes = [plain(governs, one) for one in wanted]
    by_default = governs.default in wanted
    where: dict[str, Any] = {
        "properties": {other: {"enum": codes}},
        **({} if by_default else {"required": [other]}),
    }
    return {"if": where, "then": {"required": [field.name]}, "else": {"properties": {field.name: False}}}


def read(fields: Iterable[Field], document: object) -> dict[str, Any]:
    """The values of a document by their names, for the engine to look at; Refused where it is none."""
    if not isinstance(document, Mapping):
        raise Refused(NoObject())
    known = {one.name: one for one in fields}
    return {
        str(name): _read(known[name], value) if name in known and value is not None else value
        for name, value in document.items()
    }


def _read(field: Field, value: Any) -> Any:
    if field.keyed:
        items = value.items() if isinstance(value, Mapping) else None
        return UNREADABLE if items is None else {str(key): _read_one(field, one) for key, one in items}
    if field.many:
        return tuple(_read_one(field, one) for one in value) if isinstance(value, list) else UNREADABLE
    return _read_one(field, value)


def _read_one(field: Field, value: Any) -> Any:
    kind = KINDS[field.kind]
    # What Python takes for a number JSON does not.
    if not isinstance(value, kind.takes) or (isinstance(value, bool) and bool not in kind.takes):
        return UNREADABLE
    if field.fields and field.kind != "file":
        return read(field.fields, value)
    return kind.read(value)


def written(fields: Iterable[Field], values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as a document, from which `read` has the same again."""
    known = {one.name: one for one in fields}
    return {name: _written(known[name], value) for name, value in values.items() if value is not None}


def _written(field: Field, value: Any) -> Any:
    if field.keyed:
        return {key: plain(field, one) for key, one in value.items()}
    return [plain(field, one) for one in value] if field.many else plain(field, value)


def text(fields: Iterable[Field], values: Mapping[str, Any]) -> str:
    """The same as canonical text."""
    return codec.encode(written(fields, values))
