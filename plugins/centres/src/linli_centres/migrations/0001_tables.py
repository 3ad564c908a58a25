"""Tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")


def upgrade() -> None:
    op.create_table(
        "centres_taken",
        sa.Column("district", sa.String(length=64), nullable=False),
        sa.Column("centre", sa.Uuid(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("booking", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("district", "centre", "at", name=op.f("pk_centres_taken")),
    )
    op.create_index("ix_centres_taken_booking", "centres_taken", ["district", "booking"])


def downgrade() -> None:
    op.drop_table("centres_taken")
