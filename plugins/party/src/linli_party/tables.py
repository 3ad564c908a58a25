"""The plugin's own tables: which branch a compound has, and what a survey found of its members.

Who is a party member, where they live and who sits on a committee is the register's.
"""

from sqlalchemy import Boolean, Column, Date, Index, MetaData, Table, bindparam, delete, select

from linli.store import Read
from linli.store import tables as t
from linli.store.columns import district, key
from linli.store.statements import insert_into, upsert_into, write_statement

TABLES = MetaData(naming_convention=t.metadata.naming_convention)

# One row a branch in being. The seat is what there may be only one for: the compound or, where the district
# allows several branches in a compound, the branch's organisation; so two who race for it end in one branch.
SEAT = Table(
    "party_seat",
    TABLES,
    district(),
    key("seat", primary_key=True),
    key("branch", nullable=False),
    Index("ix_party_seat_branch", "district", "branch"),
)

# What is known of a member who lives in a compound: identifiers and yes or no, nothing else.
STANDING = Table(
    "party_standing",
    TABLES,
    district(),
    key("compound", primary_key=True),
    key("person", primary_key=True),
    Column("reported", Boolean, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("noted_on", Date, nullable=False),
    Index("ix_party_standing_person", "district", "person"),
)

TAKE_SEAT = insert_into(SEAT, rank=31)
FREE_SEAT = write_statement(
    delete(SEAT).where(
        SEAT.c.district == bindparam("the_district"), SEAT.c.branch == bindparam("the_branch")
    ),
    rank=31,
    name="free party seat",
)
SEATED = Read(
    select(SEAT.c.branch).where(SEAT.c.district == bindparam("district"), SEAT.c.seat == bindparam("seat"))
)
NOTE = upsert_into(
    STANDING,
    keys=("district", "compound", "person"),
    change=lambda table, new: {"reported": new.reported, "active": new.active, "noted_on": new.noted_on},
    rank=32,
)
FORGET = write_statement(
    delete(STANDING).where(
        STANDING.c.district == bindparam("the_district"), STANDING.c.person == bindparam("the_person")
    ),
    rank=33,
    name="forget party standing",
)
STANDING_OF = Read(
    select(STANDING.c.compound, STANDING.c.reported, STANDING.c.active, STANDING.c.noted_on).where(
        STANDING.c.district == bindparam("district"), STANDING.c.person == bindparam("person")
    )
)
