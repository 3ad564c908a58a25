"""The award desk: giving, moving, holding, taking back, expiring, and what everybody sees of it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import attrs
import pytest
from sqlalchemy import update

from linli._base.errors import ConfigError, NotAllowed, NotFound, Refused
from linli._district.district import District
from linli._model.access import Actor
from linli._model.acts import new_id
from linli._model.awards import Cap
from linli._store import tables as t
from linli._verbs.award.api import AwardDesk
from linli.testing import Moment, a_place, phone, snapshot, somebody


@attrs.frozen(kw_only=True)
class Compound:
    """A compound with two residents, a keeper of its bank, and a clock to turn."""

    district: District
    clock: Moment
    place: UUID
    keeper: Actor
    one: UUID
    other: UUID

    @property
    def desk(self) -> AwardDesk:
        """The district's award desk."""
        return self.district.award

    def give(
        self, points: int, rule: str = "by hand", cap: Cap | None = None, key: UUID | None = None
    ) -> UUID:
        """Give the first resident points; the act."""
        return self.desk.award(self.one, points, rule, reason="扫雪", place=self.place, cap=cap, key=key).id

    def free(self, person: UUID | None = None) -> int:
        """What somebody has free, the first resident by default."""
        return self.desk.account(person or self.one).free


def _resident(district: District, place: UUID) -> UUID:
    person = somebody(district, None, place).person
    assert person is not None
    return person


def _compound(new_district: Callable[..., District], more: str = "") -> Compound:
    clock = Moment()
    district = new_district(more=more, clock=clock)
    place = a_place(district, "锦绣花园")
    return Compound(
        district=district,
        clock=clock,
        place=place,
        keeper=somebody(district, "bank_keeper", place),
        one=_resident(district, place),
        other=_resident(district, place),
    )


@pytest.fixture
def compound(new_district: Callable[..., District]) -> Compound:
    return _compound(new_district)


def test_an_award_comes_from_the_compound_and_shows_on_the_account(compound: Compound) -> None:
    compound.give(10)
    assert compound.free() == 10
    assert compound.desk.audit().units == {"points": 10}
    assert compound.desk.audit().problems == ()


def test_an_awards_reason_is_in_the_vault_and_not_in_the_journal(compound: Compound) -> None:
    act = compound.give(10)
    (stored,) = compound.district.history(act)
    assert "扫雪" not in str(stored.body)
    assert len(stored.value("reason")["sealed"]) == 64


def test_an_act_that_is_repeated_with_its_key_is_recorded_once(compound: Compound) -> None:
    key = new_id()
    for _ in range(3):
        compound.desk.award(compound.one, 10, "by hand", reason="雪", place=compound.place, key=key)
    assert compound.free() == 10


def test_an_earlier_act_is_paid_once_by_a_rule(compound: Compound) -> None:
    compound.give(5)
    cause = compound.give(1, rule="other")
    pay: dict[str, Any] = {"reason": "again", "place": compound.place, "cause": cause}
    compound.desk.award(compound.one, 10, "session", **pay)
    with pytest.raises(Refused, match="already been paid"):
        compound.desk.award(compound.one, 10, "session", **pay)
    assert compound.free() == 16


def test_a_cap_cuts_what_is_beyond_it_and_then_refuses(compound: Compound) -> None:
    cap = Cap(most=15, period="2026-03")
    compound.give(10, cap=cap)
    compound.give(10, cap=cap)
    assert compound.free() == 15
    with pytest.raises(Refused, match="the 15 that by hand allows in 2026-03 are used up"):
        compound.give(10, cap=cap)
    assert compound.free() == 15


def test_a_transfer_moves_points_and_says_what_is_missing(compound: Compound) -> None:
    compound.give(10)
    compound.desk.transfer("points", 4, compound.one, compound.other, "present")
    assert (compound.free(), compound.free(compound.other)) == (6, 4)
    before = snapshot(compound.district)
    with pytest.raises(Refused, match="7 points are needed, 6 are there"):
        compound.desk.transfer("points", 7, compound.one, compound.other, "present")
    with pytest.raises(Refused, match="1 points are needed, 0 are there"):
        compound.desk.transfer("points", 1, new_id(), compound.other, "present")
    assert snapshot(compound.district) == before


