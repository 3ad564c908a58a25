"""The board's pages as a browser finds them, read without one."""

from __future__ import annotations

import re
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from linli.testing import make_district
from linli_board.board import Board
from linli_board.pages import paragraphs
from linli_board.words import WORDS

if TYPE_CHECKING:
    from plugins.board.tests.conftest import Page, Published

CSS = files("linli_board").joinpath("style.css").read_text("utf-8")


def test_every_link_leads_to_a_file_in_the_folder_wherever_that_stands(published: Published) -> None:
    reached: set[Path] = set()
    for page in published.town.pages():
        ids = {found["id"] for _, found in page.elements if "id" in found}
        for link in page.links:
            parts = urlsplit(link)
            assert not parts.scheme, f"{link} leaves the folder"
            assert not link.startswith("/"), f"{link} does not work below a path"
            target = (page.path.parent / parts.path).resolve() if parts.path else page.path
            assert target.is_relative_to(published.folder.resolve())
            assert target.is_file(), f"{page.path.name}: {link} leads nowhere"
            assert not parts.fragment or parts.fragment in ids
            reached.add(target)
    assert {page.path.resolve() for page in published.town.pages()} <= reached, "a page nobody can reach"


def test_headings_and_languages_are_in_order(published: Published) -> None:
    for page in published.town.pages():
        levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h[1-6]", tag)]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))
        assert page.all("html") == [{"lang": "en"}]
        assert [tag for tag in ("header", "main", "footer", "title") if not page.all(tag)] == []
    [title] = published.page(published.first).all("h1")
    assert title == {"lang": "zh-Hans", "dir": "auto"}


def test_nothing_runs_and_nothing_comes_from_elsewhere(published: Published) -> None:
    for page in published.town.pages():
        tags = {tag for tag, _ in page.elements}
        assert not tags & {"script", "img", "iframe", "object", "form", "style", "base", "embed"}
        assert not [name for _, found in page.elements for name in found if name.startswith(("on", "style"))]
        [policy] = [found["content"] for found in page.all("meta") if found.get("http-equiv")]
        assert policy.startswith("default-src 'none'; style-src 'self'")
    assert "http" not in CSS
    assert "url(" not in CSS
    assert "@import" not in CSS


def test_hostile_texts_are_shown_as_they_were_written(published: Published) -> None:
    page = published.page(published.hostile)
    [title] = [text for tag, text in page.texts if tag == "h1"]
    assert title == published.hostile_title
    said = [text for tag, text in page.texts if tag == "p"]
    for lines in paragraphs(published.hostile_body):
        assert lines[0] in said
    titles = [text for tag, text in published.town.page("index.html").texts if tag == "bdi"]
    assert published.hostile_title in titles, "isolated, so that it turns nothing around it"


def test_a_withdrawn_publication_shows_when_and_why_but_its_text_is_nowhere(published: Published) -> None:
    page = published.page(published.withdrawn)
    for word in ("3栋门禁检修通知", "Withdrawn", "检修改期，另行通知", "no longer shown"):
        assert word in page.text
    assert len(page.all("time")) == 2
    assert published.withdrawn_body not in published.town.everything()
    assert not (published.folder / f"publications/{published.withdrawn}.json").exists()
    listed = published.town.page(f"places/{published.town.compound}/index.html")
    assert any(found.get("class") == "withdrawn" for found in listed.all("li"))


def test_a_corrected_publication_and_its_correction_link_to_each_other(published: Published) -> None:
    old, new = published.page(published.old), published.page(published.new)
    assert f"{published.new}.html" in old.links
    assert f"{published.old}.html" in new.links
    assert "11月25日" in old.text, "the old text stays"
    assert "Corrected" in old.text


def test_disclosures_of_a_matter_lead_to_the_one_before_and_the_one_after(published: Published) -> None:
    assert f"{published.second}.html" in published.page(published.first).links
    assert f"{published.first}.html" in published.page(published.second).links


def test_a_place_shows_its_own_what_is_below_it_and_what_is_above_it(published: Published) -> None:
    town = published.town

    def shown(name: str) -> set[str]:
        return {Path(link).stem for link in town.page(name).links if "publications/" in link}

    everything = {str(one.id) for one in town.district.publish.listed()}
    compound, street = shown(f"places/{town.compound}/index.html"), shown(f"places/{town.street}/index.html")
    assert shown("index.html") == street == everything
    assert {str(published.withdrawn), str(published.from_street)} <= compound
    assert len(everything - compound) == 1, "all but the other compound's"
    assert len(shown(f"places/{town.other}/index.html")) == 2


