"""Workbooks as districts keep them: several sheets, titles, merged cells, footers, and worse."""

import io
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import msoffcrypto.format.ooxml  # type: ignore[import-untyped]
import openpyxl  # type: ignore[import-untyped]
import pytest
import xlwt  # type: ignore[import-untyped]

from linli import NotFound, Refused
from linli._model.sheets import How
from linli.importing import Column, FileMapping, Kind, Table, Unread, Value
from linli_tabular import files
from linli_tabular.reading import read, tables

MAPPING = FileMapping(zone=ZoneInfo("Asia/Shanghai"))
COLUMNS = (
    Column(name="name", headings=("姓名",), kind=Kind.NAME, required=True),
    Column(name="phone", headings=("手机号", "手机号码"), kind=Kind.PHONE, required=True),
    Column(name="building", headings=("楼栋",)),
    Column(name="joined", headings=("入党时间",), kind=Kind.DATE),
)
HEADINGS = ("姓名", "手机号", "楼栋")


def saved(tmp_path: Path, *sheets: Sequence[object], merge: str = "", name: str = "a.xlsx") -> Path:
    """A workbook with these sheets; `merge` is merged in the first."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets, start=1):
        sheet = book.create_sheet(f"表{number}")
        for row in rows:
            sheet.append(row)
    if merge:
        book.worksheets[0].merge_cells(merge)
    book.save(tmp_path / name)
    return tmp_path / name


def only_table(path: Path) -> Table:
    [table] = read(path, COLUMNS, MAPPING)
    return table


def rows_of(path: Path) -> list[tuple[int, Value, Value]]:
    return [(row.number, row.value("name"), row.value("building")) for row in only_table(path).rows]


def refusal(path: Path) -> str:
    with pytest.raises(Refused) as refused:
        list(read(path, COLUMNS, MAPPING))
    return refused.value.text.message


def test_merged_titles_above_the_headings_are_passed_over(tmp_path: Path) -> None:
    rows = [["某小区党员花名册"], [], ["填报单位：某社区", None, "2024年3月"], HEADINGS, ["张三", "1", "3栋"]]
    path = saved(tmp_path, rows, merge="A1:C2")
    assert only_table(path).heading_row == 4
    assert rows_of(path) == [(5, "张三", "3栋")]


def test_headings_in_two_rows_are_read_as_one(tmp_path: Path) -> None:
    rows = [
        ["登记表"],
        ["姓名", "联系方式", None, "楼栋"],
        [None, "手机号", "微信"],
        ["张三", "138", "w", "3栋"],
    ]
    table = only_table(saved(tmp_path, rows, merge="B2:C2"))
    assert [(match.heading, match.column) for match in table.matches] == [
        ("姓名", "name"),
        ("手机号", "phone"),
        ("微信", None),
        ("楼栋", "building"),
    ]
    assert [row.values for row in table.rows] == [("张三", "138", "w", "3栋")]


def test_blank_rows_and_rows_with_only_a_running_number_are_passed_over(tmp_path: Path) -> None:
    rows = [["序号", *HEADINGS], [1, "张三", "1", "3栋"], [], [2, "李四", "2", "4栋"], [3], [4, " ", "　"]]
    assert rows_of(saved(tmp_path, rows)) == [(2, "张三", "3栋"), (4, "李四", "4栋")]


@pytest.mark.parametrize(
    "footer",
    [
        ["合计", None, None],
        ["合计：2人", None, "2"],
        [None, None, "总计 1,234.5"],
        ["制表人：王五        审核人：赵六", None, None],
        ["填报单位（盖章）：", None, None],
        ["备注：本表一式两份", None, None],
    ],
)
def test_a_footer_is_passed_over(tmp_path: Path, footer: list[object]) -> None:
    assert rows_of(saved(tmp_path, [HEADINGS, ["张三", "1", "3栋"], footer])) == [(2, "张三", "3栋")]


def test_what_only_looks_like_a_footer_is_a_row(tmp_path: Path) -> None:
    rows = [HEADINGS, ["合计", "13800138000", None], ["说明天", None, None]]
    assert [name for _, name, _ in rows_of(saved(tmp_path, rows))] == ["合计", "说明天"]


def test_headings_repeated_on_every_page_are_no_rows(tmp_path: Path) -> None:
    rows = [HEADINGS, ["张三", "1", "3栋"], HEADINGS, ["李四", "2", "4栋"]]
    assert [name for _, name, _ in rows_of(saved(tmp_path, rows))] == ["张三", "李四"]


def test_a_cell_merged_over_rows_holds_for_each_of_them(tmp_path: Path) -> None:
    rows = [HEADINGS, ["张三", "1", "3栋"], ["李四", "2", None], ["王五", "3", None], ["赵六", "4", None]]
    path = saved(tmp_path, rows, merge="C2:C4")
    assert [building for _, _, building in rows_of(path)] == ["3栋", "3栋", "3栋", None]


def test_a_table_need_not_begin_in_column_a(tmp_path: Path) -> None:
    rows = [[None, None, *HEADINGS], [None, None, "张三", "1", "3栋"]]
    [row] = only_table(saved(tmp_path, rows)).rows
    assert row.cell("name").letter == "C"
    assert row.values == (None, None, "张三", "1", "3栋")


def test_every_sheet_is_a_table_or_says_why_not(tmp_path: Path) -> None:
    path = saved(
        tmp_path,
        [["填表说明"]],
        [HEADINGS, ["张三", "1", "a"]],
        [],
        [["手机号码", "姓名"], ["2", "李四"]],
        [HEADINGS],
    )
    book = openpyxl.load_workbook(path)
    book["表5"].sheet_state = "hidden"
    book.save(path)
    found = list(read(path, COLUMNS, MAPPING))
    assert [table.sheet for table in found] == ["表1", "表2", "表3", "表4", "表5"]
    assert [[row.value("name") for row in table.rows] for table in found] == [[], ["张三"], [], ["李四"], []]
    reasons = [table.skipped.message if table.skipped else "" for table in found]
    assert [reason[:15] for reason in reasons] == [
        "no row of headi",
        "",
        "the sheet is em",
        "",
        "the sheet is hi",
    ]


def test_a_table_tells_which_required_columns_it_lacks(tmp_path: Path) -> None:
    table = only_table(saved(tmp_path, [["姓名", "楼栋"], ["张三", "3栋"]]))
    assert [column.name for column in table.missing] == ["phone"]


def test_a_file_without_any_known_heading_is_refused_with_the_headings_it_could_have(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        list(read(saved(tmp_path, [["甲", "乙"], ["1", "2"]]), COLUMNS, MAPPING))
    assert "姓名、手机号、楼栋、入党时间" in str(refused.value)


def test_values_keep_the_types_of_the_workbook(tmp_path: Path) -> None:
    cells = [
        13800138000,
        430503199003071234,
        89.5,
        date(2024, 3, 5),
        datetime(2024, 3, 5, 8, 5),  # noqa: DTZ001
        True,
        " ",
        "=1+1",
    ]
    path = saved(tmp_path, [HEADINGS, cells])
    [row] = only_table(path).rows
    assert row.values[:6] == (
        13800138000,
        430503199003071234.0,
        89.5,
        date(2024, 3, 5),
        datetime(2024, 3, 5, 8, 5),  # noqa: DTZ001
        "TRUE",
    )
    assert [type(value) for value in row.values[:2]] == [int, float]
    assert row.values[6:] == (None, Unread.FORMULA)


def test_rows_can_be_read_again(tmp_path: Path) -> None:
    table = only_table(saved(tmp_path, [HEADINGS, ["张三", "1", "3栋"]]))
    assert list(table.rows) == list(table.rows) != []


def xls(path: Path) -> Path:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("党员")
    sheet.write_merge(0, 0, 0, 3, "花名册")
    for column, heading in enumerate((*HEADINGS, "入党时间")):
        sheet.write(1, column, heading)
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for row, name in ((2, "张三"), (3, "李四")):
        sheet.write(row, 0, name)
        sheet.write(row, 1, 13800138000)
        sheet.write(row, 3, date(2001, 7, 1), day)
    sheet.write_merge(2, 3, 2, 2, "3栋")
    book.add_sheet("字典").visibility = 1
    book.save(str(path))
    return path


def test_an_xls_is_read_like_an_xlsx(tmp_path: Path) -> None:
    table, hidden = read(xls(tmp_path / "old.xls"), COLUMNS, MAPPING)
    assert [row.values for row in table.rows] == [
        ("张三", 13800138000, "3栋", date(2001, 7, 1)),
        ("李四", 13800138000, "3栋", date(2001, 7, 1)),
    ]
    assert table.heading_row == 2
    assert hidden.skipped is not None


def test_an_ods_is_read_like_an_xlsx(tmp_path: Path) -> None:
    def row(*texts: str) -> str:
        cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
        filler = '<table:table-cell table:number-columns-repeated="1000"/>'
        return f"<table:table-row>{''.join(map(cell.format, texts))}{filler}</table:table-row>"

    blank = '<table:table-row table:number-rows-repeated="1000000"><table:table-cell/></table:table-row>'
    urn = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<office:document-content xmlns:office="{urn}:office:1.0" xmlns:table="{urn}:table:1.0" '
        f'xmlns:text="{urn}:text:1.0"><office:body><office:spreadsheet><table:table table:name="表">'
        f"{row(*HEADINGS)}{row('张三', '138', '3栋')}{blank}"
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    path = tmp_path / "a.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "META-INF/manifest.xml",
            f'<manifest:manifest xmlns:manifest="{urn}:manifest:1.0"/>',
        )
        archive.writestr("content.xml", content)
    assert rows_of(path) == [(2, "张三", "3栋")]


@pytest.mark.parametrize("name", ["a.xls", "a.csv", "a.dat", "a"])
def test_a_workbook_is_known_by_what_is_in_it_and_not_by_its_name(tmp_path: Path, name: str) -> None:
    new = saved(tmp_path, [HEADINGS, ["张三", "1", "3栋"]])
    assert rows_of(new.rename(tmp_path / name)) == [(2, "张三", "3栋")]
    old = xls(tmp_path / "b.xls").rename(tmp_path / "b.xlsx")
    assert [sheet.sheet for sheet in tables(old)] == ["党员", "字典"]


def test_a_workbook_locked_with_a_password_is_refused_as_such(tmp_path: Path) -> None:
    path = saved(tmp_path, [HEADINGS])
    locked = io.BytesIO()
    with path.open("rb") as plain:
        msoffcrypto.format.ooxml.OOXMLFile(plain).encrypt("secret", locked)
    path.write_bytes(locked.getvalue())
    assert "password" in refusal(path)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b" \r\n\r\n", "empty"),
        (b"<html><table><tr><td>\xd0\xd5\xc3\xfb</td></tr></table>", "web page"),
        ("\ufeff\n<!DOCTYPE html>".encode(), "web page"),
        (b'<?xml version="1.0"?><Workbook>', "web page"),
        (b"%PDF-1.7", "no table"),
        (b"PK\x03\x04 and then nothing", "cannot be read as a workbook"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(2000), "cannot be read as a workbook"),
    ],
)
def test_what_is_no_workbook_is_refused_with_what_to_do(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "export.xls"
    path.write_bytes(content)
    assert says in refusal(path)


def test_another_kind_of_archive_is_no_workbook(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert "cannot be read as a workbook" in refusal(path)


@pytest.mark.parametrize("spot", range(1, 10))
def test_a_damaged_workbook_is_refused_or_read_but_never_breaks_the_program(
    tmp_path: Path, spot: int
) -> None:
    for path in (saved(tmp_path, [HEADINGS, ["张三", "1", "3栋"]]), xls(tmp_path / "b.xls")):
        content = bytearray(path.read_bytes())
        at = len(content) * spot // 10
        content[at : at + 40] = bytes(range(200, 240))
        path.write_bytes(content)
        try:
            assert all(list(sheet.rows) is not None for sheet in tables(path))
        except Refused as refused:
            assert "cannot be read" in refused.text.message  # noqa: PT017 - both ends are right


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound) as missing:
        list(tables(tmp_path / "nowhere.xlsx"))
    assert "nowhere.xlsx" in str(missing.value)


def test_a_folder_is_refused(tmp_path: Path) -> None:
    assert "cannot be read" in refusal(tmp_path)


def test_an_archive_that_unpacks_to_more_than_the_limit_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes(3_000_000))
    monkeypatch.setattr(files, "LARGEST_UNPACKED", 2_000_000)
    assert path.stat().st_size < 10_000
    assert "too large" in refusal(path)


def test_a_file_larger_than_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LARGEST_FILE", 100)
    assert "too large" in refusal(saved(tmp_path, [HEADINGS]))


def test_a_blank_typed_far_from_the_table_is_refused_and_not_given_memory(tmp_path: Path) -> None:
    path = saved(tmp_path, [HEADINGS, ["张三", "1", "3栋"]])
    book = openpyxl.load_workbook(path)
    book.worksheets[0]["XFD1048576"] = " "
    book.save(path)
    assert "far away" in refusal(path)


def test_a_format_that_reaches_far_from_the_table_does_no_harm(tmp_path: Path) -> None:
    path = saved(tmp_path, [HEADINGS, ["张三", "1", "3栋"]])
    book = openpyxl.load_workbook(path)
    book.worksheets[0]["XFD1048576"].font = openpyxl.styles.Font(bold=True)
    book.save(path)
    assert rows_of(path) == [(2, "张三", "3栋")]


def test_a_guess_is_shown_with_the_table(tmp_path: Path) -> None:
    table = only_table(saved(tmp_path, [["姓名", "手机号", "楼栋号"], ["张三", "1", "3"]]))
    assert [(match.heading, match.how) for match in table.matches][2] == ("楼栋号", How.GUESSED)
    assert table.heading("building") == "楼栋号"


def test_a_small_workbook_that_unpacks_to_far_more_than_its_size_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes(3_000_000))
    monkeypatch.setattr(files, "FREELY_UNPACKED", 1_000_000)
    assert "too large" in refusal(path)
