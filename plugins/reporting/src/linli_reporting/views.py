"""What members have done since they reported: by member, for the branch; and by compound, in numbers."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

import attrs
from sqlalchemy import bindparam, func, select

from linli import Facts, Subject
from linli.query import Lookup, Rows, own_query, subjects
from linli_reporting.records import Report
from linli_reporting.reports import REPORTED_IN, ReportFlow
from linli_reporting.tables import DONE

if TYPE_CHECKING:
    from linli import District

_d = DONE.c
_here = _d.district == bindparam("district")
_BY_REPORT = Lookup(
    select(_d.report, _d.kind, func.count(), func.sum(_d.minutes), func.max(_d.at))
    .where(_here)
    .group_by(_d.report, _d.kind),
    _d.report,
)


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


@contextmanager
def facts_of(district: "District") -> Iterator[Facts]:
    """What is on the record now."""
    with district.store.transaction() as transaction:
        yield Facts(transaction, district.rules.constants, district.now())


@own_query(
    select(_d.kind, _d.at, _d.minutes)
    .where(_here, _d.report == bindparam("report"))
    .order_by(_d.at, _d.thing, _d.kind)
)
def _things(rows: Rows, report: UUID) -> Sequence[Thing]:
    return [Thing(kind=kind, at=at, minutes=minutes) for kind, at, minutes in rows]


def things_of(district: "District", reports: Iterable[UUID]) -> tuple[Thing, ...]:
    """What was done under these reports, the oldest first."""
    found = (one for report in reports for one in district.ask_unchecked(_things(report)))
    return tuple(sorted(found, key=lambda one: one.at))


@attrs.frozen
class _Kind:
    """What was done of a kind under a report."""

    kind: str
    things: int
    minutes: int
    last_at: datetime


def _done(facts: Facts, reports: Iterable[Subject[Report]]) -> Mapping[UUID, list[_Kind]]:
    """By report, what was done under it: of many in one question."""
    found: dict[UUID, list[_Kind]] = {}
    for report, kind, n, minutes, last_at in facts.found(_BY_REPORT, [one.id for one in reports]):
        found.setdefault(report, []).append(_Kind(kind, n, int(minutes), last_at))
    return found


def members_at(district: "District", place: UUID, *, idle_since: datetime | None, most: int) -> list[Member]:
    """The members who have reported in at a place and below it, whoever did least lately first.

    Args:
        idle_since: only those who have done nothing since then.
    """
    with facts_of(district) as facts:
        reports = facts.get(subjects(ReportFlow, states=REPORTED_IN, within=place))
        done = _done(facts, reports)
    found = sorted((_member(one, done.get(one.id, [])) for one in reports), key=_least_lately)
    idle = [one for one in found if idle_since is None or (one.last_at or one.since) < idle_since]
    masked = district.register.masked
    return [
        attrs.evolve(one, name=masked(one.person).get("name", "")) if one.person else one
        for one in idle[:most]
    ]


def _least_lately(member: Member) -> tuple[datetime, UUID]:
    return member.last_at or member.since, member.report


def _member(report: Subject[Report], done: Sequence[_Kind]) -> Member:
    assert report.accepted_at, "it was confirmed"
    return Member(
        report=report.id,
        person=report.person,
        name="",
        compound=report.compound,
        state=report.state.name,
        since=report.accepted_at,
        things=sum(one.things for one in done),
        minutes=sum(one.minutes for one in done),
        last_at=max((one.last_at for one in done), default=None),
    )


def numbers_at(district: "District", place: UUID | None) -> list[Numbers]:
    """Every compound at a place and below it, in numbers."""
    with facts_of(district) as facts:
        reports = facts.get(subjects(ReportFlow, ended=False, within=place))
        done = _done(facts, (one for one in reports if one.state in REPORTED_IN))
    there: dict[UUID, list[Subject[Report]]] = {}
    for one in reports:
        there.setdefault(one.compound, []).append(one)
    compounds = district.register.places(place, kind="compound", ended=True)
    return [_numbers(one.id, one.name, there[one.id], done) for one in compounds if one.id in there]


def _numbers(
    compound: UUID, name: str, reports: Sequence[Subject[Report]], done: Mapping[UUID, list[_Kind]]
) -> Numbers:
    states = Counter(one.state for one in reports)
    kinds = sorted((kind for one in reports for kind in done.get(one.id, ())), key=lambda one: one.kind)
    counts: Counter[str] = Counter()
    for one in kinds:
        counts[one.kind] += one.things
    return Numbers(
        compound=compound,
        name=name,
        reported=sum(states[state] for state in REPORTED_IN),
        active=states[ReportFlow.active],
        waiting=states[ReportFlow.announced],
        without_branch=sum(one.state is ReportFlow.announced and one.holder is None for one in reports),
        counts=dict(counts),
        minutes=sum(one.minutes for one in kinds),
    )


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or the last of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")
