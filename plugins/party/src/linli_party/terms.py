"""Terms of office (届): each a part of its branch, with the clock of its re-election.

A term is never ended by the clock: silence climbs the ladder until somebody is elected.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import attrs
from sqlalchemy import bindparam, select

from linli import (
    ENGINE,
    NOBODY,
    Act,
    Ask,
    Clock,
    Facts,
    Limit,
    Move,
    Seat,
    Start,
    State,
    Subject,
    Tell,
    Workflow,
    codec,
    has_post,
    parent_in,
    say,
)
from linli.access import ENGINE_ACTOR
from linli.deadlines import until
from linli.effects import Effect
from linli.i18n import Text
from linli.store import Read
from linli.store import tables as t
from linli_party.committees import SECRETARY
from linli_party.days import years_after
from linli_party.settings import PartySettings

TERM_KIND = "branch_term"
_s = t.subject.c
TERMS_OF = Read(
    select(_s.id, _s.state, _s.record)
    .where(_s.district == bindparam("district"), _s.root == bindparam("branch"), _s.kind == TERM_KIND)
    .order_by(_s.opened_at, _s.id)
)


@attrs.frozen(kw_only=True)
class Term:
    """What is kept with a term.

    Attributes:
        organisation: the branch's, in the register.
        due_on: the last day on which the re-election is in time.
        postponed_on: when it was postponed; it can be once.
    """

    number: int
    organisation: UUID
    elected_on: date
    due_on: date
    postponed_on: date | None = None
    reminded_on: date | None = None


def terms(branch: UUID, facts: Facts) -> tuple[int, UUID | None]:
    """How many terms a branch has had, and the one that is not ended."""
    rows = facts.rows(TERMS_OF, branch=branch)
    current = [ident for ident, state, _ in rows if not TERM.by_state[state].ends]
    return len(rows), current[0] if current else None


def elected_on(branch: UUID, facts: Facts) -> date | None:
    """When the committee in office was elected."""
    rows = facts.rows(TERMS_OF, branch=branch)
    in_office = [record for _, state, record in rows if not TERM.by_state[state].ends]
    return codec.decoder(Term)(in_office[0]).elected_on if in_office else None


def begun(branch: Subject, body: UUID, elected_on: date, facts: Facts) -> Start:
    """The next term of a branch."""
    number = terms(branch.id, facts)[0] + 1
    values = {
        "number": number,
        "organisation": body,
        "elected_on": elected_on,
        "due_on": years_after(elected_on, facts.settings(PartySettings).term_years),
    }
    return Start(
        workflow=TERM_KIND,
        move="begin",
        place=branch.place,
        parent=branch.id,
        key=str(number),
        holder=Seat(role=SECRETARY, at=body),
        values=values,
    )


# --- the clock and the reminder --------------------------------------------------------------------


def _re_election(subject: Subject, facts: Facts) -> Limit | None:
    return until(facts.calendar.end_of(subject.record.due_on), facts)


def _postponement(subject: Subject, facts: Facts) -> Limit | None:
    """How long the clock must stand so that what it has left ends on the new day."""
    due = subject.clocks["re_election"].due
    left = max(due - facts.at, timedelta(0)) if due else timedelta(0)
    return until(facts.calendar.end_of(subject.record.due_on) - left, facts)


def _remind_later(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    before = facts.settings(PartySettings).remind_before
    at = max(facts.calendar.end_of(subject.record.due_on) - before, act.recorded_at)
    yield Tell(recipient="plugin:party", kind="act", at=at)


def remind(district: Any, term: UUID) -> None:
    """Remind a branch that its re-election comes due: once, and only while the term goes on."""
    subject = district.subject(term)
    if subject.record.reminded_on is None and not TERM.by_state[subject.state].ends:
        district.make(term, "remind", actor=ENGINE_ACTOR)


def _told(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    payload = {"subject": subject.id, "due_on": subject.record.due_on.isoformat()}
    yield Tell(recipient=f"seat:{Seat(role=SECRETARY, at=subject.record.organisation)}", payload=payload)


def _on(name: str) -> Any:
    """What fills in the day of the act."""
    return lambda subject, values, facts: {name: facts.today}


def _once(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    return say("it has been reminded of already") if before.record.reminded_on else None


def _postponable(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    most = facts.settings(PartySettings).postpone_most
    due, new = before.record.due_on, subject.record.due_on
    if before.record.postponed_on:
        return say("it was postponed before; once a term is all")
    if new <= max(due, facts.today):
        return say("give a later day than {due}", due=max(due, facts.today))
    if new > due + most:
        return say("it can be postponed to {last} at the latest", last=due + most)
    return None


TERM = Workflow(
    name=TERM_KIND,
    label="term of a committee",
    record=Term,
    told_by=("number",),
    states=(
        State("in_office", "in office", turn=NOBODY),
        State("postponed", "re-election postponed"),
        State("re_elected", "re-elected", ends=("re_elected",)),
        State("over", "over with its branch", ends=("over",)),
    ),
    moves=(
        Move(
            name="begin",
            sources=(),
            to="in_office",
            by=ENGINE,
            asks=(
                Ask(name="number", type=int),
                Ask(name="organisation", type=UUID),
                Ask(name="elected_on", type=date),
                Ask(name="due_on", type=date),
            ),
            effects=(_remind_later,),
        ),
        Move(
            name="remind",
            sources=("in_office", "postponed"),
            to=None,
            by=ENGINE,
            fills=(_on("reminded_on"),),
            asks=(Ask(name="reminded_on", type=date, computed=True),),
            checks=(_once,),
            effects=(_told,),
        ),
        Move(
            name="postpone",
            label="postpone the re-election",
            sources=("in_office",),
            to="postponed",
            by=has_post("officer"),
            fills=(_on("postponed_on"),),
            asks=(
                Ask(name="reason", help="why; it is shown with the term, so no names", longest=200),
                Ask(name="due_on", help="the last day for it: 2027-06-30", type=date),
                Ask(name="postponed_on", type=date, required=False, computed=True),
            ),
            checks=(_postponable,),
        ),
        Move(name="resume", sources=("postponed",), to="in_office", by=ENGINE, effects=(_told,)),
        Move(name="finish", sources=("in_office", "postponed"), to="re_elected", by=ENGINE),
        Move(
            name="close",
            sources=("in_office", "postponed"),
            to="over",
            by=ENGINE,
            when=parent_in("merged", "dissolved"),
        ),
    ),
    clocks=(
        Clock(name="re_election", runs_in=("in_office",), pauses_in=("postponed",), limit=_re_election),
        Clock(name="postponement", runs_in=("postponed",), limit=_postponement, then="resume"),
    ),
)
