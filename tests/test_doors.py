"""What plugins may import: the doors of linli, and nothing of its inside."""

import ast
import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path

import pytest

import linli
from linli._cli import scaffold

ROOT = Path(__file__).parent.parent
DOORS = ("linli", "linli.query", "linli.hooks", "linli.importing", "linli.cli", "linli.testing")

# What plugins still need of the inside, with why: it goes when there is a door for it. This list only shrinks.
STILL: Mapping[str, str] = {
    "linli._base:codec": "journal values by hand",
    "linli._cli.brief:print_brief": "the command line's own printing",
    "linli._cli.importing:import_": "the command line's own printing",
    "linli._cli.meaning:OwnerNotSaid": "the command line's own printing",
    "linli._cli.shared:Matter": "the command line's own printing",
    "linli._cli.shared:columns": "the command line's own printing",
    "linli._cli.shared:padded": "the command line's own printing",
    "linli._cli.telling:in_words": "the command line's own printing",
    "linli._config:write_duration": "no door yet",
    "linli._district.district:open_district": "no door yet",
    "linli._district.profiles:new_folder": "no door yet",
    "linli._engine.asked:WorkedOut": "no door yet",
    "linli._engine.conflicts:ActedAlready": "no door yet",
    "linli._importing.run:Importing": "no door yet",
    "linli._model.compiled:Workflow": "no door yet",
    "linli._model.deadlines:spent_since": "no door yet",
    "linli._model.figures:once": "no door yet",
    "linli._model.lookups:ever": "no door yet",
    "linli._model.subjects:stored_in_bulk": "no door yet",
    "linli._proof.sealing:Head": "no door yet",
    "linli._seeing.texts:texts_of": "no door yet",
    "linli._store:Read": "no door yet",
    "linli._store:tables": "no door yet",
    "linli._vault.crypto:DataKey": "words sealed under a key of its own: goes with inputs that are files",
    "linli._vault.crypto:open_": "words sealed under a key of its own: goes with inputs that are files",
    "linli._vault.crypto:seal": "words sealed under a key of its own: goes with inputs that are files",
    "linli._vault.vault:ITEMS_OF": "words sealed under a key of its own: goes with inputs that are files",
    "linli._vault.vault:KEY_OF": "words sealed under a key of its own: goes with inputs that are files",
    "linli._verbs.award.accounts:Account": "statements of the bank: a question to come",
    "linli._verbs.award.accounts:Line": "statements of the bank: a question to come",
    "linli._verbs.award.reversing:Reversal": "statements of the bank: a question to come",
    "linli._verbs.award.reversing:reversal": "statements of the bank: a question to come",
    "linli._verbs.award.wording:rule_label": "statements of the bank: a question to come",
    "linli._verbs.dispatch:standing": "no door yet",
    "linli._verbs.dispatch.filing:OPEN_STATES": "no door yet",
    "linli._verbs.dispatch.import_history:count_as_if": "no door yet",
    "linli._verbs.dispatch.records:UNDATED": "no door yet",
    "linli._verbs.dispatch.routing:tasks": "no door yet",
    "linli._verbs.publish:reading": "reading publications for the board: a question to come",
    "linli._verbs.publish.checks:publications_about": "reading publications for the board: a question to come",
    "linli._verbs.publish.disclosing:disclosed": "reading publications for the board: a question to come",
    "linli._verbs.publish.disclosing:taken_down": "reading publications for the board: a question to come",
    "linli._verbs.publish.files:content": "reading publications for the board: a question to come",
    "linli._verbs.publish.files:whole": "reading publications for the board: a question to come",
    "linli._verbs.publish.reading:Period": "reading publications for the board: a question to come",
    "linli._verbs.publish.reading:Wanted": "reading publications for the board: a question to come",
    "linli._verbs.publish.reading:about": "reading publications for the board: a question to come",
    "linli._verbs.publish.receipts:receipt_text": "reading publications for the board: a question to come",
    "linli._verbs.publish.records:largest_file": "no door yet",
    "linli._verbs.register.living:ended": "bulk importers by hand: goes with orders that importers give",
    "linli._verbs.register.organisations:ORGANISATIONS": "bulk importers by hand: goes with orders that importers give",
    "linli._verbs.register.organisations:ended_organisation": "bulk importers by hand: goes with orders that importers give",
    "linli._verbs.register.organisations:organisation_from": "bulk importers by hand: goes with orders that importers give",
    "linli._verbs.register.organisations:organisation_id": "bulk importers by hand: goes with orders that importers give",
    "linli._verbs.register.phones:PhoneAct": "bulk importers by hand: goes with orders that importers give",
    "linli._verbs.register.phones:files_of_people_since": "bulk importers by hand: goes with orders that importers give",
    "linli._verbs.register.phones:opens_nothing": "bulk importers by hand: goes with orders that importers give",
    "linli._verbs.register.phones:phone_acts_since": "bulk importers by hand: goes with orders that importers give",
    "linli._verbs.register.posts:PostRecord": "bulk importers by hand: goes with orders that importers give",
    "linli._verbs.register.ties:OWNER_AS": "bulk importers by hand: goes with orders that importers give",
    "linli._verbs.register.ties:TIES_AT": "bulk importers by hand: goes with orders that importers give",
    "linli._verbs.register.ties:Tie": "bulk importers by hand: goes with orders that importers give",
    "linli._verbs.register.ties:put_tie": "bulk importers by hand: goes with orders that importers give",
    "linli._verbs.register.ties:tie_from": "bulk importers by hand: goes with orders that importers give",
    "linli._verbs.register.tree:PlaceNode": "bulk importers by hand: goes with orders that importers give",
}


