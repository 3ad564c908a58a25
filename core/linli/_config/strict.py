"""The cattrs converter that structures settings: nothing coerced, nothing overlooked."""

from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

import attrs
from cattrs import (
    AttributeValidationNote,
    BaseValidationError,
    ClassValidationError,
    Converter,
)
from cattrs.cols import homogenous_tuple_structure_factory, mapping_structure_factory

from linli._base.errors import LinliError
from linli._base.i18n import Text, listed, say
from linli._config.kinds import (
    bare,
    choices,
    in_toml,
    is_choice,
    is_list,
    is_optional,
    is_record,
    is_table,
    key,
    words,
)
from linli._config.scalars import SCALARS, mismatch
from linli._config.settings import Setting, out_of_bounds, settings_of

_Hook = Callable[[Any, Any], Any]
# What cattrs and our own hooks raise about a value; what a class's own validators do.
UNREADABLE = (LinliError, BaseValidationError)
_INVALID = (LinliError, ValueError, TypeError)


def strict_converter() -> Converter:
    """A converter for settings classes.

    `structure` raises LinliError, or cattrs's BaseValidationError with LinliError and the
    validators' ValueError and TypeError as leaves, each with a note of its place.
    """
    converter = Converter(detailed_validation=True)
    converter.register_structure_hook_func(is_choice, _single)
    # By type, since hooks by predicate come after cattrs's own for str and int, which coerce.
    for kind in SCALARS:
        converter.register_structure_hook(kind, _single)
    # Asked before cattrs's own, since they are registered later.
    for predicate, factory in (
        (is_record, _record_hook),
        (is_list, _list_hook),
        (is_table, _table_hook),
        (is_optional, _optional_hook),
    ):
        converter.register_structure_hook_factory(predicate, factory)
    return converter


def _single(value: object, kind: Any) -> object:
    # An Enum that is also a str or an int gets here by its type: cattrs looks at base classes.
    return SCALARS[kind].read(value) if kind in SCALARS else _choice(value, kind)


def _choice(value: object, kind: Any) -> object:
    known = choices(kind)
    # Not only `in`: True is 1.
    if type(value) in (str, int) and value in known:
        return known[value]
    near = get_close_matches(str(value), map(str, known), n=1)
    if near:
        raise LinliError(say("must be {kind}; did you mean {near}?", kind=words(kind), near=in_toml(near[0])))
    raise LinliError(say("must be {kind}", kind=words(kind)))


def _optional_hook(kind: Any, converter: Converter) -> _Hook:
    return lambda value, _: converter.structure(value, bare(kind))


def _list_hook(kind: Any, converter: Converter) -> _Hook:
    structure = homogenous_tuple_structure_factory(kind, converter)

    def read(value: object, _: object) -> object:
        # cattrs takes any iterable: "ab" would become ("a", "b").
        if not isinstance(value, list | tuple):
            raise mismatch(words(kind), value)
        return structure(value, kind)

    return read


def _table_hook(kind: Any, converter: Converter) -> _Hook:
    structure = mapping_structure_factory(kind, converter)

    def read(value: object, _: object) -> object:
        if not isinstance(value, Mapping):
            raise mismatch(words(kind), value)
        return structure(value, kind)

    return read


def _record_hook(cls: type[attrs.AttrsInstance], converter: Converter) -> _Hook:
    settings = settings_of(cls)

    def read(table: object, _: object) -> object:
        if not isinstance(table, Mapping):
            raise mismatch(words(cls), table)
        values, faults = _values(settings, table, converter)
        return _build(cls, values, [*_unknown(settings, table), *faults])

    return read


def at(path: str, fault: Exception) -> Exception:
    """`fault` with a note that it is at `path` within the table."""
    fault.add_note(AttributeValidationNote(path, path, None))
    return fault


def unknown(name: str, known: Mapping[str, object]) -> LinliError:
    """A key that nothing has declared; the nearest known one is named."""
    near = get_close_matches(name, known, n=1, cutoff=0.5)
    if near:
        return LinliError(say("is unknown; did you mean {near}?", near=key(near[0])))
    return LinliError(say("is unknown; known here: {known}", known=listed(map(key, known))))


def _unknown(settings: tuple[Setting, ...], table: Mapping[Any, object]) -> Iterator[Exception]:
    known = {one.name: one for one in settings}
    for name in table:
        if name not in known:
            yield at(key(str(name)), unknown(str(name), known))


def _values(
    settings: tuple[Setting, ...], table: Mapping[str, object], converter: Converter
) -> tuple[dict[str, object], list[Exception]]:
    values: dict[str, object] = {}
    faults: list[Exception] = []
    for one in settings:
        try:
            values[one.name] = _value(one, table, converter)
        except UNREADABLE as fault:
            faults.append(at(one.name, fault))
    return values, faults


def _value(one: Setting, table: Mapping[str, object], converter: Converter) -> object:
    if one.name in table:
        return converter.structure(table[one.name], one.kind)
    if one.required:
        raise LinliError(say("is missing; write {kind}: {help}", kind=words(one.kind), help=Text(one.help)))
    return one.default


def _build(cls: Any, values: dict[str, object], faults: list[Exception]) -> object:
    refusal: list[Exception] = []
    if not faults:
        try:
            made = cls(**values)
            contradicting = [
                at(where, LinliError(what)) for where, what in getattr(made, "problems", tuple)()
            ]
            if not contradicting:
                return made
            refusal = contradicting
        except _INVALID as fault:
            refusal = [fault]
    # attrs stops at the first validator that refuses; we want to hear all of them. Where none
    # does by itself, the class refused as a whole.
    invalid = [fault for one in settings_of(cls) for fault in _invalid(one, cls, values)]
    raise ClassValidationError("", [*faults, *invalid] or refusal, cls)


def _invalid(one: Setting, cls: type, values: dict[str, object]) -> Iterator[Exception]:
    if one.name not in values:
        return
    value = values[one.name]
    outside = [at(one.name + path, LinliError(what)) for path, what in out_of_bounds(one, value)]
    yield from outside or _refused(one, _unchecked(cls, values), value)


def _refused(one: Setting, record: object, value: object) -> Iterator[Exception]:
    try:
        if one.attribute.validator:
            one.attribute.validator(record, one.attribute, value)
    except _INVALID as fault:
        yield at(one.name, LinliError(say("is not accepted")) if one.secret else fault)
    except AttributeError:
        # It looks at a neighbour that could not be read, which is reported already.
        return


def _unchecked(cls: Any, values: dict[str, object]) -> object:
    """A record of what could be read, for validators that look at neighbours."""
    record = object.__new__(cls)
    for one in settings_of(cls):
        if one.name in values:
            object.__setattr__(record, one.attribute.name, values[one.name])
    return record