@pytest.mark.parametrize("amount", [0, -1, True, 10**15])
def test_only_a_sensible_number_of_whole_units_is_moved(compound: Compound, amount: int) -> None:
    with pytest.raises(Refused, match="write a whole number"):
        compound.desk.transfer("points", amount, compound.one, compound.other, "present")


def test_nothing_is_moved_between_one_account_and_itself(compound: Compound) -> None:
    with pytest.raises(Refused, match="the same one"):
        compound.desk.transfer("points", 1, compound.one, (compound.one, "free"), "present")


def test_what_is_held_cannot_be_transferred(compound: Compound) -> None:
    compound.give(10)
    hold = compound.desk.hold(compound.one, 4, "lottery").id
    with pytest.raises(Refused, match="not what is held"):
        compound.desk.transfer("points", 4, (hold, "held"), compound.other, "present")


def test_a_keeper_acts_where_their_post_is_and_nowhere_else(compound: Compound) -> None:
    elsewhere = a_place(compound.district, "别处")
    give: dict[str, Any] = {"reason": "雪", "actor": compound.keeper}
    compound.desk.award(compound.one, 5, "by hand", place=compound.place, **give)
    with pytest.raises(NotAllowed):
        compound.desk.award(compound.one, 5, "by hand", place=elsewhere, **give)
    with pytest.raises(Refused, match="at which place"):
        compound.desk.transfer("points", 1, compound.one, compound.other, "x", actor=compound.keeper)
    with pytest.raises(NotAllowed):
        compound.desk.reverse(
            new_id(), "by hand", compound.one, "x", actor=compound.keeper, place=compound.place
        )


def test_residents_award_and_transfer_nothing(compound: Compound) -> None:
    compound.give(5)
    resident = Actor(person=compound.one)
    with pytest.raises(NotAllowed):
        compound.desk.award(compound.one, 5, "x", reason="x", place=compound.place, actor=resident)
    with pytest.raises(NotAllowed):
        compound.desk.transfer(
            "points", 5, compound.one, compound.other, "x", place=compound.place, actor=resident
        )


def test_nobody_gives_points_to_themselves(compound: Compound) -> None:
    keeper = compound.keeper
    assert keeper.person
    with pytest.raises(Refused, match="to themselves"):
        compound.desk.award(keeper.person, 5, "x", reason="x", place=compound.place, actor=keeper)


def test_nobody_unknown_is_awarded(compound: Compound) -> None:
    with pytest.raises(NotFound, match="nobody is registered"):
        compound.desk.award(new_id(), 5, "x", reason="x", place=compound.place)


def test_a_hold_is_released_and_spent_in_parts(compound: Compound) -> None:
    compound.give(10)
    hold = compound.desk.hold(compound.one, 6, "lottery").id
    assert attrs.astuple(compound.desk.account(compound.one))[2:] == (4, 6, 0, 0, 0)
    compound.desk.release(hold, 2)
    compound.desk.spend(hold)
    assert attrs.astuple(compound.desk.account(compound.one))[2:] == (6, 0, 4, 0, 0)
    with pytest.raises(Refused, match="1 points are needed, 0 are held"):
        compound.desk.spend(hold)
    with pytest.raises(NotFound):
        compound.desk.release(new_id())


