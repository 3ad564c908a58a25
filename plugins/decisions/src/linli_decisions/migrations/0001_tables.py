"""Tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "decisions_filed",
        sa.Column("district", sa.String(length=64), nullable=False),
        sa.Column("series", sa.String(length=120), nullable=False),
        sa.Column("serial", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.String(length=120), nullable=False),
        sa.Column("decision", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("district", "series", "serial", name=op.f("pk_decisions_filed")),
        sa.UniqueConstraint("district", "decision", name=op.f("uq_decisions_filed_district_decision")),
        sa.UniqueConstraint("district", "number", name=op.f("uq_decisions_filed_district_number")),
    )


def downgrade() -> None:
    op.drop_table("decisions_filed")
