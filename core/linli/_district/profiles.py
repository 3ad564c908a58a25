"""Profiles: what a new district's folder begins with. A profile is an entry point of `linli.profiles`."""

import os
from collections.abc import Callable
from importlib.metadata import entry_points
from importlib.resources import files
from pathlib import Path

from linli._base.errors import Refused
from linli._base.i18n import Several, listed
from linli._base.refusals import NotFoundHere, Refusal
from linli._district.opening import FILE, configured, make_database
from linli._store.made import MARK
from linli._vault.crypto import Keyring

GROUP = "linli.profiles"
PLAIN = "plain"
KEY_FILE = "vault.key"
Profile = Callable[..., list[Path]]


def plain(folder: Path, *, seed: int = 1, scale: float = 1.0) -> list[Path]:
    """A district without plugins or samples: a file to fill in."""
    text = files("linli").joinpath("plain.toml").read_text(encoding="utf-8")
    (folder / FILE).write_text(text, encoding="utf-8")
    return []


def profiles() -> dict[str, Callable[[], Profile]]:
    """The installed profiles by name, each loaded when it is called."""
    found: dict[str, Callable[[], Profile]] = {PLAIN: lambda: plain}
    return found | {point.name: point.load for point in entry_points(group=GROUP)}


class NoSuchProfile(NotFoundHere, says="there is no profile {name}; installed: {known}"):
    name: str
    known: Several


class HasADistrict(Refusal, says="{folder} has a district already; choose another folder"):
    folder: Path


def new_folder(folder: Path, profile: str, *, seed: int = 1, scale: float = 1.0) -> list[Path]:
    """Make a district's folder: its file, a new key for its vault, the profile's samples, an empty database.

    Returns: the sample files, in the order of importing them.
    Raises: Refused where there is a district already, or no such profile.
    """
    known = profiles()
    if profile not in known:
        raise Refused(NoSuchProfile(name=profile, known=listed(known)))
    if (folder / FILE).exists() or (folder / KEY_FILE).exists():
        raise Refused(HasADistrict(folder=folder))
    folder.mkdir(parents=True, exist_ok=True)
    _write_key(folder / KEY_FILE)
    (folder / ".gitignore").write_text(f"{KEY_FILE}\n*.db\n*.db-*\n{MARK}\n", encoding="utf-8")
    samples = known[profile]()(folder, seed=seed, scale=scale)
    make_database(configured(folder))
    return samples


def _write_key(path: Path) -> None:
    """A key that only its owner can read."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(Keyring.generate() + "\n")
