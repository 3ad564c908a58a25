"""The compound that a place's figures are kept under is called as people call it."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _rename("figures_at", "reporting_place")


def downgrade() -> None:
    _rename("reporting_place", "figures_at")


def _rename(old: str, new: str) -> None:
    op.alter_column("place", old, new_column_name=new)
    if op.get_bind().dialect.name == "postgresql":
        # From PostgreSQL 18 on, that it is never null has a name of its own.
        op.execute(
            "DO $$ BEGIN IF EXISTS (SELECT FROM pg_constraint WHERE conrelid = 'place'::regclass AND "
            f"conname = 'place_{old}_not_null') THEN ALTER TABLE place RENAME CONSTRAINT place_{old}_not_null "
            f"TO place_{new}_not_null; END IF; END $$"
        )
