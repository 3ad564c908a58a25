"""For authors of tables: write the revision that brings a database to the tables as declared.

    python -m linli._schema.revising bank "price of a gift"
    python -m linli._schema.revising core --afresh

With --afresh all revisions are replaced by one: only before the first release.
"""

from pathlib import Path
from typing import Any, Literal

import click

from linli._base.errors import Refused
from linli._base.i18n import Text, say
from linli._base.refusals import Refusal
from linli._schema.migrate import run_revisions
from linli._schema.sources import CORE, Source, sources
from linli._store.columns import Moment, complete

# The core only ever adds; a plugin's tables can be taken away again.
_DOWNGRADE = """

def downgrade() -> None:
{code}
"""
_FILE = '''"""{words}."""

import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = {before}
branch_labels = None
depends_on = None


def upgrade() -> None:
{upgrade}
{downgrade}'''


class NoMigrations(Refusal, says="{name} names no package of migrations in its declaration"):
    name: str


def revised(source: Source, words: str, *, afresh: bool = False) -> Path | None:
    """Write the next revision of a source; None where its revisions already make the tables as declared."""
    if source.folder is None:
        raise Refused(NoMigrations(name=source.name))
    if afresh:
        for file in source.folder.glob("[0-9]*_*.py"):
            file.unlink()
    before = source.head
    code = _difference(source)
    if code is None:
        return None
    revision = f"{len(source.revisions) + 1:04}"
    slug = "_".join(word for word in words.lower().split() if word.isalnum())
    file = source.folder / f"{revision}_{slug}.py"
    past = repr(before).replace("'", '"')
    file.write_text(
        _FILE.format(words=words.capitalize(), revision=revision, before=past, **code), encoding="utf-8"
    )
    return file


def behind(source: Source) -> Text | None:
    """What is wrong with a source's revisions: that they do not make the tables as declared; None where they do."""
    if source.folder is None:
        return say(
            "its tables have no revisions, so no database gets what is added to them; name a package in"
            " Plugin(migrations=…), then: python -m linli._schema.revising {name}",
            name=source.name,
        )
    if _difference(source) is None:
        return None
    return say(
        "its revisions do not make its tables as they are declared; write the next one:"
        " python -m linli._schema.revising {name} WORDS",
        name=source.name,
    )


def _difference(source: Source) -> dict[str, str] | None:
    from alembic.autogenerate import produce_migrations, render_python_code
    from alembic.runtime.migration import MigrationContext
    from sqlalchemy import create_engine

    complete()
    with create_engine("sqlite://", isolation_level="AUTOCOMMIT").connect() as connection:
        if source.head:
            run_revisions(connection, source, lambda script, at: script._upgrade_revs("head", at))
        options = {
            "version_table": source.version_table,
            "render_item": _rendered,
            "target_metadata": source.tables,
        }
        context = MigrationContext.configure(connection, opts=options)
        script = produce_migrations(context, source.tables)
        assert script.upgrade_ops is not None
        assert script.downgrade_ops is not None
        if script.upgrade_ops.is_empty():
            return None
        parts = {
            name: render_python_code(
                ops, render_as_batch=source.head is not None, render_item=_rendered, migration_context=context
            )
            for name, ops in (("upgrade", script.upgrade_ops), ("downgrade", script.downgrade_ops))
        }
    code = {name: _without_remarks(text) for name, text in parts.items()}
    code["downgrade"] = "" if source.name == CORE else _DOWNGRADE.format(code=code["downgrade"])
    return code


def _rendered(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Our own types as SQLAlchemy has them: a revision imports nothing that may get another name."""
    return _MOMENT if kind == "type" and isinstance(item, Moment) else False


_MOMENT = 'sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")'


def _without_remarks(code: str) -> str:
    lines = [line for line in code.splitlines() if "### " not in line]
    return "\n".join(f"    {line}".rstrip() for line in lines)


@click.command(help=__doc__)
@click.argument("name")
@click.argument("words", default="tables")
@click.option("--afresh", is_flag=True, help="replace all revisions by one")
def main(name: str, words: str, afresh: bool) -> None:
    """Find the source by its name among what is installed, and write."""
    from linli._hooks.plugins import Plugins

    plugins = Plugins(() if name == CORE else (name,))
    found = next((one for one in sources(plugins.declarations) if one.name == name), None)
    if found is None:
        raise click.ClickException(str(say("{name} has no tables", name=name)))
    file = revised(found, words, afresh=afresh)
    click.echo(str(file) if file else str(say("nothing differs")))


if __name__ == "__main__":
    main()
