"""The plugin's own tables: who is on duty when, and the files that are evidence."""

from sqlalchemy import Column, ForeignKeyConstraint, Index, LargeBinary, MetaData, String, Table

from linli.store import tables as t
from linli.store.columns import Moment, district, key

TABLES = MetaData(naming_convention=t.metadata.naming_convention)

SHIFT = Table(
    "three_lists_shift",
    TABLES,
    district(),
    key("id", primary_key=True),
    key("place", nullable=False),
    key("person", nullable=False),
    Column("role", String(40), nullable=False),
    key("at", nullable=False),  # the place or organisation of their post
    Column("since", Moment, nullable=False),
    Column("until", Moment, nullable=False),
    Index("ix_three_lists_shift_place", "district", "place", "until"),
    Index("ix_three_lists_shift_person", "district", "person"),
)

# Sealed under the key of the request, so that whoever erases the reporter has erased their pictures.
FILE = Table(
    "three_lists_file",
    TABLES,
    district(),
    key("evidence", primary_key=True),
    key("request", nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    ForeignKeyConstraint(
        ["district", "request"], [t.vault_key.c.district, t.vault_key.c.owner], ondelete="CASCADE"
    ),
    Index("ix_three_lists_file_request", "district", "request"),
)
