"""Ballots sealed for the keepers of a vote.

Marks that were made with the district's key tell how somebody voted to whoever has that key; of votes
that are over they are taken out of the box here; the journal, which only grows, still has them. A vote that is
open cannot be counted any more: it is called off, and held anew.
"""

import uuid

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "owners_vote_sealed",
        sa.Column("district", sa.String(length=64), nullable=False),
        sa.Column("vote", sa.Uuid(), nullable=False),
        sa.Column("ballot", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("district", "vote", "ballot", name=op.f("pk_owners_vote_sealed")),
    )
    op.create_table(
        "owners_vote_named",
        sa.Column("district", sa.String(length=64), nullable=False),
        sa.Column("vote", sa.Uuid(), nullable=False),
        sa.Column("part", sa.Uuid(), nullable=False),
        sa.Column("choice", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(
            ["district", "vote", "part"],
            ["owners_vote_roll.district", "owners_vote_roll.vote", "owners_vote_roll.part"],
            name=op.f("fk_owners_vote_named_district_vote_part"),
        ),
        sa.PrimaryKeyConstraint("district", "vote", "part", name=op.f("pk_owners_vote_named")),
    )
    op.add_column("owners_vote_box", sa.Column("sheet", sa.String(length=40), nullable=True))
    op.add_column("owners_vote_roll", sa.Column("voices", sa.String(length=60), nullable=True))
    op.add_column("owners_vote_proxy", sa.Column("why", sa.String(length=16), nullable=True))
    box = sa.table("owners_vote_box", sa.column("mark", sa.Uuid()))
    op.execute(sa.update(box).values(mark=uuid.UUID(int=0)))


def downgrade() -> None:
    op.drop_column("owners_vote_proxy", "why")
    op.drop_column("owners_vote_roll", "voices")
    op.drop_column("owners_vote_box", "sheet")
    op.drop_table("owners_vote_named")
    op.drop_table("owners_vote_sealed")
