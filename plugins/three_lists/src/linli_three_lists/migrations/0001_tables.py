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
        "three_lists_file",
        sa.Column("district", sa.String(length=64), nullable=False),
        sa.Column("evidence", sa.Uuid(), nullable=False),
        sa.Column("request", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["district", "request"],
            ["vault_key.district", "vault_key.owner"],
            name=op.f("fk_three_lists_file_district_request"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("district", "evidence", name=op.f("pk_three_lists_file")),
    )
    op.create_index("ix_three_lists_file_request", "three_lists_file", ["district", "request"], unique=False)
    op.create_table(
        "three_lists_shift",
        sa.Column("district", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Uuid(), nullable=False),
        sa.Column("person", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("at", sa.Uuid(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("district", "id", name=op.f("pk_three_lists_shift")),
    )
    op.create_index("ix_three_lists_shift_person", "three_lists_shift", ["district", "person"], unique=False)
    op.create_index(
        "ix_three_lists_shift_place", "three_lists_shift", ["district", "place", "until"], unique=False
    )


def downgrade() -> None:
    op.drop_index("ix_three_lists_shift_place", table_name="three_lists_shift")
    op.drop_index("ix_three_lists_shift_person", table_name="three_lists_shift")
    op.drop_table("three_lists_shift")
    op.drop_index("ix_three_lists_file_request", table_name="three_lists_file")
    op.drop_table("three_lists_file")
