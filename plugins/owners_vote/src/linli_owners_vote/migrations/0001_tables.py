"""Tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "owners_vote_matter",
        sa.Column("district", sa.String(length=64), nullable=False),
        sa.Column("matter", sa.Uuid(), nullable=False),
        sa.Column("turn", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("vote", sa.Uuid(), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.PrimaryKeyConstraint("district", "matter", "turn", name=op.f("pk_owners_vote_matter")),
    )
    op.create_index("ix_owners_vote_matter_vote", "owners_vote_matter", ["district", "vote"], unique=False)
    op.create_table(
        "owners_vote_roll",
        sa.Column("district", sa.String(length=64), nullable=False),
        sa.Column("vote", sa.Uuid(), nullable=False),
        sa.Column("part", sa.Uuid(), nullable=False),
        sa.Column("area", sa.BigInteger(), nullable=False),
        sa.Column("head", sa.Uuid(), nullable=False),
        sa.CheckConstraint("area > 0", name=op.f("ck_owners_vote_roll_area")),
        sa.PrimaryKeyConstraint("district", "vote", "part", name=op.f("pk_owners_vote_roll")),
    )
    op.create_table(
        "owners_vote_voter",
        sa.Column("district", sa.String(length=64), nullable=False),
        sa.Column("vote", sa.Uuid(), nullable=False),
        sa.Column("part", sa.Uuid(), nullable=False),
        sa.Column("person", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("district", "vote", "part", "person", name=op.f("pk_owners_vote_voter")),
    )
    op.create_index("ix_owners_vote_voter_person", "owners_vote_voter", ["district", "person"], unique=False)
    op.create_table(
        "owners_vote_box",
        sa.Column("district", sa.String(length=64), nullable=False),
        sa.Column("vote", sa.Uuid(), nullable=False),
        sa.Column("part", sa.Uuid(), nullable=False),
        sa.Column("ballot", sa.Uuid(), nullable=False),
        sa.Column("mark", sa.Uuid(), nullable=False),
        sa.Column("way", sa.String(length=8), nullable=False),
        sa.Column("counts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["district", "vote", "part"],
            ["owners_vote_roll.district", "owners_vote_roll.vote", "owners_vote_roll.part"],
            name=op.f("fk_owners_vote_box_district_vote_part"),
        ),
        sa.PrimaryKeyConstraint("district", "vote", "part", name=op.f("pk_owners_vote_box")),
    )
    op.create_table(
        "owners_vote_proxy",
        sa.Column("district", sa.String(length=64), nullable=False),
        sa.Column("vote", sa.Uuid(), nullable=False),
        sa.Column("part", sa.Uuid(), nullable=False),
        sa.Column("proxy", sa.Uuid(), nullable=False),
        sa.Column("agent", sa.Uuid(), nullable=False),
        sa.Column("valid", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["district", "vote", "part"],
            ["owners_vote_roll.district", "owners_vote_roll.vote", "owners_vote_roll.part"],
            name=op.f("fk_owners_vote_proxy_district_vote_part"),
        ),
        sa.PrimaryKeyConstraint("district", "vote", "part", name=op.f("pk_owners_vote_proxy")),
    )
    op.create_index("ix_owners_vote_proxy_agent", "owners_vote_proxy", ["district", "agent"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_owners_vote_proxy_agent", table_name="owners_vote_proxy")
    op.drop_table("owners_vote_proxy")
    op.drop_table("owners_vote_box")
    op.drop_index("ix_owners_vote_voter_person", table_name="owners_vote_voter")
    op.drop_table("owners_vote_voter")
    op.drop_table("owners_vote_roll")
    op.drop_index("ix_owners_vote_matter_vote", table_name="owners_vote_matter")
    op.drop_table("owners_vote_matter")
