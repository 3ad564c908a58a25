"""The plugin's own table: who is steward of a place, at most one at a time.

Its key is what keeps two from being appointed at once, on either database and however they race.
"""

from uuid import UUID

from sqlalchemy import Index, bindparam, delete, select, update

from linli import Facts, Write
from linli.query import Rows, insert_into, key, own_query, own_table, own_tables, write_statement

TABLES = own_tables()
SEAT = own_table(
    "stewards_seat",
    TABLES,
    key("place", primary_key=True),
    key("stewardship", nullable=False),
    Index("ix_stewards_seat_stewardship", "district", "stewardship"),
)

_c = SEAT.c
TAKE = insert_into(SEAT, rank=31)
PASS_ON = write_statement(
    update(SEAT)
    .where(_c.district == bindparam("the_district"), _c.stewardship == bindparam("was"))
    .values(stewardship=bindparam("is_now")),
    rank=31,
    name="pass steward seat on",
)
FREE = write_statement(
    delete(SEAT).where(
        _c.district == bindparam("the_district"), _c.stewardship == bindparam("the_stewardship")
    ),
    rank=31,
    name="free steward seat",
)


@own_query(select(_c.stewardship).where(_c.district == bindparam("district"), _c.place == bindparam("place")))
def seated(rows: Rows, place: UUID) -> UUID | None:
    """The stewardship that a place has."""
    return next((stewardship for (stewardship,) in rows), None)


def freed(facts: Facts, stewardship: object) -> Write:
    """The write after which a place has no steward."""
    return Write(FREE, {"the_district": facts.district, "the_stewardship": stewardship})
