"""The brief (简报): every figure of a place and a period, read from the roll-ups.

What it costs follows the number of cells (figures, compounds, days), not that of requests.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

import attrs
from sqlalchemy import ColumnElement, Connection, Select, case, func, select

from linli._base.errors import NotFound, Refused
from linli._base.refusals import Invalid
from linli._engine.listing import name_paths
from linli._model.facts import Facts
from linli._model.figures import Amount, BriefQuestion, Cells, Figure
from linli._model.lookups import COUNTED, PLACE, NoSuchPlace, Place, place_from
from linli._query.register import places
from linli._store import Row, Transaction
from linli._store import tables as t
from linli._store.bulk import Lookup
from linli._store.store import Question
from linli._verbs.register.kinds import PLACE_KINDS

if TYPE_CHECKING:
    from linli._engine.opened import OpenDistrict

_DAY = timedelta(days=1)


@attrs.frozen(kw_only=True)
class Period:
    """From a day to a day, both included, in the district's zone."""

    start: date
    end: date


@attrs.frozen(kw_only=True)
class Brief:
    """The figures of a place and a period.

    Attributes:
        district: its code.
        place: its number; None: the whole district.
        figures: by name, in the order of the registry; None where there is nothing to tell.
    """

    district: str
    place: UUID | None
    period: Period
    figures: Mapping[str, Amount]

    def document(self) -> dict[str, object]:
        """It as JSON has it, for programs and for `linli brief --json`."""
        return {
            "district": self.district,
            "place": self.place,
            "from": self.period.start,
            "to": self.period.end,
            "figures": dict(self.figures),
        }


def brief(
    district: "OpenDistrict", place: UUID | None = None, start: date | None = None, end: date | None = None
) -> Brief:
    """Every figure of a place and all below it; see `OpenDistrict.brief`."""
    period = period_of(district, start, end)
    scope = scope_of(district, place)
    with district.store.reading() as connection:
        cells = cells_of(connection, district, scope, period)
        question = question_of(connection, district, scope, period)
        figures = {
            figure.name: amount_of(figure, cells, question)
            for figure in district.rules.figures.values()
            if figure.shown
        }
    return Brief(district=district.code, place=place, period=period, figures=figures)


_EARLIEST, _LATEST = date(1900, 1, 1), date(2199, 12, 31)


class PeriodOutOfRange(Invalid, says="a period lies between {first} and {last}"):
    first: date
    last: date
    field: str = "period"


class PeriodBackwards(Invalid, says="the period ends ({end}) before it begins ({start})"):
    end: date
    start: date
    field: str = "period"


def period_of(district: "OpenDistrict", start: date | None, end: date | None) -> Period:
    """The period asked for: by default from the first day of the year to today."""
    last = end or district.now().astimezone(district.rules.zone).date()
    first = start or last.replace(month=1, day=1)
    if not (first >= _EARLIEST and last <= _LATEST):
        raise Refused(PeriodOutOfRange(first=_EARLIEST, last=_LATEST))
    if last < first:
        raise Refused(PeriodBackwards(start=first, end=last))
    return Period(start=first, end=last)


class FiguresByCompound(
    Invalid,
    says="figures are kept by compound, and {name} is below one; ask for the compound: --place {compound}",
):
    name: str
    compound: str
    field: str = "place"


def scope_of(district: "OpenDistrict", ident: UUID | None) -> Place | None:
    """The place that figures are asked for, which must be a compound or above one; None: the district."""
    if ident is None:
        return None
    rows = district.store.ask([(PLACE, {"district": district.code, "id": ident})])[0]
    if not rows:
        raise NotFound(NoSuchPlace(id=ident))
    found = place_from(rows[0])
    if found.reporting_place != found.id:
        raise Refused(FiguresByCompound(name=found.name, compound=_name_of(district, found.reporting_place)))
    return found


def _name_of(district: "OpenDistrict", place: UUID) -> str:
    """What people can give for a place: the names from the street down."""
    return name_paths(district, (place,))[place]


# --- reading the cells ---------------------------------------------------------------------------


def cells_of(
    connection: Connection, district: "OpenDistrict", scope: Place | None, period: Period
) -> dict[str, Cells]:
    """By figure, the sums of its cells, in two statements: for flows the period's, for stocks all."""
    flows, stocks = names_read(district.rules.figures.values())
    found = {name: Cells() for name in flows | stocks}
    for names, first in ((flows - stocks, period.start), (stocks, date.min)):
        query = _sums(district.code, scope, names, first, period)
        for name, n, total, n_so_far, total_so_far in connection.execute(query) if names else ():
            found[name] = Cells(
                n=int(n),
                total=int(total),
                n_so_far=int(n_so_far) if name in stocks else 0,
                total_so_far=int(total_so_far) if name in stocks else 0,
            )
    return found


