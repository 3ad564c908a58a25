"""Terms of office (届): each a part of its branch, with the clock of its re-election.

A term is never ended by the clock: silence climbs the ladder until somebody is elected.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Annotated, Any
from uuid import UUID

import attrs

from linli import (
    ENGINE_ACTOR,
    NOBODY,
    BodyId,
    Clock,
    Context,
    Effect,
    Input,
    Invalid,
    Limit,
    Moves,
    NoInputs,
    OpenOrder,
    Refusal,
    Seat,
    State,
    Subject,
    Tell,
    Transition,
    Workflow,
    evolve,
    has_post,
    until,
)
from linli.query import subjects
from linli_party.committees import SECRETARY, ladder
from linli_party.settings import PartySettings


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


def terms(branch: Context[object]) -> tuple[Subject[Term], ...]:
    """The terms that a branch has had, the first first."""
    return branch.get(subjects(TermFlow, matter=branch.subject.id))


def current(branch: Context[object]) -> Subject[Term] | None:
    """The term that is not ended."""
    return next((one for one in terms(branch) if not one.state.ends), None)


def begun(branch: Context[object], body: UUID, elected_on: date) -> OpenOrder:
    """The next term of a branch."""
    number = len(terms(branch)) + 1
    given = Begin(
        number=number,
        organisation=BodyId(body),
        elected_on=elected_on,
        due_on=_years_after(elected_on, branch.settings(PartySettings).term_years),
    )
    holder = Seat(role=SECRETARY, at=body)
    return TermFlow.begin.at(branch.place, given, parent=branch.subject.id, key=str(number), holder=holder)


def _years_after(day: date, years: int) -> date:
    """The same day so many years later; 28 February for the 29th of a leap year."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


# --- what its moves ask -----------------------------------------------------------------------------


@attrs.frozen(kw_only=True)
class Begin:
    """What follows from the election."""

    number: int
    organisation: BodyId
    elected_on: date
    due_on: date


@attrs.frozen(kw_only=True)
class Postpone:
    """Why, and until when."""

    reason: Annotated[str, Input("why; it is shown with the term, so no names", longest=200)]
    due_on: Annotated[date, Input("the last day for it: 2027-06-30")]


# --- the clock and the reminder --------------------------------------------------------------------


def _re_election(ctx: Context[Term]) -> Limit:
    return until(ctx.facts.calendar.end_of(ctx.record.due_on), ctx.facts)


def _postponement(ctx: Context[Term]) -> Limit:
    """How long the clock must stand so that what it has left ends on the new day."""
    due = ctx.subject.due(TermFlow.re_election)
    left = max(due - ctx.at, timedelta(0)) if due else timedelta(0)
    return until(ctx.facts.calendar.end_of(ctx.record.due_on) - left, ctx.facts)


def _remind_later(t: Transition[Term, object]) -> Iterable[Effect]:
    at = t.facts.calendar.end_of(t.record.due_on) - t.settings(PartySettings).remind_before
    yield Tell(recipient="plugin:party", kind="act", at=at if at > t.at else None)


def remind(district: Any, term: UUID) -> None:
    """Remind a branch that its re-election comes due: once, and only while the term goes on."""
    subject = district.subject(term)
    if subject.record.reminded_on is None and subject.ended_at is None:
        district.perform(TermFlow.remind(TermFlow.ref(term)), actor=ENGINE_ACTOR)


def _secretary(ctx: Context[Term]) -> Seat:
    return Seat(role=SECRETARY, at=ctx.record.organisation)


def _told(t: Transition[Term, object]) -> Iterable[Effect]:
    payload = {"subject": t.subject.id, "due_on": t.record.due_on.isoformat()}
    yield Tell(recipient=f"seat:{_secretary(t)}", payload=payload)


def _reminded(t: Transition[Term, NoInputs]) -> Term:
    return evolve(t.record, reminded_on=t.today)


class RemindedAlready(Refusal, says="it has been reminded of already"): ...


def _once(t: Transition[Term, object]) -> Refusal | None:
    return RemindedAlready() if t.before.record.reminded_on else None


def _postponed(t: Transition[Term, Postpone]) -> Term:
    return evolve(t.record, postponed_on=t.today)


class PostponedBefore(Refusal, says="it was postponed before; once a term is all"): ...


class PostponedTooLittle(Invalid, says="give a later day than {due}"):
    due: date
    field: str = "due_on"


class PostponedTooFar(Invalid, says="it can be postponed to {last} at the latest"):
    last: date
    field: str = "due_on"


def _postponable(t: Transition[Term, Postpone]) -> Refusal | None:
    most = t.settings(PartySettings).postpone_most
    due, new = t.before.record.due_on, t.given.due_on
    if t.before.record.postponed_on:
        return PostponedBefore()
    if new <= max(due, t.today):
        return PostponedTooLittle(due=max(due, t.today))
    if new > due + most:
        return PostponedTooFar(last=due + most)
    return None


def _branch_is_over(ctx: Context[object]) -> bool:
    # Branches have terms as parts: they know them, and these do not know them otherwise.
    from linli_party.branches import BranchFlow

    branch = ctx.parent(BranchFlow)
    return branch is not None and bool(branch.state.ends)


class TermFlow(Workflow[Term], name="branch_term", label="term of a committee", summary_fields=("number",)):
    """In office until the re-election, which can be postponed once; or until the branch is over."""

    move = Moves(Term)
    in_office = State("in office", turn=NOBODY)
    postponed = State("re-election postponed")
    re_elected = State("re-elected", ends=True)
    over = State("over with its branch", ends=True)
    begin = move.opening(in_office, Begin, then=[_remind_later])
    remind = move((in_office | postponed).stay(), record=_reminded, needs=[_once], then=[_told])
    postpone = move(
        in_office.to(postponed),
        Postpone,
        label="postpone the re-election",
        by=has_post("officer"),
        record=_postponed,
        needs=[_postponable],
    )
    resume = move(postponed.to(in_office), then=[_told])
    finish = move((in_office | postponed).to(re_elected))
    close = move((in_office | postponed).to(over), when=_branch_is_over)
    re_election = Clock(in_office, _re_election, pauses_in=postponed, ladder=ladder(_secretary))
    postponement = Clock(postponed, _postponement, then=resume)
