"""Every query that an act asks finds its rows by an index: none reads all that a district has."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from linli._store import Read
from linli.testing import make_district

PLUGINS = (
    "party", "reporting", "centres", "stewards", "meetings", "decisions", "owners_vote", "three_lists",
    "volunteers", "bank", "board", "brief",
)  # fmt: skip
# They are about all of a unit's accounts, of a district's deliveries, or of the places below one: bulk by their nature.
BULK = {
    "linli_party.survey_api.standings",  # of all compounds, for the numbers of a district
    "linli_party.tables.standings",
    "linli_three_lists.duty.shifts_after",  # asked by whoever lists the rota, in no act
    "linli_three_lists.rota.shifts_after",
    "linli._verbs.award.expiring.LOCK",
    "linli._verbs.award.expiring.EXPIRING",
    "linli._deliveries.queue._RETRY_ALL",
    "linli._deliveries.queue._OLD",
    "linli._verbs.register.giving_posts._KEEPERS_OF_ALL",  # asked while a district is set up, and by doctor
    "linli._verbs.register.place_changes._BELOW",
}


def _reads() -> Iterator[tuple[str, Read]]:
    for name in ("linli", *(f"linli_{plugin}" for plugin in PLUGINS)):
        package = importlib.import_module(name)
        for found in pkgutil.walk_packages(package.__path__, f"{name}."):
            if not re.search(r"\.(testing|migrations)\b", found.name):
                module = importlib.import_module(found.name)
                named = ((key, getattr(one, "read", one)) for key, one in vars(module).items())
                yield from ((f"{found.name}.{key}", one) for key, one in named if isinstance(one, Read))


def _steps(connection: Connection, read: Read) -> list[str]:
    compiled = read.on(connection.dialect)
    blanks = ("",) * len(compiled.names)
    rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled.sql}", blanks)
    return [str(row[3]) for row in rows]


def _reads_all(step: str) -> bool:
    """Whether a step goes through a table, or through all of a district in it."""
    if step.startswith("SCAN"):
        return "CONSTANT" not in step
    return step.endswith("(district=?)")


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_no_query_of_an_act_reads_all_of_a_district(tmp_path: Path) -> None:
    # On SQLite alone: PostgreSQL reads a table of a few rows whole, whatever its indexes.
    with make_district(tmp_path, enabled=PLUGINS) as district, district.store.engine.connect() as connection:
        reads = dict(_reads())
        found = {
            name for name, read in reads.items() if any(_reads_all(step) for step in _steps(connection, read))
        }
    assert len(reads) > 100
    assert found == BULK
