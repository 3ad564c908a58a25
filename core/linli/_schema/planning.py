"""What SQLite believes of tables before anybody has counted them.

Without statistics it takes a district to be as telling as a number, and would rather read all of a
district in the order of its keys than a matter's few rows by their index. So a new database is told
what is true of every linli database: one district has nearly all rows, and a number has few. Whoever
runs ANALYZE puts the real counts in their place, until the next upgrade.
"""

from typing import Any, Final

from sqlalchemy import Connection

_ROWS: Final = 1_000_000
# How many values a column has, by what it is.
_PLACES: Final = 40
_NUMBERS: Final = 100_000
_WORDS: Final = 20
_OTHERS: Final = 1_000
_OF_PLACES: Final = frozenset(("compound", "place", "reporting_place"))
# A place has very many matters, but only a few bodies.
_FEW_AT_A_PLACE: Final = frozenset(("organisation",))


def tell_sqlite(connection: Connection) -> None:
    """Put down what every index of every table that districts share may be believed to have."""
    run = connection.exec_driver_sql
    run("ANALYZE sqlite_schema")  # makes the table of statistics, where there is none
    run("DELETE FROM sqlite_stat1")
    tables = [name for (name,) in run("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    for table in tables:
        columns = {row[1]: str(row[2]) for row in run(f'PRAGMA table_info("{table}")')}
        if "district" in columns:
            _tell(run, table, columns)
    run("ANALYZE sqlite_schema")  # makes this connection read it


def _tell(run: Any, table: str, columns: dict[str, str]) -> None:
    of_places = frozenset() if table in _FEW_AT_A_PLACE else _OF_PLACES
    for _, index, unique, *_ in run(f'PRAGMA index_list("{table}")').all():
        names = [row[2] for row in run(f'PRAGMA index_info("{index}")')]
        counts = _believed(names, columns, of_places)
        counts[-1] = 1 if unique else counts[-1]
        text = " ".join(map(str, (_ROWS, *counts)))
        run("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, ?, ?)", (table, index, text))


def _believed(names: list[str | None], columns: dict[str, str], of_places: frozenset[str]) -> list[int]:
    """How many rows are alike in the first column of an index, in its first two, and so on."""
    left, found = _ROWS, []
    for name in names:
        left = max(1, left // _values(name, columns, of_places))
        found.append(left)
    return found


def _values(name: str | None, columns: dict[str, str], of_places: frozenset[str]) -> int:
    if name == "district":
        return 1
    if name in of_places:
        return _PLACES
    kind = columns.get(name, "CHAR(32)") if name else "CHAR(32)"
    if kind.startswith("CHAR(32)"):
        return _NUMBERS
    return _WORDS if kind.startswith("VARCHAR") else _OTHERS