def test_what_was_held_for_somebody_who_was_merged_goes_to_whom_they_now_are(compound: Compound) -> None:
    register = compound.district.register
    gone, stays = (register.person(phone=phone(number), home=compound.place) for number in (1, 2))
    compound.desk.award(gone, 10, "by hand", reason="扫雪", place=compound.place)
    hold = compound.desk.hold(gone, 6, "lottery").id
    register.merge(gone, stays)
    assert attrs.astuple(compound.desk.account(stays))[2:] == (4, 6, 0, 0, 0)
    compound.desk.release(hold, 2)
    assert attrs.astuple(compound.desk.account(stays))[2:] == (6, 4, 0, 0, 0)
    compound.desk.spend(hold)
    assert attrs.astuple(compound.desk.account(stays))[2:] == (6, 0, 4, 0, 0)
    assert compound.desk.audit().problems == ()


def test_a_statement_has_a_running_balance_and_pages(compound: Compound) -> None:
    first = compound.give(10)
    compound.desk.transfer("points", 4, compound.one, compound.other, "present")
    compound.desk.hold(compound.one, 3, "lottery")
    lines = compound.desk.statement(compound.one)
    assert [(line.number, line.amount, line.balance, line.verb) for line in lines] == [
        (3, -3, 3, "points.hold"),
        (2, -4, 6, "points.transfer"),
        (1, 10, 10, "points.award"),
    ]
    assert (lines[2].act, lines[2].other, lines[2].place) == (first, compound.place, compound.place)
    assert [line.number for line in compound.desk.statement(compound.one, limit=1, before=3)] == [2]


def test_a_mistake_is_reversed_once_and_stays_on_the_statement(compound: Compound) -> None:
    act = compound.give(10)
    compound.desk.reverse(act, "by hand", compound.one, "数错了")
    assert compound.free() == 0
    assert [line.amount for line in compound.desk.statement(compound.one)] == [-10, 10]
    with pytest.raises(Refused, match="reversed before"):
        compound.desk.reverse(act, "by hand", compound.one, "数错了")
    with pytest.raises(NotFound, match="but by: by hand"):
        compound.desk.reverse(act, "another rule", compound.one, "数错了")
    with pytest.raises(NotFound, match="moved nothing"):
        compound.desk.reverse(act, "by hand", compound.other, "数错了")
    assert compound.desk.audit().problems == ()


def test_two_payees_of_one_act_are_each_reversed(compound: Compound) -> None:
    cause = compound.give(1, rule="start")
    for person in (compound.one, compound.other):
        compound.desk.award(person, 5, "session", reason="x", place=compound.place, cause=cause)
    for person in (compound.one, compound.other):
        compound.desk.reverse(cause, "session", person, "cancelled")
    assert (compound.free(), compound.free(compound.other)) == (1, 0)


def test_what_was_spent_since_is_owed_and_settled_by_the_next_points(compound: Compound) -> None:
    act = compound.give(10)
    compound.desk.transfer("points", 4, compound.one, compound.other, "present")
    back = compound.desk.reverse(act, "by hand", compound.one, "数错了")
    account = compound.desk.account(compound.one)
    assert (account.free, account.owed, back.value("amount"), back.value("owed")) == (0, 4, 6, 4)
    compound.give(3, rule="again")
    account = compound.desk.account(compound.one)
    assert (account.free, account.owed) == (0, 1)
    compound.give(3, rule="and again")
    account = compound.desk.account(compound.one)
    assert (account.free, account.owed) == (2, 0)
    assert [(line.amount, line.balance) for line in compound.desk.statement(compound.one)] == [
        (-1, 2), (3, 3), (-3, 0), (3, 3), (-6, 0), (-4, 6), (10, 10),
    ]  # fmt: skip
    audit = compound.desk.audit()
    assert (audit.problems, audit.units["points"]) == ((), 6), "two of the third, four that the other has"


def test_what_a_cancelled_hold_gives_back_settles_what_is_owed(compound: Compound) -> None:
    act = compound.give(10)
    hold = compound.desk.hold(compound.one, 10, "lottery").id
    compound.desk.reverse(act, "by hand", compound.one, "数错了")
    compound.desk.release(hold)
    assert attrs.astuple(compound.desk.account(compound.one))[2:] == (0, 0, 0, 0, 0)
    assert compound.desk.audit().units == {"points": 0}


