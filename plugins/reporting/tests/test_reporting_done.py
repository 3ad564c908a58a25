"""What members do after they reported: counted with the act, by member and by compound; and the inactive."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from linli import Actor, District, NotAllowed
from linli.testing import somebody, who
from linli_reporting.api import Reporting
from linli_reporting.settings import ReportingSettings
from linli_reporting.tables import DONE
from linli_reporting.testing import Compounds, compounds
from linli_reporting.views import months_before
from linli_volunteers.roles import WhyForOthers
from linli_volunteers.testing import VolunteerCompound, volunteer_compound
from linli_volunteers.wishes import WishFlow

CATALOGUE = '\n[[dispatch.services]]\ncode = "water"\nname = "漏水维修"\ncategories = ["漏水"]\nholder = "steward"\ntime = "8h"\n'
FREE = "\n[reporting]\nknown_members_only = false\nat_home_only = false\n"


@pytest.fixture
def place(new_district: Callable[..., District]) -> Compounds:
    found = compounds(new_district, CATALOGUE)
    found.district.register.post(who(found.member), "steward", found.garden)
    return found


def _does_a_task(place: Compounds, minutes: int = 30) -> UUID:
    """The member carries out a task, and the clerk confirms it."""
    district = place.district
    request = district.dispatch.submit(place.garden, "漏水", "水管漏水", actor=place.clerk).subject
    for move in ("accept", "dispatch"):
        district.make(request, move, actor=place.clerk)
    task = district.dispatch.open_task(request).id
    district.make(task, "finish", {"result": "修好了", "minutes": minutes}, actor=place.member)
    district.make(task, "confirm", actor=place.clerk)
    return task


def test_the_first_thing_that_a_member_does_makes_them_active(place: Compounds) -> None:
    report = place.confirmed()
    _does_a_task(place)
    assert place.state(report) == "active"
    (activated,) = [act for act in place.district.history(report) if act.verb.endswith("activate")]
    assert activated.acting_as == "engine"
    _does_a_task(place, minutes=45)
    done = place.desk.done(who(place.member), actor=place.member)
    assert (done.counts, done.minutes) == ({"task": 2}, 75)
    assert place.figures()["reporting.active"] == place.figures()["members.reported"] == 1


def test_only_what_was_done_since_the_report_was_confirmed_counts(place: Compounds) -> None:
    report = place.announced()
    _does_a_task(place)
    assert place.desk.done(who(place.member)).counts == {}
    place.pass_days(1)
    place.district.make(report, "confirm", actor=place.secretary)
    assert place.state(report) == "confirmed"
    _does_a_task(place)
    place.district.make(report, "end", {"outcome": "membership_ended"}, actor=place.secretary)
    _does_a_task(place)
    assert place.desk.done(who(place.member)).counts == {"task": 1}


def test_what_was_done_before_the_home_moved_still_shows(place: Compounds) -> None:
    first = place.confirmed()
    _does_a_task(place)
    place.pass_days(1)
    place.district.register.move(who(place.member), place.home(place.lane))
    new = place.desk.current(who(place.member))
    assert new is not None
    place.district.make(new.id, "confirm", actor=place.lane_secretary)
    assert place.state(new.id) == "confirmed", "active there once they do something"
    done = place.desk.done(who(place.member), actor=place.member)
    assert (done.counts, done.since) == ({"task": 1}, place.district.subject(first).accepted_at)
    (lane,) = [one for one in place.desk.numbers() if one.compound == place.lane]
    assert (lane.reported, lane.active, lane.counts) == (1, 0, {})


def test_who_the_members_are_is_shown_to_their_branch_and_the_desk(place: Compounds) -> None:
    report = place.confirmed()
    _does_a_task(place)
    for actor in (place.secretary, place.deputy, place.clerk, place.officer):
        (found,) = place.desk.members(place.garden, actor=actor)
        assert (found.report, found.state, found.things, found.minutes) == (report, "active", 1, 30)
        assert found.name == "张*"
        assert place.desk.done(who(place.member), actor=actor).minutes == 30
    for actor in (place.neighbour, place.lane_secretary, place.other):
        with pytest.raises(NotAllowed):
            place.desk.members(place.garden, actor=actor)
        with pytest.raises(NotAllowed):
            place.desk.done(who(place.member), actor=actor)


def test_the_inactive_are_those_who_did_nothing_for_the_district_s_months(place: Compounds) -> None:
    busy, idle = place.confirmed(), place.confirmed(place.other)
    place.pass_days(120)
    _does_a_task(place)
    place.pass_days(70)
    assert [one.report for one in place.desk.inactive(place.garden)] == [idle]
    assert place.desk.inactive(place.garden, 7) == []
    assert {one.report for one in place.desk.inactive(place.street, 2)} == {busy, idle}
    assert [one.report for one in place.desk.members(place.garden)] == [idle, busy], (
        "who did least lately first"
    )


def test_months_are_counted_back_to_the_same_day_or_the_last_of_a_shorter_month() -> None:
    day = datetime(2026, 8, 31, tzinfo=UTC).date()
    assert [months_before(day, n).isoformat() for n in (0, 2, 6, 8, 18)] == [
        "2026-08-31", "2026-06-30", "2026-02-28", "2025-12-31", "2025-02-28",
    ]  # fmt: skip


def test_nothing_stays_of_what_somebody_did_who_is_erased(place: Compounds) -> None:
    place.confirmed()
    _does_a_task(place)
    assert _rows(place.district) == 1
    place.district.register.erase(who(place.member))
    assert _rows(place.district) == 0


def _rows(district: District) -> int:
    query = select(func.count()).select_from(DONE).where(DONE.c.district == district.code)
    with district.store.reading() as connection:
        return int(connection.execute(query).scalar_one())


# --- with the volunteers ----------------------------------------------------------------------------------------


@pytest.fixture
def volunteers(new_district: Callable[..., District]) -> VolunteerCompound:
    found = volunteer_compound(new_district, FREE, enabled=("reporting",))
    found.district.register.organisation("branch", "锦绣花园党支部", found.place)
    return found


def _reported(volunteers: VolunteerCompound, *people: Actor) -> None:
    desk = Reporting(volunteers.district)
    for one in people:
        report = desk.announce(who(one), volunteers.place, actor=one).subject
        volunteers.district.make(report, "confirm")


def test_sessions_attended_and_wishes_fulfilled_are_counted_once_each(volunteers: VolunteerCompound) -> None:
    _reported(volunteers, volunteers.ann, volunteers.ben)
    volunteers.held(volunteers.ann, volunteers.ben, volunteers.cai, minutes=90)
    volunteers.held(volunteers.ann, minutes=60)
    wish = volunteers.claimed(volunteers.ann)
    volunteers.district.perform(WishFlow.fulfil(WishFlow.ref(wish)), actor=volunteers.ann)
    volunteers.district.perform(WishFlow.thank(WishFlow.ref(wish), WhyForOthers()), actor=volunteers.elder)
    desk = Reporting(volunteers.district)
    ann, ben, cai = (desk.done(who(one)) for one in (volunteers.ann, volunteers.ben, volunteers.cai))
    assert (ann.counts, ann.minutes) == ({"session": 2, "wish": 1}, 150)
    assert (ben.counts, ben.minutes) == ({"session": 1}, 90)
    assert (cai.counts, cai.since) == ({}, None), "who has not reported is not counted"
    (numbers,) = desk.numbers()
    assert (numbers.reported, numbers.active, numbers.counts) == (2, 2, {"session": 3, "wish": 1})
    assert numbers.minutes == 240


def test_what_is_annulled_is_taken_back(volunteers: VolunteerCompound) -> None:
    _reported(volunteers, volunteers.ann)
    session = volunteers.held(volunteers.ann)
    seat = volunteers.volunteers.seat(session, who(volunteers.ann))
    volunteers.district.make(seat.id, "annul", {"reason": "x"}, actor=volunteers.secretary)
    assert Reporting(volunteers.district).done(who(volunteers.ann)).counts == {}


def test_a_session_of_many_members_makes_all_of_them_active_at_once(volunteers: VolunteerCompound) -> None:
    people = [volunteers.volunteer() for _ in range(40)]
    _reported(volunteers, *people)
    volunteers.held(*people)
    (numbers,) = Reporting(volunteers.district).numbers()
    assert (numbers.reported, numbers.active) == (40, 40)


def test_the_district_says_which_acts_count_and_whose_they_are(new_district: Callable[..., District]) -> None:
    counted = (
        "[[reporting.counted]]\nact = 'request.submit'\nkind = 'helped to file'\nwhose = 'actor'\n"
        "[[reporting.counted]]\nact = 'request.submit'\nkind = 'reported'\n"
    )
    place = compounds(new_district, CATALOGUE + counted)
    place.confirmed()
    reporter = somebody(place.district, None, place.garden)
    submit = place.district.dispatch.submit
    place.clock.now += timedelta(hours=1)
    submit(place.garden, "漏水", "x", reporter=who(place.member), actor=place.member)
    submit(place.garden, "漏水", "x", reporter=who(reporter), actor=reporter)
    assert place.desk.done(who(place.member)).counts == {"helped to file": 1, "reported": 1}
    assert set(place.district.configuration.section(ReportingSettings).by_act) == {"request.submit"}
