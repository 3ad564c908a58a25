"""Text tables in every encoding and with every separator that offices send."""

import codecs
import csv
import io
import tracemalloc
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli import Refused, Text
from linli.importing import Column, FileMapping, Kind
from linli_tabular import delimited
from linli_tabular.delimited import records, text_rows
from linli_tabular.files import encoding_of
from linli_tabular.reading import read, tables

MAPPING = FileMapping(zone=ZoneInfo("Asia/Shanghai"))
COLUMNS = (
    Column(name="name", headings=("姓名",), kind=Kind.NAME, required=True),
    Column(name="phone", headings=("手机号",), kind=Kind.PHONE, required=True),
    Column(name="text", headings=("诉求内容",)),
)
TABLE = "姓名,手机号,诉求内容\r\n张三,13800138000,楼道灯坏了\r\n李㛃,13900139000,㐀𠮷\r\n"


def written(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "requests.csv"
    path.write_bytes(content)
    return path


def texts(path: Path) -> list[tuple[int, object, object]]:
    [table] = read(path, COLUMNS, MAPPING)
    return [(row.number, row.value("name"), row.value("text")) for row in table.rows]


@pytest.mark.parametrize(
    "content",
    [
        TABLE.encode("utf-8"),
        TABLE.encode("utf-8-sig"),
        TABLE.encode("gb18030"),
        TABLE.encode("utf-16"),
        codecs.BOM_UTF16_BE + TABLE.encode("utf-16-be"),
        TABLE.encode("utf-16-le"),
        TABLE.encode("utf-16-be"),
    ],
    ids=["utf-8", "utf-8 marked", "gb18030", "utf-16", "utf-16-be marked", "utf-16-le", "utf-16-be"],
)
def test_every_encoding_gives_the_same_table(tmp_path: Path, content: bytes) -> None:
    assert texts(written(tmp_path, content)) == [(2, "张三", "楼道灯坏了"), (3, "李㛃", "㐀𠮷")]


def test_gbk_is_read_as_its_superset(tmp_path: Path) -> None:
    path = written(tmp_path, "姓名,手机号\n张三,138\n".encode("gbk"))
    assert encoding_of(path) == "gb18030"
    assert [name for _, name, _ in texts(path)] == ["张三"]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_one_damaged_character_costs_no_other_row(tmp_path: Path, encoding: str) -> None:
    damaged = TABLE.encode(encoding).replace("楼道".encode(encoding), "楼".encode(encoding) + b"\xff")
    path = written(tmp_path, damaged)
    assert "\ufffd" in str(texts(path)[0][2])
    assert texts(path)[1] == (3, "李㛃", "㐀𠮷")


@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_the_separator_is_found_even_where_others_stand_in_the_cells(tmp_path: Path, separator: str) -> None:
    others = "".join({",", "\t", ";"} - {separator})
    rows = [
        ["姓名", "手机号", "诉求内容"],
        *([f"人{n}", "138", f"灯坏了{others}{others}修一下"] for n in range(9)),
    ]
    text = "\n".join(separator.join(row) for row in rows)
    path = written(tmp_path, text.encode())
    assert [sheet.sheet for sheet in tables(path)] == [""]
    assert text_rows(path).separator == separator
    assert texts(path)[0] == (2, "人0", f"灯坏了{others}{others}修一下")


def test_line_ends_within_quotes_do_not_end_the_row_and_rows_count_as_excel_counts_them(
    tmp_path: Path,
) -> None:
    text = '姓名,手机号,诉求内容\r\n张三,138,"灯坏了\r\n修""一""下"\r\n\r\n李四,139,\r\n'
    assert texts(written(tmp_path, text.encode())) == [(2, "张三", '灯坏了\r\n修"一"下'), (4, "李四", None)]


@pytest.mark.parametrize(
    "bad",
    [
        '王五,137,"灯坏了',
        '"王五,137,灯坏了',
        '王五,137,5"管子',
        '王五,137,"灯"坏了',
        '王五,137,"灯坏了\n李五,"x"y,"',
    ],
)
def test_a_stray_quotation_mark_costs_no_other_row(tmp_path: Path, bad: str) -> None:
    text = f'姓名,手机号,诉求内容\n张三,138,一\n{bad}\n李四,139,"二"\n赵六,136,三\n'
    names = [name for _, name, _ in texts(written(tmp_path, text.encode()))]
    assert {"张三", "李四", "赵六"} <= set(names)
    assert any("王五" in str(name) for name in names)


def test_a_quotation_mark_that_never_closes_costs_no_row_of_a_long_file(tmp_path: Path) -> None:
    lines = [f"人{n},138,灯" for n in range(1000)]
    lines[10] = '人10,138,"灯'
    lines[990] = '人990,138,灯"'
    path = written(tmp_path, "\n".join(["姓名,手机号,诉求内容", *lines]).encode())
    assert [number for number, _, _ in texts(path)] == list(range(2, 1002))


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)


