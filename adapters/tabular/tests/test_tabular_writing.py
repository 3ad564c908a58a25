"""Tables are written so that a spreadsheet shows what was meant, and runs nothing."""

import csv
import errno
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import openpyxl  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli import Refused
from linli._importing.cleaning import plain
from linli_tabular import writing
from linli_tabular.writing import write_csv, write_xlsx

FORMULAS = ["=1+1", "+86 138", "-1", "@SUM(A1)", "\t=1", "＝1+1", '=HYPERLINK("http://x")']


def cells(path: Path) -> list[tuple[object, ...]]:
    return list(openpyxl.load_workbook(path).active.iter_rows(values_only=True))


def test_a_workbook_keeps_types_and_long_numbers(tmp_path: Path) -> None:
    at = datetime(2024, 3, 5, 8, 5, tzinfo=UTC)
    key = UUID(int=7)
    row = ["张三", 3, Decimal("89.5"), date(2024, 3, 5), at, None, 430503199003071234, key]
    assert write_xlsx(tmp_path / "a.xlsx", ["甲", "乙"], [row]) == 1
    headings, read = cells(tmp_path / "a.xlsx")
    assert headings[:2] == ("甲", "乙")
    assert read == (
        "张三",
        3,
        89.5,
        datetime(2024, 3, 5),  # noqa: DTZ001 - a cell has no zone
        datetime(2024, 3, 5, 8, 5),  # noqa: DTZ001
        None,
        "430503199003071234",
        str(key),
    )


def test_no_text_becomes_a_formula_in_a_workbook(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "a.xlsx", ["甲"], [[text] for text in FORMULAS])
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    assert {cell.data_type for cell in sheet["A"]} == {"s"}
    assert [cell.value for cell in sheet["A"]][1:] == FORMULAS
    assert not [cell for cell in sheet["A"] if cell.hyperlink]


def test_no_text_becomes_a_formula_in_a_csv_and_reading_gives_it_back(tmp_path: Path) -> None:
    assert write_csv(tmp_path / "a.csv", ["甲"], [[text] for text in FORMULAS]) == len(FORMULAS)
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        read = [row[0] for row in csv.reader(file)][1:]
    assert read == ["'" + text for text in FORMULAS]
    assert plain(read[1]) == "+86 138"


def test_a_csv_has_the_mark_that_excel_needs_and_numbers_stay_numbers(tmp_path: Path) -> None:
    at = datetime(2024, 3, 5, 8, 5, tzinfo=UTC)
    write_csv(
        tmp_path / "a.csv", ["姓名", "余额"], [["张,三", -5, Decimal("-1.5"), None, date(2024, 3, 5), at]]
    )
    assert (tmp_path / "a.csv").read_bytes() == (
        '\ufeff姓名,余额\r\n"张,三",-5,-1.5,,2024-03-05,2024-03-05 08:05:00+00:00\r\n'.encode()
    )


@given(st.lists(st.lists(st.text(max_size=8), min_size=2, max_size=2), max_size=5))
def test_a_csv_says_how_many_rows_it_has(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    path = tmp_path_factory.mktemp("csv") / "a.csv"
    assert write_csv(path, ["甲", "乙"], rows) == len(rows)
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.reader(file))) == len(rows) + 1


@pytest.mark.parametrize("write", [write_csv, write_xlsx])
def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path, write: writing.Write) -> None:
    def rows() -> Iterator[list[str]]:
        yield ["1"]
        raise KeyError("the source is gone")

    path = tmp_path / "a"
    path.write_text("before")
    with pytest.raises(KeyError):
        write(path, ["甲"], rows())
    assert [file.name for file in tmp_path.iterdir()] == ["a"]
    assert path.read_text() == "before"


@pytest.mark.parametrize("write", [write_csv, write_xlsx])
def test_a_full_disk_is_one_clear_refusal_and_leaves_no_trace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: writing.Write
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(Refused) as refused:
        write(tmp_path / "a", ["甲"], [["1"]])
    assert "No space left" in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_more_rows_than_a_sheet_holds_are_refused_and_not_dropped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "MOST_ROWS", 3)
    assert write_xlsx(tmp_path / "a.xlsx", ["甲"], [[1], [2]]) == 2
    with pytest.raises(Refused):
        write_xlsx(tmp_path / "b.xlsx", ["甲"], [[1], [2], [3]])
    assert not (tmp_path / "b.xlsx").exists()


def test_a_written_file_is_its_owners_alone(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", ["甲"], [])
    assert (tmp_path / "a.csv").stat().st_mode & 0o777 == 0o600
