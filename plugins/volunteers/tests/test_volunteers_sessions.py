"""Sessions: planned, signed up for, waited for, begun, held; cancelled and postponed."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from linli import District, NotAllowed, OpenOrder, PlaceId, Refused
from linli.testing import snapshot, who
from linli_volunteers.sessions import Plan, SessionFlow
from linli_volunteers.testing import VolunteerCompound, volunteer_compound


@pytest.fixture
def compound(new_district: Callable[..., District]) -> VolunteerCompound:
    return volunteer_compound(new_district)


# --- planning --------------------------------------------------------------------------------------------


def test_a_session_takes_the_districts_number_of_places_and_says_whose_kind_it_is(
    new_district: Callable[..., District],
) -> None:
    compound = volunteer_compound(new_district, "[volunteers]\ncapacity = 7\n")
    starts = compound.clock.now + timedelta(hours=1)
    for kind, by_bank in (("cleaning", False), ("wish", True), ("civility", True)):
        given = Plan(kind=kind, title="x", meet_at="y", starts_at=starts, ends_at=starts + timedelta(hours=1))
        order = SessionFlow.plan.at(PlaceId(compound.place), given)
        act = compound.district.perform(order, actor=compound.leader)
        record = compound.district.subject(act.subject).record
        assert (record.capacity, record.kind, record.run_by_bank) == (7, kind, by_bank)


def test_who_plans_may_say_otherwise_who_runs_it(compound: VolunteerCompound) -> None:
    session = compound.planned(run_by_bank=True)
    assert compound.district.subject(session).record.run_by_bank


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"hours": -1}, "begin in the past"),
        ({"lasts": 0}, "ends after it begins"),
        ({"lasts": 9}, "lasts 8 hours at most"),
        ({"capacity": 0}, "1 to 300 places"),
        ({"capacity": 301}, "1 to 300 places"),
        ({"postponed_from": UUID(int=7)}, "worked out by linli"),
    ],
)
def test_an_impossible_session_is_not_planned(
    compound: VolunteerCompound, given: dict[str, float], reason: str
) -> None:
    before = snapshot(compound.district)
    with pytest.raises(Refused, match=reason):
        compound.planned(**given)  # type: ignore[arg-type]
    assert snapshot(compound.district) == before


def test_a_kind_that_the_district_does_not_have_is_refused(compound: VolunteerCompound) -> None:
    with pytest.raises(Refused, match="kind must be one of policy, epidemic"):
        compound.planned(kind="dancing")


def test_only_leaders_plan(compound: VolunteerCompound) -> None:
    for actor in (compound.ann, compound.resident, compound.steward):
        with pytest.raises(NotAllowed):
            compound.planned(actor=actor)


# --- signing up --------------------------------------------------------------------------------------------


def test_who_comes_when_all_places_are_taken_waits_and_moves_up_when_somebody_leaves(
    compound: VolunteerCompound,
) -> None:
    session = compound.opened(compound.ann, compound.ben, compound.cai, capacity=1)
    assert compound.states(session) == ["signed_up", "waiting", "waiting"]
    assert compound.places(session) == (0, 1, 0)
    compound.volunteers.leave(session, who(compound.ann), actor=compound.ann)
    assert compound.states(session) == ["left", "signed_up", "waiting"]
    assert compound.places(session) == (0, 1, 0)
    assert compound.district.award.audit().problems == ()


def test_whoever_left_and_comes_back_waits_behind_the_others(compound: VolunteerCompound) -> None:
    session = compound.opened(compound.ann, compound.ben, compound.cai, capacity=1)
    compound.volunteers.leave(session, who(compound.ann), actor=compound.ann)
    compound.clock.now += timedelta(minutes=1)
    compound.sign_up(session, compound.ann)
    compound.volunteers.leave(session, who(compound.ben), actor=compound.ben)
    seats = {seat.person: seat.state for seat in compound.volunteers.roster(session)}
    assert seats == {
        who(compound.ben): "left",
        who(compound.cai): "signed_up",
        who(compound.ann): "waiting",
    }


def test_more_places_let_those_who_wait_longest_move_up(compound: VolunteerCompound) -> None:
    people = [compound.volunteer() for _ in range(5)]
    session = compound.opened(*people, capacity=1)
    compound.district.make(session, "enlarge", {"more": 2}, actor=compound.leader)
    assert compound.states(session) == ["signed_up"] * 3 + ["waiting"] * 2
    assert compound.places(session) == (0, 3, 0)
    for wrong in ({"more": 0}, {"more": 1, "capacity": 99}, {"more": 500}):
        with pytest.raises(Refused):
            compound.district.make(session, "enlarge", wrong, actor=compound.leader)


def test_who_stops_waiting_takes_no_place_and_gives_none_back(compound: VolunteerCompound) -> None:
    session = compound.opened(compound.ann, compound.ben, capacity=1)
    compound.volunteers.leave(session, who(compound.ben), actor=compound.ben)
    assert compound.states(session) == ["signed_up", "left"]
    assert compound.places(session) == (0, 1, 0)


def test_a_waiting_list_has_an_end(new_district: Callable[..., District]) -> None:
    compound = volunteer_compound(new_district, "[volunteers]\nmost_waiting = 1\n")
    session = compound.opened(compound.ann, compound.ben, capacity=1)
    with pytest.raises(Refused, match="all places are taken, and 1 people wait already"):
        compound.sign_up(session, compound.cai)


def test_somebody_signs_up_for_a_session_once(compound: VolunteerCompound) -> None:
    session = compound.opened(compound.ann)
    with pytest.raises(Refused, match="signed up for this session already"):
        compound.sign_up(session, compound.ann)


def test_a_place_is_taken_by_its_own_key_only(compound: VolunteerCompound) -> None:
    session = compound.opened()
    order = OpenOrder(
        workflow="seat",
        move="sign_up",
        place=compound.place,
        parent=session,
        key="another",
        person=who(compound.ann),
    )
    with pytest.raises(Refused, match="which gives it its key"):
        compound.district.perform(order, actor=compound.ann)
    with pytest.raises(Refused, match="a place is at a session"):
        compound.district.start("seat", "sign_up", compound.place, person=who(compound.ann))


def test_nobody_is_at_two_sessions_at_once_and_one_after_the_other_is_fine(
    compound: VolunteerCompound,
) -> None:
    first = compound.opened(compound.ann, hours=24, lasts=2)
    overlapping = compound.opened(hours=25, lasts=2)
    next_one = compound.opened(hours=26, lasts=2)
    with pytest.raises(Refused, match=f"another session at that time: {first}"):
        compound.sign_up(overlapping, compound.ann)
    compound.sign_up(next_one, compound.ann)
    compound.volunteers.leave(first, who(compound.ann), actor=compound.ann)
    with pytest.raises(Refused, match=f"another session at that time: {next_one}"):
        compound.sign_up(overlapping, compound.ann)


def test_who_waits_for_one_session_is_not_signed_up_for_another_at_that_time(
    compound: VolunteerCompound,
) -> None:
    full = compound.opened(compound.ben, compound.ann, capacity=1)
    other = compound.opened()
    with pytest.raises(Refused, match="another session at that time"):
        compound.sign_up(other, compound.ann)
    compound.volunteers.leave(full, who(compound.ann), actor=compound.ann)
    compound.sign_up(other, compound.ann)


def test_only_volunteers_sign_up_unless_the_district_lets_everybody(
    new_district: Callable[..., District],
) -> None:
    compound = volunteer_compound(new_district)
    session = compound.opened()
    with pytest.raises(Refused, match="only members of a volunteer organisation"):
        compound.sign_up(session, compound.resident)
    everybody = volunteer_compound(new_district, "[volunteers]\nvolunteers_only = false\n")
    session = everybody.opened(everybody.resident)
    assert everybody.states(session) == ["signed_up"]


def test_whoever_is_no_volunteer_any_more_does_not_sign_up(compound: VolunteerCompound) -> None:
    compound.district.register.end_tie(who(compound.ann), "volunteer", compound.organisation)
    compound.clock.now += timedelta(days=1)
    session = compound.opened()
    with pytest.raises(Refused, match="only members"):
        compound.sign_up(session, compound.ann)


def test_nobody_signs_another_up_but_a_leader(compound: VolunteerCompound) -> None:
    session = compound.opened()
    with pytest.raises(NotAllowed):
        compound.volunteers.sign_up(session, who(compound.ann), actor=compound.ben)
    compound.volunteers.sign_up(session, who(compound.ann), actor=compound.leader)
    with pytest.raises(Refused, match="say why"):
        compound.volunteers.leave(session, who(compound.ann), actor=compound.leader)
    compound.volunteers.leave(session, who(compound.ann), "生病", actor=compound.leader)


def test_nobody_signs_up_before_it_is_open_or_after_it_has_begun(compound: VolunteerCompound) -> None:
    planned = compound.planned()
    with pytest.raises(Refused, match="not open for sign-up"):
        compound.sign_up(planned, compound.ann)
    begun = compound.begun(compound.ben, capacity=2)
    with pytest.raises(Refused, match="a leader enters those who just come"):
        compound.sign_up(begun, compound.ann)
    compound.volunteers.sign_up(begun, who(compound.ann), actor=compound.leader)
    assert compound.states(begun) == ["signed_up", "signed_up"], "who just comes is entered by a leader"


def test_once_it_has_begun_nobody_moves_up_unknowingly_and_a_leader_admits(
    compound: VolunteerCompound,
) -> None:
    session = compound.begun(compound.ann, compound.ben, compound.cai, capacity=1)
    with pytest.raises(Refused, match="it has begun"):
        compound.volunteers.leave(session, who(compound.ann), actor=compound.ann)
    compound.volunteers.leave(session, who(compound.ann), "生病", actor=compound.leader)
    assert compound.states(session) == ["left", "waiting", "waiting"]
    seat = compound.volunteers.seat(session, who(compound.cai)).id
    compound.district.make(seat, "admit", actor=compound.leader)
    assert compound.states(session) == ["left", "waiting", "signed_up"]
    with pytest.raises(Refused, match="linli session enlarge"):
        compound.district.make(
            compound.volunteers.seat(session, who(compound.ben)).id, "admit", actor=compound.leader
        )


# --- its end ---------------------------------------------------------------------------------------------


def test_a_session_does_not_begin_before_check_in_opens(compound: VolunteerCompound) -> None:
    session = compound.opened(compound.ann)
    compound.clock.now += timedelta(hours=23, minutes=29)
    with pytest.raises(Refused, match="it is too early"):
        compound.district.make(session, "begin", actor=compound.leader)
    compound.clock.now += timedelta(minutes=1)
    compound.district.make(session, "begin", actor=compound.leader)


def test_whoever_did_not_come_was_absent_and_whoever_waited_had_no_place(
    compound: VolunteerCompound,
) -> None:
    session = compound.begun(compound.ann, compound.ben, compound.cai, capacity=2)
    compound.check_in(session, compound.ann)
    compound.pass_time(minutes=60)
    compound.check_out(session, compound.ann)
    compound.district.make(session, "hold", actor=compound.leader)
    assert compound.states(session) == ["attended", "absent", "not_placed"]
    assert compound.places(session) == (0, 0, 2)


def test_hours_are_not_confirmed_while_somebody_is_still_checked_in(compound: VolunteerCompound) -> None:
    session = compound.begun(compound.ann)
    compound.check_in(session, compound.ann)
    with pytest.raises(Refused, match="1 people have not checked out"):
        compound.district.make(session, "hold", actor=compound.leader)


def test_a_session_that_nobody_attended_is_cancelled_not_held(compound: VolunteerCompound) -> None:
    session = compound.begun(compound.ann)
    with pytest.raises(Refused, match="nobody attended; cancel it instead"):
        compound.district.make(session, "hold", actor=compound.leader)


def test_nobody_confirms_their_own_hours(compound: VolunteerCompound) -> None:
    session = compound.begun(compound.second_leader)
    compound.check_in(session, compound.second_leader)
    compound.pass_time(minutes=30)
    compound.check_out(session, compound.second_leader)
    with pytest.raises(Refused, match="you have hours in it yourself"):
        compound.district.make(session, "hold", actor=compound.second_leader)
    compound.district.make(session, "hold", actor=compound.leader)


@pytest.mark.parametrize("when", ["planned", "sign_up", "under_way"])
def test_a_cancelled_session_says_why_and_gives_every_place_back(
    compound: VolunteerCompound, when: str
) -> None:
    session = compound.planned(capacity=1)
    if when != "planned":
        compound.district.make(session, "open", actor=compound.leader)
        for actor in (compound.ann, compound.ben):
            compound.sign_up(session, actor)
    if when == "under_way":
        compound.clock.now += timedelta(hours=24)
        compound.district.make(session, "begin", actor=compound.leader)
        compound.check_in(session, compound.ann)
    with pytest.raises(Refused, match="reason is missing"):
        compound.district.make(session, "cancel", actor=compound.leader)
    compound.district.make(session, "cancel", {"reason": "下雨"}, actor=compound.leader)
    assert compound.state(session) == "cancelled"
    assert set(compound.states(session)) <= {"called_off"}
    assert compound.places(session) == ((0, 0, 0) if when == "planned" else (1, 0, 0))


def test_a_postponed_session_goes_on_as_another_that_everybody_signs_up_for_anew(
    compound: VolunteerCompound,
) -> None:
    session = compound.opened(compound.ann, capacity=3)
    starts = compound.clock.now + timedelta(days=8)
    when = {"new_starts_at": starts, "new_ends_at": starts + timedelta(hours=2)}
    with pytest.raises(Refused, match="reason is missing"):
        compound.district.make(session, "postpone", when, actor=compound.leader)
    at_once = {"new_starts_at": starts, "new_ends_at": starts, "reason": "下雨"}
    was = compound.district.subject(session).record.starts_at
    with pytest.raises(Refused, match="ends after it begins"):
        compound.district.make(session, "postpone", at_once, actor=compound.leader)
    compound.district.make(session, "postpone", {**when, "reason": "下雨"}, actor=compound.leader)
    after = compound.volunteers.postponed_to(session)
    assert (compound.state(session), compound.states(session)) == ("postponed", ["called_off"])
    assert (after.state, after.record.postponed_from, after.record.starts_at) == ("sign_up", session, starts)
    assert after.record.capacity == 3
    assert compound.district.subject(session).record.starts_at == was
    compound.sign_up(after.id, compound.ann)
