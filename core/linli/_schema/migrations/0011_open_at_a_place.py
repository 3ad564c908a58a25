"""What is open at a place, and what waits for somebody to choose its part, are found by indexes."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _partial("ix_subject_place", "place", "ended_at IS NULL")
    _partial("ix_subject_undecided", "undecided", "undecided IS NOT NULL")


def _partial(name: str, column: str, where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, "subject", ["district", column], sqlite_where=condition, postgresql_where=condition)
