"""Files of publications on the board, and corrections of corrections."""

from collections.abc import Callable

import pytest

from linli import District, GivenFile
from linli.testing import somebody

from .conftest import SETTINGS, Town, town_in

PDF = GivenFile(name="方案.pdf", content=b"%PDF-1.7 plan")


@pytest.fixture
def town(new_district: Callable[..., District]) -> Town:
    return town_in(new_district(enabled=("board",), more=SETTINGS))


def test_a_file_is_on_the_board_while_its_publication_is(town: Town) -> None:
    publish = town.district.publish
    clerk, officer = (somebody(town.district, role, town.street) for role in ("clerk", "officer"))
    ident = publish.draft(town.compound, "方案公示", "附件", files=[PDF], look=True, actor=clerk).subject
    town.work()
    assert not list(town.board.folder.root.rglob("*.pdf")), "nobody has looked at it yet"
    publish.approve(ident, seen=["方案.pdf"], actor=officer)
    town.work()
    file = town.board.folder.root / f"publications/{ident}/1.pdf"
    assert file.read_bytes() == PDF.content
    page = town.page(f"publications/{ident}.html")
    assert f"{ident}/1.pdf" in page.links
    assert "方案.pdf" in page.text
    publish.withdraw(ident, "方案有变", actor=clerk)
    town.work()
    assert not file.exists()
    assert f"{ident}/1.pdf" not in town.page(f"publications/{ident}.html").links


def test_the_page_of_what_was_corrected_twice_leads_to_what_holds(town: Town) -> None:
    publish, first = town.district.publish, town.out(town.compound, "停水通知")
    town.work()
    second = publish.correct(first, "停水通知（更正）", "改为周四。").subject
    town.work()
    third = publish.correct(second, "停水通知（再更正）", "改为周五。").subject
    town.work()
    page = town.page(f"publications/{first}.html")
    assert f"{third}.html" in page.links
    assert f"{second}.html" not in page.links, "that holds no more"
    publish.withdraw(third, "停水取消")
    town.work()
    assert "the correction was withdrawn" in town.page(f"publications/{first}.html").text
