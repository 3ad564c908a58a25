"""Settings laid out as rows, for the documentation and for `linli config show`."""

from collections.abc import Iterable, Iterator
from typing import Any

import attrs

from linli._base.i18n import say, translate
from linli._config.kinds import bare, in_toml, innermost, is_list, is_record, key, words
from linli._config.settings import Setting, settings_of

_HIDDEN = say("(not shown)")


@attrs.frozen(kw_only=True)
class Row:
    """One setting, said to a person; sentences are in the reader's language.

    Attributes:
        path: where it stands: "dispatch.hours", of list items "dispatch.services[].hours", of
            tables with names of one's choice "points.rates.*.yearly".
        type: what may be written there.
        default: what holds where the file is silent, as TOML; empty where there is no default.
        required: whether the file must have it.
        unit: what the number counts; empty where it counts nothing.
        help: one line of explanation.
        value: what holds now, as TOML; empty where no record was given.
    """

    path: str
    type: str
    default: str
    required: bool
    unit: str
    help: str
    value: str


def explain(cls: type[Any], prefix: str, record: object = None) -> Iterable[Row]:
    """A row for each setting of `cls`, those of nested classes included, in order of declaration.

    `prefix` is the path of the table; with a `record` of `cls`, the rows say what holds now.
    A setting that is secret shows neither its default nor its value.
    """
    return list(_rows(cls, prefix, None, record, ()))


def _rows(
    cls: type[Any], prefix: str, usual: object, record: object, above: tuple[Any, ...]
) -> Iterator[Row]:
    for one in settings_of(cls):
        path = f"{prefix}.{key(one.name)}" if prefix else key(one.name)
        default = getattr(usual, one.attribute.name, one.default)
        value = getattr(record, one.attribute.name, None)
        if not is_record(bare(one.kind)):
            yield _row(one, path, default, value)
            default = value = None
        inner = innermost(one.kind)
        if is_record(inner) and inner not in (cls, *above):
            yield from _rows(inner, path + _items(one.kind), default, value, (cls, *above))


def _items(kind: Any) -> str:
    kind = bare(kind)
    if is_record(kind):
        return ""
    return "[]" if is_list(kind) else ".*"


def _row(one: Setting, path: str, default: object, value: object) -> Row:
    return Row(
        path=path,
        type=str(words(one.kind)),
        default=_shown(one, default),
        required=one.required,
        unit=translate(one.unit),
        help=translate(one.help),
        value=_shown(one, value),
    )


def _shown(one: Setting, value: object) -> str:
    if value is None:
        return ""
    return str(_HIDDEN) if one.secret else in_toml(value)
