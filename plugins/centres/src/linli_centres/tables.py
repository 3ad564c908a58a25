"""The plugin's own table: the quarters of an hour for which a hall is taken.

Its key is what keeps two from booking one hall at one time, on either database and however they race.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Column as TableColumn
from sqlalchemy import Index, bindparam, delete, select

from linli import Context
from linli.query import Moment, Rows, insert_into, key, own_query, own_table, own_tables, write_statement

GRAIN: Final = timedelta(minutes=15)

TABLES = own_tables()
TAKEN = own_table(
    "centres_taken",
    TABLES,
    key("centre", primary_key=True),
    TableColumn("at", Moment, primary_key=True),
    key("booking", nullable=False),
    Index("ix_centres_taken_booking", "district", "booking"),
)

_c = TAKEN.c
TAKE = insert_into(TAKEN, rank=31)
FREE = write_statement(
    delete(TAKEN).where(_c.district == bindparam("the_district"), _c.booking == bindparam("the_booking")),
    rank=31,
    name="free centre hall",
)


@own_query(
    select(_c.at, _c.booking)
    .where(
        _c.district == bindparam("district"),
        _c.centre == bindparam("centre"),
        _c.at >= bindparam("start"),
        _c.at < bindparam("end"),
    )
    .order_by(_c.at)
)
def taken_between(rows: Rows, centre: UUID, start: datetime, end: datetime) -> dict[datetime, UUID]:
    """The quarters of an hour for which a hall is taken in a time, each with its booking."""
    return dict(rows)


def booked_from(ctx: Context[object], centre: UUID, start: datetime, end: datetime) -> tuple[UUID, ...]:
    """The bookings of a hall in a time; nobody books it until the act is done."""
    ctx.facts.hold(f"hall {centre}")
    return tuple(dict.fromkeys(ctx.get(taken_between(centre, start, end)).values()))


def quarters(start: datetime, end: datetime) -> Iterator[datetime]:
    """The quarters of an hour from `start` to `end`."""
    while start < end:
        yield start
        start += GRAIN
