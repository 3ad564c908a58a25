"""Closings are counted by how they ended, and what is paused beside what is open: of what there is already, too."""

from collections import Counter
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_SUBJECT = sa.table(
    "subject",
    sa.column("district", sa.String()),
    sa.column("kind", sa.String()),
    sa.column("state", sa.String()),
    sa.column("outcome", sa.String()),
    sa.column("compound", sa.Uuid()),
    sa.column("accepted_at"),
    sa.column("ended_at"),
)
_FIGURE = sa.table(
    "figure",
    sa.column("district", sa.String()),
    sa.column("name", sa.String()),
    sa.column("place", sa.Uuid()),
    sa.column("day", sa.Date()),
    sa.column("n", sa.BigInteger()),
    sa.column("total", sa.BigInteger()),
)
# The database does not know a district's zone; a district that has none of its own has this one.
_ZONE = ZoneInfo("Asia/Shanghai")
_OUTCOMES = ("settled", "declined", "handed_over")


def upgrade() -> None:
    connection = op.get_bind()
    cells: Counter[tuple[str, str, Any, date]] = Counter()
    for district, outcome, place, ended_at in connection.execute(_closed()):
        cells[district, f"requests.{outcome}", place, _day(ended_at)] += 1
    for district, place, accepted_at in connection.execute(_paused()):
        # When each was paused is told by its history alone; that it is, by the day of its acceptance on.
        cells[district, "requests.paused", place, _day(accepted_at)] += 1
    rows = [
        {"district": district, "name": name, "place": place, "day": day, "n": n, "total": 0}
        for (district, name, place, day), n in cells.items()
    ]
    if rows:
        connection.execute(sa.insert(_FIGURE), rows)


def _closed() -> sa.Select[Any]:
    c = _SUBJECT.c
    return sa.select(c.district, c.outcome, c.compound, c.ended_at).where(
        c.kind == "request", c.state == "closed", c.outcome.in_(_OUTCOMES), c.accepted_at.is_not(None)
    )


def _paused() -> sa.Select[Any]:
    c = _SUBJECT.c
    return sa.select(c.district, c.compound, c.accepted_at).where(
        c.kind == "request", c.state == "waiting", c.accepted_at.is_not(None)
    )


def _day(moment: datetime | str) -> date:
    # SQLite keeps it as text, with its offset.
    found = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return found.astimezone(_ZONE).date()
