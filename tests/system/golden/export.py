"""A district's database as a canonical text: a line for each row, told by what it stands for.

Plain SQL over whatever tables there are: this runs over a database of any commit, and knows no declaration of linli.
Numbers that every run draws anew are replaced by names (`golden.naming`), JSON is spelled out with sorted keys, what
the vault keeps is opened with the district's key, other sealed bytes are told by their length.
"""

import json
import warnings
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import MetaData, create_engine, select
from sqlalchemy.exc import SAWarning

from golden.naming import Names, Values
from linli._vault.crypto import Keyring, open_

Row = tuple[str, str, dict[str, Any]]
"""A table, the name of a row in it, and its columns."""

# What tells a row from others where its key is a number that says nothing.
_TOLD_BY = {
    "act": ("id",),
    "delivery": ("act", "kind", "recipient", "due_at", "payload"),
    "seal": ("act",),
    "owners_vote_box": ("vote", "part", "way"),
    "owners_vote_sealed": ("vote",),
    "post": ("person", "role", "at", "since"),
    "reporting_done": ("thing",),
    "settings_version": (),
    "three_lists_file": ("request",),
    "three_lists_shift": ("place", "person", "role", "since"),
    "vault_index": ("field", "owner"),
}
# Drawn anew by every run, and no identifier; a settings version is told by its body.
_DRAWN = {
    ("act", "settings"),
    ("act", "body.values.code"),  # what a gift is fetched with
    ("act", "body.subject_rows"),  # digests of many rows in one text
    ("subject", "record.code"),
    ("settings_version", "digest"),
    ("settings_version", "since"),  # by the machine's clock
    ("seal", "number"),  # acts of one moment are sealed in the order of their identifiers
    ("subject", "number"),
    ("tenant", "vault_check"),
    ("tenant", "created_at"),
}


def rows(folder: Path, beside: Mapping[str, list[Values]] | None = None) -> Iterator[Row]:
    """Every row of every table of the one district in a folder's SQLite file, and the pages of its board.

    Args:
        beside: more tables, which are in no database; a row is told by the first of its columns.
    """
    tables, keys = _read(folder / "linli.db")
    tables["vault_item"] = _opened(folder, tables)
    tables["act"] = [_by_clock(row) for row in tables["act"]]
    names = Names(tables)
    for table in sorted(tables, key=lambda name: (name != "act", name != "subject", name)):
        yield from _Table(table, _TOLD_BY.get(table, keys[table]), names).rows(tables[table])
    for table, more in {"board": list(_pages(folder / "board")), **(beside or {})}.items():
        yield from _Table(table, tuple(more[0])[:1] if more else (), names).rows(more)


def _read(file: Path) -> tuple[dict[str, list[Values]], dict[str, tuple[str, ...]]]:
    """The rows of each table with a district's data, and the columns of its key."""
    engine = create_engine(f"sqlite:///{file}")
    metadata = MetaData()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)  # an index over an expression: it is no matter here
        metadata.reflect(engine)
    tables = {name: table for name, table in metadata.tables.items() if "district" in table.c}
    with engine.connect() as connection:
        found: dict[str, list[Values]] = {
            name: [dict(row) for row in connection.execute(select(table)).mappings()]
            for name, table in tables.items()
        }
    engine.dispose()
    return found, {name: tuple(column.name for column in table.primary_key) for name, table in tables.items()}


def _opened(folder: Path, tables: Mapping[str, list[Values]]) -> list[Values]:
    """The vault's items, with what they say."""
    keyring = Keyring.from_secret((folder / "vault.key").read_text("utf-8"), folder / "vault.ages")
    keys = {
        row["owner"]: keyring.unwrap(row["wrapped"], row["district"], UUID(row["owner"]))
        for row in tables["vault_key"]
    }

    def said(row: Values) -> str:
        place = (row["district"], UUID(row["subject"]), row["field"])
        return open_(keys[row["owner"]], row["sealed"], *place).decode()

    return [{**row, "sealed": said(row)} for row in tables["vault_item"]]


def _pages(board: Path) -> Iterator[Values]:
    for file in board.rglob("*"):
        if file.suffix in (".atom", ".html", ".json", ".txt"):
            text = file.read_text("utf-8")
            body = json.loads(text) if file.suffix == ".json" else text.splitlines()
            yield {"page": str(file.relative_to(board)), "body": body}


def _by_clock(act: Values) -> Values:
    """Two clocks of one matter that ring at one moment do so in any order: these acts are told by what they say."""
    return {**act, "version": None} if act["verb"].endswith(".late") else act


class _Table:
    def __init__(self, name: str, summary_fields: tuple[str, ...], names: Names) -> None:
        self._name, self._told_by, self._names = name, summary_fields, names

    def rows(self, rows: list[Values]) -> Iterator[Row]:
        """In the order of their names; those that nothing tells apart, as their content orders them."""
        alike: dict[str, list[Values]] = defaultdict(list)
        for row in rows:
            alike[self._told(row)].append(row)
        for told, group in sorted(alike.items()):
            ordered = sorted(group, key=self._content) if len(group) > 1 else group
            for number, row in enumerate(ordered, 1):
                name = told if number == 1 else f"{told} #{number}"
                yield self._name, name, self._values(row, f"{self._name} {name}")

    def _told(self, row: Values) -> str:
        values = self._values({column: row[column] for column in self._told_by}, "")
        return " | ".join(one if isinstance(one, str) else _json(one) for one in values.values())

    def _content(self, row: Values) -> str:
        return _json(self._values(row, ""))

    def _values(self, row: Values, where: str) -> dict[str, Any]:
        kept = {column: value for column, value in row.items() if column != "district"}
        return {column: self._value(column, value, where) for column, value in sorted(kept.items())}

    def _value(self, column: str, value: Any, where: str) -> Any:
        if isinstance(value, str) and value[:1] in ("{", "["):
            value = _spelled_out(value)
        return self._plain(value, where and f"{where} ", column)

    def _plain(self, value: Any, where: str, path: str) -> Any:
        if (self._name, path) in _DRAWN and value is not None:
            return "‹drawn›"
        match value:
            case str():
                return self._names.within(value, where and where + path)
            case bytes():
                return f"‹{len(value)} bytes›"
            case dict():
                return self._spelled(value, where, path)
            case list():
                return [self._plain(one, where, f"{path}.{n}") for n, one in enumerate(value)]
            case None | bool() | int() | float():
                return value
            case _:
                return str(value)

    def _spelled(self, value: dict[str, Any], where: str, path: str) -> dict[str, Any]:
        """Keys that are numbers have names too, and come in the order of what is under them where nothing tells them."""
        ordered = sorted(
            value, key=lambda key: (self._names.within(key), _json(self._plain(value[key], "", path)))
        )
        found: dict[str, Any] = {}
        for number, key in enumerate(ordered):
            shown = self._names.within(key, where and f"{where}{path} key {number}")
            shown = f"{shown} {number}" if shown in found else shown
            found[shown] = self._plain(value[key], where, f"{path}.{shown}")
        return found


def _spelled_out(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
