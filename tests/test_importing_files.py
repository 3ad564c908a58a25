"""Files come in as districts keep them: dirty, twice, in the wrong order; good rows are never lost."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import polars
import pytest
from sqlalchemy import func, select

from linli._base.errors import NotAllowed
from linli._district.district import District
from linli._importing.report import Report
from linli._store import tables as t
from linli.testing import phone, resident_id

MAPS = """
[import]
chunk = 3

[import.maps.hotline]
kind = "requests"
files = ["311-*.csv"]
date_format = "%m/%d/%Y %I:%M:%S %p"
[import.maps.hotline.columns]
"Unique Key" = "id"
"Created Date" = "opened"
"Closed Date" = "closed"
"Complaint Type" = "category"
"Descriptor" = "description"
"Incident Address" = "address"
"Agency" = "department"
"Status" = "status"

[import.maps.one_compound]
kind = "people"
fixed = { compound = "锦绣花园" }
columns = { "名字" = "name", "证件" = "resident_id", "备注" = "" }
"""
HOMES = ("小区", "小区类型", "楼栋", "单元", "房号", "面积")
PEOPLE = ("姓名", "身份证号", "手机号", "政治面貌", "所在党组织", "小区", "楼栋", "单元", "房号")


@pytest.fixture
def district(new_district: Callable[..., District]) -> District:
    return new_district(enabled=("tabular",), more=MAPS)


def book(path: Path, *sheets: tuple[str, Sequence[Sequence[object]]]) -> Path:
    """A workbook with these sheets."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets:
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    made.save(path)
    return path


def everything(district: District) -> dict[str, int]:
    """How many rows each table has."""
    with district.store.reading() as connection:
        return {
            name: connection.execute(
                select(func.count()).select_from(table).where(table.c.district == district.code)
            ).scalar_one()
            for name, table in t.metadata.tables.items()
            if "district" in table.c
        }


def counts(report: Report) -> tuple[int, int, int, int]:
    return tuple(report.total(what) for what in ("registered", "updated", "unchanged", "skipped"))  # type: ignore[return-value]


@pytest.fixture
def homes(tmp_path: Path) -> Path:
    rows = [
        ["锦绣花园房屋清单"],
        [],
        HOMES,
        ["锦绣花园", "商住小区", "3栋", "1单元", "101", 89.5],
        ["锦绣花园", None, "３栋", "一单元", 102, "８９．５㎡"],
        ["锦绣花园 ", None, "3号楼", "1", "201", "1,089.50平方米"],
        ["东风小区", "老旧小区", "1", None, "101", "60"],
        ["东风", None, "1", None, "102", "很大"],
        [None, None, "1", None, "103", "60"],
        ["合计", None, None, None, None, 299.5],
    ]
    return book(tmp_path / "房屋.xlsx", ("房屋", rows))


def test_a_list_of_homes_becomes_the_tree_of_places_whatever_its_spellings(
    district: District, homes: Path
) -> None:
    report = district.importing.run([homes])
    assert counts(report) == (5, 0, 0, 1)
    register = district.register
    assert {one.name for one in register.places(kind="compound")} == {"锦绣花园", "东风小区"}
    assert register.node("东风").record == {"kind": "old"}
    assert [one.name for one in register.places(register.find_place("锦绣花园"), kind="building")] == ["3栋"]
    assert register.node("锦绣花园/3栋/1单元/201").record["area"] == "1089.50"
    assert [(problem.row, problem.name) for problem in report.problems] == [(9, "compound")]
    assert [(problem.row, problem.name) for problem in report.left_out] == [(8, "area")]
    assert register.node("东风/1栋/102").record == {}


def test_a_file_imported_twice_changes_nothing_and_makes_no_act(district: District, homes: Path) -> None:
    district.importing.run([homes])
    before = everything(district)
    report = district.importing.run([homes, homes])
    assert counts(report) == (0, 0, 5, 1)
    assert report.acts == []
    assert everything(district) == before


