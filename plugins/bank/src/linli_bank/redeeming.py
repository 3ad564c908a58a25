"""Who may redeem, and when: the limits of a ledger, judged at the moment of an order."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import BindParameter, bindparam, case, func, select

from linli import Facts, codec, say
from linli.award.rules import POINTS
from linli.i18n import Text
from linli.lookups import ever
from linli.store import Read
from linli.store import tables as t
from linli_bank.banks import not_served
from linli_bank.members import standing
from linli_bank.periods import before, bounds, period
from linli_bank.settings import BankSettings, Ledger
from linli_bank.windows import is_open

_s, _p = t.subject.c, t.posting.c
_d: BindParameter[str] = bindparam("district")
ORDERS_OF = Read(
    select(_s.opened_at, _s.record).where(
        _s.district == _d,
        ever(_s.person),
        _s.kind == "redemption",
        (_s.state == "ordered") | (_s.state == "handed_over"),
    )
)
# What was issued to somebody, less what was taken back of it.
_came = ever(_p.to_owner, "owner") & (_p.to_part == "free") & (_p.from_part == "issued")
_went = ever(_p.from_owner, "owner") & (_p.from_part == "free") & (_p.to_part == "issued")
EARNED = Read(
    select(func.coalesce(func.sum(case((_came, _p.amount), else_=-_p.amount)), 0)).where(
        _p.district == _d,
        _p.unit == bindparam("unit"),
        _p.at >= bindparam("since"),
        _p.at < bindparam("until"),
        _came | _went,
    )
)


def moments(first: date, last: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From the beginning of the first day to the end of the last one."""
    return datetime.combine(first, time.min, zone), datetime.combine(last + timedelta(days=1), time.min, zone)


def refusals(facts: Facts, person: UUID, place: UUID, ledger: Ledger) -> Iterable[Text]:
    """Every reason why somebody may not order a gift of a ledger at a place now, what comes first first."""
    yield from no_account(facts, person)
    yield from not_now(facts, person, place, ledger)


def no_account(facts: Facts, person: UUID) -> Iterable[Text]:
    """Why somebody orders nothing at all."""
    how = standing(facts, person)
    if how.place is None:
        yield say("they have no account with the bank; open one first: linli bank join")
    if "redeem" in how.barred:
        yield say("they may not redeem for now: their account is suspended")


def not_now(facts: Facts, person: UUID, place: UUID, ledger: Ledger) -> Iterable[Text]:
    """Why somebody with an account orders nothing of a ledger today."""
    shut = not_served(facts, place)
    if shut:
        yield shut
        return
    yield from _closed(facts, place, ledger)
    yield from _too_often(facts, person, ledger)
    yield from _too_few(facts, person, ledger)


def _closed(facts: Facts, place: UUID, ledger: Ledger) -> Iterable[Text]:
    if ledger.opening and not is_open(facts, place, ledger.unit):
        yield say("redemption is not open here now: no redemption window is approved for today")
    if ledger.window:
        first, last = window_of(ledger, facts.today)
        if not first <= facts.today <= last:
            yield say("gifts are ordered from {first} to {last}", first=first, last=last)


def window_of(ledger: Ledger, day: date) -> tuple[date, date]:
    """The first and the last day of the window that `day` is in, or of the next one."""
    assert ledger.window, "there is a window"
    assert ledger.window_days, "window and window_days go together"
    start, end = bounds(ledger.window, day)
    begins = ledger.window_from
    first = start + timedelta(days=begins - 1) if begins > 0 else end + timedelta(days=begins + 1)
    last = first + timedelta(days=ledger.window_days - 1)
    return (first, last) if day <= last else window_of(ledger, end + timedelta(days=1))


def _too_few(facts: Facts, person: UUID, ledger: Ledger) -> Iterable[Text]:
    if ledger.threshold is None:
        return
    if ledger.threshold_period is None:
        have = facts.balance(facts.survivor(person), ledger.unit)
        if have < ledger.threshold:
            yield say("{needed} {unit} are needed to redeem, {have} are there",
                      needed=ledger.threshold, unit=say(ledger.unit), have=have)  # fmt: skip
        return
    first, last = before(ledger.threshold_period, facts.today)
    have = _earned(facts, person, ledger.unit, first, last)
    if have < ledger.threshold:
        yield say("{needed} {unit} had to be earned in {period} to redeem; {have} were",
                  needed=ledger.threshold, unit=say(ledger.unit), have=have,
                  period=period(ledger.threshold_period, first))  # fmt: skip


def _earned(facts: Facts, person: UUID, unit: str, first: date, last: date) -> int:
    since, until = moments(first, last, facts.calendar.zone)
    rows = facts.rows(EARNED, owner=facts.survivor(person), unit=unit, since=since, until=until)
    return int(rows[0][0])


def _too_often(facts: Facts, person: UUID, ledger: Ledger) -> Iterable[Text]:
    if ledger.redemptions is None or ledger.redemptions_per is None:
        return
    now = period(ledger.redemptions_per, facts.today)
    made = sum(
        period(ledger.redemptions_per, facts.calendar.day_of(opened_at)) == now
        for opened_at, record in facts.rows(ORDERS_OF, person=person)
        if codec.decode(record).get("ledger", POINTS) == ledger.unit
    )
    if made >= ledger.redemptions:
        yield say("they have redeemed {made} times in {period}; the most is {most}",
                  made=made, period=now, most=ledger.redemptions)  # fmt: skip


def is_limited(facts: Facts, unit: str) -> bool:
    """Whether two orders of one person at once could together break a limit of a ledger."""
    ledger = facts.settings(BankSettings).ledger(unit)
    return ledger.redemptions is not None or ledger.threshold is not None
