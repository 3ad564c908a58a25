"""Redemption windows (集中兑换期): an approval that opens redemption at a place, for some days."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Annotated
from uuid import UUID, uuid5

import attrs

from linli import (
    ENGINE,
    NOBODY,
    AnyAct,
    AnyTransition,
    Clock,
    Context,
    Effect,
    Facts,
    Input,
    Invalid,
    Limit,
    Moves,
    OpenOrder,
    Private,
    Reason,
    Refusal,
    State,
    Text,
    Transition,
    Why,
    Workflow,
    query,
    say,
)
from linli.query import one, subjects
from linli_bank.banks import DESK, MANAGER, in_a_compound, not_served
from linli_bank.breaches import DeciderNotSaid, confirm_within
from linli_bank.periods import named
from linli_bank.settings import BankSettings, NoPeriod


@attrs.frozen(kw_only=True)
class RedemptionWindow:
    """What is kept with a redemption window.

    Attributes:
        scored: the period whose points were scored: "2026-H1", "2026".
        ledger: whose gifts can be ordered.
        first, last: the days on which gifts can be ordered, both included.
        decided_in: the matter in which it was decided: an agenda item of the joint meeting.
    """

    scored: str
    ledger: str
    first: date
    last: date
    decided_in: UUID | None = None


@attrs.frozen(kw_only=True)
class Propose:
    """Which window."""

    scored: Annotated[str, Input("the period that was scored: 2026-H1", longest=7)]
    ledger: Annotated[
        str | None, Input("the ledger that it opens; else the first one", longest=40, filled=True)
    ] = None
    first: Annotated[date, Input("the first day of redemption")]
    last: Annotated[date, Input("the last day of redemption")]


DecidedIn = Annotated[UUID | None, Input("the number of the agenda item that decided it")]


@attrs.frozen(kw_only=True)
class Approve:
    """Where it was decided."""

    decided_in: DecidedIn = None


@attrs.frozen(kw_only=True)
class Refuse:
    """Why, and where it was decided."""

    reason: Reason
    decided_in: DecidedIn = None


def is_open(facts: Facts, place: UUID, unit: str) -> bool:
    """Whether redemption is open today at a place, or at one above it, in a unit."""
    asked = [
        subjects(WindowFlow, place=above, states=WindowFlow.approved)
        for above in facts.get(query.place(place)).path
    ]
    facts.fetch(asked)
    found = (window.record for windows in asked for window in facts.get(windows))
    return any(one.ledger == unit and one.first <= facts.today <= one.last for one in found)


def _of_the_first_ledger(t: Transition[None, Propose]) -> RedemptionWindow:
    given = t.given
    ledger = given.ledger or t.settings(BankSettings).units[0]
    return RedemptionWindow(scored=given.scored, ledger=ledger, first=given.first, last=given.last)


# --- checks ----------------------------------------------------------------------------------------


class NotForACompound(
    Invalid, says="a redemption window is opened for a compound, or for a place above compounds"
):
    field: str = "place"


def _for_a_compound(t: AnyTransition) -> Refusal | None:
    if t.get(query.place(t.place)).reporting_place != t.place:
        return NotForACompound()
    return None


def _served_here(t: AnyTransition) -> Refusal | None:
    """A place above compounds has no bank of its own."""
    return not_served(t.facts, t.place) if in_a_compound(t.facts, t.place) else None


class NoApprovalNeeded(Refusal, says="redemption of {unit} waits for no approval here"):
    unit: Text


def _of_a_ledger(t: Transition[RedemptionWindow, object]) -> Refusal | None:
    if t.settings(BankSettings).ledger(t.record.ledger).opening:
        return None
    return NoApprovalNeeded(unit=say(t.record.ledger))


class DaysBackwards(Invalid, says="the first day is after the last one"):
    field: str = "first"


class LastDayPast(Invalid, says="the last day is in the past"):
    field: str = "last"


def _days_in_order(t: Transition[RedemptionWindow, object]) -> Refusal | None:
    if t.record.first > t.record.last:
        return DaysBackwards()
    return LastDayPast() if t.record.last < t.today else None


class ScoredTooEarly(Refusal, says="{period} is not over yet; it is scored afterwards"):
    period: str


def _scored_first(t: Transition[RedemptionWindow, object]) -> Refusal | None:
    """What is redeemed was scored, and can be scored only when it is over."""
    days = named(t.record.scored)
    if days is None:
        return NoPeriod(text=t.record.scored)
    if days[1] >= t.today:
        return ScoredTooEarly(period=t.record.scored)
    return None


class JointMeetingDecides(Refusal, says="the joint meeting decides this; it is on its agenda"): ...


def _by_whom_the_district_says(t: AnyTransition) -> Refusal | None:
    if t.settings(BankSettings).windows_by == "meeting" and not t.by_engine:
        return JointMeetingDecides()
    if t.actor is None and not t.by_engine:
        return DeciderNotSaid()
    return None


# --- the joint meeting -------------------------------------------------------------------------------


def _put_to_meeting(t: Transition[RedemptionWindow, object]) -> Iterable[Effect]:
    """The agenda item of the meetings' plugin, by its names: the bank does without it otherwise."""
    settings = t.settings(BankSettings)
    if settings.windows_by == "meeting":
        values = {
            "tier": settings.meeting_tier,
            "topic": f"积分兑换 {t.record.scored}",
            "about": t.subject.id,
            "grounds": "required",
        }
        yield OpenOrder(
            workflow="agenda_item",
            move="propose",
            place=t.place,
            values=values,
            id=uuid5(t.subject.id, "agenda"),
        )


