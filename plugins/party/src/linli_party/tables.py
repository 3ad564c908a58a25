"""The plugin's own tables: which branch a compound has, and what a survey found of its members.

Who is a party member, where they live and who sits on a committee is the register's.
"""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import attrs
from sqlalchemy import BindParameter, Boolean, Column, Date, Index, bindparam, delete, select

from linli.query import (
    Rows,
    insert_into,
    is_person,
    key,
    now_of,
    own_query,
    own_table,
    own_tables,
    upsert_into,
    write_statement,
)

TABLES = own_tables()

# One row a branch in being. The seat is what there may be only one for: the compound or, where the district
# allows several branches in a compound, the branch's organisation; so two who race for it end in one branch.
SEAT = own_table(
    "party_seat",
    TABLES,
    key("seat", primary_key=True),
    key("branch", nullable=False),
    Index("ix_party_seat_branch", "district", "branch"),
)

# What is known of a member who lives in a compound: identifiers and yes or no, nothing else.
STANDING = own_table(
    "party_standing",
    TABLES,
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

_d: BindParameter[str] = bindparam("district")
_st = STANDING.c
_standings = select(now_of(_st.compound), _st.person, _st.reported, _st.active, _st.noted_on).where(
    _st.district == _d
)


@attrs.frozen
class Standing:
    """What was noted of a member: where that is counted now, and when it was."""

    compound: UUID
    person: UUID
    reported: bool
    active: bool
    noted_on: date


@own_query(select(SEAT.c.branch).where(SEAT.c.district == _d, is_person(SEAT.c.seat, "seat")))
def branches_seated(rows: Rows, seat: UUID) -> Sequence[UUID]:
    """The branches that have a seat, under every number that its compound or organisation ever had."""
    return [branch for (branch,) in rows]


@own_query(_standings.where(_st.person == bindparam("person")))
def standings_of(rows: Rows, person: UUID) -> Sequence[Standing]:
    """What was noted of somebody, under this very number."""
    return [Standing(*row) for row in rows]


@own_query(_standings.where(_st.compound == bindparam("compound")))
def standings_in(rows: Rows, compound: UUID) -> Sequence[Standing]:
    """What was noted in a compound, under this very number."""
    return [Standing(*row) for row in rows]


@own_query(_standings.order_by(_st.noted_on))
def standings(rows: Rows) -> Sequence[Standing]:
    """What was noted in the whole district, the oldest first."""
    return [Standing(*row) for row in rows]
