"""What is guessed of a file costs no row, and makes nobody something that they are not."""

from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from linli._district.district import District
from linli._importing.headings import match_headings
from linli._importing.maps import guessed
from linli._model.sheets import FileMapping, HeadingMatch, How, Row, Table
from linli._store import tables as t
from linli.testing import phone

MAP = """
[import.maps.photo]
kind = "requests"
files = ["photo*.csv"]
date_format = "%m/%d/%Y %I:%M:%S %p"
timezone = "America/New_York"
columns = { "CASE_ID" = "id", "OPEN_DT" = "opened", "CLOSED_DT" = "closed", "CASE_TITLE" = "category", "CASE_STATUS" = "status", "Location" = "address" }
"""
MAPPING = FileMapping(zone=ZoneInfo("Asia/Shanghai"))
# What any list of people may have beside the people.
ORDINARY = (
    "小区", "楼栋", "单元", "房号", "手机号", "身份证号", "政治面貌", "住址", "备注", "登记时间", "编号", "状态",
    "职务", "是否报到", "报到时间", "楼栋长", "所在党组织", "类别", "年龄", "性别", "民族", "学历", "工作单位",
)  # fmt: skip
PLUGINS = ("tabular", "party", "reporting", "stewards")


@pytest.fixture
def district(new_district: Callable[..., District]) -> District:
    made = new_district(enabled=PLUGINS, more=MAP)
    garden = made.register.place("compound", "锦绣花园")
    for name in ("1栋", "2栋"):
        made.register.place("building", name, garden)
    return made


