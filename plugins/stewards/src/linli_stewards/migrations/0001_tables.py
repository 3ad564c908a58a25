"""Tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stewards_seat",
        sa.Column("district", sa.String(length=64), nullable=False),
        sa.Column("place", sa.Uuid(), nullable=False),
        sa.Column("stewardship", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("district", "place", name=op.f("pk_stewards_seat")),
    )
    op.create_index(
        "ix_stewards_seat_stewardship", "stewards_seat", ["district", "stewardship"], unique=False
    )


def downgrade() -> None:
    op.drop_index("ix_stewards_seat_stewardship", table_name="stewards_seat")
    op.drop_table("stewards_seat")
