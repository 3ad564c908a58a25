"""Other people's forms: filled as they ask, and otherwise as they were."""

import shutil
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter  # type: ignore[import-untyped]

from linli import District, Refused
from linli_brief.forms.errors import FormError
from linli_brief.testing import Street, a_street, monthly_form, opened

YEAR, MARCH = date(2026, 1, 1), date(2026, 3, 31)


@pytest.fixture
def street(new_district: Callable[..., District]) -> Street:
    """A street that has lived for some months."""
    street = a_street(new_district)
    street.live()
    return street


def _amount(street: Street, name: str, first: date, last: date, place: Any = None) -> Any:
    return street.district.brief(place, first, last).figures[name]


def _parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def _book(path: Path, cells: dict[str, Any], **more: Any) -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("表")
        for where, value in cells.items():
            sheet.write(where, value)
        for name, arguments in more.items():
            getattr(sheet, name)(*arguments)
    return path


# --- what is filled in -----------------------------------------------------------------------------


@pytest.mark.parametrize("ready", [0, 1, 3])
def test_a_monthly_return_is_filled_in(street: Street, tmp_path: Path, ready: int) -> None:
    form, out = monthly_form(tmp_path / "form.xlsx", ready=ready), tmp_path / "out.xlsx"
    filled = street.reports.fill(form, out, street.street, YEAR, MARCH)
    assert (filled.cells, filled.rows) == (8, 2)
    sheet = opened(out)["月报表"]
    march = (date(2026, 3, 1), MARCH)
    assert sheet["A1"].value == "Test district诉求办理情况月报表（2026年3月）"
    assert sheet["A2"].value == "填报单位：红旗路街道"
    assert sheet["D2"].value == "填报日期：2026-04-10"
    assert sheet["B3"].value == _amount(street, "requests.accepted", *march) > 1
    assert sheet["B4"].value == _amount(street, "requests.closed", *march) > 1
    rate = _amount(street, "requests.closing_rate", YEAR, MARCH)
    assert sheet["B5"].value == round(rate, 4)
    assert sheet["B6"].value is None, "April was still to come"
    february = _amount(street, "requests.accepted", date(2026, 2, 1), date(2026, 2, 28))
    still = _amount(street, "requests.open", YEAR, MARCH)
    assert sheet["C3"].value == f"上月：{february} 件，未办结 {still} 件"
    rows = [[cell.value for cell in row] for row in sheet["A9:E10"]]
    assert rows == [
        [name, None, _amount(street, "requests.accepted", YEAR, MARCH, place),
         _amount(street, "requests.closed", YEAR, MARCH, place), f"=C{row}-D{row}"]
        for row, (name, place) in enumerate((("电厂院落", street.second), ("锦绣花园", street.first)), start=9)
    ]  # fmt: skip


@pytest.mark.parametrize("ready", [0, 1, 3])
def test_what_stands_below_a_list_moves_down_with_all_that_names_it(
    street: Street, tmp_path: Path, ready: int
) -> None:
    form, out = monthly_form(tmp_path / "form.xlsx", ready=ready), tmp_path / "out.xlsx"
    was = opened(form)["月报表"]
    street.reports.fill(form, out, street.street, YEAR, MARCH)
    book = opened(out)
    sheet = book["月报表"]
    more = 0 if ready else 1
    total, last = 10 + ready + more, 9 + ready + more
    assert sheet[f"A{total}"].value == "合计"
    assert sheet[f"A{total + 1}"].value == "填表人："
    # A total of a list's only row becomes that of all its rows; where rows stood ready, it is the form's own.
    assert sheet[f"C{total}"].value == ("=SUM(C9:C9)" if ready else f"=SUM(C9:C{last})")
    assert sheet[f"D{total}"].value == ("=SUM($D$9:$D$9)" if ready else f"=SUM($D$9:$D${last})")
    assert book["汇总"]["A1"].value == f"=月报表!C{total}"
    assert book.defined_names["合计"].attr_text == f"=月报表!$C${total}".removeprefix("=")
    merged = {str(area) for area in sheet.merged_cells.ranges}
    assert merged == {"A1:E1", *(f"A{row}:B{row}" for row in range(9, total + 1))}
    assert sheet.print_area == f"'月报表'!$A$1:$E${total + 1}"
    assert sheet.print_title_rows == was.print_title_rows == "$1:$2"
    picture, before = (one._images[0].anchor._from.row for one in (sheet, was))
    assert picture == before + more