def names_read(figures: Iterable[Figure]) -> tuple[set[str], set[str]]:
    """The figures whose cells are read: within the period only, and since the record began."""
    flows: set[str] = set()
    stocks: set[str] = set()
    for figure in figures:
        if figure.query is None:
            (stocks if figure.stock else flows).update(figure.uses if figure.derived else (figure.name,))
    return flows, stocks


def _sums(
    code: str, scope: Place | None, names: set[str], first: date, period: Period
) -> Select[str, int, int, int, int]:
    c = t.figure.c
    inside = c.day >= period.start
    query = (
        select(
            c.name,
            func.sum(case((inside, c.n), else_=0)),
            func.sum(case((inside, c.total), else_=0)),
            func.sum(c.n),
            func.sum(c.total),
        )
        .where(c.district == code, c.name.in_(sorted(names)), c.day >= first, c.day <= period.end)
        .group_by(c.name)
    )
    return query if scope is None else query.where(counted_under(code, scope)(c.place))


def _below(code: str, scope: Place | None) -> Callable[[ColumnElement[UUID]], ColumnElement[bool]]:
    """The condition that a place is `scope` or below it."""

    def within(column: ColumnElement[UUID]) -> ColumnElement[bool]:
        if scope is None:
            return column.is_not(None)
        path = "".join(f"{ident.hex}/" for ident in scope.path)
        below = select(t.place.c.id).where(t.place.c.district == code, t.place.c.path.startswith(path))
        return column.in_(below)

    return within


def counted_under(code: str, scope: Place | None) -> Callable[[ColumnElement[UUID]], ColumnElement[bool]]:
    """The condition that a place under which is counted is `scope` or below it: a compound alone is itself."""

    def within(column: ColumnElement[UUID]) -> ColumnElement[bool]:
        if scope is None:
            return column.is_not(None)
        if scope.kind == "compound":
            return column == scope.id
        path = "".join(f"{ident.hex}/" for ident in scope.path)
        p = t.place.c
        upper = [kind.name for kind in PLACE_KINDS.values() if kind.level <= PLACE_KINDS["compound"].level]
        return column.in_(select(p.id).where(p.district == code, p.kind.in_(upper), p.path.startswith(path)))

    return within


def amount_of(figure: Figure, cells: Mapping[str, Cells], question: BriefQuestion) -> Amount:
    """What a figure comes to, from the cells that were read or asked of the store."""
    if figure.query:
        return figure.query(question)
    if figure.derived:
        return figure.derived({name: cells[name] for name in figure.uses})
    own = cells[figure.name]
    return own.n_so_far if figure.stock else own.n


def question_of(
    connection: Connection, district: "OpenDistrict", scope: Place | None, period: Period
) -> BriefQuestion:
    """What figures that ask the store themselves are asked for."""
    until = _midnight(district, period.end + _DAY)
    as_of = min(until, district.now())
    facts = Facts(cast(Transaction, _Reading(connection)), district.rules.constants, as_of)
    return BriefQuestion(
        connection=connection,
        district=district.code,
        place=scope.id if scope else None,
        since=_midnight(district, period.start),
        until=until,
        as_of=as_of,
        within=_below(district.code, scope),
        counted=counted_under(district.code, scope),
        facts=facts,
        counted_places=lambda: _counted_places(facts, scope),
        settings=district.rules.constants.settings,
    )


def _counted_places(facts: Facts, scope: Place | None) -> frozenset[UUID]:
    if scope and scope.kind == "compound":
        return frozenset((scope.id,))
    there = facts.get(places(*COUNTED, within=scope.id if scope else None, ended_too=True))
    return frozenset(one.id for one in there)


@attrs.frozen
class _Reading:
    """What typed questions of figures are asked of: the connection that the whole brief is read with."""

    connection: Connection

    def ask(self, questions: Sequence[Question]) -> list[list[Row]]:
        """Answer queries, in their order."""
        found = (self.connection.execute(cast(Any, read.clause), dict(values)) for read, values in questions)
        return [[tuple(row) for row in rows] for rows in found]

    def look_up(self, lookup: Lookup, keys: Sequence[Hashable], values: Mapping[str, Any]) -> list[Row]:
        """The rows for any of `keys`, in no order."""
        found: list[Row] = []
        for first in range(0, len(keys), _AT_ONCE):
            some = lookup.some(keys[first : first + _AT_ONCE])
            found += (tuple(row) for row in self.connection.execute(some, dict(values)))
        return found


# As many values as any database takes in one statement.
_AT_ONCE = 1000


def _midnight(district: "OpenDistrict", day: date) -> datetime:
    return datetime.combine(day, time.min, district.rules.zone)
