"""For tests of plugins: that a district can be opened with one, whatever of it is used first."""

import importlib
import pkgutil
from collections.abc import Mapping
from types import ModuleType

from linli._hooks.plugins import Plugins
from linli._model.looked import Plugin, look_into
from linli._testing.revisions import check_revisions


def check_plugin(plugins: Mapping[str, ModuleType]) -> tuple[str, ...]:
    """Load plugins with every module of their packages, look into their callbacks, and at their tables' revisions.

    Args:
        plugins: modules of entry points by name, as `make_district` takes them.

    Returns: where a name could not be judged: "file:line: name".

    Raises: PluginError where one cannot be loaded; AssertionError where a callback reads a name that is not there, or
        where revisions do not make the tables as declared.

    Example:
        def test_nothing_is_misspelt() -> None:
            check_plugin({"snow": plugin})
    """
    Plugins((), plugins)
    packages = [Plugin(name=name, module=module) for name, module in plugins.items()]
    for one in packages:
        _import_all(one.package)
    found = look_into(packages)
    problems = [f"plugin '{name}': {one}" for name, each in found.items() for one in each.problems]
    assert not problems, "\n".join(problems)
    check_revisions(plugins)
    return tuple(one for each in found.values() for one in each.unjudged)


def _import_all(package: str) -> None:
    """Every module but those of migrations, which alembic runs."""
    waiting = [importlib.import_module(package)]
    while waiting:
        here = waiting.pop()
        for one in pkgutil.iter_modules(getattr(here, "__path__", ()), f"{here.__name__}."):
            if not one.name.endswith(".migrations"):
                waiting.append(importlib.import_module(one.name))