def test_every_publication_is_in_the_archive_of_one_place(published: Published) -> None:
    town = published.town
    archives = [page for page in town.pages() if re.fullmatch(r"20\d\d\.html", page.path.name)]
    links = [Path(link).stem for page in archives for link in page.links if "publications/" in link]
    assert sorted(links) == sorted(str(one.id) for one in town.district.publish.listed())
    [october] = [page for page in archives if f"{published.withdrawn}.html" in str(page.links)]
    assert october.path.parent.name == str(town.compound), "the building has no board of its own"
    assert "2026-10" in october.text


def test_a_publication_has_what_is_needed_to_verify_it(published: Published) -> None:
    from linli._verbs.publish.receipts import read_receipt

    publish = published.town.district.publish
    receipt = read_receipt((published.folder / f"publications/{published.contact}.json").read_text("utf-8"))
    assert publish.verify(receipt).problems == ()
    assert receipt.digest in published.page(published.contact).text


def test_the_front_page_shows_the_head_of_the_seals(published: Published) -> None:
    town = published.town
    assert "Seal of the record" not in town.page("index.html").text
    town.district.sealing.seal()
    town.board.build()
    assert town.district.sealing.head().hash in town.page("index.html").text
    assert "Seal" not in town.page(f"places/{town.street}/index.html").text


def test_heads_that_were_once_published_stay_published(published: Published) -> None:
    town = published.town
    town.district.sealing.seal()
    kept = town.district.heads.keep()
    assert kept
    town.board.build()
    file = town.board.folder.root / "heads.txt"
    assert kept.hash in file.read_text(encoding="utf-8")
    town.district.heads.file.unlink()
    town.board.build()
    assert kept.hash in file.read_text(encoding="utf-8")


# --- for old eyes, old phones, and paper ------------------------------------------------------------


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    """WCAG 2.2's contrast ratio of two colours."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


COLOURS = dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", CSS))


@pytest.mark.parametrize(
    ("front", "back", "least"),
    [
        ("ink", "paper", 7),
        ("ink", "tint", 7),
        ("soft", "paper", 7),
        ("soft", "tint", 7),
        ("red", "paper", 4.5),
        ("red", "tint", 4.5),
        ("paper", "red", 4.5),
    ],
)
def test_colours_stand_apart(front: str, back: str, least: float) -> None:
    assert _contrast(COLOURS[front], COLOURS[back]) >= least


def test_every_colour_is_one_of_these_and_old_browsers_know_it_too() -> None:
    used = set(re.findall(r"#[0-9a-fA-F]{3,8}\b", CSS))
    assert used <= {*COLOURS.values(), "#000000"}
    variables = re.findall(r"([\w-]+): (?:[^;{}]*)var\(--(\w+)\)", CSS)
    for name, colour in variables:
        plain = {"border-color": "border"}.get(name, name)
        assert re.search(rf"{plain}[\w-]*: [^;{{}}]*{COLOURS[colour]}", CSS), (
            f"{name}: {colour} has no fallback"
        )


def test_no_letter_is_smaller_than_fifteen_pixels() -> None:
    screen = CSS.split("@media print")[0]
    sizes = [float(size) for size in re.findall(r"font(?:-size)?: (?:\d+ )?([\d.]+)rem", screen)]
    assert len(sizes) > 5
    assert min(sizes) * 16 >= 15
    assert max(sizes) * 16 < 40


def test_it_is_printed_on_a4_without_what_is_for_the_screen() -> None:
    paper = CSS.split("@media print")[1]
    assert "size: A4" in paper
    assert re.search(r"\.skip, \.trail, nav, .* display: none", paper)


# --- words ------------------------------------------------------------------------------------------


def _words_of(page: Page) -> list[str]:
    return [text for tag, text in page.texts if tag not in ("bdi", "code", "h1", "title")]


def test_all_that_a_page_says_itself_is_translated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reader: type[Page]
) -> None:
    from linli._base import i18n

    said: set[str] = set()

    def translated(message: str) -> str:
        said.add(message)
        return re.sub(r"[A-Za-z]+(?![\w:]*\})", "译", message)

    monkeypatch.setattr(i18n, "translate", translated)
    monkeypatch.setattr("linli_board.words.translate", translated)
    with make_district(tmp_path, enabled=("board",)) as district:
        compound = district.register.place("compound", "锦绣花园")
        old = district.publish.announce(compound, "停水通知", "请储水。").subject
        district.publish.correct(old, "停水通知（更正）", "请储水。")
        gone = district.publish.announce(compound, "检修", "请绕行。").subject
        district.publish.withdraw(gone, "改期")
        board = Board(district)
        board.build()
        for path in board.folder.root.rglob("*.html"):
            page = reader(path)
            assert page.all("html") == [{"lang": "zh-Hans"}]
            left = [text for text in _words_of(page) if re.search("[A-Za-z]{2}", text)]
            assert [text for text in left if not text.strip().endswith(".json")] == []
    assert {WORDS["withdrawn"].message, WORDS["corrected_text"].message, "Notice"} <= said
