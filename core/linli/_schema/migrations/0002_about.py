"""The publications of a matter are found by it. By hand: no tool writes an index on an expression."""

import sqlalchemy as sa
from alembic import op

from linli._store.fields import field

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_subject_about",
        "subject",
        ["district", field(sa.column("record", sa.Text()), "about")],
        unique=False,
        sqlite_where=sa.text("kind = 'publication'"),
        postgresql_where=sa.text("kind = 'publication'"),
    )
