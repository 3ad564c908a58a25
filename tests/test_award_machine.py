"""The ledger under everything at once: whatever is tried, in whatever order, its invariants hold."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID

import attrs
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from linli._base.errors import Refused
from linli._district.district import District
from linli._model.acts import Act, new_id
from linli._model.awards import Cap
from linli._verbs.award.api import AwardDesk
from linli.testing import a_place, snapshot, somebody

CAP = 12
amounts = st.integers(1, 20)
who = st.integers(0, 2)


@attrs.define
class Purse:
    """What the model says that somebody has: lots of points, the oldest first, what is held included."""

    lots: list[tuple[datetime, int]] = attrs.Factory(list)
    held: int = 0
    spent: int = 0
    expired: int = 0
    capped: int = 0
    owed: int = 0
    lapses: list[tuple[datetime, int]] = attrs.Factory(list)

    @property
    def free(self) -> int:
        return sum(n for _, n in self.lots) - self.held

    def gain(self, at: datetime, amount: int) -> None:
        """Get some; what is owed is settled at once."""
        self.lots.append((at, amount))
        self.settle()

    def settle(self) -> None:
        """Let what is free settle what is owed."""
        settled = min(self.free, self.owed)
        self.lose(settled)
        self.owed -= settled

    def give_back(self, since: datetime, amount: int) -> int:
        """Let what was earned at a moment be taken back: of what expired since, what is free, else it is owed."""
        lapsed = min(amount, self.expired, sum(n for at, n in self.lapses if at >= since))
        self.expired -= lapsed
        back = min(self.free, amount - lapsed)
        self.lose(back)
        self.owed += amount - lapsed - back
        return lapsed

    def lose(self, amount: int) -> None:
        """Let the oldest go."""
        while amount:
            at, n = self.lots.pop(0)
            if n > amount:
                self.lots.insert(0, (at, n - amount))
            amount -= min(n, amount)

    def expire(self, before: datetime, now: datetime) -> int:
        """Let what is older go; what is held counts as the oldest and stays."""
        old = max(0, sum(n for at, n in self.lots if at < before) - self.held)
        self.lose(old)
        self.expired += old
        self.lapses.append((now, old))
        return old


@attrs.define
class Paid:
    """An award that the model remembers, to be reversed or repeated.

    Attributes:
        asked: what was to be paid; `points`: what the cap let be paid of it.
    """

    key: UUID
    rule: str
    payee: int
    points: int
    at: datetime
    asked: int
    capped: int = 0
    reversed: bool = False


@attrs.define
class Hold:
    key: UUID
    owner: int
    left: int


class Ledger(RuleBasedStateMachine):
    """Tries everything that the award desk can do; each example has people of its own."""

    district: District
    moment: datetime

    @initialize()
    def people(self) -> None:
        self.unit = f"u{new_id().hex}"
        self.place = a_place(self.district, "锦绣花园")
        self.ids = [somebody(self.district, None, self.place).person for _ in range(3)]
        self.purses = [Purse() for _ in range(3)]
        self.awards: list[Paid] = []
        self.holds: list[Hold] = []
        self.wait_for(timedelta(minutes=1))
        for index in range(3):
            self.award(index, 10)

    @property
    def desk(self) -> AwardDesk:
        return self.district.award

    def wait_for(self, time: timedelta) -> None:
        """Let time pass, for the district too: its clock is this class's."""
        type(self).moment += time

    def person(self, index: int) -> UUID:
        found = self.ids[index]
        assert found is not None
        return found

    def tried(self, act: Callable[[], object], *, allowed: bool) -> object:
        """Do it where the model says that it may be done, else see it refused with nothing changed."""
        if allowed:
            return act()
        before = snapshot(self.district)
        try:
            act()
        except Refused:
            assert snapshot(self.district) == before, "refused, but something changed"
            return None
        raise AssertionError("the model says that this must be refused")

    @rule(to=who, n=amounts)
    def award(self, to: int, n: int) -> None:
        act = self.desk.award(self.person(to), n, "plain", reason="x", unit=self.unit, place=self.place)
        self.purses[to].gain(self.moment, n)
        self.awards.append(Paid(act.id, "plain", to, n, self.moment, n))

    @rule(to=who, n=amounts)
    def award_with_a_cap(self, to: int, n: int) -> None:
        purse = self.purses[to]
        cap = Cap(most=CAP, period="all")
        paid = min(n, CAP - purse.capped)
        act = self.tried(
            lambda: self.desk.award(
                self.person(to), n, "capped", reason="x", unit=self.unit, place=self.place, cap=cap
            ),
            allowed=paid > 0,
        )
        if isinstance(act, Act):
            purse.gain(self.moment, paid)
            purse.capped += paid
            self.awards.append(Paid(act.id, "capped", to, paid, self.moment, n, capped=paid))

    @precondition(lambda self: self.awards)
    @rule(data=st.data())
    def repeat_an_award(self, data: st.DataObject) -> None:
        """With its key: it is the same act, and nothing is paid twice."""
        paid = data.draw(st.sampled_from(self.awards))
        before = snapshot(self.district)
        self.desk.award(
            self.person(paid.payee),
            paid.asked,
            paid.rule,
            reason="x",
            unit=self.unit,
            place=self.place,
            cap=Cap(most=CAP, period="all") if paid.rule == "capped" else None,
            key=paid.key,
        )
        assert snapshot(self.district) == before

    @precondition(lambda self: self.awards)
    @rule(data=st.data(), n=amounts)
    def pay_an_act_again(self, data: st.DataObject, n: int) -> None:
        """By a rule that has paid it: an act is paid once by a rule and person."""
        paid = data.draw(st.sampled_from(self.awards))
        self.tried(partial(self._pay, paid, n), allowed=False)

    def _pay(self, paid: Paid, n: int) -> Act:
        payee = self.person(paid.payee)
        return self.desk.award(
            payee, n, paid.rule, reason="x", unit=self.unit, place=self.place, cause=paid.key
        )

    @rule(giver=who, taker=who, data=st.data())
    def transfer(self, giver: int, taker: int, data: st.DataObject) -> None:
        n = self._about(data, self.purses[giver].free)
        allowed = giver != taker and self.purses[giver].free >= n
        act = self.tried(
            lambda: self.desk.transfer(self.unit, n, self.person(giver), self.person(taker), "present"),
            allowed=allowed,
        )
        if act:
            self.purses[giver].lose(n)
            self.purses[taker].gain(self.moment, n)

    @rule(owner=who, data=st.data())
    def hold(self, owner: int, data: st.DataObject) -> None:
        n = self._about(data, self.purses[owner].free)
        act = self.tried(
            lambda: self.desk.hold(self.person(owner), n, "order", unit=self.unit),
            allowed=self.purses[owner].free >= n,
        )
        if isinstance(act, Act):
            self.purses[owner].held += n
            self.holds.append(Hold(act.id, owner, n))

    @precondition(lambda self: any(hold.left for hold in self.holds))
    @rule(data=st.data(), spend=st.booleans())
    def end_a_hold(self, data: st.DataObject, spend: bool) -> None:
        hold = data.draw(st.sampled_from([hold for hold in self.holds if hold.left]))
        n = self._about(data, hold.left)
        act = self.tried(
            partial(self.desk.spend if spend else self.desk.release, hold.key, n),
            allowed=hold.left >= n,
        )
        if act:
            hold.left -= n
            purse = self.purses[hold.owner]
            purse.held -= n
            if spend:
                purse.lose(n)
                purse.spent += n
            purse.settle()

    @precondition(lambda self: self.awards)
    @rule(data=st.data())
    def reverse(self, data: st.DataObject) -> None:
        paid = data.draw(st.sampled_from(self.awards))
        purse = self.purses[paid.payee]
        act = self.tried(
            partial(self.desk.reverse, paid.key, paid.rule, self.person(paid.payee), "x"),
            allowed=not paid.reversed,
        )
        if act:
            lapsed = purse.give_back(paid.at, paid.points)
            purse.capped -= paid.capped and paid.points - lapsed
            paid.reversed = True

    @rule(days=st.integers(1, 40))
    def wait(self, days: int) -> None:
        self.wait_for(timedelta(days=days))

    @rule(age=st.integers(0, 60))
    def expire(self, age: int) -> None:
        before = self.moment - timedelta(days=age)
        gone = [purse.expire(before, self.moment) for purse in self.purses]
        act = self.desk.expire(self.unit, before)
        assert (act.value("amount") if act else 0) == sum(gone)
        assert (act.value("accounts") if act else 0) == sum(1 for n in gone if n)

    @invariant()
    def the_books_agree_with_the_model(self) -> None:
        for index, purse in enumerate(getattr(self, "purses", [])):
            account = self.desk.account(self.person(index), self.unit)
            assert (account.free, account.held, account.spent, account.expired, account.owed) == (
                purse.free,
                purse.held,
                purse.spent,
                purse.expired,
                purse.owed,
            )
            lines = self.desk.statement(self.person(index), self.unit, limit=1000)
            assert (lines[0].balance if lines else 0) == purse.free
            assert all(line.balance >= 0 for line in lines)

    @invariant()
    def what_was_issued_is_somewhere(self) -> None:
        purses = getattr(self, "purses", [])
        there = sum(one.free + one.held + one.spent + one.expired for one in purses)
        assert there == self.desk.audit().units.get(getattr(self, "unit", ""), 0)

    @invariant()
    def the_audit_finds_nothing(self) -> None:
        assert self.desk.audit().problems == ()

    def _about(self, data: st.DataObject, there: int) -> int:
        """Mostly what can be had of what is there, now and then too much."""
        return data.draw(st.integers(1, there + 1) if there else amounts)


def test_the_ledger_keeps_its_invariants_whatever_is_done_to_it(
    new_district: Callable[..., District],
) -> None:
    class Here(Ledger):
        moment = datetime(2026, 1, 1, tzinfo=UTC)

    Here.district = new_district(clock=lambda: Here.moment)
    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=150 if os.environ.get("LINLI_SLOW") else 30,
            stateful_step_count=30,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