def test_what_expired_since_is_not_owed_and_is_taken_back_once(compound: Compound) -> None:
    first, second = compound.give(6), compound.give(6, rule="other")
    compound.desk.transfer("points", 6, compound.one, compound.other, "present")
    compound.clock.now += timedelta(days=2)
    compound.desk.expire("points", compound.clock.now)
    compound.desk.reverse(first, "by hand", compound.one, "x")
    account = compound.desk.account(compound.one)
    assert (account.expired, account.owed) == (0, 0), "without it, the other six would not have expired"
    compound.desk.reverse(second, "other", compound.one, "x")
    account = compound.desk.account(compound.one)
    assert (account.expired, account.owed) == (0, 6)


def test_what_somebody_owes_goes_along_when_their_record_is_merged(compound: Compound) -> None:
    register = compound.district.register
    gone = register.person(name="王芳", phone="13800138009")
    act = compound.desk.award(gone, 5, "by hand", reason="x", place=compound.place).id
    compound.desk.transfer("points", 5, gone, compound.other, "present")
    compound.desk.reverse(act, "by hand", gone, "数错了")
    compound.give(3)
    register.merge(gone, compound.one)
    account = compound.desk.account(compound.one)
    assert (account.free, account.owed) == (0, 2)
    compound.give(3, rule="more")
    account = compound.desk.account(compound.one)
    assert (account.free, account.owed) == (1, 0)
    assert compound.desk.audit().problems == ()


def test_a_cap_and_a_payment_are_remembered_when_records_are_merged(compound: Compound) -> None:
    cap = Cap(most=10, period="2026-03")
    compound.give(1)
    gone = compound.district.register.person(name="王芳", phone="13800138009")
    cause = compound.desk.award(gone, 6, "capped", reason="x", place=compound.place, cap=cap).id
    compound.district.register.merge(gone, compound.one)
    with pytest.raises(Refused, match="already been paid"):
        compound.desk.award(compound.one, 1, "capped", reason="x", place=compound.place, cause=cause)
    compound.give(9, rule="capped", cap=cap)
    assert compound.free() == 11, "four were left of the cap"
    with pytest.raises(Refused, match="used up"):
        compound.give(1, rule="capped", cap=cap)
    compound.desk.reverse(cause, "capped", compound.one, "x")
    assert compound.free() == 5, "it is found under the number of today"


def test_a_reversal_gives_back_what_was_used_of_a_cap(compound: Compound) -> None:
    cap = Cap(most=15, period="2026-03")
    act = compound.give(15, cap=cap)
    compound.desk.reverse(act, "by hand", compound.one, "wrong person")
    compound.give(15, cap=cap)
    assert compound.free() == 15


def test_what_a_hold_took_is_not_reversed(compound: Compound) -> None:
    compound.give(10)
    hold = compound.desk.hold(compound.one, 4, "lottery").id
    with pytest.raises(Refused, match="not reversed"):
        compound.desk.reverse(hold, "lottery", hold, "x")


def test_what_is_old_and_unspent_expires_of_all_accounts_in_one_act(compound: Compound) -> None:
    compound.give(10)
    compound.desk.transfer("points", 3, compound.one, compound.other, "present")
    compound.clock.now += timedelta(days=10)
    cutoff = compound.clock.now
    compound.clock.now += timedelta(days=1)
    compound.give(5)
    compound.desk.hold(compound.one, 2, "lottery")
    act = compound.desk.expire("points", cutoff)
    assert act is not None
    assert (act.value("accounts"), act.value("amount")) == (2, 8)
    assert (compound.free(), compound.free(compound.other)) == (5, 0)
    assert compound.desk.account(compound.one).expired == 5
    assert compound.desk.audit().problems == ()
    assert compound.desk.expire("points", cutoff) is None


