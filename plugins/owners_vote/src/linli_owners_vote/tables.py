"""The plugin's own tables: the frozen roll, the box, proxies, and which vote a matter waits for."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
)

from linli.store.columns import district, key
from linli.store.tables import metadata

# The naming of constraints is the core's.
TABLES = MetaData(naming_convention=metadata.naming_convention)

ROLL = Table(
    "owners_vote_roll",
    TABLES,
    district(),
    key("vote", primary_key=True),
    key("part", primary_key=True),
    Column("area", BigInteger, nullable=False),  # hundredths of a square metre
    key("head", nullable=False),  # equal for parts with the same owners; says nothing of who they are
    CheckConstraint("area > 0", name="area"),
)

# Who may cast a part's ballot online; goes with a person who is erased, the roll stays.
VOTER = Table(
    "owners_vote_voter",
    TABLES,
    district(),
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
BOX = Table(
    "owners_vote_box",
    TABLES,
    district(),
    key("vote", primary_key=True),
    key("part", primary_key=True),
    key("ballot", nullable=False),
    key("mark", nullable=False),  # the choice, sealed; see `marks`
    Column("way", String(8), nullable=False),
    Column("counts", Integer, nullable=False),  # 0: a paper that nobody has checked yet
    ForeignKeyConstraint(*_OF_ROLL),
)

PROXY = Table(
    "owners_vote_proxy",
    TABLES,
    district(),
    key("vote", primary_key=True),
    key("part", primary_key=True),
    key("proxy", nullable=False),
    key("agent", nullable=False),
    Column("valid", Integer, nullable=False),
    ForeignKeyConstraint(*_OF_ROLL),
    Index("ix_owners_vote_proxy_agent", "district", "agent"),
)

# The last row of a matter is the vote that it waits for, until it has an outcome.
MATTER = Table(
    "owners_vote_matter",
    TABLES,
    district(),
    key("matter", primary_key=True),
    Column("turn", Integer, primary_key=True, autoincrement=False),
    key("vote", nullable=False),
    Column("outcome", String(16)),
    Index("ix_owners_vote_matter_vote", "district", "vote"),
)
