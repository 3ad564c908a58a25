"""The printed page: HTML that stands by itself, and the PDF that WeasyPrint makes of it."""

from collections.abc import Iterable, Sequence
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any

from linli import LinliError, say, translate
from linli.cli import language
from linli.query import worded
from linli_brief.charts import svg
from linli_brief.model import Entry, Report, Section
from linli_brief.text import beside, otherwise, period_of

_SIZES = (10.0, 9.0, 8.0, 7.2, 6.5, 6.0)
_MONTHS_WIDE = 12


def html(report: Report, fonts: Sequence[str], *, size: float = _SIZES[0], appendix: bool = True) -> str:
    """The report as one file that loads nothing from elsewhere.

    Args:
        size: of the letters, in points, when it is printed.
        appendix: also what the months were, and how every figure is counted.
    """
    family = ", ".join(f"'{font}'" if " " in font else font for font in fonts)
    body = [*_front(report, family), *(_appendix(report) if appendix else ())]
    return (
        f'<!DOCTYPE html><html lang="{language()}"><head><meta charset="utf-8">'
        f"<title>{escape(report.title)}</title><style>{_css()}\n"
        f"body {{ font-family: {family} }}\n@page {{ font-family: {family} }}\n"
        f"@media print {{ html {{ font-size: {size}pt }} }}</style></head><body>{''.join(body)}</body></html>"
    )


def pdf(report: Report, fonts: Sequence[str]) -> bytes:
    """One A4 page with every figure, in letters as large as fit, and the appendix after it."""
    for size in _SIZES:
        if len(_laid_out(html(report, fonts, size=size, appendix=False)).pages) == 1:
            break
    written: bytes = _laid_out(html(report, fonts, size=size)).write_pdf()
    return written


def _laid_out(text: str) -> Any:
    try:
        from weasyprint import HTML  # type: ignore[import-untyped]
    except OSError as error:
        raise LinliError(
            say(
                "the printed page needs Pango, which is missing: apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk ({error})",
                error=str(error).splitlines()[0],
            )
        ) from None
    return HTML(string=text, url_fetcher=_nothing).render()


def _nothing(url: str, *_: object, **__: object) -> Any:
    """A report loads nothing: neither from the network nor from the disk."""
    raise ValueError(url)


@cache
def _css() -> str:
    return files("linli_brief").joinpath("style.css").read_text(encoding="utf-8")


# --- the first page --------------------------------------------------------------------------------


def _front(report: Report, family: str) -> Iterable[str]:
    made = say("made {when} from the record by linli", when=f"{report.made_at:%Y-%m-%d %H:%M}")
    yield f'<p class="made">{escape(str(made))}</p>'
    yield f'<h1>{escape(report.title)}</h1><p class="when">{escape(period_of(report))}</p>'
    first = _half(report.sections)
    for side, sections in (("left", report.sections[:first]), ("right", report.sections[first:])):
        yield f'<div class="{side}">{"".join(map(_section, sections))}</div>'
    yield '<div class="below"></div>'
    yield from (f"<p>{escape(line.strip())}</p>" for line in otherwise(report) if line)
    drawn = [entry for entry in report.charts if entry.drawable()]
    if drawn:
        yield f'<h2>{escape(translate("month by month"))}</h2><div class="charts">'
        yield from (_chart(entry, report, family) for entry in drawn)
        yield "</div>"


def _half(sections: Sequence[Section]) -> int:
    """How many sections fill about half of the page: a heading takes as much as two lines."""
    lines = [2 + sum(1 + (len(entry.beside) > 1) for entry in section.entries) for section in sections]
    return min(range(len(lines) + 1), key=lambda first: max(sum(lines[:first]), sum(lines[first:])))


def _section(section: Section) -> str:
    rows = "".join(map(_row, section.entries))
    return f"<section><h2>{escape(section.title)}</h2><table>{rows}</table></section>"


def _row(entry: Entry) -> str:
    said, one = escape(beside(entry).strip().strip("()")), len(entry.beside) == 1
    label = escape(entry.label) + (f" <small>{said}</small>" if one else "")
    row = f'<tr><td>{label}</td><td class="amount">{escape(entry.words)}</td></tr>'
    if entry.beside and not one:
        row += f'<tr class="beside"><td colspan="2">{said}</td></tr>'
    return row


def _chart(entry: Entry, report: Report, family: str) -> str:
    unit = translate(entry.figure.unit) if entry.figure.unit else ""
    said = f"{entry.label} ({unit})" if unit else entry.label
    more = f"<br>{escape(beside(entry).strip())}" if entry.beside else ""
    drawing = svg(entry, report.months, family)
    return f"<figure><figcaption>{escape(said)}{more}</figcaption>{drawing}</figure>"


# --- the appendix ----------------------------------------------------------------------------------


def _appendix(report: Report) -> Iterable[str]:
    yield '<div class="appendix">'
    trends = [entry for entry in report.entries() if entry.trend]
    for first in range(0, len(report.months), _MONTHS_WIDE):
        yield _months(report, trends, slice(first, first + _MONTHS_WIDE))
    yield f"<h2>{escape(translate('how each figure is counted'))}</h2><table>"
    yield from map(_rule, report.entries())
    yield "</table></div>"


def _months(report: Report, trends: Sequence[Entry], part: slice) -> str:
    heads = "".join(f"<th>{month:%Y-%m}</th>" for month in report.months[part])
    rows = "".join(
        f"<tr><td>{escape(entry.label)}</td>"
        + "".join(f"<td>{escape(worded(entry.figure, amount))}</td>" for amount in entry.trend[part])
        + "</tr>"
        for entry in trends
    )
    title = escape(translate("month by month"))
    return f'<h2>{title}</h2><table class="months"><tr><th></th>{heads}</tr>{rows}</table>'


def _rule(entry: Entry) -> str:
    cells = (entry.label, translate(entry.figure.help))
    told = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
    return f'<tr>{told}<td class="code">linli brief --explain {escape(entry.figure.name)}</td></tr>'