def test_the_error_file_holds_the_bad_rows_and_comes_in_once_put_right(
    district: District, homes: Path
) -> None:
    [errors] = district.importing.run([homes]).error_files
    sheet = openpyxl.load_workbook(errors)
    rows = list(sheet.active.iter_rows(values_only=True))
    assert len(rows) == 3
    sheet.active.cell(2, 6).value = "60.5"
    sheet.active.cell(3, 1).value = "东风"
    sheet.save(errors)
    report = district.importing.run([errors])
    assert counts(report) == (1, 1, 0, 0)
    assert report.error_files == []
    assert district.register.node("东风/1栋/102").record == {"area": "60.5"}


def test_a_changed_area_is_taken_over_from_a_newer_list(district: District, homes: Path) -> None:
    district.importing.run([homes])
    newer = book(homes.with_name("new.xlsx"), ("x", [HOMES, ["锦绣花园", None, "3", "1", "101", 90]]))
    assert counts(district.importing.run([newer])) == (0, 1, 0, 0)
    assert district.register.node("锦绣花园/3栋/1单元/101").record["area"] == "90"


@pytest.fixture
def people(tmp_path: Path) -> Path:
    home = ["锦绣花园", "3栋", "1单元"]
    rows = [
        ["锦绣花园社区党员名册", *[None] * 8],
        PEOPLE,
        ["张　三", resident_id(1), 13800138000, "中共党员", "锦绣花园第一党支部", *home, "101"],
        ["李四", resident_id(2), "138-0013-8000", "群众", None, *home, 101],
        [
            "王五",
            resident_id(3)[:-1] + ("0" if resident_id(3)[-1] != "0" else "1"),
            None,
            None,
            None,
            *home,
            102,
        ],
        ["赵六", int(resident_id(4)[:17] + "0"), phone(4), None, None, *home, 102],
        ["钱七", None, phone(5), None, None, "没有小区", "3栋", None, None],
        ["孙八", None, None, None, None, *home, "201"],
        ["周九", None, None, None, None, "锦绣花园", None, None, None],
        [None, None, None, None, None, None, None, None, None],
        ["张三", resident_id(1), "+86 13800138000", None, None, *home, "102"],
        ["吴十", None, phone(6), None, None, "锦绣花园", "9栋", None, None],
    ]
    return book(tmp_path / "党员.xlsx", ("党员", rows))


def test_people_come_in_with_their_homes_and_memberships(
    district: District, homes: Path, people: Path
) -> None:
    report = district.importing.run([homes, people])
    # 张三 comes twice: once as somebody new, once with a second home. 赵六 comes by the phone alone.
    assert counts(report) == (5 + 4, 1, 0, 1 + 4)
    register = district.register
    zhang = register.find_one(resident_id(1))
    assert register.find("13800138000") == zhang
    assert register.find_one(resident_id(2)) != zhang
    kinds = sorted(tie.kind for tie in register.ties(person=zhang))
    assert kinds == ["party_member", "resident", "resident"]
    [branch] = register.organisations(kind="party_organisation")
    assert branch.name == "锦绣花园第一党支部"
    assert register.masked(zhang)["political_status"] == "***"
    problems = {(problem.row, problem.name) for problem in report.problems if problem.sheet == "党员"}
    assert problems == {
        (5, "resident_id"),
        (7, "compound"),
        (9, "phone"),
        (12, "building"),
    }
    assert [(one.row, one.name) for one in report.left_out if one.sheet == "党员"] == [(6, "resident_id")]


def test_a_report_never_shows_what_identifies_somebody(district: District, people: Path) -> None:
    report = district.importing.run([people])
    shown = "\n".join(map(str, (*report.problems, *report.left_out, *report.notices)))
    for secret in ("张三", "王五", "周九", resident_id(3)[:17], resident_id(4)[:15], phone(5)):
        assert secret not in shown