def _sources() -> Iterator[Path]:
    for folder in ("plugins", "adapters"):
        yield from sorted((ROOT / folder).glob("*/src/**/*.py"))
    yield from sorted((ROOT / "docs" / "tutorial").glob("*/src/**/*.py"))


def _imports(text: str) -> Iterator[str]:
    """Everything of linli that a source imports: "linli.query:one"."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.partition(".")[0] == "linli":
            yield from (f"{node.module}:{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (f"{alias.name}:" for alias in node.names if alias.name.partition(".")[0] == "linli")


def _is_open(name: str) -> bool:
    module, _, attribute = name.partition(":")
    return module in DOORS and (
        not attribute or attribute in _names(module) or f"{module}.{attribute}" in DOORS
    )


def _names(door: str) -> set[str]:
    return set(import_module(door).__all__)


def test_plugins_adapters_and_the_tutorial_import_from_the_doors_alone() -> None:
    found = {
        name
        for path in _sources()
        if "migrations" not in path.parts
        for name in _imports(path.read_text(encoding="utf-8"))
        if not _is_open(name)
    }
    assert found - STILL.keys() == set(), "take it from a door"
    assert STILL.keys() - found == set(), "these are not needed any more: take them out of the list"


def test_the_scaffold_imports_from_the_doors_alone() -> None:
    texts = [
        value
        for name, value in vars(scaffold).items()
        if name.isupper() and isinstance(value, str) and "import" in value
    ]
    sources = [text for text in texts if "from linli" in text]
    assert sources, "there is something to look at"
    assert [one for text in sources for one in _imports(text) if not _is_open(one)] == []


@pytest.mark.parametrize("door", DOORS)
def test_a_door_has_the_same_names_for_programs_and_for_type_checkers(door: str) -> None:
    module = import_module(door)
    tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
    typed = {
        alias.asname or alias.name
        for node in tree.body
        if isinstance(node, ast.If)
        for inner in node.body
        if isinstance(inner, ast.ImportFrom)
        for alias in inner.names
    }
    assert typed == _names(door) == set(dir(module))


@pytest.mark.parametrize("door", DOORS)
def test_everything_in_a_door_is_there(door: str) -> None:
    module = import_module(door)
    for name in module.__all__:
        assert getattr(module, name) is not None


def test_what_is_not_in_a_door_is_told_as_a_module_tells_it() -> None:
    with pytest.raises(AttributeError, match="module 'linli' has no attribute 'Workflows'"):
        linli.Workflows  # type: ignore[attr-defined] # noqa: B018


def test_a_door_loads_nothing_by_itself() -> None:
    """The names are loaded when they are first used: `linli --help` pays for none."""
    code = "import sys, linli, linli.query, linli.hooks, linli.importing, linli.cli; print([m for m in sys.modules if m.startswith('linli.')])"
    import subprocess

    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert set(ast.literal_eval(out)) <= {*DOORS, "linli._base", "linli._base.doors", "linli._base.version"}
