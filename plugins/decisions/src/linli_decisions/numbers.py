"""Filing numbers: by the district's pattern, each given once."""

from collections.abc import Iterable
from string import Formatter
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, Column, Integer, String, UniqueConstraint, bindparam, func, select

from linli import Change, Transition, Write, evolve
from linli.query import Rows, insert_into, key, own_query, own_table, own_tables
from linli_decisions.records import Decision
from linli_decisions.settings import DecisionSettings

TABLES = own_tables()
FILED = own_table(
    "decisions_filed",
    TABLES,
    Column("series", String(120), primary_key=True),
    Column("serial", Integer, primary_key=True, autoincrement=False),
    Column("number", String(120), nullable=False),
    key("decision", nullable=False),
    UniqueConstraint("district", "number"),
    UniqueConstraint("district", "decision"),
)

_f = FILED.c
_d: BindParameter[str] = bindparam("district")
_FILE = insert_into(FILED, rank=30)


@own_query(select(func.max(_f.serial)).where(_f.district == _d, _f.series == bindparam("series")))
def _last(rows: Rows, series: str) -> int:
    return rows[0][0] or 0


@own_query(select(_f.decision).where(_f.district == _d, _f.number == bindparam("number")))
def filed_as(rows: Rows, number: str) -> UUID | None:
    """The decision that has a filing number."""
    return rows[0][0] if rows else None


def filed(t: Transition[Decision, object]) -> Decision:
    """The matter under the number that it is filed under now."""
    _, number = _next(t)
    return evolve(t.record, filing_number=number, filed_on=t.today)


def _next(t: Transition[Decision, object]) -> tuple[int, str]:
    serial = t.get(_last(_series(t))) + 1
    # An earlier pattern may have led to the same one.
    while t.get(filed_as(_written(t, serial))):
        serial += 1
    return serial, _written(t, serial)


def _series(t: Transition[Decision, object]) -> str:
    """The number without its serial: what it is counted in."""
    kept = [
        (text, name, spec) if name != "serial" else (f"{text}#", None, None)
        for text, name, spec, _ in Formatter().parse(t.settings(DecisionSettings).number)
    ]
    return "".join(text + (format(_values(t)[name], spec or "") if name else "") for text, name, spec in kept)


def _values(t: Transition[Decision, object]) -> dict[str, Any]:
    return {"year": t.local.year, "entry": t.record.entry, "tier": t.record.tier}


def _written(t: Transition[Decision, object], serial: int) -> str:
    return t.settings(DecisionSettings).number.format(serial=serial, **_values(t))


def keeps_number(t: Transition[Decision, object]) -> Iterable[Change]:
    """The number in the table that keeps it to one matter: whoever comes second is tried again."""
    serial, number = _next(t)
    row = {
        "district": t.facts.district,
        "series": _series(t),
        "serial": serial,
        "number": number,
        "decision": t.subject.id,
    }
    yield Change(write=Write(_FILE, row, number))
