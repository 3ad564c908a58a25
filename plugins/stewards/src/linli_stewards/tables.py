"""The plugin's own table: who is steward of a place, at most one at a time.

Its key is what keeps two from being appointed at once, on either database and however they race.
"""

from sqlalchemy import BindParameter, Index, MetaData, Table, bindparam, delete, select, update

from linli import Facts
from linli.store import Read, Write
from linli.store import tables as t
from linli.store.columns import district, key
from linli.store.statements import insert_into, write_statement

TABLES = MetaData(naming_convention=t.metadata.naming_convention)
SEAT = Table(
    "stewards_seat",
    TABLES,
    district(),
    key("place", primary_key=True),
    key("stewardship", nullable=False),
    Index("ix_stewards_seat_stewardship", "district", "stewardship"),
)

_c = SEAT.c
_d: BindParameter[str] = bindparam("district")
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
# The stewardship that a place has, and whose it is.
SEATED = Read(
    select(_c.stewardship, t.subject.c.person)
    .join(t.subject, (t.subject.c.district == _c.district) & (t.subject.c.id == _c.stewardship))
    .where(_c.district == _d, _c.place == bindparam("place"))
)


def freed(facts: Facts, stewardship: object) -> Write:
    """The write after which a place has no steward."""
    return Write(FREE, {"the_district": facts.district, "the_stewardship": stewardship})
