"""Certificates of service (志愿服务证明): what somebody served from a day to a day, with a code that verifies.

The code is the certificate's own number, which follows from what it says and the district's key:
whoever has it finds the certificate, and nobody can make one up.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from typing import Annotated, Any
from uuid import UUID

import attrs

from linli import NOBODY, OWN, Facts
from linli.codes import coded
from linli.contract import Input, Moves, State, Transition, Why, Workflow
from linli.errors import Refused
from linli.refusals import Refusal
from linli_volunteers.codes import Commit
from linli_volunteers.reading import SERVED, decoded
from linli_volunteers.records import Certificate, Seat, Session
from linli_volunteers.roles import APPROVER, LEADER, WhomNotSaid


@attrs.frozen(kw_only=True)
class Service:
    """What somebody served at one session."""

    session_kind: str
    day: date
    minutes: int


def served(rows: Iterable[Any], day: Callable[[Session], date]) -> list[Service]:
    """What the rows of SERVED come to."""
    found = []
    for _, _, seat, session in rows:
        held = decoded(Session, session)
        found.append(Service(session_kind=held.kind, day=day(held), minutes=decoded(Seat, seat).minutes))
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


def _counted(person: UUID, since: date, until: date, facts: Facts) -> list[Service]:
    rows = facts.rows(SERVED, person=person)
    return within(served(rows, lambda session: facts.calendar.day_of(session.starts_at)), since, until)


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
    services = _counted(t.subject.person, since, until, t.facts)
    minutes = sum(one.minutes for one in services)
    return Certificate(since=since, until=until, sessions=len(services), minutes=minutes)


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
        issued,
        Issue,
        by=OWN | LEADER,
        record=_from_the_record,
        needs=[_something_served, _own_number],
    )
    print = move(issued.stay(), label="print with the name", by=OWN | LEADER)
    revoke = move(issued.to(revoked), Why, by=APPROVER - OWN)
