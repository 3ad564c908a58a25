"""From a district's settings to its database, its keys and its console."""

import re
from getpass import getuser
from pathlib import Path
from typing import Protocol, TypeVar

from sqlalchemy.engine import make_url

from linli._config.district import AccessSettings, StoreSettings, VaultSettings
from linli._store import Store
from linli._vault.crypto import Keyring

FILE = "district.toml"
S = TypeVar("S")


class Sections(Protocol):
    """A district's file, as far as it is read."""

    @property
    def folder(self) -> Path:
        """Where it lies; relative paths in it start there."""
        ...

    def section(self, kind: type[S]) -> S:
        """The settings of this class."""
        ...


def district_file(path: Path) -> Path:
    """The district's file, given it or its folder."""
    return path / FILE if path.is_dir() else path


def store_of(configuration: Sections) -> Store:
    """The district's database."""
    settings = configuration.section(StoreSettings)
    url = make_url(settings.url)
    if url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:"):
        url = url.set(database=str(configuration.folder / url.database))
    if settings.password:
        url = url.set(password=settings.password.reveal(configuration.folder))
    return Store(url.render_as_string(hide_password=False), connections=settings.connections)


def keyring_of(configuration: Sections) -> Keyring:
    """The keys of the district's vault."""
    settings = configuration.section(VaultSettings)
    return Keyring.from_secret(
        settings.key.reveal(configuration.folder), configuration.folder / settings.ages
    )


def console_roles(configuration: Sections) -> frozenset[str]:
    """The roles of whoever works at the command line."""
    return frozenset(configuration.section(AccessSettings).console)


def account() -> str:
    """The name of the machine's account that this process runs under, as far as it can be a word in the journal."""
    try:
        return re.sub(r"[^A-Za-z0-9._-]", "_", getuser())[:40]
    except (OSError, KeyError, ImportError):
        return ""