@given(st.lists(st.lists(CELLS, min_size=2, max_size=5), min_size=1, max_size=8), st.sampled_from(",\t;"))
def test_what_the_csv_module_writes_is_read_back(rows: list[list[str]], separator: str) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator, quoting=csv.QUOTE_ALL).writerows(rows)
    lines = io.StringIO(text.getvalue(), newline="")
    assert list(records(lines, separator)) == rows


@given(st.text('ab",;\n\r', max_size=60))
def test_no_line_is_lost_whatever_its_quotation_marks(text: str) -> None:
    read = "".join("".join(row) for row in records(io.StringIO(text, newline=""), ","))
    assert read.count("a") == text.count("a")
    assert read.count("b") == text.count("b")


def test_a_line_that_is_no_row_of_a_table_is_refused_with_its_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delimited, "LONGEST_LINE", 100)
    path = written(tmp_path, TABLE.encode() + b"x" * 200)
    with pytest.raises(Refused) as refused:
        texts(path)
    assert refused.value.text.values["number"] == 4


def test_a_text_named_xlsx_is_read_as_text(tmp_path: Path) -> None:
    path = written(tmp_path, TABLE.encode("gb18030")).rename(tmp_path / "a.xlsx")
    assert len(texts(path)) == 2


def test_short_and_long_rows_are_read_as_they_are(tmp_path: Path) -> None:
    [table] = read(
        written(tmp_path, "姓名,手机号,诉求内容\n张三\n李四,139,灯,多,余\n".encode()), COLUMNS, MAPPING
    )
    short, long = table.rows
    assert (short.values, short.value("text")) == (("张三",), None)
    assert long.values == ("李四", "139", "灯", "多", "余")


def test_ten_times_the_rows_take_no_more_memory(tmp_path: Path) -> None:
    def peak(rows: int) -> int:
        text = "姓名,手机号,诉求内容\n" + "张三,13800138000,楼道灯坏了\n" * rows
        path = written(tmp_path, text.encode())
        tracemalloc.start()
        try:
            [table] = read(path, COLUMNS, MAPPING)
            assert sum(1 for _ in table.rows) == rows
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(2_000)  # what is compiled and kept once is not counted
    more_text = 18_000 * len("张三,13800138000,楼道灯坏了\n".encode())
    assert peak(20_000) - peak(2_000) < more_text / 5


# --- what has no headings says why ------------------------------------------------------------------------


def why(path: Path) -> Text:
    with pytest.raises(Refused) as refused:
        list(read(path, COLUMNS, MAPPING))
    return refused.value.text


@pytest.mark.parametrize(
    "page",
    [
        "<!-- export -->\n<table><tr><td>姓名</td></tr></table>", "<!-- " + "x" * 9000 + " --><table></table>", "<div>姓名</div>",
        "  \n<html>", "<?xml version='1.0'?><x/>", "<TABLE border=1>",
    ],
)  # fmt: skip
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_a_web_page_is_called_one_whatever_it_begins_with(tmp_path: Path, page: str, encoding: str) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(page.encode(encoding))
    assert "web page" in why(path).message


@pytest.mark.parametrize("encoding", ["big5", "shift_jis"])
def test_another_encoding_is_named(tmp_path: Path, encoding: str) -> None:
    text = (
        "姓名,手機号,小区\n某某,19900001160,某地\n"
        if encoding == "shift_jis"
        else "姓名,電話,社區\n某某,19900001160,某地\n"
    )
    assert encoding in str(why(written(tmp_path, text.encode(encoding, errors="replace"))))


def test_a_nought_in_one_cell_is_read_over_and_a_bar_separates(tmp_path: Path) -> None:
    assert texts(written(tmp_path, "姓名,手机号,诉求内容\n张\0三,13800138000,灯\n".encode())) == [
        (2, "张\0三", "灯")
    ]
    assert texts(written(tmp_path, "姓名|手机号|诉求内容\n张三|13800138000|灯\n".encode())) == [
        (2, "张三", "灯")
    ]


@pytest.mark.parametrize("seed", range(40))
def test_random_bytes_are_no_table_and_a_broken_workbook(tmp_path: Path, seed: int) -> None:
    for name, says in (("a.csv", "no table"), ("a.xlsx", "workbook")):
        path = tmp_path / name
        path.write_bytes(Random(seed).randbytes(3000))
        assert says in why(path).message


def test_without_headings_the_first_row_is_shown_but_for_what_may_be_a_person(tmp_path: Path) -> None:
    told = str(why(written(tmp_path, "甲方单位,张三丰,13800138000,Ward,房屋类型\n1,2,3,4,5\n".encode())))
    for shown in ("甲方单位", "Ward", "房屋类型", "姓名"):
        assert shown in told
    for hidden in ("张三丰", "13800138000"):
        assert hidden not in told


def test_every_known_heading_is_told_once(tmp_path: Path) -> None:
    columns = (*COLUMNS, *(attrs.evolve(column, name=f"x {column.name}") for column in COLUMNS))
    with pytest.raises(Refused) as refused:
        list(read(written(tmp_path, b"a,b\n1,2\n"), columns, MAPPING))
    assert str(refused.value).count("姓名") == 1
