"""Certificates of service (志愿服务证明): what somebody served from a day to a day, with a code that verifies.

The code is the certificate's own number, which follows from what it says and the district's key:
whoever has it finds the certificate, and nobody can make one up.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date, tzinfo
from typing import Annotated
from uuid import UUID

import attrs

from linli import (
    NOBODY,
    OWN,
    Input,
    Moves,
    Refusal,
    Refused,
    State,
    Subject,
    Transition,
    WhomNotSaid,
    Why,
    Workflow,
    coded,
)
from linli.query import Query, subjects
from linli_volunteers.codes import Commit
from linli_volunteers.records import Certificate, Seat, Session
from linli_volunteers.roles import APPROVER, LEADER
from linli_volunteers.seats import SeatFlow
from linli_volunteers.sessions import SessionFlow


@attrs.frozen(kw_only=True)
class Service:
    """What somebody served at one session."""

    session_kind: str
    day: date
    minutes: int


def services(person: UUID) -> Query[tuple[tuple[Subject[Seat], Subject[Session]], ...]]:
    """What somebody served, under each number that they ever had, with where."""
    return subjects(SeatFlow, person=person, states=SeatFlow.attended).with_whole(SessionFlow)


def served(seats: Iterable[tuple[Subject[Seat], Subject[Session]]], zone: tzinfo) -> list[Service]:
    """What places at sessions come to, the oldest first."""
    found = [
        Service(
            session_kind=session.record.kind,
            day=session.record.starts_at.astimezone(zone).date(),
            minutes=seat.record.minutes,
        )
        for seat, session in seats
    ]
    return sorted(found, key=lambda one: one.day)


def within(services: Iterable[Service], since: date, until: date) -> list[Service]:
    """What was served from a day to a day, both included."""
    return [one for one in services if since <= one.day <= until]


def by_month(services: Iterable[Service]) -> dict[str, int]:
    """Minutes by month: "2026-03"."""
    found: Counter[str] = Counter()
    for one in services:
        found[f"{one.day:%Y-%m}"] += one.minutes
    return dict(sorted(found.items()))


def certificate_id(commit: Commit, person: UUID, said: Certificate) -> UUID:
    """The number of the certificate that says this of somebody."""
    text = f"{person} {said.since} {said.until} {said.sessions} {said.minutes}"
    return coded(commit, text, "certificate of service")


@attrs.frozen(kw_only=True)
class Issue:
    """From which day to which."""

    since: Annotated[date, Input("its first day")]
    until: Annotated[date, Input("its last day")]


def _from_the_record(t: Transition[None, Issue]) -> Certificate:
    """Sessions and minutes, as they are in the record."""
    if t.subject.person is None:
        raise Refused(WhomNotSaid())
    since, until = t.given.since, t.given.until
    found = within(served(t.get(services(t.subject.person)), t.facts.calendar.zone), since, until)
    return Certificate(
        since=since, until=until, sessions=len(found), minutes=sum(one.minutes for one in found)
    )


class NothingServed(Refusal, says="nothing was served from {since} to {until}"):
    since: date
    until: date


def _something_served(t: Transition[Certificate, object]) -> Refusal | None:
    said = t.record
    if said.sessions:
        return None
    return NothingServed(since=said.since, until=said.until)


class IssuedAtTheDesk(
    Refusal, says="a certificate is issued through the volunteers' desk, which gives it its number"
): ...


def _own_number(t: Transition[Certificate, object]) -> Refusal | None:
    assert t.subject.person is not None, "a certificate is somebody's"
    if t.subject.id == certificate_id(t.facts.commit, t.subject.person, t.record):
        return None
    return IssuedAtTheDesk()


class CertificateFlow(
    Workflow[Certificate],
    name="certificate",
    label="certificate of service",
    readable_by=OWN | APPROVER | LEADER,
):
    """Issued of what is in the record, printed, revoked."""

    move = Moves(Certificate)
    issued = State("issued", turn=NOBODY)
    revoked = State("revoked", ends=True)
    issue = move.opening(
        issued, Issue, by=OWN | LEADER, record=_from_the_record, needs=[_something_served, _own_number]
    )
    print = move(issued.stay(), label="print with the name", by=OWN | LEADER)
    revoke = move(issued.to(revoked), Why, by=APPROVER - OWN)
