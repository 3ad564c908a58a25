"""Ledgers of requests: how they ended, second exports, days as ends; beside the same counted by a dataframe."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from linli._district.district import District
from linli._importing.report import Report
from linli._store import tables as t
from linli.testing import phone

MORE = """
[import.maps.clock]
kind = "requests"
files = ["clock*.csv"]
timezone = "America/New_York"

[import.maps.own]
kind = "requests"
files = ["own*.csv"]
status = { "CANCEL" = "withdrawn", "X9" = "handed_over" }
"""
HEAD = "编号,类别,受理时间,办结时间,小区,状态"
NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


@pytest.fixture
def district(new_district: Callable[..., District]) -> District:
    made = new_district(enabled=("tabular", "three_lists"), more=MORE)
    garden = made.register.place("compound", "锦绣花园")
    building = made.register.place("building", "1栋", garden)
    for unit in ("1单元", "2单元"):
        made.register.place("exclusive_part", "101", made.register.place("unit", unit, building))
    made.register.place("exclusive_part", "909", made.register.place("unit", "1单元", building))
    return made


def ledger(folder: Path, *rows: str, head: str = HEAD, name: str = "l.csv") -> Path:
    path = folder / name
    path.write_text("\n".join((head, *rows)) + "\n", encoding="utf-8-sig")
    return path


def taken(district: District, *arguments: object, **more: object) -> Report:
    return district.importing.run([ledger(*arguments, **more)])  # type: ignore[arg-type]


def states(district: District) -> dict[str, tuple[str, str | None]]:
    """State and outcome by the requests' own numbers."""
    with district.store.reading() as connection:
        ids = list(
            connection.execute(
                select(t.subject.c.id).where(
                    t.subject.c.district == district.code, t.subject.c.kind == "request"
                )
            ).scalars()
        )
    found = map(district.subject, ids)
    return {one.record.source.rpartition(":")[2]: (one.state, one.outcome) for one in found}


def one(district: District, number: str) -> tuple[datetime | None, datetime | None]:
    with district.store.reading() as connection:
        rows = connection.execute(
            select(t.subject.c.id, t.subject.c.accepted_at, t.subject.c.ended_at).where(
                t.subject.c.district == district.code
            )
        ).all()
    [found] = [row for row in rows if district.subject(row[0]).record.source.endswith(f":{number}")]
    return found[1], found[2]


WORDS = (
    "已撤单",
    "作废",
    "不属于受理范围",
    "重复工单",
    "结案",
    "已归档",
    "未办结",
    "已办结（不满意）",
    "Cancelled",
)


def test_a_time_makes_settled_only_what_a_word_says_is_settled(district: District, tmp_path: Path) -> None:
    rows = (f"C-{n},保洁,2026-03-05 10:00,2026-03-05 12:00,锦绣花园,{word}" for n, word in enumerate(WORDS))
    report = taken(district, tmp_path, *rows)
    assert report.total("registered") == 9
    assert [states(district)[f"C-{n}"] for n in range(9)] == [
        ("withdrawn", "withdrawn"), ("withdrawn", "withdrawn"), ("closed", "declined"), ("closed", "duplicate"),
        ("closed", "settled"), ("closed", "settled"), ("accepted", None), ("closed", "closed"), ("withdrawn", "withdrawn"),
    ]  # fmt: skip
    figures = district.brief(start=date(2026, 3, 1), end=date(2026, 3, 31)).figures
    assert (figures["requests.accepted"], figures["requests.closed"], figures["requests.open"]) == (9, 4, 1)
    assert figures["three_lists.resolution_rate"] == 0.5
    assert [(left.row, left.name) for left in report.left_out] == [(8, "closed")]


def test_what_ended_without_a_time_is_not_open_and_in_no_mean(district: District, tmp_path: Path) -> None:
    rows = (f"B-{n},保洁,2026-03-05 10:00,,锦绣花园,{word}" for n, word in enumerate(WORDS))
    report = taken(district, tmp_path, *rows)
    assert report.total("registered") == 9
    assert [states(district)[f"B-{n}"] for n in range(9)] == [
        ("withdrawn", "withdrawn"), ("withdrawn", "withdrawn"), ("closed", "undated"), ("closed", "duplicate"),
        ("closed", "undated"), ("closed", "undated"), ("accepted", None), ("closed", "undated"), ("withdrawn", "withdrawn"),
    ]  # fmt: skip
    figures = district.brief(start=date(2026, 3, 1), end=date(2026, 3, 31)).figures
    assert (figures["requests.accepted"], figures["requests.closed"], figures["requests.open"]) == (9, 0, 1)
    assert figures["requests.mean_hours_to_close"] is None
    with district.store.reading() as connection:
        mine = t.delivery.c.district == district.code
        timers = connection.execute(select(t.delivery.c.kind).where(mine)).scalars().all()
    assert timers.count("timer") == 1, "only what is open has a clock"


