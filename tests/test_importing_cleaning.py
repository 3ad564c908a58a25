"""Cells become values, or a refusal that a clerk can act on."""

from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from linli._base.i18n import speaking
from linli._base.identity import BadValue
from linli._importing.cleaning import clean, clean_row, masked, plain
from linli._model.sheets import Cell, Column, FileMapping, HeadingMatch, How, Kind, Row, Table, Value

MAPPING = FileMapping(zone=ZoneInfo("Asia/Shanghai"))
RESIDENT_ID = "43050319900307123" + ric.calc_check_digit("430503199003071230")


def value_of(kind: Kind, raw: Value, **settings: object) -> object:
    column = Column(name="x", headings=("某列",), kind=kind, **settings)  # type: ignore[arg-type]
    return clean(column, Cell(value=raw), MAPPING)


def refusal_of(kind: Kind, raw: Value, **settings: object) -> str:
    with pytest.raises(BadValue) as refused:
        value_of(kind, raw, **settings)
    return refused.value.text.message


@pytest.mark.parametrize(
    "raw",
    [
        "13800138000",
        "１３８００１３８０００",
        " 138-0013-8000 ",
        "+86 138 0013 8000",
        "'13800138000",
        '="13800138000"',
        "\u202d13800138000\u202c",
        "13800138000.0",
        13800138000,
        13800138000.0,
    ],
)
def test_a_phone_is_the_same_however_a_spreadsheet_holds_it(raw: Value) -> None:
    assert value_of(Kind.PHONE, raw) == "13800138000"


@pytest.mark.parametrize("raw", [RESIDENT_ID, f" {RESIDENT_ID}\t", f"'{RESIDENT_ID}", RESIDENT_ID.lower()])
def test_an_identity_number_kept_as_text_is_read(raw: Value) -> None:
    assert value_of(Kind.RESIDENT_ID, raw) == RESIDENT_ID


@pytest.mark.parametrize("raw", [4.30503e17, 430503199003071234.0, "4.30503E+17", "430503199003071000"])
def test_an_identity_number_that_a_spreadsheet_has_broken_is_told_apart_from_a_wrong_one(raw: Value) -> None:
    assert "format the column as text" in refusal_of(Kind.RESIDENT_ID, raw)


def test_a_wrong_check_digit_is_said_as_such() -> None:
    wrong = RESIDENT_ID[:-1] + ("0" if RESIDENT_ID[-1] != "0" else "1")
    assert "check digit" in refusal_of(Kind.RESIDENT_ID, wrong)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("89.5㎡", "89.5"),
        ("89.5 m²", "89.5"),
        ("89.5平方米", "89.5"),
        ("1,234.50", "1234.50"),
        (89.5, "89.5"),
    ],
)
def test_an_area_is_read_with_and_without_its_unit(raw: Value, expected: str) -> None:
    assert value_of(Kind.AREA, raw) == Decimal(expected)


@given(st.decimals(min_value=0, max_value=10**9, places=2, allow_nan=False))
def test_a_number_is_read_with_and_without_its_thousands(number: Decimal) -> None:
    assert value_of(Kind.NUMBER, f"{number}") == number
    assert value_of(Kind.NUMBER, f"{number:,}人", units=("人",)) == number
    assert value_of(Kind.NUMBER, float(number)) == number


def test_the_noise_of_a_float_is_not_part_of_the_number() -> None:
    assert value_of(Kind.NUMBER, 0.1 + 0.2) == Decimal("0.3")


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        (Kind.NUMBER, "约30"),
        (Kind.NUMBER, "1,23"),
        (Kind.NUMBER, "3万"),
        (Kind.NUMBER, float("nan")),
        (Kind.NUMBER, date(2024, 3, 5)),
        (Kind.AREA, 0),
        (Kind.AREA, "-3"),
    ],
)
def test_what_is_no_number_or_no_area_is_refused(kind: Kind, raw: Value) -> None:
    assert refusal_of(kind, raw)


def test_text_keeps_its_punctuation_and_loses_only_full_width_letters_digits_and_blanks() -> None:
    assert value_of(Kind.TEXT, "　３栋，Ａ座（东）　") == "3栋，A座（东）"


@pytest.mark.parametrize(("raw", "expected"), [(301, "301"), (301.5, "301.5"), (0, "0")])
def test_a_number_in_a_column_of_text_is_its_digits(raw: Value, expected: str) -> None:
    assert value_of(Kind.TEXT, raw) == expected


def test_a_room_number_that_a_spreadsheet_has_made_a_date_is_refused() -> None:
    assert "turned this into a date" in refusal_of(Kind.TEXT, date(2024, 3, 2))


