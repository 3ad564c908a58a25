"""A compound's bank: opened, its closing announced, shut; its accounts kept, or carried to another bank."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated
from uuid import UUID, uuid5

import attrs

from linli import (
    ENGINE_ACTOR,
    Act,
    AnyTransition,
    District,
    Effect,
    Facts,
    Input,
    Invalid,
    Moves,
    NoInputs,
    NotFoundHere,
    PlaceId,
    Reason,
    Refusal,
    State,
    Subject,
    Transition,
    Workflow,
    evolve,
    has_post,
    query,
)
from linli.query import one, subjects
from linli_bank.settings import BankSettings

KEEPER = has_post("bank_keeper", "clerk")
MANAGER = has_post("officer", "administrator")
# Whoever runs a bank and sees what its members have.
DESK = KEEPER | MANAGER

_LONGEST = timedelta(days=366)


def bank_at(place: UUID) -> UUID:
    """The number of a place's bank: a place has at most one."""
    return uuid5(place, "bank")


@attrs.frozen(kw_only=True)
class Run:
    """What is kept with a bank.

    Attributes:
        last_day: the last day on which points can be spent, once its closing was announced.
        carried_to: the place whose bank took its place; `worth`: what a point of it is worth there.
    """

    last_day: date = date.max
    carried_to: UUID | None = None
    worth: Decimal = Decimal(1)


@attrs.frozen(kw_only=True)
class Bank:
    """The bank of a place.

    Attributes:
        place: whose organisation runs it; its points are issued there.
        last_day: the last day of its service; no end where no closing was announced.
    """

    place: UUID
    state: str
    last_day: date
    carried_to: UUID | None = None

    def serves(self, day: date) -> bool:
        """Whether it sells on a day, and pays for what was done on it."""
        return self.state == "open" or (self.state in ("closing", "closed") and day <= self.last_day)

    def runs(self, day: date) -> bool:
        """Whether it is open today: what it would pay for was done before it was shut is another question."""
        return self.state != "closed" and self.serves(day)


def bank_of(facts: Facts, place: UUID) -> Bank | None:
    """The bank that a place belongs to: its own or that of a place above; whoever took its place."""
    path = facts.get(query.place(place)).path[::-1]
    # What was merged into another place, or ended, has the bank of where it stands now.
    standing = (bank for bank in _banks(path, facts) if not facts.get(query.place(bank.place)).closed)
    nearest = next(standing, None) or _shut(path, facts)
    if nearest and nearest.carried_to and nearest.carried_to != place:
        return bank_of(facts, nearest.carried_to)
    return nearest


def _shut(path: Iterable[UUID], facts: Facts) -> Bank | None:
    """The nearest that was shut; it keeps the number that it was opened under, when its place became part of another."""
    numbers = [number for one in path for number in sorted(facts.get(query.same_person(one)))]
    return next((bank for bank in _banks(numbers, facts) if bank.state == "closed"), None)


def _banks(places: Collection[UUID], facts: Facts) -> list[Bank]:
    asked = {place: one(BankFlow, BankFlow.ref(bank_at(place))) for place in places}
    facts.fetch(asked.values())
    found = ((place, facts.get(bank)) for place, bank in asked.items())
    return [_bank(place, bank, facts) for place, bank in found if bank]


def _bank(place: UUID, bank: Subject[Run], facts: Facts) -> Bank:
    shut_at, run = bank.ended_at if bank.state is BankFlow.closed else None, bank.record
    return Bank(
        place=place,
        state=bank.state.name,
        last_day=min(run.last_day, facts.calendar.day_of(shut_at) if shut_at else date.max),
        carried_to=run.carried_to if bank.state is BankFlow.carried else None,
    )


class NoBankHere(Refusal, says="no organisation runs a bank here; open it first: linli bank open"): ...


class BankClosed(Refusal, says="the bank here is shut since {day}; points are kept"):
    day: date


def not_served(facts: Facts, place: UUID) -> Refusal | None:
    """Why nothing is sold or offered at a place today; None where a bank is open."""
    bank = bank_of(facts, place)
    if bank is None or bank.state == "carried":
        return NoBankHere()
    if bank.runs(facts.today):
        return None
    return BankClosed(day=bank.last_day)


def in_a_compound(facts: Facts, place: UUID) -> bool:
    """Whether a place is a compound or in one: above them there are no banks to ask."""
    return facts.get(query.place_above(place, "compound")) is not None


def open_here(t: AnyTransition) -> Refusal | None:
    """A bank is open where this is."""
    return not_served(t.facts, t.place)


# --- what moves ask, need and lead to ----------------------------------------------------------------


@attrs.frozen(kw_only=True)
class Close:
    """Why, and the last day; else after the district's days."""

    reason: Reason
    last_day: Annotated[
        date | None, Input("the last day on which points can be spent; else the district's")
    ] = None


@attrs.frozen(kw_only=True)
class Carry:
    """Why, to which bank, and what a point is worth there."""

    reason: Reason
    carried_to: Annotated[PlaceId, Input("the place whose bank takes its place: a number or a path of names")]
    worth: Annotated[Decimal, Input("what a point of it is worth there: 1, 0.5")]