def test_points_that_come_with_a_merged_record_keep_their_age(compound: Compound) -> None:
    gone = compound.district.register.person(name="王芳", phone="13800138009")
    compound.give(1)
    compound.desk.award(gone, 5, "by hand", reason="x", place=compound.place)
    compound.clock.now += timedelta(days=10)
    compound.desk.award(gone, 2, "by hand", reason="x", place=compound.place)
    compound.district.register.merge(gone, compound.one)
    act = compound.desk.expire("points", compound.clock.now - timedelta(days=5))
    assert act is not None
    assert (act.value("amount"), compound.free()) == (6, 2)
    assert compound.desk.audit().problems == ()


def test_what_is_given_back_keeps_its_age(compound: Compound) -> None:
    compound.give(10)
    hold = compound.desk.hold(compound.one, 10, "lottery").id
    cutoff = compound.clock.now = compound.clock.now + timedelta(days=10)
    assert compound.desk.expire("points", cutoff) is None
    compound.desk.release(hold)
    compound.desk.expire("points", cutoff)
    assert compound.free() == 0


def test_an_expiry_by_mistake_is_reversed_and_lasts(compound: Compound) -> None:
    compound.give(10)
    cutoff = compound.clock.now = compound.clock.now + timedelta(days=10)
    act = compound.desk.expire("points", cutoff)
    assert act is not None
    compound.desk.reverse(act.id, "expiry", compound.one, "was ill")
    assert (compound.free(), compound.desk.expire("points", cutoff)) == (10, None)


@pytest.mark.parametrize(
    ("expiry", "kept"),
    [
        ('age = "300d"', 5),
        ('age = "400d"', 15),
        ('period = "year"', 5),
        ('period = "year"\ngrace = "90d"', 15),
        ('period = "half_year"', 5),
        ('period = "month"', 0),
    ],
)
def test_points_expire_as_the_settings_say(
    new_district: Callable[..., District], expiry: str, kept: int
) -> None:
    compound = _compound(new_district, f"[[award.expiry]]\n{expiry}\n")
    compound.give(10)
    compound.clock.now = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)  # midnight in Shanghai: 2027
    compound.give(5)
    compound.clock.now += timedelta(days=40)
    compound.desk.expire_due()
    assert compound.free() == kept
    assert compound.desk.expire_due() == []


def test_contradictions_in_the_expiry_are_all_reported(new_district: Callable[..., District]) -> None:
    with pytest.raises(ConfigError) as error:
        new_district(
            more='[[award.expiry]]\nage = "1d"\nperiod = "year"\n[[award.expiry]]\nage = "2d"\ngrace = "1d"\n'
        )
    assert [problem.where for problem in error.value.problems] == [
        "award.expiry[0]",
        "award.expiry[1].grace",
        "award.expiry[1].unit",
    ]


def test_an_audit_finds_what_was_changed_behind_its_back(compound: Compound) -> None:
    compound.give(10)
    with compound.district.store.reading() as connection:
        connection.execute(
            update(t.account)
            .where(t.account.c.district == compound.district.code, t.account.c.owner == compound.one)
            .values(balance=11)
        )
    problems = [str(problem) for problem in compound.desk.audit().problems]
    assert problems == [
        "the accounts of points sum to 1 instead of 0",
        f"account {compound.one} points free has 1 more than its postings add up to",
    ]


def test_a_worker_expires_points_when_their_time_has_come(new_district: Callable[..., District]) -> None:
    moment = [datetime(2026, 1, 10, tzinfo=UTC)]
    district = new_district(more=_BY_AGE, clock=lambda: moment[0])
    place = a_place(district, "锦绣花园")
    person = somebody(district, None, place).person
    assert person
    district.award.award(person, 5, "test: five", reason="test", issuer=place, place=place)
    moment[0] = datetime(2028, 1, 10, tzinfo=UTC)
    district.worker.keep_house()
    account = district.award.account(person)
    assert (account.free, district.award.audit().problems) == (0, ())


_BY_AGE = """
[[award.expiry]]
unit = "points"
age = "365d"
"""
