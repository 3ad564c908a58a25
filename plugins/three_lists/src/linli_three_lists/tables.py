"""The plugin's own tables: who is on duty when, and the files that are evidence."""

from sqlalchemy import Column, Index, LargeBinary, String

from linli.query import Moment, erased_with, key, own_table, own_tables

TABLES = own_tables()

SHIFT = own_table(
    "three_lists_shift",
    TABLES,
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
FILE = own_table(
    "three_lists_file",
    TABLES,
    key("evidence", primary_key=True),
    key("request", nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    erased_with("request"),
    Index("ix_three_lists_file_request", "district", "request"),
)
