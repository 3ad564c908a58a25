"""Keys of limited age, marks of people who were erased, and erasures that wait."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")


def upgrade() -> None:
    op.create_table(
        "vault_age",
        sa.Column("district", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("district", name=op.f("pk_vault_age")),
    )
    op.create_table(
        "erased",
        sa.Column("district", sa.String(length=64), nullable=False),
        sa.Column("blind", sa.LargeBinary(), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("district", "blind", name=op.f("pk_erased")),
    )
    op.create_index("ix_erased_until", "erased", ["district", "until"], unique=False)
    op.create_table(
        "erasure",
        sa.Column("district", sa.String(length=64), nullable=False),
        sa.Column("person", sa.Uuid(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("district", "person", name=op.f("pk_erasure")),
    )