def test_the_looks_of_a_form_stay(street: Street, tmp_path: Path) -> None:
    form, out = monthly_form(tmp_path / "form.xlsx"), tmp_path / "out.xlsx"
    street.reports.fill(form, out, street.street, YEAR, MARCH)
    was, now = opened(form)["月报表"], opened(out)["月报表"]
    for row in was.iter_rows(max_row=9):
        for cell in row:
            same = now[cell.coordinate]
            for look in ("font", "border", "fill", "number_format", "alignment", "protection"):
                assert repr(getattr(same, look)) == repr(getattr(cell, look)), cell.coordinate
    for column in "ACDE":
        assert repr(now[f"{column}10"].border) == repr(was[f"{column}9"].border)
        assert now[f"{column}10"].number_format == was[f"{column}9"].number_format
    assert now.column_dimensions["A"].width == was.column_dimensions["A"].width
    assert now.row_dimensions[9].height == now.row_dimensions[10].height == was.row_dimensions[9].height
    assert now.page_setup.orientation == "landscape"
    assert now.oddHeader.center.text == "内部资料"
    assert now.freeze_panes == "A3"
    assert str(now.data_validations.dataValidation[0].sqref) == "C9:C10"
    assert [str(one.sqref) for one in now.conditional_formatting] == ["E9:E10"]


def test_parts_that_are_not_filled_in_are_carried_over_byte_for_byte(street: Street, tmp_path: Path) -> None:
    form, out = monthly_form(tmp_path / "form.xlsx"), tmp_path / "out.xlsx"
    original = form.read_bytes()
    street.reports.fill(form, out, street.street, YEAR, MARCH)
    was, now = _parts(form), _parts(out)
    assert list(was) == list(now)
    changed = {name for name in was if was[name] != now[name]}
    assert changed == {
        "xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml", "xl/drawings/drawing1.xml",
        "xl/charts/chart1.xml",
    }  # fmt: skip
    assert b"$C$9:$C$10" in now["xl/charts/chart1.xml"]
    assert form.read_bytes() == original


def test_where_no_row_is_put_in_only_the_sheet_and_the_order_to_calculate_are_new(
    street: Street, tmp_path: Path
) -> None:
    form, out = (
        _book(tmp_path / "form.xlsx", {"A1": "{requests.open}", "A2": "={1,2}"}),
        tmp_path / "out.xlsx",
    )
    street.reports.fill(form, out)
    was, now = _parts(form), _parts(out)
    changed = {name for name in was if was[name] != now[name]}
    assert changed == {"xl/workbook.xml", "xl/worksheets/sheet1.xml"}


def test_no_old_result_of_a_formula_stays_and_all_are_worked_out_when_it_is_opened(
    street: Street, tmp_path: Path
) -> None:
    form, out = monthly_form(tmp_path / "form.xlsx"), tmp_path / "out.xlsx"
    assert b"<v>999</v>" in _parts(form)["xl/worksheets/sheet1.xml"]
    street.reports.fill(form, out, street.street, YEAR, MARCH)
    parts = _parts(out)
    assert b"999" not in parts["xl/worksheets/sheet1.xml"]
    assert b'fullCalcOnLoad="1"' in parts["xl/workbook.xml"]


def test_a_list_has_a_row_for_each_of_what_was_counted(street: Street, tmp_path: Path) -> None:
    columns = "序号|地点|事项|accepted|状态|service|备注"
    form = _book(tmp_path / "form.xlsx", {"A1": "未办结清单", "B3": f"{{清单：requests.open：{columns}}}"})
    street.reports.fill(form, tmp_path / "out.xlsx", street.street, YEAR, MARCH)
    rows = [
        [cell.value for cell in row[1:]] for row in opened(tmp_path / "out.xlsx")["表"].iter_rows(min_row=3)
    ]
    counted = street.district.explain("requests.open", street.street, YEAR, MARCH).counted
    assert len(counted) > 1
    where = {street.first: "锦绣花园", street.second: "电厂院落"}
    for number, (row, one) in enumerate(zip(rows, counted, strict=True), start=1):
        assert row[0] == number
        assert row[1].endswith(where[one.place] if one.place else "")
        assert row[2] == "request · accept"
        assert row[3] == f"{one.at.astimezone(street.district.rules.zone):%Y-%m-%d %H:%M}"
        assert row[4:6] == [street.district.subject(one.subject).state, "general"], "as it is today"
        assert row[6] == str(one.note)


def test_a_list_of_nothing_leaves_its_row_empty(
    new_district: Callable[..., District], tmp_path: Path
) -> None:
    street = a_street(new_district)
    form = _book(tmp_path / "form.xlsx", {"A1": "{list: requests.open: no|place}", "A2": "签字"})
    assert street.reports.fill(form, tmp_path / "out.xlsx").rows == 0
    assert [cell.value for cell in opened(tmp_path / "out.xlsx")["表"]["A"]] == [None, "签字"]


