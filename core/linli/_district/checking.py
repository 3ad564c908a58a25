"""Everything that is wrong with a district's file and its plugins, whatever is broken, without opening it."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import attrs

from linli._base.errors import ConfigError, LinliError, PluginErrors, Problem
from linli._base.i18n import Text, say
from linli._config import Secret, load_document, read_toml
from linli._config.district import SECTIONS
from linli._district.opening import Configuration, configured, district_file, sections_of
from linli._hooks.plugins import Plugins, Status, survey


@attrs.frozen(kw_only=True)
class Findings:
    """What was found.

    Attributes:
        file: the district's file.
        plugins: every plugin that is installed or enabled.
        problems: everything that is wrong, by its path in the file.
        absent: secrets of plugins that are not where the file says: the rest can be looked at all the same.
    """

    file: Path
    plugins: tuple[Status, ...]
    problems: tuple[Problem, ...]
    absent: tuple[Problem, ...] = ()


def checked(path: Path) -> Findings:
    """Check a district's file and the plugins that it enables."""
    file = district_file(path)
    try:
        table = read_toml(file)
    except ConfigError as error:
        return Findings(file=file, plugins=tuple(survey(())), problems=error.problems)
    enabled = enabled_in(table)
    found = survey(list(dict.fromkeys(enabled)))
    problems = [*_doubled(enabled), *_broken(enabled, found)]
    if problems:
        problems += _of_the_rest(table, found)
        return Findings(file=file, plugins=tuple(found), problems=tuple(problems))
    wrong, absent = _of_all(path)
    return Findings(file=file, plugins=tuple(found), problems=tuple(wrong), absent=tuple(absent))


def enabled_in(table: Mapping[str, object]) -> list[str]:
    """The names under [plugins] enabled, as far as they can be read."""
    plugins = table.get("plugins")
    names = plugins.get("enabled") if isinstance(plugins, Mapping) else None
    return [name for name in names if isinstance(name, str)] if isinstance(names, list) else []


def _doubled(enabled: list[str]) -> list[Problem]:
    return [
        Problem(where=_path(index), what=say("'{name}' is enabled twice; keep one", name=name))
        for index, name in enumerate(enabled)
        if name in enabled[:index]
    ]


def _broken(enabled: list[str], found: list[Status]) -> list[Problem]:
    return [
        Problem(where=_path(enabled.index(one.name)) if one.name in enabled else "", what=Text(one.problem))
        for one in found
        if one.enabled and one.problem
    ]


def _path(index: int) -> str:
    return f"plugins.enabled[{index}]"


def _of_all(path: Path) -> tuple[list[Problem], list[Problem]]:
    """What is wrong with a file whose plugins can all be used, and the secrets that are not there."""
    try:
        configuration = configured(path)
    except ConfigError as error:
        return list(error.problems), []
    except PluginErrors as error:
        return [Problem(where="", what=one) for one in error.problems], []
    except LinliError as error:
        return [Problem(where="", what=error.text)], []
    return [], list(absent_secrets(configuration))


def absent_secrets(configuration: Configuration) -> Iterator[Problem]:
    """Secrets of plugins that are not where the file says; what they are is looked at and forgotten."""
    own = {name: one for name, one in configuration.sections.items() if name not in SECTIONS}
    for section, record in own.items():
        kind: type[Any] = type(record)
        for field in attrs.fields(kind) if attrs.has(kind) else ():
            found = getattr(record, field.name)
            if isinstance(found, Secret):
                try:
                    found.reveal(configuration.folder)
                except LinliError as error:
                    yield Problem(where=f"{section}.{field.name}", what=error.text)


def _of_the_rest(table: Mapping[str, object], found: list[Status]) -> list[Problem]:
    """What is wrong beside the plugins that cannot be used; their own tables cannot be judged."""
    broken = {one.name for one in found if one.problem}
    usable = [one.name for one in found if one.enabled and not one.problem]
    rest = {name: part for name, part in table.items() if name not in broken}
    try:
        load_document(sections_of(Plugins(usable)), rest, "")
    except ConfigError as error:
        return list(error.problems)
    except PluginErrors as error:
        return [Problem(where="", what=one) for one in error.problems]
    except LinliError as error:
        return [Problem(where="", what=error.text)]
    return []
