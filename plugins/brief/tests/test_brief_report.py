"""Reports: the same figures in every format, against counts of their own."""

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import polars as pl
import pytest
from openpyxl import load_workbook  # type: ignore[import-untyped]
from pypdf import PdfReader

from linli import District, Figure, NotFound, Refused
from linli.cli import speaking
from linli_brief.charts import svg
from linli_brief.model import Entry, Report
from linli_brief.testing import NOW, ZONE, Street, a_street

FEBRUARY, APRIL = date(2026, 2, 1), date(2026, 4, 10)


@pytest.fixture
def street(new_district: Callable[..., District]) -> Street:
    """A street that has lived for some months."""
    street = a_street(new_district)
    street.live()
    return street


def _entry(report: Report, name: str) -> Entry:
    return next(entry for entry in report.entries() if entry.figure.name == name)


# --- what is counted -------------------------------------------------------------------------------


def _exported(street: Street, command: Callable[..., Any]) -> pl.DataFrame:
    """Every request, as `linli request list --json` gives it to other programs."""
    folder = street.district.configuration.folder
    printed = command("request", "list", "--most", "1000", "--json", folder=folder)
    rows = [
        {name: one[name] for name in ("place", "accepted_at", "ended_at")} for one in json.loads(printed.out)
    ]
    moments = (
        pl.col("accepted_at", "ended_at").str.to_datetime(time_zone="UTC").dt.convert_time_zone(str(ZONE))
    )
    schema = {"place": pl.String, "accepted_at": pl.String, "ended_at": pl.String}
    return pl.DataFrame(rows, schema=schema).with_columns(moments)


def test_the_report_counts_what_a_dataframe_over_an_export_counts(
    street: Street, command: Callable[..., Any]
) -> None:
    everything = _exported(street, command)
    for place in (street.street, street.first, street.second):
        inside = [place] if place != street.street else [street.first, street.second]
        frame = everything.filter(pl.col("place").is_in([str(one) for one in inside]))
        report = street.reports.make(place, FEBRUARY, APRIL)
        within = pl.col("ended_at").dt.date().is_between(FEBRUARY, APRIL)
        closed = frame.filter(within)
        hours = (closed["ended_at"] - closed["accepted_at"]).dt.total_seconds() / 3600
        still = frame.filter(pl.col("ended_at").is_null())
        assert still.height
        assert _entry(report, "requests.accepted").amount == (
            frame.filter(pl.col("accepted_at").dt.date().is_between(FEBRUARY, APRIL)).height
        )
        assert _entry(report, "requests.closed").amount == closed.height > 1
        assert _entry(report, "requests.mean_hours_to_close").amount == pytest.approx(hours.mean())
        assert _entry(report, "requests.open").amount == still.height
        oldest = still["accepted_at"].min()
        assert isinstance(oldest, datetime)
        age = (NOW - oldest).total_seconds() / 3600
        assert _entry(report, "requests.oldest_open_hours").amount == pytest.approx(age)
        months = frame.group_by(pl.col("accepted_at").dt.strftime("%Y-%m")).len()
        counted = {month: n for month, n in months.iter_rows() if month >= "2025-05"}
        trend = zip(report.months, _entry(report, "requests.accepted").trend, strict=True)
        assert {f"{month:%Y-%m}": n for month, n in trend if n} == counted


def test_the_figures_are_those_of_the_brief_and_each_is_there_once(street: Street) -> None:
    report = street.reports.make(street.street, FEBRUARY, APRIL)
    figures = [(entry.figure.name, entry.amount) for entry in report.entries()]
    assert len(figures) == len(dict(figures))
    assert dict(figures) == dict(street.district.brief(street.street, FEBRUARY, APRIL).figures)


def test_what_is_still_open_stands_beside_the_mean_in_every_format(street: Street) -> None:
    report = street.reports.make(None, FEBRUARY, APRIL)
    mean = _entry(report, "requests.mean_hours_to_close")
    assert [other.figure.name for other in mean.beside] == [
        "requests.open", "requests.oldest_open_hours", "requests.paused",
        "requests.settled", "requests.declined", "requests.handed_over",
        "requests.mean_hours_to_close.entered_afterwards",
    ]  # fmt: skip
    for form in ("text", "html"):
        written = street.reports.written(report, form).decode()
        line = next(part for part in written.splitlines() if mean.label in part)
        for other in mean.beside:
            assert f"{other.label} {other.words}" in line
    sheet = load_workbook(BytesIO(street.reports.written(report, "xlsx")))["Requests"]
    row = next(row for row in sheet.iter_rows(values_only=True) if row[5] == mean.figure.name)
    assert row[3] == ", ".join(f"{other.label} {other.words}" for other in mean.beside)


