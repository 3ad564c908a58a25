"""A town for the board's tests: four levels of places, and notices as districts write them."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import attrs
import pytest

from linli import District
from linli.hooks import Consented
from linli.testing import district, make_district, new_district, postgres_url, store_url
from linli_board.board import Board

__all__ = ["district", "new_district", "postgres_url", "store_url"]

PHONE = "13807391234"
WATER = """各位居民：

因二次供水水箱清洗消毒，定于11月25日（周三）8:30至17:00停水，涉及1至6栋。请提前储水。

如遇雨雪顺延。报修电话：0739-5321234。"""
LIFT = """经业主大会表决，3栋2单元加装电梯改造方案获得通过，现将决议公开如下：

一、参与表决专有部分面积占比81.6%，人数占比83.3%；同意面积占比92.4%，同意人数占比90.0%。
二、公示期7日，自公布之日起算。有异议的业主请在公示期内向小区党支部提出。

锦绣花园小区党支部
2026年11月20日"""
HOSTILE_TITLE = "<script>alert('标题')</script>\u202e反向\u202c 😀👩‍👩‍👧 " + "L" * 60
HOSTILE_BODY = (
    "<img src=x onerror=alert(1)> & </article></body> ]]> {{ 7 * 7 }} {% raw %} &lt;b&gt;\n\n"
    + "长" * 300
    + "W" * 300
    + "\n\nمرحبا بالعالم \u202e abc \u2066\u2067 \"quoted' `back`"
)
GATE = "门禁系统检修，请走北门。"


@attrs.frozen(kw_only=True)
class Town:
    """A district with a board."""

    phone = PHONE
    water = WATER
    district: District
    street: UUID
    community: UUID
    compound: UUID
    other: UUID
    building: UUID

    @property
    def board(self) -> Board:
        """Its board."""
        return Board(self.district)

    @property
    def places(self) -> list[UUID]:
        """Where things are published."""
        root = self.district.register.root()
        return [root, self.street, self.community, self.compound, self.other, self.building]

    def out(self, place: UUID, title: str, body: str = WATER, days: float = 0, **more: Any) -> UUID:
        """A publication that went out so many days before 22 November 2026."""
        at = datetime(2026, 11, 22, 1, tzinfo=UTC) - timedelta(days=days)
        return self.district.publish.announce(place, title, body, at=at, **more).subject

    def contact(self) -> tuple[UUID, UUID]:
        """A steward's contact, published with their consent: the publication and the person."""
        person = self.district.register.person(name="李四", phone=PHONE)
        self.district.register.consent(person, "publish_contact")
        phone = Consented(name="phone", person=person, purpose="publish_contact", text=PHONE)
        return self.out(
            self.compound, "微网格长联系方式", "3栋楼栋长电话：{phone}。", personal=[phone]
        ), person

    def contents(self) -> dict[str, tuple[bytes, int]]:
        """Every file of its folder: what it holds, and when it was last written."""
        folder = self.board.folder.root
        return {
            str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mtime_ns)
            for path in sorted(folder.rglob("*"))
            if path.is_file() and path.name != ".lock"
        }

    def everything(self) -> str:
        """All that is in its folder, as one text."""
        return "".join(data.decode() for data, _ in self.contents().values())

    def page(self, name: str) -> "Page":
        """One of its pages."""
        return Page(self.board.folder.root / name)

    def pages(self) -> list["Page"]:
        """All of its pages."""
        return [Page(path) for path in sorted(self.board.folder.root.rglob("*.html"))]

    def work(self) -> int:
        """Carry out everything that is due; how much that was."""
        return sum(iter(lambda: self.district.worker.run_once(50), 0))


def town_in(district: District) -> Town:
    """Register the places."""
    place = district.register.place
    street = place("street", "红旗路街道")
    place("street", "城北路街道")
    community = place("community", "城南社区", street)
    compound = place("compound", "锦绣花园", community)
    return Town(
        district=district,
        street=street,
        community=community,
        compound=compound,
        other=place("compound", "幸福里", community),
        building=place("building", "3栋", compound),
    )


