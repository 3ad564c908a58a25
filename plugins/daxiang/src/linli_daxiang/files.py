"""The sample files, as districts keep them: title rows, merged cells, five spellings of a date, slips of the hand.

Every slip here was seen in real registers: an identity number with a wrong last digit, one that the
spreadsheet broke, a phone with a missing digit, full-width digits, blank rows, a total at the foot.
"""

import csv
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from random import Random
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

from linli_daxiang.compounds import Case, Compound, Home, Member, Sample
from linli_daxiang.lists import Branch, Lists, Steward
from linli_daxiang.people import Someone

_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
_DATES: tuple[Callable[[date], str], ...] = (
    lambda day: f"{day:%Y-%m-%d}",
    lambda day: f"{day.year}/{day.month}/{day.day}",
    lambda day: f"{day.year}.{day.month}.{day.day}",
    lambda day: f"{day:%Y%m%d}",
    lambda day: f"{day.year}年{day.month}月{day.day}日",
)


def write_files(
    folder: Path, sample: Sample, lists: Lists, places: Sequence[Compound], seed: int
) -> list[Path]:
    """Write all sample files into `folder`; the order is that of importing them."""
    random = Random(seed)
    return [
        _homes(folder / "1 小区房屋台账.xlsx", sample.homes),
        _members(folder / "2 党员花名册.xlsx", sample.members, random),
        _volunteers(folder / "3 志愿者名单.csv", sample.volunteers, random),
        _staff(folder / "4 工作人员.xlsx", lists.staff),
        _branches(folder / "5 小区党组织名册.xlsx", lists.branches),
        _stewards(folder / "6 楼栋长名单.xlsx", lists.stewards),
        _reported(folder / "7 党员双报到名册.xlsx", lists.reported, random),
        _owners(folder / "8 业主名册.xlsx", sample.owners),
        _companies(folder / "10 物业公司名册.xlsx", places),
        _cases(folder / "9 居民诉求台账.xlsx", sample.cases, random),
    ]


