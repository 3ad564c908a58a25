"""The plugin's own tables: the frozen roll, the box, the sealed ballots, proxies, and which vote a matter waits for."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
)

from linli.query import key, own_table, own_tables

TABLES = own_tables()

ROLL = own_table(
    "owners_vote_roll",
    TABLES,
    key("vote", primary_key=True),
    key("part", primary_key=True),
    Column("area", BigInteger, nullable=False),  # hundredths of a square metre
    key("head", nullable=False),  # equal for parts with the same owners; says nothing of who they are
    Column("voices", String(60)),  # who speaks for owners that do not vote in person, joined by commas
    CheckConstraint("area > 0", name="area"),
)

# Who may cast a part's ballot online; goes with a person who is erased, the roll stays.
VOTER = own_table(
    "owners_vote_voter",
    TABLES,
    key("vote", primary_key=True),
    key("part", primary_key=True),
    key("person", primary_key=True),
    Index("ix_owners_vote_voter_person", "district", "person"),
)

_OF_ROLL = (
    ("district", "vote", "part"),
    (
        "owners_vote_roll.district",
        "owners_vote_roll.vote",
        "owners_vote_roll.part",
    ),
)

# The key is what lets one ballot per part into the box, however it is cast.
BOX = own_table(
    "owners_vote_box",
    TABLES,
    key("vote", primary_key=True),
    key("part", primary_key=True),
    key("ballot", nullable=False),
    key("mark", nullable=False),  # which sealed ballot it is: of its bytes, never of the choice
    Column("way", String(8), nullable=False),
    Column("counts", Integer, nullable=False),  # 0: a paper that nobody has checked yet
    Column("sheet", String(40)),  # the number on a paper
    ForeignKeyConstraint(*_OF_ROLL),
)

# The ballots themselves, which two keepers open: in a table of their own, which nothing that tells who
# has voted reads; its rows go when the keepers destroy the keys.
SEALED = own_table(
    "owners_vote_sealed",
    TABLES,
    key("vote", primary_key=True),
    key("ballot", primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
)

# Of votes by name alone: how each part voted, once it was counted.
NAMED = own_table(
    "owners_vote_named",
    TABLES,
    key("vote", primary_key=True),
    key("part", primary_key=True),
    Column("choice", String(8), nullable=False),
    ForeignKeyConstraint(*_OF_ROLL),
)

PROXY = own_table(
    "owners_vote_proxy",
    TABLES,
    key("vote", primary_key=True),
    key("part", primary_key=True),
    key("proxy", nullable=False),
    key("agent", nullable=False),
    Column("valid", Integer, nullable=False),
    Column("why", String(16)),  # None: a proxy; else for whom they speak: an organisation, a ward, heirs
    ForeignKeyConstraint(*_OF_ROLL),
    Index("ix_owners_vote_proxy_agent", "district", "agent"),
)

# The last row of a matter is the vote that it waits for, until it has an outcome.
MATTER = own_table(
    "owners_vote_matter",
    TABLES,
    key("matter", primary_key=True),
    Column("turn", Integer, primary_key=True, autoincrement=False),
    key("vote", nullable=False),
    Column("outcome", String(16)),
    Index("ix_owners_vote_matter_vote", "district", "vote"),
)
