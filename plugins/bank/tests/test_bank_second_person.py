"""Points that wait, and breaches: each decided by a second person, whoever tries."""

from collections.abc import Callable
from datetime import timedelta
from fractions import Fraction
from uuid import UUID, uuid5

import pytest

from linli import ENGINE_ACTOR, Actor, District, Facts, NotAllowed, Refused
from linli._district.worker import Worker
from linli.testing import Tried, all_of, somebody
from linli_bank.breaches import factor_of
from linli_bank.testing import AtABank, who
from linli_bank.testing.year import Year, year

RULE = """
[[bank.rules]]
name = "service"
act = "seat.attend"
pays = "person"
points = 4
cap = 10
cap_period = "month"
confirm = true
"""
BREACHES = """
[[bank.breaches]]
name = "smoking"
factor = 0.5
days = 10
"""


@pytest.fixture
def here(new_district: Callable[..., District]) -> Year:
    return year(new_district, RULE + BREACHES)


def _earned(here: Year, person: Actor | None = None, by: Actor | None = None) -> UUID:
    """Let somebody attend, the member by default; the number of the points that wait."""
    payee = person or here.compound.member
    act = here.attends(60, payee, by=by)
    return uuid5(act.id, f"bank:service {who(payee)}")


# --- points that wait ----------------------------------------------------------------------------------


def test_points_wait_until_somebody_else_confirms_them(here: Year) -> None:
    credit = _earned(here, by=here.compound.keeper)
    assert here.free() == 0
    for actor, why in (
        (here.compound.keeper, "you made the act"),
        (None, "say who decides it"),
    ):
        with pytest.raises(Refused, match=why):
            here.district.make(credit, "confirm", actor=actor)
    here.district.make(credit, "confirm", actor=here.compound.second_keeper)
    assert here.free() == 4
    (line,) = here.district.award.statement(who(here.compound.member))
    assert (line.rule, line.cause_verb, line.verb) == ("bank:service", "seat.attend", "credit.confirm")


def test_nobody_confirms_their_own(here: Year) -> None:
    credit = _earned(here, here.compound.second_keeper)
    with pytest.raises(Refused, match="it is about you"):
        here.district.make(credit, "confirm", actor=here.compound.second_keeper)


def test_a_rejection_has_a_reason_and_is_taken_up_again_by_another(here: Year) -> None:
    credit = _earned(here)
    with pytest.raises(Refused, match="reason is missing"):
        here.district.make(credit, "reject", actor=here.compound.keeper)
    here.district.make(credit, "reject", {"reason": "没来"}, actor=here.compound.keeper)
    assert here.district.subject(credit).outcome == "rejected"
    officer = somebody(here.district, "officer", here.compound.place)
    here.district.make(credit, "take_up_again", {"reason": "来了"}, actor=officer)
    here.district.make(credit, "confirm", actor=here.compound.keeper)
    assert here.free() == 4


def test_the_cap_is_the_one_of_the_month_in_which_it_was_earned(here: Year) -> None:
    here.on("2026-03-30")
    for _ in range(3):
        here.attends(60)
    here.on("2026-04-02")
    here.attends(60)
    for credit in all_of(here.district, "credit"):
        here.district.make(credit.id, "confirm", actor=here.compound.keeper)
    assert here.free() == 10 + 4


def test_points_that_nobody_confirms_are_late_and_never_paid(here: Year) -> None:
    credit = _earned(here)
    here.on("2026-03-15")
    Worker(here.district).run_once(now=here.compound.clock.now)
    assert "credit.late" in [act.verb for act in here.district.history(credit)]
    assert (here.free(), here.district.subject(credit).state) == (0, "pending")


def test_a_change_of_the_rules_revalues_nothing(new_district: Callable[..., District]) -> None:
    """The same rule is worth more from July: what was earned before stays, confirmed late or entered late."""
    first = RULE.replace("confirm = true", "confirm = true\nuntil = 2026-06-30")
    then = RULE.replace("points = 4", "points = 9").replace(
        "confirm = true", "confirm = true\nsince = 2026-07-01"
    )
    here = year(new_district, first + then)
    here.on("2026-06-30")
    here.attends(60)
    here.on("2026-07-01")
    here.attends(60)
    late = here.compound.clock.now - timedelta(days=2)
    member = who(here.compound.member)
    seat = here.district.start("seat", "sign_up", here.compound.place, person=member, at=late)
    here.district.make(seat.subject, "attend", {"minutes": 60}, at=late)
    points = sorted(one.record.points for one in all_of(here.district, "credit"))
    assert points == [4, 4, 9]


