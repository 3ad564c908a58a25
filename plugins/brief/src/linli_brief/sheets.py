"""The report as a spreadsheet: a sheet for each section, one with the months, and charts that can be edited."""

import re
from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

from linli import say, translate
from linli_brief.model import Entry, Report, Section
from linli_brief.text import beside, otherwise, period_of

# What a section's columns are called, and how wide they are.
WORDS = ("figure", "amount", "unit", "shown with it", "what is counted", "name in linli")
_WIDTHS = (30, 12, 8, 34, 50, 30)
_LONGEST_NAME = 31
_CHART_ROWS = 15


def workbook(report: Report) -> bytes:
    """The report as an .xlsx file."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"title": report.title, "created": report.made_at.replace(tzinfo=None)})
        formats = _formats(book)
        names = _Names()
        whole = translate("all figures")
        _figures(book.add_worksheet(names.fresh(whole)), report, whole, report.entries(), formats)
        for section in report.sections:
            _section(book.add_worksheet(names.fresh(section.title)), report, section, formats)
        if report.earlier:
            _lines(book.add_worksheet(names.fresh(translate("published before"))), otherwise(report))
        _months(book, names.fresh(translate("month by month")), report, formats)
    return out.getvalue()


def _lines(sheet: Any, lines: Iterable[str]) -> None:
    for row, line in enumerate(lines):
        sheet.write_string(row, 0, line.strip())


class _Names:
    """Names of sheets: at most 31 characters, without those that no sheet may have, each once."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def fresh(self, title: str) -> str:
        """A name that no sheet has yet."""
        base = re.sub(r"[\[\]:*?/\\']", " ", title).strip()[: _LONGEST_NAME - 3] or "-"
        name, count = base, 2
        while name.casefold() in self._taken:
            name, count = f"{base} {count}", count + 1
        self._taken.add(name.casefold())
        return name


def _formats(book: Any) -> Mapping[str, Any]:
    looks: Mapping[str, dict[str, Any]] = {
        "title": {"bold": True, "font_size": 16, "font_color": "#8E2B20"},
        "head": {"bold": True, "bottom": 1, "bg_color": "#F6E9E7", "text_wrap": True, "valign": "top"},
        "text": {"valign": "top"},
        "long": {"text_wrap": True, "valign": "top"},
        "whole": {"num_format": "#,##0", "valign": "top"},
        "part": {"num_format": "#,##0.0", "valign": "top"},
        "share": {"num_format": "0.0%", "valign": "top"},
    }
    return {name: book.add_format(look) for name, look in looks.items()}


def _number(entry: Entry, amount: float | int | None, formats: Mapping[str, Any]) -> Any:
    if entry.figure.share:
        return formats["share"]
    return formats["part" if isinstance(amount, float) else "whole"]


def _heading(sheet: Any, report: Report, title: str, formats: Mapping[str, Any]) -> None:
    sheet.write_string(0, 0, f"{report.title} · {title}", formats["title"])
    sheet.write_string(1, 0, period_of(report))
    sheet.set_portrait()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _section(sheet: Any, report: Report, section: Section, formats: Mapping[str, Any]) -> None:
    _figures(sheet, report, section.title, _rows(section), formats)


def _figures(
    sheet: Any, report: Report, title: str, entries: Iterable[Entry], formats: Mapping[str, Any]
) -> None:
    _heading(sheet, report, title, formats)
    for column, (head, width) in enumerate(zip(WORDS, _WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(3, column, translate(head), formats["head"])
    sheet.freeze_panes(4, 0)
    for row, entry in enumerate(entries, start=4):
        _write(sheet, row, entry, formats)


def _rows(section: Section) -> Iterable[Entry]:
    for entry in section.entries:
        yield entry
        yield from entry.beside


def _write(sheet: Any, row: int, entry: Entry, formats: Mapping[str, Any]) -> None:
    sheet.write_string(row, 0, entry.label, formats["text"])
    if entry.amount is not None:
        sheet.write_number(row, 1, entry.amount, _number(entry, entry.amount, formats))
    sheet.write_string(row, 2, entry.unit, formats["text"])
    sheet.write_string(row, 3, beside(entry).strip().strip("()"), formats["long"])
    sheet.write_string(row, 4, translate(entry.figure.help), formats["long"])
    sheet.write_string(row, 5, entry.figure.name, formats["text"])


# --- the months ------------------------------------------------------------------------------------


def _months(book: Any, name: str, report: Report, formats: Mapping[str, Any]) -> None:
    sheet = book.add_worksheet(name)
    _heading(sheet, report, translate("month by month"), formats)
    sheet.set_landscape()
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, len(report.months), 10)
    sheet.freeze_panes(4, 1)
    sheet.write_string(3, 0, translate("figure"), formats["head"])
    for column, month in enumerate(report.months, start=1):
        sheet.write_string(3, column, f"{month:%Y-%m}", formats["head"])
    trends = [entry for entry in report.entries() if entry.trend]
    for row, entry in enumerate(trends, start=4):
        _trend(sheet, row, entry, formats)
    drawn = {entry.figure.name for entry in report.charts if entry.drawable()}
    below = 4 + len(trends) + 2
    for row, entry in enumerate(trends, start=4):
        if entry.figure.name in drawn:
            said = {"description": str(say("{figure} month by month", figure=entry.label))}
            sheet.insert_chart(below, 0, _chart(book, name, row, entry, report), said)
            below += _CHART_ROWS


def _trend(sheet: Any, row: int, entry: Entry, formats: Mapping[str, Any]) -> None:
    sheet.write_string(row, 0, entry.label, formats["text"])
    for column, amount in enumerate(entry.trend, start=1):
        if amount is not None:
            sheet.write_number(row, column, amount, _number(entry, amount, formats))


def _chart(book: Any, sheet: str, row: int, entry: Entry, report: Report) -> Any:
    line = entry.figure.stock or any(isinstance(amount, float) for amount in entry.trend)
    chart = book.add_chart({"type": "line" if line else "column"})
    last = len(report.months)
    chart.add_series(
        {
            "name": [sheet, row, 0],
            "categories": [sheet, 3, 1, 3, last],
            "values": [sheet, row, 1, row, last],
            "data_labels": {"value": True},
            "marker": {"type": "circle"} if line else None,
        }
    )
    unit = translate(entry.figure.unit) if entry.figure.unit else ""
    chart.set_title({"name": f"{entry.label} {unit}{beside(entry)}".strip(), "name_font": {"size": 11}})
    chart.set_legend({"none": True})
    chart.set_size({"width": 760, "height": 280})
    return chart
