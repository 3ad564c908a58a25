"""`linli import`: what will happen first, what happened, and the maps of files of several kinds."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest
from sqlalchemy import func, select

from linli._base.errors import Refused
from linli._district.district import District
from linli._store import tables as t
from linli._testing.exploring import snapshot
from linli._testing.fixtures import Printed
from linli.testing import all_of, phone

MAPS = """
[import.maps.property]
sheets = { "业主*" = ["homes", "people"], "车位" = ["homes"] }
columns = { "小区名" = "compound", "房屋" = "room", "房屋类型" = "use", "建筑面积" = "homes.area", "业主" = "people.name", "手机" = "people.phone" }
values = { use = { "110" = "住宅", "120" = "车位" } }

[import.maps.nothing]
columns = { "小区名" = "compound" }
"""
Command = Callable[..., Printed]


@pytest.fixture
def district(new_district: Callable[..., District]) -> District:
    made = new_district(enabled=("tabular",), more=MAPS)
    made.register.place("compound", "锦绣花园")
    return made


@pytest.fixture
def linli(district: District, command: Command) -> Callable[..., Printed]:
    return lambda *arguments: command(*map(str, arguments), folder=district.configuration.folder)


def csv(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
    return path


def amounts(district: District) -> list[int]:
    with district.store.reading() as connection:
        return [
            connection.execute(
                select(func.count()).select_from(table).where(table.c.district == district.code)
            ).scalar_one()
            for table in (t.act, t.person, t.place, t.subject, t.delivery)
        ]


def test_trying_shows_in_one_screen_what_would_become_of_a_file_and_writes_nothing(
    district: District, linli: Callable[..., Printed], tmp_path: Path
) -> None:
    rows = [f"{n},某某,{phone(n)},锦绣花园,保洁,2026-03-05 {n % 24}:00,坏了" for n in range(1, 60)]
    path = csv(
        tmp_path / "l.csv", "诉求编号,诉求人,业主电话,小区,事由,受理时间,办结时间,备注", *rows,
        "61,某某,12,锦绣花园,保洁,不知道,,x", "62,某某,12,锦绣花园,保洁,不知道,,x",
    )  # fmt: skip
    before = amounts(district)
    printed = linli("import", "--try", path)
    assert amounts(district) == before
    assert list(tmp_path.glob("*errors*")) == []
    assert printed.code == 3
    told = printed.out + printed.err
    for part in (
        "was guessed by its headings", "headings in row 1", "'业主电话' is taken for phone, first value 1**", "F 受理时间 is 受理时间 (opened): 2026-03-05 1:00",
        "a row must have: 受理时间", "not in this file:", "not read: H 备注", "would register 59", "skip 2", "(59 rows for this reason)", "(2 rows for this reason)",
    ):  # fmt: skip
        assert part in told, part
    assert len(told.splitlines()) < 30
    for secret in (phone(1), "某某"):
        assert secret not in told


def test_trying_says_to_programs_what_it_says_to_people(
    district: District, linli: Callable[..., Printed], tmp_path: Path
) -> None:
    path = csv(tmp_path / "p.csv", "姓名,业主电话,小区", f"某某,{phone(1)},锦绣花园", "某人,12,锦绣花园")
    told: dict[str, Any] = json.loads(linli("import", "--try", path, "--json").out)
    [sheet] = told["sheets"]
    assert (told["try"], sheet["kind"], sheet["how"], sheet["registered"], sheet["skipped"]) == (
        True, "people", "guessed", 1, 1,
    )  # fmt: skip
    assert sheet["columns"][1] == {
        "letter": "B", "heading": "业主电话", "column": "phone", "how": "guessed", "first": "1**********",
    }  # fmt: skip
    assert sheet["required"] == ["姓名"]
    assert [one["rows"] for one in told["complaints"]] == [1]
    assert told["acts"] == []


def test_trying_and_importing_come_to_the_same_counts(
    district: District, linli: Callable[..., Printed], tmp_path: Path
) -> None:
    path = csv(
        tmp_path / "p.csv",
        "姓名,手机号,身份证号,小区",
        f"某某,{phone(1)},,锦绣花园",
        f"某人,{phone(2)},H123,锦绣花园",
        "某人,,,",
    )
    counted = ("registered", "updated", "unchanged", "skipped")
    tried, done, again = (
        json.loads(linli("import", path, "--json", *more).out) for more in (("--try",), (), ("--try",))
    )
    assert [tried[one] for one in counted] == [done[one] for one in counted] == [2, 0, 0, 1]
    assert [again[one] for one in counted] == [0, 0, 2, 1]


def test_of_several_files_each_is_tried_on_what_those_before_it_would_bring(
    district: District, linli: Callable[..., Printed], tmp_path: Path
) -> None:
    homes = csv(
        tmp_path / "1.csv", "小区,楼栋,单元,房号,面积", "东苑,1栋,1单元,101,90", "东苑,1栋,1单元,102,80"
    )
    owners = csv(
        tmp_path / "2.csv",
        "姓名,手机号,与房屋关系,小区,楼栋,单元,房号",
        f"某某,{phone(1)},业主,东苑,1栋,1单元,101",
        f"某人,{phone(2)},业主,东苑,1栋,1单元,103",
    )
    before = snapshot(district)
    counted = ("registered", "updated", "unchanged", "skipped")
    found = []
    for more in (("--try",), ("--try",), ()):
        said = linli("import", homes, owners, "--json", *more)
        found.append([json.loads(said.out)[one] for one in counted])
        assert (snapshot(district) == before) == bool(more)
    assert found == [[3, 0, 0, 1]] * 3
    assert "property" not in linli("import", homes, "--try").out


def test_what_is_tried_goes_through_the_same_acts_and_leaves_nothing(district: District) -> None:
    before = snapshot(district)
    with district.trial() as there:
        place = there.register.place("compound", "西苑")
        person = there.register.person(name="某某", phone=phone(1), home=place)
        request = there.dispatch.submit(place, "漏水", "坏了", reporter=person).subject
        with pytest.raises(Refused):
            there.make(request, "close")
        assert all_of(there, "request") != []
        assert there.dispatch.submit(place, "漏水", "又坏了", reporter=person).subject != request
    assert snapshot(district) == before
    assert all_of(district, "request") == []
    district.register.place("compound", "西苑")


def test_what_breaks_off_a_trial_leaves_nothing_either(district: District) -> None:
    def broken_off() -> None:
        with district.trial() as there:
            there.register.place("compound", "西苑")
            raise ZeroDivisionError

    before = snapshot(district)
    with pytest.raises(ZeroDivisionError):
        broken_off()
    assert snapshot(district) == before


@pytest.mark.parametrize(
    ("rows", "code"),
    [((f"某某,{phone(1)}",), 0), ((f"某某,{phone(1)}", "某人,12"), 3), (("某人,12",), 1)],
)
def test_the_exit_status_says_whether_all_some_or_no_rows_came_in(
    district: District, linli: Callable[..., Printed], tmp_path: Path, rows: tuple[str, ...], code: int
) -> None:
    path = csv(tmp_path / "p.csv", "姓名,手机号", *rows)
    assert linli("import", path).code == code
    assert linli("import", path, "--json").code == code
    assert linli("import", "--try", path).code == code


def test_a_file_that_cannot_be_read_beside_one_that_can_is_some_skipped(
    district: District, linli: Callable[..., Printed], tmp_path: Path
) -> None:
    path = csv(tmp_path / "p.csv", "姓名,手机号", f"某某,{phone(1)}")
    assert linli("import", path, tmp_path / "none.csv").code == 3


def test_a_wrong_format_of_dates_is_told_once_with_its_count(
    district: District, linli: Callable[..., Printed], tmp_path: Path
) -> None:
    path = csv(tmp_path / "r.csv", "工单号,受理时间", *(f"{n},1/{n % 28 + 1}/20 0:05" for n in range(500)))
    printed = linli("import", path)
    assert printed.err.count("date_format") == 1
    assert "(500 rows for this reason)" in printed.err


def test_doubled_headings_are_named_by_their_letters(
    district: District, linli: Callable[..., Printed], tmp_path: Path
) -> None:
    path = csv(tmp_path / "p.csv", "姓名,姓名,手机号,手机号", f"某甲,某乙,{phone(1)},{phone(2)}")
    out = linli("import", path).out
    assert "column B '姓名' is not read; column A '姓名' is" in out
    assert "column D '手机号' is not read; column C '手机号' is" in out


def test_hidden_rows_are_told(district: District, linli: Callable[..., Printed], tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (("姓名", "手机号"), ("某甲", phone(1)), ("某乙", phone(2))):
        book.active.append(row)
    book.active.row_dimensions[3].hidden = True
    book.save(tmp_path / "p.xlsx")
    assert "1 hidden rows were read" in linli("import", tmp_path / "p.xlsx").out


def test_an_error_file_that_is_half_put_right_stays_and_two_files_do_not_share_one(
    district: District, linli: Callable[..., Printed], tmp_path: Path
) -> None:
    first = csv(tmp_path / "my.csv", "姓名,手机号", "某人,12")
    book = openpyxl.Workbook()
    for row in (("姓名", "手机号"), ("某甲", "13")):
        book.active.append(row)
    book.save(tmp_path / "my.xlsx")
    linli("import", first, tmp_path / "my.xlsx")
    errors = tmp_path / "my.csv-errors.xlsx"
    assert sorted(path.name for path in tmp_path.glob("*errors*")) == [errors.name, "my.xlsx-errors.xlsx"]
    linli("import", first)
    assert len(list(tmp_path.glob("my.csv-errors*"))) == 1, "as it was written, it is written anew"
    half = openpyxl.load_workbook(errors)
    half.active.cell(2, 2).value = phone(3)
    half.save(errors)
    kept = errors.read_bytes()
    printed = linli("import", first)
    assert errors.read_bytes() == kept
    assert "my.csv-errors.xlsx was changed since it was written" in printed.out
    assert (tmp_path / "my.csv-errors-2.xlsx").exists()
    assert linli("import", errors).code == 0


def test_one_map_reads_a_workbook_of_several_kinds_and_translates_its_codes(
    district: District, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in (
        ("业主名单", [("小区名", "楼栋", "房屋", "房屋类型", "建筑面积", "业主", "手机"), ("锦绣花园", "1栋", "101", 110, 80, "某甲", phone(1))]),
        ("车位", [("小区名", "房屋", "房屋类型", "建筑面积"), ("锦绣花园", "C-12", "120", 12)]),
        ("说明", [("小区名", "房屋"), ("x", "y")]),
    ):  # fmt: skip
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(tmp_path / "w.xlsx")
    report = district.importing.run([tmp_path / "w.xlsx"], map="property")
    assert report.problems == []
    assert report.failures == []
    assert [(sheet.sheet, sheet.kind, sheet.registered) for sheet in report.sheets if sheet.kind] == [
        ("业主名单", "homes", 1), ("车位", "homes", 1), ("业主名单", "people", 1),
    ]  # fmt: skip
    home, lot = (district.register.node(f"锦绣花园/{one}") for one in ("1栋/101", "C-12"))
    assert (home.record["use"], lot.record["use"]) == ("home", "parking")
    person = district.register.find_one(phone(1))
    assert [tie.at for tie in district.register.ties(person=person)] == [home.id]


def test_a_map_that_does_not_say_what_its_rows_are_is_refused(district: District, tmp_path: Path) -> None:
    path = csv(tmp_path / "p.csv", "小区名", "锦绣花园")
    [(_, why)] = district.importing.run([path], map="nothing").failures
    assert "does not say what its rows are" in str(why)


def test_the_page_on_importing_says_what_a_row_of_every_kind_must_have(
    new_district: Callable[..., District],
) -> None:
    page = (Path(__file__).parent.parent / "docs" / "import.md").read_text(encoding="utf-8")
    rows = {
        line.split("|")[1].strip(" `"): line.split("|")[3]
        for line in page.splitlines()
        if line.count("|") == 4
    }
    district = new_district(enabled=("tabular", "party", "reporting", "stewards"))
    importers = district.importing.importers
    assert set(rows) - {"kind", "---"} == set(importers)
    for kind, importer in importers.items():
        for column in importer.columns:
            assert not column.required or column.headings[0] in rows[kind], (kind, column.name)
