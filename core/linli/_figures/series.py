"""The brief's figures month by month, and place by place: each in one read of the roll-ups.

What it costs follows the number of cells, as the brief does, not the number of months or places.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

import attrs
from sqlalchemy import Connection, and_, case, extract, func, or_, select

from linli._base.errors import NotFound
from linli._base.refusals import NotFoundHere
from linli._figures.brief import (
    Period,
    amount_of,
    counted_under,
    names_read,
    period_of,
    question_of,
    scope_of,
)
from linli._model.figures import Amount, BriefQuestion, Cells, Figure
from linli._model.lookups import Place
from linli._store import tables as t

if TYPE_CHECKING:
    from linli._engine.opened import OpenDistrict

_c = t.figure.c
_BEFORE = 0


@attrs.frozen(kw_only=True)
class Monthly:
    """Figures month by month.

    Attributes:
        months: the first day of each month that the period touches; of the first and the last month
            only what lies within the period is counted.
        figures: by name, an amount for each of the months; a stock is as of the month's end. Without
            those that no sum can say, such as the age of the oldest: ask the brief of the month.
    """

    period: Period
    months: tuple[date, ...]
    figures: Mapping[str, tuple[Amount, ...]]


def by_month(
    district: "OpenDistrict", place: UUID | None = None, start: date | None = None, end: date | None = None
) -> Monthly:
    """Every summed figure of a place and all below it, month by month; see `OpenDistrict.by_month`."""
    period = period_of(district, start, end)
    scope = scope_of(district, place)
    figures = [one for one in district.rules.figures.values() if one.shown and one.query is None]
    with district.store.reading() as connection:
        sums = _by_month(connection, district.code, scope, figures, period)
        question = question_of(connection, district, scope, period)
        months = tuple(_months(period))
        rows = {figure.name: _row(figure, sums, months, question) for figure in figures}
    return Monthly(period=period, months=months, figures=rows)


def _by_month(
    connection: Connection, code: str, scope: Place | None, figures: Iterable[Figure], period: Period
) -> Mapping[str, Mapping[int, tuple[int, int]]]:
    """By figure and month, n and total; what a stock had before the period stands under `_BEFORE`."""
    flows, stocks = names_read(figures)
    month = case(
        (_c.day < period.start, _BEFORE), else_=extract("year", _c.day) * 12 + extract("month", _c.day) - 1
    )
    wanted = or_(
        _c.name.in_(sorted(stocks)), and_(_c.name.in_(sorted(flows - stocks)), _c.day >= period.start)
    )
    query = (
        select(_c.name, month, func.sum(_c.n), func.sum(_c.total))
        .where(_c.district == code, wanted, _c.day <= period.end)
        .group_by(_c.name, month)
    )
    if scope is not None:
        query = query.where(counted_under(code, scope)(_c.place))
    found: dict[str, dict[int, tuple[int, int]]] = defaultdict(dict)
    for name, at, n, total in connection.execute(query):
        found[name][int(at)] = (int(n), int(total))
    return found


def _months(period: Period) -> Iterable[date]:
    for month in range(_number(period.start), _number(period.end) + 1):
        yield date(month // 12, month % 12 + 1, 1)


def _number(day: date) -> int:
    return day.year * 12 + day.month - 1


def _row(
    figure: Figure,
    sums: Mapping[str, Mapping[int, tuple[int, int]]],
    months: Sequence[date],
    question: BriefQuestion,
) -> tuple[Amount, ...]:
    names = figure.uses if figure.derived else (figure.name,)
    running = {name: Cells() for name in names}
    for name in names:
        n, total = sums.get(name, {}).get(_BEFORE, (0, 0))
        running[name] = Cells(n_so_far=n, total_so_far=total)
    amounts = []
    for month in map(_number, months):
        running = {name: _next(running[name], sums.get(name, {}).get(month, (0, 0))) for name in names}
        amounts.append(amount_of(figure, running, question))
    return tuple(amounts)


def _next(cells: Cells, added: tuple[int, int]) -> Cells:
    """A figure's cells in the month after, in which this much was added."""
    n, total = added
    return Cells(n=n, total=total, n_so_far=cells.n_so_far + n, total_so_far=cells.total_so_far + total)


# --- place by place ---------------------------------------------------------------------------------


def by_place(
    district: "OpenDistrict",
    places: Sequence[UUID],
    names: Sequence[str],
    start: date | None = None,
    end: date | None = None,
) -> dict[UUID, dict[str, Amount]]:
    """Figures of each of some places, with all below each; see `OpenDistrict.by_place`."""
    period = period_of(district, start, end)
    figures = [_figure(district, name) for name in names]
    asked = any(figure.query for figure in figures)
    found: dict[UUID, dict[str, Amount]] = {}
    with district.store.reading() as connection:
        _refuse_others(connection, district, places)
        sums = _by_place(connection, district.code, set(places), figures, period)
        for place in places:
            scope = scope_of(district, place) if asked else None
            question = question_of(connection, district, scope, period)
            cells = sums[place]
            found[place] = {figure.name: amount_of(figure, cells, question) for figure in figures}
    return found


def _refuse_others(connection: Connection, district: "OpenDistrict", places: Sequence[UUID]) -> None:
    """Figures are kept by compound: for what is below one, or nowhere, there are none."""
    p = t.place.c
    query = select(p.id).where(p.district == district.code, p.id.in_(places), p.reporting_place == p.id)
    known = set(connection.scalars(query))
    for place in places:
        if place not in known:
            scope_of(district, place)


class NoSuchFigure(NotFoundHere, says="there is no figure {name}"):
    name: str


def _figure(district: "OpenDistrict", name: str) -> Figure:
    if name not in district.rules.figures:
        raise NotFound(NoSuchFigure(name=name))
    return district.rules.figures[name]


def _by_place(
    connection: Connection, code: str, places: set[UUID], figures: Iterable[Figure], period: Period
) -> Mapping[UUID, Mapping[str, Cells]]:
    """By wanted place and figure, the cells of the place and of all below it."""
    flows, stocks = names_read(figures)
    inside = case((_c.day >= period.start, 1), else_=0)
    wanted = or_(
        _c.name.in_(sorted(stocks)), and_(_c.name.in_(sorted(flows - stocks)), _c.day >= period.start)
    )
    query = (
        select(_c.place, t.place.c.path, _c.name, inside, func.sum(_c.n), func.sum(_c.total))
        .join(t.place, and_(t.place.c.district == _c.district, t.place.c.id == _c.place))
        .where(_c.district == code, wanted, _c.day <= period.end)
        .group_by(_c.place, t.place.c.path, _c.name, inside)
    )
    found: dict[UUID, dict[str, Cells]] = defaultdict(lambda: defaultdict(Cells))
    for _, path, name, within, n, total in connection.execute(query):
        for place in places.intersection(UUID(one) for one in path.split("/") if one):
            cells = found[place]
            cells[name] = _more(cells[name], int(n), int(total), bool(within), name in stocks)
    return found


def _more(cells: Cells, n: int, total: int, within: bool, stock: bool) -> Cells:
    return Cells(
        n=cells.n + n * within,
        total=cells.total + total * within,
        n_so_far=cells.n_so_far + n * stock,
        total_so_far=cells.total_so_far + total * stock,
    )