def test_a_map_adds_words_and_unknown_ones_are_reported_with_their_counts(
    district: District, tmp_path: Path
) -> None:
    rows = (
        "1,保洁,2026-03-05,2026-03-06,,cancel",
        "2,保洁,2026-03-05,,,CANCEL",
        "3,保洁,2026-03-05,2026-03-06,,X9",
    )
    more = (f"{n},保洁,2026-03-05,2026-03-06,,奇怪" for n in range(4, 7))
    report = taken(district, tmp_path, *rows, *more, name="own.csv")
    assert states(district) == {
        "1": ("withdrawn", "withdrawn"), "2": ("withdrawn", "withdrawn"), "3": ("closed", "handed_over"),
        "4": ("closed", "closed"), "5": ("closed", "closed"), "6": ("closed", "closed"),
    }  # fmt: skip
    assert report.sheets[0].unknown == {"奇怪": 3}
    assert report.sheets[0].told == {"withdrawn": 2, "handed_over": 1, "closed": 3}


def test_a_second_export_brings_the_last_state_and_tells_what_else_differs(
    district: District, tmp_path: Path
) -> None:
    first = (
        "L-1,保洁,2026-03-01 08:00,,锦绣花园,办理中",
        "L-2,保洁,2026-03-01 08:00,2026-03-01 09:00,锦绣花园,已办结",
        "L-3,保洁,2026-03-01 08:00,2026-03-01 10:00,锦绣花园,已办结",
        "L-4,保洁,2026-03-01 08:00,2026-03-01 12:00,锦绣花园,已办结",
        "L-5,保洁,2026-03-01 08:00,2026-03-01 12:00,锦绣花园,已办结",
        "L-6,保洁,2026-03-01 08:00,,锦绣花园,作废",
    )
    taken(district, tmp_path, *first)
    second = (
        "L-1,保洁,2026-03-01 08:00,2026-03-02 08:00,锦绣花园,已办结",
        "L-2,照明,2026-03-01 08:00,2026-03-01 09:00,锦绣花园,已办结",
        "L-3,保洁,2026-03-01 08:00,,锦绣花园,重新办理",
        "L-4,保洁,2026-03-01 08:00,2026-03-01 20:00,锦绣花园,已办结",
        "L-5,保洁,2026-03-01 08:00,2026-03-01 12:00,锦绣花园,作废",
        "L-6,保洁,2026-03-01 08:00,,锦绣花园,办理中",
    )
    report = taken(district, tmp_path, *second)
    assert (report.total("updated"), report.total("unchanged")) == (5, 1)
    assert states(district) == {
        "L-1": ("closed", "settled"), "L-2": ("closed", "settled"), "L-3": ("accepted", None),
        "L-4": ("closed", "settled"), "L-5": ("withdrawn", "withdrawn"), "L-6": ("accepted", None),
    }  # fmt: skip
    [notice] = report.notices
    assert (notice.row, "类别" in str(notice)) == (3, True)
    figures = district.brief(start=date(2026, 3, 1), end=date(2026, 3, 31)).figures
    assert (figures["requests.accepted"], figures["requests.closed"], figures["requests.open"]) == (6, 3, 2)
    assert figures["requests.mean_hours_to_close"] == pytest.approx((24 + 1 + 12) / 3)
    assert figures["three_lists.settled"] == 3
    again = taken(district, tmp_path, *second)
    assert (again.total("updated"), again.acts) == (0, [])


def test_a_fresh_import_and_a_second_export_come_to_the_same_figures(
    new_district: Callable[..., District], tmp_path: Path
) -> None:
    """Every change of how a row stands: from and to open, settled, declined, withdrawn, duplicate and undated."""
    ends = (
        ",办理中",
        "2026-03-02 08:00,已办结",
        "2026-03-03 08:00,不予受理",
        ",作废",
        ",重复工单",
        ",已办结",
        "2026-03-04 08:00,怪",
    )
    pairs = [(one, other) for one in ends for other in ends]
    rows = [
        [f"N-{n},保洁,2026-03-01 08:00,{pair[which].replace(',', ',,', 1)}" for n, pair in enumerate(pairs)]
        for which in (0, 1)
    ]
    head = "编号,类别,受理时间,办结时间,小区,状态"
    told = []
    for runs in (rows, rows[1:]):
        district = new_district(enabled=("tabular", "three_lists"), more=MORE)
        for run in runs:
            district.importing.run([ledger(tmp_path, *run, head=head)])
        told.append((district.brief(start=date(2026, 3, 1), end=date(2026, 3, 31)).figures, states(district)))
    assert told[0][1] == told[1][1]
    for name in ("accepted", "closed", "open", "mean_hours_to_close"):
        assert told[0][0][f"requests.{name}"] == told[1][0][f"requests.{name}"]
    assert told[0][0]["three_lists.settled"] == told[1][0]["three_lists.settled"]


