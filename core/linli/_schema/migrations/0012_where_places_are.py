"""Where places are on the earth."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("place", sa.Column("latitude_e6", sa.Integer(), nullable=True))
    op.add_column("place", sa.Column("longitude_e6", sa.Integer(), nullable=True))
    op.add_column("place", sa.Column("outline", sa.Text(), nullable=True))
    op.add_column("place", sa.Column("coordinate_system", sa.String(8), nullable=True))
    op.add_column("place", sa.Column("coordinate_source", sa.String(80), nullable=True))
