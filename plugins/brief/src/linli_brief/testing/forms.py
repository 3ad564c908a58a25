"""Forms as superiors send them: titles over merged cells, frames, totals, rules, a picture, print settings."""

from io import BytesIO
from pathlib import Path
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]
from openpyxl import load_workbook  # type: ignore[import-untyped]
from PIL import Image


def monthly_form(path: Path, *, ready: int = 0) -> Path:
    """A monthly return: figures in a frame, a list with a total under it, a second sheet that reads the first.

    Args:
        ready: empty rows that the form has under the list's first one.
    """
    with xlsxwriter.Workbook(path) as book:
        looks = {
            "title": book.add_format({"bold": True, "font_size": 18, "align": "center", "font_name": "黑体"}),
            "cell": book.add_format({"border": 1, "align": "center"}),
            "number": book.add_format({"border": 1, "num_format": "#,##0", "bg_color": "#FFF2CC"}),
            "rate": book.add_format({"border": 1, "num_format": "0.0%"}),
        }
        sheet = book.add_worksheet("月报表")
        _head(sheet, looks)
        _list(sheet, looks, ready)
        _manners(sheet, 9 + ready)
        total = book.add_worksheet("汇总")
        total.write_formula("A1", f"=月报表!C{10 + ready}", None, 0)
        total.write_formula("A2", "=SUM(月报表!C9:C9)", None, 0)
        book.define_name("合计", f"=月报表!$C${10 + ready}")
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=月报表!$C$9:$C$9", "categories": "=月报表!$A$9:$A$9"})
        total.insert_chart("C3", chart)
    return path


def _head(sheet: Any, looks: dict[str, Any]) -> None:
    sheet.merge_range("A1:E1", "{district}诉求办理情况月报表（{year}年{month}月）", looks["title"])
    sheet.write("A2", "填报单位：{place}")
    sheet.write("D2", "填报日期：{today}")
    for row, (label, name) in enumerate(
        (
            ("受理", "{requests.accepted@本月}"),
            ("办结", "｛requests.closed＠2026-03｝"),
            ("办结率", "{requests.closing_rate@本年}"),
            ("下月", "{requests.accepted@4月}"),
        ),
        start=2,
    ):
        sheet.write(row, 0, label, looks["cell"])
        sheet.write(row, 1, name, looks["rate" if "率" in label else "number"])
    sheet.write("C3", "上月：{requests.accepted@上月} 件，未办结 {requests.open} 件")
    sheet.write_formula("D4", "=B4*2", looks["number"], 999)


def _list(sheet: Any, looks: dict[str, Any], ready: int) -> None:
    for column, head in enumerate(("小区", None, "受理", "办结", "差额")):
        sheet.write(7, column, head, looks["cell"])
    sheet.merge_range("A9:B9", "{each compound: name|requests.accepted|requests.closed}", looks["cell"])
    sheet.write("C9", None, looks["number"])
    sheet.write("D9", None, looks["number"])
    sheet.write_formula("E9", "=C9-D9", looks["number"], 0)
    for row in range(9, 9 + ready):
        sheet.merge_range(row, 0, row, 1, None, looks["cell"])
        for column in (2, 3, 4):
            sheet.write(row, column, None, looks["number"])
    below = 9 + ready
    sheet.merge_range(below, 0, below, 1, "合计", looks["cell"])
    sheet.write_formula(below, 2, "=SUM(C9:C9)", looks["number"], 0)
    sheet.write_formula(below, 3, "=SUM($D$9:$D$9)", looks["number"], 0)
    sheet.write(below + 1, 0, "填表人：")


def _manners(sheet: Any, below: int) -> None:
    sheet.set_column("A:A", 22.5)
    sheet.set_row(8, 31)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.repeat_rows(0, 1)
    sheet.print_area(0, 0, below + 1, 4)
    sheet.set_header("&C内部资料")
    sheet.freeze_panes(2, 0)
    sheet.data_validation("C9", {"validate": "integer", "criteria": ">=", "value": 0})
    sheet.conditional_format("E9:E9", {"type": "cell", "criteria": ">", "value": 0, "format": None})
    picture = BytesIO()
    Image.new("RGB", (40, 40), "red").save(picture, "png")
    sheet.insert_image(below + 3, 0, "seal.png", {"image_data": picture})


def opened(path: Path) -> Any:
    """A workbook, read by another library than the one that wrote it."""
    return load_workbook(path, rich_text=True)
