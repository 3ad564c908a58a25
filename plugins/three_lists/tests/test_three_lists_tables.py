"""The plugin's own tables: made by revisions, the same as declared."""

from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.engine import make_url

from linli._hooks.plugins import Plugins
from linli._schema import migrate
from linli._schema.revising import revised
from linli._schema.sources import sources
from linli._store.store import Store
from linli_three_lists.tables import TABLES

PLUGINS = Plugins(("three_lists",))


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    server, name = str(request.getfixturevalue("postgres_url")), f"empty_{uuid4().hex}"
    with create_engine(server, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def test_the_revisions_make_the_tables_as_declared_and_take_them_away_again(empty: str) -> None:
    store = Store(empty)
    try:
        migrate.upgrade(store, PLUGINS)
        there = inspect(store.engine)
        for table in TABLES.sorted_tables:
            assert {one["name"] for one in there.get_columns(table.name)} == {
                one.name for one in table.columns
            }
            assert {one["name"] for one in there.get_indexes(table.name)} == {
                one.name for one in table.indexes
            }
            assert [one["options"] for one in there.get_foreign_keys(table.name)] == [
                {"ondelete": "CASCADE"} for _ in table.foreign_key_constraints
            ]
        migrate.remove(store, PLUGINS, "three_lists")
        assert not set(TABLES.tables) & set(inspect(store.engine).get_table_names())
    finally:
        store.close()


def test_no_revision_is_missing() -> None:
    found = next(one for one in sources(PLUGINS.declarations) if one.name == "three_lists")
    assert revised(found, "missing") is None
