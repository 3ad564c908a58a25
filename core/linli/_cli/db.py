"""`linli db`: create and upgrade the tables."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from linli._base.i18n import say, translate
from linli._cli.shared import json_option, table
from linli._district.opening import configured, make_database, store_of
from linli._hooks.plugins import Plugins
from linli._schema import migrate
from linli._store import made
from linli._store.store import Store


@click.group(
    help=f"""{translate("create and upgrade the tables")}

\b
linli db upgrade
linli db status
"""
)
def db() -> None:
    pass


@contextmanager
def _opened() -> Iterator[tuple[Store, Plugins]]:
    """The database and the plugins, without asking whether they fit."""
    configuration = configured(Path(click.get_current_context().find_root().obj["path"]))
    store = store_of(configuration)
    made.require(store, configuration.folder)
    try:
        yield store, configuration.plugins
    finally:
        store.close()


@db.command(
    help=translate("bring the tables of linli and of the enabled plugins to this installation's version")
)
def upgrade() -> None:
    configuration = configured(Path(click.get_current_context().find_root().obj["path"]))
    known = made.read(configuration.folder)
    changed = make_database(configuration)
    if known and made.read(configuration.folder) is None:
        click.echo(
            str(
                say(
                    "there was no database, though one was begun on {day}: an empty one was made",
                    day=known.begun.date(),
                )
            ),
            err=True,
        )
    for one in changed:
        click.echo(f"{one.source}: {one.at or '-'} -> {one.head or translate('as declared')}")
    if not changed:
        click.echo(str(say("the tables are current; nothing was changed")))


@db.command(help=translate("show which versions the tables have"))
@json_option
def status(as_json: bool) -> None:
    with _opened() as (store, plugins):
        found = migrate.status(store, plugins)
    rows = [(one.source, one.at, one.head, str(one.problem) if one.problem else None) for one in found]
    table(["tables of", "revision", "newest", "problem"], rows, as_json)
