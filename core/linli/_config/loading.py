"""From a table of TOML to a record, or to every problem that the table has."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar, cast

from cattrs import AttributeValidationNote, BaseValidationError, IterableValidationNote

from linli._base.errors import ConfigError, LinliError, PluginError, Problem
from linli._base.i18n import Text
from linli._config.kinds import key
from linli._config.strict import UNREADABLE, strict_converter, unknown

_T = TypeVar("_T")
_CONVERTER = strict_converter()


def load(cls: type[_T], table: Mapping[str, object], where: str) -> tuple[_T | None, list[Problem]]:
    """Check and structure `table` into the settings class `cls`.

    Nothing is coerced, except that a whole number may stand for a Decimal or a float. Unknown
    keys are refused. `where` is the table's own path, the start of every problem's.

    Returns: the record and no problems, or None and every problem at once, by path, such as
        "dispatch.services[3].hours"; items are counted from 0.
    Raises: PluginError when `cls` itself is badly declared (see `settings_of`).
    """
    try:
        return _CONVERTER.structure(table, cls), []
    except UNREADABLE as fault:
        return None, list(_problems(fault, where))


def load_document(
    sections: Mapping[str, type[Any]], table: Mapping[str, object], source: str
) -> Mapping[str, object]:
    """Load every section of a document; a section that is absent is loaded as an empty table.

    `sections` are the settings classes by the name of their top-level table; `source` is what
    the document's writer calls it (a file's name).

    Returns: the records by section, in the order of `sections`.
    Raises: ConfigError with the problems of all sections and with the unknown ones.
    """
    strangers = [name for name in table if name not in sections]
    problems = [Problem(where=key(name), what=unknown(name, sections).text) for name in strangers]
    records: dict[str, object] = {}
    for name, cls in sections.items():
        records[name], found = load(cls, cast(Mapping[str, object], table.get(name, {})), key(name))
        problems += found
    if problems:
        raise ConfigError(source, problems)
    return records


def _problems(fault: BaseException, where: str) -> Iterator[Problem]:
    if isinstance(fault, PluginError):
        raise fault
    if isinstance(fault, BaseValidationError):
        for inner in fault.exceptions:
            yield from _problems(inner, _join(where, _step(inner)))
    elif isinstance(fault, LinliError):
        yield Problem(where=where, what=fault.text)
    elif isinstance(fault, ValueError | TypeError):
        # attrs's own validators put the attribute and the value behind the message.
        yield Problem(where=where, what=Text(str(fault.args[0]) if fault.args else type(fault).__name__))
    else:
        raise fault


def _step(fault: BaseException) -> str:
    for note in reversed(getattr(fault, "__notes__", ())):
        if isinstance(note, AttributeValidationNote):
            return note.name
        if isinstance(note, IterableValidationNote):
            return f"[{note.index}]" if isinstance(note.index, int) else key(str(note.index))
    return ""


def _join(where: str, step: str) -> str:
    return f"{where}.{step}" if where and step and not step.startswith("[") else where + step
