"""A report before it has a form: sections of figures, each with what stands beside it and its trend."""

from collections.abc import Iterator
from datetime import date, datetime
from uuid import UUID

import attrs

from linli import Figure, translate
from linli.query import Amount, Period, heading, worded


@attrs.frozen(kw_only=True)
class Entry:
    """A figure of the report.

    Attributes:
        beside: what is shown with it wherever it is shown, because it misleads alone.
        trend: an amount for each of the report's months; empty where no sum can say it.
    """

    figure: Figure
    amount: Amount
    beside: tuple["Entry", ...] = ()
    trend: tuple[Amount, ...] = ()

    @property
    def label(self) -> str:
        """What people call it."""
        return translate(self.figure.label or self.figure.help)

    @property
    def unit(self) -> str:
        """Its unit in words; empty where it has none, or no amount."""
        return translate(self.figure.unit) if self.figure.unit and self.amount is not None else ""

    @property
    def words(self) -> str:
        """The amount with its unit: "7.6 hours"."""
        return f"{worded(self.figure, self.amount)} {self.unit}".rstrip()

    def drawable(self) -> bool:
        """Whether there is a trend to draw: nothing at all in every month is none."""
        return any(self.trend)


@attrs.frozen(kw_only=True)
class Section:
    """The figures under one prefix: "requests"."""

    name: str
    entries: tuple[Entry, ...]

    @property
    def title(self) -> str:
        """What people call it."""
        return translate(heading(self.name))


@attrs.frozen(kw_only=True)
class Difference:
    """A figure that was published otherwise than the record has it now; both amounts as people read them."""

    figure: Figure
    published: str
    now: str

    @property
    def label(self) -> str:
        """What people call it."""
        return translate(self.figure.label or self.figure.help)


@attrs.frozen(kw_only=True)
class Earlier:
    """The brief that was published before, and what has become different since: by what was entered afterwards."""

    period: Period
    differences: tuple[Difference, ...]


@attrs.frozen(kw_only=True)
class Report:
    """Every figure of a place and a period, and how they came about month by month.

    Attributes:
        district: its code.
        place: None: the whole district.
        months: the first days of the months of the trends, up to that of the period's end.
        charts: what the printed page draws.
        earlier: how the brief that was published before it differs from the record; None: there is none, or it does not.
    """

    title: str
    district: str
    place: UUID | None
    place_name: str
    period: Period
    made_at: datetime
    sections: tuple[Section, ...]
    months: tuple[date, ...]
    charts: tuple[Entry, ...]
    earlier: Earlier | None = None

    def entries(self) -> Iterator[Entry]:
        """All figures, each once, what stands beside another one after it."""
        seen: set[str] = set()
        for section in self.sections:
            for top in section.entries:
                for entry in (top, *top.beside):
                    if entry.figure.name not in seen:
                        seen.add(entry.figure.name)
                        yield entry

    def document(self) -> dict[str, object]:
        """It as JSON has it: what `linli brief --json` prints, and the months."""
        entries = list(self.entries())
        return {
            "district": self.district,
            "place": self.place,
            "from": self.period.start,
            "to": self.period.end,
            "figures": {one.figure.name: one.amount for one in entries},
            "months": [f"{month:%Y-%m}" for month in self.months],
            "by_month": {one.figure.name: one.trend for one in entries if one.trend},
            **self._otherwise(),
        }

    def _otherwise(self) -> dict[str, object]:
        if self.earlier is None:
            return {}
        figures = {
            one.figure.name: {"published": one.published, "now": one.now} for one in self.earlier.differences
        }
        return {
            "published_before": {
                "from": self.earlier.period.start,
                "to": self.earlier.period.end,
                "figures": figures,
            }
        }