def csv(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
    return path


def kinds(district: District, path: Path) -> list[str | None]:
    return [sheet.kind for sheet in district.importing.run([path], only_try=True).sheets]


def test_a_list_of_residents_with_their_buildings_is_one_of_people_and_appoints_nobody(
    district: District, tmp_path: Path
) -> None:
    path = csv(
        tmp_path / "residents.csv",
        "姓名,手机号,小区,楼栋",
        f"居民甲,{phone(1)},锦绣花园,1栋",
        f"居民乙,{phone(2)},锦绣花园,2栋",
    )
    report = district.importing.run([path])
    assert [sheet.kind for sheet in report.sheets] == ["people"]
    assert (report.total("registered"), report.problems) == (2, [])
    with district.store.reading() as connection:
        for table in (t.post, t.subject):
            assert connection.execute(select(table).where(table.c.district == district.code)).all() == []


def test_no_list_of_people_with_ordinary_columns_is_taken_for_one_that_makes_them_something(
    district: District,
) -> None:
    """The cells are of an ordinary list: trades, marks, a neighbour's name."""
    cells = {"职务": "教师", "状态": "在职", "是否报到": "已报名", "楼栋长": "某某", "政治面貌": "群众"}
    importers = district.importing.importers
    for more in (*combinations(ORDINARY, 0), *combinations(ORDINARY, 1), *combinations(ORDINARY, 2)):
        headings = ("姓名", "手机号", *dict.fromkeys(more))
        row = Row(
            file="x", sheet="", number=2, positions={}, values=tuple(cells.get(one, "甲") for one in headings)
        )
        matches = tuple(
            HeadingMatch(heading=text, position=place, column=None, how=How.UNMATCHED)
            for place, text in enumerate(headings)
        )
        guess = guessed(Table(file="x", sheet="", matches=matches, rows=[row]), importers, MAPPING)
        assert guess is not None
        assert (guess.kind, guess.missing) == ("people", ()), headings


@pytest.mark.parametrize(
    ("headings", "cells", "kind"),
    [
        ("楼栋长,联系电话,小区,楼栋", "某某,19900000001,锦绣花园,1栋", "stewards"),
        ("姓名,手机号,职务,小区", "某某,19900000001,受理员,锦绣花园", "posts"),
        ("党支部名称,小区,党支部类型,成立时间", "某支部,锦绣花园,普通,2020-01-01", "branches"),
        ("姓名,手机号,政治面貌,小区,是否报到", "某某,19900000001,党员,锦绣花园,是", "party_members"),
        (
            "姓名,手机号,报到小区,报到时间,报到状态",
            "某某,19900000001,锦绣花园,2026-01-01,已报到",
            "membership_reports",
        ),
        ("小区,楼栋,单元,房号,面积", "锦绣花园,1栋,1单元,101,80", "homes"),
        ("编号,类别,受理时间,小区", "1,保洁,2026-01-01,锦绣花园", "requests"),
    ],
)
def test_a_table_that_says_what_it_is_is_still_known(
    district: District, tmp_path: Path, headings: str, cells: str, kind: str
) -> None:
    assert kinds(district, csv(tmp_path / "list.csv", headings, cells)) == [kind]


def test_a_file_with_a_map_gets_no_guesses_and_loses_no_row(district: District, tmp_path: Path) -> None:
    path = csv(
        tmp_path / "photo.csv",
        "CASE_ID,OPEN_DT,CLOSED_DT,CASE_STATUS,CASE_TITLE,SubmittedPhoto,OnTime_Status,Location",
        "P-1,03/01/2026 08:00:00 AM,03/01/2026 09:00:00 AM,Closed,Graffiti,https://example.org/1.jpg,ONTIME,1 Main St",
        "P-3,03/03/2026 08:00:00 AM,,Open,Graffiti,https://example.org/3.jpg,OVERDUE,3 Main St",
    )
    report = district.importing.run([path])
    assert (report.total("registered"), report.problems, report.left_out) == (2, [], [])
    [sheet] = report.sheets
    assert [match.heading for match in sheet.matches if match.column is None] == [
        "SubmittedPhoto",
        "OnTime_Status",
    ]


@pytest.mark.parametrize(
    "heading",
    [
        "SubmittedPhoto",
        "ontime",
        "OnTime_Status",
        "Closed By",
        "Street Segment",
        "Unit Type Code",
        "nametag",
        "Reopened",
    ],
)
def test_latin_headings_are_guessed_by_whole_words_only(district: District, heading: str) -> None:
    columns = district.importing.importers["requests"].columns
    [match] = match_headings([heading], columns, MAPPING)
    assert match.how is How.UNMATCHED


@pytest.mark.parametrize(
    ("heading", "column"), [("Date Closed", "closed"), ("closedAt", "closed"), ("Request ID", "id")]
)
def test_latin_headings_with_the_same_words_are_found(district: District, heading: str, column: str) -> None:
    [match] = match_headings([heading], district.importing.importers["requests"].columns, MAPPING)
    assert match.column == column


@pytest.mark.parametrize(
    "heading",
    [
        "紧急联系人电话", "配偶姓名", "父亲姓名", "监护人身份证号", "介绍人姓名", "要求办结时间", "办结时限", "预计办结时间",
        "应办结日期", "所在单位", "小区编号", "受理人", "回访时间", "上次受理时间", "楼栋长电话", "物业电话",
    ],
)  # fmt: skip
def test_a_heading_of_somebody_or_something_else_is_not_guessed(district: District, heading: str) -> None:
    for importer in district.importing.importers.values():
        [match] = match_headings([heading], importer.columns, MAPPING)
        assert match.how in (How.UNMATCHED, How.EXACT), importer.kind
        if match.how is How.EXACT:
            assert heading in {word for one in importer.columns for word in one.headings}


@given(st.text("姓名手机电话号码业主户居民身份证办结受理时间日期小区楼栋单元房的", min_size=1, max_size=8))
def test_what_is_guessed_has_a_known_heading_whole_in_it(heading: str) -> None:
    from linli._importing.headings import _BESIDE, _sense
    from linli._verbs.register.import_people import PEOPLE

    for match in match_headings([heading], PEOPLE.columns, MAPPING):
        if match.how is How.GUESSED:
            [column] = [one for one in PEOPLE.columns if one.name == match.column]
            rests = [
                _sense(heading).replace(_sense(word), "", 1)
                for word in column.headings
                if _sense(word) in _sense(heading)
            ]
            assert any(not rest or _BESIDE.fullmatch(rest) for rest in rests)
