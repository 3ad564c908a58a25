"""Reports on volunteers: who is at a session, its kinds, hours, certificates."""

from datetime import date
from typing import Annotated

import attrs

from linli import Asked, Card, Input, NoInputs, Page, PersonId, Ref, Table, plain, report, say
from linli_volunteers.api import Volunteers
from linli_volunteers.printing import hours_and_minutes
from linli_volunteers.records import Session
from linli_volunteers.seats import SeatFlow
from linli_volunteers.service_api import Verified


@attrs.frozen(kw_only=True)
class OfSession:
    """A session."""

    number: Ref[Session]


@report(
    "session.roster",
    "list who has a place at session NUMBER, and who waits for one",
    OfSession,
    arguments=("number",),
)
def roster(ask: Asked[OfSession]) -> Table:
    """Places at a session, by masked names."""
    seats = Volunteers(ask.district).roster(ask.given.number)
    masked = ask.district.register.masked
    rows = [
        (
            one.person,
            masked(one.person).get("name", "-") if one.person else "-",
            say(SeatFlow.state(one.state).label),
            one.record.checked_in_at,
            one.record.checked_out_at,
            one.record.minutes,
            one.record.late,
        )
        for one in seats
    ]
    headings = ("person", "name", "state", "came at", "left at", "minutes", "late")
    records = [{"id": s.id, "person": s.person, "state": s.state, **plain(s.record)} for s in seats]
    return Table(headings, rows, records)


@report("session.kinds", "list the district's kinds of sessions", NoInputs)
def kinds(ask: Asked[NoInputs]) -> Table:
    """Kinds of sessions."""
    found = Volunteers(ask.district).settings.kinds
    rows = [(kind.code, str(say(kind.name or kind.code)), kind.bank) for kind in found]
    return Table(("code", "name", "run_by_bank"), rows)


@attrs.frozen(kw_only=True)
class Served:
    """Somebody, from a day to a day, both included."""

    person: PersonId
    since: Annotated[date | None, Input("the first day: 2026-01-01")] = None
    until: Annotated[date | None, Input("the last day: 2026-12-31")] = None


@report(
    "session.hours",
    "show how much PERSON has served",
    Served,
    arguments=("person",),
    called={"since": "from", "until": "to"},
)
def hours(ask: Asked[Served]) -> Page:
    """What they served by month, and in all."""
    given = ask.given
    found = Volunteers(ask.district).hours(given.person, given.since, given.until)
    months = [f"{month}  {hours_and_minutes(minutes)}" for month, minutes in found.by_month.items()]
    sum_ = say("{sessions} sessions, {time}", sessions=found.sessions, time=hours_and_minutes(found.minutes))
    return Page((*months, sum_), plain(found))


@attrs.frozen(kw_only=True)
class Code:
    """What is printed on a certificate."""

    code: str


@report(
    "session.verify",
    "say whether the certificate with this CODE is genuine, and what it is about",
    Code,
    arguments=("code",),
)
def verify(ask: Asked[Code]) -> Page:
    """What the certificate says, and whether it stands."""
    return verified(Volunteers(ask.district).verify(ask.given.code))


def verified(found: Verified) -> Page:
    """A certificate as whoever verifies it reads it."""
    genuine = say("genuine, and it stands") if found.stands else say("it stands no longer")
    card = Card(
        {
            "issued_on": found.issued_on,
            "since": found.since,
            "until": found.until,
            "sessions attended": found.sessions,
            "time served": hours_and_minutes(found.minutes),
        }
    )
    return Page((f"{found.code}  {genuine}", card), plain(found))


REPORTS = (roster, kinds, hours, verify)