@pytest.mark.parametrize("raw", [None, "", "  ", "　", "无", "/", "-", "N/A", "\u200b"])
@pytest.mark.parametrize("kind", Kind)
def test_the_ways_to_say_nothing_are_nothing(raw: Value, kind: Kind) -> None:
    assert value_of(kind, raw) is None


def test_a_choice_is_found_without_regard_to_blanks_widths_and_case() -> None:
    choices = {"中共党员": "member", "党员": "member", "群众": "none", "VIP": "vip"}
    assert value_of(Kind.CHOICE, "中共 党员 ", choices=choices) == "member"
    assert value_of(Kind.CHOICE, "ｖｉｐ", choices=choices) == "vip"


def test_a_choice_that_is_spelled_like_nothing_is_that_choice() -> None:
    assert value_of(Kind.CHOICE, "无", choices={"无": "no_party"}) == "no_party"


def test_what_is_no_choice_is_refused_with_one_spelling_of_each() -> None:
    column = Column(
        name="x", headings=("政治面貌",), kind=Kind.CHOICE, choices={"中共党员": 1, "党员": 1, "群众": 2}
    )
    with pytest.raises(BadValue) as refused:
        clean(column, Cell(value="团员"), MAPPING)
    assert refused.value.text.values["choices"] == "中共党员、群众"


def test_damaged_characters_are_refused_and_not_stored() -> None:
    assert "damaged" in refusal_of(Kind.TEXT, "某\ufffd小区")


@given(st.text())
def test_making_text_plain_twice_changes_nothing_more_than_once_but_for_stacked_quotes(text: str) -> None:
    once = plain(text)
    assert once == once.strip()
    if not once.startswith(("'", '="')):
        assert plain(once) == once


PHONE = Column(name="phone", headings=("手机号",), kind=Kind.PHONE, required=True)
NAME = Column(name="name", headings=("姓名",), kind=Kind.NAME, required=True)
AREA = Column(name="area", headings=("面积",), kind=Kind.AREA)
TABLE = Table(
    file="members.xlsx",
    sheet="党员",
    heading_row=2,
    matches=(HeadingMatch(heading="联系电话", position=1, column="phone", how=How.MAPPED),),
)


def row(*values: Value) -> Row:
    return Row(
        file="members.xlsx",
        sheet="党员",
        number=17,
        values=values,
        positions={"name": 0, "phone": 1, "area": 2},
    )


def test_a_good_row_gives_every_column_and_no_problem() -> None:
    values, problems = clean_row(row("张三", 13800138000, None), TABLE, (NAME, PHONE, AREA), MAPPING)
    assert values == {"name": "张三", "phone": "13800138000", "area": None}
    assert problems == []


def test_a_bad_row_tells_everything_that_is_wrong_at_once_and_where() -> None:
    values, problems = clean_row(row(None, "1380013800", "很大"), TABLE, (NAME, PHONE, AREA), MAPPING)
    assert values == {}
    assert [(p.name, p.column) for p in problems] == [
        ("name", "姓名"),
        ("phone", "联系电话"),
        ("area", "面积"),
    ]
    with speaking("en"):
        assert problems[1].where == "members.xlsx, sheet 党员, row 17, 联系电话"


def test_a_short_row_lacks_its_last_columns() -> None:
    values, problems = clean_row(row("张三", "13800138000"), TABLE, (NAME, PHONE, AREA), MAPPING)
    assert values["area"] is None
    assert not problems


@given(st.text("0123456789Xx张三李四王五", min_size=2, max_size=20), st.sampled_from([PHONE, NAME]))
def test_a_report_shows_no_more_than_the_first_character_of_personal_data(text: str, column: Column) -> None:
    assert masked(column, text) == text[0] + "*" * min(len(text) - 1, 18)


def test_a_number_that_slipped_into_another_column_is_masked_too() -> None:
    assert RESIDENT_ID[2:] not in masked(AREA, f"身份证{RESIDENT_ID}")
    assert "8000" not in masked(AREA, 13800138000)


def test_no_record_shows_values_when_it_is_printed() -> None:
    assert "张三" not in repr(row("张三", "13800138000"))
    assert "张三" not in repr(row("张三", "13800138000").cell("name"))


def test_a_cell_knows_its_letter() -> None:
    assert row("张三").cell("phone") == Cell(value=None, letter="B")
    assert row("张三").cell("elsewhere") == Cell(value=None, letter="")
    assert row("张三", "1").cells["name"] == Cell(value="张三", letter="A")
