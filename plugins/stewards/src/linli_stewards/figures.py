"""Figures of stewards, under the brief's names.

Coverage is asked of the register, not summed: homes are imported by the thousand in one act, and what a
unit comes to depends on its building's steward.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, func, select

from linli import Act, Cells, Count, Facts, Figure, StoredSubject
from linli._store import tables as t
from linli.hooks import POST_BEGIN
from linli.query import BriefQuestion, Counted
from linli_stewards import grids
from linli_stewards.settings import StewardSettings
from linli_stewards.stewardship import STEWARD

_p, _o = t.place.c, t.post.c


def _day(question: BriefQuestion) -> date:
    """The last day that a stock is of, in the district's zone."""
    last = question.as_of - timedelta(microseconds=1)
    return last.astimezone(question.until.tzinfo).date()


def _grid(question: BriefQuestion) -> ColumnElement[bool]:
    """The condition that a place is one of those that are counted, on the day that the figure is of."""
    level = question.settings(StewardSettings).level
    there = grids.is_grid(question.district, level, _day(question))
    return and_(there, question.counted_here(_p.reporting_place))


def _units(question: BriefQuestion, *more: ColumnElement[bool]) -> int:
    query = select(func.count()).where(_grid(question), *more)
    return int(question.connection.execute(query).scalar_one())


def _units_listed(question: BriefQuestion, *more: ColumnElement[bool]) -> Iterable[Counted]:
    query = select(_p.id, _p.kind).where(_grid(question), *more).order_by(_p.path)
    for ident, kind in question.connection.execute(query):
        yield Counted(at=question.as_of, what=kind, subject=ident, place=ident)


def _covered(question: BriefQuestion) -> int:
    return _units(question, grids.is_covered(question.as_of))


def _covered_listed(question: BriefQuestion) -> Iterable[Counted]:
    return _units_listed(question, grids.is_covered(question.as_of))


def _coverage(question: BriefQuestion) -> float | None:
    units = _units(question)
    return _covered(question) / units if units else None


def _people(question: BriefQuestion, *more: ColumnElement[bool]) -> int:
    query = grids.stewards(question.district, question.as_of)
    return grids.people(question.connection, query.where(question.counted_here(_p.reporting_place), *more))


def _people_listed(question: BriefQuestion, *more: ColumnElement[bool]) -> Iterable[Counted]:
    """Each once, at the first building or unit that they have."""
    query = grids.stewards(question.district, question.as_of).where(
        question.counted_here(_p.reporting_place), *more
    )
    rows = question.connection.execute(
        query.with_only_columns(_o.person, _o.since, _p.id).order_by(_o.since, _o.id)
    )
    for person, (since, place) in {person: found for person, *found in reversed(rows.all())}.items():
        yield Counted(at=since, what=POST_BEGIN.verb, subject=person, place=place)


def _member(question: BriefQuestion) -> ColumnElement[bool]:
    return grids.is_member(question.district, _o.person, _day(question))


def _members(question: BriefQuestion) -> int:
    return _people(question, _member(question))


def _members_listed(question: BriefQuestion) -> Iterable[Counted]:
    return _people_listed(question, _member(question))


def _appointed(act: Act, before: StoredSubject | None, after: StoredSubject | None) -> Iterable[Count]:
    if act.body.get("role") == STEWARD:
        yield Count()


# --- what units asked of them ---------------------------------------------------------------------------


def _asked(act: Act, before: StoredSubject | None, after: StoredSubject | None) -> Iterable[Count]:
    if after and after.holder and after.holder.role == STEWARD:
        yield Count(when=_of_any_kind(after.record.service))


def _taken(act: Act, before: StoredSubject | None, after: StoredSubject | None) -> Iterable[Count]:
    """Finishing what was not taken before takes it."""
    first = act.verb == "task.take" or (before is not None and before.state == "open")
    if after and first and (act.acting_as or "").startswith(f"{STEWARD}@"):
        yield Count(when=_of_any_kind(after.record.service))


def _of_any_kind(service: str) -> Callable[[Facts], bool]:
    return lambda facts: service in facts.settings(StewardSettings).services.codes


def _done(kind: str) -> Callable[[Act, StoredSubject | None, StoredSubject | None], Iterable[Count]]:
    def counts(act: Act, before: StoredSubject | None, after: StoredSubject | None) -> Iterable[Count]:
        if after and after.holder and after.holder.role == STEWARD:
            service = after.record.service
            yield Count(when=lambda facts: service in getattr(facts.settings(StewardSettings).services, kind))

    return counts


def _of_kind(name: str, label: str, help: str) -> Figure:
    return Figure(name=f"stewards.{name}", help=help, label=label, on={"task.confirm": _done(name)})


_KINDS = (
    _of_kind("testing", label="testing at home", help="testing at home: tasks of stewards confirmed in the period"),
    _of_kind("school_lifts", label="lifts to school", help="lifts to school: tasks of stewards confirmed in the period"),
    _of_kind("meals", label="meals for the old", help="meals for the old at home: tasks of stewards confirmed in the period"),
    _of_kind("emergencies", label="emergencies", help="emergencies: tasks of stewards confirmed in the period"),
    _of_kind("mediations", label="mediation between neighbours", help="mediation between neighbours: tasks of stewards confirmed in the period"),
)  # fmt: skip


def _sum(cells: Mapping[str, Cells]) -> int:
    return sum(one.n for one in cells.values())


FIGURES = (
    Figure(
        name="stewards.units_covered",
        help="units with a steward of their own or of their building, at the end of the period",
        label="units covered",
        stock=True,
        query=_covered,
        items=_covered_listed,
        shown_with=("stewards.units_total",),
    ),
    Figure(
        name="stewards.units_total",
        help="units, and buildings without units, at the end of the period",
        label="units",
        stock=True,
        query=_units,
        items=_units_listed,
    ),
    Figure(
        name="stewards.coverage",
        help="units with a steward, by all units",
        label="coverage by stewards",
        stock=True,
        share=True,
        query=_coverage,
        of=("stewards.appointed",),
        items=_covered_listed,
    ),
    Figure(
        name="stewards.total",
        help="people who are stewards of a unit or a building, at the end of the period",
        label="stewards",
        stock=True,
        query=_people,
        items=_people_listed,
    ),
    Figure(
        name="stewards.party_members",
        help="of the stewards, those whom the register knows as party members",
        label="party members among them",
        stock=True,
        query=_members,
        items=_members_listed,
    ),
    Figure(
        name="stewards.appointed",
        help="posts of stewards that were given",
        stock=True,
        on={POST_BEGIN: _appointed},
        shown=False,
    ),
    Figure(
        name="stewards.asked",
        help="tasks of the five kinds that went to a steward in the period",
        label="asked of stewards",
        on={"task.open": _asked},
    ),
    Figure(
        name="stewards.taken",
        help="tasks of the five kinds that a steward took in the period; one given back and taken again counts again",
        label="taken by stewards",
        on=dict.fromkeys(("task.take", "task.finish"), _taken),
    ),
    Figure(
        name="stewards.done",
        help="tasks of the five kinds of stewards that were confirmed in the period",
        label="done by stewards",
        uses=tuple(one.name for one in _KINDS),
        derived=_sum,
    ),
    *_KINDS,
)
