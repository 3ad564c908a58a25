"""Making and changing the tables: all sources in their order, in one transaction, by one process at a time."""

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import attrs
from sqlalchemy import Connection, column, insert, inspect, select, table, text

from linli._base.errors import LinliError, PluginError, Refused, StoreError
from linli._base.i18n import Several, Text, listed, say
from linli._base.refusals import NotFoundHere, Refusal
from linli._schema.planning import tell_sqlite
from linli._schema.sources import CORE, Source, sources
from linli._store.failures import Contended, translated
from linli._store.store import Store, single_use

if TYPE_CHECKING:
    from alembic.script import ScriptDirectory

    from linli._hooks.plugins import Plugins

# Any number will do, so long as nobody else locks it: "linli" in ASCII.
_LOCK = 0x6C696E6C69
# Alembic keeps the running migration in a global.
_one_at_a_time = threading.Lock()


@attrs.frozen(kw_only=True)
class Standing:
    """What a database has of a source's tables.

    Attributes:
        at: its revision; None: none.
        head: the newest that this installation knows; None: the source has no revisions.
        problem: what is wrong, None where it is current.
    """

    source: str
    at: str | None
    head: str | None
    problem: Text | None = None


def status(store: Store, plugins: "Plugins") -> list[Standing]:
    """What the database has, source by source, in their order."""
    with store.reading() as connection:
        return _standings(connection, sources(plugins.declarations))


def require_current(store: Store, plugins: "Plugins") -> None:
    """StoreError with one line where the tables are not those of this installation."""
    for standing in status(store, plugins):
        if standing.problem:
            raise StoreError(standing.problem)


def upgrade(store: Store, plugins: "Plugins") -> list[Standing]:
    """Bring every source to its newest revision: all of them or, on a failure, none.

    Returns: the sources that changed, with the revision that they had.
    """
    ordered = sources(plugins.declarations)
    with _exclusive(store) as connection:
        before = _standings(connection, ordered)
        for source, standing in zip(ordered, before, strict=True):
            if standing.problem:
                _upgrade(connection, source)
    return [standing for standing in before if standing.problem]


class NoTablesOfItsOwn(NotFoundHere, says="{name} is no enabled plugin with tables of its own"):
    name: str


class OthersBuildOnIt(Refusal, says="{builders} build on the tables of {name}; remove them first"):
    builders: Several
    name: str


def remove(store: Store, plugins: "Plugins", name: str) -> None:
    """Drop a plugin's tables with everything in them, for every district of the database.

    Raises: Refused where it is the core or another enabled plugin builds on it.
    """
    ordered = sources(plugins.declarations)
    found = next((source for source in ordered if source.name == name), None)
    if found is None or name == CORE:
        raise Refused(NoTablesOfItsOwn(name=name))
    builders = [source.name for source in ordered if source.after and source.after[0] == name]
    if builders:
        raise Refused(OthersBuildOnIt(name=name, builders=listed(builders)))
    with _exclusive(store) as connection:
        _remove(connection, found)


def make_at_once(store: Store, plugins: "Plugins") -> None:
    """What `upgrade` comes to, without running revisions: for tests, which make many databases."""
    with _exclusive(store) as connection:
        for source, standing in _with_problem(connection, sources(plugins.declarations)):
            if standing.at is None:
                source.tables.create_all(connection)
                _stamp(connection, source)
            else:
                _upgrade(connection, source)


# --- what is there ---------------------------------------------------------------------------------


def _standings(connection: Connection, ordered: Iterable[Source]) -> list[Standing]:
    there = set(inspect(connection).get_table_names())
    return [_standing(connection, source, there) for source in ordered]


def _with_problem(connection: Connection, ordered: list[Source]) -> list[tuple[Source, Standing]]:
    found = _standings(connection, ordered)
    return [(source, standing) for source, standing in zip(ordered, found, strict=True) if standing.problem]


def _standing(connection: Connection, source: Source, there: set[str]) -> Standing:
    if source.folder is None:
        lacking = set(source.tables.tables) - there
        problem = say("the tables of {name} are missing; run: linli db upgrade", name=source.name)
        behind = None if lacking else _behind(connection, source)
        return Standing(source=source.name, at=None, head=None, problem=problem if lacking else behind)
    at = _revision(connection, source) if source.version_table in there else None
    return Standing(source=source.name, at=at, head=source.head, problem=_problem(source, at))


def _behind(connection: Connection, source: Source) -> Text | None:
    """What was declared after the tables were made: without revisions, nothing brings a database there."""
    for name, declared in source.tables.tables.items():
        known = {one["name"] for one in inspect(connection).get_columns(name)}
        lacking = [one.name for one in declared.columns if one.name not in known]
        if lacking:
            return say(
                "table {table} of {name} lacks {columns}, and {name} has no revisions that could add it; write them:"
                " python -m linli._schema.revising {name}",
                table=name,
                name=source.name,
                columns=listed(lacking),
            )
    return None


