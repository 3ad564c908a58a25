"""The publications of a matter are found by it. By hand: no tool writes an index on an expression."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_subject_about",
        "subject",
        ["district", _about()],
        unique=False,
        sqlite_where=sa.text("kind = 'publication'"),
        postgresql_where=sa.text("kind = 'publication'"),
    )


def _about() -> sa.TextClause:
    """The field `about` of the record, which is kept as JSON."""
    on_postgres = op.get_bind().dialect.name == "postgresql"
    return sa.text("(CAST(record AS json) ->> 'about')" if on_postgres else "json_extract(record, '$.about')")