def test_trends_go_back_the_districts_months_and_further_for_a_longer_period(
    new_district: Callable[..., District],
) -> None:
    reports = a_street(new_district, more="[brief]\nmonths = 3\n").reports
    assert reports.make(None, date(2026, 4, 1), APRIL).months[0] == date(2026, 2, 1)
    assert reports.make(None, date(2025, 11, 20), APRIL).months[0] == date(2025, 11, 1)


def test_a_figure_to_draw_that_nobody_brings_is_named_with_the_nearest(
    new_district: Callable[..., District],
) -> None:
    reports = a_street(new_district, more='[brief]\ncharts = ["requests.acepted"]\n').reports
    with pytest.raises(NotFound, match=r"did you mean requests\.accepted"):
        reports.make()


# --- formats ---------------------------------------------------------------------------------------


def test_json_has_the_brief_and_the_months(street: Street) -> None:
    report = street.reports.make(street.first, FEBRUARY, APRIL)
    document = json.loads(street.reports.written(report, "json"))
    brief = street.district.brief(street.first, FEBRUARY, APRIL).document()
    assert {name: document[name] for name in ("district", "place", "from", "to")} == {
        "district": brief["district"], "place": str(street.first), "from": "2026-02-01", "to": "2026-04-10",
    }  # fmt: skip
    assert document["figures"] == brief["figures"]
    assert document["months"][-1] == "2026-04"
    assert all(len(row) == len(document["months"]) for row in document["by_month"].values())


def test_the_spreadsheet_reads_back_as_it_was_counted(street: Street) -> None:
    with speaking("zh"):
        report = street.reports.make(street.street, FEBRUARY, APRIL)
        book = load_workbook(BytesIO(street.reports.written(report, "xlsx")))
    assert book.sheetnames == ["全部指标", "诉求", "公开", "逐月情况"]
    whole = {row[5]: row[1] for row in book["全部指标"].iter_rows(min_row=5, values_only=True) if row[5]}
    assert {entry.figure.name for entry in report.entries()} <= set(whole), "one sheet has all"
    for name, section in zip(book.sheetnames[1:], report.sections, strict=False):
        rows = {row[5]: row[1] for row in book[name].iter_rows(min_row=5, values_only=True)}
        for entry in section.entries:
            assert rows[entry.figure.name] == pytest.approx(entry.amount)
    months = book[book.sheetnames[-1]]
    heads = [cell.value for cell in months[4]][1:]
    assert heads == [f"{month:%Y-%m}" for month in report.months]
    accepted = next(row for row in months.iter_rows(values_only=True) if row[0] == "已受理")
    assert list(accepted[1:]) == list(_entry(report, "requests.accepted").trend)
    assert len(months._charts) == 3, "accepted, closed and the mean; nobody brings the others"


def test_the_spreadsheets_charts_read_the_cells_of_their_figure(street: Street) -> None:
    report = street.reports.make(street.street, FEBRUARY, APRIL)
    months = load_workbook(BytesIO(street.reports.written(report, "xlsx")))["month by month"]
    for chart in months._charts:
        label = months[chart.series[0].tx.strRef.f.rpartition("!")[2].replace("$", "")].value
        first, last = chart.series[0].val.numRef.f.rpartition("!")[2].replace("$", "").split(":")
        values = [cell.value for cell in months[first:last][0]]
        entry = next(one for one in report.charts if one.label == label)
        assert values == [pytest.approx(amount) if amount is not None else None for amount in entry.trend]


def test_no_text_becomes_a_formula_of_the_spreadsheet(new_district: Callable[..., District]) -> None:
    reports = a_street(new_district, more="[brief]\ntitle = '=1+1'\n").reports
    sheet = load_workbook(BytesIO(reports.written(reports.make(), "xlsx"))).worksheets[0]
    assert sheet["A1"].data_type == "s"


