"""The public page of a matter: its whole way on one page, on the board, in a real browser.

The browser needs Debian's chromium (apt-get install chromium).
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Browser, sync_playwright

from linli import District
from linli.testing import make_district
from linli_board.board import Board
from linli_decisions.testing import Compound, compound
from linli_decisions.way import page

CHROMIUM = "/usr/bin/chromium"
ENABLED = ("meetings", "decisions", "owners_vote", "board")
BOARD = '\n[board]\nlanguage = "zh"\n'


@pytest.fixture
def here(new_district: Callable[..., District]) -> Compound:
    return compound(new_district, BOARD, enabled=ENABLED)


def _work(here: Compound) -> None:
    while here.district.worker.run_once(now=here.clock.now):
        pass


def _page(here: Compound, matter: UUID) -> Path:
    return Board(here.district).folder.root / f"matters/{matter}.html"


def _carried_out(here: Compound) -> UUID:
    matter = here.propose()
    here.make(matter, "submit", "owner")
    here.opine(matter, "return", "secretary")
    here.make(matter, "submit", "owner")
    for by in ("secretary", "committee", "manager"):
        here.opine(matter, "approve", by)
    here.resolve_item(matter)
    here.make(matter, "object", "neighbour", objection="王家漏水")
    here.make(here.decisions.objections(matter)[0].id, "answer", "member", answer="已安排。")
    here.work_until(here.clock.now + timedelta(days=10))
    here.make(matter, "begin", "second_committee", text="开工。")
    here.make(matter, "stage", "second_committee", name="路面", text="路面完成。")
    here.make(matter, "finish", "second_committee")
    here.make(matter, "check", "third_member", text="验收合格。")
    _work(here)
    return matter


def test_a_matter_has_no_public_page_before_its_resolution_is_disclosed(here: Compound) -> None:
    matter = here.in_filing()
    assert page(here.district, matter) is None
    here.resolve_item(matter)
    found = page(here.district, matter)
    assert found is not None
    assert (found.title, found.place) == ("整治小区道路", here.place)
    assert [step.publication for step in found.steps if step.publication]


def test_the_page_follows_every_step_also_those_that_nothing_was_published_about(here: Compound) -> None:
    matter = here.in_filing()
    here.resolve_item(matter)
    _work(here)
    assert "决议公示" in _page(here, matter).read_text("utf-8")
    here.work_until(here.clock.now + timedelta(days=10))
    assert "决议生效" in _page(here, matter).read_text("utf-8")


def test_the_page_says_nothing_that_was_written_in_confidence_and_names_nobody(here: Compound) -> None:
    matter = _carried_out(here)
    text = _page(here, matter).read_text("utf-8")
    for private in ("王家漏水", "道路破损", "不齐", "已安排"):
        assert private not in text
    for actor in here.people.values():
        assert str(actor.person) not in text


def test_building_the_board_again_from_the_record_changes_nothing(here: Compound) -> None:
    matter = _carried_out(here)
    before = _page(here, matter).read_bytes()
    _page(here, matter).unlink()
    Board(here.district).build()
    assert _page(here, matter).read_bytes() == before
    assert Board(here.district).build() == 0


# --- in a browser -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless browser."""
    with sync_playwright() as playwright:
        # As root, as in a container, chromium has no sandbox; it sees our own pages only.
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


def test_a_reader_finds_the_whole_way_of_a_matter_on_one_page(tmp_path: Path, browser: Browser) -> None:
    opened: list[District] = []

    def new_district(**options: object) -> District:
        opened.append(make_district(tmp_path, **options))  # type: ignore[arg-type]
        return opened[-1]

    here = compound(new_district, BOARD, enabled=ENABLED)
    matter = _carried_out(here)
    complaints: list[str] = []
    shown = browser.new_page(viewport={"width": 320, "height": 568})
    shown.on("console", lambda message: complaints.append(message.text))
    shown.on("pageerror", lambda error: complaints.append(str(error)))
    shown.goto((Board(here.district).folder.root / f"places/{here.place}/index.html").as_uri())
    shown.get_by_role("link", name="决议公开：整治小区道路", exact=True).click()
    shown.get_by_role("link", name="查看该事项从提议到结果的全程").click()
    assert shown.url.endswith(f"matters/{matter}.html")
    assert shown.locator("h1").inner_text() == "整治小区道路"
    steps = [one.inner_text() for one in shown.locator(".way li").all()]
    said = "\n".join(steps)
    for word in ("提议", "退回提议人", "锦绣花园党支部", "锦绣花园业委会", "锦绣花园物业公司", "审定备案", "2026-0001",
                 "提出异议", "决议生效", "开始实施", "路面", "已完成"):  # fmt: skip
        assert word in said, word
    links = [one.inner_text() for one in shown.locator(".way .document a").all()]
    assert [link.partition("：")[0] for link in links] == [
        "决议公开",
        "过程公开（开工）",
        "过程公开",
        "结果公开",
    ]
    wide = shown.evaluate("document.documentElement.scrollWidth")
    assert wide <= 320, "it has to be pushed sideways"
    shown.locator(".way .document a").last.click()
    assert "结果公开" in shown.locator("h1").inner_text()
    shown.close()
    assert complaints == []
    opened[0].close()
