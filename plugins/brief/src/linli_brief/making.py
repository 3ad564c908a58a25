"""A report put together from the district's brief and its months."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from typing import NoReturn
from uuid import UUID

import attrs

from linli import District, DistrictSettings, Figure, NotFound, NotFoundHere, say
from linli.query import Amount, Brief
from linli_brief.earlier import differences, published_before
from linli_brief.model import Entry, Report, Section
from linli_brief.settings import CHARTS, BriefSettings


def make(
    district: District, place: UUID | None = None, start: date | None = None, end: date | None = None
) -> Report:
    """The report of a place and all below it, from `start` to `end`, both included. Args: as in `brief`."""
    report = _made(district, place, start, end)
    before = published_before(district, place, report.period.end)
    if before is None:
        return report
    earlier = differences(_made(district, place, before[0].start, before[0].end), before[1])
    return attrs.evolve(report, earlier=earlier) if earlier.differences else report


def _made(district: District, place: UUID | None, start: date | None, end: date | None) -> Report:
    settings = district.configuration.section(BriefSettings)
    brief = district.brief(place, start, end)
    period = brief.period
    monthly = district.by_month(place, _first_month(period.start, period.end, settings.months), period.end)
    sections = tuple(_sections(district, brief, monthly.figures))
    where = _place_name(district, place)
    return Report(
        title=settings.title or str(say("{place}: report on governance", place=where)),
        district=district.code,
        place=place,
        place_name=where,
        period=period,
        made_at=district.now().astimezone(district.rules.zone),
        sections=sections,
        months=monthly.months,
        charts=tuple(_charts(district, settings.charts, sections)),
    )


def _first_month(start: date, end: date, months: int) -> date:
    """The beginning of the trends: so many months back, or the period's own where it is longer."""
    number = end.year * 12 + end.month - months
    back = date(number // 12, number % 12 + 1, 1)
    return min(back, start.replace(day=1))


def _place_name(district: District, place: UUID | None) -> str:
    if place is None:
        return district.configuration.section(DistrictSettings).name
    return district.register.name_path(place)


def _sections(
    district: District, brief: Brief, trends: Mapping[str, tuple[Amount, ...]]
) -> Iterable[Section]:
    figures = [district.rules.figures[name] for name in brief.figures]
    beside = {name for figure in figures for name in figure.shown_with}

    def entry(figure: Figure) -> Entry:
        others = [district.rules.figures[name] for name in figure.shown_with if name in brief.figures]
        return Entry(
            figure=figure,
            amount=brief.figures[figure.name],
            beside=tuple(map(entry, others)),
            trend=trends.get(figure.name, ()),
        )

    grouped: dict[str, list[Entry]] = {}
    for figure in figures:
        if figure.name not in beside:
            grouped.setdefault(figure.name.partition(".")[0], []).append(entry(figure))
    for name, entries in grouped.items():
        yield Section(name=name, entries=tuple(entries))


def _charts(district: District, names: Sequence[str], sections: Iterable[Section]) -> Iterable[Entry]:
    known = {
        entry.figure.name: entry
        for section in sections
        for top in section.entries
        for entry in (top, *top.beside)
    }
    for name in names:
        if name in known:
            yield known[name]
        elif name not in CHARTS:
            refuse_unknown(name, district.rules.figures)


class FigureMistyped(NotFoundHere, says="there is no figure {name}; did you mean {near}?"):
    name: str
    near: str


class NoSuchFigure(NotFoundHere, says="there is no figure {name}; see them all: linli brief --json"):
    name: str


def refuse_unknown(name: str, known: Iterable[str]) -> NoReturn:
    """NotFound, with the nearest known figure."""
    near = get_close_matches(name, list(known), n=1, cutoff=0.5)
    if near:
        raise NotFound(FigureMistyped(name=name, near=near[0]))
    raise NotFound(NoSuchFigure(name=name))