def test_what_somebody_went_on_with_here_is_not_opened_again_by_a_file(
    district: District, tmp_path: Path
) -> None:
    taken(district, tmp_path, "1,保洁,2026-03-01 08:00,,锦绣花园,办理中")
    with district.store.reading() as connection:
        ident = connection.execute(
            select(t.subject.c.id).where(t.subject.c.district == district.code)
        ).scalar_one()
    district.make(ident, "decline", {"feedback": "不归我们"})
    report = taken(district, tmp_path, "1,保洁,2026-03-01 08:00,,锦绣花园,办理中")
    assert states(district) == {"1": ("closed", "declined")}
    assert ["状态" in str(notice) for notice in report.notices] == [True]


def test_a_closing_that_is_given_as_a_day_is_the_end_of_that_day(district: District, tmp_path: Path) -> None:
    taken(
        district,
        tmp_path,
        "1,保洁,2026-03-05 10:00,2026-03-05,锦绣花园,已办结",
        "2,保洁,2026-03-05 10:00,2026-03-06,锦绣花园,已办结",
        "3,保洁,2026-03-05,2026-03-07,锦绣花园,已办结",
        "4,保洁,2026-03-05,2026-03-05,锦绣花园,已办结",
        "5,保洁,2026-03-05,2026-03-05 09:00,锦绣花园,已办结",
    )
    at = {number: one(district, number) for number in "12345"}
    assert at["1"] == (datetime(2026, 3, 5, 2, tzinfo=UTC), datetime(2026, 3, 5, 15, 59, 59, tzinfo=UTC))
    assert at["2"][1] == datetime(2026, 3, 6, 15, 59, 59, tzinfo=UTC)
    hours = [(end - start).total_seconds() / 3600 for start, end in (at[n] for n in "345") if start and end]
    assert hours == [48, 0, 9], "as many days are between two days as a dataframe finds"


def test_a_request_with_a_wrong_closing_is_taken_without_it_and_the_cell_is_reported(
    district: District, tmp_path: Path
) -> None:
    report = taken(
        district,
        tmp_path,
        "A-1,保洁,2026-03-05 10:00,2026-03-05 09:00,锦绣花园,已办结",
        "A-2,保洁,2026-03-05 10:00,2026-03-05 09:00,锦绣花园,",
        "A-3,保洁,2026-03-05 10:00,昨天,锦绣花园,已办结",
        "A-4,保洁,2026-03-05 10:00,2097-05-01,锦绣花园,办理中",
        "A-5,保洁,2026-03-05 10:00,1900-01-01,锦绣花园,办理中",
        "A-6,保洁,2026-03-05 10:00,2026-03-05 12:00,锦绣花园,已办结",
    )
    assert (report.total("registered"), report.total("skipped"), report.sheets[0].incomplete) == (6, 0, 5)
    assert [(left.row, left.name) for left in report.left_out] == [(row, "closed") for row in (2, 3, 4, 5, 6)]
    figures = district.brief(start=date(2026, 3, 1), end=date(2026, 3, 31)).figures
    assert (figures["requests.accepted"], figures["requests.closed"]) == (6, 1)
    assert figures["requests.mean_hours_to_close"] == 2
    assert figures["requests.open"] == 3, "what no word says is closed goes on"
    corrected = taken(district, tmp_path, "A-1,保洁,2026-03-05 10:00,2026-03-05 14:00,锦绣花园,已办结")
    assert corrected.total("updated") == 1
    figures = district.brief(start=date(2026, 3, 1), end=date(2026, 3, 31)).figures
    assert (figures["requests.closed"], figures["requests.mean_hours_to_close"]) == (2, 3)


def test_what_is_accepted_in_the_future_or_on_no_day_is_refused(district: District, tmp_path: Path) -> None:
    report = taken(
        district,
        tmp_path,
        "T-12,保洁,2097-05-01 10:00,2097-05-01 12:00,锦绣花园,已办结",
        "T-4,保洁,1900-01-01,2026-03-06,锦绣花园,已办结",
        "T-9,保洁,2026.03.05 10：00,2026.03.05 11：00,锦绣花园,已办结",
    )
    assert (report.total("registered"), report.total("skipped")) == (1, 2)
    assert district.brief(start=date(2097, 1, 1), end=date(2097, 12, 31)).figures["requests.open"] == 0


def test_hours_are_counted_as_they_pass_when_the_clocks_change(district: District, tmp_path: Path) -> None:
    taken(district, tmp_path, "Z-1,保洁,2026-03-01 00:00,2026-03-15 00:00,锦绣花园,已办结", name="clock.csv")
    figures = district.brief(start=date(2026, 3, 1), end=date(2026, 3, 31)).figures
    assert figures["requests.mean_hours_to_close"] == 335


