"""Tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "party_seat",
        sa.Column("district", sa.String(length=64), nullable=False),
        sa.Column("seat", sa.Uuid(), nullable=False),
        sa.Column("branch", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("district", "seat", name=op.f("pk_party_seat")),
    )
    op.create_index("ix_party_seat_branch", "party_seat", ["district", "branch"])
    op.create_table(
        "party_standing",
        sa.Column("district", sa.String(length=64), nullable=False),
        sa.Column("compound", sa.Uuid(), nullable=False),
        sa.Column("person", sa.Uuid(), nullable=False),
        sa.Column("reported", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("noted_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("district", "compound", "person", name=op.f("pk_party_standing")),
    )
    op.create_index("ix_party_standing_person", "party_standing", ["district", "person"])


def downgrade() -> None:
    op.drop_table("party_standing")
    op.drop_table("party_seat")
