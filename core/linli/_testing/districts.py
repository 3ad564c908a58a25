"""For tests of plugins and of linli: a district in a folder, ready to act in."""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from linli._district.district import District, open_district
from linli._district.opening import configured, store_of
from linli._hooks.plugin import Plugin
from linli._model.acts import now
from linli._schema.migrate import make_at_once
from linli._vault.crypto import Keyring

_FILE = """
[district]
code = "{code}"
name = "Test district"
{trial}
[store]
url = "{url}"

[vault]
key = {{ file = "vault.key" }}

[plugins]
enabled = [{enabled}]
"""


def write_district(
    folder: Path,
    *,
    url: str = "sqlite:///linli.db",
    code: str = "",
    enabled: tuple[str, ...] = (),
    more: str = "",
    trial: bool = True,
) -> Path:
    """Write a district's file and vault key into `folder`; every call makes another district.

    Args:
        trial: whether its console may do everything, as tests want it that are not about rights.
        more: further TOML: tables such as "[dispatch]".
    """
    names = ", ".join(f'"{name}"' for name in enabled)
    # A district's code may look like somebody's number: it is in every row, and stops no act.
    code = code or f"t{13 * 10**9 + uuid4().int % 10**9}"
    (folder / "vault.key").touch(mode=0o600)
    (folder / "vault.key").write_text(Keyring.generate(), encoding="utf-8")
    (folder / "district.toml").write_text(
        _FILE.format(code=code, url=url, enabled=names, trial="trial = true\n" if trial else "") + more,
        encoding="utf-8",
    )
    return folder


def plugin_of(name: str, *workflows: type, settings: type | None = None) -> SimpleNamespace:
    """A plugin that brings these workflows and no hooks, for `make_district(plugins={name: ...})`."""

    PLUGIN = Plugin(name=name, settings=settings, workflows=workflows)

    return SimpleNamespace(PLUGIN=PLUGIN)


def make_district(
    folder: Path,
    *,
    url: str = "sqlite:///linli.db",
    enabled: tuple[str, ...] = (),
    more: str = "",
    plugins: Mapping[str, Any] | None = None,
    clock: Callable[[], datetime] = now,
    trial: bool = True,
) -> District:
    """A new, empty district, its tables made."""
    write_district(folder, url=url, enabled=enabled, more=more, trial=trial)
    configuration = configured(folder, plugins)
    store = store_of(configuration)
    make_at_once(store, configuration.plugins)
    store.close()
    return open_district(folder, plugins=plugins, clock=clock)
