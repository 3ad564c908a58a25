"""Clocks: closing over weekends, holidays and make-up Saturdays; certifying in service hours, then the ladder."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from linli import ENGINE_ACTOR, District, Private, Refused
from linli._engine.orders import Overdue
from linli.testing import somebody
from linli_owners_vote.steps import Extend
from linli_owners_vote.testing import QUIET, VoteCompound, vote_compound
from linli_owners_vote.workflow import VoteFlow

SHANGHAI = ZoneInfo("Asia/Shanghai")
LADDER = '\n[dispatch]\nladder = ["branch_secretary", "officer", "district_officer"]\nladder_again = "4h"\n'


def at(text: str) -> datetime:
    """A moment on the district's wall clock: "2025-09-30 16:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def _opened(compound: VoteCompound, when: str) -> UUID:
    """A vote that opens at a moment."""
    compound.clock.now = at(when) - timedelta(days=15)
    return compound.opened()


def _work_until(compound: VoteCompound, when: str) -> None:
    compound.clock.now = at(when)
    while compound.district.worker.run_once(now=compound.clock.now):
        pass


def _state(compound: VoteCompound, vote: UUID) -> str:
    return compound.district.subject(vote).state


@pytest.mark.parametrize(
    ("opens", "closes"),
    [
        ("2025-09-01 09:00", "2025-09-16 09:00"),  # a Tuesday
        ("2025-09-05 09:00", "2025-09-22 09:00"),  # a Saturday off: the Monday after it
        ("2025-09-13 09:00", "2025-09-28 09:00"),  # the Sunday that is worked for National Day
        ("2025-09-18 09:00", "2025-10-09 09:00"),  # within National Day and Mid-Autumn, 1 to 8 October
        ("2025-09-26 09:00", "2025-10-11 09:00"),  # the Saturday that is worked for it
    ],
)
def test_a_vote_closes_on_a_working_day_at_the_hour_at_which_it_opened(
    new_district: Callable[..., District], opens: str, closes: str
) -> None:
    compound = vote_compound(new_district, homes=("101",))
    vote = _opened(compound, opens)
    assert compound.district.subject(vote).record.until == at(closes)
    just_before = at(closes) - timedelta(minutes=1)
    _work_until(compound, f"{just_before:%Y-%m-%d %H:%M}")
    assert _state(compound, vote) == "open"
    compound.cast(vote, "101")
    _work_until(compound, closes)
    assert _state(compound, vote) == "closed"


def test_a_district_can_close_votes_on_any_day(new_district: Callable[..., District]) -> None:
    compound = vote_compound(new_district, QUIET + "ends_on_working_day = false\n", homes=("101",))
    vote = _opened(compound, "2025-09-18 09:00")
    assert compound.district.subject(vote).record.until == at("2025-10-03 09:00")


def test_a_closing_that_comes_late_lets_nobody_vote_meanwhile(new_district: Callable[..., District]) -> None:
    compound = vote_compound(new_district, homes=("101",))
    vote = _opened(compound, "2025-09-01 09:00")
    compound.clock.now = at("2025-09-16 10:00")
    assert _state(compound, vote) == "open", "no worker has run yet"
    with pytest.raises(Refused, match="this vote has closed"):
        compound.cast(vote, "101")


def test_linli_itself_closes_nothing_before_its_time(new_district: Callable[..., District]) -> None:
    compound = vote_compound(new_district, homes=("101",))
    vote = _opened(compound, "2025-09-01 09:00")
    with pytest.raises(Refused, match="its time is not over"):
        compound.district.make(vote, "close", actor=ENGINE_ACTOR)


def test_an_extended_vote_closes_at_its_new_end_and_the_old_timer_does_nothing(
    new_district: Callable[..., District],
) -> None:
    compound = vote_compound(new_district, QUIET + "extension = true\n", homes=("101",))
    vote = _opened(compound, "2025-09-01 09:00")
    old = compound.district.subject(vote).clocks["voting"].turn
    compound.district.perform(
        VoteFlow.extend(VoteFlow.ref(vote), Extend(until=at("2025-09-18 18:00"), reason=Private("台风"))),
        actor=compound.member,
    )
    _work_until(compound, "2025-09-18 17:59")
    assert _state(compound, vote) == "extended"
    with pytest.raises(Refused, match="has moved on"):
        compound.district.perform(Overdue(subject=vote, clock="voting", turn=old), actor=ENGINE_ACTOR)
    _work_until(compound, "2025-09-18 18:00")
    assert _state(compound, vote) == "closed"


def test_a_result_that_is_not_certified_in_time_climbs_the_ladder_and_silence_certifies_nothing(
    new_district: Callable[..., District],
) -> None:
    more = QUIET + 'certify_within = "6h"\n' + LADDER
    compound = vote_compound(new_district, more, homes=("101",))
    for role in ("branch_secretary", "district_officer"):
        somebody(compound.district, role, compound.place)
    vote = _opened(compound, "2025-09-15 09:30")
    # It closes on Tuesday 30 September at 9:30: 5.5 service hours to the holidays, half an hour after them.
    _work_until(compound, "2025-09-30 09:30")
    due = compound.district.subject(vote).clocks["certifying"].due
    assert due == at("2025-10-09 09:00")
    _work_until(compound, "2025-10-09 08:59")
    compound.count(vote)
    assert compound.district.subject(vote).clocks["certifying"].due == due, "counting does not restart it"
    for moment in ("2025-10-09 09:00", "2025-10-09 15:30", "2025-10-10 10:30", "2025-10-31 17:00"):
        _work_until(compound, moment)
    late = [
        (f"{act.at.astimezone(SHANGHAI):%m-%d %H:%M}", act.body["rung"])
        for act in compound.district.history(vote)
        if act.verb == "owners_vote.late" and act.body["clock"] == "certifying"
    ]
    assert late == [
        ("10-09 09:00", "branch_secretary"),
        ("10-09 15:30", "officer"),
        ("10-10 10:30", "district_officer"),
    ]
    assert _state(compound, vote) == "counted"
    compound.district.perform(VoteFlow.certify(VoteFlow.ref(vote)), actor=compound.second_teller)
    assert compound.district.subject(vote).clocks["certifying"].due is None