class OpenedAtTheDesk(
    Refusal, says="a bank is opened through the bank's desk, which gives it its number"
): ...


class BankAlready(Refusal, says="there is a bank here already"): ...


def _one_a_place(t: AnyTransition) -> Refusal | None:
    if t.subject.id != bank_at(t.place):
        return OpenedAtTheDesk()
    return BankAlready() if t.get(one(BankFlow, BankFlow.ref(t.subject.id))) else None


class NoBodyToRunIt(
    Refusal, says="no volunteer organisation is there to run it; register it first: linli organisation add"
): ...


def _run_by_somebody(t: AnyTransition) -> Refusal | None:
    if any(body.kind == "volunteer_organisation" for body in t.get(query.bodies_at(t.place))):
        return None
    return NoBodyToRunIt()


def _announced(t: Transition[Run, Close]) -> Run:
    """The last day where none is said: after the district's days."""
    after = t.today + timedelta(days=t.settings(BankSettings).closing_days)
    return evolve(t.record, last_day=t.given.last_day or after)


class TooFewDaysToSpend(
    Invalid, says="points can be spent for {days} days more; the last day is {day} or later"
):
    days: int
    day: date
    field: str = "last_day"


class ClosingTooLong(Refusal, says="a closing is announced for at most {days} days"):
    days: int


def _days_to_spend(t: Transition[Run, object]) -> Refusal | None:
    days = t.settings(BankSettings).closing_days
    first = t.today + timedelta(days=days)
    if t.record.last_day < first:
        return TooFewDaysToSpend(days=days, day=first)
    if t.record.last_day > t.today + _LONGEST:
        return ClosingTooLong(days=_LONGEST.days)
    return None


class DaysNotOver(Refusal, says="its days are not over"): ...


def _time_is_up(t: Transition[Run, object]) -> Refusal | None:
    return DaysNotOver() if t.today <= t.before.record.last_day else None


def _forgotten(t: Transition[Run, NoInputs]) -> Run:
    """A bank that is open has no last day."""
    return evolve(t.record, last_day=date.max)


class NoOpenBankThere(NotFoundHere, says="name a place with a bank that is open: linli bank open"): ...


def _to_a_bank(t: Transition[Run, Carry]) -> Refusal | None:
    bank = bank_of(t.facts, t.given.carried_to)
    if bank is None or bank.place == t.place or not bank.runs(t.today):
        return NoOpenBankThere()
    return None


class NoRate(Invalid, says="a rate is more than 0: 1, 0.5"):
    field: str = "worth"


def _a_rate(t: Transition[Run, Carry]) -> Refusal | None:
    return None if t.given.worth > 0 else NoRate()


class OrdersWait(Refusal, says="{count} orders wait to be fetched; carry it when they have ended"):
    count: int


def _nothing_ordered(t: AnyTransition) -> Refusal | None:
    # Orders stand on a bank: see `_accounts_along`.
    from linli_bank.redemptions import RedemptionFlow

    count = t.get(subjects(RedemptionFlow, states=RedemptionFlow.ordered, now_within=t.place).count())
    return OrdersWait(count=count) if count else None


def _accounts_along(t: Transition[Run, Carry]) -> Iterable[Effect]:
    # Accounts stand on a bank: they know it, and it does not know them otherwise.
    from linli_bank import members

    given = members.Carry(carried_to=t.given.carried_to, worth=t.given.worth)
    for account in t.get(members.accounts_at(t.place)):
        yield members.AccountFlow.carry(account.id, given)


class BankFlow(Workflow[Run], name="bank", readable_by=DESK):
    """Opened at a place, its closing announced, shut; or carried to another."""

    move = Moves(Run)
    runs = State("open", name="open")
    closing = State("closing announced")
    closed = State("shut", ends=True)
    carried = State("carried to another bank", ends=True)
    open = move.opening(runs, by=MANAGER, needs=[_one_a_place, _run_by_somebody])
    close = move(
        runs.to(closing),
        Close,
        label="announce the closing",
        by=MANAGER,
        record=_announced,
        needs=[_days_to_spend],
    )
    shut = move(closing.to(closed), needs=[_time_is_up])
    reopen = move(
        (closing | closed | carried).to(runs),
        label="open again",
        by=MANAGER,
        record=_forgotten,
        needs=[_run_by_somebody],
    )
    carry = move(
        (runs | closing | closed).to(carried),
        Carry,
        label="carry its accounts to another bank",
        by=MANAGER,
        needs=[_to_a_bank, _a_rate, _nothing_ordered],
        then=[_accounts_along],
    )


def shut_due(district: District) -> list[Act]:
    """Shut every bank whose last day is over: a worker does it; that nothing is sold any more waits for none."""
    today = district.now().astimezone(district.rules.zone).date()
    closing = district.ask_unchecked(subjects(BankFlow, states=BankFlow.closing))
    over = [bank for bank in closing if bank.record.last_day < today]
    return [district.perform(BankFlow.shut(bank.id), actor=ENGINE_ACTOR) for bank in over]
