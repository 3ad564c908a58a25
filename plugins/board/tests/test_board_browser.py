"""The board in a real browser: on a phone, on a desk, from a file, below a path, on paper.

It needs Debian's chromium (apt-get install chromium); without it these are skipped, and pytest says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

if TYPE_CHECKING:
    from plugins.board.tests.conftest import Published

CHROMIUM = Path("/usr/bin/chromium")
pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="chromium is missing: apt-get install chromium")

PHONE = {"width": 320, "height": 568}
DESK = {"width": 1280, "height": 800}
_MEASURED = "[document.documentElement.scrollWidth, parseFloat(getComputedStyle(document.body).fontSize)]"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless browser."""
    with sync_playwright() as playwright:
        # As root, as in a container, chromium has no sandbox; it sees our own pages only.
        found = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield found
        found.close()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_arguments: object) -> None:
        pass


@pytest.fixture
def address(published: Published) -> Iterator[str]:
    """Where the board is served, below a path."""
    assert published.folder.name == "board"
    handler = partial(_Quiet, directory=str(published.folder.parent))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/board/"
        server.shutdown()


def _opened(browser: Browser, where: str, size: dict[str, int], complaints: list[str]) -> Page:
    page = browser.new_page(viewport=size)  # type: ignore[arg-type]
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: complaints.append(dialog.message))
    page.goto(where)
    return page


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("served", [False, True], ids=["file", "served"])
def test_every_page_is_large_fits_and_runs_nothing(
    browser: Browser, published: Published, address: str, size: dict[str, int], served: bool
) -> None:
    complaints: list[str] = []
    page = _opened(browser, "about:blank", size, complaints)
    for path in sorted(published.folder.rglob("*.html")):
        name = path.relative_to(published.folder).as_posix()
        page.goto(address + name if served else path.as_uri())
        wide, letters = page.evaluate(_MEASURED)
        assert wide <= size["width"], f"{name} has to be pushed sideways"
        assert letters >= 20, f"{name} is shown without its style"
    page.close()
    assert complaints == []


def test_a_reader_finds_the_way_from_the_front_page_to_a_correction_and_back(
    browser: Browser, published: Published, address: str
) -> None:
    page = _opened(browser, address, PHONE, [])
    for name in ("红旗路街道", "城南社区", "锦绣花园"):
        page.locator("nav").get_by_role("link", name=name, exact=True).click()
    assert page.locator("h1").inner_text() == "锦绣花园"
    page.get_by_role("link", name="停水通知", exact=True).click()
    page.locator(".notice").get_by_role("link").click()
    assert page.locator("h1").inner_text() == "停水通知（更正）"
    page.get_by_role("link", name="Back to the board").click()
    assert page.locator("h1").inner_text() == "锦绣花园"
    page.close()


def test_what_a_finger_must_hit_is_large_enough(browser: Browser, published: Published) -> None:
    """WCAG 2.2, 2.5.8: 24 pixels; links within a sentence aside."""
    page = _opened(browser, (published.folder / "index.html").as_uri(), PHONE, [])
    for link in page.locator(".entries a, .places a, .trail a, footer a").all():
        box = link.bounding_box()
        assert box
        assert box["height"] >= 24
    page.close()


def test_turned_texts_turn_nothing_around_them(browser: Browser, published: Published) -> None:
    page = _opened(
        browser, (published.folder / f"places/{published.town.compound}/index.html").as_uri(), DESK, []
    )
    about = page.locator("li", has=page.locator("bdi", has_text="alert")).locator("time").bounding_box()
    assert about
    left = page.locator("h1").bounding_box()
    assert left
    assert about["x"] == left["x"], "the date still stands at the beginning of its line"
    page.close()


def test_a_disclosure_is_printed_on_one_sheet(browser: Browser, published: Published) -> None:
    page = _opened(browser, (published.folder / f"publications/{published.first}.html").as_uri(), DESK, [])
    sheet = page.pdf(prefer_css_page_size=True)
    assert re.findall(rb"/Type /Pages\s+/Count (\d+)", sheet) == [b"1"]
    page.emulate_media(media="print")
    assert not page.locator(".trail").is_visible()
    assert page.locator(".proof").is_visible()
    page.close()
