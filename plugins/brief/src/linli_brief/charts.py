"""Small charts as SVG: bars for what is counted within a month, a line for means, shares and stocks."""

from collections.abc import Iterable, Sequence
from datetime import date
from html import escape

import attrs

from linli import listed
from linli.query import Amount, worded
from linli_brief.model import Entry

_WIDTH, _HEIGHT = 300, 110
_LEFT, _RIGHT, _TOP, _BOTTOM = 6, 294, 16, 92
_MOST_LABELS = 12


@attrs.frozen
class _Plot:
    """Where amounts stand on the paper."""

    amounts: Sequence[Amount]
    top: float

    def x(self, index: int) -> float:
        """The middle of a month."""
        return _LEFT + (index + 0.5) * self.step

    @property
    def step(self) -> float:
        """How wide a month is."""
        return (_RIGHT - _LEFT) / len(self.amounts)

    def y(self, amount: float) -> float:
        """How high an amount stands; a month from which more was taken back than was added, at nothing."""
        return _BOTTOM - (_BOTTOM - _TOP) * (max(amount, 0) / self.top if self.top else 0)


def svg(entry: Entry, months: Sequence[date], fonts: str = "sans-serif") -> str:
    """A figure month by month; what a screen reader says is in its title."""
    known = [amount for amount in entry.trend if amount is not None]
    plot = _Plot(entry.trend, max([*known, 0]))
    draw = _line if _is_line(entry) else _bars
    said = listed(f"{m:%Y-%m} {worded(entry.figure, a)}" for m, a in zip(months, entry.trend, strict=True))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        f'font-family="{escape(fonts)}" font-size="8">',
        f"<title>{escape(f'{entry.label}: {said}')}</title>",
        f'<line x1="{_LEFT}" y1="{_BOTTOM}" x2="{_RIGHT}" y2="{_BOTTOM}" stroke="#999" stroke-width="0.7"/>',
        *draw(plot),
        *_amounts(entry, plot),
        *_names(months, plot),
        "</svg>",
    ]
    return "".join(parts)


def _is_line(entry: Entry) -> bool:
    return entry.figure.stock or any(isinstance(amount, float) for amount in entry.trend)


def _bars(plot: _Plot) -> Iterable[str]:
    wide = plot.step * 0.62
    for index, amount in enumerate(plot.amounts):
        if amount:
            high = _BOTTOM - plot.y(amount)
            yield (
                f'<rect x="{plot.x(index) - wide / 2:.1f}" y="{_BOTTOM - high:.1f}" width="{wide:.1f}" '
                f'height="{high:.1f}" fill="#b03a2e"/>'
            )


def _line(plot: _Plot) -> Iterable[str]:
    """The line is broken where a month has no amount."""
    run: list[str] = []
    for index, amount in enumerate([*plot.amounts, None]):
        if amount is not None:
            run.append(f"{plot.x(index):.1f},{plot.y(amount):.1f}")
            yield f'<circle cx="{plot.x(index):.1f}" cy="{plot.y(amount):.1f}" r="1.6" fill="#1f618d"/>'
        elif run:
            yield f'<polyline points="{" ".join(run)}" fill="none" stroke="#1f618d" stroke-width="1.2"/>'
            run = []


def _amounts(entry: Entry, plot: _Plot) -> Iterable[str]:
    """Every amount where there is room, else the highest and the last."""
    chosen = set(range(len(plot.amounts)))
    if len(chosen) > _MOST_LABELS:
        known = [index for index, amount in enumerate(plot.amounts) if amount is not None]
        chosen = {max(known, key=lambda index: plot.amounts[index] or 0), known[-1]} if known else set()
    for index in sorted(chosen):
        amount = plot.amounts[index]
        if amount is not None:
            yield _text(plot.x(index), max(plot.y(amount), _TOP) - 3, worded(entry.figure, amount), "#222")


def _names(months: Sequence[date], plot: _Plot) -> Iterable[str]:
    every = 1 if len(months) <= _MOST_LABELS else 3
    for index, month in enumerate(months):
        if index % every == 0:
            yield _text(plot.x(index), _BOTTOM + 9, f"{month.month}", "#555")
        if index == 0 or month.month == 1:
            yield _text(plot.x(index), _BOTTOM + 17, f"{month.year}", "#555")


def _text(x: float, y: float, text: str, colour: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="middle" fill="{colour}">{escape(text)}</text>'
