"""The error file: bad rows come back as they were, are put right, and are imported again."""

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl  # type: ignore[import-untyped]
import pytest

from linli import Refused
from linli._importing.cleaning import clean_row
from linli._model.sheets import How
from linli.importing import PROBLEM_HEADING, Column, FileMapping, Kind, RowProblem
from linli_tabular import errors_file
from linli_tabular.reading import read
from linli_tabular.writing import write_xlsx

MAPPING = FileMapping(zone=ZoneInfo("Asia/Shanghai"))
COLUMNS = (
    Column(name="name", headings=("姓名",), kind=Kind.NAME, required=True),
    Column(name="phone", headings=("手机号",), kind=Kind.PHONE, required=True),
    Column(name="joined", headings=("入党时间",), kind=Kind.DATE),
    Column(name="room", headings=("房号",)),
)
HEADINGS = ("序号", "姓名", "手机号", "入党时间", "房号", "备注")
GOOD = (1, "张三", 13800138000, date(2001, 7, 1), "101", "a")
BAD_PHONE = (2, "李四", 1380013800, date(2002, 7, 1), "102", "=b")
BAD_DATE = (3, "王五", 13900139000, "2001-02-30", date(2024, 3, 2), None)


def imported(path: Path) -> tuple[list[dict[str, object]], list[RowProblem]]:
    good, bad = [], []
    for table in read(path, COLUMNS, MAPPING):
        for row in table.rows:
            values, problems = clean_row(row, table, COLUMNS, MAPPING)
            bad += problems
            if not problems:
                good.append(values)
    return good, bad


@pytest.fixture
def original(tmp_path: Path) -> Path:
    write_xlsx(tmp_path / "members.xlsx", HEADINGS, [GOOD, BAD_PHONE, BAD_DATE])
    return tmp_path / "members.xlsx"


@pytest.fixture
def errors(original: Path) -> Path:
    path = original.with_name("errors.xlsx")
    _, problems = imported(original)
    assert errors_file.write(path, problems, read(original, COLUMNS, MAPPING)) == 2
    return path


def test_only_bad_rows_are_in_it_with_the_headings_and_values_they_had(errors: Path) -> None:
    headings, first, second = openpyxl.load_workbook(errors).active.iter_rows(values_only=True)
    assert headings == (*HEADINGS, PROBLEM_HEADING)
    assert first[:3] == (2, "李四", "1380013800")
    assert first[5] == "=b"
    assert second[3:5] == ("2001-02-30", "2024-03-02")


def test_bad_cells_are_coloured_text_with_a_comment_and_others_are_not(errors: Path) -> None:
    sheet = openpyxl.load_workbook(errors).active
    marked = {cell.coordinate for row in sheet for cell in row if cell.comment}
    assert marked == {"C2", "D3", "E3"}
    assert {cell.coordinate for row in sheet for cell in row if cell.fill.fgColor.rgb == "FFFFC7CE"} == marked
    assert {sheet[place].number_format for place in marked} == {"@"}
    assert "11 digits" in sheet["C2"].comment.text or "11" in sheet["C2"].comment.text


def test_the_last_column_says_everything_and_where_it_comes_from(errors: Path) -> None:
    last = openpyxl.load_workbook(errors).active["G3"].value
    assert "入党时间" in last
    assert "房号" in last
    assert "4" in last


def test_only_its_owner_may_read_it(errors: Path) -> None:
    assert errors.stat().st_mode & 0o777 == 0o600


def test_corrected_it_is_imported_again_and_uncorrected_it_reports_the_same(errors: Path) -> None:
    good, problems = imported(errors)
    assert (good, [(p.row, p.name) for p in problems]) == ([], [(2, "phone"), (3, "joined")])
    book = openpyxl.load_workbook(errors)
    book.active["C2"] = "13800138001"
    book.active["D3"] = "2001-02-28"
    book.active["E3"] = "3-2"
    book.save(errors)
    good, problems = imported(errors)
    assert problems == []
    assert [(row["phone"], row["room"]) for row in good] == [("13800138001", "102"), ("13900139000", "3-2")]
    assert [row["joined"] for row in good] == [date(2002, 7, 1), date(2001, 2, 28)]


def test_the_error_file_of_an_error_file_has_one_column_of_problems(errors: Path) -> None:
    again = errors.with_name("again.xlsx")
    _, problems = imported(errors)
    errors_file.write(again, problems, read(errors, COLUMNS, MAPPING))
    [table] = read(again, COLUMNS, MAPPING)
    assert [match.heading for match in table.matches] == [*HEADINGS, PROBLEM_HEADING]
    assert table.matches[-1].how is How.IGNORED


def test_rows_of_a_csv_and_of_several_sheets_each_get_a_sheet(tmp_path: Path) -> None:
    path = tmp_path / "居民[一]：登记.csv"
    path.write_text("姓名,手机号\n张三,1\n", encoding="gbk")
    book = openpyxl.Workbook()
    for name in ("甲" * 31, "乙"):
        sheet = book.create_sheet(name)
        sheet.append(["姓名", "手机号"])
        sheet.append(["李四", "2"])
    book.save(tmp_path / "b.xlsx")
    tables = [*read(path, COLUMNS, MAPPING), *read(tmp_path / "b.xlsx", COLUMNS, MAPPING)]
    problems = imported(path)[1] + imported(tmp_path / "b.xlsx")[1]
    assert errors_file.write(tmp_path / "e.xlsx", problems, tables) == 3
    assert openpyxl.load_workbook(tmp_path / "e.xlsx").sheetnames == ["居民_一_：登记", "甲" * 31, "乙"]


def test_two_sheets_of_one_name_from_two_files_stay_apart(tmp_path: Path) -> None:
    paths = [tmp_path / "a" / "x.csv", tmp_path / "b" / "x.csv"]
    for path in paths:
        path.parent.mkdir()
        path.write_text(f"姓名,手机号\n{path.parent.name}甲,1\n", encoding="utf-8")
    problems = [problem for path in paths for problem in imported(path)[1]]
    tables = (table for path in paths for table in read(path, COLUMNS, MAPPING))
    errors_file.write(tmp_path / "e.xlsx", problems, tables)
    book = openpyxl.load_workbook(tmp_path / "e.xlsx")
    assert book.sheetnames == ["x", "x 2"]
    assert [sheet["A2"].value for sheet in book] == ["a甲", "b甲"]


def test_without_problems_no_file_is_written(original: Path) -> None:
    path = original.with_name("none.xlsx")
    assert errors_file.write(path, [], read(original, COLUMNS, MAPPING)) == 0
    assert not path.exists()


def test_a_folder_that_is_not_there_is_one_clear_refusal(original: Path) -> None:
    _, problems = imported(original)
    with pytest.raises(Refused) as refused:
        errors_file.write(original.parent / "nowhere" / "e.xlsx", problems, read(original, COLUMNS, MAPPING))
    assert "cannot be written" in refused.value.text.message