def test_each_part_of_a_text_keeps_its_own_look(street: Street, tmp_path: Path) -> None:
    form = tmp_path / "form.xlsx"
    with xlsxwriter.Workbook(form) as book:
        red = book.add_format({"font_color": "red", "bold": True})
        book.add_worksheet("表").write_rich_string("A1", "未办结", red, "{requests.open}", "件")
    street.reports.fill(form, tmp_path / "out.xlsx", None, YEAR, MARCH)
    value = opened(tmp_path / "out.xlsx")["表"]["A1"].value
    still = _amount(street, "requests.open", YEAR, MARCH)
    assert [str(part) for part in value] == ["未办结", str(still), "件"]
    assert value[1].font.b
    assert value[1].font.color.rgb == "FFFF0000"


def test_a_name_in_two_looks_is_found_all_the_same(street: Street, tmp_path: Path) -> None:
    form = tmp_path / "form.xlsx"
    with xlsxwriter.Workbook(form) as book:
        book.add_worksheet("表").write_rich_string(
            "A1", "{requests.", book.add_format({"bold": True}), "open} 件"
        )
    street.reports.fill(form, tmp_path / "out.xlsx", None, YEAR, MARCH)
    still = _amount(street, "requests.open", YEAR, MARCH)
    assert str(opened(tmp_path / "out.xlsx")["表"]["A1"].value) == f"{still} 件"


def test_a_text_of_the_record_becomes_no_formula(
    new_district: Callable[..., District], tmp_path: Path
) -> None:
    street = a_street(new_district)
    street.district.register.place("compound", "=1+1", street.street)
    form = _book(tmp_path / "form.xlsx", {"A1": "{each compound: name}"})
    street.reports.fill(form, tmp_path / "out.xlsx")
    cells = {cell.value: cell.data_type for cell in opened(tmp_path / "out.xlsx")["表"]["A"]}
    assert cells["=1+1"] == "s"


def test_a_form_with_a_mean_and_nothing_beside_it_is_told_to_mislead(street: Street, tmp_path: Path) -> None:
    mean = "{requests.mean_hours_to_close}"
    beside = street.district.rules.figures["requests.mean_hours_to_close"].shown_with
    assert {"requests.open", "requests.oldest_open_hours", "requests.handed_over"} <= set(beside)
    alone = _book(tmp_path / "alone.xlsx", {"A1": mean})
    notes = street.reports.fill(alone, tmp_path / "1.xlsx").notes
    assert ["misleads alone" in str(note) for note in notes] == [True]
    whole = _book(
        tmp_path / "whole.xlsx",
        {"A1": mean} | {f"A{row}": f"{{{name}}}" for row, name in enumerate(beside, 2)},
    )
    assert street.reports.fill(whole, tmp_path / "2.xlsx").notes == ()


# --- what is refused -------------------------------------------------------------------------------


def test_everything_unclear_is_told_at_once_with_the_nearest_known_and_nothing_is_written(
    street: Street, tmp_path: Path
) -> None:
    cells = {
        "A1": "{requests.clsoed}", "B2": "{requests.closed@上上月}", "C3": "{list: requests.open: id|plcae}",
        "D4": "{each compund: name}", "E5": "见 {list: requests.open: id}", "F6": "{each street: nmae}",
        "A7": "{palce} {requests.open@2026-13}",
    }  # fmt: skip
    form = _book(tmp_path / "form.xlsx", cells)
    with pytest.raises(FormError) as refused:
        street.reports.fill(form, tmp_path / "out.xlsx")
    said = {problem.where: str(problem.what) for problem in refused.value.problems}
    assert said.keys() == {f"表!{where}" for where in cells}
    assert "did you mean requests.closed?" in said["表!A1"]
    assert "names no period" in said["表!B2"]
    assert "did you mean place?" in said["表!C3"]
    assert "did you mean compound?" in said["表!D4"]
    assert "a cell of its own" in said["表!E5"]
    assert "did you mean name?" in said["表!F6"]
    assert sum(problem.where == "表!A7" for problem in refused.value.problems) == 2
    assert "nothing was written" in str(refused.value)
    assert not (tmp_path / "out.xlsx").exists()


def test_a_figure_is_named_as_the_brief_calls_it(street: Street, tmp_path: Path) -> None:
    form = _book(tmp_path / "form.xlsx", {"A1": "{已办结}", "B1": "{requests.closed}", "C1": "{已办结@上月}"})
    street.reports.fill(form, tmp_path / "out.xlsx")
    sheet = opened(tmp_path / "out.xlsx").active
    assert sheet["A1"].value == sheet["B1"].value


def test_a_short_word_is_not_taken_for_another(street: Street, tmp_path: Path) -> None:
    form = _book(tmp_path / "form.xlsx", {"A1": "{foo}"})
    with pytest.raises(FormError) as refused:
        street.reports.fill(form, tmp_path / "out.xlsx")
    assert "did you mean" not in str(refused.value)