def _revision(connection: Connection, source: Source) -> str | None:
    return connection.scalar(select(column("version_num")).select_from(table(source.version_table)))


def _problem(source: Source, at: str | None) -> Text | None:
    if at == source.head:
        return None
    if at is None and source.name == CORE:
        return say("the database has no tables yet; run: linli db upgrade")
    if at is None:
        return say("the tables of {name} are missing; run: linli db upgrade", name=source.name)
    if at not in source.revisions:
        return say(
            "the database is newer than this installation: {name} is at revision {at}, known are up to {head}; "
            "install the newer version",
            name=source.name,
            at=at,
            head=source.head,
        )
    return say(
        "the tables of {name} are at revision {at}, {head} is needed; run: linli db upgrade",
        name=source.name,
        at=at,
        head=source.head,
    )


# --- changing it -----------------------------------------------------------------------------------


@contextmanager
def _exclusive(store: Store) -> Iterator[Connection]:
    """A transaction that no other process upgrades beside; whoever comes second waits, then finds it done."""
    kind = _on_sqlite if store.name == "sqlite" else _on_postgres
    with _one_at_a_time, translated(), kind(store) as connection:
        yield connection


@contextmanager
def _on_postgres(store: Store) -> Iterator[Connection]:
    # A connection of its own: those of the store give up a transaction after ten minutes.
    engine = single_use(store.engine.url.render_as_string(hide_password=False))
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        yield connection


@contextmanager
def _on_sqlite(store: Store) -> Iterator[Connection]:
    if store.file is not None and not store.file.exists():
        # What SQLite writes beside it has the same permissions.
        os.close(os.open(store.file, os.O_CREAT | os.O_WRONLY, 0o600))
    with store.engine.connect() as connection:
        run = connection.exec_driver_sql
        # While they are on, changing a table drops it and cascades into the tables that point to it.
        run("PRAGMA foreign_keys=OFF")
        try:
            run("BEGIN IMMEDIATE")
            try:
                yield connection
                _refuse_dangling(connection)
                tell_sqlite(connection)
            except BaseException:
                run("ROLLBACK")
                raise
            run("COMMIT")
        finally:
            run("PRAGMA foreign_keys=ON")


def _refuse_dangling(connection: Connection) -> None:
    rows = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if rows:
        names = listed(sorted({f"{row[0]} -> {row[2]}" for row in rows}))
        raise StoreError(
            say(
                "after the upgrade rows would point to rows that are not there ({names}); nothing was changed; "
                "tell the author of the plugin whose tables these are",
                names=names,
            )
        )


def _upgrade(connection: Connection, source: Source) -> None:
    if source.folder is None:
        source.tables.create_all(connection)
    else:
        run_revisions(connection, source, lambda script, at: script._upgrade_revs("head", at))


def _remove(connection: Connection, source: Source) -> None:
    if source.folder is None:
        source.tables.drop_all(connection)
        return
    run_revisions(connection, source, lambda script, at: script._downgrade_revs("base", at))
    connection.execute(text(f"DROP TABLE {source.version_table}"))


def run_revisions(
    connection: Connection, source: Source, steps: "Callable[[ScriptDirectory, Any], Any]"
) -> None:
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory

    folder = str(source.folder)
    script = ScriptDirectory(folder, version_locations=[folder])
    try:
        if script.get_current_head() != source.head:
            raise _not_in_order(source)
        fn = lambda at, _context: steps(script, at)  # noqa: E731
        with EnvironmentContext(Config(), script, fn=fn) as environment:
            environment.configure(connection=connection, version_table=source.version_table)
            environment.run_migrations()
    except (LinliError, Contended):
        raise
    except Exception as error:
        raise _failed(source, error) from error


def _not_in_order(source: Source) -> PluginError:
    return PluginError(
        say(
            "the revisions of {name} do not sort in their order; name the files 0001_…, 0002_…, each after the one before it",
            name=source.name,
        )
    )


def _failed(source: Source, error: Exception) -> StoreError:
    return StoreError(
        say(
            "the tables of {name} cannot be changed ({error}); nothing was changed",
            name=source.name,
            error=f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}",
        )
    )


def _stamp(connection: Connection, source: Source) -> None:
    if source.head is None:
        return
    from alembic.runtime.migration import MigrationContext

    context = MigrationContext.configure(connection, opts={"version_table": source.version_table})
    context._ensure_version_table()
    versions = table(source.version_table, column("version_num"))
    connection.execute(insert(versions).values(version_num=source.head))
