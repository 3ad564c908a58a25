"""Redemption windows: approved by a second person, open for their days, whoever tries."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import strategies as st

from linli import ENGINE_ACTOR, District, NotAllowed, Refused, StoredSubject
from linli._district.worker import Worker
from linli._model.compiled import Move
from linli.testing import Tried, a_place, somebody
from linli_bank.redemptions import HandOver, RedemptionFlow
from linli_bank.testing import AtABank, open_bank, who
from linli_bank.testing.year import Year, year

OPENING = "[[bank.ledgers]]\nopening = true\n"


@pytest.fixture
def here(new_district: Callable[..., District]) -> Year:
    return year(new_district, OPENING)


FIRST, LAST = date(2026, 3, 5), date(2026, 3, 8)


def _proposed(
    here: Year, scored: str = "2025-H2", first: date = FIRST, last: date = LAST, **more: Any
) -> UUID:
    given = {"scored": scored, "first": first, "last": last}
    place, actor = more.get("place", here.compound.place), more.get("actor", here.compound.keeper)
    return here.district.start("redemption_window", "propose", place, given, actor=actor).subject


def test_a_window_is_approved_by_an_officer_and_ends_by_itself(here: Year) -> None:
    here.compound.give(50)
    gift, window = here.compound.offer(), _proposed(here)
    officer = somebody(here.district, "officer", here.compound.place)
    with pytest.raises(NotAllowed):
        here.district.make(window, "approve", actor=here.compound.second_keeper)
    with pytest.raises(Refused, match="say who decides it"):
        here.district.make(window, "approve")
    here.district.make(window, "approve", actor=officer)
    with pytest.raises(Refused, match="redemption is not open here now"):
        here.compound.order(gift)
    here.on("2026-03-08", 23)
    order = here.compound.order(gift)
    with pytest.raises(Refused, match="its time is not over"):
        here.district.make(window, "end", actor=ENGINE_ACTOR)
    here.on("2026-03-09", 0)
    Worker(here.district).run_once(now=here.compound.clock.now)
    assert here.district.subject(window).state == "over"
    with pytest.raises(Refused, match="redemption is not open here now"):
        here.compound.order(gift)
    code = here.compound.bank.code(order)
    here.compound.district.perform(
        RedemptionFlow.hand_over(RedemptionFlow.ref(order), HandOver(code=code)), actor=here.compound.keeper
    )  # what was ordered is still fetched


def test_a_window_that_is_closed_early_opens_nothing(here: Year) -> None:
    window = _proposed(here)
    officer = somebody(here.district, "officer", here.compound.place)
    here.district.make(window, "approve", actor=officer)
    here.on("2026-03-06")
    here.district.make(window, "close", {"reason": "缺货"}, actor=officer)
    (why,) = here.compound.bank.may_not_redeem(who(here.compound.member), here.compound.place)
    assert "no redemption window is approved for today" in str(why)


def test_a_window_of_the_street_opens_its_compounds_and_no_others(
    new_district: Callable[..., District],
) -> None:
    here = year(new_district, OPENING)
    street = a_place(here.district, "城南街道", kind="street")
    below = a_place(here.district, "锦绣里", parent=street, path=f"{street.hex}/")
    officer = somebody(here.district, "officer", street)
    open_bank(here.district, below)
    days = (date(2026, 3, 2), date(2026, 3, 3))
    window = _proposed(here, "2025", *days, place=street, actor=None)
    here.district.make(window, "approve", actor=officer)
    member = who(here.compound.member)
    assert here.compound.bank.may_not_redeem(member, below) == ()
    assert here.compound.bank.may_not_redeem(member, here.compound.place) != ()


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"scored": "2026-Q1"}, "2026-Q1 is not over yet"),
        ({"scored": "2025-H3"}, "is no period"),
        ({"scored": "0000"}, "is no period"),
        ({"first": date(2026, 3, 9)}, "the first day is after the last one"),
        ({"first": date(2026, 2, 1), "last": date(2026, 3, 1)}, "the last day is in the past"),
    ],
)
def test_a_window_is_of_a_period_that_is_over_and_of_days_to_come(
    here: Year, fields: dict[str, Any], why: str
) -> None:
    with pytest.raises(Refused, match=why):
        _proposed(here, **fields)


def test_a_window_is_for_a_ledger_that_waits_for_one(new_district: Callable[..., District]) -> None:
    here = year(new_district, "")
    with pytest.raises(Refused, match="waits for no approval"):
        _proposed(here)


class Windows(AtABank):
    """Every move of a window, by everybody."""

    examples = 25
    steps = 6

    def __init__(self, here: Year) -> None:
        officers = {
            name: somebody(here.district, "officer", here.compound.place) for name in ("one", "two", "three")
        }
        some = {"keeper": here.compound.keeper, "member": here.compound.member, "linli": ENGINE_ACTOR}
        super().__init__(here.district, {**officers, **some})
        self.here = here
        self.known: list[UUID] = []

    def opened(self) -> UUID:
        self.known.append(_proposed(self.here, "2025", date(2026, 3, 2), actor=self.actors["one"]))
        return self.known[-1]

    def values(self, move: Move, subject: StoredSubject) -> Mapping[str, st.SearchStrategy[Any]]:
        return {"decided_in": st.none()}

    def holds(self, root: UUID, tried: list[Tried]) -> None:
        assert all(one.actor != "one" for one in tried if one.act and one.move.name == "approve")
        opens = any(self.district.subject(one).state == "approved" for one in self.known)
        why = self.here.compound.bank.may_not_redeem(who(self.here.compound.member), self.here.compound.place)
        assert (why == ()) == opens


def test_whatever_is_tried_redemption_is_open_only_while_a_window_is_approved(here: Year) -> None:
    tried = Windows(here).explore()
    assert {one.move.name for one in tried if one.act} >= {"approve", "refuse", "withdraw"}
