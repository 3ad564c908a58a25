"""What the type of a setting means: the one place where annotations are taken apart."""

import json
from collections.abc import Mapping
from datetime import date, time, timedelta
from enum import EnumType
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

import attrs

from linli._base.i18n import Text, listed, say
from linli._config.durations import write_duration
from linli._config.scalars import SCALARS


def is_optional(kind: object) -> bool:
    """Whether `kind` is `X | None`."""
    args = get_args(kind)
    return get_origin(kind) in (Union, UnionType) and len(args) == 2 and NoneType in args


def bare(kind: Any) -> Any:
    """`X` of `X | None`. TOML has no null: the None of a setting is written by leaving it out."""
    return next(arg for arg in get_args(kind) if arg is not NoneType) if is_optional(kind) else kind


def choices(kind: object) -> Mapping[object, object]:
    """Of a Literal or an Enum: what is written, and the value that it stands for. Else empty."""
    if isinstance(kind, EnumType):
        return {member.value: member for member in kind}  # type: ignore[var-annotated]
    return {value: value for value in get_args(kind)} if get_origin(kind) is Literal else {}


def is_choice(kind: object) -> bool:
    """Whether `kind` is a Literal or an Enum of texts or whole numbers."""
    written = choices(kind)
    return bool(written) and all(type(value) in (str, int) for value in written)


def is_list(kind: object) -> bool:
    """Whether `kind` is `tuple[X, ...]`."""
    return get_origin(kind) is tuple and get_args(kind)[1:] == (...,)


def is_table(kind: object) -> bool:
    """Whether `kind` is `Mapping[str, X]`."""
    return get_origin(kind) is Mapping and get_args(kind)[0] is str


def item(kind: object) -> Any:
    """`X` of `tuple[X, ...]` or `Mapping[str, X]`; None of anything else."""
    if is_list(kind):
        return get_args(kind)[0]
    return get_args(kind)[1] if is_table(kind) else None


def is_record(kind: object) -> bool:
    """Whether `kind` is a class of settings."""
    return isinstance(kind, type) and attrs.has(kind) and kind not in SCALARS


def is_supported(kind: object) -> bool:
    """Whether a setting may be of this type."""
    kind = bare(kind)
    if item(kind) is not None:
        return is_supported(item(kind))
    return kind in SCALARS or is_choice(kind) or is_record(kind)


def innermost(kind: object) -> Any:
    """The type of the single values in `kind`: Decimal of `Mapping[str, tuple[Decimal, ...]] | None`."""
    kind = bare(kind)
    return kind if item(kind) is None else innermost(item(kind))


def words(kind: Any) -> Text:
    """The type, said to a person."""
    kind = bare(kind)
    if is_list(kind):
        return say("a list; each item: {item}", item=words(item(kind)))
    if is_table(kind):
        return say("a table of names of your choice; each value: {item}", item=words(item(kind)))
    if is_choice(kind):
        return say("one of {choices}", choices=listed(map(in_toml, choices(kind))))
    return SCALARS[kind].words if kind in SCALARS else say("a table")


def in_toml(value: object) -> str:
    """A value of a record as it is written in a district's file, on one line, for showing.

    Settings of nested records that are declared secret are left out.
    """
    return _line(written(value, secrets=False))


def _line(value: Any) -> str:
    match value:
        case str() | bool():
            return json.dumps(value, ensure_ascii=False)
        case list():
            return f"[{', '.join(map(_line, value))}]"
        case dict():
            return f"{{ {', '.join(f'{key(name)} = {_line(part)}' for name, part in value.items())} }}"
        case date() | time():
            return value.isoformat()
        case _:
            return str(value)


def key(name: str) -> str:
    """A key as TOML writes it: in quotes where it has to be."""
    bare_key = name.isascii() and name.replace("-", "").replace("_", "").isalnum()
    return name if bare_key else json.dumps(name, ensure_ascii=False)


def written(value: Any, *, secrets: bool = True) -> Any:
    """A value of a record as plain TOML data, so that `load` gives it back. Nones are left out.

    Without `secrets`, so are the settings of records that are declared secret.
    """
    if isinstance(value, timedelta):
        return write_duration(value)
    if isinstance(type(value), EnumType):
        return value.value
    if attrs.has(type(value)):
        # A setting that is secret is declared with repr=False.
        fields = [field for field in attrs.fields(type(value)) if secrets or field.repr]
        return _table({field.alias: getattr(value, field.name) for field in fields}, secrets)
    if isinstance(value, Mapping):
        return _table(value, secrets)
    return [written(part, secrets=secrets) for part in value] if isinstance(value, tuple | list) else value


def _table(values: Mapping[Any, object], secrets: bool) -> dict[Any, object]:
    return {name: written(value, secrets=secrets) for name, value in values.items() if value is not None}
