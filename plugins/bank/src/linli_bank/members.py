"""The accounts of those who joined a bank."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from math import floor
from typing import Annotated
from uuid import UUID, uuid5

import attrs
from sqlalchemy import bindparam, update

from linli import (
    NOBODY,
    OWN,
    AnyTransition,
    Change,
    Choice,
    Context,
    Effect,
    Facts,
    Input,
    Missing,
    Moves,
    NotFoundHere,
    Reason,
    Refusal,
    State,
    Subject,
    Transfer,
    Transition,
    UntilPast,
    Workflow,
    Write,
    query,
)
from linli._store import tables as t
from linli.hooks import OWED, debts, given_up, most
from linli.query import SubjectQuery, one, subjects, write_statement
from linli_bank.banks import DESK, KEEPER, bank_of, open_here
from linli_bank.settings import BankSettings


class NoAccount(NotFoundHere, says="they have no account with the bank; open one first: linli bank join"): ...


class Bars(Choice):
    """What a suspension keeps somebody from."""

    BOTH = "both"
    EARN = "earn"
    REDEEM = "redeem"


_s = t.subject.c
_MOVES_TO = write_statement(
    update(t.subject)
    .where(_s.district == bindparam("the_district"), _s.id == bindparam("the_id"))
    .values(place=bindparam("the_place"), compound=bindparam("the_compound")),
    rank=12,
    name="account moves to another bank",
)


def account_of(person: UUID) -> UUID:
    """The number of a person's account: a person has at most one."""
    return uuid5(person, "bank account")


@attrs.frozen(kw_only=True)
class Member:
    """What is kept with an account.

    Attributes:
        until: the last day of a suspension.
        bars: what it keeps somebody from.
    """

    until: date = date.max
    bars: Bars = Bars.BOTH


@attrs.frozen(kw_only=True)
class Standing:
    """How somebody stands with the bank.

    Attributes:
        place: where they joined; None: they did not, or left.
        barred: what a suspension keeps them from now: "earn", "redeem".
    """

    place: UUID | None = None
    barred: frozenset[str] = frozenset()


def accounts_of(person: UUID) -> SubjectQuery[Member]:
    """Somebody's accounts: where two records were merged there may be two, and what was closed is one too."""
    return subjects(AccountFlow, person=person)


def accounts_at(place: UUID) -> SubjectQuery[Member]:
    """The accounts with the banks of a place and below it."""
    return subjects(AccountFlow, states=AccountFlow.joined, now_within=place)


def standing(facts: Facts, person: UUID) -> Standing:
    """How somebody stands with the bank at the moment of the act."""
    account = _account(facts, person)
    if account is None:
        return Standing()
    suspended = [one for one in facts.get(accounts_of(person)) if one.state is AccountFlow.suspended]
    return Standing(place=account.place, barred=barred((one.record for one in suspended), facts.today))


def _account(facts: Facts, person: UUID) -> Subject[Member] | None:
    """Of somebody's two accounts, where they joined first is where they are."""
    joined = (one for one in facts.get(accounts_of(person)) if one.state in AccountFlow.joined)
    return min(joined, key=lambda one: (one.opened_at, one.id), default=None)


def barred(suspended: Iterable[Member], day: date) -> frozenset[str]:
    """What suspensions keep somebody from on a day."""
    bars = {one.bars for one in suspended if day <= one.until}
    return frozenset((Bars.EARN, Bars.REDEEM)) if Bars.BOTH in bars else frozenset(bars)


class JoinerNotSaid(Missing, says="say who joins"):
    field: str = "person"


class JoinedAtTheDesk(Refusal, says="an account is opened through the bank, which gives it its number"): ...


class AccountClosed(Refusal, says="they left; open their account again: linli bank rejoin"): ...


class AccountAlready(Refusal, says="they have an account already"): ...


def _own_number(t: AnyTransition) -> Refusal | None:
    """The number follows from what it is for, so that the database keeps it to one."""
    person = t.subject.person
    if person is None:
        return JoinerNotSaid()
    if t.subject.id != account_of(person):
        return JoinedAtTheDesk()
    states = {one.state for one in t.get(accounts_of(person))}
    if states == {AccountFlow.closed}:
        return AccountClosed()
    taken = t.get(one(AccountFlow, AccountFlow.ref(t.subject.id)))
    return AccountAlready() if states or taken else None