def test_a_form_that_names_nothing_is_refused(street: Street, tmp_path: Path) -> None:
    form = _book(tmp_path / "form.xlsx", {"A1": "月报表", "A2": 5})
    with pytest.raises(FormError, match=r"no cell names anything") as refused:
        street.reports.fill(form, tmp_path / "out.xlsx")
    assert "{requests.closed}" in str(refused.value)


def test_a_name_in_a_text_box_is_told_because_it_would_stay(street: Street, tmp_path: Path) -> None:
    form = _book(
        tmp_path / "form.xlsx", {"A1": "{requests.open}"}, insert_textbox=(3, 3, "{requests.closed} {选填}")
    )
    with pytest.raises(FormError) as refused:
        street.reports.fill(form, tmp_path / "out.xlsx")
    assert [problem.where for problem in refused.value.problems] == ["{requests.closed}"]


def test_a_list_whose_columns_are_taken_is_refused(street: Street, tmp_path: Path) -> None:
    form = _book(tmp_path / "form.xlsx", {"A1": "{each compound: name|requests.open}", "B1": "备注"})
    with pytest.raises(FormError, match=r"problems") as refused:
        street.reports.fill(form, tmp_path / "out.xlsx")
    assert [problem.where for problem in refused.value.problems] == ["表!B1"]


def test_a_list_longer_than_the_district_allows_is_refused(
    new_district: Callable[..., District], tmp_path: Path
) -> None:
    street = a_street(new_district, more="[brief]\nmost_listed = 2\n")
    street.live()
    form = _book(tmp_path / "form.xlsx", {"A1": "{list: requests.closed: id}"})
    with pytest.raises(FormError) as refused:
        street.reports.fill(form, tmp_path / "out.xlsx", None, YEAR, MARCH)
    assert "more than 2 rows" in str(refused.value)


def test_rows_are_not_put_in_where_comments_or_tables_would_stay_behind(
    street: Street, tmp_path: Path
) -> None:
    cells = {"A1": "{each compound: name}", "A2": "合计"}
    for name, more in (("comment", {"write_comment": ("C5", "注")}), ("table", {"add_table": ("D4:E6",)})):
        with pytest.raises(FormError) as refused:
            street.reports.fill(_book(tmp_path / f"{name}.xlsx", cells, **more), tmp_path / "out.xlsx")
        assert "needs 1 more rows" in str(refused.value)
        assert name in str(refused.value)


def test_with_rows_ready_a_list_goes_beside_comments_too(street: Street, tmp_path: Path) -> None:
    form = tmp_path / "form.xlsx"
    with xlsxwriter.Workbook(form) as book:
        frame, sheet = book.add_format({"border": 1}), book.add_worksheet("表")
        sheet.write("A1", "{each compound: name}", frame)
        sheet.write_blank("A2", None, frame)
        sheet.write("A3", "合计")
        sheet.write_comment("A3", "两个小区之和")
    street.reports.fill(form, tmp_path / "out.xlsx")
    sheet = opened(tmp_path / "out.xlsx")["表"]
    assert [cell.value for cell in sheet["A"]] == ["电厂院落", "锦绣花园", "合计"]
    assert sheet["A3"].comment.text == "两个小区之和"


def test_the_form_itself_and_what_is_there_already_are_never_written_over(
    street: Street, tmp_path: Path
) -> None:
    form = _book(tmp_path / "form.xlsx", {"A1": "{requests.open}"})
    before = form.read_bytes()
    (tmp_path / "link.xlsx").symlink_to(form)
    for out in (form, tmp_path / "link.xlsx"):
        with pytest.raises(Refused, match="is there already"):
            street.reports.fill(form, out)
    assert form.read_bytes() == before


def test_what_is_no_spreadsheet_is_said_to_be_none(street: Street, tmp_path: Path) -> None:
    text, old, empty = (tmp_path / name for name in ("form.xlsx", "form.xls", "empty.xlsx"))
    text.write_text("not a zip")
    shutil.copy(text, old)
    with zipfile.ZipFile(empty, "w") as archive:
        archive.writestr("readme.txt", "x")
    for form, said in ((text, "locked with a password"), (old, "save it as one"), (empty, "has no workbook")):
        with pytest.raises(Refused, match=said):
            street.reports.fill(form, tmp_path / "out.xlsx")


def test_a_damaged_sheet_is_said_to_be_damaged(street: Street, tmp_path: Path) -> None:
    form, damaged = _book(tmp_path / "form.xlsx", {"A1": "{requests.open}"}), tmp_path / "damaged.xlsx"
    with zipfile.ZipFile(damaged, "w") as archive:
        for name, part in _parts(form).items():
            archive.writestr(name, part[:80] if name.endswith("sheet1.xml") else part)
    with pytest.raises(Refused, match="is damaged"):
        street.reports.fill(damaged, tmp_path / "out.xlsx")
