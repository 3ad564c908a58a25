"""JSON Schema of settings, so that editors complete and check a district's file."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import msgspec

from linli._base.i18n import say, translate
from linli._config.kinds import bare, choices, innermost, is_choice, is_list, is_table, item, written
from linli._config.scalars import SCALARS
from linli._config.settings import Setting, measure, settings_of

_Schema = dict[str, Any]
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema(cls: type[Any], title: str = "") -> _Schema:
    """JSON Schema (draft 2020-12) of the table of a settings class, in the reader's language.

    Titled `title`, else with the class's name. Nested classes are under $defs, by module and
    name. It says what JSON Schema can: where it is silent (bounds of lengths of time and dates,
    validators of the class), `load` still checks.
    """
    defs: _Schema = {}
    return _finished(_record(cls, defs), title or cls.__name__, defs)


def document_schema(sections: Mapping[str, type[Any]], title: str) -> _Schema:
    """JSON Schema of the document that `load_document` reads with the same `sections`."""
    defs: _Schema = {}
    required = [name for name, cls in sections.items() if any(one.required for one in settings_of(cls))]
    properties = {name: _reference(cls, defs) for name, cls in sections.items()}
    return _finished(_table(properties, required), title, defs)


def _finished(table: _Schema, title: str, defs: _Schema) -> _Schema:
    return {"$schema": _DIALECT, "title": title, **table} | ({"$defs": defs} if defs else {})


def _table(properties: _Schema, required: list[str]) -> _Schema:
    table = {"type": "object", "properties": properties, "additionalProperties": False}
    return table | ({"required": required} if required else {})


def _record(cls: type[Any], defs: _Schema) -> _Schema:
    settings = settings_of(cls)
    required = [one.name for one in settings if one.required]
    return _table({one.name: _setting(one, defs) for one in settings}, required)


def _reference(cls: type[Any], defs: _Schema) -> _Schema:
    name = f"{cls.__module__}.{cls.__qualname__}".replace("<locals>.", "")
    if name not in defs:
        defs[name] = {}  # A class that contains itself refers to what is still being written.
        defs[name] |= _record(cls, defs)
    return {"$ref": f"#/$defs/{name}"}


def _setting(one: Setting, defs: _Schema) -> _Schema:
    described = _kind(one.kind, one, defs) | {"description": _description(one)}
    if one.required or one.default is None or one.secret:
        return described
    return described | {"default": _json(one.default)}


def _description(one: Setting) -> str:
    said = [translate(one.help)]
    if one.unit:
        said.append(str(say("unit: {unit}", unit=translate(one.unit))))
    if one.least is not None:
        said.append(str(say("at least {bound}", bound=measure(one.least, one.unit))))
    if one.most is not None:
        said.append(str(say("at most {bound}", bound=measure(one.most, one.unit))))
    return "; ".join(said)


def _kind(kind: Any, one: Setting, defs: _Schema) -> _Schema:
    kind = bare(kind)
    if is_list(kind):
        few = {"minItems": 1} if one.filled else {}
        once = {"uniqueItems": True} if one.each_once is True else {}
        return {"type": "array", "items": _kind(item(kind), one, defs)} | few | once
    if is_table(kind):
        return {"type": "object", "additionalProperties": _kind(item(kind), one, defs)}
    if is_choice(kind):
        return {"enum": list(choices(kind))}
    if kind in SCALARS:
        return dict(SCALARS[kind].schema) | _bounds(one)
    return _reference(kind, defs)


def _bounds(one: Setting) -> _Schema:
    if one.longest is not None:
        return {"minLength": 1, "maxLength": one.longest}
    if innermost(one.kind) not in (int, float, Decimal):
        return {}
    bounds = {"minimum": one.least, "maximum": one.most}
    return {name: _json(bound) for name, bound in bounds.items() if bound is not None}


def _json(value: object) -> Any:
    # By way of its text: a Decimal becomes a number, a date its ISO form.
    encoder = msgspec.json.Encoder(decimal_format="number")
    return msgspec.json.decode(encoder.encode(written(value, secrets=False)))