class Credits(AtABank):
    """Every move of points that wait, by everybody."""

    examples = 25
    steps = 6

    def __init__(self, here: Year) -> None:
        some = {name: here.compound.actors[name] for name in ("keeper", "second_keeper", "member")}
        officer = somebody(here.district, "officer", here.compound.place)
        super().__init__(here.district, {**some, "officer": officer, "linli": ENGINE_ACTOR})
        self.here = here
        self.paid_before = 0

    def opened(self) -> UUID:
        self.here.compound.clock.now += timedelta(days=31)  # another month, so that no cap cuts it
        self.paid_before = self.here.free()
        return _earned(self.here, by=self.here.compound.keeper)

    def holds(self, root: UUID, tried: list[Tried]) -> None:
        state = self.district.subject(root).state
        assert self.here.free() - self.paid_before == (4 if state == "confirmed" else 0)
        for one in tried:
            if one.act and one.move.name in ("confirm", "reject"):
                assert one.actor in ("second_keeper", "officer"), "never by whoever made the act"


def test_whatever_is_tried_points_are_paid_once_and_only_when_confirmed(here: Year) -> None:
    tried = Credits(here).explore()
    assert {one.move.name for one in tried if one.act} >= {"confirm", "reject"}
    assert here.district.award.audit().problems == ()


# --- breaches ------------------------------------------------------------------------------------------


def _reported(here: Year) -> UUID:
    member = who(here.compound.member)
    return here.compound.bank.report_breach(member, "smoking", "抽烟", actor=here.compound.keeper).subject


def _worth(here: Year) -> int:
    """What an act of the member's earns now."""
    return int(here.district.subject(_earned(here)).record.points)


def test_a_breach_lowers_nothing_until_a_second_person_confirms_it(here: Year) -> None:
    breach = _reported(here)
    assert _worth(here) == 4
    with pytest.raises(NotAllowed, match="already acted in this matter"):
        here.district.make(breach, "confirm", actor=here.compound.keeper)
    here.district.make(breach, "confirm", actor=here.compound.second_keeper)
    assert _worth(here) == 2
    second = _reported(here)
    here.district.make(second, "confirm", actor=here.compound.second_keeper)
    assert _worth(here) == 1
    here.compound.clock.now += timedelta(days=10)
    assert _worth(here) == 4, "its days are over, though no worker has ended it"
    Worker(here.district).run_once(now=here.compound.clock.now)
    assert here.district.subject(breach).state == "over"


def test_a_breach_that_is_dismissed_or_lifted_counts_no_more(here: Year) -> None:
    dismissed, lifted = _reported(here), _reported(here)
    here.district.make(dismissed, "dismiss", {"reason": "查无实据"}, actor=here.compound.second_keeper)
    here.district.make(lifted, "confirm", actor=here.compound.second_keeper)
    officer = somebody(here.district, "officer", here.compound.place)
    assert _worth(here) == 2
    here.district.make(lifted, "lift", {"reason": "已改正"}, actor=officer)
    assert _worth(here) == 4


def test_only_breaches_that_the_district_knows_by_its_own_factor(here: Year) -> None:
    member, place = who(here.compound.member), here.compound.place
    with pytest.raises(Refused, match="knows no such breach; it knows: smoking"):
        here.compound.bank.report_breach(member, "singing", "x", actor=here.compound.keeper)
    values = {"kind": "smoking", "reason": "x", "factor": "0", "days": 900}
    with pytest.raises(Refused, match="worked out by linli"):
        here.district.start("breach", "report", place, values, person=member)
    with pytest.raises(Refused, match="it is about you"):
        here.compound.bank.report_breach(
            who(here.compound.second_keeper), "smoking", "x", actor=here.compound.second_keeper
        )


class Breaches(AtABank):
    """Every move of a breach, by everybody."""

    examples = 25
    steps = 6

    def __init__(self, here: Year) -> None:
        some = {name: here.compound.actors[name] for name in ("keeper", "second_keeper", "member")}
        officer = somebody(here.district, "officer", here.compound.place)
        super().__init__(here.district, {**some, "officer": officer, "linli": ENGINE_ACTOR})
        self.here = here

    def opened(self) -> UUID:
        self.here.compound.clock.now += timedelta(days=40)  # whatever stood is over
        return _reported(self.here)

    def holds(self, root: UUID, tried: list[Tried]) -> None:
        made = [one for one in tried if one.act]
        for one in made:
            assert one.actor != "member", "nobody decides about themselves"
            assert one.move.name != "confirm" or one.actor in ("second_keeper", "officer")
        stands = self.district.subject(root).state == "standing"
        with self.district.store.transaction() as transaction:
            facts = Facts(transaction, self.district.rules.constants, self.district.now())
            assert factor_of(facts, who(self.here.compound.member)) == (Fraction(1, 2) if stands else 1)


def test_whatever_is_tried_a_breach_counts_only_while_it_stands(here: Year) -> None:
    tried = Breaches(here).explore()
    assert {one.move.name for one in tried if one.act} >= {"confirm", "dismiss"}
