"""Who may redeem, and when: the limits of a ledger, judged at the moment of an order."""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from linli import Facts, Refusal, Text, query, say
from linli.query import subjects
from linli_bank.banks import not_served
from linli_bank.measuring import earned
from linli_bank.members import NoAccount, standing
from linli_bank.periods import before, bounds, moments, period
from linli_bank.settings import BankSettings, Ledger
from linli_bank.windows import is_open


def refusals(facts: Facts, person: UUID, place: UUID, ledger: Ledger) -> Iterable[Refusal]:
    """Every reason why somebody may not order a gift of a ledger at a place now, what comes first first."""
    nothing = no_account(facts, person)
    if nothing:
        yield nothing
    yield from not_now(facts, person, place, ledger)


class Suspended(Refusal, says="they may not redeem for now: their account is suspended"): ...


def no_account(facts: Facts, person: UUID) -> Refusal | None:
    """Why somebody orders nothing at all."""
    how = standing(facts, person)
    if how.place is None:
        return NoAccount()
    return Suspended() if "redeem" in how.barred else None


def not_now(facts: Facts, person: UUID, place: UUID, ledger: Ledger) -> Iterable[Refusal]:
    """Why somebody with an account orders nothing of a ledger today."""
    shut = not_served(facts, place)
    found = (shut,) if shut else (
        closed(facts, place, ledger), too_often(facts, person, ledger), too_few(facts, person, ledger)
    )  # fmt: skip
    return (reason for reason in found if reason)


class NoWindowOpen(
    Refusal, says="redemption is not open here now: no redemption window is approved for today"
): ...


class OutsideTheWindow(Refusal, says="gifts are ordered from {first} to {last}"):
    first: date
    last: date


def closed(facts: Facts, place: UUID, ledger: Ledger) -> Refusal | None:
    """Why nothing of a ledger is ordered today, by whomever: it opens by an approval, or in a window of days."""
    if ledger.opening and not is_open(facts, place, ledger.unit):
        return NoWindowOpen()
    if ledger.window:
        first, last = window_of(ledger, facts.today)
        if not first <= facts.today <= last:
            return OutsideTheWindow(first=first, last=last)
    return None


def window_of(ledger: Ledger, day: date) -> tuple[date, date]:
    """The first and the last day of the window that `day` is in, or of the next one."""
    assert ledger.window, "there is a window"
    assert ledger.window_days, "window and window_days go together"
    start, end = bounds(ledger.window, day)
    begins = ledger.window_from
    first = start + timedelta(days=begins - 1) if begins > 0 else end + timedelta(days=begins + 1)
    last = first + timedelta(days=ledger.window_days - 1)
    return (first, last) if day <= last else window_of(ledger, end + timedelta(days=1))


class BelowThreshold(Refusal, says="{needed} {unit} are needed to redeem, {have} are there"):
    needed: int
    unit: Text
    have: int


class TooLittleEarned(Refusal, says="{needed} {unit} had to be earned in {period} to redeem; {have} were"):
    needed: int
    unit: Text
    period: str
    have: int


def too_few(facts: Facts, person: UUID, ledger: Ledger) -> Refusal | None:
    """Why somebody orders nothing of a ledger: they have, or earned, less than its threshold."""
    if ledger.threshold is None:
        return None
    needed, unit = ledger.threshold, say(ledger.unit)
    if ledger.threshold_period is None:
        have = facts.get(query.balance(facts.get(query.survivor(person)), ledger.unit))
        return BelowThreshold(needed=needed, unit=unit, have=have) if have < needed else None
    first, last = before(ledger.threshold_period, facts.today)
    have = earned(facts, person, ledger.unit, moments(first, last, facts.calendar.zone))
    if have >= needed:
        return None
    of = period(ledger.threshold_period, first)
    return TooLittleEarned(needed=needed, unit=unit, have=have, period=of)


class RedeemedTooOften(Refusal, says="they have redeemed {made} times in {period}; the most is {most}"):
    made: int
    period: str
    most: int


def too_often(facts: Facts, person: UUID, ledger: Ledger) -> Refusal | None:
    """Why somebody orders nothing more of a ledger in this period."""
    if ledger.redemptions is None or ledger.redemptions_per is None:
        return None
    now = period(ledger.redemptions_per, facts.today)
    from linli_bank.redemptions import RedemptionFlow  # which is limited by this

    orders = facts.get(subjects(RedemptionFlow, person=person, states=RedemptionFlow.redeemed))
    made = sum(
        period(ledger.redemptions_per, facts.calendar.day_of(order.opened_at)) == now
        for order in orders
        if order.record.ledger == ledger.unit
    )
    if made < ledger.redemptions:
        return None
    return RedeemedTooOften(made=made, period=now, most=ledger.redemptions)


def is_limited(facts: Facts, unit: str) -> bool:
    """Whether two orders of one person at once could together break a limit of a ledger."""
    ledger = facts.settings(BankSettings).ledger(unit)
    return ledger.redemptions is not None or ledger.threshold is not None
