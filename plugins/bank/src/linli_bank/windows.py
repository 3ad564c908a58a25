"""Redemption windows (集中兑换期): an approval that opens redemption at a place, for some days."""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID, uuid5

import attrs
from sqlalchemy import BindParameter, bindparam, select

from linli import (
    ENGINE,
    NOBODY,
    Act,
    Ask,
    Clock,
    Facts,
    Limit,
    Make,
    Move,
    Start,
    State,
    Subject,
    Workflow,
    codec,
    say,
)
from linli.effects import Effect
from linli.i18n import Text
from linli.store import Read
from linli.store import tables as t
from linli.workflow import REASON
from linli_bank.banks import DESK, MANAGER, in_a_compound, not_served
from linli_bank.breaches import decide_within
from linli_bank.periods import named
from linli_bank.settings import BankSettings

_s = t.subject.c
_d: BindParameter[str] = bindparam("district")
WINDOWS_AT = Read(
    select(_s.record).where(
        _s.district == _d,
        _s.kind == "redemption_window",
        _s.place == bindparam("place"),
        _s.state == "approved",
    )
)
WINDOW_STATE = Read(
    select(_s.state).where(_s.district == _d, _s.id == bindparam("id"), _s.kind == "redemption_window")
)


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


def is_open(facts: Facts, place: UUID, unit: str) -> bool:
    """Whether redemption is open today at a place, or at one above it, in a unit."""
    rows = facts.all([(WINDOWS_AT, {"place": above}) for above in facts.place(place).path])
    found = [codec.decoder(RedemptionWindow)(record) for found in rows for (record,) in found]
    return any(one.ledger == unit and one.first <= facts.today <= one.last for one in found)


# --- checks ----------------------------------------------------------------------------------------


def _for_a_compound(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    if facts.place(subject.place).figures_at != subject.place:
        return say("a redemption window is opened for a compound, or for a place above compounds")
    return None


def _served_here(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """A place above compounds has no bank of its own."""
    return not_served(facts, subject.place) if in_a_compound(facts, subject.place) else None


def _of_a_ledger(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    if facts.settings(BankSettings).ledger(subject.record.ledger).opening:
        return None
    return say("redemption of {unit} waits for no approval here", unit=say(subject.record.ledger))


def _days_in_order(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    one = subject.record
    if one.first > one.last:
        return say("the first day is after the last one")
    return say("the last day is in the past") if one.last < facts.today else None


def _scored_first(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    """What is redeemed was scored, and can be scored only when it is over."""
    days = named(subject.record.scored)
    if days is None:
        return say(
            "'{text}' is no period; write 2026-H1, 2026-Q3, 2026-06 or 2026", text=subject.record.scored
        )
    if days[1] >= facts.today:
        return say("{period} is not over yet; it is scored afterwards", period=subject.record.scored)
    return None


def _by_whom_the_district_says(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    if facts.settings(BankSettings).windows_by == "meeting" and act.acting_as != "engine":
        return say("the joint meeting decides this; it is on its agenda")
    if act.actor is None and act.acting_as != "engine":
        return say("say who decides it: --as PERSON")
    return None


def _time_is_up(act: Act, subject: Subject, before: Subject, facts: Facts) -> Text | None:
    return None if before.clocks["lasts"].step else say("its days are not over")


# --- the joint meeting -------------------------------------------------------------------------------


def _put_to_meeting(act: Act, subject: Subject, facts: Facts) -> Iterable[Effect]:
    """The agenda item of the meetings' plugin, by its names: the bank does without it otherwise."""
    settings = facts.settings(BankSettings)
    if settings.windows_by == "meeting":
        values = {
            "tier": settings.meeting_tier,
            "topic": f"积分兑换 {subject.record.scored}",
            "about": subject.id,
            "grounds": "required",
        }
        yield Start(
            workflow="agenda_item",
            move="propose",
            place=subject.place,
            values=values,
            id=uuid5(subject.id, "agenda"),
        )


def decided(act: Act, subject: Subject | None, facts: Facts) -> Iterable[Effect]:
    """What a resolution of the joint meeting about a window comes to."""
    if subject is None:
        return
    about: UUID | None = getattr(subject.record, "about", None)
    rows = facts.rows(WINDOW_STATE, id=about) if about else []
    if about is None or rows != [("proposed",)]:
        return
    resolution = str(act.value("resolution"))
    if resolution == "approved":
        yield Make(subject=about, move="approve", values={"decided_in": subject.id})
    elif resolution in ("rejected", "returned"):
        why = str(say("the joint meeting's resolution on agenda item {id}", id=subject.id))
        yield Make(subject=about, move="refuse", values={"reason": why, "decided_in": subject.id})


def _lasts(subject: Subject, facts: Facts) -> Limit:
    """To the end of the last day, in the district's zone."""
    return Limit(span=max(facts.calendar.end_of(subject.record.last) - facts.at, timedelta(0)))


_DECIDED_IN = Ask(
    name="decided_in", help="the number of the agenda item that decided it", type=UUID, required=False
)


def _decisions() -> Iterable[Move]:
    yield Move(
        name="approve",
        label="open redemption",
        sources=("proposed",),
        to="approved",
        by=MANAGER | ENGINE,
        apart_from=("propose",),
        asks=(_DECIDED_IN,),
        checks=(_by_whom_the_district_says, _served_here, _days_in_order),
    )
    yield Move(
        name="refuse",
        label="refuse the window",
        sources=("proposed",),
        to="refused",
        by=MANAGER | ENGINE,
        asks=(REASON, _DECIDED_IN),
        checks=(_by_whom_the_district_says,),
    )
    yield Move(
        name="withdraw",
        label="withdraw the window",
        sources=("proposed",),
        to="withdrawn",
        by=DESK,
        asks=(REASON,),
    )
    yield Move(
        name="close", label="close the window", sources=("approved",), to="closed", by=MANAGER, asks=(REASON,)
    )
    yield Move(name="end", sources=("approved",), to="over", by=ENGINE, checks=(_time_is_up,))


WINDOW_FLOW = Workflow(
    name="redemption_window",
    label="redemption window",
    read_by=DESK,
    record=RedemptionWindow,
    told_by=("scored", "ledger"),
    states=(
        State("proposed", "window proposed"),
        State("approved", "redemption approved", turn=NOBODY),
        State("refused", "window refused", ends=("refused",)),
        State("withdrawn", "window withdrawn", ends=("withdrawn",)),
        State("closed", "window closed", ends=("closed",)),
        State("over", "window is over", ends=("over",)),
    ),
    moves=(
        Move(
            name="propose",
            label="propose a window",
            sources=(),
            to="proposed",
            by=DESK,
            asks=(
                Ask(name="scored", help="the period that was scored: 2026-H1", longest=7),
                Ask(name="ledger", help="the ledger that it opens", longest=40),
                Ask(name="first", help="the first day of redemption", type=date),
                Ask(name="last", help="the last day of redemption", type=date),
            ),
            checks=(_for_a_compound, _served_here, _of_a_ledger, _scored_first, _days_in_order),
            effects=(_put_to_meeting,),
        ),
        *_decisions(),
    ),
    clocks=(
        Clock(name="decision", runs_in=("proposed",), limit=decide_within),
        Clock(name="lasts", runs_in=("approved",), limit=_lasts, then="end"),
    ),
)
