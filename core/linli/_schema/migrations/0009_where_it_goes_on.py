"""A matter whose place has ended goes on elsewhere: where it was opened, and whether somebody has to choose."""

import json
from uuid import UUID

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0007"
branch_labels = None
depends_on = None

_place = sa.table(
    "place",
    sa.column("district", sa.String()),
    sa.column("id", sa.Uuid()),
    sa.column("path", sa.Text()),
    sa.column("record", sa.Text()),
    sa.column("until", sa.Date()),
)
_subject = sa.table(
    "subject",
    *(sa.column(name, sa.Uuid()) for name in ("place", "origin", "undecided", "holder_at")),
    sa.column("district", sa.String()),
    sa.column("ended_at", sa.String()),
)


def upgrade() -> None:
    op.add_column("subject", sa.Column("origin", sa.Uuid(), nullable=True))
    op.add_column("subject", sa.Column("undecided", sa.Uuid(), nullable=True))
    _go_on()


def _go_on() -> None:
    """What was open at places that had ended before there were these columns goes on now, too."""
    p = _place.c
    connection = op.get_bind()
    ended = connection.execute(sa.select(p.district, p.id, p.path, p.record).where(p.until.is_not(None)))
    for district, ident, path, record in ended.all():
        above = [UUID(part) for part in path.split("/") if part][-2::-1]
        standing = sa.select(p.id).where(p.district == district, p.id.in_(above), p.until.is_(None))
        stands = set(connection.scalars(standing))
        now = next((one for one in above if one in stands), None)
        if now:
            _move(district, ident, now, many=len(json.loads(record).get("successors", ())) > 1)


def _move(district: str, was: UUID, now: UUID, *, many: bool) -> None:
    s = _subject.c
    held = sa.case((s.holder_at == was, sa.literal(now, sa.Uuid())), else_=s.holder_at)
    op.get_bind().execute(
        sa.update(_subject)
        .where(s.district == district, s.place == was, s.ended_at.is_(None))
        .values(place=now, origin=was, undecided=was if many else None, holder_at=held)
    )
