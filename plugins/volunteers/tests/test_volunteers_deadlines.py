"""Sessions that nobody began or closed: late, over weekends and holidays; silence decides nothing."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from linli import ENGINE_ACTOR, District, NotAllowed
from linli_volunteers.testing import VolunteerCompound, volunteer_compound


@pytest.fixture
def compound(new_district: Callable[..., District]) -> VolunteerCompound:
    return volunteer_compound(new_district)


def _rungs(compound: VolunteerCompound, session: UUID) -> list[str]:
    history = compound.district.history(session)
    return [act.body["rung"] for act in history if act.verb == "session.late"]


def test_a_session_that_nobody_began_climbs_the_ladder_and_stays_open(compound: VolunteerCompound) -> None:
    session = compound.opened(compound.ann)
    compound.pass_time(hours=25, minutes=59)
    assert _rungs(compound, session) == []
    compound.pass_time(minutes=1)
    assert _rungs(compound, session) == ["volunteer_leader"]
    compound.pass_time(hours=24)
    compound.pass_time(hours=24)
    compound.pass_time(hours=240)
    assert _rungs(compound, session) == ["volunteer_leader", "branch_secretary", "officer"]
    assert compound.state(session) == "sign_up", "silence decides nothing"


def test_a_session_that_nobody_closed_is_late_after_service_hours_over_a_holiday(
    compound: VolunteerCompound,
) -> None:
    """Two service days of six and a half hours after noon of Wednesday, 30 September 2026; 1 to 7 October are closed."""
    hours = (compound.at("2026-09-30 10:00") - compound.clock.now) / timedelta(hours=1)
    session = compound.begun(compound.ann, hours=hours, lasts=2)
    due = compound.district.subject(session).clocks["close"].due
    assert due is not None
    # From 12:00: three hours on the 30th, six and a half on the 8th, three and a half on the 9th.
    assert due == compound.at("2026-10-09 12:00")
    compound.pass_time(hours=(due - compound.clock.now) / timedelta(hours=1) - 0.1)
    assert _rungs(compound, session) == []
    compound.pass_time(hours=0.2)
    assert _rungs(compound, session) == ["volunteer_leader"]


def test_a_make_up_saturday_counts_and_a_weekend_does_not(compound: VolunteerCompound) -> None:
    """Saturday, 10 October 2026 is worked; Sunday is not."""
    hours = (compound.at("2026-10-09 15:30") - compound.clock.now) / timedelta(hours=1)
    session = compound.begun(compound.ann, hours=hours, lasts=2)
    # From Friday 17:30: a whole day on the Saturday, another on Monday.
    assert compound.district.subject(session).clocks["close"].due == compound.at("2026-10-12 17:30")


def test_linli_itself_decides_nothing_about_a_session(compound: VolunteerCompound) -> None:
    session = compound.begun(compound.ann)
    for move in ("hold", "cancel"):
        with pytest.raises(NotAllowed):
            compound.district.make(session, move, {}, actor=ENGINE_ACTOR)
