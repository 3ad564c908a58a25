"""Plugins read linli's record by typed questions: their own SQL is over their own tables, and what runs as the district is listed.

Both lists only shrink: a file that is on one and needs it no more fails, as one does that is not.
"""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
_CORES = ("linli._model.lookups", "linli._engine.listing", "linli._store.tables")

# What reads or writes a table of linli's by SQL of its own, and why no question does it.
OWN_SQL: Mapping[str, str] = {
    "linli_bank/measuring.py": "sums of postings over all accounts, for figures and lists: linli has no question for these",
    "linli_bank/members.py": "it moves an account to another bank, which no effect does",
    "linli_stewards/figures.py": "how much of all posts is filled, in one statement",
    "linli_stewards/grids.py": "all places below one with their stewards, for a map",
    "linli_stewards/reading.py": "all places below one with their stewards, for a list",
    "linli_three_lists/duplicates.py": "it compares what is in the vault, which no question shows",
}

# What asks without an actor outside an act. Those of pages, lists and commands come with accounts, when somebody is always there.
AS_THE_DISTRICT: Mapping[str, str] = {
    "linli_bank/api.py": "for programs",
    "linli_bank/banks.py": "a figure of the whole district",
    "linli_bank/lists.py": "a list that is published",
    "linli_board/places.py": "the public pages",
    "linli_brief/forms/lists.py": "a form of the whole district",
    "linli_centres/api.py": "for programs",
    "linli_daxiang/year/bank.py": "the year that is made up",
    "linli_daxiang/year/meetings.py": "the year that is made up",
    "linli_daxiang/year/reports.py": "the year that is made up",
    "linli_daxiang/year/votes.py": "the year that is made up",
    "linli_decisions/api.py": "for programs",
    "linli_decisions/turns.py": "the district's list of whose turn it is",
    "linli_owners_vote/api.py": "for programs",
    "linli_owners_vote/views.py": "each view judges by itself who sees how much of a roll",
    "linli_party/api.py": "for programs",
    "linli_party/compounds.py": "a figure of the whole district",
    "linli_party/survey_api.py": "for programs",
    "linli_reporting/comparing.py": "a file is compared with every report, by whoever may import",
    "linli_reporting/views.py": "each view judges by itself who may",
    "linli_stewards/api.py": "for programs",
    "linli_stewards/contacts.py": "what a steward agreed to have published",
    "linli_three_lists/api.py": "for programs",
    "linli_three_lists/rota.py": "the rota, which everybody in service sees",
    "linli_volunteers/api.py": "for programs",
    "linli_volunteers/service_api.py": "for programs",
    "linli_volunteers/wish_api.py": "for programs",
}


def _sources() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted((*ROOT.glob("plugins/*/src/**/*.py"), *ROOT.glob("adapters/*/src/**/*.py"))):
        name = path.as_posix().partition("/src/")[2]
        if "migrations" not in path.parts and "testing" not in path.parts and path.name != "testing.py":
            yield name, ast.parse(path.read_text(encoding="utf-8"))


def _of_the_cores_tables(tree: ast.Module) -> bool:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            named = {one.name for one in node.names}
            if node.module in _CORES or (node.module == "linli._store" and "tables" in named):
                return True
    return False


def _as_the_district(tree: ast.Module) -> bool:
    return any(isinstance(node, ast.Attribute) and node.attr == "ask_unchecked" for node in ast.walk(tree))


def test_only_what_is_listed_has_sql_over_linlis_tables() -> None:
    assert {name for name, tree in _sources() if _of_the_cores_tables(tree)} == OWN_SQL.keys()


def test_only_what_is_listed_asks_as_the_district_itself() -> None:
    assert {name for name, tree in _sources() if _as_the_district(tree)} == AS_THE_DISTRICT.keys()


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("from linli._store import Write, tables as t", True),
        ("from linli._store.tables import subject", True),
        ("from linli._model.lookups import ever", True),
        ("from linli._store import Write", False),
        ("from linli.query import subjects", False),
    ],
)
def test_an_import_of_linlis_tables_is_found(source: str, found: bool) -> None:
    assert _of_the_cores_tables(ast.parse(source)) == found


def test_a_question_without_an_actor_is_found() -> None:
    assert _as_the_district(ast.parse("self._district.ask_unchecked(subjects(Flow))"))
    assert not _as_the_district(ast.parse("self._district.ask(subjects(Flow), actor=who)"))
