"""What holds for every page: links lead somewhere, names are those of the code, diagrams can be drawn."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from linli._model.compiling import all_as_run, as_run
from linli._verbs.dispatch.figures import FIGURES
from linli._verbs.dispatch.handing_over import HandoverFlow
from linli._verbs.dispatch.records import OUTCOMES
from linli._verbs.dispatch.requests import RequestFlow
from linli._verbs.dispatch.tasks import OfferFlow, TaskFlow
from linli._verbs.publish.workflow import PublicationFlow
from linli._verbs.register.kinds import COMPOUND_KINDS, PART_USES, PLACE_KINDS

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = sorted(page for page in DOCS.rglob("*.md") if "build" not in page.parts)
GLOSSARY = (DOCS / "glossary.md").read_text(encoding="utf-8")
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def _links(page: Path) -> list[str]:
    text = FENCED.sub("", page.read_text(encoding="utf-8"))
    return [link for link in LINK.findall(text) if not link.startswith(("http:", "https:", "mailto:"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(DOCS).as_posix())
def test_every_link_leads_to_something_in_the_tree(page: Path) -> None:
    lost = [link for link in _links(page) if not (page.parent / link).exists()]
    assert not lost


def test_every_page_can_be_reached_from_the_first() -> None:
    reached: set[Path] = set()
    waiting = [DOCS / "index.md"]
    while waiting:
        page = waiting.pop()
        if page not in reached and page.suffix == ".md" and page.exists():
            reached.add(page)
            waiting += [(page.parent / link).resolve() for link in _links(page)]
    assert not {page for page in PAGES if "linli-snow" not in page.parts} - reached


def _names(page: str) -> set[str]:
    return set(re.findall(r"`([^`]+)`", page))


def _terms() -> Iterable[str]:
    """The names in code that the core itself has for what people see."""
    for flow in all_as_run((RequestFlow, TaskFlow, OfferFlow, HandoverFlow, PublicationFlow)):
        yield flow.name
        yield from (state.name for state in flow.states)
    yield from PLACE_KINDS
    yield from COMPOUND_KINDS.values()
    yield from PART_USES.values()
    yield from OUTCOMES
    yield from ("accept", "dispatch", "resolve", "close", "give_back", "urge", "pause")


def test_the_glossary_has_every_name_that_the_core_gives_to_what_people_see() -> None:
    assert not set(_terms()) - _names(GLOSSARY)


def test_the_moves_that_the_glossary_names_are_there() -> None:
    moves = {move.name for flow in (RequestFlow, TaskFlow) for move in as_run(flow).moves}
    rows = re.findall(r"^\| [^|]+ \| moves? ([^|]+) \|", GLOSSARY, re.MULTILINE)
    named = {name for row in rows for name in _names(row)}
    assert named
    assert named <= moves


def test_every_place_that_the_glossary_names_is_there() -> None:
    places = {name for name in _names(GLOSSARY) if name.startswith(("core/", "plugins/", "adapters/"))}
    assert len(places) > 20
    assert not {place for place in places if not (ROOT / place).exists()}


def test_every_term_of_the_glossary_has_a_chinese_word_a_name_a_meaning_and_a_place() -> None:
    section = GLOSSARY.partition("## Figures of the core")[0]
    rows = [line for line in section.splitlines() if line.startswith("| ") and "name in code" not in line]
    assert len(rows) > 70
    for row in rows:
        chinese, name, meaning, where = (cell.strip() for cell in row.strip("|").split("|"))
        assert re.search(r"[\u4e00-\u9fff]", chinese), row
        assert "`" in name, row
        assert meaning, row
        assert where, row


def test_the_glossary_names_the_figures_of_requests_with_their_kind() -> None:
    rows = dict(re.findall(r"^\| `(requests\.\w+)` \| (stock|flow) \|", GLOSSARY, re.MULTILINE))
    known = {figure.name: "stock" if figure.stock else "flow" for figure in FIGURES}
    assert rows
    assert rows == {name: known[name] for name in rows}


def test_diagrams_are_of_a_kind_that_mermaid_draws() -> None:
    drawn = [
        text
        for page in PAGES
        for text in re.findall(r"^```mermaid\n(.*?)^```$", page.read_text(encoding="utf-8"), re.M | re.S)
    ]
    assert drawn
    for text in drawn:
        head, *lines = text.splitlines()
        assert head == "sequenceDiagram"
        for line in lines:
            assert re.fullmatch(r"    (participant \w+ as [^;#]+|\w+--?>>\w+: [^;#]+)", line), line