def _sheet(book: Any, name: str, title: str, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> Any:
    """A sheet with a merged title, a merged note, the headings in row 3 and rows below."""
    sheet = book.add_worksheet(name)
    bold = book.add_format({"bold": True, "align": "center", "font_size": 16})
    last = len(headings) - 1
    sheet.merge_range(0, 0, 0, last, title, bold)
    sheet.merge_range(1, 0, 1, last, "填报单位：（盖章）          填报时间：2026年")
    sheet.write_row(2, 0, headings, book.add_format({"bold": True, "border": 1}))
    sheet.set_column(0, last, 14)
    number = 3
    for row in rows:
        for column, value in enumerate(row):
            (sheet.write_string if isinstance(value, str) else sheet.write)(number, column, value)
        number += 1
    sheet.write_string(number + 1, 0, "制表人：          审核人：")
    return sheet


def _homes(path: Path, homes: Sequence[Home]) -> Path:
    headings = ("序号", "街道", "社区", "小区", "小区类型", "楼栋", "单元", "房号", "面积（㎡）")
    with xlsxwriter.Workbook(str(path)) as book:
        for name, kinds in (("商住小区", ("商住小区",)), ("老旧小区和院落", ("老旧小区", "院落"))):
            chosen = [home for home in homes if home.kind in kinds]
            rows = (
                (n, h.street, h.community, h.compound, h.kind, h.building, h.unit, h.room, h.area)
                for n, h in enumerate(chosen, 1)
            )
            _sheet(book, name, f"住宅小区房屋台账（{name}）", headings, rows)
    return path


def _members(path: Path, members: Sequence[Member], random: Random) -> Path:
    headings = (
        "序号",
        "姓 名",
        "身份证号码",
        "联系电话",
        "政治面貌",
        "所在党组织",
        "居住小区",
        "楼栋",
        "单元",
        "房号",
        "报到时间",
    )
    rows: list[Sequence[Any]] = []
    for number, member in enumerate(members, 1):
        rows.append((number, *_untidy(member, random)))
        if number % 50 == 0:
            rows.append(("",) * len(headings))
    with xlsxwriter.Workbook(str(path)) as book:
        _sheet(book, "花名册", "在职（离退休）党员到小区报到花名册", headings, rows)
    return path


def _untidy(member: Member, random: Random) -> tuple[Any, ...]:
    """A row as typed by a person in a hurry."""
    someone, home = member.someone, member.home
    name, phone, ident = someone.name, someone.phone, someone.resident_id
    slip = random.random()
    if slip < 0.01:
        ident = ident[:-1] + ("0" if ident[-1] != "0" else "1")
    elif slip < 0.02:
        phone = phone[:-1]
    elif slip < 0.08:
        phone = phone.translate(_FULL_WIDTH)
    elif slip < 0.14:
        ident = ident.lower() if ident.endswith("X") else f" {ident[:6]} {ident[6:14]} {ident[14:]}"
    elif slip < 0.2:
        name = f"{name[0]}　{name[1:]}"
    number: Any = float(phone) if 0.2 < slip < 0.3 else phone
    told = random.choice(_DATES)(member.since)
    party = f"{home.compound}党支部"
    return name, ident, number, member.party, party, home.compound, home.building, home.unit, home.room, told


def _volunteers(path: Path, volunteers: Sequence[Member], random: Random) -> Path:
    with path.open("w", encoding="gbk", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("姓名", "手机号", "小区", "楼栋", "单元", "房号", "志愿者组织", "加入日期"))
        for member in volunteers:
            home = member.home
            told = random.choice(_DATES)(member.since)
            writer.writerow(
                (
                    member.someone.name,
                    member.someone.phone,
                    home.compound,
                    home.building,
                    home.unit,
                    home.room,
                    f"{home.compound}志愿服务队",
                    told,
                )
            )
    return path


def _staff(path: Path, staff: Sequence[tuple[str, Member]]) -> Path:
    headings = ("姓名", "手机号码", "职务", "小区")
    rows = ((member.someone.name, member.someone.phone, role, member.home.compound) for role, member in staff)
    with xlsxwriter.Workbook(str(path)) as book:
        _sheet(book, "名单", "小区服务台和值班人员名单", headings, rows)
    return path


def _branches(path: Path, branches: Sequence[Branch]) -> Path:
    headings = (
        "序号",
        "党组织名称",
        "街道",
        "社区",
        "小区",
        "党组织类型",
        "成立时间",
        "书记姓名",
        "书记电话",
    )
    rows = (
        (number, one.name, one.compound.street, one.compound.community, one.compound.name, one.kind,
         f"{one.since:%Y年%m月%d日}", one.secretary.someone.name, one.secretary.someone.phone)
        for number, one in enumerate(branches, 1)
    )  # fmt: skip
    with xlsxwriter.Workbook(str(path)) as book:
        _sheet(book, "名册", "小区党组织名册", headings, rows)
    return path


def _stewards(path: Path, stewards: Sequence[Steward]) -> Path:
    headings = ("小区", "楼栋", "单元", "楼栋长姓名", "联系电话", "非党员原因")
    rows = (
        (one.member.home.compound, one.building, one.unit, one.member.someone.name, one.member.someone.phone,
         one.why_not_member)
        for one in stewards
    )  # fmt: skip
    with xlsxwriter.Workbook(str(path)) as book:
        _sheet(book, "楼栋长", "党员楼栋长（微网格长）名单", headings, rows)
    return path


def _reported(path: Path, reported: Sequence[Member], random: Random) -> Path:
    headings = ("姓名", "联系电话", "报到小区", "报到时间", "报到状态")
    rows = (
        (one.someone.name, one.someone.phone, one.home.compound, random.choice(_DATES)(one.since), "已报到")
        for one in reported
    )
    with xlsxwriter.Workbook(str(path)) as book:
        _sheet(book, "双报到", "智慧党建平台：党员双报到名册", headings, rows)
    return path


def _owners(path: Path, owners: Sequence[tuple[Someone, Home]]) -> Path:
    headings = ("姓名", "手机号码", "与房屋关系", "小区", "楼栋", "单元", "房号")
    rows = (
        (owner.name, owner.phone, "业主", home.compound, home.building, home.unit, home.room)
        for owner, home in owners
    )
    with xlsxwriter.Workbook(str(path)) as book:
        _sheet(book, "业主", "住宅小区业主名册", headings, rows)
    return path


def _companies(path: Path, places: Sequence[Compound]) -> Path:
    """Courtyards have no company."""
    headings = ("序号", "街道", "社区", "小区", "物业公司", "服务起始日期")
    served = [one for one in places if one.kind != "院落"]
    rows = (
        (
            n,
            one.street,
            one.community,
            one.name,
            f"{one.name}物业服务中心",
            f"20{10 + n % 12}-0{1 + n % 9}-01",
        )
        for n, one in enumerate(served, 1)
    )
    with xlsxwriter.Workbook(str(path)) as book:
        _sheet(book, "物业", "住宅小区物业服务企业名册", headings, rows)
    return path


def _cases(path: Path, cases: Sequence[Case], random: Random) -> Path:
    headings = ("编号", "诉求类别", "诉求内容", "小区", "楼栋", "受理时间", "办结时间", "办理单位", "状态")

    def told(moment: datetime | None) -> str:
        if moment is None:
            return ""
        return random.choice(
            (f"{moment:%Y-%m-%d %H:%M}", f"{moment:%Y/%m/%d %H:%M:%S}", f"{moment:%Y年%m月%d日 %H时%M分}")
        )

    rows = (
        (c.number, c.category, c.text, c.home.compound, c.home.building, told(c.accepted), told(c.closed),
         "小区服务中心", "已办结" if c.closed else "办理中")
        for c in cases
    )  # fmt: skip
    with xlsxwriter.Workbook(str(path)) as book:
        _sheet(book, "台账", "小区居民诉求受理办结台账", headings, rows)
    return path
