"""A place's Atom feed (RFC 4287)."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import attrs

from linli_board.entries import Entry
from linli_board.words import WORDS, series_name

ATOM = "http://www.w3.org/2005/Atom"


@attrs.frozen(kw_only=True)
class Source:
    """What a feed says of itself.

    Attributes:
        id: a urn:uuid that never changes.
        address: from a page's path in the folder, its address for the feed's readers.
        page, feed: the paths of the place's first page and of the feed.
        empty_at: when a feed without entries was last changed.
    """

    id: str
    title: str
    author: str
    language: str
    address: Callable[[str], str]
    page: str
    feed: str
    empty_at: datetime


def atom(source: Source, entries: Sequence[tuple[Entry, str]]) -> str:
    """The feed of these entries, each with its text."""
    ET.register_namespace("", ATOM)
    feed = ET.Element(_name("feed"), {"{http://www.w3.org/XML/1998/namespace}lang": source.language})
    updated = max((entry.updated for entry, _ in entries), default=source.empty_at)
    _add(feed, "id", source.id)
    _add(feed, "title", source.title)
    _add(feed, "updated", _moment(updated))
    _add(ET.SubElement(feed, _name("author")), "name", source.author)
    _link(feed, "alternate", source.address(source.page), "text/html")
    _link(feed, "self", source.address(source.feed), "application/atom+xml")
    for entry, text in entries:
        _entry(feed, source, entry, text)
    ET.indent(feed)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(feed, encoding="unicode") + "\n"


def _entry(feed: ET.Element, source: Source, entry: Entry, text: str) -> None:
    made = ET.SubElement(feed, _name("entry"))
    _add(made, "id", f"urn:uuid:{entry.id}")
    _add(made, "title", _title(entry))
    _add(made, "published", _moment(entry.published))
    _add(made, "updated", _moment(entry.updated))
    _link(made, "alternate", source.address(entry.page), "text/html")
    ET.SubElement(
        made,
        _name("category"),
        {"term": entry.series, "label": _visible(series_name(entry.series, entry.stage))},
    )
    _add(made, "content", _content(entry, text)).set("type", "text")


def _title(entry: Entry) -> str:
    mark = WORDS["withdrawn"] if entry.withdrawn else WORDS["corrected"] if entry.corrected_by else None
    return f"[{mark}] {entry.title}" if mark else entry.title


def _content(entry: Entry, text: str) -> str:
    if entry.withdrawn:
        return f"{WORDS['withdrawn_text']}\n{WORDS['reason']}: {entry.reason}"
    return text


def _link(parent: ET.Element, rel: str, href: str, kind: str) -> None:
    ET.SubElement(parent, _name("link"), {"rel": rel, "type": kind, "href": href})


def _add(parent: ET.Element, name: str, text: str) -> ET.Element:
    made = ET.SubElement(parent, _name(name))
    made.text = _visible(text)
    return made


def _visible(text: str) -> str:
    """`text` without what XML 1.0 cannot hold; publications have none of it, names of places might."""
    return "".join(char for char in text if char in "\t\n" or _in_xml(ord(char)))


def _in_xml(code: int) -> bool:
    return 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or code >= 0x10000


def _name(name: str) -> str:
    return f"{{{ATOM}}}{name}"


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
