"""The tables: made by revisions, the same as declared, by one process at a time."""

import ast
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Column, Connection, Integer, MetaData, String, Table, create_engine, inspect, text
from sqlalchemy.engine import make_url

from linli._base.errors import LinliError, PluginError, Refused, StoreError
from linli._district.district import District, open_district
from linli._hooks.plugin import Plugin
from linli._hooks.plugins import Plugins
from linli._schema import migrate
from linli._schema.revising import revised
from linli._schema.sources import sources
from linli._store import tables as t
from linli._store.columns import Moment, district, key
from linli._store.store import Store
from linli.testing import make_district, write_district


def _new_database(server: str) -> str:
    """The address of an empty database on a PostgreSQL server."""
    name = f"empty_{uuid4().hex}"
    with create_engine(server, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    return make_url(server).set(database=name).render_as_string(hide_password=False)


NewStore = Callable[[], Store]
ROOT = Path(__file__).resolve().parents[1]
CORE_ONLY = Plugins(())


@pytest.fixture
def new_store(request: pytest.FixtureRequest, kind: str, tmp_path: Path) -> Iterator[NewStore]:
    """Make empty databases of each kind."""
    opened: list[Store] = []

    def make() -> Store:
        if kind == "sqlite":
            url = f"sqlite:///{tmp_path / uuid4().hex}.db"
        else:
            url = _new_database(str(request.getfixturevalue("postgres_url")))
        opened.append(Store(url))
        return opened[-1]

    yield make
    for store in opened:
        store.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    """Each kind of database in turn."""
    return str(request.param)


# --- the core's own --------------------------------------------------------------------------------


def _shape(connection: Connection) -> list[tuple[Any, ...]]:
    """Everything that the database itself says of its tables, but for who made them."""
    if connection.dialect.name == "sqlite":
        query = (
            "SELECT name, sql FROM sqlite_master WHERE name NOT LIKE '%alembic%' AND name != 'sqlite_stat1'"
        )
        rows = [(name, frozenset(_parts(sql or ""))) for name, sql in connection.execute(text(query))]
        return sorted(rows, key=lambda row: row[0])
    found: list[tuple[Any, ...]] = []
    for query in (
        "SELECT 'c', table_name, column_name, data_type, character_maximum_length, is_nullable, column_default "
        "FROM information_schema.columns WHERE table_schema = 'public'",
        "SELECT 'k', conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE connamespace = 'public'::regnamespace",
        "SELECT 'i', tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    ):
        found += [tuple(map(str, row)) for row in connection.execute(text(query))]
    return sorted(row for row in found if "alembic" not in row[1])


def _parts(sql: str) -> Iterator[str]:
    """The parts of a CREATE statement, whose order says nothing: columns added later stand after constraints."""
    depth, part = 0, ""
    for sign in " ".join(sql.replace('"', "").split()):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if (sign == "," and depth == 1) or (sign in "()" and depth == (sign == "(")):
            yield part.strip()
            part = ""
        else:
            part += sign
    yield part.strip()


def test_the_revisions_make_exactly_the_tables_that_are_declared(new_store: NewStore) -> None:
    upgraded, declared = new_store(), new_store()
    migrate.upgrade(upgraded, CORE_ONLY)
    t.metadata.create_all(declared.engine)
    with upgraded.engine.connect() as one, declared.engine.connect() as other:
        assert _shape(one) == _shape(other)
        assert len(_shape(one)) > 20
        context = MigrationContext.configure(one, opts={"compare_type": True})
        assert compare_metadata(context, t.metadata) == []


def test_making_the_tables_at_once_for_tests_comes_to_the_same(new_store: NewStore) -> None:
    upgraded, at_once = new_store(), new_store()
    migrate.upgrade(upgraded, CORE_ONLY)
    migrate.make_at_once(at_once, CORE_ONLY)
    with upgraded.engine.connect() as one, at_once.engine.connect() as other:
        assert _shape(one) == _shape(other)
    assert migrate.status(upgraded, CORE_ONLY) == migrate.status(at_once, CORE_ONLY)


def test_the_newest_revision_is_known_from_the_files_alone() -> None:
    from alembic.script import ScriptDirectory

    (core,) = sources({})
    script = ScriptDirectory(str(core.folder), version_locations=[str(core.folder)])
    assert core.head == script.get_current_head()
    assert set(core.revisions) == {revision.revision for revision in script.walk_revisions()}


def _revisions() -> list[Path]:
    """Every revision that is written, the core's, the plugins' and the tutorial's."""
    found = [path for path in ROOT.rglob("migrations/*.py") if ".venv" not in path.parts]
    return sorted(path for path in found if path.name[0].isdigit())


def _imported(path: Path) -> set[str]:
    """The packages that a module imports, anywhere in it."""
    nodes = [*ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "." for node in nodes if isinstance(node, ast.ImportFrom)}
    return {name.partition(".")[0] for name in names}


def test_a_revision_imports_nothing_that_may_get_another_name() -> None:
    """It is run by versions of linli that are not written yet."""
    assert len(_revisions()) >= 15
    allowed = sys.stdlib_module_names - {"importlib"} | {"sqlalchemy", "alembic"}
    strange = {path.name: more for path in _revisions() if (more := _imported(path) - allowed)}
    assert strange == {}


def test_upgrading_again_changes_nothing(new_store: NewStore) -> None:
    store = new_store()
    assert [one.source for one in migrate.upgrade(store, CORE_ONLY)] == ["core"]
    assert migrate.upgrade(store, CORE_ONLY) == []
    assert [one.problem for one in migrate.status(store, CORE_ONLY)] == [None]


_UPGRADING = """
import sys
from linli._hooks.plugins import Plugins
from linli._schema import migrate
from linli._store.store import Store
store = Store(sys.argv[1])
print(len(migrate.upgrade(store, Plugins(()))))
"""


def test_of_many_processes_that_upgrade_at_once_one_does_it(new_store: NewStore) -> None:
    url = new_store().engine.url.render_as_string(hide_password=False)

    def one(_: int) -> str:
        done = subprocess.run(
            [sys.executable, "-c", _UPGRADING, url], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(one, range(4))) == ["0", "0", "0", "1"]


# --- opening ---------------------------------------------------------------------------------------


def test_a_database_without_tables_on_a_server_is_one_clear_line(postgres_url: str, tmp_path: Path) -> None:
    folder = write_district(tmp_path, url=_new_database(postgres_url))
    with pytest.raises(StoreError, match=r"^the database has no tables yet; run: linli db upgrade$"):
        open_district(folder)


@pytest.mark.parametrize(
    ("revision", "line"),
    [
        ("0000", r"database is newer than this installation: core is at revision 0000"),
        (None, r"no tables yet; run: linli db upgrade"),
    ],
)
def test_tables_of_another_version_are_one_clear_line(
    tmp_path: Path, revision: str | None, line: str
) -> None:
    make_district(tmp_path).close()
    with sqlite3.connect(tmp_path / "linli.db") as connection:
        connection.execute("DELETE FROM alembic_version")
        if revision:
            connection.execute("INSERT INTO alembic_version VALUES (?)", (revision,))
    with pytest.raises(StoreError, match=line) as caught:
        open_district(tmp_path)
    assert "\n" not in str(caught.value)


# --- plugins ---------------------------------------------------------------------------------------


_GIFT = MetaData()
Table("gift", _GIFT, district(), key("id", primary_key=True), Column("name", String(80), nullable=False))

_FIRST = """
import sqlalchemy as sa
from alembic import op
revision, down_revision = "0001", None
def upgrade():
    op.create_table("gift", sa.Column("district", sa.String(64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False), sa.Column("name", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("district", "id"))
def downgrade():
    op.drop_table("gift")
"""
_SECOND = """
import sqlalchemy as sa
from alembic import op
revision, down_revision = "0002", "0001"
def upgrade():
    {upgrade}
def downgrade():
    with op.batch_alter_table("gift") as batch:
        batch.drop_column("price")
"""
_PRICE = 'op.add_column("gift", sa.Column("price", sa.Integer(), server_default="1", nullable=False))'


def _plugin(name: str, tables: MetaData, package: str | None, after: str | None = "core:0001") -> Any:
    PLUGIN = Plugin(name=name, tables=tables, migrations=package, migrates_after=after)

    return SimpleNamespace(PLUGIN=PLUGIN)


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package of revisions of its own, with the first one."""
    name = f"gifts_{uuid4().hex[:8]}"
    folder = tmp_path / "code" / name
    folder.mkdir(parents=True)
    monkeypatch.syspath_prepend(str(folder.parent))
    (folder / "0001_gifts.py").write_text(_FIRST, encoding="utf-8")
    return folder


def test_a_plugin_has_a_version_table_of_its_own_and_moves_alone(new_store: NewStore, package: Path) -> None:
    store = new_store()
    plugins = Plugins((), {"gift": _plugin("gift", _GIFT, package.name)})
    assert [one.source for one in migrate.upgrade(store, plugins)] == ["core", "gift"]
    (package / "0002_price.py").write_text(_SECOND.format(upgrade=_PRICE), encoding="utf-8")
    core, bank = migrate.status(store, plugins)
    assert core.problem is None
    assert (bank.at, bank.head) == ("0001", "0002")
    assert (
        str(bank.problem) == "the tables of gift are at revision 0001, 0002 is needed; run: linli db upgrade"
    )
    assert [one.source for one in migrate.upgrade(store, plugins)] == ["gift"]
    names = inspect(store.engine).get_table_names()
    assert {"alembic_version", "alembic_version_gift"} <= set(names)


def test_removing_a_plugin_takes_its_tables_and_nothing_else(new_store: NewStore, package: Path) -> None:
    store = new_store()
    (package / "0002_price.py").write_text(_SECOND.format(upgrade=_PRICE), encoding="utf-8")
    plugins = Plugins((), {"gift": _plugin("gift", _GIFT, package.name)})
    migrate.upgrade(store, CORE_ONLY)
    with store.engine.connect() as connection:
        before = _shape(connection)
    migrate.upgrade(store, plugins)
    migrate.remove(store, plugins, "gift")
    with store.engine.connect() as connection:
        assert _shape(connection) == before
    assert "alembic_version_gift" not in inspect(store.engine).get_table_names()
    with pytest.raises(Refused, match="no enabled plugin"):
        migrate.remove(store, plugins, "core")


def test_a_revision_that_fails_undoes_the_whole_upgrade(new_store: NewStore, package: Path) -> None:
    store = new_store()
    broken = _SECOND.format(upgrade=f"{_PRICE}\n    raise ValueError('no price')")
    (package / "0002_price.py").write_text(broken, encoding="utf-8")
    plugins = Plugins((), {"gift": _plugin("gift", _GIFT, package.name)})
    with pytest.raises(StoreError, match=r"tables of gift cannot be changed \(ValueError: no price\)"):
        migrate.upgrade(store, plugins)
    assert inspect(store.engine).get_table_names() == []


def test_on_sqlite_a_changed_table_keeps_the_rows_that_point_to_it(tmp_path: Path, package: Path) -> None:
    batch = 'with op.batch_alter_table("gift", recreate="always") as b:\n        b.add_column(sa.Column("price", sa.Integer()))'
    (package / "0002_price.py").write_text(_SECOND.format(upgrade=batch), encoding="utf-8")
    store = Store(f"sqlite:///{tmp_path}/x.db")
    plugins = Plugins((), {"gift": _plugin("gift", _GIFT, package.name)})
    (later := package / "0002_price.py").rename(tmp_path / "later.py")
    migrate.upgrade(store, plugins)
    with store.engine.connect() as connection:
        connection.exec_driver_sql("INSERT INTO gift VALUES ('d', 'a', 'bag')")
        connection.exec_driver_sql(
            "CREATE TABLE wish (district TEXT, gift TEXT, "
            "FOREIGN KEY (district, gift) REFERENCES gift (district, id) ON DELETE CASCADE)"
        )
        connection.exec_driver_sql("INSERT INTO wish VALUES ('d', 'a')")
    (tmp_path / "later.py").rename(later)
    migrate.upgrade(store, plugins)
    with store.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM wish").scalar() == 1
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_on_sqlite_a_revision_that_leaves_rows_pointing_nowhere_is_undone(
    tmp_path: Path, package: Path
) -> None:
    store = Store(f"sqlite:///{tmp_path}/x.db")
    plugins = Plugins((), {"gift": _plugin("gift", _GIFT, package.name)})
    migrate.upgrade(store, plugins)
    with store.engine.connect() as connection:
        connection.exec_driver_sql("INSERT INTO gift VALUES ('d', 'a', 'bag')")
        connection.exec_driver_sql(
            "CREATE TABLE wish (district TEXT, gift TEXT, "
            "FOREIGN KEY (district, gift) REFERENCES gift (district, id))"
        )
        connection.exec_driver_sql("INSERT INTO wish VALUES ('d', 'a')")
    (package / "0002_price.py").write_text(
        _SECOND.format(upgrade='op.execute("DELETE FROM gift")'), encoding="utf-8"
    )
    with pytest.raises(StoreError, match=r"wish -> gift"):
        migrate.upgrade(store, plugins)
    with store.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM gift").scalar() == 1


def test_tables_without_revisions_are_made_as_declared(
    new_district: Callable[..., District], tmp_path: Path
) -> None:
    opened = new_district(plugins={"gift": _plugin("gift", _GIFT, None)})
    assert "gift" in inspect(opened.store.engine).get_table_names()


def test_plugins_come_after_what_they_build_on_whatever_the_districts_order(package: Path) -> None:
    bank, wishes = _plugin("gift", _GIFT, package.name), _plugin("wishes", MetaData(), None, "gift:0001")
    declarations = Plugins((), {"wishes": wishes, "gift": bank}).declarations
    assert [source.name for source in sources(declarations)] == ["core", "gift", "wishes"]


@pytest.mark.parametrize(
    ("after", "line"),
    [
        ("gift:0009", r"builds on revision 0009 of gift, which has: 0001"),
        ("snow:0001", r"builds on the tables of snow, which is not enabled"),
        ("wishes:0001", r"in a circle: wishes -> wishes"),
        ("core", r"write it as SOURCE:REVISION"),
    ],
)
def test_what_a_plugin_cannot_build_on_is_said(package: Path, after: str, line: str) -> None:
    (package.parent / "wishes_revisions").mkdir()
    (package.parent / "wishes_revisions" / "0001_x.py").write_text("")
    bank = _plugin("gift", _GIFT, package.name)
    wishes = _plugin("wishes", MetaData(), "wishes_revisions", after)
    with pytest.raises(PluginError, match=line):
        sources(Plugins((), {"gift": bank, "wishes": wishes}).declarations)


def test_a_plugin_that_others_build_on_is_not_removed_before_them(tmp_path: Path, package: Path) -> None:
    bank, wishes = _plugin("gift", _GIFT, package.name), _plugin("wishes", MetaData(), None, "gift:0001")
    plugins = Plugins((), {"gift": bank, "wishes": wishes})
    store = Store(f"sqlite:///{tmp_path}/x.db")
    migrate.upgrade(store, plugins)
    with pytest.raises(Refused, match="wishes build on the tables of gift"):
        migrate.remove(store, plugins, "gift")


def test_a_package_of_revisions_that_is_not_there_names_the_plugin() -> None:
    with pytest.raises(PluginError, match=r"plugin 'gift': there is no package nowhere\.at_all"):
        sources(Plugins((), {"gift": _plugin("gift", _GIFT, "nowhere.at_all")}).declarations)


def test_revisions_that_do_not_sort_in_their_order_are_refused(tmp_path: Path, package: Path) -> None:
    (package / "0000_price.py").write_text(
        _SECOND.format(upgrade=_PRICE).replace('"0002"', '"0000"'), encoding="utf-8"
    )
    plugins = Plugins((), {"gift": _plugin("gift", _GIFT, package.name)})
    with pytest.raises(LinliError, match="revisions of gift do not sort in their order"):
        migrate.upgrade(Store(f"sqlite:///{tmp_path}/x.db"), plugins)


# --- writing revisions -----------------------------------------------------------------------------


def test_a_revision_is_written_from_what_differs_and_brings_the_database_there(
    new_store: NewStore, package: Path
) -> None:
    store = new_store()
    changed = MetaData()
    Table(
        "gift",
        changed,
        district(),
        key("id", primary_key=True),
        Column("name", String(80), nullable=False),
        Column("price", Integer),
        Column("offered_at", Moment()),
    )
    plugins = Plugins((), {"gift": _plugin("gift", changed, package.name)})
    migrate.upgrade(store, plugins)
    bank = sources(plugins.declarations)[1]
    file = revised(bank, "price of a gift")
    assert file is not None
    assert file.name == "0002_price_of_a_gift.py"
    assert _imported(file) == {"sqlalchemy", "alembic"}
    assert revised(bank, "nothing") is None
    migrate.upgrade(store, plugins)
    assert "price" in {column["name"] for column in inspect(store.engine).get_columns("gift")}
    migrate.remove(store, plugins, "gift")
    assert "gift" not in inspect(store.engine).get_table_names()
