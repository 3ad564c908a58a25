"""One service is paid once in all, whatever is annulled, counted again, spent, expired, waived or merged."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from linli import Actor, District, Refused
from linli.testing import all_of, somebody
from linli_bank.testing import who
from linli_bank.testing.year import Year, year

ATTENDED = """
[[bank.rules]]
name = "志愿服务"
act = "seat.attend"
taken_back_by = ["seat.annul"]
earned_again_by = ["seat.count_again"]
pays = "person"
points = 2
per = "hour"
value = "minutes"
"""
Make = Callable[..., District]


def _gives_away(here: Year) -> int:
    free = here.free()
    if free:
        member, other = who(here.compound.member), who(here.compound.other_member)
        here.district.award.transfer("points", free, member, other, "转赠", place=here.compound.place)
    return free


def test_hours_that_are_annulled_after_their_points_were_spent_are_not_paid_again(new_district: Make) -> None:
    here = year(new_district, ATTENDED)
    seat, given = here.attends(60).subject, 0
    for _ in range(3):
        given += _gives_away(here)
        here.district.make(seat, "annul")
        assert here.district.award.account(who(here.compound.member)).owed == 2
        here.district.make(seat, "count_again", {"minutes": 60})
    assert given + here.free() == 2
    assert here.district.award.account(who(here.compound.member)).owed == 0


@pytest.mark.parametrize(("minutes", "free", "owed"), [(30, 0, 1), (60, 0, 0), (180, 4, 0), (0, 0, 2)])
def test_counting_again_pays_or_takes_the_difference(
    new_district: Make, minutes: int, free: int, owed: int
) -> None:
    here = year(new_district, ATTENDED)
    seat = here.attends(60).subject
    _gives_away(here)
    here.district.make(seat, "annul")
    here.district.make(seat, "count_again", {"minutes": minutes})
    account = here.district.award.account(who(here.compound.member))
    assert (account.free, account.owed) == (free, owed)


def test_what_expired_before_the_hours_were_annulled_is_not_paid_again(new_district: Make) -> None:
    here = year(new_district, ATTENDED)
    seat = here.attends(60).subject
    here.on("2026-03-09")
    here.district.award.expire("points", here.district.now())
    here.district.make(seat, "annul")
    assert here.district.award.account(who(here.compound.member)).owed == 0
    here.district.make(seat, "count_again", {"minutes": 90})
    assert here.free() == 1, "three, less the two that they had and let expire"


def test_two_rules_of_one_act_take_back_what_is_there_once(new_district: Make) -> None:
    here = year(new_district, ATTENDED + ATTENDED.replace("志愿服务", "加分"))
    seat = here.attends(60).subject
    member, other = who(here.compound.member), who(here.compound.other_member)
    here.district.award.transfer("points", 3, member, other, "转赠", place=here.compound.place)
    here.district.make(seat, "annul")
    account = here.district.award.account(member)
    assert (account.free, account.owed) == (0, 3)


def test_points_that_wait_fall_away_when_what_they_are_for_is_undone(new_district: Make) -> None:
    here = year(new_district, ATTENDED.replace('pays = "person"', 'pays = "person"\nconfirm = true'))
    seat = here.attends(60).subject
    here.district.make(seat, "annul")
    here.district.make(seat, "count_again", {"minutes": 60})
    waiting = all_of(here.district, "credit", "pending")
    gone = all_of(here.district, "credit", "void")
    assert (len(waiting), len(gone)) == (1, 1)
    here.district.make(waiting[0].id, "confirm", actor=here.compound.keeper)
    assert here.free() == 2
    with pytest.raises(Refused):
        here.district.make(gone[0].id, "confirm", actor=here.compound.keeper)


def test_a_service_of_a_record_that_was_merged_is_taken_back_from_and_paid_to_whom_it_became(
    new_district: Make,
) -> None:
    here = year(new_district, ATTENDED)
    district, register, place = here.district, here.district.register, here.compound.place
    gone, stays = (
        register.person(name=name, phone=f"1380013800{n}") for n, name in enumerate(("王芳", "王方"))
    )
    for person in (gone, stays):
        here.compound.bank.join(person, place)
    seat = district.start("seat", "sign_up", place, person=gone).subject
    district.make(seat, "attend", {"minutes": 60})
    register.merge(gone, stays)
    other = who(here.compound.other_member)
    district.award.transfer("points", 2, stays, other, "转赠", place=place)
    for _ in range(2):
        district.make(seat, "annul")
        account = district.award.account(stays)
        assert (account.free, account.owed) == (0, 2)
        district.make(seat, "count_again", {"minutes": 60})
        account = district.award.account(stays)
        assert (account.free, account.owed) == (0, 0), "one service, paid once"
    assert district.award.audit().problems == ()


class Services(RuleBasedStateMachine):
    """One member, a few services; whatever happens, each has paid at most the most it was ever worth."""

    here: Year
    people: Callable[[], Actor]

    @initialize()
    def begin(self) -> None:
        self.member = self.people()
        self.here.compound.bank.join(who(self.member), self.here.compound.place)
        self.something_expired = False
        self.seats: dict[object, int] = {}
        self.most: dict[object, int] = {}
        self.counted: dict[object, bool] = {}

    @rule(hours=st.integers(1, 3))
    def attend(self, hours: int) -> None:
        if len(self.seats) < 3:
            seat = self.here.attends(hours * 60, self.member).subject
            self.seats[seat] = self.most[seat] = hours * 2
            self.counted[seat] = True

    @rule(data=st.data())
    def annul(self, data: st.DataObject) -> None:
        there = [seat for seat, counted in self.counted.items() if counted]
        if there:
            seat = data.draw(st.sampled_from(there))
            self.here.district.make(seat, "annul")  # type: ignore[arg-type]
            self.counted[seat], self.seats[seat] = False, 0

    @rule(data=st.data(), hours=st.integers(0, 3))
    def count_again(self, data: st.DataObject, hours: int) -> None:
        gone = [seat for seat, counted in self.counted.items() if not counted]
        if gone:
            seat = data.draw(st.sampled_from(gone))
            self.here.district.make(seat, "count_again", {"minutes": hours * 60})  # type: ignore[arg-type]
            self.counted[seat], self.seats[seat] = True, hours * 2
            self.most[seat] = max(self.most[seat], hours * 2)

    @rule(data=st.data())
    def spend(self, data: st.DataObject) -> None:
        free = self.here.free(self.member)
        if free:
            amount = data.draw(st.integers(1, free))
            taker = who(self.here.compound.other_member)
            self.here.district.award.transfer(
                "points", amount, who(self.member), taker, "转赠", place=self.here.compound.place
            )

    @rule()
    def expire(self) -> None:
        self.here.compound.clock.now += timedelta(days=1)
        act = self.here.district.award.expire("points", self.here.compound.clock.now)
        # What they let expire is not paid again, nor is it theirs any more once it was taken back.
        self.something_expired = self.something_expired or act is not None

    @rule()
    def leave_and_come_back(self) -> None:
        account = self.here.compound.bank.account(who(self.member)).id
        for move in ("close", "rejoin"):
            self.here.district.make(account, move)

    @invariant()
    def nothing_is_paid_twice(self) -> None:
        if not hasattr(self, "member"):
            return
        district, person = self.here.district, who(self.member)
        account = district.award.account(person)
        lines = district.award.statement(person, limit=1000)
        assert all(line.balance >= 0 for line in lines)
        spent = -sum(line.amount for line in lines if line.part == "free" and line.amount < 0)
        kept = account.free + spent + account.expired - account.owed
        assert kept <= sum(self.most.values()), "never more than the services were worth at their best"
        if account.owed == 0 and not self.something_expired:
            assert kept >= sum(self.seats.values()), "and never less than what they are worth now"
        assert min(account.free, account.owed) == 0, "what is free settles what is owed"
        assert district.award.audit().problems == ()


def test_no_service_pays_more_than_it_is_worth_whatever_is_done_with_it(new_district: Make) -> None:
    here = year(new_district, ATTENDED)

    def people() -> Actor:
        return somebody(here.district, None, here.compound.place)

    class Here(Services):
        pass

    Here.here, Here.people = here, staticmethod(people)
    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=20,
            stateful_step_count=20,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
