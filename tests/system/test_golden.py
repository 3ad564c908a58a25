"""Behaviour does not change: a year of the example district leaves what it left at an earlier commit.

Each folder of tests/records is named after the commit that made what is in it; `python -m golden` says how a golden is
made. What may differ is declared, with its reason, in golden/declared.py.
"""

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import attrs
import pytest
from golden.compare import NOTHING, differences
from golden.declared import CHANGES, WORDS, Word, explained, renamed, undeclared
from golden.demo import exported, live
from golden.export import Row
from golden.keeping import kept, made

import linli
from linli_daxiang.demo import Tale

RECORDS = Path(__file__).parent.parent / "records"
GOLDENS = sorted(RECORDS.glob("*/golden.xz"))


@cache
def _golden(file: Path) -> tuple[Row, ...]:
    return tuple(kept(file))


@pytest.fixture(scope="module")
def tale(tmp_path_factory: pytest.TempPathFactory) -> Tale:
    """The year that the goldens are of, as today's linli has it."""
    [year] = {tuple(sorted((made(file) | {"commit": ""}).items())) for file in GOLDENS}
    said = dict(year)
    folder = tmp_path_factory.mktemp("golden") / "district"
    last = date.fromisoformat(str(said["last"]))
    return live(folder, seed=int(str(said["seed"])), scale=float(str(said["scale"])), last=last)


@pytest.fixture(scope="module")
def today(tale: Tale) -> list[Row]:
    return list(exported(tale))


@pytest.mark.parametrize("file", GOLDENS, ids=lambda file: file.parent.name)
def test_a_year_of_the_example_district_leaves_what_it_left(file: Path, today: list[Row]) -> None:
    found = undeclared(_golden(file), today)
    assert not found, f"{len(found)} differences:\n" + "\n".join(str(one) for one in found[:20])


@pytest.mark.parametrize("file", GOLDENS, ids=lambda file: file.parent.name)
def test_what_is_declared_to_differ_does(file: Path, today: list[Row]) -> None:
    met = {change for _, change in explained(list(_golden(file)), today) if change}
    assert [one for one in CHANGES if one not in met and not one.seldom] == []
    without = [
        word for word in WORDS if not undeclared(_golden(file), today, [one for one in WORDS if one != word])
    ]
    assert without == []


def test_the_brief_of_another_year_counts_its_own_acts(tale: Tale, today: list[Row]) -> None:
    """Another seed than the other demo's: something else, which adds up."""
    with linli.open(tale.folder) as district:
        mine = district.brief(None, tale.first, tale.last).figures["requests.accepted"]
    accepted = sum(table == "act" and values["verb"] == "request.accept" for table, _, values in today)
    assert mine == accepted + tale.history.total("registered")
    theirs = json.loads((RECORDS / "6201924" / "brief.json").read_text(encoding="utf-8"))["figures"]
    assert mine != theirs["requests.accepted"]


# --- the comparison can fail ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def golden() -> list[Row]:
    """As it is said with the words of today."""
    return list(renamed(_golden(GOLDENS[-1]), list(WORDS)))


TABLES = ("act", "posting", "account", "figure", "vault_item", "delivery", "board", "brief", "seal")


def test_a_row_that_is_missing_or_more_is_found(golden: list[Row]) -> None:
    firsts = {table: next(name for one, name, _ in golden if one == table) for table in TABLES}
    fewer = [(table, name, values) for table, name, values in golden if firsts.get(table) != name]
    missing = undeclared(golden, fewer)
    assert {(one.table, one.row, one.path, one.new) for one in missing} == {
        (table, name, "", NOTHING) for table, name in firsts.items()
    }
    more = undeclared(fewer, golden)
    assert {(one.table, one.row, one.path, one.old) for one in more} == {
        (table, name, "", NOTHING) for table, name in firsts.items()
    }


PATHS = {
    ("act", "at"),
    ("act", "acting_as"),
    ("act", "body.values.ledger"),
    ("subject", "state"),
    ("subject", "hands.moves"),
    ("posting", "amount"),
    ("vault_item", "sealed"),
    ("tie", "until"),
    ("board", "body"),
}


def test_a_value_that_changed_is_found_with_its_row_and_column(golden: list[Row]) -> None:
    left, now, changed = set(PATHS), [], set()
    for table, name, values in golden:
        path = next((path for one, path in left if one == table and _at(values, path)), None)
        if path:
            left.discard((table, path))
            changed.add((table, name, path))
        now.append((table, name, _changed(values, path.split(".")) if path else values))
    found = undeclared(golden, now)
    assert left == set()
    assert {(one.table, one.row, one.path) for one in found} == changed
    for one in found:
        assert f"{one.table} | {one.row} | {one.path}:" in str(one), "whoever reads it knows where"


def _changed(values: dict[str, Any], way: list[str]) -> dict[str, Any]:
    first, *rest = way
    return values | {first: _changed(values[first], rest) if rest else "something else"}


def _at(values: dict[str, Any], path: str) -> Any:
    found: Any = values
    for step in path.split("."):
        found = found.get(step) if isinstance(found, dict) else None
    return found


def _every(rows: list[Row], old: str, new: str) -> list[Row]:
    return [
        (table, name, values | {"verb": new}) if values.get("verb") == old else (table, name, values)
        for table, name, values in rows
    ]


def test_a_verb_that_was_renamed_is_found_unless_the_table_of_words_has_it(golden: list[Row]) -> None:
    now = _every(golden, "request.submit", "request.hand_in")
    found = undeclared(golden, now)
    assert len(found) > 50
    assert {(one.path, one.old, one.new) for one in found} == {("verb", "request.submit", "request.hand_in")}
    word = Word("request.submit", "request.hand_in", ("act.verb",), "clerks say so")
    assert undeclared(golden, now, [word]) == []
    elsewhere = attrs.evolve(word, at=("subject.verb",))
    assert len(undeclared(golden, now, [elsewhere])) == len(found), (
        "words are renamed where the table says, only"
    )


def test_a_kind_that_was_renamed_keeps_the_names_of_its_matters(golden: list[Row]) -> None:
    text = json.dumps([row for row in golden if row[0] in ("act", "subject")], ensure_ascii=False)
    now = json.loads(text.replace("‹gift ", "‹present ").replace('"kind": "gift"', '"kind": "present"'))
    old = [row for row in golden if row[0] in ("act", "subject")]
    assert len(list(differences(old, [tuple(row) for row in now]))) > 10
    word = Word("gift", "present", ("act.kind", "subject.kind", "names"), "for this test")
    assert undeclared(old, [tuple(row) for row in now], [word]) == []


def test_a_name_of_a_field_or_a_figure_is_renamed_where_the_table_says(golden: list[Row]) -> None:
    old = [row for row in golden if row[0] in ("figure", "brief") or row[2].get("kind") == "gift"]
    text = json.dumps(old, ensure_ascii=False).replace('"price":', '"costs":')
    now = [tuple(row) for row in json.loads(text.replace("requests.closed", "requests.done"))]
    price = Word("price", "costs", ("act.body.values.", "subject.record."), "for this test")
    closed = Word("requests.closed", "requests.done", ("figure.name", "brief.", "names"), "for this test")
    figures = undeclared(old, now, [price])
    assert {one.table for one in figures} == {"figure", "brief"}
    assert {one.table for one in undeclared(old, now, [closed])} == {"act", "subject"}
    assert undeclared(old, now, [price, closed]) == []
