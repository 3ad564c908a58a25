"""Certificates of service (志愿服务证明): what somebody served from a day to a day, with a code that verifies.

The code is the certificate's own number, which follows from what it says and the district's key:
whoever has it finds the certificate, and nobody can make one up.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

import attrs

from linli import NOBODY, OWN, Act, Ask, Facts, Move, State, Subject, Workflow, say
from linli.codes import coded
from linli.i18n import Text
from linli.workflow import REASON
from linli_volunteers.codes import Commit
from linli_volunteers.reading import SERVED, decoded
from linli_volunteers.records import Certificate, Seat, Session
from linli_volunteers.roles import APPROVER, LEADER, not_for_oneself


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


def _from_the_record(subject: Subject, values: Mapping[str, object], facts: Facts) -> Mapping[str, object]:
    """Sessions and minutes, as they are in the record."""
    try:
        since, until = (date.fromisoformat(str(values.get(name))) for name in ("since", "until"))
    except ValueError:
        return {}
    if subject.person is None:
        return {}
    services = _counted(subject.person, since, until, facts)
    return {"sessions": len(services), "minutes": sum(one.minutes for one in services)}


def _true(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    said = subject.record
    if subject.person is None:
        return say("say who it is for")
    services = _counted(subject.person, said.since, said.until, facts)
    if (said.sessions, said.minutes) != (len(services), sum(one.minutes for one in services)):
        return say("a certificate says what is in the record, and nothing else")
    if not services:
        return say("nothing was served from {since} to {until}", since=said.since, until=said.until)
    if subject.id != certificate_id(facts.commit, subject.person, said):
        return say("a certificate is issued through the volunteers' desk, which gives it its number")
    return None


CERTIFICATE = Workflow(
    name="certificate",
    label="certificate of service",
    read_by=OWN | APPROVER | LEADER,
    record=Certificate,
    states=(State("issued", "issued", turn=NOBODY), State("revoked", "revoked", ends=("revoked",))),
    moves=(
        Move(
            name="issue",
            label="issue",
            sources=(),
            to="issued",
            by=OWN | LEADER,
            fills=(_from_the_record,),
            asks=(
                Ask(name="since", help="its first day", type=date),
                Ask(name="until", help="its last day", type=date),
                Ask(name="sessions", type=int, computed=True),
                Ask(name="minutes", type=int, computed=True),
            ),
            checks=(_true,),
        ),
        Move(name="print", label="print with the name", sources=("issued",), to=None, by=OWN | LEADER),
        Move(
            name="revoke",
            label="revoke",
            sources=("issued",),
            to="revoked",
            by=APPROVER,
            asks=(REASON,),
            checks=(not_for_oneself,),
        ),
    ),
)