def test_people_imported_twice_are_there_once_and_nothing_changes(
    district: District, homes: Path, people: Path
) -> None:
    district.importing.run([homes, people])
    before = everything(district)
    assert counts(district.importing.run([people]))[:2] == (0, 0)
    assert everything(district) == before


def test_rows_of_who_moved_away_died_or_was_erased_do_not_bring_them_back(
    district: District, homes: Path, people: Path
) -> None:
    district.importing.run([homes, people])
    register = district.register
    zhang, li = register.find_one(resident_id(1)), register.find_one(resident_id(2))
    register.end(zhang, "moved_away")
    register.move(li, register.find_place("东风/1栋/101"))
    report = district.importing.run([people])
    assert [p.row for p in report.problems if f"person {zhang} has moved away" in str(p.what)] == [3, 11]
    assert register.ties(person=zhang) == []
    assert [register.name_path(tie.at) for tie in register.ties(person=li)] == ["东风小区/1栋/101"]
    register.erase(zhang)
    assert register.find(resident_id(1)) is None


def test_merged_people_stay_merged_when_their_file_comes_again(
    district: District, homes: Path, people: Path
) -> None:
    district.importing.run([homes, people])
    register = district.register
    one, other = register.find_one(resident_id(1)), register.person(name="孙八", phone=phone(8))
    register.merge(other, one)
    before = everything(district)
    district.importing.run([people])
    assert everything(district) == before


def test_homes_that_only_a_list_of_people_names_are_registered_where_the_district_says_so(
    new_district: Callable[..., District], tmp_path: Path
) -> None:
    district = new_district(enabled=("tabular",), more="[import]\nnew_homes = true\n")
    district.register.place("compound", "锦绣花园")
    path = book(
        tmp_path / "p.xlsx",
        ("x", [PEOPLE, ["吴十", None, phone(6), None, None, "锦绣花园", "9栋", "2", "301"]]),
    )
    assert counts(district.importing.run([path])) == (1, 0, 0, 0)
    person = district.register.find_one(phone(6))
    assert [district.register.name_path(tie.at) for tie in district.register.ties(person=person)] == [
        "锦绣花园/9栋/2单元/301"
    ]


def test_who_has_no_key_is_known_by_name_and_home_and_gains_a_phone_later(
    district: District, homes: Path, tmp_path: Path
) -> None:
    district.importing.run([homes])
    home = ["锦绣花园", "3栋", "1单元", "101"]
    first = book(tmp_path / "1.xlsx", ("x", [PEOPLE, ["孙八", None, None, None, None, *home]]))
    second = book(tmp_path / "2.xlsx", ("x", [PEOPLE, ["孙八", None, phone(8), None, None, *home]]))
    assert counts(district.importing.run([first])) == (1, 0, 0, 0)
    assert counts(district.importing.run([second])) == (0, 1, 0, 0)
    assert counts(district.importing.run([first, second])) == (0, 0, 2, 0)
    assert everything(district)["person"] == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
