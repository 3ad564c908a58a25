"""Check-in and check-out by a code or by hand; minutes counted, put right, annulled."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli import Actor, District, NotAllowed, Refused, new_id
from linli._store import tables as t
from linli.testing import snapshot, somebody, who
from linli_volunteers.codes import code_at, code_fits
from linli_volunteers.settings import VolunteerSettings
from linli_volunteers.testing import VolunteerCompound, volunteer_compound


@pytest.fixture
def compound(new_district: Callable[..., District]) -> VolunteerCompound:
    return volunteer_compound(new_district)


# --- codes -----------------------------------------------------------------------------------------------


def _commit(text: str, context: str) -> str:
    return sha256(f"{context} {text}".encode()).hexdigest()


@given(
    every=st.integers(10, 3600),
    valid=st.integers(0, 3600),
    shown=st.integers(0, 10**9),
    later=st.floats(0, 10_000, allow_nan=False),
)
def test_a_code_is_taken_for_as_long_as_the_district_says_and_no_longer(
    every: int, valid: int, shown: int, later: float
) -> None:
    settings = VolunteerSettings(
        code_every=timedelta(seconds=every), code_valid_for=timedelta(seconds=every + valid)
    )
    session, moment = new_id(), datetime.fromtimestamp(shown).astimezone()
    code = code_at(_commit, session, "check-in", moment, settings)
    assert moment < code.changes_at <= code.until
    used = moment + timedelta(seconds=later)
    assert code_fits(code.text, _commit, session, "check-in", used, settings) == (used < code.until)
    assert not code_fits(code.text, _commit, session, "check-out", moment, settings)
    assert not code_fits(code.text, _commit, new_id(), "check-in", moment, settings)


def test_a_code_checks_a_volunteer_in_once(compound: VolunteerCompound) -> None:
    session = compound.begun(compound.ann, compound.ben)
    code = compound.code(session)
    compound.volunteers.check_in(session, who(compound.ann), code, actor=compound.ann)
    before = snapshot(compound.district)
    with pytest.raises(Refused, match="is checked in, so it cannot be done: check in"):
        compound.volunteers.check_in(session, who(compound.ann), code, actor=compound.ann)
    assert snapshot(compound.district) == before
    compound.volunteers.check_in(session, who(compound.ben), code, actor=compound.ben)


def test_a_photograph_of_a_code_is_worth_nothing_two_minutes_later_or_a_day(
    compound: VolunteerCompound,
) -> None:
    session = compound.begun(compound.ann, lasts=8)
    code = compound.code(session)
    for minutes in (2, 60):
        compound.clock.now += timedelta(minutes=minutes)
        with pytest.raises(Refused, match="the code is wrong or has passed"):
            compound.volunteers.check_in(session, who(compound.ann), code, actor=compound.ann)
    compound.clock.now += timedelta(days=1)
    with pytest.raises(Refused, match="the code is wrong or has passed"):
        compound.volunteers.check_in(session, who(compound.ann), code, actor=compound.ann)


def test_nobody_uses_a_photograph_by_saying_that_they_came_when_it_was_taken(
    compound: VolunteerCompound,
) -> None:
    session = compound.begun(compound.ann)
    code, then = compound.code(session), compound.clock.now
    compound.clock.now += timedelta(days=1)
    seat = compound.volunteers.seat(session, who(compound.ann)).id
    with pytest.raises(Refused, match="leave its moment out"):
        compound.district.make(seat, "check_in", {"code": code}, actor=compound.ann, at=then)


def test_nobody_says_when_they_came_or_left_by_a_code(compound: VolunteerCompound) -> None:
    session = compound.begun(compound.ann)
    seat = compound.volunteers.seat(session, who(compound.ann)).id
    compound.clock.now += timedelta(minutes=20)
    early = compound.clock.now - timedelta(minutes=20)
    for wrong in ({"checked_in_at": early}, {"late": False}):
        with pytest.raises(Refused, match="linli"):
            compound.district.make(
                seat, "check_in", {"code": compound.code(session), **wrong}, actor=compound.ann
            )
    compound.check_in(session, compound.ann)
    assert compound.district.subject(seat).record.late
    out = compound.code(session, "check-out")
    with pytest.raises(Refused, match="worked out by linli"):
        compound.district.make(seat, "check_out", {"code": out, "minutes": 90}, actor=compound.ann)


def test_the_code_for_coming_is_not_the_one_for_going_nor_that_of_another_session(
    compound: VolunteerCompound,
) -> None:
    session = compound.begun(compound.ann)
    other = compound.begun(compound.ben, hours=0.5)
    for wrong in (compound.code(session, "check-out"), compound.code(other), "", "00000000", "八位数字"):
        with pytest.raises(Refused, match=r"the code is wrong|code is missing"):
            compound.volunteers.check_in(session, who(compound.ann), wrong, actor=compound.ann)


def test_only_whoever_leads_a_session_sees_its_code(compound: VolunteerCompound) -> None:
    session = compound.begun(compound.ann)
    elsewhere = somebody(compound.district, "volunteer_leader", new_id())
    for actor in (compound.ann, compound.resident, compound.steward, elsewhere):
        with pytest.raises(NotAllowed, match="only whoever leads"):
            compound.volunteers.code(session, "check-in", actor=actor)
    assert compound.volunteers.code(session, "check-in").text == compound.code(session)


def test_a_session_that_is_not_under_way_has_no_code(compound: VolunteerCompound) -> None:
    with pytest.raises(Refused, match="not under way"):
        compound.volunteers.code(compound.opened(), "check-in", actor=compound.leader)


def test_nobody_checks_another_in_by_the_code(compound: VolunteerCompound) -> None:
    session = compound.begun(compound.ann)
    for actor in (compound.ben, compound.leader, compound.district.console):
        with pytest.raises(NotAllowed):
            compound.volunteers.check_in(session, who(compound.ann), compound.code(session), actor=actor)


def test_no_code_is_in_the_store(compound: VolunteerCompound) -> None:
    session = compound.begun(compound.ann)
    code = compound.code(session)
    columns = (t.act.c.body, t.subject.c.record)
    with compound.district.store.reading() as connection:
        for column in columns:
            for (text,) in connection.execute(column.table.select().with_only_columns(column)):
                assert code not in text


# --- by hand ---------------------------------------------------------------------------------------------


def _by_hand(
    compound: VolunteerCompound,
    move: str,
    session: UUID,
    person: UUID,
    reason: str,
    moment: datetime | None = None,
    *,
    actor: Actor,
) -> None:
    when = {move.replace("check", "checked").replace("by_hand", "at"): moment} if moment else {}
    seat = compound.volunteers.seat(session, person).id
    compound.district.make(seat, move, {"reason": reason, **when}, actor=actor)


def test_a_leader_checks_in_and_out_by_hand_with_a_reason(compound: VolunteerCompound) -> None:
    session = compound.begun(compound.ann)
    starts = compound.clock.now
    compound.clock.now += timedelta(minutes=100)
    hand, ann = partial(_by_hand, compound), who(compound.ann)
    with pytest.raises(Refused, match="reason is missing"):
        hand("check_in_by_hand", session, ann, "", actor=compound.leader)
    hand("check_in_by_hand", session, ann, "没有手机", starts, actor=compound.leader)
    left = starts + timedelta(minutes=90)
    hand("check_out_by_hand", session, ann, "没有手机", left, actor=compound.leader)
    seat = compound.volunteers.seat(session, ann).record
    assert (seat.checked_in_at, seat.checked_out_at, seat.minutes, seat.late) == (starts, left, 90, False)


def test_a_leader_does_nothing_for_themselves_by_hand(compound: VolunteerCompound) -> None:
    session = compound.begun(compound.second_leader)
    with pytest.raises(Refused, match="it is about you"):
        _by_hand(
            compound,
            "check_in_by_hand",
            session,
            who(compound.second_leader),
            "x",
            actor=compound.second_leader,
        )


@pytest.mark.parametrize("minutes", [-31, 5, 121])
def test_nobody_is_checked_in_before_it_opens_or_after_it_ended_or_ahead(
    compound: VolunteerCompound, minutes: int
) -> None:
    session = compound.begun(compound.ann)
    moment = compound.clock.now + timedelta(minutes=minutes)
    if minutes == 121:
        compound.clock.now += timedelta(minutes=150)
    with pytest.raises(Refused, match=r"within the session's time|before that began|in the future"):
        _by_hand(compound, "check_in_by_hand", session, who(compound.ann), "x", moment, actor=compound.leader)


def test_nobody_is_checked_out_before_they_came_or_ahead(compound: VolunteerCompound) -> None:
    session = compound.begun(compound.ann)
    compound.check_in(session, compound.ann)
    for minutes in (-1, 1):
        moment = compound.clock.now + timedelta(minutes=minutes)
        with pytest.raises(Refused, match=r"before that began|in the future"):
            _by_hand(
                compound, "check_out_by_hand", session, who(compound.ann), "x", moment, actor=compound.leader
            )


# --- minutes ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("came", "left", "minutes"), [(-30, 60, 60), (0, 180, 120), (15, 16.5, 1), (-20, -10, 0), (0, 0.9, 0)]
)
def test_minutes_are_whole_and_within_the_sessions_own_time(
    compound: VolunteerCompound, came: float, left: float, minutes: int
) -> None:
    session = compound.opened(compound.ann)
    starts = compound.district.subject(session).record.starts_at
    compound.clock.now = starts + timedelta(minutes=min(came, 0))
    compound.district.make(session, "begin", actor=compound.leader)
    compound.clock.now = starts + timedelta(minutes=came)
    compound.check_in(session, compound.ann)
    compound.clock.now = starts + timedelta(minutes=left)
    compound.check_out(session, compound.ann)
    seat = compound.volunteers.seat(session, who(compound.ann)).record
    assert (seat.minutes, seat.late) == (minutes, came > 10)


def test_a_leader_puts_minutes_and_lateness_right_with_a_reason(compound: VolunteerCompound) -> None:
    session = compound.begun(compound.ann)
    compound.check_in(session, compound.ann)
    compound.pass_time(minutes=60)
    compound.check_out(session, compound.ann)
    seat = compound.volunteers.seat(session, who(compound.ann)).id
    with pytest.raises(Refused, match="reason is missing"):
        compound.district.make(seat, "correct", {"minutes": 75}, actor=compound.leader)
    with pytest.raises(NotAllowed):
        compound.district.make(seat, "correct", {"minutes": 75, "reason": "x"}, actor=compound.ann)
    for wrong in (-1, 481):
        with pytest.raises(Refused, match="minutes must be 0 to 480"):
            compound.district.make(seat, "correct", {"minutes": wrong, "reason": "x"}, actor=compound.leader)
    values = {"minutes": 75, "late": True, "reason": "收尾"}
    compound.district.make(seat, "correct", values, actor=compound.leader)
    compound.district.make(session, "hold", actor=compound.leader)
    record = compound.volunteers.seat(session, who(compound.ann)).record
    assert (record.minutes, record.late) == (75, True)
    assert compound.volunteers.hours(who(compound.ann)).minutes == 75


def test_whoever_is_marked_absent_has_no_minutes_and_can_still_turn_up(compound: VolunteerCompound) -> None:
    session = compound.begun(compound.ann, compound.ben)
    compound.check_in(session, compound.ann, compound.ben)
    compound.pass_time(minutes=30)
    compound.check_out(session, compound.ann, compound.ben)
    for actor in (compound.ann, compound.ben):
        seat = compound.volunteers.seat(session, who(actor)).id
        compound.district.make(seat, "mark_absent", {"reason": "代签"}, actor=compound.leader)
        assert compound.district.subject(seat).record.minutes == 0
    hand = partial(_by_hand, compound)
    hand("check_in_by_hand", session, who(compound.ben), "来了", actor=compound.leader)
    compound.pass_time(minutes=30)
    hand("check_out_by_hand", session, who(compound.ben), "来了", actor=compound.leader)
    compound.district.make(session, "hold", actor=compound.leader)
    assert compound.states(session) == ["absent", "attended"]
    assert compound.places(session) == (0, 0, 2)
    assert compound.volunteers.hours(who(compound.ann)).minutes == 0
    assert compound.volunteers.hours(who(compound.ben)).minutes == 30


def test_minutes_are_in_the_ledger_apart_from_points_and_every_act_says_whose_and_how_many(
    compound: VolunteerCompound,
) -> None:
    session = compound.held(compound.ann, minutes=50)
    (attend,) = [act for act in compound.district.history(session) if act.verb == "seat.attend"]
    assert (attend.person, attend.value("minutes")) == (who(compound.ann), 50)
    award = compound.district.award
    award.award(who(compound.ann), 10, "x", reason="x", place=compound.place)
    hold = award.hold(who(compound.ann), 10, "gift")
    award.spend(hold.id)
    assert award.account(who(compound.ann)).free == 0
    assert compound.volunteers.hours(who(compound.ann)).ever == 50


def test_annulled_hours_are_gone_from_the_ledger_and_the_figures(compound: VolunteerCompound) -> None:
    session = compound.held(compound.ann, compound.ben, minutes=60)
    seat = compound.volunteers.seat(session, who(compound.ann)).id
    compound.pass_time(days=3)
    with pytest.raises(NotAllowed):
        compound.district.make(seat, "annul", {"reason": "代签"}, actor=compound.leader)
    compound.district.make(seat, "annul", {"reason": "代签"}, actor=compound.secretary)
    hours = compound.volunteers.hours(who(compound.ann))
    assert (hours.sessions, hours.minutes, hours.ever) == (0, 0, 0)
    figures = compound.district.brief().figures
    assert (figures["sessions.attended"], figures["sessions.hours"], figures["sessions.held"]) == (1, 1.0, 1)
    assert compound.district.award.audit().problems == ()


def test_annulled_hours_are_counted_again_as_they_were(compound: VolunteerCompound) -> None:
    session = compound.held(compound.ann, compound.ben, minutes=60)
    seat = compound.volunteers.seat(session, who(compound.ann)).id
    values = {"reason": "签退时间记错", "minutes": 45}
    compound.pass_time(days=3)
    with pytest.raises(Refused):
        compound.district.make(seat, "count_again", values, actor=compound.secretary)
    compound.district.make(seat, "annul", {"reason": "签退时间记错"}, actor=compound.secretary)
    with pytest.raises(NotAllowed):
        compound.district.make(seat, "count_again", values, actor=compound.leader)
    compound.district.make(seat, "count_again", values, actor=compound.secretary)
    hours = compound.volunteers.hours(who(compound.ann))
    assert (hours.sessions, hours.minutes, hours.ever) == (1, 45, 45)
    figures = compound.district.brief().figures
    assert (figures["sessions.attended"], figures["sessions.hours"]) == (2, 1.75)
    compound.pass_time(days=40)
    compound.district.make(seat, "annul", {"reason": "代签"}, actor=compound.secretary)
    assert compound.volunteers.hours(who(compound.ann)).ever == 0
    assert compound.district.award.audit().problems == ()


def test_what_was_put_right_twice_in_one_moment_is_told_twice(compound: VolunteerCompound) -> None:
    session = compound.held(compound.ann, minutes=60)
    seat = compound.volunteers.seat(session, who(compound.ann)).id
    reason = {"reason": "签退时间记错"}
    for move, values in (("annul", reason), ("count_again", {**reason, "minutes": 45}), ("annul", reason)):
        compound.district.make(seat, move, values, actor=compound.secretary)
    told = compound.district.explain("sessions.attended")
    assert (told.amount, [line.n for line in told.counted]) == (0, [1, -1, 1, -1])


def test_hours_are_not_counted_again_beside_those_of_another_session_at_that_time(
    compound: VolunteerCompound,
) -> None:
    session = compound.held(compound.ann, minutes=60)
    seat, ann = compound.volunteers.seat(session, who(compound.ann)).id, who(compound.ann)
    compound.pass_time(hours=3)
    compound.district.make(seat, "annul", {"reason": "代签"}, actor=compound.secretary)
    began = compound.district.subject(session).record.starts_at
    hours = (began - compound.clock.now).total_seconds() / 3600
    compound.volunteers.sign_up(compound.planned(hours=hours, on_paper=True), ann, actor=compound.leader)
    values = {"reason": "签退时间记错", "minutes": 45}
    with pytest.raises(Refused, match="another session at that time"):
        compound.district.make(seat, "count_again", values, actor=compound.secretary)


def test_who_is_absent_keeps_the_place_and_the_refusal_says_how_to_offer_more(
    compound: VolunteerCompound,
) -> None:
    session = compound.begun(compound.ann, compound.ben, capacity=1)
    absent, waiting = (compound.volunteers.seat(session, who(one)).id for one in (compound.ann, compound.ben))
    compound.district.make(absent, "mark_absent", {"reason": "没来"}, actor=compound.leader)
    with pytest.raises(Refused, match="linli session enlarge"):
        compound.district.make(waiting, "admit", actor=compound.leader)
    compound.district.make(session, "enlarge", {"more": 1}, actor=compound.leader)
    compound.district.make(waiting, "admit", actor=compound.leader)


def test_what_was_kept_on_paper_is_taken_down_by_one_and_confirmed_by_another(
    compound: VolunteerCompound,
) -> None:
    def taken_down(hours: float) -> UUID:
        return compound.planned(hours=hours, on_paper=True)

    for hours, reason in ((-1, "in the future"), (-800, "too long ago")):
        with pytest.raises(Refused, match=reason):
            taken_down(hours)
    session, ann = taken_down(-26), who(compound.ann)
    began = compound.district.subject(session).record.starts_at
    compound.volunteers.sign_up(session, ann, actor=compound.leader)
    by_hand, left = partial(_by_hand, compound), began + timedelta(minutes=90)
    by_hand("check_in_by_hand", session, ann, "纸质签到表", began, actor=compound.leader)
    by_hand("check_out_by_hand", session, ann, "纸质签到表", left, actor=compound.leader)
    with pytest.raises(Refused, match="somebody else must do it"):
        compound.district.make(session, "hold", actor=compound.leader)
    compound.district.make(session, "hold", actor=compound.second_leader)
    assert compound.volunteers.hours(ann).minutes == 90
    assert compound.places(session) == (1, 0, 1)
    with pytest.raises(Refused, match="confirmed hours of another session"):
        compound.volunteers.sign_up(taken_down(-25), ann, actor=compound.leader)
    compound.volunteers.sign_up(taken_down(-23.5), ann, actor=compound.leader)


def test_the_hours_of_two_records_of_one_person_are_one_persons(compound: VolunteerCompound) -> None:
    twin, self_ = compound.volunteer(), compound.volunteer()
    compound.held(twin, minutes=30)
    compound.held(self_, minutes=60)
    compound.district.register.merge(who(twin), who(self_))
    hours = compound.volunteers.hours(who(self_))
    assert (hours.sessions, hours.minutes, hours.ever) == (2, 90, 90)


def test_two_records_with_a_place_at_one_session_are_not_merged_before_one_place_is_given_up(
    compound: VolunteerCompound,
) -> None:
    register, twin, self_ = compound.district.register, compound.volunteer(), compound.volunteer()
    session = compound.opened(twin, self_, capacity=2)
    with pytest.raises(Refused, match=f"place at session {session}"):
        register.merge(who(twin), who(self_))
    compound.volunteers.leave(session, who(twin), actor=twin)
    register.merge(who(twin), who(self_))
    assert compound.states(session) == ["left", "signed_up"]


def test_hours_that_two_records_of_one_person_served_at_one_time_are_annulled_before_they_are_merged(
    compound: VolunteerCompound,
) -> None:
    register, twin, self_ = compound.district.register, compound.volunteer(), compound.volunteer()
    session = compound.held(twin, self_, minutes=60)
    [seat] = [one for one in compound.volunteers.roster(session) if one.person == who(twin)]
    with pytest.raises(Refused, match=f"place at session {session}"):
        register.merge(who(twin), who(self_))
    compound.district.make(seat.id, "annul", {"reason": "同一人"}, actor=compound.secretary)
    register.merge(who(twin), who(self_))
    hours = compound.volunteers.hours(who(self_))
    assert (hours.sessions, hours.minutes) == (1, 60)


def test_two_records_that_claimed_one_wish_are_not_merged_before_one_claim_is_given_back(
    compound: VolunteerCompound,
) -> None:
    register, twin, self_ = compound.district.register, compound.volunteer(), compound.volunteer()
    wish = compound.posted(needs=2)
    for claimant in (twin, self_):
        compound.wishes.claim(wish, who(claimant), actor=claimant)
    with pytest.raises(Refused, match=f"claimed wish {wish}"):
        register.merge(who(twin), who(self_))


def test_who_left_and_became_another_record_signs_up_again(compound: VolunteerCompound) -> None:
    ann, twin = compound.volunteer(), compound.volunteer()
    session = compound.opened(ann)
    compound.volunteers.leave(session, who(ann), actor=ann)
    compound.district.register.merge(who(ann), who(twin))
    [seat] = compound.volunteers.roster(session)
    compound.district.make(seat.id, "sign_up_again", actor=twin)
    assert compound.states(session) == ["signed_up"]