def decided(t: AnyAct) -> Iterable[Effect]:
    """What a resolution of the joint meeting about a window comes to."""
    item = t.after
    about: UUID | None = getattr(item.record, "about", None) if item else None
    found = t.get(one(WindowFlow, WindowFlow.ref(about))) if about else None
    if item is None or found is None or found.state is not WindowFlow.proposed:
        return
    resolution, window = str(t.act.value("resolution")), found.id
    if resolution == "approved":
        yield WindowFlow.approve(window, Approve(decided_in=item.id))
    elif resolution in ("rejected", "returned"):
        why = str(say("the joint meeting's resolution on agenda item {id}", id=item.id))
        yield WindowFlow.refuse(window, Refuse(reason=Private(why), decided_in=item.id))


def _lasts(ctx: Context[RedemptionWindow]) -> Limit:
    """To the end of the last day, in the district's zone."""
    return Limit(span=max(ctx.facts.calendar.end_of(ctx.record.last) - ctx.at, timedelta(0)))


class WindowFlow(
    Workflow[RedemptionWindow],
    name="redemption_window",
    summary_fields=("scored", "ledger"),
    readable_by=DESK,
):
    """Proposed by a desk, decided by whom the district says, open for its days."""

    move = Moves(RedemptionWindow)
    proposed = State("window proposed")
    approved = State("redemption approved", turn=NOBODY)
    refused = State("window refused", ends=True)
    withdrawn = State("window withdrawn", ends=True)
    closed = State("window closed", ends=True)
    over = State("window is over", ends=True)
    propose = move.opening(
        proposed,
        Propose,
        label="propose a window",
        by=DESK,
        record=_of_the_first_ledger,
        needs=[_for_a_compound, _served_here, _of_a_ledger, _scored_first, _days_in_order],
        then=[_put_to_meeting],
    )
    approve = move(
        proposed.to(approved),
        Approve,
        label="open redemption",
        by=MANAGER | ENGINE,
        not_by=[propose],
        needs=[_by_whom_the_district_says, _served_here, _days_in_order],
    )
    refuse = move(
        proposed.to(refused),
        Refuse,
        label="refuse the window",
        by=MANAGER | ENGINE,
        needs=[_by_whom_the_district_says],
    )
    withdraw = move(proposed.to(withdrawn), Why, label="withdraw the window", by=DESK)
    close = move(approved.to(closed), Why, label="close the window", by=MANAGER)
    end = move(approved.to(over))
    decision = Clock(proposed, confirm_within)
    lasts = Clock(approved, _lasts, then=end)
