"""The feeds: valid Atom (RFC 4287), with identifiers that never change."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.testing import make_district
from linli_board.board import Board
from linli_board.feed import _visible

if TYPE_CHECKING:
    from plugins.board.tests.conftest import Published

_A = "{http://www.w3.org/2005/Atom}"


def _feed(path: Path) -> ET.Element:
    return ET.fromstring(path.read_bytes())


def _text(element: ET.Element, name: str) -> str:
    [found] = element.findall(_A + name)
    return found.text or ""


def _links(element: ET.Element) -> dict[str, str]:
    return {found.attrib["rel"]: found.attrib["href"] for found in element.findall(_A + "link")}


def _checked(element: ET.Element) -> None:
    """What RFC 4287 asks of a feed and of an entry."""
    number = _text(element, "id")
    assert number == f"urn:uuid:{UUID(number.removeprefix('urn:uuid:'))}"
    assert _text(element, "title")
    assert datetime.fromisoformat(_text(element, "updated")).tzinfo


def test_every_feed_is_valid(published: Published) -> None:
    feeds = sorted(published.folder.rglob("feed.atom"))
    assert len(feeds) == 6, "the district's, two streets', a community's, two compounds'"
    for path in feeds:
        feed = _feed(path)
        _checked(feed)
        assert feed.tag == f"{_A}feed"
        assert len(feed.findall(f"{_A}author/{_A}name")) == 1
        entries = feed.findall(f"{_A}entry")
        numbers = [_text(entry, "id") for entry in entries]
        assert len(set(numbers)) == len(numbers)
        for entry in entries:
            _checked(entry)
            assert datetime.fromisoformat(_text(entry, "published")) <= datetime.fromisoformat(_text(entry, "updated"))  # fmt: skip
            assert len(entry.findall(f"{_A}content[@type='text']")) == 1
        assert not entries or _text(feed, "updated") == max(_text(entry, "updated") for entry in entries)


def test_links_are_whole_addresses_where_the_board_knows_its_own(published: Published) -> None:
    links = _links(_feed(published.folder / "places" / str(published.town.compound) / "feed.atom"))
    base = f"https://example.org/board/places/{published.town.compound}"
    assert links == {"alternate": f"{base}/index.html", "self": f"{base}/feed.atom"}


def test_links_are_relative_where_it_does_not(tmp_path: Path) -> None:
    with make_district(tmp_path, enabled=("board",)) as district:
        place = district.register.place("compound", "锦绣花园")
        district.publish.announce(place, "停水通知", "请储水。")
        board = Board(district)
        board.build()
        path = board.folder.root / "places" / str(place) / "feed.atom"
        for entry in _feed(path).iter(f"{_A}entry"):
            assert (path.parent / _links(entry)["alternate"]).resolve().is_file()


def test_hostile_texts_stay_texts(published: Published) -> None:
    entries = _feed(published.folder / "feed.atom").findall(f"{_A}entry")
    [entry] = [one for one in entries if _text(one, "id").endswith(str(published.hostile))]
    assert _text(entry, "title") == published.hostile_title
    assert _text(entry, "content") == published.hostile_body


def test_an_entry_is_marked_and_keeps_its_identifier_when_it_is_withdrawn(published: Published) -> None:
    path, publish = published.folder / "feed.atom", published.town.district.publish
    before = [_text(entry, "id") for entry in _feed(path).iter(f"{_A}entry")]
    publish.withdraw(published.first, "表决结果有误")
    published.town.work()
    feed = _feed(path)
    assert [_text(entry, "id") for entry in feed.iter(f"{_A}entry")] == before
    [entry] = [one for one in feed.iter(f"{_A}entry") if _text(one, "id").endswith(str(published.first))]
    assert _text(entry, "title").startswith("[Withdrawn] ")
    assert "表决结果有误" in _text(entry, "content")
    assert "81.6%" not in path.read_text("utf-8")
    assert _text(entry, "updated") == _text(feed, "updated")


@given(st.text())
def test_what_xml_cannot_hold_is_left_out(text: str) -> None:
    element = ET.Element("a")
    element.text = _visible(text)
    again = ET.fromstring(ET.tostring(element, encoding="utf-8"))
    assert (again.text or "") == _visible(text)


@pytest.mark.parametrize("text", ["停水通知 😀", "a\nb\tc", "مرحبا"])
def test_what_people_write_is_kept(text: str) -> None:
    assert _visible(text) == text
