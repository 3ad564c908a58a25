"""The plugin's own table: what members have done since they reported, a row for each thing."""

from sqlalchemy import Column, Integer, String, bindparam, delete

from linli.query import Moment, key, own_table, own_tables, upsert_into, write_statement

TABLES = own_tables()

# Written with the act that counts, so that no list ever goes through the history. Who it was stands with the
# report alone; when they are erased, these rows go too.
DONE = own_table(
    "reporting_done",
    TABLES,
    key("report", primary_key=True),
    key("thing", primary_key=True),  # what it was done for or at: a place at a session, a task, a claim
    Column("kind", String(40), primary_key=True),
    Column("minutes", Integer, nullable=False),
    Column("at", Moment, nullable=False),
)

PUT_DONE = upsert_into(
    DONE,
    keys=("district", "report", "thing", "kind"),
    change=lambda table, new: {"minutes": new.minutes, "at": new.at},
    rank=32,
)
_d = DONE.c
TAKE_BACK = write_statement(
    delete(DONE).where(
        _d.district == bindparam("the_district"),
        _d.report == bindparam("the_report"),
        _d.thing == bindparam("the_thing"),
        _d.kind == bindparam("the_kind"),
    ),
    rank=33,
    name="take back what was done",
)
FORGET = write_statement(
    delete(DONE).where(_d.district == bindparam("the_district"), _d.report == bindparam("the_report")),
    rank=33,
    name="forget what was done",
)