def test_the_printed_page_is_one_a4_page_and_an_appendix_with_its_text(street: Street) -> None:
    with speaking("zh"):
        report = street.reports.make(street.street, FEBRUARY, APRIL)
        pages = PdfReader(BytesIO(street.reports.written(report, "pdf"))).pages
        labels = [entry.label for entry in report.entries()]
    first, *appendix = [page.extract_text() for page in pages]
    width, height = (float(size) / 72 * 25.4 for size in pages[0].mediabox[2:])
    assert (round(width), round(height)) == (210, 297)
    assert report.title in first
    assert "2026-02-01 至 2026-04-10" in first
    assert all(label in first for label in labels)
    assert f"未办结 {_entry(report, 'requests.open').amount}" in first
    assert appendix
    assert "linli brief --explain requests.closed" in "".join(appendix)
    assert "2026-04" in appendix[0]


def test_however_many_figures_there_are_the_first_page_has_them_all(street: Street) -> None:
    import attrs

    with speaking("zh"):
        report = street.reports.make(street.street, FEBRUARY, APRIL)
        many = tuple(
            attrs.evolve(section, name=f"{section.name}{n}") for n in range(9) for section in report.sections
        )
        pages = PdfReader(BytesIO(street.reports.written(attrs.evolve(report, sections=many), "pdf"))).pages
    first = pages[0].extract_text()
    assert all(f"Requests{n}" in first for n in range(9))
    assert "统计口径" not in first
    assert "逐月情况" in first, "the charts are on it too"


def test_the_web_page_loads_nothing_and_its_charts_are_well_formed(street: Street) -> None:
    report = street.reports.make(street.street, FEBRUARY, APRIL)
    page = street.reports.written(report, "html").decode()
    assert not [word for word in ("http:", "https:", "src=", "url(", "<script", "@import") if word in page.replace(
        "http://www.w3.org/2000/svg", "")]  # fmt: skip
    assert page.count("<svg") == 3


def test_names_that_look_like_markup_are_shown_as_they_are(new_district: Callable[..., District]) -> None:
    reports = a_street(new_district, more="[brief]\ntitle = '<b>&简报'\n").reports
    page = reports.written(reports.make(), "html").decode()
    assert "<b>" not in page
    assert "&lt;b&gt;&amp;简报" in page


@pytest.mark.parametrize(
    ("trend", "bars", "lines"),
    [
        ((3, 0, 5), 2, 0),
        ((0, 0, 0), 0, 0),
        ((-2, 1, 1), 3, 0),
        ((1.5, None, 2.5), 0, 2),
        ((None, None, None), 0, 0),
    ],
)
def test_a_chart_draws_what_there_is(trend: tuple[Any, ...], bars: int, lines: int) -> None:
    figure = Figure(name="snow.paths", help="paths cleared")
    months = tuple(date(2026, month, 1) for month in (1, 2, 3))
    drawing = svg(Entry(figure=figure, amount=1, trend=trend), months)
    root = ElementTree.fromstring(drawing)
    found = [element.tag.rpartition("}")[2] for element in root.iter()]
    assert (found.count("rect"), found.count("polyline")) == (bars, lines)
    inside = [float(one.get("y", 0)) for one in root.iter() if one.get("y")]
    assert all(0 <= y <= 110 for y in inside)


# --- files and publications ------------------------------------------------------------------------


def test_the_format_is_that_of_the_ending_and_no_file_is_written_over(street: Street, tmp_path: Path) -> None:
    report = street.reports.make()
    out = tmp_path / "简报.json"
    street.reports.write(report, out)
    assert json.loads(out.read_text(encoding="utf-8"))["figures"]
    with pytest.raises(Refused, match="is there already"):
        street.reports.write(report, out)
    with pytest.raises(Refused, match="end it with one of"):
        street.reports.write(report, tmp_path / "简报.doc")
    with pytest.raises(Refused, match="there is no format doc"):
        street.reports.written(report, "doc")
    with pytest.raises(Refused, match="cannot be written"):
        street.reports.write(report, tmp_path / "nowhere" / "简报.json")
    assert [path.name for path in tmp_path.glob("*简报*")] == ["简报.json"]