def test_a_csv_file_comes_in_whatever_its_encoding(district: District, tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "志愿者.csv"
    text = f"序号,志愿者姓名,联系电话,志愿服务队\r\n1,张三,{phone(1)},红马甲\r\n\r\n2,李四,12,红马甲\r\n"
    path.write_bytes(text.encode(encoding))
    report = district.importing.run([path])
    assert counts(report) == (1, 0, 0, 1)
    [team] = district.register.organisations(kind="volunteer_organisation")
    assert [tie.kind for tie in district.register.ties(at=team.id)] == ["volunteer"]


def test_a_map_leads_headings_to_columns_and_fixes_what_the_file_lacks(
    district: District, homes: Path, tmp_path: Path
) -> None:
    district.importing.run([homes])
    path = book(tmp_path / "x.xlsx", ("x", [["名字", "证件", "备注"], ["张三", resident_id(1), "x"]]))
    report = district.importing.run([path], map="one_compound")
    assert counts(report) == (1, 0, 0, 0)
    [tie] = district.register.ties(person=district.register.find_one(resident_id(1)))
    assert district.register.name_path(tie.at) == "锦绣花园"
    own = tmp_path / "map.toml"
    own.write_text(
        'kind = "people"\ncolumns = { "名字" = "name", "证件" = "resident_id" }\n', encoding="utf-8"
    )
    assert counts(district.importing.run([path], map=str(own))) == (0, 0, 1, 0)


def test_a_workbook_of_several_kinds_is_read_sheet_by_sheet(district: District, tmp_path: Path) -> None:
    path = book(
        tmp_path / "all.xlsx",
        ("房屋", [HOMES, ["锦绣花园", None, "3", "1", "101", 80]]),
        ("说明", [["这里没有表格"]]),
        ("人员", [PEOPLE, ["张三", None, phone(1), None, None, "锦绣花园", "3", "1", "101"]]),
    )
    report = district.importing.run([path])
    assert [(sheet.sheet, sheet.kind, sheet.good) for sheet in report.sheets] == [
        ("房屋", "homes", 1), ("说明", None, 0), ("人员", "people", 1),
    ]  # fmt: skip


def test_what_cannot_be_read_is_said_and_the_other_files_come_in(
    district: District, homes: Path, tmp_path: Path
) -> None:
    (tmp_path / "x.docx").write_bytes(b"x")
    (tmp_path / "empty.xlsx").write_bytes(b"")
    book(tmp_path / "no.xlsx", ("x", [["甲", "乙"], [1, 2]]))
    names = ["x.docx", "empty.xlsx", "no.xlsx", "missing.xlsx"]
    report = district.importing.run([*(tmp_path / name for name in names), homes])
    assert [Path(file).name for file, _ in report.failures] == names
    assert all("\n" not in str(why) for _, why in report.failures)
    assert report.good == 5


def test_unknown_kinds_maps_and_columns_are_refused_with_the_known_ones(
    district: District, homes: Path, tmp_path: Path
) -> None:
    importing = district.importing
    assert "homes, people" in str(importing.run([homes], kind="dragons").failures[0][1])
    assert "hotline" in str(importing.run([homes], map="dragons").failures[0][1])
    wrong = tmp_path / "wrong.toml"
    wrong.write_text('kind = "people"\nfixed = { shoe = "43" }\n', encoding="utf-8")
    people = book(tmp_path / "p.xlsx", ("x", [["姓名", "手机号"], ["张三", phone(1)]]))
    assert "no column of people" in str(importing.run([people], map=str(wrong)).failures[0][1])


def test_nobody_imports_without_being_allowed_to(district: District, homes: Path) -> None:
    from linli._model.access import Actor

    nosy = district.register.person(name="李四", phone=phone(1))
    with pytest.raises(NotAllowed):
        district.importing.run([homes], actor=Actor(person=nosy))
    assert district.register.places(kind="compound") == []


# --- requests -----------------------------------------------------------------------------------------


def hotline(path: Path, rows: Sequence[Sequence[object]]) -> Path:
    frame = polars.DataFrame(
        rows,
        schema=["Unique Key", "Created Date", "Closed Date", "Complaint Type", "Descriptor", "Incident Address", "Agency", "Status"],
        orient="row",
    )  # fmt: skip
    frame.write_csv(path)
    return path


def moment(text: str) -> str:
    return datetime.fromisoformat(text).strftime("%m/%d/%Y %I:%M:%S %p")


ROWS: list[list[Any]] = [
    ["1", moment("2024-03-01T08:00"), moment("2024-03-01T12:00"), "Noise", "loud party", "1 Main St", "NYPD", "Closed"],
    ["2", moment("2024-03-01T23:30"), moment("2024-03-03T00:30"), "Heat", "no heat", "2 Main St", "HPD", "Closed"],
    ["3", moment("2024-03-05T10:00"), None, "Heat", "still none", "2 Main St", "HPD", "Open"],
    ["4", moment("2024-03-06T10:00"), moment("2024-03-06T10:30"), "Noise", "dog", "3 Main St", "NYPD", "Duplicate"],
]  # fmt: skip
BAD: list[list[Any]] = [
    ["5", moment("2024-03-06T10:00"), moment("2024-03-05T10:00"), "Noise", "x", "3 Main St", "NYPD", "Closed"],
    ["6", moment("2024-03-06T10:00"), None, "Noise", "x", "3 Main St", "NYPD", "Closed"],
    ["7", "yesterday", None, "Noise", "x", "3 Main St", "NYPD", "Open"],
]  # fmt: skip


def test_a_table_of_requests_keeps_its_own_times_and_the_brief_agrees_with_a_dataframe(
    district: District, tmp_path: Path
) -> None:
    path = hotline(tmp_path / "311-march.csv", ROWS)
    report = district.importing.run([path])
    assert counts(report) == (4, 0, 0, 0)
    frame = polars.read_csv(path).with_columns(
        polars.col("Created Date", "Closed Date").str.to_datetime("%m/%d/%Y %I:%M:%S %p")
    )
    closed = frame.filter(
        polars.col("Closed Date").is_not_null() & (polars.col("Status") != "Duplicate")
    ).with_columns(hours=(polars.col("Closed Date") - polars.col("Created Date")).dt.total_seconds() / 3600)
    figures = district.brief(start=date(2024, 3, 1), end=date(2024, 3, 31)).figures
    assert figures["requests.accepted"] == frame.height
    assert figures["requests.closed"] == closed.height
    assert figures["requests.mean_hours_to_close"] == pytest.approx(closed["hours"].mean())
    assert figures["requests.open"] == 1
    with district.store.reading() as connection:
        rows = connection.execute(
            select(t.subject.c.opened_at, t.subject.c.ended_at, t.subject.c.outcome)
            .where(t.subject.c.district == district.code)
            .order_by(t.subject.c.opened_at)
        ).all()
    assert rows[0] == (
        datetime(2024, 3, 1, 0, 0, tzinfo=UTC), datetime(2024, 3, 1, 4, 0, tzinfo=UTC), "settled",
    )  # fmt: skip
    assert rows[3].outcome == "duplicate"


def _random_rows(count: int) -> list[list[Any]]:
    random = Random(311)
    rows: list[list[Any]] = []
    for number in range(count):
        opened = datetime(2024, 1, 1) + timedelta(minutes=random.randrange(120 * 24 * 60))  # noqa: DTZ001 - as in the file
        status = random.choice(["Closed", "Closed", "Closed", "Open", "Duplicate"])
        took = timedelta(minutes=random.randrange(1, 6000))
        closed = None if status == "Open" else moment((opened + took).isoformat())
        words = (random.choice(["Noise", "Heat", "Lift"]), "words", f"{number} Main St", "HPD", status)
        rows.append([str(number), moment(opened.isoformat()), closed, *words])
    return rows


def test_the_brief_over_a_large_table_is_what_a_dataframe_computes_for_every_month(
    district: District, tmp_path: Path
) -> None:
    path = hotline(tmp_path / "311-spring.csv", _random_rows(2500))
    assert counts(district.importing.run([path])) == (2500, 0, 0, 0)
    opened, closed = (polars.col(name) for name in ("Created Date", "Closed Date"))
    frame = polars.read_csv(path).with_columns(
        polars.col("Created Date", "Closed Date").str.to_datetime("%m/%d/%Y %I:%M:%S %p")
    )
    for month in (1, 2, 3, 4):
        start, end = date(2024, month, 1), date(2024, month + 1, 1) - timedelta(days=1)
        accepted = frame.filter(opened.dt.date().is_between(start, end))
        ended = frame.filter(closed.dt.date().is_between(start, end))
        done = ended.filter(polars.col("Status") == "Closed")
        hours = done.select((closed - opened).dt.total_seconds() / 3600).to_series()
        still = frame.filter((opened.dt.date() <= end) & (closed.is_null() | (closed.dt.date() > end)))
        figures = district.brief(start=start, end=end).figures
        assert figures["requests.accepted"] == accepted.height
        assert figures["requests.closed"] == done.height
        assert figures["requests.closing_rate"] == pytest.approx(
            done.height / (ended.height + still.height)
        ), "by those that were open in the month, however they ended"
        assert figures["requests.mean_hours_to_close"] == pytest.approx(hours.mean())
        assert figures["requests.open"] == still.height


def test_requests_imported_twice_are_there_once_and_bad_rows_are_reported(
    district: District, tmp_path: Path
) -> None:
    path = hotline(tmp_path / "311-march.csv", ROWS + BAD)
    report = district.importing.run([path])
    assert counts(report) == (6, 0, 0, 1)
    assert [(problem.row, problem.name) for problem in report.problems] == [(8, "opened")]
    assert [(problem.row, problem.name) for problem in report.left_out] == [(6, "closed")]
    assert [notice.row for notice in report.notices] == [7]
    before = everything(district)
    assert counts(district.importing.run([path])) == (0, 0, 6, 1)
    assert everything(district) == before


def test_a_later_file_closes_what_was_open_once(district: District, tmp_path: Path) -> None:
    district.importing.run([hotline(tmp_path / "311-march.csv", ROWS)])
    closed = [*ROWS[2][:2], moment("2024-03-05T18:00"), *ROWS[2][3:7], "Closed"]
    newer = hotline(tmp_path / "311-april.csv", [*ROWS[:2], closed])
    assert counts(district.importing.run([newer])) == (0, 1, 2, 0)
    assert counts(district.importing.run([newer])) == (0, 0, 3, 0)
    figures = district.brief(start=date(2024, 3, 1), end=date(2024, 3, 31)).figures
    assert (figures["requests.closed"], figures["requests.open"]) == (3, 0)
    assert figures["requests.mean_hours_to_close"] == pytest.approx((4 + 25 + 8) / 3)


def test_an_imported_open_request_goes_on_as_any_other(district: District, tmp_path: Path) -> None:
    register = district.register
    place = register.place("compound", "锦绣花园")
    steward = register.person(name="张三", phone=phone(1))
    register.post(steward, "steward", place)
    rows: list[list[Any]] = [
        ["受理时间", "办结时间", "类别", "诉求内容", "小区", "诉求人", "联系电话"],
        ["2024年3月1日 9:30", None, "照明", "楼道灯不亮", "锦绣花园", "李四", phone(2)],
    ]
    report = district.importing.run([book(tmp_path / "诉求.xlsx", ("诉求", rows))])
    assert counts(report) == (1, 0, 0, 0)
    reporter = register.find_one(phone(2))
    with district.store.reading() as connection:
        ident = connection.execute(
            select(t.subject.c.id).where(t.subject.c.district == district.code)
        ).scalar_one()
    found = district.subject(ident)
    assert (found.state, found.person, found.place) == ("accepted", reporter, place)
    assert found.accepted_at == datetime(2024, 3, 1, 1, 30, tzinfo=UTC)
    assert found.due_at is not None
    assert found.due_at < datetime(2024, 3, 5, tzinfo=UTC)
    district.make(ident, "dispatch")
    assert [one.kind for one in district.tree(ident)] == ["request", "task"]
    assert not register.erase(reporter).done
    district.make(ident, "withdraw", {"reason": "settled"})
    assert register.erase_due() == [reporter]
    with district.store.reading() as connection:
        items = connection.execute(
            select(func.count()).where(
                t.vault_item.c.district == district.code, t.vault_item.c.subject == ident
            )
        ).scalar_one()
    assert items == 0


def test_nothing_that_residents_wrote_stands_in_the_open(district: District, tmp_path: Path) -> None:
    district.importing.run([hotline(tmp_path / "311-march.csv", ROWS)])
    text = ""
    for table in t.metadata.tables.values():
        with district.store.reading() as connection:
            text += str(connection.execute(select(table)).all())
    for secret in ("loud party", "no heat", "Main St"):
        assert secret not in text