class BankClosing(Refusal, says="the bank here is shut after {day}; nobody joins it any more"):
    day: date


def _not_closing(t: AnyTransition) -> Refusal | None:
    """Nobody joins a bank that is about to be shut."""
    bank = bank_of(t.facts, t.place)
    if bank is not None and bank.state == "closing":
        return BankClosing(day=bank.last_day)
    return None


def _until_later(t: Transition[Member, object]) -> Refusal | None:
    return UntilPast() if t.record.until < t.today else None


# --- what follows ----------------------------------------------------------------------------------------


def _owner(ctx: Context[object]) -> UUID:
    assert ctx.subject.person is not None, "an account is somebody's"
    return ctx.get(query.survivor(ctx.subject.person))


def _debts_end(t: AnyTransition) -> Iterable[Effect]:
    """What is owed ends with the account."""
    owner = _owner(t)
    for unit in t.settings(BankSettings).units:
        yield from given_up(debts(t.facts, owner, unit), owner, unit, "end", t.id)


def _carried(t: "Transition[Member, Carry]") -> Iterable[Effect]:
    """The account is at the other bank from now on; what it has, and what it owes, is worth what the rate says."""
    target, rate = t.given.carried_to, t.given.worth
    values = {
        "the_district": t.facts.district,
        "the_id": t.subject.id,
        "the_place": target,
        "the_compound": t.get(query.place(target)).reporting_place,
    }
    yield Change(write=Write(_MOVES_TO, values))
    owner = _owner(t)
    account = _account(t.facts, owner)
    if account and account.id != t.subject.id:
        return  # whoever has two accounts has their points in one: they are carried once
    for unit in t.settings(BankSettings).units:
        yield from _at_rate(t.facts, owner, unit, rate, target)
        yield from _debts_at_rate(t.facts, owner, unit, rate, t.id)


def _at_rate(facts: Facts, owner: UUID, unit: str, rate: Decimal, target: UUID) -> Iterable[Transfer]:
    """Whole points, rounded down. Only the difference is posted: the rest keeps its age."""
    have = facts.get(query.balance(owner, unit))
    worth = floor(have * rate)
    less, more = (owner, "expired"), (target, "issued")
    if worth != have:
        source, goes_to = ((owner, "free"), less) if worth < have else (more, (owner, "free"))
        amount = abs(worth - have)
        yield Transfer(unit=unit, amount=amount, source=source, target=goes_to, rule=f"bank:carried {unit}")


def _debts_at_rate(facts: Facts, owner: UUID, unit: str, rate: Decimal, act: UUID) -> Iterable[Transfer]:
    """Nobody comes to owe more by it."""
    owed = debts(facts, owner, unit) if facts.get(query.balance(owner, unit, OWED)) else []
    total = sum(debt.amount for debt in owed)
    yield from given_up(most(owed, total - min(total, floor(total * rate))), owner, unit, "end", act)


@attrs.frozen(kw_only=True)
class Suspend:
    """Why, for how long, and from what."""

    reason: Reason
    until: Annotated[date, Input("its last day; else until it is lifted")] = date.max
    bars: Annotated[Bars, Input("from what")] = Bars.BOTH


@attrs.frozen(kw_only=True)
class Carry:
    """Which bank, and what a point is worth there."""

    carried_to: UUID
    worth: Decimal


class AccountFlow(Workflow[Member], name="bank_account", readable_by=OWN | DESK):
    """Who joins, is kept from earning and redeeming for a while, leaves and comes back."""

    move = Moves(Member)
    open = State("open", visible_to=DESK, turn=NOBODY)
    suspended = State("suspended", visible_to=DESK, turn=NOBODY)
    closed = State("account closed", ends=True, visible_to=DESK)
    joined = open | suspended
    join = move.opening(open, by=OWN | KEEPER, needs=[_own_number, open_here, _not_closing])
    suspend = move(joined.to(suspended), Suspend, by=KEEPER - OWN, needs=[_until_later])
    resume = move(suspended.to(open), by=KEEPER - OWN)
    close = move(open.to(closed), label="leave", by=OWN | KEEPER, then=[_debts_end])
    rejoin = move(closed.to(open), label="join again", by=OWN | KEEPER, needs=[open_here, _not_closing])
    carry = move(joined.stay(), Carry, label="carried to another bank", then=[_carried])
