"""Headings in any order and wording lead to the right columns, or visibly to none."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli._base.errors import Refused
from linli._importing.headings import fold, match_headings
from linli._model.sheets import (
    PROBLEM_HEADING,
    Column,
    FileMapping,
    HeadingMatch,
    How,
    Kind,
    column_letter,
)

COLUMNS = (
    Column(name="name", headings=("姓名", "住户姓名"), kind=Kind.NAME, required=True),
    Column(name="phone", headings=("手机号", "手机号码", "联系电话", "电话"), kind=Kind.PHONE),
    Column(name="resident_id", headings=("身份证号", "身份证号码"), kind=Kind.RESIDENT_ID),
    Column(name="area", headings=("面积", "建筑面积"), kind=Kind.AREA),
    Column(name="opened", headings=("受理时间",), kind=Kind.MOMENT),
    Column(name="closed", headings=("办结时间",), kind=Kind.MOMENT),
)


def mapping(**headings: str) -> FileMapping:
    return FileMapping(zone=ZoneInfo("Asia/Shanghai"), headings=headings)


def led(headings: list[object], **mapped: str) -> dict[str, tuple[str | None, How]]:
    matches = match_headings(headings, COLUMNS, mapping(**mapped))
    return {match.heading: (match.column, match.how) for match in matches}


@given(st.permutations(["姓名", "手机号码", "身份证号", "建筑面积", "受理时间", "办结时间"]))
def test_the_order_of_the_headings_does_not_matter(headings: list[str]) -> None:
    matches = match_headings(headings, COLUMNS, mapping())
    assert {match.column: headings[match.position] for match in matches} == {
        "name": "姓名",
        "phone": "手机号码",
        "resident_id": "身份证号",
        "area": "建筑面积",
        "opened": "受理时间",
        "closed": "办结时间",
    }
    assert {match.how for match in matches} == {How.EXACT}


@pytest.mark.parametrize(
    "heading",
    [
        "手机号码（必填）",
        "*手机号",
        "手机号：",
        " 手 机 号 ",
        "手机\n号",
        "手机号[11位]",
        "PHONE",
        "手机号(文本格式)",
    ],
)
def test_remarks_signs_blanks_and_widths_do_not_change_a_heading(heading: str) -> None:
    [match] = match_headings([heading], COLUMNS, mapping())
    assert (match.column, match.how, match.score) == ("phone", How.EXACT, 1.0)


def test_whose_value_it_is_is_no_remark() -> None:
    assert fold("姓名（户主）") != fold("姓名")
    assert led(["姓名（代理人）", "姓名"]) == {
        "姓名": ("name", How.EXACT),
        "姓名（代理人）": (None, How.UNMATCHED),
    }


def test_the_mapping_comes_before_everything_else() -> None:
    assert led(["姓名", "户主", "电话"], 户主="name") == {
        "户主": ("name", How.MAPPED),
        "姓名": (None, How.DUPLICATE),
        "电话": ("phone", How.EXACT),
    }


def test_the_mapping_can_leave_a_heading_out() -> None:
    assert led(["姓名", "电话"], 电话="")["电话"] == (None, How.IGNORED)


def test_a_guess_is_marked_with_its_likeness() -> None:
    [match] = match_headings(["业主姓名"], COLUMNS, mapping())
    assert (match.column, match.how) == ("name", How.GUESSED)
    assert 0.6 <= match.score < 1


def test_a_heading_torn_between_two_columns_is_not_guessed() -> None:
    assert led(["时间"]) == {"时间": (None, How.UNMATCHED)}


def test_a_column_torn_between_two_headings_is_not_guessed() -> None:
    assert led(["业主姓名", "租客姓名"]) == {
        "业主姓名": (None, How.UNMATCHED),
        "租客姓名": (None, How.UNMATCHED),
    }


def test_what_resembles_nothing_is_not_matched() -> None:
    assert led(["序号", "备注"]) == {"序号": (None, How.UNMATCHED), "备注": (None, How.UNMATCHED)}


def test_of_two_known_headings_the_usual_one_is_read_and_the_other_shown_beside_it() -> None:
    matches = match_headings(["电话", "手机号"], COLUMNS, mapping())
    assert [(m.column, m.how, m.rival) for m in matches] == [
        (None, How.DUPLICATE, "手机号"),
        ("phone", How.EXACT, ""),
    ]


@given(
    st.lists(
        st.one_of(
            st.none(),
            st.sampled_from(["姓名", "业主姓名", "电话", "联系电话", "时间", "面积", ""]),
            st.text(max_size=6),
        ),
        max_size=12,
    )
)
def test_two_headings_never_lead_to_one_column_and_none_is_passed_over(headings: list[str | None]) -> None:
    matches = match_headings(headings, COLUMNS, mapping())
    read = [match.column for match in matches if match.column]
    assert len(read) == len(set(read))
    assert [match.position for match in matches] == [i for i, h in enumerate(headings) if h and h.split()]


def test_a_mapping_that_sends_two_headings_to_one_column_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        led(["户主", "业主"], 户主="name", 业主="name")
    assert {"户主", "业主"} <= set(refused.value.text.values.values())


def test_a_mapping_to_a_column_that_does_not_exist_is_refused_with_the_nearest() -> None:
    with pytest.raises(Refused) as refused:
        led(["电话"], 电话="phnoe")
    assert str(refused.value.text.values["near"]) == "phone"


def test_the_column_of_problems_in_an_error_file_is_never_read() -> None:
    columns = (Column(name="description", headings=("问题",)),)
    [match] = match_headings([PROBLEM_HEADING], columns, mapping(**{PROBLEM_HEADING: "description"}))
    assert (match.column, match.how) == (None, How.IGNORED)


@pytest.mark.parametrize(
    ("position", "letter"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (16383, "XFD")]
)
def test_a_column_is_named_as_a_spreadsheet_names_it(position: int, letter: str) -> None:
    assert column_letter(position) == letter
    assert HeadingMatch(heading="x", position=position, column=None, how=How.UNMATCHED).letter == letter
