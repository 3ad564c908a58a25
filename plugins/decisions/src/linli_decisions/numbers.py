"""Filing numbers: by the district's pattern, each given once."""

from collections.abc import Mapping
from string import Formatter
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    Column,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    bindparam,
    func,
    select,
)

from linli import Act, Change, Facts, Subject, say
from linli.i18n import Text, listed
from linli.store import Read, Write
from linli.store.columns import district, key
from linli.store.statements import insert_into
from linli.store.tables import metadata
from linli_decisions.settings import DecisionSettings

# The naming of constraints is the core's.
TABLES = MetaData(naming_convention=metadata.naming_convention)
FILED = Table(
    "decisions_filed",
    TABLES,
    district(),
    Column("series", String(120), primary_key=True),
    Column("serial", Integer, primary_key=True, autoincrement=False),
    Column("number", String(120), nullable=False),
    key("decision", nullable=False),
    UniqueConstraint("district", "number"),
    UniqueConstraint("district", "decision"),
)

_f = FILED.c
_d: BindParameter[str] = bindparam("district")
_LAST = Read(select(func.max(_f.serial)).where(_f.district == _d, _f.series == bindparam("series")))
_TAKEN = Read(select(_f.decision).where(_f.district == _d, _f.number == bindparam("number")))
_FILE = insert_into(FILED, rank=30)
_KNOWN = ("year", "entry", "tier", "serial")
_LONGEST = 80


def pattern_problem(pattern: str) -> Text | None:
    """Why a pattern gives no usable numbers; None where it does."""
    try:
        names = {name for _, name, _, _ in Formatter().parse(pattern) if name is not None}
        shown = pattern.format(year=2026, entry="entry", tier="street", serial=1)
    except (ValueError, LookupError, AttributeError):
        return say("is no pattern; write it like {example}", example="{year}-{serial:04}")
    if names - set(_KNOWN):
        return say("knows only {known}", known=listed(_KNOWN))
    if "serial" not in names:
        return say("needs {serial}: without it two matters would have one number", serial="{serial}")
    return say("is too long") if len(shown) > _LONGEST else None


def next_number(subject: Subject, values: Mapping[str, object], facts: Facts) -> Mapping[str, object]:
    """The number that a matter would be filed under now."""
    series = _series(subject, facts)
    serial = _serial(series, facts)
    while True:
        number = _written(subject, facts, serial)
        # An earlier pattern may have led to the same one.
        if not facts.rows(_TAKEN, number=number):
            return {"filing_number": number, "serial": serial, "filed_on": facts.today}
        serial += 1


def _serial(series: str, facts: Facts) -> int:
    return (facts.rows(_LAST, series=series)[0][0] or 0) + 1


def _series(subject: Subject, facts: Facts) -> str:
    """The number without its serial: what it is counted in."""
    pattern = facts.settings(DecisionSettings).number
    kept = [
        (text, name, spec, how) if name != "serial" else (f"{text}#", None, None, None)
        for text, name, spec, how in Formatter().parse(pattern)
    ]
    return "".join(
        text + (format(_values(subject, facts)[name], spec or "") if name else "")
        for text, name, spec, _ in kept
    )


def _values(subject: Subject, facts: Facts) -> dict[str, Any]:
    day = facts.at.astimezone(facts.calendar.zone)
    return {"year": day.year, "entry": subject.record.entry, "tier": subject.record.tier}


def _written(subject: Subject, facts: Facts, serial: int) -> str:
    return facts.settings(DecisionSettings).number.format(serial=serial, **_values(subject, facts))


def kept(act: Act, subject: Subject, facts: Facts) -> tuple[Change, ...]:
    """The number in the table that keeps it to one matter: whoever comes second is tried again."""
    row = {
        "district": facts.district,
        "series": _series(subject, facts),
        "serial": act.value("serial"),
        "number": subject.record.filing_number,
        "decision": subject.id,
    }
    return (Change(write=Write(_FILE, row, str(subject.record.filing_number))),)


def decision_of(number: str) -> tuple[Read, Mapping[str, str]]:
    """What asks the store whose filing number this is: `district.store.ask([decision_of("2026-0001")])`."""
    return _TAKEN, {"number": number}


def filed_decision(rows: list[Any]) -> UUID | None:
    """The answer to `decision_of`."""
    return rows[0][0] if rows else None
