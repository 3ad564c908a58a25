"""What members have done since they reported: by member, for the branch; and by compound, in numbers."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import attrs
from sqlalchemy import ColumnElement, Connection, and_, exists, func, select

from linli.store import tables as t
from linli_reporting.records import IN_FORCE, KIND, REPORTED
from linli_reporting.tables import DONE

if TYPE_CHECKING:
    from linli import District

_s, _d = t.subject.c, DONE.c
_last = func.max(_d.at)


@attrs.frozen(kw_only=True)
class Thing:
    """Something a member did: of which kind, when, and how long it took."""

    kind: str
    at: datetime
    minutes: int


@attrs.frozen(kw_only=True)
class Done:
    """What a member has done since they first reported.

    Attributes:
        since: when a report of theirs was first confirmed; None: none was.
        counts: how many, by kind; minutes: of all that says how long it took.
        things: each of them, the oldest first.
    """

    person: UUID
    since: datetime | None
    counts: Mapping[str, int]
    minutes: int
    things: tuple[Thing, ...]


@attrs.frozen(kw_only=True)
class Member:
    """A member who has reported in, for those who may know who it is.

    Attributes:
        name: masked.
        things, minutes: since this report was confirmed; last_at: when they last did anything.
    """

    report: UUID
    person: UUID | None
    name: str
    compound: UUID
    state: str
    since: datetime
    things: int
    minutes: int
    last_at: datetime | None


@attrs.frozen(kw_only=True)
class Numbers:
    """A compound in numbers.

    Attributes:
        reported: members whose report counts; active: those of them who have done something.
        waiting: reports that nobody has decided on; without_branch: those that no branch can decide on.
        counts: what those who count have done since, by kind; minutes: how long it took.
    """

    compound: UUID
    name: str
    reported: int = 0
    active: int = 0
    waiting: int = 0
    without_branch: int = 0
    counts: Mapping[str, int] = attrs.field(factory=dict)
    minutes: int = 0


def things_of(district: "District", reports: Iterable[UUID]) -> tuple[Thing, ...]:
    """What was done under these reports."""
    query = (
        select(_d.kind, _d.at, _d.minutes)
        .where(_d.district == district.code, _d.report.in_(list(reports)))
        .order_by(_d.at, _d.thing, _d.kind)
    )
    with district.store.reading() as connection:
        return tuple(
            Thing(kind=kind, at=at, minutes=minutes) for kind, at, minutes in connection.execute(query)
        )


def members_at(district: "District", place: UUID, *, idle_since: datetime | None, most: int) -> list[Member]:
    """The members who have reported in at a place and below it, whoever did least lately first.

    Args:
        idle_since: only those who have done nothing since then.
    """
    query = (
        select(
            _s.id, _s.person, _s.compound, _s.state, _s.accepted_at,
            func.count(_d.thing), func.coalesce(func.sum(_d.minutes), 0), _last,
        )
        .outerjoin(DONE, and_(_d.district == _s.district, _d.report == _s.id))
        .where(*_open(district, place), _s.state.in_(REPORTED))
        .group_by(_s.id, _s.person, _s.compound, _s.state, _s.accepted_at)
        .order_by(func.coalesce(_last, _s.accepted_at), _s.id)
        .limit(most)
    )  # fmt: skip
    if idle_since:
        query = query.having(func.coalesce(_last, _s.accepted_at) < idle_since)
    with district.store.reading() as connection:
        rows = connection.execute(query).all()
    return [_member(district, tuple(row)) for row in rows]


def _member(district: "District", row: tuple[Any, ...]) -> Member:
    report, person, compound, state, since, things, minutes, last_at = row
    return Member(
        report=report,
        person=person,
        name=district.register.masked(person).get("name", "") if person else "",
        compound=compound,
        state=state,
        since=since,
        things=things,
        minutes=int(minutes),
        last_at=last_at,
    )


def numbers_at(district: "District", place: UUID | None) -> list[Numbers]:
    """Every compound at a place and below it, in numbers."""
    with district.store.reading() as connection:
        counts = _counted_states(connection, district, place)
        done = _counted_things(connection, district, place)
    names = {one.id: one.name for one in district.register.places(place, kind="compound", ended=True)}
    return [
        Numbers(
            compound=compound,
            name=name,
            reported=sum(counts[compound].get(state, 0) for state in REPORTED),
            active=counts[compound].get("active", 0),
            waiting=counts[compound].get("announced", 0),
            without_branch=counts[compound].get("without_branch", 0),
            counts={kind: n for kind, (n, _) in done.get(compound, {}).items()},
            minutes=sum(minutes for _, minutes in done.get(compound, {}).values()),
        )
        for compound, name in names.items()
        if compound in counts
    ]


def _counted_states(
    connection: Connection, district: "District", place: UUID | None
) -> dict[UUID, dict[str, int]]:
    query = (
        select(_s.compound, _s.state, _s.holder_at.is_(None), func.count())
        .where(*_open(district, place))
        .group_by(_s.compound, _s.state, _s.holder_at.is_(None))
    )
    found: dict[UUID, dict[str, int]] = {}
    for compound, state, nobodys, n in connection.execute(query):
        counts = found.setdefault(compound, {})
        counts[state] = counts.get(state, 0) + n
        if nobodys and state == "announced":
            counts["without_branch"] = n
    return found


def _counted_things(
    connection: Connection, district: "District", place: UUID | None
) -> dict[UUID, dict[str, tuple[int, int]]]:
    query = (
        select(_s.compound, _d.kind, func.count(), func.sum(_d.minutes))
        .join(DONE, and_(_d.district == _s.district, _d.report == _s.id))
        .where(*_open(district, place), _s.state.in_(REPORTED))
        .group_by(_s.compound, _d.kind)
        .order_by(_d.kind)
    )
    found: dict[UUID, dict[str, tuple[int, int]]] = {}
    for compound, kind, n, minutes in connection.execute(query):
        found.setdefault(compound, {})[kind] = (n, int(minutes))
    return found


def _open(district: "District", place: UUID | None) -> list[ColumnElement[bool]]:
    """The conditions that a report is in force, and at a place or below it."""
    conditions = [
        _s.district == district.code,
        _s.kind == KIND,
        _s.ended_at.is_(None),
        _s.state.in_(IN_FORCE),
    ]
    if place:
        p = t.place.c
        # Asked of each report's compound: there are far fewer reports than places.
        below = exists().where(p.district == _s.district, p.id == _s.compound, p.path.contains(place.hex))
        conditions.append(below)
    return conditions


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or the last of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")
