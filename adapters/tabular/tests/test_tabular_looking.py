"""What stands in a workbook beside its values: errors, formulas without results, what is hidden, its epoch."""

import zipfile
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl  # type: ignore[import-untyped]
import pytest
import xlwt  # type: ignore[import-untyped]
from openpyxl.utils.datetime import CALENDAR_MAC_1904  # type: ignore[import-untyped]

from linli import say
from linli._importing.cleaning import clean
from linli.importing import Column, FileMapping, Kind, Row, RowProblem, Table, Unread, Value
from linli_tabular import errors_file
from linli_tabular.reading import read

MAPPING = FileMapping(zone=ZoneInfo("Asia/Shanghai"))
COLUMNS = (
    Column(name="name", headings=("姓名",)),
    Column(name="since", headings=("入住时间",), kind=Kind.DATE),
    Column(name="area", headings=("面积",), kind=Kind.AREA),
)
ERRORS = ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!")

_ODS = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0" office:version="1.2">
<office:body><office:spreadsheet>{settings}<table:table table:name="表">{rows}</table:table>
</office:spreadsheet></office:body></office:document-content>"""


def only(path: Path) -> Table:
    [table] = read(path, COLUMNS, MAPPING)
    return table


def values(path: Path, name: str = "name") -> list[Value]:
    return [row.value(name) for row in only(path).rows]


def xlsx(path: Path, *rows: tuple[object, ...], change: object = None) -> Path:
    book = openpyxl.Workbook()
    book.active.append(["姓名", "入住时间", "面积"])
    for row in rows:
        book.active.append(row)
    if callable(change):
        change(book)
    book.save(path)
    return path


def ods(path: Path, *rows: str, settings: str = "", columns: str = "") -> Path:
    text = "".join(
        f"<table:table-cell office:value-type='string'><text:p>{one}</text:p></table:table-cell>"
        for one in ("姓名", "入住时间", "面积")
    )
    body = f"{columns}<table:table-row>{text}</table:table-row>" + "".join(rows)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", _ODS.format(rows=body, settings=settings))
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    return path


@pytest.mark.parametrize("error", ERRORS)
def test_an_error_in_an_xlsx_is_no_blank(tmp_path: Path, error: str) -> None:
    path = xlsx(tmp_path / "a.xlsx", ("甲", None, 1), (error, None, 2), (None, None, 3))
    assert values(path) == ["甲", Unread.ERROR, None]


@pytest.mark.parametrize("code", [0x00, 0x07, 0x0F, 0x17, 0x1D, 0x24, 0x2A])
def test_an_error_in_an_xls_is_no_blank(tmp_path: Path, code: int) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("表")
    for column, heading in enumerate(("姓名", "入住时间", "面积")):
        sheet.write(0, column, heading)
    sheet.row(1).set_cell_error(0, code)
    sheet.write(1, 2, 1)
    book.save(str(tmp_path / "a.xls"))
    assert values(tmp_path / "a.xls") == [Unread.ERROR]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("<table:table-cell table:formula='of:=NA()' office:value-type='string' office:string-value='' calcext:value-type='error'><text:p>#N/A</text:p></table:table-cell>", Unread.ERROR),
        ("<table:table-cell table:formula='of:=1/0' office:value-type='float' office:value='0' calcext:value-type='error'><text:p>#DIV/0!</text:p></table:table-cell>", Unread.ERROR),
        ("<table:table-cell table:formula='of:=X()' office:value-type='string'><text:p>Err:508</text:p></table:table-cell>", Unread.ERROR),
        ("<table:table-cell table:formula='of:=B1'/>", Unread.FORMULA),
        ("<table:table-cell table:formula='of:=B1' office:value-type='string'><text:p>甲</text:p></table:table-cell>", "甲"),
    ],
)  # fmt: skip
def test_what_an_ods_does_not_say_is_no_blank_and_no_nought(
    tmp_path: Path, cell: str, expected: Value
) -> None:
    area = "<table:table-cell/><table:table-cell office:value-type='float' office:value='2'><text:p>2</text:p></table:table-cell>"
    path = ods(tmp_path / "a.ods", f"<table:table-row>{cell}{area}</table:table-row>")
    assert values(path) == [expected]


def test_a_formula_without_a_stored_result_is_no_blank_and_an_empty_text_is_one(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", ('="锦绣"&"花园"', None, 1), ("乙", None, 2))
    assert values(path) == [Unread.FORMULA, "乙"]
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    for stored, expected in (
        (b'<c r="A2" t="str"><f>X</f><v></v></c>', None), (b'<c r="A2" t="str"><f>X</f><v>\xe7\x94\xb2</v></c>', "甲"),
        (b'<c r="A2"><f>X</f></c>', Unread.FORMULA), (b'<c r="A2"><f t="shared" si="0"/></c>', Unread.FORMULA),
        (b'<c r="A2"><f>X</f><v>7</v></c>', 7), (b'<c r="A2" t="e"><f>X</f><v>#REF!</v></c>', Unread.ERROR),
    ):  # fmt: skip
        begin = sheet.index(b'<c r="A2"')
        end = sheet.index(b"</c>", begin) + len(b"</c>")
        parts["xl/worksheets/sheet1.xml"] = sheet[:begin] + stored + sheet[end:]
        with zipfile.ZipFile(path, "w") as book:
            for name, content in parts.items():
                book.writestr(name, content)
        assert values(path)[0] == expected, stored


def test_a_formula_far_down_a_large_sheet_is_found_in_its_own_row(tmp_path: Path) -> None:
    rows = [(f"甲{n}", None, n + 1) for n in range(30_000)]
    rows[29_000] = ("=A1", None, 5)
    found = values(xlsx(tmp_path / "a.xlsx", *rows))
    assert [n for n, value in enumerate(found) if isinstance(value, Unread)] == [29_000]


def _mac(book: object) -> None:
    book.epoch = CALENDAR_MAC_1904  # type: ignore[attr-defined]


def test_bare_numbers_of_a_workbook_from_1904_are_its_own_days_also_in_the_error_file(tmp_path: Path) -> None:
    serial = (date(2026, 3, 5) - date(1904, 1, 1)).days
    path = xlsx(tmp_path / "a.xlsx", ("甲", serial, "大"), ("乙", date(2026, 3, 5), "大"), change=_mac)
    table = only(path)
    mapping = FileMapping(zone=ZoneInfo("Asia/Shanghai"), epoch=table.epoch)
    for row in table.rows:
        assert clean(COLUMNS[1], row.cell("since"), mapping) == date(2026, 3, 5)
    bad = [
        RowProblem(file=str(path), sheet="Sheet", row=row.number, name="area", what=say("bad"))
        for row in table.rows
    ]
    errors_file.write(tmp_path / "e.xlsx", bad, [table])
    again = only(tmp_path / "e.xlsx")
    mapping = FileMapping(zone=ZoneInfo("Asia/Shanghai"), epoch=again.epoch)
    assert [clean(COLUMNS[1], row.cell("since"), mapping) for row in again.rows] == [date(2026, 3, 5)] * 2


def test_the_epoch_of_an_xls_and_of_an_ods_is_their_own(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    book.dates_1904 = True
    sheet = book.add_sheet("表")
    for column, heading in enumerate(("姓名", "入住时间", "面积")):
        sheet.write(0, column, heading)
    book.save(str(tmp_path / "a.xls"))
    assert only(tmp_path / "a.xls").epoch == date(1904, 1, 1)
    settings = "<table:calculation-settings><table:null-date table:date-value='1904-01-01'/></table:calculation-settings>"
    assert only(ods(tmp_path / "a.ods", settings=settings)).epoch == date(1904, 1, 1)


def _hides(book: object) -> None:
    sheet = book.active  # type: ignore[attr-defined]
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["C"].hidden = True


def test_hidden_rows_and_columns_are_told_in_every_kind_of_workbook(tmp_path: Path) -> None:
    tables = [only(xlsx(tmp_path / "a.xlsx", ("甲", None, 1), ("乙", None, 2), change=_hides))]
    row = "<table:table-row{}><table:table-cell office:value-type='string'><text:p>甲</text:p></table:table-cell></table:table-row>"
    column = "<table:table-column table:number-columns-repeated='2'/><table:table-column table:visibility='collapse'/>"
    path = ods(tmp_path / "a.ods", row.format(""), row.format(" table:visibility='filter'"), columns=column)
    tables.append(only(path))
    book = xlwt.Workbook()
    sheet = book.add_sheet("表")
    for place, cells in enumerate((("姓名", "入住时间", "面积"), ("甲", "", 1), ("乙", "", 2))):
        for at, cell in enumerate(cells):
            sheet.write(place, at, cell)
    sheet.row(2).hidden = True
    sheet.col(2).hidden = True
    book.save(str(tmp_path / "a.xls"))
    tables.append(only(tmp_path / "a.xls"))
    for table in tables:
        assert len(list(table.rows)) == 2, "they are read"
        rows, columns = table.remarks
        assert rows.values["count"] == 1, table.file
        assert "C 面积" in str(columns)


def test_a_file_with_nothing_hidden_has_no_remark(tmp_path: Path) -> None:
    assert only(xlsx(tmp_path / "a.xlsx", ("甲", datetime(2026, 3, 5), 1))).remarks == ()  # noqa: DTZ001


def test_an_error_file_that_somebody_changed_is_not_written_over(tmp_path: Path) -> None:
    from linli.importing import ChangedSince

    table = only(xlsx(tmp_path / "a.xlsx", ("甲", None, "大")))
    [row] = table.rows
    assert isinstance(row, Row)
    bad = [RowProblem(file=table.file, sheet=table.sheet, row=2, name="area", what=say("bad"))]
    target = tmp_path / "e.xlsx"
    assert errors_file.write(target, bad, [table]) == 1
    assert errors_file.write(target, bad, [table]) == 1, "as it was written, it is written anew"
    book = openpyxl.load_workbook(target)
    book.active.cell(2, 3).value = "60"
    book.save(target)
    kept = target.read_bytes()
    with pytest.raises(ChangedSince):
        errors_file.write(target, bad, [table])
    assert target.read_bytes() == kept
    (tmp_path / "x.xlsx").write_bytes(b"mine")
    with pytest.raises(ChangedSince):
        errors_file.write(tmp_path / "x.xlsx", bad, [table])