_WRITER = """
import sys, time
from pathlib import Path
from linli import Refused
from linli_brief.writing import write_new
while not Path(sys.argv[2]).exists():
    time.sleep(0.001)
try:
    write_new(Path(sys.argv[1]), sys.argv[3].encode() * 500_000)
except Refused:
    sys.exit(7)
"""


def test_of_two_who_write_one_file_at_once_one_has_written_it_whole(tmp_path: Path) -> None:
    out, go = tmp_path / "out.txt", tmp_path / "go"
    writers = [subprocess.Popen([sys.executable, "-c", _WRITER, str(out), str(go), name]) for name in "ab"]
    go.touch()
    assert sorted(writer.wait(60) for writer in writers) == [0, 7]
    text = out.read_text()
    assert len(text) == 500_000
    assert len(set(text)) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["go", "out.txt"]


def test_a_report_is_published_in_the_series_of_briefs_at_its_place(street: Street) -> None:
    report = street.reports.make(street.first, FEBRUARY, APRIL)
    act = street.reports.publish(report, at_once=True)
    publication = street.district.publish.get(act.subject)
    assert (publication.state, publication.place, publication.record.series) == (
        "published",
        street.first,
        "brief",
    )
    body = street.district.publish.body(publication)
    mean = _entry(report, "requests.mean_hours_to_close")
    assert f"{mean.beside[0].label} {mean.beside[0].words}" in body
    assert street.district.publish.verify(street.district.publish.receipt(act.subject)).problems == ()


def test_a_brief_that_was_published_stays_and_the_next_one_tells_what_was_entered_afterwards(
    street: Street,
) -> None:
    march, end = date(2026, 3, 1), date(2026, 3, 31)
    act = street.reports.publish(street.reports.make(street.first, march, end), at_once=True)
    was = street.district.publish.body(street.district.publish.get(act.subject))
    assert street.reports.make(street.first, APRIL, APRIL).earlier is None, "nothing has changed since"
    received = datetime(2026, 3, 20, 9, tzinfo=ZONE)
    make, values = street.district.make, {"category": "漏水", "description": "厨房", "anonymous": True}
    request = street.district.start(
        "request", "submit", street.first, {**values, "received_at": received}
    ).subject
    make(request, "accept", {"service": "general", "accepted_at": received + timedelta(hours=1)})
    report = street.reports.make(street.first, APRIL, APRIL)
    assert report.earlier is not None
    changed = {one.figure.name: (one.published, one.now) for one in report.earlier.differences}
    accepted = int(changed["requests.accepted"][0])
    assert changed["requests.accepted"] == (str(accepted), str(accepted + 1))
    assert report.earlier.period.start == march
    for form in ("text", "html", "json"):
        written = street.reports.written(report, form).decode()
        assert "2026-03-31" in written, form
    sheets = load_workbook(BytesIO(street.reports.written(report, "xlsx"))).sheetnames
    assert "published before" in sheets
    assert street.district.publish.body(street.district.publish.get(act.subject)) == was
    assert street.district.publish.verify(street.district.publish.receipt(act.subject)).problems == ()


def test_a_brief_of_a_period_that_was_not_over_says_nothing_of_what_came_then(street: Street) -> None:
    street.reports.publish(street.reports.make(street.first, APRIL, date(2026, 4, 30)), at_once=True)
    street.request(street.first, NOW, 0)
    assert street.reports.make(street.first, APRIL, date(2026, 4, 30)).earlier is None


def test_a_report_of_the_whole_district_is_published_for_the_district(
    new_district: Callable[..., District],
) -> None:
    street = a_street(new_district)
    act = street.reports.publish(street.reports.make())
    assert street.district.publish.get(act.subject).place == street.district.register.root()


def test_the_day_after_a_period_is_not_in_it(street: Street) -> None:
    at = datetime(2026, 3, 31, 23, 59, tzinfo=ZONE)
    before = _entry(street.reports.make(None, FEBRUARY, date(2026, 3, 31)), "requests.accepted").amount
    street.request(street.first, at)
    street.request(street.first, at + timedelta(minutes=1))
    after = _entry(street.reports.make(None, FEBRUARY, date(2026, 3, 31)), "requests.accepted").amount
    assert after == (before or 0) + 1
