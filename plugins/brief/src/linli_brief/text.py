"""The report as text, for a terminal or a message."""

from collections.abc import Iterable, Sequence

from linli import listed, say, translate
from linli._cli.shared import columns, padded
from linli.query import worded
from linli_brief.model import Entry, Report

_MOST_MONTHS = 6


def text(report: Report) -> str:
    """The whole report, a figure a line, and the newest months of what is drawn on the page."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterable[str]:
    yield report.title
    yield period_of(report)
    entries = [entry for section in report.sections for entry in section.entries]
    label_width = max((columns(entry.label) for entry in entries), default=0)
    amount_width = max((columns(worded(entry.figure, entry.amount)) for entry in entries), default=0)
    for section in report.sections:
        yield ""
        yield section.title
        for entry in section.entries:
            amount = worded(entry.figure, entry.amount)
            tail = f" {entry.unit}".rstrip() + beside(entry)
            yield f"  {padded(entry.label, label_width)}  {_right(amount, amount_width)}{tail}"
    yield from otherwise(report)
    yield from _months(report)


def otherwise(report: Report) -> Iterable[str]:
    """What the brief before says otherwise than the record does now, a figure a line; nothing where it does not."""
    if report.earlier is None:
        return
    start, end = report.earlier.period.start, report.earlier.period.end
    yield ""
    yield str(say("the brief of {start} to {end}, as the record has it now", start=start, end=end))
    for one in report.earlier.differences:
        yield f"  {say('{label}: {now} (published: {published})', label=one.label, now=one.now, published=one.published)}"


def period_of(report: Report) -> str:
    """Where and when, on a line."""
    period = say("{start} to {end}", start=report.period.start, end=report.period.end)
    return f"{report.place_name}  {period}"


def beside(entry: Entry) -> str:
    """What is shown with a figure because it misleads alone, in brackets."""
    said = listed(f"{other.label} {other.words}" for other in entry.beside)
    return f"  ({said})" if entry.beside else ""


def _months(report: Report) -> Iterable[str]:
    drawn = [entry for entry in report.charts if entry.drawable()]
    if not drawn:
        return
    yield ""
    yield translate("month by month")
    heads = [f"{month:%Y-%m}" for month in report.months[-_MOST_MONTHS:]]
    rows = [[worded(one.figure, a) for a in one.trend[-_MOST_MONTHS:]] for one in drawn]
    labels = [one.label for one in drawn]
    width = max(map(columns, labels))
    yield _row(" " * width, heads)
    for label, row in zip(labels, rows, strict=True):
        yield _row(padded(label, width), row)


def _row(label: str, cells: Sequence[str]) -> str:
    return f"  {label}" + "".join(f"  {_right(cell, 9)}" for cell in cells)


def _right(cell: str, width: int) -> str:
    return " " * (width - columns(cell)) + cell