SETTINGS = '\n[board]\ntitle = "大祥区院落公开栏"\nbase_url = "https://example.org/board/"\nlanguage = "en"\n'


@attrs.frozen(kw_only=True)
class Published:
    """What the town has published, by what it is an example of."""

    hostile_title = HOSTILE_TITLE
    hostile_body = HOSTILE_BODY
    withdrawn_body = GATE
    town: Town
    first: UUID
    second: UUID
    old: UUID
    new: UUID
    withdrawn: UUID
    hostile: UUID
    contact: UUID
    person: UUID
    from_street: UUID

    @property
    def folder(self) -> Path:
        """Where the pages are."""
        return self.town.board.folder.root

    def page(self, ident: UUID) -> "Page":
        """A publication's page."""
        return self.town.page(f"publications/{ident}.html")


def publish_all(town: Town) -> Published:
    """One of everything."""
    matter, publish = uuid4(), town.district.publish
    disclosure: Any = {"series": "disclosure", "about": matter}
    first = town.out(town.compound, "3栋2单元加装电梯改造决议公开", LIFT, 9, stage=1, **disclosure)
    second = town.out(
        town.compound, "电梯改造过程公开（基坑施工）", "基坑开挖已完成。", 1, stage=2, **disclosure
    )
    old = town.out(town.compound, "停水通知", WATER, 2)
    new = publish.correct(old, "停水通知（更正）", WATER.replace("25日", "26日")).subject
    withdrawn = town.out(town.building, "3栋门禁检修通知", GATE, 30)
    publish.withdraw(withdrawn, "检修改期，另行通知")
    town.out(town.other, "2025年度公共收益收支公示", "全年公共收益收入86,400元。", 400)
    hostile = town.out(town.compound, HOSTILE_TITLE, HOSTILE_BODY, 3)
    from_street = town.out(town.street, "关于开展冬季消防安全检查的通知", "请各物业公司自查消防通道。", 4)
    contact, person = town.contact()
    return Published(
        town=town, first=first, second=second, old=old, new=new, withdrawn=withdrawn, hostile=hostile,
        contact=contact, person=person, from_street=from_street,
    )  # fmt: skip


_VOID = {"meta", "link", "br"}


class Page(HTMLParser):
    """A page as a browser would find it: elements in order, and that every one is closed."""

    def __init__(self, path: Path) -> None:
        super().__init__(convert_charrefs=True)
        self.path = path
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[tuple[str, str]] = []
        self._open: list[str] = []
        self.feed(path.read_text("utf-8"))
        self.close()
        assert self._open == [], f"not closed: {self._open}"

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attributes}))
        if tag not in _VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open, f"</{tag}> closes nothing"
        assert self._open.pop() == tag, f"</{tag}> closes another element"

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append((self._open[-1] if self._open else "", data))

    def all(self, tag: str) -> list[dict[str, str]]:
        """The attributes of every element of a name."""
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def text(self) -> str:
        """What it says."""
        return " ".join(text for _, text in self.texts)

    @property
    def links(self) -> list[str]:
        """Where it leads."""
        return [found["href"] for tag in ("a", "link") for found in self.all(tag)]


@pytest.fixture
def town(new_district: Callable[..., District]) -> Town:
    """An empty town, on each kind of database."""
    return town_in(new_district(enabled=("board",), more=SETTINGS))


@pytest.fixture
def published(tmp_path: Path) -> Iterator[Published]:
    """A town on SQLite that has published one of everything, and built its board."""
    with make_district(tmp_path, enabled=("board",), more=SETTINGS) as open_district:
        found = publish_all(town_in(open_district))
        found.town.board.build()
        yield found


@pytest.fixture
def reader() -> type[Page]:
    """What reads a page."""
    return Page
