"""What a spreadsheet made of a cell is told, and is never another value nor a blank."""

import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli._base.identity import BadValue
from linli._district.district import District
from linli._importing.cleaning import clean, masked, plain
from linli._model.sheets import Cell, Column, FileMapping, Kind, Unread, Value
from linli.testing import phone

MAPPING = FileMapping(zone=ZoneInfo("Asia/Shanghai"))
ERRORS = (
    "#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#GETTING_DATA", "#FIELD!",
    "Err:502", "Err:511", "错误:502", "#名称?", "#值!", "#引用!", "########",
)  # fmt: skip


def of(kind: Kind, value: Value) -> object:
    return clean(
        Column(name="x", headings=("某列",), kind=kind, choices={"是": True}), Cell(value=value), MAPPING
    )


@pytest.mark.parametrize("error", [*ERRORS, Unread.ERROR, Unread.FORMULA])
@pytest.mark.parametrize("kind", Kind)
def test_an_error_or_a_formula_without_a_result_is_refused_in_every_kind_of_column(
    kind: Kind, error: Value
) -> None:
    with pytest.raises(BadValue) as refused:
        of(kind, error)
    assert "formula" in refused.value.text.message


@pytest.mark.parametrize(
    "room",
    [
        "3月2日", "3月02日", "2-Mar", "02-Mar", "2-Mar-24", "Mar-02", "2024/3/2", "2024-03-02", "2024年3月2日", "3/2/2024",
        "1.01E+03", "1.01e+03", "1E+02", "5.02E+04", "1.23457E+11", "1,001", "3:02:00", "3:02", "12-1月", "1月-02", "2024-03-02 00:00:00",
    ],
)  # fmt: skip
def test_what_only_a_spreadsheet_writes_is_no_place_and_no_number(room: str) -> None:
    with pytest.raises(BadValue) as refused:
        of(Kind.CODE, room)
    assert "spreadsheet" in refused.value.text.message


@pytest.mark.parametrize(
    "room",
    [
        "101",
        "3-2",
        "3-2-101",
        "3-2-1001",
        "1E2",
        "A座3",
        "3栋2单元",
        "负一层",
        "B1-02",
        "1.5",
        "甲-12",
        "12#",
        "#12",
        "3/2",
        "12-3-4",
    ],
)
def test_the_numbers_that_people_give_to_rooms_are_left_alone(room: str) -> None:
    assert of(Kind.CODE, room) == room


def test_a_whole_number_is_the_same_with_the_nought_that_programs_add() -> None:
    assert of(Kind.CODE, "101.0") == of(Kind.CODE, 101.0) == of(Kind.CODE, 101) == "101"


def test_a_phone_in_a_power_of_ten_that_has_all_its_digits_is_read() -> None:
    assert of(Kind.PHONE, "1.9900001603E10") == of(Kind.PHONE, "1.9900001603E+10") == "19900001603"
    for lost in ("1.99E+10", "1.99000016E10", "1.9900001603E11"):
        with pytest.raises(BadValue):
            of(Kind.PHONE, lost)


def _invisible() -> list[str]:
    return [
        char
        for char in map(chr, range(sys.maxunicode + 1))
        if unicodedata.category(char) in {"Cf", "Cc"} and char not in "\t\n" and not char.isspace()
    ]


def test_no_character_that_shows_nothing_is_left_in_a_name_of_a_place() -> None:
    for char in (*_invisible(), "\ufe0f", "\u3164", "\u2800", "\u034f", "\U000e0100"):
        assert plain(f"锦绣{char}花园{char}") == "锦绣花园", f"U+{ord(char):04X}"


def test_every_blank_is_one_blank() -> None:
    blanks = [
        char
        for char in map(chr, range(sys.maxunicode + 1))
        if unicodedata.category(char) in {"Zs", "Zl", "Zp"}
    ]
    assert {plain(f"a{char}b") for char in blanks} == {"a b"}


@given(st.text())
def test_what_is_left_of_a_text_shows_or_is_a_blank_or_a_line_end(text: str) -> None:
    assert all(unicodedata.category(char) not in {"Cf", "Cc"} or char in "\t\n" for char in plain(text))


def csv(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
    return path


def test_rooms_that_a_spreadsheet_spoilt_become_no_places(
    new_district: Callable[..., District], tmp_path: Path
) -> None:
    district = new_district(enabled=("tabular",))
    path = csv(
        tmp_path / "rooms.csv",
        "小区,楼栋,单元,房号,面积",
        "锦绣花园,86栋,1单元,3月2日,80",
        "锦绣花园,86栋,1单元,1.01E+03,80",
        "锦绣花园,86栋,1单元,1001,80",
    )
    report = district.importing.run([path])
    assert (report.total("registered"), report.total("skipped")) == (1, 2)
    assert [one.name for one in district.register.places(kind="exclusive_part")] == ["1001"]


def test_a_compound_with_an_unseen_mark_behind_its_name_is_found(
    new_district: Callable[..., District], tmp_path: Path
) -> None:
    district = new_district(enabled=("tabular",))
    district.register.place("compound", "锦绣花园")
    path = csv(tmp_path / "p.csv", "姓名,手机号,小区", f"某某,{phone(1)},锦绣花园\u200e")
    assert district.importing.run([path]).total("registered") == 1


def test_a_person_with_another_document_comes_in_by_the_phone_and_that_is_told(
    new_district: Callable[..., District], tmp_path: Path
) -> None:
    district = new_district(enabled=("tabular",))
    path = csv(
        tmp_path / "p.csv",
        "姓名,身份证号,手机号",
        f"某甲,H12345678,{phone(1)}",
        "某乙,H12345679,",
        f"某丙,,{phone(3)}/{phone(4)}",
    )
    report = district.importing.run([path])
    assert (report.total("registered"), report.total("skipped")) == (1, 2)
    assert [(one.row, one.name, one.costs_row) for one in report.left_out] == [(2, "resident_id", False)]
    assert {(one.row, one.name) for one in report.problems} == {(3, "resident_id"), (4, "phone")}
    [errors] = report.error_files
    assert errors.name == "p.csv-errors.xlsx"


@pytest.mark.parametrize(
    "kind",
    [Kind.DATE, Kind.MOMENT, Kind.DAY_OR_MOMENT, Kind.NUMBER, Kind.AREA, Kind.CODE, Kind.TEXT, Kind.CHOICE],
)
@pytest.mark.parametrize(
    "slipped", ["张三丰", "欧阳修", "阿卜杜·热合曼", "John Smith", "13800138000", "430503199003071234"]
)
def test_no_message_shows_a_whole_name_phone_or_identity_number_that_slipped_into_a_column(
    kind: Kind, slipped: str
) -> None:
    shown = masked(Column(name="x", headings=("某列",), kind=kind), slipped)
    assert shown[:1] == slipped[0]
    assert set(shown[1:]) == {"*"}


def test_a_wrong_date_is_still_shown() -> None:
    column = Column(name="x", headings=("受理时间",), kind=Kind.DAY_OR_MOMENT)
    assert masked(column, "03/05/2024 02:15 PM") == "03/05/2024 02:15 PM"