def test_a_request_whose_room_is_not_found_stands_at_the_building_or_the_compound(
    district: District, tmp_path: Path
) -> None:
    head = "编号,类别,受理时间,办结时间,小区,楼栋,房号,状态"
    report = taken(
        district,
        tmp_path,
        "U-5,保洁,2026-03-01 08:00,2026-03-01 10:00,锦绣花园,1栋,101,已办结",
        "U-4,保洁,2026-03-01 08:00,2026-03-01 10:00,锦绣花园,99栋,101,已办结",
        "U-3,保洁,2026-03-01 08:00,2026-03-01 10:00,锦绣花园,1栋,909,已办结",
        "U-2,保洁,2026-03-01 08:00,2026-03-01 10:00,锦绣花园,1栋,3月2日,已办结",
        "U-1,保洁,2026-03-01 08:00,2026-03-01 10:00,,1栋,101,已办结",
        head=head,
    )
    assert report.total("registered") == 5
    with district.store.reading() as connection:
        rows = connection.execute(
            select(t.subject.c.record, t.subject.c.place).where(t.subject.c.district == district.code)
        ).all()
    places = {row.record.rpartition("U-")[2][0]: district.register.name_path(row.place) for row in rows}
    assert places == {
        "5": "锦绣花园/1栋", "4": "锦绣花园", "3": "锦绣花园/1栋/1单元/909", "2": "锦绣花园/1栋",
        "1": district.register.name_path(district.register.root()),
    }  # fmt: skip
    told = {(left.row, left.name): left.what.message for left in report.left_out}
    assert {key[0] for key in told} == {2, 3, 5, 6}
    assert "give the 单元 too" in told[2, "room"]


def test_a_room_that_is_put_right_in_the_error_file_is_where_the_request_is(
    district: District, tmp_path: Path
) -> None:
    head = "编号,类别,受理时间,小区,楼栋,单元,房号"
    row = "U-5,保洁,2026-03-01 08:00,锦绣花园,1栋,{},101"
    taken(district, tmp_path, row.format(""), head=head)
    report = taken(district, tmp_path, row.format("2单元"), head=head)
    assert (report.total("updated"), report.notices) == (1, [])
    with district.store.reading() as connection:
        [(ident, place)] = connection.execute(
            select(t.subject.c.id, t.subject.c.place).where(t.subject.c.district == district.code)
        ).all()
    assert district.register.name_path(place) == "锦绣花园/1栋/2单元/101"
    district.make(ident, "decline", {"feedback": "不归我们"})
    assert taken(district, tmp_path, row.format("1单元"), head=head).total("updated") == 0
    figures = district.brief(start=date(2026, 3, 1), end=date(2026, 3, 31)).figures
    assert (figures["requests.accepted"], figures["requests.closed"]) == (1, 0), "it was declined later"


def test_a_matter_in_words_is_the_category(district: District, tmp_path: Path) -> None:
    taken(district, tmp_path, "1,漏水,2026-03-01 08:00,锦绣花园", head="编号,事由,受理时间,小区")
    with district.store.reading() as connection:
        ident = connection.execute(
            select(t.subject.c.id).where(t.subject.c.district == district.code)
        ).scalar_one()
    assert district.subject(ident).record.category == "漏水"


def test_what_a_reporter_cannot_be_reached_by_costs_no_request(district: District, tmp_path: Path) -> None:
    head = "编号,类别,受理时间,诉求人,联系电话"
    report = taken(
        district,
        tmp_path,
        f"1,漏水,2026-03-01 08:00,某某,{phone(1)}",
        "2,漏水,2026-03-01 08:00,某某,12",
        head=head,
    )
    assert (report.total("registered"), report.total("skipped")) == (2, 0)
    assert [(left.row, left.name) for left in report.left_out] == [(3, "phone")]


@pytest.mark.parametrize(("wish", "timers"), [("as_accepted", 1), ("from_import", 1), ("no_clock", 0)])
def test_the_district_says_whether_old_open_requests_have_clocks(
    new_district: Callable[..., District], tmp_path: Path, wish: str, timers: int
) -> None:
    district = new_district(enabled=("tabular",), more=f'[import]\nopen_requests = "{wish}"\n')
    before = district.now()
    district.importing.run([ledger(tmp_path, "1,保洁,2026-03-01 08:00,,,办理中")])
    with district.store.reading() as connection:
        query = select(t.delivery.c.due_at).where(
            t.delivery.c.kind == "timer", t.delivery.c.district == district.code
        )
        due = connection.execute(query).scalars().all()
    assert len(due) == timers
    assert all((at < before) == (wish == "as_accepted") for at in due)
